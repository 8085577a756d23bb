//! Dates and instants as scenario files write them.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::place::cut;

/// What a day looks like, for editors.
pub(crate) const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

/// What an instant looks like, for editors.
pub(crate) const INSTANT: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$";

/// A day, `YYYY-MM-DD`.
///
/// # Errors
/// What was expected, in words.
pub fn date(text: &str) -> Result<Date, String> {
    let parsed = text.parse().ok().filter(|_| has_form(text, "0000-00-00"));
    parsed.ok_or_else(|| match text.split_once('-') {
        Some((year, rest)) if is_long_year(year) && has_form(rest, "00-00") => format!(
            "`{}` is beyond the calendar, expected no day after {}",
            cut(text),
            Date::MAX
        ),
        _ => format!(
            "`{}` is not a day, expected YYYY-MM-DD such as 2024-06-09",
            cut(text)
        ),
    })
}

/// An instant, RFC 3339.
///
/// # Errors
/// What was expected, in words.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    let parsed = text.parse().ok().filter(|_| is_rfc3339(text));
    parsed.ok_or_else(|| {
        if is_beyond(text) {
            return format!(
                "`{}` is beyond the calendar, expected no instant after {}",
                cut(text),
                Timestamp::MAX
            );
        }
        format!(
            "`{}` is not an instant, expected RFC 3339 such as 2024-06-09T13:05:09Z",
            cut(text)
        )
    })
}

/// Whether it would be an instant if time did not end.
fn is_beyond(text: &str) -> bool {
    let Some((year, rest)) = text.split_once('-') else {
        return false;
    };
    // The same in a year before the last.
    let sooner = format!("2000-{rest}");
    let is_last = year == "9999" && is_rfc3339(text);
    (is_last || is_long_year(year) && is_rfc3339(&sooner)) && sooner.parse::<Timestamp>().is_ok()
}

/// Whether a year has more digits than there are.
fn is_long_year(year: &str) -> bool {
    year.len() > 4 && year.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the parts are those of RFC 3339; jiff also reads shorter and longer forms of ISO 8601.
fn is_rfc3339(text: &str) -> bool {
    let Some((start, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|digit: char| digit.is_ascii_digit()),
        None => rest,
    };
    has_form(&start.to_uppercase(), "0000-00-00T00:00:00")
        && (matches!(offset, "Z" | "z") || has_form(offset, "+00:00") || has_form(offset, "-00:00"))
}

/// Whether the text has a digit wherever `form` has `0`, and is `form` elsewhere.
fn has_form(text: &str, form: &str) -> bool {
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'0' => byte.is_ascii_digit(),
        _ => byte == wanted,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::{date, instant};

    #[test]
    fn only_whole_days_and_whole_instants_are_read() {
        for right in [
            "2024-06-09T13:05:09Z",
            "2024-06-09t13:05:09.250z",
            "2024-06-09T15:05:09+02:00",
        ] {
            assert!(instant(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "2024-06-09",
            "2024-06-09T13:05:09",
            "2024-06-09T13Z",
            "20240609T130509Z",
            "2024-06-31T00:00:00Z",
            "2024-06-09T13:05:09+02",
            "2024-06-09T13:05:09+02:00[Europe/Berlin]",
            "2024-06-09T13:05:09.Z",
            "2024-06-09T13:05:0éZ",
            "2024-06-09 13:05:09Z",
        ] {
            assert!(instant(wrong).is_err(), "{wrong}");
        }
        assert!(date("2024-02-29").is_ok());
        for wrong in [
            "",
            "2023-02-29",
            "2024-6-9",
            "20240609",
            "2024-06-09T00:00:00Z",
            "+002024-06-09",
        ] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }
}
