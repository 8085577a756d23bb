//! The vendor's own lists: filters, formats, envelopes.

use enrollmock::internals::emulator::Emulator;
use serde_json::Value;

use crate::support::{Answer, Calls, emulator};

const ENROLLMENTS: &str = "/api/so2/v1/enrollments";
const COMPLETION: &str = "/api/so2/v1/completion";
const GRADES: &str = "/api/so2/v1/grades";

/// Accounts, courses and enrollments around the clock's 2024-06-09T13:05:09Z.
const SCHOOL: &str = "
openedx:
  users:
    - { username: staff, staff: true }
    - { username: johndoe, email: john@example.com }
    - { username: JaneDoe, email: jane@example.com }
    - { username: zoe, retired: true }
    - { username: tutor, course_admin: ['course-v1:o+c+r'] }
  courses:
    - { key: 'course-v1:MOOCit-demo-1', name: Demo }
    - { key: 'course-v1:o+c+r' }
    - { key: 'course-v1:with space' }
  enrollments:
    - { username: johndoe, course: 'course-v1:MOOCit-demo-1', created: 2021-03-09T20:15:59.999999Z, completion: '0.5',
        grade: '0.8', letter_grade: Pass, passed: 2020-03-28T23:21:24.354019Z, last_date: 2020-11-26 }
    - { username: JaneDoe, course: 'course-v1:MOOCit-demo-1', created: 2024-06-02T13:05:09Z, active: false, mode: verified }
    - { username: johndoe, course: 'course-v1:o+c+r', created: 2024-06-08T13:05:09Z, passed: 2024-06-08T13:05:10Z }
    - { username: JaneDoe, course: 'course-v1:o+c+r', created: 2024-06-09T13:05:09Z }
    - { username: JaneDoe, course: 'course-v1:with space', created: 2024-06-09T13:05:09.5Z }
  credentials:
    - { token: staff, user: staff }
    - { token: tutor, user: tutor }
";

fn school() -> Emulator {
    emulator(SCHOOL)
}

fn school_with(behaviour: &str) -> Emulator {
    emulator(&format!("{SCHOOL}  behaviour: {{ {behaviour} }}\n"))
}

fn ask(it: &Emulator, target: &str) -> Answer {
    it.get(target).token("Bearer staff").send()
}

fn rows(answer: Answer) -> Vec<Value> {
    serde_json::from_slice(&answer.ok().body).unwrap()
}

/// First letter of the user and last of the course of each row.
fn names(answer: Answer) -> Vec<String> {
    let letter = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = rows(answer);
    let names = rows.iter().map(|row| {
        let (user, course) = (letter(row, "username"), letter(row, "course_id"));
        format!("{}{}", &user[..1], &course[course.len() - 1..])
    });
    names.collect()
}

const ALL: [&str; 5] = ["j1", "J1", "jr", "Jr", "Je"];

#[test]
fn a_row_is_the_vendors_sample_without_its_spaces() {
    let answer = ask(
        &school(),
        "/api/so2/v1/enrollments?course_id=course-v1:MOOCit-demo-1",
    )
    .ok();
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.text(),
        concat!(
            r#"[{"username":"johndoe","email":"john@example.com","course_id":"course-v1:MOOCit-demo-1","is_active":true,"mode":"audit","created":"2021-03-09 20:15"},"#,
            r#"{"username":"JaneDoe","email":"jane@example.com","course_id":"course-v1:MOOCit-demo-1","is_active":false,"mode":"verified","created":"2024-06-02 13:05"}]"#,
        )
    );
}

