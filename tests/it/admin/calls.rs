//! The emulator's own API, and the 404 of what belongs to nobody.

use enrollmock::internals::platform::Vendor;
use enrollmock::internals::platform::{Mail, Outbox};
use serde_json::Value;

use crate::support::{ALL, Answer, CAMPUS, Calls, NOW, emulator, school};

fn json(answer: &Answer) -> Value {
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .starts_with("application/json")
    );
    serde_json::from_slice(&answer.body).unwrap()
}

fn error(answer: &Answer) -> String {
    json(answer)["error"].as_str().unwrap().to_owned()
}

#[test]
fn health_says_what_is_served() {
    let it = school();
    let health = json(&it.get("/__admin/health").send().ok());
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(health["scenario"], "inline");
    assert_eq!(health["seed"], 0);
    assert_eq!(
        health["clock"],
        serde_json::json!({ "now": NOW, "ticking": false })
    );
    assert!(health["uptime_ms"].is_u64());
    assert_eq!(
        health["records"]["ispring"],
        serde_json::json!({ "departments": 4, "users": 14, "content": 5, "enrollments": 8 })
    );
    assert_eq!(
        health["records"]["openedx"],
        serde_json::json!({ "users": 0, "courses": 0, "enrollments": 0, "invitations": 0 })
    );
    let it = emulator(CAMPUS);
    let health = json(&it.get("/__admin/health").send().ok());
    assert_eq!(
        health["records"]["openedx"],
        serde_json::json!({ "users": 5, "courses": 3, "enrollments": 3, "invitations": 0 })
    );
    for probe in ["/livez", "/readyz"] {
        let answer = it.get(probe).header("host", "anything.example").send().ok();
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with("text/plain")
        );
    }
}

