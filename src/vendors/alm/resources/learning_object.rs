//! Something to learn.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::{Context, Members, Ref, Related, Relation, Resource};
use crate::records::Record;
use crate::vendors::alm::records::{Enrollment, Instance, LearningObject, LearningObjectState};

/// The language of all names: scenarios have no other.
const LOCALE: &str = "en-US";

/// A name in one language. Names are nowhere else: there is no attribute `name`.
#[derive(Serialize)]
struct LocalizedMetadata<'a> {
    locale: &'static str,
    name: &'a str,
}

impl Resource for Arc<LearningObject> {
    fn reference(&self) -> Ref {
        Ref::LearningObject(self.id)
    }

    fn attributes(&self, members: &mut Members<'_>) {
        members.put("loType", self.id.kind.name());
        members.put("state", state(self.state));
        members.put("unenrollmentAllowed", &self.unenrollment_allowed);
        let name = self.name.as_deref();
        let metadata = name.map(|name| {
            [LocalizedMetadata {
                locale: LOCALE,
                name,
            }]
        });
        members.maybe("localizedMetadata", metadata.as_ref());
    }

    fn related(&self, relation: Relation, context: &Context<'_>) -> Related {
        match relation {
            Relation::Enrollment => {
                let primary = primary(self, context);
                Related::maybe(primary.map(|it| it.reference()))
            }
            Relation::Instances => {
                let ids = instances(self, context).map(|it| Ref::Instance(it.id));
                Related::some(ids.collect())
            }
            Relation::SubLos => Related::some(parts(self, context)),
            _ => Related::Nothing,
        }
    }
}

/// The learner's enrollment that stands for all in its instances, as in lists: the first one completed,
/// else the first one made.
fn primary(object: &LearningObject, context: &Context<'_>) -> Option<Enrollment> {
    let own = context.enrollments?;
    let found = object.instances.iter();
    let found = found.filter_map(|number| own.in_instance(*number));
    found.min_by_key(|it| (it.completed.is_none(), it.completed, it.place()))
}

fn instances<'a>(
    object: &'a LearningObject,
    context: &'a Context<'_>,
) -> impl Iterator<Item = Arc<Instance>> + 'a {
    let numbers = object.instances.iter();
    numbers.filter_map(|number| context.world.instance_at(*number))
}

/// What a learning program or certification is made of, in any of its runs.
fn parts(object: &LearningObject, context: &Context<'_>) -> Vec<Ref> {
    let mut seen = BTreeSet::new();
    let mut parts = Vec::new();
    for instance in instances(object, context) {
        for number in &instance.sub_instances {
            let Some(part) = context.world.instance_at(*number) else {
                continue;
            };
            if seen.insert(part.id.of) {
                parts.push(Ref::LearningObject(part.id.of));
            }
        }
    }
    parts
}

const fn state(state: LearningObjectState) -> &'static str {
    match state {
        LearningObjectState::Published => "Published",
        LearningObjectState::Retired => "Retired",
    }
}
