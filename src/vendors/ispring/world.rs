//! iSpring's tables in one sandbox, and what a caller may see of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use jiff::Timestamp;

use super::behaviour::{Behaviour, DuplicateEnrollment};
use super::generated::Generated;
use super::id::{Id, Ids};
use super::records::{
    Assigned, Content, ContentNumber, Department, DepartmentNumber, Enrollment, EnrollmentNumber,
    Group, Permission, Role, State, User, UserNumber,
};
use super::schedule::Schedule;
use super::written;
use crate::platform::{AuthError, Principal, few};
use crate::records::{self, Order, Table, Walk};
use crate::tokens::{Listed, Tokens};

/// Everything a scenario says of iSpring, shared by all sandboxes and never written.
#[derive(Debug)]
pub struct Base {
    pub(super) departments: Arc<records::Base<Department>>,
    pub(super) users: Arc<records::Base<Arc<User>>>,
    pub(super) content: Arc<records::Base<Content>>,
    pub(super) enrollments: Arc<records::Base<Enrollment>>,
    /// Learners whose generated enrollments name a department that the scenario changed.
    pub(super) moved: BTreeMap<UserNumber, Option<DepartmentNumber>>,
    /// How many enrollments the scenario lists as deleted.
    pub(super) deleted: u64,
    /// The place of the first enrollment made while running.
    pub(super) next_enrollment: EnrollmentNumber,
    pub(super) credentials: Credentials,
    pub(super) behaviour: Behaviour,
    /// The population as iSpring shows it.
    pub(super) generated: Option<Arc<Generated>>,
    /// What never changes while running, as the scenario writes it: all but the enrollments.
    pub(super) written: written::Section,
}

impl Base {
    /// The first listed token, to try the server with.
    pub fn first_token(&self) -> Option<&str> {
        self.credentials.tokens.first()
    }

    /// The first listed client of the token endpoint: id and secret.
    pub fn first_client(&self) -> Option<(&str, &str)> {
        let (id, secret) = self.credentials.first_client.as_ref()?;
        Some((id, secret))
    }
}

/// Who may call.
#[derive(Debug, Default)]
pub struct Credentials {
    pub(super) tokens: Arc<Listed<Principal>>,
    /// By client id: the secret and who calls.
    pub(super) clients: HashMap<String, (String, Principal)>,
    /// By account URL and e-mail address: the password and who calls.
    pub(super) accounts: HashMap<(String, String), (String, Principal)>,
    pub(super) first_client: Option<(String, String)>,
}

impl Credentials {
    /// An account URL as it is compared: without its last slash, in lower case.
    pub(super) fn account_url(url: &str) -> String {
        url.strip_suffix('/').unwrap_or(url).to_ascii_lowercase()
    }
}

/// iSpring in one sandbox.
#[derive(Debug)]
pub struct World {
    pub(super) base: Arc<Base>,
    departments: Table<Department>,
    users: Table<Arc<User>>,
    content: Table<Content>,
    pub(super) enrollments: Table<Enrollment>,
    tokens: Tokens<Principal>,
    new_ids: Ids,
    /// How many enrollments were made while running.
    made: u64,
    /// How many ids were drawn for them.
    drawn: u64,
    /// How many enrollments were deleted while running.
    deleted: u64,
}

impl World {
    /// The world as the scenario starts it. `name` is the sandbox's; what a world makes up derives
    /// from the seed and this name, so two sandboxes never make up the same.
    pub fn new(base: Arc<Base>, seed: u64, name: &str) -> Self {
        World {
            departments: Table::new(Arc::clone(&base.departments)),
            users: Table::new(Arc::clone(&base.users)),
            content: Table::new(Arc::clone(&base.content)),
            enrollments: Table::new(Arc::clone(&base.enrollments)),
            tokens: Tokens::new(Arc::clone(&base.credentials.tokens)),
            new_ids: Ids::new(seed, "ispring new enrollment", name).in_order(),
            made: 0,
            drawn: 0,
            deleted: 0,
            base,
        }
    }

