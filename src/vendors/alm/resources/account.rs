//! The account.

use super::{Context, Members, Ref, Related, Relation, Resource};

/// The account, of which only the id is known.
#[derive(Debug)]
pub struct Account;

impl Resource for Account {
    fn reference(&self) -> Ref {
        Ref::Account
    }

    fn attributes(&self, _: &mut Members<'_>) {}

    fn related(&self, _: Relation, _: &Context<'_>) -> Related {
        Related::Nothing
    }
}
