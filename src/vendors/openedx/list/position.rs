//! The position of a cursor as a date: what Django's `DateTimeField` takes, and what it says of the rest.

use std::iter::Peekable;
use std::str::Chars;

use hyper::StatusCode;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::super::list_fields::fraction;
use super::refused;
use crate::digits::utc;
use crate::platform::{ApiError, quoted};

/// A position as the framework writes it: `2021-03-09 20:15:03+00:00`, microseconds if there are any.
pub fn text(at: Timestamp) -> String {
    let at = utc(at);
    let (date, hour, minute, second) = (at.date(), at.hour(), at.minute(), at.second());
    let fraction = fraction(&at);
    format!("{date} {hour:02}:{minute:02}:{second:02}{fraction}+00:00")
}

/// The instant that a position means; without a zone it is in UTC.
///
/// # Errors
/// When it is no date.
pub fn read(text: &str) -> Result<Timestamp, ApiError> {
    let bad = |what: &str| {
        let message = format!("“{text}” value {what}");
        let what = format!("the cursor's position {} is no date", quoted(text));
        Err(refused(StatusCode::BAD_REQUEST, &message, what))
    };
    if let Some(parts) = Parts::of(text) {
        return match parts.local() {
            None => bad(
                "has the correct format (YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]) but it is an invalid \
                 date/time.",
            ),
            Some((local, offset)) => to_utc(local, offset).ok_or_else(|| {
                ApiError::Broken(format!(
                    "the cursor's position {} lies outside of Python's calendar",
                    quoted(text)
                ))
            }),
        };
    }
    match day(text) {
        None => {
            bad("has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format.")
        }
        Some(None) => bad("has the correct format (YYYY-MM-DD) but it is an invalid date."),
        Some(Some(day)) => Ok(instant(day.at(0, 0, 0, 0))),
    }
}

/// The numbers of a date with a time, in range or not.
#[derive(Clone, Copy, Debug)]
struct Parts {
    day: [u32; 3],
    time: [u32; 3],
    micros: u32,
    /// Whether the zone is west of Greenwich, its hours and its minutes.
    zone: (bool, u32, u32),
}

impl Parts {
    /// None: it is not written like a date with a time.
    fn of(text: &str) -> Option<Parts> {
        let mut reader = Reader::new(text);
        let day = reader.day()?;
        reader.one_of(&['T', ' '])?;
        let hour = reader.number(1, 2)?;
        reader.one_of(&[':'])?;
        let minute = reader.number(1, 2)?;
        let (mut second, mut micros) = (0, 0);
        if reader.one_of(&[':']).is_some() {
            second = reader.number(1, 2)?;
            if reader.one_of(&['.', ',']).is_some() {
                micros = reader.micros()?;
            }
        }
        let zone = match reader.one_of(&['Z', '+', '-']) {
            None | Some('Z') => (false, 0, 0),
            Some(sign) => {
                let hours = reader.number(2, 2)?;
                let has_colon = reader.one_of(&[':']).is_some();
                let minutes = match reader.number(2, 2) {
                    Some(minutes) => minutes,
                    None if has_colon => return None,
                    None => 0,
                };
                (sign == '-', hours, minutes)
            }
        };
        reader.ends().then_some(Parts {
            day,
            time: [hour, minute, second],
            micros,
            zone,
        })
    }

    /// What the clock shows there, and how many minutes it is ahead. None: no clock shows that.
    fn local(self) -> Option<(DateTime, i64)> {
        let [hour, minute, second] = self.time;
        let (is_west, hours, minutes) = self.zone;
        let ahead = i64::from(hours * 60 + minutes);
        if hour > 23 || minute > 59 || second > 59 || ahead >= 24 * 60 {
            return None;
        }
        let (hour, minute, second) = (hour as i8, minute as i8, second as i8);
        let local = date(self.day)?.at(hour, minute, second, self.micros as i32 * 1000);
        Some((local, if is_west { -ahead } else { ahead }))
    }
}

/// None: it is not written like a day. Some(None): there is no such day.
fn day(text: &str) -> Option<Option<Date>> {
    let mut reader = Reader::new(text);
    let day = reader.day()?;
    reader.ends().then(|| date(day))
}

fn date([year, month, day]: [u32; 3]) -> Option<Date> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    // Python's calendar begins with year 1.
    let year = i16::try_from(year).ok().filter(|year| *year >= 1)?;
    Date::new(year, month, day).ok()
}

/// None: outside of the calendar, which has the years 1 to 9999.
fn to_utc(local: DateTime, ahead: i64) -> Option<Timestamp> {
    let ahead = SignedDuration::from_mins(ahead);
    let at = local.checked_sub(ahead).ok()?;
    (1..=9999).contains(&at.year()).then(|| instant(at))
}

/// What lies past the last instant that a record can have is that instant.
fn instant(at: DateTime) -> Timestamp {
    TimeZone::UTC.to_timestamp(at).unwrap_or(Timestamp::MAX)
}

/// Reads a text from left to right, as Django's patterns do.
struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Reader {
            rest: text.chars().peekable(),
        }
    }

    fn one_of(&mut self, wanted: &[char]) -> Option<char> {
        self.rest.next_if(|next| wanted.contains(next))
    }

    fn digit(&mut self) -> Option<u32> {
        let digit = self.rest.next_if(char::is_ascii_digit)?;
        digit.to_digit(10)
    }

    /// A number of so many digits.
    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let (mut number, mut count) = (0, 0);
        while count < most
            && let Some(digit) = self.digit()
        {
            number = number * 10 + digit;
            count += 1;
        }
        (count >= least).then_some(number)
    }

    /// `2021-3-9`.
    fn day(&mut self) -> Option<[u32; 3]> {
        let year = self.number(4, 4)?;
        self.one_of(&['-'])?;
        let month = self.number(1, 2)?;
        self.one_of(&['-'])?;
        Some([year, month, self.number(1, 2)?])
    }

    /// One to six digits behind the point; six more are passed over.
    fn micros(&mut self) -> Option<u32> {
        let mut micros = self.digit()? * 100_000;
        let mut worth = 10_000;
        for _ in 1..12 {
            let Some(digit) = self.digit() else {
                break;
            };
            micros += digit * worth;
            worth /= 10;
        }
        Some(micros)
    }

    /// Whether nothing follows but one end of a line, which the patterns let pass.
    fn ends(mut self) -> bool {
        self.one_of(&['\n']);
        self.rest.next().is_none()
    }
}
