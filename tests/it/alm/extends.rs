//! Adobe Learning Manager under `extends`: what a file takes from the one that it is laid over.

use std::path::PathBuf;

use enrollmock::cli;
use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::scenario::{Overrides, Scenario, Source};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::Calls;

const BASE: &str = "version: 1
clock: { now: 2024-06-09T13:05:09Z, ticking: false }
alm:
  account: '77'
  users:
    - { id: '1001', name: Ann, email: ann@example.com }
    - { id: '1002', name: Olga, email: olga@example.com, roles: [admin] }
  learning_objects:
    - { id: course:1, name: One, badge: '759', instances: [{ id: course:1_1, modules: [{ id: '5' }] }, { id: course:1_2 }] }
    - { id: course:2, instances: [{ id: course:2_2 }] }
    - { id: learningProgram:3, instances: [{ id: learningProgram:3_3, sub_instances: [course:2_2] }] }
  enrollments:
    - { user: '1001', instance: course:1_1, enrolled: 2024-05-01T08:00:00Z, score: 5 }
    - { user: '1001', instance: course:2_2, enrolled: 2024-05-02T08:00:00Z }
  credentials:
    - { token: t, user: '1002' }
    - { client_id: c, client_secret: s, refresh_token: r, code: k, user: '1001' }
  behaviour: { page_limit: refuse, unknown_id: not_found, cors_origins: ['https://a.example'] }
";

/// A directory with `base.yaml` and what is laid over it.
fn laid_over(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (name, text) in files.iter().chain(&[("base.yaml", BASE)]) {
        std::fs::write(directory.path().join(name), text).expect("a file");
    }
    directory
}

/// What is served with this laid over the base.
fn served(child: &str) -> Emulator {
    serve(&[("child.yaml", child)], "child.yaml")
}

fn serve(files: &[(&str, &str)], name: &str) -> Emulator {
    let directory = laid_over(files);
    let source = Source::Path(directory.path().join(name));
    let scenario = Scenario::load(&source, Overrides::default()).expect("it is sound");
    Emulator::new(scenario, Bounds::default())
}

/// What `check` says of a child of the base, without the directory.
fn report(child: &str) -> String {
    let directory = laid_over(&[("child.yaml", child)]);
    let paths = [PathBuf::from(directory.path()).join("child.yaml")];
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::check::check(&paths, &mut out, &mut err);
    assert_eq!(code, 2, "{}", String::from_utf8_lossy(&out));
    let root = format!("{}/", directory.path().display());
    String::from_utf8(err).unwrap().replace(&root, "")
}

fn ask(it: &Emulator, path: &str) -> Value {
    let target = format!("/alm/primeapi/v2{path}");
    let answer = it.get(&target).token("oauth t").send();
    serde_json::from_slice(&answer.body).unwrap()
}

fn enrollments(it: &Emulator, user: &str) -> Vec<String> {
    let page = ask(it, &format!("/users/{user}/enrollments"));
    let data = page["data"].as_array().expect("a list").iter();
    data.map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_user_a_learning_object_and_an_enrollment_are_replaced_whole() {
    let it = served(
        "version: 1
extends: ./base.yaml
alm:
  users: [{ id: 1003 }, { id: 1001, email: anna@example.com }]
  learning_objects: [{ id: course:1, instances: [{ id: course:1_9 }, { id: course:1_1 }] }]
  enrollments: [{ user: 1003, instance: course:1_9 }, { user: 1001, instance: course:1_1, enrolled: 2024-05-03T08:00:00Z }]
",
    );
    let ann = &ask(&it, "/users/1001")["data"];
    let expected = json!({ "email": "anna@example.com", "roles": ["Learner"], "state": "ACTIVE" });
    assert_eq!(ann["attributes"], expected, "her name went with the record");
    let account = &ann["relationships"]["account"]["data"]["id"];
    assert_eq!(account, "77", "what the child does not say is the parent's");

    let one = &ask(&it, "/learningObjects/course:1")["data"];
    assert_eq!(one["attributes"].get("localizedMetadata"), None);
    let instances = &one["relationships"]["instances"]["data"];
    let ids: Vec<_> = instances
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["id"])
        .collect();
    assert_eq!(ids, ["course:1_9", "course:1_1"]);

    let page = ask(&it, "/users/1001/enrollments");
    let (first, second) = (&page["data"][0], &page["data"][1]);
    assert_eq!(first["id"], "course:2_2_1001", "it is the earlier one now");
    assert_eq!(second["attributes"]["score"], 0);
    assert_eq!(
        second["attributes"]["dateEnrolled"],
        "2024-05-03T08:00:00.000Z"
    );
    let grades = second["relationships"].get("loResourceGrades");
    assert_eq!(grades, None, "the modules went with the learning object");
    assert_eq!(enrollments(&it, "1003"), ["course:1_9_1003"]);
}

#[test]
fn behaviour_is_merged_switch_by_switch_and_origins_as_a_whole() {
    let it = served(
        "version: 1
extends: ./base.yaml
alm: { behaviour: { lo_types: all, unknown_id: bad_request, cors_origins: ['https://b.example'] } }
",
    );
    let list = "/alm/primeapi/v2/users/1001/enrollments";
    let at = |target: &str, origin: &str| {
        let ask = it.get(target).token("oauth t").header("origin", origin);
        ask.send()
    };
    let large = at(&format!("{list}?page[limit]=11"), "https://b.example");
    assert_eq!(large.status, 400, "`page_limit` is the parent's");
    let unknown = at("/alm/primeapi/v2/users/5", "https://b.example");
    assert_eq!(unknown.status, 400, "`unknown_id` is the child's");
    for (origin, expected) in [
        ("https://a.example", None),
        ("https://b.example", Some("https://b.example")),
    ] {
        let answer = at(list, origin);
        assert_eq!(answer.header("access-control-allow-origin"), expected);
    }
}

