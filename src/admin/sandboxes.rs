//! `/__admin/sandboxes`: sandboxes beside the default one, and the refusal of a request that reaches none.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderValue, LOCATION};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::World;
use super::answer::{self, json, problem};
use super::body::object;
use super::clock::duration;
use super::url::origin;
use crate::http::{Reply, Request};
use crate::place::cut;
use crate::platform::Vendor;
use crate::scenario::Source;
use crate::worlds::{Denied, Living, SandboxParams, Unresolved, Worlds};

#[derive(Serialize)]
struct SandboxesView {
    sandboxes: Vec<SandboxView>,
}

/// A sandbox, with the URLs that lead into it.
#[derive(Serialize)]
struct SandboxView {
    id: String,
    base_url: String,
    urls: Map<String, Value>,
    scenario: String,
    seed: u64,
    /// How long it still has to live, in real time. Null: until a call ends it.
    ttl_ms: Option<u64>,
}

/// The members of a body that makes a sandbox.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    id: Option<String>,
    scenario: Option<Box<RawValue>>,
    seed: Option<u64>,
    ttl: Option<String>,
}

/// Lists the sandboxes, the oldest first.
pub fn list(request: &Request, world: &World<'_>) -> Reply {
    let living = world.worlds.sandboxes().into_iter();
    let sandboxes = living.map(|living| view(&living, request)).collect();
    json(StatusCode::OK, &SandboxesView { sandboxes })
}

/// Shows a sandbox.
pub fn show(request: &Request, world: &World<'_>, id: &str) -> Reply {
    match world.worlds.find(id) {
        Some(living) => json(StatusCode::OK, &view(&living, request)),
        None => missing(id),
    }
}

/// Makes a sandbox.
pub fn create(request: &Request, world: &World<'_>) -> Reply {
    let wish = match params(request) {
        Ok(wish) => wish,
        Err(what) => return problem(StatusCode::BAD_REQUEST, what),
    };
    let left = wish.ttl;
    match world.worlds.create(wish) {
        Ok(sandbox) => {
            let view = view(&Living { sandbox, left }, request);
            let mut reply = json(StatusCode::CREATED, &view);
            let path = format!("/__admin/sandboxes/{}", view.id);
            if let Ok(path) = HeaderValue::try_from(path) {
                reply.headers.insert(LOCATION, path);
            }
            reply
        }
        Err(denied) => refused(denied),
    }
}

/// Ends a sandbox.
pub fn end(_: &Request, world: &World<'_>, id: &str) -> Reply {
    if !world.worlds.end(id) {
        return missing(id);
    }
    Reply::status(StatusCode::NO_CONTENT)
}

fn view(living: &Living, request: &Request) -> SandboxView {
    let sandbox = &living.sandbox;
    let base_url = format!("{}/__sandbox/{}", origin(request), sandbox.name());
    let url = |name: &str, path: &str| (name.to_owned(), format!("{base_url}/{path}").into());
    let vendors = Vendor::ALL.iter();
    let urls = std::iter::once(url("admin", "__admin"))
        .chain(vendors.map(|vendor| url(vendor.name(), vendor.name())));
    let millis = |left: Duration| u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
    SandboxView {
        id: sandbox.name().to_owned(),
        urls: urls.collect(),
        base_url,
        scenario: sandbox.scenario().name().to_owned(),
        seed: sandbox.seed(),
        ttl_ms: living.left.map(millis),
    }
}

fn params(request: &Request) -> Result<SandboxParams, String> {
    const WANTED: &str = r#"expected {"id":"alice","scenario":"quickstart","seed":7,"ttl":"10m"}, each of them as you like"#;
    if request.oversized {
        return Err(format!("the body is too large; {WANTED}"));
    }
    let params = match request.body.trim_ascii() {
        b"" => Params::default(),
        body => object(body).map_err(|what| format!("{what}; {WANTED}"))?,
    };
    let Params {
        id,
        scenario,
        seed,
        ttl,
    } = params;
    Ok(SandboxParams {
        id,
        scenario: scenario.map(|written| source(&written)).transpose()?,
        seed,
        ttl: ttl.map(|text| time_to_live(&text)).transpose()?,
    })
}

/// A built-in scenario by its name, or a scenario itself: an object, or a text that is YAML.
fn source(written: &RawValue) -> Result<Source, String> {
    let inline = |text: &str| Source::Inline {
        name: "scenario".to_owned(),
        text: text.to_owned(),
        beside: None,
    };
    // JSON is YAML. It is read as it was sent, so that problems name the places that the writer sees.
    if written.get().starts_with('{') {
        return Ok(inline(written.get()));
    }
    let text: String = serde_json::from_str(written.get()).map_err(|_| {
        "scenario: expected a built-in name, an object, or a text that is YAML".to_owned()
    })?;
    // No name has a colon or a line end, and no scenario does without.
    if text.contains([':', '\n']) {
        return Ok(inline(&text));
    }
    Ok(Source::BuiltIn(text))
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
        Denied::Faulty(problems) => answer::refused(
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

/// The refusal of a request that names two sandboxes, or one that is not there.
pub fn lost(lost: &Unresolved) -> Reply {
    match lost {
        Unresolved::Conflicting(one, other) => {
            let what = format!(
                "{} names the sandbox {:?}, {} names {:?}; which one is meant?",
                one.by,
                cut(&one.id),
                other.by,
                cut(&other.id)
            );
            problem(StatusCode::BAD_REQUEST, what)
        }
        Unresolved::Unknown {
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
