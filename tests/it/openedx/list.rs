//! Upstream's list of enrollments: its form, its cursors, its links.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use enrollmock::internals::emulator::Emulator;
use serde_json::Value;

use crate::support::{Answer, Ask, Calls, emulator};

const LIST: &str = "/api/enrollment/v1/enrollments";

/// What the vendor's framework answered to the enrollments of `the_same_rows`.
const ANSWERED: &str = include_str!("list.txt");

/// Accounts and courses to filter by.
const SCHOOL: &str = "
openedx:
  users:
    - { username: staff, staff: true }
    - { username: bob, email: Bob@example.com }
    - { username: jane }
    - { username: zoe, retired: true }
    - { username: tutor, course_admin: ['course-v1:o+c+2'] }
  courses:
    - { key: 'course-v1:o+c+1' }
    - { key: 'course-v1:o+c+2' }
    - { key: 'course-v1:Org+Deep+1' }
  enrollments:
    - { username: bob, course: 'course-v1:o+c+1', created: 2021-03-09T20:15:03Z }
    - { username: bob, course: 'course-v1:o+c+2', created: 2021-03-09T20:15:04.123456Z, mode: no-id-professional }
    - { username: jane, course: 'course-v1:o+c+2', created: 2021-03-09T20:15:05Z, active: false }
    - { username: jane, course: 'course-v1:Org+Deep+1', created: 2021-03-09T20:15:06Z }
  credentials:
    - { token: staff, user: staff }
    - { token: tutor, user: tutor }
";

/// The page of a view that broke.
const SERVER_ERROR: &str = "
<!doctype html>
<html lang=\"en\">
<head>
  <title>Server Error (500)</title>
</head>
<body>
  <h1>Server Error (500)</h1>
  <hr>
</body>
</html>
";

fn ask<'a>(it: &'a Emulator, query: &str) -> Ask<'a> {
    it.get(&format!("{LIST}{query}"))
        .header("host", "lms.example.com")
        .token("Bearer staff")
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// User and last letter of the course of each row.
fn rows(answer: Answer) -> Vec<String> {
    let body = json(&answer.ok());
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = body["results"].as_array().unwrap().iter();
    rows.map(|row| {
        let course = text(row, "course_id");
        let run = course.rsplit('+').next().unwrap().to_owned();
        format!("{}{run}", text(row, "user"))
    })
    .collect()
}

fn listed(query: &str) -> Vec<String> {
    rows(ask(&emulator(SCHOOL), query).send())
}

/// The enrollments that the vendor's framework was asked about: some alone at their date, some with
/// hundreds of others.
fn the_same_rows() -> Emulator {
    let mut dates: Vec<String> = vec!["2021-03-09T20:15:00Z".to_owned()];
    let at_once = |dates: &mut Vec<String>, count: usize, at: &str| {
        dates.extend(std::iter::repeat_n(at.to_owned(), count));
    };
    at_once(&mut dates, 30, "2021-03-09T20:15:01Z");
    dates.extend((0..45).map(|i| format!("2021-03-09T20:16:00.{:06}Z", i * 7)));
    at_once(&mut dates, 320, "2021-03-09T20:17:00Z");
    at_once(&mut dates, 3, "2021-03-09T20:18:00.123456Z");
    dates.extend((0..150).map(|i| format!("2021-03-10T00:{:02}:{:02}Z", i / 60, i % 60)));
    at_once(&mut dates, 101, "2021-03-11T00:00:00Z");
    let (mut users, mut enrollments) = (String::new(), String::new());
    for (number, at) in dates.iter().enumerate() {
        writeln!(users, "    - {{ username: u{number:04} }}").unwrap();
        writeln!(
            enrollments,
            "    - {{ username: u{number:04}, course: 'course-v1:o+c+r', created: {at} }}"
        )
        .unwrap();
    }
    emulator(&format!(
        "
openedx:
  users:
    - {{ username: staff, staff: true }}
{users}
  courses: [{{ key: 'course-v1:o+c+r' }}]
  enrollments:
{enrollments}
  credentials: [{{ token: staff, user: staff }}]
"
    ))
}

