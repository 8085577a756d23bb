//! A query string as ordered pairs: order, repeats and odd names kept as they came.

/// The decoded pairs of a query string or of a urlencoded form, in the order sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Decodes `raw`: `+` and `%XX` in names and values; what is not UTF-8 becomes U+FFFD.
    pub fn parse(raw: &[u8]) -> Self {
        Query {
            pairs: form_urlencoded::parse(raw).into_owned().collect(),
        }
    }

    /// The pairs in the order sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
