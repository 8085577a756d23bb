//! `include=path,path.further`: what goes along with a document.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::resources::{Context, Kind, Ref, Relation, Resource};
use crate::http::Query;
use crate::platform::ApiError;

/// How far a path may lead.
const LEVELS: usize = 7;

/// What goes along, as a tree: the beginning of a path goes along as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Include {
    /// In the order in which they were first mentioned.
    branches: Vec<(Relation, Include)>,
}

impl Include {
    /// Reads `include` for a document about resources of one type. Repeated ones add up.
    ///
    /// # Errors
    /// When a path leads nowhere or too far: the path.
    pub fn read(about: Kind, query: &Query) -> Result<Include, ApiError> {
        let mut include = Include::default();
        let paths = query.values("include").flat_map(|value| value.split(','));
        for path in paths.filter(|path| !path.is_empty()) {
            let unknown = || ApiError::Malformed(path.to_owned());
            let relations = relations(about, path).ok_or_else(unknown)?;
            include.add(&relations);
        }
        Ok(include)
    }

    /// Whether nothing goes along.
    pub fn is_empty(&self) -> bool {
        self.branches.is_empty()
    }

    fn add(&mut self, path: &[Relation]) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        let known = self.branches.iter().position(|(it, _)| it == first);
        let at = known.unwrap_or_else(|| {
            self.branches.push((*first, Include::default()));
            self.branches.len() - 1
        });
        if let Some((_, branch)) = self.branches.get_mut(at) {
            branch.add(rest);
        }
    }
}

/// The relations that a path follows. None: it leads nowhere. Behind what no scenario holds, nobody
/// knows the names, and nothing is found there.
fn relations(about: Kind, path: &str) -> Option<Vec<Relation>> {
    let mut relations = Vec::new();
    let mut kind = Some(about);
    for (level, name) in path.split('.').enumerate() {
        if level == LEVELS || name.is_empty() {
            return None;
        }
        if let Some(known) = kind {
            let (relation, target) = known.relation(name)?;
            relations.push(relation);
            kind = target;
        }
    }
    Some(relations)
}

/// What goes along with these resources: each one once, in the order in which it is first come to,
/// and none of those that the document is about.
pub fn gather(
    include: &Include,
    about: &[&dyn Resource],
    context: &Context<'_>,
) -> Vec<Rc<dyn Resource>> {
    let mut gathered = Gathered {
        shown: about.iter().map(|it| it.reference()).collect(),
        walked: BTreeSet::new(),
        resources: Vec::new(),
    };
    for resource in about {
        gathered.walk(*resource, include, context);
    }
    gathered.resources
}

/// What was found so far.
struct Gathered {
    shown: BTreeSet<Ref>,
    /// From where which branches were followed: nothing is walked twice.
    walked: BTreeSet<(*const Include, Ref)>,
    resources: Vec<Rc<dyn Resource>>,
}

impl Gathered {
    fn walk(&mut self, from: &dyn Resource, include: &Include, context: &Context<'_>) {
        if !self
            .walked
            .insert((std::ptr::from_ref(include), from.reference()))
        {
            return;
        }
        for (relation, further) in &include.branches {
            for found in from.related(*relation, context).into_refs() {
                self.come_to(found, further, context);
            }
        }
    }

    fn come_to(&mut self, found: Ref, further: &Include, context: &Context<'_>) {
        let is_new = !self.shown.contains(&found);
        if !is_new && further.is_empty() {
            return;
        }
        let Some(resource) = found.load(context) else {
            return;
        };
        let resource: Rc<dyn Resource> = resource.into();
        if is_new {
            self.shown.insert(found);
            self.resources.push(Rc::clone(&resource));
        }
        self.walk(&*resource, further, context);
    }
}
