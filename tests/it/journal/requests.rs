//! `/__admin/requests`: the journal as people and tests read it.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::{Bounds, Follow};
use serde_json::{Value, json};

use crate::support::{CAMPUS, CROWD, Calls, SCHOOL, emulator, scenario, school, story};

/// What an admin call answers.
fn admin(it: &Emulator, target: &str) -> Value {
    let answer = it.get(target).send().ok();
    serde_json::from_slice(&answer.body).unwrap()
}

/// What is wrong with an admin call: its status and its message.
fn refused(it: &Emulator, target: &str) -> (u16, String) {
    let answer = it.get(target).send();
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    (answer.status, body["error"].as_str().unwrap().to_owned())
}

/// The numbers of the requests that a query finds.
fn seqs(it: &Emulator, query: &str) -> Vec<u64> {
    let found = admin(it, &format!("/__admin/requests?{query}"));
    let found = found["requests"].as_array().unwrap();
    found.iter().map(|it| it["seq"].as_u64().unwrap()).collect()
}

/// An emulator with two schools' worth of requests behind it.
fn visited() -> Emulator {
    let it = emulator(&format!("{SCHOOL}{CAMPUS}"));
    it.get("/ispring/enrollment").token("account").send().ok();
    it.get("/ispring/enrollment").token("nobody").send();
    it.get("/openedx/api/so2/v1/enrollments")
        .bearer("oe-staff")
        .send()
        .ok();
    it.get("/nowhere").send();
    it.get("/ispring/enrolment").token("account").send();
    it
}

#[test]
fn an_entry_has_the_documented_members_in_their_order() {
    let it = school();
    it.post("/ispring/enrollment?a=1")
        .token("account")
        .header("x-twice", "one")
        .header("x-twice", "two")
        .json("{}")
        .send();
    let listed = admin(&it, "/__admin/requests");
    assert_eq!(listed["dropped"], 0);
    let entry = &listed["requests"][0];
    let members: Vec<&String> = entry.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "id",
            "seq",
            "at",
            "elapsed_us",
            "sandbox",
            "vendor",
            "operation",
            "principal",
            "method",
            "path",
            "query",
            "request_headers",
            "request_body",
            "status",
            "response_headers",
            "response_body",
            "fault",
            "duration_us",
            "why"
        ]
    );
    assert_eq!(entry["id"], "r-1");
    assert_eq!(entry["at"], "2024-06-09T13:05:09Z");
    assert_eq!(entry["query"], "a=1");
    assert_eq!(entry["request_body"], "{}");
    assert_eq!(entry["request_headers"]["authorization"], "***");
    assert_eq!(entry["request_headers"]["x-twice"], json!(["one", "two"]));
    assert_eq!(entry["fault"], Value::Null);
    let alone = admin(&it, "/__admin/requests/r-1");
    assert_eq!(alone, *entry, "the one entry is not wrapped");
}

#[test]
fn filters_find_what_they_name() {
    let it = visited();
    for (query, expected) in [
        ("", &[1, 2, 3, 4, 5][..]),
        ("vendor=ispring", &[1, 2, 5]),
        ("vendor=alm", &[]),
        ("operation=list_enrollments", &[1, 2]),
        ("operation=list_enrollments&status=200", &[1]),
        ("status=200", &[1, 3]),
        ("since=3", &[4, 5]),
        ("since=r-4", &[5]),
        ("limit=2", &[4, 5]),
        ("limit=0", &[]),
        ("limit=1&vendor=openedx", &[3]),
        ("operation=null", &[4, 5]),
        ("operation=", &[4, 5]),
        ("operation=null&vendor=ispring", &[5]),
    ] {
        assert_eq!(seqs(&it, query), expected, "{query}");
    }
}

#[test]
fn what_a_filter_cannot_mean_is_refused_with_the_nearest_right_name() {
    let it = school();
    for (query, expected) in [
        ("vendors=alm", "\"vendor\""),
        ("vendor=isprng", "\"ispring\""),
        ("operation=list_enrolments", "\"list_enrollments\""),
        (
            "operation=bulk_enroll&vendor=ispring",
            "operation of ispring",
        ),
        ("status=2xx", "100 to 999"),
        ("status=42", "100 to 999"),
        ("since=yesterday", "`seq`"),
        ("since=r-other-1", "`seq`"),
        ("limit=-1", "not a number"),
        ("limit=1&limit=2", "twice"),
        ("timeout=5s", "no parameter"),
    ] {
        let (status, what) = refused(&it, &format!("/__admin/requests?{query}"));
        assert_eq!(status, 400, "{query}");
        assert!(what.contains(expected), "{query}: {what}");
    }
}

