//! Everything at once, for as long as you like: does it last?
//!
//! Starts the server as a process of its own with every kind of fault, limits, claims, journal and log on, and
//! calls all of it at full speed: every vendor, pages, writes, tokens, what is refused, sandboxes, resets,
//! event streams, readers that leave. A fault strikes only calls that ask for it by a header field, so each
//! answer is known to be right or wrong: without that field nothing may be out of order, and with it the answer
//! is the call's own or that very fault. Ends with 1 if there was an error that nobody injected, or if memory
//! grew, files stayed open, or it slowed down.
//!
//!     cargo build --release
//!     cargo run --release --example soak -- target/release/enrollmock [SECONDS]
#![allow(clippy::print_stdout, reason = "it says what it finds")]

mod calls;
mod clean;
mod client;
mod control;
mod gauge;
mod story;
mod tally;
mod upset;

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use client::{Call, Client};
use gauge::{Gauge, mib};
use story::{Acts, FAULTS};
use tally::Tally;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// Clients that call whatever there is.
const CLIENTS: usize = 48;
/// Clients of each vendor that count what they wrote.
const WRITERS: usize = 8;

/// What all clients of a run have in common.
struct Run {
    /// `127.0.0.1:PORT`.
    address: String,
    until: Instant,
    /// Odd while somebody starts a part of the world over.
    epoch: AtomicU64,
    /// How many scenarios were put in the place of the first.
    worlds: AtomicU64,
    tally: Tally,
}

