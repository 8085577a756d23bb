//! `calls` of a fault: `2..3`, `2`, `3..`, `[1, 4]`.

use crate::faults::Calls;
use crate::faults::written::{CallNumbers, Count};
use crate::format::{FileId, Problems};
use crate::place::{Place, cut};

/// The calls that are meant.
pub(super) fn calls(
    file: FileId,
    written: &Place<CallNumbers>,
    problems: &mut Problems,
) -> Option<Calls> {
    let wrong = match &written.value {
        CallNumbers::Range(text) => match range(text) {
            Ok(calls) => return Some(calls),
            Err(wrong) => wrong,
        },
        CallNumbers::Listed(numbers) => return listed(file, written, numbers, problems),
    };
    let (what, cure) = wrong;
    problems.at(file, written.spot, what, cure);
    None
}

/// What is wrong, and the cure.
type Wrong = (String, Option<String>);

fn range(text: &str) -> Result<Calls, Wrong> {
    let unreadable = || {
        let shown = cut(text);
        let what = format!(
            "`calls` is `{shown}`, expected calls counted from 1, such as 2..3, 2, 3.. or [1, 4]"
        );
        (what, rewritten(text))
    };
    let number = |text: &str| match text.trim().parse::<u64>() {
        Ok(number) if number > 0 => Ok(number),
        Ok(_) | Err(_) => Err(unreadable()),
    };
    let Some((first, last)) = text.split_once("..") else {
        let only = number(text)?;
        return Ok(Calls::Range(only, only));
    };
    let first = number(first)?;
    if last.trim().is_empty() {
        return Ok(Calls::Range(first, u64::MAX));
    }
    let last = number(last)?;
    if first <= last {
        Ok(Calls::Range(first, last))
    } else {
        let what = format!(
            "`calls` is `{}`, expected the smaller number first",
            cut(text)
        );
        Err((what, Some(format!("did you mean `{last}..{first}`?"))))
    }
}

/// `1-3`, `..3`, `1..=3` and `0..3` are what people write by mistake.
fn rewritten(text: &str) -> Option<String> {
    let (first, last) = text
        .split_once("..=")
        .or_else(|| text.split_once("..."))
        .or_else(|| text.split_once(".."))
        .or_else(|| text.split_once('-'))?;
    let first = match first.trim() {
        "" | "0" => 1,
        first => first.parse::<u64>().ok()?,
    };
    let last = last.trim().parse::<u64>().ok()?;
    (first <= last).then(|| format!("did you mean `{first}..{last}`?"))
}

fn listed(
    file: FileId,
    written: &Place<CallNumbers>,
    numbers: &[Place<Count>],
    problems: &mut Problems,
) -> Option<Calls> {
    if numbers.is_empty() {
        let what = "`calls` is an empty list, expected numbers of calls, such as [1, 4]";
        problems.at(file, written.spot, what, None);
        return None;
    }
    let before = problems.len();
    let mut last = 0;
    for number in numbers {
        let Count(value) = number.value;
        if value == 0 {
            let what = "an item of `calls` is `0`, expected a whole number from 1 on";
            problems.at(file, number.spot, what, None);
        } else if value <= last {
            let what = format!("an item of `calls` is `{value}`, expected more than {last}");
            problems.at(file, number.spot, what, None);
        }
        last = last.max(value);
    }
    let is_sound = problems.len() == before;
    is_sound.then(|| Calls::Listed(numbers.iter().map(|number| number.value.0).collect()))
}
