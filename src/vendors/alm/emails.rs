//! Who has which address. Users do not change while running, so this is settled when the scenario is read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::generated::Generated;
use super::records::{User, UserNumber};

/// Addresses, lower-case.
#[derive(Debug)]
pub struct Emails {
    generated: Option<Arc<Generated>>,
    listed: HashMap<String, UserNumber>,
    /// Whom the scenario lists: their generated addresses are no longer theirs.
    replaced: HashSet<UserNumber>,
}

impl Emails {
    /// Those of a population under those of the listed users. Of two with one address, the first counts.
    pub fn new<'a>(
        generated: Option<Arc<Generated>>,
        users: impl Iterator<Item = &'a User>,
    ) -> Self {
        let mut emails = Emails {
            generated,
            listed: HashMap::new(),
            replaced: HashSet::new(),
        };
        for user in users {
            emails.replaced.insert(user.number);
            if let Some(email) = &user.email {
                let email = email.to_lowercase();
                emails.listed.entry(email).or_insert(user.number);
            }
        }
        emails
    }

    /// The user with this address.
    pub fn get(&self, email: &str) -> Option<UserNumber> {
        let email = email.to_lowercase();
        let generated = || {
            let number = self.generated.as_ref()?.user_with_email(&email)?;
            (!self.replaced.contains(&number)).then_some(number)
        };
        self.listed.get(&email).copied().or_else(generated)
    }
}
