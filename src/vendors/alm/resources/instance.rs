//! A run of something to learn.

use std::sync::Arc;

use super::{Context, Members, Module, Ref, Related, Relation, Resource};
use crate::vendors::alm::records::{Instance, InstanceState};

impl Resource for Arc<Instance> {
    fn reference(&self) -> Ref {
        Ref::Instance(self.id)
    }

    fn attributes(&self, members: &mut Members<'_>) {
        members.instant("completionDeadline", self.deadline);
        members.instant("enrollmentDeadline", self.enrollment_deadline);
        members.put("isDefault", &self.is_default);
        members.maybe("seatLimit", self.seat_limit.as_ref());
        members.put("state", state(self.state));
        members.instant("unenrollmentDeadline", self.unenrollment_deadline);
    }

    fn related(&self, relation: Relation, context: &Context<'_>) -> Related {
        match relation {
            Relation::Badge => {
                let object = context.world.learning_object_at(self.learning_object);
                Related::maybe(object.and_then(|it| it.badge).map(Ref::Badge))
            }
            Relation::Enrollment => {
                let own = context.enrollments;
                let own = own.and_then(|own| own.in_instance(self.number));
                Related::maybe(own.map(|it| it.reference()))
            }
            Relation::LearningObject => Related::One(Ref::LearningObject(self.id.of)),
            Relation::LoResources => {
                Related::some(Module::all_of(self).map(Ref::LoResource).collect())
            }
            Relation::SubLoInstances => {
                let parts = self.sub_instances.iter();
                let parts = parts.filter_map(|number| context.world.instance_at(*number));
                Related::some(parts.map(|it| Ref::Instance(it.id)).collect())
            }
            _ => Related::Nothing,
        }
    }
}

const fn state(state: InstanceState) -> &'static str {
    match state {
        InstanceState::Active => "Active",
        InstanceState::Retired => "Retired",
    }
}