#[test]
fn a_request_that_is_not_there_is_told_from_one_that_was_forgotten() {
    let bounds = Bounds {
        entries: 2,
        ..Bounds::default()
    };
    let it = Emulator::new(scenario(SCHOOL), bounds);
    for _ in 0..5 {
        it.get("/enrollment").send();
    }
    assert_eq!(admin(&it, "/__admin/requests")["dropped"], 3);
    assert_eq!(admin(&it, "/__admin/requests/r-4")["seq"], 4);
    for (id, expected) in [
        ("r-3", "forgotten"),
        ("r-6", "there were 5"),
        ("r-0", "there were 5"),
        ("x", "no request of this world"),
        ("r-%2B4", "no request of this world"),
        ("r-99999999999999999999", "no request of this world"),
    ] {
        let (status, what) = refused(&it, &format!("/__admin/requests/{id}"));
        assert_eq!(status, 404, "{id}");
        assert!(what.contains(expected), "{id}: {what}");
    }
    assert_eq!(it.call("DELETE", "/__admin/requests").status(), 204);
    assert_eq!(
        admin(&it, "/__admin/requests"),
        json!({"requests": [], "dropped": 0})
    );
}

#[test]
fn a_body_that_was_cut_or_is_no_text_says_so() {
    let bounds = Bounds {
        body: 7,
        ..Bounds::default()
    };
    let it = Emulator::new(scenario(SCHOOL), bounds);
    let body_of = |sent: &[u8]| {
        let sent = it.post("/enrollment").body("text/plain", sent.to_vec());
        let id = sent.send().entry.unwrap().id.clone();
        admin(&it, &format!("/__admin/requests/{id}"))["request_body"].clone()
    };
    assert_eq!(body_of(b""), "");
    assert_eq!(body_of(b"1234567"), "1234567");
    assert_eq!(
        body_of(b"12345678"),
        json!({"text": "1234567", "cut": true, "bytes": 8})
    );
    // The bound falls into the middle of a character.
    assert_eq!(
        body_of("123456ü8".as_bytes()),
        json!({"text": "123456", "cut": true, "bytes": 9})
    );
    assert_eq!(
        body_of(&[0xff, 0xfe]),
        json!({"base64": "//4=", "cut": false, "bytes": 2})
    );
}

#[test]
fn a_request_that_fits_nothing_names_the_nearest_operations_and_what_differs() {
    let it = story("documented-samples");
    for (method, target, operation, difference) in [
        (
            "GET",
            "/ispring/enrolment",
            "ispring list_enrollments, GET /enrollment",
            "\"enrolment\" should be \"enrollment\"",
        ),
        (
            "GET",
            "/enrolment",
            "ispring list_enrollments, GET /enrollment",
            "\"enrolment\" should be \"enrollment\"",
        ),
        (
            "GET",
            "/isprng/enrollment",
            "ispring list_enrollments, GET /enrollment",
            "\"isprng\" should be \"ispring\"",
        ),
        (
            "PATCH",
            "/ispring/enrollments",
            "ispring list_enrollments_paged, GET /enrollments",
            "it takes GET, not PATCH",
        ),
        (
            "GET",
            "/openedx/api/enrollment/v1",
            "openedx list_user_enrollments, GET /api/enrollment/v1/enrollment",
            "\"enrollment\" is missing",
        ),
        (
            "GET",
            "/alm/primeapi/v2/user/1/enrollments",
            "alm list_user_enrollments, GET /primeapi/v2/users/{id}/enrollments",
            "\"user\" should be \"users\"",
        ),
        (
            "GET",
            "/alm/users/1/enrollments",
            "alm list_user_enrollments, GET /primeapi/v2/users/{id}/enrollments",
            "\"/primeapi/v2\" is missing before it",
        ),
        (
            "GET",
            "/ispring/primeapi/v2/users/1/enrollments",
            "alm list_user_enrollments, GET /primeapi/v2/users/{id}/enrollments",
            "the path is Adobe Learning Manager's, behind /alm",
        ),
        (
            "GET",
            "/alm/primeapi/v2/users/1/extra/enrollments",
            "alm list_user_enrollments, GET /primeapi/v2/users/{id}/enrollments",
            "\"extra\" is too much",
        ),
    ] {
        let entry = it.call(method, target).send().entry.unwrap();
        assert_eq!(entry.operation, None, "{target}");
        let first = entry.why.nearest.first().map_or("", String::as_str);
        assert_eq!(first, format!("{operation}: {difference}"), "{target}");
        assert!(entry.why.nearest.len() <= 3, "{:?}", entry.why.nearest);
    }
    let far = it.get("/favicon.ico").send().entry.unwrap();
    assert_eq!(far.why.nearest, [] as [&str; 0]);
    let hostile = format!("/alm/{}", "a/".repeat(5_000));
    let hostile = it.get(&hostile).send().entry.unwrap();
    assert!(hostile.why.nearest.len() <= 3);
}

