//! The body of a change: a document with one resource, of which only attributes count.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::platform::ApiError;
use crate::vendors::alm::Call;
use crate::vendors::alm::behaviour::UnsupportedMediaType;
use crate::vendors::alm::errors;
use crate::vendors::alm::records::Second;
use crate::vendors::alm::world::World;

/// The type of the resource.
const TYPE: &str = "learningObjectInstanceEnrollment";
/// The first second of year 0: no vendor writes years that are negative.
const YEAR_0: i64 = -62_167_219_200;

/// The attributes that were sent.
#[derive(Debug)]
pub struct Attributes(Map<String, Value>);

/// Reads the attributes from the body of a call.
///
/// # Errors
/// When the body is none that is understood, or is about another resource.
pub fn attributes(call: &Call<'_>, world: &World) -> Result<Attributes, ApiError> {
    check_media_type(call, world)?;
    if call.request.body.is_empty() {
        return Err(errors::bad_request("Generic Error", None));
    }
    let document = serde_json::from_slice(&call.request.body).ok();
    let mut document: Map<String, Value> = document.ok_or_else(|| malformed("data"))?;
    let Some(Value::Object(mut resource)) = document.remove("data") else {
        return Err(malformed("data"));
    };
    check_type(resource.get("type"))?;
    check_id(resource.get("id"), call.param("enrollment"))?;
    match resource.remove("attributes") {
        None | Some(Value::Null) => Ok(Attributes(Map::new())),
        Some(Value::Object(attributes)) => Ok(Attributes(attributes)),
        Some(_) => Err(malformed("attributes")),
    }
}

/// Any type is read, unless the scenario wants the others refused.
fn check_media_type(call: &Call<'_>, world: &World) -> Result<(), ApiError> {
    let sent = call.request.header("content-type").unwrap_or("");
    let essence = sent.split(';').next().unwrap_or("").trim();
    let known = ["", "application/vnd.api+json", "application/json"];
    let is_known = known.iter().any(|it| essence.eq_ignore_ascii_case(it));
    match world.behaviour().unsupported_media_type {
        UnsupportedMediaType::Refuse if !is_known => Err(errors::unsupported_media_type(sent)),
        UnsupportedMediaType::Refuse | UnsupportedMediaType::Ignore => Ok(()),
    }
}

fn check_type(sent: Option<&Value>) -> Result<(), ApiError> {
    match sent {
        None => Ok(()),
        Some(Value::String(kind)) if kind == TYPE => Ok(()),
        Some(Value::String(kind)) => Err(malformed(&format!("incorrect relation type - {kind}"))),
        Some(_) => Err(malformed("type")),
    }
}

fn check_id(sent: Option<&Value>, named: &str) -> Result<(), ApiError> {
    match sent {
        None => Ok(()),
        Some(Value::String(id)) if id == named => Ok(()),
        Some(Value::String(id)) => Err(malformed(id)),
        Some(_) => Err(malformed("id")),
    }
}

impl Attributes {
    /// A text.
    ///
    /// # Errors
    /// When something else was sent.
    pub fn text(&self, name: &str) -> Result<Option<String>, ApiError> {
        match self.sent(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(malformed(name)),
        }
    }

    /// An instant, in whole seconds.
    ///
    /// # Errors
    /// When something else was sent.
    pub fn instant(&self, name: &str) -> Result<Option<Second>, ApiError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let instant = text.parse::<Timestamp>().ok();
        let instant = instant.filter(|instant| instant.as_second() >= YEAR_0);
        let instant = instant.ok_or_else(|| malformed(name))?;
        Ok(Some(Second::of(instant)))
    }

    /// One to five stars.
    ///
    /// # Errors
    /// When something else was sent.
    pub fn stars(&self, name: &str) -> Result<Option<u32>, ApiError> {
        let Some(sent) = self.sent(name) else {
            return Ok(None);
        };
        let stars = sent.as_u64().and_then(|stars| u32::try_from(stars).ok());
        let stars = stars.filter(|stars| (1..=5).contains(stars));
        stars.map(Some).ok_or_else(|| malformed(name))
    }

    /// What was sent; null is nothing.
    fn sent(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }
}

fn malformed(info: &str) -> ApiError {
    ApiError::Malformed(info.to_owned())
}
