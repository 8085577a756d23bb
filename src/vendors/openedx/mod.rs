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
mod csrf;
mod dumps;
mod enrollment;
mod errors;
pub mod generated;
mod hs256;
mod json;
mod jwt;
mod like;
mod list;
mod me;
pub mod merged;
mod negotiation;
mod options;
mod pages;
pub mod records;
mod rows;
pub mod selection;
mod so2;
mod state;
mod throttle;
mod token;
mod tokens;
mod word;
mod words;
mod world;
pub mod written;

use hyper::Method;

pub use check::check;
pub use generated::Generated;
pub use records::{Course, Enrollment, Invitation, Mode, User};
pub use token::token_at_hand;
pub use world::{Base, World};

use super::{Access, ApiError, AuthError, Gate, Operation, Principal, Row, Slash, Surface, Vendor};
use crate::http::{Reply, Request};
use crate::sandbox::Sandbox;
use auth::{Inactive, Newcomers};
use errors::Dialect;

/// Everything that Django REST framework answers; what differs is who may call and how no is said.
#[derive(Debug)]
pub struct Api {
    operations: &'static [Operation],
    /// What becomes of accounts that were never activated.
    inactive: Inactive,
    /// What becomes of callers whom nobody knew.
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
pub const SURFACES: &[&dyn Surface] = &[
    &Site,
    &Api {
        operations: STAFF_OPERATIONS,
        inactive: Inactive::Refused,
        newcomers: Newcomers::Leave,
        dialect: Dialect::Plain,
    },
    &Api {
        operations: ENROLLMENT_OPERATIONS,
        inactive: Inactive::Welcome,
        newcomers: Newcomers::Stay,
        dialect: Dialect::Plain,
    },
    &Api {
        operations: LIST_OPERATIONS,
        inactive: Inactive::Welcome,
        newcomers: Newcomers::Leave,
        dialect: Dialect::DeveloperError,
    },
    &OAuth,
];

/// No host of the vendor's is known: each customer has a site of its own.
pub const HOSTS: &[&str] = &[];

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

/// The right of global staff, and of course administrators where a switch says so.
const STAFF: &str = "staff";

const STAFF_OPERATIONS: &[Operation] = &[
    Operation {
        row: Row {
            id: "bulk_enroll",
            method: Method::POST,
            path: "/api/bulk_enroll/v1/bulk_enroll",
            slash: Slash::Optional,
            access: Access::Needs(STAFF),
            source: "vendor page \"Enrollments\", Bulk enroll or unenroll users",
        },
        run: bulk_enroll::bulk_enroll,
    },
    Operation {
        row: Row {
            id: "bulk_enroll",
            method: Method::POST,
            // Up to Maple the pattern has no end.
            path: "/api/bulk_enroll/v1/{*rest}",
            slash: Slash::Never,
            access: Access::Needs(STAFF),
            source: "upstream bulk_enroll/urls.py up to Maple",
        },
        run: bulk_enroll::bulk_enroll,
    },
    Operation {
        row: Row {
            id: "list_so2_enrollments",
            method: Method::GET,
            path: "/api/so2/v1/enrollments",
            slash: Slash::Optional,
            access: Access::Needs(STAFF),
            source: "vendor page \"Enrollments\"",
        },
        run: so2::list_so2_enrollments,
    },
    Operation {
        row: Row {
            id: "list_so2_completion",
            method: Method::GET,
            path: "/api/so2/v1/completion",
            slash: Slash::Optional,
            access: Access::Needs(STAFF),
            source: "vendor page \"Completion\"",
        },
        run: so2::list_so2_completion,
    },
    Operation {
        row: Row {
            id: "list_so2_grades",
            method: Method::GET,
            path: "/api/so2/v1/grades",
            slash: Slash::Optional,
            access: Access::Needs(STAFF),
            source: "vendor page \"Grades\"",
        },
        run: so2::list_so2_grades,
    },
];

const ENROLLMENT_OPERATIONS: &[Operation] = &[
    Operation {
        row: Row {
            id: "list_user_enrollments",
            method: Method::GET,
            path: "/api/enrollment/v1/enrollment",
            slash: Slash::Never,
            access: Access::Known,
            source: "upstream enrollments/views.py, EnrollmentListView",
        },
        run: enrollment::list_user_enrollments,
    },
    Operation {
        row: Row {
            id: "create_enrollment",
            method: Method::POST,
            path: "/api/enrollment/v1/enrollment",
            slash: Slash::Never,
            access: Access::Known,
            source: "upstream enrollments/views.py, EnrollmentListView",
        },
        run: enrollment::create_enrollment,
    },
    Operation {
        row: Row {
            id: "get_enrollment",
            method: Method::GET,
            path: "/api/enrollment/v1/enrollment/{*which}",
            slash: Slash::Never,
            access: Access::Known,
            source: "upstream enrollments/views.py, EnrollmentView",
        },
        run: enrollment::get_enrollment,
    },
    Operation {
        row: Row {
            id: "get_current_user",
            method: Method::GET,
            path: "/api/user/v1/me",
            slash: Slash::Never,
            access: Access::Known,
            source: "upstream user_api/urls.py",
        },
        run: me::get_current_user,
    },
];

const LIST_OPERATIONS: &[Operation] = &[Operation {
    row: Row {
        id: "list_enrollments",
        method: Method::GET,
        path: "/api/enrollment/v1/enrollments",
        slash: Slash::Optional,
        access: Access::Needs(STAFF),
        source: "upstream enrollments/views.py, CourseEnrollmentsApiListView",
    },
    run: list::list_enrollments,
}];

const TOKEN_OPERATIONS: &[Operation] = &[
    Operation {
        row: Row {
            id: "issue_token",
            method: Method::POST,
            path: "/oauth2/access_token",
            slash: Slash::Optional,
            access: Access::Public,
            source: "upstream oauth_dispatch/urls.py",
        },
        run: token::issue_token,
    },
    Operation {
        row: Row {
            id: "revoke_token",
            method: Method::POST,
            path: "/oauth2/revoke_token",
            slash: Slash::Optional,
            access: Access::Public,
            source: "upstream oauth_dispatch/urls.py",
        },
        run: token::revoke_token,
    },
];

impl Surface for Api {
    fn vendor(&self) -> Vendor {
        Vendor::Openedx
    }

