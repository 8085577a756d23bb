//! The seeded population as Adobe's records, each computed when it is asked for.

use std::ops::Bound;
use std::sync::Arc;

use jiff::Timestamp;

use super::records::{
    Enrollment, EnrollmentPlace, EnrollmentSource, EnrollmentState, Group, Instance, InstanceId,
    InstanceNumber, InstanceState, LearningObject, LearningObjectId, LearningObjectNumber,
    LearningObjectState, LoType, Role, Second, User, UserNumber,
};
use crate::records::{Order, Record, Source, Walk, numbers};
use crate::seed::{By, Key, Permutation, Population, Progress};

/// Adobe's view of a population. Learners and courses have the same numbers in both; each course has
/// one instance, of the same number.
#[derive(Clone, Debug)]
pub struct Generated {
    population: Arc<Population>,
    users: Numbers,
    learning_objects: Numbers,
    instances: Numbers,
    modules: Numbers,
    badges: Numbers,
    /// Of what type each course is, and how many modules it has.
    kinds: Key,
}

/// The decimal ids of one kind of generated record, which hide its index.
#[derive(Clone, Debug)]
struct Numbers {
    first: u64,
    permutation: Permutation,
}

/// The width of what is renumbered: there are never so many learners, and more courses keep the bits above.
const BITS: u32 = 24;

impl Numbers {
    fn new(seed: u64, kind: &'static str, first: u64) -> Self {
        Numbers {
            first,
            permutation: Permutation::new(seed, kind, BITS),
        }
    }

    fn of(&self, index: u64) -> u64 {
        self.first + self.permutation.apply(index)
    }

    fn index(&self, number: u64) -> Option<u32> {
        let index = self.permutation.invert(number.checked_sub(self.first)?);
        u32::try_from(index).ok()
    }
}

/// The most modules of a generated course.
const MODULES: u64 = 4;

impl Generated {
    /// The population as Adobe shows it under this seed.
    pub fn new(population: Arc<Population>, seed: u64) -> Self {
        Generated {
            population,
            users: Numbers::new(seed, "alm user", 10_000_000),
            learning_objects: Numbers::new(seed, "alm learning object", 5_000_000),
            instances: Numbers::new(seed, "alm instance", 5_500_000),
            modules: Numbers::new(seed, "alm module", 11_000_000),
            badges: Numbers::new(seed, "alm badge", 1_000),
            kinds: Key::new(seed, "alm learning object"),
        }
    }

    /// How many users there are.
    pub fn users(&self) -> UserNumber {
        self.population.learners()
    }

    /// The user with this address.
    pub fn user_with_email(&self, email: &str) -> Option<UserNumber> {
        self.population.learner_by_email(email)
    }

    /// How many learning objects there are, and instances.
    pub fn learning_objects(&self) -> LearningObjectNumber {
        self.population.courses()
    }

    fn kind(&self, number: LearningObjectNumber) -> LoType {
        match self.kinds.draw(u64::from(number)) % 20 {
            0 => LoType::JobAid,
            1..=3 => LoType::LearningProgram,
            4 | 5 => LoType::Certification,
            _ => LoType::Course,
        }
    }

    fn user(&self, number: UserNumber) -> User {
        let learner = self.population.learner(number);
        User {
            number,
            id: self.users.of(u64::from(number)),
            name: Some(format!("{} {}", learner.first_name, learner.last_name)),
            email: Some(learner.email),
            roles: [Role::Learner].into(),
        }
    }

    fn learning_object_id(&self, number: LearningObjectNumber) -> LearningObjectId {
        LearningObjectId {
            kind: self.kind(number),
            number: self.learning_objects.of(u64::from(number)),
        }
    }

    fn instance_id(&self, number: InstanceNumber) -> InstanceId {
        let of = self.learning_object_id(number);
        InstanceId {
            of,
            number: match of.kind {
                LoType::JobAid => -1,
                LoType::Course | LoType::LearningProgram | LoType::Certification => {
                    self.instances.of(u64::from(number)) as i64
                }
            },
        }
    }

    fn learning_object(&self, number: LearningObjectNumber) -> LearningObject {
        LearningObject {
            number,
            id: self.learning_object_id(number),
            name: Some(self.population.course(number).title),
            state: LearningObjectState::Published,
            badge: Some(self.badges.of(u64::from(number))),
            unenrollment_allowed: true,
            instances: [number].into(),
        }
    }

    fn instance(&self, number: InstanceNumber) -> Instance {
        let id = self.instance_id(number);
        let modules = match id.of.kind {
            LoType::Course => 1 + (self.kinds.draw(u64::from(number)) >> 32) % MODULES,
            LoType::JobAid | LoType::LearningProgram | LoType::Certification => 0,
        };
        let module = |at| (self.modules.of(u64::from(number) * MODULES + at), 0);
        Instance {
            number,
            id,
            learning_object: number,
            state: InstanceState::Active,
            is_default: true,
            deadline: None,
            enrollment_deadline: None,
            unenrollment_deadline: None,
            seat_limit: None,
            waitlist_limit: None,
            modules: (0..modules).map(module).collect(),
            sub_instances: Box::default(),
        }
    }

