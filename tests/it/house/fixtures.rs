//! The fixtures: every exchange is replayed, every operation has some, and the README counts them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::exchange::{self, Confidence, Recording};
use enrollmock::internals::journal;
use enrollmock::internals::place::Problem;
use enrollmock::internals::platform::Vendor;
use enrollmock::internals::scenario::{Overrides, Scenario, Source};

use crate::support::named_hosts;

/// Where the fixtures are: `fixtures/VENDOR/OPERATION/CASE.yaml`.
const FIXTURES: &str = "fixtures";

/// The folder of scenarios that no story tells, for fixtures alone.
const SCENARIOS: &str = "scenarios";

/// What stands for the operation where a request fits none.
const NO_OPERATION: &str = "none";

/// Renews the README's table.
const UPDATE: &str = "UPDATE_README";

#[test]
fn every_fixture_is_answered_as_it_says() {
    let failures: Vec<_> = recordings()
        .iter()
        .filter_map(|recording| recording.replay(&emulator(recording.scenario())).err())
        .map(|mismatch| mismatch.to_string())
        .collect();
    assert!(
        failures.is_empty(),
        "{} fixtures differ:\n\n{}\n",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn every_fixture_lies_in_the_folder_of_its_last_operation() {
    let misplaced: Vec<_> = recordings()
        .iter()
        .filter_map(|recording| {
            let entries = recording.replay(&emulator(recording.scenario())).ok()?;
            let last = entries.last()?;
            // What a release lacks is no operation: the last one that there was counts.
            let mut operations = entries.iter().rev();
            let operation = operations.find_map(|entry| entry.operation);
            let operation = operation.unwrap_or(NO_OPERATION);
            let vendor = last.vendor.map_or("none", Vendor::name);
            let folder = Path::new(FIXTURES).join(vendor).join(operation);
            (Path::new(recording.file()).parent() != Some(&*folder))
                .then(|| format!("{} belongs into {}", recording.file(), folder.display()))
        })
        .collect();
    assert!(misplaced.is_empty(), "{}", misplaced.join("\n"));
}

#[test]
fn every_operation_has_a_fixture_that_succeeds() {
    let mut succeeded = Vec::new();
    for recording in recordings() {
        let Ok(entries) = recording.replay(&emulator(recording.scenario())) else {
            continue;
        };
        let successes = entries
            .iter()
            .filter(|entry| entry.status.is_success() || entry.status.is_redirection());
        succeeded
            .extend(successes.map(|entry| (entry.vendor, entry.operation, entry.method.clone())));
    }
    let rows = Vendor::ALL.iter().flat_map(|vendor| {
        let rows = vendor.rows();
        rows.map(|row| (Some(*vendor), Some(row.id), row.method.clone()))
    });
    let missing: Vec<_> = rows.filter(|row| !succeeded.contains(row)).collect();
    assert!(
        missing.is_empty(),
        "no fixture has a 2xx or a redirect of these: {missing:#?}"
    );
}

#[test]
fn the_readme_counts_the_fixtures_by_confidence() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = ("<!-- evidence:begin -->\n", "<!-- evidence:end -->");
    let (head, rest) = readme
        .split_once(begin)
        .expect("README.md has no evidence:begin");
    let (_, tail) = rest.split_once(end).expect("README.md has no evidence:end");
    let renewed = format!("{head}{begin}{}{end}{tail}", evidence(&recordings()));
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, renewed).unwrap();
        return;
    }
    assert!(
        readme == renewed,
        "README.md counts other fixtures than there are; renew it: {UPDATE}=1 cargo test the_readme_counts"
    );
}

/// A table of how many exchanges of each vendor rest on which evidence.
fn evidence(recordings: &[Recording]) -> String {
    let mut counts: BTreeMap<(Confidence, Vendor), usize> = BTreeMap::new();
    for exchange in recordings.iter().flat_map(Recording::exchanges) {
        let key = (exchange.confidence(), exchange.vendor());
        *counts.entry(key).or_default() += 1;
    }
    let mut table = "| exchanges |".to_owned();
    for vendor in Vendor::ALL {
        let _ = write!(table, " {} |", vendor.title());
    }
    let _ = write!(table, "\n| --- |{}", " ---: |".repeat(Vendor::ALL.len()));
    for confidence in Confidence::ALL {
        let words = confidence.name().replace('_', " ");
        let _ = write!(table, "\n| {words} |");
        for vendor in Vendor::ALL {
            let count = counts.get(&(*confidence, *vendor)).copied();
            let _ = write!(table, " {} |", count.unwrap_or_default());
        }
    }
    table + "\n"
}

