//! Scenarios that sandboxes brought along, shared by those that start with the same.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use crate::place::Problem;
use crate::scenario::{Overrides, Scenario, Source};

/// How many scenarios are remembered.
const AT_MOST: usize = 32;

/// The scenarios read last, for as long as a sandbox plays them: a test suite that starts each of its
/// sandboxes with the same scenario has it read and kept once.
#[derive(Debug, Default)]
pub(super) struct ScenarioCache {
    oldest_first: VecDeque<Cached>,
}

#[derive(Debug)]
struct Cached {
    /// None: the one that was served.
    source: Option<Source>,
    served: Weak<Scenario>,
    seed: Option<u64>,
    scenario: Weak<Scenario>,
}

/// Reads a scenario. `served` is the one of the default sandbox, which counts where no source is given.
pub(super) fn read(
    source: Option<&Source>,
    served: &Scenario,
    seed: Option<u64>,
) -> Result<Scenario, Vec<Problem>> {
    match source {
        Some(source) => Scenario::load(source, Overrides { seed, now: None }),
        None => served.with_seed(seed.unwrap_or(served.seed())),
    }
}

impl ScenarioCache {
    /// The scenario, if it was read before and is still played.
    pub(super) fn find(
        &self,
        source: Option<&Source>,
        served: &Arc<Scenario>,
        seed: Option<u64>,
    ) -> Option<Arc<Scenario>> {
        let is_same = |cached: &&Cached| {
            cached.seed == seed
                && cached.source.as_ref() == source
                && (source.is_some() || std::ptr::eq(cached.served.as_ptr(), Arc::as_ptr(served)))
        };
        let cached = self.oldest_first.iter().find(is_same)?;
        cached.scenario.upgrade()
    }

    /// Remembers a scenario. One whose clock ticks starts when it is read, so it is read each time.
    pub(super) fn add(
        &mut self,
        source: Option<&Source>,
        served: &Arc<Scenario>,
        seed: Option<u64>,
        read: &Arc<Scenario>,
    ) {
        if read.start().ticking {
            return;
        }
        self.oldest_first
            .retain(|cached| cached.scenario.strong_count() > 0);
        if self.oldest_first.len() >= AT_MOST {
            self.oldest_first.pop_front();
        }
        self.oldest_first.push_back(Cached {
            source: source.cloned(),
            served: Arc::downgrade(served),
            seed,
            scenario: Arc::downgrade(read),
        });
    }
}
