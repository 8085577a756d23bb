//! An expectation of a number of calls.

use std::fmt;

use super::found::{Finding, Requests};
use super::judge::{Seen, Watch};
use crate::faults::{CallInfo, On};

/// How many calls there must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The fewest.
    pub min: u64,
    /// The most. None: any number.
    pub max: Option<u64>,
}

/// Counts calls.
#[derive(Debug)]
pub(super) struct Times {
    on: On,
    range: Range,
    calls: Requests,
}

impl Times {
    /// A watch that has seen no call.
    pub fn new(on: On, range: Range) -> Self {
        Times {
            on,
            range,
            calls: Requests::default(),
        }
    }
}

impl Watch for Times {
    fn observe(&mut self, seen: &Seen<'_>) {
        let Some(vendor) = seen.entry.vendor else {
            return;
        };
        let asked = CallInfo {
            request: seen.request,
            vendor,
            operation: seen.entry.operation,
            principal: seen.entry.principal.as_deref(),
        };
        if self.on.fits(&asked) {
            self.calls.add(&seen.entry.id(), String::new);
        }
    }

    fn finding(&self, forgotten: u64) -> Finding {
        let Range { min, max } = self.range;
        let count = self.calls.count();
        let reason = match max {
            Some(0) if count > 0 => format!("called {}", times(count)),
            _ => format!("called {}, expected {}", times(count), self.range),
        };
        let is_too_often = max.is_some_and(|max| count > max);
        // Forgotten requests may raise the count, never lower it.
        let is_sure = forgotten == 0 || is_too_often || (count >= min && max.is_none());
        if !is_sure {
            let known = format!("the journal has dropped {forgotten} requests; of the rest: ");
            return Finding::Unsure(known + &reason, self.calls.clone());
        }
        if !is_too_often && count >= min {
            return Finding::Kept(format!("called {}", times(count)));
        }
        Finding::Broken(self.calls.clone().explained(reason))
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (0, Some(0)) => f.write_str("never"),
            (min, Some(max)) if min == max => f.write_str(&times(min)),
            (0, Some(max)) => write!(f, "at most {}", times(max)),
            (min, None) => write!(f, "at least {}", times(min)),
            (min, Some(max)) => write!(f, "{min} to {}", times(max)),
        }
    }
}

/// So many times.
fn times(count: u64) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}
