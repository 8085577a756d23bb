//! What is still to come: a client waits for an entry, or reads them as they are written.

use std::sync::Arc;
use std::time::Duration;

use super::{Journal, RawEntry};
use crate::platform::Vendor;

/// Which entries are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of this vendor.
    pub vendor: Option<Vendor>,
    /// Those of this operation; empty: those that fit none.
    pub operation: Option<String>,
    /// Those with this status.
    pub status: Option<u16>,
    /// Those after the one of this number.
    pub since: Option<u64>,
}

impl Filter {
    /// Whether an entry is meant.
    pub fn fits(&self, entry: &RawEntry) -> bool {
        self.vendor
            .is_none_or(|vendor| entry.vendor == Some(vendor))
            && self
                .operation
                .as_deref()
                .is_none_or(|operation| entry.operation.unwrap_or_default() == operation)
            && self.status.is_none_or(|status| entry.status == status)
            && self.since.is_none_or(|since| entry.seq > since)
    }
}

/// What a client of the admin API waits for. Only the server can wait.
#[derive(Clone, Debug)]
pub enum Follow {
    /// The first entry that fits, now or until the time is up.
    Wait {
        /// Where it is written.
        journal: Arc<Journal>,
        /// Which.
        filter: Filter,
        /// How long, in real time.
        timeout: Duration,
    },
    /// Every entry that fits, as server-sent events, for as long as the client listens.
    Events {
        /// Where they are written.
        journal: Arc<Journal>,
        /// Which.
        filter: Filter,
    },
}
