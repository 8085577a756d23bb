//! The findings of watches.

/// How many requests a verdict names at most.
const NAMED: usize = 20;

/// The finding of a watch on its expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// The expectation is kept, and why.
    Kept(String),
    /// These requests broke it.
    Broken(Requests),
    /// The entries do not tell, and why.
    Unsure(String, Requests),
}

/// Requests that break an expectation: how many, the first of them, and the fault of the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Requests {
    count: u64,
    named: Vec<String>,
    /// The fault of the first.
    first: String,
    /// The fault of all of them together.
    reason: Option<String>,
}

impl Requests {
    /// Adds a request. `what` words its fault, and is called for the first request only.
    pub fn add(&mut self, id: &str, what: impl FnOnce() -> String) {
        if self.count == 0 {
            self.first = what();
        }
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(id.to_owned());
        }
    }

    /// The same, with one reason for all of them.
    pub fn explained(mut self, reason: String) -> Self {
        self.reason = Some(reason);
        self
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The fault of the first, and how many more there are.
    pub fn reason(&self) -> String {
        if let Some(reason) = &self.reason {
            return reason.clone();
        }
        let more = match self.count.saturating_sub(1) {
            0 => return self.first.clone(),
            1 => "1 more request".to_owned(),
            more => format!("{more} more requests"),
        };
        format!("{}; and {more}", self.first)
    }

    /// The ids of the first of them.
    pub fn into_named(self) -> Vec<String> {
        self.named
    }
}

/// The finding on an expectation that the requests of `broken` break. `gap` says what was forgotten that might
/// break it as well.
pub(super) fn conclude(broken: &Requests, gap: Option<String>, kept: &str) -> Finding {
    match (broken.count(), gap) {
        (0, None) => Finding::Kept(kept.to_owned()),
        (0, Some(gap)) => Finding::Unsure(gap, Requests::default()),
        _ => Finding::Broken(broken.clone()),
    }
}

/// The words for entries that are missing from the journal, or for rows that are missing from a table.
pub(super) fn gap(forgotten: u64, full: u64, what: &str) -> Option<String> {
    match (forgotten, full) {
        (0, 0) => None,
        (0, full) => Some(format!(
            "there were more {what} than are remembered: {full} were forgotten"
        )),
        (forgotten, _) => Some(format!("the journal has dropped {forgotten} requests")),
    }
}
