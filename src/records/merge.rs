//! Merges several walks into one: each record once, in order of place.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{Order, Record, Walk};

/// Merges walks that are each in order. The first of several records with one place counts.
pub(super) struct Merge<'a, R: Record> {
    heads: BinaryHeap<Head<'a, R>>,
    last: Option<R::Place>,
    order: Order,
}

impl<'a, R: Record> Merge<'a, R> {
    pub(super) fn new(walks: impl IntoIterator<Item = Walk<'a, R>>, order: Order) -> Self {
        Merge {
            heads: walks
                .into_iter()
                .filter_map(|walk| Head::of(walk, order))
                .collect(),
            last: None,
            order,
        }
    }
}

impl<R: Record> Iterator for Merge<'_, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        loop {
            let Head { record, walk, .. } = self.heads.pop()?;
            self.heads.extend(Head::of(walk, self.order));
            let place = record.place();
            if self.last.as_ref() != Some(&place) {
                self.last = Some(place);
                return Some(record);
            }
        }
    }
}

/// A walk, and its next record.
struct Head<'a, R: Record> {
    record: R,
    walk: Walk<'a, R>,
    order: Order,
}

impl<'a, R: Record> Head<'a, R> {
    fn of(mut walk: Walk<'a, R>, order: Order) -> Option<Self> {
        let record = walk.next()?;
        Some(Head {
            record,
            walk,
            order,
        })
    }
}

impl<R: Record> Ord for Head<'_, R> {
    /// The heap gives its greatest first, so the first record in `order` is the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.record.place().cmp(&other.record.place());
        match self.order {
            Order::Ascending => places.reverse(),
            Order::Descending => places,
        }
    }
}

impl<R: Record> PartialOrd for Head<'_, R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R: Record> PartialEq for Head<'_, R> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<R: Record> Eq for Head<'_, R> {}
