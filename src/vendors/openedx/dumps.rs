//! JSON as Python's `json.dumps` writes it: nothing but ASCII, and blanks or none between its parts.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// What stands between the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separators {
    /// Between two members.
    item: &'static [u8],
    /// Between a name and its value.
    key: &'static [u8],
}

/// What `json.dumps` writes when nothing else is asked for.
pub const SPACED: Separators = Separators {
    item: b", ",
    key: b": ",
};

/// `separators=(",", ":")`.
pub const COMPACT: Separators = Separators {
    item: b",",
    key: b":",
};

/// The value as JSON. None: it cannot be written as JSON.
pub fn dumps(value: &impl Serialize, separators: Separators) -> Option<Vec<u8>> {
    let mut json = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut json, separators);
    value.serialize(&mut serializer).ok()?;
    Some(json)
}

impl Formatter for Separators {
    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.begin_object_key(to, first)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if first {
            Ok(())
        } else {
            to.write_all(self.item)
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(self.key)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for character in fragment.chars() {
            // U+007F is ASCII, and Python leaves it as it is.
            if character.is_ascii() {
                to.write_all(&[character as u8])?
            } else {
                escape(to, character)?
            }
        }
        Ok(())
    }
}

/// `\u00e9`; what needs two halves in UTF-16 is two such.
fn escape<W: ?Sized + Write>(to: &mut W, character: char) -> io::Result<()> {
    let mut halves = [0; 2];
    for half in character.encode_utf16(&mut halves) {
        write!(to, "\\u{half:04x}")?;
    }
    Ok(())
}
