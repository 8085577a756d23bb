//! Invitations: an address, a course, and perhaps who used it.

use std::collections::BTreeMap;

use super::Check;
use super::courses::Courses;
use super::users::Accounts;
use crate::scenario::Sourced;
use crate::vendors::openedx::records::{CourseNumber, Invitation};
use crate::vendors::openedx::world::email_key;
use crate::vendors::openedx::written;

impl Check<'_> {
    pub(super) fn invitations(
        &mut self,
        written: &[Sourced<written::Invitation>],
        accounts: &Accounts,
        courses: &Courses,
    ) -> BTreeMap<(String, CourseNumber), Invitation> {
        let mut invitations = BTreeMap::new();
        for Sourced { file, value } in written {
            let email = &value.email;
            self.is_address(*file, email.spot, &email.value);
            let course = self.refers(*file, &value.course, &courses.names);
            let used_by = value.used_by.as_ref();
            let used_by = used_by.and_then(|user| self.living(*file, user, accounts));
            if let Some(course) = course {
                let address = email_key(self.behaviour.email_match, &email.value);
                let invitation = Invitation {
                    auto_enroll: value.auto_enroll.unwrap_or(false),
                    used_by,
                };
                invitations.insert((address, course), invitation);
            }
        }
        invitations
    }
}
