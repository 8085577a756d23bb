//! Who leaves when all places are taken: whoever has kept the server waiting the longest.
//!
//! A connection waits for its client from the moment it is accepted, and again once an answer has been
//! written whole, until the next request has arrived whole. While it waits its place can be given to a
//! newcomer; a request that is being answered is never cut. Strangers, who have sent no whole request yet,
//! go first while they hold most of the places, so that a flood of them leaves known clients alone.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Notify;
use tokio::task::{AbortHandle, Id};

/// A request is being answered.
const BUSY: u64 = 0;
/// The place was given away.
const GIVEN: u64 = u64::MAX;

/// What all places share.
#[derive(Default)]
struct Queue {
    /// Counts those who began to wait.
    waits: AtomicU64,
    /// A newcomer has found nobody to make room.
    wanted: AtomicBool,
    /// Somebody waits again.
    found: Notify,
}

/// The place that a connection has.
pub(super) struct Place {
    queue: Arc<Queue>,
    /// When it began to wait, counted in `waits`, or [`BUSY`], or [`GIVEN`].
    since: AtomicU64,
    /// A request has arrived whole.
    known: AtomicBool,
}

impl Place {
    fn new(queue: &Arc<Queue>) -> Self {
        let place = Place {
            queue: Arc::clone(queue),
            since: AtomicU64::new(BUSY),
            known: AtomicBool::new(false),
        };
        place.wait();
        place
    }

    /// The client has all it asked for. Said again, it changes nothing.
    pub(super) fn wait(&self) {
        if self.since.load(Ordering::Relaxed) != BUSY {
            return;
        }
        let now = self.queue.waits.fetch_add(1, Ordering::Relaxed) + 1;
        self.since.store(now, Ordering::SeqCst);
        if self.queue.wanted.load(Ordering::SeqCst) {
            self.queue.found.notify_one();
        }
    }

    /// A request has arrived whole and may be answered, unless the place was given away meanwhile.
    #[must_use]
    pub(super) fn keep(&self) -> bool {
        self.known.store(true, Ordering::Relaxed);
        self.since.swap(BUSY, Ordering::SeqCst) != GIVEN
    }

    /// Gives the place away, unless the client got ahead of it.
    fn give(&self, since: u64) -> bool {
        let given = self
            .since
            .compare_exchange(since, GIVEN, Ordering::SeqCst, Ordering::SeqCst);
        given.is_ok()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}

/// All places that are taken.
#[derive(Default)]
pub(super) struct Places {
    queue: Arc<Queue>,
    taken: HashMap<Id, (Arc<Place>, AbortHandle)>,
    /// Who was sent away and is not gone yet.
    leaving: Option<Id>,
}

impl Places {
    /// A place for a connection that is about to be served.
    pub(super) fn place(&self) -> Arc<Place> {
        Arc::new(Place::new(&self.queue))
    }

    /// It is served now.
    pub(super) fn take(&mut self, place: Arc<Place>, connection: AbortHandle) {
        self.queue.wanted.store(false, Ordering::SeqCst);
        self.taken.insert(connection.id(), (place, connection));
    }

    /// A connection is gone.
    pub(super) fn free(&mut self, connection: Id) {
        self.taken.remove(&connection);
        if self.leaving == Some(connection) {
            self.leaving = None;
        }
    }

    /// Sends away who has waited the longest, one at a time; ready when somebody leaves.
    pub(super) async fn make_room(&mut self) {
        if self.leaving.is_some() {
            return std::future::pending().await;
        }
        // Said before anybody is looked at, so that who waits from here on is not missed.
        self.queue.wanted.store(true, Ordering::SeqCst);
        loop {
            let Some((since, place, connection)) = self.longest() else {
                self.queue.found.notified().await;
                continue;
            };
            let (place, connection) = (Arc::clone(place), connection.clone());
            // What it has sent already is read first: then it waits no longer.
            tokio::task::yield_now().await;
            if place.give(since) {
                connection.abort();
                self.leaving = Some(connection.id());
                return;
            }
        }
    }

    /// Who is to leave next.
    fn longest(&self) -> Option<(u64, &Arc<Place>, &AbortHandle)> {
        let is_stranger = |place: &Place| !place.known.load(Ordering::Relaxed);
        let places = self.taken.values();
        let strangers = places.filter(|(place, _)| is_stranger(place)).count();
        let most = strangers > self.taken.len() / 2;
        let waiting = self.taken.values().filter_map(|(place, connection)| {
            let since = place.since.load(Ordering::SeqCst);
            (since != BUSY && since != GIVEN).then_some((since, place, connection))
        });
        waiting.min_by_key(|(since, place, _)| (most && !is_stranger(place), *since))
    }
}
