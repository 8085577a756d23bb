//! Tokens, codes, and the clients that ask for them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::records::{Scope, UserNumber};
use crate::issuers::Issuer;
use crate::seed::{Key, Kind};
use crate::tokens::{Grant, Listed, Tokens};

/// How long an access token lives: seven days.
pub const ACCESS_SECONDS: i64 = 604_800;

/// Whom a token stands for, and how far it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The user.
    pub user: UserNumber,
    /// What it may be used for.
    pub scopes: Scopes,
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// Whether one is among them.
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// The set as bits, to be kept without knowing what they mean.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The set of these bits.
    pub fn of_bits(bits: u8) -> Self {
        Scopes(bits)
    }

    /// All of them, in the order in which the manual lists them.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |it| self.contains(*it))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let bits = scopes.into_iter().map(|scope| 1 << scope as u8);
        Scopes(bits.fold(0, |all, bit| all | bit))
    }
}

impl Holder {
    /// Whether it may be used as an administrator's.
    pub fn is_admin(&self) -> bool {
        let of_admins = [Scope::AdminRead, Scope::AdminWrite, Scope::AdminXapi];
        of_admins.iter().any(|scope| self.scopes.contains(*scope))
    }
}

/// What a refresh token renews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The client that may ask.
    pub client: String,
    /// Whom the next access token stands for.
    pub holder: Holder,
}

/// A client of the OAuth endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its secret.
    pub secret: String,
    /// The refresh token that it already holds.
    pub refresh_token: Option<String>,
    /// Whom its tokens stand for.
    pub holder: Holder,
}

/// The clients of the OAuth endpoints, by id.
#[derive(Debug, Default)]
pub struct Clients {
    by_id: HashMap<String, Client>,
    first: Option<String>,
}

impl Clients {
    /// Adds a client.
    pub fn add(&mut self, id: String, client: Client) {
        self.first.get_or_insert_with(|| id.clone());
        self.by_id.insert(id, client);
    }

    /// The client of this id.
    pub fn get(&self, id: &str) -> Option<&Client> {
        self.by_id.get(id)
    }

    /// The first one listed: id and secret.
    pub fn first(&self) -> Option<(&str, &str)> {
        let id = self.first.as_deref()?;
        Some((id, &self.by_id.get(id)?.secret))
    }
}

/// The tokens and codes that the scenario lists, shared by all sandboxes.
#[derive(Debug, Default)]
pub struct ListedTokens {
    access: Arc<Listed<Holder>>,
    along: Arc<Listed<String>>,
    refresh: Arc<Listed<Renewal>>,
    latest: Arc<Listed<String>>,
    codes: Arc<Listed<String>>,
    /// The refresh token that a client has for another user.
    for_others: Arc<HashMap<(String, UserNumber), String>>,
    /// How many requests got a text of their own.
    requests: u64,
}

impl ListedTokens {
    /// None yet, after so many access tokens, codes and texts of requests.
    pub fn after(access: u64, codes: u64, requests: u64) -> Self {
        ListedTokens {
            access: Arc::new(Listed::after(access)),
            codes: Arc::new(Listed::after(codes)),
            requests,
            ..ListedTokens::default()
        }
    }

    /// Adds an access token.
    pub fn add_access(&mut self, token: String, grant: Grant<Holder>) {
        Arc::make_mut(&mut self.access).add(token, grant);
    }

    /// The first access token.
    pub fn first_access(&self) -> Option<&str> {
        self.access.first()
    }

    /// Adds a code that a client may exchange.
    pub fn add_code(&mut self, code: String, client: String) {
        Arc::make_mut(&mut self.codes).add(code, for_ever(client));
    }

    /// Adds the refresh token that a client has for its own user.
    pub fn add_refresh(&mut self, refresh: String, renewal: Renewal) {
        Arc::make_mut(&mut self.refresh).add(refresh, for_ever(renewal));
    }

    /// Adds the refresh token that a client has for another user.
    pub fn add_refresh_for_other(&mut self, refresh: String, renewal: Renewal) {
        let whose = (renewal.client.clone(), renewal.holder.user);
        Arc::make_mut(&mut self.for_others).insert(whose, refresh.clone());
        self.add_refresh(refresh, renewal);
    }

    /// A refresh token gave an access token, and until now no later one.
    pub fn gave(&mut self, refresh: &str, access: &str, expires: Option<Timestamp>) {
        let along = for_ever(refresh.to_owned());
        Arc::make_mut(&mut self.along).add(access.to_owned(), along);
        let latest = Grant {
            principal: access.to_owned(),
            expires,
        };
        Arc::make_mut(&mut self.latest).add(refresh.to_owned(), latest);
    }
}

