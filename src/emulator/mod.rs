//! THE PIPELINE: a request in, an exchange out, synchronously.
//!
//! sandbox > vendor > row by path > who > fault? > gates > run > journal. A refusal takes the same road
//! home as a reply; there is no second exit.

mod answering;
mod effects;
mod explain;
mod finish;
mod gates;
mod record;

use std::sync::Arc;

use bytes::Bytes;
use hyper::StatusCode;
use jiff::Timestamp;
use smol_str::SmolStr;

pub use crate::admin::Admission;
use crate::admin::{self, Answered};
use crate::clock::Stopwatch;
use crate::delivery::Delivery;
use crate::faults::Match;
use crate::http::{self, Reply, Request};
use crate::journal::{self, Follow, RawEntry, Signals, Why, mask};
use crate::platform::{Face, Kind, Routes, Vendor};
use crate::sandbox::Sandbox;
use crate::scenario::Scenario;
use crate::vendors::mounts;
use crate::worlds::Worlds;
use answering::Answering;
use explain::nearest;
use finish::finish;
use record::{Arrival, record};

/// A reply, how it leaves, and the journal's account of it.
#[derive(Debug)]
pub struct Exchange {
    /// What the client reads.
    pub reply: Reply,
    /// How it leaves.
    pub delivery: Delivery,
    /// What the client waits for, or follows, before the reply or instead of it: only the emulator's own
    /// API has such calls.
    pub follow: Option<Follow>,
    /// What the journal keeps of it. None for the emulator's own calls.
    pub note: Option<Arc<RawEntry>>,
}

/// The whole emulator. Share it behind an [`Arc`]; every method takes `&self`.
#[derive(Debug)]
pub struct Emulator {
    routes: Routes,
    worlds: Worlds,
    admission: Admission,
    uptime: Stopwatch,
}

/// How a request was answered, and what led to it.
struct Answer {
    reply: Reply,
    delivery: Delivery,
    /// The body before it was packed, where it was.
    plain: Option<Bytes>,
    vendor: Option<Vendor>,
    surface: Option<&'static dyn Face>,
    operation: Option<&'static str>,
    kind: Option<Kind>,
    principal: Option<SmolStr>,
    signals: Signals,
    /// Whether the body may hold what the journal must not: records hold no secrets.
    may_show_secrets: bool,
    fault: Option<Match>,
    why: Why,
}

impl Answer {
    /// The answer to what is for no vendor.
    fn of_nobody(reply: Reply, why: Why) -> Self {
        Answer {
            reply,
            delivery: Delivery::default(),
            plain: None,
            vendor: None,
            surface: None,
            operation: None,
            kind: None,
            principal: None,
            signals: Signals::default(),
            may_show_secrets: true,
            fault: None,
            why,
        }
    }
}

/// Why a request reaches no world.
enum Denied {
    /// The sender may not come in, and is told so.
    Rejected(Box<Reply>),
    /// It names a world that is not there, or two.
    Lost(Box<Reply>, Box<Why>),
}

impl Emulator {
    /// An emulator that serves `scenario` and remembers within `bounds`.
    pub fn new(scenario: Scenario, bounds: journal::Bounds) -> Self {
        Emulator {
            routes: Routes::new(mounts()),
            worlds: Worlds::new(scenario, bounds),
            admission: Admission::default(),
            uptime: Stopwatch::start(),
        }
    }

    /// The same, that lets in whom `admission` says.
    #[must_use]
    pub fn with_admission(mut self, admission: Admission) -> Self {
        self.admission = admission;
        self
    }

    /// The world that every request reaches that names no other.
    pub fn main(&self) -> Arc<Sandbox> {
        self.worlds.main()
    }

    /// All worlds.
    pub fn worlds(&self) -> &Worlds {
        &self.worlds
    }

    /// Answers one request. Never blocks on anything but short locks.
    pub fn handle(&self, mut request: Request) -> Exchange {
        let stopwatch = Stopwatch::start();
        let elapsed = self.uptime.until(stopwatch);
        let (sandbox, entered) = self.enter(&mut request);
        let at = sandbox.clock.now();
        let arrival = Arrival {
            at,
            elapsed,
            stopwatch,
        };
        match entered {
            Ok(()) => {}
            Err(Denied::Lost(reply, why)) if !admin::is_admin(request.inner()) => {
                return record(
                    &request,
                    &sandbox,
                    Answer::of_nobody(*reply, *why),
                    &arrival,
                );
            }
            Err(Denied::Lost(reply, _) | Denied::Rejected(reply)) => {
                return own(finish(*reply, &request, at), None);
            }
        }
        let world = admin::World {
            sandbox: &sandbox,
            worlds: &self.worlds,
            uptime: self.uptime,
        };
        match admin::handle(&request, &world) {
            Some(Answered::Now(reply)) => return own(finish(reply, &request, at), None),
            Some(Answered::Later(follow)) => {
                let reply = finish(Reply::status(StatusCode::OK), &request, at);
                return own(reply, Some(follow));
            }
            None => {}
        }
        let answer = self.answer(&request, &sandbox, at);
        let exchange = record(&request, &sandbox, answer, &arrival);
        http::reuse(request.headers);
        exchange
    }

    /// The world that a request is for, and whether it may come in at all. Where no world is named that there
    /// is, or none may be entered, the main one keeps the account.
    fn enter(&self, request: &mut Request) -> (Arc<Sandbox>, Result<(), Denied>) {
        if admin::is_probe(request) {
            return (self.worlds.main(), Ok(()));
        }
        let (world, lost) = match self.worlds.resolve(request) {
            Ok(Some(world)) => (world, None),
            Ok(None) => (self.worlds.main(), None),
            Err(lost) => (self.worlds.main(), Some(lost)),
        };
        let admitted = self.admission.admit(request, world.scenario().hosts());
        match (admitted, lost) {
            // Who may not come in learns nothing of a world, not even what its clock shows.
            (Err(reply), _) => (self.worlds.main(), Err(Denied::Rejected(reply))),
            (Ok(()), None) => (world, Ok(())),
            (Ok(()), Some(lost)) => {
                let why = Why {
                    refused: Some(mask::sentence(lost.what())),
                    ..Why::default()
                };
                let lost = Denied::Lost(admin::lost(&lost).into(), Box::new(why));
                (world, Err(lost))
            }
        }
    }

    fn answer(&self, request: &Request, sandbox: &Sandbox, now: Timestamp) -> Answer {
        let Some(located) = self.routes.locate(request, sandbox.scenario().hosts()) else {
            let why = Why {
                refused: Some("the path and the host fit no vendor".to_owned()),
                nearest: nearest(request, None),
                ..Why::default()
            };
            return Answer::of_nobody(admin::nobodys(request), why);
        };
        let vendor = located.vendor;
        let answering = Answering {
            request,
            sandbox,
            route: &located.route,
            now,
        };
        sandbox.vendors.visit(vendor, answering)
    }
}

/// The answer to a call of the emulator's own API.
fn own(reply: Reply, follow: Option<Follow>) -> Exchange {
    Exchange {
        reply,
        delivery: Delivery::default(),
        follow,
        note: None,
    }
}
