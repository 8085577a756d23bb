//! What a client must have done: claims, how they are written, and the verdict.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::expect::{Judged, Manner, Seen, Verdict};
use enrollmock::internals::http::Request;
use enrollmock::internals::journal::{Bounds, Journal, NewEntry};
use enrollmock::internals::platform::{Kind, Vendor};
use enrollmock::internals::scenario::{Overrides, Scenario, Source};
use hyper::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Ask, Calls, emulator, scenario};

/// All three vendors with lists of several pages.
pub const WORLD: &str = "
generate: { learners: 120, courses: 8, enrollments_per_learner: { min: 2, max: 2 }, vendors: [ispring, openedx] }
ispring:
  users: [{ id: $u1, role: account_administrator }, { id: $u2, role: account_administrator }]
  content: [{ id: $c1 }]
  credentials:
    - { token: ispring-one, user: $u1 }
    - { token: ispring-two, user: $u2 }
    - { token: ispring-short, user: $u1, expires: 2024-06-09T13:06:09Z }
openedx:
  users: [{ username: one, staff: true }, { username: two, staff: true }]
  courses: [{ key: 'course-v1:a+b+c' }]
  credentials:
    - { token: openedx-one, user: one }
    - { token: openedx-two, user: two }
    - { token: openedx-short, user: one, expires: 2024-06-09T13:06:09Z }
alm:
  users: [{ id: 1, roles: [admin] }, { id: 2, roles: [admin] }, { id: 7 }]
  learning_objects:
    - { id: 'course:10', instances: [{ id: 'course:10_1' }] }
    - { id: 'course:20', instances: [{ id: 'course:20_1' }] }
    - { id: 'course:30', instances: [{ id: 'course:30_1' }] }
    - { id: 'course:40', instances: [{ id: 'course:40_1' }] }
  enrollments:
    - { user: 7, instance: 'course:10_1', enrolled: 2024-01-01T00:00:00Z }
    - { user: 7, instance: 'course:20_1', enrolled: 2024-01-02T00:00:00Z }
    - { user: 7, instance: 'course:30_1', enrolled: 2024-01-03T00:00:00Z }
  credentials:
    - { token: alm-one, user: 1 }
    - { token: alm-two, user: 2 }
    - { token: alm-short, user: 1, expires: 2024-06-09T13:06:09Z }
";

/// The world, with more keys of a scenario.
pub fn world(more: &str) -> Emulator {
    emulator(&format!("{WORLD}{more}"))
}

/// The world in which this manner is claimed.
pub fn claiming(manner: Manner, more: &str) -> Emulator {
    let name = manner.name();
    world(&format!("{more}\nexpect: [{{ manners: [{name}] }}]\n"))
}

/// A request by `one` or `two`, with the vendor's way to show a token.
pub fn by<'a>(ask: Ask<'a>, vendor: Vendor, who: &str) -> Ask<'a> {
    let token = format!("{}-{who}", vendor.name());
    let ask = ask.header("host", "localhost");
    match vendor {
        Vendor::Ispring => ask.token(&token).accept("application/json"),
        Vendor::Openedx => ask.bearer(&token).accept("application/json"),
        Vendor::Alm => ask.header("authorization", &format!("oauth {token}")),
    }
}

/// The operation that lists page by page.
pub fn list_of(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Ispring => "list_enrollments_paged",
        Vendor::Openedx => "list_enrollments",
        Vendor::Alm => "list_user_enrollments",
    }
}

/// A page of the vendor's list, as somebody sees it.
pub fn page(it: &Emulator, vendor: Vendor, who: &str, cursor: Option<&str>) -> Answer {
    let (list, name) = match vendor {
        Vendor::Ispring => ("/ispring/enrollments?pageSize=100", "pageToken"),
        Vendor::Openedx => ("/openedx/api/enrollment/v1/enrollments?", "cursor"),
        Vendor::Alm => (
            "/alm/primeapi/v2/users/7/enrollments?page[limit]=1",
            "page[cursor]",
        ),
    };
    let cursor = cursor.map(|cursor| {
        let encoded: String = form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
        format!("&{name}={encoded}")
    });
    let target = format!("{list}{}", cursor.unwrap_or_default());
    by(it.get(&target), vendor, who).send()
}

