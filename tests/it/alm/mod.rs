//! Adobe Learning Manager, by what is called.

mod auth;
mod documents;
mod extends;
mod list;
mod oauth;
mod pages;
mod population;
mod scenarios;
mod seats;
mod switches;
mod writes;
