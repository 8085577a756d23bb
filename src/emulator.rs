//! THE PIPELINE: a request in, an exchange out, synchronously.
//!
//! sandbox > vendor > row by path > who > gates > run > journal. A refusal takes the same road
//! home as a reply; there is no second exit.

use std::sync::Arc;

use bytes::Bytes;
use hyper::header::{CONTENT_LENGTH, DATE, HeaderValue};
use hyper::{Method, StatusCode};
use jiff::Timestamp;

use crate::admin;
use crate::clock::Stopwatch;
use crate::http::{Body, Reply, Request};
use crate::journal::{self, Entry, Why, mask};
use crate::sandbox::Sandbox;
use crate::scenario::Scenario;
use crate::vendors::{
    Access, ApiError, AuthError, Call, Gate, Principal, Route, Routes, Surface, Vendor,
};

/// A reply and the journal's account of it.
#[derive(Debug)]
pub struct Exchange {
    /// What the client reads.
    pub reply: Reply,
    /// What the journal keeps of it. None for the emulator's own calls.
    pub entry: Option<Arc<Entry>>,
}

/// The whole emulator. Share it behind an [`Arc`]; every method takes `&self`.
#[derive(Debug)]
pub struct Emulator {
    routes: Routes,
    main: Arc<Sandbox>,
    uptime: Stopwatch,
}

/// How a request was answered, and what led to it.
struct Answer {
    reply: Reply,
    /// The body before it was packed, where it was.
    plain: Option<Bytes>,
    vendor: Option<Vendor>,
    operation: Option<&'static str>,
    principal: Option<String>,
    why: Why,
}

impl Emulator {
    /// An emulator that serves `scenario` and remembers within `bounds`.
    pub fn new(scenario: Scenario, bounds: journal::Bounds) -> Self {
        let scenario = Arc::new(scenario);
        let hosts = scenario.hosts().iter();
        Emulator {
            routes: Routes::new(hosts.map(|(host, vendor)| (host.clone(), *vendor))),
            main: Arc::new(Sandbox::new("", scenario, bounds)),
            uptime: Stopwatch::start(),
        }
    }

    /// The world that every request reaches that names no other.
    pub fn main(&self) -> &Arc<Sandbox> {
        &self.main
    }

    /// Answers one request. Never blocks on anything but short locks.
    pub fn handle(&self, request: Request) -> Exchange {
        let stopwatch = Stopwatch::start();
        let elapsed = self.uptime.elapsed();
        let sandbox = &self.main;
        let at = sandbox.clock.now();
        let world = admin::World {
            sandbox,
            uptime: self.uptime,
        };
        if let Some(reply) = admin::handle(&request, &world) {
            return Exchange {
                reply: finish(reply, &request, at),
                entry: None,
            };
        }
        let answer = self.answer(&request, sandbox);
        // What the clock shows when the answer leaves: a call may have taken its time.
        let reply = finish(answer.reply, &request, at);
        let (reply, sent) = first_bytes(reply);
        // The journal is for people, and masks what it can read.
        let response_body = match answer.plain {
            Some(plain) if !sent.is_empty() => plain,
            Some(_) | None => sent,
        };
        let most = sandbox.journal.bounds().body;
        let entry = sandbox.journal.record(Entry {
            seq: 0,
            at,
            elapsed_us: elapsed.as_micros() as u64,
            duration_us: stopwatch.elapsed().as_micros() as u64,
            vendor: answer.vendor,
            operation: answer.operation,
            principal: answer.principal,
            method: request.method,
            path: request.path,
            query: mask::query(&request.query),
            request_headers: mask::headers(&request.headers),
            request_body: mask::body(&request.body, most),
            status: reply.status,
            response_headers: mask::headers(&reply.headers),
            response_body: mask::body(&response_body, most),
            why: answer.why,
        });
        Exchange {
            reply,
            entry: Some(entry),
        }
    }

    fn answer(&self, request: &Request, sandbox: &Arc<Sandbox>) -> Answer {
        let Some(located) = self.routes.locate(request) else {
            return Answer {
                reply: admin::nobodys(request),
                plain: None,
                vendor: None,
                operation: None,
                principal: None,
                why: Why {
                    passed: Vec::new(),
                    refused: Some("the path and the host fit no vendor".to_owned()),
                },
            };
        };
        let surface = located.route.surface();
        let who = surface.authenticate(request, sandbox);
        let mut passed = Vec::new();
        let result = run(&located.route, surface, request, sandbox, &who, &mut passed);
        let (mut reply, refused) = match result {
            Ok(reply) => (reply, None),
            Err(error) => {
                let reply = surface.refuse(&error, request, sandbox);
                (reply, Some(error.what()))
            }
        };
        surface.dress(&mut reply, request, located.route.allowed(), sandbox);
        let plain = surface.pack(&mut reply, request);
        Answer {
            reply,
            plain,
            vendor: Some(located.vendor),
            operation: match &located.route {
                Route::Operation { operation, .. } => Some(operation.row.id),
                Route::OtherMethods { .. } | Route::Nowhere { .. } => None,
            },
            principal: who.ok().map(|principal| principal.name),
            why: Why { passed, refused },
        }
    }
}