/// The cursor that leads on from a page.
pub fn next(vendor: Vendor, page: &Answer) -> Option<String> {
    let body: Value = serde_json::from_slice(&page.body).unwrap();
    let (link, name) = match vendor {
        Vendor::Ispring => return body["nextPageToken"].as_str().map(str::to_owned),
        Vendor::Openedx => (body["next"].as_str()?.to_owned(), "cursor"),
        Vendor::Alm => (body["links"]["next"].as_str()?.to_owned(), "page[cursor]"),
    };
    let (_, query) = link.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(known, _)| known == name);
    found.map(|(_, cursor)| cursor.into_owned())
}

/// Walks the vendor's list from a page to its end: the ids of the requests.
pub fn walk(it: &Emulator, vendor: Vendor, who: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let answer = page(it, vendor, who, cursor.as_deref()).ok();
        ids.push(id(&answer));
        cursor = next(vendor, &answer);
        if cursor.is_none() {
            return ids;
        }
    }
}

/// The id of a request's entry.
pub fn id(answer: &Answer) -> String {
    answer.entry.as_ref().unwrap().id.clone()
}

/// The verdict on the only claim.
pub fn judged(it: &Emulator) -> Judged {
    let mut verdict = it.main().judge.verdict();
    assert_eq!(verdict.judged.len(), 1);
    verdict.judged.remove(0)
}

/// The requests that broke the only claim; none if it is kept. What the journal says of it is the same.
pub fn broken(it: &Emulator) -> Vec<String> {
    let judged = judged(it);
    assert_eq!(judged.kept, judged.requests.is_empty(), "{judged:?}");
    assert!(!judged.unsure && !judged.reason.is_empty(), "{judged:?}");
    let claims = format!("{{\"expect\":[{{\"manners\":[\"{}\"]}}]}}", judged.claim);
    let (status, from_journal) = verify(it, &claims);
    assert_eq!(status == 200, judged.kept, "{from_journal}");
    let named = &from_journal["judged"][0]["requests"];
    assert_eq!(*named, json!(judged.requests), "{from_journal}");
    judged.requests
}

/// What the admin API says of these claims.
pub fn verify(it: &Emulator, claims: &str) -> (u16, Value) {
    let answer = it.post("/__admin/verify").json(claims).send();
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

fn problems(expect: &str) -> Vec<String> {
    let source = Source::Inline {
        name: "s".to_owned(),
        text: format!("version: 1\n{expect}"),
        beside: None,
    };
    let problems = Scenario::load(&source, Overrides::default()).err();
    let problems = problems.unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn every_page_is_walked_or_the_last_one_seen_is_named() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = claiming(Manner::WalksEveryPage, "");
        assert!(broken(&it).is_empty());
        assert_eq!(walk(&it, vendor, "one").len(), 3, "{vendor:?}");
        assert!(broken(&it).is_empty(), "{vendor:?}");
        let first = page(&it, vendor, "one", None);
        assert_eq!(broken(&it), [id(&first)], "{vendor:?}");
        // Another one's walk makes nothing good.
        walk(&it, vendor, "two");
        assert_eq!(broken(&it), [id(&first)], "{vendor:?}");
        let second = page(&it, vendor, "one", next(vendor, &first).as_deref());
        assert_eq!(broken(&it), [id(&second)], "{vendor:?}");
        // A walk from the first page to the end does, one that is left again does not.
        let again = page(&it, vendor, "one", None);
        assert_eq!(broken(&it), [id(&second), id(&again)], "{vendor:?}");
        walk(&it, vendor, "one");
        assert!(broken(&it).is_empty(), "{vendor:?}");
    }
}

#[test]
fn a_list_by_post_is_walked_as_well() {
    let it = claiming(Manner::WalksEveryPage, "");
    let post = |token: Option<&str>| {
        let token = token.map(|token| format!(",\"pageToken\":\"{token}\""));
        let body = format!("{{\"pageSize\":200{}}}", token.unwrap_or_default());
        let ask = it.post("/ispring/enrollments").json(&body);
        by(ask, Vendor::Ispring, "one").send().ok()
    };
    let first = post(None);
    assert_eq!(broken(&it), [id(&first)]);
    post(first.next().as_deref());
    assert!(broken(&it).is_empty());
}

#[test]
fn a_cursor_goes_back_as_it_came_or_it_is_found_out() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = claiming(Manner::KeepsCursorOpaque, "");
        walk(&it, vendor, "one");
        assert!(broken(&it).is_empty(), "{vendor:?}");
        let first = page(&it, vendor, "one", None);
        let cursor = next(vendor, &first).unwrap();
        // Another one got the same from another list of their own, or not at all.
        let stolen = page(&it, vendor, "two", Some(&cursor));
        assert_eq!(broken(&it), [id(&stolen)], "{vendor:?}");
        let invented = page(&it, vendor, "one", Some("invented"));
        assert!(invented.status >= 400, "{vendor:?}");
        assert_eq!(broken(&it), [id(&stolen), id(&invented)], "{vendor:?}");
        page(&it, vendor, "one", Some(&cursor)).ok();
        assert_eq!(broken(&it).len(), 2, "{vendor:?}");
    }
}

