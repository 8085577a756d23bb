//! Who calls: an access token as `oauth`, as `Bearer` or in the query.

use std::borrow::Cow;

use super::records::AnyOf;
use super::records::UserNumber;
use super::tokens::{Holder, Scopes};
use hyper::header::AUTHORIZATION;

use crate::http::{Query, Request};
use crate::platform::{AuthError, Principal};
use crate::tokens::TokenError;
use crate::vendors::alm::Context;

/// Who calls.
///
/// # Errors
/// When the caller is anonymous.
pub fn authenticate(request: &Request, context: &Context<'_>) -> Result<Principal, AuthError> {
    let holder = holder(request, context)?;
    let user = context.read().user_at(holder.user);
    let user = user.ok_or(AuthError::Unknown)?;
    Ok(Principal {
        name: itoa::Buffer::new().format(user.id).into(),
        user: Some(user.number),
        rights: holder.scopes.bits(),
    })
}

/// Whom a caller's token stands for, and how far it reaches.
pub fn holder_of(principal: &Principal) -> Holder {
    Holder {
        user: principal.user.unwrap_or(UserNumber::MAX),
        scopes: Scopes::of_bits(principal.rights),
    }
}

/// Whom the token stands for, and how far it reaches.
///
/// # Errors
/// When it is unknown.
pub fn holder(request: &Request, context: &Context<'_>) -> Result<Holder, AuthError> {
    let token = token(request)?;
    let world = context.read();
    let known = world.issued().access().look_up(&token, context.now);
    known.copied().map_err(|error| match error {
        TokenError::Unknown => AuthError::Unknown,
        TokenError::Expired => AuthError::Expired,
    })
}

/// The application that calls: the client that the token was issued to. A token that the scenario lists is an
/// application of its own.
///
/// # Errors
/// When no token came along.
pub fn application(request: &Request, context: &Context<'_>) -> Result<String, AuthError> {
    let token = token(request)?;
    let world = context.read();
    let client = world.issued().client_of(&token, context.now);
    Ok(match client {
        Some(client) => format!("client {client}"),
        None => format!("token {token}"),
    })
}

/// The token that came along, if it can be read.
pub fn credential(request: &Request) -> Option<String> {
    token(request).ok().map(Cow::into_owned)
}

/// Makes the token that came along expire; whether there was one that lived.
pub fn expire(request: &Request, context: &Context<'_>) -> bool {
    let now = context.now;
    credential(request).is_some_and(|token| context.write().issued_mut().expire(&token, now))
}

/// The token that came along. A header counts before the query, whatever it says.
fn token(request: &Request) -> Result<Cow<'_, str>, AuthError> {
    let Some(header) = request.headers.get(AUTHORIZATION) else {
        let query = Query::parse(request.query.as_bytes());
        return match query.values("access_token").next() {
            Some("") => Err(AuthError::Empty),
            Some(token) => Ok(token.to_owned().into()),
            None => Err(AuthError::Missing),
        };
    };
    let header = header.to_str().map_err(|_| AuthError::NotText)?.trim();
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    let is = |known: &str| scheme.eq_ignore_ascii_case(known);
    match (is("oauth") || is("bearer"), token.trim()) {
        (true, "") => Err(AuthError::Empty),
        (true, token) => Ok(token.into()),
        (false, _) => Err(AuthError::Malformed),
    }
}

/// Whether the token has any of these scopes. Roles are separate: an administrator's scope does not contain
/// the learner's.
pub fn permits(any_of: AnyOf, principal: &Principal) -> bool {
    let Holder { scopes, .. } = holder_of(principal);
    any_of.iter().any(|scope| scopes.contains(*scope))
}
