//! Any bytes as a page token or cursor: bare, in base64, and as they are.

#![no_main]

use std::cell::RefCell;

use enrollmock_fuzz::envelopes::{self, Bench};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::new(Bench::new(envelopes::cursor));
}

fuzz_target!(|data: &[u8]| {
    BENCH.with_borrow_mut(|bench| bench.send(data, envelopes::with_cursor));
});
