//! Secrets, made unreadable before they are read.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use memchr::{memchr, memchr3, memchr3_iter};

/// What stands in for a secret.
pub const MASK: &str = "***";

/// Header fields whose whole value is a secret.
const HEADERS: &[&str] = &[
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-access-token",
    "x-api-key",
    "x-auth-password",
    "x-auth-token",
    "x-csrftoken",
    "x-edx-api-key",
];

/// Header fields that hold an address.
const ADDRESSES: &[&str] = &["content-location", "link", "location", "referer"];

/// Schemes of an `Authorization`.
const SCHEMES: &[&str] = &["basic", "bearer", "jwt", "oauth"];

/// Names of parameters, form fields, JSON members and XML elements whose value is a secret.
const NAMES: &[&str] = &[
    "access_token",
    "api_key",
    "assertion",
    "authorization",
    "client_assertion",
    "client_secret",
    "code",
    "id_token",
    "jwt",
    "passwd",
    "password",
    "pwd",
    "refresh_token",
    "secret",
    "session_id",
    "token",
];

/// What the name of a secret in a query, a form or a header ends with, in whatever case and with whatever
/// between its words: `newPassword`, `X-Session-Token`, `oauth_token`.
const ENDINGS: &[&str] = &[
    "apikey",
    "assertion",
    "authorization",
    "jwt",
    "passwd",
    "password",
    "secret",
    "token",
];

/// More names that people give a secret there.
const ODD_NAMES: &[&str] = &["code", "key", "pwd", "sessionid"];

/// How every JWT begins: `{"` in base64.
const JWT: &[u8] = b"eyJ";

/// Header fields without their secrets. The scheme of an `Authorization` stays.
pub fn headers(headers: &HeaderMap) -> HeaderMap {
    let mut masked = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let value = value_of(name, value).unwrap_or_else(|| value.clone());
        masked.append(name.clone(), value);
    }
    masked
}

/// A field's value with its secrets masked. None: it has none.
fn value_of(name: &HeaderName, value: &HeaderValue) -> Option<HeaderValue> {
    let text = value.to_str().ok();
    let masked = match text {
        _ if hides(name.as_str()) => {
            let scheme = text.and_then(|text| text.split_once(' '));
            // Any other first word may be the token itself, with something behind it.
            let scheme = scheme.filter(|(scheme, _)| is_scheme(scheme));
            match scheme {
                Some((scheme, _)) => format!("{scheme} {MASK}"),
                None => MASK.to_owned(),
            }
        }
        // A redirect may carry a code, and the next request the address that it led to.
        Some(text) if ADDRESSES.contains(&name.as_str()) => address(text),
        Some(text) if is_bearer(text) => MASK.to_owned(),
        // Of what says more than a secret the rest stays.
        Some(text) => String::from_utf8_lossy(&masked(text.as_bytes())?).into_owned(),
        None => return None,
    };
    Some(HeaderValue::try_from(masked).unwrap_or(HeaderValue::from_static(MASK)))
}

/// An address without the secrets in its query or behind its `#`.
fn address(text: &str) -> String {
    let is_before = |c: char| matches!(c, '?' | '#');
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_before) {
        let (before, from) = rest.split_at(at + 1);
        let end = from.find(is_before).unwrap_or(from.len());
        masked.push_str(before);
        masked.push_str(&query(&from[..end]));
        rest = &from[end..];
    }
    masked + rest
}

/// A query without its secrets, however their names are encoded. Borrowed: it has none.
pub fn query(query: &str) -> Cow<'_, str> {
    if !may_hold_secrets(query.as_bytes()) {
        return query.into();
    }
    let is_masked = |parameter: &str| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        !value.is_empty() && (is_secret(name) || is_bearer(value) || is_jwt(value))
    };
    // Some read `;` as they read `&`. It stays what it is.
    if !query.split(['&', ';']).any(is_masked) {
        return query.into();
    }
    let parameters = query.split_inclusive(['&', ';']).map(|parameter| {
        let bare = parameter.trim_end_matches(['&', ';']);
        let end = &parameter[bare.len()..];
        match bare.split_once('=').filter(|_| is_masked(bare)) {
            Some((name, _)) => format!("{name}={MASK}{end}"),
            None => parameter.to_owned(),
        }
    });
    parameters.collect::<String>().into()
}

