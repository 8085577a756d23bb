//! A list as a body, written piece by piece.
//!
//! Each piece takes the lock anew and goes on behind the last record written, so that a slow
//! reader holds up no writer and a list of any length takes the memory of one piece.

use bytes::Bytes;

use super::{Notes, Page};
use crate::http::{Body, Chunks, rendered};

/// A body up to this many bytes goes out whole; of a longer one this is the first piece.
const WHOLE: usize = 1024 * 1024;

/// The size of a later piece: small, because others wait while it is made.
const PIECE: usize = 64 * 1024;

/// How much larger pieces get for each part that a list is put together from, because each piece
/// begins with finding the place in all parts.
const PIECE_PER_PART: usize = 64;

/// A list under way.
pub trait Pieces: Send + 'static {
    /// Appends the next piece to an empty buffer, until it holds `size` bytes or the list ends.
    fn piece(&mut self, size: usize, bytes: &mut Vec<u8>);

    /// Whether all of it is written.
    fn has_ended(&self) -> bool;

    /// How many parts it is put together from.
    fn parts(&self) -> usize;

    /// The part of the list that the answer shows, asked for once the first piece is made. Of what is
    /// still to come nobody knows how many items it will be, so those of the first piece count.
    fn page(&self) -> Page;
}

/// The list as a body: whole where it is short. What it shows is noted.
pub fn body(mut list: impl Pieces, notes: &Notes) -> Body {
    let first = rendered(|bytes| list.piece(WHOLE, bytes));
    notes.page(list.page());
    if list.has_ended() {
        return Body::Whole(first);
    }
    let size = PIECE + PIECE_PER_PART * list.parts();
    let rest = std::iter::from_fn(move || {
        (!list.has_ended()).then(|| {
            // The last record of a piece passes the mark.
            let mut bytes = Vec::with_capacity(size + size / 16);
            list.piece(size, &mut bytes);
            Bytes::from(bytes)
        })
    });
    Body::Chunks(Chunks::new(std::iter::once(first).chain(rest)))
}
