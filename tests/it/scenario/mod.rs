//! Scenario files: how they are read and checked, what they promise, and a running world as one.

mod check_files;
mod every_vendor;
mod population;
mod records;
mod state;
mod state_tokens;
mod stories;
