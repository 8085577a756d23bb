//! Walks over the enrollments chosen, which look at few others.

use std::iter::FusedIterator;
use std::ops::{Bound, Range, RangeBounds};

use super::Population;
use super::slots::Slots;

/// The numbers of the enrollments chosen, oldest first. `.rev()` gives the newest first.
///
/// A start costs the same anywhere in the population. A step looks at two numbers on average. For one course
/// it also passes each slot in which no learner of the range has the course.
#[derive(Clone, Debug)]
pub struct Walk<'p> {
    slots: &'p Slots,
    learners: Range<u64>,
    /// In a given slot, one in so many learners can have the course. 1: any course will do.
    stride: u64,
    course: u64,
    /// The numbers that are left. Each end moves as numbers are given out.
    numbers: Range<u64>,
    front: Place,
    back: Place,
}

/// The next learner to look at in a slot. None: on to the next slot.
#[derive(Clone, Copy, Debug)]
struct Place {
    slot: u64,
    learner: Option<u64>,
}

impl Population {
    /// All enrollments with numbers in `numbers`: `..`, or `n..` to go on at `n`, or `..=n` to go back from it.
    pub fn walk(&self, numbers: impl RangeBounds<u64>) -> Walk<'_> {
        self.walk_learners(0..self.learners(), numbers)
    }

    /// The enrollments of one learner.
    pub fn walk_learner(&self, learner: u32, numbers: impl RangeBounds<u64>) -> Walk<'_> {
        self.walk_learners(learner..learner.saturating_add(1), numbers)
    }

    /// The enrollments of a range of learners, such as [`subtree_learners`](Population::subtree_learners).
    pub fn walk_learners(&self, learners: Range<u32>, numbers: impl RangeBounds<u64>) -> Walk<'_> {
        Walk::new(&self.slots, self.known(learners), None, bounds(numbers))
    }

    /// The enrollments in one course.
    pub fn walk_course(&self, course: u32, numbers: impl RangeBounds<u64>) -> Walk<'_> {
        self.walk_course_learners(course, 0..self.learners(), numbers)
    }

    /// The enrollments of a range of learners in one course.
    pub fn walk_course_learners(
        &self,
        course: u32,
        learners: Range<u32>,
        numbers: impl RangeBounds<u64>,
    ) -> Walk<'_> {
        let learners = if course < self.courses() {
            self.known(learners)
        } else {
            0..0
        };
        Walk::new(&self.slots, learners, Some(course), bounds(numbers))
    }

    fn known(&self, learners: Range<u32>) -> Range<u64> {
        u64::from(learners.start)..u64::from(learners.end.min(self.learners()))
    }
}

fn bounds(numbers: impl RangeBounds<u64>) -> Range<u64> {
    let start = match numbers.start_bound() {
        Bound::Included(first) => *first,
        Bound::Excluded(before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match numbers.end_bound() {
        Bound::Included(last) => last.saturating_add(1),
        Bound::Excluded(end) => *end,
        Bound::Unbounded => u64::MAX,
    };
    start..end
}

impl<'p> Walk<'p> {
    fn new(
        slots: &'p Slots,
        learners: Range<u64>,
        course: Option<u32>,
        numbers: Range<u64>,
    ) -> Self {
        let mut walk = Walk {
            slots,
            stride: course.map_or(1, |_| slots.courses()),
            course: course.map_or(0, u64::from),
            numbers: numbers.start..numbers.end.min(slots.numbers()),
            front: Place {
                slot: 0,
                learner: None,
            },
            back: Place {
                slot: 0,
                learner: None,
            },
            learners,
        };
        if walk.learners.is_empty() || walk.numbers.is_empty() {
            walk.numbers = 0..0;
            return walk;
        }
        let (slot, learner) = slots.place(walk.numbers.start);
        walk.front = Place {
            slot,
            learner: walk.at_or_after(slot, learner),
        };
        let (slot, learner) = slots.place(walk.numbers.end);
        walk.back = Place {
            slot,
            learner: walk.before(slot, learner),
        };
        walk
    }

    /// The first learner from `from` on who could have the course in this slot.
    fn at_or_after(&self, slot: u64, from: u64) -> Option<u64> {
        let from = from.max(self.learners.start);
        let ahead = (self.residue(slot) + self.stride - from % self.stride) % self.stride;
        Some(from + ahead).filter(|learner| *learner < self.learners.end)
    }

    /// The last learner before `before` who could have it.
    fn before(&self, slot: u64, before: u64) -> Option<u64> {
        let last = before.min(self.learners.end).checked_sub(1)?;
        let behind = (last % self.stride + self.stride - self.residue(slot)) % self.stride;
        last.checked_sub(behind)
            .filter(|learner| *learner >= self.learners.start)
    }

    fn residue(&self, slot: u64) -> u64 {
        match self.stride {
            1 => 0,
            _ => self.slots.first_learner(slot, self.course),
        }
    }
}

impl Iterator for Walk<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        while !self.numbers.is_empty() {
            let Place { slot, learner } = self.front;
            let Some(learner) = learner else {
                if self.slots.number(slot + 1, 0) >= self.numbers.end {
                    break;
                }
                self.front = Place {
                    slot: slot + 1,
                    learner: self.at_or_after(slot + 1, 0),
                };
                continue;
            };
            let number = self.slots.number(slot, learner);
            if number >= self.numbers.end {
                break;
            }
            self.front.learner =
                Some(learner + self.stride).filter(|next| *next < self.learners.end);
            if self.slots.holds(slot, learner) {
                self.numbers.start = number + 1;
                return Some(number);
            }
        }
        self.numbers = 0..0;
        None
    }
}

impl DoubleEndedIterator for Walk<'_> {
    fn next_back(&mut self) -> Option<u64> {
        while !self.numbers.is_empty() {
            let Place { slot, learner } = self.back;
            let Some(learner) = learner else {
                if self.slots.number(slot, 0) <= self.numbers.start {
                    break;
                }
                self.back = Place {
                    slot: slot - 1,
                    learner: self.before(slot - 1, u64::MAX),
                };
                continue;
            };
            let number = self.slots.number(slot, learner);
            if number < self.numbers.start {
                break;
            }
            self.back.learner = learner
                .checked_sub(self.stride)
                .filter(|next| *next >= self.learners.start);
            if self.slots.holds(slot, learner) {
                self.numbers.end = number;
                return Some(number);
            }
        }
        self.numbers = 0..0;
        None
    }
}

impl FusedIterator for Walk<'_> {}
