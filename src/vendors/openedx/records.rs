//! Open edX's records as meant: checked, numbered, ready to be looked up.
//!
//! Records refer to each other by number, their place in their own table.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

pub use super::written::Mode;
use crate::records::Record;

/// An account's place in its table.
pub type UserNumber = u32;
/// A course's place in its table.
pub type CourseNumber = u32;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its place.
    pub number: UserNumber,
    /// The user name.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// Whether it was activated.
    pub active: bool,
    /// Global staff.
    pub staff: bool,
    /// An administrator shut it out.
    pub disabled: bool,
    /// For look-ups it does not exist.
    pub retired: bool,
    /// For the password grant.
    pub password: Option<String>,
    /// The courses it administers.
    pub administers: Box<[CourseNumber]>,
}

impl Record for Arc<User> {
    type Id = UserNumber;
    type Place = UserNumber;
    /// Accounts are never listed in groups.
    type Group = ();

    fn id(&self) -> UserNumber {
        self.number
    }

    fn place(&self) -> UserNumber {
        self.number
    }

    fn groups(&self) -> impl IntoIterator<Item = ()> {
        None
    }
}

/// A course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Its place.
    pub number: CourseNumber,
    /// Its key.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// The modes it offers; never none.
    pub modes: Box<[Mode]>,
    /// The names of its cohorts.
    pub cohorts: Box<[Arc<str>]>,
    /// The scenario does not set it up: enrollments name its key, and nothing else is known of it.
    pub made_up: bool,
}

impl Course {
    /// What an enrollment gives that asks for nothing: audit where the course offers it, else honor.
    pub fn default_mode(&self) -> Mode {
        if self.modes.contains(&Mode::Audit) {
            Mode::Audit
        } else {
            Mode::Honor
        }
    }

    /// The cohort of this name, to the letter.
    pub fn cohort(&self, name: &str) -> Option<&Arc<str>> {
        self.cohorts.iter().find(|cohort| &***cohort == name)
    }
}

impl Record for Arc<Course> {
    type Id = CourseNumber;
    type Place = CourseNumber;
    /// Courses are never listed in groups.
    type Group = ();

    fn id(&self) -> CourseNumber {
        self.number
    }

    fn place(&self) -> CourseNumber {
        self.number
    }

    fn groups(&self) -> impl IntoIterator<Item = ()> {
        None
    }
}

/// One account's enrollment in one course, which may have ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrollment {
    /// Whose.
    pub user: UserNumber,
    /// In what.
    pub course: CourseNumber,
    /// The user name: lists stand in order of date, then of user name.
    pub name: Name,
    /// When it was made, in whole microseconds. Enrolling again does not change it.
    pub created: Timestamp,
    /// What it gives.
    pub mode: Mode,
    /// Whether it still counts.
    pub active: bool,
    /// What the learner achieved, if anything is known.
    pub results: Option<Arc<Results>>,
}

impl Enrollment {
    /// A new enrollment.
    pub fn new(user: &User, course: &Course, mode: Mode, now: Timestamp) -> Self {
        Enrollment {
            user: user.number,
            course: course.number,
            name: Name::of(&user.username),
            created: whole_micros(now),
            mode,
            active: true,
            results: None,
        }
    }
}

/// An instant without what the vendor's database cannot hold.
pub fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// What a learner achieved in a course.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// How much was done, as written.
    pub completion: Option<String>,
    /// The grade, as written.
    pub grade: Option<String>,
    /// The grade in letters.
    pub letter_grade: Option<String>,
    /// When the course was passed.
    pub passed: Option<Timestamp>,
    /// The day of the last visit.
    pub last_date: Option<Date>,
}

/// How much of a user name is kept in place: all of it, unless it is very long.
const NAME_IN_PLACE: usize = 32;

/// A user name as lists are ordered by it: byte by byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    start: [u8; NAME_IN_PLACE],
    /// What the start has no room for: a thin pointer, since hardly any name has it.
    rest: Option<Arc<Box<[u8]>>>,
}

impl Name {
    /// This name.
    pub fn of(name: &str) -> Name {
        let name = name.as_bytes();
        let (first, rest) = name.split_at(name.len().min(NAME_IN_PLACE));
        let mut start = [0; NAME_IN_PLACE];
        start[..first.len()].copy_from_slice(first);
        Name {
            start,
            rest: (!rest.is_empty()).then(|| Arc::new(rest.into())),
        }
    }
}

/// Where an enrollment stands among all: by date, then by user name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnrollmentPlace {
    /// When it was made.
    pub created: Timestamp,
    /// The user name.
    pub name: Name,
    /// Whose.
    pub user: UserNumber,
    /// In what.
    pub course: CourseNumber,
}

impl EnrollmentPlace {
    /// The place before every enrollment made at `created`.
    pub fn before_all_of(created: Timestamp) -> Self {
        EnrollmentPlace {
            created,
            name: Name::default(),
            user: 0,
            course: 0,
        }
    }
}

/// What lists of enrollments are cut by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// One account's.
    User(UserNumber),
    /// Those in one course.
    Course(CourseNumber),
}

impl Record for Enrollment {
    type Id = (UserNumber, CourseNumber);
    type Place = EnrollmentPlace;
    type Group = Group;

    fn id(&self) -> (UserNumber, CourseNumber) {
        (self.user, self.course)
    }

    fn place(&self) -> EnrollmentPlace {
        EnrollmentPlace {
            created: self.created,
            name: self.name.clone(),
            user: self.user,
            course: self.course,
        }
    }

    fn groups(&self) -> impl IntoIterator<Item = Group> {
        [Group::User(self.user), Group::Course(self.course)]
    }
}

/// Leave to enroll in a course once registered: upstream's `CourseEnrollmentAllowed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Whether registering enrolls.
    pub auto_enroll: bool,
    /// Who used it: no other account can.
    pub used_by: Option<UserNumber>,
}
