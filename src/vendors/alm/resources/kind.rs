//! The types of resources and the relations that each has.

/// A type of resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A user's enrollment in an instance.
    Enrollment,
    /// Something to learn.
    LearningObject,
    /// A run of something to learn.
    Instance,
    /// How a user does in a part of an instance.
    Grade,
    /// A part of an instance.
    LoResource,
    /// The content behind a part.
    Resource,
    /// Somebody.
    User,
    /// A badge that a user earned.
    UserBadge,
    /// A badge.
    Badge,
    /// The account.
    Account,
}

impl Kind {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Enrollment => "learningObjectInstanceEnrollment",
            Kind::LearningObject => "learningObject",
            Kind::Instance => "learningObjectInstance",
            Kind::Grade => "learningObjectResourceGrade",
            Kind::LoResource => "learningObjectResource",
            Kind::Resource => "resource",
            Kind::User => "user",
            Kind::UserBadge => "userBadge",
            Kind::Badge => "badge",
            Kind::Account => "account",
        }
    }

    /// Its relations by name, each with the type that it leads to. None: to what no scenario holds.
    pub const fn relations(self) -> &'static [(Relation, Option<Kind>)] {
        match self {
            Kind::Enrollment => &[
                (Relation::Learner, Some(Kind::User)),
                (Relation::LearnerBadge, Some(Kind::UserBadge)),
                (Relation::LearningObject, Some(Kind::LearningObject)),
                (Relation::LoInstance, Some(Kind::Instance)),
                (Relation::LoResourceGrades, Some(Kind::Grade)),
            ],
            Kind::LearningObject => &[
                (Relation::Authors, Some(Kind::User)),
                (Relation::Enrollment, Some(Kind::Enrollment)),
                (Relation::Instances, Some(Kind::Instance)),
                (Relation::PrerequisiteLos, Some(Kind::LearningObject)),
                (Relation::Skills, None),
                (Relation::SubLos, Some(Kind::LearningObject)),
                (Relation::SupplementaryLos, Some(Kind::LearningObject)),
                (Relation::SupplementaryResources, Some(Kind::Resource)),
            ],
            Kind::Instance => &[
                (Relation::Badge, Some(Kind::Badge)),
                (Relation::Enrollment, Some(Kind::Enrollment)),
                (Relation::L1FeedbackInfo, None),
                (Relation::LearningObject, Some(Kind::LearningObject)),
                (Relation::LoResources, Some(Kind::LoResource)),
                (Relation::SubLoInstances, Some(Kind::Instance)),
            ],
            Kind::Grade => &[(Relation::LoResource, Some(Kind::LoResource))],
            Kind::LoResource => &[
                (Relation::LearningObject, Some(Kind::LearningObject)),
                (Relation::LoInstance, Some(Kind::Instance)),
                (Relation::Resources, Some(Kind::Resource)),
            ],
            Kind::User => &[
                (Relation::Account, Some(Kind::Account)),
                (Relation::Manager, Some(Kind::User)),
            ],
            Kind::UserBadge => &[
                (Relation::Badge, Some(Kind::Badge)),
                (Relation::Learner, Some(Kind::User)),
                (Relation::Model, Some(Kind::LearningObject)),
            ],
            Kind::Resource | Kind::Badge | Kind::Account => &[],
        }
    }

    /// Its relation of this name.
    pub fn relation(self, name: &str) -> Option<(Relation, Option<Kind>)> {
        let mut relations = self.relations().iter().copied();
        relations.find(|(relation, _)| relation.name() == name)
    }
}

/// What a resource can have to do with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the vendor's names say it")]
pub enum Relation {
    Account,
    Authors,
    Badge,
    Enrollment,
    Instances,
    L1FeedbackInfo,
    Learner,
    LearnerBadge,
    LearningObject,
    LoInstance,
    LoResource,
    LoResourceGrades,
    LoResources,
    Manager,
    Model,
    PrerequisiteLos,
    Resources,
    Skills,
    SubLoInstances,
    SubLos,
    SupplementaryLos,
    SupplementaryResources,
}

impl Relation {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Relation::Account => "account",
            Relation::Authors => "authors",
            Relation::Badge => "badge",
            Relation::Enrollment => "enrollment",
            Relation::Instances => "instances",
            Relation::L1FeedbackInfo => "l1FeedbackInfo",
            Relation::Learner => "learner",
            Relation::LearnerBadge => "learnerBadge",
            Relation::LearningObject => "learningObject",
            Relation::LoInstance => "loInstance",
            Relation::LoResource => "loResource",
            Relation::LoResourceGrades => "loResourceGrades",
            Relation::LoResources => "loResources",
            Relation::Manager => "manager",
            Relation::Model => "model",
            Relation::PrerequisiteLos => "prerequisiteLOs",
            Relation::Resources => "resources",
            Relation::Skills => "skills",
            Relation::SubLoInstances => "subLoInstances",
            Relation::SubLos => "subLOs",
            Relation::SupplementaryLos => "supplementaryLOs",
            Relation::SupplementaryResources => "supplementaryResources",
        }
    }
}