#[test]
fn every_page_link_and_refusal_is_the_frameworks_own() {
    let it = the_same_rows();
    let mut count = 0;
    for line in ANSWERED.lines().filter(|line| !line.starts_with('#')) {
        let told: Vec<Value> = serde_json::from_str(line).unwrap();
        let target = told[0].as_str().unwrap().strip_prefix('@').unwrap();
        let answer = ask(&it, target).send();
        assert_eq!(answer.status, told[1].as_u64().unwrap() as u16, "{target}");
        if answer.status != 200 {
            assert_eq!(answer.text(), told[2].as_str().unwrap(), "{target}");
        } else {
            let body = json(&answer);
            let link = |value: &Value| match value.as_str() {
                Some(link) => link
                    .replacen(&format!("http://lms.example.com{LIST}"), "@", 1)
                    .into(),
                None => Value::Null,
            };
            let users = body["results"].as_array().unwrap();
            let user = |row: Option<&Value>| row.map_or(Value::Null, |row| row["user"].clone());
            let got = [
                link(&body["next"]),
                link(&body["previous"]),
                users.len().into(),
                user(users.first()),
                user(users.last()),
            ];
            assert_eq!(got, told[2..], "{target}");
        }
        count += 1;
    }
    assert!(count > 200, "{count}");
}

#[test]
fn a_page_shows_the_newest_first_in_the_vendors_key_order() {
    let answer = ask(&emulator(SCHOOL), "").send().ok();
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.text(),
        concat!(
            r#"{"next":null,"previous":null,"results":["#,
            r#"{"created":"2021-03-09T20:15:06Z","mode":"audit","is_active":true,"user":"jane","course_id":"course-v1:Org+Deep+1"},"#,
            r#"{"created":"2021-03-09T20:15:05Z","mode":"audit","is_active":false,"user":"jane","course_id":"course-v1:o+c+2"},"#,
            r#"{"created":"2021-03-09T20:15:04.123456Z","mode":"no-id-professional","is_active":true,"user":"bob","course_id":"course-v1:o+c+2"},"#,
            r#"{"created":"2021-03-09T20:15:03Z","mode":"audit","is_active":true,"user":"bob","course_id":"course-v1:o+c+1"}]}"#,
        )
    );
}

#[test]
fn filters_narrow_the_list_and_what_is_unknown_lists_nothing() {
    for (query, expected) in [
        ("?username=bob", &["bob2", "bob1"][..]),
        ("?username=bob,jane", &["jane1", "jane2", "bob2", "bob1"]),
        ("?username=nobody", &[]),
        ("?username=zoe", &[]),
        ("?username=Bob", &[]),
        ("?email=bob@example.com", &["bob2", "bob1"]),
        (
            "?email=BOB@EXAMPLE.COM,nobody@example.com",
            &["bob2", "bob1"],
        ),
        ("?email=not-an-address", &[]),
        ("?username=bob&email=jane@example.com", &[]),
        ("?course_id=course-v1:o%2Bc%2B2", &["jane2", "bob2"]),
        ("?course_id=course-v1:o%2Bc%2B9", &[]),
        ("?course_id=course-v1:o%2Bc%2B2&username=bob", &["bob2"]),
        ("?course_ids=deep", &["jane1"]),
        ("?course_ids=DEEP,%2B2", &["jane1", "jane2", "bob2"]),
        ("?course_ids=nothing", &[]),
        ("?course_ids=deep&course_id=course-v1:o%2Bc%2B2", &[]),
        ("?course_ids=o%2Bc&username=jane", &["jane2"]),
        (
            "?username=&course_id=&course_ids=&email=",
            &["jane1", "jane2", "bob2", "bob1"],
        ),
        (
            "?page=7&page_size=1&days=x",
            &["jane1", "jane2", "bob2", "bob1"],
        ),
    ] {
        assert_eq!(listed(query), expected, "{query}");
    }
}

#[test]
fn the_form_says_what_is_wrong_with_every_field_in_its_own_order() {
    let many = |of: &str| vec![of; 101].join(",");
    let it = emulator(SCHOOL);
    let query = format!(
        "?email={}&course_ids={}&course_id=1&username={}",
        many("e"),
        many("c"),
        many("u")
    );
    let answer = ask(&it, &query).send();
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.text(),
        concat!(
            r#"{"field_errors":{"#,
            r#""username":{"developer_message":"Too many usernames in a single request - 101. A maximum of 100 is allowed"},"#,
            r#""course_id":{"developer_message":"'1' is not a valid course id."},"#,
            r#""course_ids":{"developer_message":"Too many course_ids in a single request - 101. A maximum of 100 is allowed"},"#,
            r#""email":{"developer_message":"Too many emails in a single request - 101. A maximum of 100 is allowed"}}}"#,
        )
    );
    let hundred = vec!["u"; 100].join(",");
    assert_eq!(ask(&it, &format!("?username={hundred}")).status(), 200);
}

#[test]
fn the_form_is_looked_at_before_the_cursor() {
    let it = emulator(SCHOOL);
    assert_eq!(ask(&it, "?cursor=bz0&course_id=1").status(), 400);
    assert_eq!(ask(&it, "?cursor=bz0").status(), 404);
}

