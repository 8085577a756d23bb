//! `serve`: serves a scenario over HTTP until a signal ends it.

use std::io::{self, Write};
use std::net::SocketAddr;

use clap::Args;

use super::common::{Common, Ready};
use super::load::{SampleCall, greeting};
use super::log::Log;
use super::port_file::PortFile;
use super::watch::Watch;
use super::{FINE, USAGE, urls};
use crate::emulator::Emulator;
use crate::server;

/// Serve a scenario until SIGINT or SIGTERM
///
/// Prints `listening on http://HOST:PORT` on stdout once it answers; then, on stderr, each vendor's base
/// URL with a token to try, and one line for each request.
#[derive(Args, Debug)]
pub(super) struct Serve {
    #[command(flatten)]
    common: Common,
}

/// The port that a server takes when none is named.
const PORT: u16 = 8650;

impl Serve {
    pub(super) fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
        let ready = match self.common.ready(err) {
            Ok(ready) => ready,
            Err(code) => return code,
        };
        match self.serve(ready, out, err) {
            Ok(()) => FINE,
            Err(why) => {
                let _ = writeln!(err, "enrollmock: {why}");
                USAGE
            }
        }
    }

    fn serve(&self, ready: Ready, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), String> {
        let runtime =
            server::runtime().map_err(|error| format!("cannot wait for clients: {error}"))?;
        let inside = runtime.enter();
        // Listens before a caller can see that the server is up, and end it again.
        let terminated =
            server::termination().map_err(|error| format!("cannot listen to signals: {error}"))?;
        drop(inside);

        let log = Log::start(self.common.log.unwrap_or_default());
        let server = self.common.bind(&ready.emulator, PORT, Some(&log))?;
        let address = server
            .local_addr()
            .map_err(|error| format!("cannot tell which port was bound: {error}"))?;
        let port_file = match &self.common.port_file {
            Some(path) => Some(PortFile::write(path, address).map_err(|error| {
                format!("cannot write the port file {}: {error}", path.display())
            })?),
            None => None,
        };
        // From here on clients can connect. They are served even if the output is not read.
        let _ = writeln!(out, "listening on {}", urls::bound(address)).and_then(|()| out.flush());
        let _ = greet(&ready.emulator, address, err);
        if let Some(token) = &ready.made_up {
            let _ = writeln!(err, "admin token: {token}").and_then(|()| err.flush());
        }

        let watching = Watch::over(ready.watch, ready.emulator.worlds(), err);
        let served = runtime.block_on(async {
            tokio::select! {
                biased;
                served = server.run(terminated) => served,
                () = watching => Ok(()),
            }
        });
        // Does not wait for a scenario that is being read.
        runtime.shutdown_background();
        drop(port_file);
        log.finish();
        served.map_err(|error| format!("cannot serve: {error}"))
    }
}

/// Prints the URL of each vendor, and a line to paste that gets a first answer.
fn greet(emulator: &Emulator, address: SocketAddr, err: &mut dyn Write) -> io::Result<()> {
    let base = urls::base(address);
    let mut text = String::new();
    for (vendor, sample_call) in greeting(emulator) {
        let url = vendor.url(&base);
        text.push_str(&format!("{}: {url}\n", vendor.title()));
        if let Some(SampleCall { token, path }) = sample_call {
            let header = quoted(&format!("Authorization: Bearer {token}"));
            text.push_str(&format!("  try: curl -H {header} {url}{path}\n"));
        }
    }
    err.write_all(text.as_bytes())?;
    err.flush()
}

/// Any text as one word of a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
