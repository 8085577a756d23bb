//! The emulator's own API: a table of rows like a vendor's. Its calls are not in the journal.

mod admission;
mod clock;
mod faults;
mod health;
mod index;
mod outbox;
mod records;
mod requests;
mod reset;
mod sandboxes;
mod scenario;
mod state;
mod verify;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, StatusCode};
use matchit::Router;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use crate::clock::Stopwatch;
use crate::http::{Reply, Request};
use crate::journal::Follow;
use crate::place::Problem;
use crate::platform::{Vendor, comma_list};
use crate::sandbox::Sandbox;
use crate::worlds::Worlds;

pub use admission::Admission;
pub use sandboxes::lost;

/// What an admin call looks at and changes.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The world it is for.
    pub sandbox: &'a Arc<Sandbox>,
    /// All worlds.
    pub worlds: &'a Worlds,
    /// How long the server has run, in real time.
    pub uptime: Stopwatch,
}

/// The answer to an admin call.
#[derive(Debug)]
pub enum Answered {
    /// At once.
    Now(Reply),
    /// When something has happened.
    Later(Follow),
}

impl From<Reply> for Answered {
    fn from(reply: Reply) -> Self {
        Answered::Now(reply)
    }
}

/// One call of the admin API.
struct Row {
    method: Method,
    /// With `{name}` for a segment that varies.
    path: &'static str,
    /// One sentence of the index, whose subject is the call.
    does: &'static str,
    run: Run,
}

impl Row {
    fn varies(&self) -> bool {
        self.path.contains('{')
    }
}

