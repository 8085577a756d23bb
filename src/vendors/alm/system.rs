//! Adobe Learning Manager as a value: what the registry asks of a vendor.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Alm, Base, Context, Generated, HOSTS, OAuth, Prime, World, check, limits, merged, oauth,
    records::AnyOf, written,
};
use crate::format::{Lost, Problems};
use crate::issuers::Issuer;
use crate::platform::{Surface, System, Vendor, Written};
use crate::seed::Population;

impl System for Alm {
    const VENDOR: Vendor = Vendor::Alm;
    const SURFACES: &'static [&'static dyn Surface<Self>] = &[&Prime, &OAuth];
    const HOSTS: &'static [&'static str] = HOSTS;
    const TOKEN_PARAMETERS: &'static [&'static str] = &["access_token", "refresh_token", "code"];
    // Tokens for learners are asked for with a JSON body.
    const TOKEN_MEMBERS: &'static [&'static str] = &["refresh_token"];
    const METERS: &'static str =
        "Adobe Learning Manager's leaky buckets, one for each user, application, role and verb.";

    type Right = AnyOf;
    type Section = written::Section;
    type Removed = written::Removed;
    type Limits = limits::Limits;
    type Merged = merged::Section;
    type Generated = Generated;
    type Base = Base;
    type World = World;

    fn generated(population: Arc<Population>, seed: u64, _: Timestamp) -> Generated {
        Generated::new(population, seed)
    }

    fn check(
        merged: &merged::Section,
        lost: &Lost,
        generated: Option<Arc<Generated>>,
        start: Timestamp,
        problems: &mut Problems,
    ) -> Base {
        check(merged, lost, generated, start, problems)
    }

    fn world(base: Arc<Base>, seed: u64, sandbox: &str) -> World {
        World::new(base, seed, sandbox)
    }

    fn noted_by(world: &mut World, issuer: &Issuer) {
        world.issued_mut().noted_by(issuer);
    }

    fn state(world: &World) -> (written::Section, written::Removed) {
        world.state()
    }

    fn before(
        world: &World,
        section: Option<&written::Section>,
        _: Option<&mut written::Removed>,
    ) -> (written::Section, written::Removed) {
        world.before(section)
    }

    fn generated_in(world: &World) -> Option<Arc<Generated>> {
        world.base.generated.clone()
    }

    fn over(world: &World, base: Arc<Base>) -> World {
        world.over(base)
    }

    fn counts(world: &World) -> Vec<(&'static str, u64)> {
        world.counts().into()
    }

    fn first_token(base: &Base) -> Option<&str> {
        base.first_token()
    }

    fn sample_path(_: &Base) -> &'static str {
        "/primeapi/v2/user"
    }

    fn issue_sample(context: &Context<'_>) -> Option<String> {
        oauth::issue_sample(context)
    }
}

impl Written for written::Section {}

impl Written for written::Removed {
    fn is_empty(&self) -> bool {
        self.enrollments.is_empty()
    }
}

impl Written for limits::Limits {
    fn is_empty(&self) -> bool {
        self.admin.is_empty() && self.learner.is_empty()
    }
}
