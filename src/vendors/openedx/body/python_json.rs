//! JSON as CPython's `json.load` reads it, its words for what is wrong included.

use std::collections::HashMap;

use super::python::{Text, Value};

/// How deep lists and dictionaries may nest. CPython gives up where its stack has 1000 frames, some of
/// which the server's own calls take.
const DEEPEST: usize = 900;

/// How many digits CPython reads as a whole number.
const MOST_DIGITS: usize = 4300;

/// Why a body is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not JSON: what CPython says.
    Reported(String),
    /// Python runs out of stack, which upstream does not catch.
    TooDeep,
}

/// The value of a body that is announced in this encoding.
pub fn read(body: &[u8], is_latin: bool) -> Result<Value, Fault> {
    let text = if is_latin {
        body.iter().copied().map(char::from).collect()
    } else {
        decode(body)?.to_owned()
    };
    let reader = Reader { text: &text };
    if text.starts_with('\u{feff}') {
        let what = "Unexpected UTF-8 BOM (decode using utf-8-sig)";
        return Err(reader.fault(what, 0));
    }
    let (value, end) = reader.value(reader.past_space(0), 0)?;
    match reader.past_space(end) {
        end if end == text.len() => Ok(value),
        end => Err(reader.fault("Extra data", end)),
    }
}

/// The text of UTF-8. A character that the end cuts off is passed over, as by Python's stream readers.
fn decode(body: &[u8]) -> Result<&str, Fault> {
    let error = match std::str::from_utf8(body) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let (sound, rest) = body.split_at(error.valid_up_to());
    // So is what would have become half a surrogate pair.
    let is_half = matches!(rest, [0xed, 0xa0..=0xbf]);
    let Some(length) = error.error_len().filter(|_| !is_half) else {
        return Ok(std::str::from_utf8(sound).unwrap_or_default());
    };
    let (first, at) = (rest.first().copied().unwrap_or(0), sound.len());
    let which = match length {
        1 => format!("byte 0x{first:02x} in position {at}"),
        _ => format!("bytes in position {at}-{}", at + length - 1),
    };
    let why = match first {
        0x80..=0xc1 | 0xf5..=0xff => "invalid start byte",
        _ => "invalid continuation byte",
    };
    Err(Fault::Reported(format!(
        "'utf-8' codec can't decode {which}: {why}"
    )))
}

/// Places are in bytes, and become characters where they are told.
struct Reader<'a> {
    text: &'a str,
}

/// What was read, and where it ends.
type Read<T> = Result<(T, usize), Fault>;

