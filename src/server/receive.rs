//! From the wire to plain data: a request, received whole or refused.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::header::{HOST, HeaderMap, HeaderValue, TRANSFER_ENCODING};
use hyper::{StatusCode, Uri};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::Limits;
use crate::http::{Reply, Request};

/// How much of a body is outside the budget.
const SMALL: usize = 16 * 1024;
/// The budget is counted in units of so many bytes.
const UNIT: usize = 1024;

/// The memory for the bodies under way on all connections.
#[derive(Debug)]
pub(super) struct BodyBudget {
    units: Semaphore,
    /// The most that one body takes: never more than there is, so that no wait is in vain.
    most: u32,
}

impl BodyBudget {
    pub(super) fn new(limits: &Limits) -> Self {
        let units = limits.bodies.div_ceil(UNIT).min(Semaphore::MAX_PERMITS);
        BodyBudget {
            units: Semaphore::new(units),
            most: u32::try_from(units).unwrap_or(u32::MAX),
        }
    }

    /// Takes the share of a body of this length, once it is free. The whole share is taken at once: two bodies
    /// with half a share each would wait for one another.
    async fn take(&self, length: usize) -> Option<SemaphorePermit<'_>> {
        let units = u32::try_from(length.div_ceil(UNIT)).unwrap_or(u32::MAX);
        self.units.acquire_many(units.min(self.most)).await.ok()
    }
}

/// Reads all of a request. A request with a body that is too long comes without it, marked `oversized`: at
/// once if its header says so, else when the bound is passed.
///
/// # Errors
/// The answer to a body that stops short or takes too long. The connection is of no use after it.
pub(super) async fn receive(
    request: hyper::Request<Incoming>,
    limits: &Limits,
    budget: &BodyBudget,
) -> Result<Request, Reply> {
    let (head, body) = request.into_parts();
    let mut request = Request {
        method: head.method,
        path: path(&head.uri),
        sandbox_prefix: 0,
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: Bytes::new(),
        oversized: false,
    };
    adopt_authority(&head.uri, &mut request.headers);
    if body.is_end_stream() {
        return Ok(request);
    }
    if body.size_hint().exact().is_none() && !is_only_chunked(&request.headers) {
        return Err(plain(
            StatusCode::NOT_IMPLEMENTED,
            "of transfer codings only `chunked`, said once, is understood\n",
        ));
    }
    if body.size_hint().lower() > limits.body as u64 {
        request.oversized = true;
        return Ok(request);
    }
    match tokio::time::timeout(limits.body_time, collect(body, limits.body, budget)).await {
        Ok(Ok(Some(bytes))) => request.body = bytes,
        Ok(Ok(None)) => request.oversized = true,
        Ok(Err(_)) => {
            return Err(plain(
                StatusCode::BAD_REQUEST,
                "the request body ended early or is not framed as its header says\n",
            ));
        }
        Err(_) => {
            return Err(plain(
                StatusCode::REQUEST_TIMEOUT,
                "the request body did not arrive in time\n",
            ));
        }
    }
    Ok(request)
}

/// A refusal of the server itself, in the dialect of no vendor.
pub(super) fn plain(status: StatusCode, text: &'static str) -> Reply {
    Reply::new(
        status,
        "text/plain; charset=utf-8",
        Bytes::from_static(text.as_bytes()),
    )
}

/// Whether `chunked` is the only transfer coding of a body. hyper looks at the last coding alone.
fn is_only_chunked(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (Some(only), None) => only.as_bytes().eq_ignore_ascii_case(b"chunked"),
        _ => false,
    }
}

/// The path as sent. CONNECT names no path: its target stands for one, so that it is seen and refused.
fn path(uri: &Uri) -> String {
    if uri.path().is_empty() {
        uri.to_string()
    } else {
        uri.path().to_owned()
    }
}

/// A target in absolute form (`GET http://host/path`) outranks the `Host` field (RFC 9112, 3.2.2).
fn adopt_authority(uri: &Uri, headers: &mut HeaderMap) {
    if uri.scheme().is_none() {
        return;
    }
    let Some(authority) = uri.authority() else {
        return;
    };
    let authority = authority.as_str();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    if let Ok(host) = HeaderValue::from_str(host) {
        headers.insert(HOST, host);
    }
}

/// The whole body, or nothing if it is longer than `bound`.
async fn collect(
    mut body: Incoming,
    bound: usize,
    budget: &BodyBudget,
) -> Result<Option<Bytes>, hyper::Error> {
    let mut all = BytesMut::new();
    let announced = body.size_hint().exact();
    let length = announced.map_or(bound, |length| usize::try_from(length).unwrap_or(bound));
    let mut taken = None;
    while let Some(frame) = body.frame().await {
        // Trailers are read and forgotten.
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        if data.len() > bound - all.len() {
            return Ok(None);
        }
        if all.is_empty() && body.is_end_stream() {
            return Ok(Some(data));
        }
        if taken.is_none() && all.len() + data.len() > SMALL {
            taken = budget.take(length).await;
        }
        all.extend_from_slice(&data);
    }
    Ok(Some(all.freeze()))
}
