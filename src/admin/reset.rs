//! `POST /__admin/reset`: goes back to the scenario's start, wholly or in part.

use hyper::StatusCode;

use super::World;
use super::answer::problem;
use crate::http::{Query, Reply, Request};
use crate::place::nearest;
use crate::sandbox::Part;

/// Sets the parts that `only` names back to the start; without it, all of them.
pub fn reset(request: &Request, world: &World<'_>) -> Reply {
    match parts(&request.query) {
        Ok(parts) => {
            world.sandbox.reset(&parts);
            Reply::status(StatusCode::NO_CONTENT)
        }
        Err(what) => problem(StatusCode::BAD_REQUEST, what),
    }
}

fn parts(query: &str) -> Result<Vec<Part>, String> {
    let query = Query::parse(query.as_bytes());
    if let Some((unknown, _)) = query.pairs().find(|(name, _)| *name != "only") {
        return Err(format!(
            "there is no parameter {unknown:?}; there is `only`"
        ));
    }
    let only: Vec<&str> = query.pairs().map(|(_, value)| value).collect();
    if only.is_empty() {
        return Ok(Part::ALL.to_vec());
    }
    only.into_iter()
        .flat_map(|only| only.split(','))
        .map(|name| {
            let part = Part::ALL.iter().find(|part| part.name() == name);
            part.copied().ok_or_else(|| unknown_part(name))
        })
        .collect()
}

fn unknown_part(name: &str) -> String {
    let known: Vec<&str> = Part::ALL.iter().map(|part| part.name()).collect();
    let meant = match nearest(name, known.iter().copied()) {
        Some(meant) => format!("; did you mean {meant:?}?"),
        None => String::new(),
    };
    format!(
        "there is no part {name:?}; there are {}{meant}",
        known.join(", ")
    )
}
