//! What goes wrong on purpose: which calls a fault hits, what it does in each vendor's words, what it counts.

use std::time::Duration;

use enrollmock::internals::delivery::{Delivery, How};
use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::http::Request;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::sandbox::Sandbox;
use hyper::Method;
use serde_json::{Value, json};

use crate::support::{ALL, Answer, Ask, CAMPUS, Calls, SCHOOL, emulator, fill, scenario};

/// Adobe with a few enrollments.
const ACADEMY: &str = "
alm:
  users: [{ id: 1, roles: [admin] }, { id: 7 }]
  learning_objects:
    - { id: 'course:1', instances: [{ id: 'course:1_1' }] }
    - { id: 'course:2', instances: [{ id: 'course:2_1' }] }
    - { id: 'course:3', instances: [{ id: 'course:3_1' }] }
  enrollments:
    - { user: 7, instance: 'course:1_1', enrolled: 2024-01-01T00:00:00Z }
    - { user: 7, instance: 'course:2_1', enrolled: 2024-01-02T00:00:00Z }
    - { user: 7, instance: 'course:3_1', enrolled: 2024-01-03T00:00:00Z }
  credentials:
    - { token: alm-admin, user: 1 }
    - { client_id: client, client_secret: secret, refresh_token: refresh, user: 1 }
";

const OF_7: &str = "/alm/primeapi/v2/users/7/enrollments";
const SO2: &str = "/openedx/api/so2/v1/enrollments";
const LIST: &str = "/ispring/enrollment";

/// All three vendors with these faults.
fn world(faults: &str) -> Emulator {
    emulator(&format!("{SCHOOL}{CAMPUS}{ACADEMY}faults:\n{faults}"))
}

fn ispring(it: &Emulator) -> Ask<'_> {
    it.get(LIST).token("account")
}

fn openedx(it: &Emulator) -> Ask<'_> {
    it.get(SO2).bearer("oe-staff")
}

fn alm(it: &Emulator) -> Ask<'_> {
    it.get(OF_7).token("oauth alm-admin")
}

/// What the three lists answer.
fn statuses(it: &Emulator) -> [u16; 3] {
    [ispring(it).status(), openedx(it).status(), alm(it).status()]
}

/// The counts of all faults: name, matched, acted.
fn counts(it: &Emulator) -> Vec<(String, u64, u64)> {
    let answer = it.get("/__admin/faults").send().ok();
    let all: Value = serde_json::from_slice(&answer.body).unwrap();
    let all = all["faults"].as_array().unwrap().iter();
    all.map(|fault| {
        let count = |key: &str| fault[key].as_u64().unwrap();
        let name = fault["name"].as_str().unwrap().to_owned();
        (name, count("matched"), count("acted"))
    })
    .collect()
}

fn add(it: &Emulator, fault: &str) -> Answer {
    it.post("/__admin/faults").json(fault).send()
}

