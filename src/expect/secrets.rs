//! `no_secret_in_url`: every log on the way shows the URL of a request.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::found::{Finding, Requests, conclude, gap};
use super::judge::{Seen, Watch};
use super::table::Table;
use crate::http::Query;
use crate::journal::mask;
use crate::seed::hash;

/// How many credentials are remembered.
const MOST: usize = 4096;

/// The length of the shortest secret. Shorter words may be anything.
const SHORTEST: usize = 8;

/// Names that the journal masks to be safe, and that may name something harmless.
const HARMLESS: &[&str] = &["code", "key"];

/// The credentials that were seen, and the requests with secrets in their URLs.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    credentials: Table<(), MOST>,
    broken: Requests,
}

impl Watch for Secrets {
    fn observe(&mut self, seen: &Seen<'_>) {
        let entry = seen.entry;
        if let Some(credential) = seen.credential()
            && self.credentials.row(credential).is_none()
        {
            self.credentials.set(credential, ());
        }
        let query = Query::parse(seen.request.query.as_bytes());
        let mut pairs = query.pairs();
        if let Some((name, _)) = pairs.find(|(name, value)| self.is_secret(name, value)) {
            let what = || format!("the query holds a secret, as {:?}", crate::place::cut(name));
            self.broken.add(&entry.id(), what);
            return;
        }
        let mut segments = seen.request.inner().split('/').skip(1);
        let is_secret = |segment: &str| {
            let decoded = percent_decode_str(segment).decode_utf8_lossy();
            let is_masked = matches!(mask::text(segment), Cow::Owned(_));
            is_masked || mask::is_jwt(&decoded) || self.is_known(&decoded)
        };
        if segments.any(is_secret) {
            self.broken
                .add(&entry.id(), || "the path holds a secret".to_owned());
        }
    }

    fn finding(&self, forgotten: u64) -> Finding {
        let gap = gap(forgotten, self.credentials.forgotten(), "credentials");
        conclude(&self.broken, gap, "no URL held a secret")
    }
}

impl Secrets {
    /// Whether a parameter is a secret: by its name, by its look, or as a known credential.
    fn is_secret(&self, name: &str, value: &str) -> bool {
        let is_harmless = HARMLESS.iter().any(|it| name.eq_ignore_ascii_case(it));
        let is_named = mask::hides(name) && !is_harmless;
        let looks_so = mask::is_bearer(value) || mask::is_jwt(value);
        !value.is_empty() && (is_named || looks_so || self.is_known(value))
    }

    fn is_known(&self, text: &str) -> bool {
        text.len() >= SHORTEST && self.credentials.row(hash(text.as_bytes())).is_some()
    }
}
