//! Secrets, made unreadable before anything is written down.

use std::ops::Range;

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderValue, LOCATION};

/// What stands in for a secret.
const MASK: &str = "***";

/// Header fields whose whole value is a secret.
const HEADERS: &[&str] = &[
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-auth-password",
    "x-edx-api-key",
];

/// Schemes of an `Authorization`.
const SCHEMES: &[&str] = &["basic", "bearer", "jwt", "oauth"];

/// Names of parameters, form fields, JSON members and XML elements whose value is a secret.
const NAMES: &[&str] = &[
    "access_token",
    "client_assertion",
    "client_secret",
    "code",
    "id_token",
    "jwt",
    "passwd",
    "password",
    "refresh_token",
    "secret",
    "token",
];

/// More names that people give a secret in a query or a form.
const ODD_NAMES: &[&str] = &[
    "api-key",
    "api_key",
    "apikey",
    "authorization",
    "key",
    "x-auth-password",
    "x-edx-api-key",
];

/// How every JWT begins: `{"` in base64.
const JWT: &[u8] = b"eyJ";

/// Header fields without their secrets. The scheme of an `Authorization` stays.
pub fn headers(headers: &HeaderMap) -> HeaderMap {
    let mut masked = headers.clone();
    for name in HEADERS {
        if let hyper::header::Entry::Occupied(mut field) = masked.entry(*name) {
            for value in field.iter_mut() {
                let scheme = value.to_str().ok().and_then(|text| text.split_once(' '));
                // Any other first word may be the token itself, with something behind it.
                let scheme = scheme.filter(|(scheme, _)| {
                    SCHEMES
                        .iter()
                        .any(|known| known.eq_ignore_ascii_case(scheme))
                });
                let text = match scheme {
                    Some((scheme, _)) => format!("{scheme} {MASK}"),
                    None => MASK.to_owned(),
                };
                *value = HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(MASK));
            }
        }
    }
    // A redirect may carry a code.
    if let Some(location) = headers.get(LOCATION).and_then(|it| it.to_str().ok())
        && let Some((address, parameters)) = location.split_once('?')
    {
        let location = format!("{address}?{}", query(parameters));
        let location = HeaderValue::try_from(location);
        masked.insert(LOCATION, location.unwrap_or(HeaderValue::from_static(MASK)));
    }
    masked
}

/// A query without its secrets, however their names are encoded.
pub fn query(query: &str) -> String {
    let parameters = query.split('&').map(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else {
            return parameter.to_owned();
        };
        match is_secret(name) || is_bearer(value) || is_jwt(value) {
            true if !value.is_empty() => format!("{name}={MASK}"),
            _ => parameter.to_owned(),
        }
    });
    parameters.collect::<Vec<_>>().join("&")
}

fn has_secret_field(form: &str) -> bool {
    let mut fields = form.split('&').filter_map(|field| field.split_once('='));
    fields.any(|(name, _)| is_secret(name))
}

/// Whether a parameter of this name, as sent, holds a secret: `client%5Fsecret`, `password[]`.
fn is_secret(name: &str) -> bool {
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    let name = name.split('[').next().unwrap_or("").trim().to_lowercase();
    NAMES.iter().chain(ODD_NAMES).any(|secret| *secret == name)
}

/// Whether a value is what belongs into an `Authorization` header.
fn is_bearer(value: &str) -> bool {
    let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
    let scheme = value.split([' ', '+']).next().unwrap_or("");
    let known = SCHEMES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme));
    known && value.len() > scheme.len()
}

/// Whether there is a JWT in a value, as sent.
fn is_jwt(value: &str) -> bool {
    let value: Vec<u8> = percent_encoding::percent_decode_str(value).collect();
    (0..value.len()).any(|at| jwt_at(&value, at).is_some())
}

/// The first `most` bytes of a body without their secrets, whatever its syntax.
///
/// What is cut away is not looked at: a large body costs no more than a small one.
pub fn body(body: &Bytes, most: usize) -> Bytes {
    let body = body.slice(..body.len().min(most));
    // A form's names may be encoded. What merely looks like a form goes on to the other syntaxes.
    let body = match std::str::from_utf8(&body) {
        Ok(form) if has_secret_field(form) => Bytes::from(query(form)),
        _ => body,
    };
    masked(&body).map_or(body, Bytes::from)
}

