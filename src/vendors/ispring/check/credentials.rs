//! Credentials: each in exactly one of three kinds.

use std::sync::Arc;

use jiff::Timestamp;
use smol_str::SmolStr;

use super::{Check, Checked};
use crate::format::{FileId, Sourced, Text, written_true};
use crate::place::{Place, cut};
use crate::platform::Principal;
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
        let mut tokens = Listed::after(section.issued.tokens.unwrap_or(0).into());
        let mut credentials = Credentials::default();
        for Sourced { file, value } in &section.credentials {
            let file = *file;
            let user = value.user.as_ref();
            let user = user.map(|user| self.refers(file, user, users));
            // Elsewhere it does not belong.
            let expires = value.expires.as_ref().filter(|_| value.token.is_some());
            let expires = expires.and_then(|place| self.instant(file, place));
            let expires = match written_true(&value.expired) {
                true => Some(Timestamp::MIN),
                false => expires,
            };
            let means = self.credential(file, value);
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
            match means {
                None => {}
                Some(Means::Token(token)) => {
                    credentials.first_token.get_or_insert_with(|| token.clone());
                    tokens.add(token, Grant { principal, expires });
                }
                Some(Means::Client(id, secret)) => {
                    let first = || (id.clone(), secret.clone());
                    credentials.first_client.get_or_insert_with(first);
                    credentials.clients.insert(id, (secret, principal));
                }
                Some(Means::Account(url, email, password)) => {
                    let account = (Credentials::account_url(&url), email.to_lowercase());
                    credentials.accounts.insert(account, (password, principal));
                }
            }
        }
        credentials.tokens = Arc::new(tokens);
        credentials
    }

    /// Which of the three ways a credential is written in; a mixture is refused.
    fn credential(&mut self, file: FileId, written: &written::Credential) -> Option<Means> {
        let written::Credential {
            token,
            expires,
            expired,
            client_id,
            client_secret,
            account_url,
            email,
            password,
            user: _,
            spot,
        } = written;
        // What is missing may be what could not be read.
        if !self.lost.is_whole(file, *spot) {
            return None;
        }
        let text = |place: &Option<Place<Text>>| place.as_ref().map(|place| place.value.0.clone());
        let (wanted, means): (&Kind, _) = match (text(token), text(client_id), text(account_url)) {
            (Some(token), None, None) => (&TOKEN, Some(Means::Token(token))),
            (None, Some(id), None) => {
                let secret = text(client_secret);
                let means = secret.map(|secret| Means::Client(id, secret));
                (&CLIENT, means)
            }
            (None, None, Some(url)) => {
                let rest = text(email).zip(text(password));
                let means = rest.map(|(email, password)| Means::Account(url, email, password));
                (&ACCOUNT, means)
            }
            (_, _, _) => {
                let what = "a credential has either `token`, or `client_id` and `client_secret`, or \
                            `account_url`, `email` and `password`; expected exactly one of these";
                self.problems.at(file, *spot, what, None);
                return None;
            }
        };
        let given = [
            ("token", token),
            ("expires", expires),
            ("client_id", client_id),
            ("client_secret", client_secret),
            ("account_url", account_url),
            ("email", email),
            ("password", password),
        ];
        let (wanted, expected) = wanted;
        let does_not_belong = |key: &str| {
            format!("`{key}` does not belong to this kind of credential, expected {expected}")
        };
        if let Some(place) = expired.as_ref().filter(|_| token.is_none()) {
            let what = does_not_belong("expired");
            self.problems.at(file, place.spot, what, None);
        }
        for (key, value) in given {
            let needed = wanted.contains(&key);
            match value {
                Some(place) if needed => self.fits_a_header(file, key, place),
                Some(place) => {
                    let what = does_not_belong(key);
                    self.problems.at(file, place.spot, what, None);
                }
                None if needed && key != "expires" => {
                    let what = format!("this credential lacks `{key}`, expected {expected}");
                    self.problems.at(file, *spot, what, None);
                }
                None => {}
            }
        }
        means
    }

    /// What is sent in a header must be something that a header can carry; what is sent elsewhere must be
    /// there.
    fn fits_a_header(&mut self, file: FileId, key: &str, written: &Place<Text>) {
        let text: &str = &written.value;
        if matches!(key, "client_id" | "client_secret") && text.is_empty() {
            let what = format!("`{key}` is empty, expected some text");
            self.problems.at(file, written.spot, what, None);
            return;
        }
        let (fits, expected) = match key {
            "token" | "account_url" | "email" => (
                text.bytes().all(|byte| byte.is_ascii_graphic()),
                "visible ASCII without spaces",
            ),
            "password" => (
                text.bytes()
                    .all(|byte| byte.is_ascii_graphic() || byte == b' ')
                    && text == text.trim(),
                "visible ASCII without spaces around it",
            ),
            _ => return,
        };
        if text.is_empty() || !fits {
            let what = match key {
                "token" | "password" => {
                    format!("`{key}` is sent in a header, expected {expected}")
                }
                _ => format!(
                    "`{key}` is `{}` and is sent in a header, expected {expected}",
                    cut(text)
                ),
            };
            self.problems.at(file, written.spot, what, None);
        }
    }
}

/// The keys of each kind of credential, and how to say so.
type Kind = (&'static [&'static str], &'static str);
const TOKEN: Kind = (
    &["token", "expires"],
    "`token`, perhaps with `expires` and `expired`",
);
const CLIENT: Kind = (
    &["client_id", "client_secret"],
    "`client_id` and `client_secret`",
);
const ACCOUNT: Kind = (
    &["account_url", "email", "password"],
    "`account_url`, `email` and `password`",
);

/// How somebody proves who calls.
enum Means {
    /// With a token.
    Token(String),
    /// With a client's id and secret.
    Client(String, String),
    /// With an account's URL, an e-mail address and a password.
    Account(String, String, String),
}
