//! Texts as JSON, appended: nearly all of them need no escape, and are looked through many bytes at a time.

/// Appends a text as serde_json writes it.
pub fn append_text(bytes: &mut Vec<u8>, text: &str) {
    if !is_plain(text) {
        // Writing to a vector cannot fail.
        let _ = serde_json::to_writer(bytes, text);
        return;
    }
    bytes.push(b'"');
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(b'"');
}

/// Whether a text is of printable ASCII, and stands in a JSON text as it is.
pub fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) & (byte != b'"') & (byte != b'\\');
    text.bytes().fold(true, |all, byte| all & is_plain(byte))
}
