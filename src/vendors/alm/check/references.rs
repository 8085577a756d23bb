//! Ids, references and dates: how each is read, and what is said of one that leads nowhere.

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use super::Check;
use crate::format::{FileId, Firsts, Text, dates, is_lacking, nearest};
use crate::place::{Place, Spot, cut};
use crate::vendors::alm::records::{InstanceId, LearningObjectId, LoType, Second, decimal};

/// To find the nearest name is to read a whole table. After this many names there are no more hints, so
/// that a large file in which everything is wrong is not read for ever.
const COMPARED_AT_MOST: usize = 500_000;

/// The id of a record that others refer to.
pub(super) trait Id: Copy + Eq + Hash + Display {
    /// What it is the id of.
    const WHAT: &'static str;
    /// What is expected of one.
    const FORM: &'static str;

    /// Reads it, in the one spelling that it has.
    fn read_id(text: &str) -> Option<Self>;
}

impl Id for u64 {
    const WHAT: &'static str = "user";
    const FORM: &'static str = "digits such as 20941371";

    fn read_id(text: &str) -> Option<Self> {
        decimal(text)
    }
}

impl Id for LearningObjectId {
    const WHAT: &'static str = "learning object";
    const FORM: &'static str = "`course:`, `learningProgram:`, `certification:` or `jobAid:` and digits, \
                                such as course:6511020";

    fn read_id(text: &str) -> Option<Self> {
        LearningObjectId::read(text)
    }
}

impl Id for InstanceId {
    const WHAT: &'static str = "instance";
    const FORM: &'static str = "the id of a learning object, `_` and digits, such as \
                                course:6511020_7037048, or `_-1` for a job aid";

    fn read_id(text: &str) -> Option<Self> {
        let id = InstanceId::read(text)?;
        let is_of_kind = match id.of.kind {
            LoType::JobAid => id.number == -1,
            LoType::Course | LoType::LearningProgram | LoType::Certification => id.number >= 0,
        };
        (is_of_kind && !text.ends_with("_-0")).then_some(id)
    }
}

/// A table whose ids are known, so that other tables can refer to it.
pub(super) struct Ids<I> {
    generated: Box<dyn Fn(I) -> Option<u32>>,
    /// Where each listed record stands: at that of the generated one it replaces, else behind the last.
    numbers: HashMap<I, u32>,
    /// The listed ids in order.
    listed: Vec<String>,
    /// A record is listed whose id is not known: it may be what a reference means.
    lacks_ids: bool,
    /// The number of the next listed record that replaces none.
    next: u32,
}

impl<I: Id> Ids<I> {
    /// Those of a table of which so many records are generated.
    pub(super) fn new(count: u32, generated: impl Fn(I) -> Option<u32> + 'static) -> Self {
        Ids {
            generated: Box::new(generated),
            numbers: HashMap::new(),
            listed: Vec::new(),
            lacks_ids: false,
            next: count,
        }
    }

    /// The number of a listed record.
    pub(super) fn add(&mut self, id: I) -> u32 {
        let number = (self.generated)(id).unwrap_or_else(|| {
            self.next = self.next.saturating_add(1);
            self.next - 1
        });
        self.numbers.insert(id, number);
        self.listed.push(id.to_string());
        number
    }

    /// Where the record of this id stands.
    pub(super) fn get(&self, id: I) -> Option<u32> {
        let listed = self.numbers.get(&id).copied();
        listed.or_else(|| (self.generated)(id))
    }
}

/// An enrollment's id begins with that of its instance: this beginning, if it is a known id.
fn start_known<'a>(wrong: &'a str, known: &[String]) -> &'a str {
    let start = wrong.rsplit_once('_').map(|(start, _)| start);
    let start = start.filter(|start| known.iter().any(|id| id == start));
    start.unwrap_or(wrong)
}

// What stands nowhere is missing, faulty or a duplicate, which was reported.
impl Check<'_> {
    /// The id of a record, and its number. None: it has none, or is a duplicate.
    pub(super) fn add<I: Id>(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        ids: &mut Ids<I>,
    ) -> Option<(I, u32)> {
        ids.lacks_ids |= is_lacking(written);
        let id = self.id(file, written, &[])?;
        (!written.spot.is_nowhere()).then(|| (id, ids.add(id)))
    }

    /// An id as written, perhaps one of those that are known.
    fn id<I: Id>(&mut self, file: FileId, written: &Place<Text>, known: &[String]) -> Option<I> {
        let id = I::read_id(&written.value);
        if id.is_none() && !written.spot.is_nowhere() {
            let what = format!(
                "`{}` is not the id of a {}, expected {}",
                cut(&written.value),
                I::WHAT,
                I::FORM
            )
            .replace("of a instance", "of an instance");
            let meant = match self.compared < COMPARED_AT_MOST {
                true => start_known(&written.value, known),
                false => &*written.value,
            };
            let hint = self.nearest(meant, known);
            self.problems.at(file, written.spot, what, hint);
        }
        id
    }

    /// The record that is referred to: its id and its number.
    pub(super) fn refers<I: Id>(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        ids: &Ids<I>,
    ) -> Option<(I, u32)> {
        let id = self.id(file, written, &ids.listed)?;
        let found = ids.get(id);
        if found.is_none() && !ids.lacks_ids && !written.spot.is_nowhere() {
            self.dangling::<I>(file, written, &ids.listed);
        }
        Some((id, found?))
    }

    /// Reports a reference to nothing, unless what it names was lost with a broken part of a file.
    fn dangling<I: Id>(&mut self, file: FileId, written: &Place<Text>, listed: &[String]) {
        if self.lost.may_hold(&written.value) {
            return;
        }
        let hint = self.nearest(&written.value, listed);
        let what = format!(
            "there is no {} `{}`, expected the id of one",
            I::WHAT,
            cut(&written.value)
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
        let hint = self.nearest(id, known);
        let what = format!(
            "there is no client `{}`, expected the client_id of one",
            cut(id)
        );
        self.problems.at(file, written.spot, what, hint);
    }

    /// What may have been meant.
    pub(super) fn nearest(&mut self, wrong: &str, known: &[String]) -> Option<String> {
        if self.compared >= COMPARED_AT_MOST {
            return None;
        }
        self.compared += known.len();
        let near = nearest(wrong, known)?;
        Some(format!("did you mean `{}`?", cut(near)))
    }

    pub(super) fn only_once<K: Eq + Hash>(
        &mut self,
        place: (FileId, Spot),
        key: K,
        what: &str,
        firsts: &mut Firsts<K>,
    ) {
        firsts.only_once(place, key, what, self.problems);
    }

    /// An instant, in whole seconds.
    pub(super) fn instant(
        &mut self,
        file: FileId,
        written: Option<&Place<Text>>,
    ) -> Option<Second> {
        let instant = self.problems.read(file, written?, dates::instant);
        instant.map(Second::of)
    }
}
