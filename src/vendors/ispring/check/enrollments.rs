//! Enrollments, their certificates, and those taken away.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::references::lacks_ids;
use super::{Check, Checked};
use crate::format::{FileId, Sourced, Text};
use crate::place::{Place, cut};
use crate::records::{self, Listed, Source};
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
        let removed = self.removed(section, computed.as_ref());
        let mut certificates = HashMap::new();
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
            // What a file lists is there, whatever the files it extends took away.
            let removed_by = id.and_then(|id| removed.get(&id));
            if removed_by.is_some_and(|by| *by <= file) {
                continue;
            }
            if let (Some(read), Some(written)) = (certificate_id, &value.certificate) {
                self.only_once(file, &written.id, read, &mut certificates);
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
        let hidden = removed.into_keys().filter(|id| {
            let computed = computed.as_ref();
            computed.is_some_and(|computed| computed.get(*id).is_some())
        });
        let hidden: Vec<Id> = hidden.collect();
        let deleted = listed.iter().filter(|it| it.state == State::Deleted);
        Enrolled {
            deleted: deleted.count() as u64,
            base: records::Base::new(computed.clone(), Listed::new(listed), hidden),
            next,
        }
    }

    /// The ids of enrollments, listed or generated, that are taken away, and by which file.
    fn removed(
        &mut self,
        section: &Section,
        computed: Option<&Arc<dyn Source<Enrollment>>>,
    ) -> HashMap<Id, FileId> {
        if section.removed_enrollments.is_empty() {
            return HashMap::new();
        }
        // Also of those in which something else is wrong.
        let ids = section.enrollments.iter();
        let ids: Vec<Id> = ids
            .filter_map(|enrollment| enrollment.value.id.value.parse().ok())
            .collect();
        let lacks_ids = lacks_ids(section.enrollments.iter().map(|it| &it.value.id));
        let listed: HashSet<Id> = ids.iter().copied().collect();
        let mut lines: HashMap<(FileId, Id), u32> = HashMap::new();
        let mut removed = HashMap::new();
        for Sourced { file, value } in &section.removed_enrollments {
            let Some(id) = self.id(*file, value) else {
                continue;
            };
            match lines.entry((*file, id)) {
                Entry::Vacant(free) => {
                    free.insert(value.spot.line);
                }
                Entry::Occupied(first) => {
                    let first = first.get();
                    let what = format!(
                        "duplicate id `{}`, first at line {first}",
                        cut(&value.value)
                    );
                    self.problems.at(*file, value.spot, what, None);
                    continue;
                }
            }
            // Of several files the nearest to what is served counts: those are laid over last.
            removed.insert(id, *file);
            let there =
                listed.contains(&id) || computed.is_some_and(|computed| computed.get(id).is_some());
            if !there && !lacks_ids {
                self.dangling(*file, value, "enrollment", ids.iter().copied());
            }
        }
        removed
    }

    /// Refuses an id of a certificate that another certificate has.
    fn only_once(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        id: Id,
        known: &mut HashMap<Id, (FileId, u32)>,
    ) {
        match known.entry(id) {
            Entry::Vacant(free) => {
                free.insert((file, written.spot.line));
            }
            Entry::Occupied(taken) => {
                let (first, line) = *taken.get();
                let mut place = format!("line {line}");
                if first != file {
                    place += &format!(" of {}", self.problems.file_name(first));
                }
                let what = format!(
                    "duplicate id `{}` of a certificate, first at {place}",
                    written.value.0
                );
                self.problems.at(file, written.spot, what, None);
            }
        }
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
