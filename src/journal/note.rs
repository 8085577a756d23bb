//! What is written down of a request: all of it as it came, in memory of its own and in one piece.
//!
//! To write costs every request, to read hardly ever happens. So a note keeps what it was told, and secrets
//! are masked where it is read: nothing but an [`Entry`] leaves this room, and an entry holds none.

use std::sync::Arc;

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, StatusCode};
use jiff::Timestamp;

use super::{Bounds, Entry, Fault, Marks, Sizes, Why, mask};
use crate::http::Request;
use crate::vendors::{Surface, Vendor};

/// A request and its answer, as the journal is told of them.
#[derive(Debug)]
pub struct Told<'a> {
    /// When it came, on the emulated clock.
    pub at: Timestamp,
    /// When it came: microseconds of real time since the start.
    pub elapsed_us: u64,
    /// How long the answer took: microseconds of real time.
    pub duration_us: u64,
    /// The vendor it was meant for, if any.
    pub vendor: Option<Vendor>,
    /// The surface that answered, if any did.
    pub surface: Option<&'static dyn Surface>,
    /// The operation it fits, if any.
    pub operation: Option<&'static str>,
    /// Who called.
    pub principal: Option<String>,
    /// The request, with its secrets.
    pub request: &'a Request,
    /// The answer's status.
    pub status: StatusCode,
    /// The answer's header fields.
    pub response_headers: &'a HeaderMap,
    /// The answer's body, before it was packed; of one in pieces the first.
    pub response_body: Bytes,
    /// Whether that is all of it.
    pub is_whole: bool,
    /// Whether the body may hold secrets: records hold none.
    pub may_show_secrets: bool,
    /// The rule that acted on it, if any.
    pub fault: Option<Fault>,
    /// What led to the answer.
    pub why: Why,
    /// What who judges clients wants to know.
    pub marks: Marks,
}

/// One request and its answer, secrets and all. What is not public is read as an [`Entry`].
pub struct Note {
    /// Counts the entries of this world from 1, without gaps.
    pub seq: u64,
    /// When it came, on the emulated clock.
    pub at: Timestamp,
    /// When it came: microseconds of real time since the start.
    pub elapsed_us: u64,
    /// How long the answer took: microseconds of real time.
    pub duration_us: u64,
    /// The vendor it was meant for, if any.
    pub vendor: Option<Vendor>,
    /// The operation it fits, if any.
    pub operation: Option<&'static str>,
    /// Who called.
    pub principal: Option<String>,
    /// The method as sent.
    pub method: Method,
    /// The answer's status.
    pub status: StatusCode,
    /// The rule that acted on it, if any.
    pub fault: Option<Fault>,
    /// What led to the answer.
    pub why: Why,
    /// What who judges clients wants to know.
    pub marks: Marks,
    surface: Option<&'static dyn Surface>,
    /// The world's name; the main world's is empty.
    world: Arc<str>,
    /// Path, query, the request's fields and the answer's, one behind the other: one piece of memory.
    text: Box<[u8]>,
    path: usize,
    query: usize,
    request_fields: usize,
    request_body: Bytes,
    response_body: Bytes,
    sizes: Sizes,
    may_show_secrets: bool,
}

impl std::fmt::Debug for Note {
    /// Without its secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.entry().fmt(f)
    }
}

impl Note {
    /// Writes down what is told. Of bodies no more is kept than the bound.
    pub(super) fn of(told: Told<'_>, seq: u64, world: &Arc<str>, bounds: &Bounds) -> Self {
        let request = told.request;
        let asked = request.body.len();
        let answered = told.response_body.len();
        let (text, ends) = text(request, told.response_headers);
        Note {
            seq,
            at: told.at,
            elapsed_us: told.elapsed_us,
            duration_us: told.duration_us,
            vendor: told.vendor,
            operation: told.operation,
            principal: told.principal,
            method: request.method.clone(),
            status: told.status,
            fault: told.fault,
            why: told.why,
            marks: told.marks,
            surface: told.surface,
            world: Arc::clone(world),
            text,
            path: ends[0],
            query: ends[1],
            request_fields: ends[2],
            // A body as received is a piece of the connection's buffer, and keeps all of it alive.
            request_body: Bytes::copy_from_slice(&request.body[..asked.min(bounds.body)]),
            response_body: match answered <= bounds.body {
                true => told.response_body,
                // A slice would keep the whole body alive.
                false => Bytes::copy_from_slice(&told.response_body[..bounds.body]),
            },
            sizes: Sizes {
                request: asked as u64,
                request_cut: asked > bounds.body,
                response: told.is_whole.then_some(answered as u64),
                response_cut: answered > bounds.body || !told.is_whole,
            },
            may_show_secrets: told.may_show_secrets,
        }
    }

    /// Names the entry among those of all worlds.
    pub fn id(&self) -> String {
        let seq = self.seq;
        match &*self.world {
            "" => format!("r-{seq}"),
            world => format!("r-{world}-{seq}"),
        }
    }

