//! Throughput over loopback beside raw hyper with the same answers, in the same run.
//!
//! `cargo bench --bench loopback -- [--rounds 5] [--seconds 3] [--connections 32] [--instructions]`
//!
//! Only the ratios mean something: machines differ, and so do moments. What counts is the processor time
//! that the server takes for a request; requests a second say as much about the load. With `--instructions`
//! valgrind counts those instead, which no other work disturbs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on stops"
)]

mod kit;

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use kit::load::{Seen, load, run};
use kit::{CALLS, Call, Server, ask, file, flag, free_port, has, shown};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("reference") => kit::reference::serve(),
        Some("load") => run(CALLS),
        _ if has("--instructions") => instructions(),
        _ => throughput(),
    }
}

/// The scenario that is served.
fn scenario() -> String {
    file("scenario.yaml").to_str().unwrap().to_owned()
}

/// The answer of the measured server to a call, in a file for the reference.
fn answer(call: &Call, folder: &Path) -> PathBuf {
    let server = Server::enrollmock(&scenario(), &call.wire());
    let answer = ask(
        &mut TcpStream::connect(server.address).unwrap(),
        &call.wire(),
    );
    let path = folder.join("answer");
    std::fs::write(&path, answer).unwrap();
    path
}

/// One server under load.
struct Measured {
    /// Microseconds of processor time a request.
    cost: f64,
    seen: Seen,
    resident: u64,
}

fn measure(server: &Server, call: usize) -> Measured {
    let connections = flag("--connections", 32) as usize;
    load(
        call,
        server.address,
        connections,
        Duration::from_millis(500),
    );
    let before = server.processor();
    let seconds = flag("--seconds", 3);
    let seen = load(
        call,
        server.address,
        connections,
        Duration::from_secs(seconds),
    );
    let cost = (server.processor() - before).as_secs_f64() * 1e6;
    Measured {
        cost: cost / seen.requests as f64,
        seen,
        resident: server.resident(),
    }
}

fn throughput() {
    let folder = tempfile::tempdir().unwrap();
    println!("| call | server | CPU µs | ratio | requests/s | p50 µs | p99 µs | resident KiB |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (at, call) in CALLS.iter().enumerate() {
        let path = answer(call, folder.path());
        let raw = |threads| Server::reference(threads, &path, call.authorization, &call.wire());
        let names = ["enrollmock", "hyper, one thread", "hyper, several"];
        let mut rows: [Vec<Measured>; 3] = Default::default();
        for _ in 0..flag("--rounds", 5) {
            let start: [&dyn Fn() -> Server; 3] = [
                &|| Server::enrollmock(&scenario(), &call.wire()),
                &|| raw("one"),
                &|| raw("several"),
            ];
            for (start, row) in start.iter().zip(&mut rows) {
                row.push(measure(&start(), at));
            }
        }
        for (name, row) in names.iter().zip(&rows) {
            let of = |value: fn(&Measured) -> f64| row.iter().map(value).collect::<Vec<_>>();
            // Those of one round were measured one after another.
            let pairs = row.iter().zip(&rows[2]);
            let ratios: Vec<f64> = pairs.map(|(it, raw)| it.cost / raw.cost).collect();
            println!(
                "| {} | {name} | {} | {} | {} | {} | {} | {} |",
                call.name,
                shown(&of(|it| it.cost), 2),
                shown(&ratios, 2),
                shown(&of(|it| it.seen.per_second), 0),
                shown(&of(|it| it.seen.p50), 0),
                shown(&of(|it| it.seen.p99), 0),
                shown(&of(|it| it.resident as f64), 0),
            );
        }
    }
}

/// Requests before the count begins: the journal is full by then.
const WARM: usize = 1200;
/// Requests that are counted.
const COUNTED: usize = 1000;

fn instructions() {
    let folder = tempfile::tempdir().unwrap();
    println!("| call | enrollmock | raw hyper |");
    println!("| --- | --- | --- |");
    for call in CALLS {
        let path = answer(call, folder.path());
        let mut own = Command::new(kit::ENROLLMOCK);
        own.args(["serve", &scenario(), "--port"]);
        let own = counted(own, call);
        let mut raw = Command::new(std::env::current_exe().unwrap());
        raw.args(["reference", "one"]);
        let raw = counted_with(raw, call, &[path.to_str().unwrap(), call.authorization]);
        println!("| {} | {own} | {raw} |", call.name);
    }
}

fn counted(command: Command, call: &Call) -> u64 {
    counted_with(command, call, &[])
}

/// Instructions a request: two runs, of which one has so many requests more.
fn counted_with(command: Command, call: &Call, more: &[&str]) -> u64 {
    let count = |requests: usize| -> u64 {
        let port = free_port();
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut valgrind = Command::new("valgrind");
        valgrind.args([
            "--tool=cachegrind",
            "--cache-sim=no",
            "--cachegrind-out-file=/dev/null",
        ]);
        valgrind.arg(format!("--log-file={}", log.path().display()));
        valgrind.arg(command.get_program()).args(command.get_args());
        valgrind.arg(port.to_string()).args(more);
        let server = Server::start(valgrind, port, &call.wire());
        let mut stream = TcpStream::connect(server.address).unwrap();
        for _ in 0..requests {
            ask(&mut stream, &call.wire());
        }
        let end = Command::new("kill")
            .args(["-TERM", &server.id().to_string()])
            .status();
        assert!(end.unwrap().success());
        let text = loop {
            let text = std::fs::read_to_string(log.path()).unwrap();
            if text.contains("I   refs:") || text.contains("I refs:") {
                break text;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let line = text.lines().find(|line| line.contains("refs:")).unwrap();
        let number = line.rsplit(':').next().unwrap().trim().replace(',', "");
        number.parse().unwrap()
    };
    (count(WARM + COUNTED) - count(WARM)) / COUNTED as u64
}
