//! `exec`: a command with a server beside it, its signals, what it leaves behind, and the verdict.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::cli::process::enrollmock;

/// `exec` of a line of shell, in which `$MOCK` is the program itself.
fn exec(options: &[&str], line: &str) -> Command {
    let mut command = enrollmock();
    let program = command.get_program().to_owned();
    command
        .arg("exec")
        .args(options)
        .args(["--", "sh", "-c", line])
        .env("MOCK", program);
    command
}

fn run(options: &[&str], line: &str) -> Output {
    exec(options, line).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_command_finds_urls_and_tokens_in_its_environment() {
    let output = run(&[], "env | grep ^ENROLLMOCK_ | sort; $MOCK ready");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = text(&output.stdout);
    let value = |name: &str| {
        let mut lines = lines.lines().filter_map(|line| line.split_once('='));
        lines.find(|(known, _)| *known == name).unwrap().1
    };
    let url = value("ENROLLMOCK_URL");
    let port: u16 = url.rsplit_once(':').unwrap().1.parse().unwrap();
    assert_ne!(port, 0);
    assert_eq!(value("ENROLLMOCK_ADMIN_URL"), format!("{url}/__admin"));
    assert_eq!(value("ENROLLMOCK_ISPRING_URL"), format!("{url}/ispring"));
    assert_eq!(value("ENROLLMOCK_OPENEDX_URL"), format!("{url}/openedx"));
    assert_eq!(value("ENROLLMOCK_ALM_URL"), format!("{url}/alm"));
    assert_eq!(value("ENROLLMOCK_ISPRING_TOKEN"), "quickstart-token");
    assert_eq!(value("ENROLLMOCK_OPENEDX_TOKEN"), "openedx-staff");
    assert_eq!(value("ENROLLMOCK_ALM_TOKEN"), "alm-admin");
}

/// A scenario in a file of its own.
fn story(folder: &Path, yaml: &str) -> String {
    let file = folder.join("story.yaml");
    std::fs::write(&file, format!("version: 1\n{yaml}")).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_vendor_without_a_listed_token_issues_one_and_one_without_clients_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let clients = "
ispring:
  credentials: [{ client_id: i, client_secret: s }]
alm:
  users: [{ id: '7', name: A, email: a@example.com, roles: [learner] }]
  credentials: [{ client_id: c, client_secret: s, refresh_token: r, user: '7' }]
";
    let file = story(folder.path(), clients);
    let mut command = exec(
        &[&file],
        "echo \"$ENROLLMOCK_ISPRING_TOKEN $ENROLLMOCK_ALM_TOKEN ${ENROLLMOCK_OPENEDX_TOKEN-none}\"",
    );
    command.env("ENROLLMOCK_OPENEDX_TOKEN", "of another server");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let words: Vec<&str> = text(&output.stdout).split_whitespace().collect();
    let [ispring, alm, openedx] = words[..] else {
        panic!("{words:?}");
    };
    assert_eq!(ispring.len(), 43, "as the token endpoint makes them");
    assert_eq!(alm.len(), 32, "as the token endpoint makes them");
    assert_eq!(openedx, "none");
}

#[test]
fn input_and_output_pass_through() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input");
    std::fs::write(&input, "some words").unwrap();
    let mut command = exec(&[], "cat; echo aside >&2");
    command.stdin(std::fs::File::open(&input).unwrap());
    let output = command.output().unwrap();
    assert_eq!(text(&output.stdout), "some words");
    let stderr = text(&output.stderr);
    // What follows is the verdict.
    assert!(stderr.starts_with("aside\nenrollmock: "), "{stderr}");
}

#[test]
fn the_exit_code_is_the_commands_own_if_it_fails() {
    for (line, code) in [
        ("exit 0", 0),
        ("exit 7", 7),
        ("exit 255", 255),
        ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
    ] {
        assert_eq!(run(&[], line).status.code(), Some(code), "{line}");
    }
}

