//! `/__admin/clock`: shows the emulated clock; freezes, sets, advances it, lets it tick.

use hyper::StatusCode;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use serde::{Deserialize, Serialize};

use super::World;
use super::answer::{json, problem};
use super::body::object;
use crate::clock::{Setting, rfc3339};
use crate::http::{Reply, Request};

/// The clock, as JSON shows it.
#[derive(Serialize)]
pub(super) struct ClockView {
    now: String,
    ticking: bool,
}

impl From<Setting> for ClockView {
    fn from(setting: Setting) -> Self {
        ClockView {
            now: rfc3339(setting.now),
            ticking: setting.ticking,
        }
    }
}

/// A change of the clock; at least one member.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    now: Option<String>,
    advance: Option<String>,
    ticking: Option<bool>,
}

/// Shows the clock.
pub fn show(_: &Request, world: &World<'_>) -> Reply {
    let setting = world.sandbox.clock.setting();
    json(StatusCode::OK, &ClockView::from(setting))
}

/// Changes the clock, all at once or not at all.
pub fn set(request: &Request, world: &World<'_>) -> Reply {
    match change(request, world) {
        Ok(setting) => json(StatusCode::OK, &ClockView::from(setting)),
        Err(what) => problem(StatusCode::BAD_REQUEST, what),
    }
}

fn change(request: &Request, world: &World<'_>) -> Result<Setting, String> {
    const WANTED: &str =
        r#"expected {"now":"2024-06-09T13:05:09Z"}, {"advance":"31m"} or {"ticking":false}"#;
    if request.oversized {
        return Err(format!("the body is too large; {WANTED}"));
    }
    let change = object(&request.body).map_err(|what| format!("{what}; {WANTED}"))?;
    let Change {
        now,
        advance,
        ticking,
    } = change;
    if now.is_none() && advance.is_none() && ticking.is_none() {
        return Err(format!("nothing to change; {WANTED}"));
    }
    let now = now.as_deref().map(instant).transpose()?;
    let advance = advance.as_deref().map(advance_by).transpose()?;
    let clock = &world.sandbox.clock;
    clock
        .set(now, advance, ticking)
        .map_err(|_| "that leads out of the calendar; nothing was changed".to_owned())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| format!("now {text:?} is not an instant such as 2024-06-09T13:05:09Z"))
}

fn advance_by(text: &str) -> Result<SignedDuration, String> {
    duration(text).ok_or_else(|| {
        format!("advance {text:?} is not a duration such as 31m, 1h 30m, 3 days, -1w")
    })
}

/// Reads `1h 30m`, `PT5M`, `3 days`, `-1w`: a day has 24 hours, a week seven days.
pub(super) fn duration(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}
