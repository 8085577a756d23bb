//! Tokens and the clients that ask for them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::records::UserNumber;
pub use super::written::Grant as GrantType;
use crate::issuers::Issuer;
use crate::seed::{Key, Kind};
use crate::tokens::{Grant, Listed, TokenError, Tokens};

/// Whom a token stands for, and how far it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The account.
    pub user: UserNumber,
    /// What it may be used for, in the order in which answers name it.
    pub scopes: Box<[String]>,
}

/// What a refresh token renews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// What the next access token stands for.
    pub holder: Holder,
    /// The client that may ask for it.
    pub client: String,
    /// The access token that came along.
    pub access: String,
}

/// A client of the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its secret.
    pub secret: String,
    /// Who owns it.
    pub owner: UserNumber,
    /// How it may ask.
    pub grants: Box<[GrantType]>,
    /// What its tokens may be used for.
    pub scopes: Box<[String]>,
}

/// The clients of the token endpoint, by id.
#[derive(Debug, Default)]
pub struct Clients {
    by_id: HashMap<String, Client>,
    first: Option<String>,
    /// Who owns one.
    owners: HashSet<UserNumber>,
}

impl Clients {
    /// Adds a client.
    pub fn add(&mut self, id: String, client: Client) {
        self.first.get_or_insert_with(|| id.clone());
        self.owners.insert(client.owner);
        self.by_id.insert(id, client);
    }

    /// The client of this id.
    pub fn get(&self, id: &str) -> Option<&Client> {
        self.by_id.get(id)
    }

    /// Whether an account owns a client.
    pub fn is_owner(&self, user: UserNumber) -> bool {
        self.owners.contains(&user)
    }

    /// The first one listed: id and secret.
    pub fn first(&self) -> Option<(&str, &str)> {
        let id = self.first.as_deref()?;
        Some((id, &self.by_id.get(id)?.secret))
    }
}

/// How long an access token lives.
pub const ACCESS_SECONDS: i64 = 36_000;

/// How long a refresh token lives: 90 days.
pub const REFRESH_SECONDS: i64 = 7_776_000;

/// The tokens that the scenario lists, shared by all sandboxes.
#[derive(Debug, Default)]
pub struct ListedTokens {
    /// Access tokens.
    pub access: Arc<Listed<Holder>>,
    /// Refresh tokens.
    pub refresh: Arc<Listed<Renewal>>,
    /// The signatures of signed tokens that died before their hour.
    pub signed: Arc<Listed<()>>,
}

impl ListedTokens {
    /// None yet, after so many access and refresh tokens that were issued.
    pub fn after(access: u64, refresh: u64) -> Self {
        ListedTokens {
            access: Arc::new(Listed::after(access)),
            refresh: Arc::new(Listed::after(refresh)),
            signed: Arc::default(),
        }
    }

    /// Adds an access token, taken back or not.
    pub fn add_access(&mut self, token: String, grant: Grant<Holder>, is_revoked: bool) {
        let access = Arc::make_mut(&mut self.access);
        if is_revoked {
            access.add_revoked(token, grant)
        } else {
            access.add(token, grant)
        }
    }

    /// Adds a refresh token.
    pub fn add_refresh(&mut self, token: String, grant: Grant<Renewal>) {
        Arc::make_mut(&mut self.refresh).add(token, grant);
    }

    /// Adds a signed token that died before its hour, or its signature.
    pub fn add_expired_jwt(&mut self, token: &str) {
        Arc::make_mut(&mut self.signed).add(signature(token).to_owned(), dead());
    }
}

/// The tokens of one world.
#[derive(Debug)]
pub struct Issued {
    access: Tokens<Holder>,
    refresh: Tokens<Renewal>,
    /// The signatures of signed tokens that died before their hour.
    signed: Tokens<()>,
    /// What the texts of tokens are drawn from.
    access_texts: Key,
    refresh_texts: Key,
}

impl Issued {
    /// The tokens that the scenario lists, and none issued.
    pub fn new(listed: &ListedTokens, seed: u64, sandbox: &str) -> Self {
        let texts = |kind: &str| Key::new(seed, Kind::from(kind)).within(sandbox);
        Issued {
            access: Tokens::new(Arc::clone(&listed.access)),
            refresh: Tokens::new(Arc::clone(&listed.refresh)),
            signed: Tokens::new(Arc::clone(&listed.signed)),
            access_texts: texts("openedx token"),
            refresh_texts: texts("openedx refresh token"),
        }
    }

