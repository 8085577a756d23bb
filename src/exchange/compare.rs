//! Compares an answer with the expected one, and says how they differ.

use std::fmt::Write as _;

use hyper::header::HeaderMap;

use super::{Expected, ExpectedBody, xml};

/// How much of a body is shown.
const SHOWN: usize = 4096;

/// Every difference between an answer and the expected one. Each may take several lines.
pub(super) fn differences(
    expected: &Expected,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Vec<String> {
    let mut found = Vec::new();
    if status != expected.status {
        found.push(format!(
            "status: expected {}, got {status}",
            expected.status
        ));
    }
    for (name, value) in &expected.headers {
        let got = joined(headers, name);
        if got != *value {
            let said = |value: &Option<String>| match value {
                Some(value) => format!("{value:?}"),
                None => "none".to_owned(),
            };
            found.push(format!(
                "header {name}: expected {}, got {}",
                said(value),
                said(&got)
            ));
        }
    }
    match &expected.body {
        Some(expected) => found.extend(body_difference(expected, body)),
        // The body that came says most about a wrong status.
        None if !found.is_empty() && !body.is_empty() => {
            found.push(format!(
                "the body that came:\n{}",
                indented(&readable(body))
            ));
        }
        None => {}
    }
    found
}

/// All values of a header field, as HTTP joins them.
fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    if values.is_empty() {
        return None;
    }
    Some(values.join(", "))
}

fn body_difference(expected: &ExpectedBody, got: &[u8]) -> Option<String> {
    match expected {
        ExpectedBody::Exact(text) if text.as_bytes() == got => None,
        ExpectedBody::Exact(text) => {
            let at = text.bytes().zip(got).take_while(|(a, b)| a == *b).count();
            let what = format!("body: differs from byte {at} on");
            Some(both(&what, &readable(text.as_bytes()), &readable(got)))
        }
        ExpectedBody::Json(json) => {
            let pretty = |value| serde_json::to_string_pretty(value).unwrap_or_default();
            match serde_json::from_slice::<serde_json::Value>(got) {
                Ok(value) if value == *json => None,
                Ok(value) => Some(both("body, as JSON", &pretty(json), &pretty(&value))),
                Err(error) => Some(both(
                    &format!("body: not JSON: {error}"),
                    &pretty(json),
                    &readable(got),
                )),
            }
        }
        ExpectedBody::Xml(xml) => {
            let parsed = std::str::from_utf8(got)
                .map_err(|error| error.to_string())
                .and_then(xml::read);
            match parsed {
                Ok(value) if value == *xml => None,
                Ok(value) => Some(both("body, as XML", &xml.to_string(), &value.to_string())),
                Err(error) => Some(both(
                    &format!("body: not XML: {error}"),
                    &xml.to_string(),
                    &readable(got),
                )),
            }
        }
    }
}

/// Expected and got, one below the other, the first line that differs pointed out.
fn both(what: &str, expected: &str, got: &str) -> String {
    let mut lines = expected.lines().zip(got.lines());
    let differs = lines.position(|(expected, got)| expected != got);
    let mut text = what.to_owned();
    if let Some(line) = differs {
        let _ = write!(text, " (line {})", line + 1);
    }
    for (name, body) in [("expected", expected), ("got", got)] {
        let _ = write!(text, "\n{name}:\n{}", indented(body));
    }
    text
}

fn indented(body: &str) -> String {
    let lines = body.lines().map(|line| format!("    {line}"));
    match body {
        "" => "    (nothing)".to_owned(),
        _ => lines.collect::<Vec<_>>().join("\n"),
    }
}

/// The text of a body. Control characters are escaped, and a long text is cut.
fn readable(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let mut shown = String::new();
    for (at, character) in text.char_indices() {
        if at >= SHOWN {
            let _ = write!(shown, "… ({} bytes)", body.len());
            break;
        }
        match character {
            '\n' => shown.push('\n'),
            character if character.is_control() => shown.extend(character.escape_debug()),
            character => shown.push(character),
        }
    }
    // A line end at the end would not show.
    if text.ends_with('\n') {
        shown.push_str("\\n");
    }
    shown
}
