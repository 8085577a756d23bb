//! Rate limits as vendors meter them: buckets that leak and windows that slide, on the emulated clock.
//!
//! Memory is bounded: one world meters at most [`KEYS_AT_MOST`] callers and remembers at most
//! [`CALLS_AT_MOST`] calls of windows. Beyond that it forgets first who is idle, then who will be idle
//! soonest. No call looks at other callers than those that it forgets.

mod leaky;
mod meters;
mod window;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

pub use meters::KEYS_AT_MOST;
use meters::Meters;

/// Calls for which a scenario can name one limit: a vendor's name, and its own name for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub &'static str);

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many calls a minute; at least one.
    pub per_minute: u32,
    /// How many may come on top before one is refused; windows have none.
    pub burst: u32,
}

/// What the scenario names of rate limits; what it leaves out is not limited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates(BTreeMap<Class, Rate>);

impl Rates {
    /// These limits and no others.
    pub fn new(rates: BTreeMap<Class, Rate>) -> Self {
        Rates(rates)
    }

    /// Whether nothing is limited.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The limit for calls of this class; none, if there is none.
    pub fn of(&self, class: Class) -> Option<Rate> {
        self.0.get(&class).copied()
    }
}

/// Whose calls are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// What they do.
    pub class: Class,
    /// Who they are, in a vendor's own terms.
    pub who: Arc<str>,
}

/// How much of what is limited is used up in one world.
#[derive(Debug)]
pub struct Limits {
    rates: Arc<Rates>,
    meters: Mutex<Meters>,
}

impl Limits {
    /// Nothing used up.
    pub fn new(rates: Arc<Rates>) -> Self {
        Limits {
            rates,
            meters: Mutex::default(),
        }
    }

    /// What is limited.
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// Lets a call into a bucket that leaks, unless it is full.
    ///
    /// # Errors
    /// How long the bucket takes to run dry; then the call does not count.
    pub fn leak(&self, key: Key, rate: Rate, now: Timestamp) -> Result<(), Duration> {
        self.lock().leak(key, rate, now)
    }

    /// Lets a call into a window of one minute, unless as many were let in within it as may be.
    ///
    /// # Errors
    /// How long until the oldest of them leaves the window; then the call does not count.
    pub fn slide(&self, key: Key, rate: Rate, now: Timestamp) -> Result<(), Duration> {
        self.lock().slide(key, rate, now)
    }

    /// Nothing used up again.
    pub fn reset(&self) {
        *self.lock() = Meters::default();
    }

    fn lock(&self) -> MutexGuard<'_, Meters> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
