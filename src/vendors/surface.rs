//! What every vendor is made of: surfaces, their gates in order, their tables of operations.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{HeaderValue, SET_COOKIE};
use hyper::{Method, StatusCode};
use smol_str::SmolStr;

use super::Vendor;
use crate::http::{Reply, Request};
use crate::sandbox::Sandbox;

/// One check that a request must pass before an operation runs. A surface states their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The path leads to an operation.
    Path,
    /// The vendor can read what the caller writes.
    Media,
    /// The caller can read what the vendor writes.
    Accept,
    /// The method is one that the path takes.
    Method,
    /// The caller is somebody.
    Authenticate,
    /// That somebody may do this.
    Permit,
    /// The caller has not asked too often.
    Throttle,
    /// The body is no larger than the server takes.
    Body,
}

impl Gate {
    /// The name in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Gate::Path => "path",
            Gate::Media => "media",
            Gate::Accept => "accept",
            Gate::Method => "method",
            Gate::Authenticate => "authenticate",
            Gate::Permit => "permit",
            Gate::Throttle => "throttle",
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
    fn prefixes(&self) -> &'static [&'static str] {
        &[""]
    }

    /// Whether the vendor decodes a path before it looks for a row. All surfaces of a vendor say the same.
    fn decodes_paths(&self) -> bool {
        false
    }

    /// Who calls. Nobody, where the surface asks nobody.
    ///
    /// # Errors
    /// Why nobody does.
    fn authenticate(&self, _request: &Request, _sandbox: &Sandbox) -> Result<Principal, AuthError> {
        Err(AuthError::Missing)
    }

    /// Whether the caller may do what `row` does, to somebody at least. Rights are for those whom the
    /// surface gives some.
    fn permits(
        &self,
        _principal: &Principal,
        row: &Row,
        _request: &Request,
        _sandbox: &Sandbox,
    ) -> bool {
        !matches!(row.access, Access::Needs(_))
    }

    /// The credential that a request carries, as this surface finds it: a token, whatever it is worth.
    fn credential(&self, _request: &Request) -> Option<String> {
        None
    }

    /// The cursor or page token that a request carries, decoded, whatever it is worth. Asked only of lists
    /// that were refused.
    fn cursor(&self, _request: &Request) -> Option<String> {
        None
    }

    /// Makes the token that a request carries expire now, for good; whether there was one that lived.
    fn expire(&self, _request: &Request, _sandbox: &Sandbox) -> bool {
        false
    }

    /// Whether the caller has not asked too often. `who` is nobody where the surface meters strangers too.
    ///
    /// # Errors
    /// When it has; then this call does not count.
    fn throttle(
        &self,
        _who: &Result<Principal, AuthError>,
        _row: Option<&Row>,
        _request: &Request,
        _sandbox: &Sandbox,
    ) -> Result<(), ApiError> {
        Ok(())
    }

    /// Says no in the vendor's words.
    fn refuse(&self, error: &ApiError, request: &Request, sandbox: &Sandbox) -> Reply;

    /// What the vendor answers before it looks at anything: a browser asking whether it may ask.
    fn preflight(&self, _request: &Request, _sandbox: &Sandbox) -> Option<Reply> {
        None
    }

    /// Whether the vendor has this path as the scenario sets it up: its releases differ.
    fn has(&self, _row: &Row, _request: &Request, _sandbox: &Sandbox) -> bool {
        true
    }

    /// Whether the vendor can read what the caller writes.
    ///
    /// # Errors
    /// When it cannot, in its own words.
    fn reads(&self, _request: &Request, _sandbox: &Sandbox) -> Result<(), ApiError> {
        Ok(())
    }

    /// Whether the caller can read what the vendor writes.
    fn accepts(&self, _request: &Request, _sandbox: &Sandbox) -> bool {
        true
    }

    /// What OPTIONS gets where no row takes it. None: it is a method like any other.
    fn describe(&self, _row: &Row, _allowed: &[Method]) -> Option<Reply> {
        None
    }

    /// Puts on what the vendor sends with each answer, be it a yes or a no. `allowed` are the methods
    /// that the path takes: none where there is no such path.
    fn dress(
        &self,
        _reply: &mut Reply,
        _request: &Request,
        _allowed: &[Method],
        _sandbox: &Sandbox,
    ) {
    }

    /// Packs the body as the caller asked for it, the last thing that happens to an answer. What it packed
    /// comes back, for the journal. None: nothing was packed.
    fn pack(&self, _reply: &mut Reply, _request: &Request) -> Option<Bytes> {
        None
    }
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
    /// The vendor's path, with `{name}` for a segment that varies and `{*name}` for all that follows.
    pub path: &'static str,
    /// Whether the path may end in a slash.
    pub slash: Slash,
    /// What the caller must be allowed.
    pub access: Access,
    /// Where the fact comes from that there is such a call.
    pub source: &'static str,
}

