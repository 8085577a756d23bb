//! `POST /api/bulk_enroll/v1/bulk_enroll`: who is enrolled, invited, written to, and what the answer says.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::vendors::openedx::{Enrollment, Mode, User};

use crate::support::{Answer, Calls, NOW, emulator};

pub const BULK: &str = "/openedx/api/bulk_enroll/v1/bulk_enroll";

const ABC: &str = "course-v1:a+b+c";
const DEF: &str = "course-v1:d+e+f";

/// Everybody that bulk enroll treats differently: e1 to e10 are the rows of upstream's transitions.
pub const SCHOOL: &str = "
openedx:
  users:
    - { username: staff, staff: true }
    - { username: teacher, course_admin: ['course-v1:a+b+c'] }
    - { username: learner }
    - { username: e1 }
    - { username: e2 }
    - { username: e3 }
    - { username: e4 }
    - { username: e5 }
    - { username: e6, active: false }
    - { username: e7, active: false }
    - { username: e8, active: false }
    - { username: e11, retired: true }
    - { username: used }
    - { username: twin, email: one@example.com }
    - { username: one@example.com, email: other@example.com }
  courses:
    - { key: 'course-v1:a+b+c', modes: [audit, verified], cohorts: [c1, c 2, x] }
    - { key: 'course-v1:d+e+f', modes: [honor], cohorts: [c1] }
  enrollments:
    - { username: e2, course: 'course-v1:a+b+c', mode: verified, created: 2021-03-09T20:15:00Z }
    - { username: e3, course: 'course-v1:a+b+c', mode: verified, active: false, created: 2021-03-09T20:15:00Z }
    - { username: e5, course: 'course-v1:a+b+c', cohort: x }
    - { username: e8, course: 'course-v1:a+b+c' }
  invitations:
    - { email: e4@example.com, course: 'course-v1:a+b+c', auto_enroll: true }
    - { email: e5@example.com, course: 'course-v1:a+b+c', auto_enroll: true }
    - { email: e7@example.com, course: 'course-v1:a+b+c', auto_enroll: true }
    - { email: e10@example.com, course: 'course-v1:a+b+c', auto_enroll: true }
    - { email: used@example.com, course: 'course-v1:a+b+c', auto_enroll: true, used_by: e1 }
  credentials:
    - { token: staff-token, user: staff }
    - { token: teacher-token, user: teacher }
    - { token: learner-token, user: learner }
";

/// The school with switches.
pub fn school_with(behaviour: &str) -> Emulator {
    emulator(&format!("{SCHOOL}  behaviour: {{ {behaviour} }}\n"))
}

fn ask(it: &Emulator, token: &str, body: &str) -> Answer {
    it.post(BULK)
        .token(&format!("Bearer {token}"))
        .body("application/json", body.to_owned())
        .send()
}

fn staff(it: &Emulator, body: &str) -> Answer {
    ask(it, "staff-token", body)
}

