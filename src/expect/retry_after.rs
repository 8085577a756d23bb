//! `honours_retry_after`: a client comes back no earlier than it was told.

use std::time::Duration;

use hyper::header::RETRY_AFTER;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use super::call::{client, fingerprint};
use super::found::{Finding, Requests, conclude, gap};
use super::judge::{Seen, Watch};
use super::table::Table;
use crate::delivery::How;
use crate::journal::RawEntry;

/// How many waits are remembered: one for each client and operation.
const MOST: usize = 4096;

/// The waits that clients were told, and the requests that came too early.
#[derive(Debug, Default)]
pub(super) struct RetryAfter {
    waits: Table<Wait, MOST>,
    broken: Requests,
}

/// A wait that a client was told.
#[derive(Debug)]
struct Wait {
    /// The request that was told so.
    id: String,
    /// The header's value.
    said: String,
    /// Not before this, on the sandbox's clock.
    at: Timestamp,
    /// Nor before this, in microseconds of real time since the start. One of the two is enough.
    real_us: u64,
}

impl Watch for RetryAfter {
    fn observe(&mut self, seen: &Seen<'_>) {
        let entry = seen.entry;
        let Some(operation) = entry.operation else {
            return;
        };
        let key = fingerprint(&[&client(seen).to_le_bytes(), operation.as_bytes()]);
        let is_refused = matches!(entry.status.as_u16(), 429 | 503);
        let mut is_early = false;
        if let Some(wait) = self.waits.row(key)
            && wait.forbids(entry)
        {
            is_early = true;
            self.broken.add(&entry.id(), || too_early(operation, wait));
        }
        // A client that is served all the same has nothing left to wait for.
        if !is_early || !is_refused {
            self.waits.remove(key);
        }
        if is_refused && let Some(wait) = Wait::of(entry) {
            self.waits.set(key, wait);
        }
    }

    fn finding(&self, forgotten: u64) -> Finding {
        let gap = gap(forgotten, self.waits.forgotten(), "waiting clients");
        let kept = "nobody came back before a Retry-After was over";
        conclude(&self.broken, gap, kept)
    }
}

impl Wait {
    /// Whether a request came before the wait was over on both clocks.
    fn forbids(&self, entry: &RawEntry) -> bool {
        entry.at < self.at && entry.elapsed_us < self.real_us
    }

    /// The wait that an answer tells, if the answer arrived.
    fn of(entry: &RawEntry) -> Option<Wait> {
        // The head arrives even of an answer whose body is cut.
        if let How::Close | How::Reset | How::Garbage = entry.signals.delivery.how {
            return None;
        }
        let said = entry.answered(&RETRY_AFTER)?;
        let wait = duration(said.trim(), entry.at)?;
        let real_us = u64::try_from(wait.as_micros()).unwrap_or(u64::MAX);
        let signed = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        Some(Wait {
            id: entry.id(),
            said: said.to_owned(),
            at: entry.at.checked_add(signed).unwrap_or(Timestamp::MAX),
            real_us: entry.elapsed_us.saturating_add(real_us),
        })
    }
}

/// The wait that a `Retry-After` of this instant asks for: seconds, perhaps with a fraction, or a date. None: it
/// is neither.
fn duration(said: &str, at: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = said.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = DateTimeParser::new().parse_timestamp(said).ok()?;
    // A date that has passed asks for nothing.
    Some(Duration::try_from(until.duration_since(at)).unwrap_or(Duration::ZERO))
}

fn too_early(operation: &str, wait: &Wait) -> String {
    let Wait { id, said, .. } = wait;
    format!("{operation} was called again before the Retry-After of {id}, {said}, was over")
}