impl Run {
    fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    fn begin_upheaval(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    fn worlds(&self) -> u64 {
        self.worlds.load(Ordering::SeqCst)
    }

    fn end_upheaval(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether the world was started over, or may have been, since an epoch.
    fn is_overtaken(&self, since: u64) -> bool {
        self.epoch() != since || since % 2 == 1
    }
}

fn main() -> Result<ExitCode> {
    let mut args = std::env::args().skip(1);
    let binary = args.next().ok_or("which binary?")?;
    let seconds = args.next().map_or(Ok(20), |text| text.parse())?;
    let scenario = std::env::temp_dir().join(format!("soak-{}.yaml", std::process::id()));
    std::fs::write(&scenario, story::story())?;
    let mut server = Server::start(&binary, scenario.to_str().ok_or("odd path")?)?;
    let run = Arc::new(Run {
        address: server.address.clone(),
        until: Instant::now() + Duration::from_secs(seconds),
        epoch: AtomicU64::new(0),
        worlds: AtomicU64::new(0),
        tally: Tally::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut gauge = Gauge::new(server.process.id(), Duration::from_secs(seconds));
    let every = Duration::from_secs((seconds / 20).clamp(1, 5));
    let outcome = runtime.block_on(all(&run, &mut gauge, every));
    server.process.kill()?;
    server.process.wait()?;
    let logged = server.log.join().map_err(|_| "the log was not read")?;
    std::fs::remove_file(&scenario)?;
    println!(
        "lines of log: {} ({} of a panic)",
        logged.lines, logged.panics
    );
    let mut problems = outcome?;
    problems.extend((logged.panics > 0).then(|| "it panicked".to_owned()));
    problems.extend(gauge.verdict());
    for problem in &problems {
        println!("PROBLEM {problem}");
    }
    Ok(match problems.is_empty() {
        true => {
            println!("it lasts: no error that was not injected");
            ExitCode::SUCCESS
        }
        false => ExitCode::FAILURE,
    })
}

/// The server, and who reads its log.
struct Server {
    process: Child,
    address: String,
    log: JoinHandle<Logged>,
}

#[derive(Default)]
struct Logged {
    lines: u64,
    panics: u64,
}

impl Server {
    fn start(binary: &str, scenario: &str) -> Result<Self> {
        let mut process = Command::new(binary)
            .args(["serve", scenario, "--port", "0", "--log", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let log = process.stderr.take().ok_or("no stderr")?;
        let log = std::thread::spawn(|| drain(log));
        let out = process.stdout.take().ok_or("no stdout")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let (_, address) = line.trim().split_once("http://").ok_or(line.clone())?;
        Ok(Server {
            process,
            address: address.to_owned(),
            log,
        })
    }
}

fn drain(log: impl std::io::Read) -> Logged {
    let mut logged = Logged::default();
    let mut log = BufReader::with_capacity(256 * 1024, log);
    let mut line = Vec::new();
    while log.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        logged.lines += 1;
        if memchr::memmem::find(&line, b"panicked").is_some() {
            logged.panics += 1;
            println!("ERROR {}", String::from_utf8_lossy(&line));
        }
        line.clear();
    }
    logged
}

/// Lets all clients loose, looks at the server, and says what must not be.
async fn all(run: &Arc<Run>, gauge: &mut Gauge, every: Duration) -> Result<Vec<String>> {
    let files = gauge.look(0).files;
    let mut crowd = crowd(run);
    let mut looks = tokio::time::interval(every);
    let mut reports = tokio::time::interval(Duration::from_secs(30));
    reports.tick().await;
    let mut control = Client::new(run);
    println!("    time     requests        /s  errors  injected         RSS  files  dropped");
    let mut reported = gauge.samples[0];
    loop {
        tokio::select! {
            ended = crowd.join_next() => match ended {
                Some(outcome) => outcome??,
                None => break,
            },
            _ = looks.tick() => drop(gauge.look(run.tally.requests())),
            _ = reports.tick() => reported = report(run, gauge, &mut control, reported).await,
        }
    }
    report(run, gauge, &mut control, reported).await;
    println!("done: {}", run.tally.deeds());
    println!(
        "overtaken by a reset or a move of the clock: {}",
        run.tally.were_overtaken()
    );
    let mut problems = shares(run);
    let errors = run.tally.errors();
    if errors > 0 {
        problems.push(format!(
            "{errors} errors that nobody injected: {}",
            run.tally.errors_by_kind()
        ));
    }
    drop(control);
    problems.extend(files_left(gauge, files).await);
    Ok(problems)
}

/// All clients.
fn crowd(run: &Arc<Run>) -> JoinSet<Result<()>> {
    let mut crowd = JoinSet::new();
    for number in 0..CLIENTS {
        crowd.spawn(clean::anything(
            Arc::clone(run),
            number * calls::CALLS / CLIENTS,
        ));
    }
    for who in 0..WRITERS {
        crowd.spawn(clean::ispring(Arc::clone(run), who + 1));
        crowd.spawn(clean::openedx(Arc::clone(run), who + 1));
        crowd.spawn(clean::adobes(Arc::clone(run), who + 1));
    }
    for number in 0..4 {
        crowd.spawn(clean::pipelined(Arc::clone(run), number));
        crowd.spawn(control::sandboxes(Arc::clone(run), number));
        crowd.spawn(upset::added(Arc::clone(run), number));
        crowd.spawn(upset::lost_replies(Arc::clone(run), 20 + number));
        crowd.spawn(clean::leaves(Arc::clone(run)));
    }
    // The one whom `change` changes, and what `token_expired` expires, are theirs alone.
    let alone = ["change", "change_back", "token_expired"];
    for fault in FAULTS.iter().filter(|it| !alone.contains(&it.name)) {
        crowd.spawn(upset::one_fault(Arc::clone(run), fault));
        crowd.spawn(upset::one_fault(Arc::clone(run), fault));
    }
    crowd.spawn(upset::changes(Arc::clone(run)));
    crowd.spawn(clean::tokens(Arc::clone(run)));
    crowd.spawn(clean::ispring_walk(Arc::clone(run)));
    crowd.spawn(clean::openedx_walk(Arc::clone(run)));
    crowd.spawn(clean::whole_lists(Arc::clone(run)));
    crowd.spawn(control::upheavals(Arc::clone(run)));
    crowd.spawn(control::reads(Arc::clone(run)));
    crowd.spawn(control::waits(Arc::clone(run)));
    crowd.spawn(control::follows(Arc::clone(run), Duration::ZERO));
    crowd.spawn(control::follows(Arc::clone(run), Duration::from_millis(5)));
    crowd
}

/// One line of the table, and what it is made of.
async fn report(
    run: &Run,
    gauge: &mut Gauge,
    control: &mut Client,
    before: gauge::Sample,
) -> gauge::Sample {
    let sample = gauge.look(run.tally.requests());
    let journal = control
        .value(&Call::get("/__admin/requests?limit=1", &[200]))
        .await;
    let dropped = journal.map_or(0, |it| it["dropped"].as_u64().unwrap_or(0));
    println!(
        "{:>6} s  {:>11}  {:>8.0}  {:>6}  {:>8}  {:>10}  {:>5}  {:>7}",
        sample.at.as_secs(),
        sample.requests,
        Gauge::rate(before, sample),
        run.tally.errors(),
        run.tally.injected(),
        mib(sample.resident),
        sample.files,
        dropped,
    );
    println!("          injected: {}", run.tally.injected_by_kind());
    if run.tally.errors() > 0 {
        println!("          errors: {}", run.tally.errors_by_kind());
    }
    sample
}

/// Faults that were never seen, or by another share than they were to act.
fn shares(run: &Run) -> Vec<String> {
    let mut problems = Vec::new();
    for fault in FAULTS {
        let (asked, seen) = run.tally.fault(fault.name);
        let share = seen as f64 / asked.max(1) as f64;
        match fault.acts {
            _ if seen == 0 => problems.push(format!("{} was never seen", fault.name)),
            // Few calls say nothing of a probability.
            Acts::Often(wanted) if asked >= 500 && (share - wanted).abs() > 0.1 => {
                problems.push(format!(
                    "{} acted on {share:.2} of its calls, not on {wanted}",
                    fault.name
                ))
            }
            _ => {}
        }
    }
    problems
}

/// What is still open when everybody has left.
async fn files_left(gauge: &Gauge, before: usize) -> Option<String> {
    for _ in 0..50 {
        if gauge.files() <= before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let left = gauge.files();
    println!("files open: {before} before, {left} after everybody left");
    (left > before).then(|| format!("{left} files are open where {before} were"))
}
