//! An entry as JSON: how the admin API shows it, alone, in lists and in events.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::HeaderMap;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::{Entry, Fault, Why};
use crate::platform::{Gate, Page};

impl Entry {
    /// The entry as one JSON object, without a line end.
    pub fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        EntryView::from(self).serialize(serializer)
    }
}

#[derive(Serialize)]
struct EntryView<'a> {
    id: &'a str,
    seq: u64,
    at: String,
    elapsed_us: u64,
    sandbox: Option<&'a str>,
    vendor: Option<&'static str>,
    operation: Option<&'static str>,
    principal: Option<&'a str>,
    method: &'a str,
    path: &'a str,
    query: &'a str,
    request_headers: Fields<'a>,
    request_body: Content<'a>,
    status: u16,
    response_headers: Fields<'a>,
    response_body: Content<'a>,
    fault: Option<Acted<'a>>,
    duration_us: u64,
    why: Explained<'a>,
}

impl<'a> From<&'a Entry> for EntryView<'a> {
    fn from(entry: &'a Entry) -> Self {
        // Taken apart, so that nothing of an entry is forgotten.
        let Entry {
            id,
            seq,
            sandbox,
            at,
            elapsed_us,
            duration_us,
            vendor,
            operation,
            principal,
            method,
            path,
            query,
            request_headers,
            request_body,
            status,
            response_headers,
            response_body,
            sizes,
            fault,
            why,
            // They are for the judge of the client, and hold what no reader may see.
            signals: _,
        } = entry;
        EntryView {
            id,
            seq: *seq,
            at: at.to_string(),
            elapsed_us: *elapsed_us,
            sandbox: sandbox.as_deref(),
            vendor: vendor.map(|vendor| vendor.name()),
            operation: *operation,
            principal: principal.as_deref(),
            method: method.as_str(),
            path,
            query,
            request_headers: Fields(request_headers),
            request_body: Content {
                kept: request_body,
                cut: sizes.request_cut,
                bytes: Some(sizes.request),
            },
            status: status.as_u16(),
            response_headers: Fields(response_headers),
            response_body: Content {
                kept: response_body,
                cut: sizes.response_cut,
                bytes: sizes.response,
            },
            fault: fault.as_ref().map(Acted::from),
            duration_us: *duration_us,
            why: Explained::from(why),
        }
    }
}

/// Header fields in the order sent: a text each, of a field that was sent several times an array.
struct Fields<'a>(&'a HeaderMap);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.keys_len()))?;
        for name in self.0.keys() {
            let values = Values(self.0, name);
            map.serialize_entry(name.as_str(), &values)?;
        }
        map.end()
    }
}

struct Values<'a>(&'a HeaderMap, &'a hyper::header::HeaderName);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = self.0.get_all(self.1);
        let text = |value: &'_ hyper::header::HeaderValue| -> String {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        let count = values.iter().count();
        if count == 1 {
            let first = values.iter().next().map(text);
            return first.unwrap_or_default().serialize(serializer);
        }
        let mut list = serializer.serialize_seq(Some(count))?;
        for value in values {
            list.serialize_element(&text(value))?;
        }
        list.end()
    }
}

/// A body: a text. What was cut, or is no text, is an object that says so.
struct Content<'a> {
    kept: &'a [u8],
    cut: bool,
    /// How long it was. None: it is not known, because it was made while it was written.
    bytes: Option<u64>,
}

#[derive(Serialize)]
struct Marked<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    cut: bool,
    bytes: Option<u64>,
}

impl Serialize for Content<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = text(self.kept, self.cut);
        match text {
            Some(text) if !self.cut => text.serialize(serializer),
            _ => Marked {
                base64: text.is_none().then(|| STANDARD.encode(self.kept)),
                text,
                cut: self.cut,
                bytes: self.bytes,
            }
            .serialize(serializer),
        }
    }
}

/// The bytes as text, if they are. What was cut may end in the middle of a character, which is left out.
pub(super) fn text(bytes: &[u8], cut: bool) -> Option<&str> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Some(text),
        Err(error) => error,
    };
    let ends_early = cut && error.error_len().is_none();
    let whole = bytes.get(..error.valid_up_to()).filter(|_| ends_early)?;
    std::str::from_utf8(whole).ok()
}

/// A rule that acted.
#[derive(Serialize)]
pub(super) struct Acted<'a> {
    name: &'a str,
    place: Option<&'a str>,
}

impl<'a> From<&'a Fault> for Acted<'a> {
    fn from(fault: &'a Fault) -> Self {
        let Fault { name, place } = fault;
        Acted {
            name,
            place: place.as_deref(),
        }
    }
}

/// What led to an answer.
#[derive(Serialize)]
pub(super) struct Explained<'a> {
    passed: Vec<&'static str>,
    gate: Option<&'static str>,
    refused: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<&'a str>,
    scope: Option<&'a str>,
    page: Option<Window<'a>>,
    nearest: &'a [String],
}

/// The part of a list that an answer shows.
#[derive(Serialize)]
struct Window<'a> {
    cursor: Option<&'a str>,
    shown: usize,
    next: Option<&'a str>,
}

impl<'a> From<&'a Why> for Explained<'a> {
    fn from(why: &'a Why) -> Self {
        let Why {
            passed,
            gate,
            refused,
            unchanged,
            scope,
            page,
            nearest,
        } = why;
        Explained {
            passed: passed.iter().copied().map(Gate::name).collect(),
            gate: *gate,
            refused: refused.as_deref(),
            unchanged: unchanged.as_deref(),
            scope: scope.as_deref(),
            page: page.as_ref().map(Window::from),
            nearest,
        }
    }
}

impl<'a> From<&'a Page> for Window<'a> {
    fn from(page: &'a Page) -> Self {
        let Page {
            cursor,
            shown,
            next,
            // What a client reads on the way there is not what it was shown now.
            previous: _,
        } = page;
        Window {
            cursor: cursor.as_deref(),
            shown: *shown,
            next: next.as_deref(),
        }
    }
}
