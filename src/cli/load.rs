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

/// A token to try a vendor with, and a path that it may read.
pub(super) struct ToTry {
    pub(super) token: String,
    pub(super) path: &'static str,
}

/// Each vendor, and what to try it with if the scenario lists a token.
pub(super) fn greeting(emulator: &Emulator) -> Vec<(Vendor, Option<ToTry>)> {
    let main = emulator.main();
    let scenario = main.scenario();
    let to_try = |vendor: Vendor| {
        let (token, path) = match vendor {
            Vendor::Ispring => (scenario.ispring().first_token(), "/enrollment"),
            Vendor::Openedx => {
                let path = match scenario.openedx().first_token_is_staffs() {
                    true => "/api/so2/v1/enrollments",
                    // Whoever is known has a name.
                    false => "/api/user/v1/me",
                };
                (scenario.openedx().first_token(), path)
            }
            Vendor::Alm => (scenario.alm().first_token(), "/primeapi/v2/user"),
        };
        let token = token?.to_owned();
        Some(ToTry { token, path })
    };
    let vendors = Vendor::ALL.iter();
    vendors.map(|vendor| (*vendor, to_try(*vendor))).collect()
}
