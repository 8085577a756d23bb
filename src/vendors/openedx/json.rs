//! JSON as Django REST framework renders it.

use serde::Serialize;

use crate::json;

/// Appends a value as Django REST framework renders it: compact, not escaped, but for the two
/// separators that JavaScript takes for ends of lines.
pub fn append(bytes: &mut Vec<u8>, value: &impl Serialize) {
    let start = bytes.len();
    // Writing to a vector cannot fail, and no value here has keys that are not text.
    let _ = serde_json::to_writer(&mut *bytes, value);
    let written = &bytes[start..];
    if written.contains(&0xe2) && written.windows(3).any(is_separator) {
        let plain = bytes.split_off(start);
        escape_separators(bytes, &plain);
    }
}

/// Appends a text as Django REST framework renders it: what most texts consist of needs no escape.
pub fn append_text(bytes: &mut Vec<u8>, text: &str) {
    // The two separators are not of ASCII.
    if json::is_plain(text) {
        json::append_plain(bytes, text)
    } else {
        append(bytes, &text)
    }
}

/// A value as Django REST framework renders it.
pub fn rendered(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    append(&mut bytes, value);
    bytes
}

/// Whether these three bytes are U+2028 or U+2029.
fn is_separator(bytes: &[u8]) -> bool {
    matches!(bytes, [0xe2, 0x80, 0xa8 | 0xa9])
}

/// Outside of texts JSON has no such characters, so all that are found stand in one.
fn escape_separators(bytes: &mut Vec<u8>, mut plain: &[u8]) {
    while let Some(at) = plain.windows(3).position(is_separator) {
        let (before, rest) = plain.split_at(at);
        let escaped: &[u8] = match rest[2] {
            0xa8 => b"\\u2028",
            _ => b"\\u2029",
        };
        bytes.extend_from_slice(before);
        bytes.extend_from_slice(escaped);
        plain = &rest[3..];
    }
    bytes.extend_from_slice(plain);
}
