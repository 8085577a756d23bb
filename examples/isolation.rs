//! Many sandboxes, many clients in each, all writing at once: does anybody see what is another's?
//!
//! Starts the server as a process of its own, makes sandboxes over one scenario, and lets the clients of
//! each write another number of enrollments at all three vendors, read them back page by page, run into
//! their own rate limit and look at their own journal. Says what was done, and the server's memory
//! every ten seconds. Ends with 1 if anybody ever saw something else than its own.
//!
//!     cargo build --release
//!     cargo run --release --example isolation -- target/release/enrollmock [SANDBOXES] [CLIENTS] [SECONDS]
#![allow(clippy::print_stdout, reason = "it says what it finds")]

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What the clients of one run have in common.
struct Run {
    /// `127.0.0.1:PORT`.
    address: String,
    clients: usize,
    until: Instant,
    requests: AtomicU64,
    rounds: AtomicU64,
    /// The server holds 4,096 connections; behind them the system's queue is short, and what it drops is
    /// reset in the end.
    connections: Arc<Semaphore>,
}

/// The most enrollments that a client makes at one vendor.
const COURSES: usize = 7;
/// How many requests a minute Open edX takes from one user in this scenario.
const PER_MINUTE: usize = 40;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let binary = args.next().ok_or("which binary?")?;
    let mut number = |or: u64| args.next().map_or(Ok(or), |text| text.parse::<u64>());
    let (sandboxes, clients, seconds) = (number(200)?, number(50)?, number(600)?);
    let clients = usize::try_from(clients)?;
    let scenario = std::env::temp_dir().join(format!("isolation-{}.yaml", std::process::id()));
    std::fs::write(&scenario, story(clients))?;
    let mut server = Server::start(&binary, scenario.to_str().ok_or("odd path")?)?;
    let run = Arc::new(Run {
        address: server.address.clone(),
        clients,
        until: Instant::now() + Duration::from_secs(seconds),
        requests: AtomicU64::new(0),
        rounds: AtomicU64::new(0),
        connections: Arc::new(Semaphore::new(4_000)),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(all(&run, sandboxes, server.process.id()));
    server.process.kill()?;
    server.process.wait()?;
    std::fs::remove_file(&scenario)?;
    outcome
}

/// The server, until this is dropped.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(binary: &str, scenario: &str) -> Result<Self> {
        let mut process = Command::new(binary)
            .args(["serve", scenario, "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = process.stdout.take().ok_or("no stdout")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let (_, address) = line.trim().split_once("http://").ok_or(line.clone())?;
        Ok(Server {
            process,
            address: address.to_owned(),
        })
    }
}

async fn all(run: &Arc<Run>, sandboxes: u64, server: u32) -> Result<()> {
    let mut worlds = JoinSet::new();
    for number in 0..sandboxes {
        worlds.spawn(sandbox(Arc::clone(run), number));
    }
    let started = Instant::now();
    let mut report = tokio::time::interval(Duration::from_secs(10));
    loop {
        tokio::select! {
            ended = worlds.join_next() => match ended {
                Some(outcome) => outcome??,
                None => break,
            },
            _ = report.tick() => say(run, started, server),
        }
    }
    say(run, started, server);
    println!("nobody saw anything that was not its own");
    Ok(())
}

fn say(run: &Run, started: Instant, server: u32) {
    let status = std::fs::read_to_string(format!("/proc/{server}/status")).unwrap_or_default();
    let resident = status.lines().find(|line| line.starts_with("VmRSS"));
    println!(
        "{:>4} s  {:>9} requests  {:>6} rounds  {}",
        started.elapsed().as_secs(),
        run.requests.load(Ordering::Relaxed),
        run.rounds.load(Ordering::Relaxed),
        resident.unwrap_or("VmRSS: not told here"),
    );
}

/// One sandbox: made, used by its clients at once, looked at, ended, and made again.
async fn sandbox(run: Arc<Run>, number: u64) -> Result<()> {
    let id = format!("s{number}");
    let count = 1 + usize::try_from(number)? % COURSES;
    while Instant::now() < run.until {
        let mut admin = Client::new(&run, "").await?;
        let wish = json!({ "id": id }).to_string();
        admin
            .expect("POST", "/__admin/sandboxes", &wish, 201)
            .await?;
        drop(admin);
        let mut clients = JoinSet::new();
        for client in 0..run.clients {
            clients.spawn(one_client(Arc::clone(&run), id.clone(), client, count));
        }
        while let Some(outcome) = clients.join_next().await {
            outcome??;
        }
        let mut admin = Client::new(&run, &id).await?;
        admin.own_journal(&id).await?;
        admin.own_limit().await?;
        let path = format!("/__admin/sandboxes/{id}");
        admin.prefix.clear();
        admin.expect("DELETE", &path, "", 204).await?;
        run.rounds.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Writes `count` enrollments of one learner at each vendor, and sees those and no others.
async fn one_client(run: Arc<Run>, id: String, client: usize, count: usize) -> Result<()> {
    let mut it = Client::new(&run, &id).await?;
    for course in 0..count {
        it.enroll(client, course).await?;
    }
    let seen = [
        it.of_adobe(client).await?,
        it.of_ispring(client).await?,
        it.of_openedx(client).await?,
    ];
    if seen != [count; 3] {
        return Err(format!("{id}, client {client}: wrote {count}, saw {seen:?}").into());
    }
    Ok(())
}

/// A connection into one world.
struct Client {
    run: Arc<Run>,
    sender: SendRequest<Full<Bytes>>,
    prefix: String,
    _turn: OwnedSemaphorePermit,
}

impl Client {
    async fn new(run: &Arc<Run>, sandbox: &str) -> Result<Self> {
        let turn = Arc::clone(&run.connections).acquire_owned().await?;
        let stream = TcpStream::connect(&run.address).await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Client {
            run: Arc::clone(run),
            sender,
            prefix: match sandbox {
                "" => String::new(),
                id => format!("/__sandbox/{id}"),
            },
            _turn: turn,
        })
    }

    async fn send(&mut self, method: &str, path: &str, body: &str) -> Result<(StatusCode, Value)> {
        let token = match path.get(..4) {
            Some("/isp") => "ispring-token",
            Some("/ope") => "Bearer openedx-staff",
            _ => "oauth alm-admin",
        };
        self.send_as(token, method, path, body).await
    }

    async fn send_as(
        &mut self,
        token: &str,
        method: &str,
        path: &str,
        body: &str,
    ) -> Result<(StatusCode, Value)> {
        self.run.requests.fetch_add(1, Ordering::Relaxed);
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.prefix))
            .header("host", &self.run.address)
            .header("authorization", token)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body.to_owned())))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }

    async fn expect(&mut self, method: &str, path: &str, body: &str, want: u16) -> Result<Value> {
        let (status, answer) = self.send(method, path, body).await?;
        match status.as_u16() == want {
            true => Ok(answer),
            false => Err(format!("{}{path}: {status} {answer}", self.prefix).into()),
        }
    }

    async fn enroll(&mut self, client: usize, course: usize) -> Result<()> {
        let (user, object) = (1000 + client, 2000 + course);
        let path = format!("/alm/primeapi/v2/users/{user}/enrollments?loId=course:{object}");
        self.expect("POST", &path, "", 200).await?;
        let wish = json!({
            "learnerIds": [uuid('a', client)],
            "courseIds": [uuid('c', course)],
            "dueDateType": "unlimited",
        });
        self.expect("POST", "/ispring/enrollment", &wish.to_string(), 201)
            .await?;
        let wish = json!({
            "action": "enroll",
            "identifiers": format!("u{client}"),
            "courses": key(course),
        });
        let path = "/openedx/api/bulk_enroll/v1/bulk_enroll/";
        self.expect("POST", path, &wish.to_string(), 200).await?;
        Ok(())
    }

    /// How many enrollments Adobe shows, in pages of two.
    async fn of_adobe(&mut self, client: usize) -> Result<usize> {
        let user = 1000 + client;
        let mut path = format!("/alm/primeapi/v2/users/{user}/enrollments?page[limit]=2");
        let mut seen = 0;
        loop {
            let page = self.expect("GET", &path, "", 200).await?;
            seen += page["data"].as_array().map_or(0, Vec::len);
            let Some(next) = page["links"]["next"].as_str() else {
                return Ok(seen);
            };
            let (_, inner) = next
                .split_once(&self.prefix)
                .ok_or("a link out of the sandbox")?;
            path = inner.to_owned();
        }
    }

    async fn of_ispring(&mut self, client: usize) -> Result<usize> {
        let path = format!("/ispring/enrollment?learnerIds[]={}", uuid('a', client));
        let list = self.expect("GET", &path, "", 200).await?;
        Ok(list.as_array().map_or(0, Vec::len))
    }

    async fn of_openedx(&mut self, client: usize) -> Result<usize> {
        let path = format!("/openedx/api/so2/v1/enrollments?username=u{client}");
        let list = self.expect("GET", &path, "", 200).await?;
        Ok(list.as_array().map_or(0, Vec::len))
    }

    /// Whether the journal holds this sandbox's requests and nobody else's.
    async fn own_journal(&mut self, id: &str) -> Result<()> {
        let path = "/__admin/requests?limit=200";
        let journal = self.expect("GET", path, "", 200).await?;
        let entries = journal["requests"].as_array().ok_or("no journal")?;
        let are_own = entries.iter().all(|entry| entry["sandbox"] == id);
        match !entries.is_empty() && are_own {
            true => Ok(()),
            false => Err(format!("{id}: the journal holds another's requests").into()),
        }
    }

    /// Whether this sandbox has a rate limit to itself.
    async fn own_limit(&mut self) -> Result<()> {
        let path = "/openedx/api/enrollment/v1/enrollment";
        let mut taken = 0;
        loop {
            let (status, _) = self.send_as("Bearer openedx-u0", "GET", path, "").await?;
            match status {
                StatusCode::OK => taken += 1,
                StatusCode::TOO_MANY_REQUESTS => break,
                other => return Err(format!("{}{path}: {other}", self.prefix).into()),
            }
        }
        match taken {
            PER_MINUTE => Ok(()),
            other => Err(format!("{}: {other} before the first 429", self.prefix).into()),
        }
    }
}

