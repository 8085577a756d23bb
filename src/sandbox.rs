//! One isolated world: its records, tokens, clock and journal.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::clock::Clock;
use crate::expect::Judge;
use crate::faults::Faults;
use crate::issuers::{Issuer, Issuers};
use crate::journal::{self, Journal};
use crate::limits::Limits;
use crate::outbox::Outbox;
use crate::place::Problem;
use crate::scenario::{Change, Piece, Scenario, ScenarioFile, Sections};
use crate::vendors::{alm, ispring, openedx};

/// One isolated world.
#[derive(Debug)]
pub struct Sandbox {
    name: String,
    scenario: Arc<Scenario>,
    /// What everything that depends on time goes by.
    pub clock: Clock,
    /// What happened here.
    pub journal: Arc<Journal>,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// How much of what is limited is used up.
    pub limits: Limits,
    /// Whether the client keeps its manners.
    pub judge: Judge,
    /// The mails that were not sent.
    pub outbox: Outbox,
    ispring: RwLock<ispring::World>,
    openedx: RwLock<openedx::World>,
    alm: RwLock<alm::World>,
    /// Where it is noted that its tokens lead to it. None: they lead nowhere.
    issuer: Option<Issuer>,
}

/// A part of a world that can be set back by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Records, issued tokens, mails and rate buckets.
    State,
    /// The journal, and what was seen of the client's manners.
    Journal,
    /// The faults: those that the scenario lists, nothing counted.
    Faults,
    /// The clock.
    Clock,
}

impl Part {
    /// All of them.
    pub const ALL: &[Part] = &[Part::State, Part::Journal, Part::Faults, Part::Clock];

    /// The name in the admin API.
    pub const fn name(self) -> &'static str {
        match self {
            Part::State => "state",
            Part::Journal => "journal",
            Part::Faults => "faults",
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
            journal: Arc::new(Journal::new(name, bounds)),
            faults: Faults::new(Arc::clone(scenario.faults()), scenario.seed(), name),
            limits: Limits::new(Arc::clone(scenario.rates())),
            judge: Judge::new(Arc::clone(scenario.claims())),
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
            issuer: None,
            scenario,
        }
    }

    /// The same, whose tokens lead to it from now on.
    #[must_use]
    pub fn noted_in(mut self, issuers: &Arc<Issuers>) -> Self {
        self.issuer = Some(Issuer::new(&self.name, issuers));
        // Nothing is issued yet, and all of it is made anew with a note of the issuer.
        self.restart();
        self
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
    pub fn scenario(&self) -> &Arc<Scenario> {
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

    /// All of it as it is, as a scenario file that loads again to the same answers.
    pub fn state(&self) -> ScenarioFile {
        // All three, so that nobody's change is in it by half.
        let (ispring, openedx, alm) = (self.ispring(), self.openedx(), self.alm());
        let records = Sections {
            ispring: ispring.state(),
            openedx: openedx.state(),
            alm: alm.state(),
        };
        drop((ispring, openedx, alm));
        let clock = self.clock.setting();
        let mut file = self.scenario.frame().file(Some(clock), records);
        file.faults = self.faults.standing();
        file.settle_changes();
        file
    }

    /// Changes the records as a piece of scenario says, all of it or nothing.
    ///
    /// # Errors
    /// What is wrong with the piece, seen from the records as they are.
    pub fn change(&self, change: &Change) -> Result<(), Vec<Problem>> {
        self.take_in(Piece::of("the change", change.clone()))
    }

    /// Changes the records as a piece of scenario says that somebody sent, all of it or nothing.
    ///
    /// # Errors
    /// What is wrong with the piece, by itself or seen from the records as they are.
    pub fn take_in(&self, mut piece: Piece) -> Result<(), Vec<Problem>> {
        let now = self.clock.now();
        let change = piece.change_mut();
        // Locked until all of it has happened; whoever takes several does so in this order.
        let mut ispring = change.names_ispring().then(|| self.ispring_mut());
        let mut openedx = change.names_openedx().then(|| self.openedx_mut());
        let mut alm = change.names_alm().then(|| self.alm_mut());
        let running = Sections {
            ispring: ispring
                .as_ref()
                .map_or_else(Default::default, |world| world.before(change)),
            openedx: openedx
                .as_ref()
                .map_or_else(Default::default, |world| world.before(change)),
            alm: alm
                .as_ref()
                .map_or_else(Default::default, |world| world.before(change)),
        };
        let (merged, mut problems) = piece.over(running);
        let next_ispring = ispring
            .as_ref()
            .map(|it| it.changed(&merged, now, &mut problems));
        let next_openedx = openedx
            .as_ref()
            .map(|it| it.changed(&merged, now, &mut problems));
        let next_alm = alm
            .as_ref()
            .map(|it| it.changed(&merged, now, &mut problems));
        if !problems.is_empty() {
            return Err(problems.into_sorted());
        }
        put(&mut ispring, next_ispring);
        put(&mut openedx, next_openedx);
        put(&mut alm, next_alm);
        Ok(())
    }

    /// Sets parts of it back to the scenario's start.
    pub fn reset(&self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::State => {
                    self.restart();
                    self.outbox.clear();
                    self.limits.reset();
                }
                Part::Journal => {
                    self.journal.clear();
                    self.judge.reset();
                }
                Part::Faults => self.faults.reset(),
                Part::Clock => self.clock.restart(self.scenario.start()),
            }
        }
    }

    /// The records as the scenario starts them, whatever the world has become.
    fn restart(&self) {
        let Sandbox { name, scenario, .. } = self;
        let seed = scenario.seed();
        let (ispring, openedx, alm) = (scenario.ispring(), scenario.openedx(), scenario.alm());
        let mut ispring = ispring::World::new(Arc::clone(ispring), seed, name);
        let mut openedx = openedx::World::new(Arc::clone(openedx), seed, name);
        let mut alm = alm::World::new(Arc::clone(alm), seed, name);
        // Another issuer than before: what is being freed must not take along what is issued meanwhile.
        if let Some(issuer) = &self.issuer.as_ref().map(Issuer::anew) {
            ispring.tokens_mut().noted_by(issuer);
            openedx.issued_mut().noted_by(issuer);
            alm.issued_mut().noted_by(issuer);
        }
        let mut tables = (self.ispring_mut(), self.openedx_mut(), self.alm_mut());
        let before = (
            std::mem::replace(&mut *tables.0, ispring),
            std::mem::replace(&mut *tables.1, openedx),
            std::mem::replace(&mut *tables.2, alm),
        );
        drop(tables);
        // Freeing what was changed takes its time, which nobody waits for.
        drop(before);
    }
}

/// Puts the next world in the place of a locked one.
fn put<T>(locked: &mut Option<RwLockWriteGuard<'_, T>>, next: Option<T>) {
    if let (Some(locked), Some(next)) = (locked, next) {
        **locked = next;
    }
}
