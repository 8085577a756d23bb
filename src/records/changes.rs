//! The changes of one sandbox over the shared base.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use super::{Order, Record, Walk, range};

/// Records put and records taken away, with indexes of the records put.
#[derive(Clone, Debug)]
pub(super) struct Changes<R: Record> {
    /// None: the record of the base was taken away.
    records: HashMap<R::Id, Option<R>>,
    by_place: BTreeMap<R::Place, R::Id>,
    by_group: BTreeMap<R::Group, BTreeMap<R::Place, R::Id>>,
    /// How many records put are not in the base.
    added: u64,
    /// How many records of the base were taken away.
    removed: u64,
}

impl<R: Record> Default for Changes<R> {
    fn default() -> Self {
        Changes {
            records: HashMap::new(),
            by_place: BTreeMap::new(),
            by_group: BTreeMap::new(),
            added: 0,
            removed: 0,
        }
    }
}

impl<R: Record> Changes<R> {
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub(super) fn added(&self) -> u64 {
        self.added
    }

    pub(super) fn removed(&self) -> u64 {
        self.removed
    }

    /// The change of the record. None: it was not changed. Some(None): it was taken away.
    pub(super) fn get(&self, id: R::Id) -> Option<Option<&R>> {
        self.records.get(&id).map(Option::as_ref)
    }

    pub(super) fn at(&self, place: &R::Place) -> Option<&R> {
        self.records.get(self.by_place.get(place)?)?.as_ref()
    }

    pub(super) fn put(&mut self, record: R, in_base: bool) {
        let id = record.id();
        self.forget(id, in_base);
        self.added += u64::from(!in_base);
        self.by_place.insert(record.place(), id);
        for group in record.groups() {
            self.by_group
                .entry(group)
                .or_default()
                .insert(record.place(), id);
        }
        self.records.insert(id, Some(record));
    }

    pub(super) fn remove(&mut self, id: R::Id, in_base: bool) {
        self.forget(id, in_base);
        if in_base {
            self.removed += 1;
            self.records.insert(id, None);
        }
    }

    fn forget(&mut self, id: R::Id, in_base: bool) {
        match self.records.remove(&id) {
            None => {}
            Some(None) => self.removed -= 1,
            Some(Some(old)) => {
                self.added -= u64::from(!in_base);
                self.by_place.remove(&old.place());
                for group in old.groups() {
                    if let Some(rows) = self.by_group.get_mut(&group) {
                        rows.remove(&old.place());
                        if rows.is_empty() {
                            self.by_group.remove(&group);
                        }
                    }
                }
            }
        }
    }

    /// The records put, in no order.
    pub(super) fn records_put(&self) -> impl Iterator<Item = R> {
        self.records.values().filter_map(Clone::clone)
    }

    /// The ids of records taken away, in no order.
    pub(super) fn ids_removed(&self) -> impl Iterator<Item = R::Id> {
        let records = self.records.iter();
        let removed = records.filter(|(_, record)| record.is_none());
        removed.map(|(id, _)| *id)
    }

    pub(super) fn walk(
        &self,
        group: Option<R::Group>,
        from: Bound<R::Place>,
        order: Order,
    ) -> Walk<'_, R> {
        let places = match group {
            None => Some(&self.by_place),
            Some(group) => self.by_group.get(&group),
        };
        let Some(places) = places else {
            return Box::new(std::iter::empty());
        };
        let ids = places.range(range(from, order)).map(|(_, id)| *id);
        match order {
            Order::Ascending => Box::new(self.records_of(ids)),
            Order::Descending => Box::new(self.records_of(ids.rev())),
        }
    }

    fn records_of<'a>(
        &'a self,
        ids: impl Iterator<Item = R::Id> + Send + 'a,
    ) -> impl Iterator<Item = R> + Send + 'a {
        ids.filter_map(|id| self.records.get(&id).cloned().flatten())
    }
}
