//! The dates of enrollments, in the order of their numbers.

use jiff::Timestamp;

use super::stream::{Key, below};

/// How far the history reaches back from its end, in seconds: two years.
const SPAN: u64 = 2 * 365 * 86_400;

const MICROS: u64 = 1_000_000;

/// Gives each number its own stretch of time, all equally long, the last one up to the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeline {
    numbers: u64,
    /// Microseconds since the epoch, as `step` is in microseconds.
    start: i64,
    step: u64,
    /// The least distance between two dates: a second where stretches are that long, else a microsecond.
    unit: u64,
    end: i64,
    jitter: Key,
}

impl Timeline {
    pub(super) fn new(seed: u64, numbers: u64, end: Timestamp) -> Self {
        let end = whole_seconds(end);
        let (unit, steps) = match SPAN / numbers.max(1) {
            0 => (1, (SPAN * MICROS / numbers).max(1)),
            seconds => (MICROS, seconds),
        };
        let step = steps * unit;
        Timeline {
            numbers,
            start: end
                .saturating_mul(MICROS as i64)
                .saturating_sub_unsigned(step.saturating_mul(numbers)),
            step,
            unit,
            end,
            jitter: Key::new(seed, "created"),
        }
    }

    /// When enrollment `number` was made.
    pub(super) fn created(&self, number: u64) -> Timestamp {
        let jitter = below(self.jitter.draw(number), self.step / self.unit) * self.unit;
        let micros = self
            .start
            .saturating_add_unsigned(number.saturating_mul(self.step).saturating_add(jitter));
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MIN)
    }

    /// The least number made at `at` or later. One past the last when there is none.
    pub(super) fn since(&self, at: Timestamp) -> u64 {
        let distance = at.as_microsecond().saturating_sub(self.start);
        let Ok(distance) = u64::try_from(distance) else {
            return 0;
        };
        let number = distance / self.step;
        if number >= self.numbers {
            self.numbers
        } else {
            number + u64::from(self.created(number) < at)
        }
    }

    /// The first whole second that lies outside, since the epoch.
    pub(super) fn end(&self) -> i64 {
        self.end
    }

    /// When the first stretch begins, in seconds since the epoch. The same for every number of learners.
    pub(super) fn opening(&self) -> i64 {
        self.end.saturating_sub_unsigned(SPAN)
    }
}

/// A timestamp's last whole second.
fn whole_seconds(at: Timestamp) -> i64 {
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}
