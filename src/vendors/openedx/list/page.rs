//! One page of a walk, and the cursors of its neighbours: what Django REST framework's
//! `CursorPagination` does where several records share a date.

use super::super::records::Enrollment;
use super::cursor::Cursor;
use super::position;

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Its rows, the newest first.
    pub rows: Vec<Enrollment>,
    /// Where the next page starts. None: this is the last one.
    pub next: Option<Cursor>,
    /// Where the previous page starts. None: this is the first one.
    pub previous: Option<Cursor>,
}

/// What lies beyond one side of a page.
#[derive(Clone, Debug)]
struct Beyond {
    /// Whether there is something.
    any: bool,
    /// The date it begins at. None: unknown.
    position: Option<String>,
}

impl Page {
    /// The page of `size` rows that starts where `cursor` says. `found` are the rows from there on, in
    /// the order of the walk, one more than the page takes if there is one.
    pub fn of(mut found: Vec<Enrollment>, cursor: &Cursor, size: usize) -> Page {
        let following = found.get(size).map(|it| position::text(it.created));
        found.truncate(size);
        let ahead = Beyond {
            any: following.is_some(),
            position: following,
        };
        let behind = Beyond {
            any: cursor.position.is_some() || cursor.offset > 0,
            position: cursor.position.clone(),
        };
        let (after, before) = if cursor.reverse {
            found.reverse();
            (behind, ahead)
        } else {
            (ahead, behind)
        };
        let positions = found.iter().map(|it| position::text(it.created));
        let positions: Vec<String> = positions.collect();
        let from_end: Vec<&String> = positions.iter().rev().collect();
        let from_start: Vec<&String> = positions.iter().collect();
        Page {
            next: neighbour(false, &from_end, &after, &before, cursor, size),
            previous: neighbour(true, &from_start, &before, &after, cursor, size),
            rows: found,
        }
    }
}

/// The cursor of the page on one side. `positions` are those of this page's rows, seen from that side;
/// `near` is what lies beyond that side, `far` beyond the other; `reverse` is the way that page is
/// walked.
fn neighbour(
    reverse: bool,
    positions: &[&String],
    near: &Beyond,
    far: &Beyond,
    cursor: &Cursor,
    size: usize,
) -> Option<Cursor> {
    if !near.any {
        return None;
    }
    let Some(edge) = positions.first() else {
        return Some(Cursor {
            offset: 0,
            reverse,
            position: near.position.clone(),
        });
    };
    let turns = cursor.reverse != reverse;
    // A cursor that counts does not tell the date of the row beyond the side that it came from.
    let mut beyond = if turns && cursor.offset != 0 {
        Some(*edge)
    } else {
        near.position.as_ref()
    };
    for (offset, position) in positions.iter().enumerate() {
        if beyond != Some(*position) {
            return Some(Cursor {
                offset,
                reverse,
                position: Some((*position).clone()),
            });
        }
        beyond = Some(*position);
    }
    // All of the page shares one date.
    let (offset, position) = match (far.any, turns) {
        (false, _) => (size, None),
        // Turning round here passes over some rows, in the original too.
        (true, true) => (0, far.position.clone()),
        (true, false) => (cursor.offset + size, far.position.clone()),
    };
    Some(Cursor {
        offset,
        reverse,
        position,
    })
}
