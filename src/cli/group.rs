//! The group of processes that a command leads or joins. Signals go to it, and it ends with the command.
//!
//! On a terminal the command stays in the group it was started from. Only that group may read the keyboard,
//! and Ctrl-C reaches all of it. Elsewhere the command leads a group of its own.

use std::io::{self, IsTerminal};
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::Duration;

use rustix::process::{self, Pid, Signal, WaitOptions};

/// A command, and the processes that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// The command leads a group.
    Led(Pid),
    /// The command shares the group of `exec`.
    Shared(Pid),
}

/// The group that a command will have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    shared: bool,
}

/// How long the processes that are left get to end when asked, and then to be gone.
const GRACE: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(5);

impl Group {
    /// Prepares a command.
    pub(super) fn plan(command: &mut Command) -> Plan {
        // Processes that the command leaves behind become children of this one, and can be waited for.
        #[cfg(target_os = "linux")]
        let _ = process::set_child_subreaper(Some(process::getpid()));
        let shared =
            io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal();
        if !shared {
            command.process_group(0);
        }
        Plan { shared }
    }

    /// Passes a signal on that came to this process.
    pub(super) fn pass_on(self, signal: Signal) {
        // A process that is gone needs no signal.
        let _ = match self {
            Group::Led(leader) => process::kill_process_group(leader, signal),
            // The keyboard sent these to the command as well. A program may take two for more than one.
            Group::Shared(_) if signal == Signal::INT || signal == Signal::QUIT => Ok(()),
            Group::Shared(command) => process::kill_process(command, signal),
        };
    }

    /// Ends the processes that the ended command left running, in its group and out of it. It asks them first.
    /// `guard` is a child of this process that does not belong to the command.
    pub(super) async fn end(self, guard: Option<Pid>) {
        for signal in [Signal::TERM, Signal::KILL] {
            if !self.send_to_the_rest(signal, guard) {
                return;
            }
            let gone = async {
                while self.has_rest(guard) {
                    tokio::time::sleep(PAUSE).await;
                }
            };
            if tokio::time::timeout(GRACE, gone).await.is_ok() {
                return;
            }
        }
    }

    /// Sends a signal to the processes that are left. Returns whether there were any.
    fn send_to_the_rest(self, signal: Signal, guard: Option<Pid>) -> bool {
        let in_group = match self {
            Group::Led(leader) => process::kill_process_group(leader, signal).is_ok(),
            Group::Shared(_) => false,
        };
        let others = self.others(guard);
        for process in &others {
            let _ = process::kill_process(*process, signal);
        }
        in_group || !others.is_empty()
    }

    fn has_rest(self, guard: Option<Pid>) -> bool {
        let in_group = match self {
            Group::Led(leader) => {
                // The dead stay in the group until their parent, this process, waits for them.
                while let Ok(Some(_)) = process::waitpgid(leader, WaitOptions::NOHANG) {}
                process::test_kill_process_group(leader).is_ok()
            }
            Group::Shared(_) => false,
        };
        let wait = |it: &Pid| process::waitpid(Some(*it), WaitOptions::NOHANG);
        let others = self.others(guard).into_iter();
        // The parent of a process that is no child of this one waits for it.
        let others = others.filter(|it| !matches!(wait(it), Ok(Some(_))));
        in_group || others.count() > 0
    }

    /// Descendants that no signal to the group reaches, such as those with a session of their own.
    fn others(self, guard: Option<Pid>) -> Vec<Pid> {
        let leader = match self {
            Group::Led(leader) => Some(leader),
            Group::Shared(_) => None,
        };
        let is_other = |it: &Pid| leader.is_none() || process::getpgid(Some(*it)).ok() != leader;
        descendants(guard).into_iter().filter(is_other).collect()
    }
}

impl Plan {
    /// The group, once the command runs.
    pub(super) fn led_by(self, command: Option<u32>) -> Option<Group> {
        let command = Pid::from_raw(i32::try_from(command?).ok()?)?;
        if self.shared {
            Some(Group::Shared(command))
        } else {
            Some(Group::Led(command))
        }
    }
}

/// All descendants of this process but one. None where the system does not tell.
fn descendants(but: Option<Pid>) -> Vec<Pid> {
    let mut open = vec![process::getpid()];
    let mut found = Vec::new();
    while let Some(parent) = open.pop() {
        let children = children(parent).into_iter();
        let children: Vec<Pid> = children.filter(|it| Some(*it) != but).collect();
        open.extend(&children);
        found.extend(children);
    }
    found
}

fn children(parent: Pid) -> Vec<Pid> {
    let tasks = std::fs::read_dir(format!("/proc/{parent}/task"));
    let tasks = tasks.into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let mut children = Vec::new();
    for list in lists {
        let ids = list.split_whitespace().filter_map(|id| id.parse().ok());
        children.extend(ids.filter_map(Pid::from_raw));
    }
    children
}
