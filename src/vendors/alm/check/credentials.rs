//! Credentials: a token or a client, and never both.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Check;
use super::users::{People, role_name};
use crate::format::{FileId, Firsts, Sourced, Text};
use crate::place::Place;
use crate::platform::{
    Credential, CredentialKeys, CredentialKind, GivenKey, References as _, came_along,
    check_credential, client_ids, expiry,
};
use crate::records::Source as _;
use crate::tokens::Grant;
use crate::vendors::alm::merged::Section;
use crate::vendors::alm::records::{Role, Scope, UserNumber};
use crate::vendors::alm::tokens::{Client, Clients, Holder, ListedTokens, Renewal, Scopes};
use crate::vendors::alm::written;

/// The credentials as meant.
#[derive(Default)]
pub(super) struct Credentials {
    pub(super) tokens: ListedTokens,
    pub(super) clients: Clients,
}

impl Check<'_> {
    pub(super) fn credentials(&mut self, section: &Section, people: &People) -> Credentials {
        let written::Issued {
            tokens,
            codes,
            request_ids,
        } = &section.issued;
        let count = |issued: &Option<u32>| issued.unwrap_or(0).into();
        let mut credentials = Credentials {
            tokens: ListedTokens::after(count(tokens), count(codes), count(request_ids)),
            ..Credentials::default()
        };
        let mut known = Known::of(section);
        for Sourced { file, value } in &section.credentials {
            let user = value.user.as_ref();
            let user = user.and_then(|user| self.refers(*file, user, &people.ids));
            let expires = expiry(value, *file, self.problems);
            let is_sound = check_credential(value, *file, self.lost, self.problems);
            self.came_along(*file, value, &mut known);
            self.codes(*file, value, &mut known);
            let user = user.map(|(_, number)| number);
            let scopes = self.scopes(*file, value, user, people);
            let Some(user) = user else {
                continue;
            };
            if is_sound {
                credentials.add(Holder { user, scopes }, value, expires, &known);
            }
        }
        credentials
    }

    /// The refresh token that came along with a token: its client is there and is one, and elsewhere it is
    /// that client's and that user's as well.
    fn came_along(&mut self, file: FileId, written: &written::Credential, known: &mut Known) {
        if written.token.is_none() {
            return;
        }
        if let Some(client) = &written.client {
            self.refers_to_client(file, client, &known.clients);
        }
        let Some((refresh, client)) = came_along(
            &written.refresh_token,
            &written.client,
            false,
            (file, written.spot),
            self.lost,
            self.problems,
        ) else {
            return;
        };
        let token = &refresh.value.0;
        // What a client's own one renews is said there.
        let own = known.own.get(token);
        let is_own = own.is_some_and(|client_id| *client_id == client.value.0);
        let user = written.user.as_ref().map_or("", |it| &it.value);
        let whose = (client.value.0.clone(), user.to_owned());
        let first = known.whose.entry(token.clone()).or_insert(whose.clone());
        if !is_own && (own.is_some() || *first != whose) {
            let what = "this `refresh_token` is listed for another client or user as well, expected one of its own";
            self.problems.at(file, refresh.spot, what, None);
        }
    }

    /// Nobody knows whose a code is that two clients may exchange.
    fn codes(&mut self, file: FileId, written: &written::Credential, known: &mut Known) {
        for code in written.code.iter().chain(&written.codes) {
            if code.value.is_empty() && written.code.as_ref() != Some(code) {
                let what = "a code is empty, expected some text";
                self.problems.at(file, code.spot, what, None);
            }
            let place = (file, code.spot);
            self.only_once(place, code.value.0.clone(), "code", &mut known.codes);
        }
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
}

impl Credentials {
    fn add(
        &mut self,
        holder: Holder,
        written: &written::Credential,
        expires: Option<Timestamp>,
        known: &Known,
    ) {
        let text = |it: &Option<Place<Text>>| it.as_ref().map(|it| it.value.0.clone());
        if let Some(token) = text(&written.token) {
            if let Some((refresh, client)) = text(&written.refresh_token).zip(text(&written.client))
            {
                self.tokens.gave(&refresh, &token, expires);
                if !known.own.contains_key(&refresh) {
                    let renewal = Renewal { client, holder };
                    self.tokens.add_refresh_for_other(refresh, renewal);
                }
            }
            let principal = holder;
            self.tokens.add_access(token, Grant { principal, expires });
        } else if let Some((id, secret)) =
            text(&written.client_id).zip(text(&written.client_secret))
        {
            let refresh_token = text(&written.refresh_token);
            if let Some(refresh) = &refresh_token {
                let renewal = Renewal {
                    client: id.clone(),
                    holder,
                };
                self.tokens.add_refresh(refresh.clone(), renewal);
            }
            for code in written.code.iter().chain(&written.codes) {
                self.tokens.add_code(code.value.0.clone(), id.clone());
            }
            let client = Client {
                secret,
                refresh_token,
                holder,
            };
            self.clients.add(id, client);
        }
    }
}

/// What the credentials say together.
struct Known {
    /// The ids of the clients, sorted.
    clients: Vec<String>,
    /// The client of each refresh token that a client has for its own user.
    own: HashMap<String, String>,
    /// The client and the user of each refresh token that came along with a token.
    whose: HashMap<String, (String, String)>,
    codes: Firsts<String>,
}

impl Known {
    fn of(section: &Section) -> Self {
        let credentials = section.credentials.iter().map(|it| &it.value);
        let text = |it: &Option<Place<Text>>| it.as_ref().map(|it| it.value.0.clone());
        let clients = credentials.clone().filter(|it| it.token.is_none());
        let own = clients.filter_map(|it| text(&it.refresh_token).zip(text(&it.client_id)));
        Known {
            clients: client_ids(credentials),
            own: own.collect(),
            whose: HashMap::new(),
            codes: Firsts::new(),
        }
    }
}

impl Credential for written::Credential {
    const KINDS: &'static [CredentialKind] = &[
        CredentialKind {
            proof: &["token"],
            needed: &["user"],
            allowed: &["expires", "expired", "scopes", "refresh_token", "client"],
        },
        CredentialKind {
            proof: &["client_id", "client_secret"],
            needed: &["user"],
            allowed: &["refresh_token", "code", "codes", "scopes"],
        },
    ];

    fn keys(&self) -> CredentialKeys<'_> {
        // Taken apart, so that a new key cannot be forgotten.
        let written::Credential {
            token,
            expires,
            expired,
            client,
            client_id,
            client_secret,
            refresh_token,
            code,
            codes,
            user,
            scopes,
            spot,
        } = self;
        let scopes = scopes.as_ref().map(|scopes| {
            // An empty list stands where the credential does.
            scopes.first().map_or(*spot, |scope| scope.spot)
        });
        CredentialKeys {
            spot: *spot,
            token,
            expires,
            expired,
            client_id,
            client_secret,
            user,
            own: vec![
                GivenKey::any("client", client.as_slice()),
                GivenKey::filled("refresh_token", refresh_token),
                GivenKey::filled("code", code),
                GivenKey::any("codes", codes),
                GivenKey::at("scopes", scopes),
            ],
        }
    }
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
