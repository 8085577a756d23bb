//! `rate_limits.openedx`, as written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::{BucketLimit, ClassLimits, WindowLimit};
use crate::limits::Class;

/// Users who are not staff.
pub const USER: Class = Class("openedx user");
/// Global staff.
pub const STAFF: Class = Class("openedx staff");

/// Limits of Open edX.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OpenedxLimits")]
pub struct Limits {
    /// For users who are not staff; the vendor's own is 40.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<WindowLimit>,
    /// For global staff; the vendor's own is 120.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<WindowLimit>,
}

impl ClassLimits for Limits {
    fn named(self) -> Vec<(Class, BucketLimit)> {
        let both = [(USER, self.user), (STAFF, self.staff)].into_iter();
        both.filter_map(|(class, limit)| Some((class, limit?.into())))
            .collect()
    }

    fn put(&mut self, class: Class, limit: BucketLimit) {
        match class {
            USER => self.user = Some(limit.into()),
            STAFF => self.staff = Some(limit.into()),
            _ => {}
        }
    }
}
