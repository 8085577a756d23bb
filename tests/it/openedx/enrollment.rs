//! Upstream's calls for one learner: list, look up, enroll.

use enrollmock::internals::emulator::Emulator;

use crate::support::{Answer, Calls, emulator};

const LIST: &str = "/api/enrollment/v1/enrollment";
const DEMO: &str = "course-v1:edX+DemoX+Demo_Course";

/// Staff, learners, a course administrator; courses whose modes differ.
const CAMPUS: &str = "
openedx:
  users:
    - { username: staff, staff: true }
    - { username: jane }
    - { username: john, email: John@Example.com }
    - { username: ann, course_admin: ['course-v1:edX+DemoX+Demo_Course'] }
    - { username: asleep, active: false }
    - { username: gone, retired: true }
    - { username: Émile @home+1, email: emile@example.com }
  courses:
    - { key: 'course-v1:edX+DemoX+Demo_Course', name: Démo <1>, modes: [audit, verified], cohorts: [Blue, Red] }
    - { key: 'course-v1:edX+Honor+2024', modes: [honor] }
    - { key: 'course-v1:edX+Paid+2024', modes: [verified] }
    - { key: 'edX/Old/2013' }
  enrollments:
    - { username: jane, course: 'course-v1:edX+DemoX+Demo_Course', created: 2021-03-09T20:15:04.123456Z, cohort: Red }
    - { username: jane, course: 'edX/Old/2013', mode: honor, created: 2021-03-09T20:15:03Z }
    - { username: jane, course: 'course-v1:edX+Honor+2024', mode: honor, active: false, created: 2020-01-01T00:00:00Z }
    - { username: john, course: 'course-v1:edX+DemoX+Demo_Course', mode: verified, created: 2022-01-01T00:00:00Z }
    - { username: john, course: 'edX/Old/2013', created: 2022-01-02T00:00:00Z }
    - { username: 'Émile @home+1', course: 'edX/Old/2013', created: 2022-01-03T00:00:00Z }
  invitations:
    - { email: ann@example.com, course: 'course-v1:edX+DemoX+Demo_Course' }
  credentials:
    - { token: staff, user: staff }
    - { token: jane, user: jane }
    - { token: john, user: john }
    - { token: ann, user: ann }
    - { token: asleep, user: asleep }
    - { token: emile, user: 'Émile @home+1' }
";

fn campus() -> Emulator {
    emulator(CAMPUS)
}

fn get(it: &Emulator, who: &str, target: &str) -> Answer {
    it.get(target).token(&format!("Bearer {who}")).send()
}

fn one(it: &Emulator, who: &str, which: &str) -> Answer {
    get(it, who, &format!("{LIST}/{which}"))
}

fn post(it: &Emulator, who: &str, body: &str) -> Answer {
    let ask = it.post(LIST).token(&format!("Bearer {who}"));
    ask.body("application/json", body.to_owned()).send()
}

/// A body that names the demo course, and `fields` before it.
fn demo(fields: &str) -> String {
    format!("{{{fields}\"course_details\":{{\"course_id\":\"{DEMO}\"}}}}")
}

fn mode(slug: &str, name: &str) -> String {
    format!(
        r#"{{"slug":"{slug}","name":"{name}","min_price":0,"suggested_prices":"","currency":"usd","expiration_datetime":null,"description":null,"sku":null,"bulk_sku":null}}"#
    )
}

fn details(key: &str, name: &str, modes: &[String]) -> String {
    let modes = modes.join(",");
    format!(
        r#"{{"course_id":"{key}","course_name":"{name}","enrollment_start":null,"enrollment_end":null,"course_start":null,"course_end":null,"invite_only":false,"course_modes":[{modes}],"pacing_type":"Instructor Paced"}}"#
    )
}

fn demo_details() -> String {
    let modes = [mode("audit", "Audit"), mode("verified", "Verified")];
    details(DEMO, "Démo <1>", &modes)
}

fn old_details() -> String {
    details("edX/Old/2013", "edX/Old/2013", &[mode("audit", "Audit")])
}

fn row(created: &str, mode: &str, active: bool, details: &str, user: &str) -> String {
    format!(
        r#"{{"created":"{created}","mode":"{mode}","is_active":{active},"course_details":{details},"user":"{user}"}}"#
    )
}

const NOW: &str = "2024-06-09T13:05:09Z";

