//! The same scenario, seed and clock give the same bytes, always.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::scenario::Overrides;

use crate::support::{Answer, Calls, NOW, emulator, scenario_at};

const YAML: &str = "
seed: 42
generate: { learners: 30, departments: 5, courses: 6, enrollments_per_learner: { min: 0, max: 4 }, certificate_rate: 0.6 }
ispring:
  users: [{ id: $u1 }]
  content: [{ id: $c1 }]
  credentials: [{ token: account }, { client_id: client, client_secret: secret }]
openedx:
  users: [{ username: staff, staff: true }]
  courses: [{ key: course-v1:One+Two+Three, cohorts: [Blue] }]
  credentials: [{ token: staff, user: staff }, { client_id: client, client_secret: secret, user: staff }]
";

/// Everything a client sees in a long conversation, headers included.
fn conversation(it: &Emulator) -> String {
    let mut seen = String::new();
    let enroll =
        r#"{"courseIds":["$c1"],"learnerIds":["$u1"],"dueDateType":"due_period","duePeriod":5}"#;
    let form = "client_id=client&client_secret=secret&grant_type=client_credentials";
    let bulk = r#"{"action":"enroll","courses":"course-v1:One+Two+Three","cohorts":"Blue","identifiers":"staff new@example.com","email_students":true}"#;
    for _ in 0..2 {
        for ask in [
            it.get("/enrollment"),
            it.get("/enrollments?pageSize=7").accept("application/json"),
            it.get("/enrollment?courseIds=x"),
            it.post("/enrollment").json(enroll),
            it.post("/api/v3/token").form(form),
            it.get("/enrollment?courseIds=$c1"),
            it.get("/nowhere"),
            it.get("/__admin/clock"),
        ] {
            seen += &said(&ask.token("account").send());
        }
        for ask in [
            it.get("/openedx/api/so2/v1/enrollments"),
            it.get("/openedx/api/so2/v1/grades?days=400"),
            it.get("/openedx/api/enrollment/v1/enrollments"),
            it.post("/openedx/api/bulk_enroll/v1/bulk_enroll")
                .json(bulk),
            it.post("/openedx/oauth2/access_token").form(form),
            it.post("/openedx/oauth2/access_token")
                .form(&format!("{form}&token_type=jwt")),
            it.get("/openedx/api/enrollment/v1/enrollment"),
            it.get("/openedx/nowhere"),
            it.get("/__admin/outbox"),
        ] {
            seen += &said(&ask.bearer("staff").send());
        }
        it.advance("1s");
    }
    seen
}

/// An answer, headers included.
fn said(answer: &Answer) -> String {
    let (status, headers) = (answer.status, &answer.headers);
    format!("{status} {headers:?}\n{}\n", answer.text())
}

#[test]
fn two_emulators_of_one_scenario_say_the_same_to_the_byte() {
    let first = conversation(&emulator(YAML));
    assert_eq!(first, conversation(&emulator(YAML)));
    // And so does one that was reset.
    let it = emulator(YAML);
    conversation(&it);
    it.post("/__admin/reset").send();
    assert_eq!(first, conversation(&it));
}

#[test]
fn another_seed_is_another_population_and_other_tokens() {
    let at = |seed: Option<u64>| {
        let overrides = Overrides { seed, now: None };
        conversation(&Emulator::new(
            scenario_at(YAML, overrides),
            Bounds::default(),
        ))
    };
    assert_eq!(at(None), at(Some(42)));
    assert_ne!(at(None), at(Some(43)));
    let ids = |text: &str| -> std::collections::BTreeSet<String> {
        let pieces = text.split("<enrollmentId>").skip(1);
        pieces.map(|piece| piece[..36].to_owned()).collect()
    };
    assert!(ids(&at(None)).is_disjoint(&ids(&at(Some(43)))));
    // What is issued is nobody else's: not iSpring's, not Open edX's, not a JWT's.
    let tokens = |text: &str| -> std::collections::BTreeSet<String> {
        let pieces = text.split("\"access_token\":").skip(1);
        let quoted = pieces.map(|piece| piece.trim_start().split('"').nth(1).unwrap().to_owned());
        quoted.collect()
    };
    let (these, those) = (tokens(&at(None)), tokens(&at(Some(43))));
    // Two rounds of three.
    assert_eq!(these.len(), 6, "{these:?}");
    assert!(
        these.iter().filter(|token| those.contains(*token)).count() <= 2,
        "JWTs hold no chance"
    );
}

#[test]
fn another_start_moves_the_dates_and_keeps_the_people() {
    let at = |now: &str| {
        let overrides = Overrides {
            seed: None,
            now: Some(now.parse().unwrap()),
        };
        Emulator::new(scenario_at(YAML, overrides), Bounds::default())
    };
    assert_eq!(conversation(&emulator(YAML)), conversation(&at(NOW)));
    let later = at("2025-06-09T13:05:09Z");
    assert_ne!(emulator(YAML).everything(), later.everything());
    assert_eq!(
        emulator(YAML).list("/enrollment").len(),
        later.list("/enrollment").len()
    );
}

#[test]
fn the_date_of_every_answer_is_the_clocks() {
    let it = emulator(YAML);
    for target in [
        "/enrollment",
        "/enrollment?courseIds=x",
        "/nowhere",
        "/livez",
        "/__admin/clock",
        "/ispring/nowhere",
        "/openedx/nowhere",
        "/openedx/api/so2/v1/enrollments",
    ] {
        for token in ["account", "Bearer staff", "nobody"] {
            let answer = it.get(target).token(token).send();
            assert_eq!(
                answer.header("date"),
                Some("Sun, 09 Jun 2024 13:05:09 GMT"),
                "{target}"
            );
        }
    }
    it.advance("86400s");
    assert_eq!(
        it.get("/livez").send().header("date"),
        Some("Mon, 10 Jun 2024 13:05:09 GMT")
    );
}
