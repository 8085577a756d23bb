//! What faulty files lost, so that no check reports the same fault again.

use std::collections::HashSet;

use super::FileId;
use super::read::Dropped;
use crate::place::Spot;

/// What faulty files lost: the records that could not be read, and the keys that records lack.
#[derive(Clone, Debug, Default)]
pub struct Lost {
    ids: HashSet<String>,
    /// True: a part was lost whose ids are unknown.
    is_unknown: bool,
    /// Where records stand that lost some of their keys.
    maimed: HashSet<(FileId, Spot)>,
    /// The top-level keys with a fault in them or below them.
    keys: HashSet<String>,
    /// True: the files ask for a population that cannot be generated as it was meant.
    doubts_population: bool,
}

impl Lost {
    /// Whether a record of this id may stand in a part of the files that could not be read, or may
    /// be a generated one: then a reference to it is not to be called dangling.
    pub fn may_hold(&self, id: &str) -> bool {
        self.is_unknown || self.doubts_population || self.ids.contains(&id.to_lowercase())
    }

    /// Whether a record is as it was written, down to the last key. `spot` is where the record or
    /// the value stands that names it.
    pub fn is_whole(&self, file: FileId, spot: Spot) -> bool {
        !self.maimed.contains(&(file, spot))
    }

    /// Whether a top-level key of a file has a fault in it or below it.
    pub fn has_faulty(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Whether the files ask for a population that cannot be generated as it was meant.
    pub fn doubts_population(&self) -> bool {
        self.doubts_population
    }

    /// The files ask for a population, and it cannot be generated as it was meant.
    pub fn doubt_population(&mut self) {
        self.doubts_population = true;
    }

    /// Takes in what a file lacks.
    pub fn take_in(&mut self, file: FileId, dropped: Dropped) {
        let Dropped {
            ids,
            unknown,
            keys,
            maimed,
        } = dropped;
        self.ids.extend(ids);
        self.is_unknown |= unknown;
        self.keys.extend(keys);
        self.maimed
            .extend(maimed.into_iter().map(|spot| (file, spot)));
    }

    /// What `origin` lacks is lacking in `file` as well: it holds a part of the same text.
    pub fn share(&mut self, origin: FileId, file: FileId) {
        let maimed = self.maimed.iter().filter(|(at, _)| *at == origin);
        let shared: Vec<_> = maimed.map(|(_, spot)| (file, *spot)).collect();
        self.maimed.extend(shared);
    }
}
