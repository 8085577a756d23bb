//! The command line: one file a verb. No other room prints.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the only room that prints"
)]

mod admission;
pub mod check;
mod child;
mod common;
mod completions;
mod exec;
#[cfg(unix)]
mod group;
#[cfg(unix)]
mod guard;
mod junit;
mod load;
mod log;
mod port_file;
mod ready;
mod report;
pub mod schema;
mod serve;
mod size;
mod time;
mod urls;
mod watch;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// The exit code of success.
const FINE: u8 = 0;
/// The exit code of a clear no.
const FAILED: u8 = 1;
/// The exit code where the command line, the scenario or the machine does not allow it.
const USAGE: u8 = 2;

/// Stands in for learning platforms' enrollment APIs, so that client test suites need no account, no
/// network and no luck.
///
/// Start with `enrollmock serve`: it serves a built-in scenario, and prints URLs and tokens to try.
#[derive(Debug, Parser)]
#[command(name = "enrollmock", version, arg_required_else_help = true)]
#[command(after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

const EXIT_CODES: &str = "Exit codes: 0 fine; 1 the answer is no; 2 a usage or scenario error; exec passes on \
    its command's own.\n\
    Every flag of serve, exec and ready is also an environment variable: --port-file is ENROLLMOCK_PORT_FILE.";

#[derive(Debug, Subcommand)]
enum Verb {
    Serve(Box<serve::Serve>),
    Exec(Box<exec::Exec>),
    Check(Check),
    Schema(Schema),
    Ready(ready::Ready),
    Completions(completions::Completions),
}

/// Validate scenario files, or show the built-in ones
///
/// Reports every fault of every file at once, each with its place and its cure, and exits 2 if there is
/// any. Scenarios, their folders and exchange files are all told apart by themselves.
#[derive(Args, Debug)]
struct Check {
    /// Files or folders to validate
    #[arg(value_name = "PATH", required_unless_present_any = ["list", "print"])]
    paths: Vec<PathBuf>,

    /// List the built-in scenarios
    #[arg(long, conflicts_with_all = ["paths", "print"])]
    list: bool,

    /// Print a built-in scenario, to copy and change
    #[arg(long, value_name = "NAME", conflicts_with = "paths")]
    print: Option<String>,
}

/// Print the JSON Schema of scenario files
///
/// Editors that are given it complete keys and mark faults while you write.
#[derive(Args, Debug)]
struct Schema {}

/// Runs the command that the process was started as.
pub fn run() -> ExitCode {
    #[cfg(unix)]
    if guard::is_meant() {
        return ExitCode::from(guard::run());
    }
    let verb = match Cli::try_parse() {
        Ok(cli) => cli.verb,
        Err(error) => {
            // A reader that has gone away is no error.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE));
        }
    };
    let (out, err) = (&mut io::stdout(), &mut io::stderr());
    let code = match verb {
        Verb::Serve(serve) => serve.run(out, err),
        Verb::Exec(exec) => exec.run(err),
        Verb::Check(Check { list: true, .. }) => printed(check::list(out), err),
        Verb::Check(Check {
            print: Some(name), ..
        }) => check::print(&name, out, err),
        Verb::Check(Check { paths, .. }) => check::check(&paths, out, err),
        Verb::Schema(Schema {}) => printed(schema::schema(out), err),
        Verb::Ready(ready) => ready.run(err),
        Verb::Completions(completions) => completions.run(out),
    };
    ExitCode::from(code)
}

/// The exit code of a verb that only prints. A reader that has gone away is no error.
fn printed(result: io::Result<()>, err: &mut dyn io::Write) -> u8 {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(err, "enrollmock: cannot write: {error}");
            USAGE
        }
        Ok(()) | Err(_) => FINE,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
