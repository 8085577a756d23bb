//! How an answer leaves: late, slowly, in part, or not at all.

use std::time::Duration;

/// What happens to an answer on its way to the client. Real time, whatever the emulated clock shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Delivery {
    /// How long the first byte waits.
    pub delay: Duration,
    /// What becomes of the rest.
    pub how: How,
}

/// How much of an answer arrives, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum How {
    /// All of it, as it should.
    #[default]
    Whole,
    /// All of it, the body in small pieces spread evenly over this time.
    Drip(Duration),
    /// The head announces the whole body; this share of it, from 0 to 1, arrives, then the connection ends.
    Truncate(f64),
    /// Nothing: the connection is closed.
    Close,
    /// Nothing: the connection is reset.
    Reset,
    /// Bytes that are no HTTP, then the connection is closed.
    Garbage,
}
