//! The store: a read-only base that all sandboxes share, and each sandbox's changes over it.
//!
//! A fork, a reset and a new sandbox cost nothing however large the base is: a reset drops the changes. The
//! base is the scenario's list over the records that a population computes when asked.

mod changes;
mod keyed;
mod listed;
mod merge;

use std::collections::HashSet;
use std::fmt::Debug;
use std::hash::Hash;
use std::ops::Bound;
use std::sync::Arc;

use changes::Changes;
pub use keyed::Keyed;
pub use listed::Listed;
use merge::Merge;

/// A record of a table.
pub trait Record: Clone + Debug + Send + Sync + 'static {
    /// The identity of a record.
    type Id: Copy + Eq + Hash + Debug + Send + Sync;
    /// The place among all records of the table. No two records share a place.
    type Place: Clone + Ord + Debug + Send + Sync;
    /// A group that lists are cut by, such as "the rows of learner 7".
    type Group: Copy + Ord + Debug + Send + Sync;

    /// The identity of this record.
    fn id(&self) -> Self::Id;
    /// Its place.
    fn place(&self) -> Self::Place;
    /// Every group whose lists show it.
    fn groups(&self) -> impl IntoIterator<Item = Self::Group>;
}

/// Which way a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// From the first place to the last.
    Ascending,
    /// From the last place to the first.
    Descending,
}

/// Records in the order of their places.
pub type Walk<'a, R> = Box<dyn Iterator<Item = R> + Send + 'a>;

/// Which records to keep, told by their ids.
pub type Keep<I> = Arc<dyn Fn(I) -> bool + Send + Sync>;

/// A shared base: looked up and walked, never written.
pub trait Source<R: Record>: Debug + Send + Sync {
    /// The record with this id.
    fn get(&self, id: R::Id) -> Option<R>;
    /// The record at this place.
    fn at(&self, place: R::Place) -> Option<R>;
    /// The records of a group, or all, in order of place. `from` bounds the side that `order` starts on.
    ///
    /// The start costs no more than the logarithm of the number of records. The cost of a step does not
    /// depend on it.
    fn walk(&self, group: Option<R::Group>, from: Bound<R::Place>, order: Order) -> Walk<'_, R>;
    /// The same records, without those that `keep` refuses. A source may pass over them without making them.
    fn walk_where(
        &self,
        group: Option<R::Group>,
        from: Bound<R::Place>,
        order: Order,
        keep: Keep<R::Id>,
    ) -> Walk<'_, R> {
        let all = self.walk(group, from, order);
        Box::new(all.filter(move |record| keep(record.id())))
    }
    /// How many records there are.
    fn count(&self) -> u64;
}

/// A base of up to two layers: listed records hide the records that a population computes.
#[derive(Debug)]
pub struct Base<R: Record> {
    computed: Option<Arc<dyn Source<R>>>,
    listed: Listed<R>,
    /// Ids of computed records that the scenario replaced or took away.
    hidden: HashSet<R::Id>,
}

impl<R: Record> Base<R> {
    /// A base of `listed` records over `computed` ones, without those in `removed`.
    pub fn new(
        computed: Option<Arc<dyn Source<R>>>,
        listed: Listed<R>,
        removed: impl IntoIterator<Item = R::Id>,
    ) -> Self {
        let mut hidden: HashSet<_> = removed.into_iter().collect();
        if let Some(computed) = &computed {
            let replaced = listed.ids().filter(|id| computed.get(*id).is_some());
            hidden.extend(replaced);
        }
        Base {
            computed,
            listed,
            hidden,
        }
    }

    fn computed(&self, id: R::Id) -> Option<R> {
        if self.hidden.contains(&id) {
            return None;
        }
        self.computed.as_ref()?.get(id)
    }
}

impl<R: Record> Source<R> for Base<R> {
    fn get(&self, id: R::Id) -> Option<R> {
        self.listed.get(id).or_else(|| self.computed(id))
    }

    fn at(&self, place: R::Place) -> Option<R> {
        if let Some(listed) = self.listed.at(place.clone()) {
            return Some(listed);
        }
        let record = self.computed.as_ref()?.at(place)?;
        if self.hidden.contains(&record.id()) {
            return None;
        }
        Some(record)
    }