impl Reader<'_> {
    fn fault(&self, what: &str, at: usize) -> Fault {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.chars().rev().take_while(|c| *c != '\n').count();
        let count = before.chars().count();
        Fault::Reported(format!(
            "{what}: line {line} column {column} (char {count})"
        ))
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn starts(&self, at: usize, what: &str) -> bool {
        self.text.as_bytes()[at..].starts_with(what.as_bytes())
    }

    fn past_space(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }

    fn value(&self, at: usize, depth: usize) -> Read<Value> {
        let word = |value, word: &str| Ok((value, at + word.len()));
        match self.byte(at) {
            Some(b'"') => {
                let (text, end) = self.string(at)?;
                Ok((Value::Str(text), end))
            }
            Some(b'{' | b'[') if depth == DEEPEST => Err(Fault::TooDeep),
            Some(b'{') => self.dict(at + 1, depth + 1),
            Some(b'[') => self.list(at + 1, depth + 1),
            Some(b'n') if self.starts(at, "null") => word(Value::None, "null"),
            Some(b't') if self.starts(at, "true") => word(Value::Bool(true), "true"),
            Some(b'f') if self.starts(at, "false") => word(Value::Bool(false), "false"),
            Some(b'N') if self.starts(at, "NaN") => Err(not_compliant("NaN")),
            Some(b'I') if self.starts(at, "Infinity") => Err(not_compliant("Infinity")),
            Some(b'-') if self.starts(at, "-Infinity") => Err(not_compliant("-Infinity")),
            Some(b'-' | b'0'..=b'9') => self.number(at),
            Some(_) | None => Err(self.fault("Expecting value", at)),
        }
    }

    fn dict(&self, at: usize, depth: usize) -> Read<Value> {
        let mut items: Vec<(Text, Value)> = Vec::new();
        let mut places: HashMap<Text, usize> = HashMap::new();
        let mut at = self.past_space(at);
        if self.byte(at) == Some(b'}') {
            return Ok((Value::Dict(items), at + 1));
        }
        loop {
            if self.byte(at) != Some(b'"') {
                let what = "Expecting property name enclosed in double quotes";
                return Err(self.fault(what, at));
            }
            let (key, end) = self.string(at)?;
            let colon = self.past_space(end);
            if self.byte(colon) != Some(b':') {
                return Err(self.fault("Expecting ':' delimiter", colon));
            }
            let (value, end) = self.value(self.past_space(colon + 1), depth)?;
            // Of a repeated key the last value counts, at the first place.
            let place = *places.entry(key.clone()).or_insert(items.len());
            match items.get_mut(place) {
                Some((_, former)) => *former = value,
                None => items.push((key, value)),
            }
            match self.next_item(end, b'}')? {
                Next::Item(next) => at = next,
                Next::End(end) => return Ok((Value::Dict(items), end)),
            }
        }
    }

    fn list(&self, at: usize, depth: usize) -> Read<Value> {
        let mut items = Vec::new();
        let mut at = self.past_space(at);
        if self.byte(at) == Some(b']') {
            return Ok((Value::List(items), at + 1));
        }
        loop {
            let (value, end) = self.value(at, depth)?;
            items.push(value);
            match self.next_item(end, b']')? {
                Next::Item(next) => at = next,
                Next::End(end) => return Ok((Value::List(items), end)),
            }
        }
    }

    fn next_item(&self, at: usize, close: u8) -> Result<Next, Fault> {
        let at = self.past_space(at);
        match self.byte(at) {
            Some(byte) if byte == close => Ok(Next::End(at + 1)),
            Some(b',') => Ok(Next::Item(self.past_space(at + 1))),
            Some(_) | None => Err(self.fault("Expecting ',' delimiter", at)),
        }
    }

    /// The text whose first quote stands at `start`.
    fn string(&self, start: usize) -> Read<Text> {
        let mut text = Text::default();
        let mut at = start + 1;
        loop {
            let rest = &self.text.as_bytes()[at..];
            let stop = rest
                .iter()
                .position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f));
            let stop = stop.map(|length| at + length);
            let plain = self.text.get(at..stop.unwrap_or(self.text.len()));
            text.push_str(plain.unwrap_or_default());
            let Some(stop) = stop else {
                return Err(self.fault("Unterminated string starting at", start));
            };
            match self.byte(stop) {
                Some(b'"') => return Ok((text, stop + 1)),
                Some(b'\\') => {
                    let (code, end) = self.escape(stop, start)?;
                    text.push_code(code);
                    at = end;
                }
                Some(_) | None => return Err(self.fault("Invalid control character at", stop)),
            }
        }
    }

    /// The code point that a backslash at `at` begins.
    fn escape(&self, at: usize, start: usize) -> Read<u32> {
        let code = match self.byte(at + 1) {
            Some(b'u') => return self.code_point(at),
            Some(plain @ (b'"' | b'\\' | b'/')) => u32::from(plain),
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => 0x0a,
            Some(b'r') => 0x0d,
            Some(b't') => 0x09,
            Some(_) => return Err(self.fault("Invalid \\escape", at)),
            None => return Err(self.fault("Unterminated string starting at", start)),
        };
        Ok((code, at + 2))
    }

    /// `\uXXXX`, or two of them that are one character. CPython wants to see one character more.
    fn code_point(&self, at: usize) -> Read<u32> {
        let first = self.four_digits(at, 5)?;
        let end = at + 6;
        let is_high = (0xd800..0xdc00).contains(&first);
        if is_high && self.starts(end, "\\u") && self.has_chars(end, 7) {
            let second = self.four_digits(end, 4)?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok((code, end + 6));
            }
        }
        Ok((first, end))
    }

    /// The digits behind the `\u` at `at`, with so many characters behind the `u` at least.
    fn four_digits(&self, at: usize, least: usize) -> Result<u32, Fault> {
        let digits = self.text.get(at + 2..at + 6);
        let digits = digits.filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code {
            Some(code) if self.has_chars(at + 2, least) => Ok(code),
            Some(_) | None => Err(self.fault("Invalid \\uXXXX escape", at + 1)),
        }
    }

    /// Whether so many characters follow.
    fn has_chars(&self, at: usize, count: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.chars().take(count).count() == count
    }

    fn number(&self, start: usize) -> Read<Value> {
        let first = start + usize::from(self.byte(start) == Some(b'-'));
        let mut end = match self.byte(first) {
            Some(b'0') => first + 1,
            Some(b'1'..=b'9') => self.past_digits(first),
            Some(_) | None => return Err(self.fault("Expecting value", start)),
        };
        let whole = end;
        if self.byte(end) == Some(b'.') && self.is_digit(end + 1) {
            end = self.past_digits(end + 1);
        }
        if matches!(self.byte(end), Some(b'e' | b'E')) {
            let signed = matches!(self.byte(end + 1), Some(b'+' | b'-'));
            let digits = end + 1 + usize::from(signed);
            if self.is_digit(digits) {
                end = self.past_digits(digits);
            }
        }
        let text = self.text.get(start..end).unwrap_or_default();
        if end > whole {
            return Ok((Value::Float(text.parse().unwrap_or(0.0)), end));
        }
        let digits = whole - first;
        if digits > MOST_DIGITS {
            return Err(Fault::Reported(format!(
                "Exceeds the limit ({MOST_DIGITS} digits) for integer string conversion: value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
            )));
        }
        let text = if text == "-0" { "0" } else { text };
        Ok((Value::Int(text.to_owned()), end))
    }

    fn is_digit(&self, at: usize) -> bool {
        self.byte(at).is_some_and(|byte| byte.is_ascii_digit())
    }

    fn past_digits(&self, mut at: usize) -> usize {
        while self.is_digit(at) {
            at += 1;
        }
        at
    }
}

/// What follows an item of a list or a dictionary.
enum Next {
    /// Another one, here.
    Item(usize),
    /// Nothing; what comes after begins here.
    End(usize),
}

/// Numbers that JSON does not have, which Python has and Django REST framework refuses.
fn not_compliant(name: &str) -> Fault {
    Fault::Reported(format!(
        "Out of range float values are not JSON compliant: '{name}'"
    ))
}
