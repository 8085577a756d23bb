//! Instances: each belongs to its learning object, and some are made of others.

use std::collections::{HashMap, HashSet};

use super::Check;
use super::catalog::{Listing, Part};
use crate::format::{FileId, Firsts, Text};
use crate::place::{Place, cut};
use crate::platform::References as _;
use crate::vendors::alm::records::{
    Instance, InstanceId, InstanceNumber, LearningObjectId, LearningObjectNumber, LoType, decimal,
};
use crate::vendors::alm::written;

impl Check<'_> {
    /// The numbers of a learning object's instances.
    pub(super) fn instances(
        &mut self,
        file: FileId,
        written: &written::LearningObject,
        of: Option<(LearningObjectId, LearningObjectNumber)>,
        listing: &mut Listing,
    ) -> Vec<InstanceNumber> {
        self.one_default(file, written);
        let says = written.instances.iter().any(|it| it.default.is_some());
        let mut numbers = Vec::with_capacity(written.instances.len());
        let mut known = Firsts::new();
        for (at, it) in written.instances.iter().enumerate() {
            let id = self.instance_id(file, &it.id, of, listing, &mut known);
            let modules = self.modules(file, it, id.map(|(id, _)| id));
            let instance = Instance {
                number: id.map_or(0, |(_, number)| number),
                id: match id {
                    Some((id, _)) => id,
                    None => NOWHERE,
                },
                learning_object: of.map_or(0, |(_, number)| number),
                state: it.state.unwrap_or_default(),
                is_default: if says {
                    it.default.as_ref().is_some_and(|it| it.value)
                } else {
                    at == 0
                },
                deadline: self.second(file, it.deadline.as_ref()),
                enrollment_deadline: self.second(file, it.enrollment_deadline.as_ref()),
                unenrollment_deadline: self.second(file, it.unenrollment_deadline.as_ref()),
                seat_limit: it.seat_limit.as_ref().map(|it| it.value),
                waitlist_limit: it.waitlist_limit.as_ref().map(|it| it.value),
                modules,
                sub_instances: Box::default(),
            };
            let whole = id.is_some().then_some(listing.instances.len());
            self.note_parts(file, it, whole, listing);
            if let Some((_, number)) = id {
                numbers.push(number);
                listing.instances.push(instance);
            }
        }
        numbers
    }

    /// The id of an instance, which begins with that of its learning object.
    fn instance_id(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        of: Option<(LearningObjectId, LearningObjectNumber)>,
        listing: &mut Listing,
        known: &mut Firsts<InstanceId>,
    ) -> Option<(InstanceId, InstanceNumber)> {
        let (id, number) = self.add(file, written, &mut listing.instance_ids)?;
        let what = format!("instance `{id}`");
        self.only_once((file, written.spot), id, &what, known);
        let (learning_object, _) = of?;
        if id.of != learning_object {
            let what = format!(
                "`{id}` is not an instance of `{learning_object}`, expected an id such as \
                 {learning_object}_{}",
                id.number
            );
            self.problems.at(file, written.spot, what, None);
        }
        Some((id, number))
    }

    fn modules(
        &mut self,
        file: FileId,
        written: &written::Instance,
        of: Option<InstanceId>,
    ) -> Box<[(u64, u32)]> {
        let is_job_aid = of.is_some_and(|it| it.of.kind == LoType::JobAid);
        if let Some(first) = written.modules.first().filter(|_| is_job_aid) {
            let what = "a job aid is one document, expected no `modules`";
            self.problems.at(file, first.id.spot, what, None);
        }
        let mut modules = Vec::with_capacity(written.modules.len());
        let mut known = Firsts::new();
        for it in &written.modules {
            let Some(id) = decimal(&it.id.value) else {
                if !it.id.spot.is_nowhere() {
                    let what = format!(
                        "`{}` is not the id of a module, expected digits such as 11676159",
                        cut(&it.id.value)
                    );
                    self.problems.at(file, it.id.spot, what, None);
                }
                continue;
            };
            let module = (id, it.version.unwrap_or(0));
            let what = format!("module `{id}` of version {}", module.1);
            self.only_once((file, it.id.spot), module, &what, &mut known);
            modules.push(module);
        }
        modules.into()
    }

    /// Remembers what the instance is made of until all instances are known.
    fn note_parts(
        &mut self,
        file: FileId,
        written: &written::Instance,
        whole: Option<usize>,
        listing: &mut Listing,
    ) {
        let mut known = Firsts::new();
        for it in &written.sub_instances {
            let what = format!("instance `{}`", cut(&it.value));
            let key = it.value.0.clone();
            self.only_once((file, it.spot), key, &what, &mut known);
            listing.parts.push(Part {
                file,
                written: it.clone(),
                whole,
            });
        }
    }

    /// Looks up what instances are made of: others, and never themselves.
    pub(super) fn parts(&mut self, listing: &mut Listing) {
        let parts = std::mem::take(&mut listing.parts);
        let mut edges = Vec::with_capacity(parts.len());
        for part in &parts {
            let found = self.refers(part.file, &part.written, &listing.instance_ids);
            let whole = part
                .whole
                .and_then(|at| Some((at, listing.instances.get(at)?)));
            let Some((at, whole)) = whole else {
                continue;
            };
            self.may_have_parts(part, whole.id.of.kind);
            if let Some((_, number)) = found {
                edges.push((part, at, (whole.number, number)));
            }
        }
        let circles = in_circles(edges.iter().map(|(_, _, edge)| *edge));
        let mut found: HashMap<usize, Vec<InstanceNumber>> = HashMap::new();
        for (part, at, edge) in edges {
            if circles.contains(&edge) {
                let what = format!(
                    "`{}` is made of this instance itself, expected one that is not",
                    cut(&part.written.value)
                );
                self.problems.at(part.file, part.written.spot, what, None);
            }
            found.entry(at).or_default().push(edge.1);
        }
        for (at, parts) in found {
            if let Some(it) = listing.instances.get_mut(at) {
                it.sub_instances = parts.into();
            }
        }
    }

    fn may_have_parts(&mut self, part: &Part, kind: LoType) {
        if matches!(kind, LoType::Course | LoType::JobAid) {
            let what = format!(
                "a {} is made of nothing else, expected `sub_instances` in a learning program or \
                 certification",
                match kind {
                    LoType::JobAid => "job aid",
                    LoType::Course | LoType::LearningProgram | LoType::Certification => "course",
                }
            );
            self.problems.at(part.file, part.written.spot, what, None);
        }
    }
}

