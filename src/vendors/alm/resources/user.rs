//! Somebody.

use std::sync::Arc;

use super::{Context, Members, Ref, Related, Relation, Resource};
use crate::vendors::alm::records::{Role, User};

impl Resource for Arc<User> {
    fn reference(&self) -> Ref {
        Ref::User(self.id)
    }

    fn attributes(&self, members: &mut Members<'_>) {
        let roles: Vec<&str> = self.roles.iter().copied().map(role).collect();
        members.maybe("email", self.email.as_deref());
        members.maybe("name", self.name.as_deref());
        members.put("roles", &roles);
        // A user that is there was not deleted.
        members.put("state", "ACTIVE");
    }

    fn related(&self, relation: Relation, _: &Context<'_>) -> Related {
        match relation {
            Relation::Account => Related::One(Ref::Account),
            _ => Related::Nothing,
        }
    }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Learner => "Learner",
        Role::Admin => "Admin",
        Role::Author => "Author",
        Role::Instructor => "Instructor",
        Role::IntegrationAdmin => "Integration Admin",
    }
}
