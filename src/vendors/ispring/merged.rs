//! The `ispring` section with all that it extends laid under it.

use super::world::Credentials;
use super::written::{
    Behaviour, Content, Credential, Department, Enrollment, Issued, Section as Written, User,
};
use crate::format::{FileId, Key, Keyed, Problems, Sourced, Text, append, merge_records, values};
use crate::place::{Place, Spot};
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
    /// How many tokens were issued before the story begins.
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
            departments: values(departments),
            users: values(users),
            content: values(content),
            enrollments: Vec::new(),
            credentials: values(credentials),
            issued: issued.clone(),
            behaviour: behaviour.clone(),
        }
    }

    /// Lays one more file over what is there.
    pub fn lay_over(
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
        merge_records(&mut self.departments, file, departments, problems);
        merge_records(&mut self.users, file, users, problems);
        merge_records(&mut self.content, file, content, problems);
        merge_records(&mut self.enrollments, file, enrollments, problems);
        merge_records(&mut self.credentials, file, credentials, problems);
        self.issued = issued.over(std::mem::take(&mut self.issued));
        self.behaviour = behaviour.over(std::mem::take(&mut self.behaviour));
        let Removed { enrollments } = removed;
        append(&mut self.removed_enrollments, file, enrollments);
    }
}

macro_rules! known_by_id {
    ($($record:ident),+) => {$(
        impl Keyed for $record {
            fn key(&self) -> Option<Key> {
                let is_there = !self.id.spot.is_nowhere();
                is_there.then(|| Key::folded("id", &*self.id.value))
            }

            fn spot(&self) -> Spot {
                self.id.spot
            }

            fn hide_key(&mut self) {
                self.id.spot = Spot::default();
            }
        }
    )+};
}

known_by_id!(Department, User, Content, Enrollment);

impl Keyed for Credential {
    fn key(&self) -> Option<Key> {
        let exact =
            |kind, name: &Option<Place<Text>>| Some(Key::exact(kind, &*name.as_ref()?.value));
        exact("token", &self.token)
            .map(Key::secret)
            .or_else(|| exact("client_id", &self.client_id))
            .or_else(|| {
                let account_url = &self.account_url.as_ref()?.value.0;
                let email = &self.email.as_ref()?.value.0;
                let compared = Credentials::account_url(account_url) + " " + &email.to_lowercase();
                Some(Key::compared_as(
                    "account_url and email",
                    &format!("{account_url} {email}"),
                    compared,
                ))
            })
    }

    fn spot(&self) -> Spot {
        let first = self
            .token
            .as_ref()
            .or(self.client_id.as_ref())
            .or(self.account_url.as_ref());
        first.map_or(self.spot, |place| place.spot)
    }
}