/// What a call does.
enum Run {
    /// Answers at once.
    Now(fn(&Request, &World<'_>) -> Reply),
    /// Does something to the one thing that the path names, percent-decoded, and answers at once.
    One(fn(&Request, &World<'_>, &str) -> Reply),
    /// Answers when something has happened, or refuses at once.
    Later(fn(&Request, &World<'_>) -> Result<Follow, Box<Reply>>),
}

const ROWS: &[Row] = &[
    Row {
        method: Method::GET,
        path: "/livez",
        does: "says that the server is up",
        run: Run::Now(alive),
    },
    Row {
        method: Method::GET,
        path: "/readyz",
        does: "says that the server can be called",
        run: Run::Now(alive),
    },
    Row {
        method: Method::GET,
        path: "/__admin",
        does: "lists the calls",
        run: Run::Now(index::index),
    },
    Row {
        method: Method::GET,
        path: "/__admin/health",
        does: "says what is served: version, scenario, seed, clock, uptime, counts of records",
        run: Run::Now(health::health),
    },
    Row {
        method: Method::POST,
        path: "/__admin/reset",
        does: "goes back to the scenario's start; ?only=state,journal,faults,clock names parts",
        run: Run::Now(reset::reset),
    },
    Row {
        method: Method::GET,
        path: "/__admin/clock",
        does: "shows the clock",
        run: Run::Now(clock::show),
    },
    Row {
        method: Method::POST,
        path: "/__admin/clock",
        does: r#"moves the clock: {"advance":"31m"}, {"now":"2024-06-09T13:05:09Z"}, {"ticking":false}"#,
        run: Run::Now(clock::set),
    },
    Row {
        method: Method::GET,
        path: "/__admin/outbox",
        does: "lists the mails that the vendors would have sent",
        run: Run::Now(outbox::outbox),
    },
    Row {
        method: Method::GET,
        path: "/__admin/faults",
        does: "lists what goes wrong on purpose",
        run: Run::Now(faults::show),
    },
    Row {
        method: Method::POST,
        path: "/__admin/faults",
        does: "adds a fault, or replaces the one of that name",
        run: Run::Now(faults::add),
    },
    Row {
        method: Method::DELETE,
        path: "/__admin/faults/{name}",
        does: "takes a fault away",
        run: Run::One(faults::remove),
    },
    Row {
        method: Method::GET,
        path: "/__admin/sandboxes",
        does: "lists the sandboxes",
        run: Run::Now(sandboxes::list),
    },
    Row {
        method: Method::POST,
        path: "/__admin/sandboxes",
        does: r#"makes a sandbox: {"id":"alice","scenario":"quickstart","seed":7,"ttl":"10m"}, each as you like"#,
        run: Run::Now(sandboxes::create),
    },
    Row {
        method: Method::GET,
        path: "/__admin/sandboxes/{id}",
        does: "shows a sandbox",
        run: Run::One(sandboxes::show),
    },
    Row {
        method: Method::DELETE,
        path: "/__admin/sandboxes/{id}",
        does: "ends a sandbox",
        run: Run::One(sandboxes::end),
    },
    Row {
        method: Method::POST,
        path: "/__admin/verify",
        does: "judges claims on what happened",
        run: Run::Now(verify::verify),
    },
    Row {
        method: Method::GET,
        path: "/__admin/requests",
        does: "lists what happened; ?vendor=&operation=&status=&since=&limit= choose",
        run: Run::Now(requests::list),
    },
    Row {
        method: Method::DELETE,
        path: "/__admin/requests",
        does: "forgets what happened",
        run: Run::Now(requests::forget),
    },
    Row {
        method: Method::GET,
        path: "/__admin/requests.har",
        does: "shows what happened as HAR 1.2",
        run: Run::Now(requests::har),
    },
    Row {
        method: Method::GET,
        path: "/__admin/requests/wait",
        does: "answers once a matching request has come",
        run: Run::Later(requests::wait),
    },
    Row {
        method: Method::GET,
        path: "/__admin/requests/events",
        does: "tells what happens as server-sent events",
        run: Run::Later(requests::events),
    },
    Row {
        method: Method::GET,
        path: "/__admin/requests/{id}",
        does: "explains one request",
        run: Run::One(requests::one),
    },
    Row {
        method: Method::GET,
        path: "/__admin/scenario",
        does: "shows the scenario served, as YAML",
        run: Run::Now(scenario::show),
    },
    Row {
        method: Method::PUT,
        path: "/__admin/scenario",
        does: "serves another scenario from its start",
        run: Run::Now(scenario::replace),
    },
    Row {
        method: Method::GET,
        path: "/__admin/state",
        does: "shows the running state as a scenario that loads again to the same answers",
        run: Run::Now(state::state),
    },
    Row {
        method: Method::POST,
        path: "/__admin/records",
        does: "merges a piece of scenario into the running state",
        run: Run::Now(records::change),
    },
];

/// Answers what is meant for the emulator itself. None: it is for a vendor.
pub fn handle(request: &Request, world: &World<'_>) -> Option<Answered> {
    let path = request.inner();
    if !is_admin(path) && !PROBES.contains(&path) {
        return None;
    }
    let wanted = match request.method {
        Method::HEAD => &Method::GET,
        ref method => method,
    };
    let rows = rows(path);
    if let Some((row, one)) = rows.iter().find(|(row, _)| row.method == *wanted) {
        return Some(match row.run {
            Run::Now(run) => run(request, world).into(),
            Run::One(run) => run(request, world, one).into(),
            Run::Later(run) => match run(request, world) {
                Ok(follow) => Answered::Later(follow),
                Err(reply) => (*reply).into(),
            },
        });
    }
    if !rows.is_empty() {
        let methods: Vec<Method> = rows.iter().map(|(row, _)| row.method.clone()).collect();
        return Some(wrong_method(request, path, &methods).into());
    }
    if !is_admin(path) {
        return None;
    }
    let mut known: Vec<&str> = ROWS.iter().map(|row| row.path).collect();
    known.dedup();
    let what = format!("there is no {path}; there is {}", known.join(", "));
    Some(problem(StatusCode::NOT_FOUND, what).into())
}

/// The rows that a path fits, each with the varying segment, percent-decoded. Literal paths go first.
fn rows(path: &str) -> Vec<(&'static Row, String)> {
    let literal = ROWS.iter().filter(|row| !row.varies() && row.path == path);
    let mut rows: Vec<(&Row, String)> = literal.map(|row| (row, String::new())).collect();
    if let Ok(found) = VARYING.at(path) {
        let one: String = found.params.iter().map(|(_, sent)| decoded(sent)).collect();
        rows.extend(found.value.iter().map(|row| (row, one.clone())));
    }
    rows
}

/// The rows of each path with a varying segment. The rows of one path stand together in the table.
static VARYING: LazyLock<Router<&'static [Row]>> = LazyLock::new(|| {
    let mut router = Router::new();
    for rows in ROWS.chunk_by(|one, next| one.path == next.path) {
        if let [first, ..] = rows
            && first.varies()
        {
            // The table is a constant: a clash shows in the first test that runs.
            let clash = router.insert(first.path, rows).is_err();
            debug_assert!(!clash, "two paths clash at {}", first.path);
        }
    }
    router
});

/// Whether a path is meant for the admin API, known there or not.
pub fn is_admin(path: &str) -> bool {
    path == "/__admin" || path.starts_with("/__admin/")
}

/// Whether somebody only asks whether the server is up: of any host, and of no sandbox.
pub fn is_probe(request: &Request) -> bool {
    PROBES.contains(&request.path.as_str())
}

/// What asks whether the server is up.
const PROBES: &[&str] = &["/livez", "/readyz"];

fn decoded(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

fn wrong_method(request: &Request, path: &str, methods: &[Method]) -> Reply {
    let allow = comma_list(methods);
    let what = format!("{path} takes {allow}, not {}", request.method);
    let mut reply = problem(StatusCode::METHOD_NOT_ALLOWED, what);
    if let Ok(allow) = HeaderValue::try_from(allow) {
        reply.headers.insert(ALLOW, allow);
    }
    reply
}

/// Serving is all there is to wait for: a server that answers is alive and ready.
fn alive(_: &Request, _: &World<'_>) -> Reply {
    Reply::new(
        StatusCode::OK,
        "text/plain; charset=utf-8",
        "ok\n".to_owned(),
    )
}

/// What fits no vendor: a plain 404 that says where the vendors are.
pub fn nobodys(request: &Request) -> Reply {
    #[derive(Serialize)]
    struct Nobodys {
        error: String,
        base_urls: Vec<String>,
    }
    let base = base_url(request);
    let base_urls: Vec<String> = Vendor::ALL
        .iter()
        .map(|vendor| format!("{base}/{}", vendor.name()))
        .collect();
    let error = format!(
        "no vendor is mounted at {}; base URLs: {}",
        request.path,
        base_urls.join(", ")
    );
    json(StatusCode::NOT_FOUND, &Nobodys { error, base_urls })
}

/// The URL before everything in the world that a request reached, as its client spells it.
fn base_url(request: &Request) -> String {
    let prefix = request.path.get(..request.sandbox_prefix);
    format!("{}{}", origin(request), prefix.unwrap_or_default())
}

/// Scheme, host and port, as the client spells them.
fn origin(request: &Request) -> String {
    let host = request.header("host").unwrap_or("localhost");
    // Of several proxies the first one, which the client spoke to, counts.
    let forwarded = request.header("x-forwarded-proto").unwrap_or("");
    let scheme = match forwarded.split(',').next().unwrap_or("").trim() {
        "https" => "https",
        _ => "http",
    };
    format!("{scheme}://{host}")
}

/// What is wrong with a scenario, or a piece of one, that somebody sent; nothing was changed by it.
fn refused(status: StatusCode, what: &str, problems: &[Problem]) -> Reply {
    #[derive(Serialize)]
    struct Refused {
        error: String,
        problems: Vec<Shown>,
    }
    #[derive(Serialize)]
    struct Shown {
        file: String,
        line: u32,
        column: u32,
        what: String,
        try_this: Option<String>,
    }
    // As many as the command line shows.
    const MOST: usize = 1_000;
    let shown = problems.iter().take(MOST).map(|problem| Shown {
        file: problem.file.clone(),
        line: problem.spot.line,
        column: problem.spot.column,
        what: problem.what.clone(),
        try_this: problem.try_this.clone(),
    });
    let why = match problems {
        [one] => one.to_string(),
        _ => format!("{} problems", problems.len()),
    };
    let refused = Refused {
        error: format!("{what}: {why}"),
        problems: shown.collect(),
    };
    json(status, &refused)
}

/// The body, unless it was too large to be received.
fn body(request: &Request) -> Result<&[u8], Box<Reply>> {
    match request.oversized {
        false => Ok(&request.body),
        true => Err(Box::new(problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is larger than --max-body allows; nothing was changed".to_owned(),
        ))),
    }
}

/// Reads a JSON object. An array with the values of all its members in order would do for a reader of types.
fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    match body.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(body).map_err(|error| format!("the body: {error}")),
        Some(_) => Err("the body: expected an object at line 1 column 1".to_owned()),
        None => Err("the body: it is empty".to_owned()),
    }
}

/// A scenario file.
fn yaml(file: &crate::scenario::ScenarioFile) -> Reply {
    match file.to_yaml() {
        Some(text) => Reply::new(StatusCode::OK, "application/yaml", text),
        None => Reply::status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// What is wrong with an admin call.
fn problem(status: StatusCode, what: String) -> Reply {
    #[derive(Serialize)]
    struct Problem {
        error: String,
    }
    json(status, &Problem { error: what })
}

fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    match serde_json::to_vec(value) {
        Ok(body) => Reply::new(status, "application/json", body),
        Err(_) => Reply::status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
