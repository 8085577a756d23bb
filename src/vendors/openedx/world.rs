//! Open edX's tables in one sandbox, and what a caller may see of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;

use jiff::Timestamp;

use super::behaviour::{Behaviour, Match};
use super::course_key::canonical;
use super::generated::Generated;
use super::records::{
    Course, CourseNumber, Enrollment, EnrollmentPlace, Group, Invitation, Mode, User, UserNumber,
};
use super::selection::{Scope, Visible};
use super::tokens::{Clients, Issued, ListedTokens};
use super::written;
use crate::platform::Principal;
use crate::records::{self, Keep, Keyed, Order, Source as _, Table, Walk};

/// Everything a scenario says of Open edX, shared by all sandboxes and never written.
#[derive(Debug)]
pub struct Base {
    pub(super) users: Arc<records::Base<Arc<User>>>,
    /// Where listed accounts stand, by user name and by address, both in lower case.
    pub(super) usernames: HashMap<String, Vec<UserNumber>>,
    pub(super) emails: HashMap<String, Vec<UserNumber>>,
    /// Retired accounts, and their addresses in lower case.
    pub(super) retired: HashSet<UserNumber>,
    pub(super) retired_emails: HashSet<String>,
    pub(super) courses: Arc<records::Base<Arc<Course>>>,
    /// Where listed courses stand, by key.
    pub(super) keys: HashMap<String, CourseNumber>,
    pub(super) enrollments: Arc<records::Base<Enrollment>>,
    /// By address, as [`World::email_key`] spells it, and course.
    pub(super) invitations: Arc<BTreeMap<(String, CourseNumber), Invitation>>,
    pub(super) cohorts: Arc<BTreeMap<(UserNumber, CourseNumber), Arc<str>>>,
    /// The cohorts that await the person who registers under an address.
    pub(super) awaiting_cohorts: Arc<BTreeMap<(String, CourseNumber), Arc<str>>>,
    /// How many of the listed courses the scenario does not set up.
    pub(super) made_up: u64,
    pub(super) generated: Option<Arc<Generated>>,
    /// The numbers of the first account and course that come about while running.
    pub(super) next_user: UserNumber,
    pub(super) next_course: CourseNumber,
    pub(super) tokens: ListedTokens,
    pub(super) clients: Clients,
    pub(super) jwt_secret: String,
    pub(super) behaviour: Behaviour,
    /// What never changes while running, as the scenario writes it: credentials and switches.
    pub(super) written: written::Section,
}

impl Base {
    /// The first listed token, to try the server with.
    pub fn first_token(&self) -> Option<&str> {
        self.tokens.access.first()
    }

    /// Whether that token may list everybody's enrollments.
    pub fn first_token_is_staffs(&self) -> bool {
        let token = self
            .first_token()
            .and_then(|token| self.tokens.access.get(token));
        let holder = token.and_then(|grant| self.users.at(grant.principal.user));
        holder.is_some_and(|user| user.staff)
    }
}

/// Two accounts answer to one name: one by its user name, one by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ambiguous;

/// Open edX in one sandbox.
#[derive(Debug)]
pub struct World {
    pub(super) base: Arc<Base>,
    pub(super) users: Table<Arc<User>>,
    /// Accounts that came about or changed while running, as in [`Base`].
    usernames: HashMap<String, Vec<UserNumber>>,
    emails: HashMap<String, Vec<UserNumber>>,
    pub(super) courses: Table<Arc<Course>>,
    /// Where those stand that the scenario does not set up.
    keys: HashMap<String, CourseNumber>,
    pub(super) enrollments: Table<Enrollment>,
    pub(super) invitations: Keyed<(String, CourseNumber), Invitation>,
    pub(super) cohorts: Keyed<(UserNumber, CourseNumber), Arc<str>>,
    /// The cohorts that await the person who registers under an address.
    awaiting_cohorts: Keyed<(String, CourseNumber), Arc<str>>,
    issued: Issued,
}

