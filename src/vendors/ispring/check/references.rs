//! Ids, references and dates: how each is read, and what is said of one that leads nowhere.

use super::{Check, Checked};
use crate::format::{FileId, Text, is_lacking};
use crate::place::{Place, cut};
use crate::platform::{References as _, did_you_mean};
use crate::records::{Record, Source};
use crate::vendors::ispring::id::Id;

// What stands nowhere is missing, faulty or a duplicate, which was reported.
impl Check<'_> {
    pub(super) fn id(&mut self, file: FileId, written: &Place<Text>) -> Option<Id> {
        if written.spot.is_nowhere() {
            return None;
        }
        let id = written.value.parse();
        if id.is_err() {
            let what = format!(
                "`{}` is not an id of iSpring Learn, expected a UUID such as \
                 4f8f5c9a-2c63-11ec-9d64-0242ac120002",
                cut(&written.value)
            );
            let cure = regrouped(&written.value).map(|id| did_you_mean(id.to_string()));
            self.problems.at(file, written.spot, what, cure);
        }
        id.ok()
    }

    pub(super) fn refers<R: Record<Id = Id>>(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        table: &Checked<R>,
    ) -> Option<R> {
        let id = self.id(file, written)?;
        let found = table.base.get(id);
        if found.is_none() {
            let known = table.listed.iter().map(Record::id);
            if !table.lacks_ids {
                self.dangling(file, written, table.what, known);
            }
        }
        found
    }

    /// Reports a reference to nothing. The ids of all records are `known`.
    pub(super) fn dangling(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        what: &str,
        known: impl Iterator<Item = Id>,
    ) {
        self.leads_nowhere(file, written, (what, "id"), |hints| {
            let wrong = written.value.parse().ok()?;
            if !hints.may_compare() {
                return None;
            }
            let near = nearest(wrong, known.inspect(|_| hints.count()))?;
            Some(did_you_mean(near.to_string()))
        });
    }
}

/// Whether a record is listed whose id is not known: it may be what a reference means.
pub(super) fn lacks_ids<'a>(mut ids: impl Iterator<Item = &'a Place<Text>>) -> bool {
    ids.any(is_lacking)
}

/// The id among `known` that differs least, the first of several, if it differs in a few digits.
fn nearest(wrong: Id, known: impl Iterator<Item = Id>) -> Option<Id> {
    // A digit left out of the last group makes another id; elsewhere it makes none.
    const LAST_GROUP: usize = 24;
    const MOST: usize = 8;
    let wrong = wrong.text();
    let (start, end) = wrong.as_str().split_at(LAST_GROUP);
    let distance = |id: Id| {
        let text = id.text();
        let (other_start, other_end) = text.as_str().split_at(LAST_GROUP);
        let digits = start.bytes().zip(other_start.bytes());
        let different = digits.filter(|(one, other)| one != other).count();
        if different > MOST {
            return different;
        }
        different + strsim::osa_distance(end, other_end)
    };
    let near = known.map(|id| (distance(id), id));
    let (distance, id) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= MOST).then_some(id)
}

/// The id that was meant, if only its groups are wrong or it is in brackets.
fn regrouped(text: &str) -> Option<Id> {
    let is_around = |sign| matches!(sign, '-' | '{' | '}' | '(' | ')' | ' ');
    let digits: String = text.chars().filter(|sign| !is_around(*sign)).collect();
    if digits.len() != 32 || !digits.is_ascii() {
        return None;
    }
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &digits[group]);
    groups.join("-").parse().ok()
}
