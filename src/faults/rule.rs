//! A rule: which calls it hits, and what it does to them.

use std::borrow::Cow;
use std::sync::Arc;

use hyper::Method;
use hyper::header::{HeaderName, HeaderValue};

use super::written::Fault;
use super::{CallInfo, Effect, Glob, Spread};
use crate::http::Query;
use crate::platform::{Vendor, decoded};
use crate::seed::Stream;

/// A rule: checked, and nothing left to go wrong.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands: `FILE:LINE`. None: it was added over HTTP.
    pub place: Option<Arc<str>>,
    /// The calls that it counts.
    pub on: On,
    /// Those of them that it acts on.
    pub calls: Calls,
    /// How likely it acts on one of these.
    pub probability: f64,
    /// For how many calls it has drawn before the first one.
    pub drawn: u64,
    /// What it does.
    pub inject: Inject,
    /// As it was written.
    pub written: Fault,
}

/// What a call must be like. What is left out may be anything.
#[derive(Clone, Debug, Default)]
pub struct On {
    /// Whose it is.
    pub vendor: Option<Vendor>,
    /// The operation.
    pub operation: Option<&'static str>,
    /// The method, as sent.
    pub method: Option<Method>,
    /// The vendor's own path, decoded.
    pub path: Option<Glob>,
    /// Parameters, decoded: each is there with this value.
    pub query: Vec<(String, String)>,
    /// Header fields: each is there with this value.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Who calls.
    pub principal: Option<String>,
}

/// Numbers of calls, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calls {
    /// From the first to the last, both included.
    Range(u64, u64),
    /// These, in order.
    Listed(Box<[u64]>),
}

/// What a rule does.
#[derive(Clone, Debug)]
pub enum Inject {
    /// The same each time.
    Same(Effect),
    /// A delay drawn each time.
    Latency(Spread),
}

impl Calls {
    /// All of them.
    pub const ALL: Calls = Calls::Range(1, u64::MAX);

    /// Whether the call of this number is one of them.
    pub fn contains(&self, number: u64) -> bool {
        match self {
            Calls::Range(first, last) => (*first..=*last).contains(&number),
            Calls::Listed(numbers) => numbers.binary_search(&number).is_ok(),
        }
    }

    /// The same calls, counted from behind the first `made`. None: all of them are over.
    pub fn after(&self, made: u64) -> Option<Calls> {
        let left = |number: u64| number.checked_sub(made).filter(|left| *left > 0);
        match self {
            Calls::Range(first, last) => {
                let last = match *last {
                    u64::MAX => u64::MAX,
                    last => left(last)?,
                };
                Some(Calls::Range(left(*first).unwrap_or(1), last))
            }
            Calls::Listed(numbers) => {
                let numbers: Box<[u64]> = numbers.iter().filter_map(|it| left(*it)).collect();
                (!numbers.is_empty()).then_some(Calls::Listed(numbers))
            }
        }
    }
}

impl Rule {
    /// Whether chance has a say in it.
    pub(super) fn is_drawn(&self) -> bool {
        let may_or_not = self.probability > 0.0 && self.probability < 1.0;
        may_or_not || matches!(self.inject, Inject::Latency(_))
    }
}

impl Inject {
    /// What it does this time.
    pub(super) fn effect(&self, stream: &mut Stream) -> Effect {
        match self {
            Inject::Same(effect) => effect.clone(),
            Inject::Latency(spread) => Effect::Delay(spread.draw(stream)),
        }
    }
}

impl On {
    /// Whether a call is like this. What is cheap to ask is asked first.
    pub fn fits(&self, asked: &CallInfo<'_>) -> bool {
        let On {
            vendor,
            operation,
            method,
            path,
            query,
            headers,
            principal,
        } = self;
        vendor.is_none_or(|vendor| vendor == asked.vendor)
            && operation.is_none_or(|operation| asked.operation == Some(operation))
            && method
                .as_ref()
                .is_none_or(|method| *method == asked.request.method)
            && principal
                .as_deref()
                .is_none_or(|principal| asked.principal == Some(principal))
            && path.as_ref().is_none_or(|glob| glob.fits(&own_path(asked)))
            && has_fields(asked, headers)
            && has_parameters(asked, query)
    }
}

/// The vendor's own path, however the call found the vendor.
fn own_path<'a>(asked: &CallInfo<'a>) -> Cow<'a, str> {
    let path = asked.request.inner();
    let behind = path
        .strip_prefix('/')
        .and_then(|path| path.strip_prefix(asked.vendor.name()))
        .filter(|rest| rest.is_empty() || rest.starts_with('/'));
    decoded(behind.unwrap_or(path))
}

fn has_fields(asked: &CallInfo<'_>, wanted: &[(HeaderName, HeaderValue)]) -> bool {
    let headers = &asked.request.headers;
    wanted
        .iter()
        .all(|(name, value)| headers.get_all(name).iter().any(|sent| sent == value))
}

fn has_parameters(asked: &CallInfo<'_>, wanted: &[(String, String)]) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let sent = Query::parse(asked.request.query.as_bytes());
    wanted.iter().all(|(name, value)| {
        let mut pairs = sent.pairs();
        pairs.any(|(sent, given)| sent == name && given == value)
    })
}
