//! Credentials: what is the same of them, whatever the vendor.

use jiff::Timestamp;

use crate::format::{FileId, Key, Lost, Problems, Text, dates, if_true, text, written_true};
use crate::place::{Place, Spot, cut};
use crate::tokens::Remembered;

/// A credential as a file writes it.
pub trait Credential {
    /// Its kinds.
    const KINDS: &'static [CredentialKind];

    /// Its keys, each by itself.
    fn keys(&self) -> CredentialKeys<'_>;
}

/// A kind of credential, by its keys.
#[derive(Debug)]
pub struct CredentialKind {
    /// What proves who calls. No other kind has the first of these.
    pub proof: &'static [&'static str],
    /// What it must have besides.
    pub needed: &'static [&'static str],
    /// What it may have.
    pub allowed: &'static [&'static str],
}

/// The keys of a credential.
#[derive(Debug)]
pub struct CredentialKeys<'a> {
    /// Where it stands: no key of it must be there.
    pub spot: Spot,
    /// A token.
    pub token: &'a Option<Place<Text>>,
    /// When the token dies.
    pub expires: &'a Option<Place<Text>>,
    /// Whether the token has died already.
    pub expired: &'a Option<Place<bool>>,
    /// The id of a client.
    pub client_id: &'a Option<Place<Text>>,
    /// That client's secret.
    pub client_secret: &'a Option<Place<Text>>,
    /// Who calls.
    pub user: &'a Option<Place<Text>>,
    /// The keys that only this vendor's credentials have.
    pub own: Vec<Option<GivenKey>>,
}

/// A key that a credential has: where, and what is wrong with its value.
#[derive(Debug)]
pub struct GivenKey {
    key: &'static str,
    spot: Spot,
    fault: Option<String>,
}

impl GivenKey {
    /// A key that the credential has if it stands anywhere.
    pub fn at(key: &'static str, spot: Option<Spot>) -> Option<GivenKey> {
        let fault = None;
        spot.map(|spot| GivenKey { key, spot, fault })
    }

    /// A key with a value, or a list of them, that is checked elsewhere. An empty list is none.
    pub fn any<T>(key: &'static str, written: &[Place<T>]) -> Option<GivenKey> {
        GivenKey::at(key, written.first().map(|first| first.spot))
    }

    /// A key whose value must not be empty.
    pub fn filled(key: &'static str, written: &Option<Place<Text>>) -> Option<GivenKey> {
        GivenKey::of(key, written, |text| {
            text.is_empty()
                .then(|| format!("`{key}` is empty, expected some text"))
        })
    }

    /// A key whose value is sent in a header.
    pub fn sent(key: &'static str, written: &Option<Place<Text>>) -> Option<GivenKey> {
        GivenKey::of(key, written, |text| {
            let fault = format!("`{key}` is `{}` and is {SENT} without spaces", cut(text));
            (!is_visible(text)).then_some(fault)
        })
    }

    /// A key whose value is sent in a header and not shown.
    pub fn sent_secret(key: &'static str, written: &Option<Place<Text>>) -> Option<GivenKey> {
        GivenKey::of(key, written, |text| {
            (!is_visible(text)).then(|| format!("`{key}` is {SENT} without spaces"))
        })
    }

    /// The same, and there may be spaces within.
    pub fn sent_phrase(key: &'static str, written: &Option<Place<Text>>) -> Option<GivenKey> {
        GivenKey::of(key, written, |text| {
            let fits = text == text.trim() && is_visible(&text.replace(' ', "_"));
            (!fits).then(|| format!("`{key}` is {SENT} without spaces around it"))
        })
    }

    fn of(
        key: &'static str,
        written: &Option<Place<Text>>,
        fault: impl Fn(&str) -> Option<String>,
    ) -> Option<GivenKey> {
        let place = written.as_ref()?;
        Some(GivenKey {
            key,
            spot: place.spot,
            fault: fault(&place.value),
        })
    }
}

/// How a message goes on about what a header must be able to carry.
const SENT: &str = "sent in a header, expected visible ASCII";

fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl CredentialKind {
    /// Its keys in words.
    fn words(&self) -> String {
        let mut words = listed([self.proof, self.needed].concat());
        if !self.allowed.is_empty() {
            words += ", perhaps with ";
            words += &listed(self.allowed.to_vec());
        }
        words
    }
}

fn listed(keys: Vec<&str>) -> String {
    let mut keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    match keys.pop() {
        Some(last) if keys.is_empty() => last,
        Some(last) => format!("{} and {last}", keys.join(", ")),
        None => String::new(),
    }
}

