//! The cookie that upstream's view for the instructor's page sets, and bulk enroll with it.

use hyper::header::HeaderValue;
use jiff::SignedDuration;

use crate::seed::Key;
use crate::vendors::openedx::Context;

/// How long the cookie lives: a year of 52 weeks.
const SECONDS: i64 = 31_449_600;

/// The cookie. Its token is the same for the whole context.
pub fn cookie(context: &Context<'_>) -> Option<HeaderValue> {
    let expires = context.now.checked_add(SignedDuration::from_secs(SECONDS));
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let expires = expires.and_then(|expires| printer.timestamp_to_rfc9110_string(&expires));
    let expires = expires.map_or(String::new(), |expires| format!(" expires={expires};"));
    let token = token(context);
    let cookie = format!("csrftoken={token};{expires} Max-Age={SECONDS}; Path=/; SameSite=Lax");
    HeaderValue::try_from(cookie).ok()
}

fn token(context: &Context<'_>) -> String {
    const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut stream = Key::new(context.seed, "openedx csrf token").stream(0);
    let letters = (0..64).filter_map(|_| stream.pick(LETTERS));
    letters.map(|letter| char::from(*letter)).collect()
}
