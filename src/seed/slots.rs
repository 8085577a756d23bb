//! The enrollments that there are, by arithmetic alone.
//!
//! Every learner has the same `max` slots, and slot `j` of learner `i` has the number `j * learners + i`. A
//! learner with `count` enrollments fills `count` neighbouring slots, counted round from a slot of its own.
//! So every stretch of time is about equally busy, and no walk meets long gaps.
//!
//! The course in a slot is `a * i + b * j + s` modulo the number of courses, with `a` and `b` coprime to it.
//! So no learner has a course twice. A course's learners in one slot are as many apart as there are courses.

use super::stream::{Key, Stream};

#[derive(Clone, Copy, Debug)]
pub(super) struct Slots {
    learners: u64,
    courses: u64,
    min: u64,
    max: u64,
    filled: Key,
    a: u64,
    b: u64,
    s: u64,
    /// The inverse of `a`, and of `b`, modulo `courses`.
    per_a: u64,
    per_b: u64,
}

impl Slots {
    /// Brings `min` and `max` into order: none without courses, at most each course once.
    pub(super) fn new(seed: u64, learners: u32, courses: u32, (min, max): (u32, u32)) -> Self {
        let max = max.min(courses);
        let courses = u64::from(courses).max(1);
        let mut stream = Stream::new(seed, "courses of learners", courses);
        let (a, per_a) = coprime(&mut stream, courses);
        let (b, per_b) = coprime(&mut stream, courses);
        Slots {
            learners: u64::from(learners),
            courses,
            min: u64::from(min.min(max)),
            max: u64::from(max),
            filled: Key::new(seed, "enrollments of a learner"),
            a,
            b,
            s: stream.below(courses),
            per_a,
            per_b,
        }
    }

    /// How many courses there are, at least 1.
    pub(super) fn courses(&self) -> u64 {
        self.courses
    }

    /// One more than the greatest number there could be.
    pub(super) fn numbers(&self) -> u64 {
        self.max * self.learners
    }

    /// How many of the slots are filled. One pass over the learners.
    pub(super) fn filled(&self) -> u64 {
        if self.min == self.max {
            return self.numbers();
        }
        (0..self.learners).map(|i| self.run(i).0).sum()
    }

    #[inline]
    pub(super) fn number(&self, slot: u64, learner: u64) -> u64 {
        slot * self.learners + learner
    }

    /// The slot and the learner of a number, filled or not.
    pub(super) fn place(&self, number: u64) -> (u64, u64) {
        match self.learners {
            0 => (self.max, 0),
            learners => (number / learners, number % learners),
        }
    }

    /// Whether the learner has an enrollment in this slot.
    #[inline]
    pub(super) fn holds(&self, slot: u64, learner: u64) -> bool {
        if slot >= self.max || learner >= self.learners {
            return false;
        }
        let (count, turn) = self.run(learner);
        let turned = slot + turn;
        // Turned round: a remainder without the division.
        turned < count || (turned >= self.max && turned - self.max < count)
    }

    /// The course in this slot of this learner.
    pub(super) fn course(&self, slot: u64, learner: u64) -> u64 {
        (self.a * learner % self.courses + self.b * slot % self.courses + self.s) % self.courses
    }

    /// The slot in which this learner would have this course.
    pub(super) fn slot(&self, learner: u64, course: u64) -> Option<u64> {
        let rest = course + 2 * self.courses - self.a * learner % self.courses - self.s;
        let slot = rest % self.courses * self.per_b % self.courses;
        if course >= self.courses || slot >= self.max {
            return None;
        }
        Some(slot)
    }

    /// The learners with this course in this slot are this one and every `courses`-th after it.
    pub(super) fn first_learner(&self, slot: u64, course: u64) -> u64 {
        let rest = course + 2 * self.courses - self.b * slot % self.courses - self.s;
        rest % self.courses * self.per_a % self.courses
    }

    /// How many enrollments the learner has, and by how much its slots are turned round.
    #[inline]
    fn run(&self, learner: u64) -> (u64, u64) {
        let any = self.filled.draw(learner);
        let (low, high) = (any & 0xffff_ffff, any >> 32);
        let count = self.min + ((low * (self.max - self.min + 1)) >> 32);
        (count, (high * self.max) >> 32)
    }
}

/// A number from 1 to `modulus` without a common divisor with it, and its inverse.
fn coprime(stream: &mut Stream, modulus: u64) -> (u64, u64) {
    loop {
        let candidate = 1 + stream.below(modulus);
        if let Some(inverse) = inverse(candidate, modulus) {
            return (candidate, inverse);
        }
    }
}

/// The `x` with `value * x` one more than a multiple of `modulus`, by Euclid's algorithm.
fn inverse(value: u64, modulus: u64) -> Option<u64> {
    let (mut r, mut next_r) = (i128::from(modulus), i128::from(value));
    let (mut x, mut next_x) = (0i128, 1i128);
    while next_r != 0 {
        let quotient = r / next_r;
        (r, next_r) = (next_r, r - quotient * next_r);
        (x, next_x) = (next_x, x - quotient * next_x);
    }
    if r != 1 {
        return None;
    }
    u64::try_from(x.rem_euclid(i128::from(modulus))).ok()
}
