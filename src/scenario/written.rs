//! A scenario file as written: keys and types, nothing checked.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::Expectation;
use crate::faults::written::Fault;
use crate::format::{Text, dates};
use crate::place::Place;
use crate::platform::{System, Vendor};
use crate::vendors::list::vendors;
use crate::vendors::{self, RateLimits, Records, Removed, Sections};

/// The types that have a key for each vendor.
macro_rules! files {
    ($(
        $(#[cfg($cfg:meta)])? #[doc = $doc:literal] $name:ident: $Vendor:ident = $title:literal;
    )+) => {
        /// A scenario that enrollmock can serve: records, credentials, clock and switches.
        #[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        #[schemars(title = "enrollmock scenario", extend("required" = ["version"]))]
        pub struct ScenarioFile {
            /// The format's version: 1.
            // Required all the same, by the schema and by the checks: a file without it is still looked through.
            #[serde(
                default,
                skip_serializing_if = "is_unwritten"
            )]
            #[schemars(range(min = 1, max = 1))]
            pub version: Place<u32>,
            /// A short name.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub name: Option<Text>,
            /// What a client learns from this scenario.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub description: Option<Text>,
            /// The scenario this one builds on: a built-in name, or a path relative to this file (with a `/` or ending in `.yaml` or `.yml`). Records merge by id.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub extends: Option<Place<Text>>,
            /// Further Host names that mean a vendor.
            #[serde(
                default,
                skip_serializing_if = "BTreeMap::is_empty"
            )]
            #[schemars(transform = keys_are_vendors)]
            pub hosts: BTreeMap<Vendor, Vec<Place<Text>>>,
            /// What every drawn value comes from. Default 0.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub seed: Option<u64>,
            /// The emulated clock. Default: the machine's time, ticking.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub clock: Option<Clock>,
            /// One seeded population, shown by each vendor with that vendor's own ids.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub generate: Option<Generate>,
            $(
                $(#[cfg($cfg)])?
                #[doc = $doc]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<<vendors::$Vendor as System>::Section>,
            )+
            /// Records taken away after merging, from the parent or from the generated population.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub removed: Option<Removed>,
            /// Rate limits, as each vendor meters them. Off unless named.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub rate_limits: Option<RateLimits>,
            /// What goes wrong on purpose; the first that matches a call acts.
            #[serde(
                default,
                skip_serializing_if = "Vec::is_empty"
            )]
            pub faults: Vec<Fault>,
            /// What the client under test must have done.
            #[serde(
                default,
                skip_serializing_if = "Vec::is_empty"
            )]
            pub expect: Vec<Place<Expectation>>,
        }

        impl ScenarioFile {
            /// What it says of the vendors' records, taken out of it.
            pub(super) fn take_records(&mut self) -> Records {
                Records {
                    sections: Sections { $($(#[cfg($cfg)])? $name: self.$name.take(),)+ },
                    removed: self.removed.take().unwrap_or_default(),
                }
            }

            /// Puts records into it.
            pub(super) fn put_records(&mut self, records: Records) {
                let Records { sections, removed } = records;
                $($(#[cfg($cfg)])? { self.$name = sections.$name; })+
                self.removed = Some(removed).filter(|it| !it.is_empty());
            }
        }
    };
}

vendors!(files);

/// The emulated clock at the scenario's start.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The instant it starts at, RFC 3339. Default: the machine's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub now: Option<Place<Text>>,
    /// Whether it moves by itself. Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticking: Option<bool>,
}

/// How large the generated population is and what it is like.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generate {
    /// How many learners.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub learners: Place<u32>,
    /// How many departments, in a tree. Default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub departments: Option<Place<u32>>,
    /// How many courses. Default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub courses: Option<Place<u32>>,
    /// How many courses each learner is enrolled in. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrollments_per_learner: Option<Place<MinMax>>,
    /// The share of completed enrollments with a certificate, from 0 to 1. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub certificate_rate: Option<Place<f64>>,
    /// Where its history ends, RFC 3339. Default: the clock's `now`, else 2024-06-01T00:00:00Z.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = dates::INSTANT))]
    pub until: Option<Place<Text>>,
    /// Which vendors show the population. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendors: Option<Vec<Place<Vendor>>>,
}

/// A number drawn evenly from `min` to `max`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinMax {
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
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
