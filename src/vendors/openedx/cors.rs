//! Browsers of other origins, as django-cors-headers lets them in.

use hyper::header::{HeaderName, HeaderValue, ORIGIN, VARY};
use hyper::{Method, StatusCode};

use super::pages;
use crate::http::{Reply, Request};
use crate::vendors::openedx::Context;

/// What is said of an OPTIONS from an origin that may call.
const OF_OPTIONS: &[(&str, &str)] = &[
    (
        "access-control-allow-headers",
        "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with, use-jwt-cookie",
    ),
    (
        "access-control-allow-methods",
        "DELETE, GET, OPTIONS, PATCH, POST, PUT",
    ),
    ("access-control-max-age", "86400"),
];

/// What a browser gets that asks whether it may ask. None: it does not ask that, or CORS is off.
pub fn preflight(request: &Request, context: &Context<'_>) -> Option<Reply> {
    let asks = request.method == Method::OPTIONS
        && request
            .headers
            .contains_key("access-control-request-method");
    let is_on = asks && context.read().behaviour().cors_origins.is_some();
    is_on.then(|| Reply::new(StatusCode::OK, pages::HTML, Vec::new()))
}

/// Puts on what every answer carries when CORS is on.
pub fn decorate(reply: &mut Reply, request: &Request, origins: &[String]) {
    // Django keeps one field, and adds to it.
    let vary = match reply.headers.get(VARY).and_then(|it| it.to_str().ok()) {
        Some(former) => HeaderValue::try_from(format!("{former}, origin")).ok(),
        None => None,
    };
    let vary = vary.unwrap_or(HeaderValue::from_static("origin"));
    reply.headers.insert(VARY, vary);
    let Some(origin) = request.headers.get(ORIGIN) else {
        return;
    };
    let is_listed = origins.iter().any(|listed| listed.as_bytes() == origin);
    if !is_listed {
        return;
    }
    let mut put = |name: &'static str, value: HeaderValue| {
        reply.headers.insert(HeaderName::from_static(name), value);
    };
    put("access-control-allow-origin", origin.clone());
    put(
        "access-control-allow-credentials",
        HeaderValue::from_static("true"),
    );
    if request.method == Method::OPTIONS {
        for (name, value) in OF_OPTIONS {
            put(name, HeaderValue::from_static(value));
        }
    }
}