/// Whether a query is worth a closer look: most have no encoded byte, no two words in a value, no JWT, and no
/// name that ends as that of a secret.
fn may_hold_secrets(query: &[u8]) -> bool {
    // The name, or the part of it before or in brackets, ends here.
    let ends_secret = |end: usize| {
        let letters = query[..end].iter().rev();
        let mut letters = letters.filter(|byte| !is_separator(**byte));
        let (last, before) = (letters.next(), letters.next());
        last.zip(before)
            .is_some_and(|(last, before)| ends_secret([*before, *last]))
    };
    memchr3(b'%', b'+', b' ', query).is_some()
        || memchr(b'J', query).is_some()
        || memchr3_iter(b'=', b'[', b']', query).any(ends_secret)
}

/// Whether what stands under this name, of a parameter or of a header field, is masked.
pub fn hides(name: &str) -> bool {
    is_secret(name) || HEADERS.iter().any(|field| field.eq_ignore_ascii_case(name))
}

fn has_secret_field(form: &str) -> bool {
    let mut fields = form
        .split(['&', ';'])
        .filter_map(|field| field.split_once('='));
    fields.any(|(name, _)| is_secret(name))
}

/// Whether a parameter of this name, as sent, holds a secret: `client%5Fsecret`, `password[]`.
fn is_secret(name: &str) -> bool {
    // `user[password]` as well as `password[]`.
    let has_word = |name: &str| name.split(['[', ']']).any(is_secret_word);
    if name.contains('%') {
        has_word(&percent_encoding::percent_decode_str(name).decode_utf8_lossy())
    } else {
        has_word(name)
    }
}

/// Whether a name says of itself that it is a secret's.
fn is_secret_word(name: &str) -> bool {
    let letters = || name.bytes().rev().filter(|byte| !is_separator(*byte));
    // Most names end as none of them does.
    let mut end = letters();
    if let (Some(last), Some(before)) = (end.next(), end.next())
        && !ends_secret([before, last])
    {
        return false;
    }
    let ends_with = |ending: &str, is_all: bool| {
        let mut letters = letters();
        let mut wanted = ending.bytes().rev();
        let is_end = wanted.all(|byte| {
            letters
                .next()
                .is_some_and(|it| it.eq_ignore_ascii_case(&byte))
        });
        is_end && !(is_all && letters.next().is_some())
    };
    let is_one = ENDINGS.iter().any(|ending| ends_with(ending, false));
    // Where a list goes on is no secret.
    (is_one && !ends_with("pagetoken", false))
        || ODD_NAMES.iter().any(|whole| ends_with(whole, true))
}

/// What may stand between the words of a name.
fn is_separator(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.' | b' ' | b'+')
}

/// Whether the name of a secret may end with these two letters, in whatever case.
fn ends_secret([before, last]: [u8; 2]) -> bool {
    ENDS[usize::from(last)] & second_bit(before | 0x20) != 0
}

/// The letters that the name of a secret ends with, and what may come before.
const ENDS: [u32; 256] = {
    let mut ends = [0; 256];
    let lists = [ENDINGS, ODD_NAMES];
    let mut list = 0;
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            let name = lists[list][at].as_bytes();
            let (before, last) = (name[name.len() - 2], name[name.len() - 1]);
            ends[last as usize] |= second_bit(before);
            ends[last.to_ascii_uppercase() as usize] |= second_bit(before);
            at += 1;
        }
        list += 1;
    }
    ends
};

/// Whether a value is what belongs into an `Authorization` header.
pub fn is_bearer(value: &str) -> bool {
    // It takes two words, however they are put together.
    if !value.contains([' ', '+', '%']) {
        return false;
    }
    let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
    let scheme = value.split([' ', '+']).next().unwrap_or("");
    is_scheme(scheme) && value.len() > scheme.len()
}

fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether there is a JWT in a value, as sent.
pub fn is_jwt(value: &str) -> bool {
    if value.contains('%') {
        has_jwt(&percent_encoding::percent_decode_str(value).collect::<Vec<u8>>())
    } else {
        has_jwt(value.as_bytes())
    }
}

fn has_jwt(value: &[u8]) -> bool {
    begins_jwt(value) && (0..value.len()).any(|at| jwt_at(value, at).is_some())
}

/// Whether there is the beginning of a JWT in a text.
fn begins_jwt(text: &[u8]) -> bool {
    text.windows(JWT.len()).any(|it| it == JWT)
}

/// A body, or the beginning of one, without its secrets, whatever its syntax.
pub fn body(body: &[u8]) -> Bytes {
    match without_secrets(body) {
        Some(masked) => masked.into(),
        None => Bytes::copy_from_slice(body),
    }
}

/// A path without the tokens in it, or a sentence of the journal's own that quotes what a client sent.
pub fn text(text: &str) -> Cow<'_, str> {
    match masked(text.as_bytes()) {
        Some(masked) => String::from_utf8_lossy(&masked).into_owned().into(),
        None => text.into(),
    }
}

/// The same of a sentence that was just made.
pub fn sentence(sentence: String) -> String {
    match text(&sentence) {
        Cow::Owned(masked) => masked,
        Cow::Borrowed(_) => sentence,
    }
}

/// None: there are none.
fn without_secrets(body: &[u8]) -> Option<Vec<u8>> {
    // A form's names may be encoded. What merely looks like a form goes on to the other syntaxes.
    match std::str::from_utf8(body) {
        Ok(form) if has_secret_field(form) => {
            let form = query(form).into_owned().into_bytes();
            Some(masked(&form).unwrap_or(form))
        }
        Ok(_) | Err(_) => masked(body),
    }
}

