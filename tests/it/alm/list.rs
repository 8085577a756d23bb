//! Adobe's list of enrollments: pages, cursors, links, filters.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use enrollmock::internals::emulator::Emulator;

use crate::support::{Answer, Calls, emulator};

/// Somebody with enrollments of every type, some of them in the same second.
const LEARNER: &str = "
alm:
  users:
    - { id: 1, roles: [admin] }
    - { id: 7, roles: [learner] }
    - { id: 8, roles: [learner] }
  learning_objects:
    - { id: 'course:10', instances: [{ id: 'course:10_1' }] }
    - { id: 'course:20', instances: [{ id: 'course:20_1', deadline: 2024-03-01T00:00:00Z }] }
    - { id: 'course:30', instances: [{ id: 'course:30_1' }, { id: 'course:30_2' }] }
    - { id: 'course:40', state: Retired, instances: [{ id: 'course:40_1' }] }
    - { id: 'course:50', instances: [{ id: 'course:50_1', state: Retired }] }
    - { id: 'jobAid:10', instances: [{ id: 'jobAid:10_-1' }] }
    - { id: 'learningProgram:10', instances: [{ id: 'learningProgram:10_1', sub_instances: ['course:10_1'] }] }
    - { id: 'certification:10', instances: [{ id: 'certification:10_1', deadline: 2024-02-01T00:00:00Z }] }
  enrollments:
    - { user: 7, instance: 'course:10_1', enrolled: 2024-01-02T00:00:00Z, state: COMPLETED }
    - { user: 7, instance: 'course:20_1', enrolled: 2024-01-01T00:00:00Z }
    - { user: 7, instance: 'course:30_1', enrolled: 2024-01-02T00:00:00Z }
    - { user: 7, instance: 'course:30_2', enrolled: 2024-01-04T00:00:00Z, state: COMPLETED }
    - { user: 7, instance: 'course:40_1', enrolled: 2024-01-05T00:00:00Z }
    - { user: 7, instance: 'course:50_1', enrolled: 2024-01-06T00:00:00Z, state: COMPLETED }
    - { user: 7, instance: 'jobAid:10_-1', enrolled: 2024-01-02T00:00:00Z }
    - { user: 7, instance: 'learningProgram:10_1', enrolled: 2024-01-02T00:00:00Z }
    - { user: 7, instance: 'certification:10_1', enrolled: 2024-01-03T00:00:00Z }
    - { user: 8, instance: 'course:10_1', enrolled: 2024-01-02T00:00:00Z }
  credentials:
    - { token: admin, user: 1 }
    - { token: learner, user: 7 }
";

/// The user's list.
const LIST: &str = "/primeapi/v2/users/7/enrollments";
/// The same, of every type.
const TYPES: &str = "filter.loTypes=course,learningProgram,jobAid,certification";
/// What it shows, the oldest first.
const ALL: &[&str] = &[
    "course:20_1",
    "jobAid:10_-1",
    "course:10_1",
    "course:30_1",
    "learningProgram:10_1",
    "certification:10_1",
    "course:30_2",
    "course:40_1",
    "course:50_1",
];

fn learner() -> Emulator {
    emulator(LEARNER)
}

fn with(behaviour: &str) -> Emulator {
    emulator(&format!("{LEARNER}  behaviour: {{ {behaviour} }}\n"))
}

fn as_admin(it: &Emulator, target: &str) -> Answer {
    it.get(target)
        .header("authorization", "oauth admin")
        .header("host", "learningmanager.adobe.com")
        .header("x-forwarded-proto", "https")
        .send()
}

fn as_learner(it: &Emulator, target: &str) -> Answer {
    let ask = it.get(target).header("authorization", "oauth learner");
    ask.send()
}

fn document(answer: &Answer) -> serde_json::Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_str(&answer.text()).unwrap()
}

/// The instances of the enrollments in a document.
fn instances(answer: &Answer) -> Vec<String> {
    let document = document(answer);
    let rows = document["data"].as_array().unwrap().iter();
    rows.map(|row| {
        let id = row["id"].as_str().unwrap();
        id.rsplit_once('_').unwrap().0.to_owned()
    })
    .collect()
}

fn link(answer: &Answer, name: &str) -> Option<String> {
    let document = document(answer);
    document["links"][name].as_str().map(str::to_owned)
}

/// What stands behind the host of a link.
fn target(link: &str) -> &str {
    &link[link.find("/primeapi").unwrap()..]
}

