//! The flags that `serve` and `exec` share, and the server that they describe.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;
use jiff::Timestamp;

use super::USAGE;
use super::admission::AdmissionFlags;
use super::load::load;
use super::log::{Log, LogFormat};
use super::size::size;
use super::time::instant;
use super::watch::Watch;
use crate::emulator::Emulator;
use crate::journal::Bounds;
use crate::place::write_first;
use crate::scenario::{Overrides, Source};
use crate::server::{Limits, Server};

/// Where to serve what, within which bounds.
#[derive(Args, Debug)]
pub(super) struct Common {
    /// A scenario file, or the name of a built-in one (`enrollmock check --list` shows them)
    #[arg(default_value = "quickstart")]
    scenario: String,

    /// The address to bind; with 0.0.0.0 other machines can call, and admin calls need a token
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1",
        env = "ENROLLMOCK_HOST"
    )]
    host: String,

    /// The port to bind; 0 takes a free one [default: 8650; exec: 0]
    #[arg(long, value_name = "N", env = "ENROLLMOCK_PORT")]
    port: Option<u16>,

    /// Write port, process id and URLs to this file as JSON once ready; the file goes when the server ends
    #[arg(long, value_name = "FILE", env = "ENROLLMOCK_PORT_FILE")]
    pub(super) port_file: Option<PathBuf>,

    /// Use this seed instead of the scenario's
    #[arg(long, value_name = "N", env = "ENROLLMOCK_SEED")]
    seed: Option<u64>,

    /// Start the clock here instead of where the scenario does: 2024-06-09T13:05:09Z
    #[arg(long, value_name = "RFC3339", value_parser = instant, env = "ENROLLMOCK_NOW")]
    now: Option<Timestamp>,

    /// Start over with the scenario when its files change; a broken file changes nothing and says why
    #[arg(long, value_parser = BoolishValueParser::new(), env = "ENROLLMOCK_WATCH")]
    watch: bool,

    /// Write a line for each request on stderr, in this form, secrets masked [default: text; exec: no
    /// lines]
    #[arg(long, value_enum, value_name = "FORM", env = "ENROLLMOCK_LOG")]
    pub(super) log: Option<LogFormat>,

    /// How many requests the journal remembers
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1000,
        env = "ENROLLMOCK_JOURNAL_ENTRIES"
    )]
    journal_entries: usize,

    /// How much memory the journal may take: 512KiB, 4MiB
    #[arg(long, value_name = "SIZE", default_value = "4MiB", value_parser = size, env = "ENROLLMOCK_JOURNAL_BYTES")]
    journal_bytes: usize,

    /// How much of each body the journal remembers
    #[arg(long, value_name = "SIZE", default_value = "16KiB", value_parser = size, env = "ENROLLMOCK_JOURNAL_BODY")]
    journal_body: usize,

    /// The largest request body; a larger one is refused
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = size, env = "ENROLLMOCK_MAX_BODY")]
    max_body: usize,

    #[command(flatten)]
    admission: AdmissionFlags,
}

/// An emulator that is ready to be served.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) emulator: Arc<Emulator>,
    /// The admin token that calls must bring, if any.
    pub(super) token: Option<String>,
    /// The admin token, if it was made up.
    pub(super) made_up: Option<String>,
    /// The watch over the scenario's files, if one is wanted.
    pub(super) watch: Option<Watch>,
}

impl Common {
    /// Loads the emulator that the flags describe.
    ///
    /// # Errors
    /// The exit code, when nothing can be served. The reason was printed.
    pub(super) fn ready(&self, err: &mut dyn Write) -> Result<Ready, u8> {
        // A port file that a killed server left behind would send a script to the wrong port.
        if let Some(path) = &self.port_file {
            let _ = std::fs::remove_file(path);
        }
        let journal = Bounds {
            entries: self.journal_entries,
            bytes: self.journal_bytes,
            body: self.journal_body,
        };
        let watch = self.watch().map_err(|why| {
            let _ = writeln!(err, "enrollmock: {why}");
            USAGE
        })?;
        let emulator = load(&self.scenario, self.seed, self.now, journal).map_err(|problems| {
            let _ = write_first(err, &problems);
            USAGE
        })?;
        let admission = self.admission.admission(self.bare_host());
        let (admission, made_up) = admission.map_err(|why| {
            let _ = writeln!(err, "enrollmock: {why}");
            USAGE
        })?;
        let given = self.admission.token().map(str::to_owned);
        Ok(Ready {
            emulator: Arc::new(emulator.with_admission(admission)),
            token: given.or_else(|| made_up.clone()),
            made_up,
            watch,
        })
    }

    /// The watch over the scenario's files, if one is wanted.
    fn watch(&self) -> Result<Option<Watch>, String> {
        if !self.watch {
            return Ok(None);
        }
        let overrides = Overrides {
            seed: self.seed,
            now: self.now,
        };
        match Source::parse(&self.scenario) {
            Source::BuiltIn(name) => Err(format!(
                "--watch has nothing to watch: `{name}` is built in; \
                 `enrollmock check --print {name}` prints it, to copy and change"
            )),
            source => Ok(Some(Watch::new(source, overrides))),
        }
    }

    /// Binds the port of the flags, else `port`. Each request gets its line in `log`, if there is one.
    pub(super) fn bind(
        &self,
        emulator: &Arc<Emulator>,
        port: u16,
        log: Option<&Log>,
    ) -> Result<Server, String> {
        let emulator = Arc::clone(emulator);
        let line = log.map(Log::writer);
        let handler = move |request| {
            let exchange = emulator.handle(request);
            if let (Some(line), Some(note)) = (&line, &exchange.note) {
                line.write(note);
            }
            exchange
        };
        let host = self.bare_host();
        let port = self.port.unwrap_or(port);
        let limits = Limits {
            body: self.max_body,
            ..Limits::default()
        };
        Server::bind((host, port), handler)
            .map(|server| server.with_limits(limits))
            .map_err(|error| self.not_bound(port, &error))
    }

    /// The address to bind, without the brackets that it has in a URL.
    fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    fn not_bound(&self, port: u16, error: &io::Error) -> String {
        let host = &self.host;
        let cure = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "; stop what holds it, or take a free port with --port 0 (--port-file says which)"
            }
            io::ErrorKind::PermissionDenied => "; take a port above 1023",
            io::ErrorKind::AddrNotAvailable => {
                "; bind an address of this machine: 127.0.0.1, or 0.0.0.0 for all"
            }
            _ => "",
        };
        format!("cannot listen on {host} port {port}: {error}{cure}")
    }
}
