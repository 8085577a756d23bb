//! `/__admin/scenario`: shows the scenario that is served, or replaces it.

use std::path::Path;

use hyper::StatusCode;
use serde::Serialize;

use super::World;
use super::answer::{json, problem, refused, yaml};
use super::body::body;
use crate::http::{Reply, Request};
use crate::scenario::{Overrides, Scenario, Source};

/// Shows the scenario that is served, as one file, as it started.
pub fn show(_: &Request, world: &World<'_>) -> Reply {
    yaml(&world.sandbox.scenario().file())
}

/// Serves another scenario from now on, or says what is wrong with it.
pub fn replace(request: &Request, world: &World<'_>) -> Reply {
    let body = match body(request) {
        Ok(body) => body,
        Err(reply) => return *reply,
    };
    let text = match String::from_utf8(body.to_vec()) {
        Ok(text) => text,
        Err(error) => {
            return problem(
                StatusCode::UNPROCESSABLE_ENTITY,
                format!("the body: {error}"),
            );
        }
    };
    // Relative paths start beside the served file, even in a sandbox with a scenario of its own.
    let main = world.worlds.main();
    let beside = world.sandbox.scenario().beside();
    let beside = beside.or_else(|| main.scenario().beside());
    let beside = beside.map(Path::to_owned);
    let source = Source::Inline {
        name: "the body".to_owned(),
        text,
        beside,
    };
    let scenario = match Scenario::load(&source, Overrides::default()) {
        Ok(scenario) => scenario,
        Err(problems) => {
            return refused(
                StatusCode::UNPROCESSABLE_ENTITY,
                "the scenario cannot be served",
                &problems,
            );
        }
    };
    let served = ServedView {
        name: scenario.name().to_owned(),
        seed: scenario.seed(),
    };
    let sandbox = world.sandbox.name();
    if !world.worlds.replace_in(sandbox, scenario) {
        let what = format!("the sandbox {sandbox:?} has ended");
        return problem(StatusCode::NOT_FOUND, what);
    }
    json(StatusCode::OK, &served)
}

/// The scenario that is served now.
#[derive(Serialize)]
struct ServedView {
    name: String,
    seed: u64,
}
