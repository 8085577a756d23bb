//! What a body says of the fields, be it JSON or a form: one set of Python's values for all.

mod multipart;
pub mod python;
mod python_json;

use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;

use super::behaviour::Profile;
use super::{pages, refusals};
use crate::http::{Query, Request};
use crate::platform::ApiError;
use multipart::Entry;
use python::{Text, Value};
use python_json::Fault;

/// The most fields that Django reads of a form.
const FIELDS_AT_MOST: usize = 1000;

/// A `Content-Type` as Django REST framework takes it apart.
struct ContentType {
    /// As sent: error texts quote it.
    raw: String,
    main: String,
    sub: String,
    charset: Option<String>,
}

/// A body as one of the framework's parsers reads it.
#[derive(Debug)]
pub enum Body {
    /// There is none, whatever its type.
    Nothing,
    /// Any value.
    Json(Value),
    /// Fields that are text or files.
    Form(Form),
}

impl Body {
    /// Reads the body.
    ///
    /// # Errors
    /// When no parser reads its type, or its parser cannot read it.
    pub fn read(request: &Request, profile: Profile) -> Result<Body, ApiError> {
        if request.body.is_empty() {
            return Ok(Body::Nothing);
        }
        let content_type = ContentType::of(request);
        if content_type.fits("application", "json") {
            return Ok(Body::Json(json(&request.body, &content_type)?));
        }
        if content_type.fits("application", "x-www-form-urlencoded") {
            let too_many = |_| unreadable(profile);
            return Ok(Body::Form(urlencoded(&request.body).map_err(too_many)?));
        }
        if content_type.fits("multipart", "form-data") {
            return match parts(&request.body, &content_type) {
                Ok(form) => Ok(Body::Form(form)),
                Err(Unread::TooMany) => Err(unreadable(profile)),
                Err(Unread::Reported(what)) => {
                    let detail = format!("Multipart form parse error - {what}");
                    let status = StatusCode::BAD_REQUEST;
                    Err(refusals::detail(status, &detail, &detail))
                }
            };
        }
        let detail = format!(
            "Unsupported media type \"{}\" in request.",
            content_type.raw
        );
        let what = "the content type is none of those that the vendor reads";
        Err(refusals::detail(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            &detail,
            what,
        ))
    }
}

/// Django's own no, which no view sees.
fn unreadable(profile: Profile) -> ApiError {
    pages::unreadable(profile, TOO_MANY)
}

const TOO_MANY: &str = "the form has more fields than Django reads";

fn json(body: &[u8], content_type: &ContentType) -> Result<Value, ApiError> {
    python_json::read(body, content_type.is_latin()).map_err(|fault| match fault {
        Fault::Reported(what) => {
            let detail = format!("JSON parse error - {what}");
            refusals::detail(StatusCode::BAD_REQUEST, &detail, &detail)
        }
        Fault::TooDeep => ApiError::Broken("the body nests too deep".to_owned()),
    })
}

impl ContentType {
    fn of(request: &Request) -> ContentType {
        // Header fields reach Django as Latin-1.
        let raw = request.headers.get(CONTENT_TYPE);
        let raw = raw.map(|raw| raw.as_bytes().iter().copied().map(char::from).collect());
        let raw: String = raw.unwrap_or_default();
        let mut pieces = raw.split(';');
        let full = pieces.next().unwrap_or("").trim().to_ascii_lowercase();
        let (main, sub) = full.split_once('/').unwrap_or((&full, ""));
        let charset = pieces.find_map(|piece| {
            let (name, value) = piece.split_once('=')?;
            let is_charset = name.trim().eq_ignore_ascii_case("charset");
            is_charset.then(|| value.trim().trim_matches('"').to_ascii_lowercase())
        });
        ContentType {
            main: main.to_owned(),
            sub: sub.to_owned(),
            charset,
            raw,
        }
    }

    /// Whether a parser of this type reads it: a client may send `*` for either half.
    fn fits(&self, main: &str, sub: &str) -> bool {
        let fits = |sent: &str, own: &str| sent == own || sent == "*";
        fits(&self.main, main) && fits(&self.sub, sub)
    }

    fn is_latin(&self) -> bool {
        let names = ["iso-8859-1", "latin-1", "latin1", "iso8859-1"];
        let charset = self.charset.as_deref();
        charset.is_some_and(|charset| names.contains(&charset))
    }
}

/// The fields of a form in the order sent, texts before files.
#[derive(Debug, Default)]
pub struct Form(Vec<(String, Entry)>);

impl Form {
    /// The form in a body of Django's own views, which know nothing of other parsers.
    ///
    /// # Errors
    /// What is wrong with it, if Django cannot read it.
    pub fn of_django(request: &Request) -> Result<Form, String> {
        let content_type = ContentType::of(request);
        let read = match (&*content_type.main, &*content_type.sub) {
            ("application", "x-www-form-urlencoded") => urlencoded(&request.body),
            ("multipart", "form-data") => parts(&request.body, &content_type),
            _ => Ok(Form::default()),
        };
        read.map_err(|unread| match unread {
            Unread::TooMany => TOO_MANY.to_owned(),
            Unread::Reported(what) => what,
        })
    }

