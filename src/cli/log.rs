//! Writes one line for each request on stderr. A thread of its own writes, and no request waits for it.

use std::fmt::Write as _;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;

use crate::digits;
use crate::journal::RawEntry;

/// The form of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line, for machines
    Json,
}

/// The thread that writes the gathered lines.
#[derive(Debug)]
pub(super) struct Log {
    writer: LogWriter,
    done: Receiver<()>,
}

/// Gathers lines. It is cheap to clone, and never waits for their reader.
#[derive(Clone, Debug)]
pub(super) struct LogWriter {
    format: LogFormat,
    shared: Arc<Shared>,
}

/// The state that requests and the writing thread share.
#[derive(Debug, Default)]
struct Shared {
    gathered: Mutex<Gathered>,
    /// Wakes the thread.
    more: Condvar,
}

/// The lines that wait to be written. They are finished: notes would keep their bodies alive.
#[derive(Debug, Default)]
struct Gathered {
    lines: String,
    /// How many lines found no room.
    lost: u64,
    /// No more lines will come.
    ended: bool,
    /// The thread is about to look: it need not be woken.
    is_awake: bool,
}

/// Bytes that wait to be written, at most.
const MOST: usize = 1024 * 1024;
/// Characters of a path or a query that a line shows.
const SHOWN: usize = 1000;
/// How long lines are gathered before they are written together. Waking the thread and writing cost more than
/// most requests.
const GATHERED: Duration = Duration::from_millis(10);
/// How long the end waits for the last lines.
const FAREWELL: Duration = Duration::from_millis(200);

impl Log {
    /// Starts the thread.
    pub(super) fn start(format: LogFormat) -> Self {
        let shared: Arc<Shared> = Arc::default();
        let (finished, done) = sync_channel(1);
        let writer = LogWriter { format, shared };
        let lines = writer.clone();
        thread::spawn(move || {
            lines.write_all(&mut io::stderr());
            let _ = finished.send(());
        });
        Log { writer, done }
    }

    /// A writer for requests.
    pub(super) fn writer(&self) -> LogWriter {
        self.writer.clone()
    }

