//! From plain data to the wire: a reply's body, one piece at a time.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use crate::http::{self, Chunks};

/// What hyper pulls from when the socket can take more.
pub(super) enum Outgoing {
    /// All that is left.
    Whole(Bytes),
    /// Made while it is written.
    Pieces {
        /// Those to come.
        chunks: Chunks,
        /// One was given and may not have left yet.
        given: bool,
    },
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

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Outgoing::Whole(rest) if rest.is_empty() => Poll::Ready(None),
            Outgoing::Whole(rest) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(rest))))),
            Outgoing::Pieces { chunks, given } => {
                // After each piece the other connections get a turn, and the socket a chance to take
                // it before the next one is made.
                *given = !*given;
                if !*given {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(chunks.next().map(|piece| Ok(Frame::data(piece))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Outgoing::Whole(rest) => rest.is_empty(),
            Outgoing::Pieces { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Outgoing::Whole(rest) => SizeHint::with_exact(rest.len() as u64),
            Outgoing::Pieces { .. } => SizeHint::default(),
        }
    }
}
