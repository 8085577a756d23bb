//! `GET /oauth/o/authorize`: back to where the client wants its user, with a code. No page is shown:
//! the client's user has signed in and agreed.

use hyper::StatusCode;
use hyper::header::{HeaderValue, LOCATION};

use super::super::headers;
use super::super::links;
use super::params::{self, OAuthParams};
use crate::http::{Query, Reply, Request};
use crate::platform::ApiError;
use crate::vendors::alm::Call;

/// What can be asked for. What is granted was settled when the client was registered.
const SCOPES: &[&str] = &[
    "learner:read",
    "learner:write",
    "admin:read",
    "admin:write",
    "learner:xapi",
    "admin:xapi",
];

/// Gives a code, or says by the redirect why not.
pub fn authorize(call: &Call<'_>) -> Result<Reply, ApiError> {
    let asked = OAuthParams::of_form(&query_alone(call.request));
    let id = asked.required("client_id")?;
    let redirect_uri = asked.required("redirect_uri")?;
    if !is_web_address(redirect_uri) {
        return Err(params::invalid("redirect_uri"));
    }
    let mut world = call.context.write();
    // Without a client this address cannot be trusted.
    if world.clients().get(id).is_none() {
        return Err(ApiError::BadClient);
    }
    let answer = match refusal(&asked) {
        Some(error) => ("error", error.to_owned()),
        None => ("code", world.issued_mut().issue_code(id)),
    };
    let mut query = format!("{}={}", answer.0, answer.1);
    if let Some(state) = state(&call.request.query) {
        query.push('&');
        query.push_str(state);
    }
    if world.behaviour().prime_base && answer.0 == "code" {
        let base = links::base(call.request);
        let base: String = form_urlencoded::byte_serialize(base.as_bytes()).collect();
        query.push_str(&format!("&PRIME_BASE={base}"));
    }
    let address = with(redirect_uri, &query);
    let mut reply = headers::empty(StatusCode::FOUND);
    let address = HeaderValue::try_from(address).map_err(|_| params::invalid("redirect_uri"))?;
    reply.headers.insert(LOCATION, address);
    Ok(reply)
}

/// A body says nothing here.
fn query_alone(request: &Request) -> Request {
    Request {
        body: bytes::Bytes::new(),
        ..request.clone()
    }
}

/// Whether a browser could be sent there.
fn is_web_address(address: &str) -> bool {
    let host = ["http://", "https://"].iter().find_map(|scheme| {
        let start = address.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &address[scheme.len()..])
    });
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic());
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) && is_plain
}

/// Why there is no code, in OAuth's words.
fn refusal(asked: &OAuthParams) -> Option<&'static str> {
    match asked.optional("response_type") {
        None => return Some("invalid_request"),
        Some(kind) if !kind.eq_ignore_ascii_case("code") => {
            return Some("unsupported_response_type");
        }
        Some(_) => {}
    }
    let scopes = asked.optional("scope").unwrap_or("");
    let mut scopes = scopes.split([',', ' ']).filter(|scope| !scope.is_empty());
    scopes
        .any(|scope| !SCOPES.contains(&scope))
        .then_some("invalid_scope")
}

/// The client's `state`, name and value as they came: a client that compares texts finds the same one.
fn state(query: &str) -> Option<&str> {
    query.split('&').find(|piece| {
        let said = Query::parse(piece.as_bytes());
        let mut pairs = said.pairs();
        pairs.any(|(name, value)| name == "state" && !value.is_empty())
    })
}

/// The address with an answer behind whatever parameters it has.
fn with(address: &str, answer: &str) -> String {
    let (address, fragment) = match address.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (address, String::new()),
    };
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, query)) if query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{answer}{fragment}")
}