    /// Writes the lines that are still gathered, unless their reader is stuck.
    pub(super) fn finish(self) {
        self.writer.shared.lock().ended = true;
        self.writer.shared.more.notify_one();
        let _: Result<(), RecvTimeoutError> = self.done.recv_timeout(FAREWELL);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogWriter {
    /// Adds a line. Without room, it is counted instead.
    pub(super) fn write(&self, note: &RawEntry) {
        let mut gathered = self.shared.lock();
        let before = gathered.lines.len();
        append(&mut gathered.lines, self.format, note);
        if gathered.lines.len() > MOST {
            gathered.lines.truncate(before);
            gathered.lost += 1;
        }
        let is_awake = std::mem::replace(&mut gathered.is_awake, true);
        drop(gathered);
        if !is_awake {
            self.shared.more.notify_one();
        }
    }

    fn write_all(&self, out: &mut dyn io::Write) {
        let mut ended = false;
        while !ended {
            let Gathered { lines, lost, .. } = self.next(&mut ended);
            // Requests go on although the reader is gone.
            let _ = out.write_all(lines.as_bytes());
            let _ = out.write_all(self.lost(lost).as_bytes());
            let _ = out.flush();
        }
    }

    /// The gathered lines, once there are some.
    fn next(&self, ended: &mut bool) -> Gathered {
        let Shared { gathered, more } = &*self.shared;
        let mut waiting = gathered.lock().unwrap_or_else(PoisonError::into_inner);
        while !waiting.is_awake && !waiting.ended {
            waiting = more.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let (mut waiting, _) = more
            .wait_timeout_while(waiting, GATHERED, |it| !it.ended)
            .unwrap_or_else(PoisonError::into_inner);
        *ended = waiting.ended;
        let next = Gathered {
            ended: waiting.ended,
            ..Gathered::default()
        };
        std::mem::replace(&mut waiting, next)
    }

    fn lost(&self, count: u64) -> String {
        match (count, self.format) {
            (0, _) => String::new(),
            (_, LogFormat::Text) => {
                format!("({count} log lines dropped: they came faster than they were read)\n")
            }
            (_, LogFormat::Json) => format!("{{\"dropped_lines\":{count}}}\n"),
        }
    }
}

/// Appends one request's line.
fn append(lines: &mut String, format: LogFormat, note: &RawEntry) {
    match format {
        LogFormat::Text => text(note, lines),
        LogFormat::Json => {
            if let Ok(object) = serde_json::to_string(&Line::of(note)) {
                lines.push_str(&object);
            }
        }
    }
    lines.push('\n');
}

/// The beginning of a client's text, as a line shows it.
fn shown(text: &str) -> &str {
    // A text has no more characters than bytes.
    if text.len() <= SHOWN {
        return text;
    }
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// `2024-06-09T13:05:09Z VENDOR list_enrollments GET /VENDOR/enrollment 200 412µs`, then the principal and the
/// reason of a refusal, if any. A hyphen stands for what is not known.
fn text(note: &RawEntry, line: &mut String) {
    let at = digits::utc(note.at);
    // Digits, hyphens and colons.
    line.push_str(std::str::from_utf8(&digits::day(at.date())).unwrap_or_default());
    line.push('T');
    line.push_str(std::str::from_utf8(&digits::time(at.time())).unwrap_or_default());
    line.push_str("Z ");
    for word in [
        note.vendor.map_or("-", |vendor| vendor.name()),
        note.operation.unwrap_or("-"),
        note.method.as_str(),
    ] {
        line.push_str(word);
        line.push(' ');
    }
    escape(shown(&note.masked_path()), line);
    let query = note.masked_query();
    if !query.is_empty() {
        line.push('?');
        escape(shown(&query), line);
    }
    line.push(' ');
    line.push_str(note.status.as_str());
    let _ = match note.duration_us {
        // Nearly all requests take so long.
        micros @ 1..1000 => {
            line.push(' ');
            line.push_str(itoa::Buffer::new().format(micros));
            line.push_str("µs");
            Ok(())
        }
        micros => write!(line, " {:?}", Duration::from_micros(micros)),
    };
    for (before, text) in [
        (" by ", note.principal.as_deref()),
        (" refused: ", note.why.refused.as_deref()),
        (" unchanged: ", note.why.unchanged.as_deref()),
    ] {
        if let Some(text) = text {
            line.push_str(before);
            escape(text, line);
        }
    }
}

/// Appends text from a client, unable to move a terminal's cursor or to start a line of its own.
fn escape(text: &str, line: &mut String) {
    // Nearly every text is plain.
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte);
    if text.bytes().fold(true, |all, byte| all & is_plain(byte)) {
        line.push_str(text);
        return;
    }
    for character in text.chars() {
        if unprintable(character) {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }
}

/// Control characters, line separators, and the marks that turn the direction of writing.
fn unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[derive(Serialize)]
struct Line<'a> {
    at: String,
    seq: u64,
    vendor: Option<&'static str>,
    operation: Option<&'static str>,
    method: &'a str,
    path: String,
    query: String,
    status: u16,
    duration_us: u64,
    principal: Option<&'a str>,
    refused: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn of(entry: &'a RawEntry) -> Self {
        Line {
            at: entry.at.to_string(),
            seq: entry.seq,
            vendor: entry.vendor.map(|vendor| vendor.name()),
            operation: entry.operation,
            method: entry.method.as_str(),
            path: shown(&entry.masked_path()).to_owned(),
            query: shown(&entry.masked_query()).to_owned(),
            status: entry.status.as_u16(),
            duration_us: entry.duration_us,
            principal: entry.principal.as_deref(),
            refused: entry.why.refused.as_deref(),
            unchanged: entry.why.unchanged.as_deref(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::sync::Arc;

    use hyper::header::HeaderMap;
    use hyper::{Method, StatusCode};

    use super::*;
    use crate::http::Request;
    use crate::journal::{Bounds, Journal, NewEntry, Why};
    use crate::platform::{Kind, Vendor};

    /// The note of a request that was answered with 200; `change` says what is different.
    fn note(request: &Request, change: impl FnOnce(&mut NewEntry<'_>)) -> Arc<RawEntry> {
        let headers = HeaderMap::new();
        let mut told = NewEntry {
            at: "2024-06-09T13:05:09.25Z".parse().unwrap(),
            elapsed_us: 1,
            duration_us: 412,
            vendor: Some(Vendor::ALL[0]),
            surface: None,
            operation: Some("list_enrollments"),
            kind: Some(Kind::List),
            principal: None,
            request,
            status: StatusCode::OK,
            response_headers: &headers,
            response_body: &[],
            is_whole: true,
            may_show_secrets: false,
            fault: None,
            why: Why::default(),
            signals: Default::default(),
        };
        change(&mut told);
        Journal::new("", Bounds::default()).record(told)
    }

    fn usual() -> Arc<RawEntry> {
        note(&Request::new(Method::GET, "/ispring/enrollment"), |_| {})
    }

    fn written(format: LogFormat, notes: &[Arc<RawEntry>], lost: u64) -> String {
        let writer = LogWriter {
            format,
            shared: Arc::default(),
        };
        for note in notes {
            writer.write(note);
        }
        let mut gathered = writer.shared.lock();
        gathered.lost = lost;
        gathered.ended = true;
        drop(gathered);
        let mut out = Vec::new();
        writer.write_all(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_says_what_was_asked_and_answered() {
        let lines = written(LogFormat::Text, &[usual()], 0);
        assert_eq!(
            lines,
            "2024-06-09T13:05:09Z ispring list_enrollments GET /ispring/enrollment 200 412µs\n"
        );
    }

    #[test]
    fn a_refusal_says_who_and_why() {
        let request = Request::new(Method::GET, "/ispring/enrollment?a=1");
        let refused = note(&request, |told| {
            told.vendor = None;
            told.operation = None;
            told.principal = Some("u-1".into());
            told.status = StatusCode::FORBIDDEN;
            told.why.refused = Some("permit: a learner lists nothing".to_owned());
        });
        let lines = written(LogFormat::Text, &[refused], 0);
        assert_eq!(
            lines,
            "2024-06-09T13:05:09Z - - GET /ispring/enrollment?a=1 403 412µs by u-1 \
             refused: permit: a learner lists nothing\n"
        );
    }

    #[test]
    fn a_line_is_one_object_for_machines() {
        let lines = written(LogFormat::Json, &[usual()], 2);
        let mut lines = lines.lines();
        let line: serde_json::Value = serde_json::from_str(lines.next().unwrap()).unwrap();
        assert_eq!(line["at"], "2024-06-09T13:05:09.25Z");
        assert_eq!(line["vendor"], "ispring");
        assert_eq!(line["status"], 200);
        assert_eq!(line["principal"], serde_json::Value::Null);
        assert_eq!(lines.next(), Some("{\"dropped_lines\":2}"));
        assert_eq!(lines.next(), None);
    }

    #[test]
    fn a_path_cannot_forge_a_line_or_move_the_cursor() {
        let hostile = Request::new(Method::GET, "/a\nb\u{1b}[2J\u{9b}\u{202e}ü");
        let lines = written(LogFormat::Text, &[note(&hostile, |_| {})], 0);
        assert_eq!(lines.lines().count(), 1);
        assert!(
            lines.contains(r"/a\u{a}b\u{1b}[2J\u{9b}\u{202e}ü 200"),
            "{lines}"
        );
    }

    #[test]
    fn a_line_stays_short_however_long_the_path() {
        let long = format!("/{}?{}", "ü".repeat(60_000), "q".repeat(60_000));
        let long = note(&Request::new(Method::GET, &long), |_| {});
        for format in [LogFormat::Text, LogFormat::Json] {
            let mut line = String::new();
            append(&mut line, format, &long);
            assert!(line.len() < 4 * SHOWN);
        }
    }

    #[test]
    fn lost_lines_are_counted() {
        let lines = written(LogFormat::Text, &[], 3);
        assert!(lines.starts_with("(3 log lines dropped"), "{lines}");
    }

    #[test]
    fn a_stuck_reader_holds_no_request_up() {
        let writer = LogWriter {
            format: LogFormat::Text,
            shared: Arc::default(),
        };
        let note = usual();
        let mut line = String::new();
        append(&mut line, LogFormat::Text, &note);
        let fits = MOST / line.len();
        for _ in 0..fits + 4 {
            writer.write(&note);
        }
        assert_eq!(writer.shared.lock().lost, 4);
        assert!(writer.shared.lock().lines.len() <= MOST);
    }
}
