//! What the fields mean, each read as its serializer field reads it, then all of them together.

use super::super::body::python::{Text, Value};
use super::input::Sent;
use super::wire::{self, FieldErrors};
use crate::platform::ApiError;
use crate::vendors::openedx::behaviour::{Behaviour, Drf, NumericIdentifiers, Profile};
use crate::vendors::openedx::course_key::canonical;
use crate::vendors::openedx::world::World;

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";

/// What is asked for.
#[derive(Debug)]
pub struct BulkParams {
    /// Whom.
    pub identifiers: Identifiers,
    /// The courses.
    pub courses: Vec<Key>,
    /// The names of the cohorts, one for each course. Empty: cohorts are not spoken of.
    pub cohorts: Vec<String>,
    /// In or out.
    pub action: Action,
    /// Whether invitations enroll.
    pub auto_enroll: Flag,
    /// Whether to send mails.
    pub email_students: Flag,
}

/// The key of a course.
#[derive(Debug)]
pub struct Key {
    /// As it was sent, well-formed.
    pub sent: String,
    /// As courses are known by it.
    pub canonical: String,
}

/// Whom it is about.
#[derive(Debug)]
pub enum Identifiers {
    /// Separated by commas and white space.
    Text(String),
    /// A number, which breaks the code that would split it.
    Number,
}

/// In or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// In.
    Enroll,
    /// Out.
    Unenroll,
}

/// A switch of a request. Up to Teak it is read twice, and differently.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// What the answer says on top.
    pub shown: bool,
    /// What counts.
    pub acts: bool,
}

impl Action {
    /// As it is sent and answered.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Enroll => "enroll",
            Action::Unenroll => "unenroll",
        }
    }
}

impl BulkParams {
    /// Reads the fields.
    ///
    /// # Errors
    /// All that is wrong with single fields; if nothing is, the first thing that is wrong with them together.
    /// Values that the upstream code never thought of break it.
    pub fn read(sent: &Sent, world: &World) -> Result<BulkParams, ApiError> {
        let behaviour = world.behaviour();
        let mut errors = FieldErrors::default();
        let identifiers = identifiers(sent.identifiers.as_ref(), behaviour);
        let identifiers = identifiers.map_err(|found| errors.identifiers = found);
        let courses = courses(sent.courses.as_ref())?;
        let courses = courses.map_err(|found| errors.courses.push(found));
        let cohorts = match &sent.cohorts {
            None => Ok(Vec::new()),
            Some(value) => list(value)?,
        };
        let cohorts = cohorts.map_err(|found| errors.cohorts.push(found.to_owned()));
        let action = action(sent.action.as_ref())?;
        let action = action.map_err(|found| errors.action.push(found));
        let auto_enroll = flag(sent.auto_enroll.as_ref(), behaviour);
        let auto_enroll = auto_enroll.map_err(|found| errors.auto_enroll.push(found.to_owned()));
        let emails = flag(sent.email_students.as_ref(), behaviour);
        let emails = emails.map_err(|found| errors.email_students.push(found.to_owned()));
        match (identifiers, courses, cohorts, action, auto_enroll, emails) {
            (
                Ok(identifiers),
                Ok(courses),
                Ok(cohorts),
                Ok(action),
                Ok(auto_enroll),
                Ok(emails),
            ) => Ok(BulkParams {
                cohorts: fitting_cohorts(&cohorts, &courses, action, world)?,
                identifiers,
                courses,
                action,
                auto_enroll,
                email_students: emails,
            }),
            _ => Err(errors.refusal()),
        }
    }
}

fn identifiers(value: Option<&Value>, behaviour: &Behaviour) -> Result<Identifiers, Vec<String>> {
    let refuse = |what: &str| Err(vec![what.to_owned()]);
    match value {
        None => refuse(REQUIRED),
        Some(Value::None) => refuse(NULL),
        Some(Value::Str(text)) if text.is_blank() => refuse("This field may not be blank."),
        Some(Value::Str(text)) => identifiers_text(text),
        Some(number @ (Value::Int(_) | Value::Float(_))) => {
            let is_text = behaviour.profile == Profile::Ulmo
                || behaviour.numeric_identifiers == NumericIdentifiers::Text;
            Ok(if is_text {
                Identifiers::Text(number.to_str().unwrap_or_default())
            } else {
                Identifiers::Number
            })
        }
        Some(Value::Bool(_) | Value::List(_) | Value::Dict(_)) => refuse("Not a valid string."),
    }
}

fn identifiers_text(text: &Text) -> Result<Identifiers, Vec<String>> {
    let mut errors = Vec::new();
    if text.contains('\0') {
        errors.push("Null characters are not allowed.".to_owned());
    }
    if let Some(half) = text.first_half() {
        errors.push(format!("Surrogate characters are not allowed: U+{half:X}."));
    }
    match (errors.is_empty(), text.as_str()) {
        (true, Some(text)) => Ok(Identifiers::Text(text.to_owned())),
        (_, _) => Err(errors),
    }
}

