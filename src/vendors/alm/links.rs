//! Links: the address that was asked, as the vendor writes it.

use std::borrow::Cow;

use hyper::header::{HOST, HeaderName};
use percent_encoding::percent_decode_str;

use crate::http::Request;

/// The parameter that says where a page starts.
pub const CURSOR: &str = "page[cursor]";

/// How a proxy says by which scheme and host it was called.
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Parameters that prove who calls. No link repeats them.
const SECRETS: &[&str] = &["access_token", "csrf_token"];

/// The address of the request: its parameters in their order.
pub fn own(request: &Request) -> String {
    address(request, |_| true, None)
}

/// The address of the page that starts where `cursor` says: the same, and the cursor last. `own` is that of
/// the request.
pub fn next(request: &Request, own: &str, cursor: &str) -> String {
    // Behind a first page nothing stands in the way.
    let has_query = !request.query.is_empty() && !own.ends_with(&request.path);
    if !has_query || !is_repeated(&request.query) && own.contains(CURSOR) {
        return address(request, |name| name != CURSOR, Some(cursor));
    }
    let mut next = String::with_capacity(own.len() + CURSOR.len() + cursor.len() + 2);
    next.push_str(own);
    next.push('&');
    push_cursor(&mut next, cursor);
    next
}

/// The address of the request with the parameters whose names are `kept`, and a cursor behind them.
fn address(request: &Request, kept: impl Fn(&str) -> bool, cursor: Option<&str>) -> String {
    let (scheme, host) = (scheme(request), host(request));
    let lengths = [host, &request.path, &request.query, cursor.unwrap_or("")].map(str::len);
    let mut address = String::with_capacity(lengths.iter().sum::<usize>() + 32);
    for piece in [scheme, "://", host, &request.path] {
        address.push_str(piece);
    }
    let mut mark = '?';
    let pieces = if is_repeated(&request.query) {
        address.push(mark);
        mark = '&';
        address.push_str(&request.query);
        ""
    } else {
        &request.query
    };
    for piece in pieces.split('&').filter(|piece| !piece.is_empty()) {
        let (name, value) = match piece.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (piece, None),
        };
        let name = if name.contains('%') {
            percent_decode_str(name).decode_utf8_lossy()
        } else {
            name.into()
        };
        if SECRETS.contains(&&*name) || !kept(&name) {
            continue;
        }
        address.push(mark);
        mark = '&';
        match value.filter(|_| name == CURSOR) {
            // Its padding is written as it is, however the caller encoded it.
            Some(value) => push_cursor(&mut address, &plain_cursor(value)),
            None => address.push_str(&with_brackets(piece)),
        }
    }
    if let Some(cursor) = cursor {
        address.push(mark);
        push_cursor(&mut address, cursor);
    }
    address
}

/// Whether a query is repeated as it came: nothing in it is encoded, left out, or replaced.
fn is_repeated(query: &str) -> bool {
    let is_usual = |piece: &[u8]| {
        let is_special = |name: &&str| piece.starts_with(name.as_bytes());
        !piece.is_empty() && !SECRETS.iter().any(is_special) && !is_special(&CURSOR)
    };
    let query = query.as_bytes();
    let mut start = 0;
    let mut pieces = memchr::memchr_iter(b'&', query).map(|end| {
        let piece = &query[start..end];
        start = end + 1;
        piece
    });
    memchr::memchr(b'%', query).is_none() && pieces.all(is_usual) && is_usual(&query[start..])
}

fn push_cursor(address: &mut String, cursor: &str) {
    address.push_str(CURSOR);
    address.push('=');
    address.push_str(cursor);
}

fn plain_cursor(value: &str) -> Cow<'_, str> {
    if value.contains('%') {
        value.replace("%3D", "=").replace("%3d", "=").into()
    } else {
        value.into()
    }
}

/// What the vendor takes apart and puts together again has its brackets decoded.
fn with_brackets(piece: &str) -> Cow<'_, str> {
    if !piece.contains('%') {
        return piece.into();
    }
    let open = piece.replace("%5B", "[").replace("%5b", "[");
    open.replace("%5D", "]").replace("%5d", "]").into()
}

/// Where the API is, as the caller sees it: scheme and host, and the prefix that stands for the vendor's host.
pub fn base(request: &Request) -> String {
    let path = request.path.strip_suffix(super::errors::path(request));
    let prefix = path.unwrap_or("");
    format!("{}://{}{prefix}", scheme(request), host(request))
}

fn scheme(request: &Request) -> &'static str {
    match first(request, &PROTO) {
        Some(proto) if proto.eq_ignore_ascii_case("https") => "https",
        Some(_) | None => "http",
    }
}

fn host(request: &Request) -> &str {
    let forwarded = first(request, &FORWARDED_HOST).filter(|host| !host.is_empty());
    forwarded
        .or_else(|| request.header(HOST).filter(|host| !host.is_empty()))
        .unwrap_or("localhost")
}

/// Of several proxies the first one counts: the caller spoke to that one.
fn first<'a>(request: &'a Request, name: &HeaderName) -> Option<&'a str> {
    Some(request.header(name)?.split(',').next()?.trim())
}
