//! Rate limits as files write them: what all vendors' limits are made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::limits::Class;
use crate::place::Place;

/// A bucket that leaks.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketLimit {
    /// How many calls leak out a minute.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub per_minute: Place<u32>,
    /// How many calls may come on top at once. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub burst: Option<Place<u32>>,
}

/// A window that slides.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowLimit {
    /// How many calls there may be within a minute.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub per_minute: Place<u32>,
}

/// What a file says of one vendor's rate limits.
pub trait ClassLimits: Default {
    /// Each limit that is written, with the class of calls that it is for.
    fn named(self) -> Vec<(Class, BucketLimit)>;

    /// Writes the limit for a class of calls. Classes of other vendors are passed over.
    fn put(&mut self, class: Class, limit: BucketLimit);
}

impl From<WindowLimit> for BucketLimit {
    fn from(WindowLimit { per_minute }: WindowLimit) -> Self {
        BucketLimit {
            per_minute,
            burst: None,
        }
    }
}

impl From<BucketLimit> for WindowLimit {
    fn from(BucketLimit { per_minute, .. }: BucketLimit) -> Self {
        WindowLimit { per_minute }
    }
}
