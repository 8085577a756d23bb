//! `serve`: a scenario, answered over HTTP until somebody ends it.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;

use super::load::{ToTry, greeting, load};
use super::log::{Log, LogFormat};
use super::port_file::PortFile;
use super::size::size;
use super::time::instant;
use super::{FINE, USAGE, urls};
use crate::emulator::Emulator;
use crate::journal::Bounds;
use crate::place::write_first;
use crate::server::{self, Limits, Server};

/// Serve a scenario until SIGINT or SIGTERM
///
/// Prints `listening on http://HOST:PORT` on stdout once it answers; then, on stderr, each vendor's base
/// URL with a token to try, and one line for each request.
#[derive(Args, Debug)]
pub(super) struct Serve {
    /// A scenario file, or the name of a built-in one (`enrollmock check --list` shows them)
    #[arg(default_value = "quickstart")]
    scenario: String,

    /// The address to bind; 0.0.0.0 lets other machines in, to the admin API as well
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1",
        env = "ENROLLMOCK_HOST"
    )]
    host: String,

    /// The port to bind; 0 takes a free one
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8650,
        env = "ENROLLMOCK_PORT"
    )]
    port: u16,

    /// Write port, process id and URLs to this file as JSON, all at once, when ready; it goes at the end
    #[arg(long, value_name = "FILE", env = "ENROLLMOCK_PORT_FILE")]
    port_file: Option<PathBuf>,

    /// Use this seed instead of the scenario's
    #[arg(long, value_name = "N", env = "ENROLLMOCK_SEED")]
    seed: Option<u64>,

    /// Start the clock here instead of where the scenario does: 2024-06-09T13:05:09Z
    #[arg(long, value_name = "RFC3339", value_parser = instant, env = "ENROLLMOCK_NOW")]
    now: Option<Timestamp>,

    /// The form of the line that each request gets on stderr; secrets are masked in both
    #[arg(
        long,
        value_enum,
        value_name = "FORM",
        default_value_t,
        env = "ENROLLMOCK_LOG"
    )]
    log: LogFormat,

    /// Requests that the journal remembers
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1000,
        env = "ENROLLMOCK_JOURNAL_ENTRIES"
    )]
    journal_entries: usize,

    /// What all that the journal remembers may weigh together
    #[arg(long, value_name = "SIZE", default_value = "4MiB", value_parser = size, env = "ENROLLMOCK_JOURNAL_BYTES")]
    journal_bytes: usize,

    /// How much of one body the journal remembers
    #[arg(long, value_name = "SIZE", default_value = "16KiB", value_parser = size, env = "ENROLLMOCK_JOURNAL_BODY")]
    journal_body: usize,

    /// The largest request body; a larger one is refused
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = size, env = "ENROLLMOCK_MAX_BODY")]
    max_body: usize,
}

impl Serve {
    pub(super) fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
        let journal = Bounds {
            entries: self.journal_entries,
            bytes: self.journal_bytes,
            body: self.journal_body,
        };
        // One that a killed server left behind would send a script to the wrong port.
        if let Some(path) = &self.port_file {
            let _ = std::fs::remove_file(path);
        }
        let emulator = match load(&self.scenario, self.seed, self.now, journal) {
            Ok(emulator) => Arc::new(emulator),
            Err(problems) => {
                let _ = write_first(err, &problems);
                return USAGE;
            }
        };
        match self.serve(&emulator, out, err) {
            Ok(()) => FINE,
            Err(why) => {
                let _ = writeln!(err, "enrollmock: {why}");
                USAGE
            }
        }
    }

    fn serve(
        &self,
        emulator: &Arc<Emulator>,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<(), String> {
        let runtime =
            server::runtime().map_err(|error| format!("cannot wait for clients: {error}"))?;
        let inside = runtime.enter();
        // Before anybody can see that the server is up, and want it down again.
        let terminated =
            server::termination().map_err(|error| format!("cannot listen to signals: {error}"))?;
        drop(inside);

        let log = Log::start(self.log);
        let server = self.bind(emulator, &log)?;
        let address = server
            .local_addr()
            .map_err(|error| format!("cannot tell which port was bound: {error}"))?;
        let port_file = match &self.port_file {
            Some(path) => Some(PortFile::write(path, address).map_err(|error| {
                format!("cannot write the port file {}: {error}", path.display())
            })?),
            None => None,
        };
        // From here on clients can connect. That nobody reads what is printed is no reason to fail them.
        let _ = writeln!(out, "listening on {}", urls::bound(address)).and_then(|()| out.flush());
        let _ = greet(emulator, address, err);

        let served = runtime.block_on(server.run(terminated));
        drop(port_file);
        log.finish();
        served.map_err(|error| format!("cannot serve: {error}"))
    }

    fn bind(&self, emulator: &Arc<Emulator>, log: &Log) -> Result<Server, String> {
        let emulator = Arc::clone(emulator);
        let line = log.writer();
        let handler = move |request| {
            let exchange = emulator.handle(request);
            if let Some(entry) = &exchange.entry {
                line.write(entry);
            }
            exchange
        };
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let limits = Limits {
            body: self.max_body,
            ..Limits::default()
        };
        Server::bind((host, self.port), handler)
            .map(|server| server.with_limits(limits))
            .map_err(|error| self.not_bound(&error))
    }

    fn not_bound(&self, error: &io::Error) -> String {
        let (host, port) = (&self.host, self.port);
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

/// Where each vendor is, and a line to paste that gets a first answer.
fn greet(emulator: &Emulator, address: SocketAddr, err: &mut dyn Write) -> io::Result<()> {
    let base = urls::base(address);
    let mut text = String::new();
    for (vendor, to_try) in greeting(emulator) {
        let url = urls::vendor(&base, vendor);
        text.push_str(&format!("{}: {url}\n", vendor.title()));
        if let Some(ToTry { token, path }) = to_try {
            let header = quoted(&format!("Authorization: Bearer {token}"));
            text.push_str(&format!("  try: curl -H {header} {url}{path}\n"));
        }
    }
    err.write_all(text.as_bytes())?;
    err.flush()
}

/// One word of a shell, whatever stands in it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