fn courses(value: Option<&Value>) -> Result<Result<Vec<Key>, String>, ApiError> {
    let Some(value) = value else {
        return Ok(Err(REQUIRED.to_owned()));
    };
    let keys = match list(value)? {
        Ok(keys) => keys,
        Err(what) => return Ok(Err(what.to_owned())),
    };
    let mut courses = Vec::with_capacity(keys.len());
    for key in &keys {
        match key.as_str().and_then(canonical) {
            Some(canonical) => courses.push(Key {
                sent: sendable(key)?.to_owned(),
                canonical: canonical.into_owned(),
            }),
            None => {
                return Ok(Err(format!("Course key not valid: {}", sendable(key)?)));
            }
        }
    }
    Ok(Ok(courses))
}

/// The parts of a text between commas. Nothing that Python takes for false has parts; of a list, only
/// the first item is looked at.
fn list(value: &Value) -> Result<Result<Vec<Text>, &'static str>, ApiError> {
    let text = match value {
        Value::None => return Ok(Err(NULL)),
        empty if !empty.is_truthy() => return Ok(Ok(Vec::new())),
        Value::List(items) => items.first().unwrap_or(&Value::None),
        other => other,
    };
    match text {
        Value::Str(text) => Ok(Ok(text.split_at_commas())),
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Dict(_) => Err(ApiError::Broken(format!(
            "a value of the type {} is split at its commas",
            text.type_name()
        ))),
    }
}

/// A text that goes into an answer. Half a surrogate pair breaks the writing.
fn sendable(text: &Text) -> Result<&str, ApiError> {
    text.as_str().ok_or_else(unsendable)
}

fn unsendable() -> ApiError {
    ApiError::Broken("half a surrogate pair would have to be answered".to_owned())
}

fn action(value: Option<&Value>) -> Result<Result<Action, String>, ApiError> {
    let value = match value {
        None => return Ok(Err(REQUIRED.to_owned())),
        Some(Value::None) => return Ok(Err(NULL.to_owned())),
        Some(value) => value,
    };
    let text = value.to_str().ok_or_else(unsendable)?;
    let actions = [Action::Enroll, Action::Unenroll];
    let meant = actions.into_iter().find(|action| action.name() == text);
    Ok(meant.ok_or_else(|| format!("\"{text}\" is not a valid choice.")))
}

fn flag(value: Option<&Value>, behaviour: &Behaviour) -> Result<Flag, &'static str> {
    let shown = match value {
        None => false,
        Some(Value::None) => return Err(NULL),
        Some(value) => boolean(value, behaviour.drf).ok_or("Must be a valid boolean.")?,
    };
    let acts = match behaviour.profile {
        Profile::Legacy | Profile::Classic => value.is_some_and(is_literally_true),
        Profile::Ulmo => shown,
    };
    Ok(Flag { shown, acts })
}

/// How the serializer reads a boolean.
fn boolean(value: &Value, drf: Drf) -> Option<bool> {
    let Value::Str(text) = value else {
        return value.as_bit();
    };
    let text = text.as_str()?;
    let lower = match drf {
        // Up to 3.14 three spellings are listed: all small, all large, and a large first letter.
        Drf::Before315 => {
            let mut rest = text.chars();
            let first = rest.next()?;
            let rest = rest.as_str();
            let is_upper = |c: char| c.is_ascii_uppercase();
            let is_lower = |c: char| !is_upper(c);
            let is_listed =
                rest.chars().all(is_lower) || (is_upper(first) && rest.chars().all(is_upper));
            is_listed.then(|| text.to_ascii_lowercase())?
        }
        Drf::Since315 => text.to_lowercase(),
    };
    match &*lower {
        "t" | "y" | "yes" | "true" | "on" | "1" => Some(true),
        "f" | "n" | "no" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// How the code behind the serializer reads a boolean again: from what was sent.
fn is_literally_true(value: &Value) -> bool {
    match value {
        Value::Str(text) => matches!(text.as_str(), Some("true" | "True")),
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Dict(_) => value.as_bit() == Some(true),
    }
}

/// The cohorts, if they go with the action and each is one of its course.
fn fitting_cohorts(
    cohorts: &[Text],
    courses: &[Key],
    action: Action,
    world: &World,
) -> Result<Vec<String>, ApiError> {
    if !cohorts.is_empty() && action != Action::Enroll {
        let what = "Cohorts can only be used for enrollments.";
        return Err(wire::non_field_error(what));
    }
    if !cohorts.is_empty() && cohorts.len() != courses.len() {
        let what = "If provided, the cohorts and courses should have equal number of items.";
        return Err(wire::non_field_error(what));
    }
    let mut names = Vec::with_capacity(cohorts.len());
    for (name, key) in cohorts.iter().zip(courses) {
        let name = sendable(name)?;
        let course = world.course(&key.sent);
        if course.is_none_or(|course| course.cohort(name).is_none()) {
            let what = format!("cohort {name} not found in course {}.", key.sent);
            return Err(wire::non_field_error(&what));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}
