//! One line for each request, on stderr, written beside the requests and never in their way.

use std::fmt::{self, Write as _};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;

use crate::journal::Entry;

/// The form of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line, for machines
    Json,
}

/// A thread that writes what is queued for it.
#[derive(Debug)]
pub(super) struct Log {
    writer: LogWriter,
    done: Receiver<()>,
}

/// Queues lines. Cheap to clone, never waits.
#[derive(Clone, Debug)]
pub(super) struct LogWriter {
    format: LogFormat,
    queue: SyncSender<Note>,
    dropped: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Note {
    /// A finished line: a queue of entries would keep their bodies alive.
    Line(String),
    End,
}

/// Lines that wait to be written, at most.
const QUEUE: usize = 1024;
/// Characters of a path or a query that a line shows.
const SHOWN: usize = 1000;
/// Bytes that are gathered before they are written together.
const BATCH: usize = 64 * 1024;
/// How long the end waits for the last lines.
const FAREWELL: Duration = Duration::from_millis(200);

impl Log {
    /// Starts the thread.
    pub(super) fn start(format: LogFormat) -> Self {
        let (queue, notes) = sync_channel(QUEUE);
        let (finished, done) = sync_channel(1);
        let dropped = Arc::new(AtomicU64::new(0));
        let lost = Arc::clone(&dropped);
        thread::spawn(move || {
            write_all(format, &notes, &lost, &mut io::stderr());
            let _ = finished.send(());
        });
        Log {
            writer: LogWriter {
                format,
                queue,
                dropped,
            },
            done,
        }
    }

    /// What requests write to.
    pub(super) fn writer(&self) -> LogWriter {
        self.writer.clone()
    }

