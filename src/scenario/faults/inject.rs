//! `inject` of a fault: what it does.

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};

use super::{duration, on};
use crate::delivery::How;
use crate::faults::written::{
    Connection, Drip, Explicit, Fault, Inject, Latency, Meant, Respond, Spread,
};
use crate::faults::{self, Effect, Refusal, Response};
use crate::format::read::missing_key;
use crate::format::{FileId, Problems};
use crate::place::{Place, Spot};

/// What the fault does.
pub(super) fn inject(
    file: FileId,
    fault: &Fault,
    is_whole: &dyn Fn(Spot) -> bool,
    problems: &mut Problems,
) -> Option<faults::Inject> {
    let Some(written) = &fault.inject else {
        problems.at(file, fault.name.spot, missing_key("inject"), None);
        return None;
    };
    let retry_after = fault.retry_after.as_ref();
    let waits = matches!(
        written.value,
        Inject::Meant(Meant::Throttled | Meant::Maintenance)
    );
    if let Some(retry_after) = retry_after.filter(|_| !waits) {
        let what = "`retry_after` means nothing here, expected with `inject: throttled` or `inject: maintenance` only";
        problems.at(file, retry_after.spot, what, None);
    }
    let after = retry_after
        .filter(|_| waits)
        .and_then(|after| duration::retry_after(file, after, problems));
    match &written.value {
        Inject::Meant(meant) => Some(faults::Inject::Same(effect(*meant, after))),
        Inject::Explicit(explicit) => {
            // What it lacks because it was faulty was reported.
            if let Err(what) = is_one(explicit)
                && is_whole(written.spot)
            {
                problems.at(file, written.spot, what, None);
            }
            self::explicit(file, explicit, problems)
        }
    }
}

/// What a word stands for.
fn effect(meant: Meant, retry_after: Option<Duration>) -> Effect {
    match meant {
        Meant::Throttled => Effect::Refuse(Refusal::Throttled(retry_after)),
        Meant::Unauthorized => Effect::Refuse(Refusal::Unauthorized),
        Meant::TokenExpired => Effect::ExpireToken,
        Meant::Forbidden => Effect::Refuse(Refusal::Forbidden),
        Meant::NotFound => Effect::Refuse(Refusal::NotFound),
        Meant::ServerError => Effect::Refuse(Refusal::ServerError),
        Meant::Maintenance => Effect::Refuse(Refusal::Maintenance(retry_after)),
        Meant::LostReply => Effect::LostReply,
    }
}

/// Whether one thing is spelled out, and no more.
fn is_one(written: &Explicit) -> Result<(), String> {
    // Every key has to be named here, so a new one cannot be forgotten.
    let Explicit {
        respond,
        change,
        change_as_written: _,
        latency,
        connection,
        truncate,
        drip,
        malformed,
    } = written;
    let keys = [
        ("respond", respond.is_some()),
        ("change", change.is_some()),
        ("latency", latency.is_some()),
        ("connection", connection.is_some()),
        ("truncate", truncate.is_some()),
        ("drip", drip.is_some()),
        ("malformed", malformed.is_some()),
    ];
    let given: Vec<&str> = keys.iter().filter(|key| key.1).map(|key| key.0).collect();
    let all: Vec<&str> = keys.iter().map(|key| key.0).collect();
    let found = match given.as_slice() {
        [_] => return Ok(()),
        [] => "nothing".to_owned(),
        several => quoted(several),
    };
    Err(format!(
        "`inject` has {found}, expected one of {}",
        quoted(&all)
    ))
}

fn quoted(keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(", ")
}

/// The one thing that is spelled out.
fn explicit(file: FileId, written: &Explicit, problems: &mut Problems) -> Option<faults::Inject> {
    let Explicit {
        respond,
        change,
        change_as_written: _,
        latency,
        connection,
        truncate,
        drip,
        malformed,
    } = written;
    let effects = [
        respond
            .as_ref()
            .and_then(|it| self::respond(file, it, problems)),
        change
            .as_ref()
            .map(|it| Effect::Change(Arc::new(it.value.clone()))),
        connection.map(|it| Effect::Wire(ended(it))),
        truncate
            .as_ref()
            .and_then(|it| truncated(file, it, problems)),
        drip.as_ref().and_then(|it| dripping(file, it, problems)),
        malformed.as_ref().and_then(|it| spoilt(file, it, problems)),
    ];
    let effect = effects.into_iter().flatten().next();
    let latency = latency
        .as_ref()
        .and_then(|it| self::latency(file, it, problems));
    effect.map(faults::Inject::Same).or(latency)
}

