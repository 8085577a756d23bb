//! `/__admin/scenario`: the scenario that is served; another in its place.

use std::path::Path;

use hyper::StatusCode;
use serde::Serialize;

use super::{World, body, json, problem, refused, yaml};
use crate::http::{Reply, Request};
use crate::scenario::{Overrides, Scenario, Source};

/// The scenario that is served, as one file, as it started.
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
    // A sandbox with a story of its own stands beside the served file all the same.
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
    let served = Served {
        name: scenario.name().to_owned(),
        seed: scenario.seed(),
    };
    match world.worlds.replace_in(world.sandbox.name(), scenario) {
        true => json(StatusCode::OK, &served),
        false => problem(
            StatusCode::NOT_FOUND,
            format!("the sandbox {:?} has ended", world.sandbox.name()),
        ),
    }
}

/// What is served now.
#[derive(Serialize)]
struct Served {
    name: String,
    seed: u64,
}
