//! Access tokens: listed by the scenario or issued while it runs; each dies at its hour.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::issuers::Issuer;

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant<P> {
    /// Who calls with it.
    pub principal: P,
    /// From this instant on it is dead. None: it lives for ever.
    pub expires: Option<Timestamp>,
}

/// Why a token does not open anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// It was never issued, or it was taken back.
    Unknown,
    /// It is dead.
    Expired,
}

/// How many issued tokens one world remembers. The oldest is forgotten first, so a client that
/// asks for a token before every call costs no more memory than one that asks once.
const ISSUED_AT_MOST: usize = 10_000;

/// What a scenario says of one vendor's tokens, shared by all sandboxes and never written.
#[derive(Clone, Debug)]
pub struct Listed<P> {
    grants: HashMap<String, Grant<P>>,
    /// Those of them that were taken back before the scenario begins.
    revoked: HashSet<String>,
    /// How many were issued before it begins.
    count: u64,
    first: Option<String>,
}

impl<P> Default for Listed<P> {
    fn default() -> Self {
        Listed {
            grants: HashMap::new(),
            revoked: HashSet::new(),
            count: 0,
            first: None,
        }
    }
}

impl<P> Listed<P> {
    /// None, after so many that were issued.
    pub fn after(count: u64) -> Self {
        Listed {
            count,
            ..Listed::default()
        }
    }

    /// Adds a token, in the place of one of the same text.
    pub fn add(&mut self, token: String, grant: Grant<P>) {
        self.first.get_or_insert_with(|| token.clone());
        self.grants.insert(token, grant);
    }

    /// The first token that was added and not taken back.
    pub fn first(&self) -> Option<&str> {
        self.first.as_deref()
    }

    /// What a token stands for, dead or alive.
    pub fn get(&self, token: &str) -> Option<&Grant<P>> {
        self.grants.get(token)
    }

    /// Adds a token that was taken back.
    pub fn add_revoked(&mut self, token: String, grant: Grant<P>) {
        self.revoked.insert(token.clone());
        self.grants.insert(token, grant);
    }
}

/// An issued token with what is to be said of it.
#[derive(Clone, Debug)]
pub struct Remembered<'a, P> {
    /// Its text.
    pub token: &'a str,
    /// What it stands for.
    pub grant: &'a Grant<P>,
    /// Whether it died before its hour.
    pub is_dead: bool,
}

/// The tokens of one vendor in one world.
#[derive(Clone, Debug)]
pub struct Tokens<P> {
    listed: Arc<Listed<P>>,
    /// Those of the listed ones that were taken back, or stand for something new.
    withdrawn: HashSet<String>,
    /// Those that died before their hour.
    dead: HashSet<String>,
    /// None: it was taken back.
    issued: HashMap<String, Option<Grant<P>>>,
    oldest_first: VecDeque<String>,
    /// How many tokens were ever issued.
    count: u64,
    /// Where it is noted who issued them, if they lead to their sandbox. Shared with what takes their place.
    issuer: Option<Arc<Issuer>>,
}

impl<P: Clone> Tokens<P> {
    /// The tokens that the scenario lists, and none issued.
    pub fn new(listed: Arc<Listed<P>>) -> Self {
        Tokens {
            count: listed.count,
            listed,
            withdrawn: HashSet::new(),
            dead: HashSet::new(),
            issued: HashMap::new(),
            oldest_first: VecDeque::new(),
            issuer: None,
        }
    }

    /// From now on notes what is issued, so that it leads to its sandbox.
    pub fn noted_by(&mut self, issuer: &Issuer) {
        self.issuer = Some(Arc::new(issuer.clone()));
    }

    /// Who calls with `token`.
    ///
    /// # Errors
    /// When it was never issued, or has expired.
    pub fn look_up(&self, token: &str, now: Timestamp) -> Result<&P, TokenError> {
        Ok(&self.live(token, now)?.principal)
    }

    /// What `token` stands for and until when.
    ///
    /// # Errors
    /// When it was never issued, or has expired.
    pub fn live(&self, token: &str, now: Timestamp) -> Result<&Grant<P>, TokenError> {
        let grant = self.grant(token).ok_or(TokenError::Unknown)?;
        match grant.expires {
            _ if self.dead.contains(token) => Err(TokenError::Expired),
            Some(expires) if expires <= now => Err(TokenError::Expired),
            _ => Ok(grant),
        }
    }

    /// Remembers a token made by `text` from its number: 0 for the first one issued.
    pub fn issue(&mut self, text: impl Fn(u64) -> String, grant: Grant<P>) -> String {
        // What the scenario lists may be what this very world issued when it was written down.
        let token = loop {
            let token = text(self.count);
            self.count += 1;
            if !self.listed.grants.contains_key(&token) {
                break token;
            }
        };
        self.remember(token, grant)
    }

