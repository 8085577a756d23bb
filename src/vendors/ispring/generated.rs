//! The seeded population as iSpring's records, each computed when it is asked for.

use std::ops::Bound;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::id::{Id, Ids};
use super::records::{
    Assigned, Certificate, Content, ContentNumber, ContentType, Department, DepartmentNumber,
    Enrollment, EnrollmentNumber, Group, Role, State, User, UserNumber,
};
use super::schedule::day;
use crate::records::{Order, Record, Source, Walk, numbers};
use crate::seed::{By, Key, Population};

/// iSpring's view of a population. Learners, courses and departments have the same numbers in both.
#[derive(Clone, Debug)]
pub struct Generated {
    population: Arc<Population>,
    departments: Ids,
    users: Ids,
    content: Ids,
    enrollments: Ids,
    certificates: Ids,
    /// When accounts, courses and departments were made: drawn, within a year of `founded`.
    made: Key,
    founded: Timestamp,
}

impl Generated {
    /// The population as iSpring shows it under this seed; `end` is where its history ends.
    pub fn new(population: Arc<Population>, seed: u64, end: Timestamp) -> Self {
        let ids = |kind| Ids::new(seed, kind, "");
        // Three years back: the population's history covers the last two.
        let founded = SignedDuration::from_hours(3 * 365 * 24);
        Generated {
            population,
            departments: ids("ispring department"),
            users: ids("ispring user"),
            content: ids("ispring content"),
            enrollments: ids("ispring enrollment"),
            certificates: ids("ispring certificate"),
            made: Key::new(seed, "ispring made"),
            founded: end.saturating_sub(founded).unwrap_or(Timestamp::MIN),
        }
    }

    /// The place behind the last generated enrollment.
    pub fn enrollment_places(&self) -> EnrollmentNumber {
        self.population.numbers()
    }

    /// The id of a record that has no date of its own.
    fn id_of(&self, ids: &Ids, kind: &str, number: u32) -> Id {
        let seconds = self.made.within(kind).draw(u64::from(number)) % (365 * 24 * 3600);
        let made = SignedDuration::from_secs(seconds as i64);
        let made = self.founded.saturating_add(made).unwrap_or(Timestamp::MAX);
        ids.id(u64::from(number), made)
    }

    fn enrollment(&self, number: EnrollmentNumber) -> Option<Enrollment> {
        let drawn = self.population.enrollment(number)?;
        let certificate = drawn.certificate.map(|certificate| {
            Arc::new(Certificate {
                id: self.certificates.id(number, certificate.issued),
                issued: certificate.issued,
                expires: certificate.expires,
            })
        });
        Some(Enrollment {
            id: self.enrollments.id(number, drawn.created),
            number,
            content: drawn.course,
            learner: drawn.learner,
            department: Some(self.population.department_of(drawn.learner)),
            access: day(drawn.created),
            due: drawn.due().map(day),
            locks: drawn.locks_when_due,
            assigned: match drawn.by {
                By::Admin => Assigned::Admin,
                By::Learner => Assigned::Catalog,
            },
            state: State::Active,
            certificate,
        })
    }
}

/// One table of the population.
macro_rules! source_by_number {
    ($(#[$doc:meta])* $name:ident, $record:ty, $number:ty, $group:ty, $ids:ident, $count:ident, $make:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub Arc<Generated>);

        impl Source<$record> for $name {
            fn get(&self, id: Id) -> Option<$record> {
                let number = <$number>::try_from(self.0.$ids.index(id)).ok()?;
                self.at(number).filter(|record| Record::id(record) == id)
            }

            fn at(&self, number: $number) -> Option<$record> {
                let make: fn(&Generated, $number) -> $record = $make;
                (number < self.0.population.$count()).then(|| make(&self.0, number))
            }

            fn walk(&self, group: Option<$group>, from: Bound<$number>, order: Order) -> Walk<'_, $record> {
                let numbers = numbers(from, order, 0, self.0.population.$count());
                let records = numbers.filter_map(|number| self.at(number));
                let of_group = records.filter(move |record| {
                    group.is_none() || record.groups().into_iter().any(|g| Some(g) == group)
                });
                match order {
                    Order::Ascending => Box::new(of_group),
                    Order::Descending => Box::new(of_group.rev()),
                }
            }

            fn count(&self) -> u64 {
                u64::from(self.0.population.$count())
            }
        }
    };
}

