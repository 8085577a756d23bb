//! How Open edX says no, in three dialects, and what it puts on every answer.

use std::time::Duration;

use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderValue, PRAGMA, RETRY_AFTER, VARY,
    WWW_AUTHENTICATE, X_FRAME_OPTIONS,
};
use hyper::{Method, StatusCode};
use serde::Serialize;

use super::auth::{self, Scheme};
use super::behaviour::{Behaviour, Drf, ExpiredJwt, Profile, So2WwwAuthenticate};
use super::dumps::{SPACED, dumps};
use super::json::rendered;
use super::{cors, pages};
use crate::http::{Reply, Request};
use crate::platform::{ApiError, AuthError, comma_list, decoded, whole_seconds};
use crate::vendors::openedx::Context;

/// A way to say no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `{"detail":…}`.
    Plain,
    /// `{"developer_message":…}`.
    DeveloperError,
    /// `{"error":…}`.
    OAuth,
}

/// What is wrong, as the framework's exceptions hold it.
#[derive(Serialize)]
#[serde(untagged)]
enum Detail {
    Text(String),
    Token {
        error_code: &'static str,
        developer_message: String,
    },
}

#[derive(Serialize)]
struct Plain<'a> {
    detail: &'a str,
}

#[derive(Serialize)]
struct DeveloperError<'a> {
    developer_message: &'a Detail,
}

#[derive(Serialize)]
struct OAuthError {
    error: &'static str,
}

/// Says no.
///
/// Of a missing record, releases with Django REST framework 3.15 or later say what the error says; earlier
/// ones say that it was not found.
pub fn refuse(
    error: &ApiError,
    dialect: Dialect,
    request: &Request,
    context: &Context<'_>,
) -> Reply {
    let world = context.read();
    let behaviour = world.behaviour();
    if let Some(page) = page(error, dialect, behaviour) {
        return page;
    }
    let status = status(error);
    if dialect == Dialect::OAuth {
        return in_oauth(error, status);
    }
    let detail = detail(error, request, behaviour);
    let body = match (&detail, dialect) {
        (_, Dialect::DeveloperError) => rendered(&DeveloperError {
            developer_message: &detail,
        }),
        (Detail::Text(detail), _) => rendered(&Plain { detail }),
        (Detail::Token { .. }, _) => rendered(&detail),
    };
    let mut reply = Reply::new(status, "application/json", body);
    if status == StatusCode::UNAUTHORIZED && dialect == Dialect::Plain {
        let scheme = challenge(request, behaviour);
        reply.headers.insert(WWW_AUTHENTICATE, scheme);
    }
    if let ApiError::MethodNotAllowed(allowed) = error {
        reply.headers.insert(ALLOW, allow(allowed));
    }
    if let ApiError::Throttled(wait) = error
        && keeps_headers(dialect, behaviour)
    {
        put_retry_after(&mut reply, seconds(*wait));
    }
    reply
}

/// Whether what goes along with an exception is sent: the developer-error mixin drops it, but in the newest
/// release.
fn keeps_headers(dialect: Dialect, behaviour: &Behaviour) -> bool {
    match dialect {
        Dialect::DeveloperError => behaviour.profile == Profile::Ulmo,
        Dialect::Plain | Dialect::OAuth => true,
    }
}

/// For how long the caller is sent away, the time of the documented sample by default.
fn seconds(wait: Option<Duration>) -> u64 {
    whole_seconds(wait.unwrap_or(Duration::from_mins(1)))
}

fn put_retry_after(reply: &mut Reply, seconds: u64) {
    let seconds = HeaderValue::from(seconds);
    reply.headers.insert(RETRY_AFTER, seconds);
}

