//! The door from `faults` as written to rules as meant.

mod calls;
mod change;
mod check;
mod duration;
mod inject;
mod on;

pub(super) use change::keep_changes;
pub(super) use check::check;
pub use check::read_fault;
pub(super) use on::on;
