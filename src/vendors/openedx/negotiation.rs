//! Whether a caller can read what the views write, as Django REST framework finds out. Nothing but JSON
//! is written, so there is nothing else to choose.

use hyper::header::ACCEPT;

use crate::http::Request;

/// Whether the caller can read JSON.
///
/// Parameters, `q=0` among them, count for nothing. A field that is there and lists no type refuses all.
pub fn accepts_json(request: &Request) -> bool {
    let mut fields = request.headers.get_all(ACCEPT).iter().peekable();
    fields.peek().is_none()
        || fields.any(|field| {
            let field = String::from_utf8_lossy(field.as_bytes());
            field.split(',').any(means_json)
        })
}

/// Whether `application/json` is in a media range.
fn means_json(range: &str) -> bool {
    let essence = range.split(';').next().unwrap_or("").trim();
    let (kind, subtype) = essence.split_once('/').unwrap_or((essence, ""));
    let is = |part: &str, wanted: &str| part == "*" || part.eq_ignore_ascii_case(wanted);
    is(kind, "application") && is(subtype, "json")
}