fn error(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn each_vendor_refuses_in_its_own_words() {
    for (inject, expected) in [
        ("throttled", [429, 429, 429]),
        ("unauthorized", [401, 401, 401]),
        ("token_expired", [401, 401, 401]),
        ("forbidden", [403, 403, 403]),
        ("not_found", [400, 404, 400]),
        ("server_error", [500, 500, 500]),
        ("maintenance", [503, 503, 503]),
        ("lost_reply", [503, 503, 503]),
    ] {
        let it = world(&format!("  - {{ name: it, inject: {inject} }}\n"));
        assert_eq!(statuses(&it), expected, "{inject}");
        assert_eq!(counts(&it), [("it".to_owned(), 3, 3)]);
    }
}

#[test]
fn what_a_fault_refuses_reads_like_the_real_refusal() {
    let it = world("  - { name: stranger, calls: 1, inject: unauthorized }\n");
    for (vendor, sent) in [("ispring", LIST), ("openedx", SO2), ("alm", OF_7)] {
        let only = format!(
            "{{\"name\":\"stranger\",\"on\":{{\"vendor\":\"{vendor}\"}},\"calls\":1,\"inject\":\"unauthorized\"}}"
        );
        assert_eq!(add(&it, &only).status, 200);
        let ask = |token: &str| match vendor {
            "ispring" => it.get(sent).token(token),
            "openedx" => it.get(sent).bearer(token),
            _ => it.get(sent).token(&format!("oauth {token}")),
        };
        let known = match vendor {
            "ispring" => "account",
            "openedx" => "oe-staff",
            _ => "alm-admin",
        };
        let made = ask(known).send();
        let real = ask("nobodys-token").send();
        assert_eq!((made.status, made.text()), (real.status, real.text()));
        assert_eq!(ask(known).status(), 200);
    }
}

#[test]
fn a_token_that_expires_between_two_pages_is_cured_by_renewing_it_alone() {
    let it = world(
        "  - { name: expiry, on: { operation: list_enrollments_paged, vendor: ispring }, calls: 2, inject: token_expired }\n",
    );
    let renew = || {
        let body = "client_id=client&client_secret=secret&grant_type=client_credentials";
        let answer = it.post("/ispring/api/v3/token").form(body).send().ok();
        error(&answer)["access_token"].as_str().unwrap().to_owned()
    };
    let page = |token: &str, page: Option<&str>| {
        let more = page.map(|page| format!("&pageToken={page}"));
        let more = more.unwrap_or_default();
        let target = format!("/ispring/enrollments?pageSize=3{more}");
        it.get(&target).token(token).send()
    };
    let token = renew();
    let first = page(&token, None).ok();
    let next = first.next().unwrap();
    let dead = page(&token, Some(&next));
    assert_eq!(dead.status, 401);
    // It is dead for good, whatever the clock does.
    it.post("/__admin/clock")
        .json("{\"advance\":\"-1h\"}")
        .send()
        .ok();
    assert_eq!(page(&token, Some(&next)).status, 401);
    let second = page(&renew(), Some(&next)).ok();
    assert_eq!([first.ids(), second.ids()].concat(), ALL[..6]);
}

#[test]
fn listed_tokens_die_too_until_the_state_is_reset() {
    let it = world("  - { name: expiry, calls: '1..3', inject: token_expired }\n");
    assert_eq!(statuses(&it), [401, 401, 401]);
    let real = it.get(LIST).token("expired").send().text();
    assert_eq!(ispring(&it).send().text(), real);
    assert_eq!(statuses(&it), [401, 401, 401]);
    it.post("/__admin/reset?only=state").send();
    assert_eq!(statuses(&it), [200, 200, 200]);
}

#[test]
fn a_refresh_token_of_adobe_gives_another_token_once_one_has_died() {
    let it = world(
        "  - { name: expiry, on: { operation: list_user_enrollments, vendor: alm }, calls: 1, inject: token_expired }\n",
    );
    let renew = || {
        let body = "client_id=client&client_secret=secret&refresh_token=refresh";
        let answer = it.post("/alm/oauth/token/refresh").form(body).send().ok();
        error(&answer)["access_token"].as_str().unwrap().to_owned()
    };
    let first = renew();
    assert_eq!(renew(), first, "a living one is given again");
    let list = |token: &str| it.get(OF_7).token(&format!("oauth {token}")).status();
    assert_eq!((list(&first), list(&first)), (401, 401));
    let second = renew();
    assert_ne!(second, first);
    assert_eq!(list(&second), 200);
}

#[test]
fn a_signed_token_dies_until_it_is_issued_again() {
    let it = world(
        "  - { name: expiry, on: { operation: list_so2_enrollments }, calls: 1, inject: token_expired }\n",
    );
    let renew = || {
        let body = "client_id=oe-client&client_secret=oe-secret&grant_type=client_credentials&token_type=jwt";
        let answer = it
            .post("/openedx/oauth2/access_token")
            .form(body)
            .send()
            .ok();
        error(&answer)["access_token"].as_str().unwrap().to_owned()
    };
    let list = |token: &str| it.get(SO2).token(&format!("JWT {token}")).status();
    let first = renew();
    assert_eq!((list(&first), list(&first)), (401, 401));
    assert_eq!(list(&renew()), 200);
    it.advance("1s");
    assert_eq!(list(&renew()), 200);
}

#[test]
fn a_fault_may_hit_page_two_alone() {
    let found = world("")
        .get(&format!("{OF_7}?page[limit]=1"))
        .token("oauth alm-admin")
        .send()
        .ok();
    let (_, next) = found
        .text()
        .split_once("page[cursor]=")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let cursor = next.split(['"', '&']).next().unwrap().to_owned();
    let it = world(&format!(
        "  - {{ name: two, on: {{ vendor: alm, query: {{ 'page[cursor]': '{cursor}' }} }}, calls: 1, inject: throttled }}\n"
    ));
    let page = |more: &str| {
        let target = format!("{OF_7}?page[limit]=1{more}");
        it.get(&target).token("oauth alm-admin").status()
    };
    let second = format!("&page[cursor]={cursor}");
    assert_eq!(
        [page(""), page(&second), page(&second), page("")],
        [200, 429, 200, 200]
    );
    assert_eq!(counts(&it), [("two".to_owned(), 2, 1)]);
}

#[test]
fn a_lost_reply_has_taken_effect() {
    let it = emulator(&format!(
        "{SCHOOL}  behaviour: {{ duplicate_enrollment: create }}\n{CAMPUS}{ACADEMY}faults:\n  - {{ name: lost, on: {{ method: POST }}, calls: 1..3, inject: lost_reply }}\n"
    ));
    // iSpring enrolls twice.
    let body = r#"{"courseIds":["$c3"],"learnerIds":["$u15"],"dueDateType":"unlimited"}"#;
    let post = || {
        it.post("/ispring/enrollment")
            .token("account")
            .json(body)
            .status()
    };
    let before = it.list(LIST).len();
    assert_eq!(post(), 503);
    assert_eq!(it.list(LIST).len(), before + 1);
    assert_eq!(post(), 503);
    assert_eq!(it.list(LIST).len(), before + 2);
    // Adobe gives what there is.
    let target = format!("{OF_7}?loId=course:3&loInstanceId=course:3_1");
    let post = || it.post(&target).token("oauth alm-admin").status();
    assert_eq!(post(), 503);
    assert_eq!(post(), 200);
}

#[test]
fn a_call_is_known_by_all_that_a_fault_says_of_it() {
    for (on, fits) in [
        ("", true),
        ("vendor: ispring", true),
        ("vendor: alm", false),
        ("operation: list_enrollments", true),
        ("operation: list_enrollments_paged", false),
        ("method: GET", true),
        ("method: POST", false),
        ("path: /enrollment", true),
        ("path: '/enroll*'", true),
        ("path: '*/nothing'", false),
        ("query: { days: '90' }", true),
        ("query: { days: '9' }", false),
        ("query: { days: 90, more: 1 }", false),
        ("headers: { x-test: 'Yes' }", true),
        ("headers: { X-Test: 'yes' }", false),
        ("principal: $u2", true),
        ("principal: $u3", false),
        ("vendor: ispring, method: GET, principal: $u2", true),
        ("vendor: ispring, method: GET, principal: $u3", false),
    ] {
        let it = world(&format!(
            "  - {{ name: it, on: {{ {on} }}, inject: server_error }}\n"
        ));
        for prefix in ["/ispring", ""] {
            let target = format!("{prefix}/enrollment?days=90");
            let ask = it
                .get(&target)
                .token("administrator")
                .header("x-test", "Yes");
            assert_eq!(ask.status() == 500, fits, "{on}");
        }
    }
}

#[test]
fn a_call_that_fits_no_operation_is_hit_by_faults_that_ask_for_none() {
    let it = world(
        "  - { name: named, on: { operation: list_enrollments }, inject: forbidden }\n  - { name: all, on: { vendor: ispring }, inject: server_error }\n",
    );
    assert_eq!(it.get("/ispring/nowhere").token("account").status(), 500);
    assert_eq!(ispring(&it).status(), 403);
    // Who belongs to no vendor is out of reach.
    assert_eq!(it.get("/nowhere").status(), 404);
    assert_eq!(
        counts(&it),
        [("named".to_owned(), 1, 1), ("all".to_owned(), 2, 1)]
    );
}

#[test]
fn the_first_that_acts_does_and_all_count() {
    let it = world(
        "  - { name: third, calls: 3.., inject: forbidden }\n  - { name: some, calls: [2, 4], inject: server_error }\n  - { name: first, calls: 1, inject: maintenance }\n",
    );
    let seen: Vec<u16> = (0..5).map(|_| ispring(&it).status()).collect();
    assert_eq!(seen, [503, 500, 403, 403, 403]);
    let counted = |name: &str, acted| (name.to_owned(), 5, acted);
    assert_eq!(
        counts(&it),
        [counted("third", 3), counted("some", 1), counted("first", 1)]
    );
}

#[test]
fn a_fault_strikes_before_the_vendor_looks_and_the_journal_says_where_it_stands() {
    let it = world("  - { name: it, inject: server_error }\n");
    let answer = it.get(LIST).token("nobodys").send();
    assert_eq!(answer.status, 500);
    let entry = answer.entry.unwrap();
    let fault = entry.fault.as_ref().unwrap();
    assert_eq!(&*fault.name, "it");
    let place = fault.place.as_deref().unwrap();
    let (file, line) = place.split_once(':').unwrap();
    assert_eq!(file, "inline");
    assert!(line.parse::<u32>().unwrap() > 60, "{place}");
    assert!(entry.why.passed.is_empty());
}

#[test]
fn chance_is_the_same_each_time_and_in_each_order() {
    let faults = "  - { name: maybe, probability: 0.3, inject: server_error }\n";
    let run = |faults: &str| -> Vec<bool> {
        let it = world(faults);
        (0..200).map(|_| ispring(&it).status() == 500).collect()
    };
    let drawn = run(faults);
    assert_eq!(run(faults), drawn);
    let hits = drawn.iter().filter(|hit| **hit).count();
    assert!((40..80).contains(&hits), "{hits}");
    // A call's fate depends on its number alone: another fault in front changes nothing.
    let with_another =
        format!("  - {{ name: other, probability: 0, inject: forbidden }}\n{faults}");
    assert_eq!(run(&with_another), drawn);
    assert_ne!(run(&faults.replace("maybe", "perhaps")), drawn);
}

#[test]
fn an_answer_may_be_spelled_out() {
    let it = world(
        "  - { name: it, inject: { respond: { status: 502, headers: { Content-Type: text/html, X-A: 1 }, body: '<h1>Bad</h1>' } } }\n",
    );
    for ask in [ispring(&it), openedx(&it), alm(&it)] {
        let answer = ask.send();
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (502, "<h1>Bad</h1>")
        );
        let mut names: Vec<&str> = answer.headers.keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-length", "content-type", "date", "x-a"]);
    }
}

