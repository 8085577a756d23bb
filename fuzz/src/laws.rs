//! The laws that no request may break.

use std::rc::Rc;

use bytes::Bytes;
use enrollmock::internals::emulator::{Emulator, Exchange};
use enrollmock::internals::http::{Body, Request};
use enrollmock::internals::journal::Entry;
use enrollmock::internals::platform::Vendor;
use hyper::Method;
use hyper::StatusCode;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

use crate::stages::{self, BOUNDS, Stage};

/// No scenario here has lists that are longer than this.
const LONGEST_ANSWER: usize = 64 * 1024 * 1024;

/// A fault of the emulator itself, as the journal puts it.
const OWN_FAULT: &str = "the emulator itself failed";

/// The 500s of Open edX, as the journal puts them: what its published code breaks at.
const DOCUMENTED: &[&str] = &[
    "a value of the type ",
    "half a surrogate pair ",
    "the identifiers are a number",
    "two accounts answer to ",
    "the body nests too deep",
    "the cursor's position ",
    "the token endpoint takes no parameters in the URL",
    "the access token that came with this refresh token was revoked",
    "the credential is not text",
];

/// Those that the operation words itself around what was sent.
const DOCUMENTED_WITHIN: &[&str] = &[" are more than 100000 enrollments", " is a "];

/// What a client reads of an answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// A fault of the scenario's acted.
    pub is_upset: bool,
}

/// Asks, and holds the answer against the laws that are the same for all.
pub fn ask(emulator: &Emulator, request: Request) -> Answer {
    let what = format!("{} {}", request.method, request.target());
    let Exchange { reply, note, .. } = emulator.handle(request);
    let is_upset = note.as_ref().is_some_and(|note| note.fault.is_some());
    if reply.status.is_server_error() {
        let entry = note.map(|note| note.entry());
        let is_known = entry
            .as_ref()
            .is_some_and(|it| is_upset || is_documented(it));
        assert!(is_known, "{} for {what}: {entry:#?}", reply.status);
    }
    let answer = Answer {
        status: reply.status,
        headers: reply.headers,
        body: collected(reply.body),
        is_upset,
    };
    if !is_upset {
        is_what_it_says(&answer, &what);
    }
    answer
}

/// Asks, and holds a refused write against the records: nothing may have changed. `before` is the main world
/// before it, where that is known.
pub fn ask_and_compare(
    emulator: &Emulator,
    request: Request,
    before: &mut Option<Rc<str>>,
) -> Answer {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS];
    if reads.contains(&request.method) {
        *before = None;
        return ask(emulator, request);
    }
    let state = before
        .take()
        .unwrap_or_else(|| stages::state(emulator).into());
    let what = format!("{} {}", request.method, request.target());
    // Open edX makes an account for whom a signed token names, before it looks at anything else.
    let credential = request.header("authorization").unwrap_or_default();
    let is_signed = credential.to_ascii_lowercase().starts_with("jwt");
    let answer = ask(emulator, request);
    // What goes wrong on purpose counts its calls, and that is part of the state.
    let may_change =
        answer.is_upset || state.contains("\nfaults:") || is_signed || is_late(&answer, &state);
    if answer.status.is_client_error() && !may_change {
        let after = stages::state(emulator);
        assert!(
            uncounted(&state).eq(uncounted(&after)),
            "{what} was refused and changed\n{state}\nto\n{after}"
        );
        *before = Some(after.into());
    }
    answer
}

/// The lines of a state, without the count of request ids: Adobe's gateway gives one to its refusals too.
fn uncounted(state: &str) -> impl Iterator<Item = &str> {
    let is_count = |line: &str| line == "issued:" || line.starts_with("request_ids:");
    state.lines().filter(move |line| !is_count(line.trim()))
}

/// The refusals of vendors that come when all is done: of an unknown cohort, and of whoever un-enrolls where
/// the scenario switches that on.
fn is_late(answer: &Answer, state: &str) -> bool {
    let words = b"An error occured while adding to cohort";
    let denies =
        state.contains("unenroll_denies: true") && answer.status == StatusCode::BAD_REQUEST;
    denies || answer.body.windows(words.len()).any(|it| it == words)
}

/// Asks one stage the same things twice, from the same start, and wants the same bytes; of some cases, since
/// the other emulator is to have another history.
pub fn repeats(stage: &Stage, requests: &[Request], answers: &[Answer]) {
    let other = stage.actor(1);
    for (request, answer) in requests.iter().zip(answers) {
        if is_ticking(&other.emulator) {
            return;
        }
        let again = ask(&other.emulator, request.clone());
        if !is_volatile(request) {
            let what = format!("{} {}", request.method, request.target());
            assert_eq!(*answer, again, "{what} was answered in two ways");
        }
    }
}

