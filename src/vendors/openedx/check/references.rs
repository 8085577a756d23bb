//! Names, references and dates: how each is read, and what is said of one that leads nowhere.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Check;
use crate::format::{FileId, Text, dates};
pub(super) use crate::format::{Firsts, is_address, is_lacking, nearest};
use crate::place::{Place, Spot, cut};
use crate::vendors::openedx::generated::Generated;

/// To find the nearest name is to read a whole table. After this many names there are no more hints, so
/// that a large file in which everything is wrong is not read for ever.
const COMPARED_AT_MOST: usize = 500_000;

/// A table whose names are known, so that other tables can refer to it.
pub(super) struct Names {
    /// What stands in the table, in messages.
    what: &'static str,
    /// What it is known by.
    known_by: &'static str,
    generated: Option<Arc<Generated>>,
    find: fn(&Generated, &str) -> Option<u32>,
    /// The name of the generated record that may be meant.
    guess: fn(&Generated, &str) -> Option<String>,
    /// Where each listed record stands: at that of the generated one it replaces, else behind the last.
    pub(super) numbers: HashMap<String, u32>,
    /// The listed names in order.
    listed: Vec<String>,
    /// A record is listed whose name is not known: it may be what a reference means.
    lacks_names: bool,
    /// The number of the first record that comes about while running.
    pub(super) next: u32,
}

impl Names {
    pub(super) fn new<'a>(
        (what, known_by): (&'static str, &'static str),
        generated: Option<&Arc<Generated>>,
        count: fn(&Generated) -> u32,
        find: fn(&Generated, &str) -> Option<u32>,
        guess: fn(&Generated, &str) -> Option<String>,
        listed: impl IntoIterator<Item = &'a Place<Text>>,
    ) -> Names {
        let mut names = Names {
            what,
            known_by,
            next: generated.map_or(0, |generated| count(generated)),
            generated: generated.cloned(),
            find,
            guess,
            numbers: HashMap::new(),
            listed: Vec::new(),
            lacks_names: false,
        };
        for name in listed {
            names.add(name);
        }
        names
    }

    fn add(&mut self, name: &Place<Text>) {
        self.lacks_names |= is_lacking(name);
        if name.spot.is_nowhere() {
            return;
        }
        let name: &str = &name.value;
        let number = self.generated(name).unwrap_or_else(|| {
            self.next = self.next.saturating_add(1);
            self.next - 1
        });
        self.numbers.insert(name.to_owned(), number);
        self.listed.push(name.to_owned());
    }

    fn generated(&self, name: &str) -> Option<u32> {
        (self.find)(self.generated.as_deref()?, name)
    }

    /// Where the record of this name stands, to the letter.
    pub(super) fn get(&self, name: &str) -> Option<u32> {
        let listed = self.numbers.get(name).copied();
        listed.or_else(|| self.generated(name))
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
        if found.is_none() && !names.lacks_names && !written.spot.is_nowhere() {
            self.dangling(file, written, names);
        }
        found
    }

    /// Reports a reference to nothing, unless what it names was lost with a broken part of a file.
    fn dangling(&mut self, file: FileId, written: &Place<Text>, names: &Names) {
        if self.lost.may_hold(&written.value) {
            return;
        }
        let mut hint = None;
        if self.compared < COMPARED_AT_MOST {
            self.compared += names.listed.len();
            let near = nearest(&written.value, &names.listed);
            hint = near.map(|near| format!("did you mean `{}`?", cut(near)));
        }
        let guess = || {
            let guess = (names.guess)(names.generated.as_deref()?, &written.value)?;
            let near = nearest(&written.value, std::slice::from_ref(&guess))?;
            Some(format!("did you mean `{}`?", cut(near)))
        };
        let hint = hint.or_else(guess);
        let what = format!(
            "there is no {} `{}`, expected the {} of one",
            names.what,
            cut(&written.value),
            names.known_by
        );
        self.problems.at(file, written.spot, what, hint);
    }

    /// Reports a client that is none, unless it was lost with a broken part of a file. The ids of all clients
    /// are `known`, sorted.
    pub(super) fn refers_to_client(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        known: &[String],
    ) {
        let id: &str = &written.value;
        let is_one = known.binary_search_by(|it| (**it).cmp(id)).is_ok();
        if is_one || written.spot.is_nowhere() || self.lost.may_hold(id) {
            return;
        }
        let mut hint = None;
        if self.compared < COMPARED_AT_MOST {
            self.compared += known.len();
            let near = nearest(id, known);
            hint = near.map(|near| format!("did you mean `{}`?", cut(near)));
        }
        let what = format!(
            "there is no client `{}`, expected the client_id of one",
            cut(id)
        );
        self.problems.at(file, written.spot, what, hint);
    }

    /// Refuses what was there before.
    pub(super) fn only_once<K: Eq + std::hash::Hash>(
        &mut self,
        place: (FileId, Spot),
        key: K,
        what: &str,
        firsts: &mut Firsts<K>,
    ) {
        firsts.only_once(place, key, what, self.problems);
    }

    pub(super) fn date(&mut self, file: FileId, written: &Place<Text>) -> Option<Date> {
        self.problems.read(file, written, dates::date)
    }

    pub(super) fn instant(&mut self, file: FileId, written: &Place<Text>) -> Option<Timestamp> {
        self.problems.read(file, written, dates::instant)
    }

    pub(super) fn is_address(&mut self, file: FileId, spot: Spot, text: &str) {
        if !spot.is_nowhere() && !is_address(text) {
            let what = format!(
                "`{}` is not an e-mail address, expected one such as ann@example.com",
                cut(text)
            );
            self.problems.at(file, spot, what, None);
        }
    }
}