fn assert_message(answer: &Answer, status: u16, message: &str) {
    let body = format!("{{\"message\":\"{message}\"}}");
    assert_eq!((answer.status, answer.text()), (status, body));
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

/// A status alone: no body, and no type of one.
fn assert_bare(answer: &Answer, status: u16) {
    assert_eq!((answer.status, answer.text()), (status, String::new()));
    assert_eq!(answer.header("content-type"), None);
}

/// How many enrollments an account has that count.
fn count(it: &Emulator, user: &str) -> usize {
    let list = get(it, "staff", &format!("{LIST}?user={user}"));
    list.ok().text().matches("\"created\"").count()
}

#[test]
fn a_caller_lists_its_own_enrollments_that_count_the_oldest_first() {
    let list = get(&campus(), "jane", LIST).ok();
    let old = row(
        "2021-03-09T20:15:03Z",
        "honor",
        true,
        &old_details(),
        "jane",
    );
    let new = "2021-03-09T20:15:04.123456Z";
    let new = row(new, "audit", true, &demo_details(), "jane");
    assert_eq!(list.text(), format!("[{old},{new}]"));
    assert_eq!(list.header("content-type"), Some("application/json"));
}

#[test]
fn who_is_enrolled_in_nothing_gets_an_empty_list() {
    assert_eq!(get(&campus(), "ann", LIST).ok().text(), "[]");
}

#[test]
fn an_account_that_was_never_activated_may_call() {
    let it = campus();
    assert_eq!(get(&it, "asleep", LIST).ok().text(), "[]");
    post(&it, "asleep", &demo("")).ok();
    assert_eq!(count(&it, "asleep"), 1);
}

#[test]
fn staff_lists_anybodys_enrollments_and_others_those_in_courses_they_administer() {
    let it = campus();
    let target = format!("{LIST}?user=john");
    let demo = row(
        "2022-01-01T00:00:00Z",
        "verified",
        true,
        &demo_details(),
        "john",
    );
    let old = row(
        "2022-01-02T00:00:00Z",
        "audit",
        true,
        &old_details(),
        "john",
    );
    let seen_by = |who| get(&it, who, &target).ok().text();
    assert_eq!(seen_by("staff"), format!("[{demo},{old}]"));
    assert_eq!(seen_by("john"), seen_by("staff"));
    assert_eq!(seen_by("ann"), format!("[{demo}]"));
    assert_eq!(seen_by("jane"), "[]");
}

#[test]
fn a_list_of_nobody_is_empty() {
    let it = campus();
    for name in ["nobody", "gone", "", "JOHN"] {
        let list = get(&it, "staff", &format!("{LIST}?user={name}"));
        assert_eq!(list.ok().text(), "[]", "{name}");
    }
}

#[test]
fn of_a_repeated_user_the_last_counts_and_other_parameters_do_nothing() {
    let it = campus();
    let target = format!("{LIST}?user=john&page=7&user=jane");
    let list = get(&it, "jane", &target);
    assert_eq!(list.text(), get(&it, "jane", LIST).text());
}

#[test]
fn a_long_list_goes_out_in_pieces_and_holds_each_enrollment_once() {
    let names = |from: &str| -> String {
        let lines = (0..3000).map(|n| from.replace('#', &format!("{n:04}")));
        lines.collect()
    };
    let it = emulator(&format!(
        "openedx:\n  users: [{{ username: jane }}]\n  courses:\n{}  enrollments:\n{}  credentials: [{{ token: jane, user: jane }}]\n",
        names("    - { key: 'course-v1:a+b+#' }\n"),
        // All at the same instant.
        names("    - { username: jane, course: 'course-v1:a+b+#' }\n"),
    ));
    let list = get(&it, "jane", LIST).ok();
    assert!(list.chunked);
    let rows: serde_json::Value = serde_json::from_slice(&list.body).unwrap();
    let mut keys: Vec<&str> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["course_details"]["course_id"].as_str().unwrap())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 3000);
    assert_eq!(rows.as_array().unwrap().len(), 3000);
}

