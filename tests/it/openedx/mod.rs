//! Open edX as MOOCit hosts it, by what is called.

mod auth;
pub mod bulk;
mod bulk_bodies;
mod enrollment;
mod list;
mod population;
mod scenarios;
mod so2;
mod stories;
mod tokens;
