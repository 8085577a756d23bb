//! A window that slides: so many calls within the last minute and no more.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Rate;

/// How long a window is.
const LENGTH: SignedDuration = SignedDuration::from_mins(1);

/// Up to so many calls a minute, each is remembered by itself. Of more, those within a thousandth of the
/// window leave it together, so that no window is ever long.
const EXACT: u32 = 1_000;

/// The calls of the last minute, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    runs: VecDeque<Run>,
    calls: u32,
}

/// Calls that leave the window together.
#[derive(Clone, Copy, Debug)]
struct Run {
    at: Timestamp,
    calls: u32,
}

impl Window {
    /// Lets a call in.
    ///
    /// # Errors
    /// How long until the oldest one leaves, if as many are in it as may be.
    pub fn enter(&mut self, rate: Rate, now: Timestamp) -> Result<(), Duration> {
        self.turn_back(now);
        self.leave(now);
        if self.calls >= rate.per_minute
            && let Some(oldest) = self.runs.front()
        {
            let wait = LENGTH - now.duration_since(oldest.at);
            return Err(Duration::try_from(wait).unwrap_or_default());
        }
        self.calls += 1;
        let apart = if rate.per_minute > EXACT {
            LENGTH / EXACT as i32
        } else {
            SignedDuration::ZERO
        };
        match self.runs.back_mut() {
            Some(run) if now.duration_since(run.at) <= apart => run.calls += 1,
            Some(_) | None => self.runs.push_back(Run { at: now, calls: 1 }),
        }
        Ok(())
    }

    /// From when on it is as if it had never been used.
    pub fn empty_at(&self) -> Timestamp {
        let newest = self.runs.back().map(|run| run.at);
        newest.map_or(Timestamp::MIN, |newest| {
            newest.saturating_add(LENGTH).unwrap_or(Timestamp::MAX)
        })
    }

    /// How much of it there is to remember.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Moves the calls along with a clock that was set back: they count as before, from here on.
    fn turn_back(&mut self, now: Timestamp) {
        let newest = self.runs.back().map(|run| run.at);
        let Some(newest) = newest.filter(|newest| *newest > now) else {
            return;
        };
        let by = newest.duration_since(now);
        for run in &mut self.runs {
            run.at = run.at.saturating_sub(by).unwrap_or(Timestamp::MIN);
        }
    }

    /// Lets out what is older than the window.
    fn leave(&mut self, now: Timestamp) {
        while let Some(oldest) = self.runs.front()
            && now.duration_since(oldest.at) >= LENGTH
        {
            self.calls -= oldest.calls;
            self.runs.pop_front();
        }
    }
}
