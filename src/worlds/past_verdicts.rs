//! What is kept of sandboxes that have ended: the verdicts.

use std::collections::VecDeque;

use crate::expect::Verdict;

/// How many verdicts are kept.
const AT_MOST: usize = 1_000;

/// The verdicts on sandboxes that have ended, bounded.
#[derive(Debug, Default)]
pub(super) struct PastVerdicts {
    /// With the number and the name of each sandbox, the first to end first.
    verdicts: VecDeque<(u64, String, Verdict)>,
}

impl PastVerdicts {
    /// Keeps a verdict, if there is anything to say. When there is no room, one that is in order goes
    /// before one that complains.
    pub(super) fn add(&mut self, number: u64, name: String, verdict: Verdict) {
        if verdict.judged.is_empty() && verdict.unmatched == 0 {
            return;
        }
        if self.verdicts.len() >= AT_MOST {
            let is_fine = |verdict: &Verdict| verdict.is_kept() && verdict.unmatched == 0;
            let fine = self.verdicts.iter().position(|(_, _, it)| is_fine(it));
            self.verdicts.remove(fine.unwrap_or(0));
        }
        self.verdicts.push_back((number, name, verdict));
    }

    /// Those kept.
    pub(super) fn verdicts(&self) -> Vec<(u64, String, Verdict)> {
        self.verdicts.iter().cloned().collect()
    }
}