/// A body for these identifiers in the first course.
fn body(action: &str, identifiers: &str, more: &str) -> String {
    format!(r#"{{"identifiers":"{identifiers}","courses":"{ABC}","action":"{action}"{more}}}"#)
}

/// `TFTT`: user, enrollment, allowed, auto_enroll.
fn state(flags: &str) -> String {
    let names = ["user", "enrollment", "allowed", "auto_enroll"];
    let pairs = names.iter().zip(flags.chars());
    let pairs: Vec<_> = pairs
        .map(|(name, flag)| format!("\"{name}\":{}", flag == 'T'))
        .collect();
    format!("{{{}}}", pairs.join(","))
}

fn result(identifier: &str, before: &str, after: &str) -> String {
    let (before, after) = (state(before), state(after));
    format!(r#"{{"identifier":"{identifier}","before":{before},"after":{after}}}"#)
}

/// The whole answer for one course.
fn whole(action: &str, auto: bool, mails: bool, results: &str) -> String {
    format!(
        r#"{{"auto_enroll":{auto},"email_students":{mails},"action":"{action}","courses":{{"{ABC}":{{"action":"{action}","results":[{results}],"auto_enroll":{auto}}}}}}}"#
    )
}

fn mails(it: &Emulator) -> Vec<String> {
    let mails = it.main().outbox.mails();
    mails
        .iter()
        .map(|mail| format!("{} {} {}", mail.kind, mail.to, mail.course))
        .collect()
}

fn enrollment(it: &Emulator, username: &str, key: &str) -> Option<Enrollment> {
    let main = it.main();
    let world = main.vendors.openedx.read();
    let user = world.user_named(username)?;
    world.enrollment(user.number, world.enrolled_course(key)?.number)
}

/// Everything that a refused request could have changed.
fn traces(it: &Emulator) -> String {
    let main = it.main();
    let world = main.vendors.openedx.read();
    let enrolled = ["e1", "e2", "e3", "e4"].map(|name| enrollment(it, name, ABC));
    format!("{:?} {enrolled:?} {:?}", world.counts(), mails(it))
}

#[test]
fn the_answer_to_enrolling_one_learner_is_this_to_the_byte() {
    let it = school_with("");
    let answer = staff(&it, &body("enroll", "e1@example.com", "")).ok();
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.text(),
        r#"{"auto_enroll":false,"email_students":false,"action":"enroll","courses":{"course-v1:a+b+c":{"action":"enroll","results":[{"identifier":"e1@example.com","before":{"user":true,"enrollment":false,"allowed":false,"auto_enroll":false},"after":{"user":true,"enrollment":true,"allowed":false,"auto_enroll":false}}],"auto_enroll":false}}}"#
    );
    let made = enrollment(&it, "e1", ABC).unwrap();
    assert_eq!(
        (made.mode, made.created.to_string().as_str()),
        (Mode::Audit, NOW)
    );
}

#[test]
fn enrolling_goes_from_each_state_to_the_one_upstream_goes_to() {
    let rows: &[(&str, &str, &str, &str, &str)] = &[
        // Identifier, before, after without auto_enroll, after with it, mail.
        ("e1@example.com", "TFFF", "TTFF", "TTFF", "enrolled_enroll"),
        ("e2@example.com", "TTFF", "TTFF", "TTFF", "enrolled_enroll"),
        ("e3@example.com", "TFFF", "TTFF", "TTFF", "enrolled_enroll"),
        ("e4@example.com", "TFTT", "TTTT", "TTTT", "enrolled_enroll"),
        ("e5@example.com", "TTTT", "TTTT", "TTTT", "enrolled_enroll"),
        ("e6@example.com", "TFFF", "TFTF", "TFTT", "allowed_enroll"),
        ("e7@example.com", "TFTT", "TFTF", "TFTT", "allowed_enroll"),
        ("e8@example.com", "TTFF", "TTTF", "TTTT", "allowed_enroll"),
        ("e9@example.com", "FFFF", "FFTF", "FFTT", "allowed_enroll"),
        ("e10@example.com", "FFTT", "FFTF", "FFTT", "allowed_enroll"),
        ("e11@example.com", "FFFF", "FFFF", "FFFF", ""),
        (
            "used@example.com",
            "TFFF",
            "TTFF",
            "TTFF",
            "enrolled_enroll",
        ),
    ];
    for (identifier, before, plain, with_auto, mail) in rows {
        for (auto, after) in [(false, plain), (true, with_auto)] {
            for profile in ["legacy", "classic"] {
                let it = school_with(&format!("profile: {profile}"));
                let more = format!(r#","auto_enroll":{auto},"email_students":true"#);
                let answer = staff(&it, &body("enroll", identifier, &more)).ok();
                let expected = result(identifier, before, after);
                assert_eq!(answer.text(), whole("enroll", auto, true, &expected));
                let expected: Vec<_> = match *mail {
                    "" => Vec::new(),
                    mail => vec![format!("{mail} {identifier} {ABC}")],
                };
                assert_eq!(mails(&it), expected, "{identifier}");
            }
        }
    }
}

#[test]
fn unenrolling_goes_from_each_state_to_the_one_upstream_goes_to() {
    let rows: &[(&str, &str, &str, &[&str])] = &[
        ("e2@example.com", "TTFF", "TFFF", &["enrolled_unenroll"]),
        ("e1@example.com", "TFFF", "TFFF", &[]),
        (
            "e5@example.com",
            "TTTT",
            "TFFF",
            &["enrolled_unenroll", "allowed_unenroll"],
        ),
        ("e4@example.com", "TFTT", "TFFF", &["allowed_unenroll"]),
        ("e10@example.com", "FFTT", "FFFF", &["allowed_unenroll"]),
        ("e9@example.com", "FFFF", "FFFF", &[]),
        ("e8@example.com", "TTFF", "TFFF", &["enrolled_unenroll"]),
        ("used@example.com", "TFFF", "TFFF", &[]),
    ];
    for (identifier, before, after, kinds) in rows {
        let it = school_with("");
        let more = r#","auto_enroll":true,"email_students":true"#;
        let answer = staff(&it, &body("unenroll", identifier, more)).ok();
        let expected = result(identifier, before, after);
        assert_eq!(answer.text(), whole("unenroll", true, true, &expected));
        let expected = kinds
            .iter()
            .map(|kind| format!("{kind} {identifier} {ABC}"));
        assert_eq!(mails(&it), expected.collect::<Vec<_>>());
        // What ended stays as a row that ended: nobody else's does, and none is made.
        let name = identifier.trim_end_matches("@example.com");
        let ended = enrollment(&it, name, ABC).map(|row| row.active);
        let was_a_row = before.starts_with("TT");
        assert_eq!(ended, was_a_row.then_some(false), "{identifier}");
        for other in ["e2", "e5", "e8"]
            .into_iter()
            .filter(|other| *other != name)
        {
            assert!(enrollment(&it, other, ABC).unwrap().active, "{other}");
        }
        // A second time nothing is left to do.
        let again = staff(&it, &body("unenroll", identifier, "")).ok();
        let expected = result(identifier, after, after);
        assert_eq!(again.text(), whole("unenroll", false, false, &expected));
    }
}

#[test]
fn a_mode_is_kept_while_enrolled_and_reset_when_enrolled_again() {
    let it = school_with("");
    staff(&it, &body("enroll", "e2,e3,e1", "")).ok();
    let kept = enrollment(&it, "e2", ABC).unwrap();
    assert_eq!(kept.mode, Mode::Verified);
    let again = enrollment(&it, "e3", ABC).unwrap();
    assert_eq!((again.mode, again.active), (Mode::Audit, true));
    assert_eq!(again.created.to_string(), "2021-03-09T20:15:00Z");
    let honor = body("enroll", "e1", "").replace(ABC, DEF);
    staff(&it, &honor).ok();
    assert_eq!(enrollment(&it, "e1", DEF).unwrap().mode, Mode::Honor);
}

#[test]
fn identifiers_are_split_kept_as_sent_and_worked_off_in_order() {
    let it = school_with("failing_identifiers: [broken@example.com]");
    let sent =
        " E1@Example.com,,e2\\n\\te3@example.com nobody,E1 broken@example.com,e2\\u2028é@b.co";
    let expected = [
        result("E1@Example.com", "TFFF", "TTFF"),
        result("e2", "TTFF", "TTFF"),
        result("e3@example.com", "TFFF", "TTFF"),
        r#"{"identifier":"nobody","invalidIdentifier":true}"#.to_owned(),
        // User names are looked up letter by letter.
        r#"{"identifier":"E1","invalidIdentifier":true}"#.to_owned(),
        r#"{"identifier":"broken@example.com","error":true}"#.to_owned(),
        result("e2", "TTFF", "TTFF"),
        r#"{"identifier":"é@b.co","invalidIdentifier":true}"#.to_owned(),
    ];
    let answer = staff(&it, &body("enroll", sent, "")).ok();
    assert_eq!(
        answer.text(),
        whole("enroll", false, false, &expected.join(","))
    );
    let nothing = staff(&it, &body("enroll", " , ", "")).ok();
    assert_eq!(nothing.text(), whole("enroll", false, false, ""));
}

#[test]
fn how_names_are_compared_is_a_switch() {
    let it = school_with("email_match: exact, username_match: any_case");
    let expected = [
        result("E1", "TFFF", "TTFF"),
        result("E2@example.com", "FFFF", "FFTF"),
    ];
    let answer = staff(&it, &body("enroll", "E1,E2@example.com", "")).ok();
    let expected = whole("enroll", false, false, &expected.join(","));
    assert_eq!(answer.text(), expected);
}

#[test]
fn an_unknown_course_anywhere_is_404_and_nothing_is_applied() {
    let sent = r#"{"identifiers":"e1,e9@example.com","courses":"course-v1:a+b+c,course-v1:no+such+course,course-v1:d+e+f","action":"enroll","email_students":true}"#;
    let rows = [
        ("", r#"{"detail":"Not found."}"#),
        ("profile: legacy", r#"{"detail":"Not found."}"#),
        (
            "profile: ulmo",
            r#"{"detail":"Course not found: course-v1:no+such+course."}"#,
        ),
        (
            "drf: since_3_15",
            r#"{"detail":"Course not found: course-v1:no+such+course."}"#,
        ),
        (
            "profile: ulmo, drf: before_3_15, unknown_course: enroll",
            r#"{"detail":"Not found."}"#,
        ),
        ("bulk_not_found: empty", ""),
    ];
    for (behaviour, expected) in rows {
        let it = school_with(behaviour);
        let before = traces(&it);
        let answer = staff(&it, sent);
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (404, expected),
            "{behaviour}"
        );
        let content_type = (!expected.is_empty()).then_some("application/json");
        assert_eq!(answer.header("content-type"), content_type);
        assert_eq!(traces(&it), before);
    }
}

#[test]
fn ulmo_enrolls_into_an_unknown_course_where_a_switch_says_so() {
    let it = school_with("profile: ulmo, unknown_course: enroll");
    let sent = r#"{"identifiers":"e1","courses":"course-v1:no+such+course","action":"enroll"}"#;
    let expected = format!(
        r#"{{"auto_enroll":false,"email_students":false,"action":"enroll","courses":{{"course-v1:no+such+course":{{"action":"enroll","auto_enroll":false,"results":[{}]}}}}}}"#,
        result("e1", "TFFF", "TTFF")
    );
    assert_eq!(staff(&it, sent).ok().text(), expected);
    assert!(enrollment(&it, "e1", "course-v1:no+such+course").is_some());
    assert_eq!(staff(&school_with("profile: ulmo"), sent).status, 404);
}

#[test]
fn a_course_that_was_never_set_up_stays_unknown_whoever_is_enrolled_in_it() {
    let it = school_with("profile: ulmo, unknown_course: enroll");
    let key = "course-v1:no+such+course";
    let courses = || it.main().vendors.openedx.read().counts()[1];
    let before = courses();
    let sent = |action: &str, more: &str| {
        format!(
            r#"{{"identifiers":"e1,new@example.com","courses":"{key}","action":"{action}"{more}}}"#
        )
    };
    staff(&it, &sent("unenroll", "")).ok();
    let nobody = format!(r#"{{"identifiers":",","courses":"{key}","action":"enroll"}}"#);
    staff(&it, &nobody).ok();
    assert!(
        it.main()
            .vendors
            .openedx
            .read()
            .enrolled_course(key)
            .is_none()
    );
    for _ in 0..2 {
        staff(&it, &sent("enroll", "")).ok();
        assert!(it.main().vendors.openedx.read().course(key).is_none());
        assert_eq!(courses(), before);
    }
    let mailed = staff(&it, &sent("enroll", r#","email_students":true"#));
    assert_eq!(mailed.status, 404);
    let create = it
        .post("/openedx/api/enrollment/v1/enrollment")
        .bearer("staff-token")
        .json(&format!(r#"{{"course_details":{{"course_id":"{key}"}}}}"#))
        .send();
    let expected = format!(r#"{{"message":"No course '{key}' found for enrollment"}}"#);
    assert_eq!((create.status, create.text()), (400, expected));
    let listed = "/openedx/api/enrollment/v1/enrollments?course_id=course-v1:no%2Bsuch%2Bcourse";
    let listed = it.get(listed).bearer("staff-token").send().ok().text();
    assert!(listed.contains(key), "{listed}");
    staff(&it, &sent("unenroll", "")).ok();
    assert!(!enrollment(&it, "e1", key).unwrap().active);
}

#[test]
fn an_identifier_that_is_to_fail_fails_even_if_it_is_no_address() {
    let it = school_with("failing_identifiers: [nobody]");
    let answer = staff(&it, &body("enroll", "nobody,no one", "")).ok().text();
    let failed =
        r#"{"identifier":"nobody","error":true},{"identifier":"no","invalidIdentifier":true}"#;
    assert!(answer.contains(failed), "{answer}");
}

#[test]
fn an_identifier_that_means_two_accounts_breaks_and_nothing_is_applied() {
    let it = school_with("");
    let before = traces(&it);
    let answer = staff(&it, &body("enroll", "e1,one@example.com", ""));
    assert_eq!(answer.status, 500);
    assert_eq!(traces(&it), before);
}

#[test]
fn a_number_for_identifiers_breaks_what_splits_it_unless_it_is_text() {
    let sent = format!(r#"{{"identifiers":5,"courses":"{ABC}","action":"enroll"}}"#);
    assert_eq!(staff(&school_with(""), &sent).status, 500);
    assert_eq!(staff(&school_with("profile: legacy"), &sent).status, 500);
    let five = r#""results":[{"identifier":"5","invalidIdentifier":true}]"#;
    for behaviour in ["numeric_identifiers: text", "profile: ulmo"] {
        let answer = staff(&school_with(behaviour), &sent).ok();
        assert!(answer.text().contains(five), "{}", answer.text());
    }
    // An unknown course is found out first; without courses nobody splits anything.
    let unknown = sent.replace(ABC, "course-v1:no+such+course");
    assert_eq!(staff(&school_with(""), &unknown).status, 404);
    let none = sent.replace(ABC, "");
    let expected = r#"{"auto_enroll":false,"email_students":false,"action":"enroll","courses":{}}"#;
    assert_eq!(staff(&school_with(""), &none).ok().text(), expected);
}

#[test]
fn booleans_are_read_twice_up_to_teak_and_once_from_ulmo_on() {
    let rows = [
        ("true", true, true),
        ("\"true\"", true, true),
        ("\"True\"", true, true),
        ("1", true, true),
        ("1.0", true, true),
        ("\"yes\"", true, false),
        ("\"TRUE\"", true, false),
        ("\"1\"", true, false),
        ("\"on\"", true, false),
        ("false", false, false),
        ("\"off\"", false, false),
    ];
    for (sent, shown, acts) in rows {
        for (profile, acts) in [("legacy", acts), ("classic", acts), ("ulmo", shown)] {
            let it = school_with(&format!("profile: {profile}"));
            let more = format!(r#","auto_enroll":{sent},"email_students":{sent}"#);
            let text = staff(&it, &body("enroll", "e9@example.com", &more))
                .ok()
                .text();
            let top = format!(r#"{{"auto_enroll":{shown},"email_students":{shown},"action""#);
            assert!(text.starts_with(&top), "{sent}: {text}");
            let inner = match profile {
                "ulmo" => format!(r#""action":"enroll","auto_enroll":{acts},"results":["#),
                _ => format!(r#"],"auto_enroll":{acts}}}}}}}"#),
            };
            assert!(text.contains(&inner), "{profile} {sent}: {text}");
            let after = result("e9@example.com", "FFFF", if acts { "FFTT" } else { "FFTF" });
            assert!(text.contains(&after), "{profile} {sent}: {text}");
            assert_eq!(mails(&it).len(), usize::from(acts), "{profile} {sent}");
        }
    }
}

#[test]
fn booleans_in_any_case_are_for_later_releases_only() {
    let refused = r#"{"auto_enroll":["Must be a valid boolean."]}"#;
    for value in ["tRuE", "yES", "oFF", "nO"] {
        let sent = body("enroll", "e1", &format!(r#","auto_enroll":"{value}""#));
        let answer = staff(&school_with(""), &sent);
        assert_eq!((answer.status, answer.text().as_str()), (400, refused));
        staff(&school_with("drf: since_3_15"), &sent).ok();
        staff(&school_with("profile: ulmo"), &sent).ok();
    }
}

#[test]
fn a_course_that_comes_twice_is_worked_off_twice_and_shown_once() {
    let it = school_with("");
    let sent = format!(r#"{{"identifiers":"e1","courses":"{ABC},{DEF},{ABC}","action":"enroll"}}"#);
    let expected = format!(
        r#"{{"auto_enroll":false,"email_students":false,"action":"enroll","courses":{{"{ABC}":{{"action":"enroll","results":[{}],"auto_enroll":false}},"{DEF}":{{"action":"enroll","results":[{}],"auto_enroll":false}}}}}}"#,
        result("e1", "TTFF", "TTFF"),
        result("e1", "TFFF", "TTFF")
    );
    assert_eq!(staff(&it, &sent).ok().text(), expected);
}

#[test]
fn cohorts_are_told_of_those_who_are_in_or_may_come_in() {
    let it = school_with("");
    let sent = body(
        "enroll",
        "e1,e5,e6,e9@example.com,e11@example.com,x",
        r#","cohorts":"c1""#,
    );
    let with = |identifier: &str, before: &str, former: &str, after: &str| {
        let result = result(identifier, before, after);
        let result = result.replacen(
            "},\"after\"",
            &format!(",\"cohort\":{former}}},\"after\""),
            1,
        );
        format!(
            "{},\"cohort\":\"c1\"}}}}",
            result.strip_suffix("}}").unwrap()
        )
    };
    let first = [
        with("e1", "TFFF", "null", "TTFF"),
        with("e5", "TTTT", "\"x\"", "TTTT"),
        with("e6", "TFFF", "null", "TFTF"),
        with("e9@example.com", "FFFF", "null", "FFTF"),
        result("e11@example.com", "FFFF", "FFFF"),
        r#"{"identifier":"x","invalidIdentifier":true}"#.to_owned(),
    ];
    let expected = whole("enroll", false, false, &first.join(","));
    assert_eq!(staff(&it, &sent).ok().text(), expected);
    let second = [
        with("e1", "TTFF", "\"c1\"", "TTFF"),
        with("e5", "TTTT", "\"c1\"", "TTTT"),
        with("e6", "TFTF", "\"c1\"", "TFTF"),
        with("e9@example.com", "FFTF", "null", "FFTF"),
        result("e11@example.com", "FFFF", "FFFF"),
        r#"{"identifier":"x","invalidIdentifier":true}"#.to_owned(),
    ];
    let expected = whole("enroll", false, false, &second.join(","));
    assert_eq!(staff(&it, &sent).ok().text(), expected);
}

#[test]
fn registering_turns_an_invitation_into_an_enrollment_and_leaves_it_linked() {
    let it = school_with("");
    let more = r#","auto_enroll":true,"cohorts":"c1""#;
    staff(&it, &body("enroll", "new@example.com", more)).ok();
    let user = User {
        number: 0,
        username: "new".to_owned(),
        email: "New@example.com".to_owned(),
        active: true,
        staff: false,
        disabled: false,
        retired: false,
        password: None,
        administers: Box::default(),
    };
    let now = it.main().clock.now();
    let registered = it.main().vendors.openedx.write().register(user, now);
    let made = enrollment(&it, "new", ABC).unwrap();
    assert_eq!((made.active, made.mode), (true, Mode::Audit));
    let main = it.main();
    let world = main.vendors.openedx.read();
    let course = world.course(ABC).unwrap().number;
    let invitation = world.invitation("new@example.com", course).unwrap();
    assert_eq!(invitation.used_by, Some(registered.number));
    assert_eq!(
        world.cohort(registered.number, course).as_deref(),
        Some("c1")
    );
    drop(world);
    let answer = staff(&it, &body("enroll", "new@example.com", "")).ok();
    let expected = result("new@example.com", "TTTT", "TTTT");
    assert_eq!(answer.text(), whole("enroll", false, false, &expected));
    // What was taken back while nobody had registered enrolls nobody.
    staff(&it, &body("unenroll", "e10@example.com", "")).ok();
    let late = User {
        username: "e10".to_owned(),
        email: "e10@example.com".to_owned(),
        ..(*registered).clone()
    };
    it.main().vendors.openedx.write().register(late, now);
    assert_eq!(enrollment(&it, "e10", ABC), None);
}

#[test]
fn who_administers_courses_may_enroll_into_those_where_a_switch_says_so() {
    let sent = body("enroll", "e1", "");
    let both = sent.replace(ABC, &format!("{ABC},{DEF}"));
    assert_eq!(ask(&school_with(""), "teacher-token", &sent).status, 403);
    let it = school_with("course_admin_ok: true");
    ask(&it, "teacher-token", &sent).ok();
    let before = traces(&it);
    assert_eq!(ask(&it, "teacher-token", &both).status, 403);
    assert_eq!(traces(&it), before);
    assert_eq!(ask(&it, "learner-token", &sent).status, 403);
    let unknown = sent.replace(ABC, "course-v1:no+such+course");
    assert_eq!(ask(&it, "teacher-token", &unknown).status, 404);
    ask(&it, "staff-token", &both).ok();
}

#[test]
fn which_paths_there_are_depends_on_the_release() {
    let rows: &[(&str, &[&str])] = &[
        ("", &["bulk_enroll", "bulk_enroll/"]),
        ("profile: ulmo", &["bulk_enroll", "bulk_enroll/"]),
        ("strict_slash: true", &["bulk_enroll"]),
        ("profile: ulmo, strict_slash: true", &["bulk_enroll"]),
        (
            "profile: legacy",
            &[
                "bulk_enroll",
                "bulk_enroll/",
                "bulk_enrollXYZ",
                "bulk_enroll/x/y",
                "bulk_enroll//",
            ],
        ),
        ("bulk_enroll_view: false", &[]),
        ("profile: legacy, bulk_enroll_view: false", &[]),
    ];
    let all = [
        "bulk_enroll",
        "bulk_enroll/",
        "bulk_enrollXYZ",
        "bulk_enroll/x/y",
        "bulk_enroll//",
        "other",
        "bulk",
        "BULK_ENROLL",
        "x/bulk_enroll",
    ];
    for (behaviour, mounted) in rows {
        let it = school_with(behaviour);
        for path in all {
            for prefix in ["/openedx", ""] {
                let target = format!("{prefix}/api/bulk_enroll/v1/{path}");
                let ask = it.post(&target).token("Bearer staff-token");
                let status = ask.json(&body("enroll", "e1", "")).status();
                let expected = if mounted.contains(&path) { 200 } else { 404 };
                assert_eq!(status, expected, "{behaviour}: {target}");
            }
        }
    }
}

#[test]
fn a_form_says_the_same_as_json() {
    let course = "course-v1%3Aa%2Bb%2Bc";
    let it = school_with("");
    let form = format!(
        "identifiers=e1%2Ce9%40example.com&courses={course}&cohorts=c+2&action=enroll&auto_enroll=true&email_students=true"
    );
    let token = "Bearer staff-token";
    let by_form = it.post(BULK).token(token).form(&form).send().ok();
    let fields = [
        ("identifiers", "e1\r\ne9@example.com"),
        ("courses", ABC),
        ("cohorts", "c 2"),
        ("action", "enroll"),
        ("auto_enroll", "true"),
        ("email_students", "true"),
    ];
    let by_parts = school_with("");
    let by_parts = by_parts
        .post(BULK)
        .token(token)
        .multipart(&fields)
        .send()
        .ok();
    let by_json = school_with("");
    let more = r#","cohorts":"c 2","auto_enroll":true,"email_students":true"#;
    let by_json = staff(&by_json, &body("enroll", "e1,e9@example.com", more)).ok();
    assert_eq!(by_form.text(), by_json.text());
    assert_eq!(by_parts.text(), by_json.text());
    assert_eq!(mails(&it).len(), 2);
}

#[test]
fn what_would_eat_the_memory_breaks() {
    let it = school_with("");
    let identifiers = "x,".repeat(101);
    let courses = format!("{ABC},").repeat(1000) + ABC;
    let sent =
        format!(r#"{{"identifiers":"{identifiers}","courses":"{courses}","action":"enroll"}}"#);
    assert_eq!(staff(&it, &sent).status, 500);
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert_eq!(staff(&it, &deep).status, 500);
    let fine = format!("{{\"a\":{}1{}}}", "[".repeat(800), "]".repeat(800));
    assert_eq!(staff(&it, &fine).status, 400);
}

fn parts(it: &Emulator, body: &str) -> Answer {
    it.post(BULK)
        .bearer("staff-token")
        .body("multipart/form-data; boundary=b", body.to_owned())
        .send()
}

fn part(name: &str, value: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

fn file(name: &str) -> String {
    part(&format!("{name}\"; filename=\"f.csv"), "x")
}

#[test]
fn a_broken_multipart_body_keeps_what_could_be_read() {
    let it = school_with("");
    let whole = part("identifiers", "e1") + &part("courses", ABC) + &part("action", "enroll");
    let good = parts(&it, &(whole.clone() + "--b--\r\n")).ok().text();
    assert!(good.contains("\"identifier\":\"e1\""), "{good}");
    let it = school_with("");
    assert_eq!(
        parts(&it, &format!("{whole}--b\r\ngarbage")).ok().text(),
        good
    );
    let it = school_with("");
    let cut = part("action", "enroll") + &part("courses", ABC) + &part("identifiers", "e1");
    assert_eq!(parts(&it, &cut).ok().text(), good);
    let it = school_with("");
    assert_eq!(
        parts(&it, &(format!("garbage\r\n{whole}--b--")))
            .ok()
            .text(),
        good
    );
}

#[test]
fn a_file_is_no_text() {
    let it = school_with("");
    let all = |instead: &str| {
        let names = [
            ("identifiers", "e1"),
            ("courses", ABC),
            ("action", "enroll"),
        ];
        let texts = names.iter().filter(|(name, _)| *name != instead);
        let texts: String = texts.map(|(name, value)| part(name, value)).collect();
        parts(&it, &format!("{}{texts}--b--\r\n", file(instead)))
    };
    let refused = ["identifiers", "auto_enroll", "action"].map(|instead| all(instead).said());
    insta::assert_snapshot!(refused.join("\n"), @r#"
    400 {"identifiers":["Not a valid string."]} (application/json)
    400 {"auto_enroll":["Must be a valid boolean."]} (application/json)
    400 {"action":["\"f.csv\" is not a valid choice."]} (application/json)
    "#);
    assert_eq!(all("courses").status, 500);
    assert_eq!(all("cohorts").status, 500);
    // A text of the same name comes first, and lists take the first.
    let both = file("courses")
        + &part("courses", ABC)
        + &part("identifiers", "e1")
        + &part("action", "enroll");
    parts(&it, &format!("{both}--b--")).ok();
}

#[test]
fn a_form_of_more_than_a_thousand_fields_is_djangos_own_400() {
    let it = school_with("");
    let ask = |body: String| it.post(BULK).bearer("staff-token").form(&body).send();
    let sent = format!(
        "identifiers=e1&courses={}&action=enroll",
        ABC.replace('+', "%2B")
    );
    ask(sent.clone() + &"&".repeat(997)).ok();
    let answer = ask(sent + &"&".repeat(998));
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("<h1>Bad Request (400)</h1>"));
    assert_eq!(answer.header("content-type"), Some("text/html"));
    let whole = part("identifiers", "e1") + &part("courses", ABC) + &part("action", "enroll");
    let fill = |count: usize| format!("{}{whole}--b--\r\n", part("x", "").repeat(count));
    parts(&it, &fill(997)).ok();
    assert_eq!(parts(&it, &fill(998)).status, 400);
    let create = it
        .post("/openedx/api/enrollment/v1/enrollment")
        .bearer("staff-token");
    assert_eq!(create.form(&"&".repeat(1000)).status(), 400);
    let token = it.post("/openedx/oauth2/access_token");
    let token = token.form(&"&".repeat(1000)).send();
    assert!(token.text().contains("<h1>Bad Request (400)</h1>"));
}

#[test]
fn a_key_finds_its_course_however_it_is_written() {
    let it = school_with("");
    for key in [
        "slashes:a+b+c",
        "course-v1:a+b+c+type@x",
        "course-v1:a+b+c+block@y",
    ] {
        let sent = format!(r#"{{"identifiers":"e2","courses":"{key}","action":"enroll"}}"#);
        let answer = staff(&it, &sent).ok().text();
        assert!(
            answer.contains(&format!(r#""courses":{{"{key}":"#)),
            "{answer}"
        );
        assert!(answer.contains(r#""enrollment":true"#), "{answer}");
        let encoded = key.replace('+', "%2B");
        for target in [
            format!("enrollments?course_id={encoded}"),
            format!("enrollment/e2,{key}"),
        ] {
            let target = format!("/openedx/api/enrollment/v1/{target}");
            let answer = it.get(&target).bearer("staff-token").send().ok().text();
            assert!(
                answer.contains(&format!("\"course_id\":\"{ABC}\"")),
                "{answer}"
            );
        }
        let sent = format!(r#"{{"course_details":{{"course_id":"{key}"}}}}"#);
        let create = it.post("/openedx/api/enrollment/v1/enrollment");
        create.bearer("staff-token").json(&sent).send().ok();
    }
    let it = school_with("drf: since_3_15");
    let sent = r#"{"identifiers":"e2","courses":"slashes:no+such+one","action":"enroll"}"#;
    let expected = r#"{"detail":"Course not found: course-v1:no+such+one."}"#;
    assert_eq!(staff(&it, sent).text(), expected);
}

#[test]
fn a_whole_lms_sets_a_cookie_where_the_instructors_view_was_reached() {
    let cookie = |behaviour: &str, sent: &str| {
        let it = school_with(behaviour);
        staff(&it, sent).header("set-cookie").map(str::to_owned)
    };
    let good = body("enroll", "e1", "");
    let set = cookie("lms_headers: true", &good).unwrap();
    let (token, rest) = set.split_once(';').unwrap();
    let token = token.strip_prefix("csrftoken=").unwrap();
    assert_eq!(token.len(), 64);
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_eq!(
        rest,
        " expires=Sun, 08 Jun 2025 13:05:09 GMT; Max-Age=31449600; Path=/; SameSite=Lax"
    );
    assert_eq!(
        cookie("lms_headers: true, profile: legacy", &good),
        Some(set.clone())
    );
    let unknown = r#"{"identifiers":"e1","courses":"course-v1:no+such+one","action":"enroll"}"#;
    assert_eq!(cookie("lms_headers: true", unknown), Some(set));
    for none in [
        r#"{"identifiers":"e1","courses":"","action":"enroll"}"#,
        "{}",
    ] {
        assert_eq!(cookie("lms_headers: true", none), None);
    }
    assert_eq!(cookie("lms_headers: true, profile: ulmo", &good), None);
    assert_eq!(cookie("", &good), None);
}
