//! What a watch has found.

/// How many requests a verdict names at most.
const NAMED: usize = 20;

/// What a watch says of its claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// It holds, and why.
    Kept(String),
    /// These requests broke it.
    Broken(Requests),
    /// Nobody can say, and why.
    Unsure(String, Requests),
}

/// Requests that stand against a claim: how many, the first of them, and what was wrong with the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Requests {
    count: u64,
    named: Vec<String>,
    /// What is wrong with the first.
    first: String,
    /// What is wrong with all of them together.
    reason: Option<String>,
}

impl Requests {
    /// One more. `what` says what is wrong with it; only that of the first is asked for.
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

    /// What was wrong with the first, and how many more there are.
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

/// The finding on a promise that `broken` stands against. `lost` says what was forgotten that might stand
/// against it as well.
pub(super) fn promise(broken: &Requests, lost: Option<String>, kept: &str) -> Finding {
    match (broken.count(), lost) {
        (0, None) => Finding::Kept(kept.to_owned()),
        (0, Some(lost)) => Finding::Unsure(lost, Requests::default()),
        _ => Finding::Broken(broken.clone()),
    }
}

/// What is said where entries are missing from the journal, or rows from a table.
pub(super) fn lost(forgotten: u64, full: u64, what: &str) -> Option<String> {
    match (forgotten, full) {
        (0, 0) => None,
        (0, full) => Some(format!(
            "there were more {what} than are remembered: {full} were forgotten"
        )),
        (forgotten, _) => Some(format!("the journal has dropped {forgotten} requests")),
    }
}
