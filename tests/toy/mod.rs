//! A vendor that the tests made up: two operations, a list with pages, a 401 of its own.
//!
//! The library's own tests mount it with one line in the list of vendors, and ask it all laws that walk the
//! tables. It also shows how little a vendor needs.

use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::{ALLOW, AUTHORIZATION, HeaderValue};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::{
    BucketLimit, ClassLimits, FileId, Lay as _, Lost, Problems, Sourced, Text, keyed,
};
use crate::http::{Query, Reply, Request};
use crate::issuers::Issuer;
use crate::limits::Class;
use crate::place::Place;
use crate::platform::{
    self, Access, ApiError, AuthError, Face, Gate, Merged, Operation, Page, Principal, Surface,
    System, Vendor, Written, comma_list, rows,
};
use crate::seed::Population;

/// The vendor.
#[derive(Debug)]
pub struct Toy;

type Context<'a> = platform::Context<'a, World>;
type Call<'a> = platform::Call<'a, World>;

/// The right to read things.
#[derive(Clone, Copy, Debug)]
pub struct Reads;

const READS: Access<Reads> = Access::Needs(Reads);

rows! { OPERATIONS of Toy:
    /// Lists things, two a page.
    GET "/playroom/things" list_things List, READS, "made up"
        => list_things, exact();
    /// Shows one thing.
    GET "/playroom/things/{id}" get_thing Read, READS, "made up"
        => get_thing, exact();
}

/// Its only surface.
#[derive(Debug)]
pub struct Things;

/// How many things make a page.
const PAGE: usize = 2;

fn list_things(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query = Query::parse(call.request.query.as_bytes());
    let cursor = query.values("after").next().map(str::to_owned);
    let world = call.context.read();
    let mut things = world.base.things.iter().map(|thing| &*thing.id.value.0);
    if let Some(cursor) = &cursor
        && !things.any(|id| id == cursor)
    {
        return Err(ApiError::BadCursor("it names no thing".to_owned()));
    }
    let shown: Vec<&str> = things.by_ref().take(PAGE).collect();
    let next = things.next().and(shown.last());
    call.notes.page(Page {
        cursor,
        shown: shown.len(),
        next: next.map(|id| (*id).to_owned()),
        previous: None,
    });
    #[derive(Serialize)]
    struct List<'a> {
        things: &'a [&'a str],
        next: Option<&'a &'a str>,
    }
    json(&List {
        things: &shown,
        next,
    })
}

fn get_thing(call: &Call<'_>) -> Result<Reply, ApiError> {
    let id = call.param("id");
    let world = call.context.read();
    match world
        .base
        .things
        .iter()
        .find(|thing| *thing.id.value == *id)
    {
        Some(thing) => json(thing),
        None => Err(ApiError::NoSuchObject(format!("there is no thing {id}"))),
    }
}

fn json(body: &impl Serialize) -> Result<Reply, ApiError> {
    let body = serde_json::to_vec(body).map_err(|_| ApiError::Internal)?;
    Ok(Reply::new(StatusCode::OK, "application/json", body))
}

/// The token that a request carries.
fn token(request: &Request) -> Option<&str> {
    request.header(AUTHORIZATION)?.strip_prefix("Toy ")
}

impl Face for Things {
    fn gates(&self) -> &'static [Gate] {
        &[
            Gate::Path,
            Gate::Method,
            Gate::Authenticate,
            Gate::Permit,
            Gate::Body,
        ]
    }

    fn credential(&self, request: &Request) -> Option<String> {
        token(request).map(str::to_owned)
    }
}

