//! What each vendor is expected to say where the laws ask the same of all of them.
//!
//! A new vendor brings one implementation and one line in `ALL`; the laws themselves stay as they are.

pub mod alm;
mod ispring;
mod openedx;
mod toy;

use enrollmock::internals::platform::{ApiError, Mounted, Row, Vendor};
use hyper::Method;

use crate::support::Answer;

/// Header fields.
pub type Fields = &'static [(&'static str, &'static str)];

/// What a vendor is expected to say.
pub trait Expectations: Sync {
    /// What it adds to the scenarios of the laws, where these do not name it already.
    fn scenario(&self) -> &'static str {
        ""
    }

    /// A path that leads to the row, inside the vendor.
    fn path(&self, row: &Row) -> String;

    /// What `Authorization` says of somebody who may do everything.
    fn master(&self) -> &'static str;

    /// Those who are nobody.
    fn strangers(&self) -> &'static [Fields];

    /// What `Authorization` says of those who are somebody, without a right.
    fn powerless(&self) -> &'static [&'static str];

    /// What `Accept` may say: the words differ, the sense does not.
    fn accepts(&self) -> &'static [&'static str];

    /// Paths that the vendor has not.
    fn unknown_paths(&self) -> &'static [&'static str];

    /// Public host names of the vendor's, or such as the scenario adds.
    fn hosts(&self) -> &'static [&'static str];

    /// The 401 of one of the strangers. None: to this row they are somebody.
    fn unauthenticated(&self, row: &Row, stranger: Fields, accept: &str) -> Option<Wording>;

    /// The 403.
    fn forbidden(&self, row: &Row, accept: &str) -> Wording;

    /// The answer where the vendor has no such path: a 404, unless something else comes first.
    fn no_such_path(&self, asked: &Asked<'_>) -> Wording;

    /// The answer to a method that the path does not take: a 405, but for an OPTIONS that is answered.
    fn other_method(&self, row: &Row, method: &str, allowed: &[Method], accept: &str) -> Wording;

    /// Whether an error is a breakdown, of the vendor's or of the emulator's: a 5xx.
    fn is_breakdown(&self, error: &ApiError) -> bool;

    /// Whether a surface says no to an error without a word.
    fn is_wordless(&self, surface: &Mounted, error: &ApiError) -> bool;

    /// Its lists, as they are in [`CROWD`](crate::support::CROWD).
    fn lists(&self) -> Vec<List>;

    /// What comes near to a valid request.
    fn food(&self) -> Food;
}

/// What is expected of each vendor, by its name. The library's own tests mount one more than the others.
const ALL: &[(&str, &dyn Expectations)] = &[
    ("ispring", &ispring::Ispring),
    ("openedx", &openedx::Openedx),
    ("alm", &alm::Alm),
    ("toy", &toy::Toy),
];

/// What is expected of a vendor.
pub fn of(vendor: Vendor) -> &'static dyn Expectations {
    let (_, expected) = ALL
        .iter()
        .find(|(name, _)| *name == vendor.name())
        .expect("every vendor has expectations");
    *expected
}

/// A request for a path that the vendor has not.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub method: &'a str,
    /// Inside the vendor.
    pub path: &'a str,
    /// The caller is somebody.
    pub is_known: bool,
    pub accept: &'a str,
}

/// An answer that is expected.
#[derive(Debug)]
pub struct Wording {
    pub status: u16,
    /// The `Content-Type`, or its beginning where it ends in `*`. None: there is none.
    pub media: Option<&'static str>,
    pub body: Text,
    /// Further header fields; None: absent.
    pub headers: Vec<(&'static str, Option<String>)>,
}

/// A body that is expected.
#[derive(Debug)]
pub enum Text {
    /// These bytes.
    Exactly(String),
    /// Some page for people.
    Page,
    /// Something or other.
    Something,
}

impl Wording {
    /// Fails unless the answer is as expected.
    pub fn assert_is_said_by(&self, answer: &Answer, when: &str) {
        assert_eq!(answer.status, self.status, "{when}: {}", answer.text());
        match &self.body {
            Text::Exactly(body) => assert_eq!(answer.text(), *body, "{when}"),
            Text::Page => assert!(answer.text().contains("<title>"), "{when}"),
            Text::Something => assert!(!answer.body.is_empty(), "{when}"),
        }
        let media = answer.header("content-type");
        match (self.media.and_then(|media| media.strip_suffix('*')), media) {
            (Some(start), Some(media)) => assert!(media.starts_with(start), "{when}: {media}"),
            (_, media) => assert_eq!(media, self.media, "{when}"),
        }
        let length = answer.body.len().to_string();
        // Without a body and its type the length goes without saying.
        if !answer.body.is_empty() || self.media.is_some() {
            assert_eq!(answer.header("content-length"), Some(&*length), "{when}");
        }
        for (name, value) in &self.headers {
            assert_eq!(answer.header(name), value.as_deref(), "{when}: {name}");
        }
    }
}

/// A list, and how a client walks it.
pub struct List {
    /// The operation.
    pub id: &'static str,
    /// The target of its first page.
    pub first: &'static str,
    /// The target of the next page.
    pub next: fn(&Answer) -> Option<String>,
    /// What tells its items apart.
    pub items: fn(&Answer) -> Vec<String>,
    /// How many items there are, and on how many pages.
    pub items_and_pages: (usize, usize),
    /// Targets with a cursor that cannot be read, each with its status.
    pub bad_cursors: &'static [(&'static str, u16)],
}

/// What requests are made of that come near to valid ones.
pub struct Food {
    /// Segments of paths.
    pub segments: &'static [&'static str],
    /// Names of parameters.
    pub names: &'static [&'static str],
    /// Values of parameters.
    pub values: &'static [&'static str],
    /// Valid bodies, for mutations to start from.
    pub bodies: &'static [&'static str],
}
