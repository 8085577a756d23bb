//! What becomes of an answer: it is finished, written down, judged, and leaves.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::explain::changed;
use super::finish::{finish, with_first};
use super::{Answer, Exchange};
use crate::clock::Stopwatch;
use crate::expect::Seen;
use crate::faults::Effect;
use crate::http::{Body, Request};
use crate::journal::{Fault, NewEntry, mask};
use crate::sandbox::Sandbox;

/// When a request came.
pub(super) struct Arrival {
    /// On the emulated clock.
    pub(super) at: Timestamp,
    /// In real time since the start.
    pub(super) elapsed: Duration,
    /// Running since then.
    pub(super) stopwatch: Stopwatch,
}

/// Writes an answer down before its first byte leaves.
pub(super) fn record(
    request: &Request,
    sandbox: &Sandbox,
    mut answer: Answer,
    arrival: &Arrival,
) -> Exchange {
    // What the clock showed when the request came: a call may have taken its time.
    let reply = finish(answer.reply, request, arrival.at);
    let (reply, first) = with_first(reply);
    let sent = match &reply.body {
        Body::Empty => &[],
        Body::Whole(bytes) => &**bytes,
        Body::Chunks(_) => &*first,
    };
    // The journal is for people, and reads what it can.
    let response_body = match &answer.plain {
        Some(plain) if !sent.is_empty() => plain,
        Some(_) | None => sent,
    };
    let fault = answer.fault.as_ref().map(|hit| Fault {
        name: Arc::clone(&hit.name),
        place: hit.place.clone(),
    });
    if let Some(Effect::Change(change)) = answer.fault.as_ref().map(|hit| &hit.effect) {
        answer.why.unchanged = changed(sandbox, change).map(mask::sentence);
    }
    let note = sandbox.journal.record(NewEntry {
        at: arrival.at,
        elapsed_us: arrival.elapsed.as_micros() as u64,
        duration_us: arrival.stopwatch.elapsed().as_micros() as u64,
        vendor: answer.vendor,
        surface: answer.surface,
        operation: answer.operation,
        kind: answer.kind,
        principal: answer.principal,
        request,
        status: reply.status,
        response_headers: &reply.headers,
        response_body,
        is_whole: !matches!(reply.body, Body::Chunks(_)),
        may_show_secrets: answer.may_show_secrets,
        fault,
        why: answer.why,
        signals: answer.signals,
    });
    sandbox.judge.observe(&Seen {
        request,
        is_whole: true,
        entry: &note,
    });
    Exchange {
        reply,
        delivery: answer.delivery,
        follow: None,
        note: Some(note),
    }
}
