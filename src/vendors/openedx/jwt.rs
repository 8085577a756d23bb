//! Signed tokens: JWTs in their compact form, HS256 and nothing else.
//!
//! What is signed, with which names and in which order, is what upstream's `oauth_dispatch/jwt.py` writes.
//! A site names itself as issuer and its services as audience; here they are those of [`ISSUER`] and
//! [`AUDIENCE`], and a token that a client signs itself must bear them too.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation};
use serde::Serialize;
use serde_json::{Map, Value};

use super::dumps::{COMPACT, dumps};
use super::hs256;
use crate::platform::AuthError;

/// Who issues.
pub const ISSUER: &str = "https://lms.example.com/oauth2";

/// For whom.
pub const AUDIENCE: &str = "openedx";

/// The version of the claims.
pub const VERSION: &str = "1.2.0";

/// What an issued token says of itself.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// What an issued token says, in this order.
#[derive(Debug, Serialize)]
pub struct Claims<'a> {
    /// For whom.
    pub aud: &'static str,
    /// When it dies.
    pub exp: i64,
    /// How it was asked for.
    pub grant_type: &'static str,
    /// When it was issued.
    pub iat: i64,
    /// Who issues.
    pub iss: &'static str,
    /// Whose it is.
    pub preferred_username: &'a str,
    /// What it may be used for.
    pub scopes: &'a [String],
    /// The version of the claims.
    pub version: &'static str,
    /// Whose it is, without a name.
    pub sub: String,
    /// Whose data it opens: `user:me`, or all that its scopes do.
    pub filters: &'static [&'static str],
    /// Whether it may be used nowhere but in views that ask for scopes.
    pub is_restricted: bool,
    /// Whether the account was activated.
    pub email_verified: bool,
    /// With the scope `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    /// With the scope `profile`.
    #[serde(flatten)]
    pub profile: Option<Profile<'a>>,
    /// With the scope `user_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<u64>,
}

/// What the scope `profile` adds.
#[derive(Debug, Serialize)]
pub struct Profile<'a> {
    /// What people call the owner.
    pub name: &'a str,
    /// Part of that.
    pub family_name: &'a str,
    /// Part of that.
    pub given_name: &'a str,
    /// Global staff.
    pub administrator: bool,
    /// May do everything.
    pub superuser: bool,
}

/// Whom a token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The user name.
    pub username: String,
    /// The e-mail address, if it says that.
    pub email: Option<String>,
}

/// The token that says this. None: it cannot be said.
pub fn write(claims: &Claims<'_>, secret: &str) -> Option<String> {
    hs256::install();
    // Signed piece by piece: the crate would order the header's members and write its text otherwise
    // than upstream's library does.
    let mut token = URL_SAFE_NO_PAD.encode(HEADER);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(dumps(claims, COMPACT)?, &mut token);
    let key = EncodingKey::from_secret(secret.as_bytes());
    let signature = jsonwebtoken::crypto::sign(token.as_bytes(), &key, Algorithm::HS256).ok()?;
    Some(format!("{token}.{signature}"))
}

/// Whom the token names, if it is sound at this instant.
///
/// # Errors
/// When it cannot be read, is not signed with `secret`, has expired, is not from here and for here, or
/// names no user.
pub fn read(token: &str, secret: &str, now: Timestamp) -> Result<Subject, AuthError> {
    hs256::install();
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["aud", "iss"]);
    // The crate would look at the machine's clock.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(secret.as_bytes());
    let read = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation);
    let claims = read.map_err(|error| untrusted(&error, token))?.claims;
    check_issuer(&claims)?;
    check_times(&claims, now)?;
    check_version(&claims)?;
    subject(&claims)
}

/// A token that cannot be read is told from one that is not believed.
fn untrusted(error: &jsonwebtoken::errors::Error, token: &str) -> AuthError {
    match error.kind() {
        // To the crate, an algorithm that it does not know is no header, and a signature that is none makes
        // the whole unreadable.
        _ if is_readable(token) => AuthError::Untrusted,
        ErrorKind::InvalidToken
        | ErrorKind::Base64(_)
        | ErrorKind::Json(_)
        | ErrorKind::Utf8(_) => AuthError::Malformed,
        _ => AuthError::Untrusted,
    }
}

/// Whether a token is two JSON objects and something that may be a signature or not.
fn is_readable(token: &str) -> bool {
    let is_object = |part: &str| {
        let json = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
        serde_json::from_slice::<Map<String, Value>>(&json).is_ok()
    };
    let parts: Vec<&str> = token.split('.').collect();
    matches!(parts[..], [header, claims, _] if is_object(header) && is_object(claims))
}

/// To the crate, a list of issuers is as good as one of them.
fn check_issuer(claims: &Map<String, Value>) -> Result<(), AuthError> {
    match claims.get("iss").and_then(Value::as_str) {
        Some(_) => Ok(()),
        None => Err(AuthError::Untrusted),
    }
}

/// `exp` and `iat` must be there; what is not yet good is as bad as what no longer is.
fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<(), AuthError> {
    let now = now.as_millisecond() as f64 / 1000.0;
    let seconds = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_f64().map(Some).ok_or(AuthError::Untrusted),
    };
    let issued = seconds("iat")?.ok_or(AuthError::Untrusted)?;
    let expires = seconds("exp")?.ok_or(AuthError::Untrusted)?;
    let not_before = seconds("nbf")?.unwrap_or(issued);
    if issued > now || not_before > now {
        return Err(AuthError::Untrusted);
    }
    if expires <= now {
        Err(AuthError::Expired)
    } else {
        Ok(())
    }
}

/// A token without a version is as old as they get, and fine. Of a version, only the first number counts.
fn check_version(claims: &Map<String, Value>) -> Result<(), AuthError> {
    let is_readable = match claims.get("version") {
        None => true,
        Some(version) => version.as_str().is_some_and(is_supported),
    };
    if is_readable {
        Ok(())
    } else {
        Err(AuthError::Untrusted)
    }
}

/// Whether a version is three numbers and the first of them is not beyond ours.
fn is_supported(version: &str) -> bool {
    let numbers: Vec<Option<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    matches!(numbers[..], [Some(major), Some(_), Some(_)] if major <= 1)
}

fn subject(claims: &Map<String, Value>) -> Result<Subject, AuthError> {
    let text = |name: &str| {
        let text = claims.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let username = text("preferred_username").or_else(|| text("username"));
    Ok(Subject {
        username: username.ok_or(AuthError::Nameless)?,
        email: text("email"),
    })
}
