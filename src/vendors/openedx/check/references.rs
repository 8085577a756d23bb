//! Names, references and dates: how each is read, and what is said of one that leads nowhere.

use std::sync::Arc;

use super::Check;
use crate::format::{FileId, Text, is_lacking, nearest};
use crate::place::Place;
use crate::platform::{self, References as _, did_you_mean};
use crate::vendors::openedx::generated::Generated;

/// A table whose names are known, so that other tables can refer to it.
pub(super) struct Names {
    /// What stands in the table, and what it is known by, in messages.
    words: (&'static str, &'static str),
    generated: Option<Arc<Generated>>,
    /// The name of the generated record that may be meant.
    guess: fn(&Generated, &str) -> Option<String>,
    pub(super) table: platform::Names<str>,
}

impl Names {
    pub(super) fn new<'a>(
        words: (&'static str, &'static str),
        generated: Option<&Arc<Generated>>,
        count: fn(&Generated) -> u32,
        find: fn(&Generated, &str) -> Option<u32>,
        guess: fn(&Generated, &str) -> Option<String>,
        listed: impl IntoIterator<Item = &'a Place<Text>>,
    ) -> Names {
        let count = generated.map_or(0, |generated| count(generated));
        let generated = generated.cloned();
        let searched = generated.clone();
        let find = move |name: &str| find(searched.as_deref()?, name);
        let mut table = platform::Names::new(count, find);
        for name in listed {
            table.lacks_names |= is_lacking(name);
            if !name.spot.is_nowhere() {
                table.add(&*name.value);
            }
        }
        Names {
            words,
            generated,
            guess,
            table,
        }
    }

    /// Where the record of this name stands, to the letter.
    pub(super) fn get(&self, name: &str) -> Option<u32> {
        self.table.get(name)
    }

    /// The generated record that may be meant, as a hint.
    fn guessed(&self, wrong: &str) -> Option<String> {
        let guess = (self.guess)(self.generated.as_deref()?, wrong)?;
        nearest(wrong, std::slice::from_ref(&guess)).map(did_you_mean)
    }
}

// What stands nowhere is missing, faulty or a duplicate, which was reported.
impl Check<'_> {
    /// The number of the record that is referred to.
    pub(super) fn refers(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        names: &Names,
    ) -> Option<u32> {
        // The name of a duplicate still leads somewhere.
        if is_lacking(written) {
            return None;
        }
        let found = names.get(&written.value);
        if found.is_none() && !names.table.lacks_names {
            self.leads_nowhere(file, written, names.words, |hints| {
                let near = hints.nearest(&written.value, &names.table.listed);
                near.or_else(|| names.guessed(&written.value))
            });
        }
        found
    }
}