/// The text with every secret masked; None if there is none. It need not be UTF-8: a multipart
/// body holds what it likes.
fn masked(text: &[u8]) -> Option<Vec<u8>> {
    // A secret's name is told from its value by one of these, and a JWT has a `J`: most paths and sentences
    // need no closer look.
    let is_mark = |byte: &u8| {
        matches!(
            byte,
            b'=' | b'"' | b'>' | b'<' | b'\\' | b'\r' | b';' | b'J'
        )
    };
    if !text.iter().any(is_mark) {
        return None;
    }
    let mut masked = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    let mut ahead = Ahead::of(text);
    while at < text.len() {
        // Hardly any byte begins a name, so nothing else is asked of most.
        let second = text.get(at + 1).map_or(0, |byte| byte | 0x20);
        let begins = BEGINS[usize::from(text[at])] & second_bit(second) != 0;
        match begins
            .then(|| secret_at(&mut ahead, at).or_else(|| jwt_at(text, at)))
            .flatten()
        {
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

/// The bytes that a secret's name, or a JWT, begins with, and what may come second.
const BEGINS: [u32; 256] = {
    let mut begins = [0; 256];
    begins[JWT[0] as usize] = second_bit(JWT[1]);
    let mut at = 0;
    while at < NAMES.len() {
        let name = NAMES[at].as_bytes();
        begins[name[0] as usize] |= second_bit(name[1]);
        begins[name[0].to_ascii_uppercase() as usize] |= second_bit(name[1]);
        at += 1;
    }
    begins
};

/// A bit for each letter that can come second.
const fn second_bit(letter: u8) -> u32 {
    match letter {
        b'a'..=b'z' => 1 << (letter - b'a'),
        _ => 0,
    }
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

/// What comes next in a text, looked for once: a text may name secrets everywhere, and end none of them.
struct Ahead<'a> {
    text: &'a [u8],
    /// Where the next `>` is, seen from every place up to there.
    tag_end: Option<usize>,
    /// Where the next blank line is, likewise.
    blank_line: Option<usize>,
}

impl<'a> Ahead<'a> {
    fn of(text: &'a [u8]) -> Self {
        Ahead {
            text,
            tag_end: None,
            blank_line: None,
        }
    }

    /// The next `>` from here on; the end of the text, if there is none. Places only ever move on.
    fn tag_end(&mut self, from: usize) -> usize {
        next(&mut self.tag_end, from, self.text, |rest| {
            memchr::memchr(b'>', rest)
        })
    }

    /// The next blank line from here on; the end of the text, if there is none.
    fn blank_line(&mut self, from: usize) -> usize {
        next(&mut self.blank_line, from, self.text, |rest| {
            memchr::memmem::find(rest, b"\r\n\r\n")
        })
    }
}

/// What was found before, if it still lies ahead; else what is found now.
fn next(
    known: &mut Option<usize>,
    from: usize,
    text: &[u8],
    find: impl Fn(&[u8]) -> Option<usize>,
) -> usize {
    match known {
        Some(known) if *known >= from => *known,
        _ => {
            let found = find(&text[from.min(text.len())..]);
            let found = found.map_or(text.len(), |at| from + at);
            *known = Some(found);
            found
        }
    }
}

/// The fields of a part of a multipart body are short.
const LONGEST_FIELDS: usize = 4096;

/// Where the value of the secret lies whose name begins at `at`, if one does.
fn secret_at(ahead: &mut Ahead<'_>, at: usize) -> Option<Range<usize>> {
    let text = ahead.text;
    let before = at.checked_sub(1).map(|before| text[before]);
    let (name, length) = name_at(&text[at..])?;
    // A `newPassword` is a password; an `error_code` is no code, and a `nextPageToken` is a cursor.
    let is_within = before.is_some_and(|before| before.is_ascii_alphanumeric() || before == b'_');
    if is_within && (name == "code" || is_page(&text[..at])) {
        return None;
    }
    // `user[password]` as well as `password[]`.
    let rest = &text[at + length..];
    let brackets = rest.iter().take_while(|byte| matches!(byte, b'[' | b']'));
    let length = length + brackets.count();
    let rest = &text[at + length..];
    // JSON within JSON escapes its quotes.
    let escapes = rest.iter().take_while(|byte| **byte == b'\\').count();
    let value = match rest.get(escapes)? {
        // A part of a multipart body whose name has no quotes.
        b'\r' | b';' if text[..at].ends_with(b"name=") => part(ahead, at + length)?,
        b'=' => up_to(rest, 1, |rest| {
            matches!(rest[0], b'&' | b' ' | b'\r' | b'\n')
        }),
        // `code` is an element of refusals, and no secret there.
        b'>' | b' ' | b'\t' | b'\r' | b'\n' if name != "code" && before == Some(b'<') => {
            let start = ahead.tag_end(at + length) - (at + length) + 1;
            up_to(rest, start, |rest| rest.starts_with(b"</"))
        }
        b'>' if name != "code" && !is_in_end_tag(&text[..at]) => element(rest),
        b'"' => quoted(ahead, at + length, escapes, name)?,
        _ => return None,
    };
    let start = at + length;
    (!value.is_empty()).then(|| start + value.start..start + value.end)
}

/// Whether a name goes on behind `page`, in any case.
fn is_page(before: &[u8]) -> bool {
    let before = before.strip_suffix(b"_").unwrap_or(before);
    let word = before.last_chunk::<4>();
    word.is_some_and(|word| word.eq_ignore_ascii_case(b"page"))
}

/// Whether what comes next stands in a tag that ends an element.
fn is_in_end_tag(before: &[u8]) -> bool {
    let tag = before.iter().rposition(|byte| matches!(byte, b'<' | b'>'));
    tag.is_some_and(|tag| before[tag..].starts_with(b"</"))
}

/// The text of an element, behind the end of its tag.
fn element(rest: &[u8]) -> Range<usize> {
    const LITERAL: &[u8] = b"<![CDATA[";
    if rest[1..].starts_with(LITERAL) {
        up_to(rest, 1 + LITERAL.len(), |rest| rest.starts_with(b"]]>"))
    } else {
        up_to(rest, 1, |rest| rest[0] == b'<')
    }
}

/// The secret's name that a text begins with, in any case and with or without its underscore, as
/// `clientSecret`; and how long it is as written.
fn name_at(text: &[u8]) -> Option<(&'static str, usize)> {
    NAMES.iter().find_map(|name| {
        let mut at = 0;
        for letter in name.bytes() {
            match text.get(at) {
                Some(byte) if byte.to_ascii_lowercase() == letter => at += 1,
                Some(b'-') if letter == b'_' => at += 1,
                Some(_) if letter == b'_' => {}
                Some(_) | None => return None,
            }
        }
        Some((*name, at))
    })
}

/// The value behind a name and its closing quote: a JSON member's, or a part's of a multipart body. Before
/// each quote stand so many escapes.
fn quoted(ahead: &mut Ahead<'_>, from: usize, escapes: usize, name: &str) -> Option<Range<usize>> {
    let rest = &ahead.text[from..];
    if matches!(rest.get(1), Some(b'\r' | b';')) {
        return part(ahead, from);
    }
    let after_blanks = |from: usize| {
        let blanks = rest[from.min(rest.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace());
        from + blanks.count()
    };
    let colon = after_blanks(escapes + 1);
    if rest.get(colon) != Some(&b':') {
        return None;
    }
    let value = after_blanks(colon + 1);
    match rest.get(value)? {
        b'"' => Some(string(rest, value, 0)),
        b'\\' => Some(escaped(rest, value)),
        // The `code` of a refusal is a number, and what else is called so is no secret.
        _ if name == "code" => None,
        b'{' | b'[' => Some(nested(rest, value)),
        _ => Some(bare(rest, value)),
    }
}

/// What stands in the quotes whose escapes begin at `start`. A text that only looks like a member may escape
/// them otherwise than the name's: as many bytes skipped could be half of another secret's name.
fn escaped(rest: &[u8], start: usize) -> Range<usize> {
    let escapes = rest[start..].iter().take_while(|byte| **byte == b'\\');
    let escapes = escapes.count();
    match rest.get(start + escapes) {
        Some(b'"') => string(rest, start + escapes, escapes),
        Some(_) | None => bare(rest, start),
    }
}

/// A value without quotes.
fn bare(rest: &[u8], start: usize) -> Range<usize> {
    up_to(rest, start, |rest| {
        matches!(rest[0], b',' | b'}' | b']') || rest[0].is_ascii_whitespace()
    })
}

/// What stands in the quotes of which the first is at `open`, and each has so many escapes.
fn string(text: &[u8], open: usize, escapes: usize) -> Range<usize> {
    let mut backslashes = 0;
    let end = up_to(text, open + 1, |rest| {
        let is_plain = match escapes {
            0 => backslashes % 2 == 0,
            escapes => backslashes <= escapes,
        };
        let ends = rest[0] == b'"' && is_plain;
        backslashes = match rest[0] {
            b'\\' => backslashes + 1,
            _ => 0,
        };
        ends
    });
    // The escapes of the closing quote are not part of it.
    let tail = text[end.clone()].iter().rev().take(escapes);
    let before = tail.take_while(|byte| **byte == b'\\').count();
    end.start..end.end - before
}

/// An array or an object, brackets included.
fn nested(text: &[u8], open: usize) -> Range<usize> {
    let mut depth = 0_usize;
    let mut at = open;
    while at < text.len() {
        match text[at] {
            b'"' => at = string(text, at, 0).end,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 1 => return open..at + 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    open..text.len()
}

/// The content of a part of a multipart body, behind the blank line that ends its fields.
fn part(ahead: &mut Ahead<'_>, from: usize) -> Option<Range<usize>> {
    let rest = &ahead.text[from..];
    let blank = ahead.blank_line(from).checked_sub(from)?;
    if blank > LONGEST_FIELDS {
        return None;
    }
    Some(up_to(rest, blank + 4, |rest| rest.starts_with(b"\r\n--")))
}

/// From `start` to where `ends` says so, else to the end of the text.
fn up_to(text: &[u8], start: usize, mut ends: impl FnMut(&[u8]) -> bool) -> Range<usize> {
    let start = start.min(text.len());
    let end = (start..text.len()).find(|at| ends(&text[*at..]));
    start..end.unwrap_or(text.len())
}
