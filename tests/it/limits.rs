//! How often one may ask: each vendor's way to meter, on the clock of the scenario.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::limits::{Class, KEYS_AT_MOST, Key, Limits, Rate, Rates};
use enrollmock::internals::platform::{ApiError, Gate, Vendor};
use enrollmock::internals::sandbox::Part;
use enrollmock::internals::scenario::{Overrides, Scenario, Source};
use hyper::StatusCode;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::support::{Answer, Ask, CAMPUS, Calls, NOW, SCHOOL, emulator};
use crate::surfaces::refusal;

/// Adobe's people: a learner with two tokens and two clients, an administrator, and somebody who is both.
const PEOPLE: &str = "
alm:
  users:
    - { id: '1001' }
    - { id: '1002', roles: [admin] }
    - { id: '1003', roles: [learner, admin] }
  credentials:
    - { token: ann, user: '1001' }
    - { token: ann-too, user: '1001' }
    - { token: ada, user: '1002' }
    - { token: both-as-learner, user: '1003', scopes: ['learner:read'] }
    - { token: both-as-admin, user: '1003', scopes: ['admin:read'] }
    - { token: expired, user: '1001', expires: 2024-06-09T13:05:09Z }
    - { client_id: one, client_secret: s, refresh_token: r-one, user: '1001' }
    - { client_id: two, client_secret: s, refresh_token: r-two, user: '1001' }
";

/// Whoever has a token may ask for it.
const USER: &str = "/alm/primeapi/v2/user";

const BULK: &str = "/openedx/api/bulk_enroll/v1/bulk_enroll/";
const ENROLLMENTS: &str = "/openedx/api/enrollment/v1/enrollments/";
const OWN: &str = "/openedx/api/enrollment/v1/enrollment";

/// Adobe with these limits.
fn adobe(limits: &str) -> Emulator {
    emulator(&format!("rate_limits: {{ alm: {limits} }}{PEOPLE}"))
}

/// Open edX with these limits.
fn campus(limits: &str) -> Emulator {
    emulator(&format!("rate_limits: {{ openedx: {limits} }}{CAMPUS}"))
}

/// What comes back to the same call, time and again.
fn statuses(ask: &Ask<'_>, times: usize) -> Vec<u16> {
    (0..times).map(|_| ask.clone().status()).collect()
}

/// How many of so many calls pass.
fn passing(ask: &Ask<'_>, times: usize) -> usize {
    let statuses = statuses(ask, times);
    statuses.iter().filter(|status| **status != 429).count()
}

fn names(answer: &Answer) -> Vec<&str> {
    let mut names: Vec<_> = answer.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    names
}

#[test]
fn adobe_lets_one_call_and_the_burst_pass_at_once() {
    let it = adobe("{ learner: { get: { per_minute: 60, burst: 2 }, post: { per_minute: 1 } } }");
    let ask = it.get(USER).bearer("ann");
    assert_eq!(statuses(&ask, 5), [200, 200, 200, 429, 429]);
    // Without a burst a single one.
    let post = it.post("/alm/primeapi/v2/nothing").bearer("ann");
    assert_eq!(statuses(&post, 3), [404, 429, 429]);
}

