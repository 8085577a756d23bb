//! Adobe's enrollments one by one: read, made, changed, left.

use enrollmock::internals::emulator::Emulator;

use crate::support::{Answer, Ask, Calls, emulator};

/// Everything that can be in the way of an enrollment.
const ACADEMY: &str = "
alm:
  users:
    - { id: 1, roles: [admin] }
    - { id: 7, roles: [learner] }
    - { id: 8, roles: [learner] }
    - { id: 9, roles: [learner] }
  learning_objects:
    - { id: 'course:10', instances: [{ id: 'course:10_1', deadline: 2024-07-01T00:00:00Z }, { id: 'course:10_2' }] }
    - { id: 'course:20', instances: [{ id: 'course:20_1', seat_limit: 1, waitlist_limit: 1 }] }
    - { id: 'course:30', instances: [{ id: 'course:30_1', enrollment_deadline: 2024-06-09T13:05:09Z, unenrollment_deadline: 2024-06-09T13:05:09Z }] }
    - { id: 'course:40', state: Retired, instances: [{ id: 'course:40_1' }] }
    - { id: 'course:50', unenrollment_allowed: false, instances: [{ id: 'course:50_1' }] }
    - { id: 'course:60', instances: [{ id: 'course:60_1', state: Retired }] }
    - { id: 'course:70' }
    - { id: 'certification:10', instances: [{ id: 'certification:10_1' }] }
    - { id: 'jobAid:10', instances: [{ id: 'jobAid:10_-1' }] }
  enrollments:
    - { user: 7, instance: 'course:50_1', enrolled: 2024-01-01T00:00:00Z }
    - { user: 7, instance: 'certification:10_1', enrolled: 2024-01-02T00:00:00Z }
    - { user: 7, instance: 'jobAid:10_-1', enrolled: 2024-01-03T00:00:00Z, state: COMPLETED }
    - { user: 8, instance: 'course:50_1', enrolled: 2024-01-01T00:00:00Z }
  credentials:
    - { token: admin, user: 1 }
    - { token: learner, user: 7 }
    - { token: second, user: 8 }
    - { token: third, user: 9 }
";

const OF_7: &str = "/primeapi/v2/users/7/enrollments";
const OWN: &str = "/primeapi/v2/enrollments";

fn academy() -> Emulator {
    emulator(ACADEMY)
}

fn with(behaviour: &str) -> Emulator {
    emulator(&format!("{ACADEMY}  behaviour: {{ {behaviour} }}\n"))
}

fn ask<'a>(it: &'a Emulator, method: &str, target: &str, token: &str) -> Ask<'a> {
    it.call(method, target)
        .header("authorization", &format!("oauth {token}"))
}

fn call(it: &Emulator, method: &str, target: &str, token: &str) -> Answer {
    ask(it, method, target, token).send()
}

fn enroll(it: &Emulator, token: &str, query: &str) -> Answer {
    call(it, "POST", &format!("{OWN}?{query}"), token)
}

fn patch(it: &Emulator, target: &str, token: &str, body: &str) -> Answer {
    ask(it, "PATCH", target, token)
        .body("application/vnd.api+json;charset=UTF-8", body.to_owned())
        .send()
}

/// The attributes of the enrollment in an answer.
fn attributes(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let document: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!(document["data"]["type"], "learningObjectInstanceEnrollment");
    document["data"]["attributes"].to_string()
}

fn refused(answer: &Answer, title: &str, info: &str) {
    let middle = match title {
        "Object doesn't exist" => "\"code\":\"OBJECT_DOESNT_EXIST\",",
        _ => "",
    };
    let expected = format!(
        "{{\"status\":\"BAD_REQUEST\",{middle}\"title\":\"{title}\",\"source\":{{\"info\":\"{info}\"}}}}"
    );
    assert_eq!((answer.status, answer.text()), (400, expected));
}

fn has_error_id(answer: &Answer, id: &str) {
    let expected = format!(
        "{{\"status\":\"BAD_REQUEST\",\"errorId\":\"{id}\",\"title\":\"Generic Error\",\"source\":{{\"info\":\"{id}\"}}}}"
    );
    assert_eq!((answer.status, answer.text()), (400, expected));
}