impl World {
    /// The world as the scenario starts it. `name` is the sandbox's; what a world makes up derives
    /// from the seed and this name, so two sandboxes never make up the same.
    pub fn new(base: Arc<Base>, seed: u64, name: &str) -> Self {
        World {
            users: Table::new(Arc::clone(&base.users)),
            usernames: HashMap::new(),
            emails: HashMap::new(),
            courses: Table::new(Arc::clone(&base.courses)),
            keys: HashMap::new(),
            enrollments: Table::new(Arc::clone(&base.enrollments)),
            invitations: Keyed::new(Arc::clone(&base.invitations)),
            cohorts: Keyed::new(Arc::clone(&base.cohorts)),
            awaiting_cohorts: Keyed::new(Arc::clone(&base.awaiting_cohorts)),
            issued: Issued::new(&base.tokens, seed, name),
            base,
        }
    }

    /// A world over a base that was checked from this one's records and more. Issued tokens live on, and
    /// nothing is made up twice.
    #[must_use]
    pub fn over(&self, base: Arc<Base>) -> Self {
        World {
            users: Table::new(Arc::clone(&base.users)),
            usernames: HashMap::new(),
            emails: HashMap::new(),
            courses: Table::new(Arc::clone(&base.courses)),
            keys: HashMap::new(),
            enrollments: Table::new(Arc::clone(&base.enrollments)),
            invitations: Keyed::new(Arc::clone(&base.invitations)),
            cohorts: Keyed::new(Arc::clone(&base.cohorts)),
            awaiting_cohorts: Keyed::new(Arc::clone(&base.awaiting_cohorts)),
            issued: self.issued.over(&base.tokens),
            base,
        }
    }

    /// The switches.
    pub fn behaviour(&self) -> &Behaviour {
        &self.base.behaviour
    }

    /// What JWTs are signed with.
    pub fn jwt_secret(&self) -> &str {
        &self.base.jwt_secret
    }

    /// The clients of the token endpoint.
    pub fn clients(&self) -> &Clients {
        &self.base.clients
    }

    /// The tokens.
    pub fn issued(&self) -> &Issued {
        &self.issued
    }

    /// The tokens, to issue one or to take one back.
    pub fn issued_mut(&mut self) -> &mut Issued {
        &mut self.issued
    }