    /// A world over a base that was checked from this one's records and more. Issued tokens live on, and
    /// nothing is made up twice.
    #[must_use]
    pub fn over(&self, base: Arc<Base>) -> Self {
        World {
            departments: Table::new(Arc::clone(&base.departments)),
            users: Table::new(Arc::clone(&base.users)),
            content: Table::new(Arc::clone(&base.content)),
            enrollments: Table::new(Arc::clone(&base.enrollments)),
            tokens: self.tokens.over(Arc::clone(&base.credentials.tokens)),
            new_ids: self.new_ids,
            // The base counts what was made and deleted so far.
            made: 0,
            drawn: self.drawn,
            deleted: 0,
            base,
        }
    }

    /// The switches.
    pub fn behaviour(&self) -> &Behaviour {
        &self.base.behaviour
    }

    /// Who may call.
    pub fn credentials(&self) -> &Credentials {
        &self.base.credentials
    }

    /// The tokens.
    pub fn tokens(&self) -> &Tokens<Principal> {
        &self.tokens
    }

    /// The tokens, to issue one.
    pub fn tokens_mut(&mut self) -> &mut Tokens<Principal> {
        &mut self.tokens
    }

    /// How many records each table holds; deleted enrollments do not count, archived ones do.
    pub fn counts(&self) -> [(&'static str, u64); 4] {
        let deleted = self.base.deleted + self.deleted;
        [
            ("departments", self.departments.count()),
            ("users", self.users.count()),
            ("content", self.content.count()),
            ("enrollments", self.enrollments.count() - deleted),
        ]
    }

    /// What the caller is to the platform. The account itself acts as an administrator.
    ///
    /// # Errors
    /// When the caller is gone or switched off.
    pub fn role(&self, principal: &Principal) -> Result<Role, AuthError> {
        match principal.user {
            None => Ok(Role::AccountAdministrator),
            Some(number) => match self.users.at(number) {
                None => Err(AuthError::Unknown),
                Some(user) if !user.active => Err(AuthError::Inactive(user.id.to_string())),
                Some(user) => Ok(user.role),
            },
        }
    }

    /// Whether the caller may do this to one user at least.
    pub fn may(&self, principal: &Principal, permission: Permission) -> bool {
        let Ok(role) = self.role(principal) else {
            return false;
        };
        match role {
            Role::Learner => false,
            Role::AccountOwner | Role::AccountAdministrator | Role::DepartmentAdministrator => true,
            Role::Publisher => match permission {
                Permission::ListEnrollments => true,
                Permission::CreateEnrollments => false,
                Permission::EditEnrollments | Permission::DeleteEnrollments => {
                    self.base.behaviour.publisher_can_edit
                }
            },
            Role::Custom => principal
                .user
                .and_then(|number| self.users.at(number))
                .is_some_and(|user| user.permissions.contains(&permission)),
        }
    }

    /// What the caller sees.
    pub fn seen_by(&self, principal: &Principal) -> Visible<'_> {
        Visible {
            world: self,
            scope: self.scope(principal),
        }
    }

    fn scope(&self, principal: &Principal) -> Scope {
        let Some(number) = principal.user else {
            return Scope::All;
        };
        let Some(user) = self.users.at(number) else {
            return Scope::Departments(BTreeSet::new());
        };
        match user.role {
            Role::AccountOwner | Role::AccountAdministrator => Scope::All,
            Role::Learner | Role::Publisher | Role::DepartmentAdministrator | Role::Custom => {
                Scope::Departments(self.with_all_below(&user.manages))
            }
        }
    }

    /// These departments and every one below them.
    fn with_all_below(&self, tops: &[DepartmentNumber]) -> BTreeSet<DepartmentNumber> {
        let mut found = BTreeSet::new();
        let mut open = tops.to_vec();
        while let Some(department) = open.pop() {
            if found.insert(department) {
                let below =
                    self.departments
                        .walk_groups([department], Bound::Unbounded, Order::Ascending);
                open.extend(below.map(|department| department.number));
            }
        }
        found
    }