#[test]
fn a_position_outside_of_pythons_calendar_breaks_the_vendor() {
    let it = emulator(SCHOOL);
    for position in ["p=0001-01-01 00:00%2B23:00", "p=9999-12-31 23:59-23:00"] {
        let cursor = STANDARD.encode(position).replace('=', "%3D");
        let answer = ask(&it, &format!("?cursor={cursor}")).send();
        assert_eq!(answer.status, 500, "{position}");
        assert_eq!(answer.header("content-type"), Some("text/html"));
        assert_eq!(answer.text(), SERVER_ERROR);
        let why = &answer.entry.as_ref().unwrap().why;
        let refused = why.refused.as_deref().unwrap();
        assert!(refused.contains("Python's calendar"), "{refused}");
    }
}

#[test]
fn links_lead_back_the_way_the_request_came() {
    let it = the_same_rows();
    let next = |path: &str, headers: &[(&str, &str)]| {
        let ask = it.get(path).token("Bearer staff");
        let ask = headers
            .iter()
            .fold(ask, |ask, (name, value)| ask.header(name, value));
        let body = json(&ask.send().ok());
        body["next"].as_str().unwrap().to_owned()
    };
    for (path, headers, expected) in [
        (
            "/openedx/api/enrollment/v1/enrollments?x=1",
            &[("host", "127.0.0.1:8650")][..],
            "http://127.0.0.1:8650/openedx/api/enrollment/v1/enrollments?cursor=bz0xMDA%3D&x=1",
        ),
        (
            "/api/enrollment/v1/enrollments/",
            &[("host", "LMS.test"), ("x-forwarded-proto", "https")],
            "https://LMS.test/api/enrollment/v1/enrollments/?cursor=bz0xMDA%3D",
        ),
        (
            LIST,
            &[("host", "lms.test"), ("x-forwarded-proto", "HTTPS")],
            "http://lms.test/api/enrollment/v1/enrollments?cursor=bz0xMDA%3D",
        ),
        (
            LIST,
            &[("host", "lms.test"), ("x-forwarded-proto", "https,http")],
            "https://lms.test/api/enrollment/v1/enrollments?cursor=bz0xMDA%3D",
        ),
        (
            LIST,
            &[("host", "lms.test"), ("x-forwarded-proto", " https , http")],
            "https://lms.test/api/enrollment/v1/enrollments?cursor=bz0xMDA%3D",
        ),
        (
            LIST,
            &[("host", "[::1]:80"), ("x-forwarded-proto", "http, https")],
            "http://[::1]:80/api/enrollment/v1/enrollments?cursor=bz0xMDA%3D",
        ),
    ] {
        assert_eq!(next(path, headers), expected);
    }
}

#[test]
fn a_walk_along_the_links_meets_every_enrollment_once() {
    let it = emulator(
        "
generate: { learners: 300, courses: 6, enrollments_per_learner: { min: 2, max: 2 } }
openedx:
  users: [{ username: staff, staff: true }]
  credentials: [{ token: staff, user: staff }]
",
    );
    let walk = |mut target: String, side: &str| {
        let mut seen = Vec::new();
        loop {
            let body = json(&it.get(&target).token("Bearer staff").send().ok());
            seen.push(body["results"].as_array().unwrap().clone());
            match body[side].as_str() {
                Some(link) => target = link.trim_start_matches("http://localhost").to_owned(),
                None => return (seen, target),
            }
        }
    };
    let (there, last) = walk(LIST.to_owned(), "next");
    let (mut back, _) = walk(last, "previous");
    back.reverse();
    assert_eq!(there, back);
    let all: Vec<Value> = there.concat();
    assert_eq!(all.len(), 600);
    let mut different: Vec<String> = all.iter().map(ToString::to_string).collect();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 600);
    let dates: Vec<&str> = all
        .iter()
        .map(|row| row["created"].as_str().unwrap())
        .collect();
    assert!(dates.is_sorted_by(|one, next| one >= next));
}

#[test]
fn a_course_administrator_sees_the_courses_it_administers_where_a_switch_lets_it() {
    let it = emulator(&format!(
        "{SCHOOL}  behaviour: {{ course_admin_ok: true }}\n"
    ));
    let as_tutor = |query: &str| {
        let target = format!("{LIST}{query}");
        rows(it.get(&target).token("Bearer tutor").send())
    };
    assert_eq!(as_tutor(""), ["jane2", "bob2"]);
    assert_eq!(as_tutor("?course_ids=o"), ["jane2", "bob2"]);
    assert_eq!(as_tutor("?course_ids=deep"), [""; 0]);
    assert_eq!(as_tutor("?username=bob"), ["bob2"]);
}

