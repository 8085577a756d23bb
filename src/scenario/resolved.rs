//! A scenario as meant: checked, and nothing left to go wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Frame, ScenarioFile};
use crate::clock::Setting;
use crate::expect::Claim;
use crate::faults::Rule;
use crate::limits::Rates;
use crate::place::Problem;
use crate::platform::Vendor;
use crate::vendors::{Bases, Systems};

use super::{Overrides, Source};

/// A scenario, ready to be served.
#[derive(Debug)]
pub struct Scenario {
    pub(super) source: Source,
    pub(super) overrides: Overrides,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) seed: u64,
    pub(super) start: Setting,
    pub(super) hosts: BTreeMap<String, Vendor>,
    pub(super) bases: Bases,
    pub(super) faults: Arc<[Arc<Rule>]>,
    pub(super) rates: Arc<Rates>,
    pub(super) claims: Arc<[Claim]>,
    pub(super) frame: Frame,
    pub(super) beside: Option<PathBuf>,
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

    /// The same scenario with another seed, read again from where it came from.
    ///
    /// # Errors
    /// What is wrong there by now.
    pub fn with_seed(&self, seed: u64) -> Result<Scenario, Vec<Problem>> {
        let overrides = Overrides {
            seed: Some(seed),
            ..self.overrides
        };
        Scenario::load(&self.source, overrides)
    }

    /// What the clock shows at the start.
    pub fn start(&self) -> Setting {
        self.start
    }

    /// Further host names that mean a vendor, in lower case.
    pub fn hosts(&self) -> &BTreeMap<String, Vendor> {
        &self.hosts
    }

    /// The vendors' records, credentials and switches.
    pub fn bases(&self) -> &Bases {
        &self.bases
    }

    /// What goes wrong on purpose, in order.
    pub fn faults(&self) -> &Arc<[Arc<Rule>]> {
        &self.faults
    }

    /// What is limited.
    pub fn rates(&self) -> &Arc<Rates> {
        &self.rates
    }

    /// What it says beside the vendors' records, as written.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The directory of its file, where what replaces it finds what it extends. None: it is not a file.
    pub fn beside(&self) -> Option<&Path> {
        self.beside.as_deref()
    }

    /// All of it as one file, as it starts.
    pub fn file(&self) -> ScenarioFile {
        let records = Systems::new(&self.bases, self.seed, "").state();
        let clock = self.frame.has_clock().then_some(self.start);
        self.frame.file(clock, records)
    }

    /// What the client under test must have done.
    pub fn claims(&self) -> &Arc<[Claim]> {
        &self.claims
    }
}
