//! Faults as written: keys and types, nothing checked.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::format::{Text, keyed};
use crate::place::Place;
use crate::platform::Vendor;
use crate::vendors::Change;

/// Something that goes wrong on purpose.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Its name.
    pub name: Place<Text>,
    /// Which calls it counts. Default: every call to a vendor.
    pub on: Option<On>,
    /// Which of these calls it acts on, counted from 1 since load or reset: `2..3`, `2`, `3..` or `[1, 4]`. Default: all.
    pub calls: Option<Place<CallNumbers>>,
    /// How likely it acts on one of these calls, drawn from the scenario's seed. Default 1.
    #[schemars(range(min = 0, max = 1))]
    pub probability: Option<Place<f64>>,
    /// For how many calls it has drawn before the scenario begins: what is drawn follows on. Default 0.
    pub drawn: Option<u32>,
    /// What it does.
    #[schemars(required)]
    pub inject: Option<Place<Inject>>,
    /// After how long the vendor asks to try again, such as 2s; for `throttled` and `maintenance`. Default: the vendor's sample.
    pub retry_after: Option<Place<Text>>,
}

/// Which calls are meant. What is left out may be anything.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct On {
    /// Whose call it is.
    pub vendor: Option<Place<Vendor>>,
    /// The operation. A call that fits none has none.
    pub operation: Option<Place<Text>>,
    /// The method, in capital letters.
    pub method: Option<Place<Text>>,
    /// The vendor's own path, decoded; `*` stands for any number of characters.
    pub path: Option<Place<Text>>,
    /// Parameters that must be there with these values, decoded.
    pub query: Option<Fields>,
    /// Header fields that must be there with these values.
    pub headers: Option<Fields>,
    /// Who calls, as the journal names it.
    pub principal: Option<Place<Text>>,
}

/// Numbers of calls.
#[derive(Clone, Debug)]
pub enum CallNumbers {
    /// `2..3`, `2` or `3..`.
    Range(String),
    /// Each by itself.
    Listed(Vec<Place<Count>>),
}

/// A whole number that is written as one.
#[derive(Clone, Copy, Debug)]
pub struct Count(pub u64);

/// What a fault does.
#[derive(Clone, Debug)]
pub enum Inject {
    /// What the vendor does so, in its own words.
    Meant(Meant),
    /// What is spelled out here.
    Explicit(Box<Explicit>),
}

/// What a vendor has words for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Meant {
    /// The caller asks too often.
    Throttled,
    /// The credential is nobody's.
    Unauthorized,
    /// The token that the call carries expires, for good.
    TokenExpired,
    /// The caller may not do this.
    Forbidden,
    /// The record does not exist.
    NotFound,
    /// The vendor breaks.
    ServerError,
    /// The vendor is down for a while.
    Maintenance,
    /// The call takes effect, the client sees a 503.
    LostReply,
}

/// What a fault does, spelled out: one of these.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub struct Explicit {
    /// This answer instead of the vendor's, before anything happened.
    pub respond: Option<Respond>,
    /// A piece of scenario: records that come, change or go right after this answer.
    pub change: Option<Place<Change>>,
    /// That piece as it stands in the file.
    #[serde(skip)]
    pub change_as_written: Option<serde_json::Value>,
    /// The answer waits: so long, or as long as is drawn.
    pub latency: Option<Place<Latency>>,
    /// What becomes of the connection instead of an answer.
    pub connection: Option<Connection>,
    /// The share of the body that arrives before the connection ends; the whole length is announced.
    #[schemars(range(min = 0, max = 1))]
    pub truncate: Option<Place<f64>>,
    /// The body trickles.
    pub drip: Option<Drip>,
    /// True: the body is spoilt, so that no parser takes it.
    pub malformed: Option<Place<bool>>,
}

/// An answer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Respond {
    /// The status.
    #[schemars(range(min = 200, max = 599))]
    pub status: Place<u16>,
    /// Header fields.
    pub headers: Option<Fields>,
    /// The body. Default: none.
    pub body: Option<String>,
}

/// How long an answer waits.
#[derive(Clone, Debug)]
pub enum Latency {
    /// Each time as long.
    Fixed(Text),
    /// Drawn each time.
    Spread(Spread),
}

/// Delays of a log-normal distribution.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Half of the answers wait no longer.
    pub median: Place<Text>,
    /// 99 of 100 answers wait no longer.
    pub p99: Place<Text>,
}

/// What becomes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// It is reset.
    Reset,
    /// It is closed.
    Close,
    /// Bytes that are no HTTP arrive, then it is closed.
    Garbage,
}

/// How slowly a body arrives.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drip {
    /// How long it takes.
    pub over: Place<Text>,
}

/// Names and values in the order written, each with its place.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(Place<String>, Place<Text>)>);

keyed! {
    Fault: exact "name" name;
}
