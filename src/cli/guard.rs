//! A process beside `exec` that outlives it if it is killed, and then ends the command.

use std::io::{self, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use rustix::process::{self, Pid, Signal};

use super::FINE;
use super::group::Group;

/// The argument that makes this program such a process. No verb: nobody is to call or complete it.
const ARGUMENT: &str = "--end-what-exec-leaves";

/// Such a process. When this is dropped it has nothing more to do.
#[derive(Debug)]
pub(super) struct Guard {
    /// None: the system gave no process. Then a killed `exec` leaves its command running.
    process: Option<Child>,
}

impl Guard {
    /// Starts it. It shall be there before the command is.
    pub(super) fn start() -> Self {
        let started = std::env::current_exe().and_then(|program| {
            Command::new(program)
                .arg(ARGUMENT)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                // A Ctrl-C is none of its business.
                .process_group(0)
                .spawn()
        });
        Guard {
            process: started.ok(),
        }
    }

    /// Names the command to it.
    pub(super) fn watch(&self, group: Group) {
        let line = match group {
            Group::Led(leader) => format!("group {leader}\n"),
            Group::Shared(command) => format!("process {command}\n"),
        };
        self.tell(line.as_bytes());
    }

    /// Its process.
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

/// Whether this process was started as one.
pub(super) fn is_meant() -> bool {
    let mut arguments = std::env::args_os().skip(1);
    arguments.next().is_some_and(|it| it == ARGUMENT)
}

/// Waits for the end of `exec`. The first byte on stdin after the line that names the command says that all
/// is well; the end of stdin without it, that nobody is left to end the command.
pub(super) fn run() -> u8 {
    let mut told = String::new();
    let _ = io::stdin().read_to_string(&mut told);
    if let Some((group, "")) = told.split_once('\n') {
        end(group);
    }
    FINE
}

/// There is nobody any more for whom it would be worth asking first.
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