    /// From now on what is issued leads to its sandbox. A signed token does not: two sandboxes that sign
    /// the same at the same instant sign the same text.
    pub fn noted_by(&mut self, issuer: &Issuer) {
        self.access.noted_by(issuer);
        self.refresh.noted_by(issuer);
    }

    /// Access tokens.
    pub fn access(&self) -> &Tokens<Holder> {
        &self.access
    }

    /// Refresh tokens.
    pub fn refresh(&self) -> &Tokens<Renewal> {
        &self.refresh
    }

    /// Issues an access token.
    pub fn issue_access(&mut self, holder: Holder, now: Timestamp) -> String {
        let key = self.access_texts;
        let grant = living(holder, now, ACCESS_SECONDS);
        self.access.issue(|number| text(key, number), grant)
    }

    /// Issues a refresh token.
    pub fn issue_refresh(&mut self, renewal: Renewal, now: Timestamp) -> String {
        let key = self.refresh_texts;
        let grant = living(renewal, now, REFRESH_SECONDS);
        self.refresh.issue(|number| text(key, number), grant)
    }

    /// Makes an access token expire; whether it lived. What renews it stays as it is.
    pub fn expire(&mut self, access: &str, now: Timestamp) -> bool {
        self.access.expire(access, now)
    }

    /// Makes a signed token expire; whether it lived.
    pub fn expire_signed(&mut self, token: &str, now: Timestamp) -> bool {
        let lived = !self.is_expired(token, now);
        self.signed.remember(signature(token).to_owned(), dead());
        lived
    }

    /// Whether a signed token was made to expire.
    pub fn is_expired(&self, token: &str, now: Timestamp) -> bool {
        self.signed.look_up(signature(token), now) == Err(TokenError::Expired)
    }

    /// Whether a signed token, or its signature, is listed as expired and was not issued since.
    pub fn is_listed_expired(&self, token: &str) -> bool {
        self.signed.is_as_listed(signature(token))
    }

    /// The signatures of signed tokens that were made to expire while running.
    pub fn expired_signatures(&self) -> impl Iterator<Item = &str> {
        self.signed.issued().map(|it| it.token)
    }

    /// A signed token is issued. What is signed at the same instant is the same text, and lives again.
    pub fn issue_signed(&mut self, token: &str) {
        self.signed.revoke(signature(token));
    }

    /// Takes a token of either kind back. A refresh token takes the access token along that came with it;
    /// the other way round each stands alone.
    pub fn revoke(&mut self, token: &str) {
        if self.access.revoke(token).is_none()
            && let Some(renewal) = self.refresh.revoke(token)
        {
            self.access.revoke(&renewal.access);
        }
    }

    /// The same tokens with others listed. What was issued lives on, and nothing is issued twice. An access
    /// token that is listed now came along with what is listed with it, and with nothing else.
    #[must_use]
    pub fn over(&self, listed: &ListedTokens) -> Self {
        let mut refresh = self.refresh.over(Arc::clone(&listed.refresh));
        let replaced: HashSet<String> = self
            .access
            .replaced_by(&listed.access)
            .into_iter()
            .collect();
        for renewal in self.refresh.issued() {
            let is_listed = refresh.is_as_listed(renewal.token);
            if replaced.contains(&renewal.grant.principal.access) && !is_listed {
                refresh.revoke(renewal.token);
            }
        }
        Issued {
            access: self.access.over(Arc::clone(&listed.access)),
            refresh,
            signed: self.signed.over(Arc::clone(&listed.signed)),
            access_texts: self.access_texts,
            refresh_texts: self.refresh_texts,
        }
    }
}

/// What stands for a signed token that died.
fn dead() -> Grant<()> {
    Grant {
        principal: (),
        expires: Some(Timestamp::MIN),
    }
}

/// What tells one signed token from another, however long they are.
fn signature(token: &str) -> &str {
    token.rsplit('.').next().unwrap_or_default()
}

/// Beyond the calendar's end nothing expires.
fn living<P>(principal: P, now: Timestamp, seconds: i64) -> Grant<P> {
    let expires = now.checked_add(SignedDuration::from_secs(seconds)).ok();
    Grant { principal, expires }
}

/// The text of the token with this number: 30 letters and digits.
fn text(key: Key, number: u64) -> String {
    const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut stream = key.stream(number);
    let letters = (0..30).filter_map(|_| stream.pick(LETTERS));
    letters.map(|letter| char::from(*letter)).collect()
}
