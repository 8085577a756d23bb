//! What goes wrong on purpose: which calls a rule hits, and what it does to them.

mod current;
mod forms;
mod glob;
mod latency;
mod rule;
mod rules;
mod view;
pub mod written;

use std::sync::Arc;
use std::time::Duration;

use crate::delivery::How;
use crate::http::{Reply, Request};
use crate::platform::Vendor;
use crate::vendors::Change;

pub use glob::Glob;
pub use latency::{LONGEST, Spread};
pub use rule::{Calls, Inject, On, Rule};
pub use rules::Faults;

/// A call, as far as it is known before any gate.
#[derive(Clone, Copy, Debug)]
pub struct CallInfo<'a> {
    /// The request.
    pub request: &'a Request,
    /// Whose it is.
    pub vendor: Vendor,
    /// The operation it fits, if any.
    pub operation: Option<&'static str>,
    /// Who calls, if the caller is known.
    pub principal: Option<&'a str>,
}

/// A rule that acts on a call.
#[derive(Clone, Debug)]
pub struct Match {
    /// The rule's name.
    pub name: Arc<str>,
    /// Where it stands: `FILE:LINE`. None: it was added over HTTP.
    pub place: Option<Arc<str>>,
    /// What it does.
    pub effect: Effect,
}

/// What a rule does.
#[derive(Clone, Debug)]
pub enum Effect {
    /// The vendor refuses, in its own words, before anything happened.
    Refuse(Refusal),
    /// The token that the call carries expires first, for good.
    ExpireToken,
    /// The call takes effect, and the client sees a 503.
    LostReply,
    /// This answer instead of the vendor's, before anything happened.
    Respond(Arc<Response>),
    /// The records change right after this answer.
    Change(Arc<Change>),
    /// The vendor acts; then the answer waits.
    Delay(Duration),
    /// The vendor acts; then this becomes of the answer on the wire.
    Wire(How),
    /// The vendor acts; then the body is spoilt, so that no parser takes it.
    Malformed,
}

/// Why a vendor is made to refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Too many requests; try again after so long. None: as in the vendor's sample.
    Throttled(Option<Duration>),
    /// The credential is unknown.
    Unauthorized,
    /// The caller may not do this.
    Forbidden,
    /// The record does not exist.
    NotFound,
    /// The vendor breaks.
    ServerError,
    /// The vendor is down for a while; try again after so long.
    Maintenance(Option<Duration>),
}

/// An answer as the scenario writes it.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: hyper::StatusCode,
    /// The header fields.
    pub headers: hyper::HeaderMap,
    /// The body.
    pub body: bytes::Bytes,
}

impl Response {
    /// The answer.
    pub fn reply(&self) -> Reply {
        let mut reply = Reply::status(self.status);
        reply.headers = self.headers.clone();
        if !self.body.is_empty() {
            reply.body = self.body.clone().into();
        }
        reply
    }
}
