//! iSpring's tables as the scenario file from which they could have been loaded.

use super::records::{Certificate, Enrollment, State};
use super::world::World;
use super::written;
use crate::format::{counted, text, unless_default};
use crate::place::Place;
use crate::platform::{Principal, end_of};
use crate::tokens::Remembered;
use crate::vendors::ispring::written::Removed;

impl World {
    /// All that differs from the generated population: records, live tokens, switches.
    pub fn state(&self) -> (written::Section, Removed) {
        let (mut section, removed) = self.records();
        let issued = self.tokens().issued();
        section
            .credentials
            .extend(issued.map(|it| self.issued(&it)));
        section.issued.tokens = counted(self.tokens().count());
        (section, removed)
    }

    /// The records as they are, ready for a piece of scenario. What a running world
    /// loses counts as deleted there, as if over the API: a page token may name it.
    pub fn before(&self, removed: Option<&mut Removed>) -> (written::Section, Removed) {
        let (mut section, gone) = self.records();
        let Some(removed) = removed else {
            return (section, gone);
        };
        removed.enrollments.retain(|place| {
            let found = place.value.parse().ok();
            let Some(mut found) = found.and_then(|id| self.enrollments.get(id)) else {
                return true;
            };
            found.state = State::Deleted;
            let deleted = self.enrollment(&found);
            let id = |it: &written::Enrollment| it.id.value == deleted.id.value;
            match section.enrollments.iter().position(id) {
                Some(at) => section.enrollments[at] = deleted,
                None => section.enrollments.push(deleted),
            }
            false
        });
        (section, gone)
    }

    /// The records, and the listed credentials that were not taken back.
    fn records(&self) -> (written::Section, Removed) {
        let written = &self.base.written;
        let enrollments = self.enrollments.differing();
        let credentials = written.credentials.iter();
        let section = written::Section {
            enrollments: enrollments.iter().map(|it| self.enrollment(it)).collect(),
            credentials: credentials.filter_map(|it| self.credential(it)).collect(),
            ..written.clone()
        };
        let removed = self.enrollments.taken_away().into_iter();
        let removed = Removed {
            enrollments: removed.map(|it| text(it.id)).collect(),
        };
        (section, removed)
    }

    fn enrollment(&self, meant: &Enrollment) -> written::Enrollment {
        let content = self.content_id(meant.content);
        let learner = self.user_id(meant.learner);
        let certificate = meant.certificate.as_deref();
        written::Enrollment {
            id: text(meant.id),
            content: content.map(text).unwrap_or_default(),
            learner: learner.map(text).unwrap_or_default(),
            access_date: Some(text(meant.access)),
            due_date: meant.due.map(text),
            lock_after_due_date: unless_default(meant.locks),
            assigned: unless_default(meant.assigned),
            state: unless_default(meant.state),
            certificate: certificate.map(|certificate| {
                let Certificate {
                    id,
                    issued,
                    expires,
                } = *certificate;
                written::Certificate {
                    id: text(id),
                    issued: text(issued),
                    expires: expires.map(text),
                }
            }),
        }
    }

    /// A listed credential as it is now. None: it was taken back.
    fn credential(&self, listed: &written::Credential) -> Option<written::Credential> {
        let mut credential = listed.clone();
        if let Some(token) = &listed.token {
            self.tokens().grant(&token.value)?;
            if self.tokens().is_dead(&token.value) {
                credential.expired = Some(Place::made(true));
            }
        }
        Some(credential)
    }

    fn issued(&self, issued: &Remembered<'_, Principal>) -> written::Credential {
        let (expires, expired) = end_of(issued);
        let user = issued
            .grant
            .principal
            .user
            .and_then(|number| self.user_id(number));
        written::Credential {
            token: Some(text(issued.token)),
            expires,
            expired,
            user: user.map(text),
            spot: crate::place::Spot::MADE,
            ..written::Credential::default()
        }
    }
}
