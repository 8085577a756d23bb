//! Departments: a tree, without circles.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::iter::successors;
use std::sync::Arc;

use super::references::lacks_ids;
use super::{Check, Checked, Places};
use crate::format::Sourced;
use crate::records::Source;
use crate::vendors::ispring::generated::{self, Generated};
use crate::vendors::ispring::id::Id;
use crate::vendors::ispring::records::{Department, DepartmentNumber};
use crate::vendors::ispring::written;

/// A listed department whose id could be read.
type Found<'a> = (Id, DepartmentNumber, &'a Sourced<written::Department>);

impl Check<'_> {
    pub(super) fn departments(
        &mut self,
        written: &[Sourced<written::Department>],
        generated: Option<&Arc<Generated>>,
    ) -> Checked<Department> {
        let computed = generated.map(|generated| {
            let source: Arc<dyn Source<Department>> =
                Arc::new(generated::Departments(Arc::clone(generated)));
            source
        });
        let mut places = Places::new(computed.clone());
        let mut numbers: HashMap<Id, DepartmentNumber> = HashMap::new();
        let mut found: Vec<Found<'_>> = Vec::new();
        // Those without an id are looked through like the rest.
        let mut others = Vec::new();
        for department in written {
            match self.id(department.file, &department.value.id) {
                Some(id) => {
                    let number = places.of(id);
                    numbers.insert(id, number);
                    found.push((id, number, department));
                }
                None => others.push(department),
            }
        }
        let lacks_ids = lacks_ids(written.iter().map(|department| &department.value.id));
        let mut parent_of = |department: &Sourced<written::Department>| {
            department.value.parent.as_ref().and_then(|parent| {
                let parent_id = self.id(department.file, parent)?;
                let number = numbers.get(&parent_id).copied().or_else(|| {
                    let computed = computed.as_ref()?.get(parent_id)?;
                    Some(computed.number)
                });
                if number.is_none() && !lacks_ids {
                    let known = found.iter().map(|(id, _, _)| *id);
                    self.dangling(department.file, parent, "department", known);
                }
                number
            })
        };
        let listed = found.iter().map(|(id, number, department)| Department {
            id: *id,
            number: *number,
            parent: parent_of(department),
        });
        let listed = listed.collect();
        for department in others {
            parent_of(department);
        }
        let checked = Checked::new("department", computed, listed, lacks_ids);
        self.circles(&checked, &found);
        checked
    }

    /// Looks for circles on the way up from each listed department; the generated ones are a tree.
    fn circles(&mut self, departments: &Checked<Department>, found: &[Found<'_>]) {
        let above = |number| departments.base.at(number)?.parent;
        let positions: HashMap<DepartmentNumber, usize> = found
            .iter()
            .enumerate()
            .map(|(position, (_, number, _))| (*number, position))
            .collect();
        // Where the way began on which a department was first met.
        let mut met: HashMap<DepartmentNumber, DepartmentNumber> = HashMap::new();
        for (_, start, _) in found {
            let mut at = Some(*start);
            while let Some(number) = at {
                match met.entry(number) {
                    Entry::Vacant(free) => {
                        free.insert(*start);
                        at = above(number);
                    }
                    Entry::Occupied(before) => {
                        if before.get() == start {
                            let next = |last: &_| above(*last).filter(|above| *above != number);
                            let circle: Vec<_> = successors(Some(number), next).collect();
                            let listed = circle.iter().filter_map(|number| positions.get(number));
                            self.circle(&circle, listed.map(|position| &found[*position]));
                        }
                        break;
                    }
                }
            }
        }
    }

    /// Reports a circle at one of its listed departments: at the first in the file that closed it,
    /// which is the one nearest to what is served.
    fn circle<'a>(
        &mut self,
        circle: &[DepartmentNumber],
        listed: impl Iterator<Item = &'a Found<'a>>,
    ) {
        let place = |found: &&Found<'_>| (found.2.file, found.2.value.id.spot);
        let Some((id, _, department)) = listed.min_by_key(place) else {
            return;
        };
        let Some(parent) = &department.value.parent else {
            return;
        };
        let what = match circle.len() {
            1 => format!("department `{id}` is its own parent, expected another or none"),
            length => format!(
                "department `{id}` is below itself, in a circle of {length}, expected a tree"
            ),
        };
        let cure = "leave `parent` out at the top of the tree".to_owned();
        self.problems
            .at(department.file, parent.spot, what, Some(cure));
    }
}