#[test]
fn a_cursor_that_was_computed_is_found_out_though_it_works() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let it = claiming(Manner::KeepsCursorOpaque, "");
    page(&it, Vendor::Alm, "one", None).ok();
    let counted = r#"{"jobAid":0,"course":2,"learningProgram":0,"certification":0}"#;
    let computed = page(&it, Vendor::Alm, "one", Some(&STANDARD.encode(counted))).ok();
    assert_eq!(broken(&it), [id(&computed)]);
    let it = claiming(Manner::KeepsCursorOpaque, "");
    page(&it, Vendor::Openedx, "one", None).ok();
    let computed = page(&it, Vendor::Openedx, "one", Some(&STANDARD.encode("o=100"))).ok();
    assert_eq!(broken(&it), [id(&computed)]);
}

#[test]
fn the_way_back_is_a_cursor_too() {
    let it = claiming(Manner::KeepsCursorOpaque, "");
    let first = page(&it, Vendor::Openedx, "one", None).ok();
    let second = page(
        &it,
        Vendor::Openedx,
        "one",
        next(Vendor::Openedx, &first).as_deref(),
    )
    .ok();
    let body: Value = serde_json::from_slice(&second.body).unwrap();
    let previous = body["previous"].as_str().unwrap();
    let query = previous.split_once('?').unwrap().1.to_owned();
    let back = it.get(&format!("/openedx/api/enrollment/v1/enrollments?{query}"));
    by(back, Vendor::Openedx, "one").send().ok();
    assert!(broken(&it).is_empty());
}

#[test]
fn a_secret_in_a_url_is_found_out_whatever_it_is_called() {
    for (target, is_secret) in [
        ("/ispring/enrollments?pageSize=2", false),
        ("/ispring/enrollments?pageSize=2&code=1&key=2", false),
        ("/ispring/enrollments?password=", false),
        ("/ispring/enrollments?password=x", true),
        ("/ispring/enrollments?Client%5FSecret=x", true),
        ("/ispring/enrollments?refresh_token=x", true),
        ("/ispring/enrollments?x=Bearer+abcdefgh", true),
        ("/openedx/api/enrollment/v1/enrollments?token=x", true),
        ("/openedx/api/enrollment/v1/enrollments?username=bob", false),
        ("/openedx/api/x/eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.abc", true),
        // Documented there, and a secret in everybody's logs all the same.
        ("/alm/primeapi/v2/user?access_token=alm-one", true),
        ("/alm/oauth/token/check?access_token=alm-one", true),
        ("/alm/primeapi/v2/user", false),
        ("/alm/primeapi/v2/user;token=x", true),
        ("/ispring/enrollment/password=x", true),
        ("/nowhere?access_token=x", true),
    ] {
        let it = claiming(Manner::NoSecretInUrl, "");
        let answer = it.get(target).header("host", "localhost").send();
        let expected: Vec<String> = is_secret.then(|| id(&answer)).into_iter().collect();
        assert_eq!(broken(&it), expected, "{target}");
    }
}

