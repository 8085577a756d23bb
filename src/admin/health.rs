//! `GET /__admin/health`: says what is served, and since when.

use std::collections::BTreeMap;

use hyper::StatusCode;
use serde::Serialize;

use super::World;
use super::answer::json;
use super::clock::ClockView;
use crate::http::{Reply, Request};
use crate::platform::Vendor;

#[derive(Serialize)]
struct HealthView<'a> {
    version: &'static str,
    scenario: &'a str,
    seed: u64,
    clock: ClockView,
    /// In real time.
    uptime_ms: u64,
    #[serde(flatten)]
    counts: Counts,
}

/// How many records there are.
#[derive(Serialize)]
pub(super) struct Counts {
    /// Records of each table of each vendor.
    records: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
}

impl Counts {
    pub(super) fn of(world: &World<'_>) -> Counts {
        let sandbox = world.sandbox;
        let records = Vendor::ALL.iter().map(|vendor| {
            let counts = sandbox.counts(*vendor);
            (vendor.name(), counts.into_iter().collect())
        });
        Counts {
            records: records.collect(),
        }
    }
}

/// Says what is served.
pub fn health(_: &Request, world: &World<'_>) -> Reply {
    let sandbox = world.sandbox;
    json(
        StatusCode::OK,
        &HealthView {
            version: env!("CARGO_PKG_VERSION"),
            scenario: sandbox.scenario().name(),
            seed: sandbox.seed(),
            clock: sandbox.clock.setting().into(),
            uptime_ms: world.uptime.elapsed().as_millis() as u64,
            counts: Counts::of(world),
        },
    )
}
