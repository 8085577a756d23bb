//! The clock: one call moves everything that runs on it.

use enrollmock::internals::emulator::Emulator;
use serde_json::Value;

use crate::support::{Answer, CAMPUS, Calls, SCHOOL, emulator};

/// Something of every vendor that goes by the clock.
const TIMES: &str = "
alm:
  account: '77'
  users: [{ id: '5', email: lea@example.com }]
  learning_objects: [{ id: 'course:1', instances: [{ id: 'course:1_2', default: true }] }]
  credentials: [{ client_id: new, client_secret: s, user: '5', refresh_token: kept }]
";

fn times() -> Emulator {
    let certain = "    - { id: $e20, content: $c3, learner: $u11, certificate: { id: $z20, issued: 2024-06-12T13:05:09Z } }\n  credentials:";
    let school = SCHOOL.replacen("  credentials:", certain, 1);
    emulator(&format!("{school}{CAMPUS}{TIMES}"))
}

fn text(answer: &Answer, member: &str) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let value = body[member].as_str();
    value
        .unwrap_or_else(|| panic!("{}", answer.text()))
        .to_owned()
}

/// A token of each vendor: iSpring, Open edX, Adobe.
fn tokens(it: &Emulator, prefix: &str) -> [String; 3] {
    let ask = |path: &str, form: &str| {
        let answer = it.post(&format!("{prefix}{path}")).form(form).send();
        text(&answer.ok(), "access_token")
    };
    [
        ask(
            "/ispring/api/v3/token",
            "client_id=client&client_secret=secret&grant_type=client_credentials",
        ),
        ask(
            "/openedx/oauth2/access_token",
            "client_id=oe-client&client_secret=oe-secret&grant_type=client_credentials",
        ),
        ask(
            "/alm/oauth/token/refresh",
            "client_id=new&client_secret=s&refresh_token=kept",
        ),
    ]
}

/// What each vendor says to its token.
fn said(it: &Emulator, prefix: &str, tokens: &[String; 3]) -> [Answer; 3] {
    let paths = [
        "/ispring/enrollment",
        "/openedx/api/user/v1/me",
        "/alm/primeapi/v2/user",
    ];
    let pairs: Vec<_> = paths.iter().zip(tokens).collect();
    [0, 1, 2].map(|at| {
        let (path, token) = pairs[at];
        it.get(&format!("{prefix}{path}")).bearer(token).send()
    })
}

#[test]
fn one_call_moves_all_that_runs_on_the_clock() {
    let it = times();
    let tokens = tokens(&it, "");
    for answer in said(&it, "", &tokens) {
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("date"), Some("Sun, 09 Jun 2024 13:05:09 GMT"));
    }
    let recent = || {
        let list = it.get("/openedx/api/so2/v1/enrollments?days=8");
        let list = list.bearer("oe-staff").send().ok().text();
        list.matches("course-v1").count()
    };
    let certificates = || it.everything().matches("<certificate>").count();
    assert_eq!((recent(), certificates()), (1, 1));

    it.advance("7 days");

    let [ispring, openedx, alm] = said(&it, "", &tokens);
    for answer in [&ispring, &openedx, &alm] {
        assert_eq!(answer.status, 401, "{}", answer.text());
        assert_eq!(answer.header("date"), Some("Sun, 16 Jun 2024 13:05:09 GMT"));
    }
    assert!(
        openedx.text().contains("token_expired"),
        "{}",
        openedx.text()
    );
    assert!(alm.text().contains("Token expired"), "{}", alm.text());
    assert!(
        ispring.text().contains("<code>401</code>"),
        "{}",
        ispring.text()
    );
    assert_eq!((recent(), certificates()), (0, 2));

    // What comes to be now bears the new date, with every vendor.
    let body = r#"{"courseIds":["$c2"],"learnerIds":["$u14"],"dueDateType":"unlimited"}"#;
    let made = it.post("/enrollment").token("account").json(body).send();
    assert!(matches!(made.status, 200 | 201), "{}", made.text());
    assert!(it.everything().contains("2024-06-16"));
    let body = r#"{"action":"enroll","courses":"course-v1:Laws+One+2024","identifiers":"staff"}"#;
    let bulk = it.post("/openedx/api/bulk_enroll/v1/bulk_enroll");
    bulk.bearer("oe-staff").json(body).send().ok();
    let list = it.get("/openedx/api/so2/v1/enrollments?days=0");
    assert!(
        list.bearer("oe-staff")
            .send()
            .ok()
            .text()
            .contains("2024-06-16")
    );
    let [_, _, token] = self::tokens(&it, "");
    let enroll = it.post("/alm/primeapi/v2/enrollments?loId=course:1&loInstanceId=course:1_2");
    let made = enroll.bearer(&token).send();
    assert!(
        made.text().contains("2024-06-16T13:05:09"),
        "{}",
        made.text()
    );
}

#[test]
fn what_is_no_object_is_refused() {
    let it = times();
    for body in ["", "[]", r#"["2024-06-09T13:05:09Z",null,null]"#, "null"] {
        let answer = it.post("/__admin/clock").json(body).send();
        assert_eq!(answer.status, 400, "{body}");
        assert!(!answer.text().contains("struct"), "{}", answer.text());
    }
}

#[test]
fn each_sandbox_has_a_clock_of_its_own() {
    let it = times();
    for id in ["alice", "bob"] {
        let body = format!("{{\"id\":\"{id}\"}}");
        assert_eq!(it.post("/__admin/sandboxes").json(&body).status(), 201);
    }
    let worlds = ["", "/__sandbox/alice", "/__sandbox/bob"];
    let tokens = worlds.map(|prefix| tokens(&it, prefix));
    let moved = it.post("/__sandbox/alice/__admin/clock");
    moved.json(r#"{"advance":"7 days"}"#).send().ok();
    for (prefix, tokens) in worlds.iter().zip(&tokens) {
        let expected = match prefix.ends_with("alice") {
            true => 401,
            false => 200,
        };
        for answer in said(&it, prefix, tokens) {
            assert_eq!(answer.status, expected, "{prefix} {}", answer.text());
        }
    }
    // Back again, a token lives on as if nothing had been.
    let reset = it.post("/__sandbox/alice/__admin/reset?only=clock");
    assert_eq!(reset.status(), 204);
    for answer in said(&it, "/__sandbox/alice", &tokens[1]) {
        assert_eq!(answer.status, 200);
    }
}
