//! Which of a user's enrollments a list shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::platform::ApiError;
use crate::records::Order;
use crate::vendors::alm::params::Params;
use crate::vendors::alm::records::{
    Enrollment, EnrollmentState, InstanceId, InstanceNumber, InstanceState, LearningObjectId,
    LearningObjectState, LoType, Second, read_enrollment_id,
};
use crate::vendors::alm::world::{Visible, World};

/// How every filter's name begins, and the whole name of none.
const BARE: &str = "filter";

/// What a caller filters by.
#[derive(Debug, Default)]
pub struct Filter {
    /// Only what still goes on or is completed.
    active: bool,
    /// Only what is completed, or only what is not.
    completed: Option<bool>,
    /// Only what has a deadline, or only what has none.
    has_deadline: Option<bool>,
    /// Only what is in instances of these states. Empty: of any.
    instance_states: Vec<InstanceState>,
    /// Only these: instances and ids of users.
    pub ids: Option<BTreeSet<(InstanceId, u64)>>,
    /// Only one enrollment for each learning object.
    primary: bool,
    /// Not what belongs to a program that the user is enrolled in.
    top: bool,
}

impl Filter {
    /// What everybody may filter by.
    ///
    /// # Errors
    /// When a parameter is not what it should be.
    pub fn of_anybody(params: &Params) -> Result<Self, ApiError> {
        // A filter by nothing, whatever it says.
        if params.has(BARE) {
            return Err(ApiError::Malformed(BARE.to_owned()));
        }
        let mut filter = Filter::default();
        for state in params.several("filter.states") {
            match state {
                "active" => filter.active = true,
                other => return Err(ApiError::Malformed(other.to_owned())),
            }
        }
        Ok(filter)
    }

    /// What learners may filter by, and what their own list leaves out unasked.
    ///
    /// # Errors
    /// When a parameter is not what it should be.
    pub fn of_a_learner(params: &Params) -> Result<Self, ApiError> {
        let hierarchical = params.flag("includeHierarchicalEnrollments")?;
        Ok(Filter {
            completed: params.flag("filter.completed")?,
            has_deadline: params.flag("filter.hasDeadline")?,
            instance_states: instance_states(params)?,
            ids: ids(params)?,
            primary: true,
            top: hierarchical != Some(true),
            ..Filter::of_anybody(params)?
        })
    }
}

fn instance_states(params: &Params) -> Result<Vec<InstanceState>, ApiError> {
    let states = params.several("filter.loInstanceStates");
    let states = states.map(|state| match state {
        "Active" => Ok(InstanceState::Active),
        "Retired" => Ok(InstanceState::Retired),
        other => Err(ApiError::Malformed(other.to_owned())),
    });
    states.collect()
}

fn ids(params: &Params) -> Result<Option<BTreeSet<(InstanceId, u64)>>, ApiError> {
    let ids = params.several("ids");
    let ids = ids.map(|id| {
        let read = read_enrollment_id(id);
        read.ok_or_else(|| ApiError::Malformed(id.to_owned()))
    });
    let ids: BTreeSet<_> = ids.collect::<Result<_, _>>()?;
    Ok((!ids.is_empty()).then_some(ids))
}

/// A filter, applied to one user's enrollments.
#[derive(Debug)]
pub struct Filtered<'a> {
    filter: &'a Filter,
    world: &'a World,
    visible: Visible<'a>,
    /// The parts of the programs that the user is enrolled in.
    parts: BTreeSet<InstanceNumber>,
    /// What stands for each learning object, once it is asked for.
    primaries: OnceLock<BTreeMap<LearningObjectId, Rank>>,
}

/// What comes first stands for its learning object: the first one completed, else the first one made.
type Rank = (bool, Option<Second>, Second, InstanceId);

impl<'a> Filtered<'a> {
    /// The filter for these enrollments.
    pub fn new(filter: &'a Filter, world: &'a World, visible: Visible<'a>) -> Self {
        let parts = if filter.top {
            parts_of_programs(world, visible)
        } else {
            BTreeSet::new()
        };
        Filtered {
            filter,
            world,
            visible,
            parts,
            primaries: OnceLock::new(),
        }
    }

    /// Whether the list shows whatever there is.
    pub fn shows_all(&self) -> bool {
        let Filter {
            active,
            completed,
            has_deadline,
            instance_states,
            ids,
            primary,
            top,
        } = self.filter;
        !(*active || *primary || *top)
            && (completed, has_deadline, ids) == (&None, &None, &None)
            && instance_states.is_empty()
    }

    /// Whether the list shows it.
    pub fn shows(&self, it: &Enrollment) -> bool {
        let filter = self.filter;
        let is_completed = it.state == EnrollmentState::Completed;
        filter.completed.is_none_or(|wanted| wanted == is_completed)
            && filter
                .has_deadline
                .is_none_or(|wanted| wanted == it.deadline.is_some())
            && filter
                .ids
                .as_ref()
                .is_none_or(|ids| ids.contains(&(it.instance_id, it.user_id)))
            && self.has_state(it)
            && (!filter.active || is_completed || self.goes_on(it))
            && !self.parts.contains(&it.instance)
            && (!filter.primary || self.is_primary(it))
    }

    fn has_state(&self, it: &Enrollment) -> bool {
        let wanted = &self.filter.instance_states;
        let instance = self.world.instance_at(it.instance);
        wanted.is_empty() || instance.is_some_and(|instance| wanted.contains(&instance.state))
    }

    /// Whether neither the instance nor the learning object was withdrawn.
    fn goes_on(&self, it: &Enrollment) -> bool {
        let Some(instance) = self.world.instance_at(it.instance) else {
            return false;
        };
        let object = self.world.learning_object_at(instance.learning_object);
        instance.state == InstanceState::Active
            && object.is_some_and(|object| object.state == LearningObjectState::Published)
    }

    /// Whether it is the one that stands for its learning object.
    fn is_primary(&self, it: &Enrollment) -> bool {
        let object = self.world.learning_object(it.instance_id.of);
        // Most have one instance, and nothing to compare.
        if object.is_none_or(|object| object.instances.len() < 2) {
            return true;
        }
        // A learning object may have any number of instances: the user's own enrollments are fewer.
        let primaries = self.primaries.get_or_init(|| primaries(self.visible));
        let primary = primaries.get(&it.instance_id.of);
        primary.is_none_or(|primary| *primary == rank(it))
    }
}

fn rank(it: &Enrollment) -> Rank {
    (
        it.completed.is_none(),
        it.completed,
        it.enrolled,
        it.instance_id,
    )
}

/// The enrollments that stand for the user's learning objects.
fn primaries(visible: Visible<'_>) -> BTreeMap<LearningObjectId, Rank> {
    let kinds = LoType::ALL.into_iter();
    let all = kinds.flat_map(|kind| visible.of_type(kind, Order::Ascending));
    let mut primaries = BTreeMap::new();
    for it in all {
        let rank = rank(&it);
        let first = primaries.entry(it.instance_id.of).or_insert(rank);
        *first = rank.min(*first);
    }
    primaries
}

/// The instances that the user's learning programs and certifications are made of.
fn parts_of_programs(world: &World, visible: Visible<'_>) -> BTreeSet<InstanceNumber> {
    let kinds = [LoType::LearningProgram, LoType::Certification].into_iter();
    let programs = kinds.flat_map(|kind| visible.of_type(kind, Order::Ascending));
    let instances = programs.filter_map(|it| world.instance_at(it.instance));
    instances
        .flat_map(|instance| instance.sub_instances.to_vec())
        .collect()
}