#[test]
fn calls_are_counted_by_what_they_are_like() {
    let it = world(
        "
expect:
  - on: { vendor: ispring, operation: list_enrollments_paged }
    times: 2
  - on: { operation: list_enrollments_paged, query: { pageSize: 100 }, principal: $u2 }
    times: { min: 1 }
  - on: { path: '/api/*' }
    times: 0
  - on: { method: POST }
    times: { max: 1 }
  - on: { vendor: alm }
    times: { min: 1, max: 2 }
",
    );
    let kept = || {
        let verdict = it.main().judge.verdict();
        verdict.judged.iter().map(|it| it.kept).collect::<Vec<_>>()
    };
    assert_eq!(kept(), [false, false, true, true, false]);
    page(&it, Vendor::Ispring, "one", None);
    assert_eq!(kept(), [false, false, true, true, false]);
    page(&it, Vendor::Ispring, "two", None);
    page(&it, Vendor::Alm, "one", None);
    assert_eq!(kept(), [true, true, true, true, true]);
    let over = page(&it, Vendor::Openedx, "one", None);
    it.post("/ispring/enrollment").send();
    it.post("/ispring/enrollment").send();
    let third = page(&it, Vendor::Ispring, "one", None);
    assert_eq!(kept(), [false, true, false, false, true]);
    let verdict = it.main().judge.verdict();
    let said: Vec<&str> = verdict.judged.iter().map(|it| it.claim.as_str()).collect();
    assert_eq!(
        said,
        [
            "ispring list_enrollments_paged: 2 times",
            &format!(
                "list_enrollments_paged pageSize=100 by {}: at least once",
                crate::support::id('u', 2)
            ),
            "/api/*: never",
            "POST: at most once",
            "alm: 1 to 2 times",
        ]
    );
    assert_eq!(verdict.judged[0].reason, "called 3 times, expected 2 times");
    assert_eq!(verdict.judged[0].requests.last(), Some(&id(&third)));
    assert_eq!(verdict.judged[2].requests, [id(&over)]);
    let places: Vec<_> = verdict
        .judged
        .iter()
        .map(|it| it.place.as_deref())
        .collect();
    assert!(places[0].unwrap().starts_with("inline:"), "{places:?}");
    it.post("/__admin/reset?only=journal").send();
    assert_eq!(kept(), [false, false, true, true, false]);
}

#[test]
fn no_more_than_twenty_requests_are_named() {
    let it = world(
        "expect: [{ on: { operation: get_enrollment }, times: 1 }, { manners: [no_secret_in_url] }]",
    );
    for _ in 0..30 {
        it.get("/ispring/enrollment/x?token=y").send();
    }
    let verdict = it.main().judge.verdict();
    assert_eq!(verdict.judged[0].requests.len(), 20);
    assert_eq!(verdict.judged[0].reason, "called 30 times, expected once");
    assert_eq!(verdict.judged[1].requests.len(), 20);
    assert!(verdict.judged[1].reason.ends_with("; and 29 more requests"));
}

#[test]
fn what_fits_no_operation_is_counted_even_if_nothing_is_claimed() {
    let it = world("");
    for _ in 0..30 {
        it.get("/ispring/enrolments").send();
    }
    page(&it, Vendor::Ispring, "one", None);
    let Verdict {
        judged,
        is_untouched: _,
        unmatched,
        examples,
    } = it.main().judge.verdict();
    assert!(judged.is_empty());
    assert_eq!((unmatched, examples.len()), (30, 20));
    assert!(
        examples[0].starts_with("GET /ispring/enrolments"),
        "{}",
        examples[0]
    );
}

#[test]
fn what_a_browser_asks_before_a_call_is_not_held_against_the_client() {
    let it = world("");
    assert_eq!(
        it.call("OPTIONS", "/alm/primeapi/v2/user").send().status,
        200
    );
    assert_eq!(it.main().judge.verdict().unmatched, 0);
    // This vendor refuses it.
    assert_eq!(it.call("OPTIONS", "/ispring/enrollment").send().status, 405);
    assert_eq!(it.main().judge.verdict().unmatched, 1);
}