#[test]
fn adobes_gateway_refuses_in_its_own_words_and_with_its_own_headers() {
    let it = adobe("{ learner: { get: { per_minute: 60, burst: 0 } } }");
    let ask = it.get(USER).bearer("ann");
    let ask = ask
        .header("accept-language", "de")
        .header("accept-encoding", "gzip");
    assert_eq!(ask.clone().status(), 200);
    let answer = ask.send();
    assert_eq!(answer.status, 429);
    assert_eq!(answer.text(), r#"{"message":"429 Too many requests"}"#);
    assert_eq!(
        names(&answer),
        [
            "access-control-allow-credentials",
            "access-control-allow-headers",
            "access-control-allow-methods",
            "content-length",
            "content-type",
            "date",
            "retry-after",
            "server",
            "strict-transport-security",
            "x-burst",
            "x-content-type-options",
            "x-frame-options",
            "x-rate-limit",
            "x-request-id",
            "x-xss-protection",
        ]
    );
    let media = "application/json; charset=utf-8";
    assert_eq!(answer.header("content-type"), Some(media));
    assert_eq!(answer.header("x-rate-limit"), Some("60r/m"));
    assert_eq!(answer.header("x-burst"), Some("0"));
    assert_eq!(answer.header("retry-after"), Some("1.000"));
    let hsts = answer.headers.get_all("strict-transport-security");
    assert_eq!(hsts.iter().count(), 2);
    let id = answer.header("x-request-id").unwrap();
    assert!(id.starts_with("gw") && id.len() == 38, "{id}");
    let allowed = answer.header("access-control-allow-headers").unwrap();
    assert!(allowed.ends_with("Cache-Control,Content-Type"), "{allowed}");
}

#[test]
fn adobe_meters_each_user_application_role_and_verb_by_itself() {
    let each = "{ get: { per_minute: 1 }, delete: { per_minute: 1 } }";
    let it = adobe(&format!("{{ admin: {each}, learner: {each} }}"));
    let calls = [
        ("GET", "ann"),
        // The same user with another token that was listed.
        ("GET", "ann-too"),
        ("DELETE", "ann"),
        ("GET", "ada"),
        ("GET", "both-as-learner"),
        ("GET", "both-as-admin"),
    ];
    for (method, token) in calls {
        let ask = it.call(method, "/alm/primeapi/v2/nothing").bearer(token);
        assert_eq!(statuses(&ask, 2), [404, 429], "{method} {token}");
    }
    let head = it.call("HEAD", USER).bearer("ann");
    assert_eq!(head.status(), 429, "a HEAD is a GET");
    let put = it.call("PUT", "/alm/primeapi/v2/nothing").bearer("ann");
    assert_eq!(statuses(&put, 3), [404; 3], "PUT is not limited");
}

#[test]
fn an_application_of_adobes_is_the_client_that_the_token_was_issued_to() {
    let it = adobe("{ learner: { get: { per_minute: 1, burst: 1 } } }");
    let issued = |client: &str| {
        let form = format!("client_id={client}&client_secret=s&refresh_token=r-{client}");
        let answer = it.post("/alm/oauth/token/refresh").form(&form).send().ok();
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    };
    let one = issued("one");
    assert_eq!(it.get(USER).bearer(&one).status(), 200);
    // The token dies, its bucket stays: a minute gives back one call, and two were free.
    it.advance("7d");
    let renewed = issued("one");
    assert_ne!(renewed, one);
    assert_eq!(passing(&it.get(USER).bearer(&renewed), 4), 2);
    let two = issued("two");
    assert_eq!(passing(&it.get(USER).bearer(&two), 4), 2);
    assert_eq!(it.get(USER).bearer(&renewed).status(), 429);
}

#[test]
fn adobes_bucket_leaks_as_the_clock_moves_and_not_a_millisecond_earlier() {
    let it = adobe("{ learner: { get: { per_minute: 60, burst: 2 } } }");
    let ask = it.get(USER).bearer("ann");
    assert_eq!(statuses(&ask, 3), [200; 3]);
    let wait = || {
        let answer = ask.clone().send();
        answer.header("retry-after").map(str::to_owned)
    };
    assert_eq!(wait().as_deref(), Some("3.000"));
    it.advance("999ms");
    // What was refused did not count.
    assert_eq!(wait().as_deref(), Some("2.001"));
    it.advance("1ms");
    assert_eq!(statuses(&ask, 2), [200, 429]);
    it.advance("1s 500us");
    assert_eq!(statuses(&ask, 1), [200]);
    // Never too short.
    assert_eq!(wait().as_deref(), Some("3.000"));
    it.advance("2us");
    assert_eq!(wait().as_deref(), Some("3.000"));
}

#[test]
fn who_waits_as_long_as_adobe_says_has_the_whole_burst_again() {
    let limits = "{ learner: { get: { per_minute: 60, burst: 2 } } }";
    for (wait, passes) in [("3s", 3), ("2999ms", 2), ("1h", 3)] {
        let it = adobe(limits);
        let ask = it.get(USER).bearer("ann");
        assert_eq!(statuses(&ask, 4), [200, 200, 200, 429]);
        it.advance(wait);
        assert_eq!(passing(&ask, 5), passes, "{wait}");
    }
}

#[test]
fn adobe_says_what_applies_with_every_answer_to_somebody() {
    let it = adobe("{ admin: { get: { per_minute: 600, burst: 10 } } }");
    let shown = |ask: Ask<'_>| {
        let answer = ask.send();
        let field = |name| answer.header(name).map(str::to_owned);
        field("x-rate-limit").zip(field("x-burst"))
    };
    let expected = Some(("600r/m".to_owned(), "10".to_owned()));
    assert_eq!(shown(it.get(USER).bearer("ada")), expected);
    let nowhere = "/alm/primeapi/v2/nothing";
    assert_eq!(shown(it.get(nowhere).bearer("ada")), expected);
    assert_eq!(shown(it.get(USER).bearer("ann")), None);
    assert_eq!(shown(it.call("PUT", nowhere).bearer("ada")), None);
    assert_eq!(shown(it.get(USER).bearer("nobody")), None);
    assert_eq!(shown(it.get(USER)), None);
    assert_eq!(shown(it.get("/alm/oauth/token/check").bearer("ada")), None);
}

