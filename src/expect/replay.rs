//! Judges claims afterwards, from what the journal has kept.

use std::sync::Arc;

use super::judge::{Seen, State};
use super::{Claim, Verdict};
use crate::http::Request;
use crate::journal::Entry;

/// The verdict on these entries, in order. `forgotten` came before the first of them. Of a body no more than
/// `body` bytes were kept.
pub fn replay(claims: &[Claim], entries: &[Arc<Entry>], forgotten: u64, body: usize) -> Verdict {
    let mut state = State::new(claims);
    for entry in entries {
        state.observe(&Seen {
            request: &request(entry),
            is_whole: entry.request_body.len() < body,
            entry,
        });
    }
    state.verdict(claims, forgotten)
}

/// The request again, as far as the journal kept it.
fn request(entry: &Entry) -> Request {
    let prefix = entry
        .sandbox
        .as_ref()
        .map(|name| format!("/__sandbox/{name}"));
    let prefix = prefix.filter(|prefix| entry.path.starts_with(prefix.as_str()));
    Request {
        method: entry.method.clone(),
        path: entry.path.clone(),
        sandbox_prefix: prefix.map_or(0, |prefix| prefix.len()),
        query: entry.query.clone(),
        headers: entry.request_headers.clone(),
        body: entry.request_body.clone(),
        oversized: false,
    }
}
