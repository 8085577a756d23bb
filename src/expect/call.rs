//! A call as the manners see it: by whom, of what kind, and what the client got of the answer.

use hyper::Method;

use super::judge::Seen;
use crate::delivery::How;
use crate::journal::Note;
use crate::seed::hash;

/// What kind of call it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It asks for a token, or about one.
    Token,
    /// It looks.
    Read,
    /// It changes something.
    Write,
}

/// The operations that ask for a token, or about one.
const TOKEN_CALLS: &[&str] = &[
    "authorize",
    "check_token",
    "issue_learner_token",
    "issue_token",
    "refresh_token",
    "revoke_token",
];

/// What kind of call an operation makes with this method. Some vendors read with POST, so the name counts
/// first.
pub(super) fn kind(operation: &str, method: &Method) -> Kind {
    let reads = |name: &str| name.starts_with("list_") || name.starts_with("get_");
    match *method {
        _ if TOKEN_CALLS.contains(&operation) => Kind::Token,
        _ if reads(operation) => Kind::Read,
        Method::POST | Method::PUT | Method::PATCH | Method::DELETE => Kind::Write,
        _ => Kind::Read,
    }
}

/// One number for several texts.
pub(super) fn fingerprint(parts: &[&[u8]]) -> u64 {
    parts.iter().fold(0, |all, part| {
        let two = [all, hash(part)].map(u64::to_le_bytes);
        hash(two.as_flattened())
    })
}

/// Who calls: a vendor's user, else whoever has this credential, else those who show none.
pub(super) fn client(seen: &Seen<'_>) -> u64 {
    let entry = seen.entry;
    let vendor = entry.vendor.map_or("", |vendor| vendor.name()).as_bytes();
    if let Some(principal) = &entry.principal {
        return fingerprint(&[vendor, b"principal", principal.as_bytes()]);
    }
    match seen.credential() {
        Some(credential) => fingerprint(&[vendor, b"credential", &credential.to_le_bytes()]),
        None => fingerprint(&[vendor, b"nobody"]),
    }
}

/// Whether the client got nothing of an answer, or not all of it.
pub(super) fn is_lost(entry: &Note) -> bool {
    match entry.marks.delivery.how {
        How::Close | How::Reset | How::Garbage | How::Truncate(_) => true,
        How::Whole | How::Drip(_) => false,
    }
}

/// Whether the client could read the answer to its end.
pub(super) fn is_readable(entry: &Note) -> bool {
    !is_lost(entry) && !entry.marks.is_spoilt
}

/// When the last byte of the answer left, in microseconds since the start.
pub(super) fn answered_us(entry: &Note) -> u64 {
    let drip = match entry.marks.delivery.how {
        How::Drip(over) => over,
        How::Whole | How::Close | How::Reset | How::Garbage | How::Truncate(_) => {
            std::time::Duration::ZERO
        }
    };
    let waited = entry.marks.delivery.delay.saturating_add(drip);
    let waited = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
    let answered = entry.elapsed_us.saturating_add(entry.duration_us);
    answered.saturating_add(waited)
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind};
    use crate::vendors::Vendor;

    #[test]
    fn every_operation_is_of_the_kind_that_it_is() {
        let mut writes = Vec::new();
        let mut token_calls = Vec::new();
        for vendor in Vendor::ALL {
            let surfaces = vendor.surfaces().iter();
            for operation in surfaces.flat_map(|surface| surface.operations()) {
                let row = &operation.row;
                match kind(row.id, &row.method) {
                    Kind::Write => writes.push(row.id),
                    Kind::Token => token_calls.push(row.id),
                    Kind::Read => {}
                }
            }
        }
        let mut expected = vec![
            "create_enrollments",
            "edit_enrollment",
            "reenroll",
            "delete_enrollments",
            "bulk_enroll",
            "create_enrollment",
            "create_user_enrollment",
            "update_user_enrollment",
            "delete_user_enrollment",
            "update_enrollment",
            "delete_enrollment",
        ];
        for known in [&mut writes, &mut token_calls, &mut expected] {
            known.sort_unstable();
            known.dedup();
        }
        assert_eq!(writes, expected);
        assert_eq!(token_calls, super::TOKEN_CALLS);
    }
}
