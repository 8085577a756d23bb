//! The `alm` section with all that it extends laid under it.

use super::written::{
    Behaviour, Credential, Enrollment, Issued, LearningObject, Section as Written, User,
};
use crate::format::{FileId, Key, Keyed, Lay as _, Problems, Sourced, Text, keyed};
use crate::place::Place;
use crate::platform::{Merged, credential_key};
use crate::vendors::alm::written::{Removed, RemovedEnrollment};

/// The records, credentials and switches of all files.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The id of the account.
    pub account: Option<Sourced<Place<Text>>>,
    /// People.
    pub users: Vec<Sourced<User>>,
    /// What there is to learn.
    pub learning_objects: Vec<Sourced<LearningObject>>,
    /// Who is enrolled in what.
    pub enrollments: Vec<Sourced<Enrollment>>,
    /// Who may call the API.
    pub credentials: Vec<Sourced<Credential>>,
    /// How many tokens were issued before the scenario begins.
    pub issued: Issued,
    /// The switches.
    pub behaviour: Behaviour,
    /// The origins that any of the files names.
    pub cors_origins: Vec<Sourced<Place<Text>>>,
    /// Enrollments that are taken away after all this.
    pub removed_enrollments: Vec<Sourced<RemovedEnrollment>>,
}

impl Section {
    /// What never changes while running, as written: all but the enrollments.
    pub(super) fn unchanging(&self) -> Written {
        let Section {
            account,
            users,
            learning_objects,
            enrollments: _,
            credentials,
            issued,
            behaviour,
            // Among the switches.
            cors_origins: _,
            removed_enrollments: _,
        } = self;
        Written {
            account: account.as_written(),
            users: users.as_written(),
            learning_objects: learning_objects.as_written(),
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
            account,
            users,
            learning_objects,
            enrollments,
            credentials,
            issued,
            behaviour,
        } = written;
        self.account.lay(file, account, problems);
        self.users.lay(file, users, problems);
        self.learning_objects.lay(file, learning_objects, problems);
        self.enrollments.lay(file, enrollments, problems);
        self.credentials.lay(file, credentials, problems);
        self.issued.lay(file, issued, problems);
        let origins = behaviour.cors_origins.clone().unwrap_or_default();
        self.cors_origins.lay(file, origins, problems);
        self.behaviour.lay(file, behaviour, problems);
        let Removed { enrollments } = removed;
        self.removed_enrollments.lay(file, enrollments, problems);
    }
}

keyed! {
    User: exact "id" id;
    LearningObject: exact "id" id;
    Enrollment: pair "user and instance" user + instance;
}

impl Keyed for Credential {
    fn key(&self) -> Option<Key> {
        credential_key(self.token.as_ref(), self.client_id.as_ref())
    }
}

// What the files take away adds up.
impl Keyed for RemovedEnrollment {}