    /// What people read of it: secrets are masked.
    pub fn entry(&self) -> Entry {
        let (query, hid_some) = (mask::query(self.query()), self.has_secret_query());
        let body = |body: &Bytes, may_hold: bool| match may_hold {
            true => mask::body(body),
            false => body.clone(),
        };
        Entry {
            id: self.id(),
            seq: self.seq,
            sandbox: (!self.world.is_empty()).then(|| self.world.to_string()),
            at: self.at,
            elapsed_us: self.elapsed_us,
            duration_us: self.duration_us,
            vendor: self.vendor,
            operation: self.operation,
            principal: self.principal.clone(),
            method: self.method.clone(),
            path: mask::text(self.path()).into_owned(),
            query: query.into_owned(),
            request_headers: mask::headers(&self.request_headers()),
            request_body: body(&self.request_body, true),
            status: self.status,
            response_headers: mask::headers(&headers(&self.text[self.request_fields..])),
            // An answer may repeat what the query said.
            response_body: body(&self.response_body, self.may_show_secrets || hid_some),
            sizes: self.sizes,
            fault: self.fault.clone(),
            why: self.why.clone(),
            marks: self.marks,
        }
    }

    /// The path as people read it.
    pub fn masked_path(&self) -> std::borrow::Cow<'_, str> {
        mask::text(self.path())
    }

    /// The query as people read it.
    pub fn masked_query(&self) -> std::borrow::Cow<'_, str> {
        mask::query(self.query())
    }

    /// Whether it fits no operation. What a browser asks before the call that matters fits none either,
    /// and is nobody's mistake where the vendor answers it.
    pub fn is_unmatched(&self) -> bool {
        let is_browsers = self.method == Method::OPTIONS && self.why.refused.is_none();
        self.operation.is_none() && !is_browsers
    }

    /// The text of a field of the answer.
    pub fn answered(&self, name: &HeaderName) -> Option<&str> {
        let mut fields = fields(&self.text[self.request_fields..]);
        let (_, value) = fields.find(|(known, _)| *known == name.as_str())?;
        std::str::from_utf8(value).ok()
    }

    /// The request again, secrets and all, as far as it was kept; and whether its body is all there. For who
    /// judges clients: nobody is shown it.
    pub fn request(&self) -> (Request, bool) {
        let path = self.path();
        let prefix = match &*self.world {
            "" => None,
            world => Some("/__sandbox/".len() + world.len()),
        };
        let leads = |length: &usize| {
            let named = path.get("/__sandbox/".len()..*length);
            path.starts_with("/__sandbox/") && named == Some(&*self.world)
        };
        let request = Request {
            method: self.method.clone(),
            path: path.to_owned(),
            sandbox_prefix: prefix.filter(leads).unwrap_or(0),
            query: self.query().to_owned(),
            headers: self.request_headers(),
            body: self.request_body.clone(),
            oversized: false,
        };
        (request, !self.sizes.request_cut)
    }

    /// The credential that the request carries, whatever it is worth.
    pub fn credential(&self, request: &Request) -> Option<String> {
        self.surface?.credential(request)
    }

    fn path(&self) -> &str {
        std::str::from_utf8(&self.text[..self.path]).unwrap_or_default()
    }

    fn query(&self) -> &str {
        std::str::from_utf8(&self.text[self.path..self.query]).unwrap_or_default()
    }

    fn has_secret_query(&self) -> bool {
        matches!(mask::query(self.query()), std::borrow::Cow::Owned(_))
    }

    fn request_headers(&self) -> HeaderMap {
        headers(&self.text[self.query..self.request_fields])
    }

    /// About how many bytes of memory it holds.
    pub(super) fn size(&self) -> usize {
        size_of::<Note>()
            + self.text.len()
            + self.request_body.len()
            + self.response_body.len()
            + self.principal.as_ref().map_or(0, String::len)
            + self.why.size()
    }
}

/// Path, query and fields in one piece, and where the first three of its four parts end.
fn text(request: &Request, answered: &HeaderMap) -> (Box<[u8]>, [usize; 3]) {
    let size = |headers: &HeaderMap| -> usize {
        let fields = headers.iter();
        fields
            .map(|(name, value)| 2 * LENGTH + name.as_str().len() + value.len())
            .sum()
    };
    let texts = request.path.len() + request.query.len();
    let mut text = Vec::with_capacity(texts + size(&request.headers) + size(answered));
    text.extend_from_slice(request.path.as_bytes());
    let path = text.len();
    text.extend_from_slice(request.query.as_bytes());
    let query = text.len();
    put_fields(&mut text, &request.headers);
    let request_fields = text.len();
    put_fields(&mut text, answered);
    (text.into_boxed_slice(), [path, query, request_fields])
}

/// The bytes of a length.
const LENGTH: usize = size_of::<u32>();

/// Appends fields: the length of the name and of the value, then both.
fn put_fields(text: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers {
        // Nothing is as long as a length can say: the server bounds a head by far less.
        let length = |bytes: &[u8]| (bytes.len() as u32).to_le_bytes();
        let (name, value) = (name.as_str().as_bytes(), value.as_bytes());
        text.extend_from_slice(&length(name));
        text.extend_from_slice(&length(value));
        text.extend_from_slice(name);
        text.extend_from_slice(value);
    }
}

/// Fields as they were appended.
fn fields(mut text: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    std::iter::from_fn(move || {
        let mut length = || -> Option<usize> {
            let (bytes, rest) = text.split_first_chunk::<LENGTH>()?;
            text = rest;
            Some(u32::from_le_bytes(*bytes) as usize)
        };
        let (name, value) = (length()?, length()?);
        let (name, rest) = text.split_at_checked(name)?;
        let (value, rest) = rest.split_at_checked(value)?;
        text = rest;
        Some((std::str::from_utf8(name).ok()?, value))
    })
}

/// The same as a map.
fn headers(text: &[u8]) -> HeaderMap {
    let fields = fields(text).filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_bytes(value).ok()?))
    });
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name, value);
    }
    headers
}
