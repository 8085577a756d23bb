//! Access tokens: listed by the scenario or issued while it runs; each dies at its hour.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

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
    /// None: it was taken back.
    issued: HashMap<String, Option<Grant<P>>>,
    oldest_first: VecDeque<String>,
    /// How many tokens were ever issued.
    count: u64,
}

impl<P: Clone> Tokens<P> {
    /// The tokens that the scenario lists, and none issued.
    pub fn new(listed: Arc<HashMap<String, Grant<P>>>) -> Self {
        Tokens {
            listed,
            withdrawn: HashSet::new(),
            issued: HashMap::new(),
            oldest_first: VecDeque::new(),
            count: 0,
        }
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
            Some(expires) if expires <= now => Err(TokenError::Expired),
            _ => Ok(grant),
        }
    }

    /// Remembers a token made by `text` from its number: 0 for the first one issued. One that was issued
    /// before stands for the new thing from now on.
    pub fn issue(&mut self, text: impl FnOnce(u64) -> String, grant: Grant<P>) -> String {
        let token = text(self.count);
        self.count += 1;
        if self.issued.insert(token.clone(), Some(grant)).is_some() {
            return token;
        }
        if self.oldest_first.len() >= ISSUED_AT_MOST
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.issued.remove(&oldest);
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

    /// Whether a token that was issued was taken back.
    pub fn is_revoked(&self, token: &str) -> bool {
        matches!(self.issued.get(token), Some(None))
    }

    fn grant(&self, token: &str) -> Option<&Grant<P>> {
        match self.listed.get(token) {
            Some(_) if self.withdrawn.contains(token) => None,
            Some(grant) => Some(grant),
            None => self.issued.get(token)?.as_ref(),
        }
    }

    /// Forgets every issued token.
    pub fn reset(&mut self) {
        *self = Tokens::new(Arc::clone(&self.listed));
    }
}
