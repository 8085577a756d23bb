//! What a surface says by itself, without a request on its way through the gates.

use enrollmock::internals::http::{Reply, Request};
use enrollmock::internals::platform::{ApiError, At, Shared, System, Vendor};
use enrollmock::internals::sandbox::Sandbox;
use enrollmock::internals::vendors::Visitor;

/// Whether a vendor has an operation as the sandbox is set up.
pub fn exists(sandbox: &Sandbox, vendor: Vendor, at: At, request: &Request) -> bool {
    let exists = Exists {
        sandbox,
        at,
        request,
    };
    sandbox.vendors.visit(vendor, exists)
}

/// How the surface of this number says no, with what goes with every answer.
pub fn refusal(
    sandbox: &Sandbox,
    (vendor, surface): (Vendor, usize),
    error: &ApiError,
    request: &Request,
) -> Reply {
    let refusal = Refusal {
        sandbox,
        surface,
        error,
        request,
    };
    sandbox.vendors.visit(vendor, refusal)
}

struct Exists<'a> {
    sandbox: &'a Sandbox,
    at: At,
    request: &'a Request,
}

impl Visitor for Exists<'_> {
    type Answer = bool;

    fn visit<S: System>(self, world: &Shared<S::World>) -> bool {
        let operations = S::SURFACES[self.at.surface].operations();
        let Some(exists) = operations[self.at.operation].exists else {
            return true;
        };
        let now = self.sandbox.clock.now();
        exists(self.request, &self.sandbox.context(now, world))
    }
}

struct Refusal<'a> {
    sandbox: &'a Sandbox,
    surface: usize,
    error: &'a ApiError,
    request: &'a Request,
}

impl Visitor for Refusal<'_> {
    type Answer = Reply;

    fn visit<S: System>(self, world: &Shared<S::World>) -> Reply {
        let now = self.sandbox.clock.now();
        let context = self.sandbox.context(now, world);
        let surface = S::SURFACES[self.surface];
        let mut reply = surface.refuse(self.error, self.request, &context);
        surface.decorate(&mut reply, self.request, &[], &context);
        reply
    }
}
