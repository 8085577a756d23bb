//! Who calls: an access token, raw or as `Bearer`, or the older `X-Auth-*` headers.

use hyper::header::AUTHORIZATION;

use super::world::{Credentials, World};
use crate::http::Request;
use crate::platform::{AuthError, Principal};
use crate::tokens::TokenError;
use crate::vendors::ispring::Context;

/// Who calls.
///
/// # Errors
/// When the caller is anonymous, or may not call.
pub fn authenticate(request: &Request, context: &Context<'_>) -> Result<Principal, AuthError> {
    let world = context.read();
    let authorization = request.headers.get(AUTHORIZATION);
    let principal = match authorization.filter(|value| !value.is_empty()) {
        Some(value) => {
            let value = value.to_str().map_err(|_| AuthError::Malformed)?;
            by_token(value, &world, context)?
        }
        None => by_headers(request, &world)?,
    };
    world.role(&principal)?;
    Ok(principal)
}

/// The token that came along.
pub fn credential(request: &Request) -> Option<String> {
    let value = request.header(AUTHORIZATION)?;
    let token = token(value).ok()?;
    (!token.is_empty()).then(|| token.to_owned())
}

/// Makes the token that came along expire; whether there was one that lived.
pub fn expire(request: &Request, context: &Context<'_>) -> bool {
    let now = context.now;
    credential(request).is_some_and(|token| context.write().tokens_mut().expire(&token, now))
}

fn by_token(value: &str, world: &World, context: &Context<'_>) -> Result<Principal, AuthError> {
    let token = token(value)?;
    let known = world.tokens().look_up(token, context.now);
    known.cloned().map_err(|error| match error {
        TokenError::Unknown => AuthError::Unknown,
        TokenError::Expired => AuthError::Expired,
    })
}

/// The documented samples of every call send the bare token, that of the token page `Bearer`; clients use
/// both.
fn token(value: &str) -> Result<&str, AuthError> {
    let value = value.trim();
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        Some(_) => Err(AuthError::Malformed),
        None => Ok(value),
    }
}

fn by_headers(request: &Request, world: &World) -> Result<Principal, AuthError> {
    let field = |name| request.header(name);
    let (url, email, password) = (
        field("x-auth-account-url"),
        field("x-auth-email"),
        field("x-auth-password"),
    );
    let (Some(url), Some(email), Some(password)) = (url, email, password) else {
        return Err(match (url, email, password) {
            (None, None, None) => AuthError::Missing,
            _ => AuthError::Malformed,
        });
    };
    let account = (Credentials::account_url(url), email.to_lowercase());
    match world.credentials().accounts.get(&account) {
        Some((known, principal)) if known == password => Ok(principal.clone()),
        _ => Err(AuthError::Unknown),
    }
}