    /// Remembers a token. One that was issued or listed before stands for the new thing from now on.
    pub fn remember(&mut self, token: String, grant: Grant<P>) -> String {
        self.dead.remove(&token);
        if self.listed.grants.contains_key(&token) {
            self.withdrawn.insert(token.clone());
        }
        if self.issued.insert(token.clone(), Some(grant)).is_some() {
            return token;
        }
        if self.oldest_first.len() >= ISSUED_AT_MOST
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.issued.remove(&oldest);
            self.dead.remove(&oldest);
            if let Some(issuer) = &self.issuer {
                issuer.forget([oldest].iter());
            }
        }
        if let Some(issuer) = &self.issuer {
            issuer.note(&token);
        }
        self.oldest_first.push_back(token.clone());
        token
    }

    /// Takes a token back, dead or alive: what it stood for. A reset brings a listed one back.
    pub fn revoke(&mut self, token: &str) -> Option<P> {
        let principal = self.grant(token)?.principal.clone();
        if self.listed.grants.contains_key(token) {
            self.withdrawn.insert(token.to_owned());
        }
        if let Some(issued) = self.issued.get_mut(token) {
            *issued = None;
        }
        Some(principal)
    }

    /// Makes a token die before its hour, whatever the clock will show; whether it lived. A reset brings a
    /// listed one back to life.
    pub fn expire(&mut self, token: &str, now: Timestamp) -> bool {
        if self.live(token, now).is_err() {
            return false;
        }
        self.dead.insert(token.to_owned());
        true
    }

    /// Whether a token was taken back, and its text is still remembered.
    pub fn is_revoked(&self, token: &str) -> bool {
        let is_known = self.issued.contains_key(token) || self.listed.grants.contains_key(token);
        is_known && self.grant(token).is_none()
    }

    /// Whether a token that is known died before its hour while running.
    pub fn is_dead(&self, token: &str) -> bool {
        self.dead.contains(token)
    }

    /// Whether a token is listed, and neither taken back while running nor something new.
    pub fn is_as_listed(&self, token: &str) -> bool {
        self.listed.grants.contains_key(token) && !self.withdrawn.contains(token)
    }

    /// What a token stands for, dead or alive. None: it was never issued, or it was taken back.
    pub fn grant(&self, token: &str) -> Option<&Grant<P>> {
        match self.listed.grants.get(token) {
            Some(_) if self.listed.revoked.contains(token) => None,
            Some(grant) if self.is_as_listed(token) => Some(grant),
            Some(_) | None => self.issued.get(token)?.as_ref(),
        }
    }

    /// The tokens that were issued and not taken back, the oldest first, without those that are listed.
    pub fn issued(&self) -> impl Iterator<Item = Remembered<'_, P>> {
        let tokens = self.oldest_first.iter();
        tokens.filter_map(|token| {
            if self.is_as_listed(token) {
                return None;
            }
            Some(Remembered {
                token,
                grant: self.issued.get(token)?.as_ref()?,
                is_dead: self.is_dead(token),
            })
        })
    }

    /// Those of the issued tokens that others listed would take the place of.
    pub fn replaced_by(&self, listed: &Listed<P>) -> Vec<String> {
        let issued = self.issued().map(|it| it.token);
        let replaced = issued.filter(|token| listed.grants.contains_key(*token));
        replaced.map(str::to_owned).collect()
    }

    /// How many tokens were ever issued, also before the scenario began.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The same tokens with others listed, which all are as they are listed. What was issued lives on, and
    /// nothing is issued twice.
    #[must_use]
    pub fn over(&self, listed: Arc<Listed<P>>) -> Self {
        let mut next = self.clone();
        next.count = next.count.max(listed.count);
        next.withdrawn.clear();
        next.dead.retain(|token| !listed.grants.contains_key(token));
        next.listed = listed;
        next
    }

    /// The same, but what was issued stays what it is, though it be listed.
    #[must_use]
    pub fn under(&self, listed: Arc<Listed<P>>) -> Self {
        let mut next = self.over(listed);
        let issued = next.issued.iter().filter(|(_, grant)| grant.is_some());
        let both = issued.filter(|(token, _)| next.listed.grants.contains_key(*token));
        next.withdrawn = both.map(|(token, _)| token.clone()).collect();
        next
    }
}

impl<P> Drop for Tokens<P> {
    /// Leaves nothing behind that would lead to a sandbox that is gone. Tokens that took the place of
    /// these hold what these held.
    fn drop(&mut self) {
        if let Some(issuer) = &self.issuer
            && Arc::strong_count(issuer) == 1
        {
            issuer.forget(self.oldest_first.iter());
        }
    }
}
