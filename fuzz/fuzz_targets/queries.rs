//! Any text as the query of a call that the fixtures make without a body: filters, pages, fields, includes.

#![no_main]

use std::cell::RefCell;

use enrollmock_fuzz::envelopes::{self, Bench};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::new(Bench::new(envelopes::query));
}

fuzz_target!(|data: &[u8]| {
    BENCH.with_borrow_mut(|bench| bench.send(data, envelopes::with_query));
});
