//! Adobe's two lists where callers go astray: any size in any order, cursors that nobody gave, filters
//! that contradict what a list hides, paths with a slash too many.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use enrollmock::internals::emulator::Emulator;
use serde_json::Value;

use crate::support::{Calls, emulator, story};

const API: &str = "/primeapi/v2";
const ALL: &str = "filter.loTypes=course,learningProgram,jobAid,certification";

/// Somebody in several instances of one course, in parts of a program, and in what was withdrawn.
const LEARNER: &str = "
alm:
  users:
    - { id: 1, roles: [admin] }
    - { id: 7 }
  learning_objects:
    - { id: 'course:1', instances: [{ id: 'course:1_1' }] }
    - { id: 'course:2', instances: [{ id: 'course:2_1' }, { id: 'course:2_2' }] }
    - { id: 'course:3', instances: [{ id: 'course:3_1', state: Retired }, { id: 'course:3_2' }] }
    - { id: 'course:4', state: Retired, instances: [{ id: 'course:4_1' }] }
    - { id: 'course:5', instances: [{ id: 'course:5_1' }] }
    - { id: 'jobAid:1', instances: [{ id: 'jobAid:1_-1' }] }
    - { id: 'certification:1', instances: [{ id: 'certification:1_1' }] }
    - { id: 'learningProgram:1', instances: [{ id: 'learningProgram:1_1', sub_instances: ['course:5_1'] }] }
  enrollments:
    - { user: 7, instance: 'course:1_1', enrolled: 2024-01-01T00:00:00Z, deadline: 2024-03-01T00:00:00Z }
    - { user: 7, instance: 'course:2_1', enrolled: 2024-01-02T00:00:00Z }
    - { user: 7, instance: 'course:2_2', enrolled: 2024-01-03T00:00:00Z, deadline: 2024-02-01T00:00:00Z }
    - { user: 7, instance: 'course:3_1', enrolled: 2024-01-04T00:00:00Z }
    - { user: 7, instance: 'course:3_2', enrolled: 2024-01-05T00:00:00Z }
    - { user: 7, instance: 'course:4_1', enrolled: 2024-01-06T00:00:00Z, state: COMPLETED }
    - { user: 7, instance: 'course:5_1', enrolled: 2024-01-07T00:00:00Z }
    - { user: 7, instance: 'jobAid:1_-1', enrolled: 2024-01-08T00:00:00Z, deadline: 2024-03-01T00:00:00Z }
    - { user: 7, instance: 'certification:1_1', enrolled: 2023-01-01T00:00:00Z, deadline: 2024-03-01T00:00:00Z }
    - { user: 7, instance: 'learningProgram:1_1', enrolled: 2023-01-01T00:00:00Z }
  credentials:
    - { token: admin, user: 1 }
    - { token: learner, user: 7 }
";

