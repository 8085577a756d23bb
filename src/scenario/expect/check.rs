//! The door from expectations as written to claims as meant.

use std::sync::Arc;

use super::written::{Bounds, Claims, Expectation, Times};
use crate::expect::{Claim, Manner, Range, What};
use crate::faults::written::On;
use crate::format::read::{self, Read};
use crate::format::{FileId, Problems};
use crate::journal::mask;
use crate::place::{Place, Problem, Spot, cut};
use crate::scenario::Merged;
use crate::scenario::faults::on as meant;

/// The claims that the files make, in order.
pub(in crate::scenario) fn check(merged: &Merged, problems: &mut Problems) -> Vec<Claim> {
    let mut claims = Vec::new();
    for expectation in &merged.expect {
        let name = merged.files.get(expectation.file.0);
        let name = name.map_or("", String::as_str);
        let mut reading = Reading {
            file: expectation.file,
            name: Some(name),
            is_whole: merged
                .lost
                .is_whole(expectation.file, expectation.value.spot),
            problems,
        };
        claims.extend(reading.claims(&expectation.value));
    }
    claims
}

/// What claims that come over HTTP are called where they are reported.
const BODY: &str = "body";

/// The claims that a text makes, as JSON or as YAML: `{"expect":[…]}`. None: it makes none, and means the
/// scenario's.
///
/// # Errors
/// All that is wrong with them.
pub fn read_claims(text: &[u8]) -> Result<Option<Vec<Claim>>, Vec<Problem>> {
    let Read {
        value,
        problems: found,
        ..
    } = read::read::<Claims>(BODY, text);
    let is_sound = found.is_empty();
    let mut problems = Problems::new(vec![BODY.to_owned()]);
    problems.extend(found);
    let written = value.and_then(|claims| claims.expect);
    let mut claims = written.as_ref().map(|_| Vec::new());
    for expectation in written.iter().flatten() {
        let mut reading = Reading {
            file: FileId(0),
            name: None,
            is_whole: is_sound,
            problems: &mut problems,
        };
        let made = reading.claims(expectation);
        claims.iter_mut().for_each(|all| all.extend(made.clone()));
    }
    if problems.is_empty() {
        Ok(claims)
    } else {
        Err(problems.into_sorted())
    }
}

/// An expectation that is being read.
struct Reading<'a> {
    file: FileId,
    /// The file's name. None: it came over HTTP.
    name: Option<&'a str>,
    /// Whether nothing of it was lost that could not be read.
    is_whole: bool,
    problems: &'a mut Problems,
}

