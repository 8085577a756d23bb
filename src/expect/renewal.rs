//! `renews_expired_token`: a client drops a token that has expired, and goes on with another.

use super::call::{answered_us, fingerprint};
use super::found::{Finding, Requests, conclude, gap};
use super::judge::{Seen, Watch};
use super::table::Table;
use crate::platform::Vendor;

/// How many tokens are remembered of each kind: dead ones, ones to be replaced, ones that lived.
const MOST: usize = 4096;

/// The tokens that have expired.
#[derive(Debug, Default)]
pub(super) struct Renewal {
    /// By the token.
    dead: Table<Dead, MOST>,
    /// By the token: clients that have not gone on with another token yet.
    missing: Table<Missing, MOST>,
    /// By the token: its owner while it lived.
    owners: Table<Owner, MOST>,
    /// How many calls were seen.
    count: u64,
    broken: Requests,
}

/// A token that has expired, as its client was told.
#[derive(Debug)]
struct Dead {
    /// The request that was told so.
    id: String,
    /// When the client knew, in microseconds since the start. Earlier requests were under way.
    known_us: u64,
}

/// A client that was told so, and has to go on.
#[derive(Debug)]
struct Missing {
    id: String,
    vendor: Vendor,
    /// The owner of the token, if it was seen alive.
    owner: Option<u64>,
    /// When the token died.
    died: u64,
}

/// The owner of a token.
#[derive(Clone, Copy, Debug)]
struct Owner {
    principal: u64,
    /// When it was first seen.
    since: u64,
}

impl Watch for Renewal {
    fn observe(&mut self, seen: &Seen<'_>) {
        let entry = seen.entry;
        let (Some(vendor), Some(credential)) = (entry.vendor, seen.credential()) else {
            return;
        };
        self.count += 1;
        let token = fingerprint(&[vendor.name().as_bytes(), &credential.to_le_bytes()]);
        // A reset, or a clock that was set back, makes the token valid again.
        if entry.principal.is_some() && self.dead.remove(token).is_some() {
            self.missing.remove(token);
        }
        if let Some(dead) = self.dead.row(token) {
            if entry.elapsed_us >= dead.known_us {
                let what = || format!("it carries the token of which {} said: expired", dead.id);
                self.broken.add(&entry.id(), what);
            }
        } else if entry.signals.is_expired {
            let id = entry.id();
            let known_us = answered_us(entry);
            self.dead.set(token, Dead { id, known_us });
            let missing = Missing {
                id: entry.id(),
                vendor,
                owner: self.owners.row(token).map(|owner| owner.principal),
                died: self.count,
            };
            self.missing.set(token, missing);
        }
        let Some(principal) = &entry.principal else {
            return;
        };
        let owner = self.owners.row(token).copied().unwrap_or_else(|| {
            let principal = fingerprint(&[principal.as_bytes()]);
            let since = self.count;
            let owner = Owner { principal, since };
            self.owners.set(token, owner);
            owner
        });
        if entry.status.is_success() {
            self.missing
                .retain(|missing| !missing.is_replaced(vendor, owner));
        }
    }

    fn finding(&self, forgotten: u64) -> Finding {
        let mut broken = self.broken.clone();
        for missing in self.missing.oldest_first() {
            let id = &missing.id;
            let what =
                || format!("{id} said that the token has expired, and nobody went on with another");
            broken.add(id, what);
        }
        let full = self.dead.forgotten() + self.missing.forgotten();
        let gap = gap(forgotten, full, "expired tokens");
        let kept = "every token that had expired was let go and replaced";
        conclude(&broken, gap, kept)
    }
}

impl Missing {
    /// Whether a call with this other token goes on where the dead one ended: it belongs to the same user, or
    /// is new.
    fn is_replaced(&self, vendor: Vendor, owner: Owner) -> bool {
        let is_same = self.owner.is_none_or(|known| known == owner.principal);
        vendor == self.vendor && (is_same || owner.since > self.died)
    }
}
