//! Orders of a connection's service to its wire.
//!
//! The service cannot reach the socket, and the socket knows nothing of answers: [`Orders`] stand between
//! them. The wire carries an order out when everything before it has been written.

use std::sync::atomic::{AtomicU8, Ordering};

/// The order that the wire of a connection carries out once all is written.
#[derive(Debug, Default)]
pub(super) struct Orders(AtomicU8);

/// An order to a wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// Carry on.
    #[default]
    Write,
    /// Carry on, and give the connection up when the client stops waiting.
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
