//! What is written down of a request: all of it as it came, in memory of its own and in one piece.
//!
//! To write costs every request, to read hardly ever happens. So a note keeps what it was told, and secrets
//! are masked where it is read: nothing but an [`Entry`] leaves this room, and an entry holds none.

use std::sync::Arc;

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, StatusCode};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::{Bounds, Entry, Fault, Signals, Sizes, Why, mask};
use crate::http::Request;
use crate::platform::{Face, Kind, Vendor};

/// A request and its answer, as the journal is told of them.
#[derive(Debug)]
pub struct NewEntry<'a> {
    /// When it came, on the emulated clock.
    pub at: Timestamp,
    /// When it came: microseconds of real time since the start.
    pub elapsed_us: u64,
    /// How long the answer took: microseconds of real time.
    pub duration_us: u64,
    /// The vendor it was meant for, if any.
    pub vendor: Option<Vendor>,
    /// The surface that answered, if any did.
    pub surface: Option<&'static dyn Face>,
    /// The operation it fits, if any.
    pub operation: Option<&'static str>,
    /// What kind of call the operation is.
    pub kind: Option<Kind>,
    /// Who called.
    pub principal: Option<SmolStr>,
    /// The request, with its secrets.
    pub request: &'a Request,
    /// The answer's status.
    pub status: StatusCode,
    /// The answer's header fields.
    pub response_headers: &'a HeaderMap,
    /// The answer's body, before it was packed; of one in pieces the first.
    pub response_body: &'a [u8],
    /// Whether that is all of it.
    pub is_whole: bool,
    /// Whether the body may hold secrets: records hold none.
    pub may_show_secrets: bool,
    /// The rule that acted on it, if any.
    pub fault: Option<Fault>,
    /// What led to the answer.
    pub why: Why,
    /// What who judges clients wants to know.
    pub signals: Signals,
}

/// One request and its answer, secrets and all. What is not public is read as an [`Entry`].
pub struct RawEntry {
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
    /// What kind of call the operation is.
    pub kind: Option<Kind>,
    /// Who called.
    pub principal: Option<SmolStr>,
    /// The method as sent.
    pub method: Method,
    /// The answer's status.
    pub status: StatusCode,
    /// The rule that acted on it, if any.
    pub fault: Option<Fault>,
    /// What led to the answer.
    pub why: Why,
    /// What who judges clients wants to know.
    pub signals: Signals,
    surface: Option<&'static dyn Face>,
    /// The world's name; the default sandbox's is empty.
    world: Arc<str>,
    /// Path, query, the request's fields, its body, the answer's fields and its body, one behind the other: a
    /// single piece of memory, as to take one and to give it back costs more than what stands in it.
    text: Vec<u8>,
    /// Where all of these but the last end.
    ends: [u32; 5],
    sizes: Sizes,
    may_show_secrets: bool,
}

impl std::fmt::Debug for RawEntry {
    /// Without its secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.entry().fmt(f)
    }
}

