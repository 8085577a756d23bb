//! How iSpring says no: `code` and `message`, in XML or JSON.
//!
//! The envelope is declared in the vendor's OpenAPI and read by clients. What `code` holds and
//! how messages are worded was never recorded: the status and its documented text stand in.

use std::time::Duration;

use hyper::header::{ALLOW, HeaderValue, RETRY_AFTER};
use hyper::{Method, StatusCode};
use serde::Serialize;

use super::behaviour::{Behaviour, UnknownEnrollment, XmlContentType};
use super::wire::{Syntax, Xml};
use crate::http::{Reply, Request, accepted_media};
use crate::platform::{ApiError, comma_list, whole_seconds};

/// The body of every refusal.
#[derive(Serialize)]
struct ErrorResponse<'a> {
    code: u16,
    message: &'a str,
}

/// XML, unless `Accept` lists nothing but JSON. So `*/*`, no header at all and what axios sends
/// (`application/json, text/plain, */*`) all get XML; clients depend on each of them.
pub fn syntax(request: &Request) -> Syntax {
    let accepted = accepted_media(&request.headers);
    if !accepted.is_empty() && accepted.iter().all(|media| media.is_json()) {
        Syntax::Json
    } else {
        Syntax::Xml
    }
}

/// The `Content-Type` of an answer with a body. Never seen recorded: the OpenAPI's media types.
pub fn content_type(syntax: Syntax, behaviour: &Behaviour) -> &'static str {
    match (syntax, behaviour.xml_content_type) {
        (Syntax::Json, _) => "application/json",
        (Syntax::Xml, XmlContentType::Application) => "application/xml",
        (Syntax::Xml, XmlContentType::Text) => "text/xml; charset=UTF-8",
    }
}

/// Says no.
pub fn refuse(error: &ApiError, syntax: Syntax, behaviour: &Behaviour) -> Reply {
    if let ApiError::InItsOwnWords(words) = error {
        return words.reply();
    }
    let status = status(error, behaviour);
    let shows_detail = status == StatusCode::BAD_REQUEST && behaviour.error_detail;
    let detail = shows_detail.then(|| error.what());
    let message = detail.as_deref().unwrap_or(message(status));
    let mut reply = Reply::new(
        status,
        content_type(syntax, behaviour),
        body(status, message, syntax, behaviour),
    );
    if let ApiError::MethodNotAllowed(allowed) = error {
        reply.headers.insert(ALLOW, allow(allowed));
    }
    if let Some(wait) = retry_after(error) {
        let seconds = HeaderValue::from(whole_seconds(wait));
        reply.headers.insert(RETRY_AFTER, seconds);
    }
    reply
}

/// For how long the caller is sent away. The vendor documents no limits; a minute is what most others count by.
fn retry_after(error: &ApiError) -> Option<Duration> {
    match error {
        ApiError::Throttled(wait) => Some(wait.unwrap_or(Duration::from_mins(1))),
        ApiError::Unavailable(wait) => *wait,
        ApiError::NoSuchPath
        | ApiError::NotAcceptable
        | ApiError::MethodNotAllowed(_)
        | ApiError::Unauthenticated(_)
        | ApiError::Forbidden
        | ApiError::OutOfScope(_)
        | ApiError::TooLarge
        | ApiError::Malformed(_)
        | ApiError::BadCursor(_)
        | ApiError::NoSuchRecord(_)
        | ApiError::NoSuchObject(_)
        | ApiError::BadClient
        | ApiError::Broken(_)
        | ApiError::InItsOwnWords(_)
        | ApiError::Internal => None,
    }
}

fn status(error: &ApiError, behaviour: &Behaviour) -> StatusCode {
    match error {
        ApiError::NoSuchPath => StatusCode::NOT_FOUND,
        ApiError::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
        ApiError::Unauthenticated(_) | ApiError::BadClient => StatusCode::UNAUTHORIZED,
        ApiError::Forbidden | ApiError::OutOfScope(_) => StatusCode::FORBIDDEN,
        // Neither 413 nor 415 is declared; whatever is wrong with a request is a 400.
        ApiError::TooLarge
        | ApiError::Malformed(_)
        | ApiError::BadCursor(_)
        | ApiError::NoSuchRecord(_) => StatusCode::BAD_REQUEST,
        ApiError::NoSuchObject(_) => match behaviour.unknown_enrollment {
            UnknownEnrollment::BadRequest => StatusCode::BAD_REQUEST,
            UnknownEnrollment::NotFound => StatusCode::NOT_FOUND,
        },
        ApiError::InItsOwnWords(words) => words.status,
        ApiError::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        ApiError::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
        ApiError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Broken(_) | ApiError::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The documented text of a status; for those that the vendor does not document, HTTP's own.
fn message(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "Permission denied",
        other => other.canonical_reason().unwrap_or(""),
    }
}

fn body(status: StatusCode, message: &str, syntax: Syntax, behaviour: &Behaviour) -> Vec<u8> {
    let code = status.as_u16();
    match syntax {
        Syntax::Json => serde_json::to_vec(&ErrorResponse { code, message }).unwrap_or_default(),
        Syntax::Xml => {
            let mut bytes = Vec::new();
            let mut xml = Xml::new(&mut bytes, behaviour.pretty_xml);
            xml.open("response");
            xml.text("code", &code.to_string());
            xml.text("message", message);
            xml.close("response");
            bytes
        }
    }
}

fn allow(methods: &[Method]) -> HeaderValue {
    HeaderValue::try_from(comma_list(methods)).unwrap_or(HeaderValue::from_static(""))
}
