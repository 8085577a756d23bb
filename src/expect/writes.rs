//! `no_blind_retry_of_writes`: a client that is unsure about a write looks before it writes again.

use hyper::StatusCode;

use super::call::{answered_us, client, fingerprint, is_lost, is_readable};
use super::found::{Finding, Requests, conclude, gap};
use super::judge::{Seen, Watch};
use super::table::Table;
use crate::journal::RawEntry;
use crate::platform::Kind;

/// How many writes in doubt are remembered.
const MOST: usize = 4096;

/// The writes in doubt: their clients do not know whether they were carried out.
#[derive(Debug, Default)]
pub(super) struct Writes {
    /// By the client and its request.
    doubts: Table<Doubt, MOST>,
    broken: Requests,
    /// Requests that may be other writes: their bodies were cut.
    doubtful: Requests,
}

/// A write in doubt.
#[derive(Debug)]
struct Doubt {
    id: String,
    client: u64,
    /// The cause of the doubt.
    what: String,
    /// When the doubt ends, in microseconds since the start. None: never.
    until_us: Option<u64>,
    is_whole: bool,
}

impl Watch for Writes {
    fn observe(&mut self, seen: &Seen<'_>) {
        let (entry, request) = (seen.entry, seen.request);
        let Some(kind) = entry.kind else {
            return;
        };
        let client = client(seen);
        match kind {
            Kind::Token => {}
            Kind::Read | Kind::List => {
                // A look at a record that is not there is a look as well.
                let found = entry.status.is_success() || entry.status == StatusCode::NOT_FOUND;
                if found && is_readable(entry) {
                    self.doubts.retain(|doubt| doubt.client != client);
                }
            }
            Kind::Write => {
                let key = fingerprint(&[
                    &client.to_le_bytes(),
                    entry.method.as_str().as_bytes(),
                    request.inner().as_bytes(),
                    request.query.as_bytes(),
                    &request.body,
                ]);
                self.write(seen, key, Doubt::of(seen, client));
            }
        }
    }

    fn finding(&self, forgotten: u64) -> Finding {
        let gap = gap(forgotten, self.doubts.forgotten(), "writes in doubt");
        let kept = "no write in doubt was repeated unseen";
        match conclude(&self.broken, gap, kept) {
            Finding::Kept(_) if self.doubtful.count() > 0 => {
                let why = "the journal keeps only the beginning of bodies".to_owned();
                Finding::Unsure(why, self.doubtful.clone())
            }
            finding => finding,
        }
    }
}

impl Writes {
    /// Takes note of a write. It may repeat a write in doubt, and be in doubt itself.
    fn write(&mut self, seen: &Seen<'_>, key: u64, doubt: Option<Doubt>) {
        let entry = seen.entry;
        if let Some(before) = self.doubts.remove(key)
            && before.until_us.is_none_or(|until| entry.elapsed_us < until)
        {
            let into = if seen.is_whole && before.is_whole {
                &mut self.broken
            } else {
                &mut self.doubtful
            };
            let what = || {
                let Doubt { id, what, .. } = &before;
                format!("it repeats {id}, which {what}, and nobody looked in between")
            };
            into.add(&entry.id(), what);
        }
        if let Some(doubt) = doubt {
            self.doubts.set(key, doubt);
        }
    }
}

impl Doubt {
    /// The doubt that a write leaves, if any.
    fn of(seen: &Seen<'_>, client: u64) -> Option<Doubt> {
        let entry: &RawEntry = seen.entry;
        let answered_us = answered_us(entry);
        let at_once = entry.elapsed_us.saturating_add(entry.duration_us);
        let (what, until_us) = if is_lost(entry) {
            ("got no answer, or half of one".to_owned(), None)
        } else if entry.status.is_server_error() {
            (format!("got a {}", entry.status.as_u16()), None)
        } else if answered_us > at_once {
            ("was not answered yet".to_owned(), Some(answered_us))
        } else {
            return None;
        };
        Some(Doubt {
            id: entry.id(),
            client,
            what,
            until_us,
            is_whole: seen.is_whole,
        })
    }
}
