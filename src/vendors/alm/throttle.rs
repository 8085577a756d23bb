//! How often one may ask: a leaky bucket for each user, application, role and verb, as the gateway meters.
//!
//! A world has one account, so the account needs no part in the key.

use std::time::Duration;

use hyper::Method;

use super::auth;
use super::behaviour::RateHeaders;
use super::errors::path;
use super::limits::{self, Role, Verb};
use super::tokens::Holder;
use crate::http::Request;
use crate::limits::{Key, Rate};
use crate::platform::{ApiError, Principal};
use crate::vendors::alm::Context;

/// What the manual's sample of a refusal says of the limit.
pub const SAMPLE: Rate = Rate {
    per_minute: 60,
    burst: 10,
};

/// For how long the manual's sample of a refusal sends the caller away.
pub const SAMPLE_WAIT: Duration = Duration::from_millis(10_752);

/// Whether the caller has not asked too often. OAuth and what lies beside the API are not metered.
///
/// # Errors
/// When it has.
pub fn throttle(
    principal: &Principal,
    request: &Request,
    context: &Context<'_>,
) -> Result<(), ApiError> {
    if context.limits.rates().is_empty() || !is_metered(request) {
        return Ok(());
    }
    let holder = auth::holder_of(principal);
    let Some(class) = limits::class(role(&holder), verb(&request.method)) else {
        return Ok(());
    };
    let Some(rate) = context.limits.rates().of(class) else {
        return Ok(());
    };
    let application = auth::application(request, context).unwrap_or_default();
    let key = Key {
        class,
        // A user's id is a number, so no two of these are the same.
        who: format!("{} {application}", principal.name).into(),
    };
    let result = context.limits.leak(key, rate, context.now);
    result.map_err(|wait| ApiError::Throttled(Some(wait)))
}

/// The limit that answers to this request show: the scenario's, else the documented one where it is to be
/// shown. None: there is none, or the caller is anonymous.
pub fn shown(request: &Request, context: &Context<'_>) -> Option<Rate> {
    let documents = context.read().behaviour().rate_headers == RateHeaders::Documented;
    if context.limits.rates().is_empty() && !documents {
        return None;
    }
    let holder = auth::holder(request, context).ok();
    let holder = holder.filter(|_| is_metered(request))?;
    let (role, verb) = (role(&holder), verb(&request.method));
    let class = limits::class(role, verb);
    let named = class.and_then(|class| context.limits.rates().of(class));
    named.or_else(|| documents.then(|| documented(role, verb)))
}

/// Whether the path is one of the API's.
fn is_metered(request: &Request) -> bool {
    path(request).starts_with("/primeapi/")
}

/// A token that reaches as far as an administrator's is one.
fn role(holder: &Holder) -> Role {
    if holder.is_admin() {
        Role::Admin
    } else {
        Role::Learner
    }
}

/// What a method counts as; one that the table lacks counts as reading.
fn verb(method: &Method) -> Verb {
    match *method {
        Method::POST => Verb::Post,
        Method::PUT => Verb::Put,
        Method::PATCH => Verb::Patch,
        Method::DELETE => Verb::Delete,
        _ => Verb::Get,
    }
}

/// The limits that the page on them lists.
fn documented(role: Role, verb: Verb) -> Rate {
    let (per_minute, burst) = match (verb, role) {
        (Verb::Get, Role::Admin) => (100, 100),
        (Verb::Get, Role::Learner) => (100, 30),
        (Verb::Post, _) => (30, 10),
        (Verb::Put, _) => (20, 10),
        (Verb::Patch, Role::Admin) => (60, 20),
        (Verb::Patch, Role::Learner) => (15, 5),
        (Verb::Delete, Role::Admin) => (25, 10),
        (Verb::Delete, Role::Learner) => (20, 10),
    };
    Rate { per_minute, burst }
}
