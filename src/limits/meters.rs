//! The buckets and windows of one world, no more than fit.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use super::leaky::Leaky;
use super::window::Window;
use super::{Key, Rate};

/// How many callers one world meters at a time.
pub const KEYS_AT_MOST: usize = 100_000;

/// How many calls the windows of one world remember.
pub const CALLS_AT_MOST: usize = 1_000_000;

/// How many idle callers a call forgets: more than it adds.
const FORGOTTEN_AT_ONCE: usize = 2;

/// What was used up by whom.
#[derive(Debug, Default)]
pub(super) struct Meters {
    by_key: HashMap<Key, Metered>,
    /// Who is idle from when on; among equals, who called first.
    by_idleness: BTreeMap<Turn, Key>,
    /// How many calls the windows remember.
    calls: usize,
    /// How many turns were given out.
    turns: u64,
}

type Turn = (Timestamp, u64);

#[derive(Debug)]
struct Metered {
    meter: Meter,
    turn: Turn,
}

#[derive(Debug)]
enum Meter {
    Leaky(Leaky),
    Window(Window),
}

impl Meters {
    /// Lets a call into a bucket.
    pub fn leak(&mut self, key: Key, rate: Rate, now: Timestamp) -> Result<(), Duration> {
        let mut bucket = match self.take(&key) {
            Some(Meter::Leaky(bucket)) => bucket,
            Some(Meter::Window(_)) | None => Leaky::dry(now),
        };
        let result = bucket.pour(rate, now);
        self.make_room(now);
        self.put(key, Meter::Leaky(bucket), bucket.dry_at(rate));
        result
    }

    /// Lets a call into a window.
    pub fn slide(&mut self, key: Key, rate: Rate, now: Timestamp) -> Result<(), Duration> {
        let mut window = match self.take(&key) {
            Some(Meter::Window(window)) => window,
            Some(Meter::Leaky(_)) | None => Window::default(),
        };
        let result = window.enter(rate, now);
        self.make_room(now);
        let idle_at = window.empty_at();
        self.put(key, Meter::Window(window), idle_at);
        result
    }

    fn take(&mut self, key: &Key) -> Option<Meter> {
        let Metered { meter, turn } = self.by_key.remove(key)?;
        self.by_idleness.remove(&turn);
        self.calls -= meter.calls();
        Some(meter)
    }

    /// Forgets who is idle, and as many others as it takes for one more to fit.
    fn make_room(&mut self, now: Timestamp) {
        for _ in 0..FORGOTTEN_AT_ONCE {
            let first = self.by_idleness.first_key_value();
            if first.is_some_and(|((idle_at, _), _)| *idle_at <= now) {
                self.forget_first();
            }
        }
        while self.by_key.len() >= KEYS_AT_MOST || self.calls >= CALLS_AT_MOST {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        let Some((_, key)) = self.by_idleness.pop_first() else {
            return;
        };
        if let Some(forgotten) = self.by_key.remove(&key) {
            self.calls -= forgotten.meter.calls();
        }
    }

    fn put(&mut self, key: Key, meter: Meter, idle_at: Timestamp) {
        let turn = (idle_at, self.turns);
        self.turns += 1;
        self.calls += meter.calls();
        self.by_idleness.insert(turn, key.clone());
        self.by_key.insert(key, Metered { meter, turn });
    }
}

impl Meter {
    /// How many calls it remembers.
    fn calls(&self) -> usize {
        match self {
            Meter::Leaky(_) => 0,
            Meter::Window(window) => window.len(),
        }
    }
}
