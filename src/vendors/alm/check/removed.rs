//! Enrollments that are taken away.

use std::sync::Arc;

use super::Check;
use super::catalog::Catalog;
use super::users::People;
use crate::format::Sourced;
use crate::platform::{Pairs, References as _, Removals, enrollment_of};
use crate::records::Source;
use crate::vendors::alm::merged::Section;
use crate::vendors::alm::records::Enrollment;
use crate::vendors::alm::written::RemovedEnrollment;

impl Check<'_> {
    /// The enrollments that are taken away.
    pub(super) fn removed(
        &mut self,
        section: &Section,
        people: &People,
        catalog: &Catalog,
        computed: Option<Arc<dyn Source<Enrollment>>>,
    ) -> Removals<Enrollment> {
        let mut removed = Removals::new(computed);
        if section.removed_enrollments.is_empty() {
            return removed;
        }
        let listed = section.enrollments.iter().map(|it| &it.value);
        let listed: Pairs<'_> = listed.map(|it| (&it.user, &it.instance)).collect();
        for Sourced { file, value } in &section.removed_enrollments {
            let file = *file;
            let RemovedEnrollment { user, instance } = value;
            let person = self.refers(file, user, &people.ids);
            let number = self.refers(file, instance, &catalog.instance_ids);
            let Some(((_, person), (_, number))) = person.zip(number) else {
                continue;
            };
            let what = enrollment_of(user, instance);
            if removed.add((file, user.spot), (person, number), &what, self.problems) {
                self.refers_to_pair(file, (user, instance), &what, &listed);
            }
        }
        removed
    }
}
