//! What every vendor is made of: surfaces, their gates in order, their tables of operations.

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

use hyper::Method;

use super::Vendor;
use crate::http::{Reply, Request};
use crate::sandbox::Sandbox;

/// One check that a request must pass before an operation runs. A surface states their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The path leads to an operation.
    Path,
    /// The method is one that the path takes.
    Method,
    /// The caller is somebody.
    Authenticate,
    /// That somebody may do this.
    Permit,
    /// The body is no larger than the server takes.
    Body,
}

impl Gate {
    /// The name in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Gate::Path => "path",
            Gate::Method => "method",
            Gate::Authenticate => "authenticate",
            Gate::Permit => "permit",
            Gate::Body => "body",
        }
    }
}

/// A set of operations with one order of gates, one way to ask who calls and one way to say no.
pub trait Surface: Debug + Send + Sync {
    /// Whose it is.
    fn vendor(&self) -> Vendor;

    /// The gates, in the order in which they refuse.
    fn gates(&self) -> &'static [Gate];

    /// What it can do.
    fn operations(&self) -> &'static [Operation];

    /// The prefixes that the vendor puts before all of these paths; "" for none.
    fn prefixes(&self) -> &'static [&'static str];

    /// Who calls.
    ///
    /// # Errors
    /// Why nobody does.
    fn authenticate(&self, request: &Request, sandbox: &Sandbox) -> Result<Principal, AuthError>;

    /// Whether the caller may do what `row` does, to somebody at least.
    fn permits(&self, principal: &Principal, row: &Row, sandbox: &Sandbox) -> bool;

    /// Says no in the vendor's words.
    fn refuse(&self, error: &ApiError, request: &Request, sandbox: &Sandbox) -> Reply;
}

/// One thing that a surface can do.
#[derive(Debug)]
pub struct Operation {
    /// What it is.
    pub row: Row,
    /// Does it, once every gate is passed.
    pub run: fn(&Call<'_>) -> Result<Reply, ApiError>,
}

/// The row of an operation: what router, journal, documents and tests read.
#[derive(Debug)]
pub struct Row {
    /// The name in scenarios and in the journal: `list_enrollments`.
    pub id: &'static str,
    /// The method. A HEAD finds the row of GET.
    pub method: Method,
    /// The vendor's path, with `{name}` for a segment that varies.
    pub path: &'static str,
    /// What the caller must be allowed.
    pub access: Access,
    /// Where the fact comes from that there is such a call.
    pub source: &'static str,
}

/// Whom an operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, unasked.
    Public,
    /// Those who have this right.
    Needs(&'static str),
}

/// A call under way: past the gates, on its way into an operation.
#[derive(Debug)]
pub struct Call<'a> {
    /// What was asked.
    pub request: &'a Request,
    /// The world it was asked in.
    pub sandbox: &'a Arc<Sandbox>,
    /// The operation's row.
    pub row: &'static Row,
    /// Who asked. The account itself where the operation asks nobody.
    pub principal: Principal,
    /// The varying segments of the path, still encoded.
    pub params: Vec<(String, String)>,
}

impl Call<'_> {
    /// A varying segment of the path, decoded.
    pub fn param(&self, name: &str) -> Cow<'_, str> {
        let raw = self.params.iter().find(|(n, _)| n == name);
        let raw = raw.map_or("", |(_, value)| value.as_str());
        percent_encoding::percent_decode_str(raw).decode_utf8_lossy()
    }
}

/// Somebody known to a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The name in the journal: the user's id, or the vendor's name for the account itself.
    pub name: String,
    /// The user's number in the vendor's own table. None: the account itself.
    pub user: Option<u32>,
}

/// Why nobody is calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthError {
    /// The request carries no credential.
    Missing,
    /// The credential cannot be read.
    Malformed,
    /// The credential is nobody's.
    Unknown,
    /// The credential was good once.
    Expired,
    /// The credential's owner is switched off.
    Inactive,
}

impl AuthError {
    /// What the journal says.
    pub const fn what(self) -> &'static str {
        match self {
            AuthError::Missing => "no credential was sent",
            AuthError::Malformed => "the credential cannot be read",
            AuthError::Unknown => "the credential is nobody's",
            AuthError::Expired => "the credential has expired",
            AuthError::Inactive => "the credential's owner is switched off",
        }
    }
}

/// Why a request is refused. It carries no status: each vendor has its own for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The vendor has no such path.
    NoSuchPath,
    /// The path takes other methods, these.
    MethodNotAllowed(Vec<Method>),
    /// Nobody is calling.
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
    /// The credentials in the body of a token request are nobody's.
    BadClient,
    /// A fault of the emulator itself.
    Internal,
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
            ApiError::MethodNotAllowed(allowed) => {
                format!("the path takes {}", comma_list(allowed))
            }
            ApiError::Unauthenticated(error) => error.what().to_owned(),
            ApiError::Forbidden => "the caller's role does not allow this".to_owned(),
            ApiError::OutOfScope(what)
            | ApiError::Malformed(what)
            | ApiError::BadCursor(what)
            | ApiError::NoSuchRecord(what)
            | ApiError::NoSuchObject(what) => what.clone(),
            ApiError::TooLarge => {
                "the body is larger than this server takes (--max-body)".to_owned()
            }
            ApiError::BadClient => "no active client has this id and secret".to_owned(),
            ApiError::Internal => "the emulator itself failed".to_owned(),
        }
    }
}

/// `GET, POST`: the value of an `Allow` header.
pub fn comma_list(methods: &[Method]) -> String {
    methods
        .iter()
        .map(Method::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A client's text as a message quotes it: in quotes, escaped, and cut where it would drown the rest.
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}
