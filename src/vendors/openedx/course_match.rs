//! Courses by parts of their keys, in upper or lower case, at a cost that does not grow with how many
//! the population has.
//!
//! Generated keys differ in their digits only, so the numbers that a part fits follow from the part.

use std::collections::HashSet;
use std::sync::Arc;

use super::generated::{self, KEY_AROUND};
use super::records::CourseNumber;
use super::world::World;

/// So many courses are listed one by one; of more, the list of all is walked and what does not fit left
/// out, which is then soon filled.
const LISTED_AT_MOST: usize = 1_000;

/// So many numbers are looked for. Of more, each key is looked at when its turn comes.
const FOUND_AT_MOST: usize = 10_000;

/// The fewest digits in a generated key, zeros in front included.
const DIGITS_AT_LEAST: u32 = 4;

/// The most digits that a number has.
const DIGITS_AT_MOST: u32 = 10;

/// The courses that parts of keys select.
#[derive(Debug)]
pub enum Like {
    /// All of them.
    All,
    /// These.
    These(Vec<CourseNumber>),
    /// Too many to list.
    Many(Arc<Many>),
}

/// Many courses.
#[derive(Debug)]
pub struct Many {
    /// Those found: all of them if `parts` is empty, else at least the listed ones.
    found: HashSet<CourseNumber>,
    /// In lower case.
    parts: Vec<String>,
    generated: CourseNumber,
}

impl Like {
    /// The courses whose key has one of these parts in it.
    pub fn of(parts: &[String], world: &World) -> Like {
        let mut parts: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
        parts.sort_unstable();
        parts.dedup();
        if parts.iter().any(String::is_empty) {
            return Like::All;
        }
        let listed = world
            .course_keys()
            .filter(|(key, _)| has(&key.to_lowercase(), &parts));
        let mut found: HashSet<CourseNumber> = listed.map(|(_, number)| number).collect();
        let generated = world.generated_courses();
        if add_generated(&parts, generated, &mut found) {
            parts.clear();
        }
        match parts.is_empty() && found.len() <= LISTED_AT_MOST {
            true => {
                let mut these: Vec<CourseNumber> = found.into_iter().collect();
                these.sort_unstable();
                Like::These(these)
            }
            false => Like::Many(Arc::new(Many {
                found,
                parts,
                generated,
            })),
        }
    }
}

impl Many {
    /// Whether this course is one of them.
    pub fn has(&self, course: CourseNumber) -> bool {
        let is_like = || {
            let is_generated = !self.parts.is_empty() && course < self.generated;
            is_generated && has(&generated::course_key(course).to_lowercase(), &self.parts)
        };
        self.found.contains(&course) || is_like()
    }
}

fn has(key: &str, parts: &[String]) -> bool {
    parts.iter().any(|part| key.contains(part))
}

/// Adds the numbers of the generated courses; whether these are all of them.
fn add_generated(
    parts: &[String],
    courses: CourseNumber,
    found: &mut HashSet<CourseNumber>,
) -> bool {
    let (before, behind) = (KEY_AROUND.0.to_lowercase(), KEY_AROUND.1);
    let fits_each = |part: &String| before.contains(part) || behind.contains(part);
    if parts.iter().any(fits_each) && courses as usize > FOUND_AT_MOST {
        return false;
    }
    let most = found.len() + FOUND_AT_MOST;
    for part in parts {
        if fits_each(part) {
            found.extend(0..courses);
            continue;
        }
        let digits = stretches(part.as_bytes(), before.as_bytes(), behind.as_bytes());
        for number in digits.flat_map(|digits| digits.numbers(courses)) {
            found.insert(number);
            if found.len() > most {
                return false;
            }
        }
    }
    true
}

/// What a part says of the digits in a key.
#[derive(Clone, Copy)]
struct Digits {
    value: u64,
    count: u32,
    /// The first of them is the first in the key.
    at_start: bool,
    /// The last of them is the last in the key.
    at_end: bool,
}

