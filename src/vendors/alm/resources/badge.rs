//! A badge, and when it is earned.

use super::{Context, Members, Ref, Related, Relation, Resource};
use crate::vendors::alm::records::{Enrollment, EnrollmentState};

/// A badge, of which only the id is known.
#[derive(Debug)]
pub struct Badge(pub u64);

impl Resource for Badge {
    fn reference(&self) -> Ref {
        Ref::Badge(self.0)
    }

    fn attributes(&self, _: &mut Members<'_>) {}

    fn related(&self, _: Relation, _: &Context<'_>) -> Related {
        Related::Nothing
    }
}

/// The badge that an enrollment earned: its learning object's, once it is completed.
pub fn earned(enrollment: &Enrollment, context: &Context<'_>) -> Option<u64> {
    if enrollment.state != EnrollmentState::Completed {
        return None;
    }
    let object = context.world.learning_object(enrollment.instance_id.of)?;
    object.badge
}
