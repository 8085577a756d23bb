//! Judges claims afterwards, from what the journal has kept.

use std::sync::Arc;

use super::judge::{Seen, State};
use super::{Claim, Verdict};
use crate::journal::Note;

/// The verdict on what these notes say, in order. `forgotten` requests came before the first of them.
pub fn replay(claims: &[Claim], notes: &[Arc<Note>], forgotten: u64) -> Verdict {
    let mut state = State::new(claims);
    for entry in notes {
        let (request, is_whole) = entry.request();
        state.observe(&Seen {
            request: &request,
            is_whole,
            entry,
        });
    }
    state.verdict(claims, forgotten)
}
