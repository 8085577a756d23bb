//! How much, how long and how many: what keeps a slow or endless client cheap.

use std::time::Duration;

/// The bounds a server keeps its clients in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request body, at most; a longer one is refused in the vendor's words.
    pub body: usize,
    /// Bytes that the bodies under way hold together, beyond the first 16 KiB of each, at most; at least one body
    /// of any length fits. One for which there is no room waits for it, within the time of its own.
    pub bodies: usize,
    /// Bytes of a request line with its header, at most, 8 KiB at least; a longer one is a bare 431.
    pub head: usize,
    /// Time from a request's first byte to the end of its header; then the connection is closed.
    pub head_time: Duration,
    /// Time for a whole request body; then 408.
    pub body_time: Duration,
    /// Time a connection may lie idle, before its first request and between two.
    pub idle_time: Duration,
    /// Time a client may take no byte of an answer that waits for it.
    pub stall_time: Duration,
    /// Time a closed connection still takes in what its client sends, so that the client reads the
    /// last answer instead of a reset.
    pub linger: Duration,
    /// Time that requests in flight get to finish when the server ends.
    pub grace: Duration,
    /// Time a stream of events is silent, at most; then a comment is written.
    pub heartbeat: Duration,
    /// Connections at once, at most. When all places are taken, a newcomer gets that of the client that has
    /// kept the server waiting for a whole request the longest; while strangers, who have sent none yet,
    /// hold most of the places, it is one of them. While each has a request that is being answered,
    /// newcomers wait in the system's queue.
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
            // Longer than the pools of common clients keep theirs (60 s), so that they close first and
            // none sends into a connection that is just going away.
            idle_time: Duration::from_secs(75),
            stall_time: Duration::from_secs(30),
            linger: Duration::from_secs(2),
            grace: Duration::from_millis(400),
            heartbeat: Duration::from_secs(15),
            connections: (open_files() / 2).clamp(16, 4096),
        }
    }
}

/// How many files this process may have open; where the system does not tell, the smallest number that
/// is common.
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