/// How the answer to iSpring's list leaves.
fn delivery(inject: &str) -> Delivery {
    let it = world(&format!("  - {{ name: it, inject: {inject} }}\n"));
    let request = Request::new(Method::GET, LIST);
    let request = request.with_header("authorization", "account").unwrap();
    it.handle(request).delivery
}

#[test]
fn what_becomes_of_an_answer_on_the_wire_is_told() {
    let how = |how| Delivery {
        how,
        ..Delivery::default()
    };
    assert_eq!(
        delivery("{ latency: 200ms }").delay,
        Duration::from_millis(200)
    );
    assert_eq!(
        delivery("{ drip: { over: 1m 30s } }"),
        how(How::Drip(Duration::from_secs(90)))
    );
    assert_eq!(delivery("{ truncate: 0.5 }"), how(How::Truncate(0.5)));
    assert_eq!(delivery("{ connection: reset }"), how(How::Reset));
    assert_eq!(delivery("{ connection: close }"), how(How::Close));
    assert_eq!(delivery("{ connection: garbage }"), how(How::Garbage));
    let spread = "{ latency: { median: 80ms, p99: 900ms } }";
    let drawn = delivery(spread).delay;
    assert_eq!(delivery(spread).delay, drawn);
    assert!(drawn > Duration::from_millis(1) && drawn < Duration::from_secs(60));
}

