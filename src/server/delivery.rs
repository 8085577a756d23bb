//! How an answer leaves on purpose otherwise than it should: late, slowly, in part, or not at all.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::Response;

use super::body::Outgoing;
use super::orders::{Order, Orders};
use crate::delivery::{Delivery, How};

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
