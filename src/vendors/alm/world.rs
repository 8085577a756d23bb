//! Adobe's tables in one sandbox, and what a caller may see of them.

use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

use super::behaviour::Behaviour;
use super::emails::Emails;
use super::generated::Generated;
use super::records::{
    Enrollment, EnrollmentPlace, EnrollmentState, Group, Instance, InstanceId, InstanceNumber,
    LearningObject, LearningObjectId, LearningObjectNumber, LoType, Scope, User, UserNumber,
};
use super::tokens::{Clients, Holder, Issued, ListedTokens};
use super::written;
use crate::platform::Principal;
use crate::records::{self, Order, Source, Table, Walk};

/// Everything a scenario says of Adobe Learning Manager, shared by all sandboxes and never written.
#[derive(Debug)]
pub struct Base {
    pub(super) account: String,
    pub(super) users: Arc<records::Base<Arc<User>>>,
    /// Users do not change while running, and neither does what there is to learn.
    pub(super) learning_objects: Arc<records::Base<Arc<LearningObject>>>,
    pub(super) instances: Arc<records::Base<Arc<Instance>>>,
    pub(super) enrollments: Arc<records::Base<Enrollment>>,
    pub(super) tokens: ListedTokens,
    pub(super) emails: Emails,
    pub(super) clients: Clients,
    pub(super) behaviour: Behaviour,
    /// The population as Adobe shows it.
    pub(super) generated: Option<Arc<Generated>>,
    /// What never changes while running, as the scenario writes it: all but the enrollments.
    pub(super) written: written::Section,
}

impl Base {
    /// The first listed token, to try the server with.
    pub fn first_token(&self) -> Option<&str> {
        self.tokens.first_access()
    }
}

/// Adobe Learning Manager in one sandbox.
#[derive(Debug)]
pub struct World {
    pub(super) base: Arc<Base>,
    pub(super) enrollments: Table<Enrollment>,
    /// How full the instances are whose seats were asked for; kept up with every change.
    occupied: HashMap<InstanceNumber, Occupied>,
    issued: Issued,
}

/// How full an instance is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occupied {
    /// Seats that are taken.
    pub seats: u64,
    /// Enrollments that wait for one.
    pub waiting: u64,
}

impl Occupied {
    fn of(&mut self, state: EnrollmentState) -> &mut u64 {
        if state.holds_seat() {
            &mut self.seats
        } else {
            &mut self.waiting
        }
    }
}

impl World {
    /// The world as the scenario starts it. `name` is the sandbox's; what a world makes up derives
    /// from the seed and this name, so two sandboxes never make up the same.
    pub fn new(base: Arc<Base>, seed: u64, name: &str) -> Self {
        World {
            enrollments: Table::new(Arc::clone(&base.enrollments)),
            occupied: HashMap::new(),
            issued: Issued::new(&base.tokens, seed, name),
            base,
        }
    }

    /// A world over a base that was checked from this one's records and more. Issued tokens live on, and
    /// nothing is made up twice.
    #[must_use]
    pub fn over(&self, base: Arc<Base>) -> Self {
        World {
            enrollments: Table::new(Arc::clone(&base.enrollments)),
            occupied: HashMap::new(),
            issued: self.issued.over(&base.tokens),
            base,
        }
    }

    /// The switches.
    pub fn behaviour(&self) -> &Behaviour {
        &self.base.behaviour
    }

    /// The id of the account.
    pub fn account(&self) -> &str {
        &self.base.account
    }

    /// The clients of the OAuth endpoints.
    pub fn clients(&self) -> &Clients {
        &self.base.clients
    }

    /// The tokens.
    pub fn issued(&self) -> &Issued {
        &self.issued
    }

    /// The tokens, to issue one or to renew one.
    pub fn issued_mut(&mut self) -> &mut Issued {
        &mut self.issued
    }

