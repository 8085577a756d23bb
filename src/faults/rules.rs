//! The rules of one world, and what they have counted.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use super::written::Fault;
use super::{CallInfo, Match, Rule};
use crate::seed::Key;

/// How many rules may be added to a world.
const ADDED_AT_MOST: usize = 1_000;

/// How many bytes the added rules of a world may take, as they were sent.
const BYTES_AT_MOST: usize = 16 * 1024 * 1024;

/// The rules of one world, in order, and what they have counted.
#[derive(Debug)]
pub struct Faults {
    listed: Arc<[Arc<Rule>]>,
    /// What chance is drawn from: seed and sandbox.
    key: Key,
    /// Nothing to look through: spares all others a lock.
    is_empty: AtomicBool,
    /// Replaced as a whole, so that who goes through it holds no lock.
    active: RwLock<Arc<[Arc<Active>]>>,
}

/// A rule at work.
#[derive(Debug)]
struct Active {
    rule: Arc<Rule>,
    key: Key,
    /// How many bytes it took to add it.
    bytes: usize,
    matched: AtomicU64,
    acted: AtomicU64,
}

/// A rule, and what it has counted.
#[derive(Clone, Debug)]
pub struct Count {
    /// The rule.
    pub rule: Arc<Rule>,
    /// How many calls fitted its `on`.
    pub matched: u64,
    /// How many of them it acted on.
    pub acted: u64,
}

/// Why a rule is not added: there are so many, or they take so much room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mib = BYTES_AT_MOST / 1024 / 1024;
        write!(
            f,
            "no more than {ADDED_AT_MOST} faults of {mib} MiB in all can be added; DELETE some, or reset"
        )
    }
}

impl Faults {
    /// The rules that the scenario lists, nothing counted.
    pub fn new(listed: Arc<[Arc<Rule>]>, seed: u64, sandbox: &str) -> Self {
        let key = Key::new(seed, "fault").within(sandbox);
        let active = fresh(&listed, key);
        Faults {
            key,
            is_empty: AtomicBool::new(active.is_empty()),
            active: RwLock::new(active),
            listed,
        }
    }

    /// Counts the call with every rule whose `on` it fits, and says which rule acts on it: the first that
    /// does.
    pub fn evaluate(&self, asked: &CallInfo<'_>) -> Option<Match> {
        if self.is_empty.load(Ordering::Acquire) {
            return None;
        }
        let mut hit = None;
        for active in self.active().iter() {
            if !active.rule.on.fits(asked) {
                continue;
            }
            let number = active.matched.fetch_add(1, Ordering::Relaxed) + 1;
            if hit.is_none() {
                hit = active.hit(number);
            }
        }
        hit
    }

    /// The rules in order, and what they have counted.
    pub fn counts(&self) -> Vec<Count> {
        self.active().iter().map(|active| active.count()).collect()
    }

    /// The rules as they stand: those that will not act again left out, the calls of the others counted from
    /// here, and what is drawn by chance as it would be drawn next.
    pub fn current(&self) -> Vec<Fault> {
        let active = self.active();
        let left = active.iter().filter_map(|active| {
            let calls = &active.rule.calls;
            let matched = active.matched.load(Ordering::Relaxed);
            let left = calls.after(matched)?;
            let standing = if left == *calls {
                active.rule.written.clone()
            } else {
                active.rule.written.acting_on(&left)
            };
            Some(if active.rule.is_drawn() {
                standing.after_drawing(active.rule.drawn + matched)
            } else {
                standing
            })
        });
        left.collect()
    }

    /// Adds a rule that took so many bytes, in the place of the one of the same name if there is one;
    /// whether it is new.
    ///
    /// # Errors
    /// When there are too many, or they take too much room.
    pub fn add(&self, rule: Rule, bytes: usize) -> Result<bool, Full> {
        let mut lock = self.lock();
        let mut next = lock.to_vec();
        let place = next.iter().position(|it| it.rule.name == rule.name);
        let others = next.iter().enumerate();
        let added = others.filter(|(at, it)| Some(*at) != place && it.rule.place.is_none());
        let (count, used) = added.fold((0, 0), |(n, sum), (_, it)| (n + 1, sum + it.bytes));
        if count >= ADDED_AT_MOST || used + bytes > BYTES_AT_MOST {
            return Err(Full);
        }
        let active = Arc::new(Active::new(Arc::new(rule), self.key, bytes));
        match place {
            Some(place) => next[place] = active,
            None => next.push(active),
        }
        *lock = next.into();
        self.is_empty.store(false, Ordering::Release);
        Ok(place.is_none())
    }

    /// Takes the rule of this name away; whether there was one. A reset brings a listed one back.
    pub fn remove(&self, name: &str) -> bool {
        let mut lock = self.lock();
        let before = lock.len();
        let others = lock.iter().filter(|it| *it.rule.name != *name);
        let others: Arc<[_]> = others.cloned().collect();
        *lock = others;
        self.is_empty.store(lock.is_empty(), Ordering::Release);
        lock.len() < before
    }

    /// Back to the rules that the scenario lists, nothing counted.
    pub fn reset(&self) {
        let mut lock = self.lock();
        *lock = fresh(&self.listed, self.key);
        self.is_empty.store(lock.is_empty(), Ordering::Release);
    }

    fn active(&self) -> Arc<[Arc<Active>]> {
        let lock = self.active.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&lock)
    }

    fn lock(&self) -> RwLockWriteGuard<'_, Arc<[Arc<Active>]>> {
        self.active.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The listed rules, nothing counted.
fn fresh(listed: &[Arc<Rule>], key: Key) -> Arc<[Arc<Active>]> {
    let rules = listed.iter().map(Arc::clone);
    rules
        .map(|rule| Arc::new(Active::new(rule, key, 0)))
        .collect()
}

impl Active {
    fn new(rule: Arc<Rule>, key: Key, bytes: usize) -> Active {
        Active {
            key: key.within(&rule.name),
            rule,
            bytes,
            matched: AtomicU64::new(0),
            acted: AtomicU64::new(0),
        }
    }

    /// What it does to the call of this number, if anything. Each call has a stream of its own, so what
    /// becomes of one depends on no other.
    fn hit(&self, number: u64) -> Option<Match> {
        if !self.rule.calls.contains(number) {
            return None;
        }
        let mut stream = self.key.stream(self.rule.drawn + number);
        if !stream.chance(self.rule.probability) {
            return None;
        }
        self.acted.fetch_add(1, Ordering::Relaxed);
        Some(Match {
            name: Arc::clone(&self.rule.name),
            place: self.rule.place.clone(),
            effect: self.rule.inject.effect(&mut stream),
        })
    }

    fn count(&self) -> Count {
        Count {
            rule: Arc::clone(&self.rule),
            matched: self.matched.load(Ordering::Relaxed),
            acted: self.acted.load(Ordering::Relaxed),
        }
    }
}
