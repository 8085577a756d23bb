//! What every answer gets on its way out, and what the journal keeps of its body.

use std::cell::RefCell;

use bytes::Bytes;
use hyper::header::{CONTENT_LENGTH, DATE, HeaderValue};
use hyper::{Method, StatusCode};
use jiff::Timestamp;

use crate::http::{Body, Chunks, Reply, Request};

/// Gives a reply its date and length, and takes the body from the answer to a HEAD.
pub(super) fn finish(mut reply: Reply, request: &Request, at: Timestamp) -> Reply {
    if let Some(date) = date(at) {
        reply.headers.insert(DATE, date);
    }
    let length = match &reply.body {
        Body::Whole(bytes) => Some(bytes.len()),
        Body::Empty | Body::Chunks(_) => None,
    };
    if let Some(length) = length
        && reply.status != StatusCode::NO_CONTENT
    {
        reply.headers.insert(CONTENT_LENGTH, number(length));
    }
    if request.method == Method::HEAD {
        reply.body = Body::Empty;
    }
    reply
}

/// A number as a field's value. hyper's own conversion takes memory twice.
fn number(number: usize) -> HeaderValue {
    let mut buffer = itoa::Buffer::new();
    HeaderValue::from_str(buffer.format(number)).unwrap_or(HeaderValue::from_static("0"))
}

thread_local! {
    /// The last date that was written, and the second that it is of.
    static LAST: RefCell<Option<(i64, HeaderValue)>> = const { RefCell::new(None) };
}

/// An instant as `Date` shows it. Most answers leave in the second of the one before.
fn date(at: Timestamp) -> Option<HeaderValue> {
    let second = at.as_second();
    LAST.with_borrow_mut(|last| match last {
        Some((of, date)) if *of == second => Some(date.clone()),
        _ => {
            let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
            let date = printer.timestamp_to_rfc9110_string(&at).ok()?;
            let date = HeaderValue::try_from(date).ok()?;
            *last = Some((second, date.clone()));
            Some(date)
        }
    })
}

/// The first piece of a body that is made while it is written, for the journal, and the reply with nothing
/// missing. Of other bodies it is empty.
pub(super) fn with_first(mut reply: Reply) -> (Reply, Bytes) {
    match reply.body {
        Body::Empty | Body::Whole(_) => (reply, Bytes::new()),
        Body::Chunks(mut chunks) => {
            let first = chunks.next().unwrap_or_default();
            let again = std::iter::once(first.clone());
            reply.body = Body::Chunks(Chunks::new(again.chain(chunks)));
            (reply, first)
        }
    }
}
