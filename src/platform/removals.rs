//! Records that a scenario takes away, whatever the vendor.

use std::collections::HashMap;
use std::sync::Arc;

use crate::format::{FileId, Firsts, Problems};
use crate::place::Spot;
use crate::records::{Base, Listed, Record, Source};

/// The records, listed or generated, that are taken away.
#[derive(Debug)]
pub struct Removals<R: Record> {
    computed: Option<Arc<dyn Source<R>>>,
    /// The file that takes a record away: of several the nearest to what is served, which is laid over last.
    by: HashMap<R::Id, FileId>,
    firsts: Firsts<(FileId, R::Id)>,
}

impl<R: Record> Removals<R> {
    /// None yet, of the generated records.
    pub fn new(computed: Option<Arc<dyn Source<R>>>) -> Self {
        Removals {
            computed,
            by: HashMap::new(),
            firsts: Firsts::new(),
        }
    }

    /// Takes a record away, which `what` names; whether it must be a listed one. What the files take away adds
    /// up, so only one file can do so twice.
    pub fn add(
        &mut self,
        place: (FileId, Spot),
        id: R::Id,
        what: &str,
        problems: &mut Problems,
    ) -> bool {
        let (file, _) = place;
        if !self.firsts.only_once(place, (file, id), what, problems) {
            return false;
        }
        self.by.insert(id, file);
        !self.is_generated(id)
    }

    /// Whether a record that this file lists is taken away. It stands above what the files that it extends
    /// took away.
    pub fn has(&self, id: R::Id, file: FileId) -> bool {
        self.by.get(&id).is_some_and(|by| *by <= file)
    }

    /// The listed records over the generated ones that stay.
    pub fn base(self, listed: Vec<R>) -> Base<R> {
        let gone = self.by.keys().copied();
        let hidden: Vec<R::Id> = gone.filter(|id| self.is_generated(*id)).collect();
        Base::new(self.computed, Listed::new(listed), hidden)
    }

    fn is_generated(&self, id: R::Id) -> bool {
        let computed = self.computed.as_ref();
        computed.is_some_and(|computed| computed.get(id).is_some())
    }
}
