//! The population: learners, departments, courses and enrollments.

use std::ops::Range;
use std::sync::OnceLock;

use jiff::Timestamp;

use super::departments::{Department, Departments};
use super::names;
use super::slots::Slots;
use super::stream::Key;
use super::timeline::Timeline;

/// The size of a population, and its rates.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// How many learners.
    pub learners: u32,
    /// How many departments. At least one: 0 counts as 1.
    pub departments: u32,
    /// How many courses.
    pub courses: u32,
    /// The least and the greatest number of enrollments of a learner, drawn evenly.
    ///
    /// Both are cut to the number of courses, and a minimum above the maximum to the maximum.
    pub enrollments: (u32, u32),
    /// The share, from 0 to 1, of enrollments passed that have a certificate.
    pub certificate_rate: f64,
    /// Everything happened before this instant.
    pub end: Timestamp,
}

/// Learners, departments, courses and enrollments, each computed when asked for.
///
/// Indices run from 0 up to, but not including, [`learners`](Self::learners) and so on. An index beyond is
/// a mistake in the code that asks, and gets an answer without meaning, not a panic.
#[derive(Debug)]
pub struct Population {
    learners: u32,
    courses: u32,
    pub(super) certificate_rate: f64,
    departments: u32,
    tree: Departments,
    pub(super) slots: Slots,
    pub(super) timeline: Timeline,
    pub(super) histories: Key,
    pub(super) endings: Key,
    people: Key,
    titles: u64,
    published: Key,
    enrollments: OnceLock<u64>,
}

/// A learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learner {
    /// The given name.
    pub first_name: &'static str,
    /// The family name. An apostrophe may occur.
    pub last_name: &'static str,
    /// Lower-case, at `example.com`, unique.
    pub email: String,
    /// At most 30 of `a-z`, `0-9` and `_`, unique.
    pub username: String,
    /// The index of the department.
    pub department: u32,
}

/// A course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// No other course has it.
    pub title: String,
    /// When it was first offered, in whole seconds: in the year before the first possible enrollment.
    pub published: Timestamp,
}

impl Population {
    /// The population of this seed. Costs the same for every size.
    pub fn new(seed: u64, spec: Spec) -> Self {
        let departments = spec.departments.max(1);
        let slots = Slots::new(seed, spec.learners, spec.courses, spec.enrollments);
        Population {
            learners: spec.learners,
            courses: spec.courses,
            certificate_rate: spec.certificate_rate,
            departments,
            tree: Departments::new(seed, departments, spec.learners),
            timeline: Timeline::new(seed, slots.numbers(), spec.end),
            slots,
            histories: Key::new(seed, "enrollment"),
            endings: Key::new(seed, "end of an enrollment"),
            people: Key::new(seed, "learner"),
            titles: Key::new(seed, "course titles").draw(0),
            published: Key::new(seed, "course"),
            enrollments: OnceLock::new(),
        }
    }

    /// How many learners there are.
    pub fn learners(&self) -> u32 {
        self.learners
    }

    /// How many departments there are: at least one.
    pub fn departments(&self) -> u32 {
        self.departments
    }

    /// How many courses there are.
    pub fn courses(&self) -> u32 {
        self.courses
    }

    /// How many enrollments there are. Counted once, when first asked for: about 2 ms for a million learners.
    pub fn enrollments(&self) -> u64 {
        *self.enrollments.get_or_init(|| self.slots.filled())
    }

    /// One more than the greatest number an enrollment could have.
    pub fn numbers(&self) -> u64 {
        self.slots.numbers()
    }

    /// A department. Department 0 is the root.
    pub fn department(&self, department: u32) -> Department {
        self.tree.department(department)
    }

    /// A department and all below it, which follow right behind it.
    pub fn subtree(&self, department: u32) -> Range<u32> {
        self.tree.subtree(department)
    }

    /// The members of a department and of all below it.
    pub fn subtree_learners(&self, department: u32) -> Range<u32> {
        self.tree.learners(self.tree.subtree(department))
    }

    /// The department that a learner belongs to.
    pub fn department_of(&self, learner: u32) -> u32 {
        self.tree.department_of(learner)
    }

    /// A learner.
    pub fn learner(&self, learner: u32) -> Learner {
        let (first_name, last_name) = self.name(learner);
        Learner {
            first_name,
            last_name,
            email: names::email(first_name, last_name, learner),
            username: names::username(first_name, last_name, learner),
            department: self.department_of(learner),
        }
    }

    /// A learner's user name alone, for lists that show no more.
    pub fn username(&self, learner: u32) -> String {
        let (first_name, last_name) = self.name(learner);
        names::username(first_name, last_name, learner)
    }

    /// The learner with exactly this user name.
    pub fn learner_by_username(&self, username: &str) -> Option<u32> {
        let learner = self.index_at_end(username)?;
        if self.username(learner) != username {
            return None;
        }
        Some(learner)
    }

    /// The user name that has the same number at its end.
    pub fn username_ending_like(&self, username: &str) -> Option<String> {
        let learner = self.index_at_end(username)?;
        Some(self.username(learner))
    }

    /// The learner with exactly this e-mail address.
    pub fn learner_by_email(&self, email: &str) -> Option<u32> {
        let (local, _) = email.split_once('@')?;
        let learner = self.index_at_end(local)?;
        let (first_name, last_name) = self.name(learner);
        if names::email(first_name, last_name, learner) != email {
            return None;
        }
        Some(learner)
    }

    /// The learner whose index stands at the end of a text.
    fn index_at_end(&self, text: &str) -> Option<u32> {
        let index = names::index_at_end(text)?;
        if index >= self.learners {
            return None;
        }
        Some(index)
    }

    fn name(&self, learner: u32) -> (&'static str, &'static str) {
        let mut stream = self.people.stream(u64::from(learner));
        (names::given(&mut stream), names::family(&mut stream))
    }

    /// A course.
    pub fn course(&self, course: u32) -> Course {
        let before = self.published.stream(u64::from(course)).below(365 * 86_400);
        let published = self.timeline.opening().saturating_sub_unsigned(before);
        Course {
            title: names::title(self.titles, course),
            published: Timestamp::from_second(published).unwrap_or(Timestamp::MIN),
        }
    }

    /// The number of the enrollment of this learner in this course, if there is one.
    pub fn enrollment_of(&self, learner: u32, course: u32) -> Option<u64> {
        if course >= self.courses {
            return None;
        }
        let learner = u64::from(learner);
        let slot = self.slots.slot(learner, u64::from(course))?;
        if !self.slots.holds(slot, learner) {
            return None;
        }
        Some(self.slots.number(slot, learner))
    }

    /// The learner and the course of the enrollment of this number. Nothing else of it is computed.
    pub fn learner_and_course(&self, number: u64) -> (u32, u32) {
        let (slot, learner) = self.slots.place(number);
        (learner as u32, self.slots.course(slot, learner) as u32)
    }

    /// The least number made at `at` or later: `since(at)..` are the enrollments from then on. An enrollment of
    /// that number need not exist.
    pub fn since(&self, at: Timestamp) -> u64 {
        self.timeline.since(at)
    }
}
