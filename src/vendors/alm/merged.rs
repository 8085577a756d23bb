//! The `alm` section with all that it extends laid under it.

use super::written::{
    Behaviour, Credential, Enrollment, Issued, LearningObject, Section as Written, User,
};
use crate::format::{FileId, Key, Keyed, Problems, Sourced, Text, append, merge_records, values};
use crate::place::{Place, Spot};
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
    /// How many tokens were issued before the story begins.
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
            account: account.as_ref().map(|account| account.value.clone()),
            users: values(users),
            learning_objects: values(learning_objects),
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
            account,
            users,
            learning_objects,
            enrollments,
            credentials,
            issued,
            behaviour,
        } = written;
        let account = account.map(|value| Sourced { file, value });
        self.account = account.or(self.account.take());
        merge_records(&mut self.users, file, users, problems);
        merge_records(&mut self.learning_objects, file, learning_objects, problems);
        merge_records(&mut self.enrollments, file, enrollments, problems);
        merge_records(&mut self.credentials, file, credentials, problems);
        self.issued = issued.over(std::mem::take(&mut self.issued));
        let origins = behaviour.cors_origins.clone().unwrap_or_default();
        append(&mut self.cors_origins, file, origins);
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
                is_there.then(|| Key::exact("id", &*self.id.value))
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

known_by_id!(User, LearningObject);

impl Keyed for Enrollment {
    fn key(&self) -> Option<Key> {
        if self.user.spot.is_nowhere() || self.instance.spot.is_nowhere() {
            return None;
        }
        let name = format!("{}, {}", self.user.value.0, self.instance.value.0);
        Some(Key::exact("user and instance", name))
    }

    fn spot(&self) -> Spot {
        self.user.spot
    }

    fn hide_key(&mut self) {
        self.user.spot = Spot::default();
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
