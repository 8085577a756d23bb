//! The command that `exec` runs. It gets the signals that come, and is ended with all that it started.

use std::io;
use std::process::{Command, ExitStatus};

#[cfg(unix)]
use super::group::Group;
#[cfg(unix)]
use super::guard::Guard;

/// The signals that are passed on. While this stands, none of them ends this process.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on. Call it inside a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    async fn next(&mut self) -> rustix::process::Signal {
        use rustix::process::Signal;

        tokio::select! {
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.terminate.recv() => Signal::TERM,
            _ = self.hangup.recv() => Signal::HUP,
            _ = self.quit.recv() => Signal::QUIT,
        }
    }
}

/// Runs a command to its end, and ends what it leaves running.
#[cfg(unix)]
pub(super) async fn run(mut command: Command, mut signals: Signals) -> io::Result<ExitStatus> {
    let plan = Group::plan(&mut command);
    let guard = Guard::start();
    let mut child = tokio::process::Command::from(command).spawn()?;
    let Some(group) = plan.led_by(child.id()) else {
        return child.wait().await;
    };
    guard.watch(group);
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            signal = signals.next() => group.pass_on(signal),
        }
    };
    group.end(guard.id()).await;
    drop(guard);
    status
}

/// The exit code of a status: the command's own, or 128 and the signal that ended it.
#[cfg(unix)]
pub(super) fn code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;

    let signal = status.signal().map(|signal| 128 + signal);
    let code = status.code().or(signal);
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// The signals of the terminal. Ctrl-C reaches the command by itself.
#[cfg(not(unix))]
#[derive(Debug)]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Signals)
    }
}

/// Runs a command to its end.
#[cfg(not(unix))]
pub(super) async fn run(command: Command, _: Signals) -> io::Result<ExitStatus> {
    let mut command = tokio::process::Command::from(command);
    let mut child = command.kill_on_drop(true).spawn()?;
    loop {
        tokio::select! {
            status = child.wait() => return status,
            Ok(()) = tokio::signal::ctrl_c() => {}
        }
    }
}

/// The exit code of a status.
#[cfg(not(unix))]
pub(super) fn code(status: ExitStatus) -> u8 {
    match status.code() {
        Some(0) => 0,
        Some(code) => u8::try_from(code).unwrap_or(1).max(1),
        None => 1,
    }
}