    fn enrollment(&self, number: u64) -> Option<Enrollment> {
        let drawn = self.population.enrollment(number)?;
        let deadline = drawn.due().map(Second::of);
        let mut enrollment = Enrollment {
            user: drawn.learner,
            user_id: self.users.of(u64::from(drawn.learner)),
            instance: drawn.course,
            instance_id: self.instance_id(drawn.course),
            source: match drawn.by {
                By::Admin => EnrollmentSource::AdminEnroll,
                By::Learner => EnrollmentSource::SelfEnroll,
            },
            state: EnrollmentState::Enrolled,
            enrolled: Second::of(drawn.created),
            deadline,
            started: None,
            completed: None,
            last_access: drawn.last_access.map(Second::of),
            progress: 0,
            score: 0,
            passed: false,
            rare: None,
        };
        match drawn.progress {
            Progress::NotStarted => {}
            Progress::Started { at, percent } => {
                enrollment.state = EnrollmentState::Started;
                enrollment.started = Some(Second::of(at));
                enrollment.progress = u32::from(percent);
            }
            Progress::Completed {
                started,
                at,
                score,
                passed,
            } => {
                enrollment.started = Some(Second::of(started));
                enrollment.score = u32::from(score);
                // What was not passed goes on: only success completes it.
                enrollment.state = if passed {
                    EnrollmentState::Completed
                } else {
                    EnrollmentState::Started
                };
                enrollment.completed = passed.then(|| Second::of(at));
                enrollment.passed = passed;
                enrollment.progress = if passed { 100 } else { 99 };
            }
        }
        Some(enrollment)
    }

    /// The numbers on the far side of `from`.
    fn numbers(&self, from: Bound<EnrollmentPlace>, order: Order) -> (Bound<u64>, Bound<u64>) {
        let place = match from {
            Bound::Unbounded => return (Bound::Unbounded, Bound::Unbounded),
            Bound::Included(place) | Bound::Excluded(place) => place,
        };
        // Several may share a second: the walk itself leaves out those on the wrong side.
        let start = self.population.since(place.enrolled.at());
        let next = place
            .enrolled
            .at()
            .saturating_add(jiff::SignedDuration::from_secs(1));
        let end = self.population.since(next.unwrap_or(Timestamp::MAX));
        match order {
            Order::Ascending => (Bound::Included(start), Bound::Unbounded),
            Order::Descending => (Bound::Unbounded, Bound::Excluded(end)),
        }
    }
}

/// Whether a place lies on the far side of `from`.
fn is_behind(place: EnrollmentPlace, from: Bound<EnrollmentPlace>, order: Order) -> bool {
    match (from, order) {
        (Bound::Unbounded, _) => true,
        (Bound::Included(from), Order::Ascending) => place >= from,
        (Bound::Excluded(from), Order::Ascending) => place > from,
        (Bound::Included(from), Order::Descending) => place <= from,
        (Bound::Excluded(from), Order::Descending) => place < from,
    }
}

/// One table of the population, known by id.
macro_rules! source_by_id {
    ($(#[$doc:meta])* $name:ident, $record:ty, $id:ty, $count:ident, $make:ident, $index:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub Arc<Generated>);

        impl Source<Arc<$record>> for $name {
            fn get(&self, id: $id) -> Option<Arc<$record>> {
                let index: fn(&Generated, $id) -> Option<u32> = $index;
                self.at(index(&self.0, id)?).filter(|record| record.id == id)
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

source_by_id!(
    /// The population's learners as users.
    Users, User, u64, users, user, |it, id| it.users.index(id)
);
source_by_id!(
    /// The population's courses as learning objects.
    LearningObjects, LearningObject, LearningObjectId, learning_objects, learning_object,
    |it, id| it.learning_objects.index(id.number)
);
source_by_id!(
    /// The instances of the population's courses.
    Instances, Instance, InstanceId, learning_objects, instance,
    |it, id| it.learning_objects.index(id.of.number)
);

/// The population's enrollments.
#[derive(Debug)]
pub struct Enrollments(pub Arc<Generated>);

impl Source<Enrollment> for Enrollments {
    fn get(&self, (user, instance): (UserNumber, InstanceNumber)) -> Option<Enrollment> {
        let population = &self.0.population;
        if user >= population.learners() || instance >= population.courses() {
            return None;
        }
        self.0.enrollment(population.enrollment_of(user, instance)?)
    }

    fn at(&self, place: EnrollmentPlace) -> Option<Enrollment> {
        let instance = self.0.learning_objects.index(place.instance.of.number)?;
        let found = self.get((place.user, instance))?;
        (found.place() == place).then_some(found)
    }

    fn walk(
        &self,
        group: Option<Group>,
        from: Bound<EnrollmentPlace>,
        order: Order,
    ) -> Walk<'_, Enrollment> {
        let population = &self.0.population;
        let numbers = self.0.numbers(from, order);
        let (walk, kind) = match group {
            None => (population.walk(numbers), None),
            Some(Group::Of(user, kind)) => (population.walk_learner(user, numbers), Some(kind)),
            Some(Group::Seated(instance)) => (population.walk_course(instance, numbers), None),
            // No user of the population waits.
            Some(Group::Waiting(_)) => return Box::new(std::iter::empty()),
        };
        let shown = move |number| {
            let found = self.0.enrollment(number)?;
            let is_of_kind = kind.is_none_or(|kind| found.instance_id.of.kind == kind);
            (is_of_kind && is_behind(found.place(), from, order)).then_some(found)
        };
        match order {
            Order::Ascending => Box::new(walk.filter_map(shown)),
            Order::Descending => Box::new(walk.rev().filter_map(shown)),
        }
    }

    fn count(&self) -> u64 {
        self.0.population.enrollments()
    }
}