impl Reading<'_> {
    /// The claims that an expectation makes: one, or one for each manner.
    fn claims(&mut self, expectation: &Place<Expectation>) -> Vec<Claim> {
        let Expectation { on, times, manners } = &expectation.value;
        match (on, times, manners) {
            (Some(on), Some(times), None) => self.count(on, times),
            (None, None, Some(manners)) => self.manners(manners),
            (on, times, manners) => {
                // What is there is looked through all the same.
                if let Some(on) = on {
                    meant(self.file, &on.value, self.problems);
                }
                if let Some(times) = times {
                    self.range(times);
                }
                if let Some(manners) = manners {
                    self.manners(manners);
                }
                self.is_neither(expectation);
                Vec::new()
            }
        }
    }

    /// Says why an expectation is neither a count nor manners.
    fn is_neither(&mut self, expectation: &Place<Expectation>) {
        if !self.is_whole {
            return;
        }
        let Expectation { on, times, manners } = &expectation.value;
        let spot_of_count = times.as_ref().map(|times| times.spot);
        let spot_of_count = spot_of_count.or(on.as_ref().map(|on| on.spot));
        let (spot, what, cure) = match (on, times, manners) {
            (_, _, Some(_)) => (
                spot_of_count.unwrap_or(expectation.spot),
                "`manners` are kept in all calls: they stand without `on` and `times`",
                "make it two expectations",
            ),
            (Some(on), None, None) => (
                on.spot,
                "`on` without `times` expects nothing",
                "add `times: { min: 1 }`",
            ),
            (None, Some(times), None) => (
                times.spot,
                "`times` without `on` does not say of what",
                "add `on`, such as `on: { operation: list_enrollments }`",
            ),
            (_, _, None) => (
                expectation.spot,
                "an expectation is empty, expected `on` and `times`, or `manners`",
                "fill it in or take it out",
            ),
        };
        self.at(spot, what.to_owned(), Some(cure));
    }

    fn count(&mut self, on: &Place<On>, times: &Place<Times>) -> Vec<Claim> {
        let calls = meant(self.file, &on.value, self.problems);
        self.is_kept_by_journal(&on.value);
        let Some(range) = self.range(times) else {
            return Vec::new();
        };
        let what = What::Times {
            on: Box::new(calls),
            calls: said(&on.value),
            range,
        };
        vec![self.claim(what, on.spot)]
    }

    /// What comes over HTTP is judged from the journal, which masks secrets.
    fn is_kept_by_journal(&mut self, on: &On) {
        let fields = on.query.iter().chain(&on.headers);
        let names = fields.flat_map(|fields| &fields.0).map(|(name, _)| name);
        let masked = names.filter(|name| self.name.is_none() && mask::hides(&name.value));
        for name in masked.cloned().collect::<Vec<_>>() {
            let what = format!(
                "the journal masks `{}`, so nobody can tell afterwards",
                cut(&name.value)
            );
            self.at(name.spot, what, Some("claim it in the scenario"));
        }
    }

    fn range(&mut self, times: &Place<Times>) -> Option<Range> {
        let (what, cure) = match times.value {
            Times::Exactly(number) => {
                return Some(Range {
                    min: number,
                    max: Some(number),
                });
            }
            Times::Between(Bounds { min, max: None }) if !self.is_whole && min.is_none() => {
                return None;
            }
            Times::Between(Bounds {
                min: None,
                max: None,
            }) => (
                "`times` has neither `min` nor `max`".to_owned(),
                Some("write `times: { min: 1 }`"),
            ),
            Times::Between(Bounds {
                min: Some(min),
                max: Some(max),
            }) if min > max => {
                let what = format!("`min` is `{min}`, expected no more than `max`, {max}");
                (what, None)
            }
            Times::Between(Bounds {
                min: Some(0),
                max: None,
            }) => (
                "`times` of 0 or more expects nothing".to_owned(),
                Some("write `times: { min: 1 }`"),
            ),
            Times::Between(Bounds { min, max }) => {
                return Some(Range {
                    min: min.unwrap_or(0),
                    max,
                });
            }
        };
        self.at(times.spot, what, cure);
        None
    }

    fn manners(&mut self, manners: &Place<Vec<Place<Manner>>>) -> Vec<Claim> {
        // Whatever was in it may have been refused.
        if manners.value.is_empty() && self.problems.is_empty() {
            let known: Vec<_> = Manner::ALL
                .iter()
                .map(|it| format!("`{}`", it.name()))
                .collect();
            let what = format!("`manners` is empty, expected some of {}", known.join(", "));
            self.at(manners.spot, what, None);
        }
        let mut claims = Vec::new();
        for (index, manner) in manners.value.iter().enumerate() {
            let mut before = manners.value[..index].iter();
            if let Some(first) = before.find(|other| other.value == manner.value) {
                let name = manner.value.name();
                let what = format!(
                    "duplicate manner `{name}`, first at line {}",
                    first.spot.line
                );
                self.at(manner.spot, what, None);
                continue;
            }
            claims.push(self.claim(What::Manner(manner.value), manner.spot));
        }
        claims
    }

    fn claim(&self, what: What, spot: Spot) -> Claim {
        let place = self.name.map(|name| format!("{name}:{}", spot.line));
        Claim {
            place: place.map(Arc::from),
            what,
        }
    }

    fn at(&mut self, spot: Spot, what: String, cure: Option<&str>) {
        self.problems
            .at(self.file, spot, what, cure.map(str::to_owned));
    }
}

/// The calls, as a person says it: the vendor, then the operation.
fn said(on: &On) -> String {
    let On {
        vendor,
        operation,
        method,
        path,
        query,
        headers,
        principal,
    } = on;
    let mut words = Vec::new();
    words.extend(vendor.as_ref().map(|it| it.value.name().to_owned()));
    let texts = [method, operation, path].into_iter().flatten();
    words.extend(texts.map(|it| it.value.0.clone()));
    for (fields, equals) in [(query, "="), (headers, ": ")] {
        let fields = fields.iter().flat_map(|fields| &fields.0);
        words.extend(fields.map(|(name, value)| {
            let name = &name.value;
            // A claim is printed, and a header may hold a token.
            let shown = if mask::hides(name) {
                "***"
            } else {
                &value.value.0
            };
            format!("{name}{equals}{shown}")
        }));
    }
    words.extend(principal.as_ref().map(|it| format!("by {}", it.value.0)));
    if words.is_empty() {
        "any call".to_owned()
    } else {
        words.join(" ")
    }
}
