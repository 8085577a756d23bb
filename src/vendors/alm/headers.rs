//! What goes with every answer, and what a browser hears that asks whether it may ask.

use hyper::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN};
use hyper::{Method, StatusCode};

use super::auth;
use super::behaviour::{Accept, Behaviour, RateHeaders, RequestId, UnsupportedMediaType};
use super::errors;
use crate::http::{Body, Reply, Request, accepted_media};
use crate::sandbox::Sandbox;
use crate::vendors::ApiError;

/// The fields that never change, as recorded.
const ALWAYS: &[(&str, &str)] = &[
    ("access-control-allow-credentials", "true"),
    (
        "access-control-allow-headers",
        "X-acap-all-roles, X-acap-account,X-acap-user,X-acap-caller-role,Keep-Alive,User-Agent,\
         X-Requested-With,If-Modified-Since,Cache-Control,Content-Type, x-experience-api-version, \
         Authorization, X-CSRF-TOKEN, X-HTTP-Method-Override, X-acap-ug-manager-scope, \
         X-acap-extension-token",
    ),
    (
        "access-control-allow-methods",
        "GET, POST, OPTIONS, PUT, HEAD, DELETE, PATCH",
    ),
    (
        "access-control-expose-headers",
        "Requested-Accept-Language, x-rate-limit, x-burst, x-excess-requests-per-second, Retry-After",
    ),
    ("server", "openresty"),
    // A time that was measured would be another at each run.
    ("server-timing", "server_resp;dur=27"),
    (
        "strict-transport-security",
        "max-age=31536000; includeSubDomains",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("x-xss-protection", "1"),
];

/// The media type of JSON:API.
const JSON_API_TYPE: &str = "application/vnd.api+json";

/// What OPTIONS gets, wherever it is sent and whoever sends it.
pub fn preflight(request: &Request) -> Option<Reply> {
    (request.method == Method::OPTIONS).then(|| empty(StatusCode::OK))
}

/// A body of no bytes and of no type, whose length is said.
pub fn empty(status: StatusCode) -> Reply {
    let mut reply = Reply::status(status);
    reply.body = Body::from(Vec::new());
    reply
}

/// Whether the body is of a type that the API reads. What a request without a body says of it means nothing.
///
/// # Errors
/// When it is not, and the scenario's release minds.
pub fn reads(request: &Request, sandbox: &Sandbox) -> Result<(), ApiError> {
    let minds = sandbox.alm().behaviour().unsupported_media_type == UnsupportedMediaType::Refuse;
    let has_body = !request.body.is_empty() || request.oversized;
    let sent = request.headers.get(CONTENT_TYPE);
    let Some(sent) = sent.filter(|_| minds && has_body) else {
        return Ok(());
    };
    let sent = String::from_utf8_lossy(sent.as_bytes());
    let essence = sent.split(';').next().unwrap_or("").trim();
    match [JSON_API_TYPE, "application/json"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(essence))
    {
        true => Ok(()),
        false => Err(errors::unsupported_media_type(&sent)),
    }
}

/// Whether the caller can read what the API writes, as strictly as the scenario's release asks. Weights
/// are not looked at: a type of weight 0 is named all the same.
pub fn accepts(request: &Request, sandbox: &Sandbox) -> bool {
    match sandbox.alm().behaviour().accept {
        Accept::Lenient => accepts_json(request),
        Accept::Strict => {
            let named = accepted_media(&request.headers);
            named.iter().any(|it| it.essence == JSON_API_TYPE)
        }
    }
}

/// Whether the caller can read JSON, or does not care.
fn accepts_json(request: &Request) -> bool {
    let accepted = accepted_media(&request.headers);
    accepted.is_empty()
        || accepted.iter().any(|media| {
            // Pages of HTML are asked for by clients that read JSON all the same.
            let known = ["*/*", "application/*", "text/html"];
            media.is_json() || known.contains(&media.essence.as_str())
        })
}

/// Puts on what goes with every answer.
pub fn dress(reply: &mut Reply, request: &Request, sandbox: &Sandbox) {
    let mut put = |name: &'static str, value: HeaderValue| {
        reply.headers.insert(HeaderName::from_static(name), value);
    };
    for (name, value) in ALWAYS {
        put(name, HeaderValue::from_static(value));
    }
    if let Some(languages) = languages(request) {
        put("requested-accept-language", languages);
    }
    let world = sandbox.alm();
    let behaviour = world.behaviour();
    put(
        "x-request-id",
        match behaviour.request_id {
            RequestId::Recorded => HeaderValue::from_static("csvbscitrace"),
            RequestId::Gateway => text(&world.issued().request_id()),
        },
    );
    if let Some(origin) = allowed_origin(request, behaviour) {
        put("access-control-allow-origin", origin.clone());
    }
    let documents = behaviour.rate_headers == RateHeaders::Documented;
    drop(world);
    if documents && let Some((rate, burst)) = rate(request, sandbox) {
        put("x-rate-limit", text(&format!("{rate}r/m")));
        put("x-burst", text(&burst.to_string()));
    }
}

/// The languages that the request asks for: several fields are one list, and an empty one asks for nothing.
fn languages(request: &Request) -> Option<HeaderValue> {
    let fields = request.headers.get_all(ACCEPT_LANGUAGE).iter();
    let fields = fields.map(HeaderValue::as_bytes);
    let fields: Vec<&[u8]> = fields.filter(|it| !it.is_empty()).collect();
    let joined = HeaderValue::from_bytes(&fields.join(&b", "[..])).ok();
    joined.filter(|languages| !languages.is_empty())
}

/// The origin of the request, where the scenario lets it in.
fn allowed_origin<'a>(request: &'a Request, behaviour: &Behaviour) -> Option<&'a HeaderValue> {
    let origin = request.headers.get(ORIGIN)?;
    let mut listed = behaviour.cors_origins.iter();
    listed
        .any(|listed| listed.as_bytes() == origin.as_bytes())
        .then_some(origin)
}

/// Requests a minute and burst for the caller's role. None: nobody calls.
fn rate(request: &Request, sandbox: &Sandbox) -> Option<(u32, u32)> {
    let holder = auth::holder(request, sandbox).ok()?;
    Some(match (&request.method, holder.is_admin()) {
        (&Method::POST, _) => (30, 10),
        (&Method::PUT, _) => (20, 10),
        (&Method::PATCH, true) => (60, 20),
        (&Method::PATCH, false) => (15, 5),
        (&Method::DELETE, true) => (25, 10),
        (&Method::DELETE, false) => (20, 10),
        (_, true) => (100, 100),
        (_, false) => (100, 30),
    })
}

/// What the emulator itself has made is always fit for a field.
fn text(value: &str) -> HeaderValue {
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static(""))
}
