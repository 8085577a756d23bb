//! Credentials: a token or a client, and never both.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Check;
use super::users::{People, role_name};
use crate::place::{Place, Spot};
use crate::records::Source as _;
use crate::scenario::{FileId, Firsts, Sourced, Text, dates};
use crate::tokens::Grant;
use crate::vendors::alm::records::{Role, Scope, UserNumber};
use crate::vendors::alm::tokens::{Client, Clients, Holder, Scopes};
use crate::vendors::alm::written;

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
        people: &People,
    ) -> Credentials {
        let mut credentials = Credentials::default();
        for Sourced { file, value } in written {
            let user = value.user.as_ref();
            let user = user.and_then(|user| self.refers(*file, user, &people.ids));
            // Elsewhere it does not belong.
            let expires = value.expires.as_ref().filter(|_| value.token.is_some());
            let expires = expires.and_then(|it| self.problems.read(*file, it, dates::instant));
            let kind = self.kind(*file, value);
            let user = user.map(|(_, number)| number);
            let scopes = self.scopes(*file, value, user, people);
            let (Some(kind), Some(user)) = (kind, user) else {
                continue;
            };
            let holder = Holder { user, scopes };
            credentials.add(kind, holder, value, expires);
        }
        credentials
    }

    /// What the credential may be used for: each once, and what a role of the user's allows.
    fn scopes(
        &mut self,
        file: FileId,
        written: &written::Credential,
        user: Option<UserNumber>,
        people: &People,
    ) -> Scopes {
        let known = user.filter(|number| !people.maimed.contains(number));
        let known = known.and_then(|number| people.base.at(number));
        let Some(scopes) = &written.scopes else {
            let roles = known.iter().flat_map(|user| &*user.roles);
            return roles.flat_map(|role| scopes_of(*role)).copied().collect();
        };
        let mut firsts = Firsts::new();
        for scope in scopes {
            let name = scope_name(scope.value);
            let what = format!("scope `{name}`");
            self.only_once((file, scope.spot), scope.value, &what, &mut firsts);
            let Some(user) = &known else {
                continue;
            };
            if !roles_for(scope.value)
                .iter()
                .any(|it| user.roles.contains(it))
            {
                let roles = roles_for(scope.value).iter().map(|it| role_name(*it));
                let roles: Vec<String> = roles.map(|it| format!("`{it}`")).collect();
                let what = format!(
                    "`{name}` is not for user `{}`, expected a user with the role {}",
                    user.id,
                    roles.join(" or ")
                );
                self.problems.at(file, scope.spot, what, None);
            }
        }
        scopes.iter().map(|scope| scope.value).collect()
    }

    /// Which of the two ways a credential is written in; a mixture is refused.
    fn kind(&mut self, file: FileId, written: &written::Credential) -> Option<Kind> {
        // What is missing may be what could not be read.
        if !self.merged.is_whole(file, written.spot) {
            return None;
        }
        let kind = match (&written.token, &written.client_id) {
            (Some(_), None) => TOKEN,
            (None, Some(_)) => CLIENT,
            (_, _) => {
                let what = "a credential has either `token`, or `client_id` and `client_secret`; \
                            expected exactly one of these";
                self.problems.at(file, written.spot, what, None);
                return None;
            }
        };
        self.belongs(file, written, &kind);
        Some(kind)
    }

    /// Every key that the kind needs is there, and no other.
    fn belongs(&mut self, file: FileId, written: &written::Credential, kind: &Kind) {
        let expected = kind.words;
        for (key, given) in keys(written) {
            let is_needed = kind.needed.contains(&key);
            let may_be = is_needed || kind.allowed.contains(&key);
            match given {
                Some(Given { spot, .. }) if !may_be => {
                    let what = format!(
                        "`{key}` does not belong to this kind of credential, expected {expected}"
                    );
                    self.problems.at(file, spot, what, None);
                }
                Some(Given { spot, text }) => self.is_usable(file, key, spot, text),
                None if is_needed => {
                    let what = format!("this credential lacks `{key}`, expected {expected}");
                    self.problems.at(file, written.spot, what, None);
                }
                None => {}
            }
        }
    }

    /// What is sent in a header must be something that a header can carry.
    fn is_usable(&mut self, file: FileId, key: &str, spot: Spot, text: Option<&str>) {
        let text = text.unwrap_or("-");
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        let what = match key {
            "token" if text.is_empty() || !is_visible => {
                "`token` is sent in a header, expected visible ASCII without spaces".to_owned()
            }
            "client_id" | "client_secret" | "refresh_token" | "code" if text.is_empty() => {
                format!("`{key}` is empty, expected some text")
            }
            _ => return,
        };
        self.problems.at(file, spot, what, None);
    }
}

