//! What in a request names a sandbox: the path, a header field, the host, or a token that it issued.

use std::sync::Arc;

use hyper::Method;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};

use crate::http::{Query, Request, multipart};
use crate::issuers::Issuers;

/// What stands before a sandbox's name in a path.
const PREFIX: &str = "/__sandbox/";

/// The header field that names a sandbox.
const HEADER: HeaderName = HeaderName::from_static("x-enrollmock-sandbox");

/// What stands behind a sandbox's name in a host.
const DOMAIN: &str = ".sandbox.localhost";

/// The parameters of queries and forms that carry what was issued.
const PARAMETERS: &[&str] = &["access_token", "refresh_token", "code", "token"];

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
            if PARAMETERS.contains(&name) {
                found.extend(named(issuers.find(value)));
            }
        }
    };
    of_pairs(request.query.as_bytes());
    if request.method == Method::POST && is_form(request) {
        of_pairs(&request.body);
    }
    for (name, value) in parts(request) {
        if PARAMETERS.contains(&name.as_str()) {
            found.extend(named(issuers.find(&value)));
        }
    }
    found.extend(named(
        of_json(request).and_then(|token| issuers.find(&token)),
    ));
    found
}

/// The fields of a multipart form, which Open edX reads as any other. Of one that cannot be read, none.
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

/// The refresh token of a JSON body: Adobe's tokens for learners are asked for so.
fn of_json(request: &Request) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Asked {
        refresh_token: String,
    }
    if request.method != Method::POST || content_type(request)? != "application/json" {
        return None;
    }
    let asked: Option<Asked> = serde_json::from_slice(&request.body).ok();
    asked.map(|asked| asked.refresh_token)
}

fn content_type(request: &Request) -> Option<String> {
    let value = request.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next()?.trim();
    Some(essence.to_ascii_lowercase())
}