#[test]
fn completion_and_grades_are_sent_as_written_and_nothing_is_zero() {
    let it = school();
    assert_eq!(
        ask(&it, &format!("{COMPLETION}?username=johndoe"))
            .ok()
            .text(),
        concat!(
            r#"[{"username":"johndoe","email":"john@example.com","course_id":"course-v1:MOOCit-demo-1","completion":"0.5"},"#,
            r#"{"username":"johndoe","email":"john@example.com","course_id":"course-v1:o+c+r","completion":"0.00"}]"#,
        )
    );
    assert_eq!(
        ask(&it, &format!("{GRADES}?username=johndoe")).ok().text(),
        concat!(
            r#"[{"username":"johndoe","email":"john@example.com","course_id":"course-v1:MOOCit-demo-1","display_name":"Demo","percent_grade":"0.8","letter_grade":"Pass","passed_timestamp":"2020-03-28 23:21:24.354019","last_date":"2020-11-26"},"#,
            r#"{"username":"johndoe","email":"john@example.com","course_id":"course-v1:o+c+r","display_name":"course-v1:o+c+r","percent_grade":"0.00","letter_grade":"","passed_timestamp":"2024-06-08 13:05:10.000000","last_date":null}]"#,
        )
    );
    assert_eq!(
        ask(&it, &format!("{GRADES}?course_id=course-v1:with space"))
            .ok()
            .text(),
        r#"[{"username":"JaneDoe","email":"jane@example.com","course_id":"course-v1:with space","display_name":"course-v1:with space","percent_grade":"0.00","letter_grade":"","passed_timestamp":null,"last_date":null}]"#
    );
}

#[test]
fn filters_narrow_the_list_and_what_is_unknown_lists_nothing() {
    let it = school();
    for (query, expected) in [
        ("", &ALL[..]),
        ("?", &ALL),
        ("?course_id=course-v1:o%2Bc%2Br", &["jr", "Jr"]),
        ("?course_id=course-v1:o+c+r", &["jr", "Jr"]),
        ("?course_id=course-v1:o%20c%20r", &["jr", "Jr"]),
        ("?course_id=course-v1%3Ao%2Bc+r", &["jr", "Jr"]),
        ("?course_id=course-v1:with%20space", &["Je"]),
        ("?course_id=course-v1:MOOCit-demo-1", &["j1", "J1"]),
        ("?course_id=course-v1:MOOCit-demo-9", &[]),
        ("?course_id=1", &[]),
        ("?course_id=COURSE-V1:o%2Bc%2Br", &[]),
        ("?username=johndoe", &["j1", "jr"]),
        ("?username=JohnDoe", &[]),
        ("?username=johndoe,JaneDoe", &ALL),
        ("?username=johndoe,,nobody", &["j1", "jr"]),
        ("?username=nobody", &[]),
        ("?username=zoe", &[]),
        ("?username=johndoe@example.com", &[]),
        ("?username=johndoe&course_id=course-v1:o%2Bc%2Br", &["jr"]),
        ("?username=johndoe&days=7", &["jr"]),
        (
            "?course_id=course-v1:o%2Bc%2Br&days=0&username=johndoe,JaneDoe",
            &["Jr"],
        ),
        ("?username=johndoe&username=JaneDoe", &["J1", "Jr", "Je"]),
        ("?username=johndoe&username=", &ALL),
        ("?username=&course_id=&days=", &ALL),
        ("?user=johndoe&page=2&page_size=1&limit=1&format=xml", &ALL),
    ] {
        assert_eq!(
            names(ask(&it, &format!("{ENROLLMENTS}{query}"))),
            expected,
            "{query}"
        );
    }
}

#[test]
fn days_count_back_from_the_sandboxs_clock_to_the_instant() {
    let it = school();
    let since = |days: &str| names(ask(&it, &format!("{ENROLLMENTS}?days={days}")));
    assert_eq!(since("0"), ["Jr", "Je"]);
    assert_eq!(since("1"), ["jr", "Jr", "Je"]);
    assert_eq!(since("+1"), ["jr", "Jr", "Je"]);
    assert_eq!(since("6"), ["jr", "Jr", "Je"]);
    assert_eq!(since("007"), ["J1", "jr", "Jr", "Je"]);
    for huge in [
        "3000",
        "99999999",
        "9223372036854775807",
        "99999999999999999999999999",
    ] {
        assert_eq!(since(huge), ALL, "{huge}");
    }
    it.advance("1ms");
    assert_eq!(since("1"), ["Jr", "Je"], "one millisecond too old");
    it.advance("24h");
    assert_eq!(since("1"), ["Je"]);
}

