//! Judges expectations afterwards, from the notes of the journal.

use std::sync::Arc;

use super::judge::{Seen, State};
use super::{Claim, Verdict};
use crate::journal::RawEntry;

/// The verdict on these notes, in order. `forgotten` requests came before the first of them.
pub fn replay(expectations: &[Claim], notes: &[Arc<RawEntry>], forgotten: u64) -> Verdict {
    let mut state = State::new(expectations);
    for entry in notes {
        let (request, is_whole) = entry.request();
        state.observe(&Seen {
            request: &request,
            is_whole,
            entry,
        });
    }
    state.verdict(expectations, forgotten)
}