#[test]
fn what_is_claimed_wrongly_is_refused_with_its_cure() {
    for (expect, problem) in [
        (
            "expect: [{ manners: [honors_retry_after] }]",
            "s:2:22: an item of `manners` is `honors_retry_after`, expected one of `honours_retry_after`, `walks_every_page`, `renews_expired_token`, `keeps_cursor_opaque`, `no_secret_in_url`, `no_blind_retry_of_writes`; did you mean `honours_retry_after`?",
        ),
        (
            "expect: [{ times: 3 }]",
            "s:2:19: `times` without `on` does not say of what; add `on`, such as `on: { operation: list_enrollments }`",
        ),
        (
            "expect: [{ on: { vendor: alm } }]",
            "s:2:16: `on` without `times` expects nothing; add `times: { min: 1 }`",
        ),
        (
            "expect: [{ on: { vendor: alm }, times: 1, manners: [no_secret_in_url] }]",
            "s:2:40: `manners` are kept in all calls: they stand without `on` and `times`; make it two expectations",
        ),
        (
            "expect: [{}]",
            "s:2:10: an expectation is empty, expected `on` and `times`, or `manners`; fill it in or take it out",
        ),
        (
            "expect: [{ on: {}, times: {} }]",
            "s:2:27: `times` has neither `min` nor `max`; write `times: { min: 1 }`",
        ),
        (
            "expect: [{ on: {}, times: { min: 3, max: 2 } }]",
            "s:2:27: `min` is `3`, expected no more than `max`, 2",
        ),
        (
            "expect: [{ on: {}, times: { min: 0 } }]",
            "s:2:27: `times` of 0 or more expects nothing; write `times: { min: 1 }`",
        ),
        (
            "expect: [{ manners: [no_secret_in_url, no_secret_in_url] }]",
            "s:2:40: duplicate manner `no_secret_in_url`, first at line 2",
        ),
        (
            "expect: [{ on: { vendor: alm, operation: list_user_enrolments }, times: 1 }]",
            "did you mean `list_user_enrollments`?",
        ),
        (
            "expect: [{ on: { vendor: almm }, times: 1 }]",
            "did you mean `alm`?",
        ),
        (
            "expect: [{ on: { operatoin: list_enrollments }, times: 1 }]",
            "did you mean `operation`?",
        ),
        ("expect: [{ on: {}, times: -1 }]", "`times` is `-1`"),
        ("expect: [{ on: {}, time: 1 }]", "did you mean `times`?"),
        ("expect: [{ manners: [] }]", "`manners` is empty"),
    ] {
        let found = problems(expect);
        assert!(!found.is_empty(), "{expect}");
        let is_there =
            |line: &String| line == problem || line.ends_with(problem) || line.contains(problem);
        assert!(is_there(&found[0]), "{expect}\n{found:#?}");
        assert_eq!(found.len(), 1, "{expect}\n{found:#?}");
    }
}

