//! `rate_limits` of a scenario: as written, laid over each other, and the door to rates as meant.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::written::blank_as_default;
use super::{FileId, Merged, Problems, Sourced, native};
use crate::limits::{Class, Rate, Rates, Role, Verb};
use crate::place::Place;

/// The most calls a minute, and the largest burst.
const MOST: u32 = 1_000_000;

/// Rate limits, as each vendor meters them. Off unless named.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimits {
    /// Adobe Learning Manager's leaky buckets, one for each user, application, role and verb.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alm: Option<AlmLimits>,
    /// Open edX's sliding windows of a minute, one for each user, over bulk enroll and the enrollment API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openedx: Option<OpenedxLimits>,
    /// iSpring Learn's, which are invented: sliding windows of a minute, one for each caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ispring: Option<IspringLimits>,
}

/// Limits of Adobe Learning Manager.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlmLimits {
    /// For tokens with a scope of administrators, by verb.
    #[serde(
        default,
        deserialize_with = "blank_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    #[schemars(transform = keys_are_verbs)]
    pub admin: BTreeMap<WrittenVerb, BucketLimit>,
    /// For all other tokens, by verb.
    #[serde(
        default,
        deserialize_with = "blank_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    #[schemars(transform = keys_are_verbs)]
    pub learner: BTreeMap<WrittenVerb, BucketLimit>,
}

/// A verb, in lower case.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum WrittenVerb {
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

/// Limits of Open edX.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenedxLimits {
    /// For users who are not staff; the vendor's own is 40.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<WindowLimit>,
    /// For global staff; the vendor's own is 120.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<WindowLimit>,
}

/// Limits of iSpring Learn.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IspringLimits {
    /// For everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<WindowLimit>,
}

/// A bucket that leaks.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketLimit {
    /// How many calls leak out a minute.
    #[serde(deserialize_with = "native")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub per_minute: Place<u32>,
    /// How many calls may come on top at once. Default 0.
    #[serde(
        default,
        deserialize_with = "native",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub burst: Option<Place<u32>>,
}

/// A window that slides.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowLimit {
    /// How many calls there may be within a minute.
    #[serde(deserialize_with = "native")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub per_minute: Place<u32>,
}

impl RateLimits {
    /// Whether nothing is limited.
    pub(super) fn is_empty(&self) -> bool {
        let RateLimits {
            alm,
            openedx,
            ispring,
        } = self;
        alm.is_none() && openedx.is_none() && ispring.is_none()
    }
}

/// The limits of all files.
#[derive(Clone, Debug, Default)]
pub struct LaidLimits(BTreeMap<Class, Sourced<BucketLimit>>);

impl LaidLimits {
    /// Lays those of one more file over these, entry by entry.
    pub(super) fn lay_over(&mut self, file: FileId, written: RateLimits) {
        // Every key has to be named here, so a new one cannot be forgotten.
        let RateLimits {
            alm,
            openedx,
            ispring,
        } = written;
        let AlmLimits { admin, learner } = alm.unwrap_or_default();
        let OpenedxLimits { user, staff } = openedx.unwrap_or_default();
        let IspringLimits { all } = ispring.unwrap_or_default();
        let admin = admin.into_iter();
        let admin = admin.map(|(verb, limit)| (Class::Alm(Role::Admin, verb.into()), limit));
        let learner = learner.into_iter();
        let learner = learner.map(|(verb, limit)| (Class::Alm(Role::Learner, verb.into()), limit));
        let windows = [
            (Class::OpenedxUser, user),
            (Class::OpenedxStaff, staff),
            (Class::IspringAll, all),
        ];
        let windows = windows
            .into_iter()
            .filter_map(|(class, limit)| Some((class, limit?.into())));
        for (class, value) in admin.chain(learner).chain(windows) {
            self.0.insert(class, Sourced { file, value });
        }
    }

    /// All of them, as one file writes them.
    pub(super) fn written(&self) -> RateLimits {
        let mut written = RateLimits::default();
        for (class, Sourced { value, .. }) in &self.0 {
            let window = || {
                let per_minute = value.per_minute.clone();
                Some(WindowLimit { per_minute })
            };
            match class {
                Class::Alm(role, verb) => {
                    let of_alm = written.alm.get_or_insert_default();
                    let by_verb = match role {
                        Role::Admin => &mut of_alm.admin,
                        Role::Learner => &mut of_alm.learner,
                    };
                    by_verb.insert((*verb).into(), value.clone());
                }
                Class::OpenedxUser => written.openedx.get_or_insert_default().user = window(),
                Class::OpenedxStaff => written.openedx.get_or_insert_default().staff = window(),
                Class::IspringAll => written.ispring.get_or_insert_default().all = window(),
            }
        }
        written
    }
}

/// The rates that the files name.
pub(super) fn check(merged: &Merged, problems: &mut Problems) -> Rates {
    let mut rates = BTreeMap::new();
    for (class, limit) in &merged.rate_limits.0 {
        let Sourced { file, value } = limit;
        let BucketLimit { per_minute, burst } = value;
        bound("per_minute", *file, per_minute, 1, problems);
        if let Some(burst) = burst {
            bound("burst", *file, burst, 0, problems);
        }
        let rate = Rate {
            per_minute: per_minute.value,
            burst: burst.as_ref().map_or(0, |burst| burst.value),
        };
        rates.insert(*class, rate);
    }
    Rates::new(rates)
}

fn bound(key: &str, file: FileId, number: &Place<u32>, least: u32, problems: &mut Problems) {
    let Place { value, spot } = number;
    // What stands nowhere is missing or faulty, which was noted.
    if !spot.is_nowhere() && !(least..=MOST).contains(value) {
        let what = format!("`{key}` is `{value}`, expected a whole number from {least} to {MOST}");
        problems.at(file, *spot, what, None);
    }
}

impl From<WindowLimit> for BucketLimit {
    fn from(WindowLimit { per_minute }: WindowLimit) -> Self {
        BucketLimit {
            per_minute,
            burst: None,
        }
    }
}

impl From<WrittenVerb> for Verb {
    fn from(written: WrittenVerb) -> Self {
        match written {
            WrittenVerb::Get => Verb::Get,
            WrittenVerb::Post => Verb::Post,
            WrittenVerb::Put => Verb::Put,
            WrittenVerb::Patch => Verb::Patch,
            WrittenVerb::Delete => Verb::Delete,
        }
    }
}

impl From<Verb> for WrittenVerb {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Get => WrittenVerb::Get,
            Verb::Post => WrittenVerb::Post,
            Verb::Put => WrittenVerb::Put,
            Verb::Patch => WrittenVerb::Patch,
            Verb::Delete => WrittenVerb::Delete,
        }
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
