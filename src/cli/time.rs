//! Durations and instants as people write them.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Reads `10s`, `500ms`, `1m 30s`.
///
/// # Errors
/// What to write instead.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(signed) = text.parse::<SignedDuration>()
        && let Ok(time) = Duration::try_from(signed)
    {
        return Ok(time);
    }
    Err("write a time such as 10s, 500ms or 1m 30s".to_owned())
}

/// Reads an RFC 3339 instant.
///
/// # Errors
/// What to write instead.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "write an instant with its zone: 2024-06-09T13:05:09Z".to_owned())
}
