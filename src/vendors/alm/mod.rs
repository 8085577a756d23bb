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
mod grades;
mod gzip;
mod headers;
mod include;
mod links;
mod list;
pub mod merged;
mod oauth;
mod one;
mod params;
mod people;
pub mod records;
mod resources;
mod state;
mod throttle;
mod tokens;
mod update;
mod whose;
mod world;
pub mod written;

use bytes::Bytes;
use hyper::Method;

pub use check::check;
pub use generated::Generated;
pub use oauth::token_at_hand;
pub use world::{Base, World};

use super::{Access, ApiError, AuthError, Gate, Operation, Principal, Row, Slash, Surface, Vendor};
use crate::http::{Reply, Request};
use crate::sandbox::Sandbox;

/// The Prime API.
#[derive(Debug)]
pub struct Prime;

/// The OAuth endpoints, which lie beside it and ask nobody who calls.
#[derive(Debug)]
pub struct OAuth;

/// The surfaces; the first one speaks for paths that none of them has.
pub const SURFACES: &[&dyn Surface] = &[&Prime, &OAuth];

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

/// Any scope to read.
const READ: Access = Access::Needs("read");
/// The administrator's scope to write: what changes other people's enrollments is the Admin API.
const ADMIN_WRITE: Access = Access::Needs("admin:write");
/// The learner's scope to read.
const LEARNER_READ: Access = Access::Needs("learner:read");
/// The learner's scope to write.
const LEARNER_WRITE: Access = Access::Needs("learner:write");

const OPERATIONS: &[Operation] = &[
    Operation {
        row: Row {
            id: "list_user_enrollments",
            method: Method::GET,
            path: "/users/{id}/enrollments",
            slash: Slash::Never,
            access: READ,
            source: "recorded call of 2024-06-09",
        },
        run: list::list_user_enrollments,
    },
    Operation {
        row: Row {
            id: "create_user_enrollment",
            method: Method::POST,
            path: "/users/{id}/enrollments",
            slash: Slash::Never,
            access: ADMIN_WRITE,
            source: "release notes of July 2023, Admin API changes",
        },
        run: create::create_user_enrollment,
    },
    Operation {
        row: Row {
            id: "get_user_enrollment",
            method: Method::GET,
            path: "/users/{id}/enrollments/{enrollment}",
            slash: Slash::Never,
            access: READ,
            source: "release notes of July 2023, Admin API changes",
        },
        run: one::get_user_enrollment,
    },
    Operation {
        row: Row {
            id: "update_user_enrollment",
            method: Method::PATCH,
            path: "/users/{id}/enrollments/{enrollment}",
            slash: Slash::Never,
            access: ADMIN_WRITE,
            source: "release notes of July 2023, Admin API changes",
        },
        run: update::update_user_enrollment,
    },
    Operation {
        row: Row {
            id: "delete_user_enrollment",
            method: Method::DELETE,
            path: "/users/{id}/enrollments/{enrollment}",
            slash: Slash::Never,
            access: ADMIN_WRITE,
            source: "release notes of July 2023, Admin API changes",
        },
        run: delete::delete_user_enrollment,
    },
    Operation {
        row: Row {
            id: "list_enrollments",
            method: Method::GET,
            path: "/enrollments",
            slash: Slash::Never,
            access: LEARNER_READ,
            source: "Adobe's reference site, useCompliance",
        },
        run: list::list_enrollments,
    },
    Operation {
        row: Row {
            id: "create_enrollment",
            method: Method::POST,
            path: "/enrollments",
            slash: Slash::Never,
            access: LEARNER_WRITE,
            source: "Adobe's reference site, useTrainingPage",
        },
        run: create::create_enrollment,
    },
    Operation {
        row: Row {
            id: "get_enrollment",
            method: Method::GET,
            path: "/enrollments/{enrollment}",
            slash: Slash::Never,
            access: LEARNER_READ,
            source: "Adobe's reference site, useTrainingPage",
        },
        run: one::get_enrollment,
    },
    Operation {
        row: Row {
            id: "update_enrollment",
            method: Method::PATCH,
            path: "/enrollments/{enrollment}",
            slash: Slash::Never,
            access: LEARNER_WRITE,
            source: "Adobe's reference site, useTrainingPage",
        },
        run: update::update_enrollment,
    },
    Operation {
        row: Row {
            id: "delete_enrollment",
            method: Method::DELETE,
            path: "/enrollments/{enrollment}",
            slash: Slash::Never,
            access: LEARNER_WRITE,
            source: "Adobe's reference site, useTrainingPage",
        },
        run: delete::delete_enrollment,
    },
    Operation {
        row: Row {
            id: "get_resource_grade",
            method: Method::GET,
            path: "/loResourceGrades/{id}",
            slash: Slash::Never,
            access: READ,
            source: "text under the recorded call",
        },
        run: grades::get_resource_grade,
    },
    Operation {
        row: Row {
            id: "get_current_user",
            method: Method::GET,
            path: "/user",
            slash: Slash::Never,
            access: READ,
            source: "developer manual, users",
        },
        run: people::get_current_user,
    },
    Operation {
        row: Row {
            id: "get_user",
            method: Method::GET,
            path: "/users/{id}",
            slash: Slash::Never,
            access: READ,
            source: "developer manual, users",
        },
        run: people::get_user,
    },
    Operation {
        row: Row {
            id: "get_learning_object",
            method: Method::GET,
            path: "/learningObjects/{id}",
            slash: Slash::Never,
            access: READ,
            source: "developer manual, learningObjects",
        },
        run: catalog::get_learning_object,
    },
];

