//! Credentials: a token or a client, and never both.

use jiff::Timestamp;

use super::users::Accounts;
use super::{Check, JWT_SECRET};
use crate::format::{FileId, Firsts, Sourced, Text, written_true};
use crate::place::{Place, cut};
use crate::platform::{
    Credential, CredentialKeys, CredentialKind, GivenKey, References as _, came_along,
    check_credential, client_ids, expiry,
};
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
        let known = client_ids(section.credentials.iter().map(|it| &it.value));
        let mut renewing = Firsts::new();
        for Sourced { file, value } in &section.credentials {
            let user = value.user.as_ref();
            let user = user.and_then(|user| self.living(*file, user, accounts));
            let expires = expiry(value, *file, self.problems);
            self.scopes_and_grants(*file, value);
            let renewal = self.renewal(*file, value, &known, &mut renewing);
            let is_sound = check_credential(value, *file, self.lost, self.problems);
            let Some(user) = user else {
                continue;
            };
            if is_sound {
                let scopes = scopes(value);
                credentials.add(value, Holder { user, scopes }, expires, renewal);
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
        let (refresh, client) = came_along(
            &written.refresh_token,
            &written.client,
            written.refresh_expires.is_some(),
            (file, written.spot),
            self.lost,
            self.problems,
        )?;
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

/// A refresh token as it came along with a token.
struct Renewing {
    token: String,
    client: String,
    expires: Option<Timestamp>,
}

impl Credentials {
    fn add(
        &mut self,
        written: &written::Credential,
        holder: Holder,
        expires: Option<Timestamp>,
        renewal: Option<Renewing>,
    ) {
        let text = |place: &Place<Text>| place.value.0.clone();
        if let Some(access) = &written.token {
            if let Some(renewal) = renewal {
                let Renewing {
                    token,
                    client,
                    expires,
                } = renewal;
                let principal = Renewal {
                    holder: holder.clone(),
                    client,
                    access: text(access),
                };
                self.tokens.add_refresh(token, Grant { principal, expires });
            }
            let principal = holder;
            let grant = Grant { principal, expires };
            let is_revoked = written_true(&written.revoked);
            self.tokens.add_access(text(access), grant, is_revoked);
        } else if let (Some(id), Some(secret)) = (&written.client_id, &written.client_secret) {
            let client = Client {
                secret: text(secret),
                owner: holder.user,
                grants: grants(written),
                scopes: holder.scopes,
            };
            self.clients.add(text(id), client);
        }
    }
}

impl Credential for written::Credential {
    const KINDS: &'static [CredentialKind] = &[
        CredentialKind {
            proof: &["token"],
            needed: &["user"],
            allowed: &[
                "expires",
                "expired",
                "revoked",
                "scopes",
                "refresh_token",
                "refresh_expires",
                "client",
            ],
        },
        CredentialKind {
            proof: &["client_id", "client_secret"],
            needed: &["user"],
            allowed: &["grants", "scopes"],
        },
    ];

    fn keys(&self) -> CredentialKeys<'_> {
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
                GivenKey::any("revoked", revoked.as_slice()),
                GivenKey::filled("refresh_token", refresh_token),
                GivenKey::any("refresh_expires", refresh_expires.as_slice()),
                GivenKey::any("client", client.as_slice()),
                GivenKey::any("grants", grants),
                GivenKey::any("scopes", scopes),
            ],
        }
    }
}

fn scopes(written: &written::Credential) -> Box<[String]> {
    let scopes: Vec<String> = written.scopes.iter().map(|it| it.value.0.clone()).collect();
    if scopes.is_empty() {
        SCOPES.map(str::to_owned).into()
    } else {
        scopes.into()
    }
}

fn grants(written: &written::Credential) -> Box<[GrantType]> {
    let grants: Vec<GrantType> = written.grants.iter().map(|it| it.value).collect();
    if grants.is_empty() {
        [GrantType::ClientCredentials, GrantType::Password].into()
    } else {
        grants.into()
    }
}
