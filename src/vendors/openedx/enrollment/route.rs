//! What stands behind `/enrollment/`: `USER,COURSE` or `COURSE`, as upstream's patterns read it.

use super::super::slug::is_word;
use crate::http::Request;
use crate::platform::decoded;
use crate::vendors::openedx::Context;

/// What the last part of a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Which<'a> {
    /// The user name. None: the caller's own.
    pub username: Option<&'a str>,
    /// The key of the course, which need not be a sound one.
    pub course: &'a str,
}

impl<'a> Which<'a> {
    /// Reads what stands behind `/enrollment/`, decoded. None: it fits neither pattern.
    pub fn of(text: &'a str) -> Option<Self> {
        if let Some((username, course)) = text.split_once(',')
            && is_username(username)
            && is_course(course)
        {
            let username = Some(username);
            return Some(Which { username, course });
        }
        // A comma may stand in the key as well.
        is_course(text).then_some(Which {
            username: None,
            course: text,
        })
    }
}

/// Whether the path of a request fits one of the patterns.
pub fn is_route(request: &Request, _: &Context<'_>) -> bool {
    const BEFORE: &str = "/api/enrollment/v1/enrollment/";
    let path = decoded(&request.path);
    let Some((_, which)) = path.split_once(BEFORE) else {
        return false;
    };
    Which::of(which).is_some()
}

/// `[\w .@_+-]+`.
fn is_username(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| is_word(it) || " .@+-".contains(it))
}

/// `[^/+]+(/|\+)[^/+]+(/|\+)[^/?]+`: looser than course keys are.
fn is_course(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(3, ['/', '+']).collect();
    match parts[..] {
        [org, course, run] => {
            !org.is_empty() && !course.is_empty() && !run.is_empty() && !run.contains(['/', '?'])
        }
        _ => false,
    }
}
