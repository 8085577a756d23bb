//! The journal and what is judged from it.

mod entries;
pub mod expectations;
mod requests;
