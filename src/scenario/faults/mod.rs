//! `faults` of a scenario: as written, and the door to rules as meant.

mod calls;
mod change;
mod check;
mod duration;
mod forms;
mod inject;
mod on;
mod shown;
mod standing;
mod written;

pub(super) use change::keep_changes;
pub(super) use check::check;
pub use check::read_fault;
pub(super) use on::on;
pub use written::{
    CallNumbers, Connection, Count, Drip, Explicit, Fault, Fields, Inject, Latency, Meant, On,
    Respond, Spread,
};
