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
    /// Nobody ever issued it, or it was taken back.
    Unknown,
    /// It is dead.
    Expired,
}

/// How many issued tokens one world remembers. The oldest is forgotten first, so a client that
/// asks for a token before every call costs no more memory than one that asks once.
const ISSUED_AT_MOST: usize = 10_000;

/// The tokens of one vendor in one world.
#[derive(Clone, Debug)]
pub struct Tokens<P> {
    listed: Arc<HashMap<String, Grant<P>>>,
    /// Those of the listed ones that were taken back.
    withdrawn: HashSet<String>,
    /// Those that died before their hour, and when.
    dead: HashMap<String, Timestamp>,
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
    pub fn new(listed: Arc<HashMap<String, Grant<P>>>) -> Self {
        Tokens {
            listed,
            withdrawn: HashSet::new(),
            dead: HashMap::new(),
            issued: HashMap::new(),
            oldest_first: VecDeque::new(),
            count: 0,
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
    /// When nobody issued it, or it is dead.
    pub fn look_up(&self, token: &str, now: Timestamp) -> Result<&P, TokenError> {
        Ok(&self.live(token, now)?.principal)
    }

    /// What `token` stands for and until when.
    ///
    /// # Errors
    /// When nobody issued it, or it is dead.
    pub fn live(&self, token: &str, now: Timestamp) -> Result<&Grant<P>, TokenError> {
        let grant = self.grant(token).ok_or(TokenError::Unknown)?;
        match grant.expires {
            _ if self.dead.contains_key(token) => Err(TokenError::Expired),
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
            if !self.listed.contains_key(&token) {
                break token;
            }
        };
        self.remember(token, grant)
    }

    /// Remembers a token. One that was issued before stands for the new thing from now on.
    pub fn remember(&mut self, token: String, grant: Grant<P>) -> String {
        self.dead.remove(&token);
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
        match self.listed.contains_key(token) {
            true => {
                self.withdrawn.insert(token.to_owned());
            }
            false => {
                self.issued.insert(token.to_owned(), None);
            }
        }
        Some(principal)
    }

    /// Makes a token die before its hour, whatever the clock will show; whether it lived. A reset brings a
    /// listed one back to life.
    pub fn expire(&mut self, token: &str, now: Timestamp) -> bool {
        if self.live(token, now).is_err() {
            return false;
        }
        self.dead.insert(token.to_owned(), now);
        true
    }

    /// Whether a token that was issued was taken back.
    pub fn is_revoked(&self, token: &str) -> bool {
        matches!(self.issued.get(token), Some(None))
    }

    /// What a token stands for, dead or alive. None: nobody issued it, or it was taken back.
    pub fn grant(&self, token: &str) -> Option<&Grant<P>> {
        match self.listed.get(token) {
            Some(_) if self.withdrawn.contains(token) => None,
            Some(grant) => Some(grant),
            None => self.issued.get(token)?.as_ref(),
        }
    }

    /// The tokens that were issued and not taken back, the oldest first, with the hour at which they die or
    /// died.
    pub fn issued(&self) -> impl Iterator<Item = (&str, Grant<P>)> {
        let tokens = self.oldest_first.iter();
        tokens.filter_map(|token| {
            let grant = self.issued.get(token)?.as_ref()?;
            let expires = self.dead.get(token).copied().or(grant.expires);
            let principal = grant.principal.clone();
            Some((token.as_str(), Grant { principal, expires }))
        })
    }

    /// Until when a token lives or has lived. None: nobody issued it, or it was taken back.
    pub fn expiry(&self, token: &str) -> Option<Option<Timestamp>> {
        let grant = self.grant(token)?;
        Some(self.dead.get(token).copied().or(grant.expires))
    }

    /// The same tokens with others listed, which all are as they are listed. What was issued lives on, and
    /// nothing is issued twice.
    #[must_use]
    pub fn over(&self, listed: Arc<HashMap<String, Grant<P>>>) -> Self {
        let mut next = self.clone();
        next.listed = listed;
        next.withdrawn.clear();
        next.dead
            .retain(|token, _| !next.listed.contains_key(token));
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
