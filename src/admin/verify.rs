//! `POST /__admin/verify`: judges whether the client did what it must have done.

use hyper::StatusCode;
use serde::Serialize;

use super::World;
use super::answer::{json, problem, refused};
use crate::expect::{self, Claim, Judged, Verdict};
use crate::http::{Reply, Request};
use crate::scenario::read_claims;

/// A verdict, as JSON shows it.
#[derive(Serialize)]
struct VerdictView<'a> {
    kept: bool,
    /// No expectation is known to be broken, and some cannot be judged for sure.
    incomplete: bool,
    /// How many entries that might have told more the journal has dropped.
    dropped: u64,
    judged: Vec<ExpectationView<'a>>,
    unmatched: u64,
    examples: &'a [String],
}

/// The outcome of one expectation, as JSON shows it.
#[derive(Serialize)]
struct ExpectationView<'a> {
    claim: &'a str,
    place: Option<&'a str>,
    kept: bool,
    unsure: bool,
    reason: &'a str,
    requests: &'a [String],
}

/// Judges the expectations of the body by the entries of the journal.
///
/// Without a body, it shows the verdict on the scenario's expectations, which were judged as requests came.
pub fn verify(request: &Request, world: &World<'_>) -> Reply {
    if request.oversized {
        let what = r#"the body is too large; expected {"expect":[…]}"#;
        return problem(StatusCode::BAD_REQUEST, what.to_owned());
    }
    let expectations = match request.body.trim_ascii() {
        b"" => Ok(None),
        body => read_claims(body),
    };
    match expectations {
        Ok(None) => view(&world.sandbox.judge.verdict(), 0),
        Ok(Some(expectations)) => from_journal(&expectations, world),
        Err(problems) => {
            let status = StatusCode::BAD_REQUEST;
            refused(status, "these claims cannot be read", &problems)
        }
    }
}

fn from_journal(expectations: &[Claim], world: &World<'_>) -> Reply {
    let journal = &world.sandbox.journal;
    let notes = journal.notes();
    // The numbers have no gaps. An entry that was too large for the journal leaves no note.
    let dropped = match notes.first() {
        Some(first) => first.seq.saturating_sub(1),
        None => journal.dropped(),
    };
    view(&expect::replay(expectations, &notes, dropped), dropped)
}

fn view(verdict: &Verdict, dropped: u64) -> Reply {
    let status = if verdict.is_kept() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let judged = verdict.judged.iter().map(|judged| {
        let Judged {
            claim,
            place,
            kept,
            unsure,
            reason,
            requests,
        } = judged;
        ExpectationView {
            claim,
            place: place.as_deref(),
            kept: *kept,
            unsure: *unsure,
            reason,
            requests,
        }
    });
    let view = VerdictView {
        kept: verdict.is_kept(),
        incomplete: verdict.is_incomplete(),
        dropped,
        judged: judged.collect(),
        unmatched: verdict.unmatched,
        examples: &verdict.examples,
    };
    json(status, &view)
}