#[test]
fn without_the_name_of_a_host_no_link_can_be_made() {
    let it = emulator(SCHOOL);
    let ask = |host: &str, query: &str| {
        let ask = it.get(&format!("{LIST}{query}")).header("host", host);
        ask.token("Bearer staff").send()
    };
    for host in [
        "",
        "lms test",
        "a/b",
        "a_b",
        "lms.test:",
        "lms.test:x",
        "[::1",
        "::1",
        "a@b",
    ] {
        let answer = ask(host, "?cursor=bz0");
        assert_eq!(answer.status, 400, "{host}");
        assert_eq!(answer.header("content-type"), Some("text/html"));
        assert!(answer.text().contains("<h1>Bad Request (400)</h1>"));
        // The form comes first.
        assert!(ask(host, "?course_id=1").text().contains("field_errors"));
    }
    for host in [
        "lms.test",
        "LMS.test.:8650",
        "127.0.0.1",
        "[::1]",
        "[::1]:8650",
        "-",
    ] {
        assert_eq!(ask(host, "").status, 200, "{host}");
    }
}

#[test]
fn parts_of_course_keys_are_found_among_a_million_courses() {
    let it = emulator(
        "
generate: { learners: 1000000, courses: 1000000, enrollments_per_learner: { min: 1, max: 3 } }
openedx:
  users: [{ username: staff, staff: true }]
  courses: [{ key: 'course-v1:Example+C0042+2024', name: Replaced }, { key: 'course-v1:o+7777+r' }]
  enrollments: [{ username: staff, course: 'course-v1:o+7777+r' }]
  credentials: [{ token: staff, user: staff }]
",
    );
    for (query, wanted) in [
        // All, through what is the same in all keys.
        ("?course_ids=EXAMPLE", &["Example"][..]),
        ("?course_ids=%2B2024", &["+2024"]),
        // Many.
        ("?course_ids=7%2B", &["7+"]),
        ("?course_ids=777", &["777"]),
        ("?course_ids=c12", &["C12"]),
        // Few.
        ("?course_ids=7777", &["7777"]),
        ("?course_ids=c0042,C99999%2B", &["C0042", "C99999+"]),
        ("?course_ids=c0042%2B2024", &["C0042+2024"]),
    ] {
        let body = json(
            &it.get(&format!("{LIST}{query}"))
                .token("Bearer staff")
                .send()
                .ok(),
        );
        let rows = body["results"].as_array().unwrap();
        assert!(!rows.is_empty(), "{query}");
        let keys: Vec<&str> = rows
            .iter()
            .map(|row| row["course_id"].as_str().unwrap())
            .collect();
        let fits = |key: &&str| wanted.iter().any(|part| key.contains(part));
        assert!(keys.iter().all(fits), "{query} {keys:?}");
        if query.contains("777") {
            assert_eq!(
                keys.iter()
                    .filter(|key| **key == "course-v1:o+7777+r")
                    .count(),
                1
            );
        }
    }
    for query in ["?course_ids=c00042", "?course_ids=1000000", "?course_ids=q"] {
        assert_eq!(
            rows(
                it.get(&format!("{LIST}{query}"))
                    .token("Bearer staff")
                    .send()
            ),
            [""; 0]
        );
    }
}

#[test]
fn a_part_of_a_key_shows_what_a_filter_over_all_pages_shows() {
    let it = emulator(
        "
generate: { learners: 900, courses: 20000, enrollments_per_learner: { min: 1, max: 2 } }
openedx:
  users: [{ username: staff, staff: true }, { username: zoe, retired: true }]
  credentials: [{ token: staff, user: staff }]
",
    );
    let all_of = |query: &str| {
        let mut target = format!("{LIST}{query}");
        let mut found = Vec::new();
        loop {
            let body = json(&it.get(&target).token("Bearer staff").send().ok());
            found.extend(body["results"].as_array().unwrap().clone());
            match body["next"].as_str() {
                Some(next) => target = next.trim_start_matches("http://localhost").to_owned(),
                None => return found,
            }
        }
    };
    let all = all_of("");
    for part in ["c1", "7", "42", "9+", "c19"] {
        let wanted: Vec<Value> = all
            .iter()
            .filter(|row| {
                row["course_id"]
                    .as_str()
                    .unwrap()
                    .to_lowercase()
                    .contains(part)
            })
            .cloned()
            .collect();
        assert!(!wanted.is_empty());
        assert_eq!(
            all_of(&format!("?course_ids={}", part.replace('+', "%2B"))),
            wanted,
            "{part}"
        );
    }
}
