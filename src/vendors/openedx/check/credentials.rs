//! Credentials: a token or a client, and never both.

use std::collections::HashMap;

use super::references::Firsts;
use super::users::Accounts;
use super::{Check, JWT_SECRET};
use crate::place::{Place, Spot, cut};
use crate::scenario::{FileId, Sourced, Text};
use crate::tokens::Grant;
use crate::vendors::openedx::merged::Section;
use crate::vendors::openedx::tokens::{Client, Clients, GrantType, Holder};
use crate::vendors::openedx::written;

/// What a token may be used for where the scenario does not say.
const SCOPES: [&str; 4] = ["read", "write", "email", "profile"];

/// The credentials as meant.
#[derive(Default)]
pub(super) struct Credentials {
    pub(super) tokens: HashMap<String, Grant<Holder>>,
    pub(super) first_token: Option<String>,
    pub(super) clients: Clients,
}

impl Check<'_> {
    pub(super) fn credentials(
        &mut self,
        written: &[Sourced<written::Credential>],
        accounts: &Accounts,
    ) -> Credentials {
        let mut credentials = Credentials::default();
        for Sourced { file, value } in written {
            let user = value.user.as_ref();
            let user = user.and_then(|user| self.living(*file, user, accounts));
            // Elsewhere it does not belong.
            let expires = value.expires.as_ref().filter(|_| value.token.is_some());
            let expires = expires.and_then(|place| self.instant(*file, place));
            self.scopes_and_grants(*file, value);
            let (Some(means), Some(user)) = (self.credential(*file, value), user) else {
                continue;
            };
            let scopes = scopes(value);
            match means {
                Means::Token(token) => {
                    let principal = Holder { user, scopes };
                    credentials.first_token.get_or_insert_with(|| token.clone());
                    credentials
                        .tokens
                        .insert(token, Grant { principal, expires });
                }
                Means::Client(id, secret) => {
                    let client = Client {
                        secret,
                        owner: user,
                        grants: grants(value),
                        scopes,
                    };
                    credentials.clients.add(id, client);
                }
            }
        }
        credentials
    }

    /// Each once, and scopes as they can stand in a list with spaces between them.
    fn scopes_and_grants(&mut self, file: FileId, written: &written::Credential) {
        let mut grants = Firsts::new();
        for grant in &written.grants {
            let name = match grant.value {
                GrantType::ClientCredentials => "grant `client_credentials`",
                GrantType::Password => "grant `password`",
            };
            self.only_once((file, grant.spot), name, name, &mut grants);
        }
        let mut scopes = Firsts::new();
        for scope in &written.scopes {
            let name: &str = &scope.value;
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
                let what = format!(
                    "`{}` is not a scope, expected one word such as read, write, email, profile",
                    cut(name)
                );
                self.problems.at(file, scope.spot, what, None);
            }
            let what = format!("scope `{}`", cut(name));
            self.only_once((file, scope.spot), name, &what, &mut scopes);
        }
    }

    /// Which of the two ways a credential is written in; a mixture is refused.
    fn credential(&mut self, file: FileId, written: &written::Credential) -> Option<Means> {
        // What is missing may be what could not be read.
        if !self.merged.is_whole(file, written.spot) {
            return None;
        }
        let text = |place: &Place<Text>| place.value.0.clone();
        let (wanted, means) = match (&written.token, &written.client_id) {
            (Some(token), None) => (&TOKEN, Some(Means::Token(text(token)))),
            (None, Some(id)) => {
                let secret = written.client_secret.as_ref();
                let means = secret.map(|secret| Means::Client(text(id), text(secret)));
                (&CLIENT, means)
            }
            (_, _) => {
                let what = "a credential has either `token`, or `client_id` and `client_secret`; \
                            expected exactly one of these";
                self.problems.at(file, written.spot, what, None);
                return None;
            }
        };
        self.belongs(file, written, wanted);
        means
    }

    /// Every key that the kind needs is there, and no other.
    fn belongs(&mut self, file: FileId, written: &written::Credential, wanted: &Kind) {
        let expected = wanted.words;
        for (key, given) in keys(written) {
            let is_needed = wanted.needed.contains(&key);
            match given {
                Some(Given { spot, text }) if is_needed => {
                    self.is_usable(file, key, spot, text.unwrap_or_default());
                }
                Some(Given { spot, .. }) if !wanted.allowed.contains(&key) => {
                    let what = format!(
                        "`{key}` does not belong to this kind of credential, expected {expected}"
                    );
                    self.problems.at(file, spot, what, None);
                }
                None if is_needed => {
                    let what = format!("this credential lacks `{key}`, expected {expected}");
                    self.problems.at(file, written.spot, what, None);
                }
                Some(_) | None => {}
            }
        }
    }

    /// What is sent in a header must be something that a header can carry.
    fn is_usable(&mut self, file: FileId, key: &str, spot: Spot, text: &str) {
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        let what = match key {
            "token" if text.is_empty() || !is_visible => {
                "`token` is sent in a header, expected visible ASCII without spaces".to_owned()
            }
            "client_id" | "client_secret" if text.is_empty() => {
                format!("`{key}` is empty, expected some text")
            }
            _ => return,
        };
        self.problems.at(file, spot, what, None);
    }

    pub(super) fn jwt_secret(&mut self, section: &Section) -> String {
        let Some(Sourced { file, value }) = &section.jwt_secret else {
            return JWT_SECRET.to_owned();
        };
        if value.value.is_empty() && !value.spot.is_nowhere() {
            let what = "`jwt_secret` is empty, expected some text";
            self.problems.at(*file, value.spot, what, None);
        }
        value.value.0.clone()
    }
}

