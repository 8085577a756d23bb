//! The emulated clock: frozen or ticking, moved only by the scenario and the admin API.
//!
//! This is the only room that reads the system's time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// What a clock shows and whether it moves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The instant shown.
    pub now: Timestamp,
    /// Whether real time moves it on.
    pub ticking: bool,
}

impl Setting {
    /// The machine's own time, ticking: what a scenario without `clock` runs on.
    pub fn wall() -> Self {
        Setting {
            now: Timestamp::now(),
            ticking: true,
        }
    }
}

/// The first second of year 1: no vendor writes dates before it, nor can a `Date` header.
const YEAR_1: i64 = -62_135_596_800;

/// A clock cannot show that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfCalendar;

/// A clock that tests own: everything in an emulated world that depends on time asks it.
#[derive(Debug)]
pub struct Clock {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    shown: Timestamp,
    since: Option<Instant>,
}

impl State {
    fn started(setting: Setting) -> Self {
        State {
            shown: setting.now,
            since: setting.ticking.then(Instant::now),
        }
    }

    fn now(&self) -> Timestamp {
        match self.since {
            None => self.shown,
            // A clock that ran past the calendar's end stays at its end.
            Some(since) => self
                .shown
                .saturating_add(
                    SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::MAX),
                )
                .unwrap_or(Timestamp::MAX),
        }
    }
}

impl Clock {
    /// A clock that starts as `setting` says.
    pub fn new(setting: Setting) -> Self {
        Clock {
            state: Mutex::new(State::started(setting)),
        }
    }

    /// What the clock shows now.
    pub fn now(&self) -> Timestamp {
        self.lock().now()
    }

    /// What it shows and whether it ticks.
    pub fn setting(&self) -> Setting {
        let state = self.lock();
        Setting {
            now: state.now(),
            ticking: state.since.is_some(),
        }
    }

    /// Changes any of it in one step: jump to `now`, then move by `advance`, then freeze or tick.
    ///
    /// # Errors
    /// When that leads out of the calendar, which begins with year 1; then nothing changed.
    pub fn set(
        &self,
        now: Option<Timestamp>,
        advance: Option<SignedDuration>,
        ticking: Option<bool>,
    ) -> Result<Setting, OutOfCalendar> {
        let mut state = self.lock();
        let start = now.unwrap_or_else(|| state.now());
        let shown = start
            .checked_add(advance.unwrap_or(SignedDuration::ZERO))
            .ok()
            .filter(|at| at.as_second() >= YEAR_1)
            .ok_or(OutOfCalendar)?;
        let ticking = ticking.unwrap_or(state.since.is_some());
        let setting = Setting {
            now: shown,
            ticking,
        };
        *state = State::started(setting);
        Ok(setting)
    }

    /// Starts over as `setting` says.
    pub fn restart(&self, setting: Setting) {
        *self.lock() = State::started(setting);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An instant as every answer of the admin API prints it: RFC 3339 in UTC.
pub fn rfc3339(at: Timestamp) -> String {
    at.to_string()
}

/// Real time since it was made: uptimes and how long an answer took, never anything a client reads.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts at zero.
    pub fn start() -> Self {
        Stopwatch(Instant::now())
    }

    /// How long it has run.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// How long it had run when another one was started.
    pub fn until(&self, other: Stopwatch) -> Duration {
        other.0.saturating_duration_since(self.0)
    }
}

/// An instant of real time at which a wait is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// So long from now; what lasts longer than the system can tell lasts for years.
    pub fn after(time: Duration) -> Self {
        const YEARS: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
        let now = Instant::now();
        Deadline(now.checked_add(time).unwrap_or_else(|| now + YEARS))
    }

    /// How long it is until then; nothing once it has come.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
