//! `GET /__admin`: what there is to call.

use hyper::StatusCode;
use serde::Serialize;

use super::{ROWS, World, base_url, json};
use crate::http::{Reply, Request};

#[derive(Serialize)]
struct Index {
    /// Empty: the main world.
    sandbox: String,
    calls: Vec<Call>,
}

#[derive(Serialize)]
struct Call {
    method: String,
    /// With `{name}` for what varies.
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    does: Option<&'static str>,
}

/// What each call does, by method and path; `{}` stands for what varies.
const DOES: &[(&str, &str, &str)] = &[
    ("GET", "/livez", "says that the server is up"),
    ("GET", "/readyz", "says that the server can be called"),
    ("GET", "/__admin", "lists the calls"),
    (
        "GET",
        "/__admin/health",
        "says what is served: version, scenario, seed, clock, uptime, counts of records",
    ),
    (
        "POST",
        "/__admin/reset",
        "goes back to the scenario's start; ?only=state,journal,faults,clock names parts",
    ),
    (
        "GET",
        "/__admin/scenario",
        "shows the scenario served, as YAML",
    ),
    (
        "PUT",
        "/__admin/scenario",
        "serves another scenario from its start",
    ),
    (
        "GET",
        "/__admin/state",
        "shows the running state as a scenario that loads again to the same answers",
    ),
    (
        "POST",
        "/__admin/records",
        "merges a piece of scenario into the running state",
    ),
    ("GET", "/__admin/clock", "shows the clock"),
    (
        "POST",
        "/__admin/clock",
        r#"moves the clock: {"advance":"31m"}, {"now":"2024-06-09T13:05:09Z"}, {"ticking":false}"#,
    ),
    ("GET", "/__admin/faults", "lists what goes wrong on purpose"),
    (
        "POST",
        "/__admin/faults",
        "adds a fault, or replaces the one of that name",
    ),
    ("DELETE", "/__admin/faults/{}", "takes a fault away"),
    (
        "GET",
        "/__admin/outbox",
        "lists the mails that the vendors would have sent",
    ),
    (
        "GET",
        "/__admin/requests",
        "lists what happened; ?vendor=&operation=&status=&since=&limit= choose",
    ),
    ("GET", "/__admin/requests/{}", "explains one request"),
    ("DELETE", "/__admin/requests", "forgets what happened"),
    (
        "GET",
        "/__admin/requests/wait",
        "answers once a matching request has come",
    ),
    (
        "GET",
        "/__admin/requests/events",
        "tells what happens as server-sent events",
    ),
    (
        "GET",
        "/__admin/requests.har",
        "shows what happened as HAR 1.2",
    ),
    ("POST", "/__admin/verify", "judges claims on what happened"),
    ("GET", "/__admin/sandboxes", "lists the sandboxes"),
    (
        "POST",
        "/__admin/sandboxes",
        r#"makes a sandbox: {"id":"alice","scenario":"quickstart","seed":7,"ttl":"10m"}, each as you like"#,
    ),
    ("GET", "/__admin/sandboxes/{}", "shows a sandbox"),
    ("DELETE", "/__admin/sandboxes/{}", "ends a sandbox"),
];

/// Lists the calls, with links that lead to the world that was asked.
pub fn index(request: &Request, world: &World<'_>) -> Reply {
    let base = base_url(request);
    let calls = ROWS.iter().map(|row| Call {
        method: row.method.to_string(),
        url: format!("{base}{}", row.path),
        does: does(row.method.as_str(), row.path),
    });
    let index = Index {
        sandbox: world.sandbox.name().to_owned(),
        calls: calls.collect(),
    };
    json(StatusCode::OK, &index)
}

fn does(method: &str, path: &str) -> Option<&'static str> {
    let path = match (path.split_once('{'), path.split_once('}')) {
        (Some((before, _)), Some((_, after))) => format!("{before}{{}}{after}"),
        (_, _) => path.to_owned(),
    };
    let mut known = DOES.iter();
    let found = known.find(|(its, of, _)| *its == method && *of == path);
    found.map(|(_, _, does)| *does)
}