/// Whether a path may end in a slash that its row does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slash {
    /// With it and without it, the path is the same.
    Optional,
    /// With it, it is another path.
    Never,
}

/// Whom an operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, unasked.
    Public,
    /// Everybody who is somebody.
    Known,
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
    pub principal: &'a Principal,
    /// The varying segments of the path, decoded.
    pub params: &'a [(SmolStr, SmolStr)],
    /// What the operation has to say about its answer.
    pub notes: &'a Notes,
}

/// What an operation says about its answer beside the answer: for the journal and for who judges clients.
#[derive(Debug, Default)]
pub struct Notes {
    scope: RefCell<Option<Cow<'static, str>>>,
    page: RefCell<Option<Page>>,
}

/// The part of a list that an answer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The cursor or page token that the client sent. None: it asked for the first page.
    pub cursor: Option<String>,
    /// How many items it shows.
    pub shown: usize,
    /// The cursor or page token that leads on. None: the list ends here.
    pub next: Option<String>,
    /// The one that leads back, where the vendor shows such a thing.
    pub previous: Option<String>,
}

impl Notes {
    /// Says how far the caller sees: `all`, `departments d1, d2`, `own enrollments`.
    pub fn scope(&self, scope: impl Into<Cow<'static, str>>) {
        *self.scope.borrow_mut() = Some(scope.into());
    }

    /// Says which part of a list the answer shows.
    pub fn page(&self, page: Page) {
        *self.page.borrow_mut() = Some(page);
    }

    /// All that was said.
    pub fn into_parts(self) -> (Option<Cow<'static, str>>, Option<Page>) {
        (self.scope.into_inner(), self.page.into_inner())
    }
}

impl Call<'_> {
    /// A varying segment of the path, decoded.
    pub fn param(&self, name: &str) -> &str {
        let found = self.params.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// Somebody known to a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The name in the journal: the user's id, or the vendor's name for the account itself.
    pub name: SmolStr,
    /// The user's number in the vendor's own table. None: the account itself.
    pub user: Option<u32>,
    /// What the credential is good for, where the vendor notes that: in its own terms.
    pub rights: u8,
}

impl Principal {
    /// Who calls where nobody is asked.
    pub const NOBODY: Principal = Principal {
        name: SmolStr::new_static(""),
        user: None,
        rights: 0,
    };
}

/// Why nobody is calling.
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
    /// The credential is nobody's.
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

/// So many whole seconds, never too short: the value of a `Retry-After` header.
pub fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// Names as a message lists them: `departments d1, d2 and 7 more`, `no departments`.
pub fn few(what: &str, names: impl ExactSizeIterator<Item = String>) -> String {
    const NAMED: usize = 5;
    let count = names.len();
    let named: Vec<String> = names.take(NAMED).collect();
    match count {
        0 => format!("no {what}"),
        count if count > NAMED => {
            format!("{what} {} and {} more", named.join(", "), count - NAMED)
        }
        _ => format!("{what} {}", named.join(", ")),
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
