//! An expectation of a client: so many calls, or a manner.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::cursors::Cursors;
use super::judge::Watch;
use super::pages::Pages;
use super::renewal::Renewal;
use super::retry_after::RetryAfter;
use super::secrets::Secrets;
use super::times::{Range, Times};
use super::writes::Writes;
use crate::faults::On;

/// An expectation of the client under test.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its place in a file: `FILE:LINE`. None: it came over HTTP.
    pub place: Option<Arc<str>>,
    /// The expected behaviour.
    pub what: What,
}

/// A behaviour that is expected of a client.
#[derive(Clone, Debug)]
pub enum What {
    /// A number of calls.
    Times {
        /// The calls.
        on: Box<On>,
        /// The same, as a person says it.
        calls: String,
        /// How many there must be.
        range: Range,
    },
    /// A manner of the client, in all its calls.
    Manner(Manner),
}

/// A promise that every good client keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// After a `Retry-After` it comes back to the operation no earlier.
    HonoursRetryAfter,
    /// It follows every list that it begins to the end.
    WalksEveryPage,
    /// It lets go of a token that has expired, and goes on with another.
    RenewsExpiredToken,
    /// It sends cursors as it got them, and no others.
    KeepsCursorOpaque,
    /// It puts no secret into a URL.
    NoSecretInUrl,
    /// It looks before it repeats a write of which it does not know what became.
    NoBlindRetryOfWrites,
}

impl Manner {
    /// All of them.
    pub const ALL: &[Manner] = &[
        Manner::HonoursRetryAfter,
        Manner::WalksEveryPage,
        Manner::RenewsExpiredToken,
        Manner::KeepsCursorOpaque,
        Manner::NoSecretInUrl,
        Manner::NoBlindRetryOfWrites,
    ];

    /// The name in scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            Manner::HonoursRetryAfter => "honours_retry_after",
            Manner::WalksEveryPage => "walks_every_page",
            Manner::RenewsExpiredToken => "renews_expired_token",
            Manner::KeepsCursorOpaque => "keeps_cursor_opaque",
            Manner::NoSecretInUrl => "no_secret_in_url",
            Manner::NoBlindRetryOfWrites => "no_blind_retry_of_writes",
        }
    }
}

impl Claim {
    /// A new watch on whether it is kept.
    pub(super) fn watch(&self) -> Box<dyn Watch> {
        match &self.what {
            What::Times { on, range, .. } => Box::new(Times::new((**on).clone(), *range)),
            What::Manner(Manner::HonoursRetryAfter) => Box::new(RetryAfter::default()),
            What::Manner(Manner::WalksEveryPage) => Box::new(Pages::default()),
            What::Manner(Manner::RenewsExpiredToken) => Box::new(Renewal::default()),
            What::Manner(Manner::KeepsCursorOpaque) => Box::new(Cursors::default()),
            What::Manner(Manner::NoSecretInUrl) => Box::new(Secrets::default()),
            What::Manner(Manner::NoBlindRetryOfWrites) => Box::new(Writes::default()),
        }
    }
}

impl fmt::Display for Claim {
    /// As a person says it: `VENDOR list_user_enrollments: 3 times`, `honours_retry_after`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Times { calls, range, .. } => write!(f, "{calls}: {range}"),
            What::Manner(manner) => f.write_str(manner.name()),
        }
    }
}
