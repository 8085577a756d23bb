//! The emulator's own API: a table of rows like a vendor's. Its calls are not in the journal.

mod clock;
mod health;
mod outbox;
mod reset;

use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, StatusCode};
use serde::Serialize;

use crate::clock::Stopwatch;
use crate::http::{Reply, Request};
use crate::sandbox::Sandbox;
use crate::vendors::{Vendor, comma_list};

/// What an admin call looks at and changes.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The world it is for.
    pub sandbox: &'a Sandbox,
    /// How long the server has run, in real time.
    pub uptime: Stopwatch,
}

/// One call of the admin API.
struct Row {
    method: Method,
    path: &'static str,
    run: fn(&Request, &World<'_>) -> Reply,
}

const ROWS: &[Row] = &[
    Row {
        method: Method::GET,
        path: "/livez",
        run: alive,
    },
    Row {
        method: Method::GET,
        path: "/readyz",
        run: alive,
    },
    Row {
        method: Method::GET,
        path: "/__admin/health",
        run: health::health,
    },
    Row {
        method: Method::POST,
        path: "/__admin/reset",
        run: reset::reset,
    },
    Row {
        method: Method::GET,
        path: "/__admin/clock",
        run: clock::show,
    },
    Row {
        method: Method::POST,
        path: "/__admin/clock",
        run: clock::set,
    },
    Row {
        method: Method::GET,
        path: "/__admin/outbox",
        run: outbox::outbox,
    },
];

/// Answers what is meant for the emulator itself. None: it is for a vendor.
pub fn handle(request: &Request, world: &World<'_>) -> Option<Reply> {
    let path = request.path.as_str();
    let wanted = match request.method == Method::HEAD {
        true => &Method::GET,
        false => &request.method,
    };
    let rows: Vec<&Row> = ROWS.iter().filter(|row| row.path == path).collect();
    if let Some(row) = rows.iter().find(|row| row.method == *wanted) {
        return Some((row.run)(request, world));
    }
    if !rows.is_empty() {
        let methods: Vec<Method> = rows.iter().map(|row| row.method.clone()).collect();
        let allow = comma_list(&methods);
        let what = format!("{} takes {allow}, not {}", path, request.method);
        let mut reply = problem(StatusCode::METHOD_NOT_ALLOWED, what);
        if let Ok(allow) = HeaderValue::try_from(allow) {
            reply.headers.insert(ALLOW, allow);
        }
        return Some(reply);
    }
    (path == "/__admin" || path.starts_with("/__admin/")).then(|| {
        let known: Vec<&str> = ROWS.iter().map(|row| row.path).collect();
        problem(
            StatusCode::NOT_FOUND,
            format!("there is no {path}; there is {}", unique(&known).join(", ")),
        )
    })
}

fn unique<'a>(paths: &[&'a str]) -> Vec<&'a str> {
    let mut paths = paths.to_vec();
    paths.dedup();
    paths
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
    let host = request.header("host").unwrap_or("localhost");
    // Of several proxies the first one, which the client spoke to, counts.
    let forwarded = request.header("x-forwarded-proto").unwrap_or("");
    let scheme = match forwarded.split(',').next().unwrap_or("").trim() {
        "https" => "https",
        _ => "http",
    };
    let base_urls: Vec<String> = Vendor::ALL
        .iter()
        .map(|vendor| format!("{scheme}://{host}/{}", vendor.name()))
        .collect();
    let error = format!(
        "no vendor is mounted at {}; base URLs: {}",
        request.path,
        base_urls.join(", ")
    );
    json(StatusCode::NOT_FOUND, &Nobodys { error, base_urls })
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
