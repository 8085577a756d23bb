//! A so2 list as a body: one array without pages, written piece by piece.

use std::ops::Bound;

use hyper::StatusCode;

use super::super::behaviour::So2Envelope;
use super::super::list_fields::RowView;
use super::super::records::EnrollmentPlace;
use super::super::selection::{Selection, note_scope};
use crate::http::Reply;
use crate::platform::{self, Pieces, Shared};
use crate::platform::{Page, Principal};
use crate::records::{Order, Record};
use crate::vendors::openedx::Call;
use crate::vendors::openedx::World;

/// Appends one row.
type WriteRow = fn(&mut Vec<u8>, &RowView);

/// Answers with a row for each enrollment selected, as far as the caller sees it; the oldest first.
pub fn reply(call: &Call<'_>, selection: Selection, write: WriteRow) -> Reply {
    let (envelope, cap) = {
        let world = call.context.read();
        (world.behaviour().so2_envelope, world.behaviour().so2_cap)
    };
    let listing = Listing {
        world: call.context.world.clone(),
        principal: call.principal.clone(),
        selection,
        write,
        envelope,
        left: cap.unwrap_or(usize::MAX),
        behind: Bound::Unbounded,
        progress: Progress::Unopened,
        shown: 0,
    };
    note_scope(call);
    let body = platform::body(listing, call.notes);
    Reply::new(StatusCode::OK, "application/json", body)
}

/// A list under way.
struct Listing {
    world: Shared<World>,
    principal: Principal,
    selection: Selection,
    write: WriteRow,
    envelope: So2Envelope,
    /// How many rows may still be written.
    left: usize,
    behind: Bound<EnrollmentPlace>,
    progress: Progress,
    /// How many rows are written.
    shown: usize,
}

/// How far a list is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Nothing is written.
    Unopened,
    /// The array is open, and no row is in it.
    Empty,
    /// Rows are in it.
    Filled,
    /// All is written.
    Closed,
}

impl Pieces for Listing {
    fn piece(&mut self, size: usize, bytes: &mut Vec<u8>) {
        if self.progress == Progress::Unopened {
            bytes.extend_from_slice(match self.envelope {
                So2Envelope::Array => b"[",
                So2Envelope::Results => b"{\"results\":[",
            });
            self.progress = Progress::Empty;
        }
        // Lent to the walk, and taken back.
        let selection = std::mem::take(&mut self.selection);
        let is_last = self.write_rows(bytes, size, &selection);
        self.selection = selection;
        if is_last {
            bytes.extend_from_slice(match self.envelope {
                So2Envelope::Array => b"]",
                So2Envelope::Results => b"]}",
            });
            self.progress = Progress::Closed;
        }
    }

    fn has_ended(&self) -> bool {
        self.progress == Progress::Closed
    }

    fn parts(&self) -> usize {
        self.selection.parts()
    }

    fn page(&self) -> Page {
        Page {
            cursor: None,
            shown: self.shown,
            next: None,
            previous: None,
        }
    }
}

impl Listing {
    /// Writes rows until there are `size` bytes; whether no more rows follow.
    fn write_rows(&mut self, bytes: &mut Vec<u8>, size: usize, selection: &Selection) -> bool {
        let shared = self.world.clone();
        let world = shared.read();
        let visible = world.seen_by(&self.principal);
        for enrollment in visible.enrollments(selection, self.behind.clone(), Order::Ascending) {
            if self.left == 0 {
                return true;
            }
            if bytes.len() >= size {
                return false;
            }
            self.behind = Bound::Excluded(enrollment.place());
            let Some(shown) = RowView::of(enrollment, &world) else {
                continue;
            };
            if self.progress == Progress::Filled {
                bytes.push(b',');
            }
            (self.write)(bytes, &shown);
            self.progress = Progress::Filled;
            self.left -= 1;
            self.shown += 1;
        }
        true
    }
}
