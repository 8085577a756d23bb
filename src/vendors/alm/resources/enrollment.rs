//! Somebody's enrollment in an instance.

use std::ops::Range;

use super::{
    Context, Members, Module, Ref, Related, Relation, Resource, append_attributes, earned,
};
use crate::digits;
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
        members.word("enrollmentSource", source(self.source));
        members.flag("hasPassed", self.passed);
        members.instant("lastAccessDate", self.last_access);
        members.number("progressPercent", self.progress);
        let rare = self.rare.as_deref();
        members.decimal("purchasedPrice", rare.and_then(|it| it.purchased_price));
        members.maybe("rating", rare.and_then(|it| it.rating.as_ref()));
        members.number("score", self.score);
        members.word("state", state(self.state));
        members.maybe("url", rare.and_then(|it| it.url.as_deref()));
    }

    /// Lists consist of these, and most of what they say are ids put together from the same three: what was
    /// written once is copied from there.
    fn append_all(&self, id: Range<usize>, context: &Context<'_>, bytes: &mut Vec<u8>) -> bool {
        append_attributes(self, bytes);
        let object = id.start..id.start + self.instance_id.of.length();
        let user = id.end - digits::length(self.user_id)..id.end;
        let instance = id.start..user.start - 1;
        bytes.extend_from_slice(b",\"relationships\":{\"learner\":{\"data\":{\"id\":\"");
        bytes.extend_from_within(user.clone());
        bytes.extend_from_slice(b"\",\"type\":\"user\"}}");
        if let Some(badge) = badge(self, context) {
            bytes.extend_from_slice(b",\"learnerBadge\":{\"data\":{\"id\":\"");
            badge.append_id(context, bytes);
            bytes.extend_from_slice(b"\",\"type\":\"userBadge\"}}");
        }
        bytes.extend_from_slice(b",\"learningObject\":{\"data\":{\"id\":\"");
        bytes.extend_from_within(object);
        bytes.extend_from_slice(
            b"\",\"type\":\"learningObject\"}},\"loInstance\":{\"data\":{\"id\":\"",
        );
        bytes.extend_from_within(instance.clone());
        bytes.extend_from_slice(b"\",\"type\":\"learningObjectInstance\"}}");
        let found = context.world.instance_at(self.instance);
        let mut before: &[u8] = b",\"loResourceGrades\":{\"data\":[{\"id\":\"";
        let first = before;
        for module in found.iter().flat_map(|instance| Module::all_of(instance)) {
            bytes.extend_from_slice(before);
            before = b",{\"id\":\"";
            bytes.extend_from_within(instance.clone());
            bytes.push(b'_');
            digits::number(bytes, module.number);
            bytes.push(b'_');
            digits::number(bytes, u64::from(module.version));
            bytes.push(b'_');
            bytes.extend_from_within(user.clone());
            bytes.extend_from_slice(b"\",\"type\":\"learningObjectResourceGrade\"}");
        }
        if before != first {
            bytes.extend_from_slice(b"]}");
        }
        bytes.push(b'}');
        true
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