#[test]
fn adobe_asks_who_calls_first_and_meters_before_it_looks_at_the_path() {
    let it = adobe("{ learner: { get: { per_minute: 1 }, post: { per_minute: 1 } } }");
    for token in ["expired", "nobody"] {
        assert_eq!(statuses(&it.get(USER).bearer(token), 3), [401; 3]);
    }
    let nowhere = it.get("/alm/primeapi/v2/nothing").bearer("ann");
    assert_eq!(statuses(&nowhere, 2), [404, 429]);
    // Neither what lies beside the API nor OAuth is metered.
    let beside = it.get("/alm/oauth/nothing").bearer("ann");
    assert_eq!(statuses(&beside, 3), [404; 3]);
    let form = "client_id=one&client_secret=s&refresh_token=r-one";
    let refresh = it.post("/alm/oauth/token/refresh").bearer("ann").form(form);
    assert_eq!(statuses(&refresh, 3), [200; 3]);
    let options = it.call("OPTIONS", USER).bearer("ann");
    assert_eq!(statuses(&options, 3), [200; 3]);
    let entry = nowhere.send().entry.unwrap();
    assert_eq!(entry.why.passed, [Gate::Authenticate]);
    assert_eq!(
        entry.why.refused.as_deref(),
        Some("the caller asked too often")
    );
}

#[test]
fn open_edx_meters_each_user_over_all_enrollment_views() {
    let it = campus("{ user: { per_minute: 3 }, staff: { per_minute: 4 } }");
    let staff = |ask: Ask<'_>| ask.bearer("oe-staff").status();
    assert_eq!(staff(it.post(BULK).json("{}")), 400);
    assert_eq!(staff(it.get(ENROLLMENTS)), 200);
    assert_eq!(staff(it.get(OWN)), 200);
    assert_eq!(staff(it.call("PUT", BULK)), 405);
    for ask in [it.post(BULK), it.get(ENROLLMENTS), it.get(OWN)] {
        assert_eq!(staff(ask), 429);
    }
    // Others have a window of their own, and what is no enrollment view has none.
    assert_eq!(passing(&it.get(OWN).bearer("oe-learner"), 6), 3);
    assert_eq!(passing(&it.get(OWN).bearer("oe-admin"), 6), 3);
    let so2 = "/openedx/api/so2/v1/enrollments";
    assert_eq!(staff(it.get(so2)), 200);
    assert_eq!(staff(it.get("/openedx/api/user/v1/me")), 200);
}

#[test]
fn open_edx_counts_who_may_and_nobody_else() {
    let it = campus("{ user: { per_minute: 1 } }");
    let bulk = it.post(BULK).bearer("oe-learner");
    assert_eq!(statuses(&bulk, 3), [403; 3]);
    let other = it.get(OWN).bearer("oe-learner").accept("text/html");
    assert_eq!(statuses(&other, 3), [406; 3]);
    assert_eq!(statuses(&it.get(OWN).bearer("nobody"), 3), [401; 3]);
    assert_eq!(passing(&it.get(OWN).bearer("oe-learner"), 2), 1);
    // Staff are not limited here.
    assert_eq!(statuses(&it.get(OWN).bearer("oe-staff"), 5), [200; 5]);
    // It is the user who is metered, however often the token is renewed.
    let it = campus("{ staff: { per_minute: 1 } }");
    for (n, status) in [(1, 200), (2, 429)] {
        let form = "grant_type=client_credentials&client_id=oe-client&client_secret=oe-secret";
        let answer = it.post("/openedx/oauth2/access_token").form(form).send();
        let body: serde_json::Value = serde_json::from_slice(&answer.ok().body).unwrap();
        let token = body["access_token"].as_str().unwrap();
        assert_eq!(it.get(OWN).bearer(token).status(), status, "token {n}");
    }
}

