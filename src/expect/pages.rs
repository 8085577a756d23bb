//! `walks_every_page`: a client that begins a list follows it to its end.

use hyper::Method;

use super::call::{client, fingerprint, is_readable};
use super::found::{Finding, Requests, conclude, gap};
use super::judge::{Seen, Watch};
use super::table::Table;

/// How many lists may be under way.
const MOST: usize = 4096;

/// The lists under way.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// By the client, and the cursor that leads on. So a failed page changes nothing, and the client may ask for
    /// it again.
    open: Table<Open, MOST>,
    /// How many lists were begun.
    begun: u64,
}

/// A page that leads on, and was not followed yet.
#[derive(Debug)]
struct Open {
    /// The request that showed it.
    id: String,
    /// The list: the client, the operation and the query of its first page.
    list: u64,
    /// The number of the list among those begun.
    number: u64,
}

impl Watch for Pages {
    fn observe(&mut self, seen: &Seen<'_>) {
        let entry = seen.entry;
        let (Some(operation), Some(page)) = (entry.operation, &entry.why.page) else {
            return;
        };
        // A client that could not read a page does not know where it leads.
        if !entry.status.is_success() || !is_readable(entry) || entry.method == Method::HEAD {
            return;
        }
        let request = seen.request;
        let who = client(seen).to_le_bytes();
        let place: &[&[u8]] = &[&who, operation.as_bytes(), request.inner().as_bytes()];
        let place = fingerprint(place).to_le_bytes();
        let before = match &page.cursor {
            Some(cursor) => self.open.remove(fingerprint(&[&place, cursor.as_bytes()])),
            None => None,
        };
        let (list, number) = match before {
            Some(open) => (open.list, open.number),
            None => {
                self.begun += 1;
                let list = fingerprint(&[&place, request.query.as_bytes(), &request.body]);
                (list, self.begun)
            }
        };
        match &page.next {
            Some(next) => {
                let id = entry.id();
                let key = fingerprint(&[&place, next.as_bytes()]);
                self.open.set(key, Open { id, list, number });
            }
            // This walk saw the whole list, so it makes good for earlier ones that were left.
            None => self
                .open
                .retain(|open| open.list != list || open.number > number),
        }
    }

    fn finding(&self, forgotten: u64) -> Finding {
        let mut broken = Requests::default();
        for open in self.open.oldest_first() {
            let what = || format!("{} showed a next page, and nobody asked for it", open.id);
            broken.add(&open.id, what);
        }
        let gap = gap(forgotten, self.open.forgotten(), "lists under way");
        conclude(&broken, gap, "every list was followed to its end")
    }
}
