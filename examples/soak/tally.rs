//! What was asked, what went wrong on purpose, and what did otherwise.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::client::Call;

/// How many errors are told in full.
const TOLD: usize = 20;

#[derive(Default)]
pub struct Tally {
    requests: AtomicU64,
    /// Answers that a reset, another scenario or a move of the clock explains.
    overtaken: AtomicU64,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    errors: BTreeMap<String, u64>,
    told: usize,
    /// By fault: how often it was asked for, and how often it was seen.
    faults: BTreeMap<&'static str, (u64, u64)>,
    /// Whatever else was done, by name.
    deeds: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub fn asked(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub fn many_asked(&self, count: u64) {
        self.requests.fetch_add(count, Ordering::Relaxed);
    }

    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub fn overtaken(&self) {
        self.overtaken.fetch_add(1, Ordering::Relaxed);
    }

    pub fn were_overtaken(&self) -> u64 {
        self.overtaken.load(Ordering::Relaxed)
    }

    /// An error that nobody injected.
    pub fn wrong(&self, kind: &str, call: &Call, why: &str) {
        let fault = call
            .fields
            .iter()
            .find(|(it, _)| *it == super::story::FIELD);
        let fault = fault.map_or("", |(_, name)| name.as_str());
        self.is_wrong(
            kind,
            &format!("{} {} {fault}: {why}", call.method, call.path),
        );
    }

    /// The same where no single call is to blame.
    pub fn is_wrong(&self, kind: &str, why: &str) {
        let mut books = self.books();
        *books.errors.entry(kind.to_owned()).or_default() += 1;
        if books.told < TOLD {
            books.told += 1;
            println!("ERROR {kind}: {why}");
        }
    }

    pub fn errors(&self) -> u64 {
        self.books().errors.values().sum()
    }

    /// A fault was asked for, and was seen or not.
    pub fn struck(&self, fault: &'static str, seen: bool) {
        let mut books = self.books();
        let (asked, acted) = books.faults.entry(fault).or_default();
        *asked += 1;
        *acted += u64::from(seen);
    }

    /// How often a fault was asked for and seen.
    pub fn fault(&self, name: &str) -> (u64, u64) {
        self.books().faults.get(name).copied().unwrap_or_default()
    }

    pub fn injected(&self) -> u64 {
        self.books().faults.values().map(|(_, seen)| seen).sum()
    }

    pub fn did(&self, deed: &'static str) {
        *self.books().deeds.entry(deed).or_default() += 1;
    }

    pub fn deeds(&self) -> String {
        shown(
            self.books()
                .deeds
                .iter()
                .map(|(name, count)| (*name, *count)),
        )
    }

    pub fn errors_by_kind(&self) -> String {
        shown(
            self.books()
                .errors
                .iter()
                .map(|(name, count)| (name.as_str(), *count)),
        )
    }

    pub fn injected_by_kind(&self) -> String {
        shown(
            self.books()
                .faults
                .iter()
                .map(|(name, (_, seen))| (*name, *seen)),
        )
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shown<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> String {
    let all: Vec<String> = counts
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    match all.is_empty() {
        true => "none".to_owned(),
        false => all.join(", "),
    }
}
