//! Which resource is meant: its type and what its id is put together from.

use super::{Account, Badge, Context, File, Grade, Kind, LoResource, Module, Resource, UserBadge};
use crate::digits;
use crate::vendors::alm::records::{Enrollment, InstanceId, LearningObjectId, LoType};

/// A resource, known by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ref {
    /// The enrollment in an instance of a user.
    Enrollment(InstanceId, u64),
    /// A learning object.
    LearningObject(LearningObjectId),
    /// An instance.
    Instance(InstanceId),
    /// How a user does in a module.
    Grade(Module, u64),
    /// A module.
    LoResource(Module),
    /// The content behind a module.
    Resource(Module),
    /// A user.
    User(u64),
    /// The badge of this number that a user earned by an instance.
    UserBadge(u64, u64, InstanceId),
    /// A badge.
    Badge(u64),
    /// The account.
    Account,
}

impl Ref {
    /// The type.
    pub const fn kind(self) -> Kind {
        match self {
            Ref::Enrollment(..) => Kind::Enrollment,
            Ref::LearningObject(_) => Kind::LearningObject,
            Ref::Instance(_) => Kind::Instance,
            Ref::Grade(..) => Kind::Grade,
            Ref::LoResource(_) => Kind::LoResource,
            Ref::Resource(_) => Kind::Resource,
            Ref::User(_) => Kind::User,
            Ref::UserBadge(..) => Kind::UserBadge,
            Ref::Badge(_) => Kind::Badge,
            Ref::Account => Kind::Account,
        }
    }

    /// Appends the id on the wire. It needs no escapes: accounts are checked for that.
    pub fn append_id(self, context: &Context<'_>, bytes: &mut Vec<u8>) {
        let number = digits::number;
        match self {
            Ref::Enrollment(instance, user) => {
                instance.append(bytes);
                bytes.push(b'_');
                number(bytes, user);
            }
            Ref::LearningObject(id) => id.append(bytes),
            Ref::Instance(id) => id.append(bytes),
            Ref::Grade(module, user) => {
                module.append(bytes);
                bytes.push(b'_');
                number(bytes, user);
            }
            Ref::LoResource(module) => module.append(bytes),
            Ref::Resource(module) => {
                module.append(bytes);
                bytes.extend_from_slice(b"_resource");
            }
            Ref::User(id) | Ref::Badge(id) => number(bytes, id),
            Ref::UserBadge(user, badge, instance) => {
                number(bytes, user);
                bytes.push(b'_');
                number(bytes, badge);
                bytes.push(b'_');
                bytes.extend_from_slice(model(instance.of.kind).as_bytes());
                bytes.push(b'_');
                number(bytes, instance.of.number);
                bytes.push(b'_');
                digits::signed(bytes, instance.number);
            }
            Ref::Account => bytes.extend_from_slice(context.world.account().as_bytes()),
        }
    }

    /// The resource itself. None: there is none, or the caller may not see it.
    pub fn load(self, context: &Context<'_>) -> Option<Box<dyn Resource>> {
        let world = context.world;
        Some(match self {
            Ref::Enrollment(instance, user) => Box::new(enrollment(instance, user, context)?),
            Ref::LearningObject(id) => Box::new(world.learning_object(id)?),
            Ref::Instance(id) => Box::new(world.instance(id)?),
            Ref::Grade(module, user) => {
                let instance = world.instance(module.instance)?;
                let enrollment = enrollment(module.instance, user, context)?;
                Box::new(Grade::of(&enrollment, &instance, module)?)
            }
            Ref::LoResource(module) => Box::new(LoResource(module)),
            Ref::Resource(module) => Box::new(File(module)),
            Ref::User(id) => Box::new(world.user(id)?),
            Ref::UserBadge(user, badge, instance) => {
                let enrollment = enrollment(instance, user, context)?;
                Box::new(UserBadge::of(&enrollment, badge))
            }
            Ref::Badge(id) => Box::new(Badge(id)),
            Ref::Account => Box::new(Account),
        })
    }
}

/// What ids of earned badges call a type of learning objects. Only courses were seen.
const fn model(kind: LoType) -> &'static str {
    match kind {
        LoType::Course => "COURSE",
        LoType::LearningProgram => "LEARNING_PROGRAM",
        LoType::Certification => "CERTIFICATION",
        LoType::JobAid => "JOB_AID",
    }
}

/// The enrollment of the learner whom the document is about, if it is that user.
fn enrollment(instance: InstanceId, user: u64, context: &Context<'_>) -> Option<Enrollment> {
    let number = context.world.instance(instance)?.number;
    let found = context.enrollments?.in_instance(number)?;
    (found.user_id == user).then_some(found)
}
