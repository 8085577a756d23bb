//! What happened and why: one entry for each request, bounded in number and in bytes.

mod follow;
mod har;
mod json;
pub mod mask;
mod raw_entry;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use hyper::header::HeaderMap;
use hyper::{Method, StatusCode};
use jiff::Timestamp;
use tokio::sync::watch;

pub use follow::{Filter, Follow};
pub use har::har;
pub use raw_entry::{NewEntry, RawEntry};

use crate::delivery::Delivery;
use crate::platform::{Gate, Page, Vendor};

/// One request and its answer as people read them: secrets are masked.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Names the entry among those of all worlds: the world's name and `seq`, `r-7` or `r-alice-7`.
    pub id: String,
    /// Counts the entries of this world from 1, without gaps.
    pub seq: u64,
    /// The sandbox; None: the default sandbox.
    pub sandbox: Option<String>,
    /// When it came, on the emulated clock.
    pub at: Timestamp,
    /// When it came: microseconds of real time since the start.
    pub elapsed_us: u64,
    /// How long the answer took: microseconds of real time.
    pub duration_us: u64,
    /// The vendor it was meant for, if any.
    pub vendor: Option<Vendor>,
    /// The operation it fits, if any: `list_enrollments`.
    pub operation: Option<&'static str>,
    /// Who called: a user's id, or what the vendor calls the account itself. None: the caller is anonymous.
    pub principal: Option<String>,
    /// The method as sent.
    pub method: Method,
    /// The path as sent.
    pub path: String,
    /// The query as sent, secrets masked.
    pub query: String,
    /// The request's header fields, secrets masked.
    pub request_headers: HeaderMap,
    /// The request's body, cut at the bound.
    pub request_body: Bytes,
    /// The answer's status.
    pub status: StatusCode,
    /// The answer's header fields.
    pub response_headers: HeaderMap,
    /// The answer's body, cut at the bound; of a chunked one at most the first chunk.
    pub response_body: Bytes,
    /// How long the bodies were on the wire.
    pub sizes: Sizes,
    /// The rule that acted on it, if any.
    pub fault: Option<Fault>,
    /// What led to the answer.
    pub why: Why,
    /// What the judge of clients asks for; it is never shown.
    pub signals: Signals,
}

/// What who judges clients wants to know of a request beside its entry. Secrets are fingerprints here.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Signals {
    /// The cursor that it carries, if the vendor refused the request.
    pub cursor: Option<u64>,
    /// The vendor refused it because its token had expired.
    pub is_expired: bool,
    /// How the answer left.
    pub delivery: Delivery,
    /// No parser takes the answer's body.
    pub is_corrupted: bool,
}

/// How long bodies were before they were cut and masked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// The request's.
    pub request: u64,
    /// Whether less than that is kept of it.
    pub request_cut: bool,
    /// The answer's, before it was packed. None: it is not known, because it is made while it is written.
    pub response: Option<u64>,
    /// Whether less than that is kept of it.
    pub response_cut: bool,
}

/// A rule that acted on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands: `FILE:LINE`. None: it was added over HTTP.
    pub place: Option<Arc<str>>,
}

/// What led to an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// The gates passed, in order.
    pub passed: &'static [Gate],
    /// The gate that refused. None: none did; what refused then is the operation, or a fault.
    pub gate: Option<&'static str>,
    /// What was held against the request.
    pub refused: Option<String>,
    /// Why the records did not change, though a fault was to change them after the answer.
    pub unchanged: Option<String>,
    /// How far the caller sees.
    pub scope: Option<Cow<'static, str>>,
    /// The part of a list that the answer shows.
    pub page: Option<Page>,
    /// Of a request that fits no operation: the nearest ones, and what differed.
    pub nearest: Vec<String>,
}

/// How much a journal keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Entries at most.
    pub entries: usize,
    /// Bytes that all entries hold together, at most.
    pub bytes: usize,
    /// Bytes of one body, at most.
    pub body: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            entries: 1000,
            bytes: 4 * 1024 * 1024,
            body: 16 * 1024,
        }
    }
}