#[test]
fn days_that_are_no_whole_number_are_refused_in_a_switchs_words() {
    let it = school();
    for days in [
        "-1", "1.5", "x", "1e3", "0x10", "%20", "1%201", "%D9%A1", "--1", "+", "7d",
    ] {
        let answer = ask(&it, &format!("{ENROLLMENTS}?days={days}"));
        assert_eq!(answer.status, 400, "{days}");
        assert_eq!(
            answer.text(),
            r#"{"detail":"A valid integer is required."}"#
        );
        assert_eq!(answer.header("content-type"), Some("application/json"));
        // The sister lists know no such parameter.
        for list in [COMPLETION, GRADES] {
            assert_eq!(rows(ask(&it, &format!("{list}?days={days}"))).len(), 5);
        }
    }
    assert_eq!(rows(ask(&it, &format!("{GRADES}?days=0"))).len(), 5);
    let it = school_with("so2_bad_days: 'Not \"a\" number\u{2028}'");
    let answer = ask(&it, &format!("{ENROLLMENTS}?days=x"));
    assert_eq!(
        answer.text(),
        "{\"detail\":\"Not \\\"a\\\" number\\u2028\"}"
    );
}

#[test]
fn an_empty_list_is_an_empty_array_in_its_envelope() {
    for (behaviour, empty, all) in [
        ("so2_envelope: array", "[]", r#"[{"username":"johndoe""#),
        (
            "so2_envelope: results",
            r#"{"results":[]}"#,
            r#"{"results":[{"username":"johndoe""#,
        ),
    ] {
        let it = school_with(behaviour);
        for list in [ENROLLMENTS, COMPLETION, GRADES] {
            assert_eq!(
                ask(&it, &format!("{list}?username=nobody")).ok().text(),
                empty
            );
            let text = ask(&it, list).ok().text();
            assert!(text.starts_with(all), "{text}");
            assert_eq!(
                text.ends_with("]}"),
                behaviour.ends_with("results"),
                "{text}"
            );
        }
    }
}

#[test]
fn a_cap_cuts_the_list() {
    for (cap, count) in [(1, 1), (4, 4), (5, 5), (6, 5)] {
        let it = school_with(&format!("so2_cap: {cap}"));
        for list in [ENROLLMENTS, COMPLETION, GRADES] {
            assert_eq!(rows(ask(&it, list)).len(), count, "{cap}");
        }
    }
}

#[test]
fn a_slash_at_the_end_makes_no_difference() {
    let it = school();
    for list in [ENROLLMENTS, COMPLETION, GRADES] {
        for query in ["", "?username=johndoe"] {
            assert_eq!(
                ask(&it, &format!("/openedx{list}/{query}")).ok().text(),
                ask(&it, &format!("{list}{query}")).ok().text()
            );
        }
    }
}

#[test]
fn a_list_of_any_length_goes_out_in_pieces_that_join() {
    let yaml = |cap: &str| {
        format!(
            "
generate: {{ learners: 6000, courses: 40, enrollments_per_learner: {{ min: 2, max: 2 }} }}
openedx:
  users: [{{ username: staff, staff: true }}]
  credentials: [{{ token: staff, user: staff }}]
  behaviour: {{ so2_envelope: results{cap} }}
"
        )
    };
    let it = emulator(&yaml(""));
    let rows = |answer: &Answer| -> Vec<Value> {
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        body["results"].as_array().unwrap().clone()
    };
    let answer = ask(&it, ENROLLMENTS).ok();
    assert!(answer.chunked);
    let all = rows(&answer);
    assert_eq!(all.len(), 12_000);
    let created: Vec<&str> = all
        .iter()
        .map(|row| row["created"].as_str().unwrap())
        .collect();
    assert!(created.is_sorted());
    let of_one = ask(
        &it,
        &format!(
            "{ENROLLMENTS}?course_id={}",
            all[0]["course_id"].as_str().unwrap()
        ),
    );
    assert!(!of_one.chunked);
    let expected = all
        .iter()
        .filter(|row| row["course_id"] == all[0]["course_id"]);
    assert_eq!(rows(&of_one), expected.cloned().collect::<Vec<_>>());
    let capped = ask(&emulator(&yaml(", so2_cap: 11990")), ENROLLMENTS).ok();
    assert!(capped.chunked);
    assert_eq!(rows(&capped), all[..11_990]);
}

#[test]
fn only_staff_may_list_and_a_course_administrator_where_a_switch_says_so() {
    let as_tutor = |it: &Emulator, target: &str| it.get(target).token("Bearer tutor").send();
    for list in [ENROLLMENTS, COMPLETION, GRADES] {
        let refused = as_tutor(&school(), list);
        assert_eq!(refused.status, 403, "{list}");
        assert_eq!(
            refused.text(),
            r#"{"detail":"You do not have permission to perform this action."}"#
        );
        assert_eq!(refused.header("www-authenticate"), None);
        let it = school_with("course_admin_ok: true");
        assert_eq!(names(as_tutor(&it, list)), ["jr", "Jr"]);
        let other = format!("{list}?course_id=course-v1:MOOCit-demo-1");
        assert_eq!(names(as_tutor(&it, &other)), [""; 0]);
    }
}

#[test]
fn of_one_instant_rows_go_by_the_whole_user_name() {
    let long = "a".repeat(32);
    let it = emulator(&format!(
        "
openedx:
  users:
    - {{ username: staff, staff: true }}
    - {{ username: {long}z }}
    - {{ username: {long}b }}
    - {{ username: {long} }}
    - {{ username: {long}ba }}
  courses: [{{ key: 'course-v1:o+c+r' }}]
  enrollments:
    - {{ username: {long}z, course: 'course-v1:o+c+r' }}
    - {{ username: {long}ba, course: 'course-v1:o+c+r' }}
    - {{ username: {long}b, course: 'course-v1:o+c+r' }}
    - {{ username: {long}, course: 'course-v1:o+c+r' }}
  credentials: [{{ token: staff, user: staff }}]
"
    ));
    {
        let main = it.main();
        let mut world = main.vendors.openedx.write();
        let now = jiff::Timestamp::from_second(1_717_938_309).unwrap();
        let mut user = (*world.user_named("staff").unwrap()).clone();
        user.username = format!("{long}ay");
        user.email = "new@example.com".to_owned();
        let user = world.register(user, now);
        let course = world.course("course-v1:o+c+r").unwrap();
        world.enroll(
            &user,
            &course,
            enrollmock::internals::vendors::openedx::records::Mode::Audit,
            now,
        );
    }
    let rows = rows(ask(&it, ENROLLMENTS));
    let ends = rows
        .iter()
        .map(|row| row["username"].as_str().unwrap()[32..].to_owned());
    assert_eq!(ends.collect::<Vec<_>>(), ["", "ay", "b", "ba", "z"]);
}

#[test]
fn a_raw_plus_in_a_user_name_is_a_plus_unless_somebody_has_the_space() {
    let it = emulator(
        "
openedx:
  users:
    - { username: staff, staff: true }
    - { username: a+b }
    - { username: c+d }
    - { username: c d, email: c.d@example.com }
  courses: [{ key: 'course-v1:o+c+r' }]
  enrollments:
    - { username: a+b, course: 'course-v1:o+c+r' }
    - { username: c+d, course: 'course-v1:o+c+r' }
    - { username: c d, course: 'course-v1:o+c+r' }
  credentials: [{ token: staff, user: staff }]
",
    );
    let names = |query: &str| {
        let rows = rows(ask(&it, &format!("{ENROLLMENTS}?username={query}")));
        let names = rows
            .iter()
            .map(|row| row["username"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names("a+b"), ["a+b"]);
    assert_eq!(names("a%2Bb"), ["a+b"]);
    assert_eq!(names("c+d"), ["c d"]);
    assert_eq!(names("c%2Bd"), ["c+d"]);
    assert_eq!(names("a+b,c+d"), ["a+b", "c d"]);
}
