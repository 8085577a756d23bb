//! What goes wrong on purpose, and what a client makes of it.

mod clients;
mod manners;
mod rules;
