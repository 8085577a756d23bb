//! A call as the manners see it: its client, its kind, and what the client got of the answer.

use super::judge::Seen;
use crate::delivery::How;
use crate::journal::RawEntry;
use crate::seed::hash;

/// One number for several texts.
pub(super) fn fingerprint(parts: &[&[u8]]) -> u64 {
    parts.iter().fold(0, |all, part| {
        let two = [all, hash(part)].map(u64::to_le_bytes);
        hash(two.as_flattened())
    })
}

/// The fingerprint of a client: a vendor's user, else the holder of a credential, else the anonymous one.
pub(super) fn client(seen: &Seen<'_>) -> u64 {
    let entry = seen.entry;
    let vendor = entry.vendor.map_or("", |vendor| vendor.name()).as_bytes();
    if let Some(principal) = &entry.principal {
        return fingerprint(&[vendor, b"principal", principal.as_bytes()]);
    }
    match seen.credential() {
        Some(credential) => fingerprint(&[vendor, b"credential", &credential.to_le_bytes()]),
        None => fingerprint(&[vendor, b"anonymous"]),
    }
}

/// Whether the client got only a part of an answer, or nothing.
pub(super) fn is_lost(entry: &RawEntry) -> bool {
    match entry.signals.delivery.how {
        How::Close | How::Reset | How::Garbage | How::Truncate(_) => true,
        How::Whole | How::Drip(_) => false,
    }
}

/// Whether the client could read the answer to its end.
pub(super) fn is_readable(entry: &RawEntry) -> bool {
    !is_lost(entry) && !entry.signals.is_corrupted
}

/// When the last byte of the answer left, in microseconds since the start.
pub(super) fn answered_us(entry: &RawEntry) -> u64 {
    let drip = match entry.signals.delivery.how {
        How::Drip(over) => over,
        How::Whole | How::Close | How::Reset | How::Garbage | How::Truncate(_) => {
            std::time::Duration::ZERO
        }
    };
    let waited = entry.signals.delivery.delay.saturating_add(drip);
    let waited = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
    let answered = entry.elapsed_us.saturating_add(entry.duration_us);
    answered.saturating_add(waited)
}
