//! The fields as sent, from JSON or a form.

use super::super::behaviour::Profile;
use super::super::body::python::{Text, Value};
use super::super::body::{Body, Form};
use super::wire::non_field_error;
use crate::http::Request;
use crate::platform::ApiError;

/// The fields that were sent, unchecked. None: the field was not sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// Whom.
    pub identifiers: Option<Value>,
    /// Into what.
    pub courses: Option<Value>,
    /// Into which cohort of each course.
    pub cohorts: Option<Value>,
    /// In or out.
    pub action: Option<Value>,
    /// Whether invitations enroll.
    pub auto_enroll: Option<Value>,
    /// Whether to send mails.
    pub email_students: Option<Value>,
}

impl Sent {
    /// Reads the body. Without one nothing was sent.
    pub fn read(request: &Request, profile: Profile) -> Result<Sent, ApiError> {
        match Body::read(request, profile)? {
            Body::Nothing => Ok(Sent::default()),
            Body::Json(value) => Sent::of_json(value),
            Body::Form(form) => Ok(Sent::of_form(&form)),
        }
    }

    fn of_json(value: Value) -> Result<Sent, ApiError> {
        let fields = match value {
            Value::Dict(fields) => fields,
            Value::None => return Err(non_field_error("No data provided")),
            other @ (Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::List(_)) => {
                return Err(non_field_error(&format!(
                    "Invalid data. Expected a dictionary, but got {}.",
                    other.type_name()
                )));
            }
        };
        let mut sent = Sent::default();
        for (name, value) in fields {
            if let Some(field) = name.as_str().and_then(|name| sent.field(name)) {
                *field = Some(value);
            }
        }
        Ok(sent)
    }

    /// Of a repeated field the last one counts, of a repeated list the first. An empty one that need not
    /// be there is not there.
    fn of_form(form: &Form) -> Sent {
        let empty = Value::Str(Text::from(""));
        let optional = |name| form.text(name).filter(|value| *value != empty);
        Sent {
            identifiers: form.text("identifiers"),
            courses: form.list("courses"),
            cohorts: form.list("cohorts"),
            action: form.printed("action"),
            auto_enroll: optional("auto_enroll"),
            email_students: optional("email_students"),
        }
    }

    fn field(&mut self, name: &str) -> Option<&mut Option<Value>> {
        match name {
            "identifiers" => Some(&mut self.identifiers),
            "courses" => Some(&mut self.courses),
            "cohorts" => Some(&mut self.cohorts),
            "action" => Some(&mut self.action),
            "auto_enroll" => Some(&mut self.auto_enroll),
            "email_students" => Some(&mut self.email_students),
            _ => None,
        }
    }
}