/// Whether these bytes are among those that are asked twice: what is dear is done for some of them.
pub fn is_asked_twice(data: &[u8]) -> bool {
    sum(data).is_multiple_of(16)
}

/// Whether these bytes are among those whose refusals are held against the records.
pub fn is_compared(data: &[u8]) -> bool {
    sum(data) % 16 == 1
}

/// Whether the world that these bytes make is written down and read again.
pub fn is_written_down(data: &[u8]) -> bool {
    sum(data) % 8 == 2
}

fn sum(data: &[u8]) -> u8 {
    let sum = |sum: u8, byte: &u8| sum.wrapping_mul(31).wrapping_add(*byte);
    data.iter().fold(0, sum)
}

/// The journal keeps within its bounds.
pub fn journal_is_bounded(emulator: &Emulator) {
    let kept = emulator.main().journal.entries();
    assert!(kept.len() <= BOUNDS.entries, "{} entries", kept.len());
    let bytes: usize = kept.iter().map(|entry| weight(entry)).sum();
    // The bound is on what is kept; masks are put in when it is read.
    assert!(bytes <= 2 * BOUNDS.bytes, "{bytes} bytes of entries");
    for entry in kept {
        // What is kept is cut at the bound; masks are put in when it is read.
        assert!(entry.request_body.len() <= 2 * BOUNDS.body);
        assert!(entry.response_body.len() <= 2 * BOUNDS.body);
    }
}

/// What an entry weighs at least.
fn weight(entry: &Entry) -> usize {
    let fields = |headers: &HeaderMap| -> usize {
        let fields = headers.iter();
        fields
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum()
    };
    let texts = [&entry.id, &entry.path, &entry.query];
    texts.iter().map(|text| text.len()).sum::<usize>()
        + entry.why.nearest.iter().map(String::len).sum::<usize>()
        + entry.why.refused.as_ref().map_or(0, String::len)
        + fields(&entry.request_headers)
        + fields(&entry.response_headers)
        + entry.request_body.len()
        + entry.response_body.len()
}

/// What real time shows in.
fn is_volatile(request: &Request) -> bool {
    let paths = ["/__admin/requests", "/__admin/health", "/__admin/sandboxes"];
    paths.iter().any(|path| request.path.contains(path))
}

fn is_ticking(emulator: &Emulator) -> bool {
    let beside = emulator.worlds().sandboxes().into_iter();
    let mut worlds = beside.map(|living| living.sandbox).chain([emulator.main()]);
    worlds.any(|world| world.clock.setting().ticking)
}

fn is_documented(entry: &Entry) -> bool {
    let Some(refused) = entry.why.refused.as_deref() else {
        return false;
    };
    let starts = DOCUMENTED.iter().any(|it| refused.starts_with(it));
    let holds = DOCUMENTED_WITHIN.iter().any(|it| refused.contains(it));
    let is_upstreams = entry.vendor == Some(Vendor::Openedx);
    is_upstreams && refused != OWN_FAULT && (starts || holds)
}

/// All of a body, which must end.
fn collected(body: Body) -> Bytes {
    match body {
        Body::Empty => Bytes::new(),
        Body::Whole(bytes) => bytes,
        Body::Chunks(chunks) => {
            let mut all = Vec::new();
            for chunk in chunks {
                assert!(!chunk.is_empty(), "an empty piece");
                all.extend_from_slice(&chunk);
                assert!(all.len() <= LONGEST_ANSWER, "a body that does not end");
            }
            all.into()
        }
    }
}

/// A body is what its header says.
fn is_what_it_says(answer: &Answer, what: &str) {
    if answer.body.is_empty() || answer.headers.contains_key(CONTENT_ENCODING) {
        return;
    }
    let media = answer
        .headers
        .get(CONTENT_TYPE)
        .and_then(|it| it.to_str().ok());
    let media = media
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    let shown = || String::from_utf8_lossy(&answer.body);
    if media.ends_with("json") {
        let read = serde_json::from_slice::<serde_json::Value>(&answer.body);
        assert!(read.is_ok(), "{what}: {read:?}: {}", shown());
    } else if media.ends_with("xml") {
        assert!(is_xml(&answer.body), "{what}: {}", shown());
    }
}

fn is_xml(body: &[u8]) -> bool {
    let mut reader = quick_xml::Reader::from_reader(body);
    reader.config_mut().check_comments = true;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
