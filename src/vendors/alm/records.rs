//! Adobe Learning Manager's records as meant: checked, numbered, ready to be looked up.
//!
//! Records refer to each other by number, their place in their own table.

use std::fmt;
use std::num::NonZeroI64;
use std::sync::Arc;

use jiff::Timestamp;

pub use super::written::{
    EnrollmentSource, EnrollmentState, InstanceState, LearningObjectState, Role, Scope,
};
use crate::digits;
use crate::records::Record;

/// Scopes of which any is enough.
pub type AnyOf = &'static [Scope];

/// A user's place in its table.
pub type UserNumber = u32;
/// A learning object's place in its table.
pub type LearningObjectNumber = u32;
/// An instance's place in its table.
pub type InstanceNumber = u32;

/// The four types of learning objects, in the order in which cursors count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoType {
    /// A job aid.
    JobAid,
    /// A course.
    Course,
    /// A learning program.
    LearningProgram,
    /// A certification.
    Certification,
}

impl LoType {
    /// All of them, in that order.
    pub const ALL: [LoType; 4] = [
        LoType::JobAid,
        LoType::Course,
        LoType::LearningProgram,
        LoType::Certification,
    ];

    /// The name in ids, filters and cursors.
    pub const fn name(self) -> &'static str {
        match self {
            LoType::JobAid => "jobAid",
            LoType::Course => "course",
            LoType::LearningProgram => "learningProgram",
            LoType::Certification => "certification",
        }
    }

    /// The type of this name.
    pub fn named(name: &str) -> Option<LoType> {
        LoType::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// The id of a learning object: `course:6511020`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LearningObjectId {
    /// Its type.
    pub kind: LoType,
    /// Its number among those of the type.
    pub number: u64,
}

impl fmt::Display for LearningObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.number)
    }
}

impl LearningObjectId {
    /// How many bytes the id takes.
    pub fn length(self) -> usize {
        self.kind.name().len() + 1 + digits::length(self.number)
    }

    /// Appends the id.
    pub fn append(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.kind.name().as_bytes());
        bytes.push(b':');
        digits::number(bytes, self.number);
    }

    /// Reads an id. None: it is none.
    pub fn read(text: &str) -> Option<Self> {
        let (kind, number) = text.split_once(':')?;
        Some(LearningObjectId {
            kind: LoType::named(kind)?,
            number: decimal(number)?,
        })
    }
}

/// The id of an instance: `course:6511020_7037048`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId {
    /// The learning object's.
    pub of: LearningObjectId,
    /// Its number; -1 for job aids.
    pub number: i64,
}

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.of, self.number)
    }
}

impl InstanceId {
    /// Appends the id.
    pub fn append(self, bytes: &mut Vec<u8>) {
        self.of.append(bytes);
        bytes.push(b'_');
        digits::signed(bytes, self.number);
    }

    /// Reads an id. None: it is none.
    pub fn read(text: &str) -> Option<Self> {
        let (of, number) = text.split_once('_')?;
        let number = match number.strip_prefix('-') {
            Some(digits) => -i64::try_from(decimal(digits)?).ok()?,
            None => i64::try_from(decimal(number)?).ok()?,
        };
        Some(InstanceId {
            of: LearningObjectId::read(of)?,
            number,
        })
    }
}

/// A number without leading zeros.
pub fn decimal(text: &str) -> Option<u64> {
    let is_canonical = text == "0" || !text.starts_with('0');
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_canonical && is_digits && text.len() <= 18)
        .then(|| text.parse().ok())
        .flatten()
}

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The place in its table.
    pub number: UserNumber,
    /// The id.
    pub id: u64,
    /// What people call them.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// What they are to the account; never none.
    pub roles: Box<[Role]>,
}

impl Record for Arc<User> {
    type Id = u64;
    type Place = UserNumber;
    /// Users are never listed in groups.
    type Group = ();

    fn id(&self) -> u64 {
        self.id
    }

    fn place(&self) -> UserNumber {
        self.number
    }

    fn groups(&self) -> impl IntoIterator<Item = ()> {
        None
    }
}

/// Something to learn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearningObject {
    /// The place in its table.
    pub number: LearningObjectNumber,
    /// The id.
    pub id: LearningObjectId,
    /// What people call it.
    pub name: Option<String>,
    /// Whether it can still be enrolled in.
    pub state: LearningObjectState,
    /// The badge that completing it earns.
    pub badge: Option<u64>,
    /// Whether learners may leave it by themselves.
    pub unenrollment_allowed: bool,
    /// Its instances, in the order of the scenario.
    pub instances: Box<[InstanceNumber]>,
}

impl Record for Arc<LearningObject> {
    type Id = LearningObjectId;
    type Place = LearningObjectNumber;
    /// Learning objects are never listed in groups.
    type Group = ();

    fn id(&self) -> LearningObjectId {
        self.id
    }

    fn place(&self) -> LearningObjectNumber {
        self.number
    }

    fn groups(&self) -> impl IntoIterator<Item = ()> {
        None
    }
}

