//! What the fuzz targets share: worlds to act in, requests from bytes, and the laws that no input may break.

pub mod admin;
pub mod envelopes;
pub mod files;
pub mod laws;
pub mod secrets;
pub mod sequences;
pub mod stages;
pub mod text;
