//! `POST /__admin/verify`: did the client do what it must have done?

use hyper::StatusCode;
use serde::Serialize;

use super::{World, json, problem, refused};
use crate::expect::{self, Claim, Judged, Verdict};
use crate::http::{Reply, Request};
use crate::scenario::read_claims;

/// A verdict.
#[derive(Serialize)]
struct Shown<'a> {
    kept: bool,
    /// Nothing is known to be broken, and of something nobody can say.
    incomplete: bool,
    /// How many entries the journal has dropped that might have told.
    dropped: u64,
    judged: Vec<ShownClaim<'a>>,
    unmatched: u64,
    examples: &'a [String],
}

/// What became of one claim.
#[derive(Serialize)]
struct ShownClaim<'a> {
    claim: &'a str,
    place: Option<&'a str>,
    kept: bool,
    unsure: bool,
    reason: &'a str,
    requests: &'a [String],
}

/// Judges the claims of the body by what the journal has kept; without any, those of the scenario, which
/// were judged as the requests came.
pub fn verify(request: &Request, world: &World<'_>) -> Reply {
    if request.oversized {
        let what = r#"the body is too large; expected {"expect":[…]}"#;
        return problem(StatusCode::BAD_REQUEST, what.to_owned());
    }
    let claims = match request.body.trim_ascii() {
        b"" => Ok(None),
        body => read_claims(body),
    };
    match claims {
        Ok(None) => shown(&world.sandbox.judge.verdict(), 0),
        Ok(Some(claims)) => from_journal(&claims, world),
        Err(problems) => {
            let status = StatusCode::BAD_REQUEST;
            refused(status, "these claims cannot be read", &problems)
        }
    }
}

fn from_journal(claims: &[Claim], world: &World<'_>) -> Reply {
    let journal = &world.sandbox.journal;
    let notes = journal.notes();
    // The numbers have no gaps; an entry that was too large for the journal left nothing behind.
    let dropped = match notes.first() {
        Some(first) => first.seq.saturating_sub(1),
        None => journal.dropped(),
    };
    shown(&expect::replay(claims, &notes, dropped), dropped)
}

fn shown(verdict: &Verdict, dropped: u64) -> Reply {
    let status = match verdict.is_kept() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
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
        ShownClaim {
            claim,
            place: place.as_deref(),
            kept: *kept,
            unsure: *unsure,
            reason,
            requests,
        }
    });
    let shown = Shown {
        kept: verdict.is_kept(),
        incomplete: verdict.is_incomplete(),
        dropped,
        judged: judged.collect(),
        unmatched: verdict.unmatched,
        examples: &verdict.examples,
    };
    json(status, &shown)
}