    fn gates(&self) -> &'static [Gate] {
        GATES
    }

    fn operations(&self) -> &'static [Operation] {
        self.operations
    }

    fn authenticate(&self, request: &Request, sandbox: &Sandbox) -> Result<Principal, AuthError> {
        auth::authenticate(request, sandbox, self.inactive, self.newcomers)
    }

    fn cursor(&self, request: &Request) -> Option<String> {
        list::cursor(request)
    }

    fn permits(&self, principal: &Principal, row: &Row, _: &Request, sandbox: &Sandbox) -> bool {
        match row.access {
            Access::Public | Access::Known => true,
            Access::Needs(_) => auth::is_staff(principal, sandbox),
        }
    }

    fn throttle(
        &self,
        who: &Result<Principal, AuthError>,
        row: Option<&Row>,
        _: &Request,
        sandbox: &Sandbox,
    ) -> Result<(), ApiError> {
        match (who, row) {
            (Ok(principal), Some(row)) => throttle::throttle(principal, row, sandbox),
            (_, _) => Ok(()),
        }
    }

    fn decodes_paths(&self) -> bool {
        true
    }

    fn credential(&self, request: &Request) -> Option<String> {
        auth::token(request)
    }

    fn expire(&self, request: &Request, sandbox: &Sandbox) -> bool {
        auth::expire(request, sandbox)
    }

    fn refuse(&self, error: &ApiError, request: &Request, sandbox: &Sandbox) -> Reply {
        errors::refuse(error, self.dialect, request, sandbox)
    }

    fn preflight(&self, request: &Request, sandbox: &Sandbox) -> Option<Reply> {
        cors::preflight(request, sandbox)
    }

    fn has(&self, row: &Row, request: &Request, sandbox: &Sandbox) -> bool {
        match row.id {
            "bulk_enroll" => bulk_enroll::is_mounted(request, sandbox),
            "get_enrollment" => enrollment::is_route(request),
            _ => true,
        }
    }

    fn accepts(&self, request: &Request, _: &Sandbox) -> bool {
        negotiation::accepts_json(request)
    }

    fn describe(&self, row: &Row, _allowed: &[Method]) -> Option<Reply> {
        options::describe(row)
    }

    fn dress(&self, reply: &mut Reply, request: &Request, allowed: &[Method], sandbox: &Sandbox) {
        errors::dress(reply, request, allowed, sandbox);
    }
}

impl Surface for Site {
    fn vendor(&self) -> Vendor {
        Vendor::Openedx
    }

    fn gates(&self) -> &'static [Gate] {
        &[Gate::Path]
    }

    fn operations(&self) -> &'static [Operation] {
        &[]
    }

    fn decodes_paths(&self) -> bool {
        true
    }

    fn refuse(&self, error: &ApiError, request: &Request, sandbox: &Sandbox) -> Reply {
        errors::refuse(error, Dialect::Plain, request, sandbox)
    }

    fn preflight(&self, request: &Request, sandbox: &Sandbox) -> Option<Reply> {
        cors::preflight(request, sandbox)
    }

    fn dress(&self, reply: &mut Reply, request: &Request, allowed: &[Method], sandbox: &Sandbox) {
        errors::dress(reply, request, allowed, sandbox);
    }
}

impl Surface for OAuth {
    fn vendor(&self) -> Vendor {
        Vendor::Openedx
    }

    fn gates(&self) -> &'static [Gate] {
        &[Gate::Path, Gate::Method, Gate::Body]
    }

    fn operations(&self) -> &'static [Operation] {
        TOKEN_OPERATIONS
    }

    fn decodes_paths(&self) -> bool {
        true
    }

    fn refuse(&self, error: &ApiError, request: &Request, sandbox: &Sandbox) -> Reply {
        errors::refuse(error, Dialect::OAuth, request, sandbox)
    }

    fn preflight(&self, request: &Request, sandbox: &Sandbox) -> Option<Reply> {
        cors::preflight(request, sandbox)
    }

    fn describe(&self, _: &Row, _: &[Method]) -> Option<Reply> {
        Some(options::describe_bare())
    }

    fn dress(&self, reply: &mut Reply, request: &Request, allowed: &[Method], sandbox: &Sandbox) {
        errors::dress_oauth(reply, request, allowed, sandbox);
    }
}
