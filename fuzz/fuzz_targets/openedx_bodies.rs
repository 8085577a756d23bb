//! Any bytes as the body of a call that Open edX's fixtures make: JSON, forms, multipart.

#![no_main]

use std::cell::RefCell;

use enrollmock::internals::platform::Vendor;
use enrollmock_fuzz::envelopes::{self, Bench};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::new(Bench::new(envelopes::body(Vendor::Openedx)));
}

fuzz_target!(|data: &[u8]| {
    BENCH.with_borrow_mut(|bench| bench.send(data, envelopes::with_body));
});
