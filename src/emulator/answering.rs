//! How a vendor answers a request, whichever vendor it is: who calls, fault, gates, operation, and what goes
//! with every answer.

use jiff::Timestamp;

use super::Answer;
use super::effects::delivered;
use super::explain::{explained, nearest};
use super::gates::Dispatch;
use crate::faults::{CallInfo, Effect};
use crate::http::Request;
use crate::journal::{Signals, Why, mask};
use crate::platform::{Access, ApiError, AuthError, Kind, Notes, Route, Shared, System};
use crate::sandbox::Sandbox;
use crate::seed;
use crate::vendors::Visitor;

/// A request that belongs to a vendor, on its way to an answer.
pub(super) struct Answering<'a> {
    pub(super) request: &'a Request,
    pub(super) sandbox: &'a Sandbox,
    pub(super) route: &'a Route,
    /// What the sandbox's clock showed when the request came.
    pub(super) now: Timestamp,
}

impl Visitor for Answering<'_> {
    type Answer = Answer;

    fn visit<S: System>(self, world: &Shared<S::World>) -> Answer {
        let Answering {
            request,
            sandbox,
            route,
            now,
        } = self;
        let context = &sandbox.context(now, world);
        let surface = S::SURFACES[route.surface()];
        // What the scenario's release lacks is no operation, whatever the table says.
        let row = route
            .at()
            .map(|at| &surface.operations()[at.operation])
            .filter(|row| row.exists.is_none_or(|exists| exists(request, context)));
        let operation = match route {
            Route::Operation { .. } => row,
            Route::OtherMethods { .. } | Route::Nowhere => None,
        };
        let operation = operation.map(|operation| &operation.row);
        let mut who = surface.authenticate(request, context);
        let fault = sandbox.faults.evaluate(&CallInfo {
            request,
            vendor: S::VENDOR,
            operation: operation.map(|row| row.id),
            principal: who.as_ref().ok().map(|principal| principal.name.as_str()),
        });
        let effect = fault.as_ref().map(|hit| &hit.effect);
        if matches!(effect, Some(Effect::ExpireToken)) && surface.expire(request, context) {
            who = surface.authenticate(request, context);
        }
        let mut passed = 0;
        let notes = Notes::default();
        let call = Dispatch {
            route,
            surface,
            operation: row,
            request,
            context,
            who: &who,
        };
        let result = call.answer(effect, &mut passed, &notes);
        let is_expired = matches!(result, Err(ApiError::Unauthenticated(AuthError::Expired)));
        let (mut reply, refused) = match result {
            Ok(reply) => (reply, None),
            Err(error) => {
                let reply = surface.refuse(&error, request, context);
                (reply, Some(mask::sentence(explained(&error, request))))
            }
        };
        // A fault refuses before any gate does.
        let is_made_up = matches!(effect, Some(Effect::Refuse(_) | Effect::LostReply));
        let gate = surface.gates().get(passed);
        let gate = gate.filter(|_| refused.is_some() && !is_made_up);
        let nearest = match (operation, &refused) {
            (None, Some(_)) => nearest(request, Some(S::VENDOR)),
            (_, _) => Vec::new(),
        };
        let is_of_records = operation.is_some_and(|row| row.access != Access::Public);
        // An answer that the scenario wrote is sent as it stands there.
        let is_explicit = matches!(effect, Some(Effect::Respond(_)));
        let mut plain = None;
        if !is_explicit {
            surface.decorate(&mut reply, request, route.allowed(), context);
            plain = surface.encode(&mut reply, request);
        }
        let delivery = delivered(effect, &mut reply);
        let (scope, page) = notes.into_parts();
        let kind = operation.map(|row| row.kind);
        let mut cursor = None;
        if kind == Some(Kind::List) && page.is_none() && reply.status.is_client_error() {
            cursor = surface.cursor(request);
        }
        let signals = Signals {
            cursor: cursor.map(|cursor| seed::hash(cursor.as_bytes())),
            is_expired,
            delivery,
            is_corrupted: matches!(effect, Some(Effect::Malformed)),
        };
        Answer {
            reply,
            delivery,
            plain,
            vendor: Some(S::VENDOR),
            surface: Some(surface),
            operation: operation.map(|row| row.id),
            kind,
            principal: who.ok().map(|principal| principal.name),
            signals,
            may_show_secrets: !is_of_records || refused.is_some() || is_explicit,
            fault,
            why: Why {
                passed: surface.gates().get(..passed).unwrap_or_default(),
                gate: gate.map(|gate| gate.name()),
                refused,
                unchanged: None,
                scope,
                page,
                nearest,
            },
        }
    }
}
