//! Links to other pages: absolute, as the request came, with another cursor.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::http::{Query, Request};
use crate::platform::decoded;

/// What Python's `quote_plus` escapes: everything but letters, digits and these.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b' ');

/// The request's own URL with this cursor. Other parameters stay, sorted by name, repeats together.
pub fn with_cursor(request: &Request, query: &Query, cursor: &str) -> String {
    let mut parameters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in query.pairs() {
        parameters.entry(name).or_default().push(value);
    }
    parameters.insert("cursor", vec![cursor]);
    let pairs = parameters.iter().flat_map(|(name, values)| {
        let pair = move |value: &&str| format!("{}={}", encoded(name), encoded(value));
        values.iter().map(pair)
    });
    let pairs: Vec<String> = pairs.collect();
    format!("{}?{}", address(request), pairs.join("&"))
}

/// A name or value of a query string.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED)
        .to_string()
        .replace(' ', "+")
}

/// Where the request was sent to, as far as its sender knows.
fn address(request: &Request) -> String {
    // Of several proxies the first was asked by the client. Django compares letter by letter.
    let schemes = request.header("x-forwarded-proto").unwrap_or_default();
    let scheme = match schemes.split(',').next().map(str::trim) {
        Some("https") => "https",
        Some(_) | None => "http",
    };
    // The only path that leads here, however it was encoded.
    let path = decoded(&request.path);
    format!("{scheme}://{}{path}", host(request))
}

/// What the request calls the server.
pub fn host(request: &Request) -> &str {
    request.header("host").unwrap_or("localhost")
}

/// Whether Django takes this for a host, with a port or without.
pub fn is_host(text: &str) -> bool {
    let text = text.to_lowercase();
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        Some(_) | None => (text.as_str(), None),
    };
    let is_name =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let is_address = |byte: u8| matches!(byte, b'a'..=b'f' | b'0'..=b'9' | b':' | b'.');
    let bracketed = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let is_sound = match bracketed {
        Some(address) => address.contains(':') && address.bytes().all(is_address),
        None => !name.is_empty() && name.bytes().all(is_name),
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    is_sound && port.is_none_or(is_port)
}
