//! `multipart/form-data` as Django reads it: whatever can be read is, and nothing is refused for its form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode;

/// The most parts that Django reads: it counts what stands before the first boundary and behind the last.
const PARTS_AT_MOST: usize = super::FIELDS_AT_MOST + 2;

/// The most files that Django reads.
const FILES_AT_MOST: usize = 100;

/// Within so many bytes the fields of a part must end.
const HEAD_AT_MOST: usize = 1024;

/// The content of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Text.
    Text(String),
    /// A file of this name.
    File(String),
}

/// There are more parts than Django reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// The parts that have a name, in the order sent.
///
/// # Errors
/// When there are too many.
pub fn entries(body: &[u8], boundary: &str) -> Result<Vec<(String, Entry)>, TooMany> {
    let separator = format!("--{boundary}");
    let mut entries = Vec::new();
    let (mut fields, mut files) = (0, 0);
    for part in Parts::new(body, separator.as_bytes()) {
        let head = Head::of(part);
        let is_file = head.as_ref().is_some_and(|head| head.filename.is_some());
        let (count, most) = if is_file {
            (&mut files, FILES_AT_MOST)
        } else {
            (&mut fields, PARTS_AT_MOST)
        };
        *count += 1;
        if *count > most {
            return Err(TooMany);
        }
        entries.extend(head.and_then(|head| head.entry(part)));
    }
    Ok(entries)
}

/// What stands between boundaries, wherever in a line those stand.
struct Parts<'a> {
    rest: &'a [u8],
    separator: &'a [u8],
}

impl<'a> Parts<'a> {
    fn new(rest: &'a [u8], separator: &'a [u8]) -> Self {
        Parts { rest, separator }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let Some(at) = find(self.rest, self.separator) else {
            return Some(std::mem::take(&mut self.rest));
        };
        let part = &self.rest[..at];
        self.rest = &self.rest[at + self.separator.len()..];
        // The line break belongs to the boundary, half of it as well.
        let part = part.strip_suffix(b"\n").unwrap_or(part);
        Some(part.strip_suffix(b"\r").unwrap_or(part))
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    // Most bytes are not the first of a boundary: the others are passed over quickly.
    let first = wanted.first()?;
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|byte| byte == first)?;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}

/// What a part says of itself.
#[derive(Default)]
struct Head {
    name: Option<String>,
    /// None: it is text.
    filename: Option<String>,
    is_base64: bool,
    /// Where its content begins.
    end: usize,
}

impl Head {
    /// None: it does not say that it is part of a form.
    fn of(part: &[u8]) -> Option<Head> {
        let start = &part[..part.len().min(HEAD_AT_MOST)];
        let end = find(start, b"\r\n\r\n")?;
        let mut head = Head {
            end: end + b"\r\n\r\n".len(),
            ..Head::default()
        };
        let mut is_field = false;
        for line in Lines(&part[..end]) {
            let pieces = pieces(line);
            let Some((name, value)) = pieces.first().and_then(|piece| split(piece, b':')) else {
                continue;
            };
            // Django makes them small without taking the space away.
            match name.to_ascii_lowercase().as_slice() {
                b"content-disposition" => {
                    is_field = true;
                    head.name = parameter(&pieces, "name").map(|name| name.trim().to_owned());
                    let filename = parameter(&pieces, "filename");
                    head.filename = filename.filter(|it| !it.is_empty());
                }
                b"content-transfer-encoding" => {
                    head.is_base64 = value.trim_ascii().eq_ignore_ascii_case(b"base64");
                }
                _ => {}
            }
        }
        is_field.then_some(head)
    }

    fn entry(self, part: &[u8]) -> Option<(String, Entry)> {
        let name = self.name?;
        if let Some(filename) = self.filename {
            return Some((name, Entry::File(bare(&filename)?)));
        }
        let sent = &part[self.end..];
        let decoded = self.is_base64.then(|| {
            let letters: Vec<u8> = sent.iter().copied().filter(|it| is_base64(*it)).collect();
            STANDARD.decode(letters).ok()
        });
        let content = decoded.flatten();
        let text = String::from_utf8_lossy(content.as_deref().unwrap_or(sent));
        Some((name, Entry::Text(text.into_owned())))
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// A file's name without the directories that some browsers send along. None: nothing is left.
fn bare(filename: &str) -> Option<String> {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or("");
    let name: String = name.chars().filter(|it| !it.is_control()).collect();
    let name = name.trim();
    (!matches!(name, "" | "." | "..")).then(|| name.to_owned())
}

/// Lines with `\r\n` between.
struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = find(self.0, b"\r\n");
        let line = &self.0[..end.unwrap_or(self.0.len())];
        self.0 = end.map_or(&[], |end| &self.0[end + 2..]);
        Some(line)
    }
}

/// The pieces of a field between the semicolons that stand in no quotes.
fn pieces(line: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut is_quoted = false;
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b';' if !is_quoted => {
                pieces.push(line[start..at].trim_ascii());
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(line[start..].trim_ascii());
    pieces
}

/// The last parameter of this name.
fn parameter(pieces: &[&[u8]], wanted: &str) -> Option<String> {
    let mut parameters = pieces.iter().skip(1).rev();
    parameters.find_map(|piece| {
        let (name, value) = split(piece, b'=')?;
        let name = name.trim_ascii().to_ascii_lowercase();
        let value = value.trim_ascii();
        match name.strip_suffix(b"*") {
            Some(name) if name == wanted.as_bytes() => {
                let mut parts = value.splitn(3, |byte| *byte == b'\'');
                let text = parts.nth(2).unwrap_or(value);
                Some(percent_decode(text).decode_utf8_lossy().into_owned())
            }
            Some(_) => None,
            None if name == wanted.as_bytes() => Some(unquoted(value)),
            None => None,
        }
    })
}

fn unquoted(value: &[u8]) -> String {
    let inside = value
        .strip_prefix(b"\"")
        .and_then(|it| it.strip_suffix(b"\""));
    let text = String::from_utf8_lossy(inside.unwrap_or(value));
    match inside {
        Some(_) => text.replace("\\\\", "\\").replace("\\\"", "\""),
        None => text.into_owned(),
    }
}

fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|byte| *byte == at)?;
    Some((&text[..place], &text[place + 1..]))
}