    /// How many records each table holds; retired accounts and enrollments that ended count, courses that
    /// the scenario does not set up do not.
    pub fn counts(&self) -> [(&'static str, u64); 4] {
        let made_up = self.base.made_up + self.keys.len() as u64;
        [
            ("users", self.users.count()),
            ("courses", self.courses.count() - made_up),
            ("enrollments", self.enrollments.count()),
            ("invitations", self.invitations.count()),
        ]
    }

    /// The account with this number.
    pub fn user(&self, number: UserNumber) -> Option<Arc<User>> {
        self.users.at(number)
    }

    /// The account of a caller. None: it is gone.
    pub fn caller(&self, principal: &Principal) -> Option<Arc<User>> {
        self.user(principal.user?)
    }

    /// The account of this user name, retired ones left out.
    pub fn user_named(&self, username: &str) -> Option<Arc<User>> {
        first(self.users_named(username))
    }

    /// The account with this e-mail address, retired ones left out.
    pub fn user_with_email(&self, email: &str) -> Option<Arc<User>> {
        first(self.users_with_email(email))
    }

    /// The account that a user name or an e-mail address means, retired ones left out.
    ///
    /// # Errors
    /// When two accounts answer to it.
    pub fn user_meant(&self, identifier: &str) -> Result<Option<Arc<User>>, Ambiguous> {
        let of_address = self.users_with_email(identifier);
        let mut found = of_address.chain(self.users_named(identifier));
        let first = found.next();
        match &first {
            Some(first) if found.any(|other| other.number != first.number) => Err(Ambiguous),
            _ => Ok(first),
        }
    }

    /// The accounts of this user name, retired ones left out, in no order; one may come twice.
    fn users_named(&self, username: &str) -> impl Iterator<Item = Arc<User>> {
        let folded = folded(username);
        let numbers = named(&folded, &self.base.usernames, &self.usernames);
        let generated = self.base.generated.as_ref();
        let generated = generated.and_then(|generated| generated.user_named(&folded));
        let matches = self.base.behaviour.username_match;
        let living = self.living(numbers.chain(generated));
        living.filter(move |user| same(matches, &user.username, username))
    }

    /// The same by address.
    fn users_with_email(&self, email: &str) -> impl Iterator<Item = Arc<User>> {
        let folded = folded(email);
        let numbers = named(&folded, &self.base.emails, &self.emails);
        let generated = self.base.generated.as_ref();
        let generated = generated.and_then(|generated| generated.user_with_email(&folded));
        let matches = self.base.behaviour.email_match;
        let living = self.living(numbers.chain(generated));
        living.filter(move |user| same(matches, &user.email, email))
    }

    /// The accounts of these numbers that are there and not retired.
    fn living(&self, numbers: impl Iterator<Item = UserNumber>) -> impl Iterator<Item = Arc<User>> {
        let users = numbers.filter_map(|number| self.users.at(number));
        users.filter(|user| !user.retired)
    }

    /// Whether an account of this address was retired.
    pub fn is_retired_email(&self, email: &str) -> bool {
        self.base.retired_emails.contains(&email.to_lowercase())
    }

    /// The account of this user name, letter by letter, retired ones included.
    pub(super) fn user_spelled(&self, username: &str) -> Option<Arc<User>> {
        let folded = folded(username);
        let numbers = named(&folded, &self.base.usernames, &self.usernames);
        let generated = self.base.generated.as_ref();
        let generated = generated.and_then(|generated| generated.user_named(&folded));
        let mut users = numbers.chain(generated).filter_map(|it| self.users.at(it));
        users.find(|user| user.username == username)
    }

    /// Makes an account, or changes the one of this user name. Who becomes active thereby, or gets
    /// another address while active, registers.
    ///
    /// The number that comes in does not count: an account keeps its own.
    pub fn register(&mut self, mut user: User, now: Timestamp) -> Arc<User> {
        let known = self
            .users_named(&user.username)
            .find(|known| known.username == user.username);
        user.number = match &known {
            Some(known) => known.number,
            None => {
                let made = self.users.count() - self.base_users();
                self.base.next_user + u32::try_from(made).unwrap_or(u32::MAX)
            }
        };
        for (index, name) in [
            (&mut self.usernames, &user.username),
            (&mut self.emails, &user.email),
        ] {
            let numbers = index.entry(name.to_lowercase()).or_default();
            if !numbers.contains(&user.number) {
                numbers.push(user.number);
            }
        }
        let user = Arc::new(user);
        self.users.put(Arc::clone(&user));
        self.registers(known.as_deref(), &user, now);
        user
    }

    /// An account became what it is. If it is active now and was not under this address before, usable
    /// invitations with `auto_enroll` become enrollments, and stay, linked.
    pub(super) fn registers(&mut self, before: Option<&User>, user: &User, now: Timestamp) {
        let was_there = before
            .is_some_and(|before| before.active && !before.retired && before.email == user.email);
        if user.active && !user.retired && !was_there {
            self.accept_invitations(user, now);
        }
    }

    fn base_users(&self) -> u64 {
        self.base.users.count()
    }

    fn accept_invitations(&mut self, user: &User, now: Timestamp) {
        let email = self.email_key(&user.email);
        let of_address = (email.clone(), 0)..=(email, CourseNumber::MAX);
        for ((_, course), invitation) in self.invitations.range(of_address.clone()) {
            let usable = invitation.used_by.is_none_or(|by| by == user.number);
            let is_enrolled = self.is_enrolled(user.number, course);
            if usable
                && invitation.auto_enroll
                && !is_enrolled
                && let Some(course) = self.courses.at(course)
            {
                let mode = course.default_mode();
                self.enroll(user, &course, mode, now);
            }
        }
        for (key @ (_, course), cohort) in self.awaiting_cohorts.range(of_address) {
            self.cohorts.put((user.number, course), cohort);
            self.awaiting_cohorts.remove(&key);
        }
    }

    /// The course of this key, in any way of writing it, if the scenario sets it up.
    pub fn course(&self, key: &str) -> Option<Arc<Course>> {
        self.enrolled_course(key).filter(|course| !course.made_up)
    }

    /// The course of this key, be it only that enrollments name it.
    pub fn enrolled_course(&self, key: &str) -> Option<Arc<Course>> {
        let as_written = || self.course_written(&canonical(key)?);
        self.course_written(key).or_else(as_written)
    }

    fn course_written(&self, key: &str) -> Option<Arc<Course>> {
        let listed = self.keys.get(key).or_else(|| self.base.keys.get(key));
        let number = listed.copied().or_else(|| {
            let generated = self.base.generated.as_ref()?;
            generated.course_of_key(key)
        })?;
        self.courses.at(number).filter(|course| course.key == key)
    }

    /// The course with this number.
    pub fn course_at(&self, number: CourseNumber) -> Option<Arc<Course>> {
        self.courses.at(number)
    }

    /// The keys and numbers of all courses that are not generated, in no order.
    pub fn course_keys(&self) -> impl Iterator<Item = (&str, CourseNumber)> {
        let keys = self.base.keys.iter().chain(&self.keys);
        keys.map(|(key, number)| (key.as_str(), *number))
    }

    /// How many courses are generated; they have the first numbers.
    pub fn generated_courses(&self) -> CourseNumber {
        let generated = self.base.generated.as_ref();
        generated.map_or(0, |generated| generated.courses())
    }

    /// A course of this key, which the scenario does not set up. Until it is kept nothing can refer to it.
    pub fn made_up_course(&self, key: &str) -> Arc<Course> {
        let number = self.base.next_course + u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        Arc::new(Course {
            number,
            key: key.to_owned(),
            name: key.to_owned(),
            modes: [Mode::Audit].into(),
            cohorts: Box::default(),
            made_up: true,
        })
    }

    /// Keeps a course that was made up, so that records can refer to it. It stays unknown to a client that looks
    /// for a course.
    pub fn keep_course(&mut self, course: &Arc<Course>) {
        // One that was kept before is known already.
        if course.made_up && self.course_written(&course.key).is_none() {
            self.keys.insert(course.key.clone(), course.number);
            self.courses.put(Arc::clone(course));
        }
    }

    /// An account's enrollment in a course, ended or not.
    pub fn enrollment(&self, user: UserNumber, course: CourseNumber) -> Option<Enrollment> {
        self.enrollments.get((user, course))
    }

    /// Whether an account has an enrollment in a course that still counts.
    pub fn is_enrolled(&self, user: UserNumber, course: CourseNumber) -> bool {
        self.enrollment(user, course)
            .is_some_and(|enrollment| enrollment.active)
    }

    /// An account's enrollments that still count, the oldest first.
    pub fn enrollments_of(&self, user: UserNumber) -> impl Iterator<Item = Enrollment> {
        let groups = [Group::User(user)];
        let all = self
            .enrollments
            .walk_groups(groups, Bound::Unbounded, Order::Ascending);
        all.filter(|enrollment| enrollment.active)
    }

    /// Enrolls an account, or makes a former enrollment count again, which keeps its date. An invitation
    /// that the account may use is linked to it.
    pub fn enroll(
        &mut self,
        user: &User,
        course: &Course,
        mode: Mode,
        now: Timestamp,
    ) -> Enrollment {
        let enrollment = match self.enrollment(user.number, course.number) {
            Some(former) => Enrollment {
                mode,
                active: true,
                ..former
            },
            None => Enrollment::new(user, course, mode, now),
        };
        self.enrollments.put(enrollment.clone());
        let key = (self.email_key(&user.email), course.number);
        if let Some(invitation) = self.invitations.get(&key).copied()
            && invitation.used_by.is_none()
        {
            let used_by = Some(user.number);
            self.invitations.put(
                key,
                Invitation {
                    used_by,
                    ..invitation
                },
            );
        }
        enrollment
    }

    /// Puts an enrollment in the place of the one of the same account and course.
    pub fn put_enrollment(&mut self, enrollment: Enrollment) {
        self.enrollments.put(enrollment);
    }

    /// Ends an enrollment; it stays in its table.
    pub fn unenroll(&mut self, user: UserNumber, course: CourseNumber) {
        if let Some(enrollment) = self.enrollment(user, course) {
            self.enrollments.put(Enrollment {
                active: false,
                ..enrollment
            });
        }
    }

    /// An e-mail address as invitations are found by it.
    pub fn email_key(&self, email: &str) -> String {
        email_key(self.base.behaviour.email_match, email)
    }

    /// The invitation of an address to a course, used or not.
    pub fn invitation(&self, email: &str, course: CourseNumber) -> Option<Invitation> {
        let key = (self.email_key(email), course);
        self.invitations.get(&key).copied()
    }

    /// Invites an address, or changes its invitation.
    pub fn put_invitation(&mut self, email: &str, course: CourseNumber, invitation: Invitation) {
        let key = (self.email_key(email), course);
        self.invitations.put(key, invitation);
    }

    /// Takes an invitation back.
    pub fn remove_invitation(&mut self, email: &str, course: CourseNumber) {
        let key = (self.email_key(email), course);
        self.invitations.remove(&key);
    }

    /// The cohort that an account belongs to in a course.
    pub fn cohort(&self, user: UserNumber, course: CourseNumber) -> Option<Arc<str>> {
        self.cohorts.get(&(user, course)).cloned()
    }

    /// Puts an account into a cohort.
    pub fn put_cohort(&mut self, user: UserNumber, course: CourseNumber, cohort: Arc<str>) {
        self.cohorts.put((user, course), cohort);
    }

    /// The cohort that awaits the person who registers under an address.
    pub(super) fn awaiting_cohort(&self, email: &str, course: CourseNumber) -> Option<Arc<str>> {
        let key = (self.email_key(email), course);
        self.awaiting_cohorts.get(&key).cloned()
    }

    /// Puts the person who registers under an address into a cohort, then.
    pub fn await_cohort(&mut self, email: &str, course: CourseNumber, cohort: Arc<str>) {
        let key = (self.email_key(email), course);
        self.awaiting_cohorts.put(key, cohort);
    }

    /// What the caller sees of the enrollments: staff everything, a course administrator the courses it
    /// administers, if a switch lets it see anything.
    pub fn seen_by(&self, principal: &Principal) -> Visible<'_> {
        let scope = match self.caller(principal) {
            Some(user) if user.staff => Scope::All,
            Some(user) if self.base.behaviour.course_admin_ok => {
                Scope::Courses(user.administers.clone())
            }
            _ => Scope::Courses(Box::default()),
        };
        Visible::new(self, scope)
    }

