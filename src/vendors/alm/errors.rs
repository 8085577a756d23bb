//! How Adobe says no: one bare object with the name of its status, as Spring writes it.

use std::borrow::Cow;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{ALLOW, HeaderValue, RETRY_AFTER};
use serde::Serialize;

use super::behaviour::{InvalidToken, MissingScope, UnknownId};
use super::throttle;
use crate::http::{Reply, Request};
use crate::platform::{ApiError, AuthError, Words, comma_list, whole_seconds};
use crate::vendors::alm::Context;

/// What the Prime API writes, refusals included.
pub const JSON_API: &str = "application/vnd.api+json;charset=UTF-8";

/// The object, in the order of the documented samples.
#[derive(Serialize)]
struct Refused<'a> {
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(rename = "errorId", skip_serializing_if = "Option::is_none")]
    error_id: Option<&'a str>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    info: &'a str,
}

/// A 400 in an operation's own words.
pub fn bad_request(title: &str, info: Option<&str>) -> ApiError {
    in_words(StatusCode::BAD_REQUEST, None, None, title, info)
}

/// A 400 with an `errorId`, as enrolling gives it.
pub fn bad_request_with_error_id(error_id: &str, title: &str, info: Option<&str>) -> ApiError {
    in_words(StatusCode::BAD_REQUEST, None, Some(error_id), title, info)
}

/// A parameter that must be there is not.
pub fn missing_param(name: &str) -> ApiError {
    bad_request("Missing Param", Some(name))
}

/// An id that the request names stands for nothing.
pub fn unknown_object(id: &str) -> ApiError {
    ApiError::NoSuchObject(id.to_owned())
}

fn in_words(
    status: StatusCode,
    code: Option<&str>,
    error_id: Option<&str>,
    title: &str,
    info: Option<&str>,
) -> ApiError {
    let object = Refused {
        status: name(status),
        code,
        error_id,
        title,
        source: info.map(|info| Source { info }),
    };
    ApiError::InItsOwnWords(Words {
        status,
        content_type: Some(JSON_API),
        body: object.text(),
        cookie: None,
        what: match info {
            Some(info) => format!("{title}: {info}"),
            None => title.to_owned(),
        },
    })
}

impl Refused<'_> {
    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Says no as `content_type`.
pub fn refuse(
    error: &ApiError,
    request: &Request,
    context: &Context<'_>,
    content_type: &'static str,
) -> Reply {
    match error {
        ApiError::InItsOwnWords(words) => Words {
            content_type: match words.content_type {
                Some(JSON_API) => Some(content_type),
                other => other,
            },
            ..words.clone()
        }
        .reply(),
        // What the gateway refuses never reaches the application.
        ApiError::TooLarge => gateway_page(StatusCode::PAYLOAD_TOO_LARGE),
        ApiError::Throttled(wait) => throttled(wait.unwrap_or(throttle::SAMPLE_WAIT)),
        ApiError::Unavailable(wait) => unavailable(*wait),
        ApiError::NoSuchPath
        | ApiError::NotAcceptable
        | ApiError::MethodNotAllowed(_)
        | ApiError::Unauthenticated(_)
        | ApiError::Forbidden
        | ApiError::OutOfScope(_)
        | ApiError::Malformed(_)
        | ApiError::BadCursor(_)
        | ApiError::NoSuchRecord(_)
        | ApiError::NoSuchObject(_)
        | ApiError::BadClient
        | ApiError::Broken(_)
        | ApiError::Internal => {
            let said = ErrorBody::of(error, request, context);
            let mut reply = Reply::new(said.status, content_type, said.text());
            if let ApiError::MethodNotAllowed(allowed) = error
                && let Ok(allowed) = HeaderValue::try_from(comma_list(allowed))
            {
                reply.headers.insert(ALLOW, allowed);
            }
            reply
        }
    }
}

/// What is said to a no that has no words of its own.
struct ErrorBody<'a> {
    status: StatusCode,
    code: Option<&'static str>,
    title: &'static str,
    info: Option<Cow<'a, str>>,
}

