//! Requests and replies as plain data over hyper's types. No socket enters here.

mod form;
mod negotiate;
mod query;
mod render;

pub use form::multipart;
pub use negotiate::accepted_media;
pub use query::Query;
pub use render::rendered;

use std::cell::Cell;
use std::fmt;

use bytes::Bytes;
use hyper::header::{AsHeaderName, HeaderMap};
use hyper::{Method, StatusCode};

/// A request, received whole.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method as sent.
    pub method: Method,
    /// The path as sent, still percent-encoded, without prefix surgery.
    pub path: String,
    /// How many bytes of the path lead to a sandbox: the length of `/__sandbox/ID`, else 0.
    pub sandbox_prefix: usize,
    /// The raw query string without its `?`. Empty: there was none.
    pub query: String,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body as far as it was read.
    pub body: Bytes,
    /// The body was longer than the server takes. Then `body` is empty.
    pub oversized: bool,
}

impl Request {
    /// A request without headers and body, to build upon.
    pub fn new(method: Method, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Request {
            method,
            path: path.to_owned(),
            sandbox_prefix: 0,
            query: query.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            oversized: false,
        }
    }

    /// The same with one more header field.
    ///
    /// # Errors
    /// When a header cannot hold the name or the value.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, hyper::http::Error> {
        let name = hyper::header::HeaderName::try_from(name)?;
        let value = hyper::header::HeaderValue::try_from(value)?;
        self.headers.append(name, value);
        Ok(self)
    }

    /// The same with a body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// The first value of a header field, if it is text.
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The path inside its sandbox: without the prefix that leads there.
    pub fn inner(&self) -> &str {
        self.path.get(self.sandbox_prefix..).unwrap_or(&self.path)
    }

    /// The path with its query, as sent.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        format!("{}?{}", self.path, self.query)
    }
}

thread_local! {
    /// The emptied field map of a request that was answered. The next reply takes it, and allocates nothing.
    static SPARE: Cell<Option<HeaderMap>> = const { Cell::new(None) };
}

/// Keeps the memory of a field map for the next reply.
pub(crate) fn reuse(mut headers: HeaderMap) {
    // More than any reply has.
    const MOST: usize = 64;
    if headers.capacity() <= MOST {
        headers.clear();
        SPARE.set(Some(headers));
    }
}

/// A reply, ready to be written.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

impl Reply {
    /// A reply without headers and body.
    pub fn status(status: StatusCode) -> Self {
        Reply {
            status,
            headers: SPARE.take().unwrap_or_default(),
            body: Body::Empty,
        }
    }

    /// A reply that carries `body` as `content_type`.
    pub fn new(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Self {
        let mut reply = Reply::status(status);
        reply.headers.insert(
            hyper::header::CONTENT_TYPE,
            hyper::header::HeaderValue::from_static(content_type),
        );
        reply.body = body.into();
        reply
    }
}

/// What a reply carries.
#[derive(Debug, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// All of it, at hand.
    Whole(Bytes),
    /// A body too large to hold, made piece by piece while it is written.
    Chunks(Chunks),
}

impl Body {
    /// The bytes of the whole body, for tests and small tools. Pieces are made at once.
    pub fn collect(self) -> Bytes {
        match self {
            Body::Empty => Bytes::new(),
            Body::Whole(bytes) => bytes,
            Body::Chunks(chunks) => {
                let mut all = Vec::new();
                for chunk in chunks {
                    all.extend_from_slice(&chunk);
                }
                all.into()
            }
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Body::Whole(bytes.into())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Body::Whole(bytes)
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Body::Whole(text.into())
    }
}

/// The pieces of a large body. Making a piece may take a lock. No lock is held between two.
pub struct Chunks(Box<dyn Iterator<Item = Bytes> + Send>);

impl Chunks {
    /// Pieces in the order they go out.
    pub fn new(pieces: impl Iterator<Item = Bytes> + Send + 'static) -> Self {
        Chunks(Box::new(pieces))
    }
}

impl Iterator for Chunks {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        self.0.next()
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chunks(..)")
    }
}
