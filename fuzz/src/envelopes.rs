//! The fixtures' requests: what seeds are made of, and what fuzzed bytes are put into.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use enrollmock::internals::exchange::Recording;
use enrollmock::internals::http::Request;
use enrollmock::internals::platform::Vendor;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::header::{AUTHORIZATION, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::Sha256;

use crate::stages::{self, Stage};
use crate::{laws, text};

/// A recording of the fixtures.
pub struct Recorded {
    /// Where it stands: `alm/get_user/200`.
    pub name: String,
    pub bytes: Vec<u8>,
    pub vendor: Vendor,
    /// The stage that it acts in.
    pub stage: usize,
    pub requests: Vec<Request>,
}

/// Every recording of the fixtures that acts in one of the stages.
pub fn recordings(stages: &[Stage]) -> Vec<Recorded> {
    let root = stages::root().join("fixtures");
    let mut recordings = Vec::new();
    for vendor in Vendor::ALL {
        let mut folders: Vec<PathBuf> = std::fs::read_dir(root.join(vendor.name()))
            .expect("the fixtures are there")
            .map(|entry| entry.expect("a folder can be read").path())
            .filter(|path| path.is_dir() && !path.ends_with("scenarios"))
            .collect();
        folders.sort();
        for file in folders.iter().flat_map(|folder| stages::yaml_files(folder)) {
            let bytes = std::fs::read(&file).expect("a fixture can be read");
            let read = Recording::read(&file.to_string_lossy(), &bytes);
            let recording = read.expect("a fixture is sound");
            let Some(stage) = stages::of(stages, recording.scenario()) else {
                continue;
            };
            let exchanges = recording.exchanges().iter();
            let name = file.strip_prefix(&root).unwrap_or(&file).with_extension("");
            recordings.push(Recorded {
                name: name.to_string_lossy().into_owned(),
                bytes,
                vendor: *vendor,
                stage,
                requests: exchanges.map(|it| it.request().clone()).collect(),
            });
        }
    }
    recordings
}

/// A request whose one part is left open, and the stage to send it in.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub stage: usize,
    pub request: Request,
}

impl Envelope {
    fn is_same(&self, other: &Envelope) -> bool {
        let (one, two) = (&self.request, &other.request);
        self.stage == other.stage
            && (&one.method, &one.path, &one.query) == (&two.method, &two.path, &two.query)
            && one.headers == two.headers
    }
}

/// Envelopes, each once, with the number of the first that a fixture's request fits: what a seed begins with.
pub struct Envelopes {
    pub all: Vec<Envelope>,
    /// For each request that `open` took: its envelope's number, and what stood in it.
    pub seeds: Vec<(u16, Vec<u8>)>,
}

impl Envelopes {
    /// Those that `open` makes of the fixtures' requests: it takes the part out, or leaves the request alone.
    pub fn of(
        stages: &[Stage],
        open: impl Fn(&Recorded, &mut Request) -> Option<Vec<u8>>,
    ) -> Envelopes {
        let mut envelopes = Envelopes {
            all: Vec::new(),
            seeds: Vec::new(),
        };
        for recorded in recordings(stages) {
            for request in &recorded.requests {
                let mut request = request.clone();
                let Some(part) = open(&recorded, &mut request) else {
                    continue;
                };
                let stage = recorded.stage;
                let envelope = Envelope { stage, request };
                let number = envelopes.add(envelope);
                envelopes.seeds.push((number, part));
            }
        }
        envelopes
    }

    fn add(&mut self, envelope: Envelope) -> u16 {
        let known = self.all.iter().position(|it| it.is_same(&envelope));
        let at = known.unwrap_or_else(|| {
            self.all.push(envelope);
            self.all.len() - 1
        });
        u16::try_from(at).expect("there are not so many fixtures")
    }

    /// The envelope that the first two bytes choose, and the rest.
    pub fn chosen<'a>(&self, data: &'a [u8]) -> Option<(&Envelope, &'a [u8])> {
        let (number, rest) = data.split_first_chunk::<2>()?;
        let number = usize::from(u16::from_le_bytes(*number));
        Some((&self.all[number % self.all.len()], rest))
    }
}

/// Envelopes and the stages to send them in: all that a target needs whose bytes fill one part of a request.
pub struct Bench {
    stages: Vec<Stage>,
    envelopes: Envelopes,
}

impl Bench {
    /// One of the envelopes that `open` makes.
    pub fn new(open: impl Fn(&Recorded, &mut Request) -> Option<Vec<u8>>) -> Bench {
        let stages = stages::all();
        let envelopes = Envelopes::of(&stages, open);
        assert!(!envelopes.all.is_empty(), "no fixture has such a part");
        Bench { stages, envelopes }
    }

