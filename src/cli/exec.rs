//! `exec`: runs a command beside a server, and judges what it did.

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use clap::Args;
use clap::builder::BoolishValueParser;
use tokio::sync::oneshot;

use super::child::{self, Signals};
use super::common::{Common, Ready};
use super::log::Log;
use super::port_file::PortFile;
use super::watch::Watch;
use super::{FAILED, FINE, USAGE, junit, report, urls};
use crate::emulator::Emulator;
use crate::platform::Vendor;
use crate::server;
use crate::verdict::Verdicts;

/// Serve a scenario on a free port, run a command against it, judge what it did, stop
///
/// For example: enrollmock exec flaky -- pytest tests/sync
///
/// The command finds the URLs in ENROLLMOCK_URL, ENROLLMOCK_ADMIN_URL and ENROLLMOCK_<VENDOR>_URL, and a
/// token of each vendor in ENROLLMOCK_<VENDOR>_TOKEN, the name in capital letters. Its input and output are
/// passed through; the verdict follows on stderr: what the scenario expects of a client, and whether every
/// request fitted an operation. Signals are passed on to the command, and what it leaves running is ended
/// with it.
#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Exec {
    #[command(flatten)]
    common: Common,

    /// Let requests pass that fit no operation, such as one with a misspelt path
    #[arg(long, value_parser = BoolishValueParser::new(), env = "ENROLLMOCK_LENIENT")]
    lenient: bool,

    /// Write the verdict to this file as JUnit XML
    #[arg(long, value_name = "FILE", env = "ENROLLMOCK_JUNIT")]
    junit: Option<PathBuf>,

    /// Write the verdict to this file as JSON
    #[arg(long, value_name = "FILE", env = "ENROLLMOCK_REPORT")]
    report: Option<PathBuf>,

    /// The command and its arguments, started without a shell
    #[arg(last = true, required = true, value_name = "CMD")]
    command: Vec<OsString>,
}

const EXIT_CODES: &str = "Exit codes: the command's own if it fails, 128 and the signal if one ended it; \
    else 0 fine; 1 an expectation was broken or a request fitted no operation; 2 a usage or scenario error, \
    or the command cannot be started.";

impl Exec {
    pub(super) fn run(&self, err: &mut dyn Write) -> u8 {
        let mut ready = match self.common.ready(err) {
            Ok(ready) => ready,
            Err(code) => return code,
        };
        self.prepare()
            .and_then(|()| self.attend(&mut ready, err))
            .and_then(|status| self.judge(status, &ready.emulator, err))
            .unwrap_or_else(|why| {
                let _ = writeln!(err, "enrollmock: {why}");
                USAGE
            })
    }

    /// Makes room for the files to write. A file of an earlier run would speak for this one. A file that cannot
    /// be written is better known before a long run.
    fn prepare(&self) -> Result<(), String> {
        for path in self.junit.iter().chain(&self.report) {
            make_room(path).map_err(|error| not_written(path, &error))?;
        }
        Ok(())
    }

    /// Serves until the command has ended.
    fn attend(&self, ready: &mut Ready, err: &mut dyn Write) -> Result<ExitStatus, String> {
        let runtime =
            server::runtime().map_err(|error| format!("cannot wait for clients: {error}"))?;
        let inside = runtime.enter();
        // Listens before there is anything that a signal could leave behind.
        let signals =
            Signals::listen().map_err(|error| format!("cannot listen to signals: {error}"))?;
        drop(inside);

        let log = self.common.log.map(Log::start);
        let server = self.common.bind(&ready.emulator, 0, log.as_ref())?;
        let address = server
            .local_addr()
            .map_err(|error| format!("cannot tell which port was bound: {error}"))?;
        let port_file = self.common.port_file.as_deref();
        let port_file = port_file.map(|path| {
            PortFile::write(path, address)
                .map_err(|error| format!("cannot write the port file {}: {error}", path.display()))
        });
        let port_file = port_file.transpose()?;

        let command = self.command(ready, address)?;
        let (ending, ended) = oneshot::channel::<()>();
        let end = async move {
            let _ = ended.await;
        };
        let attended = async move {
            let status = child::run(command, signals).await;
            drop(ending);
            status
        };
        let watching = Watch::over(ready.watch.take(), ready.emulator.worlds(), err);
        let (served, status) = runtime.block_on(async {
            tokio::select! {
                biased;
                both = async { tokio::join!(server.run(end), attended) } => both,
                () = watching => (Ok(()), Err(io::Error::other("the watch has ended"))),
            }
        });
        // Does not wait for a scenario that is being read.
        runtime.shutdown_background();
        drop(port_file);
        if let Some(log) = log {
            log.finish();
        }
        served.map_err(|error| format!("cannot serve: {error}"))?;
        status.map_err(|error| self.not_run(&error))
    }

