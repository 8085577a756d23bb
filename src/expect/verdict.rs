//! What became of the claims.

use std::sync::Arc;

/// What became of the claims, and what else a client did wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Each claim in order, each manner of a claim by itself.
    pub judged: Vec<Judged>,
    /// Whether something was claimed and no request came that could have kept or broken it.
    pub is_untouched: bool,
    /// How many requests fitted no operation.
    pub unmatched: u64,
    /// The first of them, `METHOD /path`, with what was nearest.
    pub examples: Vec<String>,
}

/// What became of one claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The claim, as a person says it: `VENDOR list_user_enrollments: 3 times`, `honours_retry_after`.
    pub claim: String,
    /// Where it stands: `FILE:LINE`. None: it came over HTTP.
    pub place: Option<Arc<str>>,
    /// Whether it holds, for sure.
    pub kept: bool,
    /// Whether nobody can say if it holds, because too much was forgotten.
    pub unsure: bool,
    /// Why, in one sentence.
    pub reason: String,
    /// The ids of the entries that decided it, at most 20.
    pub requests: Vec<String>,
}

impl Verdict {
    /// Whether every claim holds.
    pub fn is_kept(&self) -> bool {
        self.judged.iter().all(|judged| judged.kept)
    }

    /// Whether no claim is known to be broken, and of some nobody can say whether they hold.
    pub fn is_incomplete(&self) -> bool {
        !self.is_kept()
            && self
                .judged
                .iter()
                .all(|judged| judged.kept || judged.unsure)
    }
}