#[test]
fn what_a_release_lacks_is_no_operation() {
    let it = emulator(&format!("{CAMPUS}  behaviour: {{ profile: ulmo }}\n"));
    let entry = it
        .post("/openedx/api/bulk_enroll/v1/bulk_enrol")
        .send()
        .entry
        .unwrap();
    assert_eq!(entry.operation, None);
    let nearest = entry.why.nearest.join("\n");
    assert!(nearest.contains("\"bulk_enrol\" should be"), "{nearest}");
}

#[test]
fn a_refusal_names_the_gate_and_the_header_that_is_missing() {
    let it = emulator(&format!("{SCHOOL}{CAMPUS}"));
    let why = |target: &str, accept: &str| {
        let answer = it.get(target).accept(accept).send();
        answer.entry.unwrap().why.clone()
    };
    let stranger = why("/enrollment", "*/*");
    assert_eq!(stranger.gate, Some("authenticate"));
    assert_eq!(
        stranger.refused.unwrap(),
        "no credential was sent; the `Authorization` header is missing"
    );
    let unreadable = why("/openedx/api/enrollment/v1/enrollments", "image/png");
    assert_eq!(unreadable.gate, Some("accept"));
    assert!(
        unreadable
            .refused
            .unwrap()
            .ends_with("it says \"image/png\"")
    );
    let scheme = it
        .get("/openedx/api/enrollment/v1/enrollments")
        .token("Token abc");
    let scheme = scheme.send().entry.unwrap();
    assert!(scheme.why.refused.as_deref().unwrap().contains("scheme"));
}

#[test]
fn a_list_says_which_part_of_it_was_shown() {
    let it = school();
    let first = it
        .get("/enrollments?pageSize=3")
        .token("department")
        .send()
        .ok();
    let token = first.next().unwrap();
    let entry = admin(&it, "/__admin/requests/r-1");
    assert_eq!(
        entry["why"]["page"],
        json!({"cursor": null, "shown": 3, "next": token})
    );
    let scope = entry["why"]["scope"].as_str().unwrap();
    assert!(scope.starts_with("departments d0000000-"), "{scope}");
    let next = format!("/enrollments?pageSize=3&pageToken={token}");
    it.get(&next).token("account").send().ok();
    let page = &admin(&it, "/__admin/requests/r-2")["why"]["page"];
    assert_eq!(page["cursor"], *token);
    assert_eq!(page["shown"], 3);
    it.get("/enrollment").token("account").send().ok();
    let why = &admin(&it, "/__admin/requests/r-3")["why"];
    assert_eq!(
        why["page"],
        json!({"cursor": null, "shown": 7, "next": null})
    );
    assert_eq!(why["scope"], "all departments");
}

#[test]
fn every_list_of_every_vendor_notes_its_page_and_how_far_its_caller_sees() {
    let it = emulator(&format!("{CROWD}{CAMPUS}"));
    for path in [
        "/openedx/api/so2/v1/enrollments",
        "/openedx/api/so2/v1/completion",
        "/openedx/api/so2/v1/grades",
        "/openedx/api/enrollment/v1/enrollment",
        "/openedx/api/enrollment/v1/enrollments",
    ] {
        let entry = it.get(path).bearer("oe-staff").send().ok().entry.unwrap();
        let page = entry.why.page.as_ref().unwrap_or_else(|| panic!("{path}"));
        assert_eq!(page.cursor, None);
        assert!(entry.why.scope.is_some(), "{path}");
    }
    let entry = it
        .get("/openedx/api/enrollment/v1/enrollments")
        .bearer("oe-staff")
        .send()
        .ok();
    let page = entry.entry.clone().unwrap().why.page.clone().unwrap();
    let next = page.next.unwrap();
    let body: Value = serde_json::from_slice(&entry.body).unwrap();
    let link = body["next"].as_str().unwrap();
    let sent = link.split_once("cursor=").unwrap().1;
    let target = format!("/openedx/api/enrollment/v1/enrollments?cursor={sent}");
    let entry = it
        .get(&target)
        .bearer("oe-staff")
        .send()
        .ok()
        .entry
        .unwrap();
    let cursor = entry.why.page.clone().unwrap().cursor;
    assert_eq!(
        cursor,
        Some(next),
        "what one page leads on with, the next was asked with"
    );
}

#[test]
fn adobes_lists_note_the_cursor_that_leads_on() {
    let it = story("documented-samples");
    let target = "/alm/primeapi/v2/users/20941371/enrollments?page[limit]=1";
    let token = "alm-documented-samples";
    let first = it.get(target).bearer(token).send().ok();
    let entry = first.entry.clone().unwrap();
    let page = entry.why.page.clone().unwrap();
    assert_eq!((page.cursor, page.shown), (None, 1));
    assert_eq!(
        entry.why.scope.as_deref(),
        Some("enrollments of user 20941371")
    );
    let next = page.next.unwrap();
    let target = format!("{target}&page[cursor]={}", next.replace('=', "%3D"));
    let second = it.get(&target).bearer(token).send().ok().entry.unwrap();
    assert_eq!(second.why.page.clone().unwrap().cursor, Some(next));
}

