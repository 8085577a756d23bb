//! Seats and the queue for them at Adobe, and that a refused write leaves everything as it was.

use enrollmock::internals::emulator::Emulator;
use serde_json::Value;

use crate::support::{Answer, Calls, emulator};

/// Courses with seats, and people who want them.
const SEATS: &str = "
alm:
  users: [{ id: 1, roles: [admin] }, { id: 7 }, { id: 8 }, { id: 9 }]
  learning_objects:
    - { id: 'course:10', instances: [{ id: 'course:10_1', seat_limit: 1, waitlist_limit: 2 }, { id: 'course:10_2' }] }
    - { id: 'certification:20', instances: [{ id: 'certification:20_1', seat_limit: 2 }] }
    - { id: 'course:30', instances: [{ id: 'course:30_1', enrollment_deadline: 2024-06-09T13:05:08Z }] }
    - { id: 'course:40', instances: [{ id: 'course:40_1', seat_limit: 0, waitlist_limit: 0 }] }
    - { id: 'jobAid:50', unenrollment_allowed: false, instances: [{ id: 'jobAid:50_-1' }] }
  enrollments:
    - { user: 7, instance: 'jobAid:50_-1', enrolled: 2024-01-01T00:00:00Z }
    - { user: 7, instance: 'certification:20_1', enrolled: 2024-01-01T00:00:00Z, state: PENDING_APPROVAL }
    - { user: 8, instance: 'certification:20_1', enrolled: 2024-01-01T00:00:00Z, state: REJECTED }
  credentials:
    - { token: admin, user: 1 }
    - { token: '7', user: 7 }
    - { token: '8', user: 8 }
    - { token: '9', user: 9 }
";

const ALL: &str = "filter.loTypes=course,learningProgram,jobAid,certification&page[limit]=100";

fn call(it: &Emulator, method: &str, target: &str, token: &str) -> Answer {
    let target = format!("/alm/primeapi/v2{target}");
    let ask = it.call(method, &target);
    ask.header("authorization", &format!("oauth {token}"))
        .send()
}

/// The state of one enrollment, as an administrator sees it.
fn state(it: &Emulator, instance: &str, user: &str) -> String {
    let target = format!("/users/{user}/enrollments/{instance}_{user}");
    shown(&call(it, "GET", &target, "admin"))
}

fn shown(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let document: Value = serde_json::from_slice(&answer.body).unwrap();
    let state = &document["data"]["attributes"]["state"];
    state.as_str().unwrap().to_owned()
}

fn enroll(it: &Emulator, object: &str, user: &str) -> String {
    shown(&call(
        it,
        "POST",
        &format!("/enrollments?loId={object}"),
        user,
    ))
}

fn leave(it: &Emulator, instance: &str, user: &str) {
    let target = format!("/users/{user}/enrollments/{instance}_{user}");
    assert_eq!(call(it, "DELETE", &target, "admin").status, 204);
}

/// All that can be seen of everybody's enrollments.
fn everything(it: &Emulator) -> String {
    let lists = ["7", "8", "9"].map(|user| {
        let target = format!("/users/{user}/enrollments?{ALL}");
        call(it, "GET", &target, "admin").ok().text()
    });
    lists.join("\n")
}

#[test]
fn a_seat_that_gets_free_goes_to_who_waited_the_longest_and_nobody_jumps_the_queue() {
    let it = emulator(SEATS);
    assert_eq!(enroll(&it, "course:10", "9"), "ENROLLED");
    it.advance("1s");
    assert_eq!(enroll(&it, "course:10", "8"), "WAITING");
    it.advance("1s");
    assert_eq!(enroll(&it, "course:10", "7"), "WAITING");
    leave(&it, "course:10_1", "9");
    assert_eq!(state(&it, "course:10_1", "8"), "ENROLLED");
    assert_eq!(state(&it, "course:10_1", "7"), "WAITING");
    // Who comes back queues anew.
    assert_eq!(enroll(&it, "course:10", "9"), "WAITING");
    leave(&it, "course:10_1", "8");
    assert_eq!(state(&it, "course:10_1", "7"), "ENROLLED");
    assert_eq!(state(&it, "course:10_1", "9"), "WAITING");
}

#[test]
fn who_leaves_the_queue_gives_nobody_a_seat() {
    let it = emulator(SEATS);
    for user in ["7", "8", "9"] {
        enroll(&it, "course:10", user);
    }
    leave(&it, "course:10_1", "8");
    assert_eq!(state(&it, "course:10_1", "7"), "ENROLLED");
    assert_eq!(state(&it, "course:10_1", "9"), "WAITING");
    // There is a place in the queue again.
    assert_eq!(enroll(&it, "course:10", "8"), "WAITING");
}

