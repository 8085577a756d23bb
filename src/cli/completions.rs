//! `completions`: prints a script that lets a shell complete the command line.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, FINE};

/// Print a script that lets your shell complete this command line
///
/// For bash: `source <(enrollmock completions bash)`.
#[derive(Args, Debug)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, out: &mut dyn Write) -> u8 {
        // The generator panics when it cannot write. Memory can always be written.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "enrollmock", &mut script);
        let _ = out.write_all(&script);
        let _ = out.flush();
        FINE
    }
}
