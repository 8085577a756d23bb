//! The records that a scenario lists: sorted once, then only read.

use std::collections::HashMap;
use std::ops::Bound;

use super::{Keep, Order, Record, Source, Walk, range};

/// The listed records of one table, with an index for ids and one for groups.
#[derive(Debug)]
pub struct Listed<R: Record> {
    /// In order of place.
    rows: Vec<R>,
    /// The row of an id.
    by_id: HashMap<R::Id, u32>,
    /// In order: the rows of the first group in order of place, then those of the next.
    by_group: Vec<(R::Group, u32)>,
}

impl<R: Record> Listed<R> {
    /// Sorts and indexes records whose ids and places are all different.
    pub fn new(mut rows: Vec<R>) -> Self {
        rows.sort_by_key(Record::place);
        // Row numbers are 32 bits wide: no file holds four thousand million records.
        rows.truncate(u32::MAX as usize);
        let numbered = || rows.iter().zip(0u32..);
        let by_id = numbered().map(|(row, at)| (row.id(), at)).collect();
        let mut by_group: Vec<_> = numbered()
            .flat_map(|(row, at)| row.groups().into_iter().map(move |group| (group, at)))
            .collect();
        by_group.sort_unstable();
        Listed {
            rows,
            by_id,
            by_group,
        }
    }

    /// The ids, in order of place.
    pub fn ids(&self) -> impl Iterator<Item = R::Id> {
        self.rows.iter().map(Record::id)
    }

    /// The records, in order of place.
    pub fn rows(&self) -> impl Iterator<Item = &R> {
        self.rows.iter()
    }

    /// The row numbers in a range of places.
    fn rows_in(&self, places: (Bound<R::Place>, Bound<R::Place>)) -> std::ops::Range<usize> {
        let before = |place: &R::Place, inclusive: bool| {
            self.rows.partition_point(|row| {
                let at = row.place();
                at < *place || (inclusive && at == *place)
            })
        };
        let start = match &places.0 {
            Bound::Unbounded => 0,
            Bound::Included(place) => before(place, false),
            Bound::Excluded(place) => before(place, true),
        };
        let end = match &places.1 {
            Bound::Unbounded => self.rows.len(),
            Bound::Included(place) => before(place, true),
            Bound::Excluded(place) => before(place, false),
        };
        start..end.max(start)
    }

    /// The rows that `keep` accepts. Only these are copied.
    fn rows_where<'a>(
        &'a self,
        group: Option<R::Group>,
        from: Bound<R::Place>,
        order: Order,
        keep: impl Fn(&R) -> bool + Send + 'a,
    ) -> Walk<'a, R> {
        let rows = self.rows_in(range(from, order));
        let Some(group) = group else {
            let rows = self.rows[rows].iter();
            return in_order(rows.filter(move |row| keep(row)).cloned(), order);
        };
        let before = |row: usize| {
            let is_before = |(g, at): &(R::Group, u32)| (*g, *at as usize) < (group, row);
            self.by_group.partition_point(is_before)
        };
        let (first, end) = (before(rows.start), before(rows.end));
        let rows = self.by_group[first..end.max(first)].iter();
        let rows = rows.map(|(_, row)| &self.rows[*row as usize]);
        in_order(rows.filter(move |row| keep(row)).cloned(), order)
    }
}

fn in_order<'a, R>(
    rows: impl DoubleEndedIterator<Item = R> + Send + 'a,
    order: Order,
) -> Walk<'a, R> {
    match order {
        Order::Ascending => Box::new(rows),
        Order::Descending => Box::new(rows.rev()),
    }
}

impl<R: Record> Source<R> for Listed<R> {
    fn get(&self, id: R::Id) -> Option<R> {
        self.rows.get(*self.by_id.get(&id)? as usize).cloned()
    }

    fn at(&self, place: R::Place) -> Option<R> {
        let row = self.rows.binary_search_by_key(&place, Record::place).ok()?;
        self.rows.get(row).cloned()
    }

    fn walk(&self, group: Option<R::Group>, from: Bound<R::Place>, order: Order) -> Walk<'_, R> {
        self.rows_where(group, from, order, |_| true)
    }

    fn walk_where(
        &self,
        group: Option<R::Group>,
        from: Bound<R::Place>,
        order: Order,
        keep: Keep<R::Id>,
    ) -> Walk<'_, R> {
        self.rows_where(group, from, order, move |row| keep(row.id()))
    }

    fn count(&self) -> u64 {
        self.rows.len() as u64
    }
}