    /// Sends the envelope that the data choose, filled with the rest of it, and holds the answer against all
    /// laws.
    pub fn send(&mut self, data: &[u8], fill: impl Fn(&mut Request, &[u8])) {
        let Some((envelope, part)) = self.envelopes.chosen(data) else {
            return;
        };
        let mut request = envelope.request.clone();
        fill(&mut request, part);
        let stage = &self.stages[envelope.stage];
        let actor = stage.actor(0);
        let answer = match laws::is_compared(data) {
            true => {
                let mut start = Some(actor.start());
                laws::ask_and_compare(&actor.emulator, request.clone(), &mut start)
            }
            false => laws::ask(&actor.emulator, request.clone()),
        };
        laws::journal_is_bounded(&actor.emulator);
        if laws::is_asked_twice(data) {
            laws::repeats(stage, &[request], &[answer]);
        }
    }
}

/// The body of a vendor's request, taken out of it.
pub fn body(vendor: Vendor) -> impl Fn(&Recorded, &mut Request) -> Option<Vec<u8>> {
    move |recorded, request| {
        let body = std::mem::take(&mut request.body);
        let is_one = recorded.vendor == vendor && !body.is_empty();
        is_one.then(|| body.to_vec())
    }
}

/// Puts a body in.
pub fn with_body(request: &mut Request, body: &[u8]) {
    request.body = body.to_vec().into();
}

/// The query of a request that has no body, taken out of it.
pub fn query(_: &Recorded, request: &mut Request) -> Option<Vec<u8>> {
    let query = std::mem::take(&mut request.query);
    request.body.is_empty().then(|| query.into_bytes())
}

/// Puts a query in.
pub fn with_query(request: &mut Request, query: &[u8]) {
    request.query = String::from_utf8_lossy(query).into_owned();
}

/// The names of cursors, as fixtures spell them.
const CURSORS: &[&str] = &[
    "pageToken=",
    "page[cursor]=",
    "page%5Bcursor%5D=",
    "cursor=",
];

/// Where the cursor goes.
const HOLE: char = '\u{1}';

/// The cursor of a request, taken out of its query: how it is written, and what it says.
pub fn cursor(_: &Recorded, request: &mut Request) -> Option<Vec<u8>> {
    let start = CURSORS.iter().find_map(|name| {
        let at = request.query.find(name)?;
        Some(at + name.len())
    })?;
    let end = request.query[start..].find('&');
    let end = end.map_or(request.query.len(), |end| start + end);
    let written = request.query[start..end].to_owned();
    request.query.replace_range(start..end, &HOLE.to_string());
    let decoded: Vec<u8> = percent_decode_str(&written).collect();
    let part = match STANDARD.decode(&decoded) {
        Ok(said) => [vec![1], said].concat(),
        Err(_) => [vec![0], decoded].concat(),
    };
    Some(part)
}

/// Puts a cursor in: bare, in base64 of one kind or the other, or as it is.
pub fn with_cursor(request: &mut Request, part: &[u8]) {
    let (how, said) = part.split_first().unwrap_or((&0, &[]));
    let written = match how % 4 {
        0 => percent_encode(said, NON_ALPHANUMERIC).to_string(),
        1 => percent_encode(STANDARD.encode(said).as_bytes(), NON_ALPHANUMERIC).to_string(),
        2 => URL_SAFE_NO_PAD.encode(said),
        _ => String::from_utf8_lossy(said).into_owned(),
    };
    request.query = request.query.replacen(HOLE, &written, 1);
}

/// What a fixture's signed token says, taken out: header, line, claims.
pub fn claims(_: &Recorded, request: &mut Request) -> Option<Vec<u8>> {
    let sent = request
        .header("authorization")?
        .strip_prefix("JWT ")?
        .to_owned();
    let mut parts = sent
        .split('.')
        .map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header = parts.next()??;
    let claims = parts.next()??;
    request.headers.remove(AUTHORIZATION);
    Some([header, claims].join(&b'\n'))
}

/// Puts a token in that says this, signed as it must be.
pub fn with_claims(request: &mut Request, part: &[u8]) {
    let (header, claims) = text::split_once(part, b"\n").unwrap_or((HEADER, part));
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any key will do");
    mac.update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    let token = HeaderValue::from_str(&format!("JWT {signed}.{signature}"));
    request
        .headers
        .insert(AUTHORIZATION, token.expect("letters"));
}

/// The header of a token whose bytes have none.
const HEADER: &[u8] = br#"{"alg":"HS256","typ":"JWT"}"#;

/// What tokens are signed with in every scenario of the fixtures.
const SECRET: &[u8] = b"enrollmock-not-a-secret";

/// The seeds of a bench.
pub fn seeds(
    stages: &[Stage],
    open: impl Fn(&Recorded, &mut Request) -> Option<Vec<u8>>,
) -> Vec<Vec<u8>> {
    let envelopes = Envelopes::of(stages, open);
    let seeds = envelopes.seeds.into_iter();
    seeds
        .map(|(number, part)| [number.to_le_bytes().to_vec(), part].concat())
        .collect()
}
