//! A scenario file as written: keys and types, nothing checked.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Deserializer, Serialize};

use super::native::text;
use super::{Expectation, Fault, RateLimits, dates, native};
use crate::place::Place;
use crate::vendors::{Vendor, alm, ispring, openedx};

/// A story that enrollmock can serve: records, credentials, clock and switches.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "enrollmock scenario", extend("required" = ["version"]))]
pub struct ScenarioFile {
    /// The format's version: 1.
    // Required all the same, by the schema and by the checks: a file without it is still looked through.
    #[serde(
        default,
        deserialize_with = "native",
        skip_serializing_if = "is_unwritten"
    )]
    #[schemars(range(min = 1, max = 1))]
    pub version: Place<u32>,
    /// A short name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// What a client learns from this story.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// The scenario this one builds on: a built-in name, or a path relative to this file (with a `/` or ending in `.yaml` or `.yml`). Records merge by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<Place<Text>>,
    /// Further Host names that mean a vendor.
    #[serde(
        default,
        deserialize_with = "blank_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    #[schemars(transform = keys_are_vendors)]
    pub hosts: BTreeMap<Vendor, Vec<Place<Text>>>,
    /// What every drawn value comes from. Default 0.
    #[serde(
        default,
        deserialize_with = "native",
        skip_serializing_if = "Option::is_none"
    )]
    pub seed: Option<u64>,
    /// The emulated clock. Default: the machine's time, ticking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// One seeded population, shown by each vendor with that vendor's own ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generate: Option<Generate>,
    /// iSpring Learn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ispring: Option<ispring::written::Section>,
    /// Open edX, as MOOCit hosts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openedx: Option<openedx::written::Section>,
    /// Adobe Learning Manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alm: Option<alm::written::Section>,
    /// Records taken away after merging, from the parent or from the generated population.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
    /// Rate limits, as each vendor meters them. Off unless named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limits: Option<RateLimits>,
    /// What goes wrong on purpose; the first that matches a call acts.
    #[serde(
        default,
        deserialize_with = "blank_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub faults: Vec<Fault>,
    /// What the client under test must have done.
    #[serde(
        default,
        deserialize_with = "blank_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub expect: Vec<Place<Expectation>>,
}

/// A piece of scenario: records that come, change or go while it is served.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// iSpring Learn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ispring: Option<ispring::written::Section>,
    /// Open edX, as MOOCit hosts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openedx: Option<openedx::written::Section>,
    /// Adobe Learning Manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alm: Option<alm::written::Section>,
    /// Records taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
}

/// The emulated clock at the scenario's start.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The instant it starts at, RFC 3339. Default: the machine's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub now: Option<Place<Text>>,
    /// Whether it moves by itself. Default true.
    #[serde(
        default,
        deserialize_with = "native",
        skip_serializing_if = "Option::is_none"
    )]
    pub ticking: Option<bool>,
}

/// How large the generated population is and what it is like.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generate {
    /// How many learners.
    #[schemars(range(min = 1, max = 10_000_000))]
    #[serde(deserialize_with = "native")]
    pub learners: Place<u32>,
    /// How many departments, in a tree. Default 1.
    #[serde(
        default,
        deserialize_with = "native",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(range(min = 1, max = 100_000))]
    pub departments: Option<Place<u32>>,
    /// How many courses. Default 1.
    #[serde(
        default,
        deserialize_with = "native",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub courses: Option<Place<u32>>,
    /// How many courses each learner is enrolled in. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrollments_per_learner: Option<Place<MinMax>>,
    /// The share of completed enrollments with a certificate, from 0 to 1. Default 0.
    #[serde(
        default,
        deserialize_with = "native",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(range(min = 0, max = 1))]
    pub certificate_rate: Option<Place<f64>>,
    /// Where its history ends, RFC 3339. Default: the clock's `now`, else 2024-06-01T00:00:00Z.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub until: Option<Place<Text>>,
    /// Which vendors show the population. Default: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendors: Option<Vec<Place<Vendor>>>,
}

/// A number drawn evenly from `min` to `max`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinMax {
    /// The least.
    #[serde(deserialize_with = "native")]
    pub min: u32,
    /// The most.
    #[serde(deserialize_with = "native")]
    pub max: u32,
}

/// Records taken away after merging.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// From iSpring Learn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ispring: Option<RemovedIspring>,
    /// From Open edX.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openedx: Option<RemovedOpenedx>,
    /// From Adobe Learning Manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alm: Option<RemovedAlm>,
}

/// Records taken away from iSpring Learn.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovedIspring {
    /// Ids of enrollments.
    #[serde(
        default,
        deserialize_with = "blank_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[schemars(inner(regex(pattern = ispring::written::UUID)))]
    pub enrollments: Vec<Place<Text>>,
}

/// Records taken away from Open edX.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovedOpenedx {
    /// Enrollments.
    #[serde(
        default,
        deserialize_with = "blank_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub enrollments: Vec<RemovedOpenedxEnrollment>,
}

/// An enrollment taken away from Open edX.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovedOpenedxEnrollment {
    /// Whose.
    pub username: Place<Text>,
    /// The key of the course.
    pub course: Place<Text>,
}

/// Records taken away from Adobe Learning Manager.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovedAlm {
    /// Enrollments.
    #[serde(
        default,
        deserialize_with = "blank_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub enrollments: Vec<RemovedAlmEnrollment>,
}

/// An enrollment taken away from Adobe Learning Manager.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovedAlmEnrollment {
    /// The id of the user.
    pub user: Place<Text>,
    /// The id of the instance.
    pub instance: Place<Text>,
}

/// Text that may be written as a string or as an integer: `"759"` and `759` are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Text(pub String);

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(text)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer).map(Text)
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "integer"] })
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A number that is sent as it is written: `0.80` and `"0.80"` are the same, and `0.8` is another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Decimal(pub String);

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Decimal)
    }
}

impl JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "number"] })
    }
}

/// Whether a value only stands in for one that is not there.
fn is_unwritten(version: &Place<u32>) -> bool {
    version.spot.is_nowhere()
}

/// Names the vendors in the schema of a mapping whose keys they are.
fn keys_are_vendors(schema: &mut Schema) {
    let names: Vec<_> = Vendor::ALL.iter().map(|vendor| vendor.name()).collect();
    schema.insert(
        "propertyNames".to_owned(),
        serde_json::json!({ "enum": names }),
    );
}

/// Reads a key that was left blank (`users:`) as if it were not there.
///
/// # Errors
/// What reading the value itself gives.
pub fn blank_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}