/// No document says that codes and refresh tokens expire.
fn for_ever<P>(principal: P) -> Grant<P> {
    Grant {
        principal,
        expires: None,
    }
}

/// The tokens of one world.
#[derive(Debug)]
pub struct Issued {
    access: Tokens<Holder>,
    /// The refresh token that came along with each access token.
    along: Tokens<String>,
    refresh: Tokens<Renewal>,
    /// The access token that each refresh token gave last.
    latest: Tokens<String>,
    /// The client of each code.
    codes: Tokens<String>,
    /// The refresh token that the scenario gives a client for another user.
    for_others: Arc<HashMap<(String, UserNumber), String>>,
    keys: Keys,
    requests: AtomicU64,
}

/// What texts are drawn from.
#[derive(Clone, Copy, Debug)]
struct Keys {
    access: Key,
    refresh: Key,
    impersonation: Key,
    code: Key,
    request: Key,
}

impl Issued {
    /// The tokens and codes that the scenario lists, and none issued.
    pub fn new(listed: &ListedTokens, seed: u64, sandbox: &str) -> Self {
        let key = |kind: &str| Key::new(seed, Kind::from(kind)).within(sandbox);
        Issued {
            access: Tokens::new(Arc::clone(&listed.access)),
            along: Tokens::new(Arc::clone(&listed.along)),
            refresh: Tokens::new(Arc::clone(&listed.refresh)),
            latest: Tokens::new(Arc::clone(&listed.latest)),
            codes: Tokens::new(Arc::clone(&listed.codes)),
            for_others: Arc::clone(&listed.for_others),
            keys: Keys {
                access: key("alm token"),
                refresh: key("alm refresh token"),
                impersonation: key("alm learner token"),
                code: key("alm code"),
                request: key("alm request"),
            },
            requests: AtomicU64::new(listed.requests),
        }
    }

    /// From now on what is issued leads to its sandbox.
    pub fn noted_by(&mut self, issuer: &Issuer) {
        self.access.noted_by(issuer);
        self.refresh.noted_by(issuer);
        self.codes.noted_by(issuer);
    }

    /// Access tokens.
    pub fn access(&self) -> &Tokens<Holder> {
        &self.access
    }

    /// Makes an access token expire; whether it lived. What renews it stays as it is.
    pub fn expire(&mut self, access: &str, now: Timestamp) -> bool {
        self.access.expire(access, now)
    }

    /// Refresh tokens.
    pub fn refresh(&self) -> &Tokens<Renewal> {
        &self.refresh
    }

    /// Codes.
    pub fn codes(&self) -> &Tokens<String> {
        &self.codes
    }

    /// The codes that were issued to a client and that were not used, the oldest first.
    pub fn codes_of(&self, client: &str) -> impl Iterator<Item = &str> {
        let issued = self.codes.issued();
        let its = issued.filter(move |it| it.grant.principal == client);
        its.map(|it| it.token)
    }

    /// The refresh token that a client has for its own user, listed or issued.
    pub fn renewal_of(&self, id: &str, client: &Client) -> Option<String> {
        let own = hex(self.keys.refresh.within(id), u64::from(client.holder.user));
        let issued = self.refresh.grant(&own).map(|_| own);
        client.refresh_token.clone().or(issued)
    }

    /// Issues a code that `client` may exchange once.
    pub fn issue_code(&mut self, client: &str) -> String {
        let key = self.keys.code;
        let grant = for_ever(client.to_owned());
        self.codes.issue(|number| hex(key, number), grant)
    }

    /// Uses up a code of `client`'s; whether it was one.
    pub fn use_code(&mut self, code: &str, client: &str, now: Timestamp) -> bool {
        let is_its = self.codes.look_up(code, now).is_ok_and(|it| it == client);
        if is_its {
            self.codes.revoke(code);
        }
        is_its
    }

    /// The one refresh token that a client has for its own user.
    pub fn refresh_of_client(&mut self, id: &str, client: &Client) -> String {
        let own = || hex(self.keys.refresh.within(id), u64::from(client.holder.user));
        let token = client.refresh_token.clone().unwrap_or_else(own);
        if client.refresh_token.is_none() {
            self.remember(&token, id, client.holder);
        }
        token
    }

