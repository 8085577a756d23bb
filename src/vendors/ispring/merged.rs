//! The `ispring` section with all that it extends laid under it.

use super::world::Credentials;
use super::written::{
    Behaviour, Content, Credential, Department, Enrollment, Issued, Section as Written, User,
};
use crate::format::{FileId, Key, Keyed, Lay as _, Problems, Sourced, Text, keyed};
use crate::place::Place;
use crate::platform::{Merged, credential_key};
use crate::vendors::ispring::written::Removed;

/// The records, credentials and switches of all files.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Departments.
    pub departments: Vec<Sourced<Department>>,
    /// Accounts.
    pub users: Vec<Sourced<User>>,
    /// What people can be enrolled in.
    pub content: Vec<Sourced<Content>>,
    /// Who is enrolled in what.
    pub enrollments: Vec<Sourced<Enrollment>>,
    /// Who may call the API.
    pub credentials: Vec<Sourced<Credential>>,
    /// How many tokens were issued before the scenario begins.
    pub issued: Issued,
    /// The switches.
    pub behaviour: Behaviour,
    /// Ids of enrollments that are taken away after all this.
    pub removed_enrollments: Vec<Sourced<Place<Text>>>,
}

impl Section {
    /// What never changes while running, as written: all but the enrollments.
    pub(super) fn unchanging(&self) -> Written {
        let Section {
            departments,
            users,
            content,
            enrollments: _,
            credentials,
            issued,
            behaviour,
            removed_enrollments: _,
        } = self;
        Written {
            departments: departments.as_written(),
            users: users.as_written(),
            content: content.as_written(),
            enrollments: Vec::new(),
            credentials: credentials.as_written(),
            issued: issued.as_written(),
            behaviour: behaviour.as_written(),
        }
    }
}

impl Merged for Section {
    type Section = Written;
    type Removed = Removed;

    fn lay_over(
        &mut self,
        file: FileId,
        written: Written,
        removed: Removed,
        problems: &mut Problems,
    ) {
        let Written {
            departments,
            users,
            content,
            enrollments,
            credentials,
            issued,
            behaviour,
        } = written;
        self.departments.lay(file, departments, problems);
        self.users.lay(file, users, problems);
        self.content.lay(file, content, problems);
        self.enrollments.lay(file, enrollments, problems);
        self.credentials.lay(file, credentials, problems);
        self.issued.lay(file, issued, problems);
        self.behaviour.lay(file, behaviour, problems);
        let Removed { enrollments } = removed;
        self.removed_enrollments.lay(file, enrollments, problems);
    }
}

keyed! {
    Department: folded "id" id;
    User: folded "id" id;
    Content: folded "id" id;
    Enrollment: folded "id" id;
}

impl Keyed for Credential {
    fn key(&self) -> Option<Key> {
        if self.token.is_some() || self.client_id.is_some() {
            return credential_key(self.token.as_ref(), self.client_id.as_ref());
        }
        let at = self.account_url.as_ref()?;
        let email = &self.email.as_ref()?.value.0;
        let written = format!("{} {email}", at.value.0);
        let compared = Credentials::account_url(&at.value) + " " + &email.to_lowercase();
        Key::compared_as("account_url and email", at, &written, compared)
    }
}