/// All pages from this one on.
fn walk(it: &Emulator, first: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(target_) = next {
        let answer = as_admin(it, &target_);
        found.extend(instances(&answer));
        assert!(found.len() < 100, "the walk goes round");
        next = link(&answer, "next").map(|link| target(&link).to_owned());
    }
    found
}

fn refused(answer: &Answer, info: &str) {
    let expected = format!(
        "{{\"status\":\"BAD_REQUEST\",\"title\":\"Field Type incorrect\",\"source\":{{\"info\":\"{info}\"}}}}"
    );
    assert_eq!((answer.status, answer.text()), (400, expected));
}

#[test]
fn without_a_type_a_list_shows_courses_alone() {
    let answer = as_admin(&learner(), LIST);
    let courses: Vec<&str> = ALL
        .iter()
        .copied()
        .filter(|it| it.starts_with("course"))
        .collect();
    assert_eq!(instances(&answer), courses);
    assert_eq!(link(&answer, "next"), None);
}

#[test]
fn a_switch_makes_a_list_show_every_type_unasked() {
    assert_eq!(instances(&as_admin(&with("lo_types: all"), LIST)), ALL);
}

#[test]
fn types_are_named_with_commas_repeated_and_whatever_the_case_of_the_name() {
    let it = learner();
    let both = ["jobAid:10_-1", "certification:10_1"];
    for query in [
        "filter.loTypes=jobAid,certification",
        "filter.loTypes=certification&filter.loTypes=jobAid",
        "filter.lotypes=certification&FILTER.LOTYPES=jobAid",
        "filter.loTypes=jobAid%2Ccertification",
        "filter.loTypes=jobAid,%20certification,jobAid",
    ] {
        assert_eq!(
            instances(&as_admin(&it, &format!("{LIST}?{query}"))),
            both,
            "{query}"
        );
    }
    refused(
        &as_admin(&it, &format!("{LIST}?filter.loTypes=course,book")),
        "book",
    );
}

#[test]
fn a_walk_with_any_size_and_order_shows_what_the_whole_list_shows() {
    let it = learner();
    for sort in ["", "&sort=dateEnrolled", "&sort=-dateEnrolled"] {
        let whole = instances(&as_admin(
            &it,
            &format!("{LIST}?{TYPES}{sort}&page[limit]=100"),
        ));
        assert_eq!(whole.len(), ALL.len());
        for limit in 1..=10 {
            let first = format!("{LIST}?{TYPES}{sort}&page[limit]={limit}");
            assert_eq!(walk(&it, &first), whole, "{first}");
        }
    }
}

#[test]
fn ties_are_broken_by_type_and_then_by_id_in_both_directions() {
    let it = learner();
    assert_eq!(instances(&as_admin(&it, &format!("{LIST}?{TYPES}"))), ALL);
    let newest = as_admin(&it, &format!("{LIST}?{TYPES}&sort=-dateEnrolled"));
    let expected = [
        "course:50_1",
        "course:40_1",
        "course:30_2",
        "certification:10_1",
        "jobAid:10_-1",
        "course:10_1",
        "course:30_1",
        "learningProgram:10_1",
        "course:20_1",
    ];
    assert_eq!(instances(&newest), expected);
}

#[test]
fn the_cursor_counts_what_was_delivered_of_each_type() {
    let it = learner();
    let cursor_after = |query: &str| {
        let answer = as_admin(&it, &format!("{LIST}?{query}"));
        let link = link(&answer, "next").unwrap();
        let cursor = link.split_once("page[cursor]=").unwrap().1.to_owned();
        (
            cursor.clone(),
            String::from_utf8(STANDARD.decode(cursor).unwrap()).unwrap(),
        )
    };
    // The one that was recorded.
    let (encoded, _) = cursor_after("page[limit]=3&filter.loTypes=course&sort=dateEnrolled");
    assert_eq!(
        encoded,
        "eyJqb2JBaWQiOjAsImNvdXJzZSI6MywibGVhcm5pbmdQcm9ncmFtIjowLCJjZXJ0aWZpY2F0aW9uIjowfQ=="
    );
    let (_, counters) = cursor_after(&format!("{TYPES}&page[limit]=7"));
    assert_eq!(
        counters,
        r#"{"jobAid":1,"course":4,"learningProgram":1,"certification":1}"#
    );
}