fn respond(file: FileId, written: &Respond, problems: &mut Problems) -> Option<Effect> {
    let Respond {
        status,
        headers,
        body,
    } = written;
    let status = self::status(file, status, problems);
    let mut fields = HeaderMap::new();
    if let Some(written) = headers {
        for (name, _) in &written.0 {
            let is_ours = [CONTENT_LENGTH, TRANSFER_ENCODING]
                .iter()
                .any(|ours| name.value.eq_ignore_ascii_case(ours.as_str()));
            if is_ours {
                let what = format!("`{}` follows from the body", name.value);
                let cure = "leave it out; `truncate` ends a body early".to_owned();
                problems.at(file, name.spot, what, Some(cure));
            }
        }
        for (name, value) in on::fields(file, written, problems) {
            fields.append(name, value);
        }
    }
    Some(Effect::Respond(Arc::new(Response {
        status: status?,
        headers: fields,
        body: body.clone().unwrap_or_default().into(),
    })))
}

/// Below 200 a status announces an answer and is none.
fn status(file: FileId, written: &Place<u16>, problems: &mut Problems) -> Option<StatusCode> {
    let status = Some(written.value).filter(|it| (200..=599).contains(it));
    let status = status.and_then(|it| StatusCode::from_u16(it).ok());
    if status.is_none() {
        let what = format!(
            "`status` is `{}`, expected a whole number from 200 to 599",
            written.value
        );
        problems.at(file, written.spot, what, None);
    }
    status
}

fn ended(connection: Connection) -> How {
    match connection {
        Connection::Reset => How::Reset,
        Connection::Close => How::Close,
        Connection::Garbage => How::Garbage,
    }
}

fn truncated(file: FileId, written: &Place<f64>, problems: &mut Problems) -> Option<Effect> {
    let share = share(file, "truncate", written, problems)?;
    Some(Effect::Wire(How::Truncate(share)))
}

/// A number from 0 to 1.
pub(super) fn share(
    file: FileId,
    key: &str,
    written: &Place<f64>,
    problems: &mut Problems,
) -> Option<f64> {
    let share = written.value;
    if (0.0..=1.0).contains(&share) {
        return Some(share);
    }
    let what = format!("`{key}` is `{share}`, expected a number from 0 to 1");
    let percent = (1.0..=100.0).contains(&share);
    let cure = percent.then(|| format!("did you mean `{}`?", share / 100.0));
    problems.at(file, written.spot, what, cure);
    None
}

fn dripping(file: FileId, written: &Drip, problems: &mut Problems) -> Option<Effect> {
    let over = duration::delay(file, "over", &written.over, problems)?;
    Some(Effect::Wire(How::Drip(over)))
}

fn spoilt(file: FileId, written: &Place<bool>, problems: &mut Problems) -> Option<Effect> {
    if !written.value {
        let what = "`malformed` is `false`, expected true";
        problems.at(file, written.spot, what, None);
    }
    written.value.then_some(Effect::Malformed)
}

fn latency(
    file: FileId,
    written: &Place<Latency>,
    problems: &mut Problems,
) -> Option<faults::Inject> {
    let Spread { median, p99 } = match &written.value {
        Latency::Fixed(text) => {
            let placed = Place {
                value: text.clone(),
                spot: written.spot,
            };
            let delay = duration::delay(file, "latency", &placed, problems)?;
            return Some(faults::Inject::Same(Effect::Delay(delay)));
        }
        Latency::Spread(spread) => spread,
    };
    let spread = (
        duration::delay(file, "median", median, problems),
        duration::delay(file, "p99", p99, problems),
    );
    let (Some(half), Some(most)) = spread else {
        return None;
    };
    if most < half {
        let what = "`p99` is less than `median`, expected no less: 99 of 100 delays are below it";
        problems.at(file, p99.spot, what, None);
        return None;
    }
    Some(faults::Inject::Latency(faults::Spread {
        median: half,
        p99: most,
    }))
}