#[test]
fn open_edxs_window_slides_and_its_wait_is_exact() {
    let it = campus("{ user: { per_minute: 2 } }");
    let ask = it.get(OWN).bearer("oe-learner");
    let refused = |seconds: &str, words: &str| {
        let answer = ask.clone().send();
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), Some(seconds));
        let expected =
            format!(r#"{{"detail":"Request was throttled. Expected available in {words}."}}"#);
        assert_eq!(answer.text(), expected);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("allow"), Some("GET, POST, HEAD, OPTIONS"));
    };
    assert_eq!(ask.clone().status(), 200);
    it.advance("20s");
    assert_eq!(ask.clone().status(), 200);
    refused("40", "40 seconds");
    it.advance("1ms");
    refused("40", "40 seconds");
    it.advance("38s 999ms");
    refused("1", "1 second");
    it.advance("999ms");
    refused("1", "1 second");
    it.advance("1ms");
    // The first one has left, the second one not yet.
    assert_eq!(statuses(&ask, 1), [200]);
    refused("20", "20 seconds");
}

#[test]
fn open_edxs_list_drops_the_header_but_in_the_newest_release() {
    for (profile, header) in [("legacy", None), ("classic", None), ("ulmo", Some("60"))] {
        let it = emulator(&format!(
            "rate_limits: {{ openedx: {{ staff: {{ per_minute: 1 }} }} }}{CAMPUS}  behaviour: {{ profile: {profile} }}\n"
        ));
        let ask = it.get(ENROLLMENTS).bearer("oe-staff");
        assert_eq!(ask.clone().status(), 200);
        let answer = ask.send();
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), header, "{profile}");
        assert_eq!(
            answer.text(),
            r#"{"developer_message":"Request was throttled. Expected available in 60 seconds."}"#
        );
    }
}