#[test]
fn the_journal_is_a_har_that_viewers_read() {
    let it = visited();
    let har = admin(&it, "/__admin/requests.har?vendor=ispring");
    let log = &har["log"];
    assert_eq!(log["version"], "1.2");
    assert_eq!(log["creator"]["name"], "enrollmock");
    let entries = log["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    let first = &entries[0];
    assert_eq!(first["startedDateTime"], "2024-06-09T13:05:09Z");
    for (of, members) in [
        (
            first,
            &["time", "request", "response", "cache", "timings"][..],
        ),
        (
            &first["request"],
            &[
                "method",
                "url",
                "httpVersion",
                "cookies",
                "headers",
                "queryString",
                "headersSize",
                "bodySize",
            ],
        ),
        (
            &first["response"],
            &[
                "status",
                "statusText",
                "httpVersion",
                "cookies",
                "headers",
                "content",
                "redirectURL",
                "headersSize",
                "bodySize",
            ],
        ),
        (&first["response"]["content"], &["size", "mimeType", "text"]),
        (&first["timings"], &["send", "wait", "receive"]),
    ] {
        for member in members {
            assert!(of.get(member).is_some(), "{member} of {of}");
        }
    }
    assert_eq!(
        first["request"]["url"],
        "http://localhost/ispring/enrollment"
    );
    assert_eq!(first["request"]["httpVersion"], "HTTP/1.1");
    assert_eq!(first["_operation"], "list_enrollments");
    assert_eq!(first["_vendor"], "ispring");
    assert_eq!(first["_why"]["page"]["shown"], 7);
    let size = first["response"]["content"]["size"].as_u64().unwrap();
    let text = first["response"]["content"]["text"].as_str().unwrap();
    assert_eq!(text.len() as u64, size);
    assert!(!har.to_string().contains("\"account\",\"value"), "{har}");

    it.post("/api/v3/token?x=1")
        .form("client_id=client&client_secret=hidden")
        .send();
    let har = admin(&it, "/__admin/requests.har?operation=issue_token");
    let request = &har["log"]["entries"][0]["request"];
    assert_eq!(request["queryString"], json!([{"name": "x", "value": "1"}]));
    assert_eq!(
        request["postData"]["mimeType"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        request["postData"]["text"],
        "client_id=client&client_secret=***"
    );
}

#[test]
fn waiting_and_following_take_the_filters_too() {
    let it = school();
    let follow = |target: &str| {
        let request = it.get(target).request;
        it.handle(request).follow
    };
    let waited = follow("/__admin/requests/wait?operation=list_enrollments&since=7&timeout=1m");
    let Some(Follow::Wait {
        filter, timeout, ..
    }) = waited
    else {
        panic!("{waited:?}")
    };
    assert_eq!(filter.operation.as_deref(), Some("list_enrollments"));
    assert_eq!(filter.since, Some(7));
    assert_eq!(timeout.as_secs(), 60);
    let Some(Follow::Wait { timeout, .. }) = follow("/__admin/requests/wait") else {
        panic!("a wait needs no timeout")
    };
    assert_eq!(timeout.as_secs(), 5);
    assert!(matches!(
        follow("/__admin/requests/events?vendor=ispring"),
        Some(Follow::Events { .. })
    ));
    // Who comes back asks for the same address, and says by the header how far it got.
    let back = |last: &str| {
        let again = it.get("/__admin/requests/events?since=3");
        it.handle(again.header("last-event-id", last).request)
    };
    let Some(Follow::Events { filter, .. }) = back("7").follow else {
        panic!("events follow")
    };
    assert_eq!(filter.since, Some(7));
    assert_eq!(back("seven").reply.status, 400);
    for (target, expected) in [
        ("wait?timeout=soon", "such as 5s"),
        ("wait?timeout=6m", "to 300s"),
        ("wait?timeout=-1s", "from 0s"),
        ("wait?limit=3", "no parameter \"limit\""),
        ("wait?operation=get_enrolment", "\"get_enrollment\""),
        ("events?timeout=5s", "no parameter \"timeout\""),
    ] {
        let (status, what) = refused(&it, &format!("/__admin/requests/{target}"));
        assert_eq!(status, 400, "{target}");
        assert!(what.contains(expected), "{target}: {what}");
    }
}

#[test]
fn admin_calls_are_not_in_the_journal() {
    let it = school();
    it.get("/__admin/requests").send().ok();
    it.get("/__admin/requests.har").send().ok();
    assert_eq!(seqs(&it, ""), [] as [u64; 0]);
}
