//! Texts as JSON, appended: nearly all of them need no escape, and are looked through many bytes at a time.

/// Appends a text as serde_json writes it.
pub fn append_text(bytes: &mut Vec<u8>, text: &str) {
    if !is_plain(text) {
        // Writing to a vector cannot fail.
        let _ = serde_json::to_writer(bytes, text);
        return;
    }
    append_plain(bytes, text);
}

/// Appends a text that stands in a JSON text as it is.
pub fn append_plain(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(b'"');
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(b'"');
}

/// Whether a text is of printable ASCII, and stands in a JSON text as it is.
pub fn is_plain(text: &str) -> bool {
    let (words, rest) = text.as_bytes().as_chunks();
    let odd = words.iter().fold(0, |odd, word| odd | odd_bytes(*word));
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) & (byte != b'"') & (byte != b'\\');
    (odd == 0) & rest.iter().fold(true, |all, byte| all & is_plain(*byte))
}

/// The highest bit of each of these bytes is set where that byte is no printable ASCII, a quote or a backslash.
/// Behind one that is, others may be taken for such too.
fn odd_bytes(bytes: [u8; 8]) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    let word = u64::from_le_bytes(bytes);
    let below = |word: u64, least: u8| word.wrapping_sub(ONES * u64::from(least)) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    // What is added to 0x7F carries into the highest bit, and what is above has it.
    let above = word | word.wrapping_add(ONES);
    (below(word, b' ') | is(b'"') | is(b'\\') | above) & HIGHEST
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_is_plain_when_the_serializer_leaves_it_as_it_is(
            text in "[a-z]{0,9}[ -~\\x00-\\x1f\\x7f\\u{80}-\\u{ff}]{0,2}[a-z]{0,9}",
        ) {
            let written = serde_json::to_string(&text).unwrap_or_default();
            let is_as_it_is = written.len() == text.len() + 2;
            let is_ascii = text.bytes().all(|byte| byte.is_ascii() && byte != 0x7f);
            prop_assert_eq!(is_plain(&text), is_as_it_is && is_ascii);
            let mut bytes = Vec::new();
            append_text(&mut bytes, &text);
            prop_assert_eq!(bytes, written.into_bytes());
        }
    }
}
