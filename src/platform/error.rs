//! Why a request is refused, before any vendor has put it into words.

use std::time::Duration;

use hyper::header::{HeaderValue, SET_COOKIE};
use hyper::{Method, StatusCode};

use super::text::comma_list;
use crate::http::Reply;

/// Why a caller is anonymous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthError {
    /// The request carries no credential.
    Missing,
    /// The request names a scheme and no credential.
    Empty,
    /// The credential cannot be read.
    Malformed,
    /// The credential is not even text.
    NotText,
    /// The credential is unknown.
    Unknown,
    /// The credential was good once.
    Expired,
    /// The credential says whose it is, and its signature or its claims do not bear it out.
    Untrusted,
    /// The credential is sound and does not say whose it is.
    Nameless,
    /// The credential's owner, of this name, is switched off.
    Inactive(String),
    /// The credential's owner, of this name, was shut out by an administrator.
    Disabled(String),
}

impl AuthError {
    /// What the journal says.
    pub const fn what(&self) -> &'static str {
        match self {
            AuthError::Missing => "no credential was sent",
            AuthError::Empty => "a scheme was sent without a credential",
            AuthError::Malformed => "the credential cannot be read",
            AuthError::NotText => "the credential is not text",
            AuthError::Unknown => "the credential is nobody's",
            AuthError::Expired => "the credential has expired",
            AuthError::Untrusted => "the credential's signature or claims are wrong",
            AuthError::Nameless => "the credential does not say whose it is",
            AuthError::Inactive(_) => "the credential's owner is switched off",
            AuthError::Disabled(_) => "the credential's owner was shut out",
        }
    }
}

/// Why a request is refused. It carries no status: each vendor has its own for it, and where a no has
/// words of its own, the operation brings them along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The vendor has no such path.
    NoSuchPath,
    /// The caller cannot read what the vendor writes.
    NotAcceptable,
    /// The path takes other methods, these.
    MethodNotAllowed(Vec<Method>),
    /// The caller is anonymous.
    Unauthenticated(AuthError),
    /// The caller may not do this at all.
    Forbidden,
    /// The caller may do this, but not to this record.
    OutOfScope(String),
    /// The body is larger than the server takes.
    TooLarge,
    /// A body or parameter cannot be read, or says what cannot be: what and why.
    Malformed(String),
    /// The page token cannot be read, or names nothing: why.
    BadCursor(String),
    /// A record that the request names does not exist: which.
    NoSuchRecord(String),
    /// The record that the path names does not exist: which.
    NoSuchObject(String),
    /// The credentials in the body of a token request are unknown.
    BadClient,
    /// The caller asked too often, and may ask again after so long, on the emulated clock. None: as in the
    /// vendor's sample.
    Throttled(Option<Duration>),
    /// The vendor is down for a while, and says for how long where it says so.
    Unavailable(Option<Duration>),
    /// The vendor itself would break: why.
    Broken(String),
    /// The operation has its own words for this no.
    InItsOwnWords(Words),
    /// A fault of the emulator itself.
    Internal,
}

/// A no in an operation's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The status.
    pub status: StatusCode,
    /// The `Content-Type` of the body. None: there is no body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: String,
    /// A cookie that is set all the same.
    pub cookie: Option<HeaderValue>,
    /// What the journal says.
    pub what: String,
}

impl Words {
    /// The answer.
    pub fn reply(&self) -> Reply {
        let mut reply = match self.content_type {
            Some(content_type) => Reply::new(self.status, content_type, self.body.clone()),
            None => Reply::status(self.status),
        };
        if let Some(cookie) = &self.cookie {
            reply.headers.insert(SET_COOKIE, cookie.clone());
        }
        reply
    }
}

impl ApiError {
    /// What the journal says, for the person who has to find out. Never long, whatever was sent.
    pub fn what(&self) -> String {
        const AT_MOST: usize = 300;
        let mut what = self.in_full();
        if let Some((end, _)) = what.char_indices().nth(AT_MOST) {
            what.truncate(end);
            what.push('…');
        }
        what
    }

    fn in_full(&self) -> String {
        match self {
            ApiError::NoSuchPath => "the vendor has no such path".to_owned(),
            ApiError::NotAcceptable => "`Accept` lists nothing that the vendor writes".to_owned(),
            ApiError::MethodNotAllowed(allowed) => {
                format!("the path takes {}", comma_list(allowed))
            }
            ApiError::Unauthenticated(error) => error.what().to_owned(),
            ApiError::Forbidden => "the caller's role does not allow this".to_owned(),
            ApiError::OutOfScope(what)
            | ApiError::Malformed(what)
            | ApiError::BadCursor(what)
            | ApiError::NoSuchRecord(what)
            | ApiError::NoSuchObject(what)
            | ApiError::Broken(what) => what.clone(),
            ApiError::InItsOwnWords(words) => words.what.clone(),
            ApiError::Throttled(_) => "the caller asked too often".to_owned(),
            ApiError::Unavailable(_) => "the vendor is down for a while".to_owned(),
            ApiError::TooLarge => {
                "the body is larger than this server takes (--max-body)".to_owned()
            }
            ApiError::BadClient => "no active client has this id and secret".to_owned(),
            ApiError::Internal => "the emulator itself failed".to_owned(),
        }
    }
}
