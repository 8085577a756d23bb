//! A badge that a user earned.

use super::{Context, Members, Ref, Related, Relation, Resource};
use crate::vendors::alm::records::{Enrollment, InstanceId, Second};

/// A badge that a user earned by completing an instance.
#[derive(Debug)]
pub struct UserBadge {
    badge: u64,
    user: u64,
    instance: InstanceId,
    achieved: Option<Second>,
}

impl UserBadge {
    /// The badge that this enrollment earned.
    pub fn of(enrollment: &Enrollment, badge: u64) -> Self {
        UserBadge {
            badge,
            user: enrollment.user_id,
            instance: enrollment.instance_id,
            achieved: enrollment.completed,
        }
    }
}

impl Resource for UserBadge {
    fn reference(&self) -> Ref {
        Ref::UserBadge(self.user, self.badge, self.instance)
    }

    fn attributes(&self, members: &mut Members<'_>) {
        members.instant("dateAchieved", self.achieved);
    }

    fn related(&self, relation: Relation, _: &Context<'_>) -> Related {
        match relation {
            Relation::Badge => Related::One(Ref::Badge(self.badge)),
            Relation::Learner => Related::One(Ref::User(self.user)),
            Relation::Model => Related::One(Ref::LearningObject(self.instance.of)),
            _ => Related::Nothing,
        }
    }
}