impl Credentials {
    fn add(
        &mut self,
        kind: Kind,
        holder: Holder,
        written: &written::Credential,
        expires: Option<Timestamp>,
    ) {
        let text = |it: &Option<Place<Text>>| it.as_ref().map(|it| it.value.0.clone());
        if let Some(token) = text(&written.token).filter(|_| kind.is_token) {
            self.first_token.get_or_insert_with(|| token.clone());
            let principal = holder;
            self.tokens.insert(token, Grant { principal, expires });
        } else if let Some((id, secret)) =
            text(&written.client_id).zip(text(&written.client_secret))
        {
            let client = Client {
                secret,
                refresh_token: text(&written.refresh_token),
                code: text(&written.code),
                holder,
            };
            self.clients.add(id, client);
        }
    }
}

/// A kind of credential: the keys it must and may have, and how to say so.
struct Kind {
    is_token: bool,
    needed: &'static [&'static str],
    allowed: &'static [&'static str],
    words: &'static str,
}

const TOKEN: Kind = Kind {
    is_token: true,
    needed: &["token", "user"],
    allowed: &["expires", "scopes"],
    words: "`token` and `user`, perhaps with `expires` and `scopes`",
};

const CLIENT: Kind = Kind {
    is_token: false,
    needed: &["client_id", "client_secret", "user"],
    allowed: &["refresh_token", "code", "scopes"],
    words: "`client_id`, `client_secret` and `user`, perhaps with `refresh_token`, `code` and `scopes`",
};

/// A key of a credential that is written: where, and its text if it is one.
struct Given<'a> {
    spot: Spot,
    text: Option<&'a str>,
}

fn keys(written: &written::Credential) -> [(&'static str, Option<Given<'_>>); 8] {
    // Taken apart, so that a new key cannot be forgotten.
    let written::Credential {
        token,
        expires,
        client_id,
        client_secret,
        refresh_token,
        code,
        user,
        scopes,
        spot,
    } = written;
    let scopes = scopes.as_ref().map(|scopes| Given {
        // An empty list stands where the credential does.
        spot: scopes.first().map_or(*spot, |scope| scope.spot),
        text: None,
    });
    [
        ("token", given(token)),
        ("expires", given(expires)),
        ("client_id", given(client_id)),
        ("client_secret", given(client_secret)),
        ("refresh_token", given(refresh_token)),
        ("code", given(code)),
        ("user", given(user)),
        ("scopes", scopes),
    ]
}

fn given(written: &Option<Place<Text>>) -> Option<Given<'_>> {
    let place = written.as_ref()?;
    Some(Given {
        spot: place.spot,
        text: Some(&place.value),
    })
}

/// What a role may do where a credential does not say.
const fn scopes_of(role: Role) -> &'static [Scope] {
    match role {
        Role::Learner => &[Scope::LearnerRead, Scope::LearnerWrite],
        Role::Admin | Role::IntegrationAdmin => &[Scope::AdminRead, Scope::AdminWrite],
        Role::Author | Role::Instructor => &[],
    }
}

/// The roles of which one is needed for a scope: they are separate, an administrator is no learner.
const fn roles_for(scope: Scope) -> &'static [Role] {
    match scope {
        Scope::LearnerRead | Scope::LearnerWrite | Scope::LearnerXapi => &[Role::Learner],
        Scope::AdminRead | Scope::AdminWrite | Scope::AdminXapi => {
            &[Role::Admin, Role::IntegrationAdmin]
        }
    }
}

const fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::LearnerRead => "learner:read",
        Scope::LearnerWrite => "learner:write",
        Scope::AdminRead => "admin:read",
        Scope::AdminWrite => "admin:write",
        Scope::LearnerXapi => "learner:xapi",
        Scope::AdminXapi => "admin:xapi",
    }
}
