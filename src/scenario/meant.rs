//! A scenario as meant: checked, and nothing left to go wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock::Setting;
use crate::vendors::{Vendor, alm, ispring, openedx};

/// A story, ready to be served.
#[derive(Debug)]
pub struct Scenario {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) seed: u64,
    pub(super) start: Setting,
    pub(super) hosts: BTreeMap<String, Vendor>,
    pub(super) ispring: Arc<ispring::Base>,
    pub(super) openedx: Arc<openedx::Base>,
    pub(super) alm: Arc<alm::Base>,
}

impl Scenario {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a client learns from it.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The number that everything drawn comes from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What the clock shows at the start.
    pub fn start(&self) -> Setting {
        self.start
    }

    /// Further host names that mean a vendor, in lower case.
    pub fn hosts(&self) -> &BTreeMap<String, Vendor> {
        &self.hosts
    }

    /// iSpring's records, credentials and switches.
    pub fn ispring(&self) -> &Arc<ispring::Base> {
        &self.ispring
    }

    /// Open edX's records, credentials and switches.
    pub fn openedx(&self) -> &Arc<openedx::Base> {
        &self.openedx
    }

    /// Adobe Learning Manager's records, credentials and switches.
    pub fn alm(&self) -> &Arc<alm::Base> {
        &self.alm
    }
}