source_by_number!(
    /// The population's learners as users.
    Users, Arc<User>, UserNumber, (), users, learners,
    |it, number| Arc::new(User {
        id: it.id_of(&it.users, "user", number),
        number,
        department: Some(it.population.department_of(number)),
        active: true,
        role: Role::Learner,
        manages: Box::default(),
        permissions: Box::default(),
    })
);

source_by_number!(
    /// The population's courses as content.
    Courses, Content, ContentNumber, (), content, courses,
    |it, number| Content {
        id: it.id_of(&it.content, "content", number),
        number,
        kind: ContentType::Course,
        default_due_hours: None,
    }
);

/// The population's departments.
#[derive(Debug)]
pub struct Departments(pub Arc<Generated>);

impl Source<Department> for Departments {
    fn get(&self, id: Id) -> Option<Department> {
        let number = DepartmentNumber::try_from(self.0.departments.index(id)).ok()?;
        self.at(number).filter(|department| department.id == id)
    }

    fn at(&self, number: DepartmentNumber) -> Option<Department> {
        (number < self.0.population.departments()).then(|| Department {
            id: self.0.id_of(&self.0.departments, "department", number),
            number,
            parent: self.0.population.department(number).parent,
        })
    }

    fn walk(
        &self,
        group: Option<DepartmentNumber>,
        from: Bound<DepartmentNumber>,
        order: Order,
    ) -> Walk<'_, Department> {
        let population = &self.0.population;
        // What is below a department directly follows it, in preorder.
        let within = match group {
            None => 0..population.departments(),
            Some(above) if above < population.departments() => population.subtree(above),
            Some(_) => 0..0,
        };
        let found = numbers(from, order, within.start, within.end)
            .filter_map(|number| self.at(number))
            .filter(move |department| group.is_none() || department.parent == group);
        match order {
            Order::Ascending => Box::new(found),
            Order::Descending => Box::new(found.rev()),
        }
    }

    fn count(&self) -> u64 {
        u64::from(self.0.population.departments())
    }
}

/// The population's enrollments.
#[derive(Debug)]
pub struct Enrollments(pub Arc<Generated>);

impl Source<Enrollment> for Enrollments {
    fn get(&self, id: Id) -> Option<Enrollment> {
        let found = self.0.enrollment(self.0.enrollments.index(id))?;
        (found.id == id).then_some(found)
    }

    fn at(&self, number: EnrollmentNumber) -> Option<Enrollment> {
        self.0.enrollment(number)
    }

    fn walk(
        &self,
        group: Option<Group>,
        from: Bound<EnrollmentNumber>,
        order: Order,
    ) -> Walk<'_, Enrollment> {
        let population = &self.0.population;
        let numbers = match order {
            Order::Ascending => (from, Bound::Unbounded),
            Order::Descending => (Bound::Unbounded, from),
        };
        let members = |department| {
            if department < population.departments() {
                population.department(department).learners
            } else {
                0..0
            }
        };
        let walk = match group {
            None => population.walk(numbers),
            Some(Group::Learner(learner)) => population.walk_learner(learner, numbers),
            Some(Group::Content(course)) => population.walk_course(course, numbers),
            Some(Group::Department(department)) => {
                population.walk_learners(members(department), numbers)
            }
            Some(Group::ContentInDepartment(course, department)) => {
                population.walk_course_learners(course, members(department), numbers)
            }
        };
        match order {
            Order::Ascending => Box::new(walk.filter_map(|number| self.0.enrollment(number))),
            Order::Descending => {
                Box::new(walk.rev().filter_map(|number| self.0.enrollment(number)))
            }
        }
    }

    fn count(&self) -> u64 {
        self.0.population.enrollments()
    }
}
