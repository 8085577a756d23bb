//! All worlds of one emulator: the main one and the sandboxes beside it.

mod past_verdicts;
mod sandboxes;
mod scenario_cache;
mod select;

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::expect::Verdict;
use crate::http::Request;
use crate::issuers::Issuers;
use crate::journal::Bounds;
use crate::place::{Problem, cut, nearest};
use crate::sandbox::Sandbox;
use crate::scenario::{Scenario, Source};

use past_verdicts::PastVerdicts;
use sandboxes::{Registry, Slot};
use scenario_cache::ScenarioCache;
pub use select::Named;

/// All worlds of one emulator.
#[derive(Debug)]
pub struct Worlds {
    /// Replaced as a whole when another scenario is served.
    main: RwLock<Arc<Sandbox>>,
    sandboxes: RwLock<Registry>,
    past: Mutex<PastVerdicts>,
    scenarios: Mutex<ScenarioCache>,
    issuers: Arc<Issuers>,
    bounds: Bounds,
    /// Real time, by which sandboxes end.
    uptime: Stopwatch,
}

/// A sandbox that is wanted. What is left out is as in the default sandbox at its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SandboxParams {
    /// Its name. None: the next free one of `s1`, `s2`, …
    pub id: Option<String>,
    /// The scenario it starts with.
    pub scenario: Option<Source>,
    /// In place of that scenario's seed.
    pub seed: Option<u64>,
    /// How long it lives, in real time. None: until a call ends it.
    pub ttl: Option<Duration>,
}

/// Why there is no such sandbox now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// That is no name for one.
    BadId(String),
    /// There is one of this name, whatever its capitals.
    Taken(String),
    /// There are as many as there may be.
    Full,
    /// The scenario has faults.
    Faulty(Vec<Problem>),
}

/// Why a request reaches no world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// It names a sandbox that never was, or has ended.
    Unknown {
        /// The name, and where it stands.
        named: Named,
        /// The sandbox that may be meant.
        nearest: Option<String>,
        /// The first ones that there are.
        first: Vec<String>,
        /// How many there are.
        count: usize,
    },
    /// It names two.
    Conflicting(Named, Named),
}

impl Unresolved {
    /// What the journal says.
    pub fn what(&self) -> String {
        match self {
            Unresolved::Unknown { named, .. } => {
                let Named { id, by } = named;
                format!(
                    "{by} names the sandbox {:?}, which never was or has ended",
                    cut(id)
                )
            }
            Unresolved::Conflicting(one, other) => {
                let (first, second) = (cut(&one.id), cut(&other.id));
                let (by, with) = (one.by, other.by);
                format!("{by} names the sandbox {first:?}, {with} names {second:?}")
            }
        }
    }
}

/// A sandbox as a list shows it.
#[derive(Clone, Debug)]
pub struct Living {
    /// The sandbox.
    pub sandbox: Arc<Sandbox>,
    /// How long it has still to live, in real time. None: until a call ends it.
    pub left: Option<Duration>,
}

impl Worlds {
    /// How many sandboxes there may be at a time.
    pub const AT_MOST: usize = 100_000;

    /// How many sandboxes a refusal names.
    const SHOWN: usize = 10;

    /// How many it is looked through for the one that may be meant.
    const COMPARED: usize = 1_000;

    /// The default sandbox as the scenario starts it, and no other.
    pub fn new(scenario: Scenario, bounds: Bounds) -> Self {
        let main = Sandbox::new("", Arc::new(scenario), bounds);
        Worlds {
            main: RwLock::new(Arc::new(main)),
            sandboxes: RwLock::default(),
            past: Mutex::default(),
            scenarios: Mutex::default(),
            issuers: Arc::default(),
            bounds,
            uptime: Stopwatch::start(),
        }
    }

