//! From what the command line names to what is served.

use jiff::Timestamp;

use crate::emulator::Emulator;
use crate::journal::Bounds;
use crate::place::Problem;
use crate::scenario::{Overrides, Scenario, Source};
use crate::vendors::Vendor;

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

/// Each vendor, and a token to try it with if the scenario lists one.
pub(super) fn greeting(emulator: &Emulator) -> Vec<(Vendor, Option<String>)> {
    let scenario = emulator.main().scenario();
    let of = |vendor: &Vendor| match vendor {
        Vendor::Ispring => scenario.ispring().first_token().map(str::to_owned),
    };
    Vendor::ALL
        .iter()
        .map(|vendor| (*vendor, of(vendor)))
        .collect()
}