    fn walk(&self, group: Option<R::Group>, from: Bound<R::Place>, order: Order) -> Walk<'_, R> {
        let listed = self.listed.walk(group, from.clone(), order);
        let computed = self.computed.as_ref();
        self.merged(
            listed,
            computed.map(|it| it.walk(group, from, order)),
            order,
        )
    }

    fn walk_where(
        &self,
        group: Option<R::Group>,
        from: Bound<R::Place>,
        order: Order,
        keep: Keep<R::Id>,
    ) -> Walk<'_, R> {
        let kept = Arc::clone(&keep);
        let listed = self.listed.walk_where(group, from.clone(), order, kept);
        let computed = self.computed.as_ref();
        let computed = computed.map(|it| it.walk_where(group, from, order, keep));
        self.merged(listed, computed, order)
    }

    fn count(&self) -> u64 {
        let computed = self.computed.as_ref().map_or(0, |it| it.count());
        (computed + self.listed.count()).saturating_sub(self.hidden.len() as u64)
    }
}

impl<R: Record> Base<R> {
    /// The listed records over the computed ones.
    fn merged<'a>(
        &'a self,
        listed: Walk<'a, R>,
        computed: Option<Walk<'a, R>>,
        order: Order,
    ) -> Walk<'a, R> {
        let Some(computed) = computed else {
            return listed;
        };
        let computed: Walk<'_, R> = if self.hidden.is_empty() {
            computed
        } else {
            Box::new(computed.filter(|record| !self.hidden.contains(&record.id())))
        };
        if self.listed.count() == 0 {
            return computed;
        }
        Box::new(Merge::new([computed, listed], order))
    }
}

/// One table of one sandbox: a shared base and this sandbox's changes.
#[derive(Clone, Debug)]
pub struct Table<R: Record> {
    base: Arc<Base<R>>,
    changes: Changes<R>,
}

impl<R: Record> Table<R> {
    /// A table that shows `base` unchanged.
    pub fn new(base: Arc<Base<R>>) -> Self {
        Table {
            base,
            changes: Changes::default(),
        }
    }

    /// The record with this id.
    pub fn get(&self, id: R::Id) -> Option<R> {
        match self.changes.get(id) {
            Some(change) => change.cloned(),
            None => self.base.get(id),
        }
    }

    /// The record at this place.
    pub fn at(&self, place: R::Place) -> Option<R> {
        if self.changes.is_empty() {
            return self.base.at(place);
        }
        if let Some(changed) = self.changes.at(&place) {
            return Some(changed.clone());
        }
        let record = self.base.at(place)?;
        if self.changes.get(record.id()).is_some() {
            return None;
        }
        Some(record)
    }

    /// Adds a record, or puts it in the place of the one with the same id.
    pub fn put(&mut self, record: R) {
        let in_base = self.base.get(record.id()).is_some();
        self.changes.put(record, in_base);
    }

    /// Takes a record away. Returns whether there was one.
    pub fn remove(&mut self, id: R::Id) -> bool {
        if self.get(id).is_none() {
            return false;
        }
        let in_base = self.base.get(id).is_some();
        self.changes.remove(id, in_base);
        true
    }

