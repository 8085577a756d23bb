//! Numbers and instants as text, appended digit by digit: what answers are full of.
//!
//! Formatting machinery costs hundreds of instructions a number, and a list writes ten of them a row.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// What a clock in UTC shows.
pub fn utc(at: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(at)
}

/// Appends a number in decimal digits.
pub fn number(bytes: &mut Vec<u8>, number: u64) {
    let mut buffer = itoa::Buffer::new();
    bytes.extend_from_slice(buffer.format(number).as_bytes());
}

/// How many decimal digits a number has.
pub fn length(number: u64) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

/// Appends a number that may be below 0.
pub fn signed(bytes: &mut Vec<u8>, number: i64) {
    if number < 0 {
        bytes.push(b'-');
    }
    self::number(bytes, number.unsigned_abs());
}

/// Appends `2022-07-14`. Years are from 0 to 9999 everywhere here.
pub fn date(bytes: &mut Vec<u8>, date: Date) {
    bytes.extend_from_slice(&day(date));
}

/// Appends `20:15`.
pub fn minute(bytes: &mut Vec<u8>, at: Time) {
    bytes.extend_from_slice(&time(at)[..5]);
}

/// Appends `20:15:07`.
pub fn second(bytes: &mut Vec<u8>, at: Time) {
    bytes.extend_from_slice(&time(at));
}

/// `2022-07-14`.
pub fn day(date: Date) -> [u8; 10] {
    let year = date.year().unsigned_abs();
    let [a, b] = two((year / 100) as i8);
    let [c, d] = two((year % 100) as i8);
    let ([e, f], [g, h]) = (two(date.month()), two(date.day()));
    [a, b, c, d, b'-', e, f, b'-', g, h]
}

/// `20:15:07`.
pub fn time(at: Time) -> [u8; 8] {
    let ([a, b], [c, d], [e, f]) = (two(at.hour()), two(at.minute()), two(at.second()));
    [a, b, b':', c, d, b':', e, f]
}

/// A number from 0 to 99 as two digits.
fn two(number: i8) -> [u8; 2] {
    let number = number.unsigned_abs();
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    proptest! {
        #[test]
        fn digits_are_what_the_standard_formatting_makes(
            any in any::<u64>(),
            seconds in -62_135_596_800_i64..253_402_207_200,
        ) {
            prop_assert_eq!(text(|it| number(it, any)), any.to_string());
            prop_assert_eq!(length(any), any.to_string().len());
            prop_assert_eq!(length(any % 11), (any % 11).to_string().len());
            prop_assert_eq!(text(|it| signed(it, any as i64)), (any as i64).to_string());
            let at = utc(Timestamp::from_second(seconds).unwrap());
            prop_assert_eq!(text(|it| date(it, at.date())), at.date().to_string());
            prop_assert_eq!(text(|it| second(it, at.time())), at.time().to_string());
        }
    }
}
