//! Enrollments, their certificates, and those taken away.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::references::lacks_ids;
use super::{Check, Checked};
use crate::format::{FileId, Firsts, Sourced};
use crate::place::cut;
use crate::platform::{References as _, Removals};
use crate::records::{self, Source};
use crate::vendors::ispring::generated::{self, Generated};
use crate::vendors::ispring::id::Id;
use crate::vendors::ispring::merged::Section;
use crate::vendors::ispring::records::{
    Certificate, Content, Enrollment, EnrollmentNumber, State, User,
};
use crate::vendors::ispring::written;

/// The enrollments as meant.
pub(super) struct Enrolled {
    pub(super) base: records::Base<Enrollment>,
    /// The place of the first one made while running.
    pub(super) next: EnrollmentNumber,
    /// How many are listed as deleted.
    pub(super) deleted: u64,
}

impl Check<'_> {
    /// The enrollments.
    pub(super) fn enrollments(
        &mut self,
        section: &Section,
        generated: Option<&Arc<Generated>>,
        users: &Checked<Arc<User>>,
        content: &Checked<Content>,
        start: Date,
    ) -> Enrolled {
        let computed = generated.map(|generated| {
            let source: Arc<dyn Source<Enrollment>> =
                Arc::new(generated::Enrollments(Arc::clone(generated)));
            source
        });
        let removed = self.removed(section, computed.clone());
        let mut certificates = Firsts::new();
        let mut next = generated.map_or(0, |generated| generated.enrollment_places());
        let mut listed = Vec::with_capacity(section.enrollments.len());
        for Sourced { file, value } in &section.enrollments {
            let file = *file;
            let id = self.id(file, &value.id);
            let learner = self.refers(file, &value.learner, users);
            let content = self.refers(file, &value.content, content);
            let access = value.access_date.as_ref();
            let access = access.map_or(Some(start), |place| self.date(file, place));
            let due = value.due_date.as_ref().map(|place| self.date(file, place));
            let certificate = value.certificate.as_ref();
            let (certificate_id, certificate) = certificate
                .map(|certificate| self.certificate(file, certificate))
                .unwrap_or_default();
            if id.is_some_and(|id| removed.has(id, file)) {
                continue;
            }
            if let (Some(read), Some(written)) = (certificate_id, &value.certificate) {
                let what = format!("id `{}` of a certificate", written.id.value.0);
                let place = (file, written.id.spot);
                self.only_once(place, read, &what, &mut certificates);
            }
            let (Some(id), Some(learner), Some(content), Some(access)) =
                (id, learner, content, access)
            else {
                continue;
            };
            let replaced = computed.as_ref().and_then(|computed| computed.get(id));
            let number = match replaced {
                Some(replaced) => replaced.number,
                None => {
                    next += 1;
                    next - 1
                }
            };
            listed.push(Enrollment {
                id,
                number,
                content: content.number,
                learner: learner.number,
                department: learner.department,
                access,
                due: due.flatten(),
                locks: value.lock_after_due_date.unwrap_or(false),
                assigned: value.assigned.unwrap_or_default(),
                state: value.state.unwrap_or_default(),
                certificate: certificate.map(Arc::new),
            });
        }
        let deleted = listed.iter().filter(|it| it.state == State::Deleted);
        Enrolled {
            deleted: deleted.count() as u64,
            base: removed.base(listed),
            next,
        }
    }

    /// The enrollments that are taken away.
    fn removed(
        &mut self,
        section: &Section,
        computed: Option<Arc<dyn Source<Enrollment>>>,
    ) -> Removals<Enrollment> {
        let mut removed = Removals::new(computed);
        if section.removed_enrollments.is_empty() {
            return removed;
        }
        // Also of those in which something else is wrong.
        let ids = section.enrollments.iter();
        let ids: Vec<Id> = ids
            .filter_map(|enrollment| enrollment.value.id.value.parse().ok())
            .collect();
        let lacks_ids = lacks_ids(section.enrollments.iter().map(|it| &it.value.id));
        let listed: HashSet<Id> = ids.iter().copied().collect();
        for Sourced { file, value } in &section.removed_enrollments {
            let Some(id) = self.id(*file, value) else {
                continue;
            };
            let what = format!("id `{}`", cut(&value.value));
            let must_be_listed = removed.add((*file, value.spot), id, &what, self.problems);
            if must_be_listed && !listed.contains(&id) && !lacks_ids {
                self.dangling(*file, value, "enrollment", ids.iter().copied());
            }
        }
        removed
    }

    /// The certificate, and its id even if the rest of it is faulty.
    fn certificate(
        &mut self,
        file: FileId,
        written: &written::Certificate,
    ) -> (Option<Id>, Option<Certificate>) {
        let id = self.id(file, &written.id);
        let issued = self.instant(file, &written.issued);
        let expires = written.expires.as_ref();
        let expires = expires.and_then(|place| Some((self.instant(file, place)?, place)));
        if let (Some(issued), Some((expires, place))) = (issued, expires)
            && expires < issued
        {
            let what = format!(
                "the certificate expires at `{}`, expected no instant before it is issued, {}",
                cut(&place.value),
                cut(&written.issued.value)
            );
            self.problems.at(file, place.spot, what, None);
        }
        let certificate = id.zip(issued).map(|(id, issued)| Certificate {
            id,
            issued,
            expires: expires.map(|(at, _)| at),
        });
        (id, certificate)
    }
}
