//! Exchange files as written: keys and types, nothing checked.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::format::Text;
use crate::place::{Place, Spot};

/// The exchanges of one file: one, or a list of them.
#[derive(Clone, Debug)]
pub(super) struct ExchangeFile(pub Vec<Place<Exchange>>);

/// One request and the answer it must get.
// Required fields are optional here: an exchange that lacks one is checked all the same.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    /// What it shows, in a few words.
    #[schemars(required)]
    pub exchange: Option<Place<Text>>,
    /// Where the fact comes from: a page, a program, a recording.
    #[schemars(required)]
    pub source: Option<Place<Text>>,
    /// How sure the fact is.
    #[schemars(required)]
    pub confidence: Option<Confidence>,
    /// The scenario to serve: a built-in name, or a path relative to this file (with a `/` or ending in `.yaml` or `.yml`).
    #[schemars(required)]
    pub scenario: Option<Place<Text>>,
    /// What the client sends.
    #[schemars(required)]
    pub request: Option<Place<Request>>,
    /// What it must get.
    #[schemars(required)]
    pub response: Option<Place<Response>>,
}

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The vendor's own documents say so.
    Documented,
    /// It was read in the vendor's published source.
    UpstreamSource,
    /// It was seen on the wire, or programs that work against the vendor depend on it.
    Observed,
    /// It follows from the rest, and may be wrong.
    Inferred,
}

impl Confidence {
    /// All of them, the surest first.
    pub const ALL: &[Confidence] = &[
        Confidence::Documented,
        Confidence::UpstreamSource,
        Confidence::Observed,
        Confidence::Inferred,
    ];

    /// The word in exchange files.
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::Documented => "documented",
            Confidence::UpstreamSource => "upstream_source",
            Confidence::Observed => "observed",
            Confidence::Inferred => "inferred",
        }
    }
}

/// What the client sends.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    /// The method.
    #[schemars(required)]
    pub method: Option<Verb>,
    /// `VENDOR:/path?query`, as on the vendor's public origin.
    #[schemars(required)]
    pub url: Option<Place<Text>>,
    /// Header fields. `Host` and `X-Forwarded-Proto` are filled in unless they are named.
    #[serde(default)]
    pub headers: Headers,
    /// The body, sent byte for byte. Default: none.
    pub body: Option<String>,
}

/// The methods of HTTP that are asked of an API.
// Closed, so that a slip of the pen is a fault of the file and not a request for a 405.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Verb {
    /// GET
    Get,
    /// HEAD
    Head,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
    /// OPTIONS
    Options,
}

/// What the client must get. What is left out may be anything.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Response {
    /// The status.
    // Required all the same, by the check: an exchange without it is still looked through.
    #[schemars(required, range(min = 100, max = 599))]
    #[serde(default)]
    pub status: Option<Place<u16>>,
    /// Header fields that must be so; `null`: must be absent. Others are ignored.
    #[serde(default)]
    pub headers: Headers,
    /// The body, byte for byte. At most one of `body`, `json` and `xml`.
    pub body: Option<Place<String>>,
    /// The body as JSON: neither whitespace nor the order of keys counts.
    pub json: Option<Place<serde_json::Value>>,
    /// The body as XML: neither the prolog, comments nor whitespace between elements counts.
    pub xml: Option<Place<String>>,
}

/// Header fields in the order written, each name with its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers(pub Vec<(Place<String>, Place<Option<Text>>)>);

// By hand: an untagged enum would read through a copy that has lost the places.
impl<'de> Deserialize<'de> for ExchangeFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = ExchangeFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an exchange or a list of them")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ExchangeFile, A::Error> {
                let one = Exchange::deserialize(MapAccessDeserializer::new(map))?;
                // The exchange stands at the file's root: the root's own place is taken for it later.
                Ok(ExchangeFile(vec![Place {
                    value: one,
                    spot: Spot::default(),
                }]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<ExchangeFile, A::Error> {
                let mut many = Vec::new();
                while let Some(exchange) = seq.next_element()? {
                    many.push(exchange);
                }
                Ok(ExchangeFile(many))
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

impl JsonSchema for ExchangeFile {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ExchangeFile".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<Exchange>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping of header fields")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Headers(fields))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

impl JsonSchema for Headers {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Headers".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "additionalProperties": { "type": ["string", "integer", "null"] },
        })
    }
}
