//! Who may do what to whom.

use crate::support::{ALL, Ask, Calls, SCHOOL, emulator, school, school_with};

/// What a caller gets for: list, paged list, get, create, edit, re-enroll, delete; all within its departments.
type Row = (&'static str, [u16; 7]);

const MATRIX: &[Row] = &[
    ("account", [200, 200, 200, 201, 200, 200, 204]),
    ("owner", [200, 200, 200, 201, 200, 200, 204]),
    ("administrator", [200, 200, 200, 201, 200, 200, 204]),
    ("department", [200, 200, 200, 201, 200, 200, 204]),
    ("publisher", [200, 200, 200, 403, 200, 200, 204]),
    ("custom", [200, 200, 200, 201, 200, 200, 204]),
    ("powerless", [403, 403, 403, 403, 403, 403, 403]),
    ("learner", [403, 403, 403, 403, 403, 403, 403]),
    ("inactive", [401, 401, 401, 401, 401, 401, 401]),
    ("nobody", [401, 401, 401, 401, 401, 401, 401]),
];

const EDIT: &str = r#"{"accessDate":"2024-01-01","dueDateType":"unlimited"}"#;

/// The seven calls, on a learner and an enrollment.
fn calls<'a>(
    it: &'a enrollmock::internals::emulator::Emulator,
    learner: &str,
    enrollment: &str,
) -> [(&'static str, Ask<'a>); 7] {
    let path = format!("/enrollment/{enrollment}");
    let create =
        format!(r#"{{"courseIds":["$c5"],"learnerIds":["{learner}"],"dueDateType":"unlimited"}}"#);
    let delete = format!(r#"{{"enrollmentIds":["{enrollment}"]}}"#);
    [
        ("list", it.get("/enrollment")),
        ("paged list", it.get("/enrollments")),
        ("get", it.get(&path)),
        ("create", it.post("/enrollment").json(&create)),
        ("edit", it.post(&path).json(EDIT)),
        ("reenroll", it.post(&format!("{path}/reenroll")).json(EDIT)),
        ("delete", it.post("/enrollment/delete").json(&delete)),
    ]
}

fn assert_matrix(it: &enrollmock::internals::emulator::Emulator, matrix: &[Row]) {
    for (caller, statuses) in matrix {
        for (at, status) in statuses.iter().enumerate() {
            it.post("/__admin/reset").send();
            let before = it.everything();
            let (what, ask) = calls(it, "$u12", "$e2")[at].clone();
            let answer = ask.token(caller).send();
            assert_eq!(answer.status, *status, "{caller} {what}: {}", answer.text());
            let changed = it.everything() != before;
            assert_eq!(changed, at > 2 && *status < 300, "{caller} {what}");
        }
    }
}

#[test]
fn every_role_may_what_the_vendor_lets_it() {
    assert_matrix(&school(), MATRIX);
}

#[test]
fn a_switch_takes_editing_from_publishers() {
    let it = school_with("publisher_can_edit: false");
    assert_matrix(&it, &[("publisher", [200, 200, 200, 403, 403, 403, 403])]);
    assert_matrix(&it, &MATRIX[..4]);
}

#[test]
fn a_custom_role_may_what_its_permissions_say() {
    for (permissions, statuses) in [
        ("list_enrollments", [200, 200, 200, 403, 403, 403, 403]),
        ("create_enrollments", [403, 403, 403, 201, 403, 403, 403]),
        ("edit_enrollments", [403, 403, 403, 403, 200, 200, 403]),
        ("delete_enrollments", [403, 403, 403, 403, 403, 403, 204]),
        (
            "list_enrollments, delete_enrollments",
            [200, 200, 200, 403, 403, 403, 204],
        ),
    ] {
        let it = emulator(&SCHOOL.replace(
            "permissions: [list_enrollments, create_enrollments, edit_enrollments, delete_enrollments]",
            &format!("permissions: [{permissions}]"),
        ));
        assert_matrix(&it, &[("custom", statuses)]);
    }
}

#[test]
fn scoped_roles_see_the_departments_they_manage_with_all_below() {
    let it = school();
    let mine: &[&str] = &["e2", "e3", "e4", "e9"];
    for (caller, all) in [
        ("account", ALL),
        ("owner", ALL),
        ("administrator", ALL),
        ("department", mine),
        ("publisher", mine),
        ("custom", mine),
        ("nobodys", &[]),
    ] {
        for path in ["/enrollment", "/enrollments"] {
            let list = |query: &str| {
                it.get(&format!("{path}{query}"))
                    .token(caller)
                    .send()
                    .ok()
                    .ids()
            };
            assert_eq!(list(""), all, "{caller}");
            // A filter never widens what is seen, and what is out of scope is left out in silence.
            for query in [
                "?learnerIds=$u11,$u12,$u13,$u14,$u15",
                "?courseIds=$c1,$c2,$c3",
                "?enrollmentIds=$e1,$e2,$e3,$e4,$e5,$e6,$e9",
                "?courseIds=$c1,$c2,$c3&learnerIds=$u11,$u12,$u13,$u14,$u15",
            ] {
                assert_eq!(list(query), all, "{caller} {query}");
            }
            let others = list("?learnerIds=$u14");
            assert_eq!(
                others,
                if all.len() == ALL.len() {
                    &["e5"][..]
                } else {
                    &[]
                },
                "{caller}"
            );
            assert_eq!(
                list("?courseIds=$c1&learnerIds=$u13").len(),
                usize::from(caller != "nobodys")
            );
        }
    }
}

#[test]
fn acting_out_of_scope_is_403_and_changes_nothing() {
    let it = school();
    let before = it.everything();
    // u11 is in the department above, u14 in one apart, u15 in none.
    for (learner, enrollment) in [("$u11", "$e1"), ("$u14", "$e5"), ("$u15", "$e6")] {
        for caller in ["department", "publisher", "custom", "nobodys"] {
            for (what, ask) in calls(&it, learner, enrollment).into_iter().skip(2) {
                for (accept, body) in [
                    ("*/*", "<message>Permission denied</message>"),
                    ("application/json", "\"message\":\"Permission denied\""),
                ] {
                    let answer = ask.clone().token(caller).accept(accept).send();
                    assert_eq!(answer.status, 403, "{caller} {what} {learner}");
                    assert!(answer.text().contains(body));
                    assert_eq!(it.everything(), before, "{caller} {what} {learner}");
                }
            }
        }
    }
}

#[test]
fn the_role_is_asked_before_the_request_is_read_and_the_scope_after_all_else() {
    let it = school();
    for (caller, target, body, status) in [
        ("learner", "/enrollment", "<broken", 403),
        ("publisher", "/enrollment", "<broken", 403),
        ("department", "/enrollment", "<broken", 400),
        (
            "department",
            "/enrollment/$e1",
            "<r><accessDate>x</accessDate></r>",
            400,
        ),
        (
            "department",
            "/enrollment/$e1",
            "<r><accessDate>2024-01-01</accessDate><dueDateType>unlimited</dueDateType></r>",
            403,
        ),
        (
            "department",
            "/enrollment/$e99",
            "<r><accessDate>2024-01-01</accessDate><dueDateType>unlimited</dueDateType></r>",
            400,
        ),
        (
            "nobodys",
            "/enrollment/$e8",
            "<r><accessDate>2024-01-01</accessDate><dueDateType>unlimited</dueDateType></r>",
            400,
        ),
    ] {
        assert_eq!(
            it.post(target).token(caller).xml(body).status(),
            status,
            "{caller} {target} {body}"
        );
    }
}