#[test]
fn a_deleted_enrollment_counts_no_more_and_an_archived_one_still_does() {
    let it = school();
    let count = || {
        json(&it.get("/__admin/health").send().ok())["records"]["ispring"]["enrollments"].clone()
    };
    // Of nine listed, $e7 is archived and $e8 deleted.
    assert_eq!(count(), 8);
    let deleted = it.post("/enrollment/delete").token("account");
    let deleted = deleted.json(r#"{"enrollmentIds":["$e1","$e2"]}"#);
    assert_eq!(deleted.status(), 204);
    assert_eq!(count(), 6);
    assert_eq!(it.post("/__admin/reset").status(), 204);
    assert_eq!(count(), 8);
}

#[test]
fn a_reset_takes_back_the_parts_it_names() {
    // What is left of: an enrollment deleted, a moved clock, journal entries.
    for (query, state, journal, clock) in [
        ("", true, true, true),
        ("?only=state", true, false, false),
        ("?only=journal", false, true, false),
        ("?only=clock", false, false, true),
        ("?only=state,clock", true, false, true),
        ("?only=clock,journal,state", true, true, true),
        ("?only=clock&only=journal", false, true, true),
    ] {
        let it = school();
        let fresh = it.everything();
        it.post("/enrollment/delete")
            .token("account")
            .json(r#"{"enrollmentIds":["$e1"]}"#)
            .send();
        let enroll = r#"{"courseIds":["$c5"],"learnerIds":["$u11"],"dueDateType":"unlimited"}"#;
        it.post("/enrollment").token("account").json(enroll).send();
        it.advance("1h");
        let answer = it.post(&format!("/__admin/reset{query}")).send();
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{query}");
        assert_eq!(it.main().journal.entries().is_empty(), journal, "{query}");
        assert_eq!(it.main().clock.now().to_string() == NOW, clock, "{query}");
        assert_eq!(it.everything() == fresh, state, "{query}");
    }
}

#[test]
fn a_reset_of_what_there_is_not_names_the_nearest_part() {
    let it = school();
    it.advance("1h");
    for (query, what) in [
        ("only=jurnal", "journal"),
        ("only=state,clok", "clock"),
        ("only=", "state, journal, faults, clock"),
        ("onyl=state", "only"),
    ] {
        let answer = it.post(&format!("/__admin/reset?{query}")).send();
        assert_eq!(answer.status, 400, "{query}");
        assert!(error(&answer).contains(what), "{query}: {}", error(&answer));
        assert_ne!(it.main().clock.now().to_string(), NOW, "nothing was reset");
    }
}

#[test]
fn the_clock_is_set_advanced_frozen_and_let_tick() {
    let it = school();
    let shown = |answer: Answer| {
        let shown = json(&answer.ok());
        (
            shown["now"].as_str().unwrap().to_owned(),
            shown["ticking"].as_bool().unwrap(),
        )
    };
    assert_eq!(
        shown(it.get("/__admin/clock").send()),
        (NOW.to_owned(), false)
    );
    for (change, now) in [
        (r#"{"advance":"31m"}"#, "2024-06-09T13:36:09Z"),
        (r#"{"advance":"-1h 1s"}"#, "2024-06-09T12:36:08Z"),
        (r#"{"advance":"PT8S"}"#, "2024-06-09T12:36:16Z"),
        (
            r#"{"now":"2030-01-01T00:00:00+02:00"}"#,
            "2029-12-31T22:00:00Z",
        ),
        (
            r#"{"now":"2030-01-01T00:00:00Z","advance":"1s"}"#,
            "2030-01-01T00:00:01Z",
        ),
        (r#"{"ticking":false}"#, "2030-01-01T00:00:01Z"),
    ] {
        assert_eq!(
            shown(it.post("/__admin/clock").json(change).send()),
            (now.to_owned(), false),
            "{change}"
        );
        assert_eq!(
            shown(it.get("/__admin/clock").send()),
            (now.to_owned(), false),
            "{change}"
        );
    }
    // The answer's Date is the clock's.
    assert_eq!(
        it.get("/enrollment").send().header("date"),
        Some("Tue, 01 Jan 2030 00:00:01 GMT")
    );
    let ticking = shown(it.post("/__admin/clock").json(r#"{"ticking":true}"#).send());
    assert!(ticking.1);
    assert!(it.main().clock.now() >= ticking.0.parse().unwrap());
    let frozen = shown(
        it.post("/__admin/clock")
            .json(r#"{"ticking":false}"#)
            .send(),
    );
    assert_eq!(shown(it.get("/__admin/clock").send()), frozen);
    it.post("/__admin/reset").send();
    assert_eq!(
        shown(it.get("/__admin/clock").send()),
        (NOW.to_owned(), false)
    );
}

#[test]
fn a_clock_cannot_be_set_to_nonsense() {
    let it = school();
    for body in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"now":"tomorrow"}"#,
        r#"{"now":"2024-06-09"}"#,
        r#"{"now":"2024-06-09T13:05:09"}"#,
        r#"{"advance":"1 month"}"#,
        r#"{"advance":60}"#,
        r#"{"advance":""}"#,
        r#"{"advance":"90000000h"}"#,
        r#"{"ticking":"yes"}"#,
        r#"{"tickng":true}"#,
        r#"{"now":"2030-01-01T00:00:00Z","advance":"x"}"#,
        r#"{"ticking":true,"ticking":false}"#,
    ] {
        let answer = it.post("/__admin/clock").json(body).send();
        assert_eq!(answer.status, 400, "{body}");
        assert!(!error(&answer).is_empty());
        assert_eq!(it.main().clock.setting().now.to_string(), NOW, "{body}");
        assert!(!it.main().clock.setting().ticking, "{body}");
    }
}

#[test]
fn what_the_admin_api_has_not_is_404_and_405() {
    let it = school();
    for path in [
        "/__admin/",
        "/__admin/helth",
        "/__admin/health/",
        "/__admin/enrollment",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = it.call(method, path).token("account").send();
            assert_eq!(answer.status, 404, "{method} {path}");
            assert!(error(&answer).contains("/__admin/health"));
        }
    }
    for (path, allow) in [
        ("/__admin/health", "GET"),
        ("/__admin/reset", "POST"),
        ("/__admin/clock", "GET, POST"),
        ("/livez", "GET"),
        ("/readyz", "GET"),
    ] {
        let answer = it.call("PUT", path).send();
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
    }
    // It has nothing to do with a vendor's host, nor with its prefix.
    assert_eq!(
        it.get("/__admin/health")
            .header("host", "api-learn.ispringlearn.com")
            .status(),
        200
    );
    assert_eq!(it.get("/ispring/__admin/health").status(), 404);
    assert_eq!(it.get("/__administrator").status(), 404);
    assert_eq!(it.list("/enrollment"), ALL);
}

#[test]
fn a_reset_of_state_takes_back_what_open_edx_did_and_empties_the_outbox() {
    let body = r#"{"action":"enroll","courses":"course-v1:Laws+One+2024","identifiers":"staff,new@example.com","email_students":true}"#;
    for (query, stays) in [
        ("", false),
        ("?only=state", false),
        ("?only=journal,clock", true),
    ] {
        let it = emulator(CAMPUS);
        let seen = || {
            let list = it.get("/openedx/api/so2/v1/enrollments").bearer("oe-staff");
            let mails = json(&it.get("/__admin/outbox").send().ok());
            let mails = mails["mails"].as_array().unwrap().len();
            (list.send().ok().text(), mails)
        };
        let before = seen();
        let bulk = it.post("/openedx/api/bulk_enroll/v1/bulk_enroll");
        bulk.bearer("oe-staff").json(body).send().ok();
        let form = "client_id=oe-client&client_secret=oe-secret&grant_type=client_credentials";
        let token = it
            .post("/openedx/oauth2/access_token")
            .form(form)
            .send()
            .ok();
        let token = json(&token)["access_token"].as_str().unwrap().to_owned();
        let after = seen();
        assert_eq!((before.1, after.1), (0, 2));
        assert_ne!(before.0, after.0);
        assert_eq!(it.post(&format!("/__admin/reset{query}")).status(), 204);
        assert_eq!(seen() == after, stays, "{query}");
        assert_eq!(seen() == before, !stays, "{query}");
        let status = it
            .get("/openedx/api/so2/v1/enrollments")
            .bearer(&token)
            .status();
        assert_eq!(status == 200, stays, "{query}");
    }
}

#[test]
fn what_belongs_to_nobody_is_told_where_the_vendors_are() {
    let it = school();
    for (host, proto, base) in [
        (None, None, "http://localhost/ispring"),
        (
            Some("127.0.0.1:8650"),
            None,
            "http://127.0.0.1:8650/ispring",
        ),
        (Some("mock"), Some("https"), "https://mock/ispring"),
        (Some("[::1]:1"), Some("http"), "http://[::1]:1/ispring"),
        (Some("mock"), Some("https, http"), "https://mock/ispring"),
    ] {
        for path in [
            "/",
            "/isprng/enrollment",
            "/api/v4/enrollment",
            "/primeapi/v2/users",
            "/ispringly",
        ] {
            let mut ask = it.get(path).accept("text/html");
            if let Some(host) = host {
                ask = ask.header("host", host);
            }
            if let Some(proto) = proto {
                ask = ask.header("x-forwarded-proto", proto);
            }
            let answer = ask.send();
            assert_eq!(answer.status, 404, "{path}");
            let body = json(&answer);
            assert_eq!(body["base_urls"][0], base, "{path}");
            let said = body["error"].as_str().unwrap();
            assert!(said.contains(path) && said.contains(base), "{said}");
            let other = base.replace("/ispring", "/openedx");
            assert_eq!(body["base_urls"][1], other, "{path}");
            assert!(said.contains(&other), "{said}");
            let entry = answer.entry.unwrap();
            assert_eq!((entry.vendor, entry.operation), (None, None));
        }
    }
}

#[test]
fn the_clock_knows_days_and_weeks_and_the_ends_of_the_calendar() {
    let it = school();
    let set = |body: &str| it.post("/__admin/clock").json(body).send();
    let now = |body: &str| json(&set(body).ok())["now"].as_str().unwrap().to_owned();
    assert_eq!(now(r#"{"advance":"1 day"}"#), "2024-06-10T13:05:09Z");
    assert_eq!(now(r#"{"advance":"1w"}"#), "2024-06-17T13:05:09Z");
    assert_eq!(now(r#"{"advance":"-8 days"}"#), NOW);
    assert_eq!(set(r#"{"now":"-000001-01-01T00:00:00Z"}"#).status, 400);
    assert_eq!(set(r#"{"advance":"-3000y"}"#).status, 400);
    assert_eq!(set(r#"{"advance":"90000w"}"#).status, 200);
    assert_eq!(set(r#"{"advance":"900000w"}"#).status, 400);
}

#[test]
fn the_outbox_shows_what_would_have_been_sent_the_oldest_first_until_a_reset() {
    let it = school();
    let outbox = || it.get("/__admin/outbox").send().ok().text();
    assert_eq!(outbox(), r#"{"mails":[]}"#);
    for (kind, to) in [
        ("enrolled_enroll", "zoe@example.com"),
        ("allowed_enroll", "ann@example.com"),
    ] {
        it.main().outbox.send(Mail {
            vendor: Vendor::Openedx,
            kind,
            to: to.to_owned(),
            course: "course-v1:a+b+c".to_owned(),
            at: it.main().clock.now(),
        });
        it.advance("1s");
    }
    assert_eq!(
        outbox(),
        r#"{"mails":[{"vendor":"openedx","type":"enrolled_enroll","to":"zoe@example.com","course":"course-v1:a+b+c","at":"2024-06-09T13:05:09Z"},{"vendor":"openedx","type":"allowed_enroll","to":"ann@example.com","course":"course-v1:a+b+c","at":"2024-06-09T13:05:10Z"}]}"#
    );
    assert_eq!(it.post("/__admin/outbox").status(), 405);
    assert_eq!(it.post("/__admin/reset?only=journal").status(), 204);
    assert_ne!(outbox(), r#"{"mails":[]}"#);
    assert_eq!(it.post("/__admin/reset?only=state").status(), 204);
    assert_eq!(outbox(), r#"{"mails":[]}"#);
}

#[test]
fn a_full_outbox_forgets_the_oldest() {
    let outbox = Outbox::default();
    for number in 0..=Outbox::AT_MOST {
        outbox.send(Mail {
            vendor: Vendor::Openedx,
            kind: "enrolled_enroll",
            to: number.to_string(),
            course: String::new(),
            at: NOW.parse().unwrap(),
        });
    }
    let mails = outbox.mails();
    assert_eq!(mails.len(), Outbox::AT_MOST);
    assert_eq!(mails[0].to, "1");
}
