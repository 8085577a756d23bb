//! A scenario with all that it extends laid under it: still as written, but one.

use std::collections::{BTreeMap, HashSet};

use super::read::Dropped;
use super::{Clock, FileId, Generate, Problems, Removed, ScenarioFile, Sourced, Text};
use crate::place::{Place, Spot};
use crate::vendors::{Vendor, alm, ispring, openedx};

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