    /// The records of any of `groups`, each once, in order of place, from `from` on.
    pub fn walk_groups<'a>(
        &'a self,
        groups: impl IntoIterator<Item = R::Group>,
        from: Bound<R::Place>,
        order: Order,
    ) -> Walk<'a, R> {
        let mut walks = Walks::default();
        for group in groups {
            self.push_walks(Some(group), &from, order, None, &mut walks);
        }
        walks.merged(order)
    }

    /// All records that `keep` accepts, in order of place, from `from` on.
    pub fn walk_where(
        &self,
        from: Bound<R::Place>,
        order: Order,
        keep: &Keep<R::Id>,
    ) -> Walk<'_, R> {
        let mut walks = Walks::default();
        self.push_walks(None, &from, order, Some(keep), &mut walks);
        walks.merged(order)
    }

    /// All records in order of place, from `from` on.
    pub fn walk(&self, from: Bound<R::Place>, order: Order) -> Walk<'_, R> {
        let mut walks = Walks::default();
        self.push_walks(None, &from, order, None, &mut walks);
        walks.merged(order)
    }

    /// How many records there are.
    pub fn count(&self) -> u64 {
        self.base
            .count()
            .saturating_add(self.changes.added())
            .saturating_sub(self.changes.removed())
    }

    /// The records that differ from the population: listed, changed and new ones, in order of place. The
    /// cost grows with their number.
    pub fn differing(&self) -> Vec<R> {
        let listed = self.base.listed.rows();
        let unchanged = listed.filter(|row| self.changes.get(row.id()).is_none());
        let mut found: Vec<R> = unchanged
            .cloned()
            .chain(self.changes.records_put())
            .collect();
        found.sort_by_cached_key(Record::place);
        found
    }

    /// The records that the population computes and this table does not show, in order of place.
    pub fn taken_away(&self) -> Vec<R> {
        let Some(computed) = &self.base.computed else {
            return Vec::new();
        };
        let hidden = self.base.hidden.iter().copied();
        let ids = hidden.chain(self.changes.ids_removed());
        let gone = ids.filter(|id| self.get(*id).is_none());
        let mut found: Vec<R> = gone.filter_map(|id| computed.get(id)).collect();
        found.sort_by_cached_key(Record::place);
        found.dedup_by_key(|record| record.id());
        found
    }

    fn push_walks<'a>(
        &'a self,
        group: Option<R::Group>,
        from: &Bound<R::Place>,
        order: Order,
        keep: Option<&Keep<R::Id>>,
        walks: &mut Walks<'a, R>,
    ) {
        let base = match keep {
            None => self.base.walk(group, from.clone(), order),
            Some(keep) => {
                let keep = Arc::clone(keep);
                self.base.walk_where(group, from.clone(), order, keep)
            }
        };
        if self.changes.is_empty() {
            walks.push(base);
        } else {
            walks.push(Box::new(
                base.filter(|record| self.changes.get(record.id()).is_none()),
            ));
            let changed = self.changes.walk(group, from.clone(), order);
            walks.push(match keep {
                None => changed,
                Some(keep) => {
                    let keep = Arc::clone(keep);
                    Box::new(changed.filter(move |record| keep(record.id())))
                }
            });
        }
    }
}

/// Walks that become one. Nearly always there is just one.
struct Walks<'a, R: Record> {
    first: Option<Walk<'a, R>>,
    more: Vec<Walk<'a, R>>,
}

impl<R: Record> Default for Walks<'_, R> {
    fn default() -> Self {
        Walks {
            first: None,
            more: Vec::new(),
        }
    }
}

impl<'a, R: Record> Walks<'a, R> {
    fn push(&mut self, walk: Walk<'a, R>) {
        match self.first {
            None => self.first = Some(walk),
            Some(_) => self.more.push(walk),
        }
    }

    fn merged(self, order: Order) -> Walk<'a, R> {
        match self.first {
            None => Box::new(std::iter::empty()),
            Some(only) if self.more.is_empty() => only,
            Some(first) => {
                let all = std::iter::once(first).chain(self.more);
                Box::new(Merge::new(all, order))
            }
        }
    }
}

/// `from`, seen from the side that `order` starts on, as the two ends of a range of places.
fn range<P>(from: Bound<P>, order: Order) -> (Bound<P>, Bound<P>) {
    match order {
        Order::Ascending => (from, Bound::Unbounded),
        Order::Descending => (Bound::Unbounded, from),
    }
}

/// The numbers from `first` to before `end` that lie on the far side of `from`.
pub fn numbers(from: Bound<u32>, order: Order, first: u32, end: u32) -> std::ops::Range<u32> {
    let (start, stop) = match (order, from) {
        (_, Bound::Unbounded) => (first, end),
        (Order::Ascending, Bound::Included(at)) => (at, end),
        (Order::Ascending, Bound::Excluded(at)) => (at.saturating_add(1), end),
        (Order::Descending, Bound::Included(at)) => (first, at.saturating_add(1)),
        (Order::Descending, Bound::Excluded(at)) => (first, at),
    };
    start.max(first)..stop.min(end)
}
