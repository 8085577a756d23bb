//! Accounts: user names and addresses, each unique.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Check;
use super::courses::Courses;
use super::references::Names;
use crate::format::{FileId, Firsts, Sourced, Text, is_address, is_lacking};
use crate::place::{Place, Spot, cut};
use crate::platform::References as _;
use crate::records::{self, Listed, Source};
use crate::vendors::openedx::behaviour::Match;
use crate::vendors::openedx::generated::{self, Generated};
use crate::vendors::openedx::records::{User, UserNumber};
use crate::vendors::openedx::slug::is_word;
use crate::vendors::openedx::written;

/// The accounts, and what leads to them.
pub(super) struct Accounts {
    pub(super) names: Names,
    pub(super) base: records::Base<Arc<User>>,
    /// Where listed accounts stand, by user name and by address, both in lower case.
    pub(super) usernames: HashMap<String, Vec<UserNumber>>,
    pub(super) emails: HashMap<String, Vec<UserNumber>>,
    /// Retired accounts, and their addresses in lower case.
    pub(super) retired: HashSet<UserNumber>,
    pub(super) retired_emails: HashSet<String>,
}

impl Check<'_> {
    pub(super) fn users(
        &mut self,
        written: &[Sourced<written::User>],
        courses: &Courses,
    ) -> Accounts {
        let names = Names::new(
            ("user", "username"),
            self.generated,
            Generated::users,
            Generated::user_named,
            Generated::user_meant,
            written.iter().map(|user| &user.value.username),
        );
        let replaced: HashSet<UserNumber> = names.table.numbers.values().copied().collect();
        let (mut known_names, mut known_emails) = (Firsts::new(), Firsts::new());
        let mut listed: Vec<Arc<User>> = Vec::with_capacity(written.len());
        for Sourced { file, value } in written {
            let file = *file;
            let is_sound = self.username(file, &value.username, &names, &mut known_names);
            let email = self.email(file, value, is_sound, &mut known_emails);
            let mut firsts = Firsts::new();
            for key in value.course_admin.iter().filter(|key| !is_lacking(key)) {
                let what = format!("course `{}`", cut(&key.value));
                self.only_once((file, key.spot), key.value.clone(), &what, &mut firsts);
            }
            let administers = value.course_admin.iter();
            let administers: Vec<_> = administers
                .filter_map(|key| self.refers(file, key, &courses.names))
                .collect();
            self.without_effect(file, value);
            let username = &value.username;
            let number = names.get(&username.value);
            let Some(number) = number.filter(|_| !username.spot.is_nowhere()) else {
                continue;
            };
            self.generated_has(file, email_spot(value), &email, &replaced);
            listed.push(Arc::new(user(number, value, email, administers)));
        }
        self.accounts(names, listed)
    }

    /// Whether this is what upstream's paths take for a user name.
    fn username(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        names: &Names,
        known: &mut Firsts<String>,
    ) -> bool {
        if written.spot.is_nowhere() {
            return false;
        }
        let name: &str = &written.value;
        let is_sign = |sign: char| is_word(sign) || " .@+-".contains(sign);
        let is_sound = !name.is_empty() && name.chars().all(is_sign) && name == name.trim();
        if !is_sound {
            let what = format!(
                "`{}` is not a username, expected letters, digits and any of `_`, `.`, `@`, `+`, `-`, \
                 and spaces only within",
                cut(name)
            );
            self.problems.at(file, written.spot, what, None);
        }
        if self.behaviour.username_match == Match::AnyCase {
            let folded = name.to_lowercase();
            let what = format!("username `{}`, of which case does not count", cut(name));
            let generated = self.generated.and_then(|it| it.user_named(&folded));
            if generated.is_some_and(|number| names.get(name) != Some(number)) {
                let what = format!("duplicate {what}: a generated learner has it");
                self.problems.at(file, written.spot, what, None);
            }
            self.only_once((file, written.spot), folded, &what, known);
        }
        is_sound
    }

    /// The address as meant.
    fn email(
        &mut self,
        file: FileId,
        user: &written::User,
        has_sound_name: bool,
        known: &mut Firsts<String>,
    ) -> String {
        let spot = email_spot(user);
        let username = &user.username.value.0;
        let email = match &user.email {
            Some(email) => email.value.0.clone(),
            None => format!("{username}@example.com"),
        };
        if user.email.is_some() {
            self.is_address(file, spot, &email);
        } else if has_sound_name && !is_address(&email) {
            let what = format!(
                "the username `{}` makes no e-mail address, expected an `email` beside it",
                cut(username)
            );
            self.problems.at(file, spot, what, None);
        }
        // The address of a faulty name is not meant.
        if !spot.is_nowhere() && (user.email.is_some() || has_sound_name) {
            let what = format!("email `{}`", cut(&email));
            self.only_once((file, spot), email.to_lowercase(), &what, known);
        }
        email
    }

    /// Refuses the address of a learner of the population who is still there.
    fn generated_has(
        &mut self,
        file: FileId,
        spot: Spot,
        email: &str,
        replaced: &HashSet<UserNumber>,
    ) {
        let number = self
            .generated
            .and_then(|it| it.user_with_email(&email.to_lowercase()));
        if number.is_some_and(|number| !replaced.contains(&number)) {
            let what = format!(
                "duplicate email `{}`: a generated learner has it",
                cut(email)
            );
            self.problems.at(file, spot, what, None);
        }
    }

    /// What a retired account does not look at is refused: it would read as if it did something.
    fn without_effect(&mut self, file: FileId, user: &written::User) {
        if user.retired != Some(true) {
            return;
        }
        if let Some(password) = &user.password {
            let what = "nobody signs in as a retired account, expected no `password`";
            self.problems.at(file, password.spot, what, None);
        }
        if let Some(first) = user.course_admin.first() {
            let what = "a retired account administers nothing, expected no `course_admin`";
            self.problems.at(file, first.spot, what, None);
        }
    }

    /// Indexes the accounts.
    fn accounts(&self, names: Names, listed: Vec<Arc<User>>) -> Accounts {
        let (mut usernames, mut emails) = (HashMap::new(), HashMap::new());
        let retired = || listed.iter().filter(|user| user.retired);
        let computed = self
            .generated
            .map(|it| -> Arc<dyn Source<Arc<User>>> { Arc::new(generated::Users(Arc::clone(it))) });
        for user in &listed {
            for (index, name) in [(&mut usernames, &user.username), (&mut emails, &user.email)] {
                let numbers: &mut Vec<_> = index.entry(name.to_lowercase()).or_default();
                numbers.push(user.number);
            }
        }
        Accounts {
            names,
            usernames,
            emails,
            retired: retired().map(|user| user.number).collect(),
            retired_emails: retired().map(|user| user.email.to_lowercase()).collect(),
            base: records::Base::new(computed, Listed::new(listed), []),
        }
    }

    /// The account that is referred to, which must not be retired.
    pub(super) fn living(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        accounts: &Accounts,
    ) -> Option<UserNumber> {
        let number = self.refers(file, written, &accounts.names)?;
        if accounts.retired.contains(&number) && !written.spot.is_nowhere() {
            let what = format!(
                "the account `{}` is retired, so its username names nobody; expected that of another",
                cut(&written.value)
            );
            self.problems.at(file, written.spot, what, None);
        }
        Some(number)
    }
}

/// Where an address stands, or the name it is made from.
fn email_spot(user: &written::User) -> Spot {
    let email = user.email.as_ref();
    email.map_or(user.username.spot, |email| email.spot)
}

fn user(number: UserNumber, written: &written::User, email: String, administers: Vec<u32>) -> User {
    User {
        number,
        username: written.username.value.0.clone(),
        email,
        active: written.active.unwrap_or(true),
        staff: written.staff.unwrap_or(false),
        disabled: written.disabled.unwrap_or(false),
        retired: written.retired.unwrap_or(false),
        password: written.password.as_ref().map(|it| it.value.0.clone()),
        administers: administers.into(),
    }
}
