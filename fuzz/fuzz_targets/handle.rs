//! Any sequence of requests, in any scenario: vendors, admin API and sandboxes.

#![no_main]

use std::cell::RefCell;

use enrollmock_fuzz::{sequences, stages};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static STAGES: RefCell<Vec<stages::Stage>> = RefCell::new(stages::all());
}

fuzz_target!(|data: &[u8]| {
    STAGES.with_borrow_mut(|stages| sequences::send(stages, data));
});
