//! Open edX's enrollment API as MOOCit hosts it: JSON, in three dialects of no.
//! What never enters: other vendors, sockets, YAML.

mod auth;
mod behaviour;
mod body;
mod bulk_enroll;
mod check;
mod client;
mod cors;
mod course_key;
mod course_match;
mod csrf;
mod dumps;
mod enrollment;
mod errors;
pub mod generated;
mod hs256;
mod json;
mod jwt;
pub mod limits;
mod list;
mod list_fields;
mod me;
pub mod merged;
mod negotiation;
mod operations;
mod options;
mod pages;
pub mod records;
mod refusals;
pub mod selection;
mod slug;
mod so2;
mod state;
mod system;
mod throttle;
mod token;
mod tokens;
mod world;
pub mod written;

use hyper::Method;

pub use check::check;
pub use generated::Generated;
pub use records::{Enrollment, Mode, User};
pub use world::{Base, World};

use crate::http::{Reply, Request};
use crate::platform::{self, ApiError, AuthError, Face, Gate, Operation, Principal, Row, Surface};
use auth::{Inactive, Newcomers};
use errors::Dialect;
use operations::Staff;

/// Open edX.
#[derive(Debug)]
pub struct Openedx;

/// What the vendor sees of the sandbox that a request is for.
type Context<'a> = platform::Context<'a, World>;

/// A call of one of its operations.
type Call<'a> = platform::Call<'a, World>;

/// Everything that Django REST framework answers; what differs is who may call and how no is said.
#[derive(Debug)]
pub struct Api {
    operations: &'static [Operation<Openedx>],
    /// What becomes of accounts that were never activated.
    inactive: Inactive,
    /// What becomes of unknown callers.
    newcomers: Newcomers,
    /// How it says no.
    dialect: Dialect,
}

/// The site's own pages: all paths that lead nowhere.
#[derive(Debug)]
pub struct Site;

/// The token endpoint, which says no as OAuth does.
#[derive(Debug)]
pub struct OAuth;

/// The surfaces; the first one speaks for paths that none of them has.
pub const SURFACES: &[&dyn Surface<Openedx>] = &[
    &Site,
    &Api {
        operations: operations::STAFF_VIEWS,
        inactive: Inactive::Refused,
        newcomers: Newcomers::Leave,
        dialect: Dialect::Plain,
    },
    &Api {
        operations: operations::ENROLLMENT_VIEWS,
        inactive: Inactive::Welcome,
        newcomers: Newcomers::Stay,
        dialect: Dialect::Plain,
    },
    &Api {
        operations: operations::LIST_VIEWS,
        inactive: Inactive::Welcome,
        newcomers: Newcomers::Leave,
        dialect: Dialect::DeveloperError,
    },
    &OAuth,
];

/// Django's routes come first; what DRF looks at follows in its order. A body is read last of all.
const GATES: &[Gate] = &[
    Gate::Path,
    Gate::Accept,
    Gate::Authenticate,
    Gate::Permit,
    Gate::Throttle,
    Gate::Method,
    Gate::Body,
];

impl Face for Api {
    fn gates(&self) -> &'static [Gate] {
        GATES
    }

    fn cursor(&self, request: &Request) -> Option<String> {
        list::cursor(request)
    }

    fn credential(&self, request: &Request) -> Option<String> {
        auth::token(request)
    }
}

impl Surface<Openedx> for Api {
    fn operations(&self) -> &'static [Operation<Openedx>] {
        self.operations
    }

    fn authenticate(
        &self,
        request: &Request,
        context: &Context<'_>,
    ) -> Result<Principal, AuthError> {
        auth::authenticate(request, context, self.inactive, self.newcomers)
    }

    fn permits(&self, principal: &Principal, _: Staff, context: &Context<'_>) -> bool {
        auth::is_staff(principal, context)
    }

    fn throttle(
        &self,
        who: &Result<Principal, AuthError>,
        row: Option<&Row>,
        _: &Request,
        context: &Context<'_>,
    ) -> Result<(), ApiError> {
        match (who, row) {
            (Ok(principal), Some(row)) => throttle::throttle(principal, row, context),
            (_, _) => Ok(()),
        }
    }

    fn expire(&self, request: &Request, context: &Context<'_>) -> bool {
        auth::expire(request, context)
    }

    fn refuse(&self, error: &ApiError, request: &Request, context: &Context<'_>) -> Reply {
        errors::refuse(error, self.dialect, request, context)
    }

    fn preflight(&self, request: &Request, context: &Context<'_>) -> Option<Reply> {
        cors::preflight(request, context)
    }

    fn check_accept(&self, request: &Request, _: &Context<'_>) -> bool {
        negotiation::accepts_json(request)
    }

    fn decorate(
        &self,
        reply: &mut Reply,
        request: &Request,
        allowed: &[Method],
        context: &Context<'_>,
    ) {
        errors::decorate(reply, request, allowed, context);
    }
}

impl Face for Site {
    fn gates(&self) -> &'static [Gate] {
        &[Gate::Path]
    }
}

impl Surface<Openedx> for Site {
    fn operations(&self) -> &'static [Operation<Openedx>] {
        &[]
    }

    fn refuse(&self, error: &ApiError, request: &Request, context: &Context<'_>) -> Reply {
        errors::refuse(error, Dialect::Plain, request, context)
    }

    fn preflight(&self, request: &Request, context: &Context<'_>) -> Option<Reply> {
        cors::preflight(request, context)
    }

    fn decorate(
        &self,
        reply: &mut Reply,
        request: &Request,
        allowed: &[Method],
        context: &Context<'_>,
    ) {
        errors::decorate(reply, request, allowed, context);
    }
}

impl Face for OAuth {
    fn gates(&self) -> &'static [Gate] {
        &[Gate::Path, Gate::Method, Gate::Body]
    }
}

impl Surface<Openedx> for OAuth {
    fn operations(&self) -> &'static [Operation<Openedx>] {
        operations::TOKENS
    }

    fn refuse(&self, error: &ApiError, request: &Request, context: &Context<'_>) -> Reply {
        errors::refuse(error, Dialect::OAuth, request, context)
    }

    fn preflight(&self, request: &Request, context: &Context<'_>) -> Option<Reply> {
        cors::preflight(request, context)
    }

    fn decorate(
        &self,
        reply: &mut Reply,
        request: &Request,
        allowed: &[Method],
        context: &Context<'_>,
    ) {
        errors::dress_oauth(reply, request, allowed, context);
    }
}
