//! Users, their roles and addresses.

use std::collections::HashSet;
use std::sync::Arc;

use super::Check;
use crate::format::{FileId, Firsts, Sourced, Text};
use crate::place::{Place, cut};
use crate::platform::{Names, References as _};
use crate::records::{self, Listed, Source};
use crate::vendors::alm::emails::Emails;
use crate::vendors::alm::generated::{self, Generated};
use crate::vendors::alm::records::{Role, User, UserNumber};
use crate::vendors::alm::written;

/// The users, and what leads to them.
pub(super) struct People {
    pub(super) ids: Names<u64>,
    pub(super) base: records::Base<Arc<User>>,
    pub(super) emails: Emails,
    /// Listed users whose roles could not all be read.
    pub(super) maimed: HashSet<UserNumber>,
}

impl Check<'_> {
    pub(super) fn users(&mut self, written: &[Sourced<written::User>]) -> People {
        let computed = self
            .generated
            .map(|it| -> Arc<dyn Source<Arc<User>>> { Arc::new(generated::Users(Arc::clone(it))) });
        let find = computed.clone();
        let count = self.generated.map_or(0, |it| it.users());
        let mut ids = Names::new(count, move |id: &_| Some(find.as_ref()?.get(*id)?.number));
        let mut listed = Vec::with_capacity(written.len());
        let mut maimed = HashSet::new();
        let mut addressed = Vec::new();
        let mut known = Firsts::new();
        for Sourced { file, value } in written {
            self.roles(*file, &value.roles);
            let is_sound = self.email(*file, value.email.as_ref(), &mut known);
            let Some((id, number)) = self.add(*file, &value.id, &mut ids) else {
                continue;
            };
            if !self.lost.is_whole(*file, value.id.spot) {
                maimed.insert(number);
            }
            if let Some(email) = value.email.as_ref().filter(|_| is_sound) {
                addressed.push((*file, email));
            }
            listed.push(Arc::new(user(id, number, value)));
        }
        let replaced = listed.iter().map(|user| user.number).collect();
        self.generated_have(&addressed, &replaced);
        let emails = Emails::new(self.generated.cloned(), listed.iter().map(Arc::as_ref));
        People {
            ids,
            base: records::Base::new(computed, Listed::new(listed), []),
            emails,
            maimed,
        }
    }

    fn roles(&mut self, file: FileId, roles: &[Place<Role>]) {
        let mut firsts = Firsts::new();
        for role in roles {
            let what = format!("role `{}`", role_name(role.value));
            self.only_once((file, role.spot), role.value, &what, &mut firsts);
        }
    }

    /// Whether this is an address.
    fn email(
        &mut self,
        file: FileId,
        written: Option<&Place<Text>>,
        known: &mut Firsts<String>,
    ) -> bool {
        let Some(email) = written.filter(|email| !email.spot.is_nowhere()) else {
            return false;
        };
        let text: &str = &email.value;
        if !self.is_address(file, email.spot, text) {
            return false;
        }
        let what = format!("email `{}`", cut(text));
        self.only_once((file, email.spot), text.to_lowercase(), &what, known);
        true
    }

    /// Refuses addresses of learners of the population who are still there.
    fn generated_have(
        &mut self,
        emails: &[(FileId, &Place<Text>)],
        replaced: &HashSet<UserNumber>,
    ) {
        let find = |it: &Arc<Generated>, email: &str| it.user_with_email(&email.to_lowercase());
        for (file, email) in emails {
            let number = self.generated.and_then(|it| find(it, &email.value));
            if number.is_some_and(|number| !replaced.contains(&number)) {
                let what = format!(
                    "duplicate email `{}`: a generated learner has it",
                    cut(&email.value)
                );
                self.problems.at(*file, email.spot, what, None);
            }
        }
    }
}

/// A role as scenario files write it.
pub(super) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Learner => "learner",
        Role::Admin => "admin",
        Role::Author => "author",
        Role::Instructor => "instructor",
        Role::IntegrationAdmin => "integration_admin",
    }
}

fn user(id: u64, number: UserNumber, written: &written::User) -> User {
    let roles: Vec<Role> = written.roles.iter().map(|role| role.value).collect();
    User {
        number,
        id,
        name: written.name.as_ref().map(|it| it.0.clone()),
        email: written.email.as_ref().map(|it| it.value.0.clone()),
        roles: if roles.is_empty() {
            [Role::Learner].into()
        } else {
            roles.into()
        },
    }
}
