//! Expectations as written: keys and types, nothing checked.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::expect::Manner;
use crate::faults::written::On;
use crate::place::Place;

/// What the client under test must have done: `on` and `times`, or `manners`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Which calls are counted, as in a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Place<On>>,
    /// How many of these calls there must be: `3`, or `{ min: 1, max: 3 }`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<Place<Times>>,
    /// What the client must do, or leave undone, in all its calls.
    #[serde(
        default,
        serialize_with = "names",
        skip_serializing_if = "Option::is_none"
    )]
    pub manners: Option<Place<Vec<Place<Manner>>>>,
}

/// Manners by their names.
fn names<S: Serializer>(
    manners: &Option<Place<Vec<Place<Manner>>>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let manners = manners.iter().flat_map(|manners| &manners.value);
    serializer.collect_seq(manners.map(|manner| manner.value.name()))
}

/// How many calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Times {
    /// So many.
    Exactly(u64),
    /// Neither fewer nor more.
    Between(Bounds),
}

/// The fewest and the most calls; what is left out is not bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// The fewest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// The most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
}

// By hand: untagged enums would read through a copy that has lost the places.
impl<'de> Deserialize<'de> for Times {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrBounds;

        impl<'de> Visitor<'de> for NumberOrBounds {
            type Value = Times;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or a mapping")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Times, E> {
                Ok(Times::Exactly(number))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Times, A::Error> {
                Bounds::deserialize(MapAccessDeserializer::new(map)).map(Times::Between)
            }
        }

        deserializer.deserialize_any(NumberOrBounds)
    }
}

impl JsonSchema for Times {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Times".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let number = json_schema!({ "type": "integer", "format": "uint64", "minimum": 0 });
        let bounds = generator.subschema_for::<Bounds>();
        json_schema!({ "anyOf": [number, bounds] })
    }
}

/// A list of expectations by itself, as `POST /__admin/verify` takes it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    /// What the client must have done. Left out: what the scenario says.
    #[serde(default)]
    #[schemars(with = "Vec<Expectation>")]
    pub expect: Option<Vec<Place<Expectation>>>,
}
