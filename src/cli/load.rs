//! Loads the scenario that the command line names.

use jiff::Timestamp;

use crate::emulator::Emulator;
use crate::journal::Bounds;
use crate::place::Problem;
use crate::platform::Vendor;
use crate::scenario::{Overrides, Scenario, Source};

/// Reads the scenario and makes an emulator of it.
pub(super) fn load(
    scenario: &str,
    seed: Option<u64>,
    now: Option<Timestamp>,
    journal: Bounds,
) -> Result<Emulator, Vec<Problem>> {
    let scenario = Scenario::load(&Source::parse(scenario), Overrides { seed, now })?;
    Ok(Emulator::new(scenario, journal))
}

/// A token to try a vendor with, and a path that it may read.
pub(super) struct SampleCall {
    pub(super) token: String,
    pub(super) path: &'static str,
}

/// Each vendor, with a token and a path to try it if the scenario lists one.
pub(super) fn greeting(emulator: &Emulator) -> Vec<(Vendor, Option<SampleCall>)> {
    let main = emulator.main();
    let scenario = main.scenario();
    let sample_call = |vendor: Vendor| {
        let bases = scenario.bases();
        Some(SampleCall {
            token: bases.first_token(vendor)?.to_owned(),
            path: bases.sample_path(vendor),
        })
    };
    let vendors = Vendor::ALL.iter();
    vendors
        .map(|vendor| (*vendor, sample_call(*vendor)))
        .collect()
}
