//! Any bytes around a secret, which the journal must not show.

#![no_main]

use enrollmock_fuzz::secrets;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| secrets::are_masked(data));
