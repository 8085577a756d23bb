//! `/__admin/faults`: what goes wrong on purpose; add, replace, take away.

use hyper::StatusCode;
use serde::Serialize;

use super::{World, json, problem, refused};
use crate::faults::written::Fault;
use crate::http::{Reply, Request};
use crate::place::nearest;
use crate::scenario::read_fault;

#[derive(Serialize)]
struct All<'a> {
    faults: Vec<Shown<'a>>,
}

/// A fault as the scenario writes it, and what it has counted.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    fault: &'a Fault,
    matched: u64,
    acted: u64,
}

/// Shows them, in the order in which they are asked.
pub fn show(_: &Request, world: &World<'_>) -> Reply {
    let counts = world.sandbox.faults.counts();
    let faults = counts.iter().map(|count| Shown {
        fault: &count.rule.written,
        matched: count.matched,
        acted: count.acted,
    });
    let faults = faults.collect();
    json(StatusCode::OK, &All { faults })
}

/// Adds one, or replaces the one of the same name.
pub fn add(request: &Request, world: &World<'_>) -> Reply {
    const WANTED: &str = r#"expected a fault as in a scenario file, such as {"name":"down","inject":"maintenance"}, as JSON or YAML"#;
    if request.oversized {
        let what = format!("the body is too large; {WANTED}");
        return problem(StatusCode::BAD_REQUEST, what);
    }
    if request.body.trim_ascii().is_empty() {
        let what = format!("the body is empty; {WANTED}");
        return problem(StatusCode::BAD_REQUEST, what);
    }
    let rule = match read_fault(&request.body) {
        Ok(rule) => rule,
        Err(problems) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return refused(status, "this fault cannot be added", &problems);
        }
    };
    let fault = rule.written.clone();
    let status = match world.sandbox.faults.add(rule, request.body.len()) {
        Ok(true) => StatusCode::CREATED,
        Ok(false) => StatusCode::OK,
        Err(full) => return problem(StatusCode::CONFLICT, full.to_string()),
    };
    let shown = Shown {
        fault: &fault,
        matched: 0,
        acted: 0,
    };
    json(status, &shown)
}

/// Takes one away.
pub fn remove(_: &Request, world: &World<'_>, name: &str) -> Reply {
    let faults = &world.sandbox.faults;
    if faults.remove(name) {
        return Reply::status(StatusCode::NO_CONTENT);
    }
    let counts = faults.counts();
    let known = counts.iter().map(|count| &*count.rule.name);
    let meant = match nearest(name, known) {
        Some(meant) => format!("; did you mean {meant:?}?"),
        None => String::new(),
    };
    let what = format!("there is no fault {name:?}{meant}");
    problem(StatusCode::NOT_FOUND, what)
}