/// The text with every secret masked; None if there is none. It need not be UTF-8: a multipart
/// body holds what it likes.
fn masked(text: &[u8]) -> Option<Vec<u8>> {
    let mut masked = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while at < text.len() {
        match secret_at(text, at).or_else(|| jwt_at(text, at)) {
            Some(secret) => {
                masked.extend_from_slice(&text[copied..secret.start]);
                masked.extend_from_slice(MASK.as_bytes());
                copied = secret.end;
                at = secret.end;
            }
            None => at += 1,
        }
    }
    (copied > 0).then(|| {
        masked.extend_from_slice(&text[copied..]);
        masked
    })
}

/// The JWT that begins at `at`, if one does: three parts in the letters of base64, with dots between.
fn jwt_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_start = at
        .checked_sub(1)
        .is_none_or(|before| !is_letter(text[before]));
    if !is_start || !text[at..].starts_with(JWT) {
        return None;
    }
    let mut dots = 0;
    let mut end = at;
    while let Some(&byte) = text.get(end) {
        match byte {
            b'.' if dots < 2 => dots += 1,
            byte if is_letter(byte) => {}
            _ => break,
        }
        end += 1;
    }
    // One that was cut by the bound is one as well.
    (dots == 2 || (dots == 1 && end == text.len())).then_some(at..end)
}

/// Where the value of the secret lies whose name begins at `at`, if one does.
fn secret_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    let name = NAMES
        .iter()
        .find(|name| text[at..].starts_with(name.as_bytes()))?;
    let before = at.checked_sub(1).map(|before| text[before]);
    if before.is_some_and(|before| before.is_ascii_alphanumeric() || before == b'_') {
        return None;
    }
    let rest = &text[at + name.len()..];
    let value = match rest.first()? {
        // A part of a multipart body whose name has no quotes.
        b'\r' | b';' if text[..at].ends_with(b"name=") => part(rest)?,
        b'=' => up_to(rest, 1, |rest| {
            matches!(rest[0], b'&' | b' ' | b'\r' | b'\n')
        }),
        // `code` is an element of refusals, and no secret there.
        b'>' if *name != "code" && before == Some(b'<') => {
            up_to(rest, 1, |rest| rest.starts_with(b"</"))
        }
        b'>' if *name != "code" => up_to(rest, 1, |rest| rest[0] == b'<'),
        b'"' => quoted(rest, name)?,
        _ => return None,
    };
    let start = at + name.len();
    (!value.is_empty()).then(|| start + value.start..start + value.end)
}

/// The value behind a name and its closing quote: a JSON member's, or a part's of a multipart body.
fn quoted(rest: &[u8], name: &str) -> Option<Range<usize>> {
    if matches!(rest.get(1), Some(b'\r' | b';')) {
        return part(rest);
    }
    let after_blanks = |from: usize| {
        let blanks = rest[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace());
        from + blanks.count()
    };
    let colon = after_blanks(1);
    if rest.get(colon) != Some(&b':') {
        return None;
    }
    let value = after_blanks(colon + 1);
    match rest.get(value)? {
        b'"' => {
            let mut escaped = false;
            Some(up_to(rest, value + 1, |rest| {
                let ends = rest[0] == b'"' && !escaped;
                escaped = rest[0] == b'\\' && !escaped;
                ends
            }))
        }
        b'{' | b'[' => None,
        // The `code` of a refusal is a number.
        _ if name == "code" => None,
        _ => Some(up_to(rest, value, |rest| {
            matches!(rest[0], b',' | b'}' | b']') || rest[0].is_ascii_whitespace()
        })),
    }
}

/// The content of a part of a multipart body: behind the blank line that ends its fields, which
/// are short.
fn part(rest: &[u8]) -> Option<Range<usize>> {
    let fields = &rest[..rest.len().min(4096)];
    let blank = fields.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(up_to(rest, blank + 4, |rest| rest.starts_with(b"\r\n--")))
}

/// From `start` to where `ends` says so, else to the end of the text.
fn up_to(text: &[u8], start: usize, mut ends: impl FnMut(&[u8]) -> bool) -> Range<usize> {
    let end = (start..text.len()).find(|at| ends(&text[*at..]));
    start..end.unwrap_or(text.len())
}
