//! The slots that connections take, and which connection leaves when all slots are taken.
//!
//! A connection waits for its client from the moment it is accepted. It waits again from the end of an
//! answer until the next request has arrived whole. While it waits, its slot can go to a newcomer. A request
//! that is being answered is never cut.
//!
//! An anonymous client has sent no whole request yet. Anonymous clients leave first while they hold most of
//! the slots, so that a flood of them leaves known clients alone.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Notify;
use tokio::task::{AbortHandle, Id};

/// A request is being answered.
const BUSY: u64 = 0;
/// The slot was given away.
const GIVEN: u64 = u64::MAX;

/// The state that all slots share.
#[derive(Default)]
struct Queue {
    /// Counts the waits that have begun.
    waits: AtomicU64,
    /// A newcomer has found no slot to take over.
    wanted: AtomicBool,
    /// A connection waits again.
    found: Notify,
}

/// The slot of one connection.
pub(super) struct Slot {
    queue: Arc<Queue>,
    /// When its wait began, counted in `waits`, or [`BUSY`], or [`GIVEN`].
    since: AtomicU64,
    /// A request has arrived whole.
    known: AtomicBool,
}

impl Slot {
    fn new(queue: &Arc<Queue>) -> Self {
        let slot = Slot {
            queue: Arc::clone(queue),
            since: AtomicU64::new(BUSY),
            known: AtomicBool::new(false),
        };
        slot.wait();
        slot
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

    /// A request has arrived whole and may be answered, unless the slot was given away meanwhile.
    #[must_use]
    pub(super) fn keep(&self) -> bool {
        self.known.store(true, Ordering::Relaxed);
        self.since.swap(BUSY, Ordering::SeqCst) != GIVEN
    }

    /// Gives the slot away, unless a request arrived meanwhile.
    fn give(&self, since: u64) -> bool {
        let given = self
            .since
            .compare_exchange(since, GIVEN, Ordering::SeqCst, Ordering::SeqCst);
        given.is_ok()
    }

    /// When its wait began. None: it does not wait.
    fn waits_since(&self) -> Option<u64> {
        match self.since.load(Ordering::SeqCst) {
            BUSY | GIVEN => None,
            since => Some(since),
        }
    }

    fn is_anonymous(&self) -> bool {
        !self.known.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot")
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}

/// All slots that are taken.
#[derive(Default)]
pub(super) struct Slots {
    queue: Arc<Queue>,
    taken: HashMap<Id, (Arc<Slot>, AbortHandle)>,
    /// The connection that was sent away and is not gone yet.
    leaving: Option<Id>,
}

impl Slots {
    /// A slot for a connection that is about to be served.
    pub(super) fn slot(&self) -> Arc<Slot> {
        Arc::new(Slot::new(&self.queue))
    }

    /// The connection is served now.
    pub(super) fn take(&mut self, slot: Arc<Slot>, connection: AbortHandle) {
        self.queue.wanted.store(false, Ordering::SeqCst);
        self.taken.insert(connection.id(), (slot, connection));
    }

    /// The connection is gone.
    pub(super) fn free(&mut self, connection: Id) {
        self.taken.remove(&connection);
        if self.leaving == Some(connection) {
            self.leaving = None;
        }
    }

    /// Sends away the connection that has waited the longest, one at a time. Ready when one leaves.
    pub(super) async fn make_room(&mut self) {
        if self.leaving.is_some() {
            return std::future::pending().await;
        }
        // Stored before the search, so that a wait that begins after it is not missed.
        self.queue.wanted.store(true, Ordering::SeqCst);
        loop {
            let Some((since, slot, connection)) = self.next_to_leave() else {
                self.queue.found.notified().await;
                continue;
            };
            let (slot, connection) = (Arc::clone(slot), connection.clone());
            // A request that has arrived already is read first: then the connection waits no longer.
            tokio::task::yield_now().await;
            if slot.give(since) {
                connection.abort();
                self.leaving = Some(connection.id());
                return;
            }
        }
    }

    /// The connection that is to leave next, with the start of its wait.
    fn next_to_leave(&self) -> Option<(u64, &Arc<Slot>, &AbortHandle)> {
        let slots = self.taken.values();
        let anonymous = slots.filter(|(slot, _)| slot.is_anonymous()).count();
        let most_are_anonymous = anonymous > self.taken.len() / 2;
        let waiting = self
            .taken
            .values()
            .filter_map(|(slot, connection)| Some((slot.waits_since()?, slot, connection)));
        waiting.min_by_key(|(since, slot, _)| {
            let is_spared = most_are_anonymous && !slot.is_anonymous();
            (is_spared, *since)
        })
    }
}