    /// The enrollments of these groups, or all, in order of place; those of retired accounts left out.
    pub(super) fn walk(&self, from: Bound<EnrollmentPlace>, order: Order) -> Walk<'_, Enrollment> {
        self.without_retired(self.enrollments.walk(from, order))
    }

    /// The same of those in any of these groups.
    pub(super) fn walk_groups<'a>(
        &'a self,
        groups: impl IntoIterator<Item = Group>,
        from: Bound<EnrollmentPlace>,
        order: Order,
    ) -> Walk<'a, Enrollment> {
        self.without_retired(self.enrollments.walk_groups(groups, from, order))
    }

    /// The same of all enrollments that `keep` wants.
    pub(super) fn walk_where(
        &self,
        keep: &Keep<(UserNumber, CourseNumber)>,
        from: Bound<EnrollmentPlace>,
        order: Order,
    ) -> Walk<'_, Enrollment> {
        self.without_retired(self.enrollments.walk_where(from, order, keep))
    }

    fn without_retired<'a>(&'a self, walk: Walk<'a, Enrollment>) -> Walk<'a, Enrollment> {
        if self.base.retired.is_empty() {
            walk
        } else {
            Box::new(walk.filter(|it| !self.is_retired(it.user)))
        }
    }

    /// Whether an account is retired.
    pub(super) fn is_retired(&self, user: UserNumber) -> bool {
        self.base.retired.contains(&user)
    }
}

