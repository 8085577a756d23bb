//! Open edX as a value: what the registry asks of a vendor.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Base, Context, Generated, Openedx, SURFACES, World, check, limits, merged, operations::Staff,
    token, written,
};
use crate::format::{Lost, Problems};
use crate::issuers::Issuer;
use crate::platform::{Surface, System, Vendor, Written};
use crate::seed::Population;

impl System for Openedx {
    const VENDOR: Vendor = Vendor::Openedx;
    const SURFACES: &'static [&'static dyn Surface<Self>] = SURFACES;
    const HOSTS: &'static [&'static str] = &[];
    const TOKEN_PARAMETERS: &'static [&'static str] = &["refresh_token", "token"];
    const METERS: &'static str = "Open edX's sliding windows of a minute, one for each user, over bulk enroll and the enrollment API.";
    const DECODES_PATHS: bool = true;

    type Right = Staff;
    type Section = written::Section;
    type Removed = written::Removed;
    type Limits = limits::Limits;
    type Merged = merged::Section;
    type Generated = Generated;
    type Base = Base;
    type World = World;

    fn generated(population: Arc<Population>, _: u64, _: Timestamp) -> Generated {
        Generated::new(population)
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

    fn settle(next: &mut World, before: &World, merged: &merged::Section, now: Timestamp) {
        next.register_listed(before, merged, now);
    }

    fn counts(world: &World) -> Vec<(&'static str, u64)> {
        world.counts().into()
    }

    fn first_token(base: &Base) -> Option<&str> {
        base.first_token()
    }

    fn sample_path(base: &Base) -> &'static str {
        match base.first_token_is_staffs() {
            true => "/api/so2/v1/enrollments",
            // Every known caller has a name.
            false => "/api/user/v1/me",
        }
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
        self.user.is_none() && self.staff.is_none()
    }
}
