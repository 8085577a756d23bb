//! A user's enrollment in an instance.

use std::ops::Range;

use super::{Context, Members, Module, Ref, Related, Relation, Resource, append, earned};
use crate::digits;
use crate::vendors::alm::records::{Enrollment, EnrollmentSource, EnrollmentState, Second};

/// An instant as a member, with zeros for digits.
macro_rules! instant {
    ($name:literal) => {
        concat!("\"", $name, "\":\"0000-00-00T00:00:00.000Z\",").as_bytes()
    };
}

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
        self.append_attributes(bytes);
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

impl Enrollment {
    /// Appends `,"attributes":{`, all attributes and `}`.
    fn append_attributes(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(b",\"attributes\":{");
        // Those before the first one that is always there end in a comma, those behind the last begin with one.
        instant(bytes, instant!("completionDeadline"), self.deadline);
        instant(bytes, instant!("dateCompleted"), self.completed);
        instant(bytes, instant!("dateEnrolled"), Some(self.enrolled));
        instant(bytes, instant!("dateStarted"), self.started);
        bytes.extend_from_slice(b"\"enrollmentSource\":\"");
        bytes.extend_from_slice(source(self.source).as_bytes());
        bytes.extend_from_slice(if self.passed {
            b"\",\"hasPassed\":true,"
        } else {
            b"\",\"hasPassed\":false,"
        });
        instant(bytes, instant!("lastAccessDate"), self.last_access);
        bytes.extend_from_slice(b"\"progressPercent\":");
        digits::number(bytes, u64::from(self.progress));
        let rare = self.rare.as_deref();
        if let Some(price) = rare
            .and_then(|it| it.purchased_price)
            .filter(|it| it.is_finite())
        {
            bytes.extend_from_slice(b",\"purchasedPrice\":");
            bytes.extend_from_slice(price.to_string().as_bytes());
        }
        if let Some(rating) = rare.and_then(|it| it.rating.as_ref()) {
            bytes.extend_from_slice(b",\"rating\":");
            append(bytes, rating);
        }
        bytes.extend_from_slice(b",\"score\":");
        digits::number(bytes, u64::from(self.score));
        bytes.extend_from_slice(b",\"state\":\"");
        bytes.extend_from_slice(state(self.state).as_bytes());
        bytes.push(b'"');
        if let Some(url) = rare.and_then(|it| it.url.as_deref()) {
            bytes.extend_from_slice(b",\"url\":");
            append(bytes, url);
        }
        bytes.push(b'}');
    }
}

/// Appends an instant, where there is one, as a member with a comma behind it: `zeros` with its digits.
fn instant(bytes: &mut Vec<u8>, zeros: &'static [u8], value: Option<Second>) {
    const BEHIND_DATE: usize = "T00:00:00.000Z\",".len();
    let Some(value) = value else {
        return;
    };
    let at = digits::utc(value.at());
    bytes.extend_from_slice(zeros);
    let behind = bytes.len() - BEHIND_DATE;
    bytes[behind - 10..behind].copy_from_slice(&digits::day(at.date()));
    bytes[behind + 1..behind + 9].copy_from_slice(&digits::time(at.time()));
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
