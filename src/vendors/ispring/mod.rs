//! iSpring Learn's enrollment API: XML and JSON. What never enters: other vendors, sockets, YAML.

mod auth;
mod behaviour;
mod check;
mod create;
mod delete;
mod errors;
mod fields;
mod form;
mod generated;
mod get;
mod id;
pub mod limits;
mod list;
mod listing;
pub mod merged;
mod operations;
mod paged;
mod records;
mod row;
mod schedule;
mod state;
mod system;
mod throttle;
mod token;
mod wire;
mod world;
pub mod written;
mod xml;

pub use check::check;
pub use generated::Generated;
pub use id::Id;
pub use schedule::day;
pub use world::{Base, World};

use crate::http::{Reply, Request};
use crate::platform::{self, ApiError, AuthError, Face, Gate, Operation, Principal, Row, Surface};
use records::Permission;

/// iSpring Learn.
#[derive(Debug)]
pub struct Ispring;

/// What the vendor sees of the sandbox that a request is for.
type Context<'a> = platform::Context<'a, World>;

/// A call of one of its operations.
type Call<'a> = platform::Call<'a, World>;

/// Everything but the token endpoint: its errors follow `Accept`, XML first.
#[derive(Debug)]
pub struct Enrollments;

/// The token endpoint: JSON first, and every caller is anonymous.
#[derive(Debug)]
pub struct TokenEndpoint;

/// The host names of the vendor's API, and of accounts below a domain.
pub const HOSTS: &[&str] = &[
    "api-learn.ispringlearn.com",
    "api-learn.ispringlearn.eu",
    "api-learn.ispringlearn.ru",
    "api-learn.ispring.com",
    "api-learn.ispring.eu",
    "*.ispringlearn.com",
    "*.ispringlearn.eu",
    "*.ispringlearn.ru",
];

/// Routes come before the firewall; what is wrong with the request itself comes last.
const GATES: &[Gate] = &[
    Gate::Path,
    Gate::Method,
    Gate::Authenticate,
    Gate::Throttle,
    Gate::Permit,
    Gate::Body,
];

impl Face for Enrollments {
    fn gates(&self) -> &'static [Gate] {
        GATES
    }

    /// The API's own host has none; the others are those of account hosts.
    fn prefixes(&self) -> &'static [&'static str] {
        &["", "/api/v2", "/api/v3", "/index.php/api/v2"]
    }

    fn cursor(&self, request: &Request) -> Option<String> {
        paged::token(request)
    }

    fn credential(&self, request: &Request) -> Option<String> {
        auth::credential(request)
    }
}

impl Surface<Ispring> for Enrollments {
    fn operations(&self) -> &'static [Operation<Ispring>] {
        operations::OPERATIONS
    }

    fn authenticate(
        &self,
        request: &Request,
        context: &Context<'_>,
    ) -> Result<Principal, AuthError> {
        auth::authenticate(request, context)
    }

    fn permits(&self, principal: &Principal, right: Permission, context: &Context<'_>) -> bool {
        context.read().may(principal, right)
    }

    fn throttle(
        &self,
        who: &Result<Principal, AuthError>,
        _: Option<&Row>,
        _: &Request,
        context: &Context<'_>,
    ) -> Result<(), ApiError> {
        match who {
            Ok(principal) => throttle::throttle(principal, context),
            Err(_) => Ok(()),
        }
    }

    fn expire(&self, request: &Request, context: &Context<'_>) -> bool {
        auth::expire(request, context)
    }

    fn refuse(&self, error: &ApiError, request: &Request, context: &Context<'_>) -> Reply {
        let behaviour = *context.read().behaviour();
        errors::refuse(error, errors::syntax(request), &behaviour)
    }
}

impl Face for TokenEndpoint {
    fn gates(&self) -> &'static [Gate] {
        &[Gate::Path, Gate::Method, Gate::Body]
    }
}

impl Surface<Ispring> for TokenEndpoint {
    fn operations(&self) -> &'static [Operation<Ispring>] {
        operations::TOKENS
    }

    fn refuse(&self, error: &ApiError, request: &Request, context: &Context<'_>) -> Reply {
        let behaviour = *context.read().behaviour();
        errors::refuse(error, token::syntax(request), &behaviour)
    }
}
