//! Credentials: a token or a client, and never both.

use jiff::Timestamp;

use super::references::Firsts;
use super::users::Accounts;
use super::{Check, JWT_SECRET};
use crate::format::{FileId, Sourced, Text, written_true};
use crate::place::{Place, Spot, cut};
use crate::tokens::Grant;
use crate::vendors::openedx::merged::Section;
use crate::vendors::openedx::tokens::{Client, Clients, GrantType, Holder, ListedTokens, Renewal};
use crate::vendors::openedx::written;

/// What a token may be used for where the scenario does not say.
const SCOPES: [&str; 4] = ["read", "write", "email", "profile"];

/// The credentials as meant.
#[derive(Default)]
pub(super) struct Credentials {
    pub(super) tokens: ListedTokens,
    pub(super) first_token: Option<String>,
    pub(super) clients: Clients,
}

impl Check<'_> {
    pub(super) fn credentials(&mut self, section: &Section, accounts: &Accounts) -> Credentials {
        let written::Issued {
            tokens,
            refresh_tokens,
        } = &section.issued;
        let count = |issued: &Option<u32>| issued.unwrap_or(0).into();
        let mut credentials = Credentials {
            tokens: ListedTokens::after(count(tokens), count(refresh_tokens)),
            ..Credentials::default()
        };
        self.expired_jwts(section, &mut credentials.tokens);
        let known = clients(section);
        let mut renewing = Firsts::new();
        for Sourced { file, value } in &section.credentials {
            let user = value.user.as_ref();
            let user = user.and_then(|user| self.living(*file, user, accounts));
            // Elsewhere it does not belong.
            let expires = value.expires.as_ref().filter(|_| value.token.is_some());
            let expires = expires.and_then(|place| self.instant(*file, place));
            self.scopes_and_grants(*file, value);
            let renewal = self.renewal(*file, value, &known, &mut renewing);
            let (Some(means), Some(user)) = (self.credential(*file, value), user) else {
                continue;
            };
            let scopes = scopes(value);
            match means {
                Means::Token(token) => {
                    let holder = Holder { user, scopes };
                    if let Some(renewal) = renewal {
                        credentials.add_renewal(renewal, holder.clone(), token.clone());
                    }
                    credentials.add_token(token, holder, expires, value);
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

    /// Those that died before their hour.
    fn expired_jwts(&mut self, section: &Section, tokens: &mut ListedTokens) {
        for Sourced { file, value } in &section.expired_jwts {
            let is_visible = value.value.bytes().all(|byte| byte.is_ascii_graphic());
            if (value.value.is_empty() || !is_visible) && !value.spot.is_nowhere() {
                let what = "this is no JWT, expected visible ASCII without spaces";
                self.problems.at(*file, value.spot, what, None);
            }
            tokens.add_expired_jwt(&value.value);
        }
    }

    /// The refresh token that came along with a token: all of it is there, its client is one, and it came
    /// along with no other.
    fn renewal(
        &mut self,
        file: FileId,
        written: &written::Credential,
        known: &[String],
        renewing: &mut Firsts<String>,
    ) -> Option<Renewing> {
        written.token.as_ref()?;
        let expires = written.refresh_expires.as_ref();
        let expires = expires.and_then(|place| self.instant(file, place));
        if let Some(client) = &written.client {
            self.refers_to_client(file, client, known);
        }
        let (refresh, client) = match (&written.refresh_token, &written.client) {
            (Some(refresh), Some(client)) => (refresh, client),
            (None, None) if written.refresh_expires.is_none() => return None,
            (refresh, _) => {
                let lacking = match refresh {
                    Some(_) => "client",
                    None => "refresh_token",
                };
                if self.lost.is_whole(file, written.spot) {
                    let what = format!(
                        "this credential lacks `{lacking}`, expected `refresh_token` together with `client`"
                    );
                    self.problems.at(file, written.spot, what, None);
                }
                return None;
            }
        };
        let token = refresh.value.0.clone();
        let place = (file, refresh.spot);
        self.only_once(place, token.clone(), "refresh_token", renewing);
        Some(Renewing {
            token,
            client: client.value.0.clone(),
            expires,
        })
    }

    /// Each once, and scopes as they can stand in a list with spaces between them. A token is issued with
    /// the scopes that were asked for, be it twice.
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
            if written.token.is_none() {
                self.only_once((file, scope.spot), name, &what, &mut scopes);
            }
        }
    }

    /// Which of the two ways a credential is written in; a mixture is refused.
    fn credential(&mut self, file: FileId, written: &written::Credential) -> Option<Means> {
        // What is missing may be what could not be read.
        if !self.lost.is_whole(file, written.spot) {
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
                Some(Given { spot, text }) if wanted.allowed.contains(&key) => {
                    self.is_usable(file, key, spot, text.unwrap_or("-"));
                }
                Some(Given { spot, .. }) => {
                    let what = format!(
                        "`{key}` does not belong to this kind of credential, expected {expected}"
                    );
                    self.problems.at(file, spot, what, None);
                }
                None if is_needed => {
                    let what = format!("this credential lacks `{key}`, expected {expected}");
                    self.problems.at(file, written.spot, what, None);
                }
                None => {}
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
            "client_id" | "client_secret" | "refresh_token" if text.is_empty() => {
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
    allowed: &[
        "expires",
        "expired",
        "revoked",
        "scopes",
        "refresh_token",
        "refresh_expires",
        "client",
    ],
    words: "`token` and `user`, perhaps with `expires`, `expired`, `revoked`, `scopes`, \
            `refresh_token`, `refresh_expires` and `client`",
};

const CLIENT: Kind = Kind {
    needed: &["client_id", "client_secret", "user"],
    allowed: &["grants", "scopes"],
    words: "`client_id`, `client_secret` and `user`, perhaps with `grants` and `scopes`",
};

/// A refresh token as it came along with a token.
struct Renewing {
    token: String,
    client: String,
    expires: Option<Timestamp>,
}

impl Credentials {
    fn add_renewal(&mut self, renewing: Renewing, holder: Holder, access: String) {
        let Renewing {
            token,
            client,
            expires,
        } = renewing;
        let principal = Renewal {
            holder,
            client,
            access,
        };
        self.tokens.add_refresh(token, Grant { principal, expires });
    }

    fn add_token(
        &mut self,
        token: String,
        principal: Holder,
        expires: Option<Timestamp>,
        written: &written::Credential,
    ) {
        let is_revoked = written_true(&written.revoked);
        if !is_revoked {
            self.first_token.get_or_insert_with(|| token.clone());
        }
        let expires = match written_true(&written.expired) {
            true => Some(Timestamp::MIN),
            false => expires,
        };
        let grant = Grant { principal, expires };
        self.tokens.add_access(token, grant, is_revoked);
    }
}

/// The ids of the clients, sorted.
fn clients(section: &Section) -> Vec<String> {
    let credentials = section.credentials.iter();
    let credentials = credentials.filter(|it| it.value.token.is_none());
    let ids = credentials.filter_map(|it| it.value.client_id.as_ref());
    let mut ids: Vec<String> = ids.map(|id| id.value.0.clone()).collect();
    ids.sort();
    ids
}

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

fn keys(written: &written::Credential) -> [(&'static str, Option<Given<'_>>); 12] {
    // Taken apart, so that a new key cannot be forgotten.
    let written::Credential {
        token,
        expires,
        expired,
        revoked,
        refresh_token,
        refresh_expires,
        client,
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
        ("expired", first(expired.as_slice())),
        ("revoked", first(revoked.as_slice())),
        ("refresh_token", given(refresh_token)),
        ("refresh_expires", given(refresh_expires)),
        ("client", given(client)),
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
