//! What media types an `Accept` header lists. What a vendor makes of them is the vendor's affair.

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
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| {
            range
                .split(';')
                .next()
                .unwrap_or("")
                .trim()
                .to_ascii_lowercase()
        })
        .filter(|essence| !essence.is_empty())
        .map(|essence| Media { essence })
        .collect()
}
