//! What every answer gets on its way out, and what the journal keeps of its body.

use bytes::Bytes;
use hyper::header::{CONTENT_LENGTH, DATE, HeaderValue};
use hyper::{Method, StatusCode};
use jiff::Timestamp;

use crate::http::{Body, Chunks, Reply, Request};

/// Gives a reply its date and length, and takes the body from the answer to a HEAD.
pub(super) fn finish(mut reply: Reply, request: &Request, at: Timestamp) -> Reply {
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    if let Ok(date) = date
        && let Ok(date) = HeaderValue::try_from(date)
    {
        reply.headers.insert(DATE, date);
    }
    let length = match &reply.body {
        Body::Whole(bytes) => Some(bytes.len()),
        Body::Empty | Body::Chunks(_) => None,
    };
    if let Some(length) = length
        && reply.status != StatusCode::NO_CONTENT
    {
        reply
            .headers
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if request.method == Method::HEAD {
        reply.body = Body::Empty;
    }
    reply
}

/// The first bytes of a reply's body, for the journal, and the reply with nothing missing.
pub(super) fn first_bytes(mut reply: Reply) -> (Reply, Bytes) {
    match reply.body {
        Body::Empty => (reply, Bytes::new()),
        Body::Whole(ref bytes) => {
            let first = bytes.clone();
            (reply, first)
        }
        Body::Chunks(mut chunks) => {
            let first = chunks.next().unwrap_or_default();
            let again = std::iter::once(first.clone());
            reply.body = Body::Chunks(Chunks::new(again.chain(chunks)));
            (reply, first)
        }
    }
}
