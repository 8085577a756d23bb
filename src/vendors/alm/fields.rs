//! `fields[TYPE]=name,name`: which members of the resources of a type are shown.

use std::collections::{BTreeMap, BTreeSet};

use super::resources::Kind;
use crate::http::Query;
use crate::platform::ApiError;

/// The members that are shown of each type; of a type that is not named, all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    by_type: BTreeMap<String, BTreeSet<String>>,
}

impl Fields {
    /// Reads all `fields[...]`. Repeated ones add up; types and names that do not exist show nothing.
    ///
    /// # Errors
    /// When a parameter of that name has no type in brackets: its name.
    pub fn read(query: &Query) -> Result<Fields, ApiError> {
        let mut fields = Fields::default();
        for (name, value) in query.pairs() {
            let Some(rest) = name.strip_prefix("fields") else {
                continue;
            };
            let is_other = !rest.is_empty() && !rest.starts_with('[');
            if is_other {
                continue;
            }
            let kind = rest.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
            let kind = kind.filter(|it| !it.is_empty());
            let kind = kind.ok_or_else(|| ApiError::Malformed(name.to_owned()))?;
            let names = fields.by_type.entry(kind.to_owned()).or_default();
            names.extend(value.split(',').map(str::to_owned));
        }
        Ok(fields)
    }

    /// Whether all members of the resources of a type are shown.
    pub fn shows_all(&self, kind: Kind) -> bool {
        self.by_type.is_empty() || !self.by_type.contains_key(kind.name())
    }

    /// Whether a member of the resources of a type is shown.
    pub fn shows(&self, kind: Kind, member: &str) -> bool {
        let names = self.by_type.get(kind.name());
        names.is_none_or(|names| names.contains(member))
    }
}
