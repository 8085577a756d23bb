//! `rate_limits` of a scenario: laid over each other, and the door to rates as meant.

use std::collections::BTreeMap;

use super::Merged;
use crate::format::{BucketLimit, FileId, Problems, Sourced};
use crate::limits::{Class, Rate, Rates};
use crate::place::Place;
use crate::vendors::RateLimits;

/// The most calls a minute, and the largest burst.
const MOST: u32 = 1_000_000;

/// The limits of all files.
#[derive(Clone, Debug, Default)]
pub struct LaidLimits(BTreeMap<Class, Sourced<BucketLimit>>);

impl LaidLimits {
    /// Lays those of one more file over these, entry by entry.
    pub(super) fn lay_over(&mut self, file: FileId, written: RateLimits) {
        for (class, value) in written.named() {
            self.0.insert(class, Sourced { file, value });
        }
    }

    /// All of them, as one file writes them.
    pub(super) fn written(&self) -> RateLimits {
        let limits = self.0.iter();
        RateLimits::of(limits.map(|(class, limit)| (*class, limit.value.clone())))
    }
}

/// The rates that the files name.
pub(super) fn check(merged: &Merged, problems: &mut Problems) -> Rates {
    let mut rates = BTreeMap::new();
    for (class, limit) in &merged.rate_limits.0 {
        let Sourced { file, value } = limit;
        let BucketLimit { per_minute, burst } = value;
        bound("per_minute", *file, per_minute, 1, problems);
        if let Some(burst) = burst {
            bound("burst", *file, burst, 0, problems);
        }
        let rate = Rate {
            per_minute: per_minute.value,
            burst: burst.as_ref().map_or(0, |burst| burst.value),
        };
        rates.insert(*class, rate);
    }
    Rates::new(rates)
}

fn bound(key: &str, file: FileId, number: &Place<u32>, least: u32, problems: &mut Problems) {
    let Place { value, spot } = number;
    // What stands nowhere is missing or faulty, which was noted.
    if !spot.is_nowhere() && !(least..=MOST).contains(value) {
        let what = format!("`{key}` is `{value}`, expected a whole number from {least} to {MOST}");
        problems.at(file, *spot, what, None);
    }
}
