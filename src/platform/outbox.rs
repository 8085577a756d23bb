//! The mails that a vendor would have sent, kept to be read.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::Vendor;

/// A mail that a vendor would have sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The vendor.
    pub vendor: Vendor,
    /// The vendor's own name for this sort of mail: `enrolled_enroll`.
    pub kind: &'static str,
    /// The address.
    pub to: String,
    /// The key of the course it is about.
    pub course: String,
    /// When it would have been sent.
    pub at: Timestamp,
}

/// The mails of one world, the oldest first. Beyond [`Outbox::AT_MOST`] the oldest are forgotten.
#[derive(Debug, Default)]
pub struct Outbox(Mutex<VecDeque<Mail>>);

impl Outbox {
    /// How many mails it holds.
    pub const AT_MOST: usize = 10_000;

    /// Keeps a mail.
    pub fn send(&self, mail: Mail) {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() >= Self::AT_MOST {
            mails.pop_front();
        }
        mails.push_back(mail);
    }

    /// All that it holds, the oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        let mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().cloned().collect()
    }

    /// Forgets them.
    pub fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