#[test]
fn one_enrollment_is_shown_as_in_the_list() {
    let it = campus();
    let shown = row(
        "2021-03-09T20:15:04.123456Z",
        "audit",
        true,
        &demo_details(),
        "jane",
    );
    for (who, which) in [
        ("jane", DEMO.to_owned()),
        ("jane", format!("jane,{DEMO}")),
        ("staff", format!("jane,{DEMO}")),
        (
            "staff",
            "jane%2Ccourse-v1%3AedX%2BDemoX%2BDemo_Course".to_owned(),
        ),
    ] {
        let answer = one(&it, who, &which).ok();
        assert_eq!(answer.text(), shown, "{who} {which}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
}

#[test]
fn a_key_with_slashes_spans_segments() {
    let it = campus();
    let shown = row(
        "2021-03-09T20:15:03Z",
        "honor",
        true,
        &old_details(),
        "jane",
    );
    assert_eq!(one(&it, "jane", "edX/Old/2013").ok().text(), shown);
    assert_eq!(one(&it, "staff", "jane,edX%2FOld/2013").ok().text(), shown);
}

#[test]
fn a_user_name_may_hold_letters_of_any_script_and_what_upstream_allows() {
    let it = campus();
    let which = "%C3%89mile%20@home+1,edX/Old/2013";
    for who in ["staff", "emile"] {
        let answer = one(&it, who, which).ok();
        assert!(answer.text().ends_with("\"user\":\"Émile @home+1\"}"));
    }
}

#[test]
fn an_enrollment_that_ended_is_shown_as_inactive() {
    let answer = one(&campus(), "jane", "course-v1:edX+Honor+2024").ok();
    assert!(answer.text().contains("\"is_active\":false"));
}

#[test]
fn where_there_is_no_enrollment_the_answer_says_nothing() {
    let it = campus();
    assert_bare(&one(&it, "ann", DEMO), 200);
    for user in ["ann", "nobody", "gone"] {
        assert_bare(&one(&it, "staff", &format!("{user},{DEMO}")), 200);
    }
    assert_bare(&one(&it, "jane", "course-v1:no+such+course"), 200);
}

#[test]
fn somebody_elses_enrollment_is_hidden_from_all_but_staff() {
    let it = campus();
    assert_bare(&one(&it, "john", &format!("jane,{DEMO}")), 404);
    assert_bare(&one(&it, "ann", &format!("jane,{DEMO}")), 404);
    assert_bare(&one(&it, "ann", &format!("nobody,{DEMO}")), 404);
    assert_bare(&one(&it, "jane", &format!("Jane,{DEMO}")), 404);
}

#[test]
fn a_key_that_only_the_path_takes_is_an_error() {
    let it = campus();
    let answer = one(&it, "staff", "jane,edX+DemoX+2024");
    let said =
        "An error occurred while retrieving enrollments for user 'jane' in course 'edX+DemoX+2024'";
    assert_message(&answer, 400, said);
    let answer = one(&it, "jane", "a+b+c");
    let said = "An error occurred while retrieving enrollments for user 'jane' in course 'a+b+c'";
    assert_message(&answer, 400, said);
}

#[test]
fn a_path_that_fits_no_pattern_is_no_path_even_for_a_stranger() {
    let it = campus();
    for which in [
        "foo",
        "jane",
        "jane,",
        "jane,foo",
        "course-v1:edX+DemoX",
        "course-v1:MOOCit-demo-1",
        "a/b/c/d",
        "course-v1:edX+DemoX+Demo_Course/",
        "jane,course-v1:edX+DemoX+Demo_Course/",
        "edX//2013",
        "++a",
        "a+b+c%3Fd",
    ] {
        for ask in [
            it.get(&format!("{LIST}/{which}")).token("Bearer jane"),
            it.get(&format!("{LIST}/{which}")),
        ] {
            let answer = ask.send();
            assert_eq!(answer.status, 404, "{which}");
            let why = &answer.entry.as_ref().unwrap().why;
            assert_eq!(
                why.refused.as_deref(),
                Some("the vendor has no such path"),
                "{which}"
            );
        }
    }
}

#[test]
fn a_comma_belongs_to_the_key_where_no_user_name_stands_before_it() {
    let it = campus();
    // A colon stands in no user name. No key has a comma.
    let answer = one(&it, "jane", "course-v1:edX+a,b+2024");
    let said = "An error occurred while retrieving enrollments for user 'jane' in course 'course-v1:edX+a,b+2024'";
    assert_message(&answer, 400, said);
}

#[test]
fn a_caller_enrolls_itself() {
    let it = campus();
    let made = post(&it, "ann", &demo("")).ok();
    assert_eq!(made.text(), row(NOW, "audit", true, &demo_details(), "ann"));
    assert_eq!(made.header("content-type"), Some("application/json"));
    assert_eq!(one(&it, "ann", DEMO).ok().text(), made.text());
    assert_eq!(
        get(&it, "ann", LIST).ok().text(),
        format!("[{}]", made.text())
    );
}

#[test]
fn staff_enrolls_others_by_name_or_else_by_address() {
    let it = campus();
    let made = row(NOW, "audit", true, &demo_details(), "ann");
    assert_eq!(
        post(
            &it,
            "staff",
            &demo(r#""user":"ann","email":"jane@example.com","#)
        )
        .ok()
        .text(),
        made
    );
    let it = campus();
    assert_eq!(
        post(
            &it,
            "staff",
            &demo(r#""user":"","email":"ANN@example.com","#)
        )
        .ok()
        .text(),
        made
    );
    let it = campus();
    post(&it, "staff", &demo(r#""user":null,"email":"","#)).ok();
    assert_eq!(count(&it, "staff"), 1);
}

#[test]
fn what_upstream_does_not_need_is_passed_over() {
    let it = campus();
    let more = r#""email_opt_in":"maybe","enrollment_attributes":[{"namespace":"credit","name":"provider_id","value":"x"}],"linked_enterprise_customer":"x","is_active":null,"mode":null,"cohort":null,"force_enrollment":null,"anything":[1],"#;
    assert_eq!(
        post(&it, "ann", &demo(more)).ok().text(),
        row(NOW, "audit", true, &demo_details(), "ann")
    );
}

#[test]
fn a_mode_left_out_is_audit_where_offered_else_honor() {
    let it = campus();
    let body = r#"{"course_details":{"course_id":"course-v1:edX+Honor+2024"}}"#;
    assert!(
        post(&it, "ann", body)
            .ok()
            .text()
            .contains("\"mode\":\"honor\",\"is_active\":true")
    );
    // Neither is offered: upstream asks for the platform's mode all the same.
    let body = r#"{"course_details":{"course_id":"course-v1:edX+Paid+2024"}}"#;
    let answer = post(&it, "staff", body);
    assert_eq!(answer.status, 400);
    assert!(answer.text().starts_with("{\"message\":\"The [None] course mode is expired or otherwise unavailable for course run [course-v1:edX+Paid+2024].\""));
}

#[test]
fn a_mode_that_the_course_does_not_offer_is_refused_with_those_it_offers() {
    let it = campus();
    for (who, sent, shown) in [
        ("ann", r#""honor""#, "honor"),
        ("staff", r#""credit""#, "credit"),
        ("staff", r#""AUDIT""#, "AUDIT"),
        ("staff", r#""""#, ""),
        ("staff", "5", "5"),
        ("staff", "true", "True"),
        ("staff", "[\"audit\"]", "['audit']"),
    ] {
        let answer = post(&it, who, &demo(&format!(r#""mode":{sent},"#)));
        let details = demo_details();
        let body = format!(
            r#"{{"message":"The [{shown}] course mode is expired or otherwise unavailable for course run [{DEMO}].","course_details":{details}}}"#
        );
        assert_eq!((answer.status, answer.text()), (400, body));
    }
    assert_eq!(count(&it, "ann") + count(&it, "staff"), 0);
}

#[test]
fn only_staff_chooses_a_mode_that_is_not_free() {
    let it = campus();
    for (sent, shown) in [
        ("\"verified\"", "verified"),
        ("\"\"", ""),
        ("5", "5"),
        ("\"Audit\"", "Audit"),
    ] {
        let answer = post(&it, "ann", &demo(&format!(r#""mode":{sent},"#)));
        let said =
            format!("User does not have permission to create enrollment with mode [{shown}].");
        assert_message(&answer, 403, &said);
    }
    assert_eq!(count(&it, "ann"), 0);
    let made = post(&it, "staff", &demo(r#""user":"ann","mode":"verified","#)).ok();
    assert_eq!(
        made.text(),
        row(NOW, "verified", true, &demo_details(), "ann")
    );
}

#[test]
fn who_is_enrolled_already_keeps_what_is_there() {
    let it = campus();
    let before = one(&it, "john", DEMO).ok().text();
    assert_eq!(
        post(&it, "john", &demo(r#""mode":"audit","#)).ok().text(),
        before
    );
    assert_eq!(
        post(&it, "john", &demo(r#""is_active":false,"#))
            .ok()
            .text(),
        before
    );
    assert_eq!(
        post(&it, "staff", &demo(r#""user":"john","#)).ok().text(),
        before
    );
    assert_eq!(one(&it, "john", DEMO).ok().text(), before);
    // The mode is looked at first.
    assert_eq!(post(&it, "john", &demo(r#""mode":"honor","#)).status, 400);
}

#[test]
fn only_staff_changes_the_mode_of_an_enrollment() {
    let it = campus();
    let changed = post(&it, "staff", &demo(r#""user":"jane","mode":"verified","#))
        .ok()
        .text();
    assert_eq!(
        changed,
        row(
            "2021-03-09T20:15:04.123456Z",
            "verified",
            true,
            &demo_details(),
            "jane"
        )
    );
    assert_eq!(one(&it, "jane", DEMO).ok().text(), changed);
}

#[test]
fn staff_deactivates_and_reactivates_in_the_same_mode() {
    let it = campus();
    let shown = |active| {
        row(
            "2022-01-01T00:00:00Z",
            "verified",
            active,
            &demo_details(),
            "john",
        )
    };
    let set = |body: &str| post(&it, "staff", &demo(body)).ok().text();
    assert_eq!(set(r#""user":"john","is_active":false,"#), shown(false));
    assert_eq!(count(&it, "john"), 1);
    assert_eq!(set(r#""user":"john","is_active":true,"#), shown(true));
    assert_eq!(
        set(r#""user":"john","mode":"verified","is_active":false,"#),
        shown(false)
    );
    // Mode and state at once are fine in this direction.
    let audit = row(
        "2022-01-01T00:00:00Z",
        "audit",
        true,
        &demo_details(),
        "john",
    );
    assert_eq!(
        set(r#""user":"john","mode":"audit","is_active":true,"#),
        audit
    );
}

#[test]
fn who_deactivates_must_know_the_mode() {
    let it = campus();
    let answer = post(
        &it,
        "staff",
        &demo(r#""user":"john","mode":"audit","is_active":false,"#),
    );
    let said =
        "Enrollment mode mismatch: active mode=verified, requested mode=audit. Won't deactivate.";
    assert_message(&answer, 400, said);
    assert_eq!(count(&it, "john"), 2);
}

#[test]
fn a_former_enrollment_counts_again_and_keeps_its_date() {
    let it = campus();
    let body = r#"{"course_details":{"course_id":"course-v1:edX+Honor+2024"}}"#;
    let again = post(&it, "jane", body).ok().text();
    assert!(again.starts_with(
        "{\"created\":\"2020-01-01T00:00:00Z\",\"mode\":\"honor\",\"is_active\":true"
    ));
    assert_eq!(count(&it, "jane"), 3);
}

#[test]
fn an_enrollment_may_be_made_inactive() {
    let it = campus();
    let made = post(&it, "ann", &demo(r#""is_active":false,"#)).ok();
    assert_eq!(
        made.text(),
        row(NOW, "audit", false, &demo_details(), "ann")
    );
    assert_eq!(get(&it, "ann", LIST).ok().text(), "[]");
    assert_eq!(one(&it, "ann", DEMO).ok().text(), made.text());
}

#[test]
fn force_makes_staff_set_the_mode_anew() {
    let it = campus();
    let before = one(&it, "john", DEMO).ok().text();
    assert_eq!(
        post(&it, "john", &demo(r#""force_enrollment":true,"#))
            .ok()
            .text(),
        before
    );
    let forced = post(
        &it,
        "staff",
        &demo(r#""user":"john","force_enrollment":true,"#),
    )
    .ok()
    .text();
    assert_eq!(
        forced,
        row(
            "2022-01-01T00:00:00Z",
            "audit",
            true,
            &demo_details(),
            "john"
        )
    );
}

#[test]
fn what_is_no_boolean_is_refused_as_python_spells_it() {
    let it = campus();
    for (sent, shown) in [
        ("\"yes\"", "yes"),
        ("\"true\"", "true"),
        ("1", "1"),
        ("1.0", "1.0"),
        ("[true,null]", "[True, None]"),
        ("{\"a\":\"b\"}", "{'a': 'b'}"),
    ] {
        let answer = post(&it, "ann", &demo(&format!("\"is_active\":{sent},")));
        assert_message(
            &answer,
            400,
            &format!("'{shown}' is an invalid enrollment activation status."),
        );
        let answer = post(&it, "ann", &demo(&format!("\"force_enrollment\":{sent},")));
        assert_message(
            &answer,
            400,
            &format!("'{shown}' is an invalid force enrollment status."),
        );
    }
    assert_eq!(count(&it, "ann"), 0);
}

#[test]
fn a_cohort_is_joined_where_an_enrollment_is_made_or_changed() {
    let it = campus();
    let cohort = |user: &str, it: &Emulator| {
        let main = it.main();
        let world = main.vendors.openedx.read();
        let user = world.user_named(user).unwrap().number;
        let course = world.course(DEMO).unwrap().number;
        world.cohort(user, course).map(|it| it.to_string())
    };
    post(&it, "ann", &demo(r#""cohort":"Blue","#)).ok();
    assert_eq!(cohort("ann", &it).as_deref(), Some("Blue"));
    // Who is enrolled already stays where it is.
    post(&it, "ann", &demo(r#""cohort":"Red","#)).ok();
    assert_eq!(cohort("ann", &it).as_deref(), Some("Blue"));
    post(
        &it,
        "staff",
        &demo(r#""user":"jane","mode":"verified","cohort":"Blue","#),
    )
    .ok();
    assert_eq!(cohort("jane", &it).as_deref(), Some("Blue"));
}

#[test]
fn an_unknown_cohort_is_refused_after_the_enrollment_was_made() {
    for (sent, shown) in [
        ("\"Green\"", "Green"),
        ("\"\"", ""),
        ("\"blue\"", "blue"),
        ("5", "5"),
    ] {
        let it = campus();
        let answer = post(&it, "ann", &demo(&format!("\"cohort\":{sent},")));
        assert_message(
            &answer,
            400,
            &format!("An error occured while adding to cohort [{shown}]"),
        );
        assert_eq!(count(&it, "ann"), 1);
    }
}

#[test]
fn enrolling_links_an_invitation() {
    let it = campus();
    post(&it, "ann", &demo("")).ok();
    let main = it.main();
    let world = main.vendors.openedx.read();
    let course = world.course(DEMO).unwrap().number;
    let ann = world.user_named("ann").unwrap().number;
    let invitation = world.invitation("ann@example.com", course).unwrap();
    assert_eq!(invitation.used_by, Some(ann));
}

#[test]
fn only_staff_names_others() {
    let it = campus();
    for fields in [
        r#""user":"ann","#,
        r#""user":"nobody","#,
        r#""user":"Jane","#,
        r#""user":5,"#,
        r#""email":"jane@example.com","#,
        r#""user":"","email":"nobody@example.com","#,
    ] {
        assert_bare(&post(&it, "jane", &demo(fields)), 404);
    }
    // The own name comes before the address.
    post(
        &it,
        "jane",
        &demo(r#""user":"jane","email":"ann@example.com","#),
    )
    .ok();
}

#[test]
fn unknown_accounts_are_not_acceptable() {
    let it = campus();
    for (sent, shown) in [
        ("\"nobody\"", "nobody"),
        ("\"gone\"", "gone"),
        ("5", "5"),
        ("[\"a\"]", "['a']"),
        ("true", "True"),
    ] {
        let answer = post(&it, "staff", &demo(&format!("\"user\":{sent},")));
        assert_message(&answer, 406, &format!("The user {shown} does not exist."));
        let answer = post(&it, "staff", &demo(&format!("\"email\":{sent},")));
        assert_message(
            &answer,
            406,
            &format!("The user with the email address {shown} does not exist."),
        );
    }
}

#[test]
fn without_a_course_nothing_is_made() {
    let it = campus();
    for body in [
        "{}",
        r#"{"user":"nobody"}"#,
        r#"{"course_details":{}}"#,
        r#"{"course_details":{"course_id":null}}"#,
        r#"{"course_details":{"course_id":""}}"#,
        r#"{"course_details":{"course_id":0}}"#,
        "",
    ] {
        let answer = post(&it, "ann", body);
        assert_message(
            &answer,
            400,
            "Course ID must be specified to create a new enrollment.",
        );
    }
}

#[test]
fn a_course_that_does_not_exist_is_refused_whether_or_not_it_could() {
    let it = campus();
    for key in [
        "course-v1:no+such+course",
        "foo",
        " course-v1:edX+DemoX+Demo_Course",
        "course-v1:MOOCit-demo-1",
        "course-v1:edX+a,b+2024",
    ] {
        let body = format!("{{\"course_details\":{{\"course_id\":\"{key}\"}}}}");
        let answer = post(&it, "ann", &body);
        assert_message(
            &answer,
            400,
            &format!("No course '{key}' found for enrollment"),
        );
    }
}

#[test]
fn what_upstream_breaks_at_breaks() {
    let it = campus();
    for body in [
        "[]",
        "[1]",
        "\"x\"",
        "null",
        "5",
        r#"{"course_details":null}"#,
        r#"{"course_details":"course-v1:edX+DemoX+Demo_Course"}"#,
        r#"{"course_details":[]}"#,
        r#"{"course_details":{"course_id":5}}"#,
        r#"{"course_details":{"course_id":["a"]}}"#,
    ] {
        let answer = post(&it, "ann", body);
        assert!(answer.entry.as_ref().unwrap().why.refused.is_some());
        assert_eq!(answer.status, 500, "{body}");
    }
}

#[test]
fn no_form_can_enroll() {
    let it = campus();
    let ask = || it.post(LIST).token("Bearer ann");
    let refused = [
        ask().form("user=ann"),
        ask().form(""),
        ask().multipart(&[("course_details.course_id", DEMO)]),
    ];
    insta::assert_snapshot!(refused.map(|ask| ask.send().said()).join("\n"), @r#"
    400 {"message":"Course ID must be specified to create a new enrollment."} (application/json)
    400 {"message":"Course ID must be specified to create a new enrollment."} (application/json)
    400 {"message":"Course ID must be specified to create a new enrollment."} (application/json)
    "#);
    assert_eq!(ask().form("course_details=%7B%7D").status(), 500);
    assert_eq!(ask().multipart(&[("course_details", DEMO)]).status(), 500);
}

#[test]
fn a_body_that_cannot_be_read_is_refused_as_python_says_it() {
    let it = campus();
    let ask = it.post(LIST).token("Bearer ann");
    let refused = [
        post(&it, "ann", "{\"a\":"),
        ask.body("text/plain", demo("")).send(),
    ];
    insta::assert_snapshot!(refused.map(|it| it.said()).join("\n"), @r#"
    400 {"detail":"JSON parse error - Expecting value: line 1 column 6 (char 5)"} (application/json)
    415 {"detail":"Unsupported media type \"text/plain\" in request."} (application/json)
    "#);
}

#[test]
fn the_checks_come_in_upstreams_order() {
    let it = campus();
    let none = "course-v1:no+such+course";
    // A key that is none before somebody else's name, a course that does not exist behind all that.
    let refused = [
        ("jane", r#""user":"ann","#, "foo"),
        ("jane", r#""user":"ann","mode":"verified","#, none),
        ("jane", r#""mode":"verified","is_active":1,"#, none),
        ("staff", r#""user":"nobody","is_active":1,"#, none),
        ("staff", r#""is_active":1,"force_enrollment":1,"#, none),
    ]
    .map(|(who, fields, key)| {
        let body = format!("{{{fields}\"course_details\":{{\"course_id\":\"{key}\"}}}}");
        post(&it, who, &body).said()
    });
    insta::assert_snapshot!(refused.join("\n"), @r#"
    400 {"message":"No course 'foo' found for enrollment"} (application/json)
    404  (untyped)
    403 {"message":"User does not have permission to create enrollment with mode [verified]."} (application/json)
    406 {"message":"The user nobody does not exist."} (application/json)
    400 {"message":"'1' is an invalid enrollment activation status."} (application/json)
    "#);
}

#[test]
fn a_reset_undoes_what_was_made() {
    let it = campus();
    let before = get(&it, "staff", &format!("{LIST}?user=jane")).ok().text();
    post(&it, "staff", &demo(r#""user":"jane","is_active":false,"#)).ok();
    assert_eq!(count(&it, "jane"), 1);
    assert_eq!(it.post("/__admin/reset").status(), 204);
    assert_eq!(
        get(&it, "staff", &format!("{LIST}?user=jane")).ok().text(),
        before
    );
}
