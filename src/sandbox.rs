//! One isolated world: its records, tokens, clock and journal.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::clock::Clock;
use crate::journal::{self, Journal};
use crate::outbox::Outbox;
use crate::scenario::Scenario;
use crate::vendors::{alm, ispring, openedx};

/// One isolated world.
#[derive(Debug)]
pub struct Sandbox {
    name: String,
    scenario: Arc<Scenario>,
    /// What everything that depends on time goes by.
    pub clock: Clock,
    /// What happened here.
    pub journal: Journal,
    /// The mails that were not sent.
    pub outbox: Outbox,
    ispring: RwLock<ispring::World>,
    openedx: RwLock<openedx::World>,
    alm: RwLock<alm::World>,
}

/// A part of a world that can be set back by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Records, issued tokens and mails.
    State,
    /// The journal.
    Journal,
    /// The clock.
    Clock,
}

impl Part {
    /// All of them.
    pub const ALL: &[Part] = &[Part::State, Part::Journal, Part::Clock];

    /// The name in the admin API.
    pub const fn name(self) -> &'static str {
        match self {
            Part::State => "state",
            Part::Journal => "journal",
            Part::Clock => "clock",
        }
    }
}

impl Sandbox {
    /// A world called `name` as the scenario starts it; the main world's name is empty.
    pub fn new(name: &str, scenario: Arc<Scenario>, bounds: journal::Bounds) -> Self {
        Sandbox {
            name: name.to_owned(),
            clock: Clock::new(scenario.start()),
            journal: Journal::new(bounds),
            ispring: RwLock::new(ispring::World::new(
                Arc::clone(scenario.ispring()),
                scenario.seed(),
                name,
            )),
            openedx: RwLock::new(openedx::World::new(
                Arc::clone(scenario.openedx()),
                scenario.seed(),
                name,
            )),
            alm: RwLock::new(alm::World::new(
                Arc::clone(scenario.alm()),
                scenario.seed(),
                name,
            )),
            outbox: Outbox::default(),
            scenario,
        }
    }

    /// Its name; the main world's is empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number that everything drawn comes from.
    pub fn seed(&self) -> u64 {
        self.scenario.seed()
    }

    /// The story it was started with.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// iSpring's tables, to read.
    pub fn ispring(&self) -> RwLockReadGuard<'_, ispring::World> {
        // A panic in a handler leaves tables that can still be read; the request it broke got a 500.
        self.ispring.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// iSpring's tables, to change.
    pub fn ispring_mut(&self) -> RwLockWriteGuard<'_, ispring::World> {
        self.ispring.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Open edX's tables, to read.
    pub fn openedx(&self) -> RwLockReadGuard<'_, openedx::World> {
        self.openedx.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Open edX's tables, to change.
    pub fn openedx_mut(&self) -> RwLockWriteGuard<'_, openedx::World> {
        self.openedx.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adobe's tables, to read.
    pub fn alm(&self) -> RwLockReadGuard<'_, alm::World> {
        self.alm.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adobe's tables, to change.
    pub fn alm_mut(&self) -> RwLockWriteGuard<'_, alm::World> {
        self.alm.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets parts of it back to the scenario's start.
    pub fn reset(&self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::State => {
                    self.ispring_mut().reset();
                    self.openedx_mut().reset();
                    self.alm_mut().reset();
                    self.outbox.clear();
                }
                Part::Journal => self.journal.clear(),
                Part::Clock => self.clock.restart(self.scenario.start()),
            }
        }
    }
}
