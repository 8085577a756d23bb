//! What faults change must fit the records.

use crate::faults::written::{Explicit, Fault, Inject};
use crate::format::read;
use crate::format::{FileId, Problems, Sourced};
use crate::place::{Place, Problem};
use crate::scenario::Merged;
use crate::vendors::Change;

/// Notes each change as it is written, for who wants to see it again.
pub(in crate::scenario) fn keep_changes(faults: &mut [Fault], bytes: &[u8]) {
    let mut explicit: Vec<&mut Explicit> = faults
        .iter_mut()
        .filter_map(|fault| match &mut fault.inject.as_mut()?.value {
            Inject::Explicit(explicit) => Some(&mut **explicit),
            Inject::Meant(_) => None,
        })
        .filter(|explicit| explicit.change.is_some())
        .collect();
    let spot_of = |explicit: &Explicit| explicit.change.as_ref().map(|change| change.spot);
    let spots: Vec<_> = explicit.iter().filter_map(|it| spot_of(it)).collect();
    if spots.is_empty() {
        return;
    }
    let pieces = read::pieces(bytes, &spots);
    for explicit in &mut explicit {
        explicit.change_as_written = spot_of(explicit).and_then(|spot| pieces.get(&spot).cloned());
    }
}

/// Checks the records of all files.
pub(in crate::scenario) type Records<'a> = &'a dyn Fn(&Merged, &mut Problems);

/// What stands for the file's name while a change is held against the records: nothing else is called so.
const CHANGE: &str = "\u{0}";

/// Holds each change against the records: as the files list them, else, since a change may build on another,
/// as all changes before it leave them.
pub(super) fn check(merged: &Merged, records: Records<'_>, problems: &mut Problems) {
    let changes: Vec<(FileId, &Place<Change>)> =
        merged.faults.iter().filter_map(change_of).collect();
    // Records that are wrong by themselves would be reported again.
    if changes.is_empty() || !problems.is_empty() {
        return;
    }
    let mut before = merged.clone();
    for (file, change) in changes {
        let (_, alone) = laid_over(merged, file, change, records);
        let (after, together) = if alone.is_empty() {
            (None, Vec::new())
        } else {
            let (after, together) = laid_over(&before, file, change, records);
            (Some(after), together)
        };
        before = match after {
            Some(after) => after,
            None => before.changed(file, CHANGE, change.value.clone()).0,
        };
        if !together.is_empty() {
            problems.extend(placed(alone, merged, file, change));
        }
    }
}

fn change_of(fault: &Sourced<Fault>) -> Option<(FileId, &Place<Change>)> {
    match &fault.value.inject.as_ref()?.value {
        Inject::Explicit(explicit) => Some((fault.file, explicit.change.as_ref()?)),
        Inject::Meant(_) => None,
    }
}

/// The records with a change laid over them, and what is wrong with them then.
fn laid_over(
    merged: &Merged,
    file: FileId,
    change: &Place<Change>,
    records: Records<'_>,
) -> (Merged, Vec<Problem>) {
    let (changed, mut problems) = merged.changed(file, CHANGE, change.value.clone());
    records(&changed, &mut problems);
    (changed, problems.into_sorted())
}

/// The problems at their own places; those that the change makes elsewhere at its own.
fn placed(
    found: Vec<Problem>,
    merged: &Merged,
    file: FileId,
    change: &Place<Change>,
) -> Vec<Problem> {
    let name = merged.files.get(file.0).cloned().unwrap_or_default();
    let placed = found.into_iter().map(|problem| {
        let is_its_own = problem.file == CHANGE;
        let what = problem.what.replace(CHANGE, &name);
        match is_its_own {
            true => Problem {
                file: name.clone(),
                what,
                ..problem
            },
            false => Problem {
                what: format!(
                    "this change does not fit {}:{}: {what}",
                    problem.file, problem.spot.line
                ),
                file: name.clone(),
                spot: change.spot,
                ..problem
            },
        }
    });
    placed.collect()
}