/// A kind of credential: the keys it must and may have, and how to say so.
struct Kind {
    needed: &'static [&'static str],
    allowed: &'static [&'static str],
    words: &'static str,
}

const TOKEN: Kind = Kind {
    needed: &["token", "user"],
    allowed: &["expires"],
    words: "`token` and `user`, perhaps with `expires`",
};

const CLIENT: Kind = Kind {
    needed: &["client_id", "client_secret", "user"],
    allowed: &["grants", "scopes"],
    words: "`client_id`, `client_secret` and `user`, perhaps with `grants` and `scopes`",
};

/// How somebody proves who calls.
enum Means {
    /// With a token.
    Token(String),
    /// With a client's id and secret.
    Client(String, String),
}

/// A key of a credential that is written: where, and its text if it is one.
struct Given<'a> {
    spot: Spot,
    text: Option<&'a str>,
}

fn keys(written: &written::Credential) -> [(&'static str, Option<Given<'_>>); 7] {
    // Taken apart, so that a new key cannot be forgotten.
    let written::Credential {
        token,
        expires,
        client_id,
        client_secret,
        user,
        grants,
        scopes,
        spot: _,
    } = written;
    [
        ("token", given(token)),
        ("expires", given(expires)),
        ("client_id", given(client_id)),
        ("client_secret", given(client_secret)),
        ("user", given(user)),
        ("grants", first(grants)),
        ("scopes", first(scopes)),
    ]
}

fn given(written: &Option<Place<Text>>) -> Option<Given<'_>> {
    let place = written.as_ref()?;
    Some(Given {
        spot: place.spot,
        text: Some(&place.value),
    })
}

fn first<T>(written: &[Place<T>]) -> Option<Given<'_>> {
    let first = written.first()?;
    Some(Given {
        spot: first.spot,
        text: None,
    })
}

fn scopes(written: &written::Credential) -> Box<[String]> {
    let scopes: Vec<String> = written.scopes.iter().map(|it| it.value.0.clone()).collect();
    match scopes.is_empty() {
        true => SCOPES.map(str::to_owned).into(),
        false => scopes.into(),
    }
}

fn grants(written: &written::Credential) -> Box<[GrantType]> {
    let grants: Vec<GrantType> = written.grants.iter().map(|it| it.value).collect();
    match grants.is_empty() {
        true => [GrantType::ClientCredentials, GrantType::Password].into(),
        false => grants.into(),
    }
}