    /// The last value of a field. A file stands as a dictionary: it is no text and no boolean, and has no
    /// commas.
    pub fn text(&self, name: &str) -> Option<Value> {
        self.last(name).map(value)
    }

    /// The last value of a field as Python prints it: a file prints as its name.
    pub fn printed(&self, name: &str) -> Option<Value> {
        self.last(name).map(|entry| match entry {
            Entry::Text(text) | Entry::File(text) => Value::Str(Text::from(&**text)),
        })
    }

    /// The last text of a field that is no file.
    pub fn plain(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter().rev().filter(|(other, _)| other == name);
        pairs.find_map(|(_, entry)| match entry {
            Entry::Text(text) => Some(text.as_str()),
            Entry::File(_) => None,
        })
    }

    fn last(&self, name: &str) -> Option<&Entry> {
        let mut pairs = self.0.iter().rev();
        pairs
            .find(|(other, _)| other == name)
            .map(|(_, entry)| entry)
    }

    /// The value of a field that is a list, of which nothing but the first item is ever looked at: the
    /// first of its name, else the one of the least index, `courses[0]`.
    pub fn list(&self, name: &str) -> Option<Value> {
        let mut named = self.0.iter().filter(|(other, _)| other == name);
        let first = named.next().map(|(_, entry)| value(entry));
        let first = first.or_else(|| self.least_indexed(name));
        first.map(|first| Value::List(vec![first]))
    }

    fn least_indexed(&self, name: &str) -> Option<Value> {
        // Compared as numbers of any size: by length, then by digits.
        let mut least: Option<((usize, &str), Value)> = None;
        for (other, entry) in &self.0 {
            let inside = other.strip_prefix(name).and_then(|it| it.strip_prefix('['));
            let Some((index, rest)) = inside.and_then(|inside| inside.split_once(']')) else {
                continue;
            };
            if index.is_empty() || !index.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let digits = index.trim_start_matches('0');
            let index = (digits.len(), digits);
            // What has more behind its index is part of a dictionary.
            let item = match rest {
                "" => value(entry),
                key => Value::Dict(vec![(Text::from(key), value(entry))]),
            };
            if least.as_ref().is_none_or(|(least, _)| index <= *least) {
                least = Some((index, item));
            }
        }
        least.map(|(_, item)| item)
    }
}

/// A value of a form.
fn value(entry: &Entry) -> Value {
    match entry {
        Entry::Text(text) => Value::Str(Text::from(&**text)),
        Entry::File(_) => Value::Dict(Vec::new()),
    }
}

/// Why a form was not read.
enum Unread {
    /// It has too many fields.
    TooMany,
    /// Its type says what cannot be.
    Reported(String),
}

/// A body that is not UTF-8 is Latin-1, as Django has it.
fn urlencoded(body: &[u8]) -> Result<Form, Unread> {
    // Empty fields count.
    if body.iter().filter(|byte| **byte == b'&').count() >= FIELDS_AT_MOST {
        return Err(Unread::TooMany);
    }
    let query = match std::str::from_utf8(body) {
        Ok(text) => Query::parse(text.as_bytes()),
        Err(_) => {
            let latin: String = body.iter().copied().map(char::from).collect();
            Query::parse(latin.as_bytes())
        }
    };
    let pairs = query.pairs();
    let texts = pairs.map(|(name, text)| (name.to_owned(), Entry::Text(text.to_owned())));
    Ok(Form(texts.collect()))
}

fn parts(body: &[u8], content_type: &ContentType) -> Result<Form, Unread> {
    let raw = &content_type.raw;
    // Django REST framework takes the type in any case, Django does not.
    if !raw.starts_with("multipart/") {
        return Err(Unread::Reported(format!("Invalid Content-Type: {raw}")));
    }
    let boundary = raw.split(';').skip(1).find_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        let is_boundary = name.trim().eq_ignore_ascii_case("boundary");
        is_boundary.then(|| value.trim().trim_matches('"'))
    });
    let Some(boundary) = boundary.filter(|it| is_boundary(it)) else {
        let sent = boundary.unwrap_or("None");
        let what = format!("Invalid boundary in multipart: {sent}");
        return Err(Unread::Reported(what));
    };
    let entries = multipart::entries(body, boundary).map_err(|_| Unread::TooMany)?;
    let is_text = |(_, entry): &(String, Entry)| matches!(entry, Entry::Text(_));
    let (mut texts, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_text);
    texts.extend(files);
    Ok(Form(texts))
}

/// Up to 201 printable ASCII characters, the last of them no space.
fn is_boundary(text: &str) -> bool {
    let is_short = (1..=201).contains(&text.len());
    is_short && !text.ends_with(' ') && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
