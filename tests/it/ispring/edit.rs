//! Edit, enroll again, delete.

use crate::support::{ALL, Calls, fill, school, school_with};

const EDIT: &str = r#"{"accessDate":"2019-09-26 10:30:00","dueDateType":"due_date","dueDate":"2025-01-02","lockAfterDueDate":true}"#;

#[test]
fn an_edit_changes_the_dates_and_nothing_else() {
    let it = school();
    let answer = it
        .post("/enrollment/$e9")
        .token("account")
        .json(EDIT)
        .send();
    assert_eq!(answer.status, 200);
    assert!(answer.body.is_empty());
    assert_eq!(answer.header("content-length"), Some("0"));
    assert_eq!(answer.header("content-type"), None);
    assert_eq!(it.list("/enrollment"), ALL);
    let shown = it.get("/enrollment/$e9").token("account").send().ok();
    for (field, value) in [
        ("accessDate", Some("2019-09-26")),
        ("dueDate", Some("2025-01-02")),
        ("expirationDate", Some("2025-01-02")),
        ("shouldLockAfterDueDate", Some("1")),
        ("issueDate", Some("2024-06-07T07:19:00+00:00")),
    ] {
        assert_eq!(shown.field(field).as_deref(), value, "{field}");
    }
    // The documented sample takes the due date away again.
    let sample = "<request><accessDate>2019-09-26 10:30:00</accessDate><dueDateType>unlimited</dueDateType><dueDate>2019-09-26</dueDate><duePeriod>0</duePeriod><lockAfterDueDate>true</lockAfterDueDate></request>";
    assert_eq!(
        it.post("/enrollment/$e9/")
            .token("account")
            .xml(sample)
            .status(),
        200
    );
    let shown = it.get("/enrollment/$e9").token("account").send().ok();
    assert_eq!(shown.field("dueDate"), None);
    assert_eq!(shown.field("shouldLockAfterDueDate").as_deref(), Some("0"));
}

#[test]
fn enrolling_again_archives_the_old_enrollment_and_makes_a_new_one_at_the_end() {
    let it = school();
    let answer = it
        .post("/enrollment/$e9/reenroll")
        .token("account")
        .json(EDIT)
        .send();
    assert_eq!(answer.status, 200);
    assert!(answer.body.is_empty());
    let mut ids = it.list("/enrollment");
    let new = ids.pop().unwrap();
    assert_eq!(ids, ALL[..ALL.len() - 1]);
    assert!(!ALL.contains(&&*new));
    assert_eq!(it.get("/enrollment/$e9").token("account").status(), 400);
    assert!(it.list("/enrollment?enrollmentIds=$e9").is_empty());
    let shown = it
        .get(&format!("/enrollment/{new}"))
        .token("account")
        .send()
        .ok();
    assert!(!shown.text().contains("<certificate>"));
    assert_eq!(shown.field("courseId"), Some(fill("$c3")));
    assert_eq!(shown.field("learnerId"), Some(fill("$u12")));
    assert_eq!(shown.field("dueDate").as_deref(), Some("2025-01-02"));
    for target in ["/enrollment?courseIds=$c3", "/enrollments?learnerIds=$u12"] {
        assert_eq!(it.list(target).last(), Some(&new), "{target}");
    }
    assert_eq!(
        it.get("/enrollment")
            .token("department")
            .send()
            .ids()
            .last(),
        Some(&new)
    );
    // The old one is out of reach; the new one can be enrolled again.
    assert_eq!(
        it.post("/enrollment/$e9/reenroll")
            .token("account")
            .json(EDIT)
            .status(),
        400
    );
    assert_eq!(
        it.post(&format!("/enrollment/{new}/reenroll"))
            .token("account")
            .json(EDIT)
            .status(),
        200
    );
    assert_eq!(it.list("/enrollment").len(), ALL.len());
}

#[test]
fn edits_and_reenrollments_need_their_fields() {
    let it = school();
    let before = it.everything();
    for body in [
        "{}",
        r#"{"dueDateType":"unlimited"}"#,
        r#"{"accessDate":"2024-01-01"}"#,
        r#"{"accessDate":"","dueDateType":"unlimited"}"#,
        r#"{"accessDate":"x","dueDateType":"unlimited"}"#,
        r#"{"accessDate":"2024-01-01","dueDateType":"x"}"#,
        r#"{"accessDate":"2024-01-01","dueDateType":"due_date","lockAfterDueDate":true}"#,
        r#"{"accessDate":"2024-01-01","dueDateType":"due_date","dueDate":"2024-01-02"}"#,
        r#"{"accessDate":"2024-01-01","dueDateType":"due_period","lockAfterDueDate":true}"#,
        r#"{"accessDate":"2024-01-01","dueDateType":"due_period","duePeriod":5}"#,
        "[]",
        "",
    ] {
        for target in ["/enrollment/$e1", "/enrollment/$e1/reenroll"] {
            assert_eq!(
                it.post(target).token("account").json(body).status(),
                400,
                "{target} {body}"
            );
        }
    }
    assert_eq!(it.everything(), before);
    for body in [
        r#"{"accessDate":"2024-01-01","dueDateType":"unlimited"}"#,
        r#"{"accessDate":"2024-01-01","dueDateType":"default"}"#,
        r#"{"accessDate":"2024-01-01","dueDateType":"due_period","duePeriod":"5","lockAfterDueDate":"0"}"#,
    ] {
        assert_eq!(
            it.post("/enrollment/$e1")
                .token("account")
                .json(body)
                .status(),
            200,
            "{body}"
        );
    }
    let form = it
        .post("/enrollment/$e1")
        .token("account")
        .form("accessDate=2024-01-01&dueDateType=unlimited");
    assert_eq!(form.status(), 200);
    let form = it
        .post("/enrollment/$e1")
        .token("account")
        .multipart(&[("accessDate", "2024-01-01"), ("dueDateType", "unlimited")]);
    assert_eq!(form.status(), 200);
}