#[test]
fn every_known_cursor_is_read() {
    let it = learner();
    let behind = |json: &str| {
        let cursor = STANDARD.encode(json);
        instances(&as_admin(
            &it,
            &format!("{LIST}?{TYPES}&page[cursor]={cursor}"),
        ))
    };
    // One padding sign, none, and counters that are not there.
    assert_eq!(
        behind(r#"{"jobAid":0,"course":10,"learningProgram":0,"certification":0}"#).len(),
        3
    );
    assert_eq!(
        behind(r#"{"jobAid":0,"course":100,"learningProgram":0,"certification":0}"#).len(),
        3
    );
    assert_eq!(behind(r#"{"course":5}"#).len(), 4);
    assert_eq!(behind("{}"), ALL);
    let unpadded = STANDARD.encode(r#"{"course":6}"#).replace('=', "");
    let escaped = STANDARD.encode(r#"{"course":6}"#).replace('=', "%3D");
    for cursor in [unpadded, escaped] {
        let answer = as_admin(&it, &format!("{LIST}?page%5Bcursor%5D={cursor}"));
        assert_eq!(instances(&answer), [""; 0]);
    }
}

#[test]
fn a_cursor_past_the_end_gives_an_empty_page_without_next() {
    let cursor = STANDARD.encode(r#"{"jobAid":0,"course":18446744073709551615}"#);
    let answer = as_admin(&learner(), &format!("{LIST}?page[cursor]={cursor}"));
    let expected = format!(
        "{{\"links\":{{\"self\":\"https://learningmanager.adobe.com{LIST}?page[cursor]={cursor}\"}},\"data\":[]}}"
    );
    assert_eq!((answer.status, answer.text()), (200, expected));
}

#[test]
fn a_cursor_that_cannot_be_read_is_refused_and_never_page_one() {
    let it = learner();
    let encoded = |json: &str| STANDARD.encode(json);
    for cursor in [
        "3".to_owned(),
        "next".to_owned(),
        "eyJqb2JBaWQiOjAs".to_owned(),
        "%00".to_owned(),
        encoded("[0,3,0,0]"),
        encoded("3"),
        encoded("null"),
        encoded(r#"{"course":-1}"#),
        encoded(r#"{"course":"3"}"#),
        encoded(r#"{"course":1.5}"#),
        encoded(r#"{"course":null}"#),
        encoded(r#"{"course":3} x"#),
    ] {
        let answer = as_admin(&it, &format!("{LIST}?page[cursor]={cursor}"));
        refused(&answer, "page[cursor]");
    }
}

#[test]
fn an_empty_cursor_is_none() {
    let answer = as_admin(&learner(), &format!("{LIST}?page[cursor]=&page[limit]=1"));
    assert_eq!(instances(&answer), ["course:20_1"]);
    let own = format!("https://learningmanager.adobe.com{LIST}?page[cursor]=&page[limit]=1");
    assert_eq!(link(&answer, "self"), Some(own));
}

#[test]
fn links_repeat_the_request_with_plain_brackets_and_the_cursor_last() {
    let it = learner();
    let one =
        "eyJqb2JBaWQiOjAsImNvdXJzZSI6MSwibGVhcm5pbmdQcm9ncmFtIjowLCJjZXJ0aWZpY2F0aW9uIjowfQ==";
    let two =
        "eyJqb2JBaWQiOjAsImNvdXJzZSI6MiwibGVhcm5pbmdQcm9ncmFtIjowLCJjZXJ0aWZpY2F0aW9uIjowfQ==";
    let escaped = one.replace('=', "%3D");
    let asked = format!(
        "{LIST}?page%5bcursor%5D={escaped}&page%5Blimit%5D=1&access_token=x&sort=dateEnrolled&csrf_token=y"
    );
    let answer = as_admin(&it, &asked);
    let base = format!("https://learningmanager.adobe.com{LIST}");
    let own = format!("{base}?page[cursor]={one}&page[limit]=1&sort=dateEnrolled");
    let next = format!("{base}?page[limit]=1&sort=dateEnrolled&page[cursor]={two}");
    assert_eq!(link(&answer, "self"), Some(own));
    assert_eq!(link(&answer, "next"), Some(next));
}

#[test]
fn links_name_the_host_that_the_caller_spoke_to() {
    let it = learner();
    let own = |headers: &[(&str, &str)], target: &str| {
        let mut ask = it.get(target).header("authorization", "oauth admin");
        for (name, value) in headers {
            ask = ask.header(name, value);
        }
        link(&ask.send(), "self").unwrap()
    };
    let mounted = format!("/alm{LIST}");
    assert_eq!(
        own(&[("host", "127.0.0.1:8080")], &mounted),
        format!("http://127.0.0.1:8080{mounted}")
    );
    let proxied = [
        ("host", "inner"),
        ("x-forwarded-host", "outer.example, inner"),
        ("x-forwarded-proto", "https, http"),
    ];
    assert_eq!(own(&proxied, LIST), format!("https://outer.example{LIST}"));
}

#[test]
fn a_page_has_ten_records_unless_asked_and_a_hundred_at_most() {
    let it = emulator(&many());
    let size = |query: &str| instances(&as_admin(&it, &format!("{LIST}?{query}"))).len();
    assert_eq!(size(""), 10);
    assert_eq!(size("page[limit]="), 10);
    assert_eq!(size("page[limit]=11"), 11);
    assert_eq!(size("page[limit]=100"), 100);
    assert_eq!(size("page[limit]=101"), 100);
    // Ten where something goes along.
    assert_eq!(size("page[limit]=11&include=learningObject"), 10);
    assert_eq!(size("page[limit]=11&include="), 11);
    // Of repeated ones the first one counts.
    assert_eq!(size("page[limit]=2&page[limit]=3"), 2);
}

#[test]
fn a_size_that_is_no_positive_integer_is_refused() {
    let it = learner();
    for limit in ["0", "-1", "ten", "1.5", "%2010", "1e1", "99999999999"] {
        refused(
            &as_admin(&it, &format!("{LIST}?page[limit]={limit}")),
            "page[limit]",
        );
    }
}

#[test]
fn a_switch_refuses_more_than_ten() {
    let it = with("page_limit: refuse");
    assert_eq!(
        instances(&as_admin(&it, &format!("{LIST}?page[limit]=10"))).len(),
        6
    );
    for limit in ["0", "11", "100"] {
        refused(
            &as_admin(&it, &format!("{LIST}?page[limit]={limit}")),
            "page[limit]",
        );
    }
}

/// A hundred and twenty courses for user 7.
fn many() -> String {
    let mut text =
        "alm:\n  users: [{ id: 1, roles: [admin] }, { id: 7 }]\n  learning_objects:\n".to_owned();
    for at in 1..=120 {
        text += &format!("    - {{ id: 'course:{at}', instances: [{{ id: 'course:{at}_1' }}] }}\n");
    }
    text += "  enrollments:\n";
    for at in 1..=120 {
        text += &format!("    - {{ user: 7, instance: 'course:{at}_1' }}\n");
    }
    text + "  credentials: [{ token: admin, user: 1 }]\n"
}

#[test]
fn what_was_withdrawn_is_not_active_and_what_is_completed_may_be() {
    let it = learner();
    let answer = as_admin(&it, &format!("{LIST}?filter.states=active"));
    let expected = [
        "course:20_1",
        "course:10_1",
        "course:30_1",
        "course:30_2",
        "course:50_1",
    ];
    assert_eq!(instances(&answer), expected);
    refused(
        &as_admin(&it, &format!("{LIST}?filter.states=done")),
        "done",
    );
}

#[test]
fn an_unknown_order_is_refused_and_an_unknown_parameter_is_passed_over() {
    let it = learner();
    refused(&as_admin(&it, &format!("{LIST}?sort=name")), "name");
    refused(&as_admin(&it, &format!("{LIST}?sort=dueDate")), "dueDate");
    let plain = instances(&as_admin(&it, LIST));
    let odd = "omitDeprecated=true&useCache=true&page[offset]=3&Sort=x&filter.completed=perhaps&ids=x&%ff=%zz&&=";
    assert_eq!(instances(&as_admin(&it, &format!("{LIST}?{odd}"))), plain);
}

#[test]
fn the_learners_list_has_one_enrollment_for_each_object_and_no_parts_of_programs() {
    let it = learner();
    let answer = as_learner(&it, &format!("/primeapi/v2/enrollments?{TYPES}"));
    // course:10 is part of the program; of course:30 the first completed one counts.
    let expected = [
        "course:20_1",
        "jobAid:10_-1",
        "learningProgram:10_1",
        "certification:10_1",
        "course:30_2",
        "course:40_1",
        "course:50_1",
    ];
    assert_eq!(instances(&answer), expected);
    let whole = format!("/primeapi/v2/enrollments?{TYPES}&includeHierarchicalEnrollments=true");
    let whole = instances(&as_learner(&it, &whole));
    assert!(whole.contains(&"course:10_1".to_owned()), "{whole:?}");
    assert_eq!(whole.len(), 8);
}

#[test]
fn the_learners_list_has_filters_of_its_own() {
    let it = learner();
    let list = |query: &str| {
        let target =
            format!("/primeapi/v2/enrollments?filter.loTypes=course,certification&{query}");
        as_learner(&it, &target)
    };
    assert_eq!(
        instances(&list("filter.hasDeadline=true")),
        ["course:20_1", "certification:10_1"]
    );
    assert_eq!(instances(&list("filter.hasDeadline=false")).len(), 3);
    assert_eq!(
        instances(&list("filter.completed=true")),
        ["course:30_2", "course:50_1"]
    );
    assert_eq!(instances(&list("filter.completed=false")).len(), 3);
    assert_eq!(
        instances(&list("filter.loInstanceStates=Retired")),
        ["course:50_1"]
    );
    assert_eq!(instances(&list("filter.loInstanceStates=Active")).len(), 4);
    for (query, info) in [
        ("filter.hasDeadline=yes", "yes"),
        ("filter.completed=1", "1"),
        ("filter.loInstanceStates=active", "active"),
        ("includeHierarchicalEnrollments=TRUE", "TRUE"),
        ("ids=course:20", "course:20"),
        ("sort=-dueDate", "-dueDate"),
    ] {
        refused(&list(query), info);
    }
}

#[test]
fn the_learner_names_enrollments_of_any_type() {
    let it = learner();
    let ids = "ids=course:20_1_7,certification:10_1_7,course:10_1_8,course:99_1_7";
    let answer = as_learner(&it, &format!("/primeapi/v2/enrollments?{ids}"));
    assert_eq!(instances(&answer), ["course:20_1", "certification:10_1"]);
}

#[test]
fn what_is_due_first_comes_first_and_what_is_never_due_last() {
    let it = learner();
    let first = format!("/primeapi/v2/enrollments?{TYPES}&sort=dueDate");
    let expected = [
        "certification:10_1",
        "course:20_1",
        "jobAid:10_-1",
        "course:30_2",
        "course:40_1",
        "course:50_1",
        "learningProgram:10_1",
    ];
    assert_eq!(instances(&as_learner(&it, &first)), expected);
    let second = as_learner(&it, &format!("{first}&page[limit]=2"));
    let next = link(&second, "next").unwrap();
    assert_eq!(instances(&as_learner(&it, target(&next))), expected[2..4]);
}

#[test]
fn a_learner_lists_nobody_else_and_an_administrator_nobody_unknown() {
    let it = learner();
    assert_eq!(instances(&as_learner(&it, LIST)).len(), 6);
    for id in ["8", "9", "x"] {
        // Even where a parameter is wrong as well.
        let answer = as_learner(&it, &format!("/primeapi/v2/users/{id}/enrollments?sort=x"));
        let expected = format!(
            "{{\"status\":\"BAD_REQUEST\",\"title\":\"User mismatch\",\"source\":{{\"info\":\"{id}\"}}}}"
        );
        assert_eq!((answer.status, answer.text()), (400, expected));
    }
    for id in ["9", "x", "07"] {
        let target = format!("/primeapi/v2/users/{id}/enrollments");
        refused(&as_admin(&it, &format!("{target}?sort=x")), "x");
        let answer = as_admin(&it, &target);
        let expected = format!(
            "{{\"status\":\"BAD_REQUEST\",\"code\":\"OBJECT_DOESNT_EXIST\",\"title\":\"Object doesn't exist\",\"source\":{{\"info\":\"{id}\"}}}}"
        );
        assert_eq!((answer.status, answer.text()), (400, expected));
    }
}

#[test]
fn what_is_left_between_two_pages_makes_the_walk_skip_one() {
    let it = learner();
    let first = as_admin(&it, &format!("{LIST}?page[limit]=2"));
    assert_eq!(instances(&first), ["course:20_1", "course:10_1"]);
    let gone = it.call("DELETE", &format!("{LIST}/course:20_1_7"));
    assert_eq!(gone.header("authorization", "oauth admin").status(), 204);
    let next = link(&first, "next").unwrap();
    // course:30_1 moved up to the first page.
    assert_eq!(instances(&as_admin(&it, target(&next)))[0], "course:30_2");
}
