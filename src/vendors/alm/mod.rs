//! Adobe Learning Manager's Prime API v2: enrollments and what every client asks for around them, as
//! JSON:API documents. What never enters: other vendors, sockets, YAML.

mod auth;
mod behaviour;
mod catalog;
mod check;
mod create;
mod cursor;
mod delete;
mod document;
mod emails;
mod errors;
mod fields;
pub mod generated;
mod get;
mod grades;
mod gzip;
mod headers;
mod include;
pub mod limits;
mod links;
mod list;
pub mod merged;
mod oauth;
mod operations;
mod params;
mod people;
pub mod records;
mod resources;
mod state;
mod subject;
mod system;
mod throttle;
mod tokens;
mod update;
mod world;
pub mod written;

use bytes::Bytes;
use hyper::Method;

pub use check::check;
pub use generated::Generated;
pub use world::{Base, World};

use crate::http::{Reply, Request};
use crate::platform::{self, ApiError, AuthError, Face, Gate, Operation, Principal, Row, Surface};
use records::AnyOf;

/// Adobe Learning Manager.
#[derive(Debug)]
pub struct Alm;

/// What the vendor sees of the sandbox that a request is for.
type Context<'a> = platform::Context<'a, World>;

/// A call of one of its operations.
type Call<'a> = platform::Call<'a, World>;

/// The Prime API.
#[derive(Debug)]
pub struct Prime;

/// The OAuth endpoints, which lie beside it and leave every caller anonymous.
#[derive(Debug)]
pub struct OAuth;

/// The vendor's public hosts.
pub const HOSTS: &[&str] = &[
    "learningmanager.adobe.com",
    "learningmanagereu.adobe.com",
    "learningmanagerapac.adobe.com",
    "captivateprime.adobe.com",
];

/// Who calls is asked first of all, and how often; what they may do is asked once the path is known.
const GATES: &[Gate] = &[
    Gate::Authenticate,
    Gate::Throttle,
    Gate::Path,
    Gate::Method,
    Gate::Media,
    Gate::Accept,
    Gate::Permit,
    Gate::Body,
];

impl Face for Prime {
    fn gates(&self) -> &'static [Gate] {
        GATES
    }

    fn prefixes(&self) -> &'static [&'static str] {
        // A stray slash between the two is in the vendor's own examples.
        &["/primeapi/v2", "/primeapi/v2/"]
    }

    fn cursor(&self, request: &Request) -> Option<String> {
        let params = params::Params::of(request);
        params.one(links::CURSOR).map(str::to_owned)
    }

    fn credential(&self, request: &Request) -> Option<String> {
        auth::credential(request)
    }

    fn encode(&self, reply: &mut Reply, request: &Request) -> Option<Bytes> {
        gzip::encode(reply, request)
    }
}

impl Surface<Alm> for Prime {
    fn operations(&self) -> &'static [Operation<Alm>] {
        operations::PRIME
    }

    fn authenticate(
        &self,
        request: &Request,
        context: &Context<'_>,
    ) -> Result<Principal, AuthError> {
        auth::authenticate(request, context)
    }

    fn permits(&self, principal: &Principal, any_of: AnyOf, _: &Context<'_>) -> bool {
        auth::permits(any_of, principal)
    }

    fn throttle(
        &self,
        who: &Result<Principal, AuthError>,
        _: Option<&Row>,
        request: &Request,
        context: &Context<'_>,
    ) -> Result<(), ApiError> {
        match who {
            Ok(principal) => throttle::throttle(principal, request, context),
            Err(_) => Ok(()),
        }
    }

    fn expire(&self, request: &Request, context: &Context<'_>) -> bool {
        auth::expire(request, context)
    }

    fn refuse(&self, error: &ApiError, request: &Request, context: &Context<'_>) -> Reply {
        // Beside the API every caller is anonymous.
        let is_beside = !errors::path(request).starts_with("/primeapi/");
        let error = match error {
            ApiError::Unauthenticated(_) if is_beside => &ApiError::NoSuchPath,
            error => error,
        };
        errors::refuse(error, request, context, errors::JSON_API)
    }

    fn preflight(&self, request: &Request, _: &Context<'_>) -> Option<Reply> {
        headers::preflight(request)
    }

    fn check_content_type(&self, request: &Request, context: &Context<'_>) -> Result<(), ApiError> {
        headers::check_content_type(request, context)
    }

    fn check_accept(&self, request: &Request, context: &Context<'_>) -> bool {
        headers::check_accept(request, context)
    }

    fn decorate(&self, reply: &mut Reply, request: &Request, _: &[Method], context: &Context<'_>) {
        headers::decorate(reply, request, context);
    }
}

impl Face for OAuth {
    fn gates(&self) -> &'static [Gate] {
        &[Gate::Path, Gate::Method, Gate::Body]
    }

    fn encode(&self, reply: &mut Reply, request: &Request) -> Option<Bytes> {
        gzip::encode(reply, request)
    }
}

impl Surface<Alm> for OAuth {
    fn operations(&self) -> &'static [Operation<Alm>] {
        operations::OAUTH
    }

    fn refuse(&self, error: &ApiError, request: &Request, context: &Context<'_>) -> Reply {
        errors::refuse(error, request, context, oauth::JSON)
    }

    fn preflight(&self, request: &Request, _: &Context<'_>) -> Option<Reply> {
        headers::preflight(request)
    }

    fn decorate(&self, reply: &mut Reply, request: &Request, _: &[Method], context: &Context<'_>) {
        headers::decorate(reply, request, context);
    }
}