impl<'a> ErrorBody<'a> {
    fn of(error: &'a ApiError, request: &'a Request, context: &Context<'_>) -> Self {
        let bad = StatusCode::BAD_REQUEST;
        match error {
            ApiError::NoSuchPath => {
                ErrorBody::new(StatusCode::NOT_FOUND, "Not Found", path(request).into())
            }
            ApiError::NotAcceptable => {
                let accept = request.headers.get("accept");
                let accept = accept.map_or(Cow::Borrowed(""), |it| {
                    String::from_utf8_lossy(it.as_bytes())
                });
                ErrorBody::new(StatusCode::NOT_ACCEPTABLE, "Not Acceptable", accept)
            }
            ApiError::MethodNotAllowed(_) => ErrorBody::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "Method Not Allowed",
                request.method.as_str().into(),
            ),
            ApiError::Unauthenticated(why) => ErrorBody::to_nobody(why, context),
            ApiError::Forbidden => ErrorBody::out_of_reach(context),
            ApiError::OutOfScope(id) => ErrorBody::new(bad, "User mismatch", id.into()),
            ApiError::Malformed(info) => ErrorBody::new(bad, "Field Type incorrect", info.into()),
            ApiError::BadCursor(_) => {
                ErrorBody::new(bad, "Field Type incorrect", "page[cursor]".into())
            }
            ApiError::NoSuchRecord(id) | ApiError::NoSuchObject(id) => {
                ErrorBody::unknown(id, context)
            }
            ApiError::BadClient => {
                ErrorBody::new(bad, "Invalid Parameter: client_id", "client_id".into())
            }
            ApiError::Broken(_)
            | ApiError::Internal
            | ApiError::TooLarge
            | ApiError::Throttled(_)
            | ApiError::Unavailable(_)
            | ApiError::InItsOwnWords(_) => ErrorBody {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                code: None,
                title: "Generic Error",
                info: None,
            },
        }
    }

    fn new(status: StatusCode, title: &'static str, info: Cow<'a, str>) -> Self {
        ErrorBody {
            status,
            code: None,
            title,
            info: Some(info),
        }
    }

    /// To a caller whose token is unknown.
    fn to_nobody(why: &AuthError, context: &Context<'_>) -> Self {
        let behaviour = context.read().behaviour().invalid_token;
        let info = match (behaviour, why) {
            (InvalidToken::Unauthorized, AuthError::Expired) => "Token expired",
            (InvalidToken::Unauthorized | InvalidToken::BadRequest, _) => "Invalid token",
        };
        let status = match behaviour {
            InvalidToken::Unauthorized => StatusCode::UNAUTHORIZED,
            InvalidToken::BadRequest => StatusCode::BAD_REQUEST,
        };
        ErrorBody::new(status, "Unauthorized", info.into())
    }

    /// To a caller whose token does not reach so far.
    fn out_of_reach(context: &Context<'_>) -> Self {
        let (status, title) = match context.read().behaviour().missing_scope {
            MissingScope::Forbidden => (StatusCode::FORBIDDEN, "Forbidden"),
            MissingScope::Unauthorized => (StatusCode::UNAUTHORIZED, "Unauthorized"),
        };
        ErrorBody::new(status, title, "Insufficient scope".into())
    }

    fn unknown(id: &'a str, context: &Context<'_>) -> Self {
        match context.read().behaviour().unknown_id {
            UnknownId::BadRequest => ErrorBody {
                code: Some("OBJECT_DOESNT_EXIST"),
                ..ErrorBody::new(StatusCode::BAD_REQUEST, "Object doesn't exist", id.into())
            },
            UnknownId::NotFound => ErrorBody::new(StatusCode::NOT_FOUND, "Not Found", id.into()),
        }
    }

    fn text(&self) -> String {
        let object = Refused {
            status: name(self.status),
            code: self.code,
            error_id: None,
            title: self.title,
            source: self.info.as_deref().map(|info| Source { info }),
        };
        object.text()
    }
}

/// The path as the vendor knows it: without the prefix that stands for its host.
pub fn path(request: &Request) -> &str {
    let path = request.inner();
    let inner = path.strip_prefix("/alm");
    let inner = inner.filter(|inner| inner.is_empty() || inner.starts_with('/'));
    inner.unwrap_or(path)
}

/// The name that Spring has for a status.
fn name(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "BAD_REQUEST",
        401 => "UNAUTHORIZED",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        405 => "METHOD_NOT_ALLOWED",
        406 => "NOT_ACCEPTABLE",
        415 => "UNSUPPORTED_MEDIA_TYPE",
        _ => "INTERNAL_SERVER_ERROR",
    }
}

/// A page of the gateway's own, which knows nothing of JSON.
pub fn gateway_page(status: StatusCode) -> Reply {
    // The names are nginx's own.
    let reason = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
        StatusCode::SERVICE_UNAVAILABLE => "Service Temporarily Unavailable",
        other => other.canonical_reason().unwrap_or(""),
    };
    let title = format!("{} {reason}", status.as_u16());
    let page = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n\
         <center><h1>{title}</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n"
    );
    Reply::new(status, "text/html", page)
}

/// Whether an answer of this status is the gateway's own: the application never gives it.
pub fn is_gateways(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::SERVICE_UNAVAILABLE
    )
}

/// What the gateway says to whom it sends away for so long: in seconds and thousandths, never too short.
fn throttled(wait: Duration) -> Reply {
    let status = StatusCode::TOO_MANY_REQUESTS;
    let body = Vec::from(br#"{"message":"429 Too many requests"}"#);
    // Unlike the application, the gateway puts a space before the parameter.
    let mut reply = Reply::new(status, "application/json; charset=utf-8", body);
    let thousandths = wait.as_nanos().div_ceil(1_000_000);
    let seconds = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    put_retry_after(&mut reply, &seconds);
    reply
}

/// The gateway's page for the time that the application is down.
fn unavailable(wait: Option<Duration>) -> Reply {
    let mut reply = gateway_page(StatusCode::SERVICE_UNAVAILABLE);
    if let Some(wait) = wait {
        put_retry_after(&mut reply, &whole_seconds(wait).to_string());
    }
    reply
}

fn put_retry_after(reply: &mut Reply, seconds: &str) {
    if let Ok(seconds) = HeaderValue::try_from(seconds) {
        reply.headers.insert(RETRY_AFTER, seconds);
    }
}

/// What a body of a type gets that the API does not read.
pub fn unsupported_media_type(sent: &str) -> ApiError {
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    in_words(status, None, None, "Unsupported Media Type", Some(sent))
}
