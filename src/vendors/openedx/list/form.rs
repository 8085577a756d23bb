//! The filters of the list: a Django form, checked as a whole before anything else.

use std::collections::HashSet;

use hyper::StatusCode;
use serde::Serialize;

use super::super::course_key::is_course_key;
use super::super::course_match::Like;
use super::super::records::{CourseNumber, UserNumber};
use super::super::refusals::refusal;
use super::super::selection::Selection;
use super::super::world::World;
use crate::http::Query;
use crate::platform::ApiError;

/// The most values that a list in one field may hold.
const VALUES_AT_MOST: usize = 100;

const NULL_CHARACTERS: &str = "Null characters are not allowed.";

/// Upstream's message for whatever is no slug.
const NOT_A_USERNAME: &str = "Usernames can only contain letters (A-Z, a-z), numerals (0-9), \
                              underscores (_), and hyphens (-).";

/// The form, sound. None: the field lets everything through.
#[derive(Debug)]
pub struct Form {
    usernames: Option<Vec<String>>,
    course_id: Option<String>,
    course_ids: Option<Vec<String>>,
    emails: Option<Vec<String>>,
}

#[derive(Serialize)]
struct FieldErrors {
    field_errors: Errors,
}

/// What is wrong, in the order of the form's fields.
#[derive(Default, Serialize)]
struct Errors {
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    course_id: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    course_ids: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Message>,
}

#[derive(Serialize)]
struct Message {
    developer_message: String,
}

impl Form {
    /// Reads and checks every field.
    ///
    /// # Errors
    /// What is wrong with each field that is wrong.
    pub fn read(query: &Query) -> Result<Form, ApiError> {
        let mut errors = Errors::default();
        let username = field(query, "username").and_then(usernames);
        let course_id = field(query, "course_id").and_then(course_id);
        let course_ids = field(query, "course_ids").and_then(|text| list(text, "course_ids"));
        let email = field(query, "email").and_then(|text| list(text, "emails"));
        let form = Form {
            usernames: sound(username, &mut errors.username),
            course_id: sound(course_id, &mut errors.course_id),
            course_ids: sound(course_ids, &mut errors.course_ids),
            emails: sound(email, &mut errors.email),
        };
        match errors.what() {
            None => Ok(form),
            Some(what) => {
                let body = FieldErrors {
                    field_errors: errors,
                };
                Err(refusal(StatusCode::BAD_REQUEST, &body, what))
            }
        }
    }

    /// What the fields select. Unknown names select nothing.
    pub fn selection(&self, world: &World) -> Selection {
        let named = self.usernames.as_ref().map(|names| {
            let users = names.iter().filter_map(|name| world.user_named(name));
            users.map(|user| user.number).collect()
        });
        let addressed = self.emails.as_ref().map(|emails| {
            let users = emails
                .iter()
                .filter_map(|email| world.user_with_email(email));
            users.map(|user| user.number).collect()
        });
        let exact = self.course_id.as_ref().map(|key| {
            let course = world.enrolled_course(key);
            course.map(|course| course.number).into_iter().collect()
        });
        let (courses, like) = match self.course_ids.as_ref().map(|parts| Like::of(parts, world)) {
            None | Some(Like::All) => (exact, None),
            Some(Like::These(these)) => (both(exact, Some(these)), None),
            Some(Like::Many(many)) => match exact {
                None => (None, Some(many)),
                Some(exact) => {
                    let exact: Vec<CourseNumber> = exact;
                    (
                        Some(exact.into_iter().filter(|it| many.has(*it)).collect()),
                        None,
                    )
                }
            },
        };
        Selection {
            users: both::<UserNumber>(named, addressed),
            courses,
            like,
            since: None,
        }
    }
}

impl Errors {
    /// What the journal says. None: nothing is wrong.
    fn what(&self) -> Option<String> {
        let all = [
            &self.username,
            &self.course_id,
            &self.course_ids,
            &self.email,
        ];
        let messages = all.into_iter().flatten();
        let messages: Vec<&str> = messages.map(|it| it.developer_message.as_str()).collect();
        (!messages.is_empty()).then(|| messages.join(" "))
    }
}

/// The last value of a field, as Django gives it, without the space around it. An empty one is none.
fn field<'a>(query: &'a Query, name: &str) -> Result<Option<&'a str>, String> {
    match query.values(name).last().map_or("", stripped) {
        "" => Ok(None),
        value if value.contains('\0') => Err(NULL_CHARACTERS.to_owned()),
        value => Ok(Some(value)),
    }
}

/// Without what Python takes for space, which is Unicode's and four control characters.
fn stripped(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

fn usernames(text: Option<&str>) -> Result<Option<Vec<String>>, String> {
    let names = list(text, "usernames")?;
    let is_slug = |name: &String| {
        let mut letters = name.bytes();
        !name.is_empty() && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    if names.iter().flatten().all(is_slug) {
        Ok(names)
    } else {
        Err(NOT_A_USERNAME.to_owned())
    }
}

fn course_id(text: Option<&str>) -> Result<Option<String>, String> {
    match text {
        Some(text) if !is_course_key(text) => Err(format!("'{text}' is not a valid course id.")),
        text => Ok(text.map(str::to_owned)),
    }
}

/// Values with commas between. No value is stripped.
fn list(text: Option<&str>, of: &str) -> Result<Option<Vec<String>>, String> {
    let Some(text) = text else {
        return Ok(None);
    };
    let values: Vec<String> = text.split(',').map(str::to_owned).collect();
    match values.len() {
        count if count > VALUES_AT_MOST => Err(format!(
            "Too many {of} in a single request - {count}. A maximum of {VALUES_AT_MOST} is allowed"
        )),
        _ => Ok(Some(values)),
    }
}

/// The value of a sound field; the message of another goes where `error` is.
fn sound<T>(field: Result<Option<T>, String>, error: &mut Option<Message>) -> Option<T> {
    match field {
        Ok(value) => value,
        Err(developer_message) => {
            *error = Some(Message { developer_message });
            None
        }
    }
}

/// What two filters both let through.
fn both<T: Copy + Eq + std::hash::Hash>(
    one: Option<Vec<T>>,
    other: Option<Vec<T>>,
) -> Option<Vec<T>> {
    match (one, other) {
        (Some(one), Some(other)) => {
            let other: HashSet<T> = other.into_iter().collect();
            Some(one.into_iter().filter(|it| other.contains(it)).collect())
        }
        (one, other) => one.or(other),
    }
}