    /// The department that a learner of this enrollment belongs to now.
    fn department_of(&self, enrollment: &Enrollment) -> Option<DepartmentNumber> {
        match self.base.moved.get(&enrollment.learner) {
            Some(department) => *department,
            None => enrollment.department,
        }
    }

    /// The id of a department: those of the population come first, in preorder.
    pub fn department_id(&self, number: DepartmentNumber) -> Option<Id> {
        Some(self.departments.at(number)?.id)
    }

    /// The id of a user.
    pub fn user_id(&self, number: UserNumber) -> Option<Id> {
        Some(self.users.at(number)?.id)
    }

    /// The id of a piece of content.
    pub fn content_id(&self, number: ContentNumber) -> Option<Id> {
        Some(self.content.at(number)?.id)
    }

    /// The content with this id.
    pub fn content(&self, id: Id) -> Option<Content> {
        self.content.get(id)
    }

    /// The content at this place.
    pub fn content_at(&self, number: ContentNumber) -> Option<Content> {
        self.content.at(number)
    }

    /// Whether there is such an enrollment, in whatever state.
    pub fn knows_enrollment(&self, id: Id) -> bool {
        self.enrollments.get(id).is_some()
    }

    /// The place of an enrollment, in whatever state: a page token may name one that was deleted.
    pub fn place_of(&self, id: Id) -> Option<EnrollmentNumber> {
        Some(self.enrollments.get(id)?.number)
    }

    /// Enrolls every learner in every piece of content. `schedule` says when, for each content.
    ///
    /// Who is enrolled already stays as it is, unless a switch says otherwise: `Err` then, and
    /// nothing has changed.
    ///
    /// # Errors
    /// The first learner and content that are enrolled already, where that is refused.
    pub fn enroll(
        &mut self,
        learners: &[Arc<User>],
        content: &[(Content, Schedule)],
        now: Timestamp,
    ) -> Result<(), (Id, Id)> {
        let mut wanted = Vec::new();
        for learner in learners {
            let enrolled: BTreeSet<ContentNumber> = self
                .enrollments
                .walk_groups(
                    [Group::Learner(learner.number)],
                    Bound::Unbounded,
                    Order::Ascending,
                )
                .map(|enrollment| enrollment.content)
                .collect();
            for (content, schedule) in content {
                if enrolled.contains(&content.number) {
                    match self.base.behaviour.duplicate_enrollment {
                        DuplicateEnrollment::Keep => continue,
                        DuplicateEnrollment::Create => {}
                        DuplicateEnrollment::Refuse => return Err((learner.id, content.id)),
                    }
                }
                wanted.push((Arc::clone(learner), content.number, *schedule));
            }
        }
        for (learner, content, schedule) in wanted {
            self.add(&learner, content, schedule, now);
        }
        Ok(())
    }

    /// Replaces the schedule of an enrollment.
    pub fn reschedule(&mut self, mut enrollment: Enrollment, schedule: Schedule) {
        schedule.write_to(&mut enrollment);
        self.enrollments.put(enrollment);
    }

    /// Archives an enrollment, with its certificate, and makes a new one in its stead.
    pub fn reenroll(&mut self, mut old: Enrollment, schedule: Schedule, now: Timestamp) {
        let learner = self.users.at(old.learner);
        let content = old.content;
        old.state = State::Archived;
        self.enrollments.put(old);
        if let Some(learner) = learner {
            self.add(&learner, content, schedule, now);
        }
    }

    /// Takes an enrollment out of every list. Its place is remembered: a page token may name it.
    pub fn delete(&mut self, mut enrollment: Enrollment) {
        enrollment.state = State::Deleted;
        self.enrollments.put(enrollment);
        self.deleted += 1;
    }

