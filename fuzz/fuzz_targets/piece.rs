//! Any bytes as the body of an admin call: pieces of scenario, scenarios, faults, claims, clock, sandboxes.

#![no_main]

use std::cell::RefCell;

use enrollmock_fuzz::{admin, stages};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static STAGES: RefCell<Vec<stages::Stage>> = RefCell::new(stages::all());
}

fuzz_target!(|data: &[u8]| {
    STAGES.with_borrow_mut(|stages| admin::send(stages, data));
});
