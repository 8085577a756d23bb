//! The emulator's own API.

mod calls;
mod clock;
mod safety;
mod sandboxes;
