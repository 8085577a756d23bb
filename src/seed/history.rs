//! The history of an enrollment.

use jiff::{SignedDuration, Timestamp};

use super::Population;
use super::stream::Stream;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The share of enrollments that were ended again.
const ENDED: f64 = 0.05;

/// From this score on a learner has passed.
const PASS: u64 = 70;

/// A learner's place in a course, with everything that any vendor shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// Its place in the order of creation, with gaps.
    pub number: u64,
    /// The index of the learner.
    pub learner: u32,
    /// The index of the course.
    pub course: u32,
    /// When it was made: later than every smaller number.
    ///
    /// Whole seconds. Microseconds where the population has more slots for enrollments than its two years
    /// have seconds.
    pub created: Timestamp,
    /// Its maker.
    pub by: By,
    /// How far the learner got.
    pub progress: Progress,
    /// Within how many days of `created` it is due, if ever.
    pub due_days: Option<u16>,
    /// Whether the learner loses access when it is due. Never without a due date.
    pub locks_when_due: bool,
    /// The certificate, which only a learner who passed may have.
    pub certificate: Option<Certificate>,
    /// Whether it was ended again. A vendor may take a learner with a certificate for one who stayed.
    pub ended: bool,
    /// When the learner last opened it: at or after the latest date of `progress`. None before the start.
    pub last_access: Option<Timestamp>,
}

impl Enrollment {
    /// When it is due: to the second as long after `created` as `due_days` says, perhaps in the future.
    pub fn due(&self) -> Option<Timestamp> {
        let hours = i64::from(self.due_days?) * 24;
        Some(later(self.created, SignedDuration::from_hours(hours)))
    }
}

/// The maker of an enrollment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A manager of the learner.
    Admin,
    /// The learner, from the catalog.
    Learner,
}

/// How far a learner got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Never opened.
    NotStarted,
    /// Opened and not finished.
    Started {
        /// When first opened, in whole seconds.
        at: Timestamp,
        /// How much is done: 1 to 99.
        percent: u8,
    },
    /// Finished.
    Completed {
        /// When first opened, in whole seconds.
        started: Timestamp,
        /// When finished, in whole seconds, after `started`.
        at: Timestamp,
        /// 0 to 100.
        score: u8,
        /// Whether the score sufficed.
        passed: bool,
    },
}

/// The certificate of a learner who passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// When it was issued, in whole seconds: upon completion or within the hour.
    pub issued: Timestamp,
    /// When it runs out, one to three years later. None: never.
    pub expires: Option<Timestamp>,
}

impl Population {
    /// The enrollment of this number, if there is one.
    pub fn enrollment(&self, number: u64) -> Option<Enrollment> {
        let (slot, learner) = self.slots.place(number);
        if !self.slots.holds(slot, learner) {
            return None;
        }
        let mut stream = self.histories.stream(slot << 32 | learner);
        let created = self.timeline.created(number);
        let end = self.timeline.end();
        let by = if stream.chance(0.3) {
            By::Learner
        } else {
            By::Admin
        };
        let due_days = if stream.chance(0.4) {
            stream.pick(&[7, 14, 30, 60, 90]).copied()
        } else {
            None
        };
        let locks_when_due = due_days.is_some() && stream.chance(0.3);
        let progress = progress(&mut stream, created, end);
        let (certificate, last_access) = match progress {
            Progress::NotStarted => (None, None),
            Progress::Started { at, .. } => (None, Some(within(&mut stream, at, 30 * DAY, end))),
            Progress::Completed { at, passed, .. } => {
                let last_access = within(&mut stream, at, 60 * DAY, end);
                let earned = passed && stream.chance(self.certificate_rate);
                if earned {
                    let certificate = certificate(&mut stream, at, end);
                    (Some(certificate), Some(last_access))
                } else {
                    (None, Some(last_access))
                }
            }
        };
        // Drawn from a stream of its own, so that no other draw moves it.
        let ended = self.endings.stream(slot << 32 | learner).chance(ENDED);
        Some(Enrollment {
            number,
            learner: learner as u32,
            course: self.slots.course(slot, learner) as u32,
            created,
            by,
            progress,
            due_days,
            locks_when_due,
            certificate,
            ended,
            last_access,
        })
    }
}

/// The progress up to the end. A later start or completion has not happened.
fn progress(stream: &mut Stream, created: Timestamp, end: i64) -> Progress {
    let starts = stream.chance(0.85);
    let finishes = stream.chance(0.75);
    let waits = short(stream, 21 * DAY);
    let takes = 10 * MINUTE + short(stream, 45 * DAY);
    let percent = 1 + stream.below(99);
    let passed = stream.chance(0.88);
    let score = if passed {
        PASS + stream.below(101 - PASS)
    } else {
        PASS / 2 + stream.below(PASS - PASS / 2)
    };
    let first = created.as_second() + i64::from(created.subsec_nanosecond() > 0);
    let started = first.saturating_add_unsigned(waits);
    let completed = started.saturating_add_unsigned(takes);
    if !starts || started >= end {
        Progress::NotStarted
    } else if !finishes || completed >= end {
        Progress::Started {
            at: second(started),
            percent: percent as u8,
        }
    } else {
        Progress::Completed {
            started: second(started),
            at: second(completed),
            score: score as u8,
            passed,
        }
    }
}

fn certificate(stream: &mut Stream, completed: Timestamp, end: i64) -> Certificate {
    let issued = within(stream, completed, HOUR, end);
    if !stream.chance(0.5) {
        let expires = None;
        return Certificate { issued, expires };
    }
    let years = 1 + stream.below(3);
    let valid = SignedDuration::from_secs((years * 365 * DAY) as i64);
    let expires = Some(later(issued, valid));
    Certificate { issued, expires }
}

/// Less than `most` seconds, rather few than many.
fn short(stream: &mut Stream, most: u64) -> u64 {
    let most = stream.below(most);
    stream.below(most)
}

/// At or after `at`, less than `most` seconds later, and before the end.
fn within(stream: &mut Stream, at: Timestamp, most: u64, end: i64) -> Timestamp {
    let left = end.saturating_sub(at.as_second()).max(0).unsigned_abs();
    let after = stream.below(left.min(most));
    second(at.as_second().saturating_add_unsigned(after))
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

/// So much later. The last date of the calendar stands for every date beyond it.
fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}