    /// The world that every request reaches that names no other.
    pub fn main(&self) -> Arc<Sandbox> {
        let main = self.main.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&main)
    }

    /// Serves another scenario in the default sandbox from now on, from its start. A request that is being
    /// answered ends in the world in which it began. Sandboxes stay as they are.
    pub fn replace(&self, scenario: Scenario) {
        let next = Arc::new(Sandbox::new("", Arc::new(scenario), self.bounds));
        let mut main = self.main.write().unwrap_or_else(PoisonError::into_inner);
        let last = std::mem::replace(&mut *main, next);
        // A request that waits for the lock need not wait for the old records to be freed.
        drop(main);
        drop(last);
    }

    /// Serves another scenario in the world of this name, from its start. False: there is no such world.
    pub fn replace_in(&self, name: &str, scenario: Scenario) -> bool {
        if name.is_empty() {
            self.replace(scenario);
            return true;
        }
        let next = Sandbox::new(name, Arc::new(scenario), self.bounds).noted_in(&self.issuers);
        let last = self.write().replace(Arc::new(next));
        last.is_some()
    }

    /// Makes a sandbox. Without a scenario or a seed of its own that costs the same for ten records as for a
    /// million.
    ///
    /// # Errors
    /// Why there is none; then nothing has changed.
    pub fn create(&self, params: SandboxParams) -> Result<Arc<Sandbox>, Denied> {
        self.end_those_over();
        if let Some(id) = &params.id {
            if !select::is_id(id) {
                return Err(Denied::BadId(id.clone()));
            }
            self.read().has_room_for(id)?;
        }
        // Outside the lock: a scenario is read.
        let scenario = self.scenario(params.scenario.as_ref(), params.seed)?;
        let ends = params
            .ttl
            .map(|ttl| self.uptime.elapsed().saturating_add(ttl));
        let mut sandboxes = self.write();
        let id = params.id.unwrap_or_else(|| sandboxes.next_id());
        sandboxes.has_room_for(&id)?;
        let sandbox = Sandbox::new(&id, scenario, self.bounds).noted_in(&self.issuers);
        let sandbox = Arc::new(sandbox);
        sandboxes.add(Arc::clone(&sandbox), ends);
        Ok(sandbox)
    }

    /// Ends the sandbox of this name; whether there was one.
    pub fn end(&self, id: &str) -> bool {
        self.end_those_over();
        let slot = self.write().remove(id);
        let was = slot.is_some();
        self.retire(slot);
        was
    }

    /// The sandbox of this name.
    pub fn find(&self, id: &str) -> Option<Living> {
        self.end_those_over();
        let now = self.uptime.elapsed();
        self.read().get(id).map(|slot| slot.living(now))
    }

    /// All sandboxes, the oldest first.
    pub fn sandboxes(&self) -> Vec<Living> {
        self.end_those_over();
        let now = self.uptime.elapsed();
        let sandboxes = self.read();
        sandboxes.oldest_first().map(|it| it.living(now)).collect()
    }

    /// How many tokens lead to a sandbox.
    pub fn tokens(&self) -> usize {
        self.issuers.count()
    }

    /// The verdict on every world, sandboxes that have ended included: each world's name and its own. Of
    /// those that have ended only what somebody asked for or complains about is kept.
    pub fn verdicts(&self) -> Vec<(String, Verdict)> {
        self.end_those_over();
        let main = self.main();
        let living: Vec<Slot> = self.read().oldest_first().cloned().collect();
        // Outside the lock: a verdict is worked out.
        let living = living.into_iter().map(
            |Slot {
                 sandbox, number, ..
             }| { (number, sandbox.name().to_owned(), sandbox.judge.verdict()) },
        );
        let mut sandboxes: Vec<_> = living.collect();
        sandboxes.extend(self.past_verdicts().verdicts());
        sandboxes.sort_by_key(|(number, _, _)| *number);
        let sandboxes = sandboxes.into_iter();
        std::iter::once((String::new(), main.judge.verdict()))
            .chain(sandboxes.map(|(_, name, verdict)| (name, verdict)))
            .collect()
    }

    /// The world that a request is for; None: the main one. What leads there is noted in the request.
    ///
    /// # Errors
    /// When it names a world that is not there, or two.
    pub fn resolve(&self, request: &mut Request) -> Result<Option<Arc<Sandbox>>, Unresolved> {
        self.end_those_over();
        let mut named = select::named(request);
        if self.issuers.count() > 0 {
            named.extend(select::issued(request, &self.issuers));
        }
        let Some(first) = named.first() else {
            return Ok(None);
        };
        if let Some(other) = named.iter().find(|it| !it.is_same(first)) {
            return Err(Unresolved::Conflicting(first.clone(), other.clone()));
        }
        let sandboxes = self.read();
        match sandboxes.get(&first.id) {
            Some(slot) => Ok(Some(Arc::clone(&slot.sandbox))),
            None => Err(self.unknown(first, &sandboxes)),
        }
    }

    fn unknown(&self, named: &Named, sandboxes: &Registry) -> Unresolved {
        let names = || sandboxes.oldest_first().map(|slot| slot.sandbox.name());
        let nearest = nearest(&named.id, names().take(Worlds::COMPARED));
        Unresolved::Unknown {
            named: named.clone(),
            nearest: nearest.map(str::to_owned),
            first: names().take(Worlds::SHOWN).map(str::to_owned).collect(),
            count: sandboxes.count(),
        }
    }

    /// The scenario that a sandbox starts with.
    fn scenario(
        &self,
        source: Option<&Source>,
        seed: Option<u64>,
    ) -> Result<Arc<Scenario>, Denied> {
        let served = Arc::clone(self.main().scenario());
        let cached = || {
            self.scenarios
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        match (source, seed) {
            (None, None) => return Ok(served),
            (None, Some(seed)) if seed == served.seed() => return Ok(served),
            (None, Some(_)) | (Some(_), _) => {}
        }
        if let Some(known) = cached().find(source, &served, seed) {
            return Ok(known);
        }
        let read = scenario_cache::read(source, &served, seed).map_err(Denied::Faulty)?;
        let read = Arc::new(read);
        cached().add(source, &served, seed, &read);
        Ok(read)
    }

    /// Ends the sandboxes whose time is up. The next look does it, so no timer runs.
    fn end_those_over(&self) {
        if !self.read().ends_any() {
            return;
        }
        let now = self.uptime.elapsed();
        if self.read().is_any_over(now) {
            let over = self.write().take_over(now);
            self.retire(over);
        }
    }

    /// Keeps the verdict on sandboxes that have ended, and lets go of everything else.
    fn retire(&self, slots: impl IntoIterator<Item = Slot>) {
        for slot in slots {
            let verdict = slot.sandbox.judge.verdict();
            let name = slot.sandbox.name().to_owned();
            self.past_verdicts().add(slot.number, name, verdict);
        }
    }

    fn past_verdicts(&self) -> std::sync::MutexGuard<'_, PastVerdicts> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, Registry> {
        self.sandboxes
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Registry> {
        self.sandboxes
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
