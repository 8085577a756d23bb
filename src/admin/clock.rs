//! `/__admin/clock`: what the emulated clock shows; freeze, set, advance, tick.

use hyper::StatusCode;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use serde::{Deserialize, Serialize};

use super::{World, json, object, problem};
use crate::clock::{Setting, rfc3339};
use crate::http::{Reply, Request};

/// What the clock shows.
#[derive(Serialize)]
pub(super) struct Shown {
    now: String,
    ticking: bool,
}

impl From<Setting> for Shown {
    fn from(setting: Setting) -> Self {
        Shown {
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

/// Says what the clock shows.
pub fn show(_: &Request, world: &World<'_>) -> Reply {
    let setting = world.sandbox.clock.setting();
    json(StatusCode::OK, &Shown::from(setting))
}

/// Changes what the clock shows, all at once or not at all.
pub fn set(request: &Request, world: &World<'_>) -> Reply {
    match change(request, world) {
        Ok(setting) => json(StatusCode::OK, &Shown::from(setting)),
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
    let now = now
        .map(|text| {
            let parsed = text.parse::<Timestamp>();
            parsed
                .map_err(|_| format!("now {text:?} is not an instant such as 2024-06-09T13:05:09Z"))
        })
        .transpose()?;
    let advance = advance
        .map(|text| {
            duration(&text).ok_or_else(|| {
                format!("advance {text:?} is not a duration such as 31m, 1h 30m, 3 days, -1w")
            })
        })
        .transpose()?;
    let clock = &world.sandbox.clock;
    clock
        .set(now, advance, ticking)
        .map_err(|_| "that leads out of the calendar; nothing was changed".to_owned())
}

/// `1h 30m`, `PT5M`, `3 days`, `-1w`: a day has 24 hours, a week seven days.
pub(super) fn duration(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}
