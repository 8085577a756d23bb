//! What a list shows: what the caller may see, cut by what the filters ask for.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Bound;
use std::sync::Arc;

use jiff::Timestamp;

use super::course_match::Many;
use super::records::{CourseNumber, Enrollment, EnrollmentPlace, Group, UserNumber};
use super::world::World;
use crate::platform::few;
use crate::records::{Keep, Order, Record, Walk};
use crate::vendors::openedx::Call;

/// How many pairs of account and course are looked up one by one, before it is better to walk.
const PAIRS_AT_MOST: usize = 10_000;

/// What a caller may see.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Everything.
    All,
    /// These courses.
    Courses(Box<[CourseNumber]>),
}

/// What the filters of a list ask for. A filter left out lets everything through.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// These accounts.
    pub users: Option<Vec<UserNumber>>,
    /// These courses.
    pub courses: Option<Vec<CourseNumber>>,
    /// These many.
    pub like: Option<Arc<Many>>,
    /// Made then or later.
    pub since: Option<Timestamp>,
}

impl Selection {
    /// How many parts a list of it is put together from.
    pub fn parts(&self) -> usize {
        match (&self.users, &self.courses) {
            (None, None) => 1,
            (Some(users), None) => users.len(),
            (None, Some(courses)) => courses.len(),
            (Some(users), Some(courses)) => match pairs(users, courses) {
                pairs if pairs > PAIRS_AT_MOST => users.len(),
                pairs => pairs,
            },
        }
    }
}

/// How many pairs there are of an account and a course.
fn pairs(users: &[UserNumber], courses: &[CourseNumber]) -> usize {
    users.len().saturating_mul(courses.len())
}

/// What a caller sees of the enrollments.
#[derive(Clone, Debug)]
pub struct Visible<'a> {
    world: &'a World,
    scope: Scope,
}

impl<'a> Visible<'a> {
    pub(super) fn new(world: &'a World, scope: Scope) -> Self {
        Visible { world, scope }
    }

    /// What the caller sees, for the journal.
    pub fn in_words(&self) -> Cow<'static, str> {
        match &self.scope {
            Scope::All => "all courses".into(),
            Scope::Courses(seen) => {
                let keys = seen
                    .iter()
                    .map(|course| match self.world.course_at(*course) {
                        Some(course) => course.key.clone(),
                        None => course.to_string(),
                    });
                few("courses", keys).into()
            }
        }
    }

    /// Whether the caller sees this course.
    pub fn course(&self, course: CourseNumber) -> bool {
        match &self.scope {
            Scope::All => true,
            Scope::Courses(seen) => seen.contains(&course),
        }
    }

    /// The enrollments that the filters let through, in order of place, behind `from`.
    pub fn enrollments(
        &self,
        selection: &Selection,
        from: Bound<EnrollmentPlace>,
        order: Order,
    ) -> Walk<'a, Enrollment> {
        let (courses, like) = self.courses(selection);
        let from = match (selection.since, order) {
            (Some(since), Order::Ascending) => later(from, EnrollmentPlace::before_all_of(since)),
            (_, _) => from,
        };
        let users = selection.users.as_deref();
        let of_users = |users: &[UserNumber], from| {
            let groups = users.iter().map(|user| Group::User(*user));
            self.world.walk_groups(groups, from, order)
        };
        let walk = match (users, courses) {
            (None, None) => match like {
                None => self.world.walk(from, order),
                Some(many) => {
                    let keep: Keep<(UserNumber, CourseNumber)> =
                        Arc::new(move |(_, course)| many.has(course));
                    self.world.walk_where(&keep, from, order)
                }
            },
            (Some(users), None) => {
                let walk = of_users(users, from);
                match like {
                    None => walk,
                    Some(many) => Box::new(walk.filter(move |it| many.has(it.course))),
                }
            }
            (None, Some(courses)) => {
                let groups = courses.into_iter().map(Group::Course);
                self.world.walk_groups(groups, from, order)
            }
            (Some(users), Some(courses)) if pairs(users, &courses) > PAIRS_AT_MOST => {
                let courses: HashSet<CourseNumber> = courses.into_iter().collect();
                let walk = of_users(users, from);
                Box::new(walk.filter(move |it| courses.contains(&it.course)))
            }
            (Some(users), Some(courses)) => self.both(users, courses, from, order),
        };
        match (selection.since, order) {
            (Some(since), Order::Descending) => {
                Box::new(walk.take_while(move |enrollment| enrollment.created >= since))
            }
            (_, _) => walk,
        }
    }

    /// The courses that the filters let through, as far as the caller sees them: these, or these many.
    fn courses(&self, selection: &Selection) -> (Option<Vec<CourseNumber>>, Option<Arc<Many>>) {
        let like = selection.like.as_ref();
        let seen = match &self.scope {
            Scope::All => return (selection.courses.clone(), like.cloned()),
            Scope::Courses(seen) => seen,
        };
        let chosen = selection.courses.as_deref().unwrap_or(seen).iter();
        let seen = chosen
            .filter(|course| self.course(**course) && like.is_none_or(|many| many.has(**course)));
        (Some(seen.copied().collect()), None)
    }

    /// The enrollments of these accounts in these courses.
    fn both(
        &self,
        users: &[UserNumber],
        courses: Vec<CourseNumber>,
        from: Bound<EnrollmentPlace>,
        order: Order,
    ) -> Walk<'a, Enrollment> {
        let courses: HashSet<CourseNumber> = courses.into_iter().collect();
        let world = self.world;
        let pairs = users
            .iter()
            .flat_map(|user| courses.iter().map(move |course| (*user, *course)));
        let found = pairs
            .filter(|(user, _)| !world.is_retired(*user))
            .filter_map(|(user, course)| world.enrollment(user, course));
        let behind = |place: EnrollmentPlace| match (&from, order) {
            (Bound::Unbounded, _) => true,
            (Bound::Included(from), Order::Ascending) => place >= *from,
            (Bound::Excluded(from), Order::Ascending) => place > *from,
            (Bound::Included(from), Order::Descending) => place <= *from,
            (Bound::Excluded(from), Order::Descending) => place < *from,
        };
        let mut found: Vec<Enrollment> = found.filter(|it| behind(it.place())).collect();
        found.sort_unstable_by_key(Record::place);
        found.dedup_by_key(|it| it.place());
        match order {
            Order::Ascending => Box::new(found.into_iter()),
            Order::Descending => Box::new(found.into_iter().rev()),
        }
    }
}

/// Notes what the caller sees.
pub fn note_scope(call: &Call<'_>) {
    let world = call.context.read();
    call.notes.scope(world.seen_by(call.principal).in_words());
}

/// The later of a bound and a place that is included.
fn later(from: Bound<EnrollmentPlace>, at: EnrollmentPlace) -> Bound<EnrollmentPlace> {
    match from {
        Bound::Included(from) if from >= at => Bound::Included(from),
        Bound::Excluded(from) if from >= at => Bound::Excluded(from),
        _ => Bound::Included(at),
    }
}
