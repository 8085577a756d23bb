//! A scenario with all that it extends laid under it: still as written, but one.

use std::collections::{BTreeMap, HashSet};

use super::read::Dropped;
use super::{
    Change, Clock, Expectation, Fault, FileId, Generate, LaidLimits, Problems, Removed,
    ScenarioFile, Sourced, Text, append, merge_records,
};
use crate::place::{Place, Spot};
use crate::vendors::{Vendor, alm, ispring, openedx};

/// What a file says of each vendor.
type Sections = (
    Option<ispring::written::Section>,
    Option<openedx::written::Section>,
    Option<alm::written::Section>,
);

/// All files of one scenario as one.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// The files' names, the served one first.
    pub files: Vec<String>,
    /// A short name.
    pub name: Option<Text>,
    /// What a client learns from this story.
    pub description: Option<Text>,
    /// What every drawn value comes from.
    pub seed: Option<u64>,
    /// The emulated clock.
    pub clock: Option<Sourced<Clock>>,
    /// The generated population.
    pub generate: Option<Sourced<Generate>>,
    /// Further Host names that mean a vendor.
    pub hosts: BTreeMap<Vendor, Sourced<Vec<Place<Text>>>>,
    /// iSpring Learn.
    pub ispring: ispring::merged::Section,
    /// Open edX.
    pub openedx: openedx::merged::Section,
    /// Adobe Learning Manager.
    pub alm: alm::merged::Section,
    /// Rate limits.
    pub rate_limits: LaidLimits,
    /// What goes wrong on purpose.
    pub faults: Vec<Sourced<Fault>>,
    /// What the client under test must have done.
    pub expect: Vec<Sourced<Place<Expectation>>>,
    lost: HashSet<String>,
    lost_unknown: bool,
    /// Where records stand that lost some of their keys.
    maimed: HashSet<(FileId, Spot)>,
    /// A file's `generate` is faulty.
    generate_is_faulty: bool,
    /// So is what a generated population also comes from.
    seed_or_clock_is_faulty: bool,
}

impl Merged {
    /// An empty collector for problems of these files.
    pub fn problems(&self) -> Problems {
        Problems::new(self.files.clone())
    }

    /// Whether a record of this id may stand in a part of the files that could not be read, or may
    /// be a generated one: then a reference to it is not to be called dangling.
    pub fn may_be_lost(&self, id: &str) -> bool {
        let generates = self.generate.is_some() || self.generate_is_faulty;
        self.lost_unknown
            || (generates && self.population().is_none())
            || self.lost.contains(&id.to_lowercase())
    }

    /// Whether a record is as it was written, down to the last key. `spot` is where the record or
    /// the value stands that names it.
    pub fn is_whole(&self, file: FileId, spot: Spot) -> bool {
        !self.maimed.contains(&(file, spot))
    }

    /// Whether there is a population to generate, and all that it comes from is known.
    pub(super) fn population(&self) -> Option<&Generate> {
        let in_doubt = self.generate_is_faulty || self.seed_or_clock_is_faulty;
        let generate = self.generate.as_ref().filter(|_| !in_doubt);
        generate.map(|generate| &generate.value)
    }

    /// Takes in what a file lacks.
    pub(super) fn lose(&mut self, file: FileId, dropped: Dropped) {
        let Dropped {
            ids,
            unknown,
            keys,
            maimed,
        } = dropped;
        self.lost.extend(ids);
        self.lost_unknown |= unknown;
        self.maimed
            .extend(maimed.into_iter().map(|spot| (file, spot)));
        self.generate_is_faulty |= keys.contains("generate");
        self.seed_or_clock_is_faulty |= keys.contains("seed") || keys.contains("clock");
    }

    /// The population cannot be generated as it was meant.
    pub(super) fn doubt_population(&mut self) {
        self.generate_is_faulty = true;
    }

    /// The records with a change laid over them that stands in `origin`, as a file of this name; and what is
    /// wrong with the change by itself.
    pub(super) fn changed(&self, origin: FileId, name: &str, change: Change) -> (Merged, Problems) {
        let mut merged = self.clone();
        let file = FileId(merged.files.len());
        merged.files.push(name.to_owned());
        let maimed = self.maimed.iter().filter(|(at, _)| *at == origin);
        merged.maimed.extend(maimed.map(|(_, spot)| (file, *spot)));
        let mut problems = merged.problems();
        let Change {
            ispring,
            openedx,
            alm,
            removed,
        } = change;
        merged.lay_records_over(file, (ispring, openedx, alm), removed, &mut problems);
        (merged, problems)
    }

    /// Lays one more file over what is there. Parents come before their children.
    pub(super) fn lay_over(
        &mut self,
        file: FileId,
        written: ScenarioFile,
        problems: &mut Problems,
    ) {
        // Every key has to be named here, so a new one cannot be forgotten.
        let ScenarioFile {
            version: _,
            name,
            description,
            extends: _,
            hosts,
            seed,
            clock,
            generate,
            ispring,
            openedx,
            alm,
            removed,
            rate_limits,
            faults,
            expect,
        } = written;
        self.name = name.or(self.name.take());
        self.description = description.or(self.description.take());
        self.seed = seed.or(self.seed);
        let sourced = |value| Sourced { file, value };
        self.clock = clock
            .map(|value| Sourced { file, value })
            .or(self.clock.take());
        self.generate = generate
            .map(|value| Sourced { file, value })
            .or(self.generate.take());
        for (vendor, names) in hosts {
            self.hosts.insert(vendor, sourced(names));
        }
        self.lay_records_over(file, (ispring, openedx, alm), removed, problems);
        self.rate_limits
            .lay_over(file, rate_limits.unwrap_or_default());
        merge_records(&mut self.faults, file, faults, problems);
        append(&mut self.expect, file, expect);
    }

    fn lay_records_over(
        &mut self,
        file: FileId,
        (ispring, openedx, alm): Sections,
        removed: Option<Removed>,
        problems: &mut Problems,
    ) {
        let Removed {
            ispring: from_ispring,
            openedx: from_openedx,
            alm: from_alm,
        } = removed.unwrap_or_default();
        self.ispring.lay_over(
            file,
            ispring.unwrap_or_default(),
            from_ispring.unwrap_or_default(),
            problems,
        );
        self.openedx.lay_over(
            file,
            openedx.unwrap_or_default(),
            from_openedx.unwrap_or_default(),
            problems,
        );
        self.alm.lay_over(
            file,
            alm.unwrap_or_default(),
            from_alm.unwrap_or_default(),
            problems,
        );
    }
}
