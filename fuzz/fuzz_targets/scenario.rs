//! Any text as a scenario file: it is refused with its faults named, or served and can be written down again.

#![no_main]

use enrollmock_fuzz::files;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| files::scenario(data));