/// Every fixture, read. Names start from the crate's root, so that failures read the same everywhere.
fn recordings() -> Vec<Recording> {
    // Cargo runs tests in the crate's root; paths under `scenario` start from there too.
    assert_eq!(std::env::current_dir().unwrap(), root());
    let mut files = Vec::new();
    collect(Path::new(FIXTURES), &mut files);
    files.sort();
    assert!(!files.is_empty(), "there are no fixtures");
    let mut problems = Vec::new();
    let mut recordings = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        match Recording::read(&file.to_string_lossy(), &bytes) {
            Ok(recording) => recordings.push(recording),
            Err(found) => problems.extend(found.iter().map(Problem::to_string)),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    recordings
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.ends_with(SCENARIOS) {
            continue;
        } else if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
}

/// A world of its own for each recording: they change it.
fn emulator(scenario: &Source) -> Emulator {
    let scenario = Scenario::load(scenario, Overrides::default()).unwrap_or_else(|problems| {
        let lines: Vec<_> = problems.iter().map(Problem::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    Emulator::new(scenario, journal::Bounds::default()).with_admission(named_hosts())
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An exchange that is right, to spoil.
const SOUND: &str = "\
exchange: one enrollment
source: nowhere
confidence: inferred
scenario: quickstart
request:
  method: GET
  url: ispring:/enrollment
  headers: { Authorization: quickstart-token }
response:
  status: 200
  headers: { Content-Type: application/xml }
  body: x
";

#[test]
fn what_is_wrong_with_an_exchange_file_is_said_with_its_place() {
    // What to replace, by what, and the lines to get.
    let table: &[(&str, &str, &[&str])] = &[
        ("", "", &[]),
        (
            "url: ispring:",
            "url: isprng:",
            &[
                "e.yaml:7:8: `url` begins with `isprng:`, expected a vendor: `ispring:`, `openedx:`, `alm:`; did you mean `ispring:`?",
            ],
        ),
        (
            "url: ispring:/enrollment",
            "url: /enrollment",
            &[
                "e.yaml:7:8: `url` is `/enrollment`, expected `VENDOR:/path`; such as `ispring:/enrollment`",
            ],
        ),
        (
            "ispring:/enrollment",
            "ispring:enrollment",
            &["e.yaml:7:8: the path in `url` is `enrollment`, expected a `/` at its beginning"],
        ),
        (
            "ispring:/enrollment",
            "'ispring:/enrollment?a=b c'",
            &[
                "e.yaml:7:8: `url` has a character that no URL may have, expected it as `%` and two digits",
            ],
        ),
        (
            "ispring:/enrollment",
            "'ispring:/enrollment#top'",
            &["e.yaml:7:8: `url` has a `#`, which is never sent"],
        ),
        (
            "method: GET",
            "method: POSTT",
            &[
                "e.yaml:6:11: `method` is `POSTT`, expected one of `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS`; did you mean `POST`?",
            ],
        ),
        (
            "method: GET",
            "method: get",
            &[
                "e.yaml:6:11: `method` is `get`, expected one of `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS`; did you mean `GET`?",
            ],
        ),
        (
            "{ Authorization: ",
            "{ 'Author ization': ",
            &["e.yaml:8:14: `Author ization` cannot be a header's name"],
        ),
        (
            "quickstart-token",
            "\"a\\nb\"",
            &[
                "e.yaml:8:29: the value of header `Authorization` has a character that no header may have",
            ],
        ),
        (
            "{ Authorization: quickstart-token }",
            "{ Accept: a, accept: b }",
            &["e.yaml:8:25: header `accept` stands here for the second time"],
        ),
        (
            "{ Authorization: quickstart-token }",
            "{ Authorization: }",
            &[
                "e.yaml:8:27: header `Authorization` is blank, expected text: a request leaves out what it does not send",
            ],
        ),
        (
            "{ Content-Type: application/xml }",
            "{ Content-Type: null, 'a b': c }",
            &["e.yaml:11:34: `a b` cannot be a header's name"],
        ),
        (
            "scenario: quickstart",
            "scenario: quikstart",
            &["e.yaml:4:11: no built-in scenario is called `quikstart`, expected "],
        ),
        (
            "scenario: quickstart",
            "scenario: ./nowhere.yaml",
            &["e.yaml:4:11: there is no scenario file `nowhere.yaml`"],
        ),
        (
            "status: 200",
            "status: 99",
            &["e.yaml:10:11: `status` is `99`, expected a whole number from 100 to 599"],
        ),
        (
            "status: 200",
            "status: 600",
            &["e.yaml:10:11: `status` is `600`, expected a whole number from 100 to 599"],
        ),
        (
            "status: 200",
            "status: fine",
            &["e.yaml:10:11: `status` is `fine`, expected a whole number from 100 to 599"],
        ),
        (
            "  body: x\n",
            "  body: x\n  json: []\n",
            &["e.yaml:13:9: `json` beside `body`, expected one of them"],
        ),
        (
            "  body: x\n",
            "  xml: <a/>\n  json: []\n  body: x\n",
            &[
                "e.yaml:13:9: `json` beside `xml`, expected one of them",
                "e.yaml:14:9: `body` beside `xml`, expected one of them",
            ],
        ),
        (
            "  body: x\n",
            "  xml: <a>\n",
            &["e.yaml:12:8: `xml` is not XML: <a> is not closed"],
        ),
        (
            "confidence: inferred\n",
            "",
            &["e.yaml:1:1: missing key `confidence`"],
        ),
        (
            "source: nowhere\n",
            "",
            &["e.yaml:1:1: missing key `source`"],
        ),
        (
            "source: nowhere\n",
            "source: ''\n",
            &["e.yaml:2:9: `source` is empty, expected text"],
        ),
        (
            "confidence: inferred",
            "confidence: documentd",
            &[
                "e.yaml:3:13: `confidence` is `documentd`, expected one of `documented`, `upstream_source`, `observed`, `inferred`; did you mean `documented`?",
            ],
        ),
        (
            "confidence: inferred",
            "confidense: inferred",
            &[
                "e.yaml:1:1: missing key `confidence`",
                "e.yaml:3:1: unknown key `confidense` in the file, expected one of `exchange`, `source`, `confidence`, `scenario`, `request`, `response`; did you mean `confidence`?",
            ],
        ),
        (
            "request:\n  method: GET\n  url: ispring:/enrollment\n  headers: { Authorization: quickstart-token }\n",
            "",
            &["e.yaml:1:1: missing key `request`"],
        ),
        (
            "  status: 200\n",
            "",
            &["e.yaml:10:3: missing key `status`"],
        ),
        ("  method: GET\n", "", &["e.yaml:6:3: missing key `method`"]),
        // Several at once: faults of meaning, missing keys, faults of structure.
        (
            "ispring:/enrollment\n  headers: { Authorization: quickstart-token }\nresponse:\n  status: 200",
            "aml:/enrollment\nresponse:\n  status: 20",
            &[
                "e.yaml:7:8: `url` begins with `aml:`, expected a vendor: `ispring:`, `openedx:`, `alm:`",
                "e.yaml:9:11: `status` is `20`, expected a whole number from 100 to 599",
            ],
        ),
        (
            "confidence: inferred\nscenario: quickstart\nrequest:\n  method: GET\n  url: ispring:",
            "scenario: nowhere\nrequest:\n  url: x:",
            &[
                "e.yaml:1:1: missing key `confidence`",
                "e.yaml:3:11: no built-in scenario is called `nowhere`",
                "e.yaml:5:3: missing key `method`",
                "e.yaml:5:8: `url` begins with `x:`",
            ],
        ),
        (
            "confidence: inferred\nscenario: quickstart\nrequest:\n  method: GET",
            "scenario: nowhere\nstatus: 200\nrequest:\n  method: GET",
            &[
                "e.yaml:1:1: missing key `confidence`",
                "e.yaml:3:11: no built-in scenario is called `nowhere`",
                "e.yaml:4:1: unknown key `status` in the file",
            ],
        ),
    ];
    let mut failures = Vec::new();
    for (from, to, expected) in table {
        let text = SOUND.replacen(from, to, 1);
        let lines: Vec<_> = exchange::problems("e.yaml", text.as_bytes())
            .iter()
            .map(Problem::to_string)
            .collect();
        let as_expected = lines.len() == expected.len()
            && lines
                .iter()
                .zip(*expected)
                .all(|(line, start)| line.starts_with(start));
        if !as_expected {
            failures.push(format!(
                "{from:?} -> {to:?}\nexpected {expected:#?}\ngot {lines:#?}"
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn a_recording_is_a_list_of_exchanges_that_meet_one_world() {
    let item = |scenario: &str| {
        let lines = SOUND.replace("quickstart\n", &format!("{scenario}\n"));
        let mut item = String::new();
        for (at, line) in lines.lines().enumerate() {
            let _ = writeln!(item, "{} {line}", if at == 0 { '-' } else { ' ' });
        }
        item
    };
    let read = |text: &str| Recording::read("e.yaml", text.as_bytes());
    let two = read(&(item("quickstart") + &item("quickstart"))).unwrap();
    assert_eq!(two.exchanges().len(), 2);

    let lines = |text: &str| {
        let problems = read(text).unwrap_err();
        let lines = problems.iter().map(Problem::to_string);
        lines.collect::<Vec<_>>()
    };
    assert_eq!(
        lines(&(item("quickstart") + &item("./other.yaml"))),
        [
            "e.yaml:16:13: `scenario` is `./other.yaml`, but line 4 says built-in:quickstart: all exchanges of a file meet one world",
            "e.yaml:16:13: there is no scenario file `other.yaml`",
        ]
    );
    assert_eq!(
        lines("[]"),
        ["e.yaml: the list is empty, expected exchanges"]
    );
    assert_eq!(
        lines(&(item("quickstart") + "- 1\n")),
        ["e.yaml:13:3: an item of the file is `1`, expected a mapping"]
    );
}

#[test]
fn a_mismatch_says_what_was_expected_and_what_came() {
    let text = SOUND.replace("body: x", "xml: <response><enrollment/></response>");
    let text = text.replace(
        "url: ispring:/enrollment",
        "url: ispring:/enrollment?learnerIds=x",
    );
    let recording = Recording::read("e.yaml", text.as_bytes()).unwrap();
    let mismatch = recording
        .replay(&emulator(recording.scenario()))
        .unwrap_err();
    assert_eq!(
        mismatch.to_string(),
        "\
e.yaml:1:11: one enrollment
  GET ispring:/enrollment?learnerIds=x
  refused: learnerIds: \"x\" is not an id
  status: expected 200, got 400
  body, as XML (line 2)
  expected:
      <response>
        <enrollment></enrollment>
      </response>
  got:
      <response>
        <code>400</code>
        <message>Bad Request</message>
      </response>"
    );
}

#[test]
fn headers_are_compared_by_name_and_null_means_absent() {
    let text = SOUND.replace("  body: x\n", "").replace(
        "{ Content-Type: application/xml }",
        "{ content-type: application/xml, ETag: null }",
    );
    let recording = Recording::read("e.yaml", text.as_bytes()).unwrap();
    assert!(recording.replay(&emulator(recording.scenario())).is_ok());

    let text = text.replace("application/xml, ETag: null", "null, ETag: a");
    let text = text.replace("ispring:/enrollment", "ispring:/nowhere");
    let recording = Recording::read("e.yaml", text.as_bytes()).unwrap();
    let mismatch = recording
        .replay(&emulator(recording.scenario()))
        .unwrap_err();
    assert_eq!(
        mismatch.to_string(),
        "\
e.yaml:1:11: one enrollment
  GET ispring:/nowhere
  refused: the vendor has no such path
  status: expected 200, got 404
  header content-type: expected none, got \"application/xml\"
  header etag: expected \"a\", got none
  the body that came:
      <?xml version=\"1.0\" encoding=\"UTF-8\"?>
      <response><code>404</code><message>Not Found</message></response>"
    );
}

#[test]
fn a_replay_comes_from_the_vendors_public_origin() {
    let text = SOUND.replace("  body: x\n", "");
    let recording = Recording::read("e.yaml", text.as_bytes()).unwrap();
    let entries = recording.replay(&emulator(recording.scenario())).unwrap();
    let headers = &entries[0].request_headers;
    assert_eq!(headers["host"], "api-learn.ispringlearn.com");
    assert_eq!(headers["x-forwarded-proto"], "https");
}
