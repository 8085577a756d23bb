//! A piece of scenario that comes while the scenario is served.

use super::read::{self, Dropped, Read};
use super::{Change, FileId, Merged, Problems, Removed, ScenarioFile, Sections};
use crate::place::{Place, Problem};

/// The piece itself, among the files of what it is merged with.
const PIECE: FileId = FileId(0);
/// The records as they are.
const RUNNING: FileId = FileId(1);

/// A piece of scenario, read but not yet held against the records that it changes.
#[derive(Clone, Debug)]
pub struct Piece {
    name: String,
    change: Change,
    dropped: Dropped,
    problems: Vec<Problem>,
}

impl Piece {
    /// Reads a piece, YAML or JSON; problems call it `name`.
    pub fn read(name: &str, bytes: &[u8]) -> Piece {
        let Read {
            value,
            problems,
            dropped,
        } = read::read::<Place<Change>>(name, bytes);
        Piece {
            name: name.to_owned(),
            change: value.map(|place| place.value).unwrap_or_default(),
            dropped,
            problems,
        }
    }

    /// A piece that was read before.
    pub fn of(name: &str, change: Change) -> Piece {
        Piece {
            name: name.to_owned(),
            change,
            dropped: Dropped::default(),
            problems: Vec::new(),
        }
    }

    /// What it changes, to be made ready for the records as they are.
    pub fn change_mut(&mut self) -> &mut Change {
        &mut self.change
    }

    /// Lays the piece over the records as they are: the vendors' own checks can run on the result.
    pub fn over(self, running: Sections) -> (Merged, Problems) {
        let mut merged = Merged::default();
        merged.files = vec![self.name, "the records as they are".to_owned()];
        let mut problems = merged.problems();
        problems.extend(self.problems);
        merged.lose(PIECE, self.dropped);
        let Sections {
            ispring: (ispring, from_ispring),
            openedx: (openedx, from_openedx),
            alm: (alm, from_alm),
        } = running;
        let running = Change {
            ispring: Some(ispring),
            openedx: Some(openedx),
            alm: Some(alm),
            removed: Some(Removed {
                ispring: Some(from_ispring),
                openedx: Some(from_openedx),
                alm: Some(from_alm),
            }),
        };
        merged.lay_over(RUNNING, running.into(), &mut problems);
        merged.lay_over(PIECE, self.change.into(), &mut problems);
        (merged, problems)
    }
}

impl Change {
    /// Whether it says anything of iSpring.
    pub fn names_ispring(&self) -> bool {
        let removed = self.removed.as_ref();
        self.ispring.is_some() || removed.is_some_and(|it| it.ispring.is_some())
    }

    /// Whether it says anything of Open edX.
    pub fn names_openedx(&self) -> bool {
        let removed = self.removed.as_ref();
        self.openedx.is_some() || removed.is_some_and(|it| it.openedx.is_some())
    }

    /// Whether it says anything of Adobe Learning Manager.
    pub fn names_alm(&self) -> bool {
        let removed = self.removed.as_ref();
        self.alm.is_some() || removed.is_some_and(|it| it.alm.is_some())
    }
}

impl From<Change> for ScenarioFile {
    fn from(change: Change) -> Self {
        let Change {
            ispring,
            openedx,
            alm,
            removed,
        } = change;
        ScenarioFile {
            ispring,
            openedx,
            alm,
            removed,
            ..ScenarioFile::default()
        }
    }
}