    fn add(&mut self, learner: &User, content: ContentNumber, schedule: Schedule, now: Timestamp) {
        let enrollment = Enrollment {
            id: self.new_id(now),
            number: self.base.next_enrollment + self.made,
            content,
            learner: learner.number,
            department: learner.department,
            access: schedule.access,
            due: schedule.due,
            locks: schedule.locks,
            assigned: Assigned::Admin,
            state: State::Active,
            certificate: None,
        };
        self.made += 1;
        self.enrollments.put(enrollment);
    }

    fn new_id(&mut self, now: Timestamp) -> Id {
        loop {
            let id = self.new_ids.id(self.drawn, now);
            self.drawn += 1;
            if !self.knows_enrollment(id) {
                return id;
            }
        }
    }
}

/// Whose enrollments a caller sees.
#[derive(Clone, Debug)]
enum Scope {
    /// Everybody's.
    All,
    /// Those of the learners of these departments.
    Departments(BTreeSet<DepartmentNumber>),
}

/// Why a record is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// There is none, or none that counts.
    Unknown,
    /// There is one, but it is not the caller's to see.
    OutOfScope,
}

/// What one caller sees: the only way for an operation to reach enrollments and learners.
#[derive(Debug)]
pub struct Visible<'a> {
    world: &'a World,
    scope: Scope,
}

/// What a list is asked for. Several values of one field mean any of them, several fields all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// These enrollments only.
    pub enrollments: Option<Vec<Id>>,
    /// Those of these learners only.
    pub learners: Option<Vec<Id>>,
    /// Those in this content only.
    pub content: Option<Vec<Id>>,
}

/// A filter whose ids were looked up: what names nothing is left out.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    enrollments: Option<BTreeSet<EnrollmentNumber>>,
    learners: Option<BTreeSet<UserNumber>>,
    content: Option<BTreeSet<ContentNumber>>,
}

impl Selection {
    /// How many things a list has to be put together from.
    pub fn parts(&self) -> usize {
        let learners = self.learners.as_ref().map_or(0, BTreeSet::len);
        learners + self.content.as_ref().map_or(0, BTreeSet::len)
    }
}

impl Filter {
    /// The first id in it that names nothing.
    pub fn unknown_id(&self, world: &World) -> Option<Id> {
        let unknown = |ids: &Option<Vec<Id>>, known: &dyn Fn(Id) -> bool| {
            ids.iter().flatten().copied().find(|id| !known(*id))
        };
        unknown(&self.content, &|id| world.content.get(id).is_some())
            .or_else(|| unknown(&self.learners, &|id| world.users.get(id).is_some()))
            .or_else(|| unknown(&self.enrollments, &|id| world.knows_enrollment(id)))
    }

    /// Looks its ids up.
    pub fn select(&self, world: &World) -> Selection {
        let enrollments = self.enrollments.as_ref().map(|ids| {
            let places = ids.iter().filter_map(|id| world.place_of(*id));
            places.collect()
        });
        let learners = self.learners.as_ref().map(|ids| {
            let users = ids.iter().filter_map(|id| world.users.get(*id));
            users.map(|user| user.number).collect()
        });
        let content = self.content.as_ref().map(|ids| {
            let content = ids.iter().filter_map(|id| world.content.get(*id));
            content.map(|content| content.number).collect()
        });
        Selection {
            enrollments,
            learners,
            content,
        }
    }
}