    /// The one refresh token that a client has for another user.
    pub fn refresh_of_learner(&mut self, id: &str, learner: Holder) -> String {
        let key = self.keys.impersonation.within(id);
        let token = hex(key, u64::from(learner.user));
        let whose = (id.to_owned(), learner.user);
        match (self.refresh.grant(&token), self.for_others.get(&whose)) {
            // It may be listed, as in a state that was written down in another sandbox.
            (None, Some(listed)) => return listed.clone(),
            (None, None) => self.remember(&token, id, learner),
            (Some(_), _) => {}
        }
        token
    }

    fn remember(&mut self, token: &str, client: &str, holder: Holder) {
        let renewal = Renewal {
            client: client.to_owned(),
            holder,
        };
        self.refresh.remember(token.to_owned(), for_ever(renewal));
    }

    /// The access token that a refresh token gave last, while it lives and is remembered.
    pub fn latest(&self, refresh: &str, now: Timestamp) -> Option<&str> {
        let access = self.latest.look_up(refresh, now).ok()?;
        let lives = self.access.look_up(access, now).is_ok();
        lives.then_some(access)
    }

    /// Issues an access token along with a refresh token.
    pub fn issue_access(&mut self, refresh: &str, holder: Holder, now: Timestamp) -> String {
        let key = self.keys.access;
        // Beyond the calendar's end nothing expires.
        let lifetime = SignedDuration::from_secs(ACCESS_SECONDS);
        let expires = now.checked_add(lifetime).ok();
        let grant = Grant {
            principal: holder,
            expires,
        };
        let access = self.access.issue(|number| hex(key, number), grant);
        let along = for_ever(refresh.to_owned());
        self.along.remember(access.clone(), along);
        let latest = Grant {
            principal: access.clone(),
            expires,
        };
        self.latest.remember(refresh.to_owned(), latest);
        access
    }

    /// The refresh token that came along with an access token; None for those that the scenario lists without one.
    pub fn along(&self, access: &str, now: Timestamp) -> Option<&str> {
        self.along.look_up(access, now).ok().map(String::as_str)
    }

    /// The same, whatever the clock shows.
    pub fn came_along(&self, access: &str) -> Option<&str> {
        Some(&self.along.grant(access)?.principal)
    }

    /// The client that an access token was issued to; None for those that the scenario lists without one.
    pub fn client_of(&self, access: &str, now: Timestamp) -> Option<&str> {
        let refresh = self.along(access, now)?;
        let renewal = self.refresh.look_up(refresh, now).ok()?;
        Some(&renewal.client)
    }

    /// The access token that a refresh token gave last, dead or alive.
    pub fn last_given(&self, refresh: &str) -> Option<&str> {
        Some(&self.latest.grant(refresh)?.principal)
    }

    /// How many requests got a text of their own.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Another text for each request, as the gateway makes them.
    pub fn request_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let mut bytes = self.keys.request.stream(number).bytes::<16>();
        // A random UUID says that it is one.
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = format!("{:032X}", u128::from_be_bytes(bytes));
        let (a, b, c, d) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20]);
        format!("gw{a}-{b}-{c}-{d}-{}", &hex[20..])
    }

    /// The same tokens with others listed. What was issued lives on, and nothing is issued twice. An access
    /// token that is listed now came along with what is listed with it, and with nothing else.
    #[must_use]
    pub fn over(&self, listed: &ListedTokens) -> Self {
        let mut next = Issued {
            access: self.access.over(Arc::clone(&listed.access)),
            along: self.along.over(Arc::clone(&listed.along)),
            refresh: self.refresh.over(Arc::clone(&listed.refresh)),
            latest: self.latest.under(Arc::clone(&listed.latest)),
            codes: self.codes.over(Arc::clone(&listed.codes)),
            for_others: Arc::clone(&listed.for_others),
            keys: self.keys,
            requests: AtomicU64::new(self.requests().max(listed.requests)),
        };
        for access in self.access.replaced_by(&listed.access) {
            if let Some(refresh) = self.came_along(&access) {
                next.part(&access, refresh);
            }
        }
        next
    }

    /// An issued access token is another one now, which did not come along with `refresh` unless that is
    /// listed.
    fn part(&mut self, access: &str, refresh: &str) {
        match self.along.is_as_listed(access) {
            true if self.came_along(access) == Some(refresh) => return,
            true => {}
            false => {
                self.along.revoke(access);
            }
        }
        if self.last_given(refresh) == Some(access) {
            self.latest.revoke(refresh);
            if !self.refresh.is_as_listed(refresh) {
                self.refresh.revoke(refresh);
            }
        }
    }
}

/// 32 lower-case hexadecimal digits.
fn hex(key: Key, number: u64) -> String {
    let bytes = key.stream(number).bytes::<16>();
    format!("{:032x}", u128::from_be_bytes(bytes))
}
