//! Somebody's enrollment in an instance.

use super::{Context, Members, Module, Ref, Related, Relation, Resource, earned};
use crate::vendors::alm::records::{Enrollment, EnrollmentSource, EnrollmentState};

impl Resource for Enrollment {
    fn reference(&self) -> Ref {
        Ref::Enrollment(self.instance_id, self.user_id)
    }

    fn attributes(&self, members: &mut Members<'_>) {
        members.instant("completionDeadline", self.deadline);
        members.instant("dateCompleted", self.completed);
        members.instant("dateEnrolled", Some(self.enrolled));
        members.instant("dateStarted", self.started);
        members.put("enrollmentSource", source(self.source));
        members.put("hasPassed", &self.passed);
        members.instant("lastAccessDate", self.last_access);
        members.put("progressPercent", &self.progress);
        members.decimal("purchasedPrice", self.purchased_price);
        members.maybe("rating", self.rating.as_ref());
        members.put("score", &self.score);
        members.put("state", state(self.state));
        members.maybe("url", self.url.as_deref());
    }

    fn related(&self, relation: Relation, context: &Context<'_>) -> Related {
        match relation {
            Relation::Learner => Related::One(Ref::User(self.user_id)),
            Relation::LearnerBadge => Related::maybe(badge(self, context)),
            Relation::LearningObject => Related::One(Ref::LearningObject(self.instance_id.of)),
            Relation::LoInstance => Related::One(Ref::Instance(self.instance_id)),
            Relation::LoResourceGrades => Related::some(grades(self, context)),
            _ => Related::Nothing,
        }
    }
}

/// The badge that it earned: there is one only once it is completed.
fn badge(enrollment: &Enrollment, context: &Context<'_>) -> Option<Ref> {
    let badge = earned(enrollment, context)?;
    Some(Ref::UserBadge(
        enrollment.user_id,
        badge,
        enrollment.instance_id,
    ))
}

/// One grade for each module, started or not.
fn grades(enrollment: &Enrollment, context: &Context<'_>) -> Vec<Ref> {
    let Some(instance) = context.world.instance_at(enrollment.instance) else {
        return Vec::new();
    };
    let modules = Module::all_of(&instance);
    modules
        .map(|module| Ref::Grade(module, enrollment.user_id))
        .collect()
}

const fn state(state: EnrollmentState) -> &'static str {
    match state {
        EnrollmentState::Enrolled => "ENROLLED",
        EnrollmentState::Started => "STARTED",
        EnrollmentState::Completed => "COMPLETED",
        EnrollmentState::PendingApproval => "PENDING_APPROVAL",
        EnrollmentState::PendingAcceptance => "PENDING_ACCEPTANCE",
        EnrollmentState::Waiting => "WAITING",
        EnrollmentState::Rejected => "REJECTED",
    }
}

const fn source(source: EnrollmentSource) -> &'static str {
    match source {
        EnrollmentSource::SelfEnroll => "SELF_ENROLL",
        EnrollmentSource::AdminEnroll => "ADMIN_ENROLL",
        EnrollmentSource::AutoEnroll => "AUTO_ENROLL",
        EnrollmentSource::MgrEnroll => "MGR_ENROLL",
        EnrollmentSource::MgrApproval => "MGR_APPROVAL",
        EnrollmentSource::MgrNominated => "MGR_NOMINATED",
        EnrollmentSource::LmsMigration => "LMS_MIGRATION",
    }
}
