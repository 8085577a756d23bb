//! From the `ispring` section as written to records as meant; everything that is wrong at once.

mod credentials;
mod departments;
mod enrollments;
mod references;
mod users;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::generated::Generated;
use super::id::Id;
use super::merged::Section;
use super::records::{DepartmentNumber, User, UserNumber};
use super::world::Base;
use crate::format::{Lost, Problems};
use crate::platform::{Hints, References};
use crate::records::{self, Listed, Record, Source};
/// Reads the section. What is wrong goes to `problems`; the result is of use only if nothing is.
///
/// `generated` is the population as iSpring shows it, `start` the day on which the scenario starts.
pub fn check(
    section: &Section,
    lost: &Lost,
    generated: Option<Arc<Generated>>,
    start: Date,
    problems: &mut Problems,
) -> Base {
    let mut check = Check {
        lost,
        problems,
        hints: Hints::default(),
    };

    let departments = check.departments(&section.departments, generated.as_ref());
    let users = check.users(&section.users, generated.as_ref(), &departments);
    let content = check.content(&section.content, generated.as_ref());
    let moved = moved(&users);
    let enrolled = check.enrollments(section, generated.as_ref(), &users, &content, start);
    Base {
        credentials: check.credentials(section, &users),
        departments: Arc::new(departments.base),
        users: Arc::new(users.base),
        content: Arc::new(content.base),
        deleted: enrolled.deleted,
        enrollments: Arc::new(enrolled.base),
        moved,
        next_enrollment: enrolled.next,
        behaviour: (&section.behaviour).into(),
        written: section.unchanging(),
        generated,
    }
}

/// Learners of the population whom the scenario put into another department.
fn moved(users: &Checked<Arc<User>>) -> BTreeMap<UserNumber, Option<DepartmentNumber>> {
    let Some(computed) = &users.computed else {
        return BTreeMap::new();
    };
    let replaced = users.listed.iter().filter_map(|user| {
        let before = computed.get(user.id)?;
        (before.department != user.department).then_some((user.number, user.department))
    });
    replaced.collect()
}

/// A table whose ids are known, so that other tables can refer to it.
struct Checked<R: Record> {
    /// The table's name in messages.
    what: &'static str,
    computed: Option<Arc<dyn Source<R>>>,
    listed: Vec<R>,
    /// A record is listed whose id is not known.
    lacks_ids: bool,
    base: records::Base<R>,
}

impl<R: Record<Id = Id>> Checked<R> {
    fn new(
        what: &'static str,
        computed: Option<Arc<dyn Source<R>>>,
        listed: Vec<R>,
        lacks_ids: bool,
    ) -> Self {
        Checked {
            what,
            lacks_ids,
            base: records::Base::new(computed.clone(), Listed::new(listed.clone()), []),
            computed,
            listed,
        }
    }
}

/// The places of listed records: that of the generated record they replace, else behind the last.
struct Places<R: Record<Place = u32, Id = Id>> {
    computed: Option<Arc<dyn Source<R>>>,
    next: u32,
}

impl<R: Record<Place = u32, Id = Id>> Places<R> {
    fn new(computed: Option<Arc<dyn Source<R>>>) -> Self {
        let generated = computed.as_ref().map_or(0, |computed| computed.count());
        Places {
            next: u32::try_from(generated).unwrap_or(u32::MAX),
            computed,
        }
    }

    fn of(&mut self, id: Id) -> u32 {
        let replaced = self.computed.as_ref().and_then(|computed| computed.get(id));
        if let Some(replaced) = replaced {
            return replaced.place();
        }
        let place = self.next;
        self.next = self.next.saturating_add(1);
        place
    }
}

struct Check<'a> {
    lost: &'a Lost,
    problems: &'a mut Problems,
    hints: Hints,
}

impl References for Check<'_> {
    fn tools(&mut self) -> (&Lost, &mut Problems, &mut Hints) {
        (self.lost, self.problems, &mut self.hints)
    }
}

#[cfg(test)]
mod tests;
