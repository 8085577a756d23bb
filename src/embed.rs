//! The emulator inside a Rust test: one line starts it, and it ends with the variable that holds it.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::emulator::Emulator;
use crate::expect::Verdict;
use crate::format::dates;
use crate::journal::{Bounds, Entry};
use crate::place::Problem;
use crate::platform::Vendor;
use crate::sandbox::Sandbox;
use crate::scenario::{Overrides, Scenario, Source};
use crate::server::{self, Running};
use crate::verdict::Verdicts;
use crate::worlds::{Denied, SandboxParams};

/// An emulator that serves on a free port of this machine, on a thread of its own, until it is dropped.
/// Each test starts its own; none sees another's.
///
/// ```
/// use enrollmock::{Server, Vendor};
///
/// let server = Server::builder().start()?;
/// // What the client under test is configured with:
/// let (url, token) = (server.ispring_url(), server.token(Vendor::Ispring));
/// assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/ispring"));
/// assert_eq!(token.as_deref(), Some("quickstart-token"));
/// # Ok::<(), enrollmock::embed::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    emulator: Arc<Emulator>,
    url: String,
    /// None: it has ended.
    running: Option<Running>,
    lenient: bool,
    verify_on_drop: bool,
}

/// What a [`Server`] is started with.
///
/// ```
/// use std::time::Duration;
/// use enrollmock::Server;
///
/// let scenario = "
/// version: 1
/// ispring:
///   credentials: [{ token: short-lived, expires: 2024-06-09T13:30:00Z }]
/// ";
/// let server = Server::builder()
///     .scenario(scenario)
///     .seed(7)
///     .now("2024-06-09T13:05:09Z")
///     .verify_on_drop()
///     .start()?;
/// // Now the client under test calls; then its token dies, and it calls again.
/// server.clock().advance(Duration::from_secs(31 * 60));
/// # Ok::<(), enrollmock::embed::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is served before `start`"]
pub struct Builder {
    source: Source,
    seed: Option<u64>,
    now: Option<String>,
    lenient: bool,
    verify_on_drop: bool,
}

/// One world of a server: the main one, or a sandbox.
#[derive(Clone, Debug)]
pub struct World {
    url: String,
    sandbox: Arc<Sandbox>,
}

/// The clock of a world. Everything in it that depends on time goes by this clock.
#[derive(Debug)]
pub struct Clock {
    sandbox: Arc<Sandbox>,
}

/// Why a server was not started, or a clock not set.
pub enum Error {
    /// The scenario cannot be served: everything that is wrong with it.
    Scenario(Vec<Problem>),
    /// What was given is no time that a clock can show: what was expected.
    Time(String),
    /// There is no such sandbox: why.
    Sandbox(Denied),
    /// The machine does not allow it.
    Io(io::Error),
}

impl Server {
    /// What to start one with: unless told otherwise, the built-in scenario `quickstart`.
    pub fn builder() -> Builder {
        Builder {
            source: Source::BuiltIn("quickstart".to_owned()),
            seed: None,
            now: None,
            lenient: false,
            verify_on_drop: false,
        }
    }

    /// The base URL: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// iSpring Learn's base URL.
    pub fn ispring_url(&self) -> String {
        self.vendor_url(Vendor::Ispring)
    }

    /// Open edX's base URL.
    pub fn openedx_url(&self) -> String {
        self.vendor_url(Vendor::Openedx)
    }

    /// Adobe Learning Manager's base URL.
    pub fn alm_url(&self) -> String {
        self.vendor_url(Vendor::Alm)
    }

    /// A vendor's base URL.
    pub fn vendor_url(&self, vendor: Vendor) -> String {
        vendor.url(&self.url)
    }

    /// A token to call a vendor with: the first that the scenario lists, else one as the first listed client
    /// gets. None: it lists neither.
    pub fn token(&self, vendor: Vendor) -> Option<String> {
        self.main().token(vendor)
    }

    /// The default sandbox's clock.
    pub fn clock(&self) -> Clock {
        self.main().clock()
    }

