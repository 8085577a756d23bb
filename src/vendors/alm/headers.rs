//! What goes with every answer, and what a browser hears that asks whether it may ask.

use std::sync::LazyLock;

use hyper::header::{
    ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN,
    STRICT_TRANSPORT_SECURITY,
};
use hyper::{Method, StatusCode};

use super::behaviour::{Accept, Behaviour, RequestId, UnsupportedMediaType};
use super::{errors, throttle};
use crate::http::{Body, Reply, Request, accepted_media};
use crate::platform::ApiError;
use crate::vendors::alm::Context;

/// Browsers are to come back over TLS only.
const HSTS: &str = "max-age=31536000; includeSubDomains";

/// The fields of what the gateway says itself, as in the manual's sample of a 429. Its list of allowed headers
/// is an older one.
const OF_THE_GATEWAY: &[(&str, &str)] = &[
    ("access-control-allow-credentials", "true"),
    (
        "access-control-allow-headers",
        "X-acap-all-roles, X-acap-account,X-acap-user,X-acap-caller-role,Keep-Alive,User-Agent,\
         X-Requested-With,If-Modified-Since,Cache-Control,Content-Type",
    ),
    (
        "access-control-allow-methods",
        "GET, POST, OPTIONS, PUT, HEAD, DELETE, PATCH",
    ),
    ("server", "openresty"),
    ("strict-transport-security", HSTS),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("x-xss-protection", "1"),
];

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
    ("strict-transport-security", HSTS),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("x-xss-protection", "1"),
];

const LANGUAGES: HeaderName = HeaderName::from_static("requested-accept-language");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RATE_LIMIT: HeaderName = HeaderName::from_static("x-rate-limit");
const BURST: HeaderName = HeaderName::from_static("x-burst");

/// [`OF_THE_GATEWAY`], ready to be copied.
static GATEWAYS: LazyLock<Vec<(HeaderName, HeaderValue)>> = LazyLock::new(|| ready(OF_THE_GATEWAY));
/// [`ALWAYS`], ready to be copied.
static APPLICATIONS: LazyLock<Vec<(HeaderName, HeaderValue)>> = LazyLock::new(|| ready(ALWAYS));

fn ready(fields: &[(&'static str, &'static str)]) -> Vec<(HeaderName, HeaderValue)> {
    let fields = fields.iter().map(|(name, value)| {
        let name = HeaderName::from_static(name);
        (name, HeaderValue::from_static(value))
    });
    fields.collect()
}

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
pub fn check_content_type(request: &Request, context: &Context<'_>) -> Result<(), ApiError> {
    let minds = context.read().behaviour().unsupported_media_type == UnsupportedMediaType::Refuse;
    let has_body = !request.body.is_empty() || request.oversized;
    let sent = request.headers.get(CONTENT_TYPE);
    let Some(sent) = sent.filter(|_| minds && has_body) else {
        return Ok(());
    };
    let sent = String::from_utf8_lossy(sent.as_bytes());
    let essence = sent.split(';').next().unwrap_or("").trim();
    if [JSON_API_TYPE, "application/json"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(essence))
    {
        Ok(())
    } else {
        Err(errors::unsupported_media_type(&sent))
    }
}

/// Whether the caller can read what the API writes, as strictly as the scenario's release asks. Weights
/// are not looked at: a type of weight 0 is named all the same.
pub fn check_accept(request: &Request, context: &Context<'_>) -> bool {
    match context.read().behaviour().accept {
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
pub fn decorate(reply: &mut Reply, request: &Request, context: &Context<'_>) {
    let is_gateways = errors::is_gateways(reply.status);
    let is_throttled = reply.status == StatusCode::TOO_MANY_REQUESTS;
    let fixed = if is_gateways {
        &*GATEWAYS
    } else {
        &*APPLICATIONS
    };
    for (name, value) in fixed {
        reply.headers.insert(name, value.clone());
    }
    let mut put = |name: &HeaderName, value: HeaderValue| {
        reply.headers.insert(name, value);
    };
    let languages = languages(request).filter(|_| !is_gateways);
    if let Some(languages) = languages {
        put(&LANGUAGES, languages);
    }
    let world = context.read();
    let behaviour = world.behaviour();
    put(
        &REQUEST_ID,
        match behaviour.request_id {
            RequestId::Recorded if !is_gateways => HeaderValue::from_static("csvbscitrace"),
            RequestId::Recorded | RequestId::Gateway => text(&world.issued().request_id()),
        },
    );
    if let Some(origin) = allowed_origin(request, behaviour) {
        put(&ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    drop(world);
    let sample = is_throttled.then_some(throttle::SAMPLE);
    if let Some(rate) = throttle::shown(request, context).or(sample) {
        put(&RATE_LIMIT, text(&format!("{}r/m", rate.per_minute)));
        put(&BURST, text(&rate.burst.to_string()));
    }
    if is_gateways {
        // The manual's sample has it twice.
        let again = HeaderValue::from_static(HSTS);
        reply.headers.append(STRICT_TRANSPORT_SECURITY, again);
    }
}

/// The languages that the request asks for: several fields are one list, and an empty one asks for nothing.
fn languages(request: &Request) -> Option<HeaderValue> {
    request.headers.get(ACCEPT_LANGUAGE)?;
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

/// What the emulator itself has made is always fit for a field.
fn text(value: &str) -> HeaderValue {
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static(""))
}