fn uuid(kind: char, number: usize) -> String {
    format!("{kind}{number:07}-0000-11ee-8000-000000000000")
}

fn key(course: usize) -> String {
    format!("course-v1:Isolation+C{course}+2024")
}

/// The scenario: as many learners as a sandbox has clients, nobody enrolled.
fn story(clients: usize) -> String {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| -> String {
        (0..count)
            .map(|number| format!("    - {}\n", line(number)))
            .collect()
    };
    let users = lines(clients, &|it| format!("{{ id: {} }}", uuid('a', it)));
    let content = lines(COURSES, &|it| format!("{{ id: {} }}", uuid('c', it)));
    let accounts = lines(clients, &|it| format!("{{ username: u{it} }}"));
    let courses = lines(COURSES, &|it| format!("{{ key: '{}' }}", key(it)));
    let people = lines(clients, &|it| format!("{{ id: \"{}\" }}", 1000 + it));
    let objects = lines(COURSES, &|it| {
        let id = 2000 + it;
        format!("{{ id: 'course:{id}', instances: [{{ id: 'course:{id}_1' }}] }}")
    });
    format!(
        "version: 1
clock: {{ now: 2024-06-09T13:05:09Z, ticking: false }}
rate_limits: {{ openedx: {{ user: {{ per_minute: {PER_MINUTE} }} }} }}
ispring:
  users:\n{users}  content:\n{content}  credentials: [{{ token: ispring-token }}]
openedx:
  users:\n    - {{ username: staff, staff: true }}\n{accounts}  courses:\n{courses}  credentials: [{{ token: openedx-staff, user: staff }}, {{ token: openedx-u0, user: u0 }}]
alm:
  users:\n    - {{ id: \"1\", roles: [admin] }}\n{people}  learning_objects:\n{objects}  credentials: [{{ token: alm-admin, user: \"1\" }}]
"
    )
}
