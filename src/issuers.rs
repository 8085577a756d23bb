//! Which sandbox issued a token: what lets a token alone lead a request to its sandbox.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The tokens that sandboxes have issued, access tokens, refresh tokens and codes alike. Each belongs to
/// one sandbox, since what a sandbox issues derives from its name.
#[derive(Debug, Default)]
pub struct Issuers {
    by_token: RwLock<HashMap<Box<str>, Arc<str>>>,
}

impl Issuers {
    /// The name of the sandbox that issued a token and still remembers it.
    pub fn find(&self, token: &str) -> Option<Arc<str>> {
        self.read().get(token).cloned()
    }

    /// How many tokens there are.
    pub fn count(&self) -> usize {
        self.read().len()
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<Box<str>, Arc<str>>> {
        self.by_token.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<Box<str>, Arc<str>>> {
        self.by_token
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// One sandbox among them. A sandbox that comes to be under the name of one that has ended is another.
#[derive(Clone, Debug)]
pub struct Issuer {
    name: Arc<str>,
    all: Arc<Issuers>,
}

impl Issuer {
    /// The sandbox of this name.
    pub fn new(name: &str, all: &Arc<Issuers>) -> Self {
        Issuer {
            name: name.into(),
            all: Arc::clone(all),
        }
    }

    /// The same sandbox, started over: what it issues from now on is its own, though it be the same texts,
    /// and outlives what it issued before.
    #[must_use]
    pub fn anew(&self) -> Self {
        Issuer::new(&self.name, &self.all)
    }

    /// Notes that a token is from here.
    pub fn note(&self, token: &str) {
        self.all
            .write()
            .insert(token.into(), Arc::clone(&self.name));
    }

    /// Forgets tokens, as far as they are from here.
    pub fn forget<'a>(&self, tokens: impl Iterator<Item = &'a String>) {
        let mut tokens = tokens.peekable();
        if tokens.peek().is_none() {
            return;
        }
        let mut by_token = self.all.write();
        for token in tokens {
            let issuer = by_token.get(token.as_str());
            if issuer.is_some_and(|name| Arc::ptr_eq(name, &self.name)) {
                by_token.remove(token.as_str());
            }
        }
        // Else room for the most that there ever were would be kept for ever.
        if by_token.len() < by_token.capacity() / 4 {
            by_token.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_issued_again_outlives_the_one_that_was_issued_before() {
        let all = Arc::new(Issuers::default());
        let before = Issuer::new("alice", &all);
        before.note("token");
        let after = before.anew();
        after.note("token");
        before.forget(["token".to_owned()].iter());
        assert_eq!(all.find("token").as_deref(), Some("alice"));
        after.forget(["token".to_owned()].iter());
        assert_eq!((all.find("token"), all.count()), (None, 0));
    }
}
