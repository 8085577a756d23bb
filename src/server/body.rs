//! From plain data to the wire: a reply's body, one piece at a time.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONNECTION, CONTENT_LENGTH, HeaderValue, TRANSFER_ENCODING};
use hyper::{Response, StatusCode};
use tokio::time::Interval;

use super::orders::{Order, Orders};
use crate::http::{self, Chunks, Reply};

/// A body that hyper pulls from when the socket can take more.
pub(super) enum Outgoing {
    /// All that is left.
    Whole(Bytes),
    /// Made while it is written.
    Pieces {
        /// Those to come.
        chunks: Chunks,
        /// A piece was given and may not have left yet.
        given: bool,
    },
    /// Spread over a time.
    Drops {
        /// The bytes that are still to be spread.
        first: Bytes,
        /// The size of a drop.
        size: usize,
        /// When the next one falls.
        timer: Interval,
        /// The timer has been started.
        begun: bool,
        /// The body behind the last drop.
        rest: Box<Outgoing>,
    },
    /// The beginning of a body that never ends: the wire closes behind it.
    Part {
        /// The bytes that are still to arrive.
        part: Bytes,
        /// The length of the whole.
        announced: Option<u64>,
        /// The orders to the wire.
        orders: Arc<Orders>,
    },
    /// Written as things happen.
    Awaited(Next),
}

/// The next piece of a body whose pieces are awaited.
pub(super) struct Next(Pin<Box<dyn Future<Output = Following> + Send>>);

/// A piece, and the one that follows it. None: the body has ended.
pub(super) type Following = Option<(Bytes, Next)>;

impl Next {
    pub(super) fn new(piece: impl Future<Output = Following> + Send + 'static) -> Self {
        Next(Box::pin(piece))
    }
}

impl From<http::Body> for Outgoing {
    fn from(body: http::Body) -> Self {
        match body {
            http::Body::Empty => Outgoing::Whole(Bytes::new()),
            http::Body::Whole(bytes) => Outgoing::Whole(bytes),
            http::Body::Chunks(chunks) => Outgoing::Pieces {
                chunks,
                given: false,
            },
        }
    }
}

impl Outgoing {
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        match self {
            Outgoing::Whole(rest) if rest.is_empty() => Poll::Ready(None),
            Outgoing::Whole(rest) => Poll::Ready(Some(std::mem::take(rest))),
            Outgoing::Pieces { chunks, given } => {
                // After each piece the other connections get a turn. The socket can take the piece before
                // the next one is made.
                *given = !*given;
                if !*given {
                    let others = tokio::task::yield_now();
                    // Never ready at once: it wakes this task when the sockets were looked at.
                    let _ = std::pin::pin!(others).poll(cx);
                    return Poll::Pending;
                }
                Poll::Ready(chunks.next())
            }
            Outgoing::Drops { first, rest, .. } if first.is_empty() => rest.poll_piece(cx),
            Outgoing::Drops {
                first,
                size,
                timer,
                begun,
                ..
            } => {
                if !*begun {
                    // The first tick is now, and the first drop one period later.
                    ready!(timer.poll_tick(cx));
                    *begun = true;
                }
                ready!(timer.poll_tick(cx));
                Poll::Ready(Some(first.split_to((*size).min(first.len()))))
            }
            Outgoing::Part { part, orders, .. } => {
                // The wire obeys when all is written, this piece included.
                orders.give(Order::Close);
                if part.is_empty() {
                    return Poll::Pending;
                }
                Poll::Ready(Some(std::mem::take(part)))
            }
            Outgoing::Awaited(next) => {
                let Some((piece, following)) = ready!(next.0.as_mut().poll(cx)) else {
                    *self = Outgoing::Whole(Bytes::new());
                    return Poll::Ready(None);
                };
                *next = following;
                Poll::Ready(Some(piece))
            }
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = ready!(self.get_mut().poll_piece(cx));
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Outgoing::Whole(rest) => rest.is_empty(),
            Outgoing::Drops { first, rest, .. } => first.is_empty() && rest.is_end_stream(),
            Outgoing::Pieces { .. } | Outgoing::Part { .. } | Outgoing::Awaited(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Outgoing::Whole(rest) => SizeHint::with_exact(rest.len() as u64),
            Outgoing::Drops { first, rest, .. } => match **rest {
                Outgoing::Whole(_) => SizeHint::with_exact(first.len() as u64),
                _ => SizeHint::default(),
            },
            Outgoing::Part {
                announced: Some(length),
                ..
            } => SizeHint::with_exact(*length),
            Outgoing::Pieces { .. } | Outgoing::Part { .. } | Outgoing::Awaited(_) => {
                SizeHint::default()
            }
        }
    }
}

/// The answer with its body framed.
pub(super) fn respond(reply: Reply, close: bool) -> Response<Outgoing> {
    let Reply {
        status,
        mut headers,
        body,
    } = reply;
    // The server frames the body. Only the answer to a HEAD comes with the length of a body that it does
    // not carry.
    headers.remove(TRANSFER_ENCODING);
    let has_length = match &body {
        http::Body::Empty => true,
        // The length was set when the body was finished, and stays in its place.
        http::Body::Whole(_) => status != StatusCode::NO_CONTENT,
        http::Body::Chunks(_) => false,
    };
    if !has_length {
        headers.remove(CONTENT_LENGTH);
    }
    if close {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    let mut response = Response::new(Outgoing::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
