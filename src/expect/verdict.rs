//! The verdict on the expectations.

use std::sync::Arc;

/// The outcome of all expectations, and the unmatched requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Each expectation in order.
    pub judged: Vec<Judged>,
    /// Whether there are expectations and no request came that could have kept or broken them.
    pub is_untouched: bool,
    /// How many unmatched requests came.
    pub unmatched: u64,
    /// The first of them, `METHOD /path`, with the nearest operations.
    pub examples: Vec<String>,
}

/// The outcome of one expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The expectation, as a person says it: `VENDOR list_user_enrollments: 3 times`, `honours_retry_after`.
    pub claim: String,
    /// Its place in a file: `FILE:LINE`. None: it came over HTTP.
    pub place: Option<Arc<str>>,
    /// Whether it is surely kept.
    pub kept: bool,
    /// Whether too much was forgotten to tell.
    pub unsure: bool,
    /// Why, in one sentence.
    pub reason: String,
    /// The ids of the entries that decided it, at most 20.
    pub requests: Vec<String>,
}

impl Verdict {
    /// Whether every expectation is kept.
    pub fn is_kept(&self) -> bool {
        self.judged.iter().all(|judged| judged.kept)
    }

    /// Whether no expectation is known to be broken, and some cannot be judged for sure.
    pub fn is_incomplete(&self) -> bool {
        let is_broken = |judged: &Judged| !judged.kept && !judged.unsure;
        !self.is_kept() && !self.judged.iter().any(is_broken)
    }
}
