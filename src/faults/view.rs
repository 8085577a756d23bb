//! A fault as JSON, as it was written: for who asks what is at work, and for scenarios that are written out.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::written::{
    CallNumbers, Connection, Explicit, Fault, Fields, Inject, Latency, Meant, On,
};
use crate::format::Text;
use crate::place::Place;

#[derive(Serialize)]
struct FaultView<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<ShownOn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<ShownCalls>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drawn: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inject: Option<ShownInject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<String>,
}

#[derive(Serialize)]
struct ShownOn {
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ShownCalls {
    Range(String),
    Listed(Vec<u64>),
}

#[derive(Serialize)]
#[serde(untagged)]
enum ShownInject {
    Meant(&'static str),
    Explicit(Box<ShownExplicit>),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ShownExplicit {
    Respond(ShownRespond),
    Change(Value),
    Latency(ShownLatency),
    Connection(&'static str),
    Truncate(f64),
    Drip { over: String },
    Malformed(bool),
}

#[derive(Serialize)]
struct ShownRespond {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ShownLatency {
    Fixed(String),
    Spread { median: String, p99: String },
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Taken apart, so that nothing of a fault is forgotten.
        let Fault {
            name,
            on,
            calls,
            probability,
            drawn,
            inject,
            retry_after,
        } = self;
        let shown = FaultView {
            name: &name.value,
            on: on.as_ref().map(shown_on),
            calls: calls.as_ref().map(|calls| match &calls.value {
                CallNumbers::Range(text) => ShownCalls::Range(text.clone()),
                CallNumbers::Listed(all) => {
                    ShownCalls::Listed(all.iter().map(|number| number.value.0).collect())
                }
            }),
            probability: probability.as_ref().map(|it| it.value),
            drawn: *drawn,
            inject: inject.as_ref().and_then(|inject| match &inject.value {
                Inject::Meant(meant) => Some(ShownInject::Meant(word(*meant))),
                Inject::Explicit(explicit) => {
                    Some(ShownInject::Explicit(Box::new(spelled(explicit)?)))
                }
            }),
            retry_after: text(retry_after),
        };
        shown.serialize(serializer)
    }
}

impl Serialize for On {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        shown_on(self).serialize(serializer)
    }
}

fn shown_on(on: &On) -> ShownOn {
    let On {
        vendor,
        operation,
        method,
        path,
        query,
        headers,
        principal,
    } = on;
    ShownOn {
        vendor: vendor.as_ref().map(|it| it.value.name()),
        operation: text(operation),
        method: text(method),
        path: text(path),
        query: query.as_ref().map(pairs),
        headers: headers.as_ref().map(pairs),
        principal: text(principal),
    }
}

fn text(written: &Option<Place<Text>>) -> Option<String> {
    Some(written.as_ref()?.value.0.clone())
}

fn pairs(fields: &Fields) -> BTreeMap<String, String> {
    let fields = fields.0.iter();
    fields
        .map(|(name, value)| (name.value.clone(), value.value.0.clone()))
        .collect()
}

const fn word(meant: Meant) -> &'static str {
    match meant {
        Meant::Throttled => "throttled",
        Meant::Unauthorized => "unauthorized",
        Meant::TokenExpired => "token_expired",
        Meant::Forbidden => "forbidden",
        Meant::NotFound => "not_found",
        Meant::ServerError => "server_error",
        Meant::Maintenance => "maintenance",
        Meant::LostReply => "lost_reply",
    }
}

/// The one thing that is spelled out.
fn spelled(explicit: &Explicit) -> Option<ShownExplicit> {
    let Explicit {
        respond,
        change: _,
        change_as_written,
        latency,
        connection,
        truncate,
        drip,
        malformed,
    } = explicit;
    let shown = [
        respond.as_ref().map(|respond| {
            ShownExplicit::Respond(ShownRespond {
                status: respond.status.value,
                headers: respond.headers.as_ref().map(pairs),
                body: respond.body.clone(),
            })
        }),
        change_as_written.clone().map(ShownExplicit::Change),
        latency.as_ref().map(|latency| {
            ShownExplicit::Latency(match &latency.value {
                Latency::Fixed(text) => ShownLatency::Fixed(text.0.clone()),
                Latency::Spread(spread) => ShownLatency::Spread {
                    median: spread.median.value.0.clone(),
                    p99: spread.p99.value.0.clone(),
                },
            })
        }),
        connection.map(|it| {
            ShownExplicit::Connection(match it {
                Connection::Reset => "reset",
                Connection::Close => "close",
                Connection::Garbage => "garbage",
            })
        }),
        truncate
            .as_ref()
            .map(|it| ShownExplicit::Truncate(it.value)),
        drip.as_ref().map(|drip| ShownExplicit::Drip {
            over: drip.over.value.0.clone(),
        }),
        malformed
            .as_ref()
            .map(|it| ShownExplicit::Malformed(it.value)),
    ];
    shown.into_iter().flatten().next()
}
