//! Judges one sandbox's requests as they happen.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::found::Finding;
use super::{Claim, Judged, Verdict};
use crate::http::Request;
use crate::journal::RawEntry;
use crate::place::cut;
use crate::seed::hash;

/// How many unmatched requests a verdict shows.
const EXAMPLES: usize = 20;

/// A request and its answer, as the judge sees them: with what the journal masks or forgets.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The request, with its secrets.
    pub request: &'a Request,
    /// Whether its body is all there.
    pub is_whole: bool,
    /// The journal's note of both.
    pub entry: &'a RawEntry,
}

impl Seen<'_> {
    /// The fingerprint of the credential that the request carries, valid or not.
    pub(super) fn credential(&self) -> Option<u64> {
        let credential = self.entry.credential(self.request)?;
        Some(hash(credential.as_bytes()))
    }
}

/// Watches whether one expectation is kept.
pub(super) trait Watch: Debug + Send {
    /// Takes note of a request that fits an operation, and of its answer.
    fn observe(&mut self, seen: &Seen<'_>);

    /// The finding so far. `forgotten` requests came before the first that was seen.
    fn finding(&self, forgotten: u64) -> Finding;
}

/// Judges one sandbox's requests as they happen, from small running state.
#[derive(Debug)]
pub struct Judge {
    expectations: Arc<[Claim]>,
    state: Mutex<State>,
}

/// The state of a judge.
#[derive(Debug)]
pub(super) struct State {
    /// One for each expectation, in order.
    watches: Vec<Box<dyn Watch>>,
    /// Whether any request was seen.
    is_touched: bool,
    unmatched: u64,
    examples: Vec<String>,
}

impl Judge {
    /// A judge that has seen no request.
    pub fn new(expectations: Arc<[Claim]>) -> Self {
        let state = Mutex::new(State::new(&expectations));
        Judge {
            expectations,
            state,
        }
    }

    /// Takes note of a request and its answer.
    pub fn observe(&self, seen: &Seen<'_>) {
        // Without expectations, only unmatched requests count.
        if !self.expectations.is_empty() || seen.entry.operation.is_none() {
            self.lock().observe(seen);
        }
    }

    /// The verdict on what was seen so far.
    pub fn verdict(&self) -> Verdict {
        self.lock().verdict(&self.expectations, 0)
    }

    /// Forgets every request.
    pub fn reset(&self) {
        *self.lock() = State::new(&self.expectations);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The state before any request.
    pub fn new(expectations: &[Claim]) -> Self {
        State {
            watches: expectations.iter().map(Claim::watch).collect(),
            is_touched: false,
            unmatched: 0,
            examples: Vec::new(),
        }
    }

    /// Takes note of a request and its answer.
    pub fn observe(&mut self, seen: &Seen<'_>) {
        self.is_touched = true;
        if seen.entry.is_unmatched() {
            self.unmatched += 1;
            if self.examples.len() < EXAMPLES {
                self.examples.push(example(seen.entry));
            }
        }
        for watch in &mut self.watches {
            watch.observe(seen);
        }
    }

    /// The verdict on what was seen so far. `forgotten` requests came before the first of it.
    pub fn verdict(&self, expectations: &[Claim], forgotten: u64) -> Verdict {
        let judged = expectations
            .iter()
            .zip(&self.watches)
            .map(|(expectation, watch)| {
                let finding = watch.finding(forgotten);
                let kept = matches!(finding, Finding::Kept(_));
                let unsure = matches!(finding, Finding::Unsure(..));
                let (reason, requests) = match finding {
                    Finding::Kept(reason) => (reason, Vec::new()),
                    Finding::Broken(requests) => (requests.reason(), requests.into_named()),
                    Finding::Unsure(why, requests) => {
                        (format!("cannot be sure: {why}"), requests.into_named())
                    }
                };
                Judged {
                    claim: expectation.to_string(),
                    place: expectation.place.clone(),
                    kept,
                    unsure,
                    reason,
                    requests,
                }
            });
        Verdict {
            is_untouched: !expectations.is_empty() && !self.is_touched,
            judged: judged.collect(),
            unmatched: self.unmatched,
            examples: self.examples.clone(),
        }
    }
}

/// `METHOD /path`, with what was nearest.
fn example(entry: &RawEntry) -> String {
    let call = format!("{} {}", entry.method, cut(&entry.masked_path()));
    if entry.why.nearest.is_empty() {
        return call;
    }
    format!("{call}: {}", entry.why.nearest.join("; "))
}