    /// What the default sandbox's journal remembers, oldest first.
    pub fn requests(&self) -> Vec<Entry> {
        self.main().requests()
    }

    /// The world that every request reaches that names no other.
    pub fn main(&self) -> World {
        World {
            url: self.url.clone(),
            sandbox: self.emulator.main(),
        }
    }

    /// A new sandbox of this name, with records, tokens, clock and journal of its own, as the scenario starts
    /// it; it lives as long as the server.
    ///
    /// ```
    /// let server = enrollmock::Server::builder().start()?;
    /// let alice = server.sandbox("alice")?;
    /// assert_eq!(alice.alm_url(), format!("{}/__sandbox/alice/alm", server.url()));
    /// # Ok::<(), enrollmock::embed::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is one of this name already, or the name is none: 1 to 63 letters, digits and hyphens.
    pub fn sandbox(&self, name: &str) -> Result<World, Error> {
        let wish = SandboxParams {
            id: Some(name.to_owned()),
            ..SandboxParams::default()
        };
        let sandbox = self.emulator.worlds().create(wish);
        let sandbox = sandbox.map_err(Error::Sandbox)?;
        Ok(World {
            url: format!("{}/__sandbox/{}", self.url, sandbox.name()),
            sandbox,
        })
    }

    /// The verdict on every world as it stands now.
    pub fn verdict(&self) -> Verdicts {
        Verdicts::of(self.emulator.worlds())
    }

    /// The emulator itself.
    #[doc(hidden)]
    pub fn emulator(&self) -> &Arc<Emulator> {
        &self.emulator
    }
}

impl Drop for Server {
    /// Lets requests in flight finish, then judges if asked to: a broken expectation fails the test.
    fn drop(&mut self) {
        drop(self.running.take());
        if self.verify_on_drop && !thread::panicking() {
            let verdict = self.verdict();
            // The one failure that this crate is asked to make.
            assert!(verdict.is_fine(self.lenient), "enrollmock: {verdict}");
        }
    }
}

impl Builder {
    /// The scenario: the name of a built-in one, the path of a file (with a `/`, or ending in `.yaml`), or
    /// the YAML itself, which has more than one line or is one `{ … }`.
    pub fn scenario(self, scenario: &str) -> Self {
        let is_yaml = scenario.contains('\n') || scenario.trim_start().starts_with('{');
        let source = match is_yaml {
            true => Source::Inline {
                name: "scenario".to_owned(),
                text: scenario.to_owned(),
                beside: None,
            },
            false => Source::parse(scenario),
        };
        Builder { source, ..self }
    }

    /// This seed instead of the scenario's.
    pub fn seed(self, seed: u64) -> Self {
        let seed = Some(seed);
        Builder { seed, ..self }
    }

    /// The clock starts here instead of where the scenario says: `2024-06-09T13:05:09Z`.
    pub fn now(self, now: &str) -> Self {
        let now = Some(now.to_owned());
        Builder { now, ..self }
    }

    /// Requests that fit no operation do not count against the client.
    pub fn lenient(self) -> Self {
        Builder {
            lenient: true,
            ..self
        }
    }

    /// When the server is dropped, a broken expectation or an unmatched request panics and so fails the
    /// test, unless it has failed already.
    pub fn verify_on_drop(self) -> Self {
        Builder {
            verify_on_drop: true,
            ..self
        }
    }

    /// Starts it.
    ///
    /// # Errors
    /// Everything that is wrong with the scenario, or that the machine gives no port or thread.
    pub fn start(self) -> Result<Server, Error> {
        let now = self.now.as_deref().map(instant).transpose()?;
        let seed = self.seed;
        let scenario = Scenario::load(&self.source, Overrides { seed, now });
        let scenario = scenario.map_err(Error::Scenario)?;
        let emulator = Arc::new(Emulator::new(scenario, Bounds::default()));
        let answering = Arc::clone(&emulator);
        let server = server::Server::bind("127.0.0.1:0", move |request| answering.handle(request));
        let running = server.and_then(server::Server::start).map_err(Error::Io)?;
        Ok(Server {
            emulator,
            url: format!("http://{}", running.address()),
            running: Some(running),
            lenient: self.lenient,
            verify_on_drop: self.verify_on_drop,
        })
    }
}