#[test]
fn claims_over_http_are_judged_by_the_journal() {
    let it = world("");
    let first = page(&it, Vendor::Ispring, "one", None);
    let claims = r#"{"expect":[{"on":{"vendor":"ispring"},"times":1},{"manners":["walks_every_page","no_secret_in_url"]}]}"#;
    let (status, verdict) = verify(&it, claims);
    assert_eq!(status, 422);
    assert_eq!(
        verdict,
        json!({
            "kept": false, "incomplete": false, "dropped": 0,
            "judged": [
                { "claim": "ispring: once", "place": null, "kept": true, "unsure": false, "reason": "called once", "requests": [] },
                {
                    "claim": "walks_every_page", "place": null, "kept": false, "unsure": false,
                    "reason": format!("{} showed a next page, and nobody asked for it", id(&first)),
                    "requests": [id(&first)],
                },
                { "claim": "no_secret_in_url", "place": null, "kept": true, "unsure": false, "reason": "no URL held a secret", "requests": [] },
            ],
            "unmatched": 0, "examples": [],
        })
    );
    walk(&it, Vendor::Ispring, "one");
    let (status, verdict) = verify(&it, r#"{"expect":[{"manners":["walks_every_page"]}]}"#);
    assert_eq!((status, &verdict["kept"]), (200, &json!(true)));
    // Its own calls are not in the journal.
    let (_, verdict) = verify(&it, r#"{"expect":[{"on":{},"times":4}]}"#);
    assert_eq!(verdict["kept"], true, "{verdict}");
    assert_eq!(verify(&it, r#"{"expect":[]}"#).0, 200);
}

#[test]
fn without_claims_the_scenarios_are_meant() {
    let it = world("expect: [{ on: { vendor: alm }, times: 1 }]");
    for body in ["", "{}", " \n"] {
        let (status, verdict) = verify(&it, body);
        assert_eq!(status, 422, "{body:?}");
        assert_eq!(verdict["judged"][0]["claim"], "alm: once");
        let place = verdict["judged"][0]["place"].as_str().unwrap();
        assert!(place.starts_with("inline:"), "{place}");
    }
    page(&it, Vendor::Alm, "one", None);
    assert_eq!(verify(&it, "").0, 200);
}

#[test]
fn claims_over_http_that_cannot_be_read_are_refused() {
    let it = world("");
    for (body, what) in [
        (
            r#"{"expect":[{"manners":["walks_every_pages"]}]}"#,
            "did you mean `walks_every_page`?",
        ),
        (
            r#"{"expect":[{"times":1}]}"#,
            "body:1:21: `times` without `on`",
        ),
        (r#"{"expects":[]}"#, "expected `expect`"),
        (
            r#"{"expect":[{"on":{"headers":{"authorization":"x"}},"times":1}]}"#,
            "claim it in the scenario",
        ),
        (r#"[]"#, "expected a mapping"),
        (r#"{"expect":"#, "body:"),
    ] {
        let (status, answer) = verify(&it, body);
        assert_eq!(status, 400, "{body}");
        // One problem is said in full; of several each stands in `problems`.
        let said = answer["error"].as_str().unwrap();
        assert!(said.starts_with("these claims cannot be read: "), "{said}");
        assert!(said.contains(what), "{body}: {said}");
        assert!(answer["problems"][0]["line"].is_u64(), "{body}: {answer}");
    }
}

/// The world with a journal of so many entries.
fn with_journal(entries: usize, more: &str) -> Emulator {
    let bounds = Bounds {
        entries,
        ..Bounds::default()
    };
    Emulator::new(scenario(&format!("{WORLD}{more}")), bounds)
}

#[test]
fn where_the_journal_has_dropped_too_much_nobody_is_called_good_or_bad() {
    let manners = Manner::ALL.iter().map(|it| it.name()).collect::<Vec<_>>();
    let it = with_journal(
        2,
        &format!("expect: [{{ manners: [{}] }}]", manners.join(", ")),
    );
    walk(&it, Vendor::Ispring, "one");
    for manner in &manners {
        let (status, verdict) = verify(
            &it,
            &format!("{{\"expect\":[{{\"manners\":[\"{manner}\"]}}]}}"),
        );
        assert_eq!(status, 422, "{manner}");
        assert_eq!(verdict["incomplete"], true, "{manner}: {verdict}");
        assert_eq!(verdict["dropped"], 1, "{manner}");
        let reason = verdict["judged"][0]["reason"].as_str().unwrap();
        assert!(
            reason.starts_with("cannot be sure: the journal has dropped 1"),
            "{reason}"
        );
    }
    // What the scenario claims was judged as it happened.
    let (status, verdict) = verify(&it, "");
    assert_eq!(
        (status, &verdict["incomplete"]),
        (200, &json!(false)),
        "{verdict}"
    );
    // What was seen is seen, whatever came before.
    for (times, kept, incomplete) in [
        ("1", false, false),
        ("2", false, true),
        ("3", false, true),
        (r#"{"min":2}"#, true, false),
        (r#"{"min":3}"#, false, true),
        (r#"{"max":1}"#, false, false),
        (r#"{"max":3}"#, false, true),
    ] {
        let (_, verdict) = verify(
            &it,
            &format!("{{\"expect\":[{{\"on\":{{}},\"times\":{times}}}]}}"),
        );
        let found = (verdict["kept"].as_bool(), verdict["incomplete"].as_bool());
        assert_eq!(found, (Some(kept), Some(incomplete)), "{times}: {verdict}");
    }
    let first = page(&it, Vendor::Ispring, "one", None);
    let (_, verdict) = verify(&it, r#"{"expect":[{"manners":["walks_every_page"]}]}"#);
    assert_eq!(verdict["incomplete"], false);
    assert_eq!(verdict["judged"][0]["requests"], json!([id(&first)]));
}

#[test]
fn cursors_that_were_forgotten_are_not_held_against_anybody() {
    let it = claiming(Manner::KeepsCursorOpaque, "");
    let first = page(&it, Vendor::Alm, "one", None);
    let cursor = next(Vendor::Alm, &first);
    // Each limit shows another cursor: more of them than are remembered are given by one request each.
    let entry = first.entry.clone().unwrap();
    let (judge, journal) = (&it.main().judge, Journal::new("", Bounds::default()));
    let request = Request::new(Method::GET, &entry.path);
    for number in 0..20_000 {
        let mut why = entry.why.clone();
        why.page.as_mut().unwrap().next = Some(number.to_string());
        let note = journal.record(NewEntry {
            at: entry.at,
            elapsed_us: entry.elapsed_us,
            duration_us: entry.duration_us,
            vendor: entry.vendor,
            surface: None,
            operation: entry.operation,
            kind: Some(Kind::List),
            principal: entry.principal.as_deref().map(Into::into),
            request: &request,
            status: entry.status,
            response_headers: &entry.response_headers,
            response_body: &[],
            is_whole: true,
            may_show_secrets: false,
            fault: None,
            why,
            signals: entry.signals,
        });
        judge.observe(&Seen {
            request: &request,
            is_whole: true,
            entry: &note,
        });
    }
    assert!(judged(&it).kept);
    page(&it, Vendor::Alm, "one", cursor.as_deref()).ok();
    let judged = judged(&it);
    assert!(!judged.kept && judged.unsure, "{judged:?}");
    assert!(
        judged.reason.contains("than are remembered"),
        "{}",
        judged.reason
    );
}
