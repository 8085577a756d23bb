//! Reads a scenario and all that it extends.

use std::path::PathBuf;

use super::source::Source;
use super::{Merged, ScenarioFile, checks, faults};
use crate::format::read::{self, Dropped, Read};
use crate::format::{FileId, Problems, Text};
use crate::place::{Place, Problem, Spot};

/// Reads what is sound of a scenario and of all that it extends, and collects what is not; so that
/// the vendors' own checks can run on the sound rest.
pub fn gather(source: &Source) -> (Merged, Problems) {
    let Chain { links, problems } = Chain::read(source.clone());
    let mut merged = Merged {
        files: links.iter().map(|link| link.name.clone()).collect(),
        ..Merged::default()
    };
    let mut collected = merged.problems();
    collected.extend(problems);
    for (index, link) in links.into_iter().enumerate().rev() {
        merged.lost.take_in(FileId(index), link.dropped);
        if let Some(file) = link.file {
            // A missing or unreadable version is among the structural faults, if there are any.
            if link.is_sound || file.value.version.spot.line > 0 {
                checks::version(FileId(index), &file, &mut collected);
            }
            merged.lay_over(FileId(index), file.value, &mut collected);
        }
    }
    let is_sound = checks::check(&merged, &mut collected);
    merged.settle_population(is_sound);
    (merged, collected)
}

impl Source {
    /// The files that the scenario is read from, its own and those that it extends, as far as they lead.
    /// Built-in scenarios are none.
    pub fn files(&self) -> Vec<PathBuf> {
        let links = Chain::read(self.clone()).links.into_iter();
        links.filter_map(|link| link.path).collect()
    }
}

/// The files from the served one up to the one that extends nothing.
#[derive(Default)]
struct Chain {
    links: Vec<Link>,
    problems: Vec<Problem>,
}

/// One file of the chain, as far as it could be read.
struct Link {
    name: String,
    path: Option<PathBuf>,
    identity: String,
    file: Option<Place<ScenarioFile>>,
    is_sound: bool,
    dropped: Dropped,
}

impl Chain {
    fn read(source: Source) -> Chain {
        let mut chain = Chain::default();
        let mut next = Some(source);
        while let Some(source) = next {
            chain.add(&source);
            next = chain.parent(&source);
        }
        chain
    }

    /// Reads one file, to which the last one led.
    fn add(&mut self, source: &Source) {
        let name = source.name();
        let mut read: Read<Place<ScenarioFile>> = match source.bytes() {
            Ok(bytes) => {
                let mut read: Read<Place<ScenarioFile>> = read::read(&name, &bytes);
                if let Some(file) = &mut read.value {
                    faults::keep_changes(&mut file.value.faults, &bytes);
                }
                read
            }
            Err((what, cure)) => {
                self.unreadable(source, &name, what, cure);
                Read {
                    value: None,
                    problems: Vec::new(),
                    dropped: Dropped::everything(),
                }
            }
        };
        let is_sound = read.problems.is_empty();
        // The faulty key may be `extends` itself, and then a whole file is missing.
        let extends_nothing = read
            .value
            .as_ref()
            .is_none_or(|file| file.value.extends.is_none());
        read.dropped.unknown |= extends_nothing && read.dropped.keys.contains("extends");
        self.links.push(Link {
            name,
            path: match source {
                Source::Path(path) => Some(path.clone()),
                Source::BuiltIn(_) | Source::Inline { .. } => None,
            },
            identity: source.identity(),
            is_sound,
            file: read.value,
            dropped: read.dropped,
        });
        self.problems.extend(read.problems);
    }

    /// A file that cannot be read is named where it is extended and by itself; of an unknown built-in
    /// name the place where it stands says it all.
    fn unreadable(&mut self, source: &Source, name: &str, what: String, cure: Option<String>) {
        let is_built_in = matches!(source, Source::BuiltIn(_));
        let child = self
            .links
            .last()
            .and_then(|child| Some((child.name.clone(), child.extends()?.spot)));
        let is_extended = child.is_some();
        if let Some((file, spot)) = child {
            let leads = format!("`extends` leads to {name}, which cannot be read");
            let what = if is_built_in { what.clone() } else { leads };
            self.report(file, spot, what, cure.clone());
        }
        if !(is_extended && is_built_in) {
            self.report(name.to_owned(), Spot::default(), what, cure);
        }
    }

    /// The source that the last file extends, if any and if it makes sense.
    fn parent(&mut self, source: &Source) -> Option<Source> {
        let child = self.links.last()?;
        let extends = child.extends()?.clone();
        let file = child.name.clone();
        let parent =
            source
                .extended(&extends.value)
                .and_then(|parent| match self.circle(&parent) {
                    Some(names) => {
                        Err((format!("`extends` goes round in a circle: {names}"), None))
                    }
                    None => Ok(parent),
                });
        match parent {
            Ok(parent) => Some(parent),
            Err((what, cure)) => {
                self.report(file, extends.spot, what, cure);
                if let Some(child) = self.links.last_mut() {
                    child.dropped.unknown = true;
                }
                None
            }
        }
    }

    /// The names from `parent` round to `parent`, if it is one of the files already.
    fn circle(&self, parent: &Source) -> Option<String> {
        let identity = parent.identity();
        let start = self
            .links
            .iter()
            .position(|link| link.identity == identity)?;
        let round = self.links[start..].iter().chain([&self.links[start]]);
        let names: Vec<_> = round.map(|link| link.name.as_str()).collect();
        Some(names.join(" -> "))
    }

    fn report(&mut self, file: String, spot: Spot, what: String, try_this: Option<String>) {
        self.problems.push(Problem {
            file,
            spot,
            what,
            try_this,
        });
    }
}

impl Link {
    fn extends(&self) -> Option<&Place<Text>> {
        self.file.as_ref()?.value.extends.as_ref()
    }
}
