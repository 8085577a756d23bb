//! A request on its way through a surface: fault, gates, operation.

use hyper::Method;

use crate::faults::{Effect, Refusal};
use crate::http::{Reply, Request};
use crate::platform::{
    Access, ApiError, AuthError, Call, Context, Gate, Notes, Operation, Principal, Route, Surface,
    System,
};

/// A request on its way through a surface.
pub(super) struct Dispatch<'a, S: System> {
    pub(super) route: &'a Route,
    pub(super) surface: &'static dyn Surface<S>,
    /// The operation, or the first of those with other methods, if the vendor has it as the scenario sets it up.
    pub(super) operation: Option<&'static Operation<S>>,
    pub(super) request: &'a Request,
    pub(super) context: &'a Context<'a, S::World>,
    pub(super) who: &'a Result<Principal, AuthError>,
}

impl<S: System> Dispatch<'_, S> {
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
        if let Some(reply) = self.surface.preflight(self.request, self.context) {
            return Ok(reply);
        }
        for gate in self.surface.gates() {
            if let Some(reply) = self.pass(*gate)? {
                return Ok(reply);
            }
            *passed += 1;
        }
        // A surface whose gates let an unknown path pass has still nothing to run.
        let (Some(operation), Route::Operation { params, .. }) = (self.operation, self.route)
        else {
            return Err(ApiError::NoSuchPath);
        };
        (operation.run)(&Call {
            request: self.request,
            context: self.context,
            principal: self.who.as_ref().unwrap_or(&Principal::NOBODY),
            params,
            notes,
        })
    }

    /// Takes the request through one gate. An answer means that nothing more is to be done.
    fn pass(&self, gate: Gate) -> Result<Option<Reply>, ApiError> {
        let Dispatch {
            surface,
            operation,
            request,
            context,
            who,
            route: _,
        } = *self;
        match gate {
            Gate::Path if operation.is_none() => Err(ApiError::NoSuchPath),
            Gate::Path => Ok(None),
            Gate::Media => surface.check_content_type(request, context).map(|()| None),
            Gate::Accept if surface.check_accept(request, context) => Ok(None),
            Gate::Accept => Err(ApiError::NotAcceptable),
            Gate::Method => self.pass_method(),
            Gate::Authenticate => {
                let is_public = operation.is_some_and(|it| it.row.access == Access::Public);
                match who {
                    Err(error) if !is_public => Err(ApiError::Unauthenticated(error.clone())),
                    Ok(_) | Err(_) => Ok(None),
                }
            }
            Gate::Permit => match (operation.map(|it| it.access), who) {
                (Some(Access::Needs(right)), Ok(principal))
                    if !surface.permits(principal, right, context) =>
                {
                    Err(ApiError::Forbidden)
                }
                (_, _) => Ok(None),
            },
            Gate::Throttle => {
                let row = operation.map(|it| &it.row);
                surface.throttle(who, row, request, context).map(|()| None)
            }
            Gate::Body if request.oversized => Err(ApiError::TooLarge),
            Gate::Body => Ok(None),
        }
    }

    fn pass_method(&self) -> Result<Option<Reply>, ApiError> {
        let (Route::OtherMethods { allowed, .. }, Some(operation)) = (self.route, self.operation)
        else {
            return Ok(None);
        };
        match operation.options {
            Some(options) if self.request.method == Method::OPTIONS => Ok(Some(options())),
            Some(_) | None => Err(ApiError::MethodNotAllowed(allowed.clone())),
        }
    }
}
