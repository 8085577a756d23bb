//! The `openedx` section with all that it extends laid under it.

use super::written::{
    Behaviour, Course, Credential, Enrollment, Invitation, Issued, Section as Written, User,
};
use crate::format::{FileId, Key, Keyed, Lay as _, Problems, Sourced, Text, keyed};
use crate::place::Place;
use crate::platform::{Merged, credential_key};
use crate::vendors::openedx::written::{Removed, RemovedEnrollment};

/// The records, credentials and switches of all files.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Accounts.
    pub users: Vec<Sourced<User>>,
    /// Courses.
    pub courses: Vec<Sourced<Course>>,
    /// Who is enrolled in what.
    pub enrollments: Vec<Sourced<Enrollment>>,
    /// Who may enroll once registered.
    pub invitations: Vec<Sourced<Invitation>>,
    /// Who may call the API.
    pub credentials: Vec<Sourced<Credential>>,
    /// What JWTs are signed with.
    pub jwt_secret: Option<Sourced<Place<Text>>>,
    /// How many tokens were issued before the scenario begins.
    pub issued: Issued,
    /// Signed tokens that have expired before their hour.
    pub expired_jwts: Vec<Sourced<Place<Text>>>,
    /// The switches of all files, merged.
    pub behaviour: Behaviour,
    /// The switches of each file that has any, parents first.
    pub behaviours: Vec<Sourced<Place<Behaviour>>>,
    /// Enrollments that are taken away after all this.
    pub removed_enrollments: Vec<Sourced<RemovedEnrollment>>,
}

impl Section {
    /// What never changes while running, as written: credentials and switches.
    pub(super) fn unchanging(&self) -> Written {
        let Section {
            users: _,
            courses: _,
            enrollments: _,
            invitations: _,
            credentials,
            jwt_secret,
            issued,
            expired_jwts,
            behaviour,
            // Merged, they are `behaviour`.
            behaviours: _,
            removed_enrollments: _,
        } = self;
        Written {
            credentials: credentials.as_written(),
            issued: issued.as_written(),
            expired_jwts: expired_jwts.as_written(),
            jwt_secret: jwt_secret.as_written(),
            behaviour: (!behaviour.is_empty()).then(|| Place::made(behaviour.clone())),
            ..Written::default()
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
            users,
            courses,
            enrollments,
            invitations,
            credentials,
            jwt_secret,
            issued,
            expired_jwts,
            behaviour,
        } = written;
        self.users.lay(file, users, problems);
        self.courses.lay(file, courses, problems);
        self.enrollments.lay(file, enrollments, problems);
        self.invitations.lay(file, invitations, problems);
        self.credentials.lay(file, credentials, problems);
        self.issued.lay(file, issued, problems);
        self.expired_jwts.lay(file, expired_jwts, problems);
        self.jwt_secret.lay(file, jwt_secret, problems);
        if let Some(behaviour) = behaviour {
            self.behaviour.lay(file, behaviour.value.clone(), problems);
            self.behaviours.lay(file, vec![behaviour], problems);
        }
        let Removed { enrollments } = removed;
        self.removed_enrollments.lay(file, enrollments, problems);
    }
}

keyed! {
    User: exact "username" username;
    Course: exact "key" key;
    Enrollment: pair "username and course" username + course;
    Invitation: folded_pair "email and course" email + course;
}

impl Keyed for Credential {
    fn key(&self) -> Option<Key> {
        credential_key(self.token.as_ref(), self.client_id.as_ref())
    }
}

// What the files take away adds up.
impl Keyed for RemovedEnrollment {}
