//! The fields of a request, whatever syntax they came in: a query, a form, XML or JSON.
//!
//! The vendor's service shows the habits of PHP, where all of these end up as nested arrays, so
//! that `<courseIds><id>A</id></courseIds>`, `courseIds[id][0]=A` and `{"courseIds":{"id":["A"]}}`
//! are the same. They are the same here too.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::behaviour::RepeatedFilter;
use super::id::Id;
use super::{form, xml};
use crate::http::{Query, Request, multipart};
use crate::platform::{ApiError, quoted};

/// The parameters of a list that take several ids.
const FILTERS: &[&str] = &["courseIds", "learnerIds", "enrollmentIds"];

/// Fields by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of a query.
    pub fn of_query(query: &str, repeated: RepeatedFilter) -> Fields {
        let query = Query::parse(query.as_bytes());
        let joined = match repeated {
            RepeatedFilter::All => FILTERS,
            RepeatedFilter::Last => &[],
        };
        Fields(form::nest(query.pairs(), joined))
    }

    /// The fields of a form's body: `application/x-www-form-urlencoded` or `multipart/form-data`.
    ///
    /// # Errors
    /// When the body is neither.
    pub fn of_form(request: &Request) -> Result<Fields, ApiError> {
        let content_type = request.header("content-type").unwrap_or("");
        match essence(content_type).as_str() {
            "application/x-www-form-urlencoded" => {
                let pairs = Query::parse(&request.body);
                Ok(Fields(form::nest(pairs.pairs(), &[])))
            }
            "multipart/form-data" => {
                let pairs = multipart(content_type, &request.body)
                    .map_err(|why| ApiError::Malformed(format!("the multipart body: {why}")))?;
                let pairs = pairs
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()));
                Ok(Fields(form::nest(pairs, &[])))
            }
            "" => Err(ApiError::Malformed(
                "the request has no Content-Type".to_owned(),
            )),
            other => Err(ApiError::Malformed(format!(
                "Content-Type {} is not supported",
                quoted(other)
            ))),
        }
    }

    /// The fields of a body in any of the syntaxes that the vendor takes.
    ///
    /// # Errors
    /// When the body is in none of them, or broken.
    pub fn of_body(request: &Request) -> Result<Fields, ApiError> {
        let content_type = request.header("content-type").unwrap_or("");
        match essence(content_type).as_str() {
            "application/json" => {
                let value = serde_json::from_slice(&request.body)
                    .map_err(|error| ApiError::Malformed(format!("the JSON body: {error}")))?;
                match value {
                    Value::Object(fields) => Ok(Fields(fields)),
                    _ => Err(ApiError::Malformed(
                        "the JSON body is not an object".to_owned(),
                    )),
                }
            }
            "application/xml" | "text/xml" => xml::read(&request.body)
                .map(Fields)
                .map_err(|why| ApiError::Malformed(format!("the XML body: {why}"))),
            _ => Fields::of_form(request),
        }
    }

    /// A field that is one piece of text; a number or a truth value counts as its text.
    ///
    /// # Errors
    /// When it is a list or an object.
    pub fn text(&self, name: &str) -> Result<Option<Cow<'_, str>>, ApiError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim().into())),
            Some(value @ (Value::Bool(_) | Value::Number(_))) => Ok(Some(value.to_string().into())),
            Some(Value::Array(_) | Value::Object(_)) => {
                Err(ApiError::Malformed(format!("{name} is not a single value")))
            }
        }
    }

    /// A field that is true or false.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.text(name)?.as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(other) => Err(ApiError::Malformed(format!(
                "{name} {} is neither true nor false",
                quoted(other)
            ))),
        }
    }

    /// A field that lists ids, each once, in the order sent. None if it is not there.
    ///
    /// `comma` says whether one text may hold several ids, as in a query.
    ///
    /// # Errors
    /// When it is empty, or something in it is not an id.
    pub fn ids(&self, name: &str, comma: bool) -> Result<Option<Vec<Id>>, ApiError> {
        let value = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value,
        };
        let mut ids = Vec::new();
        collect_ids(name, value, comma, &mut ids)?;
        if ids.is_empty() {
            return Err(ApiError::Malformed(format!("{name} is empty")));
        }
        let mut seen = HashSet::with_capacity(ids.len());
        ids.retain(|id| seen.insert(*id));
        Ok(Some(ids))
    }

    /// A field that must list ids.
    ///
    /// # Errors
    /// When it is missing or empty, or something in it is not an id.
    pub fn some_ids(&self, name: &str) -> Result<Vec<Id>, ApiError> {
        let ids = self.ids(name, false)?;
        ids.ok_or_else(|| ApiError::Malformed(format!("{name} is required")))
    }
}

fn collect_ids(name: &str, value: &Value, comma: bool, ids: &mut Vec<Id>) -> Result<(), ApiError> {
    let not_an_id =
        |text: &str| ApiError::Malformed(format!("{name}: {} is not an id", quoted(text)));
    match value {
        Value::String(text) => {
            let parts = if comma {
                text.split(',').collect()
            } else {
                vec![text.as_str()]
            };
            for part in parts {
                ids.push(part.trim().parse().map_err(|_| not_an_id(part))?);
            }
            Ok(())
        }
        Value::Array(values) => values
            .iter()
            .try_for_each(|value| collect_ids(name, value, comma, ids)),
        // `<courseIds><id>…</id></courseIds>`, or the keys of a PHP array: `courseIds[0]`.
        Value::Object(fields) => {
            fields
                .iter()
                .try_for_each(|(key, value)| match key == "id" || is_index(key) {
                    true => collect_ids(name, value, comma, ids),
                    false => Err(ApiError::Malformed(format!(
                        "{name} has no {}",
                        quoted(key)
                    ))),
                })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Err(not_an_id(&value.to_string())),
    }
}

fn is_index(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// A media type without its parameters, in lower case.
fn essence(content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or("");
    essence.trim().to_ascii_lowercase()
}
