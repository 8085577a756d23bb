//! What of a fault may be written in several forms, and mappings whose names have places.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::written::{CallNumbers, Count, Explicit, Fields, Inject, Latency, Meant, Spread};
use crate::format::Text;

// By hand: untagged enums would read through a copy that has lost the places.
impl<'de> Deserialize<'de> for Inject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordOrMapping;

        impl<'de> Visitor<'de> for WordOrMapping {
            type Value = Inject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word or a mapping")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Inject, E> {
                Meant::deserialize(StrDeserializer::new(word)).map(Inject::Meant)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Inject, A::Error> {
                let explicit = Explicit::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Inject::Explicit(Box::new(explicit)))
            }
        }

        deserializer.deserialize_any(WordOrMapping)
    }
}

impl JsonSchema for Inject {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Inject".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let word = generator.subschema_for::<Meant>();
        let mapping = generator.subschema_for::<Explicit>();
        json_schema!({ "anyOf": [word, mapping] })
    }
}

impl<'de> Deserialize<'de> for CallNumbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = CallNumbers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a range or a list of numbers")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<CallNumbers, E> {
                Ok(CallNumbers::Range(number.to_string()))
            }

            fn visit_str<E: Error>(self, range: &str) -> Result<CallNumbers, E> {
                Ok(CallNumbers::Range(range.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<CallNumbers, A::Error> {
                let mut numbers = Vec::new();
                while let Some(number) = seq.next_element()? {
                    numbers.push(number);
                }
                Ok(CallNumbers::Listed(numbers))
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

impl JsonSchema for CallNumbers {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CallNumbers".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = json_schema!({ "type": "integer", "format": "uint64", "minimum": 1 });
        json_schema!({ "anyOf": [
            { "type": "string", "pattern": r"^\s*[0-9]+\s*(\.\.\s*[0-9]*)?\s*$" },
            number,
            { "type": "array", "items": number },
        ] })
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(Count)
    }
}

impl<'de> Deserialize<'de> for Latency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FixedOrSpread;

        impl<'de> Visitor<'de> for FixedOrSpread {
            type Value = Latency;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration or a mapping")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Latency, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Latency, E> {
                Ok(Latency::Fixed(Text(text.to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Latency, A::Error> {
                Spread::deserialize(MapAccessDeserializer::new(map)).map(Latency::Spread)
            }
        }

        deserializer.deserialize_any(FixedOrSpread)
    }
}

impl JsonSchema for Latency {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Latency".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let spread = generator.subschema_for::<Spread>();
        json_schema!({ "anyOf": [{ "type": ["string", "integer"] }, spread] })
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping of names to texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Fields(pairs))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

impl JsonSchema for Fields {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fields".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "additionalProperties": { "type": ["string", "integer"] },
        })
    }
}
