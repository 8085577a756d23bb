//! The door from faults as written to rules as meant.

use std::sync::Arc;

use super::change::keep_changes;
use super::{calls, change, inject, on};
use crate::faults::written::{Fault, On};
use crate::faults::{Calls, Effect, Inject, Rule};
use crate::format::read::{self, Read};
use crate::format::{FileId, Problems};
use crate::place::{Place, Problem, Spot};
use crate::platform::{Access, Vendor};
use crate::scenario::Merged;

/// The rules that the files list, in order. `records` checks the records of all files: what a fault changes
/// must fit them.
pub(in crate::scenario) fn check(
    merged: &Merged,
    records: change::Records<'_>,
    problems: &mut Problems,
) -> Vec<Arc<Rule>> {
    let mut rules = Vec::new();
    for fault in &merged.faults {
        let name = merged.files.get(fault.file.0).map_or("", String::as_str);
        let place = format!("{name}:{}", fault.value.name.spot.line);
        let is_whole = |spot| merged.lost.is_whole(fault.file, spot);
        let place = Some(place.into());
        let rule = rule(fault.file, &fault.value, place, &is_whole, problems);
        rules.extend(rule.map(Arc::new));
    }
    change::check(merged, records, problems);
    rules
}

/// What a fault that comes over HTTP is called where it is reported.
const BODY: &str = "body";

/// The one fault that a text describes, as YAML or as JSON.
///
/// # Errors
/// All that is wrong with it.
pub fn read_fault(text: &[u8]) -> Result<Rule, Vec<Problem>> {
    let Read {
        value,
        problems: found,
        dropped,
    } = read::read::<Place<Fault>>(BODY, text);
    let mut problems = Problems::new(vec![BODY.to_owned()]);
    problems.extend(found);
    let fault = value.map(|fault| {
        let mut fault = fault.value;
        keep_changes(std::slice::from_mut(&mut fault), text);
        fault
    });
    let is_whole = |spot| !dropped.maimed.contains(&spot);
    let rule = fault.and_then(|fault| rule(FileId(0), &fault, None, &is_whole, &mut problems));
    match rule.filter(|_| problems.is_empty()) {
        Some(rule) => Ok(rule),
        None => Err(problems.into_sorted()),
    }
}

fn rule(
    file: FileId,
    fault: &Fault,
    place: Option<Arc<str>>,
    is_whole: &dyn Fn(Spot) -> bool,
    problems: &mut Problems,
) -> Option<Rule> {
    let Fault {
        name,
        on: written_on,
        calls: written_calls,
        probability,
        drawn,
        inject: _,
        retry_after: _,
    } = fault;
    if !name.spot.is_nowhere() && name.value.trim().is_empty() {
        let what = "`name` is empty, expected text";
        problems.at(file, name.spot, what, None);
    }
    let none = On::default();
    let on = on::on(file, written_on.as_ref().unwrap_or(&none), problems);
    let calls = match written_calls {
        Some(calls) => calls::calls(file, calls, problems),
        None => Some(Calls::ALL),
    };
    let probability = match probability {
        Some(written) => inject::share(file, "probability", written, problems),
        None => Some(1.0),
    };
    let inject = inject::inject(file, fault, is_whole, problems);
    if let Some(Inject::Same(Effect::ExpireToken)) = inject {
        carries_token(file, fault, on.vendor, on.operation, problems);
    }
    Some(Rule {
        name: Arc::from(&*name.value.0),
        place,
        on,
        calls: calls?,
        probability: probability?,
        drawn: drawn.unwrap_or(0).into(),
        inject: inject?,
        written: fault.clone(),
    })
}

/// Who asks for a token has none that could expire.
fn carries_token(
    file: FileId,
    fault: &Fault,
    vendor: Option<Vendor>,
    operation: Option<&'static str>,
    problems: &mut Problems,
) {
    let (Some(operation), Some(inject)) = (operation, &fault.inject) else {
        return;
    };
    let vendors = Vendor::ALL.iter();
    let vendors = vendors.filter(|it| vendor.is_none_or(|vendor| vendor == **it));
    let mut rows = vendors
        .flat_map(|vendor| vendor.rows())
        .filter(|row| row.is_called(operation));
    if rows.all(|row| row.access == Access::Public) {
        let what = format!("`token_expired` means nothing here: `{operation}` takes no token");
        problems.at(file, inject.spot, what, None);
    }
}
