//! Enrollments in the order of a list: each type's by themselves, and the types merged.

use std::cmp::Ordering;
use std::iter::Peekable;

use crate::records::{Order, Walk};
use crate::vendors::alm::records::{Enrollment, LoType};
use crate::vendors::alm::world::Visible;

/// The orders that a list can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The oldest enrollment first.
    #[default]
    Oldest,
    /// The newest enrollment first.
    Newest,
    /// What is due first; what has no deadline comes last.
    Due,
}

impl Sort {
    /// What comes first by date alone. Ties are broken by type, then by id, whatever the order.
    fn by_date(self, one: &Enrollment, other: &Enrollment) -> Ordering {
        let due = |it: &Enrollment| (it.deadline.is_none(), it.deadline);
        match self {
            Sort::Oldest => one.enrolled.cmp(&other.enrolled),
            Sort::Newest => other.enrolled.cmp(&one.enrolled),
            Sort::Due => due(one).cmp(&due(other)),
        }
    }
}

/// The enrollments of one type in this order.
pub fn of_type<'a>(visible: Visible<'a>, kind: LoType, sort: Sort) -> Walk<'a, Enrollment> {
    match sort {
        Sort::Oldest => visible.of_type(kind, Order::Ascending),
        Sort::Newest => {
            let walk = visible.of_type(kind, Order::Descending).peekable();
            Box::new(Newest {
                walk,
                run: Vec::new(),
            })
        }
        Sort::Due => {
            let mut all: Vec<_> = visible.of_type(kind, Order::Ascending).collect();
            let by_id =
                |one: &Enrollment, other: &Enrollment| one.instance_id.cmp(&other.instance_id);
            all.sort_by(|one, other| sort.by_date(one, other).then_with(|| by_id(one, other)));
            Box::new(all.into_iter())
        }
    }
}

/// The newest first, and those of one second by id: a walk that goes backwards has them the other way
/// round.
struct Newest<'a> {
    walk: Peekable<Walk<'a, Enrollment>>,
    /// Those of one second, the next one last.
    run: Vec<Enrollment>,
}

impl Iterator for Newest<'_> {
    type Item = Enrollment;

    fn next(&mut self) -> Option<Enrollment> {
        if self.run.is_empty() {
            let first = self.walk.next()?;
            let enrolled = first.enrolled;
            self.run.push(first);
            while let Some(next) = self.walk.next_if(|it| it.enrolled == enrolled) {
                self.run.push(next);
            }
        }
        self.run.pop()
    }
}

/// The lists of several types as one. Of those of one date the type that was named first comes first.
pub struct Merged<'a> {
    sort: Sort,
    lists: Vec<Peekable<Walk<'a, Enrollment>>>,
}

impl<'a> Merged<'a> {
    /// Merges lists that are each in this order.
    pub fn new(sort: Sort, lists: impl Iterator<Item = Walk<'a, Enrollment>>) -> Self {
        Merged {
            sort,
            lists: lists.map(Iterator::peekable).collect(),
        }
    }
}

impl Iterator for Merged<'_> {
    type Item = Enrollment;

    fn next(&mut self) -> Option<Enrollment> {
        if let [only] = self.lists.as_mut_slice() {
            return only.next();
        }
        let heads = self.lists.iter_mut().enumerate();
        let heads = heads.filter_map(|(at, list)| Some((at, list.peek()?)));
        let sort = self.sort;
        // Of equal ones the first one is the least.
        let (at, _) = heads.min_by(|(_, one), (_, other)| sort.by_date(one, other))?;
        self.lists.get_mut(at)?.next()
    }
}