thread_local! {
    /// The note that was forgotten last. A journal that is full forgets one for each that it writes, and what
    /// was taken long ago costs more to give back than to use again.
    static SPARE: Cell<Option<Arc<RawEntry>>> = const { Cell::new(None) };
}

/// The entries of one world, the oldest forgotten first.
#[derive(Debug)]
pub struct Journal {
    /// The world's name; the default sandbox's is empty.
    world: Arc<str>,
    bounds: Bounds,
    kept: Mutex<Kept>,
    /// Told of each entry. A waiting client holds the other end, so it learns that the journal is gone.
    news: watch::Sender<()>,
}

/// How far a client has read a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bookmark {
    /// How often the journal had been cleared.
    round: u64,
    /// The number of the last entry read.
    seq: u64,
}

/// What was written behind a bookmark.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The next entries, oldest first.
    pub notes: Vec<Arc<RawEntry>>,
    /// How many between the bookmark and these are forgotten already.
    pub dropped: u64,
    /// Where to read on.
    pub bookmark: Bookmark,
}

#[derive(Debug, Default)]
struct Kept {
    /// Each with the memory that it holds.
    notes: VecDeque<(Arc<RawEntry>, usize)>,
    /// What they hold together.
    bytes: usize,
    /// How many there ever were.
    count: u64,
    /// How often it was cleared.
    round: u64,
}

impl Journal {
    /// An empty journal of the world of this name.
    pub fn new(world: &str, bounds: Bounds) -> Self {
        Journal {
            world: world.into(),
            bounds,
            kept: Mutex::default(),
            news: watch::Sender::new(()),
        }
    }

    /// How much it keeps.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Writes down what it is told, and numbers it.
    pub fn record(&self, told: NewEntry<'_>) -> Arc<RawEntry> {
        // Outside the lock: other writers need not wait for that.
        let (mut note, size) = self.raw_entry(told);
        let mut kept = self.lock();
        kept.count += 1;
        if let Some(note) = Arc::get_mut(&mut note) {
            note.seq = kept.count;
        }
        kept.notes.push_back((Arc::clone(&note), size));
        kept.bytes += size;
        let mut forgotten = None;
        while kept.notes.len() > self.bounds.entries || kept.bytes > self.bounds.bytes {
            let Some((oldest, size)) = kept.notes.pop_front() else {
                break;
            };
            kept.bytes -= size;
            forgotten = Some(oldest);
        }
        drop(kept);
        if let Some(forgotten) = forgotten {
            SPARE.set(Some(forgotten));
        }
        if self.news.receiver_count() > 0 {
            self.news.send_replace(());
        }
        note
    }

    /// A note and its size, in the memory of a forgotten one where no reader holds that any more.
    fn raw_entry(&self, told: NewEntry<'_>) -> (Arc<RawEntry>, usize) {
        let mut spare = SPARE.take();
        let old = spare.as_mut().and_then(Arc::get_mut);
        let text = old.map(RawEntry::take_text).unwrap_or_default();
        let note = RawEntry::of(told, &self.world, &self.bounds, text);
        let size = note.size();
        if let Some(mut spare) = spare
            && let Some(old) = Arc::get_mut(&mut spare)
        {
            *old = note;
            return (spare, size);
        }
        (Arc::new(note), size)
    }

    /// Changes with each entry, and ends with the journal.
    pub fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// The place behind entry `since`; without it, behind the last one. A number that was never reached
    /// is of a journal before this one: all of this one is news then.
    pub fn bookmark(&self, since: Option<u64>) -> Bookmark {
        let kept = self.lock();
        Bookmark {
            round: kept.round,
            seq: match since {
                Some(since) if since <= kept.count => since,
                Some(_) => 0,
                None => kept.count,
            },
        }
    }

