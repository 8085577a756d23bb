//! Credentials: a token or a client, and never both.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Check;
use super::users::{People, role_name};
use crate::format::{FileId, Firsts, Sourced, Text, dates, written_true};
use crate::place::{Place, Spot};
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
    pub(super) first_token: Option<String>,
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
            // Elsewhere it does not belong.
            let expires = value.expires.as_ref().filter(|_| value.token.is_some());
            let expires = expires.and_then(|it| self.problems.read(*file, it, dates::instant));
            let kind = self.kind(*file, value);
            self.came_along(*file, value, &mut known);
            self.codes(*file, value, &mut known);
            let user = user.map(|(_, number)| number);
            let scopes = self.scopes(*file, value, user, people);
            let (Some(kind), Some(user)) = (kind, user) else {
                continue;
            };
            let holder = Holder { user, scopes };
            credentials.add(kind, holder, value, expires, &known);
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
        let (refresh, client) = match (&written.refresh_token, &written.client) {
            (Some(refresh), Some(client)) => (refresh, client),
            (None, None) => return,
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
                return;
            }
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

    /// Which of the two ways a credential is written in; a mixture is refused.
    fn kind(&mut self, file: FileId, written: &written::Credential) -> Option<Kind> {
        // What is missing may be what could not be read.
        if !self.lost.is_whole(file, written.spot) {
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
        known: &Known,
    ) {
        let text = |it: &Option<Place<Text>>| it.as_ref().map(|it| it.value.0.clone());
        if let Some(token) = text(&written.token).filter(|_| kind.is_token) {
            self.first_token.get_or_insert_with(|| token.clone());
            let expires = match written_true(&written.expired) {
                true => Some(Timestamp::MIN),
                false => expires,
            };
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
        let clients = credentials.filter(|it| it.token.is_none());
        let text = |it: &Option<Place<Text>>| it.as_ref().map(|it| it.value.0.clone());
        let own = clients.clone();
        let own = own.filter_map(|it| text(&it.refresh_token).zip(text(&it.client_id)));
        let mut known = Known {
            clients: clients.filter_map(|it| text(&it.client_id)).collect(),
            own: own.collect(),
            whose: HashMap::new(),
            codes: Firsts::new(),
        };
        known.clients.sort();
        known
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
    allowed: &["expires", "expired", "scopes", "refresh_token", "client"],
    words: "`token` and `user`, perhaps with `expires`, `expired`, `scopes`, `refresh_token` and `client`",
};

const CLIENT: Kind = Kind {
    is_token: false,
    needed: &["client_id", "client_secret", "user"],
    allowed: &["refresh_token", "code", "codes", "scopes"],
    words: "`client_id`, `client_secret` and `user`, perhaps with `refresh_token`, `code`, `codes` and `scopes`",
};

/// A key of a credential that is written: where, and its text if it is one.
struct Given<'a> {
    spot: Spot,
    text: Option<&'a str>,
}

fn keys(written: &written::Credential) -> [(&'static str, Option<Given<'_>>); 11] {
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
    } = written;
    let scopes = scopes.as_ref().map(|scopes| Given {
        // An empty list stands where the credential does.
        spot: scopes.first().map_or(*spot, |scope| scope.spot),
        text: None,
    });
    [
        ("token", given(token)),
        ("expires", given(expires)),
        ("expired", first(expired.as_slice())),
        ("client", given(client)),
        ("client_id", given(client_id)),
        ("client_secret", given(client_secret)),
        ("refresh_token", given(refresh_token)),
        ("code", given(code)),
        ("codes", first(codes)),
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

fn first<T>(written: &[Place<T>]) -> Option<Given<'_>> {
    let first = written.first()?;
    Some(Given {
        spot: first.spot,
        text: None,
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
