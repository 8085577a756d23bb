//! The media types that an `Accept` header lists. Each vendor decides itself among them.

use hyper::header::{ACCEPT, HeaderMap};

/// A media range of an `Accept` header, parameters left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Type and subtype, lower-case: `application/json`, `*/*`.
    pub essence: String,
}

impl Media {
    /// `application/json` or a type built on it, such as `application/vnd.api+json`.
    pub fn is_json(&self) -> bool {
        self.essence == "application/json" || self.essence.ends_with("+json")
    }

    /// `application/xml`, `text/xml` or a type built on them.
    pub fn is_xml(&self) -> bool {
        self.essence == "application/xml"
            || self.essence == "text/xml"
            || self.essence.ends_with("+xml")
    }
}

/// Every media range of all `Accept` fields, in the order sent.
pub fn accepted_media(headers: &HeaderMap) -> Vec<Media> {
    let fields = headers.get_all(ACCEPT).iter();
    let texts = fields.filter_map(|value| value.to_str().ok());
    let ranges = texts.flat_map(|text| text.split(','));
    let essences = ranges.map(|range| {
        let (essence, _) = range.split_once(';').unwrap_or((range, ""));
        essence.trim().to_ascii_lowercase()
    });
    let known = essences.filter(|essence| !essence.is_empty());
    known.map(|essence| Media { essence }).collect()
}
