//! What documents are made of: resources, each with an id, attributes and relations to others.

mod account;
mod badge;
mod enrollment;
mod grade;
mod instance;
mod kind;
mod learning_object;
mod lo_resource;
mod members;
mod reference;
mod resource;
mod user;
mod user_badge;

pub use account::Account;
pub use badge::{Badge, earned};
pub use grade::Grade;
pub use kind::{Kind, Relation};
pub use lo_resource::{LoResource, Module};
use members::append;
pub use members::{Members, render};
pub use reference::Ref;
pub use resource::File;
pub use user_badge::UserBadge;

use std::ops::Range;

use super::world::{Visible, World};

/// What resources are looked up in.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// All that there is.
    pub world: &'a World,
    /// The enrollments of the learner whom the document is about. None: it is about no learner.
    pub enrollments: Option<Visible<'a>>,
}

/// Something with an id that a document can show.
pub trait Resource {
    /// Which one it is.
    fn reference(&self) -> Ref;

    /// Writes the attributes in their order. What is not known is left out.
    fn attributes(&self, members: &mut Members<'_>);

    /// Appends the attributes and relationships behind the id and the type, all of them, where there is a quicker
    /// way than member by member; whether it did. The id was written at `id`.
    fn append_all(&self, _id: Range<usize>, _context: &Context<'_>, _bytes: &mut Vec<u8>) -> bool {
        false
    }

    /// What it has this relation to; asked only for the relations of its type.
    fn related(&self, relation: Relation, context: &Context<'_>) -> Related;
}

/// What something has a relation to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Related {
    /// To nothing: the relation is left out.
    Nothing,
    /// To one resource.
    One(Ref),
    /// To some of a list, maybe none.
    Many(Vec<Ref>),
}

impl Related {
    /// To this one, if there is one.
    pub fn maybe(found: Option<Ref>) -> Related {
        found.map_or(Related::Nothing, Related::One)
    }

    /// To these, if there are any.
    pub fn some(found: Vec<Ref>) -> Related {
        if found.is_empty() {
            Related::Nothing
        } else {
            Related::Many(found)
        }
    }

    /// All of them.
    pub fn into_refs(self) -> Vec<Ref> {
        match self {
            Related::Nothing => Vec::new(),
            Related::One(one) => vec![one],
            Related::Many(many) => many,
        }
    }
}
