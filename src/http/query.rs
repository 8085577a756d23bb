//! A query string as ordered pairs: order, repeats and odd names kept as they came.

/// The decoded pairs of a query string or of a urlencoded form, in the order sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All names and values, one behind the other.
    text: String,
    /// Where each name ends, and each value.
    ends: Vec<(usize, usize)>,
}

impl Query {
    /// Decodes `raw`: `+` and `%XX` in names and values; what is not UTF-8 becomes U+FFFD.
    pub fn parse(raw: &[u8]) -> Self {
        let mut query = Query {
            // Decoded, it is hardly ever longer than it came.
            text: String::with_capacity(raw.len()),
            ends: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(raw) {
            query.text.push_str(&name);
            let end = query.text.len();
            query.text.push_str(&value);
            query.ends.push((end, query.text.len()));
        }
        query
    }

    /// The pairs in the order sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |(name, value)| {
            let pair = (&self.text[start..*name], &self.text[*name..*value]);
            start = *value;
            pair
        })
    }
}