#[test]
fn faults_come_change_and_go_over_http() {
    let it = world("  - { name: listed, on: { vendor: alm }, inject: forbidden }\n");
    assert_eq!(statuses(&it), [200, 200, 403]);
    let added = add(
        &it,
        r#"{"name":"added","on":{"vendor":"ispring"},"inject":"throttled","retry_after":"3s"}"#,
    );
    assert_eq!(added.status, 201, "{}", added.text());
    assert_eq!(
        error(&added),
        json!({"name":"added","on":{"vendor":"ispring"},"inject":"throttled","retry_after":"3s","matched":0,"acted":0})
    );
    assert_eq!(statuses(&it), [429, 200, 403]);
    let yaml = "name: added\non: { vendor: ispring }\ninject: server_error\n";
    let replaced = it
        .post("/__admin/faults")
        .body("application/yaml", yaml)
        .send();
    assert_eq!(replaced.status, 200);
    assert_eq!(counts(&it)[1], ("added".to_owned(), 0, 0));
    assert_eq!(statuses(&it), [500, 200, 403]);
    assert_eq!(it.call("DELETE", "/__admin/faults/added").status(), 204);
    assert_eq!(it.call("DELETE", "/__admin/faults/listed").status(), 204);
    assert_eq!(statuses(&it), [200, 200, 200]);
    add(&it, r#"{"name":"added","inject":"server_error"}"#);
    it.post("/__admin/reset?only=faults").send();
    assert_eq!(counts(&it), [("listed".to_owned(), 0, 0)]);
    assert_eq!(statuses(&it), [200, 200, 403]);
}

#[test]
fn a_fault_is_shown_as_it_was_written() {
    let it = world("");
    let all = [
        json!({"name":"a","on":{"vendor":"alm","operation":"list_user_enrollments","method":"GET","path":"/primeapi/*","query":{"page[limit]":"3"},"headers":{"x-a":"b"},"principal":"1"},"calls":"2..3","probability":0.5,"inject":"token_expired"}),
        json!({"name":"b","calls":[1, 4],"inject":{"respond":{"status":503,"headers":{"a":"b"},"body":"c"}}}),
        json!({"name":"c","calls":"2","inject":{"latency":"200ms"}}),
        json!({"name":"d","inject":{"latency":{"median":"80ms","p99":"900ms"}}}),
        json!({"name":"e","inject":{"connection":"garbage"}}),
        json!({"name":"f","inject":{"truncate":0.5}}),
        json!({"name":"g","inject":{"drip":{"over":"2s"}}}),
        json!({"name":"h","inject":{"malformed":true}}),
        json!({"name":"i","inject":{"change":{"removed":{"ispring":{"enrollments":[fill("$e1")]}},"openedx":{"enrollments":[{"username":"learner","course":"course-v1:Laws+One+2024","completion":"0.80"}]}}}}),
    ];
    for fault in &all {
        let added = add(&it, &fault.to_string());
        assert_eq!(added.status, 201, "{}", added.text());
    }
    let shown = error(&it.get("/__admin/faults").send().ok());
    for (shown, fault) in shown["faults"].as_array().unwrap().iter().zip(&all) {
        let mut counted = fault.clone();
        counted["matched"] = json!(0);
        counted["acted"] = json!(0);
        assert_eq!(*shown, counted);
    }
    let listed = world(
        "  - { name: i, inject: { change: { openedx: { enrollments: [{ username: learner, course: course-v1:Laws+One+2024, completion: 0.80 }] } } } }\n",
    );
    let shown = error(&listed.get("/__admin/faults").send().ok());
    let change = &shown["faults"][0]["inject"]["change"];
    assert_eq!(change["openedx"]["enrollments"][0]["completion"], "0.80");
}

#[test]
fn a_fault_that_makes_no_sense_is_refused_over_http_with_what_was_meant() {
    let it = world("  - { name: listed, inject: { latency: 1ms } }\n");
    for (body, status, says) in [
        ("", 400, "the body is empty"),
        (
            r#"{"name":"a","inject":"throtled"}"#,
            422,
            "did you mean `throttled`?",
        ),
        (
            r#"{"name":"a","inject":"throttled","on":{"operation":"bulk_enrol"}}"#,
            422,
            "body:1:52: `bulk_enrol` is no operation",
        ),
        (
            r#"[{"name":"a","inject":"throttled"}]"#,
            422,
            "expected a mapping",
        ),
        (r#"{"name":"a"}"#, 422, "missing key `inject`"),
        (r#"{"inject":"throttled"}"#, 422, "missing key `name`"),
        ("{", 422, "body:"),
    ] {
        let answer = add(&it, body);
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        assert!(
            error(&answer).to_string().contains(says),
            "{body}: {}",
            answer.text()
        );
    }
    let missing = it.call("DELETE", "/__admin/faults/lsted").send();
    assert_eq!(missing.status, 404);
    assert_eq!(
        error(&missing)["error"],
        "there is no fault \"lsted\"; did you mean \"listed\"?"
    );
    assert_eq!(counts(&it).len(), 1);
}

#[test]
fn only_so_many_faults_can_be_added() {
    let it = world("");
    for number in 0..1000 {
        assert_eq!(
            add(
                &it,
                &format!("{{\"name\":\"{number}\",\"inject\":\"throttled\"}}")
            )
            .status,
            201
        );
    }
    let full = add(&it, r#"{"name":"more","inject":"throttled"}"#);
    assert_eq!(full.status, 409);
    assert_eq!(add(&it, r#"{"name":"7","inject":"forbidden"}"#).status, 200);
    assert_eq!(it.call("DELETE", "/__admin/faults/8").status(), 204);
    assert_eq!(
        add(&it, r#"{"name":"more","inject":"throttled"}"#).status,
        201
    );
}

#[test]
fn every_world_counts_and_draws_for_itself() {
    let scenario = std::sync::Arc::new(scenario(
        "ispring: { credentials: [{ token: account }] }\nfaults: [{ name: maybe, probability: 0.5, inject: forbidden }]\n",
    ));
    let draws = |name: &str| -> Vec<bool> {
        let world = Sandbox::new(name, std::sync::Arc::clone(&scenario), Bounds::default());
        let request = Request::new(Method::GET, LIST);
        let asked = enrollmock::internals::faults::CallInfo {
            request: &request,
            vendor: enrollmock::Vendor::Ispring,
            operation: Some("list_enrollments"),
            principal: None,
        };
        let hits = (0..64).map(|_| world.faults.evaluate(&asked).is_some());
        let hits: Vec<bool> = hits.collect();
        assert_eq!(world.faults.counts()[0].matched, 64);
        hits
    };
    assert_eq!(draws("one"), draws("one"));
    assert_ne!(draws("one"), draws("two"));
}

#[test]
fn a_fault_of_the_parent_is_replaced_by_name() {
    let it = world("  - { name: it, inject: server_error }\n");
    assert_eq!(ispring(&it).status(), 500);
    let parent = "extends: quickstart\nfaults: [{ name: it, inject: maintenance }]\n";
    let it = emulator(parent);
    assert_eq!(it.get(LIST).token("quickstart-token").status(), 503);
}

#[test]
fn a_change_that_cannot_be_made_says_why_in_the_journal() {
    let it = world("");
    let change = r#"{"name":"c","on":{"vendor":"alm"},"inject":{"change":{"alm":{"enrollments":[{"user":"8","instance":"course:1_1"}]}}}}"#;
    assert_eq!(add(&it, change).status, 201);
    let before = it.get("/__admin/state").send().text();
    let answer = alm(&it).send().ok();
    assert_eq!(it.get("/__admin/state").send().text(), before);
    let entry = answer.entry.unwrap();
    assert_eq!(&*entry.fault.as_ref().unwrap().name, "c");
    let why = entry.why.unchanged.as_deref().unwrap();
    assert!(
        why.contains("there is no user `8`, expected the id of one"),
        "{why}"
    );
    let shown: Value = serde_json::from_slice(&entry.json()).unwrap();
    assert_eq!(shown["why"]["unchanged"], why);
    // One that can be made has nothing to say.
    let change = change.replace(r#""user":"8""#, r#""user":"1""#);
    assert_eq!(add(&it, &change).status, 200);
    assert_eq!(alm(&it).send().ok().entry.unwrap().why.unchanged, None);
}