impl RawEntry {
    /// Writes down what is told. Of bodies no more is kept than the bound. `spare` is memory that is taken if
    /// it fits.
    pub(super) fn of(
        told: NewEntry<'_>,
        world: &Arc<str>,
        bounds: &Bounds,
        spare: Vec<u8>,
    ) -> Self {
        let request = told.request;
        let (asked, answered) = (&*request.body, told.response_body);
        // A length must be told in 32 bits.
        let most = bounds.body.min(1 << 30);
        let kept = |body: &[u8]| body.len().min(most);
        let (text, ends) = text(
            request,
            &asked[..kept(asked)],
            told.response_headers,
            &answered[..kept(answered)],
            spare,
        );
        RawEntry {
            seq: 0,
            at: told.at,
            elapsed_us: told.elapsed_us,
            duration_us: told.duration_us,
            vendor: told.vendor,
            operation: told.operation,
            kind: told.kind,
            principal: told.principal,
            method: request.method.clone(),
            status: told.status,
            fault: told.fault,
            why: told.why,
            signals: told.signals,
            surface: told.surface,
            world: Arc::clone(world),
            text,
            ends,
            sizes: Sizes {
                request: asked.len() as u64,
                request_cut: kept(asked) < asked.len(),
                response: told.is_whole.then_some(answered.len() as u64),
                response_cut: kept(answered) < answered.len() || !told.is_whole,
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
        let body = |part: usize, may_hold: bool| {
            if may_hold {
                mask::body(self.part(part))
            } else {
                Bytes::copy_from_slice(self.part(part))
            }
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
            principal: self.principal.as_ref().map(SmolStr::to_string),
            method: self.method.clone(),
            path: mask::text(self.path()).into_owned(),
            query: query.into_owned(),
            request_headers: mask::headers(&self.request_headers()),
            request_body: body(REQUEST_BODY, true),
            status: self.status,
            response_headers: mask::headers(&headers(self.part(ANSWER))),
            // An answer may repeat what the query said.
            response_body: body(ANSWER_BODY, self.may_show_secrets || hid_some),
            sizes: self.sizes,
            fault: self.fault.clone(),
            why: self.why.clone(),
            signals: self.signals,
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
    /// and is no mistake where the vendor answers it.
    pub fn is_unmatched(&self) -> bool {
        let is_browsers = self.method == Method::OPTIONS && self.why.refused.is_none();
        self.operation.is_none() && !is_browsers
    }

    /// The text of a field of the answer.
    pub fn answered(&self, name: &HeaderName) -> Option<&str> {
        let mut fields = fields(self.part(ANSWER));
        let (_, value) = fields.find(|(known, _)| *known == name.as_str())?;
        std::str::from_utf8(value).ok()
    }

    /// The request again, secrets and all, as far as it was kept; and whether its body is all there. For who
    /// judges clients: it is never shown.
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
            body: Bytes::copy_from_slice(self.part(REQUEST_BODY)),
            oversized: false,
        };
        (request, !self.sizes.request_cut)
    }

    /// The credential that the request carries, whatever it is worth.
    pub fn credential(&self, request: &Request) -> Option<String> {
        self.surface?.credential(request)
    }

    fn part(&self, part: usize) -> &[u8] {
        let end = |part: usize| {
            self.ends
                .get(part)
                .map_or(self.text.len(), |it| *it as usize)
        };
        let start = part.checked_sub(1).map_or(0, end);
        self.text.get(start..end(part)).unwrap_or_default()
    }

    fn path(&self) -> &str {
        std::str::from_utf8(self.part(PATH)).unwrap_or_default()
    }

    fn query(&self) -> &str {
        std::str::from_utf8(self.part(QUERY)).unwrap_or_default()
    }

    fn has_secret_query(&self) -> bool {
        matches!(mask::query(self.query()), std::borrow::Cow::Owned(_))
    }

    fn request_headers(&self) -> HeaderMap {
        headers(self.part(REQUEST))
    }

    /// The memory of its text, for another one.
    pub(super) fn take_text(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text)
    }

    /// About how many bytes of memory it holds. What stood there before does not count: which notes are kept is
    /// to depend on these alone.
    pub(super) fn size(&self) -> usize {
        size_of::<RawEntry>()
            + self.text.len()
            + self.principal.as_ref().map_or(0, SmolStr::len)
            + self.why.size()
    }
}

// The parts of a note's text.
const PATH: usize = 0;
const QUERY: usize = 1;
const REQUEST: usize = 2;
const REQUEST_BODY: usize = 3;
const ANSWER: usize = 4;
const ANSWER_BODY: usize = 5;

/// All parts in one piece, and where all but the last end.
fn text(
    request: &Request,
    asked: &[u8],
    answered: &HeaderMap,
    answer: &[u8],
    spare: Vec<u8>,
) -> (Vec<u8>, [u32; 5]) {
    let size = |headers: &HeaderMap| -> usize {
        let fields = headers.iter();
        fields
            .map(|(name, value)| 2 * LENGTH + name.as_str().len() + value.len())
            .sum()
    };
    let texts = request.path.len() + request.query.len() + asked.len() + answer.len();
    let needed = texts + size(&request.headers) + size(answered);
    // Larger than it need be, it would push other notes out.
    let fits = (needed..=needed + needed / 8).contains(&spare.capacity());
    let mut text = if fits {
        spare
    } else {
        Vec::with_capacity(needed)
    };
    text.clear();
    // The server bounds heads, and the journal bodies, by far less than a length can say.
    let mut ends = [0; 5];
    text.extend_from_slice(request.path.as_bytes());
    ends[PATH] = text.len() as u32;
    text.extend_from_slice(request.query.as_bytes());
    ends[QUERY] = text.len() as u32;
    put_fields(&mut text, &request.headers);
    ends[REQUEST] = text.len() as u32;
    text.extend_from_slice(asked);
    ends[REQUEST_BODY] = text.len() as u32;
    put_fields(&mut text, answered);
    ends[ANSWER] = text.len() as u32;
    text.extend_from_slice(answer);
    (text, ends)
}

/// The bytes of a length.
const LENGTH: usize = size_of::<u32>();

/// Appends fields: the length of the name and of the value, then both.
fn put_fields(text: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers {
        // Nothing is as long as a length can say: the server bounds a head by far less.
        let (name, value) = (name.as_str().as_bytes(), value.as_bytes());
        let mut lengths = [0; 2 * LENGTH];
        let (of_name, of_value) = lengths.split_at_mut(LENGTH);
        of_name.copy_from_slice(&(name.len() as u32).to_le_bytes());
        of_value.copy_from_slice(&(value.len() as u32).to_le_bytes());
        text.extend_from_slice(&lengths);
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