/// Every way to lay a part over a key so that it covers digits of the number.
fn stretches<'a>(
    part: &'a [u8],
    before: &'a [u8],
    behind: &'a [u8],
) -> impl Iterator<Item = Digits> + 'a {
    let longest = before.len() + DIGITS_AT_MOST as usize + behind.len();
    let length = if part.len() > longest { 0 } else { part.len() };
    let ends = (0..length).flat_map(move |start| (start + 1..=length).map(move |end| (start, end)));
    ends.filter_map(move |(start, end)| {
        let (ahead, digits, rest) = (&part[..start], &part[start..end], &part[end..]);
        let count = u32::try_from(digits.len()).ok()?;
        let is_number = count <= DIGITS_AT_MOST && digits.iter().all(u8::is_ascii_digit);
        (is_number && before.ends_with(ahead) && behind.starts_with(rest)).then(|| Digits {
            value: digits
                .iter()
                .fold(0, |value, digit| value * 10 + u64::from(digit - b'0')),
            count,
            at_start: !ahead.is_empty(),
            at_end: !rest.is_empty(),
        })
    })
}

impl Digits {
    /// The numbers below `courses` that are written with these digits.
    fn numbers(self, courses: CourseNumber) -> impl Iterator<Item = CourseNumber> {
        let last = if self.at_end {
            0
        } else {
            DIGITS_AT_MOST - self.count
        };
        (0..=last).flat_map(move |behind| self.numbers_with(behind, u64::from(courses)))
    }

    /// Those with so many digits behind them.
    fn numbers_with(self, behind: u32, courses: u64) -> impl Iterator<Item = CourseNumber> {
        let length = self.count + behind;
        let leads_with_zero = self.value < 10_u64.pow(self.count - 1);
        // Alone in front they can be seen only where zeros in front are written.
        let can_lead = length <= DIGITS_AT_LEAST || !leads_with_zero;
        let heads = match (self.at_start, can_lead) {
            (true, true) if length >= DIGITS_AT_LEAST => 0..1,
            (true, _) => 0..0,
            (false, true) => 0..u64::MAX,
            (false, false) => 1..u64::MAX,
        };
        let unit = 10_u64.pow(behind);
        let firsts = heads.map_while(move |head| {
            let with_head = head.checked_mul(10_u64.pow(self.count))?;
            let first = with_head.checked_add(self.value)?.checked_mul(unit)?;
            (first < courses).then_some(first)
        });
        let numbers = firsts.flat_map(move |first| first..(first + unit).min(courses));
        numbers.filter_map(|number| CourseNumber::try_from(number).ok())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{add_generated, has};
    use crate::vendors::openedx::generated;

    #[test]
    fn the_numbers_that_a_part_fits_are_those_whose_key_has_it() {
        const COURSES: u32 = 10_432;
        let parts = [
            "0",
            "7",
            "00",
            "07",
            "77",
            "777",
            "0007",
            "00007",
            "10000",
            "10431",
            "c",
            "C0",
            "c7",
            "c00",
            "c0042",
            "c104",
            "c1043",
            "+c0042+",
            "c10000+2",
            "7+",
            "07+2024",
            "0042+2",
            "00042+2",
            "10007+",
            "1:example+c9",
            "example+c1000",
            "v1:example+c42",
            "4+2024+",
            "x",
            "e+c",
            "2+2",
            "c+2",
            "course-v1:example+c0042+2024",
            "course-v1:example+c10042+2024x",
        ];
        for part in parts {
            let parts = [part.to_lowercase()];
            let expected: HashSet<u32> = (0..COURSES)
                .filter(|number| has(&generated::course_key(*number).to_lowercase(), &parts))
                .collect();
            let mut found = HashSet::new();
            let is_all = add_generated(&parts, COURSES, &mut found);
            match expected.len() > super::FOUND_AT_MOST {
                true => assert!(!is_all, "{part}"),
                false => assert!(is_all && found == expected, "{part}"),
            }
        }
    }
}
