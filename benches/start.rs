//! From the start of the process to the first answer, and what it takes at rest: beside raw hyper, in turns; and the
//! same with ten million enrollments a vendor.
//!
//! `cargo bench --bench start -- [--rounds 15]`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on stops"
)]

mod kit;

use std::net::TcpStream;
use std::time::Duration;

use kit::load::run;
use kit::{CALLS, Call, Server, ask, file, flag, shown};

/// The first call of a newcomer.
const FIRST: Call = Call {
    name: "first",
    target: "/ispring/enrollment",
    authorization: "quickstart-token",
};

/// A world of ten million enrollments a vendor.
const LARGE: &str = "version: 1
generate: { learners: 1000000, departments: 50, courses: 1000, enrollments_per_learner: { min: 10, max: 10 }, vendors: [ispring, openedx, alm] }
ispring: { credentials: [{ token: quickstart-token }] }
";

/// The first call to it: a page, as all of it would be a long answer.
const PAGE: Call = Call {
    name: "page",
    target: "/ispring/enrollments?pageSize=10",
    authorization: "quickstart-token",
};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("reference") => return kit::reference::serve(),
        Some("load") => return run(CALLS),
        _ => {}
    }
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large.yaml");
    std::fs::write(&large, LARGE).unwrap();
    let answer = folder.path().join("answer");
    let server = Server::enrollmock("quickstart", &FIRST.wire());
    let first = ask(
        &mut TcpStream::connect(server.address).unwrap(),
        &FIRST.wire(),
    );
    std::fs::write(&answer, first).unwrap();
    drop(server);

    let bench = file("scenario.yaml");
    let start: [(&str, &dyn Fn() -> Server); 4] = [
        ("quickstart", &|| {
            Server::enrollmock("quickstart", &FIRST.wire())
        }),
        ("the scenario of the benchmarks", &|| {
            Server::enrollmock(bench.to_str().unwrap(), &CALLS[0].wire())
        }),
        ("10,000,000 enrollments a vendor", &|| {
            Server::enrollmock(large.to_str().unwrap(), &PAGE.wire())
        }),
        ("raw hyper, several threads", &|| {
            Server::reference("several", &answer, FIRST.authorization, &FIRST.wire())
        }),
    ];
    let mut cold: [Vec<f64>; 4] = Default::default();
    let mut resident: [Vec<f64>; 4] = Default::default();
    for _ in 0..flag("--rounds", 15) {
        for (at, (_, start)) in start.iter().enumerate() {
            let server = start();
            cold[at].push(server.cold.as_secs_f64() * 1e3);
            std::thread::sleep(Duration::from_millis(100));
            resident[at].push(server.resident() as f64);
        }
    }
    println!("| server | first answer after, ms | resident at rest, KiB |");
    println!("| --- | --- | --- |");
    for (at, (name, _)) in start.iter().enumerate() {
        println!(
            "| {name} | {} | {} |",
            shown(&cold[at], 1),
            shown(&resident[at], 0)
        );
    }
    let size = std::fs::metadata(kit::ENROLLMOCK).unwrap().len();
    println!("\nthe binary has {size} bytes");
}
