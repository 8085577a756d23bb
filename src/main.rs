//! The `enrollmock` command.

fn main() -> std::process::ExitCode {
    enrollmock::cli::run()
}