impl Surface<Toy> for Things {
    fn operations(&self) -> &'static [Operation<Toy>] {
        OPERATIONS
    }

    fn authenticate(&self, request: &Request, at: &Context<'_>) -> Result<Principal, AuthError> {
        let token = token(request).ok_or(AuthError::Missing)?;
        let world = at.read();
        let mut credentials = world.base.credentials.iter();
        let known = credentials.find(|known| *known.token.value == *token);
        let known = known.ok_or(AuthError::Unknown)?;
        Ok(Principal {
            name: known.token.value.0.as_str().into(),
            user: None,
            rights: u8::from(known.reads != Some(false)),
        })
    }

    fn permits(&self, principal: &Principal, _: Reads, _: &Context<'_>) -> bool {
        principal.rights > 0
    }

    fn refuse(&self, error: &ApiError, _: &Request, _: &Context<'_>) -> Reply {
        let status = match error {
            ApiError::InItsOwnWords(words) => return words.reply(),
            ApiError::NoSuchPath | ApiError::NoSuchRecord(_) | ApiError::NoSuchObject(_) => 404,
            ApiError::NotAcceptable => 406,
            ApiError::MethodNotAllowed(_) => 405,
            ApiError::Unauthenticated(_) | ApiError::BadClient => 401,
            ApiError::Forbidden | ApiError::OutOfScope(_) => 403,
            ApiError::TooLarge => 413,
            ApiError::Malformed(_) | ApiError::BadCursor(_) => 400,
            ApiError::Throttled(_) => 429,
            ApiError::Unavailable(_) => 503,
            ApiError::Broken(_) | ApiError::Internal => 500,
        };
        let status = StatusCode::from_u16(status).unwrap_or_default();
        let mut reply = Reply::new(status, "text/plain", format!("toys say {status}"));
        if let ApiError::MethodNotAllowed(allowed) = error {
            let allowed = HeaderValue::try_from(comma_list(allowed));
            reply.headers.extend(allowed.ok().map(|it| (ALLOW, it)));
        }
        reply
    }
}

/// The section of a scenario.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ToySection")]
pub struct Section {
    /// Things.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub things: Vec<Thing>,
    /// Who may call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<Credential>,
}

/// A thing.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thing {
    /// Its id.
    pub id: Place<Text>,
}

/// A credential.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ToyCredential")]
pub struct Credential {
    /// The token.
    pub token: Place<Text>,
    /// Whether it opens things. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<bool>,
}

/// Nothing can be taken away, and nothing is metered.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ToyNothing")]
pub struct Nothing {}

impl Written for Section {}

impl Written for Nothing {
    fn is_empty(&self) -> bool {
        true
    }
}

impl ClassLimits for Nothing {
    fn named(self) -> Vec<(Class, BucketLimit)> {
        Vec::new()
    }

    fn put(&mut self, _: Class, _: BucketLimit) {}
}

keyed! {
    Thing: exact "id" id;
    Credential: secret "token" token;
}

/// The sections of all files.
#[derive(Clone, Debug, Default)]
pub struct Laid {
    things: Vec<Sourced<Thing>>,
    credentials: Vec<Sourced<Credential>>,
}

impl Merged for Laid {
    type Section = Section;
    type Removed = Nothing;

    fn lay_over(&mut self, file: FileId, section: Section, _: Nothing, problems: &mut Problems) {
        self.things.lay(file, section.things, problems);
        self.credentials.lay(file, section.credentials, problems);
    }
}

/// One sandbox's toys: they never change while running.
#[derive(Debug)]
pub struct World {
    base: Arc<Section>,
}

impl System for Toy {
    const VENDOR: Vendor = Vendor::Toy;
    const SURFACES: &'static [&'static dyn Surface<Self>] = &[&Things];
    const HOSTS: &'static [&'static str] = &["toys.example"];
    const METERS: &'static str = "None.";
    const TOKEN_PARAMETERS: &'static [&'static str] = &[];

    type Right = Reads;
    type Section = Section;
    type Removed = Nothing;
    type Limits = Nothing;
    type Merged = Laid;
    type Generated = ();
    type Base = Section;
    type World = World;

    fn generated(_: Arc<Population>, _: u64, _: Timestamp) {}

    fn check(
        merged: &Laid,
        _: &Lost,
        _: Option<Arc<()>>,
        _: Timestamp,
        _: &mut Problems,
    ) -> Section {
        Section {
            things: merged.things.as_written(),
            credentials: merged.credentials.as_written(),
        }
    }

    fn world(base: Arc<Section>, _: u64, _: &str) -> World {
        World { base }
    }

    fn noted_by(_: &mut World, _: &Issuer) {}

    fn state(world: &World) -> (Section, Nothing) {
        (Section::clone(&world.base), Nothing {})
    }

    fn before(world: &World, _: Option<&Section>, _: Option<&mut Nothing>) -> (Section, Nothing) {
        Toy::state(world)
    }

    fn generated_in(_: &World) -> Option<Arc<()>> {
        None
    }

    fn over(_: &World, base: Arc<Section>) -> World {
        World { base }
    }

    fn counts(world: &World) -> Vec<(&'static str, u64)> {
        vec![("things", world.base.things.len() as u64)]
    }

    fn first_token(base: &Section) -> Option<&str> {
        Some(&base.credentials.first()?.token.value)
    }

    fn sample_path(_: &Section) -> &'static str {
        "/playroom/things"
    }

    fn issue_sample(_: &Context<'_>) -> Option<String> {
        None
    }
}
