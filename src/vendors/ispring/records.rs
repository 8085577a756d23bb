//! iSpring's records as meant: checked, numbered, ready to be looked up.
//!
//! Records refer to each other by number, their place in their own table, because a number costs
//! four bytes and an id seventeen.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::id::Id;
pub use super::written::{Assigned, ContentType, Permission, Role, State};
use crate::records::Record;

/// A department's place in its table.
pub type DepartmentNumber = u32;
/// A user's place in its table.
pub type UserNumber = u32;
/// A piece of content's place in its table.
pub type ContentNumber = u32;
/// An enrollment's place: the order in which enrollments came about.
pub type EnrollmentNumber = u64;

/// A department.
#[derive(Clone, Copy, Debug)]
pub struct Department {
    /// Its id.
    pub id: Id,
    /// Its place.
    pub number: DepartmentNumber,
    /// The department above.
    pub parent: Option<DepartmentNumber>,
}

impl Record for Department {
    type Id = Id;
    type Place = DepartmentNumber;
    /// The department above.
    type Group = DepartmentNumber;

    fn id(&self) -> Id {
        self.id
    }

    fn place(&self) -> DepartmentNumber {
        self.number
    }

    fn groups(&self) -> impl IntoIterator<Item = DepartmentNumber> {
        self.parent
    }
}

/// An account.
#[derive(Debug)]
pub struct User {
    /// Its id.
    pub id: Id,
    /// Its place.
    pub number: UserNumber,
    /// Where it belongs.
    pub department: Option<DepartmentNumber>,
    /// Whether it may do anything at all.
    pub active: bool,
    /// What it is.
    pub role: Role,
    /// The departments it looks after, without those below them.
    pub manages: Box<[DepartmentNumber]>,
    /// What a custom role may do.
    pub permissions: Box<[Permission]>,
}

impl Record for Arc<User> {
    type Id = Id;
    type Place = UserNumber;
    /// Users are never listed in groups.
    type Group = ();

    fn id(&self) -> Id {
        self.id
    }

    fn place(&self) -> UserNumber {
        self.number
    }

    fn groups(&self) -> impl IntoIterator<Item = ()> {
        None
    }
}

/// Something people can be enrolled in.
#[derive(Clone, Copy, Debug)]
pub struct Content {
    /// Its id.
    pub id: Id,
    /// Its place.
    pub number: ContentNumber,
    /// What it is.
    pub kind: ContentType,
    /// Hours from the access date to the due date, where `dueDateType` is `default`.
    pub default_due_hours: Option<u32>,
}

impl Record for Content {
    type Id = Id;
    type Place = ContentNumber;
    /// Content is never listed in groups.
    type Group = ();

    fn id(&self) -> Id {
        self.id
    }

    fn place(&self) -> ContentNumber {
        self.number
    }

    fn groups(&self) -> impl IntoIterator<Item = ()> {
        None
    }
}

/// One learner's enrollment in one piece of content.
#[derive(Clone, Debug)]
pub struct Enrollment {
    /// Its id.
    pub id: Id,
    /// Its place.
    pub number: EnrollmentNumber,
    /// In what.
    pub content: ContentNumber,
    /// Who.
    pub learner: UserNumber,
    /// The learner's department when this was written down; see `World::department_of`.
    pub department: Option<DepartmentNumber>,
    /// The day the learner may start.
    pub access: Date,
    /// The day by which it should be done.
    pub due: Option<Date>,
    /// Whether the content is locked after that day.
    pub locks: bool,
    /// Who brought it about.
    pub assigned: Assigned,
    /// Whether it still counts.
    pub state: State,
    /// The certificate, which may be issued only later.
    pub certificate: Option<Arc<Certificate>>,
}

/// What lists of enrollments are cut by. Only active enrollments are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// One learner's.
    Learner(UserNumber),
    /// Those in one piece of content.
    Content(ContentNumber),
    /// Those of one department's own learners.
    Department(DepartmentNumber),
    /// Those of one department's own learners in one piece of content.
    ContentInDepartment(ContentNumber, DepartmentNumber),
}

impl Record for Enrollment {
    type Id = Id;
    type Place = EnrollmentNumber;
    type Group = Group;

    fn id(&self) -> Id {
        self.id
    }

    fn place(&self) -> EnrollmentNumber {
        self.number
    }

    fn groups(&self) -> impl IntoIterator<Item = Group> {
        let listed = self.state == State::Active;
        let by_learner = [Group::Learner(self.learner), Group::Content(self.content)];
        let by_department = self.department.map(|department| {
            [
                Group::Department(department),
                Group::ContentInDepartment(self.content, department),
            ]
        });
        by_learner
            .into_iter()
            .chain(by_department.into_iter().flatten())
            .filter(move |_| listed)
    }
}

/// A certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its id.
    pub id: Id,
    /// When it was issued; it may lie ahead.
    pub issued: Timestamp,
    /// When it expires.
    pub expires: Option<Timestamp>,
}
