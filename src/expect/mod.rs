//! Expectations of a client, judged as requests happen, and the verdict.
//!
//! Each expectation is watched by itself, from fingerprints in bounded tables. So the journal may drop entries.
//! Where a table was too small, the verdict says so instead of guessing.

mod call;
mod claim;
mod cursors;
mod found;
mod judge;
mod pages;
mod renewal;
mod replay;
mod retry_after;
mod secrets;
mod table;
mod times;
mod verdict;
mod writes;

pub use claim::{Claim, Manner, What};
pub use judge::{Judge, Seen};
pub use replay::replay;
pub use times::Range;
pub use verdict::{Judged, Verdict};
