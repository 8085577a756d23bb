//! Spans of time as faults write them: `200ms`, `10.752s`, `1m 30s`.

use std::time::Duration;

use jiff::SignedDuration;

use crate::faults::LONGEST;
use crate::format::{FileId, Problems, Text};
use crate::place::{Place, cut};

/// The longest `Retry-After`: thirty days.
const LONGEST_RETRY: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long an answer takes.
pub(super) fn delay(
    file: FileId,
    key: &str,
    written: &Place<Text>,
    problems: &mut Problems,
) -> Option<Duration> {
    let form = Form {
        sample: "200ms",
        unit: "ms",
        most: (LONGEST, "1h"),
    };
    form.read(file, key, written, problems)
}

/// After how long to try again.
pub(super) fn retry_after(
    file: FileId,
    written: &Place<Text>,
    problems: &mut Problems,
) -> Option<Duration> {
    let form = Form {
        sample: "2s",
        unit: "s",
        most: (LONGEST_RETRY, "720h"),
    };
    form.read(file, "retry_after", written, problems)
}

struct Form {
    sample: &'static str,
    /// What a number without one most likely lacks.
    unit: &'static str,
    most: (Duration, &'static str),
}

impl Form {
    fn read(
        &self,
        file: FileId,
        key: &str,
        written: &Place<Text>,
        problems: &mut Problems,
    ) -> Option<Duration> {
        if written.spot.is_nowhere() {
            return None;
        }
        let text: &str = &written.value;
        let Form { sample, unit, most } = self;
        let read = text.parse::<SignedDuration>().ok();
        let read = read.and_then(|it| Duration::try_from(it).ok());
        if let Some(duration) = read.filter(|it| *it <= most.0) {
            return Some(duration);
        }
        let what = format!(
            "`{key}` is `{}`, expected a duration from 0s to {}, such as {sample}",
            cut(text),
            most.1
        );
        let is_bare = !text.is_empty() && text.parse::<f64>().is_ok_and(|it| it >= 0.0);
        let cure = is_bare.then(|| format!("did you mean `{}{unit}`?", cut(text)));
        problems.at(file, written.spot, what, cure);
        None
    }
}
