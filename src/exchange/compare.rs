//! Holds an answer against what was expected, and says how they differ.

use std::fmt::Write as _;

use hyper::header::HeaderMap;

use super::{Expected, ExpectedBody, xml};

/// How much of a body is shown.
const SHOWN: usize = 4096;

/// Every way in which an answer differs from what was expected; each may take several lines.
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
    for (name, wanted) in &expected.headers {
        let got = joined(headers, name);
        if got != *wanted {
            let said = |value: &Option<String>| match value {
                Some(value) => format!("{value:?}"),
                None => "none".to_owned(),
            };
            found.push(format!(
                "header {name}: expected {}, got {}",
                said(wanted),
                said(&got)
            ));
        }
    }
    let difference = expected
        .body
        .as_ref()
        .and_then(|wanted| body_difference(wanted, body));
    // Without an expected body, the one that came says most about a wrong status.
    let unasked = || {
        (expected.body.is_none() && !found.is_empty() && !body.is_empty())
            .then(|| format!("the body that came:\n{}", indented(&readable(body))))
    };
    let last = difference.or_else(unasked);
    found.extend(last);
    found
}

/// All values of a header field, as HTTP joins them.
fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn body_difference(wanted: &ExpectedBody, got: &[u8]) -> Option<String> {
    match wanted {
        ExpectedBody::Exact(wanted) if wanted.as_bytes() == got => None,
        ExpectedBody::Exact(wanted) => {
            let at = wanted.bytes().zip(got).take_while(|(a, b)| a == *b).count();
            let what = format!("body: differs from byte {at} on");
            Some(both(&what, &readable(wanted.as_bytes()), &readable(got)))
        }
        ExpectedBody::Json(wanted) => {
            let pretty = |value| serde_json::to_string_pretty(value).unwrap_or_default();
            match serde_json::from_slice::<serde_json::Value>(got) {
                Ok(value) if value == *wanted => None,
                Ok(value) => Some(both("body, as JSON", &pretty(wanted), &pretty(&value))),
                Err(error) => Some(both(
                    &format!("body: not JSON: {error}"),
                    &pretty(wanted),
                    &readable(got),
                )),
            }
        }
        ExpectedBody::Xml(wanted) => {
            let parsed = std::str::from_utf8(got)
                .map_err(|error| error.to_string())
                .and_then(xml::read);
            match parsed {
                Ok(value) if value == *wanted => None,
                Ok(value) => Some(both(
                    "body, as XML",
                    &wanted.to_string(),
                    &value.to_string(),
                )),
                Err(error) => Some(both(
                    &format!("body: not XML: {error}"),
                    &wanted.to_string(),
                    &readable(got),
                )),
            }
        }
    }
}

/// Expected and got, one below the other, the first line that differs pointed out.
fn both(what: &str, wanted: &str, got: &str) -> String {
    let differs = wanted
        .lines()
        .zip(got.lines())
        .position(|(wanted, got)| wanted != got);
    let mut text = what.to_owned();
    if let Some(line) = differs {
        let _ = write!(text, " (line {})", line + 1);
    }
    for (name, body) in [("expected", wanted), ("got", got)] {
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

/// The text of a body; what would not show is escaped, and what is too much is cut.
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
    // The line's end would not show.
    if text.ends_with('\n') {
        shown.push_str("\\n");
    }
    shown
}
