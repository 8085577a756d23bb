//! `rate_limits.ispring`, as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::{BucketLimit, ClassLimits, WindowLimit};
use crate::limits::Class;

/// Everybody who calls.
pub const ALL: Class = Class("ispring all");

/// Limits of iSpring Learn.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "IspringLimits")]
pub struct Limits {
    /// For everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<WindowLimit>,
}

impl ClassLimits for Limits {
    fn named(self) -> Vec<(Class, BucketLimit)> {
        let all = self.all.map(|limit| (ALL, limit.into()));
        all.into_iter().collect()
    }

    fn put(&mut self, class: Class, limit: BucketLimit) {
        if class == ALL {
            self.all = Some(limit.into());
        }
    }
}
