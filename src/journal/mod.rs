//! What happened and why: one entry for each request, bounded in number and in bytes.

pub mod mask;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use hyper::header::HeaderMap;
use hyper::{Method, StatusCode};
use jiff::Timestamp;

use crate::vendors::Vendor;

/// One request and its answer. Secrets are masked before they come here.
#[derive(Clone, Debug)]
pub struct Entry {
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
    /// The operation it fits, if any: `list_enrollments`.
    pub operation: Option<&'static str>,
    /// Who called: a user's id, or what the vendor calls the account itself. None: nobody known.
    pub principal: Option<String>,
    /// The method as sent.
    pub method: Method,
    /// The path as sent.
    pub path: String,
    /// The query as sent, secrets masked.
    pub query: String,
    /// The request's header fields, secrets masked.
    pub request_headers: HeaderMap,
    /// The request's body, cut at the bound.
    pub request_body: Bytes,
    /// The answer's status.
    pub status: StatusCode,
    /// The answer's header fields.
    pub response_headers: HeaderMap,
    /// The answer's body, cut at the bound; of a chunked one at most the first chunk.
    pub response_body: Bytes,
    /// What led to the answer.
    pub why: Why,
}

/// What led to an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// The gates passed, in order.
    pub passed: Vec<&'static str>,
    /// The gate or step that refused, and what it held against the request.
    pub refused: Option<String>,
}

/// How much a journal keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Entries at most.
    pub entries: usize,
    /// Bytes that all entries hold together, at most.
    pub bytes: usize,
    /// Bytes of one body, at most.
    pub body: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            entries: 1000,
            bytes: 4 * 1024 * 1024,
            body: 16 * 1024,
        }
    }
}

/// The entries of one world, the oldest forgotten first.
#[derive(Debug)]
pub struct Journal {
    bounds: Bounds,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Arc<Entry>>,
    /// What they hold together.
    bytes: usize,
    /// How many there ever were.
    count: u64,
}

impl Journal {
    /// An empty journal.
    pub fn new(bounds: Bounds) -> Self {
        Journal {
            bounds,
            kept: Mutex::default(),
        }
    }

    /// How much it keeps.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Writes an entry down and numbers it. Its bodies are cut at the bound here.
    pub fn record(&self, mut entry: Entry) -> Arc<Entry> {
        for body in [&mut entry.request_body, &mut entry.response_body] {
            if body.len() > self.bounds.body {
                // A slice would keep the whole body alive.
                *body = Bytes::copy_from_slice(&body[..self.bounds.body]);
            }
        }
        let size = entry.size();
        let mut kept = self.lock();
        kept.count += 1;
        entry.seq = kept.count;
        let entry = Arc::new(entry);
        kept.entries.push_back(Arc::clone(&entry));
        kept.bytes += size;
        while kept.entries.len() > self.bounds.entries || kept.bytes > self.bounds.bytes {
            let Some(oldest) = kept.entries.pop_front() else {
                break;
            };
            kept.bytes -= oldest.size();
        }
        entry
    }

    /// The entries kept, oldest first.
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.lock().entries.iter().cloned().collect()
    }

    /// How many entries were forgotten.
    pub fn dropped(&self) -> u64 {
        let kept = self.lock();
        kept.count - kept.entries.len() as u64
    }

    /// Forgets every entry and counts from 1 again.
    pub fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// About how many bytes of memory it holds.
    fn size(&self) -> usize {
        let headers = |headers: &HeaderMap| -> usize {
            let fields = headers.iter();
            fields
                .map(|(name, value)| name.as_str().len() + value.len() + FIELD)
                .sum()
        };
        size_of::<Entry>()
            + self.path.len()
            + self.query.len()
            + self.principal.as_ref().map_or(0, String::len)
            + self.why.refused.as_ref().map_or(0, String::len)
            + self.why.passed.len() * size_of::<&str>()
            + headers(&self.request_headers)
            + headers(&self.response_headers)
            + self.request_body.len()
            + self.response_body.len()
    }
}

/// What a header field costs beside its text: its place in the map, name and value.
const FIELD: usize = 104;
