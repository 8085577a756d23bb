//! Credentials: each in exactly one of three kinds.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Check, Checked};
use crate::format::Sourced;
use crate::platform::{
    Credential, CredentialKeys, CredentialKind, GivenKey, Principal, check_credential, expiry,
};
use crate::tokens::{Grant, Listed};
use crate::vendors::ispring::merged::Section;
use crate::vendors::ispring::records::User;
use crate::vendors::ispring::world::Credentials;
use crate::vendors::ispring::written;

impl Check<'_> {
    pub(super) fn credentials(
        &mut self,
        section: &Section,
        users: &Checked<Arc<User>>,
    ) -> Credentials {
        let mut credentials = Credentials::default();
        let mut tokens = Listed::after(section.issued.tokens.unwrap_or(0).into());
        for Sourced { file, value } in &section.credentials {
            let user = value.user.as_ref();
            let user = user.map(|user| self.refers(*file, user, users));
            let expires = expiry(value, *file, self.problems);
            let is_sound = check_credential(value, *file, self.lost, self.problems);
            let principal = match user {
                Some(None) => continue,
                Some(Some(user)) => Principal {
                    name: user.id.text().as_str().into(),
                    user: Some(user.number),
                    rights: 0,
                },
                None => Principal {
                    name: SmolStr::new_static("account"),
                    user: None,
                    rights: 0,
                },
            };
            if !is_sound {
                continue;
            }
            match &value.token {
                Some(token) => tokens.add(token.value.0.clone(), Grant { principal, expires }),
                None => credentials.add(value, principal),
            }
        }
        credentials.tokens = Arc::new(tokens);
        credentials
    }
}

impl Credentials {
    /// Adds a client or an account.
    fn add(&mut self, written: &written::Credential, principal: Principal) {
        let written::Credential {
            client_id,
            client_secret,
            account_url,
            email,
            password,
            ..
        } = written;
        if let (Some(id), Some(secret)) = (client_id, client_secret) {
            let (id, secret) = (id.value.0.clone(), secret.value.0.clone());
            let first = || (id.clone(), secret.clone());
            self.first_client.get_or_insert_with(first);
            self.clients.insert(id, (secret, principal));
        } else if let (Some(url), Some(email), Some(password)) = (account_url, email, password) {
            let url = Credentials::account_url(&url.value);
            let account = (url, email.value.to_lowercase());
            let password = password.value.0.clone();
            self.accounts.insert(account, (password, principal));
        }
    }
}

impl Credential for written::Credential {
    const KINDS: &'static [CredentialKind] = &[
        CredentialKind {
            proof: &["token"],
            needed: &[],
            allowed: &["expires", "expired"],
        },
        CredentialKind {
            proof: &["client_id", "client_secret"],
            needed: &[],
            allowed: &[],
        },
        CredentialKind {
            proof: &["account_url", "email", "password"],
            needed: &[],
            allowed: &[],
        },
    ];

    fn keys(&self) -> CredentialKeys<'_> {
        // Taken apart, so that a new key cannot be forgotten.
        let written::Credential {
            token,
            expires,
            expired,
            client_id,
            client_secret,
            account_url,
            email,
            password,
            user,
            spot,
        } = self;
        CredentialKeys {
            spot: *spot,
            token,
            expires,
            expired,
            client_id,
            client_secret,
            user,
            own: vec![
                GivenKey::sent("account_url", account_url),
                GivenKey::sent("email", email),
                GivenKey::sent_phrase("password", password),
            ],
        }
    }
}
