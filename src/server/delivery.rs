//! Answers that leave badly on purpose: late, slowly, in part, or not at all.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::Response;

use super::body::Outgoing;
use super::orders::{Order, Orders};
use crate::delivery::{Delivery, How};
use crate::http::Chunks;

/// Lets an answer leave as its delivery says. It is never ready when nothing shall leave: the wire ends the
/// connection then.
pub(super) async fn deliver(
    response: Response<Outgoing>,
    Delivery { delay, how }: Delivery,
    orders: &Arc<Orders>,
) -> Response<Outgoing> {
    if !delay.is_zero() {
        // A client that leaves meanwhile frees the connection. Only the wire notices that in time.
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

/// Gives the order to end the connection, and waits for the end.
async fn end(orders: &Orders, order: Order) -> Response<Outgoing> {
    orders.give(order);
    std::future::pending().await
}

/// The body in drops that fall evenly over this time, the last one at its end.
///
/// The number of pieces is unknown for a body that is made while it is written. Its first piece takes the
/// time, and the others follow as they can.
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

/// Puts a body together again whose first piece was taken off.
fn join(first: Bytes, rest: Outgoing) -> Outgoing {
    match rest {
        Outgoing::Pieces { chunks, given } => Outgoing::Pieces {
            chunks: Chunks::new(std::iter::once(first).chain(chunks)),
            given,
        },
        _ => Outgoing::Whole(first),
    }
}

/// A body that ends after this share of it, and the connection with it.
///
/// A body that is made while it is written announces no length. It ends after this share of its first piece.
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