#[test]
fn ispring_meters_each_caller_right_behind_the_look_at_the_token() {
    let it = emulator(&format!(
        "rate_limits: {{ ispring: {{ all: {{ per_minute: 2 }} }} }}{SCHOOL}"
    ));
    let list = it.get("/enrollment").token("account");
    assert_eq!(statuses(&list, 2), [200; 2]);
    it.advance("1500ms");
    let xml = list.clone().send();
    assert_eq!(xml.status, 429);
    assert_eq!(xml.header("retry-after"), Some("59"));
    assert!(
        xml.text()
            .ends_with("<code>429</code><message>Too Many Requests</message></response>")
    );
    let json = list.clone().accept("application/json").send();
    assert_eq!(json.text(), r#"{"code":429,"message":"Too Many Requests"}"#);
    // A caller without the right is metered too, somebody without a path or a token is not.
    let learner = it.get("/enrollment").token("learner");
    assert_eq!(statuses(&learner, 3), [403, 403, 429]);
    assert_eq!(
        statuses(&it.get("/enrollment").token("nobody"), 3),
        [401; 3]
    );
    assert_eq!(it.get("/ispring/nothing").token("account").status(), 404);
    let form = "grant_type=client_credentials&client_id=client&client_secret=secret";
    let token = it.post("/ispring/api/v3/token").form(form);
    assert_eq!(statuses(&token, 3), [200; 3]);
    it.advance("58s 499ms");
    assert_eq!(list.clone().status(), 429);
    it.advance("1ms");
    assert_eq!(list.status(), 200);
}

#[test]
fn nothing_is_limited_that_the_scenario_does_not_name() {
    let it = emulator(&format!("{PEOPLE}{CAMPUS}"));
    assert_eq!(passing(&it.get(USER).bearer("ann"), 500), 500);
    assert_eq!(passing(&it.get(OWN).bearer("oe-learner"), 500), 500);
}

#[test]
fn a_clock_that_is_set_back_gives_nothing_back_and_bans_nobody() {
    let limits = "rate_limits:
  alm: { learner: { get: { per_minute: 60, burst: 2 } } }
  openedx: { user: { per_minute: 3 } }";
    let it = emulator(&format!("{limits}{PEOPLE}{CAMPUS}"));
    let set = |now: &str| {
        let body = format!("{{\"now\":\"{now}\"}}");
        it.post("/__admin/clock").json(&body).send().ok();
    };
    let adobe = it.get(USER).bearer("ann");
    let campus = it.get(OWN).bearer("oe-learner");
    for ask in [&adobe, &campus] {
        assert_eq!(statuses(ask, 4), [200, 200, 200, 429]);
    }
    set("1999-01-01T00:00:00Z");
    for ask in [&adobe, &campus] {
        assert_eq!(ask.clone().status(), 429);
    }
    it.advance("1s");
    assert_eq!(statuses(&adobe, 2), [200, 429]);
    assert_eq!(campus.clone().status(), 429);
    it.advance("59s");
    for ask in [&adobe, &campus] {
        assert_eq!(passing(ask, 5), 3);
    }
    set("9999-12-30T21:00:00Z");
    for ask in [&adobe, &campus] {
        assert_eq!(passing(ask, 5), 3);
    }
    set("0001-01-01T00:00:00Z");
    for ask in [&adobe, &campus] {
        assert_eq!(passing(ask, 5), 0);
    }
}

#[test]
fn a_reset_of_state_empties_the_buckets_and_one_of_the_clock_does_not() {
    let it = adobe("{ learner: { get: { per_minute: 1 } } }");
    let ask = it.get(USER).bearer("ann");
    assert_eq!(statuses(&ask, 2), [200, 429]);
    it.main().reset(&[Part::Clock, Part::Journal, Part::Faults]);
    assert_eq!(ask.clone().status(), 429);
    it.main().reset(&[Part::State]);
    assert_eq!(statuses(&ask, 2), [200, 429]);
}

#[test]
fn a_childs_limit_replaces_its_parents_entry_by_entry() {
    let directory = tempfile::tempdir().unwrap();
    let base = format!(
        "version: 1\nclock: {{ now: {NOW}, ticking: false }}\nrate_limits:\n\
         \x20 alm: {{ learner: {{ get: {{ per_minute: 60, burst: 3 }}, put: {{ per_minute: 1 }} }} }}\n\
         \x20 openedx: {{ user: {{ per_minute: 2 }} }}{PEOPLE}{CAMPUS}"
    );
    let child = "version: 1\nextends: ./base.yaml\nrate_limits:\n\
                 \x20 alm: { learner: { get: { per_minute: 30 } } }\n\
                 \x20 openedx: { staff: { per_minute: 5 } }\n";
    std::fs::write(directory.path().join("base.yaml"), base).unwrap();
    let path = directory.path().join("child.yaml");
    std::fs::write(&path, child).unwrap();
    let scenario = Scenario::load(&Source::Path(path), Overrides::default()).unwrap();
    let it = Emulator::new(scenario, Bounds::default());
    // The whole entry is replaced: no burst is left.
    assert_eq!(passing(&it.get(USER).bearer("ann"), 5), 1);
    let put = it.call("PUT", "/alm/primeapi/v2/nothing").bearer("ann");
    assert_eq!(passing(&put, 5), 1);
    assert_eq!(passing(&it.get(OWN).bearer("oe-learner"), 9), 2);
    assert_eq!(passing(&it.get(OWN).bearer("oe-staff"), 9), 5);
}

#[test]
fn a_fault_without_a_time_of_its_own_gets_the_vendors_sample() {
    let it = emulator(&format!("{SCHOOL}{PEOPLE}{CAMPUS}"));
    let said = |vendor: Vendor, error: &ApiError| {
        let request = it.get("/").request;
        let reply = refusal(&it.main(), (vendor, 0), error, &request);
        let header = |name: &str| {
            let value = reply.headers.get(name);
            value.map(|value| value.to_str().unwrap().to_owned())
        };
        let retry_after = header("retry-after");
        let rate = header("x-rate-limit").zip(header("x-burst"));
        (reply.status, retry_after, rate, header("content-type"))
    };
    let seconds = |text: &str| Some(text.to_owned());
    let sample = Some(("60r/m".to_owned(), "10".to_owned()));
    for (vendor, unsaid, said_so, rate) in [
        (Vendor::Alm, "10.752", "2.500", sample),
        (Vendor::Openedx, "60", "3", None),
        (Vendor::Ispring, "60", "3", None),
    ] {
        let wait = Some(Duration::from_millis(2_500));
        for (error, expected) in [
            (ApiError::Throttled(None), unsaid),
            (ApiError::Throttled(wait), said_so),
        ] {
            let (status, retry_after, shown, _) = said(vendor, &error);
            assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(retry_after, seconds(expected), "{vendor:?}");
            assert_eq!(shown, rate, "{vendor:?}");
        }
        for (wait, expected) in [(None, None), (wait, seconds("3"))] {
            let (status, retry_after, shown, media) = said(vendor, &ApiError::Unavailable(wait));
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!((retry_after, shown), (expected, None), "{vendor:?}");
            let page = match vendor {
                Vendor::Ispring => "application/xml",
                Vendor::Openedx | Vendor::Alm => "text/html",
            };
            assert_eq!(media.as_deref(), Some(page));
        }
    }
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn at(millis: i64) -> Timestamp {
    now() + SignedDuration::from_millis(millis)
}

fn key(who: &str) -> Key {
    Key {
        class: Class("openedx user"),
        who: who.into(),
    }
}

fn rate(per_minute: u32, burst: u32) -> Rate {
    Rate { per_minute, burst }
}

#[test]
fn two_worlds_share_rates_and_no_buckets() {
    let class = Class("openedx user");
    let rates = Arc::new(Rates::new(BTreeMap::from([(class, rate(1, 0))])));
    let worlds = [Limits::new(Arc::clone(&rates)), Limits::new(rates)];
    for world in &worlds {
        let rate = world.rates().of(class).unwrap();
        assert_eq!(world.slide(key("x"), rate, now()), Ok(()));
        assert!(world.slide(key("x"), rate, now()).is_err());
    }
}

#[test]
fn of_too_many_callers_those_are_forgotten_first_who_are_idle_soonest() {
    let limits = Limits::new(Arc::default());
    let slow = rate(1, 0);
    assert_eq!(limits.leak(key("patient"), slow, at(0)), Ok(()));
    let fast = rate(1_000, 0);
    for n in 0..=KEYS_AT_MOST {
        assert_eq!(limits.leak(key(&n.to_string()), fast, at(0)), Ok(()));
    }
    // The one that would have been idle first is, and has its call back; the slow one has not.
    assert_eq!(limits.leak(key("0"), fast, at(0)), Ok(()));
    assert!(limits.leak(key("patient"), slow, at(0)).is_err());
    let last = KEYS_AT_MOST.to_string();
    assert!(limits.leak(key(&last), fast, at(0)).is_err());
}

#[test]
fn a_large_window_lets_its_calls_go_in_small_steps() {
    let limits = Limits::new(Arc::default());
    let large = rate(20_000, 0);
    for n in 0..20_000 {
        assert_eq!(limits.slide(key("x"), large, at(n)), Ok(()), "{n}");
    }
    let wait = limits.slide(key("x"), large, at(20_000));
    assert_eq!(wait, Err(Duration::from_secs(40)));
    let passing = (0..200).filter(|_| limits.slide(key("x"), large, at(60_000)).is_ok());
    assert_eq!(
        passing.count(),
        61,
        "those of the first 60 ms and the one at its end"
    );
}

proptest! {
    #[test]
    fn a_window_is_as_a_list_of_all_its_calls(
        per_minute in 1..6u32,
        steps in proptest::collection::vec(0..25_000i64, 1..60),
    ) {
        let limits = Limits::new(Arc::default());
        let mut calls: VecDeque<i64> = VecDeque::new();
        let mut time = 0;
        for step in steps {
            time += step;
            while calls.front().is_some_and(|first| *first <= time - 60_000) {
                calls.pop_front();
            }
            let expected = match calls.len() < per_minute as usize {
                true => {
                    calls.push_back(time);
                    Ok(())
                }
                false => Err(Duration::from_millis((calls[0] + 60_000 - time) as u64)),
            };
            prop_assert_eq!(limits.slide(key("x"), rate(per_minute, 0), at(time)), expected);
        }
    }

    #[test]
    fn a_bucket_is_as_arithmetic_says(
        burst in 0..4u32,
        steps in proptest::collection::vec(0..2_500i64, 1..60),
    ) {
        // One call a second, counted in thousandths of a call.
        let limits = Limits::new(Arc::default());
        let (mut excess, mut last) = (-1_000, 0);
        let mut time = 0;
        for step in steps {
            time += step;
            let found = (excess - (time - last) + 1_000).max(0);
            let expected = match found <= i64::from(burst) * 1_000 {
                true => {
                    (excess, last) = (found, time);
                    Ok(())
                }
                false => Err(Duration::from_millis(found as u64)),
            };
            prop_assert_eq!(limits.leak(key("x"), rate(60, burst), at(time)), expected);
        }
    }
}