    /// Writes what is still queued, unless nobody takes it.
    pub(super) fn finish(self) {
        if self.writer.queue.try_send(Note::End).is_ok() {
            let _: Result<(), RecvTimeoutError> = self.done.recv_timeout(FAREWELL);
        }
    }
}

impl LogWriter {
    /// Queues a line; when the queue is full, it is counted instead.
    pub(super) fn write(&self, entry: &Entry) {
        let line = line(self.format, entry);
        if self.queue.try_send(Note::Line(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn write_all(
    format: LogFormat,
    notes: &Receiver<Note>,
    dropped: &AtomicU64,
    out: &mut dyn io::Write,
) {
    let mut batch = String::new();
    let mut ended = false;
    while !ended {
        let mut next = notes.recv().ok();
        ended = next.is_none();
        while let Some(note) = next {
            match note {
                Note::Line(line) => batch.push_str(&line),
                Note::End => ended = true,
            }
            let more = !ended && batch.len() < BATCH;
            next = if more { notes.try_recv().ok() } else { None };
        }
        lost(format, dropped.swap(0, Ordering::Relaxed), &mut batch);
        // Nobody reads: the requests do not mind.
        let _ = out.write_all(batch.as_bytes());
        let _ = out.flush();
        batch.clear();
    }
}

fn lost(format: LogFormat, count: u64, batch: &mut String) {
    if count == 0 {
        return;
    }
    let _ = match format {
        LogFormat::Text => writeln!(
            batch,
            "({count} log lines dropped: they came faster than they were read)"
        ),
        LogFormat::Json => writeln!(batch, "{{\"dropped_lines\":{count}}}"),
    };
}

/// One request's line.
fn line(format: LogFormat, entry: &Entry) -> String {
    let mut line = String::new();
    match format {
        LogFormat::Text => text(entry, &mut line),
        LogFormat::Json => {
            if let Ok(object) = serde_json::to_string(&Line::of(entry)) {
                line.push_str(&object);
            }
        }
    }
    line.push('\n');
    line
}

/// As much of a client's text as a line shows.
fn shown(text: &str) -> &str {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// `2024-06-09T13:05:09Z ispring list_enrollments GET /ispring/enrollment 200 412µs`, then who called
/// and what was held against it, if any. What is not known is a hyphen.
fn text(entry: &Entry, batch: &mut String) {
    let _ = write!(
        batch,
        "{:.0} {} {} {} {}",
        entry.at,
        entry.vendor.map_or("-", |vendor| vendor.name()),
        entry.operation.unwrap_or("-"),
        entry.method,
        Escaped(shown(&entry.path)),
    );
    if !entry.query.is_empty() {
        let _ = write!(batch, "?{}", Escaped(shown(&entry.query)));
    }
    let _ = write!(
        batch,
        " {} {:?}",
        entry.status.as_u16(),
        Duration::from_micros(entry.duration_us)
    );
    if let Some(principal) = &entry.principal {
        let _ = write!(batch, " by {}", Escaped(principal));
    }
    if let Some(refused) = &entry.why.refused {
        let _ = write!(batch, " refused: {}", Escaped(refused));
    }
    if let Some(unchanged) = &entry.why.unchanged {
        let _ = write!(batch, " unchanged: {}", Escaped(unchanged));
    }
}

/// Text from a client, unable to move a terminal's cursor or to start a line of its own.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(unprintable) {
            let (plain, from) = rest.split_at(at);
            f.write_str(plain)?;
            let mut characters = from.chars();
            if let Some(character) = characters.next() {
                write!(f, "{}", character.escape_unicode())?;
            }
            rest = characters.as_str();
        }
        f.write_str(rest)
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
    path: &'a str,
    query: &'a str,
    status: u16,
    duration_us: u64,
    principal: Option<&'a str>,
    refused: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn of(entry: &'a Entry) -> Self {
        Line {
            at: entry.at.to_string(),
            seq: entry.seq,
            vendor: entry.vendor.map(|vendor| vendor.name()),
            operation: entry.operation,
            method: entry.method.as_str(),
            path: shown(&entry.path),
            query: shown(&entry.query),
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
    use std::sync::mpsc::sync_channel;

    use bytes::Bytes;
    use hyper::header::HeaderMap;
    use hyper::{Method, StatusCode};

    use super::*;
    use crate::journal::{Sizes, Why};
    use crate::vendors::Vendor;

    fn entry() -> Entry {
        Entry {
            id: "r-7".to_owned(),
            sandbox: None,
            fault: None,
            seq: 7,
            at: "2024-06-09T13:05:09.25Z".parse().unwrap(),
            elapsed_us: 1,
            duration_us: 412,
            vendor: Some(Vendor::Ispring),
            operation: Some("list_enrollments"),
            principal: None,
            method: Method::GET,
            path: "/ispring/enrollment".to_owned(),
            query: String::new(),
            request_headers: HeaderMap::new(),
            request_body: Bytes::new(),
            status: StatusCode::OK,
            response_headers: HeaderMap::new(),
            response_body: Bytes::new(),
            sizes: Sizes::default(),
            why: Why::default(),
            marks: Default::default(),
        }
    }

    fn written(format: LogFormat, entries: &[Entry], dropped: u64) -> String {
        let (queue, queued) = sync_channel(entries.len() + 1);
        for entry in entries {
            queue.send(Note::Line(line(format, entry))).unwrap();
        }
        queue.send(Note::End).unwrap();
        let mut out = Vec::new();
        write_all(format, &queued, &AtomicU64::new(dropped), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_says_what_was_asked_and_answered() {
        let lines = written(LogFormat::Text, &[entry()], 0);
        assert_eq!(
            lines,
            "2024-06-09T13:05:09Z ispring list_enrollments GET /ispring/enrollment 200 412µs\n"
        );
    }

    #[test]
    fn a_refusal_says_who_and_why() {
        let refused = Entry {
            vendor: None,
            operation: None,
            principal: Some("u-1".to_owned()),
            query: "a=1".to_owned(),
            status: StatusCode::FORBIDDEN,
            why: Why {
                passed: vec![],
                refused: Some("permit: a learner lists nothing".to_owned()),
                ..Why::default()
            },
            ..entry()
        };
        let lines = written(LogFormat::Text, &[refused], 0);
        assert_eq!(
            lines,
            "2024-06-09T13:05:09Z - - GET /ispring/enrollment?a=1 403 412µs by u-1 \
             refused: permit: a learner lists nothing\n"
        );
    }

    #[test]
    fn a_line_is_one_object_for_machines() {
        let lines = written(LogFormat::Json, &[entry()], 2);
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
        let hostile = Entry {
            path: "/a\nb\u{1b}[2J\u{9b}\u{202e}ü".to_owned(),
            ..entry()
        };
        let lines = written(LogFormat::Text, &[hostile], 0);
        assert_eq!(lines.lines().count(), 1);
        assert!(
            lines.contains(r"/a\u{a}b\u{1b}[2J\u{9b}\u{202e}ü 200"),
            "{lines}"
        );
    }

    #[test]
    fn a_line_stays_short_however_long_the_path() {
        let long = Entry {
            path: format!("/{}", "ü".repeat(60_000)),
            query: "q".repeat(60_000),
            ..entry()
        };
        for format in [LogFormat::Text, LogFormat::Json] {
            assert!(line(format, &long).len() < 4 * SHOWN);
        }
    }

    #[test]
    fn lost_lines_are_counted() {
        let lines = written(LogFormat::Text, &[], 3);
        assert!(lines.starts_with("(3 log lines dropped"), "{lines}");
    }

    #[test]
    fn a_full_queue_holds_nobody_up() {
        let (queue, queued) = sync_channel(1);
        let writer = LogWriter {
            format: LogFormat::Text,
            queue,
            dropped: Arc::default(),
        };
        for _ in 0..5 {
            writer.write(&entry());
        }
        assert_eq!(writer.dropped.load(Ordering::Relaxed), 4);
        drop(queued);
    }
}
