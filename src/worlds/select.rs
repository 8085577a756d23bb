//! What in a request names a sandbox: the path, a header field, the host, or a token that it issued.

use std::collections::BTreeMap;
use std::sync::Arc;

use hyper::Method;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};

use serde_json::value::RawValue;

use crate::http::{Query, Request, multipart};
use crate::issuers::Issuers;
use crate::vendors::mounts;

/// What stands before a sandbox's name in a path.
const PREFIX: &str = "/__sandbox/";

/// The header field that names a sandbox.
const HEADER: HeaderName = HeaderName::from_static("x-enrollmock-sandbox");

/// What stands behind a sandbox's name in a host.
const DOMAIN: &str = ".sandbox.localhost";

/// A sandbox that a request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub id: String,
    /// What names it: `the path`.
    pub by: &'static str,
}

impl Named {
    /// Whether another is the same sandbox: in a host name capitals make no difference.
    pub(super) fn is_same(&self, other: &Named) -> bool {
        self.id.eq_ignore_ascii_case(&other.id)
    }
}

/// Whether a sandbox may be called so: as a label of a host name, 1 to 63 letters, digits and hyphens.
pub(super) fn is_id(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(is_part)
}

/// What the path, the header and the host name, in this order. How much of the path leads to a sandbox is
/// noted in the request.
pub(super) fn named(request: &mut Request) -> Vec<Named> {
    let mut named = Vec::new();
    if let Some(rest) = request.path.strip_prefix(PREFIX) {
        let id = rest.split('/').next().unwrap_or_default().to_owned();
        request.sandbox_prefix = PREFIX.len() + id.len();
        named.push(Named { id, by: "the path" });
    }
    for value in request.headers.get_all(&HEADER) {
        let id = String::from_utf8_lossy(value.as_bytes()).trim().to_owned();
        let by = "the header X-Enrollmock-Sandbox";
        named.push(Named { id, by });
    }
    let host = request.headers.get(HOST);
    let host = host.and_then(|host| host.to_str().ok()).map(of_host);
    named.extend(host.flatten().map(|id| Named { id, by: "the host" }));
    named
}

fn of_host(host: &str) -> Option<String> {
    let name = host.split(':').next().unwrap_or_default();
    let name = name.trim_end_matches('.');
    let (id, domain) = name.split_at_checked(name.len().checked_sub(DOMAIN.len())?)?;
    domain
        .eq_ignore_ascii_case(DOMAIN)
        .then(|| id.to_ascii_lowercase())
}

/// The sandboxes whose tokens a request carries.
pub(super) fn issued(request: &Request, issuers: &Issuers) -> Vec<Named> {
    let named = |issuer: Option<Arc<str>>| {
        issuer.map(|id| Named {
            id: id.as_ref().to_owned(),
            by: "a token that it issued",
        })
    };
    let mut found = Vec::new();
    for value in request.headers.get_all(AUTHORIZATION) {
        let value = value.to_str().unwrap_or_default().trim();
        // With or without the name of a scheme before it.
        let token = value.rsplit(' ').next().unwrap_or_default();
        found.extend(named(issuers.find(token)));
    }
    let mut of_pairs = |raw: &[u8]| {
        for (name, value) in Query::parse(raw).pairs() {
            if is_token_parameter(name) {
                found.extend(named(issuers.find(value)));
            }
        }
    };
    of_pairs(request.query.as_bytes());
    if request.method == Method::POST && is_form(request) {
        of_pairs(&request.body);
    }
    for (name, value) in parts(request) {
        if is_token_parameter(&name) {
            found.extend(named(issuers.find(&value)));
        }
    }
    for token in of_json(request) {
        found.extend(named(issuers.find(&token)));
    }
    found
}

/// Whether a parameter of a query or a form carries what some vendor issued.
fn is_token_parameter(name: &str) -> bool {
    mounts()
        .iter()
        .any(|it| it.token_parameters.contains(&name))
}

/// The fields of a multipart form, which some vendors read as any other. Of one that cannot be read, none.
fn parts(request: &Request) -> Vec<(String, String)> {
    let sent = request.headers.get(CONTENT_TYPE);
    let sent = sent.and_then(|it| it.to_str().ok());
    let is_multipart = content_type(request).is_some_and(|it| it == "multipart/form-data");
    match sent.filter(|_| is_multipart && request.method == Method::POST) {
        Some(sent) => multipart(sent, &request.body).unwrap_or_default(),
        None => Vec::new(),
    }
}

fn is_form(request: &Request) -> bool {
    content_type(request).is_none_or(|it| it == "application/x-www-form-urlencoded")
}

/// What a JSON body carries that some vendor issued.
fn of_json(request: &Request) -> Vec<String> {
    let is_json = content_type(request).is_some_and(|it| it == "application/json");
    if request.method != Method::POST || !is_json {
        return Vec::new();
    }
    let Ok(body) = serde_json::from_slice::<BTreeMap<String, &RawValue>>(&request.body) else {
        return Vec::new();
    };
    let members = mounts().iter().flat_map(|it| it.token_members);
    let texts = members.filter_map(|name| serde_json::from_str(body.get(*name)?.get()).ok());
    texts.collect()
}

fn content_type(request: &Request) -> Option<String> {
    let value = request.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next()?.trim();
    Some(essence.to_ascii_lowercase())
}
