//! A request on its way through a surface: fault, gates, operation.

use std::sync::Arc;

use hyper::Method;

use crate::faults::{Effect, Refusal};
use crate::http::{Reply, Request};
use crate::sandbox::Sandbox;
use crate::vendors::{Access, ApiError, AuthError, Call, Gate, Notes, Principal, Route, Surface};

/// A request on its way through a surface.
pub(super) struct Asking<'a> {
    pub(super) route: &'a Route,
    pub(super) surface: &'static dyn Surface,
    pub(super) request: &'a Request,
    pub(super) sandbox: &'a Arc<Sandbox>,
    pub(super) who: &'a Result<Principal, AuthError>,
}

impl Asking<'_> {
    /// The answer, with what a fault makes of it.
    pub(super) fn answer(
        &self,
        effect: Option<&Effect>,
        passed: &mut usize,
        notes: &Notes,
    ) -> Result<Reply, ApiError> {
        match effect {
            Some(Effect::Refuse(refusal)) => Err(self.refused(*refusal)),
            Some(Effect::Respond(response)) => Ok(response.reply()),
            Some(Effect::LostReply) => {
                // Whatever it was, it was done; the client never learns.
                let _ = self.run(passed, notes);
                Err(ApiError::Unavailable(None))
            }
            Some(
                Effect::ExpireToken
                | Effect::Change(_)
                | Effect::Delay(_)
                | Effect::Wire(_)
                | Effect::Malformed,
            )
            | None => self.run(passed, notes),
        }
    }

    /// What a vendor that is made to refuse says.
    fn refused(&self, refusal: Refusal) -> ApiError {
        match refusal {
            Refusal::Throttled(after) => ApiError::Throttled(after),
            Refusal::Unauthorized => ApiError::Unauthenticated(AuthError::Unknown),
            Refusal::Forbidden => ApiError::Forbidden,
            Refusal::NotFound => {
                let last = self.request.inner().rsplit('/').find(|it| !it.is_empty());
                ApiError::NoSuchObject(last.unwrap_or_default().to_owned())
            }
            Refusal::ServerError => ApiError::Broken("a fault made the vendor break".to_owned()),
            Refusal::Maintenance(after) => ApiError::Unavailable(after),
        }
    }

    /// Takes the request through its surface's gates and into its operation.
    fn run(&self, passed: &mut usize, notes: &Notes) -> Result<Reply, ApiError> {
        let Asking {
            route,
            surface,
            request,
            sandbox,
            who,
        } = *self;
        if let Some(reply) = surface.preflight(request, sandbox) {
            return Ok(reply);
        }
        for gate in surface.gates() {
            if let Some(reply) = pass(*gate, route, surface, request, sandbox, who)? {
                return Ok(reply);
            }
            *passed += 1;
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
            principal: who.as_ref().unwrap_or(&Principal::NOBODY),
            params,
            notes,
        })
    }
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
        Gate::Throttle => surface.throttle(who, row, request, sandbox).err(),
        Gate::Body => request.oversized.then_some(ApiError::TooLarge),
    };
    refused.map_or(Ok(None), Err)
}