/// What is not said by a view: by the site, by the server in front, or in an operation's own words.
fn page(error: &ApiError, dialect: Dialect, behaviour: &Behaviour) -> Option<Reply> {
    match error {
        ApiError::InItsOwnWords(words) => Some(words.reply()),
        ApiError::NoSuchPath => Some(pages::not_found()),
        ApiError::TooLarge => Some(pages::too_large()),
        ApiError::Unavailable(wait) => {
            let mut page = pages::unavailable();
            if let Some(wait) = wait {
                put_retry_after(&mut page, whole_seconds(*wait));
            }
            Some(page)
        }
        // The token endpoint is no view of the framework's: what limits it shows a page of the site's.
        ApiError::Throttled(wait) => (dialect == Dialect::OAuth).then(|| {
            let mut page = pages::too_many();
            put_retry_after(&mut page, seconds(*wait));
            page
        }),
        ApiError::Unauthenticated(AuthError::NotText)
        | ApiError::Broken(_)
        | ApiError::Internal => Some(pages::server_error(behaviour.profile)),
        // What is asked of the token endpoint is read by Django itself.
        ApiError::Malformed(_) => {
            (dialect == Dialect::OAuth).then(|| pages::bad_request(behaviour.profile))
        }
        ApiError::NotAcceptable
        | ApiError::MethodNotAllowed(_)
        | ApiError::Unauthenticated(_)
        | ApiError::Forbidden
        | ApiError::OutOfScope(_)
        | ApiError::BadCursor(_)
        | ApiError::NoSuchRecord(_)
        | ApiError::NoSuchObject(_)
        | ApiError::BadClient => None,
    }
}

fn status(error: &ApiError) -> StatusCode {
    match error {
        ApiError::Malformed(_) => StatusCode::BAD_REQUEST,
        ApiError::Unauthenticated(_) | ApiError::BadClient => StatusCode::UNAUTHORIZED,
        ApiError::Forbidden | ApiError::OutOfScope(_) => StatusCode::FORBIDDEN,
        ApiError::NoSuchPath
        | ApiError::BadCursor(_)
        | ApiError::NoSuchRecord(_)
        | ApiError::NoSuchObject(_) => StatusCode::NOT_FOUND,
        ApiError::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
        ApiError::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        ApiError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::InItsOwnWords(words) => words.status,
        ApiError::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
        ApiError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Broken(_) | ApiError::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The token endpoint's no. What a request lacks it says in its own words.
fn in_oauth(error: &ApiError, status: StatusCode) -> Reply {
    if let ApiError::MethodNotAllowed(allowed) = error {
        let mut reply = Reply::new(status, pages::HTML, Vec::new());
        reply.headers.insert(ALLOW, allow(allowed));
        return reply;
    }
    let error = match status {
        StatusCode::UNAUTHORIZED => "invalid_client",
        StatusCode::FORBIDDEN => "access_denied",
        _ => "invalid_request",
    };
    let body = dumps(&OAuthError { error }, SPACED).unwrap_or_default();
    let mut reply = Reply::new(status, "application/json", body);
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer error=\"invalid_client\"");
        reply.headers.insert(WWW_AUTHENTICATE, challenge);
    }
    reply
}

fn detail(error: &ApiError, request: &Request, behaviour: &Behaviour) -> Detail {
    let text = match error {
        ApiError::Unauthenticated(error) => return credential(error, request, behaviour),
        ApiError::MethodNotAllowed(_) => {
            format!("Method \"{}\" not allowed.", request.method)
        }
        ApiError::NotAcceptable => "Could not satisfy the request Accept header.".to_owned(),
        ApiError::Forbidden | ApiError::OutOfScope(_) => {
            "You do not have permission to perform this action.".to_owned()
        }
        ApiError::BadClient => "Incorrect authentication credentials.".to_owned(),
        ApiError::BadCursor(_) => "Invalid cursor".to_owned(),
        ApiError::NoSuchRecord(what) | ApiError::NoSuchObject(what) => match behaviour.drf {
            Drf::Before315 => "Not found.".to_owned(),
            Drf::Since315 => what.clone(),
        },
        ApiError::Malformed(what) => what.clone(),
        ApiError::Throttled(wait) => match seconds(*wait) {
            1 => "Request was throttled. Expected available in 1 second.".to_owned(),
            n => format!("Request was throttled. Expected available in {n} seconds."),
        },
        ApiError::NoSuchPath
        | ApiError::TooLarge
        | ApiError::Broken(_)
        | ApiError::Unavailable(_)
        | ApiError::InItsOwnWords(_)
        | ApiError::Internal => error.what(),
    };
    Detail::Text(text)
}