#[test]
fn an_enrollment_is_found_by_its_id_encoded_or_not() {
    let it = academy();
    for id in ["course:50_1_7", "course%3A50_1_7", "jobAid:10_-1_7"] {
        for (path, token) in [(OF_7, "admin"), (OF_7, "learner"), (OWN, "learner")] {
            let answer = call(&it, "GET", &format!("{path}/{id}"), token);
            assert_eq!(answer.status, 200, "{}", answer.text());
            let document: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
            assert_eq!(document["data"]["id"], id.replace("%3A", ":"));
            let own = format!("http://localhost{path}/{id}");
            assert_eq!(document["links"], serde_json::json!({ "self": own }));
        }
    }
}

#[test]
fn an_id_that_names_no_enrollment_of_the_user_is_refused() {
    let it = academy();
    for id in [
        "course:10_1_7",
        "course:50_2_7",
        "course:50_1_8",
        "course:50_1_07",
        "50_1_7",
        "x",
    ] {
        for method in ["GET", "PATCH"] {
            let target = format!("{OF_7}/{id}");
            let answer = ask(&it, method, &target, "admin")
                .json(r#"{"data":{}}"#)
                .send();
            refused(&answer, "Object doesn't exist", id);
        }
        let answer = call(&it, "DELETE", &format!("{OF_7}/{id}"), "admin");
        has_error_id(&answer, "ERROR_ENROLLMENT_NOT_FOUND");
    }
}

#[test]
fn a_learner_touches_nobody_elses_enrollments() {
    let it = academy();
    for method in ["GET", "PATCH", "DELETE"] {
        let answer = ask(&it, method, &format!("{OWN}/course:50_1_8"), "learner");
        refused(&answer.json("{}").send(), "User mismatch", "course:50_1_8");
    }
    let of_another = "/primeapi/v2/users/8/enrollments/course:50_1_8";
    let answer = call(&it, "GET", of_another, "learner");
    refused(&answer, "User mismatch", "8");
    assert_eq!(call(&it, "GET", of_another, "admin").status, 200);
}

#[test]
fn a_learner_changes_nothing_through_the_administrators_path_not_even_their_own() {
    let it = academy();
    for user in ["7", "8"] {
        let list = format!("/primeapi/v2/users/{user}/enrollments");
        let one = format!("{list}/course:50_1_{user}");
        for (method, path) in [("POST", &list), ("PATCH", &one), ("DELETE", &one)] {
            let answer = ask(&it, method, path, "learner").json("{}").send();
            assert_eq!(answer.status, 403, "{method} {path}");
            assert_eq!(
                answer.text(),
                r#"{"status":"FORBIDDEN","title":"Forbidden","source":{"info":"Insufficient scope"}}"#
            );
        }
    }
}

#[test]
fn an_administrator_enrolls_somebody_and_a_learner_themselves() {
    let it = academy();
    let query = "loId=course:10&loInstanceId=course:10_1&allowMultiEnrollment=false";
    let made = call(&it, "POST", &format!("{OF_7}?{query}"), "admin");
    assert_eq!(
        attributes(&made),
        r#"{"completionDeadline":"2024-07-01T00:00:00.000Z","dateEnrolled":"2024-06-09T13:05:09.000Z","enrollmentSource":"ADMIN_ENROLL","hasPassed":false,"progressPercent":0,"score":0,"state":"ENROLLED"}"#
    );
    // The body is passed over, whatever it is.
    let own = format!("{OWN}?loId=course%3A10&loInstanceId=course%3A10_2");
    let own = ask(&it, "POST", &own, "second").json("[").send();
    assert_eq!(
        attributes(&own),
        r#"{"dateEnrolled":"2024-06-09T13:05:09.000Z","enrollmentSource":"SELF_ENROLL","hasPassed":false,"progressPercent":0,"score":0,"state":"ENROLLED"}"#
    );
    let shown = call(&it, "GET", &format!("{OWN}/course:10_2_8"), "second");
    assert_eq!(attributes(&shown), attributes(&own));
}

#[test]
fn without_an_instance_the_default_one_is_meant() {
    let answer = enroll(&academy(), "learner", "loId=course:10");
    assert!(
        answer.text().contains("\"id\":\"course:10_1_7\""),
        "{}",
        answer.text()
    );
}

#[test]
fn who_is_enrolled_stays_so() {
    let it = academy();
    let before = attributes(&call(
        &it,
        "GET",
        &format!("{OWN}/jobAid:10_-1_7"),
        "learner",
    ));
    assert_eq!(
        attributes(&enroll(&it, "learner", "loId=jobAid:10")),
        before
    );
}

#[test]
fn a_second_instance_must_be_asked_for() {
    let it = academy();
    let second = "loId=course:10&loInstanceId=course:10_2";
    assert_eq!(enroll(&it, "learner", "loId=course:10").status, 200);
    for query in [
        second.to_owned(),
        format!("{second}&allowMultiEnrollment=false"),
    ] {
        let answer = enroll(&it, "learner", &query);
        refused(
            &answer,
            "Generic Error",
            "Learner is already enrolled in another instance",
        );
    }
    let several = format!("{second}&allowMultiEnrollment=true");
    assert_eq!(enroll(&it, "learner", &several).status, 200);
    refused(
        &enroll(&it, "learner", &format!("{second}&allowMultiEnrollment=1")),
        "Field Type incorrect",
        "1",
    );
}

#[test]
fn what_to_enroll_in_must_be_named_and_known() {
    let it = academy();
    for (query, title, info) in [
        ("", "Missing Param", "loId"),
        ("loId=", "Missing Param", "loId"),
        ("loInstanceId=course:10_1", "Missing Param", "loId"),
        ("loId=course:99", "Object doesn't exist", "course:99"),
        ("loId=10", "Object doesn't exist", "10"),
        (
            "loId=course:10&loInstanceId=course:10_9",
            "Object doesn't exist",
            "course:10_9",
        ),
        (
            "loId=course:10&loInstanceId=course:20_1",
            "Object doesn't exist",
            "course:20_1",
        ),
        ("loId=course:70", "Object doesn't exist", "course:70"),
    ] {
        refused(&enroll(&it, "learner", query), title, info);
    }
    let nobody = call(
        &it,
        "POST",
        "/primeapi/v2/users/6/enrollments?loId=course:10",
        "admin",
    );
    refused(&nobody, "Object doesn't exist", "6");
    let nothing = call(&it, "POST", "/primeapi/v2/users/6/enrollments", "admin");
    refused(&nothing, "Missing Param", "loId");
}

#[test]
fn nobody_enrolls_in_what_was_withdrawn() {
    let it = academy();
    for id in ["course:40", "course:60"] {
        for (path, token) in [(OWN, "learner"), (OF_7, "admin")] {
            let answer = call(&it, "POST", &format!("{path}?loId={id}"), token);
            refused(&answer, "Generic Error", "Learning object is retired");
        }
    }
}

#[test]
fn learners_come_and_leave_until_the_deadline_and_administrators_do_as_they_like() {
    let it = academy();
    let id = "course:30_1_7";
    assert_eq!(enroll(&it, "learner", "loId=course:30").status, 200);
    assert_eq!(
        call(&it, "DELETE", &format!("{OWN}/{id}"), "learner").status,
        204
    );
    it.advance("1s");
    let late = enroll(&it, "learner", "loId=course:30");
    refused(&late, "Generic Error", "Deadline crossed for enrollment");
    assert_eq!(
        call(&it, "POST", &format!("{OF_7}?loId=course:30"), "admin").status,
        200
    );
    let late = call(&it, "DELETE", &format!("{OWN}/{id}"), "learner");
    refused(&late, "Generic Error", "Deadline crossed for unenrollment");
    assert_eq!(
        call(&it, "DELETE", &format!("{OF_7}/{id}"), "admin").status,
        204
    );
}

#[test]
fn who_comes_after_the_last_seat_waits_and_who_comes_after_the_queue_is_refused() {
    let it = academy();
    let query = "loId=course:20";
    assert!(attributes(&enroll(&it, "learner", query)).contains("\"ENROLLED\""));
    assert!(attributes(&enroll(&it, "second", query)).contains("\"WAITING\""));
    has_error_id(
        &enroll(&it, "third", query),
        "ERROR_ENROLLMENT_WAITLIST_FULL",
    );
}

#[test]
fn leaving_answers_with_nothing_and_only_once() {
    let it = academy();
    let target = format!("{OF_7}/certification:10_1_7");
    let gone = call(&it, "DELETE", &target, "admin");
    assert_eq!((gone.status, gone.text()), (204, String::new()));
    has_error_id(
        &call(&it, "DELETE", &target, "admin"),
        "ERROR_ENROLLMENT_NOT_FOUND",
    );
    refused(
        &call(&it, "GET", &target, "admin"),
        "Object doesn't exist",
        "certification:10_1_7",
    );
    // Who left may come back.
    assert_eq!(enroll(&it, "learner", "loId=certification:10").status, 200);
}

#[test]
fn some_learning_objects_cannot_be_left_by_learners() {
    let it = academy();
    let answer = call(&it, "DELETE", &format!("{OWN}/course:50_1_7"), "learner");
    refused(&answer, "Generic Error", "Unenrollment is not allowed");
    assert_eq!(
        call(&it, "DELETE", &format!("{OF_7}/course:50_1_7"), "admin").status,
        204
    );
}

#[test]
fn a_switch_makes_leaving_deny_what_it_did() {
    let it = with("unenroll_denies: true");
    let target = format!("{OF_7}/course:50_1_7");
    has_error_id(
        &call(&it, "DELETE", &target, "admin"),
        "ERROR_ENROLLMENT_NOT_FOUND",
    );
    assert_eq!(call(&it, "GET", &target, "admin").status, 400);
}

#[test]
fn administrators_change_the_last_visit_and_nothing_else() {
    let it = academy();
    let target = format!("{OF_7}/course:50_1_7");
    let body = r#"{"data":{"id":"course:50_1_7","type":"learningObjectInstanceEnrollment","attributes":{"lastAccessDate":"2024-05-01T10:00:00.999+02:00","state":"COMPLETED","rating":5,"score":3}}}"#;
    let expected = r#"{"dateEnrolled":"2024-01-01T00:00:00.000Z","enrollmentSource":"ADMIN_ENROLL","hasPassed":false,"lastAccessDate":"2024-05-01T08:00:00.000Z","progressPercent":0,"score":0,"state":"ENROLLED"}"#;
    assert_eq!(attributes(&patch(&it, &target, "admin", body)), expected);
    // What is not sent stays as it is.
    for body in [
        r#"{"data":{}}"#,
        r#"{"data":{"attributes":{"lastAccessDate":null}}}"#,
    ] {
        assert_eq!(attributes(&patch(&it, &target, "admin", body)), expected);
    }
    assert_eq!(attributes(&call(&it, "GET", &target, "admin")), expected);
}

#[test]
fn learners_rate_and_hand_in_proofs() {
    let it = academy();
    let target = format!("{OWN}/certification:10_1_7");
    let body = r#"{"data":{"id":"certification:10_1_7","type":"learningObjectInstanceEnrollment","attributes":{"url":"https://proof.example/1","dateCompleted":"2024-05-01T10:00:00.000Z","lastAccessDate":"2024-05-01T10:00:00.000Z"}}}"#;
    assert_eq!(
        attributes(&patch(&it, &target, "learner", body)),
        r#"{"dateEnrolled":"2024-01-02T00:00:00.000Z","enrollmentSource":"ADMIN_ENROLL","hasPassed":false,"progressPercent":0,"score":0,"state":"PENDING_APPROVAL","url":"https://proof.example/1"}"#
    );
    let rated = format!("{OWN}/jobAid:10_-1_7");
    let body = r#"{"data":{"attributes":{"rating":4,"dateCompleted":"2024-05-01T10:00:00.000Z"}}}"#;
    assert_eq!(
        attributes(&patch(&it, &rated, "learner", body)),
        r#"{"dateCompleted":"2024-05-01T10:00:00.000Z","dateEnrolled":"2024-01-03T00:00:00.000Z","dateStarted":"2024-01-03T00:00:00.000Z","enrollmentSource":"ADMIN_ENROLL","hasPassed":true,"progressPercent":100,"rating":4,"score":0,"state":"COMPLETED"}"#
    );
    // Completed before it was started.
    let body = r#"{"data":{"attributes":{"dateCompleted":"2023-05-01T10:00:00.000Z"}}}"#;
    refused(
        &patch(&it, &rated, "learner", body),
        "Field Type incorrect",
        "dateCompleted",
    );
}

#[test]
fn a_change_that_is_none_is_refused_and_changes_nothing() {
    let it = academy();
    let target = format!("{OWN}/jobAid:10_-1_7");
    let before = attributes(&call(&it, "GET", &target, "learner"));
    let empty = patch(&it, &target, "learner", "");
    let generic = r#"{"status":"BAD_REQUEST","title":"Generic Error"}"#;
    assert_eq!((empty.status, empty.text()), (400, generic.to_owned()));
    for (body, info) in [
        ("{", "data"),
        ("[]", "data"),
        ("{}", "data"),
        (r#"{"data":[]}"#, "data"),
        (r#"{"data":{"attributes":1}}"#, "attributes"),
        (
            r#"{"data":{"type":"user"}}"#,
            "incorrect relation type - user",
        ),
        (r#"{"data":{"type":1}}"#, "type"),
        (r#"{"data":{"id":"course:1_1_7"}}"#, "course:1_1_7"),
        (r#"{"data":{"id":7}}"#, "id"),
        (r#"{"data":{"attributes":{"rating":6}}}"#, "rating"),
        (r#"{"data":{"attributes":{"rating":0}}}"#, "rating"),
        (r#"{"data":{"attributes":{"rating":"5"}}}"#, "rating"),
        (r#"{"data":{"attributes":{"url":1}}}"#, "url"),
        (
            r#"{"data":{"attributes":{"dateCompleted":"soon","rating":1}}}"#,
            "dateCompleted",
        ),
        (
            r#"{"data":{"attributes":{"dateCompleted":"-002024-05-01T10:00:00Z"}}}"#,
            "dateCompleted",
        ),
    ] {
        refused(
            &patch(&it, &target, "learner", body),
            "Field Type incorrect",
            info,
        );
    }
    assert_eq!(attributes(&call(&it, "GET", &target, "learner")), before);
}

#[test]
fn a_switch_refuses_bodies_of_types_that_nobody_mentions() {
    let it = with("unsupported_media_type: refuse");
    let target = format!("{OF_7}/course:50_1_7");
    let status = |content_type: &str| {
        let ask = ask(&it, "PATCH", &target, "admin").body(content_type, r#"{"data":{}}"#);
        ask.status()
    };
    assert_eq!(status("text/plain"), 415);
    assert_eq!(status("application/json"), 200);
    assert_eq!(status("Application/VND.api+json;charset=UTF-8"), 200);
    let plain = ask(&academy(), "PATCH", &target, "admin")
        .body("text/plain", r#"{"data":{}}"#)
        .status();
    assert_eq!(plain, 200);
}

#[test]
fn an_answer_to_a_write_is_shaped_as_it_was_asked_for() {
    let it = academy();
    let asked = "include=loInstance&fields[learningObjectInstanceEnrollment]=state";
    let made = enroll(&it, "learner", &format!("loId=course:10&{asked}"));
    assert_eq!(attributes(&made), r#"{"state":"ENROLLED"}"#);
    assert!(made.text().contains(r#""included":[{"id":"course:10_1""#));
    let path = format!("{OWN}/course:10_1_7");
    let body = r#"{"data":{"id":"course:10_1_7","type":"learningObjectInstanceEnrollment","attributes":{"rating":4}}}"#;
    let changed = patch(&it, &format!("{path}?{asked}"), "learner", body);
    assert_eq!(attributes(&changed), r#"{"state":"ENROLLED"}"#);
}

#[test]
fn a_write_whose_answer_cannot_be_shaped_writes_nothing() {
    let it = academy();
    let refused = enroll(&it, "learner", "loId=course:10&include=nothing");
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_eq!(
        call(&it, "GET", &format!("{OWN}/course:10_1_7"), "learner").status,
        400,
        "nobody was enrolled"
    );
}