/// A run of a learning object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The place in its table.
    pub number: InstanceNumber,
    /// The id.
    pub id: InstanceId,
    /// Of what.
    pub learning_object: LearningObjectNumber,
    /// Whether it still goes on.
    pub state: InstanceState,
    /// Whether it is meant where none is named.
    pub is_default: bool,
    /// By when it should be completed.
    pub deadline: Option<Second>,
    /// Until when people may enroll.
    pub enrollment_deadline: Option<Second>,
    /// Until when people may leave.
    pub unenrollment_deadline: Option<Second>,
    /// How many people may enroll.
    pub seat_limit: Option<u32>,
    /// How many people may wait for a seat.
    pub waitlist_limit: Option<u32>,
    /// What it consists of: each module's id and version.
    pub modules: Box<[(u64, u32)]>,
    /// What a learning program or certification is made of.
    pub sub_instances: Box<[InstanceNumber]>,
}

impl Record for Arc<Instance> {
    type Id = InstanceId;
    type Place = InstanceNumber;
    /// Instances are never listed in groups.
    type Group = ();

    fn id(&self) -> InstanceId {
        self.id
    }

    fn place(&self) -> InstanceNumber {
        self.number
    }

    fn groups(&self) -> impl IntoIterator<Item = ()> {
        None
    }
}

/// A user's enrollment in an instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrollment {
    /// Whose.
    pub user: UserNumber,
    /// The id of that user.
    pub user_id: u64,
    /// In what.
    pub instance: InstanceNumber,
    /// The id of that instance.
    pub instance_id: InstanceId,
    /// How it came about.
    pub source: EnrollmentSource,
    /// How far it is.
    pub state: EnrollmentState,
    /// When it was made, in whole seconds.
    pub enrolled: Second,
    /// By when it should be completed.
    pub deadline: Option<Second>,
    /// When it was started.
    pub started: Option<Second>,
    /// When it was completed.
    pub completed: Option<Second>,
    /// The last visit.
    pub last_access: Option<Second>,
    /// Percent.
    pub progress: u32,
    /// Points.
    pub score: u32,
    /// Whether it was passed.
    pub passed: bool,
    /// What hardly any enrollment has.
    pub rare: Option<Box<Rare>>,
}

/// What hardly any enrollment has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rare {
    /// Stars that the learner gave.
    pub rating: Option<u32>,
    /// The proof of an external certification.
    pub url: Option<String>,
    /// What was paid.
    pub purchased_price: Option<f64>,
}

impl Rare {
    /// In its box, if there is anything in it.
    pub fn boxed(self) -> Option<Box<Rare>> {
        (self != Rare::default()).then(|| Box::new(self))
    }
}

impl EnrollmentState {
    /// Whether an enrollment in this state takes a seat: all do but those that wait for one. A proof that
    /// waits for approval or was rejected takes no seat.
    pub const fn holds_seat(self) -> bool {
        !matches!(self, EnrollmentState::Waiting)
    }
}

impl Enrollment {
    /// The id: the instance's and the user's.
    pub fn id_text(&self) -> String {
        format!("{}_{}", self.instance_id, self.user_id)
    }
}

/// Reads the id of an enrollment: the instance's and the user's.
pub fn read_enrollment_id(text: &str) -> Option<(InstanceId, u64)> {
    let (instance, user) = text.rsplit_once('_')?;
    Some((InstanceId::read(instance)?, decimal(user)?))
}

/// Where an enrollment stands among all: by date, then by type, then by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnrollmentPlace {
    /// When it was made.
    pub enrolled: Second,
    /// In what.
    pub instance: InstanceId,
    /// Whose.
    pub user: UserNumber,
}

/// What lists of enrollments are cut by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// One user's, in learning objects of one type.
    Of(UserNumber, LoType),
    /// Those in one instance that hold a seat.
    Seated(InstanceNumber),
    /// Those in one instance that wait for a seat.
    Waiting(InstanceNumber),
}

impl Record for Enrollment {
    type Id = (UserNumber, InstanceNumber);
    type Place = EnrollmentPlace;
    type Group = Group;

    fn id(&self) -> (UserNumber, InstanceNumber) {
        (self.user, self.instance)
    }

    fn place(&self) -> EnrollmentPlace {
        EnrollmentPlace {
            enrolled: self.enrolled,
            instance: self.instance_id,
            user: self.user,
        }
    }

    fn groups(&self) -> impl IntoIterator<Item = Group> {
        [
            Group::Of(self.user, self.instance_id.of.kind),
            if self.state.holds_seat() {
                Group::Seated(self.instance)
            } else {
                Group::Waiting(self.instance)
            },
        ]
    }
}

/// An instant without what the vendor does not show. Half as large as one with it, and none costs nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Second(NonZeroI64);

impl Second {
    /// Above all seconds of the calendar, so that none of them is 0.
    const SHIFT: i64 = 1 << 60;

    /// The second of an instant.
    pub fn of(at: Timestamp) -> Self {
        Second(NonZeroI64::new(at.as_second() + Second::SHIFT).unwrap_or(NonZeroI64::MAX))
    }

    /// Its beginning.
    pub fn at(self) -> Timestamp {
        let second = self.0.get() - Second::SHIFT;
        // It is one of the calendar's: it was made of one.
        Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for Second {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.at(), f)
    }
}

impl fmt::Debug for Second {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.at(), f)
    }
}
