//! `enrollmock schema`: the JSON Schema of scenario files.

use std::io::{self, Write};

use crate::scenario;

/// Prints the JSON Schema.
///
/// # Errors
/// If `out` cannot be written.
pub fn schema(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(scenario::schema().as_bytes())
}
