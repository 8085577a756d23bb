//! A request and the answer it must get: fixtures, recordings, checks against the real vendor.
//!
//! A file holds one exchange, or a list of them: a recording, replayed in order against one sandbox.

mod check;
mod compare;
mod replay;
mod written;
mod xml;

use crate::http::Request;
use crate::place::Spot;
use crate::platform::Vendor;
use crate::scenario::Source;

pub use check::problems;
pub use written::Confidence;

/// The exchanges of one file, in order, all of one scenario.
#[derive(Clone, Debug)]
pub struct Recording {
    file: String,
    scenario: Source,
    exchanges: Vec<Exchange>,
}

/// One request and the answer it must get, checked.
#[derive(Clone, Debug)]
pub struct Exchange {
    title: String,
    spot: Spot,
    source: String,
    confidence: Confidence,
    vendor: Vendor,
    url: String,
    request: Request,
    expected: Expected,
}

/// The expected answer. A part that is not named may be anything.
#[derive(Clone, Debug)]
struct Expected {
    status: u16,
    /// By name in lower case; `None`: must be absent.
    headers: Vec<(String, Option<String>)>,
    body: Option<ExpectedBody>,
}

/// How the body is compared.
#[derive(Clone, Debug)]
enum ExpectedBody {
    /// Byte by byte.
    Exact(String),
    /// As JSON: neither whitespace nor the order of keys counts.
    Json(serde_json::Value),
    /// As XML: neither the prolog, comments nor whitespace between elements counts.
    Xml(xml::Element),
}

impl Recording {
    /// The file's name in problems and mismatches.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The scenario that must be served.
    pub fn scenario(&self) -> &Source {
        &self.scenario
    }

    /// The exchanges, in order; at least one.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }
}

impl Exchange {
    /// The fact that it shows, in a few words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The source of the fact.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How sure the fact is.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// The vendor that it belongs to.
    pub fn vendor(&self) -> Vendor {
        self.vendor
    }

    /// The request as a client sends it to the vendor's public origin.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The status that the answer must have.
    pub fn status(&self) -> u16 {
        self.expected.status
    }
}
