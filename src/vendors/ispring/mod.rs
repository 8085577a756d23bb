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
mod id;
mod list;
mod listing;
pub mod merged;
mod one;
mod paged;
mod records;
mod row;
mod schedule;
mod state;
mod throttle;
mod token;
mod wire;
mod world;
pub mod written;
mod xml;

use hyper::Method;

pub use check::check;
pub use generated::Generated;
pub use id::{Id, NotAnId};
pub use schedule::day;
pub use token::token_at_hand;
pub use world::{Base, World};

use super::{Access, ApiError, AuthError, Gate, Operation, Principal, Row, Slash, Surface, Vendor};
use crate::http::{Reply, Request};
use crate::sandbox::Sandbox;
use records::Permission;

/// Everything but the token endpoint: its errors follow `Accept`, XML first.
#[derive(Debug)]
pub struct Enrollments;

/// The token endpoint: JSON first, and nobody is asked who calls.
#[derive(Debug)]
pub struct TokenEndpoint;

/// The surfaces; the first one speaks for paths that none of them has.
pub const SURFACES: &[&dyn Surface] = &[&Enrollments, &TokenEndpoint];

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

const OPERATIONS: &[Operation] = &[
    Operation {
        row: Row {
            id: "list_enrollments",
            method: Method::GET,
            path: "/enrollment",
            slash: Slash::Optional,
            access: Access::Needs("list_enrollments"),
            source: "vendor page \"Getting a List of Enrollments\"",
        },
        run: list::list_enrollments,
    },
    Operation {
        row: Row {
            id: "create_enrollments",
            method: Method::POST,
            path: "/enrollment",
            slash: Slash::Optional,
            access: Access::Needs("create_enrollments"),
            source: "vendor page \"Creating an Enrollment\"",
        },
        run: create::create_enrollments,
    },
    Operation {
        row: Row {
            id: "list_enrollments_paged",
            method: Method::GET,
            path: "/enrollments",
            slash: Slash::Optional,
            access: Access::Needs("list_enrollments"),
            source: "vendor OpenAPI, ListEnrollments",
        },
        run: paged::list_enrollments_paged,
    },
    Operation {
        row: Row {
            id: "list_enrollments_paged",
            method: Method::POST,
            path: "/enrollments",
            slash: Slash::Optional,
            access: Access::Needs("list_enrollments"),
            source: "vendor OpenAPI, ListEnrollmentsRequest",
        },
        run: paged::list_enrollments_paged,
    },
    Operation {
        row: Row {
            id: "get_enrollment",
            method: Method::GET,
            path: "/enrollment/{id}",
            slash: Slash::Optional,
            access: Access::Needs("list_enrollments"),
            source: "vendor page \"Getting Enrollment Info\"",
        },
        run: one::get_enrollment,
    },
    Operation {
        row: Row {
            id: "edit_enrollment",
            method: Method::POST,
            path: "/enrollment/{id}",
            slash: Slash::Optional,
            access: Access::Needs("edit_enrollments"),
            source: "vendor page \"Editing an Enrollment\"",
        },
        run: one::edit_enrollment,
    },
    Operation {
        row: Row {
            id: "reenroll",
            method: Method::POST,
            path: "/enrollment/{id}/reenroll",
            slash: Slash::Optional,
            access: Access::Needs("edit_enrollments"),
            source: "vendor OpenAPI",
        },
        run: one::reenroll,
    },
    Operation {
        row: Row {
            id: "delete_enrollments",
            method: Method::POST,
            path: "/enrollment/delete",
            slash: Slash::Optional,
            access: Access::Needs("delete_enrollments"),
            source: "vendor page \"Deleting an Enrollment\"",
        },
        run: delete::delete_enrollments,
    },
];

const TOKEN_OPERATIONS: &[Operation] = &[Operation {
    row: Row {
        id: "issue_token",
        method: Method::POST,
        path: "/api/v3/token",
        slash: Slash::Optional,
        access: Access::Public,
        source: "vendor page \"Access Token\"",
    },
    run: token::issue_token,
}];

impl Surface for Enrollments {
    fn vendor(&self) -> Vendor {
        Vendor::Ispring
    }

    fn gates(&self) -> &'static [Gate] {
        GATES
    }

    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    /// The API's own host has none; the others are those of account hosts.
    fn prefixes(&self) -> &'static [&'static str] {
        &["", "/api/v2", "/api/v3", "/index.php/api/v2"]
    }

    fn authenticate(&self, request: &Request, sandbox: &Sandbox) -> Result<Principal, AuthError> {
        auth::authenticate(request, sandbox)
    }

    fn cursor(&self, request: &Request) -> Option<String> {
        paged::token(request)
    }

    fn permits(&self, principal: &Principal, row: &Row, _: &Request, sandbox: &Sandbox) -> bool {
        match row.access {
            Access::Public | Access::Known => true,
            Access::Needs(right) => Permission::named(right)
                .is_some_and(|permission| sandbox.ispring().may(principal, permission)),
        }
    }

    fn throttle(
        &self,
        who: &Result<Principal, AuthError>,
        _: Option<&Row>,
        _: &Request,
        sandbox: &Sandbox,
    ) -> Result<(), ApiError> {
        match who {
            Ok(principal) => throttle::throttle(principal, sandbox),
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
        let behaviour = *sandbox.ispring().behaviour();
        errors::refuse(error, errors::syntax(request), &behaviour)
    }
}

impl Surface for TokenEndpoint {
    fn vendor(&self) -> Vendor {
        Vendor::Ispring
    }

    fn gates(&self) -> &'static [Gate] {
        &[Gate::Path, Gate::Method, Gate::Body]
    }

    fn operations(&self) -> &'static [Operation] {
        TOKEN_OPERATIONS
    }

    fn refuse(&self, error: &ApiError, request: &Request, sandbox: &Sandbox) -> Reply {
        let behaviour = *sandbox.ispring().behaviour();
        errors::refuse(error, token::syntax(request), &behaviour)
    }
}
