//! `/__admin/faults`: lists the faults, adds, replaces and removes them.

use hyper::StatusCode;
use serde::Serialize;

use super::World;
use super::answer::{json, problem, refused};
use crate::faults::written::Fault;
use crate::http::{Reply, Request};
use crate::place::nearest;
use crate::scenario::read_fault;

#[derive(Serialize)]
struct FaultsView<'a> {
    faults: Vec<FaultView<'a>>,
}

/// A fault as the scenario writes it, with its counts.
#[derive(Serialize)]
struct FaultView<'a> {
    #[serde(flatten)]
    fault: &'a Fault,
    matched: u64,
    acted: u64,
}

/// Lists the faults, in the order in which a request meets them.
pub fn show(_: &Request, world: &World<'_>) -> Reply {
    let counts = world.sandbox.faults.counts();
    let faults = counts.iter().map(|count| FaultView {
        fault: &count.rule.written,
        matched: count.matched,
        acted: count.acted,
    });
    let faults = faults.collect();
    json(StatusCode::OK, &FaultsView { faults })
}

/// Adds a fault, or replaces the fault of the same name.
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
    let view = FaultView {
        fault: &fault,
        matched: 0,
        acted: 0,
    };
    json(status, &view)
}

/// Removes a fault.
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