/// An answer's status and document.
fn ask(it: &Emulator, token: &str, target: &str) -> (u16, Value) {
    let ask = it.get(target).header("host", "learningmanager.adobe.com");
    let answer = ask.token(&format!("oauth {token}")).send();
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

/// The enrollments on a page, without the user.
fn rows(page: &Value) -> Vec<String> {
    let data = page["data"].as_array().unwrap().iter();
    let ids = data.map(|it| it["id"].as_str().unwrap());
    ids.map(|id| id.rsplit_once('_').unwrap().0.to_owned())
        .collect()
}

/// The page that this is, and its rows.
fn page(it: &Emulator, token: &str, target: &str) -> (Value, Vec<String>) {
    let (status, page) = ask(it, token, target);
    assert_eq!(status, 200, "{target}: {page}");
    let rows = rows(&page);
    (page, rows)
}

/// Everything from this page on, however many pages it takes.
fn walk(it: &Emulator, token: &str, first: &str, size: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = Some(format!("{first}&page[limit]={size}"));
    while let Some(target) = next {
        let (page, rows) = page(it, token, &target);
        let link = page["links"]["next"].as_str();
        assert!(link.is_none() || rows.len() == size, "a full page: {page}");
        all.extend(rows);
        assert!(all.len() < 100, "the walk goes round");
        next = link.map(|link| link[link.find(API).unwrap()..].to_owned());
    }
    all
}

fn refused(it: &Emulator, token: &str, target: &str, info: &str) {
    let (status, no) = ask(it, token, target);
    assert_eq!(status, 400, "{target}: {no}");
    assert_eq!(no["title"], "Field Type incorrect", "{target}");
    assert_eq!(no["source"]["info"], info, "{target}");
}

#[test]
fn both_lists_walk_alike_with_every_size_in_every_order() {
    let it = story("pages");
    let lists = [
        ("pages-admin", "/users/1001/enrollments", 24),
        ("pages-learner", "/users/1001/enrollments", 24),
        // Three courses are parts of programs.
        ("pages-learner", "/enrollments", 21),
    ];
    for (token, list, count) in lists {
        for sort in ["dateEnrolled", "-dateEnrolled", "dueDate"] {
            if sort == "dueDate" && list != "/enrollments" {
                continue;
            }
            let first = format!("{API}{list}?{ALL}&sort={sort}");
            let (_, whole) = page(&it, token, &format!("{first}&page[limit]=100"));
            assert_eq!(whole.len(), count, "{first}");
            // From the count on every page is the whole.
            for size in (1..=26).chain([99, 100]) {
                assert_eq!(walk(&it, token, &first, size), whole, "{first}: {size}");
            }
        }
    }
}

#[test]
fn pages_with_what_goes_along_walk_like_those_without() {
    let it = story("pages");
    let first = format!("{API}/users/1001/enrollments?{ALL}");
    let whole = walk(&it, "pages-admin", &first, 100);
    for size in 1..=10 {
        let first = format!("{first}&include=learningObject,loInstance");
        assert_eq!(walk(&it, "pages-admin", &first, size), whole, "{size}");
    }
}

#[test]
fn what_is_due_at_one_time_and_what_is_never_due_go_by_type_and_id_on_every_page() {
    let it = emulator(LEARNER);
    let first = format!("{API}/enrollments?{ALL}&sort=dueDate&includeHierarchicalEnrollments=true");
    let expected = [
        "jobAid:1_-1",
        "course:1_1",
        "certification:1_1",
        "course:2_1",
        "course:3_1",
        "course:4_1",
        "course:5_1",
        "learningProgram:1_1",
    ];
    for size in 1..=9 {
        assert_eq!(walk(&it, "learner", &first, size), expected, "{size}");
    }
}

#[test]
fn filters_of_the_learners_list_walk_like_the_whole() {
    let it = emulator(LEARNER);
    for (filter, expected) in [
        (
            "filter.hasDeadline=true",
            &["certification:1_1", "course:1_1", "jobAid:1_-1"][..],
        ),
        (
            "filter.hasDeadline=false",
            &[
                "learningProgram:1_1",
                "course:2_1",
                "course:3_1",
                "course:4_1",
            ],
        ),
        ("filter.completed=true", &["course:4_1"]),
        (
            "filter.completed=false&filter.loInstanceStates=Active&filter.hasDeadline=false",
            &["learningProgram:1_1", "course:2_1"],
        ),
        ("filter.loInstanceStates=Retired", &["course:3_1"]),
    ] {
        let first = format!("{API}/enrollments?{ALL}&{filter}");
        for size in 1..=5 {
            assert_eq!(walk(&it, "learner", &first, size), expected, "{first}");
        }
    }
}

#[test]
fn a_cursor_that_names_a_type_twice_or_something_else_is_refused_and_never_half_read() {
    let it = emulator(LEARNER);
    for json in [
        r#"{"course":1,"course":3}"#,
        r#"{"course":1,"offset":3}"#,
        r#"{"Course":3}"#,
        r#"{"jobAid":0,"courses":3,"learningProgram":0,"certification":0}"#,
        r#"[0,3,0,0]"#,
        r#"[]"#,
        r#"{"course":18446744073709551616}"#,
        "\u{feff}{\"course\":1}",
    ] {
        let cursor = STANDARD.encode(json);
        for (token, list) in [("admin", "users/7/enrollments"), ("learner", "enrollments")] {
            let target = format!("{API}/{list}?page[cursor]={cursor}");
            refused(&it, token, &target, "page[cursor]");
        }
    }
}

#[test]
fn a_cursor_is_plain_base64_with_or_without_padding_and_nothing_in_between() {
    let it = emulator(LEARNER);
    let list = format!("{API}/users/7/enrollments");
    let cursor = STANDARD.encode(r#"{"course":6}"#);
    let counted = STANDARD.encode(r#"{"jobAid":0,"course":10,"learningProgram":0}"#);
    assert!(cursor.len().is_multiple_of(4) && counted.ends_with('='));
    for read in [cursor.as_str(), counted.trim_end_matches('=')] {
        let (_, rows) = page(&it, "admin", &format!("{list}?page[cursor]={read}"));
        assert!(rows.len() <= 1, "{rows:?}");
    }
    let (start, end) = counted.split_at(12);
    for odd in [
        format!("{counted}="),
        format!("{counted}%20"),
        format!("+{counted}"),
        format!("{start}%20{end}"),
        format!("{start}%0A{end}"),
        counted.replace('=', "%253D"),
        "%20".to_owned(),
    ] {
        refused(
            &it,
            "admin",
            &format!("{list}?page[cursor]={odd}"),
            "page[cursor]",
        );
    }
}

#[test]
fn the_counters_of_types_that_are_not_asked_for_stay_as_they_are() {
    let it = emulator(LEARNER);
    let cursor = STANDARD.encode(r#"{"certification":5,"jobAid":9}"#);
    let target = format!("{API}/users/7/enrollments?page[cursor]={cursor}&page[limit]=2");
    let (page, _) = page(&it, "admin", &target);
    let next = page["links"]["next"].as_str().unwrap();
    let (_, next) = next.split_once("page[cursor]=").unwrap();
    let expected = r#"{"jobAid":9,"course":2,"learningProgram":0,"certification":5}"#;
    assert_eq!(STANDARD.decode(next).unwrap(), expected.as_bytes());
}

#[test]
fn of_a_repeated_parameter_the_first_counts_and_a_blank_first_one_is_none() {
    let it = emulator(LEARNER);
    let list = format!("{API}/users/7/enrollments");
    let size = |query: &str| page(&it, "admin", &format!("{list}?{query}")).1.len();
    assert_eq!(size("page[limit]=2&page[limit]=x"), 2);
    assert_eq!(size("page[limit]=2&page[limit]="), 2);
    assert_eq!(size("page[limit]=&page[limit]=2"), 7);
    assert_eq!(size("page[limit]&page[limit]=2"), 7);
    refused(
        &it,
        "admin",
        &format!("{list}?page[limit]=x&page[limit]=2"),
        "page[limit]",
    );
}

#[test]
fn a_filter_by_nothing_is_refused() {
    let it = emulator(LEARNER);
    for query in [
        "filter=",
        "filter",
        "filter=course",
        "page[limit]=1&filter=&sort=-dateEnrolled",
    ] {
        for (token, list) in [("admin", "users/7/enrollments"), ("learner", "enrollments")] {
            refused(&it, token, &format!("{API}/{list}?{query}"), "filter");
        }
    }
    // Other names that nobody knows are passed over.
    for query in [
        "filters=x",
        "filter.=x",
        "filter[loTypes]=jobAid",
        "Filter=x",
    ] {
        let target = format!("{API}/users/7/enrollments?{query}");
        assert_eq!(page(&it, "admin", &target).1.len(), 7, "{query}");
    }
}

#[test]
fn active_leaves_out_what_was_retired_unless_it_was_completed() {
    let it = emulator(LEARNER);
    let target = format!("{API}/users/7/enrollments?filter.states=active");
    let expected = [
        "course:1_1",
        "course:2_1",
        "course:2_2",
        "course:3_2",
        "course:4_1",
        "course:5_1",
    ];
    assert_eq!(page(&it, "admin", &target).1, expected);
    let target = format!("{target}&filter.completed=false");
    assert_eq!(
        page(&it, "admin", &target).1,
        expected,
        "no filter of this list"
    );
}

#[test]
fn naming_an_enrollment_does_not_show_what_the_learners_list_hides() {
    let it = emulator(LEARNER);
    let list = |query: &str| page(&it, "learner", &format!("{API}/enrollments?{query}")).1;
    // Part of a program, and not the primary one of its course.
    assert_eq!(list("ids=course:5_1_7,course:2_2_7"), [""; 0]);
    assert_eq!(
        list("ids=course:5_1_7,course:2_2_7&includeHierarchicalEnrollments=true"),
        ["course:5_1"]
    );
    // Each of them by itself is there.
    for id in ["course:5_1_7", "course%3A2_2_7"] {
        let (status, one) = ask(&it, "learner", &format!("{API}/enrollments/{id}"));
        assert_eq!(
            (status, &one["data"]["id"]),
            (200, &id.replace("%3A", ":").into())
        );
    }
}

#[test]
fn the_primary_enrollment_stays_the_primary_one_where_a_filter_leaves_it_out() {
    let it = emulator(LEARNER);
    let list = |query: &str| page(&it, "learner", &format!("{API}/enrollments?{query}")).1;
    // course:3_2 goes on, but the first one in course:3 was the one that is withdrawn now.
    assert_eq!(
        list("filter.states=active"),
        ["course:1_1", "course:2_1", "course:4_1"]
    );
    assert_eq!(list("filter.loInstanceStates=Retired"), ["course:3_1"]);
}

#[test]
fn of_many_instances_one_enrollment_is_listed_the_first_completed_or_else_the_first_made() {
    let instances: Vec<String> = (1..=60)
        .map(|at| format!("{{ id: 'course:1_{at}' }}"))
        .collect();
    // Made from the last instance to the first one.
    let enrollment = |at: u32, more: &str| {
        let enrolled = format!("2024-01-01T00:{:02}:00Z", 60 - at);
        format!("    - {{ user: 7, instance: 'course:1_{at}', enrolled: {enrolled}{more} }}\n")
    };
    let with = |completed: &[(u32, &str)]| {
        let rows = (1..=60).map(|at| match completed.iter().find(|(it, _)| *it == at) {
            Some((_, on)) => enrollment(at, &format!(", completed: {on}")),
            None => enrollment(at, ""),
        });
        let rows: String = rows.collect();
        emulator(&format!(
            "alm:\n  users: [{{ id: 7 }}]\n  learning_objects:\n    - {{ id: 'course:1', instances: [{}] }}\n  \
             enrollments:\n{rows}  credentials: [{{ token: learner, user: 7 }}]\n",
            instances.join(", ")
        ))
    };
    let target = format!("{API}/enrollments");
    let listed = |it: &Emulator| page(it, "learner", &target).1;
    assert_eq!(listed(&with(&[])), ["course:1_60"]);
    let completed = [(50, "2024-03-01"), (20, "2024-02-01"), (30, "2024-02-01")];
    let completed = completed.map(|(at, day)| (at, format!("{day}T00:00:00Z")));
    let completed: Vec<_> = completed
        .iter()
        .map(|(at, on)| (*at, on.as_str()))
        .collect();
    // Of two completed at one time the one that was made first.
    assert_eq!(listed(&with(&completed)), ["course:1_30"]);
}

#[test]
fn one_stray_slash_behind_the_prefix_is_passed_over_and_no_other() {
    let it = emulator(LEARNER);
    let stray = format!("{API}//users/7/enrollments?page[limit]=1");
    let (page, _) = page(&it, "admin", &stray);
    let own = format!("http://learningmanager.adobe.com{stray}");
    assert_eq!(page["links"]["self"], own);
    assert_eq!(ask(&it, "learner", &format!("{API}//enrollments")).0, 200);
    for path in [
        "/primeapi/v2/users/7/enrollments/",
        "/primeapi/v2/enrollments/",
        "/primeapi/v2///users/7/enrollments",
        "/primeapi/v2/users//7/enrollments",
        "/primeapi//v2/users/7/enrollments",
    ] {
        let (status, no) = ask(&it, "admin", path);
        assert_eq!((status, no["source"]["info"].as_str()), (404, Some(path)));
    }
}

#[test]
fn links_show_a_parameter_without_a_value_as_it_came() {
    let it = emulator(LEARNER);
    let asked = format!("{API}/users/7/enrollments?page[limit]&page[cursor]&x&y=");
    let own = format!("http://learningmanager.adobe.com{asked}");
    assert_eq!(page(&it, "admin", &asked).0["links"]["self"], own);
}

#[test]
fn the_scheme_of_a_proxy_counts_in_any_case() {
    let it = emulator(LEARNER);
    let ask = it.get(&format!("{API}/users/7/enrollments?page[limit]=1"));
    let ask = ask.header("host", "learningmanager.adobe.com");
    let answer = ask
        .header("x-forwarded-proto", "HTTPS")
        .token("oauth admin")
        .send();
    assert!(
        answer.text().starts_with("{\"links\":{\"self\":\"https://"),
        "{}",
        answer.text()
    );
}
