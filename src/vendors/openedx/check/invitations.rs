//! Invitations: an address, a course, and perhaps who used it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Check;
use super::courses::Courses;
use super::users::Accounts;
use crate::format::Sourced;
use crate::platform::References as _;
use crate::records::Source as _;
use crate::vendors::openedx::records::{CourseNumber, Invitation, UserNumber};
use crate::vendors::openedx::world::email_key;
use crate::vendors::openedx::written;

/// The invitations as meant.
#[derive(Default)]
pub(super) struct Invited {
    pub(super) invitations: BTreeMap<(String, CourseNumber), Invitation>,
    /// The cohorts that await the person who registers under an address.
    pub(super) awaiting: BTreeMap<(String, CourseNumber), Arc<str>>,
}

impl Check<'_> {
    /// The invitations. Where the address has an account, their cohorts go to `cohorts`.
    pub(super) fn invitations(
        &mut self,
        written: &[Sourced<written::Invitation>],
        accounts: &Accounts,
        courses: &Courses,
        cohorts: &mut BTreeMap<(UserNumber, CourseNumber), Arc<str>>,
    ) -> Invited {
        let mut invited = Invited::default();
        for Sourced { file, value } in written {
            let email = &value.email;
            self.is_address(*file, email.spot, &email.value);
            let course = self.refers(*file, &value.course, &courses.names);
            let used_by = value.used_by.as_ref();
            let used_by = used_by.and_then(|user| self.living(*file, user, accounts));
            let Some(course) = course else {
                continue;
            };
            let address = email_key(self.behaviour.email_match, &email.value);
            let cohort = value.cohort.as_ref();
            let cohort = cohort.and_then(|name| self.cohort(*file, name, course, courses));
            match (cohort, self.account(&email.value, accounts)) {
                (Some(cohort), Some(user)) => {
                    cohorts.entry((user, course)).or_insert(cohort);
                }
                (Some(cohort), None) => {
                    invited.awaiting.insert((address.clone(), course), cohort);
                }
                (None, _) => {}
            }
            let invitation = Invitation {
                auto_enroll: value.auto_enroll.unwrap_or(false),
                used_by,
            };
            invited.invitations.insert((address, course), invitation);
        }
        invited
    }

    /// The account with this address, retired ones left out.
    fn account(&self, email: &str, accounts: &Accounts) -> Option<UserNumber> {
        let folded = email.to_lowercase();
        let listed = accounts.emails.get(&folded).into_iter().flatten().copied();
        let generated = self.generated.and_then(|it| it.user_with_email(&folded));
        let matches = self.behaviour.email_match;
        let mut users = listed
            .chain(generated)
            .filter_map(|it| accounts.base.at(it));
        let user = users.find(|user| {
            !user.retired && email_key(matches, &user.email) == email_key(matches, email)
        });
        Some(user?.number)
    }
}
