//! `POST /enrollment`: every body that clients send, every rule.

use crate::support::{ALL, Answer, Ask, Calls, SCHOOL, emulator, fill, school, school_with};

/// A request that enrolls u11 in c5 (and, in some shapes, others), and what came of it.
fn made(it: &enrollmock::internals::emulator::Emulator) -> Vec<String> {
    it.list("/enrollment").split_off(ALL.len())
}

/// The whole of what the account sees of enrollments made while running, as (course, learner).
fn pairs(it: &enrollmock::internals::emulator::Emulator) -> Vec<(String, String)> {
    let text = it.everything();
    let pieces = text.split("<enrollment>").skip(1 + ALL.len());
    pieces
        .map(|piece| {
            let field = |name: &str| {
                let (_, value) = piece.split_once(&format!("<{name}>")).unwrap();
                crate::support::short(&value[..36])
            };
            (field("courseId"), field("learnerId"))
        })
        .collect()
}

fn assert_created(answer: &Answer, when: &str) {
    assert_eq!(answer.status, 201, "{when}: {}", answer.text());
    assert!(answer.body.is_empty(), "{when}");
    assert_eq!(answer.header("content-length"), Some("0"), "{when}");
    assert_eq!(answer.header("content-type"), None, "{when}");
}

#[test]
fn the_documented_request_creates_one_enrollment() {
    let sample = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<request>\n  <courseIds>\n    <id>3fa85f64-5717-4562-b3fc-2c963f66afa6</id>\n  </courseIds>\n  <learnerIds>\n    <id>3fa85f64-5717-4562-b3fc-2c963f66afa6</id>\n  </learnerIds>\n  <accessDate>2019-09-26 10:30:00</accessDate>\n  <dueDateType>unlimited</dueDateType>\n  <dueDate>2019-09-26</dueDate>\n  <duePeriod>0</duePeriod>\n</request>";
    // One id for a course and a learner: ids are unique within a table only.
    let it = emulator(
        "
ispring:
  users: [{ id: 3fa85f64-5717-4562-b3fc-2c963f66afa6 }]
  content: [{ id: 3fa85f64-5717-4562-b3fc-2c963f66afa6 }]
  credentials: [{ token: p-1sJDjmULL5DdpXPJTcbm4jVIaWVHvNmrjAxATRbNE }]
",
    );
    let token = "p-1sJDjmULL5DdpXPJTcbm4jVIaWVHvNmrjAxATRbNE";
    for body in [sample.to_owned(), sample.replace('\n', "\r\n") + "\r\n "] {
        it.post("/__admin/reset").send();
        let answer = it
            .post("/enrollment")
            .token(token)
            .body("application/xml", body)
            .send();
        assert_created(&answer, "sample");
        let list = it.get("/enrollment").token(token).send().ok();
        assert_eq!(list.ids().len(), 1);
        assert_eq!(list.field("accessDate").as_deref(), Some("2019-09-26"));
        assert_eq!(list.field("dueDate"), None);
        assert_eq!(list.field("shouldLockAfterDueDate").as_deref(), Some("0"));
        assert_eq!(list.field("enrollmentTypeGroup").as_deref(), Some("0"));
        let id = list.field("enrollmentId").unwrap();
        assert_eq!(&id[14..15], "1", "a version 1 UUID: {id}");
        assert_eq!(id, id.to_lowercase());
    }
}