/// An e-mail address as invitations are found by it.
pub(super) fn email_key(matches: Match, email: &str) -> String {
    match matches {
        Match::Exact => email.to_owned(),
        Match::AnyCase => email.to_lowercase(),
    }
}

/// Whether two names are the same.
fn same(matches: Match, one: &str, other: &str) -> bool {
    match matches {
        Match::Exact => one == other,
        Match::AnyCase => one.to_lowercase() == other.to_lowercase(),
    }
}

/// A name as it is looked up: in lower case, as nearly all are written.
fn folded(name: &str) -> Cow<'_, str> {
    if name
        .bytes()
        .all(|it| it.is_ascii() && !it.is_ascii_uppercase())
    {
        name.into()
    } else {
        name.to_lowercase().into()
    }
}

/// The account that was there first.
fn first(users: impl Iterator<Item = Arc<User>>) -> Option<Arc<User>> {
    users.min_by_key(|user| user.number)
}

/// The numbers under a name in both layers.
fn named<'a>(
    folded: &str,
    base: &'a HashMap<String, Vec<UserNumber>>,
    changed: &'a HashMap<String, Vec<UserNumber>>,
) -> impl Iterator<Item = UserNumber> + use<'a> {
    let layers = [base.get(folded), changed.get(folded)];
    layers.into_iter().flatten().flatten().copied()
}
