//! `/__admin/sandboxes`: isolated worlds beside the main one; and what a request is told that reaches none.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderValue, LOCATION};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::clock::duration;
use super::{World, json, object, origin, problem};
use crate::http::{Reply, Request};
use crate::place::cut;
use crate::platform::Vendor;
use crate::scenario::Source;
use crate::worlds::{Denied, Living, Lost, Wish, Worlds};

#[derive(Serialize)]
struct Sandboxes {
    sandboxes: Vec<Shown>,
}

/// A sandbox, and where it is.
#[derive(Serialize)]
struct Shown {
    id: String,
    base_url: String,
    urls: Map<String, Value>,
    scenario: String,
    seed: u64,
    /// How long it has still to live, in real time; null: until somebody ends it.
    ttl_ms: Option<u64>,
}

/// What is wanted of a new sandbox.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    id: Option<String>,
    scenario: Option<Box<RawValue>>,
    seed: Option<u64>,
    ttl: Option<String>,
}

/// Lists them, the oldest first.
pub fn list(request: &Request, world: &World<'_>) -> Reply {
    let living = world.worlds.sandboxes().into_iter();
    let sandboxes = living.map(|living| shown(&living, request)).collect();
    json(StatusCode::OK, &Sandboxes { sandboxes })
}

/// Shows one.
pub fn show(request: &Request, world: &World<'_>, id: &str) -> Reply {
    match world.worlds.find(id) {
        Some(living) => json(StatusCode::OK, &shown(&living, request)),
        None => missing(id),
    }
}

/// Makes one.
pub fn create(request: &Request, world: &World<'_>) -> Reply {
    let wish = match wish(request) {
        Ok(wish) => wish,
        Err(what) => return problem(StatusCode::BAD_REQUEST, what),
    };
    let left = wish.ttl;
    match world.worlds.create(wish) {
        Ok(sandbox) => {
            let shown = shown(&Living { sandbox, left }, request);
            let mut reply = json(StatusCode::CREATED, &shown);
            let path = format!("/__admin/sandboxes/{}", shown.id);
            if let Ok(path) = HeaderValue::try_from(path) {
                reply.headers.insert(LOCATION, path);
            }
            reply
        }
        Err(denied) => refused(denied),
    }
}

/// Ends one.
pub fn end(_: &Request, world: &World<'_>, id: &str) -> Reply {
    match world.worlds.end(id) {
        true => Reply::status(StatusCode::NO_CONTENT),
        false => missing(id),
    }
}

fn shown(living: &Living, request: &Request) -> Shown {
    let sandbox = &living.sandbox;
    let base_url = format!("{}/__sandbox/{}", origin(request), sandbox.name());
    let url = |name: &str, path: &str| (name.to_owned(), format!("{base_url}/{path}").into());
    let vendors = Vendor::ALL.iter();
    let urls = std::iter::once(url("admin", "__admin"))
        .chain(vendors.map(|vendor| url(vendor.name(), vendor.name())));
    let millis = |left: Duration| u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
    Shown {
        id: sandbox.name().to_owned(),
        urls: urls.collect(),
        base_url,
        scenario: sandbox.scenario().name().to_owned(),
        seed: sandbox.seed(),
        ttl_ms: living.left.map(millis),
    }
}

fn wish(request: &Request) -> Result<Wish, String> {
    const WANTED: &str = r#"expected {"id":"alice","scenario":"quickstart","seed":7,"ttl":"10m"}, each of them as you like"#;
    if request.oversized {
        return Err(format!("the body is too large; {WANTED}"));
    }
    let wanted = match request.body.trim_ascii() {
        b"" => Wanted::default(),
        body => object(body).map_err(|what| format!("{what}; {WANTED}"))?,
    };
    let Wanted {
        id,
        scenario,
        seed,
        ttl,
    } = wanted;
    Ok(Wish {
        id,
        scenario: scenario.map(|written| source(&written)).transpose()?,
        seed,
        ttl: ttl.map(|text| time_to_live(&text)).transpose()?,
    })
}

/// A built-in story by its name, or a story itself: an object, or a text that is YAML.
fn source(written: &RawValue) -> Result<Source, String> {
    let inline = |text: &str| Source::Inline {
        name: "scenario".to_owned(),
        text: text.to_owned(),
        beside: None,
    };
    // What is JSON is YAML; as it was sent, the places of its faults are the writer's.
    if written.get().starts_with('{') {
        return Ok(inline(written.get()));
    }
    let text: String = serde_json::from_str(written.get()).map_err(|_| {
        "scenario: expected a built-in name, an object, or a text that is YAML".to_owned()
    })?;
    // No name has either, and no story does without.
    match text.contains([':', '\n']) {
        true => Ok(inline(&text)),
        false => Ok(Source::BuiltIn(text)),
    }
}

fn time_to_live(text: &str) -> Result<Duration, String> {
    let read = duration(text).and_then(|it| Duration::try_from(it).ok());
    read.ok_or_else(|| {
        format!(
            "ttl {:?} is not how long something lives, such as 90s, 10m, 1h 30m",
            cut(text)
        )
    })
}

fn refused(denied: Denied) -> Reply {
    match denied {
        Denied::BadId(id) => {
            let what = format!(
                "id {:?} is no name for a sandbox, expected 1 to 63 letters, digits and hyphens",
                cut(&id)
            );
            problem(StatusCode::BAD_REQUEST, what)
        }
        Denied::Taken(id) => {
            let what = format!(
                "there is a sandbox {id} already; take another id, leave it out, or end that one with \
                 DELETE /__admin/sandboxes/{id}"
            );
            problem(StatusCode::CONFLICT, what)
        }
        Denied::Full => {
            let what = format!(
                "there are {} sandboxes already, and there may be no more; end some with DELETE \
                 /__admin/sandboxes/ID, or give them a `ttl` when you make them",
                Worlds::AT_MOST
            );
            problem(StatusCode::SERVICE_UNAVAILABLE, what)
        }
        Denied::Faulty(problems) => super::refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the scenario cannot be served",
            &problems,
        ),
    }
}

fn missing(id: &str) -> Reply {
    let what = format!(
        "there is no sandbox {:?}; GET /__admin/sandboxes lists them",
        cut(id)
    );
    problem(StatusCode::NOT_FOUND, what)
}

/// What a request is told that names a sandbox that is not there, or two.
pub fn lost(lost: &Lost) -> Reply {
    match lost {
        Lost::Torn(one, other) => {
            let what = format!(
                "{} names the sandbox {:?}, {} names {:?}; which one is meant?",
                one.by,
                cut(&one.id),
                other.by,
                cut(&other.id)
            );
            problem(StatusCode::BAD_REQUEST, what)
        }
        Lost::Unknown {
            named,
            nearest,
            first,
            count,
        } => {
            let meant = match nearest {
                Some(id) => format!("; did you mean {id:?}?"),
                None => String::new(),
            };
            let more = count - first.len();
            let there = match (first.is_empty(), more) {
                (true, _) => "there is none".to_owned(),
                (false, 0) => format!("there is {}", first.join(", ")),
                (false, more) => format!("there is {} and {more} more", first.join(", ")),
            };
            let what = format!(
                "{} names the sandbox {:?}, which never was or has ended; {there}{meant}; POST \
                 /__admin/sandboxes makes one",
                named.by,
                cut(&named.id)
            );
            problem(StatusCode::NOT_FOUND, what)
        }
    }
}
