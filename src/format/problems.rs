//! Collects what is wrong, over all files of a scenario.

use std::collections::HashSet;

use super::Text;
use crate::place::{Place, Problem, Spot};

/// One file of a scenario: 0 is the one that is served, 1 the one it extends, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) usize);

/// What is wrong with the files of one scenario.
#[derive(Clone, Debug)]
pub struct Problems {
    files: Vec<String>,
    found: Vec<Problem>,
}

impl Problems {
    /// A collector for the files of these names, in the order of their ids.
    pub fn new(files: Vec<String>) -> Problems {
        Problems {
            files,
            found: Vec::new(),
        }
    }

    /// Notes a problem: where, what it is and what was expected, and the nearest right name or the cure.
    pub fn at(
        &mut self,
        file: FileId,
        spot: Spot,
        what: impl Into<String>,
        try_this: Option<String>,
    ) {
        let problem = Problem {
            file: self.file_name(file).to_owned(),
            spot,
            what: what.into(),
            try_this,
        };
        self.found.push(problem);
    }

    /// Reads a text that stands in a file, and notes why it cannot be read. What stands nowhere is missing
    /// or faulty, which was noted.
    pub fn read<T>(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if written.spot.is_nowhere() {
            return None;
        }
        match read(&written.value) {
            Ok(value) => Some(value),
            Err(what) => {
                self.at(file, written.spot, what, None);
                None
            }
        }
    }

    /// The name of a file.
    pub fn file_name(&self, file: FileId) -> &str {
        self.files.get(file.0).map_or("", String::as_str)
    }

    /// Takes in problems that already name their file.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.found.extend(problems);
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How much is wrong so far.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// All problems, each once: the served file first, then down the chain, each from top to bottom.
    pub fn into_sorted(self) -> Vec<Problem> {
        let Problems { files, mut found } = self;
        let rank = |problem: &Problem| files.iter().position(|file| *file == problem.file);
        found.sort_by_cached_key(|problem| (rank(problem).unwrap_or(usize::MAX), problem.spot));
        let mut seen = HashSet::new();
        // A place that an alias names may have any number of problems.
        found.retain(|problem| {
            let Problem {
                file,
                spot,
                what,
                try_this,
            } = problem;
            seen.insert((file.clone(), *spot, what.clone(), try_this.clone()))
        });
        found
    }
}
