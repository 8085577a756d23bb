//! Every fault of every file, at its place, in one go.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use enrollmock::cli;
use enrollmock::internals::format::Text;
use enrollmock::internals::format::read::{MAX_BYTES, Read, read};
use enrollmock::internals::place::{Place, Problem};
use enrollmock::internals::platform::Vendor;
use enrollmock::internals::scenario::{self, Merged, Overrides, Scenario, ScenarioFile, Source};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;

/// Inputs, each with the report it must get.
const BROKEN: &str = include_str!("../check_files.txt");

fn inline(text: &str) -> Source {
    Source::Inline {
        name: "s.yaml".to_owned(),
        text: text.to_owned(),
        beside: None,
    }
}

fn report(text: &str) -> String {
    let read = Scenario::load(&inline(text), Overrides::default());
    lines(read.err().unwrap_or_default())
}

fn lines(problems: Vec<Problem>) -> String {
    problems
        .iter()
        .map(|problem| format!("{problem}\n"))
        .collect()
}

fn is_one_line_each(source: &Source) {
    for problem in Scenario::load(source, Overrides::default())
        .err()
        .unwrap_or_default()
    {
        assert!(
            !problem.to_string().contains(char::is_control),
            "{problem:?}"
        );
    }
}

fn load(text: &str) -> Merged {
    gather(&inline(text))
}

/// A scenario as written, whose records need not make sense.
fn gather(source: &Source) -> Merged {
    let (merged, problems) = scenario::gather(source);
    assert_eq!(lines(problems.into_sorted()), "");
    merged
}

fn read_bytes(bytes: &[u8]) -> Read<Place<ScenarioFile>> {
    read("s.yaml", bytes)
}

fn texts<'a>(texts: impl IntoIterator<Item = &'a Option<Text>>) -> Vec<Option<&'a str>> {
    texts.into_iter().map(|text| text.as_deref()).collect()
}

/// A report in which `NAMES` stands for the names of the built-in scenarios.
fn named(report: &str) -> String {
    let names = scenario::BUILT_IN
        .iter()
        .map(|(name, _)| format!("`{name}`"));
    report.replace("NAMES", &names.collect::<Vec<_>>().join(", "))
}

/// A directory with these files.
fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it is in a directory")).expect("a directory");
        std::fs::write(path, text).expect("a file");
    }
    directory
}

/// What `check` prints and answers, with `DIR` for the directory.
fn check(directory: &tempfile::TempDir, paths: &[&str]) -> (String, String, u8) {
    let root = directory
        .path()
        .to_str()
        .expect("the path is UTF-8")
        .to_owned();
    let paths: Vec<PathBuf> = paths
        .iter()
        .map(|path| PathBuf::from(path.replace("DIR", &root)))
        .collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::check::check(&paths, &mut out, &mut err);
    let text = |bytes| {
        String::from_utf8(bytes)
            .expect("UTF-8")
            .replace(&root, "DIR")
    };
    (text(out), text(err), code)
}

