//! A scenario with all that it extends laid under it: still as written, but one.

use std::collections::BTreeMap;

use super::{Clock, Expectation, Generate, LaidLimits, ScenarioFile};
use crate::faults::written::Fault;
use crate::format::{FileId, Lay as _, Lost, Problems, Sourced, Text};
use crate::place::Place;
use crate::platform::Vendor;
use crate::vendors;
use crate::vendors::Change;

/// All files of one scenario as one.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// The files' names, the served one first.
    pub files: Vec<String>,
    /// A short name.
    pub name: Option<Text>,
    /// What a client learns from this scenario.
    pub description: Option<Text>,
    /// What every drawn value comes from.
    pub seed: Option<u64>,
    /// The emulated clock.
    pub clock: Option<Sourced<Clock>>,
    /// The generated population.
    pub generate: Option<Sourced<Generate>>,
    /// Further Host names that mean a vendor.
    pub hosts: BTreeMap<Vendor, Sourced<Vec<Place<Text>>>>,
    /// What is said of each vendor.
    pub vendors: vendors::Merged,
    /// Rate limits.
    pub rate_limits: LaidLimits,
    /// What goes wrong on purpose.
    pub faults: Vec<Sourced<Fault>>,
    /// What the client under test must have done.
    pub expect: Vec<Sourced<Place<Expectation>>>,
    /// What the files lost to their faults.
    pub lost: Lost,
}

impl Merged {
    /// An empty collector for problems of these files.
    pub fn problems(&self) -> Problems {
        Problems::new(self.files.clone())
    }

    /// The population to generate. None: there is none, or it cannot be generated as it was meant.
    pub(super) fn population(&self) -> Option<&Generate> {
        let generate = self.generate.as_ref()?;
        if self.lost.doubts_population() {
            return None;
        }
        Some(&generate.value)
    }

    /// Notes whether the population can be generated, once all files are laid over each other. `is_sound`: nothing
    /// is wrong with what they say of it.
    pub(super) fn settle_population(&mut self, is_sound: bool) {
        let is_faulty = !is_sound || self.lost.has_faulty("generate");
        let is_in_doubt = self.lost.has_faulty("seed") || self.lost.has_faulty("clock");
        if is_faulty || (self.generate.is_some() && is_in_doubt) {
            self.lost.doubt_population();
        }
    }

    /// The records with a change laid over them that stands in `origin`, as a file of this name; and what is
    /// wrong with the change by itself.
    pub(super) fn changed(&self, origin: FileId, name: &str, change: Change) -> (Merged, Problems) {
        let mut merged = self.clone();
        let file = FileId(merged.files.len());
        merged.files.push(name.to_owned());
        merged.lost.share(origin, file);
        let mut problems = merged.problems();
        merged.vendors.lay_over(file, change.into(), &mut problems);
        (merged, problems)
    }

    /// Lays one more file over what is there. Parents come before their children.
    pub(super) fn lay_over(
        &mut self,
        file: FileId,
        mut written: ScenarioFile,
        problems: &mut Problems,
    ) {
        let records = written.take_records();
        let ScenarioFile {
            version: _,
            name,
            description,
            extends: _,
            hosts,
            seed,
            clock,
            generate,
            rate_limits,
            faults,
            expect,
            // The records, which were taken out.
            ..
        } = written;
        self.name = name.or(self.name.take());
        self.description = description.or(self.description.take());
        self.seed = seed.or(self.seed);
        self.clock.lay(file, clock, problems);
        self.generate.lay(file, generate, problems);
        for (vendor, value) in hosts {
            self.hosts.insert(vendor, Sourced { file, value });
        }
        self.vendors.lay_over(file, records, problems);
        self.rate_limits
            .lay_over(file, rate_limits.unwrap_or_default());
        self.faults.lay(file, faults, problems);
        self.expect.lay(file, expect, problems);
    }
}