#[test]
fn an_enrollment_that_is_not_there_is_refused_as_the_switch_says() {
    for (switch, status) in [
        ("", 400),
        ("unknown_enrollment: bad_request", 400),
        ("unknown_enrollment: not_found", 404),
    ] {
        let it = school_with(switch);
        let before = it.everything();
        // Unknown, archived, deleted.
        for id in ["$e99", "$e7", "$e8"] {
            let path = format!("/enrollment/{id}");
            assert_eq!(
                it.get(&path).token("account").status(),
                status,
                "{switch} {id}"
            );
            assert_eq!(
                it.post(&path).token("account").json(EDIT).status(),
                status,
                "{switch} {id}"
            );
            assert_eq!(
                it.post(&format!("{path}/reenroll"))
                    .token("account")
                    .json(EDIT)
                    .status(),
                status,
                "{switch} {id}"
            );
            let delete = format!("{{\"enrollmentIds\":[\"$e1\",\"{id}\"]}}");
            assert_eq!(
                it.post("/enrollment/delete")
                    .token("account")
                    .json(&delete)
                    .status(),
                status,
                "{switch} {id}"
            );
        }
        for id in ["x", "%20", "delete", "$e1%20", "%ff"] {
            assert_eq!(
                it.get(&format!("/enrollment/{id}"))
                    .token("account")
                    .status(),
                400,
                "{switch} {id}"
            );
        }
        assert_eq!(it.everything(), before, "{switch}");
    }
}

#[test]
fn every_kind_of_body_deletes() {
    let bodies: &[(&str, &str)] = &[
        (
            "application/xml",
            "<DeleteEnrollments><enrollmentIds><id>$e2</id><id>$e5</id></enrollmentIds></DeleteEnrollments>",
        ),
        (
            "application/xml",
            "<request><enrollmentIds><id>$e2</id><id>$e5</id><id>$e2</id></enrollmentIds></request>",
        ),
        ("application/json", "{\"enrollmentIds\":[\"$e2\",\"$e5\"]}"),
        (
            "application/x-www-form-urlencoded",
            "enrollmentIds[]=$e5&enrollmentIds[]=$e2",
        ),
    ];
    for (content_type, body) in bodies {
        let it = school();
        let answer = it
            .post("/enrollment/delete")
            .token("account")
            .body(content_type, fill(body))
            .send();
        assert_eq!(answer.status, 204, "{body}");
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("content-length"), None);
        assert_eq!(answer.header("content-type"), None);
        assert_eq!(
            it.list("/enrollment"),
            ["e1", "e3", "e4", "e6", "e9"],
            "{body}"
        );
        assert_eq!(
            it.list("/enrollments?courseIds=$c1,$c3"),
            ["e1", "e4", "e6", "e9"]
        );
        assert_eq!(it.get("/enrollment/$e2").token("account").status(), 400);
        // Once is enough.
        assert_eq!(
            it.post("/enrollment/delete")
                .token("account")
                .body(content_type, fill(body))
                .status(),
            400
        );
        // Who was deleted can be enrolled again.
        let enroll = r#"{"courseIds":["$c1"],"learnerIds":["$u12"],"dueDateType":"unlimited"}"#;
        assert_eq!(
            it.post("/enrollment")
                .token("account")
                .json(enroll)
                .status(),
            201
        );
        assert_eq!(
            it.list("/enrollment?courseIds=$c1&learnerIds=$u12").len(),
            1
        );
    }
}

#[test]
fn a_delete_that_cannot_be_done_whole_deletes_nothing() {
    let it = school();
    let before = it.everything();
    for (ids, caller, status) in [
        (r#"["$e2","$e99"]"#, "account", 400),
        (r#"["$e2","x"]"#, "account", 400),
        (r#"[]"#, "account", 400),
        (r#"null"#, "account", 400),
        (r#"["$e2","$e1"]"#, "department", 403),
        (r#"["$e1","$e99"]"#, "department", 400),
        (r#"["c4f74ae0-e029-11e9-ba51-0a580af4b0f"]"#, "account", 400),
    ] {
        let body = format!("{{\"enrollmentIds\":{ids}}}");
        assert_eq!(
            it.post("/enrollment/delete")
                .token(caller)
                .json(&body)
                .status(),
            status,
            "{body}"
        );
        assert_eq!(it.everything(), before, "{body}");
    }
    // There is no DELETE, and no GET that deletes.
    let ask = |target| it.delete(target).token("account").send().said();
    insta::assert_snapshot!(["/enrollment/$e1", "/enrollment"].map(ask).join("\n"), @r#"
    405 <?xml version="1.0" encoding="UTF-8"?>
    <response><code>405</code><message>Method Not Allowed</message></response> (application/xml)
    405 <?xml version="1.0" encoding="UTF-8"?>
    <response><code>405</code><message>Method Not Allowed</message></response> (application/xml)
    "#);
    assert_eq!(it.everything(), before);
}
