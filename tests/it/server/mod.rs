//! Sockets: what a client may do slowly, wrongly or without end.

mod delivery;
mod hostile;
pub mod smuggling;
pub mod sockets;
