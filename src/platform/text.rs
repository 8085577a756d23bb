//! How messages and header fields print what a client sent.

use std::time::Duration;

use hyper::Method;

/// So many whole seconds, never too short: the value of a `Retry-After` header.
pub fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// Names as a message lists them: `departments d1, d2 and 7 more`, `no departments`.
pub fn few(what: &str, names: impl ExactSizeIterator<Item = String>) -> String {
    const NAMED: usize = 5;
    let count = names.len();
    let named: Vec<String> = names.take(NAMED).collect();
    match count {
        0 => format!("no {what}"),
        count if count > NAMED => {
            format!("{what} {} and {} more", named.join(", "), count - NAMED)
        }
        _ => format!("{what} {}", named.join(", ")),
    }
}

/// `GET, POST`: the value of an `Allow` header.
pub fn comma_list(methods: &[Method]) -> String {
    methods
        .iter()
        .map(Method::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A client's text as a message quotes it: in quotes, escaped, and cut where it would drown the rest.
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}
