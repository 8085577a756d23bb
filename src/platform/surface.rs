//! A surface: a set of operations with one order of gates, one way to ask who calls and one way to say no.

use std::fmt::Debug;

use bytes::Bytes;
use hyper::Method;

use super::{ApiError, AuthError, Context, Operation, Principal, Row, System};
use crate::http::{Reply, Request};

/// One check that a request must pass before an operation runs. A surface states their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The path leads to an operation.
    Path,
    /// The vendor can read what the caller writes.
    Media,
    /// The caller can read what the vendor writes.
    Accept,
    /// The method is one that the path takes.
    Method,
    /// The caller is known.
    Authenticate,
    /// The caller may do this.
    Permit,
    /// The caller has not asked too often.
    Throttle,
    /// The body is no larger than the server takes.
    Body,
}

impl Gate {
    /// The name in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Gate::Path => "path",
            Gate::Media => "media",
            Gate::Accept => "accept",
            Gate::Method => "method",
            Gate::Authenticate => "authenticate",
            Gate::Permit => "permit",
            Gate::Throttle => "throttle",
            Gate::Body => "body",
        }
    }
}

/// What there is to say of a surface without any world: what routes, journal and expectations ask.
pub trait Face: Debug + Send + Sync {
    /// The gates, in the order in which they refuse.
    fn gates(&self) -> &'static [Gate];

    /// The prefixes that the vendor puts before all of these paths; "" for none.
    fn prefixes(&self) -> &'static [&'static str] {
        &[""]
    }

    /// The credential that a request carries, as this surface finds it: a token, whatever it is worth.
    fn credential(&self, _request: &Request) -> Option<String> {
        None
    }

    /// The cursor or page token that a request carries, decoded, whatever it is worth. Asked only of lists
    /// that were refused.
    fn cursor(&self, _request: &Request) -> Option<String> {
        None
    }

    /// Packs the body as the caller asked for it, the last thing that happens to an answer. What it packed
    /// comes back, for the journal. None: nothing was packed.
    fn encode(&self, _reply: &mut Reply, _request: &Request) -> Option<Bytes> {
        None
    }
}

/// A surface in a vendor's world.
pub trait Surface<S: System>: Face {
    /// What it can do.
    fn operations(&self) -> &'static [Operation<S>];

    /// Who calls: the anonymous caller, where the surface asks for no credential.
    ///
    /// # Errors
    /// Why the caller is anonymous.
    fn authenticate(
        &self,
        _request: &Request,
        _context: &Context<'_, S::World>,
    ) -> Result<Principal, AuthError> {
        Err(AuthError::Missing)
    }

    /// Whether the caller has this right, towards one user at least.
    fn permits(
        &self,
        _principal: &Principal,
        _right: S::Right,
        _context: &Context<'_, S::World>,
    ) -> bool {
        false
    }

    /// Makes the token that a request carries expire now, for good; whether there was one that lived.
    fn expire(&self, _request: &Request, _context: &Context<'_, S::World>) -> bool {
        false
    }

    /// Whether the caller has not asked too often. `who` is anonymous where the surface meters anonymous callers too.
    ///
    /// # Errors
    /// When it has; then this call does not count.
    fn throttle(
        &self,
        _who: &Result<Principal, AuthError>,
        _row: Option<&Row>,
        _request: &Request,
        _context: &Context<'_, S::World>,
    ) -> Result<(), ApiError> {
        Ok(())
    }

    /// Says no in the vendor's words.
    fn refuse(&self, error: &ApiError, request: &Request, context: &Context<'_, S::World>)
    -> Reply;

    /// What the vendor answers before it looks at anything: a browser asking whether it may ask.
    fn preflight(&self, _request: &Request, _context: &Context<'_, S::World>) -> Option<Reply> {
        None
    }

    /// Whether the vendor can read what the caller writes.
    ///
    /// # Errors
    /// When it cannot, in its own words.
    fn check_content_type(
        &self,
        _request: &Request,
        _context: &Context<'_, S::World>,
    ) -> Result<(), ApiError> {
        Ok(())
    }

    /// Whether the caller can read what the vendor writes.
    fn check_accept(&self, _request: &Request, _context: &Context<'_, S::World>) -> bool {
        true
    }

    /// Puts on what the vendor sends with each answer, be it a yes or a no. `allowed` are the methods
    /// that the path takes: none where there is no such path.
    fn decorate(
        &self,
        _reply: &mut Reply,
        _request: &Request,
        _allowed: &[Method],
        _context: &Context<'_, S::World>,
    ) {
    }
}
