//! The parameters of a query as the vendor reads them: a blank one counts as absent, of repeated
//! ones that take a single value the first counts, and unknown names are passed over.

use crate::http::{Query, Request};
use crate::platform::ApiError;

/// The parameters of a query.
#[derive(Clone, Debug)]
pub struct Params(Query);

impl Params {
    /// Those of this request.
    pub fn of(request: &Request) -> Self {
        Params(Query::parse(request.query.as_bytes()))
    }

    /// All pairs.
    pub fn query(&self) -> &Query {
        &self.0
    }

    /// Whether there is a parameter of this name, blank or not.
    pub fn has(&self, name: &str) -> bool {
        self.0.values(name).next().is_some()
    }

    /// The value of a parameter that takes one.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.0.values(name).next().filter(|value| !value.is_empty())
    }

    /// The values of a parameter that takes several: with commas, repeated, or both.
    pub fn several<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        listed(self.0.values(name))
    }

    /// The same, whatever the case of the name's letters.
    pub fn several_in_any_case<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.0.pairs();
        let named = pairs.filter(move |(it, _)| it.eq_ignore_ascii_case(name));
        listed(named.map(|(_, value)| value))
    }

    /// A parameter that is true or false.
    ///
    /// # Errors
    /// When it is something else.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.one(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(ApiError::Malformed(other.to_owned())),
        }
    }
}

/// What stands between the commas of these values.
fn listed<'a>(values: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let values = values.flat_map(|value| value.split(','));
    values.map(str::trim).filter(|value| !value.is_empty())
}
