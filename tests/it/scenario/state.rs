//! A running world as a scenario file, pieces of scenario that change it, another scenario in its place.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::scenario::{Overrides, Scenario, Source};
use serde_json::Value;

use crate::support::{Answer, CAMPUS, CROWD, Calls, SCHOOL, emulator, fill, school, story};

/// The world as it is, as a file.
fn state(it: &Emulator) -> String {
    it.get("/__admin/state").send().ok().text()
}

/// Another emulator of a scenario file.
fn load(yaml: &str) -> Emulator {
    let source = Source::Inline {
        name: "state".to_owned(),
        text: yaml.to_owned(),
        beside: None,
    };
    let scenario = Scenario::load(&source, Overrides::default()).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}\n{yaml}", problems.join("\n"))
    });
    Emulator::new(scenario, Bounds::default())
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// Sends a piece of scenario; the answer.
fn piece(it: &Emulator, yaml: &str) -> Answer {
    it.post("/__admin/records")
        .body("application/yaml", fill(yaml))
        .send()
}

/// The same; it must be taken in.
fn take_in(it: &Emulator, yaml: &str) {
    piece(it, yaml).ok();
}

/// What a caller sees: target, header field, its value.
type Look<'a> = (&'a str, &'a str, &'a str);

fn answers(it: &Emulator, looks: &[Look<'_>]) -> Vec<String> {
    let ask = |(target, name, value): &Look<'_>| {
        let answer = it.get(target).header(name, value).send();
        format!("{target} {value}: {}\n{}", answer.status, answer.text())
    };
    looks.iter().map(ask).collect()
}