/// In the place of an id that could not be read; such an instance is never listed.
const NOWHERE: InstanceId = InstanceId {
    of: LearningObjectId {
        kind: LoType::Course,
        number: 0,
    },
    number: 0,
};

/// From a whole to its part.
type Edge = (InstanceNumber, InstanceNumber);

/// The edges that are part of a circle, or lead from one to another.
fn in_circles(edges: impl Iterator<Item = Edge>) -> HashSet<Edge> {
    let flipped = |edges: Vec<Edge>| edges.into_iter().map(|(from, to)| (to, from)).collect();
    // What leads nowhere goes, then what nothing leads to.
    let left = without_dead_ends(edges.collect());
    let left = without_dead_ends(flipped(left));
    left.into_iter().map(|(to, from)| (from, to)).collect()
}

/// The edges that can be followed for ever.
fn without_dead_ends(mut edges: Vec<Edge>) -> Vec<Edge> {
    let mut ways_on: HashMap<InstanceNumber, usize> = HashMap::new();
    let mut ways_here: HashMap<InstanceNumber, Vec<InstanceNumber>> = HashMap::new();
    for (from, to) in &edges {
        *ways_on.entry(*from).or_default() += 1;
        ways_on.entry(*to).or_default();
        ways_here.entry(*to).or_default().push(*from);
    }
    let ends = ways_on.iter().filter(|(_, ways)| **ways == 0);
    let mut ends: Vec<InstanceNumber> = ends.map(|(end, _)| *end).collect();
    while let Some(end) = ends.pop() {
        for from in ways_here.remove(&end).unwrap_or_default() {
            if let Some(ways) = ways_on.get_mut(&from) {
                *ways -= 1;
                if *ways == 0 {
                    ends.push(from);
                }
            }
        }
    }
    let goes_on = |at: &InstanceNumber| ways_on.get(at).is_some_and(|ways| *ways > 0);
    edges.retain(|(from, to)| goes_on(from) && goes_on(to));
    edges
}