const OAUTH_OPERATIONS: &[Operation] = &[
    Operation {
        row: Row {
            id: "authorize",
            method: Method::GET,
            path: "/oauth/o/authorize",
            slash: Slash::Never,
            access: Access::Public,
            source: "developer manual, OAuth",
        },
        run: oauth::authorize,
    },
    Operation {
        row: Row {
            id: "issue_token",
            method: Method::POST,
            path: "/oauth/token",
            slash: Slash::Never,
            access: Access::Public,
            source: "developer manual, OAuth",
        },
        run: oauth::issue_token,
    },
    Operation {
        row: Row {
            id: "refresh_token",
            method: Method::POST,
            path: "/oauth/token/refresh",
            slash: Slash::Never,
            access: Access::Public,
            source: "developer manual, OAuth",
        },
        run: oauth::refresh_token,
    },
    Operation {
        row: Row {
            id: "check_token",
            method: Method::GET,
            path: "/oauth/token/check",
            slash: Slash::Never,
            access: Access::Public,
            source: "developer manual, OAuth",
        },
        run: oauth::check_token,
    },
    Operation {
        row: Row {
            id: "issue_learner_token",
            method: Method::POST,
            path: "/oauth/o/learnerToken",
            slash: Slash::Never,
            access: Access::Public,
            source: "developer manual, OAuth",
        },
        run: oauth::issue_learner_token,
    },
    Operation {
        row: Row {
            id: "issue_learner_token",
            method: Method::POST,
            path: "/oauth/learnerToken",
            slash: Slash::Never,
            access: Access::Public,
            source: "developer manual, the other spelling of the same call",
        },
        run: oauth::issue_learner_token,
    },
];

impl Surface for Prime {
    fn vendor(&self) -> Vendor {
        Vendor::Alm
    }

    fn gates(&self) -> &'static [Gate] {
        GATES
    }

    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    fn prefixes(&self) -> &'static [&'static str] {
        // A stray slash between the two is in the vendor's own examples.
        &["/primeapi/v2", "/primeapi/v2/"]
    }

    fn authenticate(&self, request: &Request, sandbox: &Sandbox) -> Result<Principal, AuthError> {
        auth::authenticate(request, sandbox)
    }

    fn cursor(&self, request: &Request) -> Option<String> {
        let params = params::Params::of(request);
        params.one(links::CURSOR).map(str::to_owned)
    }

    fn permits(&self, principal: &Principal, row: &Row, _: &Request, _: &Sandbox) -> bool {
        auth::permits(row, principal)
    }

    fn throttle(
        &self,
        who: &Result<Principal, AuthError>,
        _: Option<&Row>,
        request: &Request,
        sandbox: &Sandbox,
    ) -> Result<(), ApiError> {
        match who {
            Ok(principal) => throttle::throttle(principal, request, sandbox),
            Err(_) => Ok(()),
        }
    }

    fn credential(&self, request: &Request) -> Option<String> {
        auth::credential(request)
    }

    fn expire(&self, request: &Request, sandbox: &Sandbox) -> bool {
        auth::expire(request, sandbox)
    }

    fn refuse(&self, error: &ApiError, request: &Request, sandbox: &Sandbox) -> Reply {
        // Beside the API nobody is asked who calls.
        let is_beside = !errors::path(request).starts_with("/primeapi/");
        let error = match error {
            ApiError::Unauthenticated(_) if is_beside => &ApiError::NoSuchPath,
            error => error,
        };
        errors::refuse(error, request, sandbox, errors::JSON_API)
    }

    fn preflight(&self, request: &Request, _: &Sandbox) -> Option<Reply> {
        headers::preflight(request)
    }

    fn reads(&self, request: &Request, sandbox: &Sandbox) -> Result<(), ApiError> {
        headers::reads(request, sandbox)
    }

    fn accepts(&self, request: &Request, sandbox: &Sandbox) -> bool {
        headers::accepts(request, sandbox)
    }

    fn dress(&self, reply: &mut Reply, request: &Request, _: &[Method], sandbox: &Sandbox) {
        headers::dress(reply, request, sandbox);
    }

    fn pack(&self, reply: &mut Reply, request: &Request) -> Option<Bytes> {
        gzip::pack(reply, request)
    }
}

impl Surface for OAuth {
    fn vendor(&self) -> Vendor {
        Vendor::Alm
    }

    fn gates(&self) -> &'static [Gate] {
        &[Gate::Path, Gate::Method, Gate::Body]
    }

    fn operations(&self) -> &'static [Operation] {
        OAUTH_OPERATIONS
    }

    fn refuse(&self, error: &ApiError, request: &Request, sandbox: &Sandbox) -> Reply {
        errors::refuse(error, request, sandbox, oauth::JSON)
    }

    fn preflight(&self, request: &Request, _: &Sandbox) -> Option<Reply> {
        headers::preflight(request)
    }

    fn dress(&self, reply: &mut Reply, request: &Request, _: &[Method], sandbox: &Sandbox) {
        headers::dress(reply, request, sandbox);
    }

    fn pack(&self, reply: &mut Reply, request: &Request) -> Option<Bytes> {
        gzip::pack(reply, request)
    }
}
