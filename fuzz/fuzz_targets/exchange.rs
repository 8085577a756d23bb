//! Any text as an exchange file: it is refused with its faults named, or holds exchanges.

#![no_main]

use enrollmock_fuzz::files;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| files::exchange(data));