#[test]
fn a_credential_is_replaced_whole_by_its_token_or_its_client() {
    let it = served(
        "version: 1
extends: ./base.yaml
alm:
  credentials:
    - { token: t, user: 1002, scopes: ['admin:read'] }
    - { client_id: c, client_secret: new, refresh_token: q, user: 1002 }
    - { client_id: C, client_secret: s, code: k, user: 1001 }
",
    );
    assert_eq!(enrollments(&it, "1001").len(), 2);
    let made =
        it.post("/alm/primeapi/v2/users/1001/enrollments?loId=course:1&loInstanceId=course:1_2");
    assert_eq!(
        made.token("oauth t").send().status,
        403,
        "it lost `admin:write`"
    );
    let token = |path: &str, form: &str| it.post(path).form(form).send();
    let refresh = "/alm/oauth/token/refresh";
    for (form, status) in [
        ("refresh_token=q&client_id=c&client_secret=new", 200),
        ("refresh_token=q&client_id=c&client_secret=s", 400),
        ("refresh_token=r&client_id=c&client_secret=new", 400),
    ] {
        assert_eq!(token(refresh, form).status, status, "{form}");
    }
    // The code went with the old record; the one of another spelling is another client.
    let codes = "/alm/oauth/token";
    assert_eq!(
        token(codes, "code=k&client_id=c&client_secret=new").status,
        400
    );
    assert_eq!(
        token(codes, "code=k&client_id=C&client_secret=s").status,
        200
    );
}

#[test]
fn what_is_removed_adds_up_and_what_a_child_lists_is_there() {
    let files = [
        (
            "one.yaml",
            "version: 1\nextends: ./base.yaml\nremoved: { alm: { enrollments: [{ user: 1001, instance: course:1_1 }] } }\n",
        ),
        (
            "two.yaml",
            "version: 1\nextends: ./one.yaml\nremoved: { alm: { enrollments: [{ user: 1001, instance: course:1_1 }, { user: 1001, instance: course:2_2 }] } }\n",
        ),
        (
            "three.yaml",
            "version: 1\nextends: ./two.yaml\nalm: { enrollments: [{ user: 1001, instance: course:1_1 }] }\n",
        ),
    ];
    for (name, expected) in [
        ("one.yaml", &["course:2_2_1001"][..]),
        ("two.yaml", &[]),
        ("three.yaml", &["course:1_1_1001"]),
    ] {
        assert_eq!(
            enrollments(&serve(&files, name), "1001"),
            expected,
            "{name}"
        );
    }
}

#[test]
fn a_child_that_breaks_its_parent_is_told_where() {
    let found = report(
        "version: 1
extends: ./base.yaml
alm:
  users: [{ id: 1002, email: ANN@example.com }]
  learning_objects:
    - { id: course:1, instances: [{ id: course:1_1, seat_limit: 0 }] }
    - { id: course:2 }
  credentials: [{ token: u, user: 1002, scopes: ['admin:read'] }, { client_id: c, user: 1001 }]
",
    );
    assert_eq!(
        found,
        "child.yaml:4:30: duplicate email `ANN@example.com`, first at line 6 of base.yaml\n\
         child.yaml:8:50: `admin:read` is not for user `1002`, expected a user with the role `admin` or `integration_admin`\n\
         child.yaml:8:67: this credential lacks `client_secret`, expected `client_id`, `client_secret` and `user`, perhaps with `refresh_token`, `code`, `codes` and `scopes`\n\
         base.yaml:11:87: there is no instance `course:2_2`, expected the id of one; did you mean `course:1_1`?\n\
         base.yaml:13:33: `course:1_1` has a `seat_limit` of 0, expected no more enrollments but those with the state WAITING\n\
         base.yaml:14:33: there is no instance `course:2_2`, expected the id of one; did you mean `course:1_1`?\n"
    );
}

#[test]
fn what_a_child_takes_away_must_be_there_and_be_named_in_full() {
    let found = report(
        "version: 1
extends: ./base.yaml
removed:
  alm:
    enrollments:
      - { user: 1001, instance: course:1_1 }
      - { user: 1001, instance: course:1_1 }
      - { user: 1001, instance: course:1_2 }
      - { user: 1005, instance: course:2_2_1001 }
      - { user: 1001 }
      - { user: 1001, instance: course:2_2, state: STARTED }
      - course:1_1_1001
    users: [1001]
",
    );
    assert_eq!(
        found,
        "child.yaml:7:17: duplicate enrollment of `1001` in `course:1_1`, first at line 6\n\
         child.yaml:8:17: there is no enrollment of `1001` in `course:1_2`, expected a listed or generated one; did you mean `course:1_1`?\n\
         child.yaml:9:17: there is no user `1005`, expected the id of one; did you mean `1001`?\n\
         child.yaml:9:33: `course:2_2_1001` is not the id of an instance, expected the id of a learning object, `_` and digits, such as course:6511020_7037048, or `_-1` for a job aid; did you mean `course:2_2`?\n\
         child.yaml:10:9: missing key `instance`\n\
         child.yaml:11:45: unknown key `state` in an item of `enrollments`, expected one of `user`, `instance`; did you mean `instance`?\n\
         child.yaml:12:9: an item of `enrollments` is `course:1_1_1001`, expected a mapping\n\
         child.yaml:13:5: unknown key `users` in `removed.alm`, expected `enrollments`\n"
    );
}
