//! Did the client keep its manners: claims, judged as requests happen, and the verdict.
//!
//! Each claim is watched by itself, from fingerprints in bounded tables; so it holds whatever the journal
//! has dropped. Where a table was too small, the verdict says so instead of guessing.

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