#[test]
fn a_command_that_cannot_be_started_is_said_with_its_cure() {
    let output = enrollmock()
        .args(["exec", "--", "no-such-program-anywhere", "x"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = text(&output.stderr);
    assert!(
        stderr.contains("cannot run no-such-program-anywhere"),
        "{stderr}"
    );
    assert!(stderr.contains("PATH"), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[test]
fn without_a_scenario_or_a_place_for_the_verdict_nothing_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let below_a_file = file.join("report.json");
    let below_a_file = below_a_file.to_str().unwrap();
    for options in [
        &["no-such-story"][..],
        &["--report", below_a_file],
        &["--junit", below_a_file],
        &["--report", folder.path().to_str().unwrap()],
        &["--port", "70000"],
    ] {
        let output = run(options, "echo ran");
        assert_eq!(output.status.code(), Some(2), "{options:?}");
        assert!(output.stdout.is_empty(), "{options:?}");
        assert!(!output.stderr.is_empty(), "{options:?}");
    }
    let output = enrollmock().arg("exec").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// A running `exec` whose command has said its first words.
struct Executing {
    child: Child,
    words: Vec<String>,
    rest: BufReader<std::process::ChildStdout>,
}

impl Executing {
    fn start(line: &str) -> Self {
        let mut command = exec(&[], line);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut rest = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        rest.read_line(&mut first).unwrap();
        let words = first.split_whitespace().map(str::to_owned).collect();
        Executing { child, words, rest }
    }

    fn signal(&self, name: &str) {
        kill(name, &self.child.id().to_string());
    }

    /// What the command said after its first words, once nobody can say more, and the exit code.
    fn finish(mut self) -> (String, Option<i32>) {
        let mut rest = String::new();
        self.rest.read_to_string(&mut rest).unwrap();
        (rest, self.child.wait().unwrap().code())
    }
}

fn kill(signal: &str, process: &str) -> bool {
    let mut kill = Command::new("kill");
    let kill = kill.args(["-s", signal, process]).stderr(Stdio::null());
    kill.status().unwrap().success()
}

/// Whether a process still runs. One that has ended but that nobody took note of does not.
fn runs(process: &str) -> bool {
    if !Path::new("/proc/self/stat").exists() {
        return kill("0", process);
    }
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    stat.is_ok_and(|stat| !stat.rsplit_once(')').unwrap().1.starts_with(" Z"))
}

/// Waits for the end of a process that nobody tells us of.
fn ends(process: &str) -> bool {
    (0..1000).any(|_| {
        std::thread::park_timeout(Duration::from_millis(10));
        !runs(process)
    })
}

#[test]
fn signals_are_passed_on_and_the_commands_answer_counts() {
    for (name, code) in [("INT", 3), ("TERM", 4), ("HUP", 5)] {
        // `wait`, unlike a command, is left by a trap at once.
        let line = "trap 'echo INT; exit 3' INT; trap 'echo TERM; exit 4' TERM; trap 'echo HUP; exit 5' HUP; \
                    echo ready; sleep 600 & wait";
        let executing = Executing::start(line);
        executing.signal(name);
        assert_eq!(executing.finish(), (format!("{name}\n"), Some(code)));
    }
}

#[test]
fn a_command_that_does_not_mind_a_signal_goes_on() {
    let executing = Executing::start("trap '' INT; echo ready; read word; echo done; exit 0");
    executing.signal("INT");
    // Its input is empty, so it goes on by itself.
    assert_eq!(executing.finish(), ("done\n".to_owned(), Some(0)));
}

#[test]
fn what_the_command_leaves_running_ends_with_it() {
    // One that ends when asked, and one that does not.
    let line = "sleep 600 & polite=$!; sh -c 'trap \"\" TERM; echo deaf; sleep 600 & wait; wait' > /dev/null & \
                echo $polite $!; exit 6";
    let executing = Executing::start(line);
    let left = executing.words.clone();
    let (rest, code) = executing.finish();
    assert_eq!((rest.as_str(), code), ("", Some(6)));
    assert_eq!(left.len(), 2);
    for process in left {
        assert!(!runs(&process), "{process} still runs");
    }
}

// Elsewhere nobody tells whose child has left.
#[cfg(target_os = "linux")]
#[test]
fn what_left_for_a_session_of_its_own_ends_with_the_command_too() {
    let line = "{ setsid sh -c 'sleep 600 > /dev/null & echo $! $$; wait' & } | { read left; echo $left; exit 6; }";
    let executing = Executing::start(line);
    let left = executing.words.clone();
    let (rest, code) = executing.finish();
    assert_eq!((rest.as_str(), code), ("", Some(6)));
    assert_eq!(left.len(), 2);
    for process in left {
        assert!(!runs(&process), "{process} still runs");
    }
}

#[test]
fn a_signal_that_ends_the_command_ends_what_it_started() {
    let executing = Executing::start("sleep 600 & echo $! $$; wait");
    let started = executing.words.clone();
    executing.signal("TERM");
    assert_eq!(executing.finish(), (String::new(), Some(143)));
    for process in started {
        assert!(!runs(&process), "{process} still runs");
    }
}

#[test]
fn exec_killed_leaves_nothing_behind_either() {
    // Once it answers it has told its guard whom to end.
    let line = "sleep 600 & left=$!; $MOCK ready > /dev/null; echo $left $$; wait";
    let executing = Executing::start(line);
    let started = executing.words.clone();
    executing.signal("KILL");
    assert_eq!(executing.finish(), (String::new(), None));
    for process in started {
        assert!(ends(&process), "{process} still runs");
    }
}

#[test]
fn a_guard_is_no_word_of_the_command_line() {
    for shell in ["bash", "zsh", "fish"] {
        let output = enrollmock().args(["completions", shell]).output().unwrap();
        assert!(!text(&output.stdout).contains("end-what"), "{shell}");
    }
}

#[test]
fn requests_have_no_lines_unless_they_are_asked_for() {
    let line = "$MOCK ready --url $ENROLLMOCK_URL/nowhere 2> /dev/null; true";
    let quiet = run(&["--lenient"], line);
    assert!(
        !text(&quiet.stderr).contains("404"),
        "{}",
        text(&quiet.stderr)
    );
    let told = run(&["--lenient", "--log", "text"], line);
    let lines = text(&told.stderr);
    assert!(lines.contains("GET /nowhere/readyz 404"), "{lines}");
}

/// A request that fits no operation.
const LOST: &str = "$MOCK ready --url $ENROLLMOCK_URL/nowhere 2> /dev/null; true";

#[test]
fn requests_that_fit_no_operation_fail_unless_they_are_let_pass() {
    let output = run(&[], LOST);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("1 request unmatched"), "{stderr}");
    assert!(stderr.contains("GET /nowhere/readyz"), "{stderr}");
    assert!(stderr.contains("--lenient"), "{stderr}");
    assert_eq!(run(&["--lenient"], LOST).status.code(), Some(0));
    let mut lenient = exec(&[], LOST);
    lenient.env("ENROLLMOCK_LENIENT", "1");
    assert_eq!(lenient.output().unwrap().status.code(), Some(0));
    // A command that fails has the say.
    let failing = LOST.replace("true", "exit 9");
    assert_eq!(run(&[], &failing).status.code(), Some(9));
}

const EXPECTS: &str = "extends: quickstart
expect:
  - on: { vendor: alm, operation: list_user_enrollments }
    times: 1
  - on: { vendor: ispring, operation: create_enrollments }
    times: 0
";

#[test]
fn a_broken_expectation_is_exit_1_and_told_on_paper_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = story(folder.path(), EXPECTS);
    let (junit, report) = (
        folder.path().join("new/junit.xml"),
        folder.path().join("new/report.json"),
    );
    let options = [
        &file,
        "--junit",
        junit.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
    ];
    let output = run(&options, LOST);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("1 of 2 expectations broken"), "{stderr}");
    assert!(stderr.contains("broken  "), "{stderr}");
    assert!(stderr.contains("story.yaml:4"), "{stderr}");

    let report = std::fs::read_to_string(&report).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["fine"], false);
    assert_eq!(report["command"]["exit_code"], 0);
    let main = &report["worlds"][0];
    assert_eq!(main["sandbox"], Value::Null);
    assert_eq!(main["unmatched"], 1);
    let kept: Vec<&Value> = main["expectations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|claim| &claim["kept"])
        .collect();
    assert_eq!(kept, [false, true]);

    let junit = std::fs::read_to_string(&junit).unwrap();
    let counts = r#"tests="3" failures="2" errors="0""#;
    assert!(junit.contains(counts), "{junit}");
    assert!(junit.contains("list_user_enrollments"), "{junit}");
}

#[test]
fn a_verdict_of_an_earlier_run_never_speaks_for_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    std::fs::write(&report, "of yesterday").unwrap();
    let output = enrollmock()
        .args(["exec", "--report", report.to_str().unwrap()])
        .args(["--", "no-such-program-anywhere"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!report.exists());
}

/// The built-in stories that expect something.
const WITH_EXPECTATIONS: [(&str, i32); 6] = [
    ("flaky", 0),
    ("expiring-token", 0),
    ("lost-reply", 0),
    ("moving-pages", 1),
    ("slow", 0),
    ("maintenance", 0),
];

#[test]
fn a_command_that_calls_nobody_is_told_so() {
    for (name, code) in WITH_EXPECTATIONS {
        let output = exec(&[name], "true").output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{name}: {stderr}");
        let headline = stderr.lines().next().unwrap();
        assert!(
            headline.ends_with(", but no request came"),
            "{name}: {stderr}"
        );
        if code == 1 {
            let why = "called never, expected at least 4 times";
            assert!(stderr.contains(why), "{stderr}");
        }
    }
}

#[test]
fn a_story_is_copied_through_a_file_or_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.yaml");
    let copy = copy.to_str().unwrap();
    for (name, _) in WITH_EXPECTATIONS {
        let line = format!(
            "$MOCK check --print {name} > {copy} && $MOCK check {copy} \
             && $MOCK check --print {name} | $MOCK check /dev/stdin"
        );
        let output = run(&[], &line);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{name}: {stderr}");
        assert!(text(&output.stdout).ends_with("/dev/stdin: ok\n"), "{name}");
    }
}