    /// What was written behind `bookmark`, at most so many entries of it.
    pub fn unread(&self, bookmark: Bookmark, most: usize) -> Unread {
        let kept = self.lock();
        // Cleared since then: all that is there is new.
        let read = if bookmark.round == kept.round {
            bookmark.seq
        } else {
            0
        };
        let forgotten = kept.dropped();
        let dropped = forgotten.saturating_sub(read);
        let at = usize::try_from(read.saturating_sub(forgotten)).unwrap_or(usize::MAX);
        let unread = kept.notes.iter().skip(at).take(most);
        let notes: Vec<_> = unread.map(|(note, _)| Arc::clone(note)).collect();
        Unread {
            bookmark: Bookmark {
                round: kept.round,
                seq: read + dropped + notes.len() as u64,
            },
            notes,
            dropped,
        }
    }

    /// What is kept, oldest first.
    pub fn notes(&self) -> Vec<Arc<RawEntry>> {
        let kept = self.lock();
        kept.notes
            .iter()
            .map(|(note, _)| Arc::clone(note))
            .collect()
    }

    /// The entries kept, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.notes().iter().map(|note| note.entry()).collect()
    }

    /// How many entries were forgotten.
    pub fn dropped(&self) -> u64 {
        self.lock().dropped()
    }

    /// Those of the entries kept that fit, at most the newest `most` of them, oldest first; and how many
    /// entries were forgotten by then.
    pub fn fitting(&self, filter: &Filter, most: usize) -> (Vec<Arc<RawEntry>>, u64) {
        let kept = self.lock();
        let newest = kept.notes.iter().rev().map(|(note, _)| note);
        let newest = newest.filter(|note| filter.fits(note));
        let mut found: Vec<Arc<RawEntry>> = newest.take(most).cloned().collect();
        found.reverse();
        (found, kept.dropped())
    }

    /// The entry of this id.
    ///
    /// # Errors
    /// Why there is none.
    pub fn entry(&self, id: &str) -> Result<Entry, Gone> {
        let seq = self.seq(id).ok_or(Gone::NoId)?;
        let kept = self.lock();
        if seq == 0 || seq > kept.count {
            return Err(Gone::NotYet(kept.count));
        }
        // Entries are numbered without gaps, and only the oldest go.
        let dropped = kept.dropped();
        let at = seq
            .checked_sub(dropped + 1)
            .ok_or(Gone::Forgotten(dropped))?;
        let found = usize::try_from(at).ok().and_then(|at| kept.notes.get(at));
        let found = found.map(|(note, _)| Arc::clone(note));
        drop(kept);
        Ok(found.ok_or(Gone::Forgotten(dropped))?.entry())
    }

    /// The number in an id of this world's entries.
    pub fn seq(&self, id: &str) -> Option<u64> {
        let rest = id.strip_prefix("r-")?;
        let digits = match &*self.world {
            "" => rest,
            world => rest.strip_prefix(world)?.strip_prefix('-')?,
        };
        let all = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| all)
    }

    /// Forgets every entry and counts from 1 again.
    pub fn clear(&self) {
        let mut kept = self.lock();
        *kept = Kept {
            round: kept.round + 1,
            ..Kept::default()
        };
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why the journal has no entry of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// No entry of this world is called so.
    NoId,
    /// There are no more than so many so far.
    NotYet(u64),
    /// It was among the first so many, which were forgotten.
    Forgotten(u64),
}

impl Kept {
    fn dropped(&self) -> u64 {
        self.count - self.notes.len() as u64
    }
}

impl Why {
    /// About how many bytes of memory it holds beside itself.
    fn size(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let page = self.page.as_ref();
        let scope = self.scope.as_ref();
        text(&self.refused)
            + text(&self.unchanged)
            + scope.map_or(0, |scope| scope.len())
            + page.map_or(0, |page| {
                text(&page.cursor) + text(&page.next) + text(&page.previous)
            })
            + self
                .nearest
                .iter()
                .map(|it| it.len() + size_of::<String>())
                .sum::<usize>()
    }
}
