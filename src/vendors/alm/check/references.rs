//! Ids, references and dates: how each is read, and what is said of one that leads nowhere.

use std::fmt::Display;
use std::hash::Hash;

use super::Check;
use crate::format::{FileId, Text, is_lacking};
use crate::place::{Place, cut};
use crate::platform::{Names, References as _};
use crate::vendors::alm::records::{InstanceId, LearningObjectId, LoType, Second, decimal};

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
        ids: &mut Names<I>,
    ) -> Option<(I, u32)> {
        ids.lacks_names |= is_lacking(written);
        let id = self.id(file, written, &[])?;
        (!written.spot.is_nowhere()).then(|| (id, ids.add(&id)))
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
            let meant = if self.hints.may_compare() {
                start_known(&written.value, known)
            } else {
                &*written.value
            };
            let hint = self.hints.nearest(meant, known);
            self.problems.at(file, written.spot, what, hint);
        }
        id
    }

    /// The record that is referred to: its id and its number.
    pub(super) fn refers<I: Id>(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        ids: &Names<I>,
    ) -> Option<(I, u32)> {
        let id = self.id(file, written, &ids.listed)?;
        let found = ids.get(&id);
        if found.is_none() && !ids.lacks_names {
            self.leads_nowhere(file, written, (I::WHAT, "id"), |hints| {
                hints.nearest(&written.value, &ids.listed)
            });
        }
        Some((id, found?))
    }

    /// An instant, in whole seconds.
    pub(super) fn second(&mut self, file: FileId, written: Option<&Place<Text>>) -> Option<Second> {
        self.instant(file, written?).map(Second::of)
    }
}
