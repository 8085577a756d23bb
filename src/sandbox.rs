//! One isolated world: its records, tokens, clock and journal.

use std::sync::Arc;

use jiff::Timestamp;

use crate::clock::Clock;
use crate::expect::Judge;
use crate::faults::Faults;
use crate::issuers::{Issuer, Issuers};
use crate::journal::{self, Journal};
use crate::limits::Limits;
use crate::place::Problem;
use crate::platform::{Context, Outbox, Shared, System, Vendor};
use crate::scenario::{Patch, Scenario, ScenarioFile};
use crate::vendors::Change;
use crate::vendors::{Counts, Systems, Visitor};

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
    /// The vendors' own worlds.
    pub vendors: Systems,
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
    /// A world called `name` as the scenario starts it; the default sandbox's name is empty.
    pub fn new(name: &str, scenario: Arc<Scenario>, bounds: journal::Bounds) -> Self {
        Sandbox {
            name: name.to_owned(),
            clock: Clock::new(scenario.start()),
            journal: Arc::new(Journal::new(name, bounds)),
            faults: Faults::new(Arc::clone(scenario.faults()), scenario.seed(), name),
            limits: Limits::new(Arc::clone(scenario.rates())),
            judge: Judge::new(Arc::clone(scenario.claims())),
            vendors: Systems::new(scenario.bases(), scenario.seed(), name),
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

    /// Its name; the default sandbox's is empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number that everything drawn comes from.
    pub fn seed(&self) -> u64 {
        self.scenario.seed()
    }

    /// The scenario it was started with.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// What a vendor sees of it when the clock shows `now`.
    pub fn context<'a, W>(&'a self, now: Timestamp, world: &'a Shared<W>) -> Context<'a, W> {
        Context {
            now,
            limits: &self.limits,
            outbox: &self.outbox,
            seed: self.seed(),
            sandbox: &self.name,
            world,
        }
    }

    /// A token of a vendor to start with: the first that the scenario lists, else one as the first listed
    /// client gets. No request is made, so neither journal nor faults know of it.
    pub fn sample_token(&self, vendor: Vendor) -> Option<String> {
        if let Some(token) = self.scenario.bases().first_token(vendor) {
            return Some(token.to_owned());
        }
        self.vendors.visit(vendor, IssueSample { sandbox: self })
    }

    /// How many records each of a vendor's tables holds.
    pub fn counts(&self, vendor: Vendor) -> Vec<(&'static str, u64)> {
        self.vendors.visit(vendor, Counts)
    }

    /// All of it as it is, as a scenario file that loads again to the same answers.
    pub fn state(&self) -> ScenarioFile {
        let records = self.vendors.state();
        let clock = self.clock.setting();
        let mut file = self.scenario.frame().file(Some(clock), records);
        file.faults = self.faults.current();
        file.settle_changes();
        file
    }

    /// Changes the records as a piece of scenario says, all of it or nothing.
    ///
    /// # Errors
    /// What is wrong with the piece, seen from the records as they are.
    pub fn change(&self, change: &Change) -> Result<(), Vec<Problem>> {
        self.patch(Patch::of("the change", change.clone()))
    }

    /// Changes the records as a patch says that was sent, all of it or nothing.
    ///
    /// # Errors
    /// What is wrong with the piece, by itself or seen from the records as they are.
    pub fn patch(&self, mut piece: Patch) -> Result<(), Vec<Problem>> {
        let now = self.clock.now();
        let change = piece.records_mut();
        // Locked until all of it has happened.
        let mut locked = self.vendors.lock(change);
        let running = locked.before(change);
        let (merged, mut problems) = piece.over(running);
        locked.change(&merged.vendors, &merged.lost, now, &mut problems);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems.into_sorted())
        }
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
        // Another issuer than before: what is being freed must not take along what is issued meanwhile.
        let issuer = self.issuer.as_ref().map(Issuer::anew);
        let (bases, seed) = (scenario.bases(), scenario.seed());
        self.vendors.restart(bases, seed, name, issuer.as_ref());
    }
}

/// Issues a token as the first listed client gets one.
struct IssueSample<'a> {
    sandbox: &'a Sandbox,
}

impl Visitor for IssueSample<'_> {
    type Answer = Option<String>;

    fn visit<S: System>(self, world: &Shared<S::World>) -> Option<String> {
        let now = self.sandbox.clock.now();
        S::issue_sample(&self.sandbox.context(now, world))
    }
}
