//! The seeded population as Open edX's records, each computed when it is asked for.

use std::ops::Bound;
use std::sync::Arc;

use super::records::{
    Course, CourseNumber, Enrollment, EnrollmentPlace, Group, Mode, Name, Results, User, UserNumber,
};
use crate::records::{Keep, Order, Record, Source, Walk, numbers};
use crate::seed::{Population, Progress, Walk as Numbers};

/// Open edX's view of a population. Learners and courses have the same numbers in both.
#[derive(Clone, Debug)]
pub struct Generated {
    population: Arc<Population>,
}

/// What stands before and behind a generated course's number in its key.
pub const KEY_AROUND: (&str, &str) = ("course-v1:Example+C", "+2024");

impl Generated {
    /// The population as Open edX shows it.
    pub fn new(population: Arc<Population>) -> Self {
        Generated { population }
    }

    /// How many accounts there are.
    pub fn users(&self) -> UserNumber {
        self.population.learners()
    }

    /// How many courses there are.
    pub fn courses(&self) -> CourseNumber {
        self.population.courses()
    }

    /// The account of this user name.
    pub fn user_named(&self, username: &str) -> Option<UserNumber> {
        self.population.learner_by_username(username)
    }

    /// The user name that ends as this one does: its digits alone tell whose it is.
    pub fn user_meant(&self, username: &str) -> Option<String> {
        self.population.username_ending_like(username)
    }

    /// The account with this address.
    pub fn user_with_email(&self, email: &str) -> Option<UserNumber> {
        self.population.learner_by_email(email)
    }

    /// The course of this key.
    pub fn course_of_key(&self, key: &str) -> Option<CourseNumber> {
        let number = key.strip_prefix(KEY_AROUND.0)?.strip_suffix(KEY_AROUND.1)?;
        let number: CourseNumber = number.parse().ok()?;
        (number < self.courses() && course_key(number) == key).then_some(number)
    }

    fn user(&self, number: UserNumber) -> User {
        let learner = self.population.learner(number);
        User {
            number,
            username: learner.username,
            email: learner.email,
            active: true,
            staff: false,
            disabled: false,
            retired: false,
            password: None,
            administers: Box::default(),
        }
    }

    fn course(&self, number: CourseNumber) -> Course {
        Course {
            number,
            key: course_key(number),
            name: self.population.course(number).title,
            modes: [Mode::Audit, Mode::Verified].into(),
            cohorts: Box::default(),
            made_up: false,
        }
    }

    fn enrollment(&self, number: u64) -> Option<Enrollment> {
        let drawn = self.population.enrollment(number)?;
        let (share, passed) = match drawn.progress {
            Progress::NotStarted => (None, None),
            Progress::Started { percent, .. } => (Some((percent, 0)), None),
            Progress::Completed {
                at, score, passed, ..
            } => (Some((100, score)), passed.then_some(at)),
        };
        let results = share.map(|(done, score)| {
            Arc::new(Results {
                completion: Some(share_of_one(done)),
                grade: Some(share_of_one(score)),
                letter_grade: passed.map(|_| "Pass".to_owned()),
                passed,
                last_date: drawn
                    .last_access
                    .map(|at| jiff::tz::TimeZone::UTC.to_datetime(at).date()),
            })
        });
        Some(Enrollment {
            user: drawn.learner,
            course: drawn.course,
            name: Name::of(&self.population.username(drawn.learner)),
            created: drawn.created,
            // Certificates are what the verified mode is paid for.
            mode: match drawn.certificate {
                Some(_) => Mode::Verified,
                None => Mode::Audit,
            },
            active: drawn.certificate.is_some() || !drawn.ended,
            results,
        })
    }

    /// The numbers of a group's enrollments, or of all, on the far side of `from`.
    fn chosen(
        &self,
        group: Option<Group>,
        from: &Bound<EnrollmentPlace>,
        order: Order,
    ) -> Numbers<'_> {
        let numbers = self.numbers(from, order);
        match group {
            None => self.population.walk(numbers),
            Some(Group::User(user)) => self.population.walk_learner(user, numbers),
            Some(Group::Course(course)) => self.population.walk_course(course, numbers),
        }
    }

    /// The numbers on the far side of `from`.
    fn numbers(&self, from: &Bound<EnrollmentPlace>, order: Order) -> (Bound<u64>, Bound<u64>) {
        // No two generated enrollments are made at the same instant.
        let bound = match from {
            Bound::Unbounded => return (Bound::Unbounded, Bound::Unbounded),
            Bound::Included(place) | Bound::Excluded(place) => {
                let number = self.population.since(place.created);
                let there = self.enrollment(number).map(|it| it.place());
                // Whether the enrollment of this number lies before the bound.
                let before = there.is_some_and(|there| {
                    there < *place || (there == *place && is_passed(from, order))
                });
                number + u64::from(before)
            }
        };
        match order {
            Order::Ascending => (Bound::Included(bound), Bound::Unbounded),
            Order::Descending => (Bound::Unbounded, Bound::Excluded(bound)),
        }
    }
}

