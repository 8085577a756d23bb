//! The content behind a part of an instance.

use super::{Context, Members, Module, Ref, Related, Relation, Resource};

/// The content behind a part, of which only the id is known.
#[derive(Debug)]
pub struct File(pub Module);

impl Resource for File {
    fn reference(&self) -> Ref {
        Ref::Resource(self.0)
    }

    fn attributes(&self, _: &mut Members<'_>) {}

    fn related(&self, _: Relation, _: &Context<'_>) -> Related {
        Related::Nothing
    }
}
