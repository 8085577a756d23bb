//! The program as a process: its command line, its files, its signals.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use enrollmock::internals::emulator::Exchange;
use enrollmock::internals::http::{Reply, Request};
use enrollmock::internals::server::{Server, runtime};
use hyper::StatusCode;
use serde_json::Value;

/// Longer than anything here takes, so that a hang fails instead of hanging.
const FOR_EVER: Duration = Duration::from_secs(30);

pub fn enrollmock() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("enrollmock"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ENROLLMOCK_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    enrollmock().args(arguments).output().unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// A server that is ended with the test.
pub struct Serving {
    /// None: it has ended.
    child: Option<Child>,
    /// The line that it printed.
    line: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Serving {
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let child = Some(child);
        Serving { child, line }
    }

    fn on_a_free_port() -> Self {
        let mut command = enrollmock();
        command.args(["serve", "--port", "0"]);
        Serving::start(command)
    }

    pub fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    pub fn authority(&self) -> &str {
        self.line
            .trim_end()
            .strip_prefix("listening on http://")
            .unwrap()
    }

    /// A connection that was answered once and is left open.
    pub fn keep_alive(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.authority()).unwrap();
        stream.set_read_timeout(Some(FOR_EVER)).unwrap();
        stream
            .write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .unwrap();
        assert_ne!(stream.read(&mut [0; 1024]).unwrap(), 0);
        stream
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    pub fn wait(mut self) -> ExitStatus {
        let id = self.id();
        let mut child = self.child.take().unwrap();
        let (ended, end) = channel();
        let waiter = std::thread::spawn(move || {
            let status = child.wait().unwrap();
            let _ = ended.send(());
            status
        });
        if end.recv_timeout(FOR_EVER).is_err() {
            let _ = Command::new("kill")
                .args(["-s", "KILL", &id.to_string()])
                .status();
            panic!("the server did not end");
        }
        waiter.join().unwrap()
    }
}

#[test]
fn it_says_where_it_listens_and_nothing_else() {
    let mut serving = Serving::on_a_free_port();
    let port: u16 = serving
        .line
        .strip_prefix("listening on http://127.0.0.1:")
        .and_then(|rest| rest.strip_suffix('\n'))
        .unwrap()
        .parse()
        .unwrap();
    assert_ne!(port, 0);
    drop(serving.keep_alive());
    let mut stdout = serving.child.as_mut().unwrap().stdout.take().unwrap();
    serving.signal("TERM");
    assert!(serving.wait().success());
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn a_signal_ends_it_at_once_whoever_is_connected() {
    for signal in ["TERM", "INT"] {
        let serving = Serving::on_a_free_port();
        let mut open = serving.keep_alive();
        serving.signal(signal);
        assert_eq!(serving.wait().code(), Some(0), "{signal}");
        assert_eq!(open.read(&mut [0; 16]).unwrap(), 0, "{signal}");
    }
}

/// A server of a list that takes its reader a while, and a client that reads it as fast as it can.
fn serving_a_long_list() -> (Serving, TcpStream) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.yaml");
    std::fs::write(
        &file,
        "version: 1\ngenerate: { learners: 20000, courses: 20, enrollments_per_learner: { min: 20, max: 20 } }\n\
         ispring: { credentials: [{ token: t }] }\n",
    )
    .unwrap();
    let mut command = enrollmock();
    command.args(["serve", "--port", "0"]).arg(&file);
    let serving = Serving::start(command);
    let mut reader = TcpStream::connect(serving.authority()).unwrap();
    reader
        .write_all(b"GET /enrollment HTTP/1.1\r\nHost: localhost\r\nAuthorization: t\r\n\r\n")
        .unwrap();
    (serving, reader)
}

/// Some megabytes of a list that is well over a hundred megabytes long.
const SOME: usize = 32 << 20;

#[test]
fn a_long_list_keeps_nobody_else_waiting() {
    let (serving, mut reader) = serving_a_long_list();
    let mut buffer = vec![0; 1 << 16];
    reader.read_exact(&mut buffer).unwrap();
    let (answered, answer) = channel();
    let mut other = TcpStream::connect(serving.authority()).unwrap();
    let asking = std::thread::spawn(move || {
        other
            .write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .unwrap();
        assert_ne!(other.read(&mut [0; 64]).unwrap(), 0);
        let _ = answered.send(());
    });
    let mut read = 0;
    while answer.try_recv().is_err() {
        read += reader.read(&mut buffer).unwrap();
        assert!(read < SOME, "the other client waits for the whole list");
    }
    asking.join().unwrap();
    serving.signal("TERM");
    assert_eq!(serving.wait().code(), Some(0));
}

#[test]
fn a_signal_ends_it_as_process_1_too() {
    let unshare = [
        "--user",
        "--map-root-user",
        "--pid",
        "--fork",
        "--mount-proc",
    ];
    let allowed = Command::new("unshare")
        .args(unshare)
        .arg("true")
        .stderr(Stdio::null())
        .status();
    if !allowed.is_ok_and(|status| status.success()) {
        return;
    }
    // In the new world the server is process 1; `unshare` stays outside and passes on its exit code.
    let mut command = Command::new("unshare");
    command
        .args(unshare)
        .arg(enrollmock().get_program())
        .args(["serve", "--port", "0"]);
    let serving = Serving::start(command);
    let _open = serving.keep_alive();
    let outside = serving.id();
    let children =
        std::fs::read_to_string(format!("/proc/{outside}/task/{outside}/children")).unwrap();
    let server = children.trim();
    let sent = Command::new("kill")
        .args(["-s", "TERM", server])
        .status()
        .unwrap();
    assert!(sent.success());
    assert_eq!(serving.wait().code(), Some(0));
}

#[test]
fn the_port_file_stands_while_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("port.json");
    let mut command = enrollmock();
    command
        .args(["serve", "--port", "0"])
        .env("ENROLLMOCK_PORT_FILE", &file);
    let serving = Serving::start(command);
    let text = std::fs::read_to_string(&file).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    let base = format!("http://{}", serving.authority());
    let port = base.rsplit_once(':').unwrap().1;
    assert_eq!(
        text,
        format!(
            "{{\"port\":{port},\"pid\":{},\"urls\":{}}}\n",
            serving.id(),
            written["urls"]
        )
    );
    assert_eq!(written["urls"]["base"], base);
    assert_eq!(written["urls"]["admin"], format!("{base}/__admin"));
    assert_eq!(written["urls"]["ispring"], format!("{base}/ispring"));
    assert_eq!(written["urls"]["openedx"], format!("{base}/openedx"));
    serving.signal("TERM");
    assert!(serving.wait().success());
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_port_file_left_behind_goes_before_anything_can_fail() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("port.json");
    std::fs::write(&file, "of a server that was killed").unwrap();
    let output = run(&[
        "serve",
        "no-such-story",
        "--port-file",
        file.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_port_file_that_another_server_took_over_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("port.json");
    let mut command = enrollmock();
    command
        .args(["serve", "--port", "0", "--port-file"])
        .arg(&file);
    let serving = Serving::start(command);
    std::fs::write(&file, "another's").unwrap();
    serving.signal("TERM");
    assert!(serving.wait().success());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "another's");
}

#[test]
fn a_port_file_that_cannot_be_written_is_said() {
    let output = run(&[
        "serve",
        "--port",
        "0",
        "--port-file",
        "/nowhere/at/all.json",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("/nowhere/at/all.json"),
        "{}",
        stderr(&output)
    );
    assert!(output.stdout.is_empty());
}

fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn a_busy_port_is_said_with_its_cure() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&["serve", "--port", &port]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains(&port), "{}", stderr(&output));
    assert!(stderr(&output).contains("--port 0"), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_scenario_that_is_not_there_serves_nothing() {
    let output = run(&["serve", "no/such/file.yaml", "--port", "0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("no/such/file.yaml"),
        "{}",
        stderr(&output)
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn the_first_words_show_each_vendor_with_a_line_to_paste() {
    let mut command = enrollmock();
    command.args(["serve", "--port", "0"]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let shown: Vec<String> = lines.by_ref().take(4).map(Result::unwrap).collect();
    let _ = child.kill();
    let _ = child.wait();
    let [ispring, ispring_paste, openedx, openedx_paste] = &shown[..] else {
        panic!("{shown:?}");
    };
    for (vendor, paste, title, name, token) in [
        (
            ispring,
            ispring_paste,
            "iSpring Learn",
            "ispring",
            "quickstart-token",
        ),
        (
            openedx,
            openedx_paste,
            "Open edX",
            "openedx",
            "openedx-staff",
        ),
    ] {
        let url = vendor.strip_prefix(&format!("{title}: ")).unwrap();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        assert!(url.ends_with(&format!("/{name}")), "{url}");
        let curl = format!("  try: curl -H 'Authorization: Bearer {token}' ");
        assert!(paste.starts_with(&curl), "{paste}");
        assert!(paste.contains(url), "{paste}");
    }
}

#[test]
fn readers_that_go_away_do_not_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("port.json");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = enrollmock();
    command
        .args(["serve", "--port", "0", "--port-file"])
        .arg(&file)
        .stdout(writer.try_clone().unwrap())
        .stderr(writer);
    let child = command.spawn().unwrap();
    let (mut ready, base) = (enrollmock(), wait_for_port(&file));
    let serving = Serving {
        child: Some(child),
        line: format!("listening on {base}\n"),
    };
    drop(serving.keep_alive());
    ready.args(["ready", "--url", &base]);
    drop(serving.keep_alive());
    serving.signal("TERM");
    assert!(serving.wait().success());
}

/// The base URL from a port file, as soon as there is one.
fn wait_for_port(file: &Path) -> String {
    for _ in 0..3000 {
        if let Ok(text) = std::fs::read_to_string(file) {
            let written: Value = serde_json::from_str(&text).unwrap();
            return written["urls"]["base"].as_str().unwrap().to_owned();
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("no port file came");
}

/// A server of one page, `path`, in this process.
fn page(path: &'static str) -> String {
    let server = Server::bind("127.0.0.1:0", move |request: Request| Exchange {
        reply: Reply::status(if request.path == path {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        }),
        delivery: Default::default(),
        follow: None,
        note: None,
    })
    .unwrap();
    let address = server.local_addr().unwrap();
    std::thread::spawn(move || {
        runtime()
            .unwrap()
            .block_on(server.run(std::future::pending()))
    });
    format!("http://{address}")
}

/// A port where nobody listens any more.
fn dead_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

#[test]
fn ready_finds_a_server_that_is() {
    let url = page("/readyz");
    let port = url.rsplit_once(':').unwrap().1;
    for arguments in [
        &["ready", "--url", &url][..],
        &["ready", "--url", &format!("{url}/")],
        &["ready", "--port", port],
        &["ready", "--host", "localhost", "--port", port, "--wait"],
        &["ready", "--host", "0.0.0.0", "--port", port, "--wait", "5s"],
    ] {
        let output = run(arguments);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?} {}",
            stderr(&output)
        );
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
    }
    let below = page("/__sandbox/a/readyz");
    let output = enrollmock()
        .arg("ready")
        .env("ENROLLMOCK_URL", format!("{below}/__sandbox/a/"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn ready_says_why_not_in_one_line() {
    let other = page("/other");
    let dead = dead_port();
    for (arguments, word) in [
        (&["ready", "--port", &dead][..], "refused"),
        (&["ready", "--port", &dead, "--wait", "150ms"], "refused"),
        (&["ready", "--url", &other], "503"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(stderr(&output).lines().count(), 1);
        assert!(stderr(&output).contains(word), "{}", stderr(&output));
    }
    let output = run(&["ready", "--url", "https://mock"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("https://mock"));
}

#[test]
fn ready_waits_for_a_server_that_comes_up() {
    let port = dead_port();
    let mut waiting = enrollmock()
        .args(["ready", "--wait", "30s", "--port", &port])
        .spawn()
        .unwrap();
    let server = Server::bind(format!("127.0.0.1:{port}"), |_: Request| Exchange {
        reply: Reply::status(StatusCode::OK),
        delivery: Default::default(),
        follow: None,
        note: None,
    })
    .unwrap();
    std::thread::spawn(move || {
        runtime()
            .unwrap()
            .block_on(server.run(std::future::pending()))
    });
    assert_eq!(waiting.wait().unwrap().code(), Some(0));
}

#[test]
fn a_watched_scenario_is_served_anew_when_it_has_changed_and_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    let save = |name: &str| {
        let next = folder.path().join("next");
        std::fs::write(&next, format!("version: 1\n{name}\n")).unwrap();
        std::fs::rename(&next, &file).unwrap();
    };
    save("name: one");
    let mut command = enrollmock();
    command
        .args(["serve", "--port", "0", "--seed", "7", "--watch"])
        .arg(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut until = |what: &str| {
        said.by_ref()
            .map(Result::unwrap)
            .find(|it| it.contains(what))
    };
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let child = Some(child);
    let serving = Serving { child, line };
    let health = || -> Value {
        let mut stream = TcpStream::connect(serving.authority()).unwrap();
        stream
            .write_all(b"GET /__admin/health HTTP/1.0\r\nHost: localhost\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    };
    assert_eq!(health()["scenario"], "one");
    save("nmae: two");
    assert!(until("a.yaml:2:1").unwrap().contains("nmae"));
    assert!(until("is kept as it was last sound").is_some());
    assert_eq!(health()["scenario"], "one");
    save("name: two");
    assert!(until("has changed and starts over").is_some());
    assert_eq!(health()["scenario"], "two");
    assert_eq!(health()["seed"], 7);
    serving.signal("TERM");
    assert!(serving.wait().success());
}

#[test]
fn a_built_in_scenario_cannot_be_watched() {
    let output = run(&["serve", "--port", "0", "--watch"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("check --print quickstart"));
    let mirrored = enrollmock()
        .args(["serve", "--port", "0"])
        .env("ENROLLMOCK_WATCH", "1")
        .output()
        .unwrap();
    assert_eq!(mirrored.stderr, output.stderr);
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(script.contains("port-file"), "{shell}");
    }
}

#[test]
fn every_verb_explains_itself() {
    for verb in [
        &[][..],
        &["serve"],
        &["check"],
        &["schema"],
        &["ready"],
        &["completions"],
    ] {
        for help in ["--help", "-h"] {
            let output = enrollmock().args(verb).arg(help).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{verb:?}");
            assert!(output.stdout.len() > 100, "{verb:?}");
        }
    }
    assert_eq!(run(&["--version"]).status.code(), Some(0));
}

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    for arguments in [
        &[][..],
        &["sevre"],
        &["serve", "a", "b"],
        &["serve", "--prot", "1"],
        &["serve", "--port", "65536"],
        &["serve", "--max-body", "1.5M"],
        &["serve", "--now", "yesterday"],
        &["serve", "--log", "xml"],
        &["serve", "--seed", "-1"],
        &["check"],
        &["check", "--list", "a.yaml"],
        &["ready", "--wait", "soon"],
        &["ready", "--wait", "-1s"],
        &["completions", "tcsh"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

/// The status of the answer to a GET with these header lines.
fn status(authority: &str, path: &str, lines: &str) -> String {
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(FOR_EVER)).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{lines}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn where_other_machines_can_reach_it_the_admin_api_wants_a_token_that_is_printed() {
    let mut tokens = Vec::new();
    for host in ["0.0.0.0", "0.0.0.0"] {
        let mut child = enrollmock()
            .args(["serve", "--port", "0", "--host", host])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let child = Some(child);
        let serving = Serving { child, line };
        let port = serving.authority().rsplit_once(':').unwrap().1;
        let authority = format!("127.0.0.1:{port}");
        // Closed only at the end: the server goes on printing.
        let mut serving = serving;
        let mut err =
            BufReader::new(serving.child.as_mut().unwrap().stderr.take().unwrap()).lines();
        let token = err.find_map(|line| {
            let line = line.unwrap();
            line.strip_prefix("admin token: ").map(str::to_owned)
        });
        let token = token.unwrap();
        assert_eq!(token.len(), 32, "{token}");
        let bearer = format!("Authorization: Bearer {token}\r\n");
        let local = "Host: localhost\r\n";
        let health = "/__admin/health";
        assert_eq!(status(&authority, health, local), "401");
        assert_eq!(
            status(&authority, health, &format!("{local}{bearer}")),
            "200"
        );
        assert_eq!(status(&authority, "/readyz", local), "200");
        tokens.push(token);
        serving.signal("TERM");
        assert!(serving.wait().success());
    }
    assert_ne!(tokens[0], tokens[1], "nobody can guess the next one");
}

#[test]
fn the_admin_token_and_further_hosts_are_given_by_flag_or_environment() {
    let mut by_flag = enrollmock();
    by_flag
        .args(["serve", "--port", "0", "--admin-token", "secret"])
        .args(["--allow-host", "a.example", "--allow-host", "*.b.example"]);
    let mut by_environment = enrollmock();
    by_environment
        .args(["serve", "--port", "0"])
        .env("ENROLLMOCK_ADMIN_TOKEN", "secret")
        .env("ENROLLMOCK_ALLOW_HOST", "a.example,*.b.example");
    for command in [by_flag, by_environment] {
        let serving = Serving::start(command);
        let health = |lines: &str| status(serving.authority(), "/__admin/health", lines);
        let bearer = "Authorization: Bearer secret\r\n";
        assert_eq!(health("Host: localhost\r\n"), "401");
        assert_eq!(health("Host: c.example\r\n"), "421");
        for host in ["localhost", "a.example", "x.b.example:80"] {
            assert_eq!(health(&format!("Host: {host}\r\n{bearer}")), "200");
        }
        serving.signal("TERM");
        assert!(serving.wait().success());
    }
}