impl World {
    /// The base URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// iSpring Learn's base URL.
    pub fn ispring_url(&self) -> String {
        self.vendor_url(Vendor::Ispring)
    }

    /// Open edX's base URL.
    pub fn openedx_url(&self) -> String {
        self.vendor_url(Vendor::Openedx)
    }

    /// Adobe Learning Manager's base URL.
    pub fn alm_url(&self) -> String {
        self.vendor_url(Vendor::Alm)
    }

    /// A vendor's base URL.
    pub fn vendor_url(&self, vendor: Vendor) -> String {
        vendor.url(&self.url)
    }

    /// A token to call a vendor with: the first that the scenario lists, else one as the first listed client
    /// gets. None: it lists neither.
    pub fn token(&self, vendor: Vendor) -> Option<String> {
        self.sandbox.sample_token(vendor)
    }

    /// Its clock.
    pub fn clock(&self) -> Clock {
        Clock {
            sandbox: Arc::clone(&self.sandbox),
        }
    }

    /// What its journal remembers, oldest first.
    pub fn requests(&self) -> Vec<Entry> {
        self.sandbox.journal.entries()
    }

    /// The verdict on it as it stands now.
    pub fn verdict(&self) -> Verdict {
        self.sandbox.judge.verdict()
    }
}

impl Clock {
    /// What it shows, in UTC: `2024-06-09T13:05:09Z`.
    pub fn now(&self) -> String {
        self.sandbox.clock.now().to_string()
    }

    /// Moves it on, at most to the calendar's end.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        let clock = &self.sandbox.clock;
        if clock.set(None, Some(by), None).is_err() {
            let _ = clock.set(Some(Timestamp::MAX), None, None);
        }
    }

    /// Makes it show this instant: `2024-06-09T13:05:09Z`.
    ///
    /// # Errors
    /// When that is no instant.
    pub fn set(&self, now: &str) -> Result<(), Error> {
        let set = self.sandbox.clock.set(Some(instant(now)?), None, None);
        set.map(|_| ())
            .map_err(|_| Error::Time(format!("{now} is before the year 1")))
    }

    /// Stops it.
    pub fn freeze(&self) {
        // Neither leads out of the calendar.
        let _ = self.sandbox.clock.set(None, None, Some(false));
    }

    /// Lets real time move it.
    pub fn tick(&self) {
        let _ = self.sandbox.clock.set(None, None, Some(true));
    }
}

fn instant(text: &str) -> Result<Timestamp, Error> {
    dates::instant(text).map_err(Error::Time)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Scenario(problems) => {
                let mut lines = problems.iter();
                lines.try_for_each(|problem| write!(f, "\n{problem}"))
            }
            Error::Time(what) => f.write_str(what),
            Error::Sandbox(Denied::BadId(id)) => write!(
                f,
                "`{id}` is no name for a sandbox, expected 1 to 63 letters, digits and hyphens"
            ),
            Error::Sandbox(Denied::Taken(id)) => {
                write!(
                    f,
                    "there is a sandbox called `{id}` already, expected another name"
                )
            }
            Error::Sandbox(Denied::Full) => {
                f.write_str("there are as many sandboxes as there may be")
            }
            Error::Sandbox(Denied::Faulty(problems)) => {
                let mut lines = problems.iter();
                lines.try_for_each(|problem| write!(f, "\n{problem}"))
            }
            Error::Io(error) => write!(f, "cannot serve: {error}"),
        }
    }
}

/// As for people: `unwrap` in a test shows it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io(error) => Some(error),
            Error::Scenario(_) | Error::Time(_) | Error::Sandbox(_) => None,
        }
    }
}
