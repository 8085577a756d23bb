//! iSpring Learn, by what is called.

mod create;
mod edit;
mod hostile;
mod pages;
mod query;
mod roles;
mod tokens;
mod wire;
