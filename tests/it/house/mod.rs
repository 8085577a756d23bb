//! What the project promises of itself: who imports whom, what it is made of, what its documents say.

mod determinism;
mod documents;
mod fixtures;
mod layering;
mod readme;
mod supply;
