//! What the benchmarks share: servers as processes of their own, a load that costs little, figures.

#![allow(dead_code, reason = "each benchmark uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on stops"
)]

pub mod load;
pub mod reference;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The server that is measured.
pub const ENROLLMOCK: &str = env!("CARGO_BIN_EXE_enrollmock");

/// One call: what it is called, its path and what it says in `Authorization`.
#[derive(Clone, Copy)]
pub struct Call {
    pub name: &'static str,
    pub target: &'static str,
    pub authorization: &'static str,
}

/// The calls that are measured, all answered from `scenario.yaml`.
pub const CALLS: &[Call] = &[
    Call {
        name: "iSpring list, XML",
        target: "/ispring/enrollment",
        authorization: "p-lsJDjmULL5DdpXPJTcbm4jVIaWVHvNmrjAxATRbNE",
    },
    Call {
        name: "Adobe page of three",
        target: "/alm/primeapi/v2/users/20941371/enrollments?page[limit]=3&filter.loTypes=course&sort=dateEnrolled",
        authorization: "oauth alm-documented-samples",
    },
    Call {
        name: "so2 by username",
        target: "/openedx/api/so2/v1/enrollments?username=bench",
        authorization: "Bearer documented-samples-token",
    },
];

impl Call {
    /// The request on the wire. Its `Host` names no port, so that answers with links are of one length.
    pub fn wire(&self) -> Vec<u8> {
        let Call {
            target,
            authorization,
            ..
        } = self;
        format!(
            "GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {authorization}\r\n\r\n"
        )
        .into_bytes()
    }
}

/// A file beside the benchmarks.
pub fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches")
        .join(name)
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A server that runs as a process of its own, and ends with this value.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to the first answer.
    pub cold: Duration,
}

impl Server {
    /// Starts a command and waits until `ready`, a whole request, is answered with 200.
    pub fn start(mut command: Command, port: u16, ready: &[u8]) -> Server {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let begun = Instant::now();
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        loop {
            if let Ok(mut stream) = TcpStream::connect(address) {
                let answer = ask(&mut stream, ready);
                assert!(
                    answer.starts_with(b"HTTP/1.1 200"),
                    "{:?}",
                    String::from_utf8_lossy(&answer)
                );
                break;
            }
            assert!(child.try_wait().unwrap().is_none(), "{command:?} ended");
            assert!(
                begun.elapsed() < Duration::from_secs(120),
                "{command:?} does not start"
            );
            std::thread::sleep(Duration::from_micros(100));
        }
        let cold = begun.elapsed();
        Server {
            child,
            address,
            cold,
        }
    }

    /// The measured server on this scenario. Its lines of log go nowhere, and are written all the same.
    pub fn enrollmock(scenario: &str, ready: &[u8]) -> Server {
        let port = free_port();
        let mut command = Command::new(ENROLLMOCK);
        command.args(["serve", scenario, "--port", &port.to_string()]);
        Server::start(command, port, ready)
    }

    /// Raw hyper with this answer.
    pub fn reference(threads: &str, answer: &Path, authorization: &str, ready: &[u8]) -> Server {
        let port = free_port();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["reference", threads, &port.to_string()]);
        command.arg(answer).arg(authorization);
        Server::start(command, port, ready)
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Memory resident now, in KiB.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.unwrap()
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .unwrap()
    }

    /// Processor time of all threads so far.
    pub fn processor(&self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.id())).unwrap();
        let nanoseconds = tasks.filter_map(|task| {
            let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request, and reads the whole answer: one that says how long it is, or comes in pieces.
pub fn ask(stream: &mut TcpStream, request: &[u8]) -> Vec<u8> {
    stream.set_nodelay(true).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = stream.read(&mut buffer).unwrap();
        assert!(
            read > 0,
            "cut short: {:?}",
            String::from_utf8_lossy(&answer)
        );
        answer.extend_from_slice(&buffer[..read]);
        let Some(head) = answer.windows(4).position(|it| it == b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let is_whole = match length {
            Some(length) => answer.len() == head + 4 + length.parse::<usize>().unwrap(),
            None => answer.ends_with(b"\r\n0\r\n\r\n"),
        };
        if is_whole {
            return answer;
        }
    }
}

/// The middle one, the smallest and the largest.
pub fn spread(values: &[f64]) -> (f64, f64, f64) {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    (
        values[values.len() / 2],
        values[0],
        values[values.len() - 1],
    )
}

/// The same as text, with so many digits behind the point.
pub fn shown(values: &[f64], digits: usize) -> String {
    let (middle, least, most) = spread(values);
    format!("{middle:.digits$} ({least:.digits$}-{most:.digits$})")
}

/// The value behind a flag of the command line: `--rounds 5`.
pub fn flag(name: &str, default: u64) -> u64 {
    let mut args = std::env::args().skip_while(|arg| arg != name);
    args.nth(1).map_or(default, |value| value.parse().unwrap())
}

/// Whether a word stands on the command line.
pub fn has(name: &str) -> bool {
    std::env::args().any(|arg| arg == name)
}
