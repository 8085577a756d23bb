//! A cursor as Django REST framework makes and reads it: a query string in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;

use super::link::encoded;
use super::refused;
use crate::http::Query;
use crate::platform::{ApiError, quoted};

/// The framework counts no further, whatever a cursor says.
const OFFSET_AT_MOST: usize = 1000;

/// Where a page starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// How many of those behind the position to pass over: several may share a date.
    pub offset: usize,
    /// Whether the page is found by walking back.
    pub reverse: bool,
    /// The date that the page lies behind, as written. None: the list's end.
    pub position: Option<String>,
}

impl Cursor {
    /// The cursor of a request. None: it has none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(query: &Query) -> Result<Option<Cursor>, ApiError> {
        let Some(text) = Cursor::sent(query) else {
            return Ok(None);
        };
        match Cursor::read(text) {
            Some(cursor) => Ok(Some(cursor)),
            None => Err(refused(
                StatusCode::NOT_FOUND,
                "Invalid cursor",
                format!("cursor {} cannot be read", quoted(text)),
            )),
        }
    }

    /// The cursor of a request as its sender wrote it.
    pub fn sent(query: &Query) -> Option<&str> {
        let cursors = query.pairs().filter(|(name, _)| *name == "cursor");
        cursors.last().map(|(_, text)| text)
    }

    fn read(text: &str) -> Option<Cursor> {
        if !text.is_ascii() {
            return None;
        }
        let inner = lenient_base64(text.as_bytes())?;
        if !inner.is_ascii() {
            return None;
        }
        let tokens = Query::parse(&inner);
        let first = |name: &str| {
            let mut found = tokens.pairs().filter(|(known, _)| *known == name);
            found.next().map(|(_, value)| value)
        };
        let (is_negative, offset) = integer(first("o").unwrap_or("0"))?;
        if is_negative && offset != 0 {
            return None;
        }
        let (_, reverse) = integer(first("r").unwrap_or("0"))?;
        Some(Cursor {
            offset: offset.min(OFFSET_AT_MOST),
            reverse: reverse != 0,
            position: first("p").map(str::to_owned),
        })
    }

    /// The cursor as a link carries it, not yet encoded for a URL.
    pub fn text(&self) -> String {
        let mut tokens = Vec::new();
        if self.offset != 0 {
            tokens.push(format!("o={}", self.offset));
        }
        if self.reverse {
            tokens.push("r=1".to_owned());
        }
        if let Some(position) = &self.position {
            tokens.push(format!("p={}", encoded(position)));
        }
        STANDARD.encode(tokens.join("&"))
    }
}

/// Base64 as Python reads it: what is no letter of its alphabet is passed over, the end comes with the
/// first sufficient padding, and the bits that are left over count for nothing.
fn lenient_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut letters, mut pads) = (0_u32, 0, 0);
    for byte in text {
        if *byte == b'=' {
            pads += 1;
            if letters >= 2 && letters + pads >= 4 {
                return Some(bytes);
            }
            continue;
        }
        let Some(value) = sextet(*byte) else {
            continue;
        };
        pads = 0;
        bits = (bits << 6) | value;
        letters = (letters + 1) % 4;
        match letters {
            1 => {}
            2 => bytes.push((bits >> 4) as u8),
            3 => bytes.push((bits >> 2) as u8),
            _ => bytes.push(bits as u8),
        }
    }
    (letters == 0).then_some(bytes)
}

fn sextet(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// A whole number as Python reads it, with space around and single underscores within: whether it has
/// a minus, and how large it is, as far as that goes.
fn integer(text: &str) -> Option<(bool, usize)> {
    let text = text.trim();
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let is_run = |run: &str| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_digit());
    if !digits.split('_').all(is_run) {
        return None;
    }
    let size = digits.bytes().filter(u8::is_ascii_digit);
    let size = size.fold(0_usize, |size, digit| {
        let digit = usize::from(digit - b'0');
        size.saturating_mul(10).saturating_add(digit)
    });
    Some((is_negative, size))
}
