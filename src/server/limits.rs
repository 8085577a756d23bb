//! How much, how long and how many: what keeps a slow or endless client cheap.

use std::time::Duration;

/// The bounds in which a server keeps its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request body, at most. A longer one is refused in the vendor's words.
    pub body: usize,
    /// Bytes that the bodies under way hold together, beyond the first 16 KiB of each, at most.
    ///
    /// One body of any length always fits. A body that does not fit waits, within its own time.
    pub bodies: usize,
    /// Bytes of a request line with its header, at most, and 8 KiB at least. A longer one is a bare 431.
    pub head: usize,
    /// Time from a request's first byte to the end of its header. Then the connection is closed.
    pub head_time: Duration,
    /// Time for a whole request body. Then the answer is 408.
    pub body_time: Duration,
    /// Time a connection may lie idle, before its first request and between two.
    pub idle_time: Duration,
    /// Time that a client may take no byte of an answer that waits for it.
    pub stall_time: Duration,
    /// Time that a closed connection still reads from its client, so that the client sees the last answer
    /// instead of a reset.
    pub linger: Duration,
    /// Time that requests in flight get to finish when the server ends.
    pub grace: Duration,
    /// Time that a stream of events is silent, at most. Then a comment is written.
    pub heartbeat: Duration,
    /// Connections at once, at most: each takes a slot.
    ///
    /// When all slots are taken, a newcomer gets the slot of the client that has kept the server waiting for a
    /// whole request the longest. An anonymous client has sent no whole request yet: while such clients hold
    /// most of the slots, one of them goes. While every slot has a request that is being answered, newcomers
    /// wait in the system's queue.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 1024 * 1024,
            bodies: 256 * 1024 * 1024,
            head: 64 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            // Longer than the pools of common clients keep a connection (60 s): the client closes first, and
            // never sends into a connection that is just going away.
            idle_time: Duration::from_secs(75),
            stall_time: Duration::from_secs(30),
            linger: Duration::from_secs(2),
            grace: Duration::from_millis(400),
            heartbeat: Duration::from_secs(15),
            connections: (open_files() / 2).clamp(16, 4096),
        }
    }
}

/// How many files this process may have open. Where the system does not tell, it is the smallest common
/// number.
fn open_files() -> usize {
    const COMMON: usize = 256;
    let Ok(limits) = std::fs::read_to_string("/proc/self/limits") else {
        return COMMON;
    };
    let soft = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next());
    match soft {
        Some("unlimited") => usize::MAX,
        Some(number) => number.parse().unwrap_or(COMMON),
        None => COMMON,
    }
}
