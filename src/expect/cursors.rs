//! `keeps_cursor_opaque`: a client sends only cursors that it was given, as they were given.

use super::call::{client, fingerprint};
use super::found::{Finding, Requests, conclude, gap};
use super::judge::{Seen, Watch};
use super::table::Table;
use crate::seed::hash;

/// How many cursors are remembered.
const MOST: usize = 16_384;

/// The cursors that were given.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    given: Table<(), MOST>,
    unknown: Requests,
    /// Requests with cursors that may have been given and forgotten.
    doubtful: Requests,
}

impl Watch for Cursors {
    fn observe(&mut self, seen: &Seen<'_>) {
        let entry = seen.entry;
        // A cursor belongs to a client. It is unknown which ones an anonymous client was given.
        let (Some(operation), Some(_)) = (entry.operation, &entry.principal) else {
            return;
        };
        let who = client(seen).to_le_bytes();
        let key = |cursor: u64| fingerprint(&[&who, operation.as_bytes(), &cursor.to_le_bytes()]);
        let fingerprint_of = |cursor: &String| hash(cursor.as_bytes());
        let page = entry.why.page.as_ref();
        let sent = page.and_then(|page| page.cursor.as_ref());
        let sent = sent.map(fingerprint_of).or(entry.signals.cursor);
        if let Some(sent) = sent
            && self.given.row(key(sent)).is_none()
        {
            let into = match self.given.forgotten() {
                0 => &mut self.unknown,
                _ => &mut self.doubtful,
            };
            let what = || format!("{operation} was sent a cursor that it never gave this client");
            into.add(&entry.id(), what);
        }
        if let Some(page) = page
            && entry.status.is_success()
        {
            for given in page.next.iter().chain(&page.previous) {
                self.given.set(key(fingerprint_of(given)), ());
            }
        }
    }

    fn finding(&self, forgotten: u64) -> Finding {
        let kept = "every cursor sent was one that was given";
        if forgotten > 0 && self.unknown.count() > 0 {
            let why = format!("the journal has dropped {forgotten} requests");
            return Finding::Unsure(why, self.unknown.clone());
        }
        // A forgotten cursor matters only once a client sends it.
        let full = match self.doubtful.count() {
            0 => 0,
            _ => self.given.forgotten(),
        };
        match conclude(&self.unknown, gap(forgotten, full, "cursors"), kept) {
            Finding::Unsure(why, _) => Finding::Unsure(why, self.doubtful.clone()),
            finding => finding,
        }
    }
}
