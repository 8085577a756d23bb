//! The query grammar of iSpring's lists.

use crate::support::{ALL, Calls, school, school_with};

/// What a query means: the enrollments it gives, in order.
const MEANS: &[(&str, &[&str])] = &[
    ("", ALL),
    // Brackets raw and encoded, repeated, comma lists, both mixed, one bare value.
    ("courseIds[]=$c1", &["e1", "e2", "e4", "e6"]),
    ("courseIds%5B%5D=$c1", &["e1", "e2", "e4", "e6"]),
    ("courseIds%5b%5d=$c1", &["e1", "e2", "e4", "e6"]),
    ("courseIds=$c1", &["e1", "e2", "e4", "e6"]),
    ("courseIds[]=$c2&courseIds[]=$c3", &["e3", "e5", "e9"]),
    ("courseIds[]=$c3&courseIds[]=$c2", &["e3", "e5", "e9"]),
    ("courseIds=$c2,$c3", &["e3", "e5", "e9"]),
    ("courseIds=$c2%2C$c3", &["e3", "e5", "e9"]),
    ("courseIds=$c2,%20$c3", &["e3", "e5", "e9"]),
    ("courseIds=$c2,+$c3", &["e3", "e5", "e9"]),
    ("courseIds[]=$c2,$c3", &["e3", "e5", "e9"]),
    ("courseIds[]=$c2&courseIds=$c3", &["e3", "e5", "e9"]),
    ("courseIds=$c2&courseIds[]=$c3", &["e3", "e5", "e9"]),
    ("courseIds=$c2&courseIds=$c3", &["e3", "e5", "e9"]),
    ("courseIds[]=$c2&courseIds[]=$c2", &["e3"]),
    // Indexed, as PHP's http_build_query writes it; gaps, order, doubles, nesting.
    ("courseIds[0]=$c2&courseIds[1]=$c3", &["e3", "e5", "e9"]),
    (
        "courseIds%5B0%5D=$c2&courseIds%5B1%5D=$c3",
        &["e3", "e5", "e9"],
    ),
    ("courseIds[7]=$c2&courseIds[3]=$c3", &["e3", "e5", "e9"]),
    ("courseIds[0]=$c2&courseIds[]=$c3", &["e3", "e5", "e9"]),
    ("courseIds[1]=$c2&courseIds[]=$c3", &["e3", "e5", "e9"]),
    ("courseIds[0]=$c2&courseIds[0]=$c3", &["e5", "e9"]),
    ("courseIds[0][]=$c2&courseIds[0][]=$c3", &["e3", "e5", "e9"]),
    (
        "courseIds[id][]=$c2&courseIds[id][]=$c3",
        &["e3", "e5", "e9"],
    ),
    // AND between parameters, OR inside one.
    ("learnerIds[]=$u12", &["e2", "e3", "e9"]),
    (
        "learnerIds[]=$u12&learnerIds[]=$u11",
        &["e1", "e2", "e3", "e9"],
    ),
    ("courseIds[]=$c1&learnerIds[]=$u12", &["e2"]),
    ("courseIds=$c1,$c2&learnerIds[]=$u12", &["e2", "e3"]),
    (
        "learnerIds=$u12,$u13&courseIds=$c1,$c2",
        &["e2", "e3", "e4"],
    ),
    ("courseIds=$c3&learnerIds=$u11", &[]),
    ("enrollmentIds[]=$e4", &["e4"]),
    ("enrollmentIds[]=$e9&enrollmentIds[]=$e1", &["e1", "e9"]),
    (
        "enrollmentIds=$e1,$e2,$e3&learnerIds=$u12&courseIds=$c1",
        &["e2"],
    ),
    // An id in capitals is the same id.
    ("courseIds=C0000000-0000-11EE-8000-000000000002", &["e3"]),
    // What names nothing matches nothing; with others it does no harm.
    ("courseIds=$c99", &[]),
    ("courseIds=$c99,$c2", &["e3"]),
    ("learnerIds=$u99", &[]),
    ("enrollmentIds=$e99,$e1", &["e1"]),
    // A learner's id is no course's id.
    ("courseIds=$u11", &[]),
    // The documented id with eleven digits in its last group is an id.
    ("enrollmentIds[]=c4f74ae0-e029-11e9-ba51-0a580af4b0f", &[]),
    // Unknown parameters are ignored, whatever they hold.
    (
        "foo=bar&status=active&page[limit]=3&filters[a][b]=c&=&&x",
        ALL,
    ),
    ("courseids=$c1&CourseIds=$c2&courseId=$c3", ALL),
    ("courseIds[=$c1", ALL),
    ("foo=1&foo=2&courseIds=$c2", &["e3"]),
    // `GET /enrollment` is not paged.
    ("pageSize=1&pageToken=nonsense", ALL),
];

#[test]
fn every_way_to_write_a_filter_means_what_clients_mean() {
    let it = school();
    for (query, ids) in MEANS {
        assert_eq!(it.list(&format!("/enrollment?{query}")), *ids, "{query}");
        // The paged twin means the same.
        if !query.contains("page") {
            assert_eq!(it.list(&format!("/enrollments?{query}")), *ids, "{query}");
        }
    }
}