impl<'a> Visible<'a> {
    /// What it is, for the journal.
    pub fn in_words(&self) -> Cow<'static, str> {
        match &self.scope {
            Scope::All => "all departments".into(),
            Scope::Departments(departments) => {
                let ids = departments.iter().map(|number| {
                    let id = self.world.department_id(*number);
                    id.map_or_else(|| number.to_string(), |id| id.to_string())
                });
                few("departments", ids).into()
            }
        }
    }

    /// The active enrollments selected, in the order in which they came about, starting at `from`.
    pub fn enrollments<'s>(
        &self,
        selection: &'s Selection,
        from: Bound<EnrollmentNumber>,
    ) -> Walk<'s, Enrollment>
    where
        'a: 's,
    {
        let world = self.world;
        let Selection {
            enrollments,
            learners,
            content,
        } = selection;
        let walk: Walk<'s, Enrollment> = match (enrollments, learners, content) {
            (Some(places), _, _) => Box::new(
                places
                    .range((from, Bound::Unbounded))
                    .filter_map(|place| world.enrollments.at(*place)),
            ),
            (None, Some(learners), _) => {
                self.walk(learners.iter().map(|l| Group::Learner(*l)), from)
            }
            (None, None, Some(content)) => self.by_content(content, from),
            (None, None, None) => self.everything(from),
        };
        // Who sees all need not know where anything belongs.
        let scope = match &self.scope {
            Scope::All => None,
            Scope::Departments(_) => Some(self.scope.clone()),
        };
        Box::new(walk.filter(move |enrollment| {
            enrollment.state == State::Active
                && learners
                    .as_ref()
                    .is_none_or(|l| l.contains(&enrollment.learner))
                && content
                    .as_ref()
                    .is_none_or(|c| c.contains(&enrollment.content))
                && scope
                    .as_ref()
                    .is_none_or(|scope| scope.holds(world.department_of(enrollment)))
        }))
    }

    fn walk(
        &self,
        groups: impl IntoIterator<Item = Group>,
        from: Bound<EnrollmentNumber>,
    ) -> Walk<'a, Enrollment> {
        self.world
            .enrollments
            .walk_groups(groups, from, Order::Ascending)
    }

    fn by_content(
        &self,
        content: &BTreeSet<ContentNumber>,
        from: Bound<EnrollmentNumber>,
    ) -> Walk<'a, Enrollment> {
        match &self.scope {
            Scope::All => self.walk(content.iter().map(|c| Group::Content(*c)), from),
            Scope::Departments(departments) => {
                let both = content.iter().flat_map(|content| {
                    let here = departments.iter();
                    here.map(|department| Group::ContentInDepartment(*content, *department))
                });
                self.walk(both.chain(self.moved_here(departments)), from)
            }
        }
    }

    fn everything(&self, from: Bound<EnrollmentNumber>) -> Walk<'a, Enrollment> {
        match &self.scope {
            Scope::All => self.world.enrollments.walk(from, Order::Ascending),
            Scope::Departments(departments) => {
                let here = departments.iter().map(|d| Group::Department(*d));
                self.walk(here.chain(self.moved_here(departments)), from)
            }
        }
    }

    /// Learners whose generated enrollments still name the department they came from.
    fn moved_here(&self, departments: &BTreeSet<DepartmentNumber>) -> impl Iterator<Item = Group> {
        let moved = self.world.base.moved.iter();
        moved
            .filter(|(_, department)| department.is_some_and(|d| departments.contains(&d)))
            .map(|(learner, _)| Group::Learner(*learner))
    }

    /// The active enrollment with this id.
    ///
    /// # Errors
    /// When there is none, or it is not the caller's to see.
    pub fn enrollment(&self, id: Id) -> Result<Enrollment, Unseen> {
        let found = self.world.enrollments.get(id).ok_or(Unseen::Unknown)?;
        if found.state != State::Active {
            return Err(Unseen::Unknown);
        }
        if self.scope.holds(self.world.department_of(&found)) {
            Ok(found)
        } else {
            Err(Unseen::OutOfScope)
        }
    }

    /// The learner with this id.
    ///
    /// # Errors
    /// When there is none, or it is not the caller's to see.
    pub fn learner(&self, id: Id) -> Result<Arc<User>, Unseen> {
        let found = self.world.users.get(id).ok_or(Unseen::Unknown)?;
        if self.scope.holds(found.department) {
            Ok(found)
        } else {
            Err(Unseen::OutOfScope)
        }
    }
}

impl Scope {
    fn holds(&self, department: Option<DepartmentNumber>) -> bool {
        match self {
            Scope::All => true,
            Scope::Departments(seen) => department.is_some_and(|d| seen.contains(&d)),
        }
    }
}
