//! A load from a process of its own: connections that ask again as soon as they have their answer.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Call, ask};

/// What a load saw.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub requests: u64,
    pub per_second: f64,
    /// Microseconds.
    pub p50: f64,
    /// Microseconds.
    pub p99: f64,
}

/// Loads a server from another process for so long.
pub fn load(call: usize, address: SocketAddr, connections: usize, time: Duration) -> Seen {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["load", &call.to_string(), &address.to_string()]);
    command.args([connections.to_string(), time.as_millis().to_string()]);
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = text
        .split_whitespace()
        .map(|it| it.parse().unwrap())
        .collect();
    let [requests, per_second, p50, p99] = numbers[..] else {
        panic!("the load failed")
    };
    Seen {
        requests: requests as u64,
        per_second,
        p50,
        p99,
    }
}

/// The other process: `load CALL ADDRESS CONNECTIONS MILLISECONDS`.
pub fn run(calls: &[Call]) {
    let args: Vec<String> = std::env::args().skip(2).collect();
    let request = calls[args[0].parse::<usize>().unwrap()].wire();
    let address: SocketAddr = args[1].parse().unwrap();
    let connections: usize = args[2].parse().unwrap();
    let time = Duration::from_millis(args[3].parse().unwrap());
    // All answers are the same, so their length is all that has to be known of them.
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let answer = ask(&mut stream, &request);
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    let length = answer.len();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let begun = Instant::now();
    let mut waits: Vec<u32> = runtime.block_on(async {
        let tasks: Vec<_> = (0..connections)
            .map(|_| tokio::spawn(client(address, request.clone(), length, begun + time)))
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        all
    });
    let took = begun.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |share: f64| f64::from(waits[(waits.len() as f64 * share) as usize]) / 1000.0;
    println!(
        "{} {} {} {}",
        waits.len(),
        waits.len() as f64 / took,
        at(0.5),
        at(0.99)
    );
}

/// One connection; how long each answer took, in nanoseconds.
async fn client(address: SocketAddr, request: Vec<u8>, length: usize, end: Instant) -> Vec<u32> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut buffer = vec![0; length];
    let mut waits = Vec::new();
    let mut begun = Instant::now();
    while begun < end {
        stream.write_all(&request).await.unwrap();
        stream.read_exact(&mut buffer).await.unwrap();
        assert!(buffer.starts_with(b"HTTP/1.1 200"), "another answer");
        let now = Instant::now();
        waits.push(u32::try_from((now - begun).as_nanos()).unwrap_or(u32::MAX));
        begun = now;
    }
    waits
}