    fn command(&self, ready: &Ready, address: SocketAddr) -> Result<Command, String> {
        let (program, arguments) = self.command.split_first().ok_or("no command is named")?;
        let mut command = Command::new(program);
        let base = urls::base(address);
        command
            .args(arguments)
            .env("ENROLLMOCK_ADMIN_URL", format!("{base}/__admin"));
        let main = ready.emulator.main();
        for vendor in Vendor::ALL {
            let name = vendor.name().to_ascii_uppercase();
            command.env(format!("ENROLLMOCK_{name}_URL"), vendor.url(&base));
            let token = format!("ENROLLMOCK_{name}_TOKEN");
            match main.sample_token(*vendor) {
                Some(value) => command.env(token, value),
                // A token from outside would open nothing here.
                None => command.env_remove(token),
            };
        }
        if let Some(token) = &ready.token {
            command.env("ENROLLMOCK_ADMIN_TOKEN", token);
        }
        command.env("ENROLLMOCK_URL", base);
        Ok(command)
    }

    fn not_run(&self, error: &io::Error) -> String {
        let name = self.command.first().cloned().unwrap_or_default();
        let cure = match error.kind() {
            io::ErrorKind::NotFound => "; name a program on the PATH, or a path with a `/`",
            io::ErrorKind::PermissionDenied => "; it must be a program that you may run",
            _ => "",
        };
        format!("cannot run {}: {error}{cure}", name.display())
    }

    /// Prints the verdict. Returns the exit code.
    fn judge(
        &self,
        status: ExitStatus,
        emulator: &Emulator,
        err: &mut dyn Write,
    ) -> Result<u8, String> {
        let verdicts = Verdicts::of(emulator.worlds());
        let _ = write!(err, "enrollmock: {verdicts}");
        if !verdicts.is_fine(self.lenient) && verdicts.is_fine(true) {
            let _ = writeln!(err, "  --lenient lets unmatched requests pass");
        }
        let code = child::code(status);
        let written = self.write(&verdicts, code);
        if code != FINE {
            if let Err(why) = written {
                let _ = writeln!(err, "enrollmock: {why}");
            }
            return Ok(code);
        }
        written?;
        if verdicts.is_fine(self.lenient) {
            Ok(FINE)
        } else {
            Ok(FAILED)
        }
    }

    fn write(&self, verdicts: &Verdicts, code: u8) -> Result<(), String> {
        if let Some(path) = &self.junit {
            let text = junit::text(verdicts, self.lenient);
            text.and_then(|text| std::fs::write(path, text))
                .map_err(|error| not_written(path, &error))?;
        }
        if let Some(path) = &self.report {
            let text = report::text(verdicts, self.lenient, code);
            text.and_then(|text| std::fs::write(path, text))
                .map_err(|error| not_written(path, &error))?;
        }
        Ok(())
    }
}

fn make_room(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // A pipe or a terminal keeps nothing, and must not be removed.
    if path.exists() && !path.is_file() && !path.is_dir() {
        return Ok(());
    }
    std::fs::write(path, "")?;
    std::fs::remove_file(path)
}

fn not_written(path: &Path, error: &io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}