#[test]
fn every_broken_input_gets_its_whole_report() {
    let cases: Vec<_> = BROKEN.split("=====\n").skip(1).collect();
    assert!(cases.len() >= 100, "only {} cases", cases.len());
    let mut differing = Vec::new();
    for case in cases {
        let (title, rest) = case.split_once('\n').expect("a title");
        let (text, expected) = rest.split_once("-----\n").expect("a report");
        let found = report(text);
        let expected = named(expected);
        if found != expected {
            differing.push(format!("{title}\nexpected:\n{expected}found:\n{found}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn structural_and_semantic_faults_of_all_sections_come_out_together() {
    let found = report(
        "version: 2\nclock: { now: noon }\ngenerate: { learners: 3, departments: 4 }\nispring:\n  users:\n    - { id: a }\n    - { id: b, rol: learner }\n    - { id: A }\n  enrolments: []\n",
    );
    assert_eq!(
        found,
        "s.yaml:1:10: `version` is `2`, expected 1\n\
         s.yaml:2:15: `noon` is not an instant, expected RFC 3339 such as 2024-06-09T13:05:09Z\n\
         s.yaml:3:39: `departments` is `4`, expected no more than the 3 learners\n\
         s.yaml:6:13: `a` is not an id of iSpring Learn, expected a UUID such as 4f8f5c9a-2c63-11ec-9d64-0242ac120002\n\
         s.yaml:7:13: `b` is not an id of iSpring Learn, expected a UUID such as 4f8f5c9a-2c63-11ec-9d64-0242ac120002\n\
         s.yaml:7:16: unknown key `rol` in an item of `users`, expected one of `id`, `login`, `email`, `first_name`, `last_name`, `department`, `active`, `role`, `manages`, `permissions`; did you mean `role`?\n\
         s.yaml:8:13: duplicate id `A`, first at line 6\n\
         s.yaml:9:3: unknown key `enrolments` in `ispring`, expected one of `departments`, `users`, `content`, `enrollments`, `credentials`, `issued`, `behaviour`; did you mean `enrollments`?\n"
    );
}

#[test]
fn the_faults_of_all_files_of_a_chain_come_out_together_the_served_file_first() {
    let directory = directory(&[
        (
            "a.yaml",
            "version: 1\nextends: sub/b.yaml\nseed: x\nispring: { users: [{ id: 1 }, { id: 1 }], credentials: [{ token: t, user: 4f8f5c9a-2c63-11ec-9d64-000000000001 }] }\n",
        ),
        ("sub/b.yaml", "version: 1\nextends: ./c.yaml\nnmae: b\n"),
        (
            "sub/c.yaml",
            "version: 7\nispring: { users: [{ id: 1 }] }\n",
        ),
    ]);
    let (out, err, code) = check(&directory, &["DIR/a.yaml"]);
    assert_eq!(
        err,
        "DIR/a.yaml:3:7: `seed` is `x`, expected a whole number from 0 to 18446744073709551615\n\
         DIR/a.yaml:4:26: `1` is not an id of iSpring Learn, expected a UUID such as 4f8f5c9a-2c63-11ec-9d64-0242ac120002\n\
         DIR/a.yaml:4:37: duplicate id `1`, first at line 4\n\
         DIR/a.yaml:4:75: there is no user `4f8f5c9a-2c63-11ec-9d64-000000000001`, expected the id of one\n\
         DIR/sub/b.yaml:3:1: unknown key `nmae` in the file, expected one of `version`, `name`, `description`, `extends`, `hosts`, `seed`, `clock`, `generate`, `ispring`, `openedx`, `alm`, `removed`, `rate_limits`, `faults`, `expect`; did you mean `name`?\n\
         DIR/sub/c.yaml:1:10: `version` is `7`, expected 1\n"
    );
    assert_eq!((out.as_str(), code), ("", 2));
}

#[test]
fn a_circle_is_shown_where_it_closes() {
    let directory = directory(&[
        ("a.yaml", "version: 1\nextends: ./b.yaml\n"),
        ("b.yaml", "version: 1\nextends: a.yaml\n"),
        ("self.yaml", "version: 1\nextends: self.yaml\n"),
    ]);
    let (_, err, _) = check(&directory, &["DIR/a.yaml"]);
    assert_eq!(
        err,
        "DIR/b.yaml:2:10: `extends` goes round in a circle: DIR/a.yaml -> DIR/b.yaml -> DIR/a.yaml\n"
    );
    let (_, err, _) = check(&directory, &["DIR/self.yaml"]);
    assert_eq!(
        err,
        "DIR/self.yaml:2:10: `extends` goes round in a circle: DIR/self.yaml -> DIR/self.yaml\n"
    );
}

#[test]
fn a_parent_that_cannot_be_read_is_named_by_its_child_and_by_itself() {
    let directory = directory(&[
        (
            "gone.yaml",
            "version: 1\nextends: ./nowhere.yaml\nseed: -1\n",
        ),
        ("dir.yaml", "version: 1\nextends: ./sub/\n"),
        ("broken.yaml", "version: 1\nextends: sub/bad.yaml\n"),
        ("sub/bad.yaml", "version: [\n"),
        ("unknown.yaml", "version: 1\nextends: quikstart\n"),
    ]);
    let (_, err, code) = check(
        &directory,
        &[
            "DIR/gone.yaml",
            "DIR/dir.yaml",
            "DIR/broken.yaml",
            "DIR/unknown.yaml",
        ],
    );
    assert_eq!(
        err,
        named(
            "DIR/gone.yaml:2:10: `extends` leads to DIR/nowhere.yaml, which cannot be read\n\
         DIR/gone.yaml:3:7: `seed` is `-1`, expected a whole number from 0 to 18446744073709551615\n\
         DIR/nowhere.yaml: there is no such file\n\
         DIR/dir.yaml:2:10: `extends` leads to DIR/sub, which cannot be read\n\
         DIR/sub: this is a directory, expected a file\n\
         DIR/sub/bad.yaml:1:10: this is not YAML: unclosed bracket '['\n\
         DIR/unknown.yaml:2:10: no built-in scenario is called `quikstart`, expected NAMES or a path with a `/` or ending in `.yaml`; did you mean `quickstart`?\n"
        )
    );
    assert_eq!(code, 2);
}

#[test]
fn what_cannot_be_read_at_all_is_one_clear_problem() {
    let directory = directory(&[("empty/readme.txt", "")]);
    let (_, err, code) = check(
        &directory,
        &[
            "DIR/nowhere.yaml",
            "DIR/empty",
            "quikstart",
            "built-in-of-nobody",
        ],
    );
    assert_eq!(
        err,
        named(
            "DIR/nowhere.yaml: there is no such file\n\
         DIR/empty: there is no .yaml file in this directory\n\
         built-in:quikstart: no built-in scenario is called `quikstart`, expected NAMES or a path with a `/` or ending in `.yaml`; did you mean `quickstart`?\n\
         built-in:built-in-of-nobody: no built-in scenario is called `built-in-of-nobody`, expected NAMES or a path with a `/` or ending in `.yaml`\n"
        )
    );
    assert_eq!(code, 2);
}

#[test]
fn check_goes_through_directories_and_lists_what_is_right() {
    let directory = directory(&[
        ("b.yaml", "version: 1\nextends: sub/base.yaml\n"),
        ("c.yml", "version: 1\nextends: d.yml\n"),
        ("d.yml", "version: 1\n"),
        ("a.yaml", "version: 1\nextends: quickstart\n"),
        ("schema.json", "{}"),
        ("sub/base.yaml", "version: 1\nname: base\n"),
        (
            "sub/exchange.yaml",
            "exchange: one\nsource: a page\nconfidence: documented\nscenario: quickstart\n\
             request: { method: GET, url: 'ispring:/enrollment' }\nresponse: { status: 401 }\n",
        ),
        (
            "sub/recording.yaml",
            "- exchange: one\n  source: a page\n  confidence: documented\n  scenario: ./base.yaml\n  \
             request: { method: GET, url: 'ispring:/enrollment' }\n  response: { status: 401 }\n",
        ),
    ]);
    let (out, err, code) = check(&directory, &["DIR", "quickstart"]);
    assert_eq!(err, "");
    assert_eq!(
        out,
        "DIR/a.yaml: ok\nDIR/b.yaml: ok\nDIR/c.yml: ok\nDIR/d.yml: ok\nDIR/sub/base.yaml: ok\nDIR/sub/exchange.yaml: ok\n\
         DIR/sub/recording.yaml: ok\nbuilt-in:quickstart: ok\n"
    );
    assert_eq!(code, 0);
}

#[test]
fn an_exchange_that_lacks_a_key_is_looked_through() {
    let directory = directory(&[(
        "e.yaml",
        "- exchange: one\n  confidence: documented\n  scenario: quickstart\n  \
         request: { method: GET, headers: { 'a b': c } }\n  response: { status: \"401\" }\n",
    )]);
    let (_, err, _) = check(&directory, &["DIR/e.yaml"]);
    assert_eq!(
        err,
        "DIR/e.yaml:1:3: missing key `source`\n\
         DIR/e.yaml:4:12: missing key `url`\n\
         DIR/e.yaml:4:38: `a b` cannot be a header's name\n\
         DIR/e.yaml:5:23: `status` is `\"401\"` (text in quotes), expected a whole number from 100 to 599; take the quotes off\n"
    );
}

#[test]
fn a_problem_of_a_shared_parent_is_reported_once() {
    let directory = directory(&[
        ("a.yaml", "version: 1\nextends: ./base.yaml\n"),
        ("base.yaml", "version: 1\nseed: x\n"),
    ]);
    let (out, err, _) = check(&directory, &["DIR"]);
    assert_eq!(
        err,
        "DIR/base.yaml:2:7: `seed` is `x`, expected a whole number from 0 to 18446744073709551615\n"
    );
    assert_eq!(out, "");
}

#[test]
fn every_built_in_scenario_is_sound_listed_and_printed() {
    for (name, text) in scenario::BUILT_IN {
        let source = Source::BuiltIn((*name).to_owned());
        let problems = Scenario::load(&source, Overrides::default());
        let problems = problems.err().unwrap_or_default();
        assert_eq!(lines(problems), "");
        let first = text.lines().next();
        assert_eq!(
            first,
            Some("# yaml-language-server: $schema=schema.json"),
            "{name}"
        );
        let (mut out, mut err) = (Vec::new(), Vec::new());
        assert_eq!(cli::check::print(name, &mut out, &mut err), 0);
        assert_eq!(String::from_utf8_lossy(&out), *text);
    }
    let mut out = Vec::new();
    cli::check::list(&mut out).expect("a vector takes everything");
    let list = String::from_utf8_lossy(&out).into_owned();
    assert!(list.starts_with("quickstart  "), "{list}");
    assert_eq!(list.lines().count(), scenario::BUILT_IN.len());
}

#[test]
fn printing_an_unknown_built_in_names_the_nearest() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    assert_eq!(cli::check::print("quickstat", &mut out, &mut err), 2);
    let err = String::from_utf8_lossy(&err).into_owned();
    assert!(err.ends_with("did you mean `quickstart`?\n"), "{err}");
}

#[test]
fn the_committed_schema_is_the_one_of_the_types() {
    let committed = include_str!("../../../scenarios/schema.json");
    let mut out = Vec::new();
    cli::schema::schema(&mut out).expect("a vector takes everything");
    assert!(
        committed.as_bytes() == out,
        "scenarios/schema.json is out of date; renew it: cargo run -- schema > scenarios/schema.json"
    );
}

#[test]
fn a_childs_record_takes_the_place_of_its_parents() {
    let directory = directory(&[
        (
            "base.yaml",
            "version: 1\nname: base\nseed: 1\nhosts: { ispring: [a.test] }\nclock: { now: 2024-01-01T00:00:00Z, ticking: false }\n\
             ispring:\n  users: [{ id: A, login: one, email: e }, { id: B, login: two }]\n  content: [{ id: A }]\n\
             \x20 credentials: [{ token: t, expires: x }, { client_id: c }, { account_url: u, email: e }]\n\
             \x20 behaviour: { pretty_xml: true, page_token: first_of_next }\nremoved: { ispring: { enrollments: [x] } }\n",
        ),
        (
            "child.yaml",
            "version: 1\nextends: base.yaml\nhosts: { ispring: [b.test] }\nclock: { ticking: true }\n\
             ispring:\n  users: [{ id: C, login: three }, { id: a, login: new }]\n\
             \x20 credentials: [{ token: T }, { token: t }, { account_url: U, email: E, password: p }]\n\
             \x20 behaviour: { pretty_xml: false, error_detail: true }\nremoved: { ispring: { enrollments: [y] } }\n",
        ),
    ]);
    let merged = gather(&Source::Path(directory.path().join("child.yaml")));
    let ispring = &merged.vendors.ispring;
    let logins = texts(ispring.users.iter().map(|user| &user.value.login));
    assert_eq!(logins, [Some("new"), Some("two"), Some("three")]);
    // The whole record is replaced, not key by key.
    assert_eq!(ispring.users[0].value.email, None);
    assert_ne!(ispring.users[0].file, ispring.users[1].file);
    assert_eq!(
        merged.files[1],
        directory.path().join("base.yaml").display().to_string()
    );
    let passwords: Vec<_> = ispring
        .credentials
        .iter()
        .map(|each| each.value.password.is_some())
        .collect();
    // Tokens count letter by letter: `T` is a new one.
    assert_eq!(passwords, [false, false, true, false]);
    assert_eq!(ispring.behaviour.pretty_xml, Some(false));
    assert_eq!(ispring.behaviour.error_detail, Some(true));
    assert!(ispring.behaviour.page_token.is_some());
    let removed: Vec<_> = ispring
        .removed_enrollments
        .iter()
        .map(|each| &*each.value.value.0)
        .collect();
    assert_eq!(removed, ["x", "y"]);
    assert_eq!(merged.name.as_deref(), Some("base"));
    assert_eq!(merged.seed, Some(1));
    let clock = merged.clock.expect("there is a clock").value;
    assert_eq!((clock.now, clock.ticking), (None, Some(true)));
    let hosts: Vec<_> = merged
        .hosts
        .values()
        .flat_map(|names| &names.value)
        .map(|name| &*name.value.0)
        .collect();
    assert_eq!(hosts, ["b.test"]);
}

#[test]
fn text_keeps_what_was_written_on_both_ways_through_the_reader() {
    for written in [
        "1234",
        "01234",
        "1e3",
        "NO",
        "'3.10'",
        "'true'",
        "0x1F",
        "1_000",
        "-0",
        "'.5'",
        "2024-06-09",
        "'null'",
    ] {
        let plain = load(&format!("version: 1\nname: {written}\n"));
        let anchored = load(&format!(
            "version: 1\nname: &x {written}\ndescription: *x\n"
        ));
        let expected = Some(written.trim_matches('\''));
        assert_eq!(plain.name.as_deref(), expected);
        assert_eq!(anchored.name.as_deref(), expected);
        assert_eq!(anchored.description.as_deref(), expected);
    }
}

#[test]
fn a_place_is_where_a_value_is_used_and_a_text_as_it_was_written() {
    let merged = load(
        "version: 1\nispring:\n  departments:\n    - { id: &d 007 }\n  users:\n    - { id: 1, department: *d }\n",
    );
    let department = merged.vendors.ispring.users[0]
        .value
        .department
        .clone()
        .expect("it is given");
    assert_eq!((department.spot.line, department.spot.column), (6, 28));
    assert_eq!(&*department.value, "007");
    assert_eq!(
        merged.vendors.ispring.departments[0].value.id.value,
        department.value
    );
}

/// A type whose schema allows more than it takes, as those of the coming exchange files may.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rules {
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default)]
    body: serde_json::Value,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    calls: Place<Calls>,
    inject: Inject,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
struct Calls(u32);

impl TryFrom<String> for Calls {
    type Error = String;

    fn try_from(text: String) -> Result<Calls, String> {
        let least = text.strip_suffix("..").and_then(|least| least.parse().ok());
        least
            .map(Calls)
            .ok_or_else(|| format!("`{text}` is no range, expected one such as 3.."))
    }
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Inject {
    Throttled,
    Respond { status: u16 },
    Latency(Calls),
}

#[test]
fn types_may_know_more_than_their_schema() {
    let read: Read<Rules> = read(
        "r.yaml",
        b"rules:
  - { calls: 1.., inject: throttled }
  - { calls: one, inject: throttled }
  - { calls: 2.., inject: { respond: { status: 503 } } }
  - { calls: 3.., inject: { respond: { status: 99999 } } }
  - { calls: 3.., inject: { respond: { state: 503 } } }
  - { calls: 4.., inject: { latency: 5.. } }
  - { calls: 4.., inject: { latency: soon } }
  - { calls: 5.., inject: throtled }
  - { calls: 5.., inject: { respnd: {} } }
body: { a: [1, 1.5, 007, no, true, ~, '1', -3], b: &x {} }
",
    );
    assert_eq!(
        lines(read.problems),
        "r.yaml:5:48: `status` is `99999`, expected a whole number from 0 to 65535\n\
         r.yaml:6:40: unknown key `state` in `inject.respond`, expected `status`\n\
         r.yaml:6:38: missing key `status`\n\
         r.yaml:9:27: `inject` is `throtled`, expected `throttled` or a mapping with one of `respond`, `latency`\n\
         r.yaml:10:29: unknown key `respnd` in `inject`, expected one of `respond`, `latency`; did you mean `respond`?\n\
         r.yaml:3:14: `one` is no range, expected one such as 3..\n\
         r.yaml:8:38: `soon` is no range, expected one such as 3..\n"
    );
    let rules = read.value.expect("much of it is sound");
    let taken: Vec<_> = rules
        .rules
        .iter()
        .map(|rule| (rule.calls.value.0, &rule.inject))
        .collect();
    assert_eq!(
        taken,
        [
            (1, &Inject::Throttled),
            (2, &Inject::Respond { status: 503 }),
            (4, &Inject::Latency(Calls(5))),
        ]
    );
    let body = serde_json::json!({ "a": [1, 1.5, "007", "no", true, null, "1", -3], "b": {} });
    assert_eq!(rules.body, body);
}

#[test]
fn aliases_and_merge_keys_bring_in_what_they_name() {
    let merged = load(
        "version: 1\nispring:\n  users:\n    - &ann { id: 1, login: ann, role: publisher }\n    - { <<: *ann, id: 2, login: bob }\n    - <<: [{ id: 3, login: cid }, *ann]\n  content: [{ <<: { id: 9 } }]\n",
    );
    let users = &merged.vendors.ispring.users;
    assert_eq!(
        texts(users.iter().map(|user| &user.value.login)),
        [Some("ann"), Some("bob"), Some("cid")]
    );
    assert!(
        users
            .iter()
            .all(|user| user.value.role == users[0].value.role)
    );
    assert_eq!(merged.vendors.ispring.content.len(), 1);
}

#[test]
fn a_reference_to_a_record_that_could_not_be_read_is_not_called_dangling() {
    let (merged, problems) = scenario::gather(&inline(
        "version: 1\nispring: { users: [{ id: Ann, department: [x] }, { id: Bob, active: 5, role: x, manages: {} }], content: [{ id: C, titel: x }] }\nnmae: x\n",
    ));
    assert!(!problems.is_empty());
    // Their ids are sound, so they are still there.
    assert_eq!(merged.vendors.ispring.users.len(), 2);
    assert!(!merged.lost.may_hold("zoe"));
    let (merged, _) = scenario::gather(&inline(
        "version: 1\nispring: { enrollments: [{ id: E1, learner: x }, { learner: y }] }\n",
    ));
    // What they lack is put in empty, so they are still there.
    assert_eq!(merged.vendors.ispring.enrollments.len(), 2);
    assert!(!merged.lost.may_hold("e1"));
    for parent in [
        "extends: [quickstart]",
        "extends: quikstart",
        "extends: ./x.yaml",
        "extnds: ./x.yaml",
    ] {
        let (merged, problems) = scenario::gather(&inline(&format!("version: 1\n{parent}\n")));
        assert_eq!(problems.into_sorted().len(), 1);
        assert!(merged.lost.may_hold("anything"), "{parent}");
    }
}

#[test]
fn what_looks_odd_but_is_meant_is_taken() {
    for section in [
        // The last group has eleven digits, as in the vendor's own sample.
        "users: [{ id: c4f74ae0-e029-11e9-ba51-0a580af4b0f }], credentials: [{ token: t, user: C4F74AE0-E029-11E9-BA51-0A580AF4B0F }]",
        // Eleven digits and twelve are two ids.
        "users: [{ id: c4f74ae0-e029-11e9-ba51-0a580af4b0f }, { id: c4f74ae0-e029-11e9-ba51-00a580af4b0f }]",
        // Ids are unique per table only.
        "users: [{ id: c4f74ae0-e029-11e9-ba51-0a580af4b0f }], content: [{ id: c4f74ae0-e029-11e9-ba51-0a580af4b0f }], departments: [{ id: c4f74ae0-e029-11e9-ba51-0a580af4b0f }]",
        // A UUID of any version, the nil one included.
        "users: [{ id: 00000000-0000-0000-0000-000000000000 }, { id: 0c9a5a8e-1f0b-4c52-9a53-54a4b6a4a001 }]",
        // A department may come before its parent.
        "departments: [{ id: c4f74ae0-e029-11e9-ba51-000000000001, parent: c4f74ae0-e029-11e9-ba51-000000000002 }, { id: c4f74ae0-e029-11e9-ba51-000000000002 }]",
        // Secrets count letter by letter.
        "credentials: [{ token: a }, { token: A }, { client_id: a, client_secret: x }, { client_id: A, client_secret: x }]",
        "users:, content: ~, credentials: []",
    ] {
        assert_eq!(
            report(&format!("version: 1\nispring: {{ {section} }}\n")),
            ""
        );
    }
}

#[test]
fn an_empty_client_is_refused_whatever_the_vendor() {
    for vendor in Vendor::ALL {
        let credential = "{ client_id: '', client_secret: '' }";
        let report = report(&format!(
            "version: 1\n{}:\n  credentials: [{credential}]\n",
            vendor.name()
        ));
        for key in ["client_id", "client_secret"] {
            let what = format!("`{key}` is empty, expected some text\n");
            assert!(report.contains(&what), "{report}");
        }
    }
}

#[test]
fn a_circle_of_departments_over_files_is_reported_in_the_file_that_closed_it() {
    let id = uuid;
    let directory = directory(&[
        (
            "base.yaml",
            &format!(
                "version: 1\nispring:\n  departments:\n    - {{ id: {}, parent: {} }}\n    - {{ id: {}, parent: {} }}\n    - {{ id: {} }}\n",
                id(1),
                id(2),
                id(2),
                id(3),
                id(3)
            ),
        ),
        (
            "child.yaml",
            &format!(
                "version: 1\nextends: ./base.yaml\nispring:\n  departments: [{{ id: {}, parent: {} }}]\n",
                id(3),
                id(1)
            ),
        ),
    ]);
    let (out, err, _) = check(&directory, &["DIR"]);
    assert_eq!(out, "DIR/base.yaml: ok\n");
    assert_eq!(
        err,
        format!(
            "DIR/child.yaml:4:69: department `{}` is below itself, in a circle of 3, expected a tree; leave `parent` out at the top of the tree\n",
            id(3)
        )
    );
}

#[test]
fn records_of_a_parent_can_be_referred_to_and_taken_away() {
    let directory = directory(&[
        (
            "base.yaml",
            &format!(
                "version: 1\nispring:\n  users: [{{ id: {0} }}]\n  content: [{{ id: {0} }}]\n  enrollments: [{{ id: {0}, content: {0}, learner: {0}, certificate: {{ id: {0}, issued: 2024-06-09T13:05:09Z }} }}]\n",
                uuid(1)
            ),
        ),
        // The certificate's id is free again.
        (
            "child.yaml",
            &format!(
                "version: 1\nextends: ./base.yaml\nispring:\n  enrollments: [{{ id: {1}, content: {0}, learner: {0}, certificate: {{ id: {0}, issued: 2024-06-09T13:05:09Z }} }}]\nremoved: {{ ispring: {{ enrollments: [{0}] }} }}\n",
                uuid(1),
                uuid(2)
            ),
        ),
        (
            "second.yaml",
            &format!(
                "version: 1\nextends: ./base.yaml\nispring:\n  enrollments: [{{ id: {1}, content: {0}, learner: {0}, certificate: {{ id: {0}, issued: 2024-06-09T13:05:09Z }} }}]\nremoved: {{ ispring: {{ enrollments: [{2}] }} }}\n",
                uuid(1),
                uuid(2),
                uuid(3)
            ),
        ),
        // What is taken away twice, by parent and child, is gone.
        (
            "third.yaml",
            &format!(
                "version: 1\nextends: ./child.yaml\nremoved: {{ ispring: {{ enrollments: [{0}] }} }}\n",
                uuid(1)
            ),
        ),
    ]);
    let (out, err, _) = check(&directory, &["DIR"]);
    assert_eq!(
        out,
        "DIR/base.yaml: ok\nDIR/child.yaml: ok\nDIR/third.yaml: ok\n"
    );
    assert_eq!(
        err,
        format!(
            "DIR/second.yaml:4:174: duplicate id `{}` of a certificate, first at line 5 of DIR/base.yaml\n\
             DIR/second.yaml:5:37: there is no enrollment `{}`, expected the id of one; did you mean `{}`?\n",
            uuid(1),
            uuid(3),
            uuid(1)
        )
    );
}

#[test]
fn ten_million_learners_are_loaded_at_once() {
    let start = Instant::now();
    let source = inline(
        "version: 1\ngenerate: { learners: 10000000, departments: 100000, courses: 12, enrollments_per_learner: { min: 0, max: 12 }, certificate_rate: 1 }\n",
    );
    assert!(Scenario::load(&source, Overrides::default()).is_ok());
    assert!(start.elapsed() < Duration::from_millis(500));
}

#[test]
fn a_list_that_an_alias_repeats_is_reported_in_time() {
    let wrong: String = (0..30_000)
        .map(|number| format!("{{id: {number}}},"))
        .collect();
    let start = Instant::now();
    let report = report(&format!(
        "version: 1\nispring:\n  users: &x [{wrong}]\n  content: *x\n"
    ));
    assert_eq!(report.lines().count(), 60_000);
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_report_of_very_many_problems_is_printed_in_part() {
    let wrong: String = (0..1_200)
        .map(|number| format!("{{id: {number}}},"))
        .collect();
    let text = format!("version: 1\nispring: {{ users: [{wrong}] }}\n");
    assert_eq!(report(&text).lines().count(), 1_200);
    let directory = directory(&[("a.yaml", &text)]);
    let (_, err, code) = check(&directory, &["DIR/a.yaml"]);
    assert_eq!(err.lines().count(), 1_001);
    assert!(err.ends_with("\nand 200 more\n"), "{err}");
    assert_eq!(code, 2);
}

#[test]
fn a_byte_order_mark_and_foreign_line_ends_do_no_harm() {
    assert_eq!(
        load("\u{feff}version: 1\r\nname: x\r\n").name.as_deref(),
        Some("x")
    );
    assert_eq!(
        report("version: 1\r\nseed: x\r\n"),
        "s.yaml:2:7: `seed` is `x`, expected a whole number from 0 to 18446744073709551615\n"
    );
}

#[test]
fn bytes_that_are_no_text_are_one_problem_at_their_place() {
    for (bytes, expected) in [
        (
            &b"version: 1\nname: \xc3\xa9\xff\n"[..],
            "s.yaml:2:8: byte 0xFF is not UTF-8; save the file as UTF-8\n",
        ),
        (
            b"version: 1\nname: a\0b\n",
            "s.yaml:2:8: character U+0000 is not allowed in YAML\n",
        ),
        (
            b"\xff\xfev\0e\0",
            "s.yaml:1:1: byte 0xFF is not UTF-8; save the file as UTF-8\n",
        ),
    ] {
        assert_eq!(lines(read_bytes(bytes).problems), expected);
    }
    let huge = vec![b' '; MAX_BYTES + 1];
    assert_eq!(
        lines(read_bytes(&huge).problems),
        "s.yaml: the file is larger than 64 MiB\n"
    );
}

#[test]
fn hostile_files_are_refused_with_one_problem() {
    let bomb: String = (1..12)
        .map(|level| {
            format!(
                "a{level}: &a{level} [{}]\n",
                vec![format!("*a{}", level - 1); 10].join(",")
            )
        })
        .collect();
    let long_text = format!(
        "a: &a \"\\t{}\"\nb:\n{}",
        "x".repeat(200_000),
        "  - *a\n".repeat(20_000)
    );
    let deep = "lists and mappings nest deeper than 64 levels here";
    for (text, expected) in [
        ("[".repeat(200_000), deep),
        ("{a: ".repeat(50_000), deep),
        (
            (0..3000)
                .map(|indent| " ".repeat(indent) + "a:\n")
                .collect(),
            deep,
        ),
        ("- ".repeat(100_000), deep),
        ("? ".repeat(100_000), deep),
        (
            format!("a0: &a0 [{}]\n{bomb}", ["x"; 10].join(",")),
            "aliases blow this file up to more than 1,000,000 copied values or 64 MiB of text",
        ),
        (
            long_text,
            "aliases blow this file up to more than 1,000,000 copied values or 64 MiB of text",
        ),
        (
            "---\n".repeat(100_000),
            "a second document starts here, expected one a file",
        ),
        ("#".repeat(1_000_000), "the file is empty"),
        (
            "a: &a [*a]".to_owned(),
            "this alias stands within what it stands for",
        ),
        (
            format!("{}: 1", "k".repeat(100_000)),
            "this is not YAML: mapping values are not allowed in this context",
        ),
    ] {
        let read = read_bytes(text.as_bytes());
        let found: Vec<_> = read
            .problems
            .iter()
            .map(|problem| problem.what.as_str())
            .collect();
        assert_eq!(found, [expected]);
        assert!(read.value.is_none());
    }
    for text in [
        "&a ".repeat(100_000),
        "!a ".repeat(100_000),
        "\"".repeat(100_001),
        "%".repeat(100_000),
    ] {
        assert_eq!(read_bytes(text.as_bytes()).problems.len(), 1);
    }
}

/// An id of iSpring Learn for every number; from the tenth on in upper case.
fn uuid(number: usize) -> String {
    let id = format!("4f8f5c9a-2c63-11ec-9d64-0242ac12{number:04x}");
    if number < 10 { id } else { id.to_uppercase() }
}

/// A sound scenario that uses most of what there is.
fn sound_scenario() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-z]{1,6}",
        "[0-9]{1,6}",
        "'[ -&(-~]{0,6}'",
        Just("2024-06-09".to_owned())
    ];
    let some = 1_usize..4;
    let role = prop_oneof![
        Just("publisher"),
        Just("custom"),
        Just("department_administrator")
    ];
    let user = (
        text.clone(),
        role,
        any::<bool>(),
        proptest::collection::vec(some.clone(), 0..3),
    );
    let users = proptest::collection::vec(user, 1..5);
    let enrollments = proptest::collection::vec((any::<usize>(), any::<bool>()), 0..5);
    let year = prop_oneof![Just(0), Just(1970), Just(2024), Just(9999)];
    let population = (any::<u64>(), 0.0..1.0, 1_u32..=10_000_000, year);
    (users, enrollments, some, text, population).prop_map(|(users, enrollments, departments, name, population)| {
        let (seed, rate, learners, year) = population;
        let mut text = format!(
            "version: 1\nname: {name}\nseed: {seed}\nclock: {{ now: {year:04}-01-01T00:00:00Z }}\ngenerate: {{ learners: {learners}, courses: 9, enrollments_per_learner: {{ min: 0, max: 9 }}, certificate_rate: {rate} }}\nispring:\n  departments:\n    - {{ id: {} }}\n",
            uuid(1)
        );
        for number in 2..=departments {
            text += &format!("    - {{ id: {}, parent: {} }}\n", uuid(number), uuid(number / 2));
        }
        text += "  users:\n";
        for (position, (email, role, active, manages)) in users.iter().enumerate() {
            let manages: Vec<_> = manages.iter().map(|number| uuid(number.min(&departments).to_owned())).collect();
            text += &format!(
                "    - id: {}\n      email: {email}\n      role: {role}\n      active: {active}\n      department: {}\n      manages: [{}]\n",
                uuid(position),
                uuid(1),
                manages.join(", ")
            );
        }
        text += &format!("  content: [{{ id: {} }}]\n  enrollments:\n", uuid(1));
        for (position, (learner, has_certificate)) in enrollments.iter().enumerate() {
            text += &format!(
                "    - id: {}\n      content: {}\n      learner: {}\n      access_date: 2024-06-09\n",
                uuid(position + 8),
                uuid(1),
                uuid(learner % users.len())
            );
            if *has_certificate {
                text += &format!(
                    "      certificate: {{ id: {}, issued: 2024-06-09T00:00:00Z, expires: 2025-06-09T00:00:00Z }}\n",
                    uuid(position)
                );
            }
        }
        text += &format!(
            "  credentials: [{{ token: t, user: {} }}, {{ client_id: c, client_secret: s }}, {{ account_url: u, email: e, password: p }}]\n",
            uuid(0)
        );
        if !enrollments.is_empty() {
            text += &format!("removed: {{ ispring: {{ enrollments: [{}] }} }}\n", uuid(8));
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let read = read_bytes(&bytes);
        prop_assert!(read.value.is_some() || !read.problems.is_empty());
    }

    #[test]
    fn arbitrary_yaml_like_text_never_panics(text in "([a-z]{1,3}|[-:?,&*!<>|'\"%@`#{}\\[\\]\n ~0-9.]){0,80}") {
        let read = read_bytes(text.as_bytes());
        prop_assert!(read.value.is_some() || !read.problems.is_empty());
        is_one_line_each(&inline(&text));
    }

    #[test]
    fn a_mutated_scenario_never_panics(
        good in sound_scenario(),
        at in any::<prop::sample::Index>(),
        gone in 0_usize..20,
        put in "[-a-z:?,&*!<>|'\"%@`#{}\\[\\]\n ~0-9.]{0,6}",
    ) {
        let start = at.index(good.len());
        let end = (start + gone).min(good.len());
        is_one_line_each(&inline(&format!("{}{put}{}", &good[..start], &good[end..])));
    }

    #[test]
    fn a_sound_scenario_gets_no_report(good in sound_scenario()) {
        prop_assert_eq!(report(&good), "");
    }

    #[test]
    fn both_ways_through_the_reader_give_the_same(good in sound_scenario()) {
        let short = read_bytes(good.as_bytes());
        // An anchor that nothing names leads the long way.
        let long = read_bytes(format!("{good}\ndescription: &x y\n").as_bytes());
        prop_assert_eq!(lines(short.problems), "");
        prop_assert_eq!(lines(long.problems), "");
        let mut long = long.value.expect("it is sound");
        prop_assert!(long.value.description.take().is_some());
        prop_assert_eq!(format!("{:?}", short.value.expect("it is sound")), format!("{long:?}"));
    }
}

#[test]
fn what_a_child_lists_is_there_though_its_parent_took_it_away() {
    let parent = "version: 1
ispring:
  users: [{ id: a0000001-0000-11ee-8000-000000000001 }]
  content: [{ id: c0000001-0000-11ee-8000-000000000001 }]
  enrollments:
    - &e { id: e0000001-0000-11ee-8000-000000000001, content: c0000001-0000-11ee-8000-000000000001, learner: a0000001-0000-11ee-8000-000000000001 }
openedx:
  users: [{ username: ann }]
  courses: [{ key: a }]
  enrollments: [{ username: ann, course: a }]
removed:
  ispring: { enrollments: [e0000001-0000-11ee-8000-000000000001] }
  openedx: { enrollments: [{ username: ann, course: a }] }
";
    let child = "version: 1
extends: ./parent.yaml
ispring:
  enrollments:
    - { id: e0000001-0000-11ee-8000-000000000001, content: c0000001-0000-11ee-8000-000000000001, learner: a0000001-0000-11ee-8000-000000000001 }
openedx:
  enrollments: [{ username: ann, course: a }]
";
    let directory = directory(&[("parent.yaml", parent), ("child.yaml", child)]);
    let enrollments = |file: &str| {
        let path = directory.path().join(file);
        let scenario = Scenario::load(&Source::Path(path), Overrides::default()).unwrap();
        let emulator = enrollmock::internals::emulator::Emulator::new(scenario, Default::default());
        let count = |counts: &[(&str, u64)]| {
            let mut found = counts.iter().filter(|(what, _)| *what == "enrollments");
            found.next().unwrap().1
        };
        let ispring = count(&emulator.main().vendors.ispring.read().counts());
        (
            ispring,
            count(&emulator.main().vendors.openedx.read().counts()),
        )
    };
    assert_eq!(enrollments("parent.yaml"), (0, 0));
    assert_eq!(enrollments("child.yaml"), (1, 1));
}