    /// How many records each table holds.
    pub fn counts(&self) -> [(&'static str, u64); 4] {
        [
            ("users", self.base.users.count()),
            ("learning_objects", self.base.learning_objects.count()),
            ("instances", self.base.instances.count()),
            ("enrollments", self.enrollments.count()),
        ]
    }

    /// The user of this id.
    pub fn user(&self, id: u64) -> Option<Arc<User>> {
        self.base.users.get(id)
    }

    /// The user at this place.
    pub fn user_at(&self, number: UserNumber) -> Option<Arc<User>> {
        self.base.users.at(number)
    }

    /// The user with this address, whatever its case.
    pub fn user_with_email(&self, email: &str) -> Option<Arc<User>> {
        self.user_at(self.base.emails.get(email)?)
    }

    /// The learning object of this id.
    pub fn learning_object(&self, id: LearningObjectId) -> Option<Arc<LearningObject>> {
        self.base.learning_objects.get(id)
    }

    /// The learning object at this place.
    pub fn learning_object_at(&self, number: LearningObjectNumber) -> Option<Arc<LearningObject>> {
        self.base.learning_objects.at(number)
    }

    /// The instance of this id.
    pub fn instance(&self, id: InstanceId) -> Option<Arc<Instance>> {
        self.base.instances.get(id)
    }

    /// The instance at this place.
    pub fn instance_at(&self, number: InstanceNumber) -> Option<Arc<Instance>> {
        self.base.instances.at(number)
    }

    /// Whether a caller's token may be used for something.
    pub fn may(&self, holder: &Holder, scope: Scope) -> bool {
        holder.scopes.contains(scope)
    }

    /// What the caller sees of the enrollments of one user. None: those of another user, and the
    /// caller is no administrator.
    pub fn seen_by(&self, holder: &Holder, user: UserNumber, scope: Scope) -> Option<Visible<'_>> {
        let is_admin = matches!(scope, Scope::AdminRead | Scope::AdminWrite);
        let sees = (is_admin && holder.scopes.contains(scope)) || holder.user == user;
        sees.then_some(Visible { world: self, user })
    }

    /// Puts an enrollment in the place of the one of the same user and instance.
    pub fn put_enrollment(&mut self, enrollment: Enrollment) {
        self.forget_seat(enrollment.user, enrollment.instance);
        if let Some(occupied) = self.occupied.get_mut(&enrollment.instance) {
            *occupied.of(enrollment.state) += 1;
        }
        self.enrollments.put(enrollment);
    }

    /// Takes an enrollment away; whether there was one.
    pub fn remove_enrollment(&mut self, user: UserNumber, instance: InstanceNumber) -> bool {
        self.forget_seat(user, instance);
        self.enrollments.remove((user, instance))
    }

    fn forget_seat(&mut self, user: UserNumber, instance: InstanceNumber) {
        let Some(occupied) = self.occupied.get_mut(&instance) else {
            return;
        };
        if let Some(old) = self.enrollments.get((user, instance)) {
            *occupied.of(old.state) -= 1;
        }
    }

    /// How full an instance is: counted once, and from then on kept up.
    pub fn occupied(&mut self, instance: InstanceNumber) -> Occupied {
        let enrollments = &self.enrollments;
        let count = |group| {
            let walk = enrollments.walk_groups([group], Bound::Unbounded, Order::Ascending);
            walk.count() as u64
        };
        *self.occupied.entry(instance).or_insert_with(|| Occupied {
            seats: count(Group::Seated(instance)),
            waiting: count(Group::Waiting(instance)),
        })
    }

    /// Who has waited for a seat the longest.
    pub fn first_in_line(&self, instance: InstanceNumber) -> Option<Enrollment> {
        let line = [Group::Waiting(instance)];
        let mut walk = self
            .enrollments
            .walk_groups(line, Bound::Unbounded, Order::Ascending);
        walk.next()
    }

    /// The user of a caller. None: gone.
    pub fn caller(&self, principal: &Principal) -> Option<Arc<User>> {
        self.user_at(principal.user?)
    }
}

/// The enrollments of one user, as a caller sees them who may.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'a> {
    world: &'a World,
    user: UserNumber,
}

impl<'a> Visible<'a> {
    /// Those in learning objects of one type, by date or from the newest on.
    pub fn of_type(&self, kind: LoType, order: Order) -> Walk<'a, Enrollment> {
        let groups = [Group::Of(self.user, kind)];
        self.world
            .enrollments
            .walk_groups(groups, Bound::<EnrollmentPlace>::Unbounded, order)
    }

    /// The one in this instance.
    pub fn in_instance(&self, instance: InstanceNumber) -> Option<Enrollment> {
        self.world.enrollments.get((self.user, instance))
    }
}