/// Whether the enrollment that stands exactly at `from` belongs to the lower side.
fn is_passed(from: &Bound<EnrollmentPlace>, order: Order) -> bool {
    match order {
        Order::Ascending => matches!(from, Bound::Excluded(_)),
        Order::Descending => matches!(from, Bound::Included(_)),
    }
}

/// The key of the course with this number.
pub fn course_key(number: CourseNumber) -> String {
    format!("{}{number:04}{}", KEY_AROUND.0, KEY_AROUND.1)
}

/// `0.80` of 80.
fn share_of_one(percent: u8) -> String {
    format!("{}.{:02}", percent / 100, percent % 100)
}

/// One table of the population, known by number.
macro_rules! source_by_number {
    ($(#[$doc:meta])* $name:ident, $record:ty, $count:ident, $make:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub Arc<Generated>);

        impl Source<Arc<$record>> for $name {
            fn get(&self, number: u32) -> Option<Arc<$record>> {
                self.at(number)
            }

            fn at(&self, number: u32) -> Option<Arc<$record>> {
                (number < self.0.$count()).then(|| Arc::new(self.0.$make(number)))
            }

            fn walk(&self, group: Option<()>, from: Bound<u32>, order: Order) -> Walk<'_, Arc<$record>> {
                // Nothing here is in a group.
                let end = if group.is_none() { self.0.$count() } else { 0 };
                let records = numbers(from, order, 0, end).filter_map(|number| self.at(number));
                match order {
                    Order::Ascending => Box::new(records),
                    Order::Descending => Box::new(records.rev()),
                }
            }

            fn count(&self) -> u64 {
                u64::from(self.0.$count())
            }
        }
    };
}

source_by_number!(
    /// The population's learners as accounts.
    Users, User, users, user
);
source_by_number!(
    /// The population's courses.
    Courses, Course, courses, course
);

/// The population's enrollments.
#[derive(Debug)]
pub struct Enrollments(pub Arc<Generated>);

impl Source<Enrollment> for Enrollments {
    fn get(&self, (user, course): (UserNumber, CourseNumber)) -> Option<Enrollment> {
        let population = &self.0.population;
        if user >= population.learners() || course >= population.courses() {
            return None;
        }
        self.0.enrollment(population.enrollment_of(user, course)?)
    }

    fn at(&self, place: EnrollmentPlace) -> Option<Enrollment> {
        let found = self.get((place.user, place.course))?;
        (found.place() == place).then_some(found)
    }

    fn walk(
        &self,
        group: Option<Group>,
        from: Bound<EnrollmentPlace>,
        order: Order,
    ) -> Walk<'_, Enrollment> {
        self.of(self.0.chosen(group, &from, order), order, |_| true)
    }

    fn walk_where(
        &self,
        group: Option<Group>,
        from: Bound<EnrollmentPlace>,
        order: Order,
        keep: Keep<(UserNumber, CourseNumber)>,
    ) -> Walk<'_, Enrollment> {
        let numbers = self.0.chosen(group, &from, order);
        self.of(numbers, order, move |number| {
            keep(self.0.population.learner_and_course(number))
        })
    }

    fn count(&self) -> u64 {
        self.0.population.enrollments()
    }
}

impl Enrollments {
    /// The enrollments of those numbers that `keep` wants.
    fn of<'a>(
        &'a self,
        numbers: Numbers<'a>,
        order: Order,
        keep: impl Fn(u64) -> bool + Send + 'a,
    ) -> Walk<'a, Enrollment> {
        let made = move |number: u64| {
            if keep(number) {
                self.0.enrollment(number)
            } else {
                None
            }
        };
        match order {
            Order::Ascending => Box::new(numbers.filter_map(made)),
            Order::Descending => Box::new(numbers.rev().filter_map(made)),
        }
    }
}