#[test]
fn a_proof_under_review_or_rejected_keeps_its_seat() {
    let it = emulator(SEATS);
    assert_eq!(enroll(&it, "certification:20", "9"), "WAITING");
    leave(&it, "certification:20_1", "8");
    assert_eq!(state(&it, "certification:20_1", "9"), "ENROLLED");
}

#[test]
fn a_reset_gives_the_seats_back() {
    let it = emulator(SEATS);
    assert_eq!(enroll(&it, "course:10", "9"), "ENROLLED");
    assert_eq!(enroll(&it, "course:10", "8"), "WAITING");
    it.post("/__admin/reset?only=state").send();
    assert_eq!(enroll(&it, "course:10", "8"), "ENROLLED");
    assert_eq!(enroll(&it, "course:10", "9"), "WAITING");
}

#[test]
fn a_refused_write_leaves_everything_as_it_was() {
    let it = emulator(SEATS);
    enroll(&it, "course:10", "8");
    let before = everything(&it);
    for (method, target, token) in [
        ("POST", "/enrollments?loId=course:40", "7"),
        ("POST", "/enrollments?loId=course:30", "7"),
        ("POST", "/enrollments?loId=course:99", "7"),
        (
            "POST",
            "/enrollments?loId=course:10&loInstanceId=course:30_1",
            "7",
        ),
        (
            "POST",
            "/enrollments?loId=course:10&loInstanceId=course:10_2",
            "8",
        ),
        ("POST", "/users/7/enrollments?loId=course:40", "admin"),
        ("POST", "/users/7/enrollments?loId=course:10", "7"),
        ("PATCH", "/enrollments/jobAid:50_-1_7", "7"),
        ("DELETE", "/enrollments/jobAid:50_-1_7", "7"),
        ("DELETE", "/enrollments/course:10_1_8", "7"),
        ("DELETE", "/enrollments/course:10_1_7", "7"),
        ("DELETE", "/users/7/enrollments/course:10_1_8", "admin"),
    ] {
        let answer = call(&it, method, target, token);
        assert!(answer.status >= 400, "{method} {target}");
        assert_eq!(everything(&it), before, "{method} {target}");
    }
    // Nor was a seat or a place in the queue used up.
    assert_eq!(enroll(&it, "course:10", "7"), "WAITING");
}

#[test]
fn a_learning_object_shows_the_enrollment_that_lists_show() {
    let it = emulator(
        "
alm:
  users: [{ id: 7 }]
  learning_objects: [{ id: 'course:10', instances: [{ id: 'course:10_1' }, { id: 'course:10_2' }] }]
  enrollments:
    - { user: 7, instance: 'course:10_1', enrolled: 2024-01-01T00:00:00Z }
    - { user: 7, instance: 'course:10_2', enrolled: 2024-01-02T00:00:00Z, completed: 2024-01-03T00:00:00Z }
  credentials: [{ token: '7', user: 7 }]
",
    );
    let listed: Value =
        serde_json::from_slice(&call(&it, "GET", "/enrollments", "7").ok().body).unwrap();
    let own = call(&it, "GET", "/learningObjects/course:10", "7").ok();
    let own: Value = serde_json::from_slice(&own.body).unwrap();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["data"][0]["id"], "course:10_2_7");
    let shown = &own["data"]["relationships"]["enrollment"]["data"]["id"];
    assert_eq!(*shown, "course:10_2_7");
}

#[test]
fn a_module_is_not_dated_as_completed_before_its_proof_was_approved() {
    let it = emulator(
        "
alm:
  users: [{ id: 7 }]
  learning_objects: [{ id: 'certification:10', instances: [{ id: 'certification:10_1', modules: [{ id: 3 }] }] }]
  enrollments:
    - { user: 7, instance: 'certification:10_1', enrolled: 2024-01-01T00:00:00Z, started: 2024-01-02T00:00:00Z, completed: 2024-01-03T00:00:00Z, state: PENDING_APPROVAL }
  credentials: [{ token: '7', user: 7 }]
",
    );
    let grade = call(
        &it,
        "GET",
        "/loResourceGrades/certification:10_1_3_0_7",
        "7",
    )
    .ok();
    let attributes = r#""attributes":{"completed":false,"dateStarted":"2024-01-02T00:00:00.000Z","duration":0,"hasPassed":false,"progressPercent":0,"score":0}"#;
    assert!(grade.text().contains(attributes), "{}", grade.text());
}
