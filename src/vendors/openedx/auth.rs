//! Who calls: an access token as `Bearer`, or a signed one as `JWT`.

use std::borrow::Cow;

use hyper::header::{AUTHORIZATION, HeaderValue};

use super::records::User;
use super::{cors, jwt, negotiation};
use crate::http::Request;
use crate::platform::{AuthError, Principal};
use crate::tokens::TokenError;
use crate::vendors::openedx::Context;

/// What becomes of accounts that were never activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inactive {
    /// They may call.
    Welcome,
    /// They may not.
    Refused,
}

/// What becomes of callers with a sound JWT and no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newcomers {
    /// They get an account.
    Stay,
    /// The account that they get is gone when they have their answer: a view for staff refuses them, and a
    /// refusal takes back what the request changed.
    Leave,
}

/// What a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// An access token.
    Bearer,
    /// A signed token.
    Jwt,
}

/// A credential as sent.
struct Credential<'a> {
    scheme: Scheme,
    token: Cow<'a, str>,
}

/// Who calls.
///
/// # Errors
/// When the caller is anonymous, or may not call.
pub fn authenticate(
    request: &Request,
    context: &Context<'_>,
    inactive: Inactive,
    newcomers: Newcomers,
) -> Result<Principal, AuthError> {
    let Credential { scheme, token } = credential(request)?;
    match scheme {
        Scheme::Bearer => by_token(&token, context, inactive),
        Scheme::Jwt => {
            // Who is answered before anybody is asked who calls leaves no trace.
            let is_asked =
                negotiation::accepts_json(request) && cors::preflight(request, context).is_none();
            let newcomers = if is_asked {
                newcomers
            } else {
                Newcomers::Leave
            };
            by_signature(&token, context, newcomers)
        }
    }
}

/// What kind of credential a request carries, if it is one of ours.
pub fn scheme(request: &Request) -> Option<Scheme> {
    Some(credential(request).ok()?.scheme)
}

/// The token that a request carries, of either kind.
pub fn token(request: &Request) -> Option<String> {
    Some(credential(request).ok()?.token.into_owned())
}

/// Makes the token that a request carries expire; whether there was one that lived.
pub fn expire(request: &Request, context: &Context<'_>) -> bool {
    let Ok(Credential { scheme, token }) = credential(request) else {
        return false;
    };
    let now = context.now;
    let mut world = context.write();
    match scheme {
        Scheme::Bearer => world.issued_mut().expire(&token, now),
        Scheme::Jwt => {
            let is_sound = jwt::read(&token, world.jwt_secret(), now).is_ok();
            is_sound && world.issued_mut().expire_signed(&token, now)
        }
    }
}

/// The credential of a request. Two classes look for theirs, that for signed tokens first; the other one
/// counts words before it asks for the scheme.
fn credential(request: &Request) -> Result<Credential<'_>, AuthError> {
    let mut fields = request.headers.get_all(AUTHORIZATION).iter();
    let first = fields.next().map_or(&b""[..], HeaderValue::as_bytes);
    let field = fields.fold(Cow::Borrowed(first), |mut all, next| {
        all.to_mut().push(b',');
        all.to_mut().extend_from_slice(next.as_bytes());
        all
    });
    match field {
        Cow::Borrowed(field) => read(field),
        Cow::Owned(all) => read(&all).map(|Credential { scheme, token }| Credential {
            scheme,
            token: token.into_owned().into(),
        }),
    }
}

fn read(field: &[u8]) -> Result<Credential<'_>, AuthError> {
    if let Some(token) = signed(field) {
        let scheme = Scheme::Jwt;
        return Ok(Credential {
            scheme,
            token: token.into(),
        });
    }
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c);
    let mut words = field.split(is_blank).filter(|word| !word.is_empty());
    match (words.next(), words.next(), words.next()) {
        (None, _, _) => Err(AuthError::Missing),
        (Some(_), None, _) => Err(AuthError::Empty),
        (Some(_), Some(_), Some(_)) => Err(AuthError::Malformed),
        (Some(scheme), Some(token), None) if scheme.eq_ignore_ascii_case(b"bearer") => {
            let token = std::str::from_utf8(token).map_err(|_| AuthError::NotText)?;
            Ok(Credential {
                scheme: Scheme::Bearer,
                token: token.into(),
            })
        }
        (Some(_), Some(_), None) => Err(AuthError::Missing),
    }
}

/// The token behind `JWT` and exactly one blank: with two of them, that class does not see one.
fn signed(field: &[u8]) -> Option<&str> {
    let (scheme, token) = std::str::from_utf8(field).ok()?.split_once(' ')?;
    let is_one = scheme.eq_ignore_ascii_case("jwt") && !token.is_empty() && !token.contains(' ');
    is_one.then_some(token)
}

fn by_token(
    token: &str,
    context: &Context<'_>,
    inactive: Inactive,
) -> Result<Principal, AuthError> {
    let world = context.read();
    let holder = world.issued().access().look_up(token, context.now);
    let holder = holder.map_err(|error| match error {
        TokenError::Unknown => AuthError::Unknown,
        TokenError::Expired => AuthError::Expired,
    })?;
    // Retiring an account takes its tokens away.
    let user = world.user(holder.user).filter(|user| !user.retired);
    let user = user.ok_or(AuthError::Unknown)?;
    if user.disabled && !world.clients().is_owner(user.number) {
        return Err(AuthError::Disabled(user.username.clone()));
    }
    if !user.active && inactive == Inactive::Refused {
        return Err(AuthError::Inactive(user.username.clone()));
    }
    Ok(principal(&user))
}

/// The account that a signed token names, whatever became of it.
fn by_signature(
    token: &str,
    context: &Context<'_>,
    newcomers: Newcomers,
) -> Result<Principal, AuthError> {
    let now = context.now;
    let world = context.read();
    let subject = jwt::read(token, world.jwt_secret(), now)?;
    if world.issued().is_expired(token, now) {
        return Err(AuthError::Expired);
    }
    if let Some(user) = world.user_named(&subject.username) {
        return Ok(principal(&user));
    }
    drop(world);
    if newcomers == Newcomers::Leave {
        return Ok(Principal {
            name: subject.username.into(),
            user: None,
            rights: 0,
        });
    }
    let mut world = context.write();
    // Another request may have made it meanwhile.
    if let Some(user) = world.user_named(&subject.username) {
        return Ok(principal(&user));
    }
    let user = world.register(newcomer(subject), now);
    Ok(principal(&user))
}

/// The account of an unknown user. Nothing but the name and the address are taken from the token.
fn newcomer(subject: jwt::Subject) -> User {
    let jwt::Subject { username, email } = subject;
    User {
        number: 0,
        email: email.unwrap_or_else(|| format!("{username}@example.com")),
        username,
        active: true,
        staff: false,
        disabled: false,
        retired: false,
        password: None,
        administers: Box::default(),
    }
}

fn principal(user: &User) -> Principal {
    Principal {
        name: user.username.as_str().into(),
        user: Some(user.number),
        rights: 0,
    }
}

/// Whether the caller is global staff, or administers a course where a switch says that this is enough.
pub fn is_staff(principal: &Principal, context: &Context<'_>) -> bool {
    let world = context.read();
    let user = world.caller(principal);
    user.is_some_and(|user| {
        user.staff || (world.behaviour().course_admin_ok && !user.administers.is_empty())
    })
}
