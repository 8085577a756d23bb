//! iSpring Learn as a value: what the registry asks of a vendor.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Base, Context, Enrollments, Generated, HOSTS, Ispring, TokenEndpoint, World, check, day,
    limits, merged, records::Permission, token, written,
};
use crate::format::{Lost, Problems};
use crate::issuers::Issuer;
use crate::platform::{Surface, System, Vendor, Written};
use crate::seed::Population;

impl System for Ispring {
    const VENDOR: Vendor = Vendor::Ispring;
    const SURFACES: &'static [&'static dyn Surface<Self>] = &[&Enrollments, &TokenEndpoint];
    const HOSTS: &'static [&'static str] = HOSTS;
    const TOKEN_PARAMETERS: &'static [&'static str] = &[];
    const METERS: &'static str =
        "iSpring Learn's, which are invented: sliding windows of a minute, one for each caller.";

    type Right = Permission;
    type Section = written::Section;
    type Removed = written::Removed;
    type Limits = limits::Limits;
    type Merged = merged::Section;
    type Generated = Generated;
    type Base = Base;
    type World = World;

    fn generated(population: Arc<Population>, seed: u64, end: Timestamp) -> Generated {
        Generated::new(population, seed, end)
    }

    fn check(
        merged: &merged::Section,
        lost: &Lost,
        generated: Option<Arc<Generated>>,
        start: Timestamp,
        problems: &mut Problems,
    ) -> Base {
        check(merged, lost, generated, day(start), problems)
    }

    fn world(base: Arc<Base>, seed: u64, sandbox: &str) -> World {
        World::new(base, seed, sandbox)
    }

    fn noted_by(world: &mut World, issuer: &Issuer) {
        world.tokens_mut().noted_by(issuer);
    }

    fn state(world: &World) -> (written::Section, written::Removed) {
        world.state()
    }

    fn before(
        world: &World,
        _: Option<&written::Section>,
        removed: Option<&mut written::Removed>,
    ) -> (written::Section, written::Removed) {
        world.before(removed)
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
        "/enrollment"
    }

    fn issue_sample(context: &Context<'_>) -> Option<String> {
        token::issue_sample(context)
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
        self.all.is_none()
    }
}