/// Takes a request through its surface's gates and into its operation.
fn run(
    route: &Route,
    surface: &dyn Surface,
    request: &Request,
    sandbox: &Arc<Sandbox>,
    who: &Result<Principal, AuthError>,
    passed: &mut Vec<&'static str>,
) -> Result<Reply, ApiError> {
    if let Some(reply) = surface.preflight(request, sandbox) {
        return Ok(reply);
    }
    for gate in surface.gates() {
        if let Some(reply) = pass(*gate, route, surface, request, sandbox, who)? {
            return Ok(reply);
        }
        passed.push(gate.name());
    }
    // A surface whose gates let an unknown path pass has still nothing to run.
    let Route::Operation {
        operation, params, ..
    } = route
    else {
        return Err(ApiError::NoSuchPath);
    };
    (operation.run)(&Call {
        request,
        sandbox,
        row: &operation.row,
        principal: who.clone().unwrap_or(Principal {
            name: String::new(),
            user: None,
        }),
        params: params.to_vec(),
    })
}

/// Takes a request through one gate. An answer means that nothing more is to be done.
fn pass(
    gate: Gate,
    route: &Route,
    surface: &dyn Surface,
    request: &Request,
    sandbox: &Sandbox,
    who: &Result<Principal, AuthError>,
) -> Result<Option<Reply>, ApiError> {
    let row = route.row();
    let refused = match gate {
        Gate::Path => match row {
            Some(row) if surface.has(row, request, sandbox) => None,
            Some(_) | None => Some(ApiError::NoSuchPath),
        },
        Gate::Media => surface.reads(request, sandbox).err(),
        Gate::Accept => (!surface.accepts(request, sandbox)).then_some(ApiError::NotAcceptable),
        Gate::Method => match (route, row) {
            (Route::OtherMethods { allowed, .. }, Some(row)) => {
                let description = match request.method {
                    Method::OPTIONS => surface.describe(row, allowed),
                    _ => None,
                };
                if description.is_some() {
                    return Ok(description);
                }
                Some(ApiError::MethodNotAllowed(allowed.clone()))
            }
            (_, _) => None,
        },
        Gate::Authenticate => match (row.map(|row| row.access), who) {
            (Some(Access::Public), _) | (_, Ok(_)) => None,
            (_, Err(error)) => Some(ApiError::Unauthenticated(error.clone())),
        },
        Gate::Permit => match (row, who) {
            (Some(row), Ok(principal)) if !surface.permits(principal, row, request, sandbox) => {
                Some(ApiError::Forbidden)
            }
            (_, _) => None,
        },
        Gate::Body => request.oversized.then_some(ApiError::TooLarge),
    };
    refused.map_or(Ok(None), Err)
}

/// Gives a reply its date and length, and takes the body from the answer to a HEAD.
fn finish(mut reply: Reply, request: &Request, at: Timestamp) -> Reply {
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    if let Ok(date) = date
        && let Ok(date) = HeaderValue::try_from(date)
    {
        reply.headers.insert(DATE, date);
    }
    let length = match &reply.body {
        Body::Whole(bytes) => Some(bytes.len()),
        Body::Empty | Body::Chunks(_) => None,
    };
    if let Some(length) = length
        && reply.status != StatusCode::NO_CONTENT
    {
        reply
            .headers
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if request.method == Method::HEAD {
        reply.body = Body::Empty;
    }
    reply
}

/// The first bytes of a reply's body, for the journal, and the reply with nothing missing.
fn first_bytes(mut reply: Reply) -> (Reply, Bytes) {
    match reply.body {
        Body::Empty => (reply, Bytes::new()),
        Body::Whole(ref bytes) => {
            let first = bytes.clone();
            (reply, first)
        }
        Body::Chunks(mut chunks) => {
            let first = chunks.next().unwrap_or_default();
            let again = std::iter::once(first.clone());
            reply.body = Body::Chunks(crate::http::Chunks::new(again.chain(chunks)));
            (reply, first)
        }
    }
}
