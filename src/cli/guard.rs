//! A process beside `exec`. It outlives an `exec` that is killed, and then ends the command.

use std::io::{self, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use rustix::process::{self, Pid, Signal};

use super::FINE;
use super::group::Group;

/// The argument that makes this program a guard. It is no verb, so that no shell completes it.
const ARGUMENT: &str = "--end-what-exec-leaves";

/// A running guard. Dropping this ends the process: all went well.
#[derive(Debug)]
pub(super) struct Guard {
    /// None: the system gave no process. Then a killed `exec` leaves its command running.
    process: Option<Child>,
}

impl Guard {
    /// Starts a guard. Call it before the command starts.
    pub(super) fn start() -> Self {
        let started = std::env::current_exe().and_then(|program| {
            Command::new(program)
                .arg(ARGUMENT)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                // Ctrl-C must not end the guard.
                .process_group(0)
                .spawn()
        });
        Guard {
            process: started.ok(),
        }
    }

    /// Tells the guard which command to watch.
    pub(super) fn watch(&self, group: Group) {
        let line = match group {
            Group::Led(leader) => format!("group {leader}\n"),
            Group::Shared(command) => format!("process {command}\n"),
        };
        self.tell(line.as_bytes());
    }

    /// The process of the guard.
    pub(super) fn id(&self) -> Option<Pid> {
        let id = self.process.as_ref()?.id();
        Pid::from_raw(i32::try_from(id).ok()?)
    }

    fn tell(&self, what: &[u8]) {
        if let Some(process) = &self.process
            && let Some(mut stdin) = process.stdin.as_ref()
        {
            let _ = stdin.write_all(what);
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.tell(b".");
        if let Some(process) = &mut self.process {
            drop(process.stdin.take());
            let _ = process.wait();
        }
    }
}

/// Whether this process was started as a guard.
pub(super) fn is_meant() -> bool {
    let mut arguments = std::env::args_os().skip(1);
    match arguments.next() {
        Some(first) => first == ARGUMENT,
        None => false,
    }
}

/// Waits for the end of `exec`.
///
/// The line on stdin names the command. A byte behind it says that all is well. The end of stdin without that
/// byte says that `exec` was killed, and left the command running.
pub(super) fn run() -> u8 {
    let mut told = String::new();
    let _ = io::stdin().read_to_string(&mut told);
    if let Some((group, "")) = told.split_once('\n') {
        end(group);
    }
    FINE
}

/// Kills the command at once: no caller is left that would gain from asking it first.
fn end(group: &str) {
    let Some((kind, id)) = group.split_once(' ') else {
        return;
    };
    let Some(id) = id.parse().ok().and_then(Pid::from_raw) else {
        return;
    };
    let _ = match kind {
        "group" => process::kill_process_group(id, Signal::KILL),
        _ => process::kill_process(id, Signal::KILL),
    };
}