#[test]
fn every_kind_of_body_says_the_same() {
    type Send = fn(Ask<'_>) -> Answer;
    let bodies: &[(&str, Send)] = &[
        ("xml", |ask| {
            ask.xml("<request><courseIds><id>$c5</id><id>$c2</id></courseIds><learnerIds><id>$u11</id></learnerIds><dueDateType>unlimited</dueDateType></request>").send()
        }),
        ("xml, any root", |ask| {
            ask.body("text/xml; charset=utf-8", fill("<?xml version='1.0'?><x:y xmlns:x='urn:x' a='1'><!-- c --><courseIds><id> $c5 </id>\r\n<id><![CDATA[$c2]]></id></courseIds><learnerIds><id>&#97;0000000-0000-11ee-8000-000000000011</id></learnerIds><dueDateType>\n unlimited\n</dueDateType></x:y>\r\n\r\n")).send()
        }),
        ("xml, repeated and unwrapped", |ask| {
            ask.xml("<r><courseIds>$c5</courseIds><courseIds>$c2</courseIds><learnerIds>$u11</learnerIds><dueDateType>unlimited</dueDateType></r>").send()
        }),
        ("json", |ask| {
            ask.json(
                r#"{"courseIds":["$c5","$c2"],"learnerIds":["$u11"],"dueDateType":"unlimited"}"#,
            )
            .send()
        }),
        ("json, charset", |ask| {
            ask.body("Application/JSON; charset=utf-8", fill(r#" {"courseIds":["$c5","$c2","$c2"],"learnerIds":["$u11","$u11"],"dueDateType":"unlimited","duePeriod":null} "#)).send()
        }),
        ("json, PHP's shape", |ask| {
            ask.json(r#"{"courseIds":{"id":["$c5","$c2"]},"learnerIds":{"id":"$u11"},"dueDateType":"unlimited"}"#).send()
        }),
        ("multipart", |ask| {
            ask.multipart(&[
                ("learnerIds[id]", "$u11"),
                ("courseIds[id][0]", "$c5"),
                ("courseIds[id][1]", "$c2"),
                ("dueDateType", "unlimited"),
            ])
            .send()
        }),
        ("urlencoded", |ask| {
            ask.form("learnerIds[id]=$u11&courseIds[id][0]=$c5&courseIds[id][1]=$c2&dueDateType=unlimited").send()
        }),
        ("urlencoded, encoded", |ask| {
            ask.form("learnerIds%5B%5D=$u11&courseIds%5B%5D=$c5&courseIds%5B%5D=$c2&dueDateType=unlimited").send()
        }),
    ];
    for (what, send) in bodies {
        let it = school();
        let answer = send(it.post("/enrollment").token("account"));
        assert_created(&answer, what);
        let mut found = pairs(&it);
        found.sort();
        let expected = [("c2", "u11"), ("c5", "u11")];
        assert_eq!(
            found,
            expected.map(|(c, u)| (c.to_owned(), u.to_owned())),
            "{what}"
        );
    }
}

#[test]
fn every_learner_is_enrolled_in_every_course_and_shows_in_every_list() {
    let it = school();
    let body =
        r#"{"courseIds":["$c5","$c3"],"learnerIds":["$u11","$u15"],"dueDateType":"unlimited"}"#;
    assert_created(
        &it.post("/enrollment").token("account").json(body).send(),
        "",
    );
    let mut found = pairs(&it);
    found.sort();
    let expected = [("c3", "u11"), ("c3", "u15"), ("c5", "u11"), ("c5", "u15")];
    assert_eq!(found, expected.map(|(c, u)| (c.to_owned(), u.to_owned())));
    for id in made(&it) {
        for target in [
            format!("/enrollment?enrollmentIds={id}"),
            format!("/enrollments?enrollmentIds[]={id}"),
            format!("/enrollment/{id}"),
        ] {
            assert_eq!(it.list(&target), std::slice::from_ref(&id), "{target}");
        }
    }
    assert_eq!(
        it.list("/enrollment?courseIds=$c5"),
        it.list("/enrollments?courseIds=$c5")
    );
    assert_eq!(it.list("/enrollment?courseIds=$c5").len(), 2);
    assert_eq!(it.list("/enrollment?learnerIds=$u15").len(), 3);
    assert_eq!(it.list("/enrollments?pageSize=8").len(), 8);
    assert_eq!(it.list("/enrollments").len(), ALL.len() + 4);
}

/// What the body says of dates, and the access date, due date, expiration date and lock that come of it.
type Dates = (
    &'static str,
    Option<(
        &'static str,
        Option<&'static str>,
        Option<&'static str>,
        &'static str,
    )>,
);

const DATES: &[Dates] = &[
    (
        r#""dueDateType":"unlimited""#,
        Some(("2024-06-09", None, None, "0")),
    ),
    (
        r#""dueDateType":"unlimited","lockAfterDueDate":true"#,
        Some(("2024-06-09", None, None, "0")),
    ),
    (
        r#""dueDateType":"unlimited","dueDate":"nonsense","duePeriod":"nonsense""#,
        Some(("2024-06-09", None, None, "0")),
    ),
    (
        r#""dueDateType":"unlimited","accessDate":"2019-09-26""#,
        Some(("2019-09-26", None, None, "0")),
    ),
    (
        r#""dueDateType":"unlimited","accessDate":"2019-09-26 23:59:59""#,
        Some(("2019-09-26", None, None, "0")),
    ),
    (
        r#""dueDateType":"unlimited","accessDate":"2019-09-26T10:30:00Z""#,
        Some(("2019-09-26", None, None, "0")),
    ),
    (
        r#""dueDateType":"unlimited","accessDate":"2019-09-26T10:30:00.123+02:00""#,
        Some(("2019-09-26", None, None, "0")),
    ),
    (
        r#""dueDateType":"due_date","dueDate":"2024-12-20""#,
        Some(("2024-06-09", Some("2024-12-20"), None, "0")),
    ),
    (
        r#""dueDateType":"due_date","dueDate":"2024-12-20 10:00:00","duePeriod":72,"lockAfterDueDate":true"#,
        Some(("2024-06-09", Some("2024-12-20"), Some("2024-12-20"), "1")),
    ),
    (
        r#""dueDateType":"due_date","dueDate":"2024-12-20T10:00:00Z","lockAfterDueDate":"1""#,
        Some(("2024-06-09", Some("2024-12-20"), Some("2024-12-20"), "1")),
    ),
    (
        r#""dueDateType":"due_date","dueDate":"2001-01-01","lockAfterDueDate":"false""#,
        Some(("2024-06-09", Some("2001-01-01"), None, "0")),
    ),
    // 13:05:09 and 10 hours are the same day, 11 hours the next.
    (
        r#""dueDateType":"due_period","duePeriod":10"#,
        Some(("2024-06-09", Some("2024-06-09"), None, "0")),
    ),
    (
        r#""dueDateType":"due_period","duePeriod":11"#,
        Some(("2024-06-09", Some("2024-06-10"), None, "0")),
    ),
    (
        r#""dueDateType":"due_period","duePeriod":"72","lockAfterDueDate":true"#,
        Some(("2024-06-09", Some("2024-06-12"), Some("2024-06-12"), "1")),
    ),
    (
        r#""dueDateType":"due_period","duePeriod":24,"accessDate":"2024-02-28 00:00:00","dueDate":"2024-01-01 10:00:00""#,
        Some(("2024-02-28", Some("2024-02-29"), None, "0")),
    ),
    // c5 has 48 hours in its settings.
    (
        r#""dueDateType":"default""#,
        Some(("2024-06-09", Some("2024-06-11"), None, "0")),
    ),
    (
        r#""dueDateType":"default","lockAfterDueDate":true,"accessDate":"2024-06-01""#,
        Some(("2024-06-01", Some("2024-06-03"), Some("2024-06-03"), "1")),
    ),
    (r#""x":1"#, None),
    (r#""dueDateType":null"#, None),
    (r#""dueDateType":"""#, None),
    (r#""dueDateType":"Unlimited""#, None),
    (r#""dueDateType":"never""#, None),
    (r#""dueDateType":["unlimited"]"#, None),
    (r#""dueDateType":"due_date""#, None),
    (r#""dueDateType":"due_date","dueDate":"2024-13-01""#, None),
    (r#""dueDateType":"due_date","dueDate":"2024-02-30""#, None),
    (r#""dueDateType":"due_date","dueDate":"20.12.2024""#, None),
    (r#""dueDateType":"due_date","dueDate":20241220"#, None),
    (r#""dueDateType":"due_period""#, None),
    (r#""dueDateType":"due_period","duePeriod":-1"#, None),
    (r#""dueDateType":"due_period","duePeriod":1.5"#, None),
    (r#""dueDateType":"due_period","duePeriod":"three""#, None),
    (r#""dueDateType":"due_period","duePeriod":4294967295"#, None),
    (
        r#""dueDateType":"due_period","duePeriod":99999999999999"#,
        None,
    ),
    (r#""dueDateType":"unlimited","accessDate":"tomorrow""#, None),
    (
        r#""dueDateType":"unlimited","accessDate":"2019-09-26T10:30:00""#,
        None,
    ),
    (
        r#""dueDateType":"unlimited","accessDate":"2019-09-26 10:30""#,
        None,
    ),
    (
        r#""dueDateType":"due_date","dueDate":"2024-12-20","lockAfterDueDate":"maybe""#,
        None,
    ),
];

#[test]
fn every_kind_of_due_date_becomes_its_dates() {
    for (dates, expected) in DATES {
        let it = school();
        let body = format!(r#"{{"courseIds":["$c5"],"learnerIds":["$u11"],{dates}}}"#);
        let answer = it.post("/enrollment").token("account").json(&body).send();
        let Some((access, due, expires, locks)) = expected else {
            assert_eq!(answer.status, 400, "{dates}");
            assert!(made(&it).is_empty(), "{dates}");
            continue;
        };
        assert_created(&answer, dates);
        let shown = it
            .get("/enrollment?courseIds=$c5")
            .token("account")
            .send()
            .ok();
        assert_eq!(
            shown.field("accessDate").as_deref(),
            Some(*access),
            "{dates}"
        );
        assert_eq!(shown.field("dueDate").as_deref(), *due, "{dates}");
        assert_eq!(
            shown.field("expirationDate").as_deref(),
            *expires,
            "{dates}"
        );
        assert_eq!(
            shown.field("shouldLockAfterDueDate").as_deref(),
            Some(*locks),
            "{dates}"
        );
    }
    // `default` where the course has no due date is unlimited.
    let it = school();
    let body = r#"{"courseIds":["$c3"],"learnerIds":["$u11"],"dueDateType":"default","lockAfterDueDate":true}"#;
    assert_created(
        &it.post("/enrollment").token("account").json(body).send(),
        "",
    );
    let shown = it
        .get("/enrollment?courseIds=$c3&learnerIds=$u11")
        .token("account")
        .send();
    assert_eq!(shown.field("dueDate"), None);
    assert_eq!(shown.field("shouldLockAfterDueDate").as_deref(), Some("0"));
}

#[test]
fn a_switch_takes_a_missing_due_date_type_for_default() {
    let body = r#"{"courseIds":["$c5"],"learnerIds":["$u11"]}"#;
    let it = school_with("missing_due_date_type: default");
    assert_created(
        &it.post("/enrollment").token("account").json(body).send(),
        "",
    );
    let shown = it.get("/enrollment?courseIds=$c5").token("account").send();
    assert_eq!(shown.field("dueDate").as_deref(), Some("2024-06-11"));
    let answer = it
        .post("/enrollment")
        .token("account")
        .multipart(&[("learnerIds[id]", "$u12"), ("courseIds[id][0]", "$c5")])
        .send();
    assert_created(&answer, "the old client's form");
    // Wrong stays wrong, and an edit still needs it.
    let wrong = body.replace("}", r#","dueDateType":"x"}"#);
    assert_eq!(
        it.post("/enrollment")
            .token("account")
            .json(&wrong)
            .status(),
        400
    );
    assert_eq!(
        it.post("/enrollment/$e1")
            .token("account")
            .json(r#"{"accessDate":"2024-01-01"}"#)
            .status(),
        400
    );
}

#[test]
fn a_request_that_cannot_be_met_whole_creates_nothing() {
    for (courses, learners, caller, status) in [
        (r#"["$c5","$c99"]"#, r#"["$u11"]"#, "account", 400),
        (r#"["$c5"]"#, r#"["$u11","$u99"]"#, "account", 400),
        (r#"["$c5","$c4"]"#, r#"["$u11"]"#, "account", 400),
        (r#"["$c5","x"]"#, r#"["$u11"]"#, "account", 400),
        (r#"["$c5"]"#, r#"["$u11",""]"#, "account", 400),
        (r#"[]"#, r#"["$u11"]"#, "account", 400),
        (r#"["$c5"]"#, r#"[]"#, "account", 400),
        (r#"null"#, r#"["$u11"]"#, "account", 400),
        (r#"["$c5"]"#, r#"{}"#, "account", 400),
        (r#"["$c5"]"#, r#""""#, "account", 400),
        (r#"[1]"#, r#"["$u11"]"#, "account", 400),
        // The learner's id in the place of the course's.
        (r#"["$u11"]"#, r#"["$u11"]"#, "account", 400),
        // Scope: u12 and u13 are the department administrator's, u11 and u14 are not.
        (r#"["$c5"]"#, r#"["$u12","$u14"]"#, "department", 403),
        (r#"["$c5"]"#, r#"["$u11"]"#, "department", 403),
        (r#"["$c5"]"#, r#"["$u15"]"#, "custom", 403),
        // What does not exist is refused before what is out of reach.
        (r#"["$c5"]"#, r#"["$u14","$u99"]"#, "department", 400),
        (r#"["$c99"]"#, r#"["$u14"]"#, "department", 400),
    ] {
        let it = school();
        let before = it.everything();
        let body = format!(
            r#"{{"courseIds":{courses},"learnerIds":{learners},"dueDateType":"unlimited"}}"#
        );
        let answer = it.post("/enrollment").token(caller).json(&body).send();
        assert_eq!(answer.status, status, "{body} as {caller}");
        assert_eq!(it.everything(), before, "{body} as {caller}");
    }
    // Within its departments it may.
    let it = school();
    let body = r#"{"courseIds":["$c5"],"learnerIds":["$u12","$u13"],"dueDateType":"unlimited"}"#;
    for caller in ["department", "custom"] {
        it.post("/__admin/reset").send();
        assert_created(
            &it.post("/enrollment").token(caller).json(body).send(),
            caller,
        );
        assert_eq!(made(&it).len(), 2);
    }
}

#[test]
fn a_body_without_a_type_or_of_another_is_refused() {
    let it = school();
    let body = fill(r#"{"courseIds":["$c5"],"learnerIds":["$u11"],"dueDateType":"unlimited"}"#);
    for content_type in [
        "text/plain",
        "",
        "application/octet-stream",
        "json",
        "application/xml",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    ] {
        let status = it
            .post("/enrollment")
            .token("account")
            .body(content_type, body.clone())
            .status();
        assert_eq!(status, 400, "{content_type}");
    }
    let mut bare = it.post("/enrollment").token("account");
    bare.request.body = body.into();
    assert_eq!(bare.status(), 400);
    assert!(made(&it).is_empty());
}

#[test]
fn who_is_enrolled_already_is_treated_as_the_switch_says() {
    // e1 is u11 in c1; c5 is new to u11; the archived e7 is u11 in c2.
    let body = r#"{"courseIds":["$c1","$c5"],"learnerIds":["$u11"],"dueDateType":"due_date","dueDate":"2030-01-01"}"#;
    for (switch, status, courses) in [
        ("", 201, &["c5"][..]),
        ("duplicate_enrollment: keep", 201, &["c5"]),
        ("duplicate_enrollment: create", 201, &["c1", "c5"]),
        ("duplicate_enrollment: refuse", 400, &[]),
    ] {
        let it = school_with(switch);
        let first = it.get("/enrollment/$e1").token("account").send().text();
        let answer = it.post("/enrollment").token("account").json(body).send();
        assert_eq!(answer.status, status, "{switch}");
        let mut found: Vec<String> = pairs(&it).into_iter().map(|(course, _)| course).collect();
        found.sort();
        assert_eq!(found, courses, "{switch}");
        assert_eq!(
            it.get("/enrollment/$e1").token("account").send().text(),
            first,
            "{switch}"
        );
        // Who was enrolled once, but is not any more, is no duplicate.
        let again = r#"{"courseIds":["$c2"],"learnerIds":["$u11"],"dueDateType":"unlimited"}"#;
        assert_eq!(
            it.post("/enrollment").token("account").json(again).status(),
            201,
            "{switch}"
        );
        assert_eq!(
            it.list("/enrollment?courseIds=$c2&learnerIds=$u11").len(),
            1,
            "{switch}"
        );
    }
}

#[test]
fn the_access_date_left_out_is_the_clocks_day() {
    let it = emulator(&format!(
        "{SCHOOL}\nclock: {{ now: 2024-06-09T23:59:59Z, ticking: false }}\n"
    ));
    let body = |course: &str| {
        format!(r#"{{"courseIds":["{course}"],"learnerIds":["$u14"],"dueDateType":"unlimited"}}"#)
    };
    it.post("/enrollment")
        .token("account")
        .json(&body("$c5"))
        .send();
    it.advance("1s");
    it.post("/enrollment")
        .token("account")
        .json(&body("$c2"))
        .send();
    let access = |course: &str| {
        let target = format!("/enrollment?learnerIds=$u14&courseIds={course}");
        it.get(&target)
            .token("account")
            .send()
            .field("accessDate")
            .unwrap()
    };
    assert_eq!(access("$c5"), "2024-06-09");
    assert_eq!(access("$c2"), "2024-06-10");
}

#[test]
fn new_enrollments_come_in_the_order_in_which_the_request_names_them() {
    for body in [
        r#"{"courseIds":["$c5","$c2"],"learnerIds":["$u14","$u12","$u14"],"dueDateType":"unlimited"}"#,
        r#"{"courseIds":{"id":["$c5","$c2","$c5"]},"learnerIds":["$u14","$u12"],"dueDateType":"unlimited"}"#,
    ] {
        let it = school_with("duplicate_enrollment: create");
        assert_created(
            &it.post("/enrollment").token("account").json(body).send(),
            body,
        );
        let expected = [("c5", "u14"), ("c2", "u14"), ("c5", "u12"), ("c2", "u12")];
        let expected = expected.map(|(course, learner)| (course.to_owned(), learner.to_owned()));
        assert_eq!(pairs(&it), expected, "{body}");
    }
}

#[test]
fn the_last_day_of_the_calendar_is_a_due_date_too() {
    let it = school();
    let body = r#"{"courseIds":["$c5"],"learnerIds":["$u11"],"dueDateType":"due_date","dueDate":"9999-12-31"}"#;
    assert_created(
        &it.post("/enrollment").token("account").json(body).send(),
        body,
    );
    assert!(it.everything().contains("<dueDate>9999-12-31</dueDate>"));
}

#[test]
fn dates_and_periods_of_other_shapes_are_refused() {
    let it = school();
    let fresh = it.everything();
    for field in [
        r#""dueDateType":"due_date","dueDate":"2024-12-20 10:00:00Z[Etc/UTC]""#,
        r#""dueDateType":"due_date","dueDate":"20241220T000000Z""#,
        r#""dueDateType":"due_date","dueDate":"2024-12-20T10Z""#,
        r#""dueDateType":"due_date","dueDate":"2024-12-20T10:00:00""#,
        r#""dueDateType":"due_period","duePeriod":"+5""#,
        r#""dueDateType":"due_period","duePeriod":""#,
        r#""dueDateType":"""#,
    ] {
        let body = format!(r#"{{"courseIds":["$c5"],"learnerIds":["$u11"],{field}}}"#);
        assert_eq!(
            it.post("/enrollment").token("account").json(&body).status(),
            400,
            "{body}"
        );
    }
    assert_eq!(it.everything(), fresh);
}

#[test]
fn an_empty_optional_field_is_as_good_as_none() {
    let it = school();
    let body = "<request><courseIds><id>$c5</id></courseIds><learnerIds><id>$u11</id></learnerIds>\
        <accessDate/><dueDateType>unlimited</dueDateType><lockAfterDueDate></lockAfterDueDate></request>";
    assert_created(
        &it.post("/enrollment").token("account").xml(body).send(),
        body,
    );
    assert!(it.everything().ends_with(
        "<accessDate>2024-06-09</accessDate><enrollmentTypeGroup>0</enrollmentTypeGroup>\
         <shouldLockAfterDueDate>0</shouldLockAfterDueDate></enrollment></response>"
    ));
}

#[test]
fn ids_made_at_one_instant_sort_as_they_were_made() {
    let it = school();
    let body =
        r#"{"courseIds":["$c5","$c2"],"learnerIds":["$u14","$u15"],"dueDateType":"unlimited"}"#;
    assert_created(
        &it.post("/enrollment").token("account").json(body).send(),
        body,
    );
    let ids = made(&it);
    assert_eq!(ids.len(), 4);
    assert!(ids.is_sorted(), "{ids:?}");
}
