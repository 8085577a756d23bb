//! A bucket that leaks: every call pours one in, and time lets them out again at a steady rate.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Rate;

/// One call. What a bucket holds is counted in calls a minute times nanoseconds, so that what leaks is a
/// product of whole numbers and nothing is ever rounded.
const CALL: i128 = 60_000_000_000;

/// A bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaky {
    /// What the last call that was let in found, itself not counted.
    excess: i128,
    /// When that was.
    last: Timestamp,
}

impl Leaky {
    /// A bucket that has run dry: its first call finds nothing.
    pub fn dry(now: Timestamp) -> Self {
        Leaky {
            excess: -CALL,
            last: now,
        }
    }

    /// Lets a call in.
    ///
    /// # Errors
    /// How long the bucket takes to run dry, if it is full.
    pub fn pour(&mut self, rate: Rate, now: Timestamp) -> Result<(), Duration> {
        // A clock that was set back lets nothing out, and does not stop the bucket from leaking from here on.
        self.last = self.last.min(now);
        let elapsed = now.duration_since(self.last).as_nanos();
        let per_minute = i128::from(rate.per_minute.max(1));
        let excess = (self.excess - elapsed * per_minute + CALL).max(0);
        if excess > i128::from(rate.burst) * CALL {
            return Err(nanoseconds(excess, per_minute));
        }
        *self = Leaky { excess, last: now };
        Ok(())
    }

    /// From when on it is as if it had never been used.
    pub fn dry_at(&self, rate: Rate) -> Timestamp {
        let takes = nanoseconds(self.excess + CALL, i128::from(rate.per_minute.max(1)));
        let takes = SignedDuration::try_from(takes).unwrap_or(SignedDuration::MAX);
        self.last.saturating_add(takes).unwrap_or(Timestamp::MAX)
    }
}

/// How long so much takes to leak, never too short.
fn nanoseconds(amount: i128, per_minute: i128) -> Duration {
    let takes = (amount + per_minute - 1) / per_minute;
    Duration::from_nanos(u64::try_from(takes).unwrap_or(0))
}