#[test]
fn what_is_no_id_is_refused() {
    let it = school();
    for value in [
        "x",
        "12345",
        "null",
        "c0000000-0000-11ee-8000-0000000000",
        "c0000000-0000-11ee-8000-0000000000001",
        "c000000000001-1ee-8000-000000000001",
        "c0000000000011ee8000000000000001",
        "{c0000000-0000-11ee-8000-000000000001}",
        "g0000000-0000-11ee-8000-000000000001",
        "c0000000-0000-11ee-8000-00000000000%D9%A1",
        "$c1;$c2",
        "$c1,x",
        "$c1,,$c2",
    ] {
        for name in ["courseIds", "learnerIds[]", "enrollmentIds[0]"] {
            for path in ["/enrollment", "/enrollments"] {
                let target = format!("{path}?{name}={value}");
                let status = it.get(&target).token("account").status();
                assert_eq!(status, 400, "{target}");
            }
        }
    }
    // A key that is neither a number nor `id` is no list of ids.
    assert_eq!(
        it.get("/enrollment?courseIds[a]=$c1")
            .token("account")
            .status(),
        400
    );
}

#[test]
fn an_empty_filter_is_refused_and_an_empty_page_token_is_not() {
    let it = school();
    for (query, status) in [
        ("courseIds=", 400),
        ("courseIds[]=", 400),
        ("courseIds=$c1,", 400),
        ("pageToken=", 200),
        ("pageSize=50&pageToken=", 200),
        ("pageSize=", 400),
    ] {
        let target = format!("/enrollments?{query}");
        assert_eq!(it.get(&target).token("account").status(), status, "{query}");
    }
}

#[test]
fn a_switch_refuses_filters_that_name_nothing() {
    let it = school_with("unknown_filter_id: bad_request");
    for (query, status) in [
        ("", 200),
        ("courseIds=$c1,$c4", 200),
        ("courseIds=$c1,$c99", 400),
        ("learnerIds[]=$u99", 400),
        ("enrollmentIds[]=$e99", 400),
        ("learnerIds[]=$u12&courseIds=$c99", 400),
    ] {
        for path in ["/enrollment", "/enrollments"] {
            let target = format!("{path}?{query}");
            assert_eq!(
                it.get(&target).token("account").status(),
                status,
                "{target}"
            );
        }
    }
}

#[test]
fn a_switch_lets_the_last_of_repeated_bare_filters_count() {
    let it = school_with("repeated_filter: last");
    for (query, ids) in [
        ("courseIds=$c2&courseIds=$c3", &["e5", "e9"][..]),
        ("courseIds=$c2,$c3", &["e3", "e5", "e9"]),
        ("courseIds[]=$c2&courseIds[]=$c3", &["e3", "e5", "e9"]),
        ("courseIds[]=$c2&courseIds=$c3", &["e5", "e9"]),
        ("courseIds=$c2&courseIds[]=$c3", &["e5", "e9"]),
    ] {
        assert_eq!(it.list(&format!("/enrollment?{query}")), ids, "{query}");
    }
}

#[test]
fn a_parameter_with_one_value_that_comes_again_replaces_itself_as_in_php() {
    // A client that appends `&pageToken=…` to the link it has must not be refused here and served there.
    let it = school();
    let first = it
        .get("/enrollments?pageSize=5&pageSize=2&pageToken=")
        .token("account")
        .send()
        .ok();
    assert_eq!(first.ids(), ["e1", "e2"]);
    let next = first.next().unwrap();
    let second = it
        .get(&format!(
            "/enrollments?pageSize=2&pageToken=&pageToken={next}"
        ))
        .token("account")
        .send()
        .ok();
    assert_eq!(second.ids(), ["e3", "e4"]);
}

#[test]
fn results_come_in_the_order_in_which_the_enrollments_came_about() {
    let it = school();
    let enroll = r#"{"courseIds":["$c5"],"learnerIds":["$u11"],"dueDateType":"unlimited"}"#;
    assert_eq!(
        it.post("/enrollment")
            .token("account")
            .json(enroll)
            .status(),
        201
    );
    let made = it.list("/enrollment?courseIds=$c5").remove(0);
    let all = it.list("/enrollment");
    assert_eq!(all[..ALL.len()], *ALL);
    assert_eq!(&all[ALL.len()..], std::slice::from_ref(&made));
    // Whatever the order of the ids asked for.
    assert_eq!(
        it.list(&format!(
            "/enrollment?enrollmentIds[]={made}&enrollmentIds[]=$e9&enrollmentIds[]=$e1"
        )),
        ["e1", "e9", &made]
    );
    assert_eq!(
        it.list("/enrollment?learnerIds=$u15,$u11"),
        ["e1", "e6", &made]
    );
}

#[test]
fn an_empty_list_of_ids_is_refused_in_every_syntax() {
    let it = school();
    let list = || it.post("/enrollments").token("account");
    assert_eq!(list().json(r#"{"courseIds":[]}"#).status(), 400);
    assert_eq!(list().xml("<request><courseIds/></request>").status(), 400);
    assert_eq!(list().form("courseIds[]=").status(), 400);
    assert_eq!(list().json(r#"{"courseIds":null}"#).status(), 200);
}
