//! Learning objects, what their instances are part of, and who stands where.

use std::sync::Arc;

use super::Check;
use crate::format::{FileId, Firsts, Sourced, Text};
use crate::place::{Place, cut};
use crate::platform::{Names, References as _};
use crate::records::{self, Listed, Source};
use crate::vendors::alm::generated;
use crate::vendors::alm::records::{
    Instance, InstanceId, InstanceNumber, LearningObject, LearningObjectId, LearningObjectNumber,
    decimal,
};
use crate::vendors::alm::written;

/// The learning objects and their instances, and what leads to the latter.
pub(super) struct Catalog {
    pub(super) instance_ids: Names<InstanceId>,
    pub(super) learning_objects: records::Base<Arc<LearningObject>>,
    pub(super) instances: records::Base<Arc<Instance>>,
}

/// What is being listed.
pub(super) struct Listing {
    pub(super) instance_ids: Names<InstanceId>,
    pub(super) instances: Vec<Instance>,
    /// What instances say that they are made of.
    pub(super) parts: Vec<Part>,
}

/// What an instance says that it is made of.
pub(super) struct Part {
    pub(super) file: FileId,
    pub(super) written: Place<Text>,
    /// Where the whole stands among those listed. None: nowhere, for want of an id.
    pub(super) whole: Option<usize>,
}

impl Listing {
    /// Takes a computed instance in as one that is not the default, where a listed one is.
    fn demote(&mut self, listed: &[InstanceNumber], computed: Option<Arc<Instance>>) {
        let mut own = self.instances.iter().rev().take(listed.len());
        let computed = computed.filter(|_| own.any(|it| it.is_default));
        self.instances.extend(computed.map(|it| Instance {
            is_default: false,
            ..Arc::unwrap_or_clone(it)
        }));
    }
}

impl Check<'_> {
    pub(super) fn learning_objects(
        &mut self,
        written: &[Sourced<written::LearningObject>],
    ) -> Catalog {
        let computed = self
            .generated
            .map(|it| -> Arc<dyn Source<Arc<LearningObject>>> {
                Arc::new(generated::LearningObjects(Arc::clone(it)))
            });
        let computed_instances = self.generated.map(|it| -> Arc<dyn Source<Arc<Instance>>> {
            Arc::new(generated::Instances(Arc::clone(it)))
        });
        let count = self.generated.map_or(0, |it| it.learning_objects());
        let find = computed.clone();
        let mut ids = Names::new(count, move |id: &_| Some(find.as_ref()?.get(*id)?.number));
        let find = computed_instances.clone();
        let find = move |id: &_| Some(find.as_ref()?.get(*id)?.number);
        let mut listing = Listing {
            instance_ids: Names::new(count, find),
            instances: Vec::new(),
            parts: Vec::new(),
        };
        let mut listed = Vec::with_capacity(written.len());
        for Sourced { file, value } in written {
            let badge = self.badge(*file, value);
            let added = self.add(*file, &value.id, &mut ids);
            let mut own = self.instances(*file, value, added, &mut listing);
            let Some((id, number)) = added else {
                continue;
            };
            // Who is enrolled in a generated learning object stays in its instance.
            if number < count && !own.contains(&number) {
                listing.demote(
                    &own,
                    computed_instances.as_ref().and_then(|it| it.at(number)),
                );
                own.push(number);
            }
            listed.push(Arc::new(learning_object((id, number), value, badge, own)));
        }
        self.parts(&mut listing);
        let instances = listing.instances.into_iter().map(Arc::new).collect();
        Catalog {
            instance_ids: listing.instance_ids,
            learning_objects: records::Base::new(computed, Listed::new(listed), []),
            instances: records::Base::new(computed_instances, Listed::new(instances), []),
        }
    }

    fn badge(&mut self, file: FileId, written: &written::LearningObject) -> Option<u64> {
        let badge = written.badge.as_ref()?;
        let number = decimal(&badge.value);
        if number.is_none() && !badge.spot.is_nowhere() {
            let what = format!(
                "`{}` is not the id of a badge, expected digits such as 759",
                cut(&badge.value)
            );
            self.problems.at(file, badge.spot, what, None);
        }
        number
    }

    /// At most one instance is meant where none is named.
    pub(super) fn one_default(&mut self, file: FileId, written: &written::LearningObject) {
        let mut firsts = Firsts::new();
        for instance in &written.instances {
            if let Some(default) = instance.default.as_ref().filter(|it| it.value) {
                let place = (file, default.spot);
                self.only_once(place, (), "default instance", &mut firsts);
            }
        }
    }
}

fn learning_object(
    (id, number): (LearningObjectId, LearningObjectNumber),
    written: &written::LearningObject,
    badge: Option<u64>,
    instances: Vec<InstanceNumber>,
) -> LearningObject {
    LearningObject {
        number,
        id,
        name: written.name.as_ref().map(|it| it.0.clone()),
        state: written.state.unwrap_or_default(),
        badge,
        unenrollment_allowed: written.unenrollment_allowed.unwrap_or(true),
        instances: instances.into(),
    }
}
