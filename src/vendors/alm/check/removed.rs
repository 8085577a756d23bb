//! Enrollments that are taken away.

use std::collections::HashMap;
use std::sync::Arc;

use super::Check;
use super::catalog::Catalog;
use super::enrollments::Pair;
use super::users::People;
use crate::format::{FileId, Firsts, Sourced, is_lacking};
use crate::place::cut;
use crate::records::Source;
use crate::vendors::alm::merged::Section;
use crate::vendors::alm::records::Enrollment;
use crate::vendors::alm::written::RemovedEnrollment;

impl Check<'_> {
    /// The enrollments, listed or generated, that are taken away, and by which file.
    pub(super) fn removed(
        &mut self,
        section: &Section,
        people: &People,
        catalog: &Catalog,
        computed: Option<&Arc<dyn Source<Enrollment>>>,
    ) -> HashMap<Pair, FileId> {
        if section.removed_enrollments.is_empty() {
            return HashMap::new();
        }
        let known = Known::new(section);
        let mut firsts: HashMap<FileId, Firsts<Pair>> = HashMap::new();
        let mut removed = HashMap::new();
        for Sourced { file, value } in &section.removed_enrollments {
            let file = *file;
            let user = self.refers(file, &value.user, &people.ids);
            let instance = self.refers(file, &value.instance, &catalog.instance_ids);
            let Some(((_, user), (_, instance))) = user.zip(instance) else {
                continue;
            };
            let pair = (user, instance);
            // What the files take away adds up, so only one file can do so twice.
            let firsts = firsts.entry(file).or_default();
            self.only_once((file, value.user.spot), pair, &name_of(value), firsts);
            // Of several files the nearest to what is served counts: those are laid over last.
            removed.insert(pair, file);
            if computed.is_none_or(|computed| computed.get(pair).is_none()) {
                self.is_listed(file, value, &known);
            }
        }
        removed
    }

    /// Reports an enrollment taken away that is not there, unless it was lost.
    fn is_listed(&mut self, file: FileId, removed: &RemovedEnrollment, known: &Known<'_>) {
        let theirs = known.instances.get(&*removed.user.value.0);
        let is_there = theirs.is_some_and(|it| it.contains(&removed.instance.value.0));
        if is_there || known.lacks_ids || self.lost.may_hold(&removed.user.value) {
            return;
        }
        let hint = theirs.and_then(|theirs| self.nearest(&removed.instance.value, theirs));
        let what = format!(
            "there is no {}, expected a listed or generated one",
            name_of(removed)
        );
        self.problems.at(file, removed.user.spot, what, hint);
    }
}

/// The listed enrollments by user, also those in which something else is wrong.
struct Known<'a> {
    instances: HashMap<&'a str, Vec<String>>,
    /// One is listed whose user or instance is not known.
    lacks_ids: bool,
}

impl<'a> Known<'a> {
    fn new(section: &'a Section) -> Known<'a> {
        let listed = || section.enrollments.iter().map(|it| &it.value);
        let mut instances: HashMap<&str, Vec<String>> = HashMap::new();
        for enrollment in listed() {
            let theirs = instances.entry(&*enrollment.user.value.0).or_default();
            theirs.push(enrollment.instance.value.0.clone());
        }
        Known {
            instances,
            lacks_ids: listed().any(|it| is_lacking(&it.user) || is_lacking(&it.instance)),
        }
    }
}

fn name_of(removed: &RemovedEnrollment) -> String {
    format!(
        "enrollment of `{}` in `{}`",
        cut(&removed.user.value),
        cut(&removed.instance.value)
    )
}
