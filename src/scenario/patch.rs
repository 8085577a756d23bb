//! A piece of scenario that comes while the scenario is served.

use super::Merged;
use crate::format::read::{self, Dropped, Read};
use crate::format::{FileId, Problems};
use crate::place::{Place, Problem};
use crate::vendors::Change;
use crate::vendors::Records;

/// The piece itself, among the files of what it is merged with.
const PIECE: FileId = FileId(0);
/// The records as they are.
const RUNNING: FileId = FileId(1);

/// A piece of scenario, read but not yet held against the records that it changes.
#[derive(Clone, Debug)]
pub struct Patch {
    name: String,
    records: Records,
    dropped: Dropped,
    problems: Vec<Problem>,
}

impl Patch {
    /// Reads a piece, YAML or JSON; problems call it `name`.
    pub fn read(name: &str, bytes: &[u8]) -> Patch {
        let Read {
            value,
            problems,
            dropped,
        } = read::read::<Place<Change>>(name, bytes);
        Patch {
            name: name.to_owned(),
            records: value.map(|place| place.value.into()).unwrap_or_default(),
            dropped,
            problems,
        }
    }

    /// A piece that was read before.
    pub fn of(name: &str, change: Change) -> Patch {
        Patch {
            name: name.to_owned(),
            records: change.into(),
            dropped: Dropped::default(),
            problems: Vec::new(),
        }
    }

    /// What it changes, to be made ready for the records as they are.
    pub fn records_mut(&mut self) -> &mut Records {
        &mut self.records
    }

    /// Lays the piece over the records as they are: the vendors' own checks can run on the result.
    pub fn over(self, running: Records) -> (Merged, Problems) {
        let mut merged = Merged {
            files: vec![self.name, "the records as they are".to_owned()],
            ..Merged::default()
        };
        let mut problems = merged.problems();
        problems.extend(self.problems);
        merged.lost.take_in(PIECE, self.dropped);
        merged.vendors.lay_over(RUNNING, running, &mut problems);
        merged.vendors.lay_over(PIECE, self.records, &mut problems);
        (merged, problems)
    }
}