/// Whether a credential is of exactly one kind. `problems` gets what is wrong with its keys.
pub fn check_credential<C: Credential>(
    credential: &C,
    file: FileId,
    lost: &Lost,
    problems: &mut Problems,
) -> bool {
    let CredentialKeys {
        spot,
        token,
        expires,
        expired,
        client_id,
        client_secret,
        user,
        own,
    } = credential.keys();
    // What is missing may be what could not be read.
    if !lost.is_whole(file, spot) {
        return false;
    }
    let common = [
        GivenKey::sent_secret("token", token),
        GivenKey::any("expires", expires.as_slice()),
        GivenKey::any("expired", expired.as_slice()),
        GivenKey::filled("client_id", client_id),
        GivenKey::filled("client_secret", client_secret),
        GivenKey::any("user", user.as_slice()),
    ];
    let given: Vec<GivenKey> = common.into_iter().chain(own).flatten().collect();
    let has = |key: &str| given.iter().any(|it| it.key == key);
    let mut meant = C::KINDS.iter().filter(|kind| has(kind.proof[0]));
    let (Some(kind), None) = (meant.next(), meant.next()) else {
        let kinds = C::KINDS.iter().map(|kind| listed(kind.proof.to_vec()));
        let kinds: Vec<String> = kinds.collect();
        let what = format!(
            "a credential has either {}; expected exactly one of these",
            kinds.join(", or ")
        );
        problems.at(file, spot, what, None);
        return false;
    };
    let needed = [kind.proof, kind.needed].concat();
    for key in needed.iter().filter(|key| !has(key)) {
        let what = format!("this credential lacks `{key}`, expected {}", kind.words());
        problems.at(file, spot, what, None);
    }
    for GivenKey { key, spot, fault } in given {
        // A caller may be a user, whatever the kind.
        let belongs = key == "user" || needed.contains(&key) || kind.allowed.contains(&key);
        if !belongs {
            let words = kind.words();
            let what =
                format!("`{key}` does not belong to this kind of credential, expected {words}");
            problems.at(file, spot, what, None);
        } else if let Some(fault) = fault {
            problems.at(file, spot, fault, None);
        }
    }
    true
}

/// When the token of a credential dies. None: never, or it has no token.
pub fn expiry<C: Credential>(
    credential: &C,
    file: FileId,
    problems: &mut Problems,
) -> Option<Timestamp> {
    let CredentialKeys {
        token,
        expires,
        expired,
        ..
    } = credential.keys();
    // Elsewhere it does not belong.
    token.as_ref()?;
    let expires = expires.as_ref();
    let expires = expires.and_then(|place| problems.read(file, place, dates::instant));
    if written_true(expired) {
        Some(Timestamp::MIN)
    } else {
        expires
    }
}

/// The ids of the clients among credentials, sorted.
pub fn client_ids<'a, C: Credential + 'a>(
    credentials: impl IntoIterator<Item = &'a C>,
) -> Vec<String> {
    let keys = credentials.into_iter().map(Credential::keys);
    let clients = keys.filter(|keys| keys.token.is_none());
    let ids = clients.filter_map(|keys| keys.client_id.as_ref());
    let mut ids: Vec<String> = ids.map(|id| id.value.0.clone()).collect();
    ids.sort();
    ids
}

/// The refresh token that came along with a token, and the client that may renew with it. Neither stands
/// alone; `needs_both` says that another key needs them.
pub fn came_along<'a>(
    refresh_token: &'a Option<Place<Text>>,
    client: &'a Option<Place<Text>>,
    needs_both: bool,
    (file, spot): (FileId, Spot),
    lost: &Lost,
    problems: &mut Problems,
) -> Option<(&'a Place<Text>, &'a Place<Text>)> {
    let lacking = match (refresh_token, client) {
        (Some(refresh), Some(client)) => return Some((refresh, client)),
        (None, None) if !needs_both => return None,
        (Some(_), None) => "client",
        (None, _) => "refresh_token",
    };
    if lost.is_whole(file, spot) {
        let what = format!(
            "this credential lacks `{lacking}`, expected `refresh_token` together with `client`"
        );
        problems.at(file, spot, what, None);
    }
    None
}

/// What a running world writes of the end of a token: when it dies, and whether it died before.
pub fn end_of<P>(issued: &Remembered<'_, P>) -> (Option<Place<Text>>, Option<Place<bool>>) {
    (issued.grant.expires.map(text), if_true(issued.is_dead))
}

/// What makes a credential the same in another file: its token, else the id of its client.
pub fn credential_key(token: Option<&Place<Text>>, client_id: Option<&Place<Text>>) -> Option<Key> {
    match token {
        Some(token) => Key::secret("token", token),
        None => Key::exact("client_id", client_id?),
    }
}
