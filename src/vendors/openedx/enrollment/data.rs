//! The body of a POST as upstream's view looks into it.

use super::super::behaviour::Profile;
use super::super::body::Body;
use super::super::body::python::{Text, Value};
use crate::http::Request;
use crate::platform::ApiError;

/// The fields of a body.
#[derive(Debug)]
pub struct Data(Vec<(Text, Value)>);

impl Data {
    /// Reads a body.
    ///
    /// # Errors
    /// When it cannot be read, or is nothing that has fields.
    pub fn read(request: &Request, profile: Profile) -> Result<Self, ApiError> {
        match Body::read(request, profile)? {
            Body::Nothing => Ok(Data(Vec::new())),
            Body::Json(Value::Dict(fields)) => Ok(Data(fields)),
            Body::Json(other) => Err(breaks("the body", &other)),
            // Nothing but text and files stands in a form, so the course cannot be named, and the other fields are
            // looked at only behind it.
            Body::Form(form) => {
                let details = form.printed(COURSE_DETAILS);
                let details = details.map(|details| (Text::from(COURSE_DETAILS), details));
                Ok(Data(details.into_iter().collect()))
            }
        }
    }

    /// A field. None: it is left out or null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        field(&self.0, name).filter(|value| **value != Value::None)
    }

    /// The key of the course. None: it is left out or says nothing.
    ///
    /// # Errors
    /// Upstream looks for it in whatever `course_details` is, and breaks where that has no fields.
    pub fn course_id(&self) -> Result<Option<String>, ApiError> {
        let details = match field(&self.0, COURSE_DETAILS) {
            None => return Ok(None),
            Some(Value::Dict(details)) => details,
            Some(other) => return Err(breaks(COURSE_DETAILS, other)),
        };
        match field(details, "course_id").filter(|id| id.is_truthy()) {
            None => Ok(None),
            Some(id @ Value::Str(_)) => Ok(Some(text(id)?)),
            Some(other) => Err(breaks("course_id", other)),
        }
    }
}

const COURSE_DETAILS: &str = "course_details";

fn field<'a>(fields: &'a [(Text, Value)], name: &str) -> Option<&'a Value> {
    let found = fields.iter().find(|(key, _)| key.as_str() == Some(name));
    found.map(|(_, value)| value)
}

/// What upstream does not foresee.
fn breaks(what: &str, value: &Value) -> ApiError {
    ApiError::Broken(format!("{what} is a {}", value.type_name()))
}

/// Whether a value is this text.
pub fn is(value: &Value, text: &str) -> bool {
    matches!(value, Value::Str(value) if value.as_str() == Some(text))
}

/// A value as messages quote it.
///
/// # Errors
/// When it holds half a character, which no answer can.
pub fn text(value: &Value) -> Result<String, ApiError> {
    let text = value.to_str();
    text.ok_or_else(|| ApiError::Broken("half a surrogate pair in a text".to_owned()))
}