/// What is wrong with a credential. A signed one is looked at by another class than a plain one, and
/// that class speaks in another way.
fn credential(error: &AuthError, request: &Request, behaviour: &Behaviour) -> Detail {
    let is_jwt = auth::scheme(request) == Some(Scheme::Jwt);
    let token = |error_code, developer_message: String| Detail::Token {
        error_code,
        developer_message,
    };
    let text = match error {
        AuthError::Missing => "Authentication credentials were not provided.",
        AuthError::Empty => {
            let why = "Invalid token header. No credentials provided.";
            return token("token_not_provided", why.to_owned());
        }
        AuthError::Malformed if is_jwt => "Error decoding token.",
        AuthError::Malformed => {
            let why = "Invalid token header. Token string should not contain spaces.";
            return token("token_malformed", why.to_owned());
        }
        AuthError::Expired if is_jwt => match behaviour.expired_jwt {
            ExpiredJwt::Invalid => "Invalid token.",
            ExpiredJwt::Expired => "Token has expired.",
        },
        AuthError::Expired => {
            let why = "The provided access token has expired and is no longer valid.";
            return token("token_expired", why.to_owned());
        }
        AuthError::Unknown | AuthError::NotText if !is_jwt => {
            let why = "The provided access token does not match any valid tokens.";
            return token("token_nonexistent", why.to_owned());
        }
        AuthError::Unknown | AuthError::NotText | AuthError::Untrusted => "Invalid token.",
        AuthError::Nameless => "JWT must include a preferred_username or username claim!",
        AuthError::Inactive(username) => {
            let why = format!("User inactive or deleted: {username}");
            return token("user_not_active", why);
        }
        AuthError::Disabled(username) => {
            let why = format!("User disabled by admin: {username}");
            return token("user_is_disabled", why);
        }
    };
    Detail::Text(text.to_owned())
}

/// The first class that looks at credentials names the scheme, whichever of them said no.
fn challenge(request: &Request, behaviour: &Behaviour) -> HeaderValue {
    let is_so2 = decoded(&request.path).contains("/api/so2/");
    let only_bearer = behaviour.so2_www_authenticate == So2WwwAuthenticate::Bearer;
    HeaderValue::from_static(if is_so2 && only_bearer {
        "Bearer realm=\"api\""
    } else {
        "JWT realm=\"api\""
    })
}

/// The methods that a view takes, in the order in which Django looks for them.
fn allow(methods: &[Method]) -> HeaderValue {
    // Nearly all paths take one.
    match methods {
        [Method::GET] => return HeaderValue::from_static("GET, HEAD, OPTIONS"),
        [Method::POST] => return HeaderValue::from_static("POST, OPTIONS"),
        _ => {}
    }
    const ORDER: [Method; 5] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    let mut all: Vec<Method> = ORDER
        .into_iter()
        .filter(|it| methods.contains(it))
        .collect();
    if methods.contains(&Method::GET) {
        all.push(Method::HEAD);
    }
    all.push(Method::OPTIONS);
    HeaderValue::try_from(comma_list(&all)).unwrap_or(HeaderValue::from_static("OPTIONS"))
}

/// Puts on what goes with every answer.
pub fn decorate(reply: &mut Reply, request: &Request, allowed: &[Method], context: &Context<'_>) {
    // What the server in front says while there is nothing behind it is its own.
    if reply.status == StatusCode::SERVICE_UNAVAILABLE {
        return;
    }
    // A preflight is answered before anything but CORS has its say.
    let is_preflight = cors::preflight(request, context).is_some();
    let world = context.read();
    let behaviour = world.behaviour();
    if !is_preflight {
        let content_type = reply.headers.get(CONTENT_TYPE);
        let is_page = content_type.is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
        if !is_page && !allowed.is_empty() {
            reply.headers.insert(ALLOW, allow(allowed));
        }
        if behaviour.lms_headers {
            dress_as_lms(reply);
        }
    }
    if let Some(origins) = &behaviour.cors_origins {
        cors::decorate(reply, request, origins);
    }
}

/// What a whole LMS puts on besides.
fn dress_as_lms(reply: &mut Reply) {
    let put = [
        (VARY, "Accept-Language, Cookie"),
        (CONTENT_LANGUAGE, "en"),
        (X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in put {
        reply.headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Puts on what goes with every answer of the token endpoint.
pub fn dress_oauth(
    reply: &mut Reply,
    request: &Request,
    allowed: &[Method],
    context: &Context<'_>,
) {
    decorate(reply, request, &[], context);
    let content_type = reply.headers.get(CONTENT_TYPE);
    if content_type.is_some_and(|it| it == "application/json") {
        let no_store = HeaderValue::from_static("no-store");
        reply.headers.insert(CACHE_CONTROL, no_store);
        let no_cache = HeaderValue::from_static("no-cache");
        reply.headers.insert(PRAGMA, no_cache);
    }
    let describes = request.method == Method::OPTIONS && !allowed.is_empty();
    if describes && cors::preflight(request, context).is_none() {
        reply.headers.insert(ALLOW, allow(allowed));
    }
}