/// Fails unless the state of a world loads again to the same answers; the answers, as one text.
fn stays_the_same(it: &Emulator, looks: &[Look<'_>]) -> String {
    let written = state(it);
    let again = load(&written);
    let said = answers(it, looks);
    for (one, other) in said.iter().zip(answers(&again, looks)) {
        assert_eq!(*one, other, "{written}");
    }
    let counts = |it: &Emulator| json(&it.get("/__admin/health").send().ok())["records"].clone();
    assert_eq!(counts(it), counts(&again));
    assert_eq!(state(&again), written);
    said.concat()
}

const TOKEN: &str = "authorization";

const ISPRING: &[Look<'_>] = &[
    ("/enrollment", TOKEN, "account"),
    ("/enrollment", TOKEN, "department"),
    ("/enrollment", TOKEN, "publisher"),
    ("/enrollment", TOKEN, "custom"),
    ("/enrollment", TOKEN, "powerless"),
    ("/enrollment", TOKEN, "expired"),
    ("/enrollment", TOKEN, "nobody"),
    ("/enrollments?pageSize=2", TOKEN, "account"),
    ("/enrollment?learnerIds[]=$u12", TOKEN, "account"),
    ("/enrollment/$e1", TOKEN, "account"),
    ("/enrollment/$e8", TOKEN, "account"),
];

#[test]
fn the_state_of_ispring_loads_again_to_the_same_answers() {
    let it = school();
    let before = stays_the_same(&it, ISPRING);
    it.advance("26h");
    // Dates left out were the day of the start, and still are.
    let later = stays_the_same(&it, ISPRING);
    assert_eq!(before, later);

    let made = it
        .post("/enrollment")
        .token("account")
        .json(r#"{"courseIds":["$c3"],"learnerIds":["$u11","$u13"],"dueDateType":"unlimited"}"#);
    let made = made.send();
    assert_eq!(made.status, 201, "{}", made.text());
    let deleted = it.post("/enrollment/delete").token("account");
    let deleted = deleted.json(r#"{"enrollmentIds":["$e1"]}"#);
    assert_eq!(deleted.status(), 204);
    let grant = "client_id=client&client_secret=secret&grant_type=client_credentials";
    let issued = json(&it.post("/api/v3/token").form(grant).send().ok());
    let issued = issued["access_token"].as_str().unwrap();
    let mut looks = ISPRING.to_vec();
    looks.push(("/enrollment", TOKEN, issued));
    let now = stays_the_same(&it, &looks);
    assert_ne!(now, later);
    assert!(now.contains(&format!("/enrollment {issued}: 200")), "{now}");

    // A token outlives its hour in no copy, and none is issued twice.
    let again = load(&state(&it));
    it.advance("31m");
    again.advance("31m");
    let dead = answers(&it, &looks);
    assert_eq!(dead, answers(&again, &looks));
    assert!(
        dead.concat()
            .contains(&format!("/enrollment {issued}: 401"))
    );
    let other = |it: &Emulator| {
        json(&it.post("/api/v3/token").form(grant).send().ok())["access_token"].clone()
    };
    assert_eq!(other(&it), other(&again));
    assert_ne!(other(&it), issued);
}

const OPENEDX: &[Look<'_>] = &[
    ("/api/enrollment/v1/enrollments", TOKEN, "Bearer oe-staff"),
    (
        "/api/enrollment/v1/enrollments?page_size=2",
        TOKEN,
        "Bearer oe-staff",
    ),
    ("/api/so2/v1/enrollments", TOKEN, "Bearer oe-staff"),
    ("/api/so2/v1/completion", TOKEN, "Bearer oe-staff"),
    ("/api/so2/v1/grades", TOKEN, "Bearer oe-staff"),
    ("/api/enrollment/v1/enrollment", TOKEN, "Bearer oe-learner"),
    (
        "/api/enrollment/v1/enrollment/learner,course-v1:Laws+One+2024",
        TOKEN,
        "Bearer oe-staff",
    ),
    ("/api/user/v1/me", TOKEN, "Bearer oe-inactive"),
    ("/api/user/v1/me", TOKEN, "Bearer oe-disabled"),
    ("/api/user/v1/me", TOKEN, "Bearer oe-expired"),
];

/// Asks bulk enroll as staff.
fn bulk(it: &Emulator, body: &str) -> String {
    let ask = it
        .post("/api/bulk_enroll/v1/bulk_enroll")
        .bearer("oe-staff");
    ask.json(body).send().ok().text()
}

#[test]
fn the_state_of_open_edx_loads_again_to_the_same_answers() {
    let it = emulator(CAMPUS);
    let before = stays_the_same(&it, OPENEDX);
    it.advance("1h");
    let one = r#""courses":"course-v1:Laws+One+2024","cohorts":"Blue""#;
    bulk(
        &it,
        &format!(
            r#"{{"action":"enroll","auto_enroll":true,"email_students":false,"identifiers":"admin@example.com,inactive@example.com,new@example.com",{one}}}"#
        ),
    );
    bulk(
        &it,
        r#"{"action":"unenroll","auto_enroll":true,"email_students":false,"identifiers":"learner@example.com","courses":"course-v1:Laws+Two+2024"}"#,
    );
    let now = stays_the_same(&it, OPENEDX);
    assert_ne!(before, now);

    let grant = "client_id=oe-client&client_secret=oe-secret&grant_type=client_credentials";
    let issued = json(&it.post("/oauth2/access_token").form(grant).send().ok());
    let issued = format!("Bearer {}", issued["access_token"].as_str().unwrap());
    let mut looks = OPENEDX.to_vec();
    looks.push(("/api/user/v1/me", TOKEN, &issued));
    let now = stays_the_same(&it, &looks);
    assert!(now.contains(&format!("{issued}: 200")), "{now}");

    // Whoever was invited registers in both worlds alike, and joins the cohort.
    let again = load(&state(&it));
    let mut looks = OPENEDX.to_vec();
    looks.push((
        "/api/so2/v1/enrollments?cohort=Blue",
        TOKEN,
        "Bearer oe-staff",
    ));
    for it in [&it, &again] {
        take_in(
            it,
            "openedx: { users: [{ username: new }, { username: inactive, staff: true }] }",
        );
    }
    let said = answers(&it, &looks);
    assert_eq!(said, answers(&again, &looks));
    assert!(said.concat().contains("\"new\""), "{said:?}");
    assert_eq!(stays_the_same(&it, &looks), said.concat());
}

/// Adobe with a client, a learner, an administrator.
const ACADEMY: &str = "
alm:
  users: [{ id: 1, roles: [admin], email: olga@example.com }, { id: 7, name: Ann }, { id: 8 }]
  learning_objects:
    - { id: 'course:10', name: Ten, badge: 5, instances: [{ id: 'course:10_1', deadline: 2024-07-01T00:00:00Z, modules: [{ id: 3 }] }, { id: 'course:10_2' }] }
    - { id: 'course:20', instances: [{ id: 'course:20_1', seat_limit: 1 }] }
    - { id: 'certification:10', instances: [{ id: 'certification:10_1' }] }
  enrollments:
    - { user: 7, instance: 'course:10_1', enrolled: 2024-01-01T00:00:00Z, completed: 2024-02-01T00:00:00Z, score: 5, purchased_price: 12.5 }
    - { user: 7, instance: 'certification:10_1', url: 'https://proof.example/1' }
  credentials:
    - { token: admin, user: 1 }
    - { token: learner, user: 7 }
    - { token: nothing, user: 7, scopes: [] }
    - { client_id: client, client_secret: secret, refresh_token: renew, user: 7, scopes: ['learner:read'] }
";

const ALM: &[Look<'_>] = &[
    (
        "/primeapi/v2/users/7/enrollments?filter.loTypes=course,certification&include=learningObject",
        TOKEN,
        "oauth admin",
    ),
    ("/primeapi/v2/users/8/enrollments", TOKEN, "oauth admin"),
    (
        "/primeapi/v2/enrollments?page[limit]=1",
        TOKEN,
        "oauth learner",
    ),
    ("/primeapi/v2/enrollments", TOKEN, "oauth nothing"),
    ("/primeapi/v2/user", TOKEN, "oauth learner"),
    (
        "/primeapi/v2/learningObjects/course:10?include=instances",
        TOKEN,
        "oauth learner",
    ),
    (
        "/primeapi/v2/users/7/enrollments/course:10_1_7",
        TOKEN,
        "oauth admin",
    ),
];

#[test]
fn the_state_of_adobe_loads_again_to_the_same_answers() {
    let it = emulator(ACADEMY);
    let before = stays_the_same(&it, ALM);
    it.advance("1h");
    let ask = |method: &str, target: &str, token: &str| {
        it.call(method, target)
            .header(TOKEN, &format!("oauth {token}"))
            .status()
    };
    let enroll = "/primeapi/v2/users/8/enrollments?loId=course:20&loInstanceId=course:20_1";
    assert_eq!(ask("POST", enroll, "admin"), 200);
    let leave = "/primeapi/v2/users/7/enrollments/certification:10_1_7";
    assert_eq!(ask("DELETE", leave, "admin"), 204);
    let form = "client_id=client&client_secret=secret&refresh_token=renew";
    let issued = json(&it.post("/oauth/token/refresh").form(form).send().ok());
    let issued = format!("oauth {}", issued["access_token"].as_str().unwrap());
    let mut looks = ALM.to_vec();
    looks.push(("/primeapi/v2/enrollments", TOKEN, &issued));
    let now = stays_the_same(&it, &looks);
    assert_ne!(before, now);
    assert!(now.contains(&format!("{issued}: 200")), "{now}");
}

/// What every vendor says to whoever the scenario lists first.
const EVERYBODY: &[(&str, &str, &str)] = &[
    ("/enrollment", "account", ""),
    ("/api/so2/v1/enrollments", "crowd-staff", "Bearer "),
    (
        "/api/enrollment/v1/enrollments?page_size=100",
        "crowd-staff",
        "Bearer ",
    ),
    (
        "/primeapi/v2/users/5001/enrollments",
        "crowd-admin",
        "oauth ",
    ),
];

#[test]
fn a_population_stays_as_it_is_and_what_differs_is_written() {
    let it = emulator(&format!(
        "{CROWD}openedx: {{ users: [{{ username: staff, staff: true }}], credentials: [{{ token: crowd-staff, user: staff }}] }}
alm: {{ users: [{{ id: 5001, roles: [admin] }}], credentials: [{{ token: crowd-admin, user: 5001 }}] }}
"
    ));
    let looks: Vec<(&str, String)> = EVERYBODY
        .iter()
        .map(|(target, token, before)| (*target, format!("{before}{token}")))
        .collect();
    let looks: Vec<Look<'_>> = looks
        .iter()
        .map(|(target, value)| (*target, TOKEN, value.as_str()))
        .collect();
    it.advance("700h");
    let before = stays_the_same(&it, &looks);
    let first = it.get("/enrollment").token("account").send().ok().ids();
    assert_eq!(first.len(), 240);
    let gone = it.post("/enrollment/delete").token("account");
    let gone = gone.json(&format!(
        r#"{{"enrollmentIds":["{}","{}"]}}"#,
        first[3], first[100]
    ));
    assert_eq!(gone.status(), 204);
    let people = it
        .get("/api/so2/v1/enrollments")
        .bearer("crowd-staff")
        .send()
        .ok();
    let people = json(&people);
    let (user, course) = (
        people[7]["username"].as_str(),
        people[7]["course_id"].as_str(),
    );
    let piece = format!(
        "removed: {{ openedx: {{ enrollments: [{{ username: {}, course: '{}' }}] }}, ispring: {{ enrollments: [{}] }} }}",
        user.unwrap(),
        course.unwrap(),
        first[5]
    );
    take_in(&it, &piece);
    let now = stays_the_same(&it, &looks);
    assert_ne!(before, now);
    assert_eq!(
        it.get("/enrollment")
            .token("account")
            .send()
            .ok()
            .ids()
            .len(),
        237
    );
    let people = it
        .get("/api/so2/v1/enrollments")
        .bearer("crowd-staff")
        .send()
        .ok();
    assert_eq!(json(&people).as_array().unwrap().len(), 239);
    // What was deleted is deleted still, and no more than what differs is written.
    assert!(state(&it).lines().count() < 100, "{}", state(&it));
}

#[test]
fn every_story_is_its_own_copy() {
    for (name, _) in enrollmock::internals::scenario::BUILT_IN {
        let it = story(name);
        let stop = it.post("/__admin/clock").json(r#"{"ticking":false}"#);
        assert_eq!(stop.status(), 200);
        let scenario = it.get("/__admin/scenario").send().ok().text();
        assert_eq!(
            load(&scenario).get("/__admin/scenario").send().ok().text(),
            scenario
        );
        let written = state(&it);
        let again = load(&written);
        assert_eq!(state(&again), written, "{name}");
        let health = |it: &Emulator| {
            let mut health = json(&it.get("/__admin/health").send().ok());
            health["uptime_ms"] = Value::Null;
            health
        };
        assert_eq!(health(&it), health(&again), "{name}");
        let main = it.main();
        let tokens = [
            (
                "/enrollment",
                main.scenario().bases().ispring.first_token(),
                "",
            ),
            (
                "/api/so2/v1/enrollments",
                main.scenario().bases().openedx.first_token(),
                "Bearer ",
            ),
            (
                "/api/enrollment/v1/enrollments",
                main.scenario().bases().openedx.first_token(),
                "Bearer ",
            ),
            (
                "/primeapi/v2/users/1001/enrollments?filter.loTypes=course",
                main.scenario().bases().alm.first_token(),
                "oauth ",
            ),
        ];
        for (target, token, before) in tokens {
            let look = |it: &Emulator| {
                let header = format!("{before}{}", token.unwrap_or("none"));
                let answer = it.get(target).token(&header).send();
                (answer.status, answer.text())
            };
            assert_eq!(look(&it), look(&again), "{name} {target}");
        }
    }
}

#[test]
fn a_piece_is_taken_in_whole_or_not_at_all() {
    let it = emulator(&format!("{SCHOOL}{CAMPUS}"));
    let before = state(&it);
    let answer = piece(
        &it,
        "ispring:
  enrollments: [{ id: $e20, content: $c1, learner: $u11 }, { id: $e21, content: $c1, learner: $u99 }]
openedx:
  users: [{ username: newcomer }]
  enrollments: [{ username: newcomer, course: nowhere }]
",
    );
    assert_eq!(answer.status, 422);
    let problems = json(&answer)["problems"].clone();
    let places: Vec<(u64, u64)> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["line"].as_u64().unwrap(), it["column"].as_u64().unwrap()))
        .collect();
    assert_eq!(places, [(2, 257), (5, 47)], "{problems}");
    assert_eq!(problems[0]["file"], "the body");
    assert_eq!(state(&it), before);

    for wrong in [
        "ispring: { user: [] }",
        "clock: { ticking: true }",
        "ispring: [",
        "removed: { ispring: { enrollments: [$e99] } }",
    ] {
        let answer = piece(&it, wrong);
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(json(&answer)["problems"][0]["what"].is_string());
        assert_eq!(state(&it), before);
    }
    // JSON is YAML, and a reset takes it all back.
    let change = r#"{"ispring":{"enrollments":[{"id":"$e20","content":"$c1","learner":"$u11"}]},"openedx":{"users":[{"username":"newcomer"}]}}"#;
    let counts = json(&piece(&it, change).ok());
    assert_eq!(counts["records"]["ispring"]["enrollments"], 9);
    assert_eq!(counts["records"]["openedx"]["users"], 6);
    assert!(it.list("/enrollment").contains(&"e20".to_owned()));
    assert_eq!(it.post("/__admin/reset?only=state").status(), 204);
    assert_eq!(state(&it), before);
}

#[test]
fn a_record_listed_again_is_another_and_one_removed_is_gone() {
    let it = school();
    let issued = "client_id=client&client_secret=secret&grant_type=client_credentials";
    let issued = json(&it.post("/api/v3/token").form(issued).send().ok())["access_token"].clone();
    it.advance("48h");
    // The date left out is the day that it is now.
    take_in(
        &it,
        "ispring: { enrollments: [{ id: $e2, content: $c2, learner: $u14 }] }",
    );
    let second = it
        .get("/enrollment/$e2")
        .token("account")
        .accept("application/xml")
        .send()
        .ok();
    assert_eq!(second.field("accessDate").as_deref(), Some("2024-06-11"));
    let page = it
        .get("/enrollments?pageSize=2")
        .token("account")
        .send()
        .ok();
    let next = page.next().unwrap();
    assert_eq!(page.ids(), ["e1", "e2"]);
    // A page that ends with what goes meanwhile is followed by the next one all the same.
    take_in(&it, "removed: { ispring: { enrollments: [$e2, $e3] } }");
    let page = it
        .get(&format!("/enrollments?pageSize=2&pageToken={next}"))
        .token("account");
    assert_eq!(page.send().ok().ids(), ["e4", "e5"]);
    // Users and credentials come and change, and what was issued lives on.
    take_in(
        &it,
        "ispring: { users: [{ id: $u3, role: publisher, manages: [$d4] }], credentials: [{ token: new, user: $u3 }] }",
    );
    assert_eq!(it.get("/enrollment").token("new").send().ok().ids(), ["e5"]);
    it.post("/__admin/clock")
        .json(r#"{"advance":"-48h"}"#)
        .send()
        .ok();
    let token = issued.as_str().unwrap();
    assert_eq!(it.get("/enrollment").token(token).status(), 200);
    take_in(
        &it,
        "ispring: { enrollments: [{ id: $e3, content: $c1, learner: $u11 }] }",
    );
    assert_eq!(it.list("/enrollment"), ["e1", "e3", "e4", "e5", "e6", "e9"]);
}

#[test]
fn whoever_becomes_active_registers_and_whoever_is_retired_leaves_nothing() {
    let it = emulator(CAMPUS);
    let invite = r#"{"action":"enroll","auto_enroll":true,"email_students":false,"identifiers":"inactive@example.com,new@example.com","courses":"course-v1:Laws+One+2024"}"#;
    bulk(&it, invite);
    let course = |it: &Emulator| {
        let list = it.get("/api/enrollment/v1/enrollments?course_id=course-v1:Laws%2BOne%2B2024");
        let list = json(&list.bearer("oe-staff").send().ok());
        let rows = list["results"].as_array().unwrap().iter();
        rows.map(|row| row["user"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(course(&it), ["learner"]);
    take_in(&it, "openedx: { users: [{ username: inactive }] }");
    assert_eq!(course(&it).len(), 2);
    take_in(
        &it,
        "openedx: { users: [{ username: somebody, email: New@example.com }] }",
    );
    assert_eq!(course(&it).len(), 3);
    // Who was there before does not register again.
    bulk(&it, &invite.replace("enroll\",\"auto", "unenroll\",\"auto"));
    bulk(
        &it,
        r#"{"action":"enroll","auto_enroll":true,"email_students":false,"identifiers":"later@example.com","courses":"course-v1:Laws+One+2024"}"#,
    );
    let before = course(&it);
    take_in(
        &it,
        "openedx: { users: [{ username: inactive, staff: true }] }",
    );
    assert_eq!(course(&it), before);
    take_in(
        &it,
        "openedx: { users: [{ username: learner, retired: true }] }",
    );
    let me = it.get("/api/user/v1/me").bearer("oe-learner").status();
    assert_eq!(me, 401);
    stays_the_same(&it, OPENEDX);
    assert!(!course(&it).contains(&"learner".to_owned()));
}

#[test]
fn another_scenario_takes_the_place_of_the_one_served() {
    let it = school();
    let put = |text: &str| {
        it.call("PUT", "/__admin/scenario")
            .body("application/yaml", text.to_owned())
            .send()
    };
    let before = state(&it);
    let answer = put("version: 1\nname: broken\nispring: { user: [] }\n");
    assert_eq!(answer.status, 422);
    assert_eq!(
        json(&answer)["problems"][0]["try_this"],
        "did you mean `users`?"
    );
    assert_eq!(put("version: 1\nextends: ../secret.yaml\n").status, 422);
    assert_eq!(
        it.call("PUT", "/__admin/scenario")
            .body("application/yaml", vec![0xff])
            .status(),
        422
    );
    assert_eq!(state(&it), before);
    let answer = put(r#"{"version":1,"name":"mine","seed":7,"extends":"quickstart"}"#).ok();
    assert_eq!(
        json(&answer),
        serde_json::json!({ "name": "mine", "seed": 7 })
    );
    assert_eq!(it.get("/enrollment").token("account").status(), 401);
    assert_eq!(
        it.get("/enrollment").token("quickstart-token").status(),
        200
    );
    let merged = it.get("/__admin/scenario").send().ok();
    assert_eq!(merged.header("content-type"), Some("application/yaml"));
    assert!(!merged.text().contains("extends"));
    put(&merged.text()).ok();
    assert_eq!(
        it.get("/__admin/scenario").send().ok().text(),
        merged.text()
    );
}

#[test]
fn a_piece_costs_nothing_of_the_population() {
    // Were the ten million looked at once for each piece, this would take minutes.
    let it = emulator(
        "generate: { learners: 10000000, departments: 1000, courses: 1000, enrollments_per_learner: { min: 2, max: 4 } }
ispring: { content: [{ id: $c1 }], credentials: [{ token: account }] }
openedx: { courses: [{ key: one }] }
alm: { learning_objects: [{ id: 'course:1', instances: [{ id: 'course:1_1' }] }] }
",
    );
    for number in 1..=50 {
        let piece = format!(
            "ispring: {{ users: [{{ id: $u{number} }}], enrollments: [{{ id: $e{number}, content: $c1, learner: $u{number} }}] }}
openedx: {{ users: [{{ username: new-{number} }}], enrollments: [{{ username: new-{number}, course: one }}] }}
alm: {{ users: [{{ id: {number} }}], enrollments: [{{ user: {number}, instance: 'course:1_1' }}] }}
"
        );
        take_in(&it, &piece);
    }
    assert_eq!(state(&it).matches("  - user: ").count(), 50);
    assert_eq!(it.post("/__admin/reset").status(), 204);
    assert_eq!(state(&it).matches("  - user: ").count(), 0);
}

const WALK: &str = "/primeapi/v2/users/1001/enrollments?page[limit]=2";

#[test]
fn the_state_loads_again_whatever_the_faults_have_changed() {
    let it = story("moving-pages");
    let looks: &[Look<'_>] = &[
        (WALK, "authorization", "oauth moving-admin"),
        ("/enrollment", "authorization", "moving-token"),
    ];
    for _ in 0..5 {
        let written = state(&it);
        let again = load(&written);
        assert_eq!(answers(&again, looks), answers(&it, looks), "{written}");
    }
}

#[test]
fn a_change_that_the_records_refuse_is_written_as_nothing() {
    let it = story("moving-pages");
    let gone = "removed: { alm: { enrollments: [{ user: '1001', instance: course:2002_3002 }] } }";
    let on = "on: { vendor: alm, operation: list_user_enrollments }";
    for name in ["name: always", "name: later, calls: 5.."] {
        let fault = format!("{{ {name}, {on}, inject: {{ change: {{ {gone} }} }} }}");
        let added = it.post("/__admin/faults").body("application/yaml", fault);
        assert_eq!(added.status(), 201);
    }
    take_in(&it, gone);
    let written = state(&it);
    assert!(written.contains("latency: 0s"), "{written}");
    // The story's own changes can still be made.
    assert!(written.contains("ispring-row-goes") && written.contains("2005_3005"));
    assert_eq!(state(&load(&written)), written);
}

#[test]
fn the_state_holds_the_faults_as_they_stand() {
    let it = school();
    let on = "on: { vendor: ispring, operation: list_enrollments }, inject: maintenance";
    for calls in [
        "name: over, calls: 2",
        "name: some, calls: 2..4",
        "name: listed, calls: [1, 6]",
        "name: on, calls: 8..",
    ] {
        let added = it.post("/__admin/faults");
        let added = added.body("application/yaml", format!("{{ {calls}, {on} }}"));
        assert_eq!(added.status(), 201);
    }
    let ask = |it: &Emulator| it.get("/enrollment").token("account").status();
    let asked: Vec<u16> = (0..3).map(|_| ask(&it)).collect();
    assert_eq!(asked, [503, 503, 503]);
    let written = state(&it);
    let again = load(&written);
    let faults = json(&again.get("/__admin/faults").send().ok());
    let shown = faults["faults"].as_array().unwrap().iter();
    let shown: Vec<String> = shown
        .map(|it| format!("{}: {}", it["name"], it["calls"]))
        .collect();
    assert_eq!(
        shown,
        ["\"some\": \"1..1\"", "\"listed\": [3]", "\"on\": \"5..\""]
    );
    for call in 4..12 {
        assert_eq!(ask(&again), ask(&it), "call {call}");
    }
}

#[test]
fn chance_goes_on_where_it_was() {
    let it = school();
    for fault in [
        "name: often, probability: 0.5, inject: maintenance",
        "name: slow, calls: 3.., inject: { latency: { median: 80ms, p99: 900ms } }",
        "name: always, inject: forbidden",
    ] {
        let added = it.post("/__admin/faults");
        let added = added.body("application/yaml", format!("{{ {fault} }}"));
        assert_eq!(added.status(), 201);
    }
    let ask = |it: &Emulator| {
        let exchange = it.handle(it.get("/enrollment").token("account").request);
        (exchange.reply.status, format!("{:?}", exchange.delivery))
    };
    for _ in 0..3 {
        let again = load(&state(&it));
        assert_eq!(state(&again), state(&it));
        let copy = load(&state(&again));
        let said: Vec<_> = (0..20).map(|_| ask(&it)).collect();
        assert_eq!((0..20).map(|_| ask(&again)).collect::<Vec<_>>(), said);
        assert_eq!((0..20).map(|_| ask(&copy)).collect::<Vec<_>>(), said);
        let delays: std::collections::HashSet<_> = said.iter().collect();
        assert!(delays.len() > 3, "{said:?}");
    }
}

#[test]
fn a_sandbox_with_a_story_of_its_own_finds_what_lies_beside_the_served_file() {
    let folder = tempfile::tempdir().unwrap();
    let served = folder.path().join("served.yaml");
    std::fs::write(&served, "version: 1\n").unwrap();
    std::fs::write(folder.path().join("base.yaml"), "version: 1\nseed: 9\n").unwrap();
    let scenario = Scenario::load(&Source::Path(served), Overrides::default()).unwrap();
    let it = Emulator::new(scenario, Bounds::default());
    let made = it.post("/__admin/sandboxes");
    let made = made.json(r#"{"id":"alice","scenario":"tokens"}"#).status();
    assert_eq!(made, 201);
    let put = it.call("PUT", "/__sandbox/alice/__admin/scenario");
    let put = put.json(r#"{"version":1,"extends":"./base.yaml"}"#).send();
    assert_eq!(json(&put.ok())["seed"], 9);
}
