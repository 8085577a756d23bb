//! The `openedx` section with all that it extends laid under it.

use super::written::{
    Behaviour, Course, Credential, Enrollment, Invitation, Issued, Section as Written, User,
};
use crate::format::{FileId, Key, Keyed, Problems, Sourced, Text, append, merge_records, values};
use crate::place::{Place, Spot};
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
    /// How many tokens were issued before the story begins.
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
            credentials: values(credentials),
            issued: issued.clone(),
            expired_jwts: values(expired_jwts),
            jwt_secret: jwt_secret.as_ref().map(|secret| secret.value.clone()),
            behaviour: (!behaviour.is_empty()).then(|| Place::made(behaviour.clone())),
            ..Written::default()
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
        merge_records(&mut self.users, file, users, problems);
        merge_records(&mut self.courses, file, courses, problems);
        merge_records(&mut self.enrollments, file, enrollments, problems);
        merge_records(&mut self.invitations, file, invitations, problems);
        merge_records(&mut self.credentials, file, credentials, problems);
        self.issued = issued.over(std::mem::take(&mut self.issued));
        append(&mut self.expired_jwts, file, expired_jwts);
        let jwt_secret = jwt_secret.map(|value| Sourced { file, value });
        self.jwt_secret = jwt_secret.or(self.jwt_secret.take());
        if let Some(behaviour) = behaviour {
            let parents = std::mem::take(&mut self.behaviour);
            self.behaviour = behaviour.value.clone().over(parents);
            append(&mut self.behaviours, file, vec![behaviour]);
        }
        let Removed { enrollments } = removed;
        append(&mut self.removed_enrollments, file, enrollments);
    }
}

impl Keyed for User {
    fn key(&self) -> Option<Key> {
        let is_there = !self.username.spot.is_nowhere();
        is_there.then(|| Key::exact("username", &*self.username.value))
    }

    fn spot(&self) -> Spot {
        self.username.spot
    }

    fn hide_key(&mut self) {
        self.username.spot = Spot::default();
    }
}

impl Keyed for Course {
    fn key(&self) -> Option<Key> {
        let is_there = !self.key.spot.is_nowhere();
        is_there.then(|| Key::exact("key", &*self.key.value))
    }

    fn spot(&self) -> Spot {
        self.key.spot
    }

    fn hide_key(&mut self) {
        self.key.spot = Spot::default();
    }
}

/// Two names that together are one.
fn pair(
    kind: &'static str,
    first: &Place<Text>,
    folded: bool,
    second: &Place<Text>,
) -> Option<Key> {
    if first.spot.is_nowhere() || second.spot.is_nowhere() {
        return None;
    }
    let (first, second) = (&first.value.0, &second.value.0);
    let compared = match folded {
        true => first.to_lowercase(),
        false => first.clone(),
    };
    Some(Key::compared_as(
        kind,
        &format!("{first}, {second}"),
        // A line feed stands in neither.
        format!("{compared}\n{second}"),
    ))
}

impl Keyed for Enrollment {
    fn key(&self) -> Option<Key> {
        pair("username and course", &self.username, false, &self.course)
    }

    fn spot(&self) -> Spot {
        self.username.spot
    }

    fn hide_key(&mut self) {
        self.username.spot = Spot::default();
    }
}

impl Keyed for Invitation {
    fn key(&self) -> Option<Key> {
        pair("email and course", &self.email, true, &self.course)
    }

    fn spot(&self) -> Spot {
        self.email.spot
    }

    fn hide_key(&mut self) {
        self.email.spot = Spot::default();
    }
}

impl Keyed for Credential {
    fn key(&self) -> Option<Key> {
        let exact =
            |kind, name: &Option<Place<Text>>| Some(Key::exact(kind, &*name.as_ref()?.value));
        exact("token", &self.token)
            .map(Key::secret)
            .or_else(|| exact("client_id", &self.client_id))
    }

    fn spot(&self) -> Spot {
        let first = self.token.as_ref().or(self.client_id.as_ref());
        first.map_or(self.spot, |place| place.spot)
    }
}
