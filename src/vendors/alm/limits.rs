//! `rate_limits.alm`, as written.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::format::{BucketLimit, ClassLimits};
use crate::limits::Class;

/// Limits of Adobe Learning Manager.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AlmLimits")]
pub struct Limits {
    /// For tokens with a scope of administrators, by verb.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(transform = keys_are_verbs)]
    pub admin: BTreeMap<Verb, BucketLimit>,
    /// For all other tokens, by verb.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(transform = keys_are_verbs)]
    pub learner: BTreeMap<Verb, BucketLimit>,
}

/// A verb, in lower case.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "WrittenVerb")]
pub enum Verb {
    /// GET and HEAD.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

/// Whom a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An administrator.
    Admin,
    /// A learner.
    Learner,
}

/// The class of calls of a role and a verb, for each.
const CLASSES: &[(Role, Verb, Class)] = &[
    (Role::Admin, Verb::Get, Class("alm admin get")),
    (Role::Admin, Verb::Post, Class("alm admin post")),
    (Role::Admin, Verb::Put, Class("alm admin put")),
    (Role::Admin, Verb::Patch, Class("alm admin patch")),
    (Role::Admin, Verb::Delete, Class("alm admin delete")),
    (Role::Learner, Verb::Get, Class("alm learner get")),
    (Role::Learner, Verb::Post, Class("alm learner post")),
    (Role::Learner, Verb::Put, Class("alm learner put")),
    (Role::Learner, Verb::Patch, Class("alm learner patch")),
    (Role::Learner, Verb::Delete, Class("alm learner delete")),
];

/// The class of what a role does with a verb. None: the table lacks it.
pub fn class(role: Role, verb: Verb) -> Option<Class> {
    let mut all = CLASSES.iter();
    let found = all.find(|(of, with, _)| (*of, *with) == (role, verb));
    found.map(|(_, _, class)| *class)
}

impl ClassLimits for Limits {
    fn named(self) -> Vec<(Class, BucketLimit)> {
        let admin = self.admin.into_iter().map(|it| (Role::Admin, it));
        let learner = self.learner.into_iter().map(|it| (Role::Learner, it));
        let both = admin.chain(learner);
        both.filter_map(|(role, (verb, limit))| Some((class(role, verb)?, limit)))
            .collect()
    }

    fn put(&mut self, class: Class, limit: BucketLimit) {
        let Some((role, verb, _)) = CLASSES.iter().find(|(_, _, of)| *of == class) else {
            return;
        };
        let by_verb = match role {
            Role::Admin => &mut self.admin,
            Role::Learner => &mut self.learner,
        };
        by_verb.insert(*verb, limit);
    }
}

/// Names the verbs in the schema of a mapping whose keys they are.
fn keys_are_verbs(schema: &mut Schema) {
    let names = ["get", "post", "put", "patch", "delete"];
    schema.insert(
        "propertyNames".to_owned(),
        serde_json::json!({ "enum": names }),
    );
}
