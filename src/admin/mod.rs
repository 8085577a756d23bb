//! The emulator's own API: a table of rows like a vendor's. The journal does not record its calls.

mod admission;
mod answer;
mod body;
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
mod url;
mod verify;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use hyper::{Method, StatusCode};
use matchit::Router;
use percent_encoding::percent_decode_str;

use crate::clock::Stopwatch;
use crate::http::{Reply, Request};
use crate::journal::Follow;
use crate::sandbox::Sandbox;
use crate::worlds::Worlds;

use answer::{problem, wrong_method};

pub use admission::Admission;
pub use answer::nobodys;
pub use sandboxes::lost;

/// The state that an admin call reads and changes.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The sandbox that the call is for.
    pub sandbox: &'a Arc<Sandbox>,
    /// All sandboxes.
    pub worlds: &'a Worlds,
    /// How long the server has run, in real time.
    pub uptime: Stopwatch,
}

/// The answer to an admin call.
#[derive(Debug)]
pub enum Answered {
    /// A reply, at once.
    Now(Reply),
    /// A reply that waits for the journal.
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

/// The function of a call.
enum Run {
    /// Answers at once.
    Now(fn(&Request, &World<'_>) -> Reply),
    /// Answers at once about the one thing that the path names. Its name comes percent-decoded.
    One(fn(&Request, &World<'_>, &str) -> Reply),
    /// Answers when the journal has news, or refuses at once.
    Later(fn(&Request, &World<'_>) -> Result<Follow, Box<Reply>>),
}

/// Every call. The index lists them in this order.
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

/// Answers a request that is meant for the emulator itself. None: the request is for a vendor.
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

/// Whether a path is meant for the admin API, whether there is such a call or not.
pub fn is_admin(path: &str) -> bool {
    path == "/__admin" || path.starts_with("/__admin/")
}

/// Whether a request only asks whether the server is up. A probe names any host, and no sandbox.
pub fn is_probe(request: &Request) -> bool {
    PROBES.contains(&request.path.as_str())
}

/// The paths that ask whether the server is up.
const PROBES: &[&str] = &["/livez", "/readyz"];

fn decoded(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

/// A server that answers is alive and ready: there is nothing else to wait for.
fn alive(_: &Request, _: &World<'_>) -> Reply {
    Reply::new(
        StatusCode::OK,
        "text/plain; charset=utf-8",
        "ok\n".to_owned(),
    )
}
