//! How an answer leaves on purpose otherwise than it should: late, slowly, in part, or not at all.
//!
//! The service cannot reach the socket, and the socket knows nothing of answers: between them stand
//! [`Orders`]. The wire carries an order out when all that was written before it has left.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use bytes::Bytes;
use hyper::Response;

use super::body::Outgoing;
use crate::delivery::{Delivery, How};

/// No HTTP: no answer begins so, and no parser need wait for more to see it.
pub(super) const GARBAGE: &[u8] =
    b"\x00\xFF\xFE\x15\x03\x80 this is no HTTP \x9D\xC3\x28\r\n\r\n\xF0\x28\x8C\xBC\r\n\r\n";

/// What the wire of a connection is to do once all is written.
#[derive(Debug, Default)]
pub(super) struct Orders(AtomicU8);

/// What a wire does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// Carry on.
    #[default]
    Write,
    /// Carry on, and give the connection up when the client says no more: it has stopped waiting.
    Listen,
    /// Close it.
    Close,
    /// Reset it.
    Reset,
    /// Write bytes that are no HTTP, and close it.
    Garbage,
}

impl Order {
    const ALL: [Order; 5] = [
        Order::Write,
        Order::Listen,
        Order::Close,
        Order::Reset,
        Order::Garbage,
    ];
}

impl Orders {
    pub(super) fn give(&self, order: Order) {
        self.0.store(order as u8, Ordering::Release);
    }

    pub(super) fn order(&self) -> Order {
        let given = self.0.load(Ordering::Acquire);
        let mut orders = Order::ALL.into_iter();
        orders.find(|it| *it as u8 == given).unwrap_or_default()
    }

    /// Whether the connection ends here: nothing more is answered on it.
    pub(super) fn are_to_end(&self) -> bool {
        match self.order() {
            Order::Write | Order::Listen => false,
            Order::Close | Order::Reset | Order::Garbage => true,
        }
    }
}

/// Lets an answer leave as it shall. Never ready when nothing of it shall leave: the wire ends the
/// connection then.
pub(super) async fn deliver(
    response: Response<Outgoing>,
    Delivery { delay, how }: Delivery,
    orders: &Arc<Orders>,
) -> Response<Outgoing> {
    if !delay.is_zero() {
        // Who leaves meanwhile frees the connection; nobody else would notice before the time is up.
        orders.give(Order::Listen);
        tokio::time::sleep(delay).await;
        orders.give(Order::Write);
    }
    match how {
        How::Whole => response,
        How::Drip(over) => response.map(|body| drip(body, over)),
        How::Truncate(share) => response.map(|body| truncate(body, share, orders)),
        How::Close => end(orders, Order::Close).await,
        How::Reset => end(orders, Order::Reset).await,
        How::Garbage => end(orders, Order::Garbage).await,
    }
}

/// Gives the order to end the connection, and waits for that.
async fn end(orders: &Orders, order: Order) -> Response<Outgoing> {
    orders.give(order);
    std::future::pending().await
}

/// The body in drops that fall evenly over this time, the last one at its end. Of a body that is made
/// while it is written, the first piece takes the time and the others follow as they can: nobody knows
/// how many will come.
fn drip(body: Outgoing, over: Duration) -> Outgoing {
    let (first, rest) = match body {
        Outgoing::Pieces { mut chunks, given } => (
            chunks.next().unwrap_or_default(),
            Outgoing::Pieces { chunks, given },
        ),
        Outgoing::Whole(first) => (first, Outgoing::Whole(Bytes::new())),
        other => return other,
    };
    let ticks = usize::try_from(over.as_millis() / TICK.as_millis()).unwrap_or(usize::MAX);
    let drops = ticks.clamp(1, MOST_DROPS).min(first.len());
    if drops == 0 || over.is_zero() {
        return join(first, rest);
    }
    let size = first.len().div_ceil(drops);
    // Drops are whole bytes, so there may be fewer of them.
    let drops = first.len().div_ceil(size);
    let each = u32::try_from(drops).map_or(over, |drops| over / drops);
    Outgoing::Drops {
        size,
        first,
        timer: tokio::time::interval(each),
        begun: false,
        rest: Box::new(rest),
    }
}

/// The shortest time between two drops.
const TICK: Duration = Duration::from_millis(10);
/// Drops of one body, at most.
const MOST_DROPS: usize = 1000;

/// A body whose first piece was taken off, put together again.
fn join(first: Bytes, rest: Outgoing) -> Outgoing {
    match rest {
        Outgoing::Pieces { chunks, given } => Outgoing::Pieces {
            chunks: crate::http::Chunks::new(std::iter::once(first).chain(chunks)),
            given,
        },
        _ => Outgoing::Whole(first),
    }
}

/// A body of which no more than `share` arrives, and behind which the connection ends. Of one that is
/// made while it is written and announces no length, it is the share of the first piece.
fn truncate(body: Outgoing, share: f64, orders: &Arc<Orders>) -> Outgoing {
    let (first, announced) = match body {
        Outgoing::Whole(all) => {
            let length = all.len() as u64;
            (all, Some(length))
        }
        Outgoing::Pieces { mut chunks, .. } => (chunks.next().unwrap_or_default(), None),
        other => return other,
    };
    if announced == Some(0) {
        // Nothing to cut: the head arrives, and then no more. It is written before the order is seen.
        orders.give(Order::Close);
        return Outgoing::Whole(first);
    }
    let part = (first.len() as f64 * share.clamp(0.0, 1.0)) as usize;
    Outgoing::Part {
        part: first.slice(..part.min(first.len())),
        announced,
        orders: Arc::clone(orders),
    }
}
