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
    /// Decodes `raw`: `+` and `%XX` in names and values. Bytes that are not UTF-8 become U+FFFD.
    pub fn parse(raw: &[u8]) -> Self {
        let mut query = Query {
            // Decoded, it is hardly ever longer than it came.
            text: String::with_capacity(raw.len()),
            ends: Vec::new(),
        };
        let mut start = 0;
        for end in memchr::memchr_iter(b'&', raw).chain([raw.len()]) {
            query.push_encoded(&raw[start..end]);
            start = end + 1;
        }
        query
    }

    /// Adds a pair as it was sent. Most are text as they stand.
    fn push_encoded(&mut self, pair: &[u8]) {
        let is_encoded = memchr::memchr2(b'%', b'+', pair).is_some();
        match std::str::from_utf8(pair) {
            Ok("") => {}
            Ok(pair) if !is_encoded => match memchr::memchr(b'=', pair.as_bytes()) {
                Some(at) => self.push(&pair[..at], &pair[at + 1..]),
                None => self.push(pair, ""),
            },
            Ok(_) | Err(_) => {
                for (name, value) in form_urlencoded::parse(pair) {
                    self.push(&name, &value);
                }
            }
        }
    }

    fn push(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        let end = self.text.len();
        self.text.push_str(value);
        self.ends.push((end, self.text.len()));
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

    /// The values of all pairs of this name, in the order sent.
    pub fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let mut start = 0;
        let pairs = self.ends.iter().map(move |(end, next)| {
            let pair = (start, *end, *next);
            start = *next;
            pair
        });
        // Most names differ in length, and comparing lengths is cheaper than cutting the text.
        let named = pairs.filter(|(start, end, _)| {
            end - start == name.len() && self.text.get(*start..*end) == Some(name)
        });
        named.filter_map(|(_, end, next)| self.text.get(end..next))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_query_is_read_as_the_standard_says(raw in "[a-c=&+%2é\\[]{0,12}|[ab&=]{0,8}") {
            let standard = form_urlencoded::parse(raw.as_bytes());
            let standard: Vec<(String, String)> = standard.into_owned().collect();
            let query = Query::parse(raw.as_bytes());
            let read = query.pairs().map(|(name, value)| (name.to_owned(), value.to_owned()));
            prop_assert_eq!(read.collect::<Vec<_>>(), standard.clone());
            for name in ["", "a", "ab"] {
                let all = standard.iter().filter(|(it, _)| it == name);
                let all: Vec<&str> = all.map(|(_, value)| value.as_str()).collect();
                prop_assert_eq!(query.values(name).collect::<Vec<_>>(), all);
            }
        }
    }
}
