//! The parameters of a query as the vendor reads them: a blank one counts as absent, of repeated
//! ones that take a single value the first counts, and names that nobody knows are passed over.

use crate::http::{Query, Request};
use crate::vendors::ApiError;

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
        self.0.pairs().any(|(it, _)| it == name)
    }

    /// The value of a parameter that takes one.
    pub fn one(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.pairs().find(|(it, _)| *it == name)?;
        (!value.is_empty()).then_some(value)
    }

    /// The values of a parameter that takes several: with commas, repeated, or both.
    pub fn several<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values(move |it| it == name)
    }

    /// The same, whatever the case of the name's letters.
    pub fn several_in_any_case<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values(move |it| it.eq_ignore_ascii_case(name))
    }

    fn values<'a>(&'a self, is: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = &'a str> {
        let pairs = self.0.pairs().filter(move |(name, _)| is(name));
        let values = pairs.flat_map(|(_, value)| value.split(','));
        values.map(str::trim).filter(|value| !value.is_empty())
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
