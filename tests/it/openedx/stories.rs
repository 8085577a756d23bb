//! The stories of Open edX: each promise in their comments is kept.

use std::collections::BTreeSet;

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::scenario::{BUILT_IN, Overrides, Scenario, Source};
use serde_json::{Value, json};

use crate::support::{Answer, Calls, story};

const BULK: &str = "/openedx/api/bulk_enroll/v1/bulk_enroll/";
const SO2: &str = "/openedx/api/so2/v1/enrollments";
const LIST: &str = "/openedx/api/enrollment/v1/enrollments";
const OWN: &str = "/openedx/api/enrollment/v1/enrollment";
const TOKEN: &str = "/openedx/oauth2/access_token";

/// The course of the story `bulk-enroll`.
const COURSE: &str = "course-v1:Story+Bulk+2024";

/// The rows of the table in a story's comments, cell by cell.
fn table(name: &str) -> Vec<Vec<&'static str>> {
    let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("# | "));
    let cells = rows.map(|row| {
        let row = row.trim_end().trim_end_matches('|');
        row.split('|').map(str::trim).collect::<Vec<_>>()
    });
    // The names of the columns and the line below them.
    cells.skip(2).collect()
}

/// A bulk request: an action, courses, identifiers, and what else it says.
fn bulk(it: &Emulator, token: &str, body: &Value) -> Answer {
    it.post(BULK).bearer(token).json(&body.to_string()).send()
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// `TFFF` from the state that a result shows.
fn letters(state: &Value) -> String {
    let names = ["user", "enrollment", "allowed", "auto_enroll"];
    let flags = names.map(|name| state[name].as_bool().unwrap());
    flags
        .map(|flag| if flag { 'T' } else { 'F' })
        .iter()
        .collect()
}

/// The kinds of the mails that would have been sent.
fn mails(it: &Emulator) -> Vec<&'static str> {
    let mails = it.main().outbox.mails();
    mails.iter().map(|mail| mail.kind).collect()
}

#[test]
fn bulk_enroll_takes_everybody_from_the_state_to_the_state_of_its_table() {
    let it = story("bulk-enroll");
    let table = table("bulk-enroll");
    assert_eq!(table.len(), 12);
    for row in table {
        let [who, _, before, enroll, unenroll, mailed] = row[..] else {
            panic!("{row:?}");
        };
        let (mailed_on_enroll, mailed_on_unenroll) = mailed.split_once(", ").unwrap();
        for (action, auto_enroll, after, mailed) in [
            ("enroll", true, enroll.replace('x', "T"), mailed_on_enroll),
            ("enroll", false, enroll.replace('x', "F"), mailed_on_enroll),
            ("unenroll", true, unenroll.to_owned(), mailed_on_unenroll),
        ] {
            it.post("/__admin/reset").send();
            let when = format!("{action} {who}, auto_enroll {auto_enroll}");
            let identifier = format!("{who}@example.com");
            let body = json!({
                "action": action, "courses": COURSE, "identifiers": &identifier,
                "auto_enroll": auto_enroll, "email_students": true,
            });
            let answer = json_of(&bulk(&it, "bulk-enroll-staff", &body).ok());
            let result = &answer["courses"][COURSE]["results"][0];
            assert_eq!(result["identifier"], identifier, "{when}");
            assert_eq!(letters(&result["before"]), before, "{when}");
            assert_eq!(letters(&result["after"]), after, "{when}");
            let expected: Vec<&str> = match mailed {
                "none" => Vec::new(),
                kinds => kinds.split(' ').collect(),
            };
            assert_eq!(mails(&it), expected, "{when}");
        }
    }
}

#[test]
fn bulk_enroll_answers_200_in_these_bytes_whatever_becomes_of_each() {
    let it = story("bulk-enroll");
    let body = json!({
        "action": "enroll", "courses": COURSE, "auto_enroll": true,
        "identifiers": "learner@example.com,inactive\nnobody, unlucky@example.com",
    });
    assert_eq!(
        bulk(&it, "bulk-enroll-staff", &body).ok().text(),
        concat!(
            r#"{"auto_enroll":true,"email_students":false,"action":"enroll","courses":{"course-v1:Story+Bulk+2024":{"action":"enroll","results":["#,
            r#"{"identifier":"learner@example.com","before":{"user":true,"enrollment":false,"allowed":false,"auto_enroll":false},"after":{"user":true,"enrollment":true,"allowed":false,"auto_enroll":false}},"#,
            r#"{"identifier":"inactive","before":{"user":true,"enrollment":false,"allowed":false,"auto_enroll":false},"after":{"user":true,"enrollment":false,"allowed":true,"auto_enroll":true}},"#,
            r#"{"identifier":"nobody","invalidIdentifier":true},"#,
            r#"{"identifier":"unlucky@example.com","error":true}"#,
            r#"],"auto_enroll":true}}}"#,
        )
    );
    assert!(mails(&it).is_empty(), "nobody asked for mails");
}

#[test]
fn bulk_enroll_puts_people_into_cohorts_course_by_course() {
    let it = story("bulk-enroll");
    let body = json!({
        "action": "enroll", "identifiers": "enrolled",
        "courses": "course-v1:Story+Bulk+2024,course-v1:Story+Second+2024",
        "cohorts": "Red,Green",
    });
    assert_eq!(
        bulk(&it, "bulk-enroll-staff", &body).ok().text(),
        concat!(
            r#"{"auto_enroll":false,"email_students":false,"action":"enroll","courses":{"#,
            r#""course-v1:Story+Bulk+2024":{"action":"enroll","results":[{"identifier":"enrolled","#,
            r#""before":{"user":true,"enrollment":true,"allowed":false,"auto_enroll":false,"cohort":"Blue"},"#,
            r#""after":{"user":true,"enrollment":true,"allowed":false,"auto_enroll":false,"cohort":"Red"}}],"auto_enroll":false},"#,
            r#""course-v1:Story+Second+2024":{"action":"enroll","results":[{"identifier":"enrolled","#,
            r#""before":{"user":true,"enrollment":false,"allowed":false,"auto_enroll":false,"cohort":null},"#,
            r#""after":{"user":true,"enrollment":true,"allowed":false,"auto_enroll":false,"cohort":"Green"}}],"auto_enroll":false}}}"#,
        )
    );
}

#[test]
fn bulk_enroll_gives_the_modes_that_the_comments_name_and_keeps_old_dates() {
    let it = story("bulk-enroll");
    let body = json!({
        "action": "enroll", "identifiers": "enrolled former learner",
        "courses": "course-v1:Story+Bulk+2024,course-v1:Story+Second+2024",
    });
    bulk(&it, "bulk-enroll-staff", &body).ok();
    let listed = it
        .get(&format!("{SO2}?username=enrolled,former,learner"))
        .bearer("bulk-enroll-staff");
    let row = |who: &str, course: &str, mode: &str, created: &str| {
        format!(
            r#"{{"username":"{who}","email":"{who}@example.com","course_id":"course-v1:Story+{course}+2024","is_active":true,"mode":"{mode}","created":"{created}"}}"#
        )
    };
    let rows = [
        row("former", "Bulk", "audit", "2023-03-01 08:00"),
        row("enrolled", "Bulk", "verified", "2024-03-01 08:00"),
        row("enrolled", "Second", "honor", "2024-06-09 13:05"),
        row("former", "Second", "honor", "2024-06-09 13:05"),
        row("learner", "Bulk", "audit", "2024-06-09 13:05"),
        row("learner", "Second", "honor", "2024-06-09 13:05"),
    ];
    assert_eq!(listed.send().ok().text(), format!("[{}]", rows.join(",")));
}

#[test]
fn bulk_enroll_does_nothing_at_all_where_one_course_is_unknown() {
    let it = story("bulk-enroll");
    let everything = || {
        let all = it.get(SO2).bearer("bulk-enroll-staff");
        all.send().ok().text()
    };
    let before = everything();
    let body = json!({
        "action": "enroll", "identifiers": "learner",
        "courses": "course-v1:Story+Bulk+2024,course-v1:Story+None+2024",
    });
    let answer = bulk(&it, "bulk-enroll-staff", &body);
    assert_eq!(answer.status, 404);
    assert_eq!(answer.text(), r#"{"detail":"Not found."}"#);
    assert_eq!(everything(), before);
}

#[test]
fn bulk_enroll_ends_an_enrollment_without_deleting_it() {
    let it = story("bulk-enroll");
    let body = json!({ "action": "unenroll", "courses": COURSE, "identifiers": "enrolled" });
    bulk(&it, "bulk-enroll-staff", &body).ok();
    let listed = it.get(&format!("{SO2}?username=enrolled"));
    assert_eq!(
        listed.bearer("bulk-enroll-staff").send().ok().text(),
        r#"[{"username":"enrolled","email":"enrolled@example.com","course_id":"course-v1:Story+Bulk+2024","is_active":false,"mode":"verified","created":"2024-03-01 08:00"}]"#
    );
}

/// The calls of the story `staff-only`, in the order of its columns.
fn calls(it: &Emulator, token: &str) -> [Answer; 4] {
    let body = json!({
        "action": "enroll", "courses": "course-v1:Story+Staff+2024", "identifiers": "learner",
    });
    [
        bulk(it, token, &body),
        it.get(SO2).bearer(token).send(),
        it.get(LIST).bearer(token).send(),
        it.get(OWN).bearer(token).send(),
    ]
}

#[test]
fn staff_only_answers_each_token_as_its_table_says() {
    let it = story("staff-only");
    let table = table("staff-only");
    assert_eq!(table.len(), 8);
    for row in table {
        let statuses = calls(&it, row[0]).map(|answer| answer.status.to_string());
        assert_eq!(statuses, row[1..], "{}", row[0]);
    }
}

#[test]
fn staff_only_says_the_same_no_in_other_words_from_call_to_call() {
    let it = story("staff-only");
    let says = |token: &str, bodies: [&str; 3]| {
        let [bulk, so2, list, _] = calls(&it, token);
        let found = [bulk, so2, list];
        for (answer, body) in found.iter().zip(bodies) {
            assert_eq!(answer.text(), body, "{token}");
        }
        found.map(|answer| answer.header("www-authenticate").map(str::to_owned))
    };
    let challenged = [
        Some(r#"JWT realm="api""#.to_owned()),
        Some(r#"JWT realm="api""#.to_owned()),
        None,
    ];
    let forbidden = r#"{"detail":"You do not have permission to perform this action."}"#;
    let developer = r#"{"developer_message":"You do not have permission to perform this action."}"#;
    let challenges = says("token-learner", [forbidden, forbidden, developer]);
    assert_eq!(challenges, [None, None, None]);
    let unknown = r#"{"error_code":"token_nonexistent","developer_message":"The provided access token does not match any valid tokens."}"#;
    let nested = format!(r#"{{"developer_message":{unknown}}}"#);
    assert_eq!(
        says("token-unknown", [unknown, unknown, &nested]),
        challenged
    );
    let expired = r#"{"error_code":"token_expired","developer_message":"The provided access token has expired and is no longer valid."}"#;
    let nested = format!(r#"{{"developer_message":{expired}}}"#);
    assert_eq!(
        says("token-expired", [expired, expired, &nested]),
        challenged
    );
    let disabled = r#"{"error_code":"user_is_disabled","developer_message":"User disabled by admin: disabled-staff"}"#;
    let nested = format!(r#"{{"developer_message":{disabled}}}"#);
    assert_eq!(
        says("token-disabled-staff", [disabled, disabled, &nested]),
        challenged
    );
    let inactive = r#"{"error_code":"user_not_active","developer_message":"User inactive or deleted: inactive"}"#;
    assert_eq!(
        says("token-inactive", [inactive, inactive, developer])[..2],
        challenged[..2]
    );
}

#[test]
fn staff_only_lets_a_course_administrator_in_where_the_switch_says_so() {
    let text =
        "version: 1\nextends: staff-only\nopenedx: { behaviour: { course_admin_ok: true } }\n";
    let source = Source::Inline {
        name: "inline".to_owned(),
        text: text.to_owned(),
        beside: None,
    };
    let scenario = Scenario::load(&source, Overrides::default()).unwrap();
    let it = Emulator::new(scenario, Bounds::default());
    let answers = calls(&it, "token-course-admin");
    assert_eq!(answers.each_ref().map(|answer| answer.status), [200; 4]);
    for answer in &answers[1..3] {
        assert!(answer.text().contains("course-v1:Story+Staff+2024"));
        assert!(!answer.text().contains("course-v1:Story+Other+2024"));
    }
    let body = json!({
        "action": "enroll", "courses": "course-v1:Story+Other+2024", "identifiers": "learner",
    });
    assert_eq!(bulk(&it, "token-course-admin", &body).status, 403);
}

/// The pages of a list, each by the link of the one before.
fn pages(it: &Emulator, token: &str) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut target = Some(LIST.to_owned());
    while let Some(page) = target {
        let page = it.get(&page).header("host", "localhost:8650");
        let page = json_of(&page.bearer(token).send().ok());
        target = page["next"].as_str().map(|next| {
            let target = next.strip_prefix("http://localhost:8650");
            target.unwrap().to_owned()
        });
        pages.push(page);
        assert!(pages.len() < 10);
    }
    pages
}

fn results(page: &Value) -> &[Value] {
    page["results"].as_array().unwrap()
}

#[test]
fn long_list_has_three_pages_and_shows_each_of_its_enrollments_once() {
    let it = story("long-list");
    let pages = pages(&it, "long-list-staff");
    let lengths: Vec<usize> = pages.iter().map(|page| results(page).len()).collect();
    assert_eq!(lengths, [100, 100, 50]);
    let rows: Vec<&Value> = pages.iter().flat_map(results).collect();
    let each: BTreeSet<String> = rows.iter().map(|row| row.to_string()).collect();
    assert_eq!(each.len(), 250);
    let dates: Vec<&str> = rows
        .iter()
        .map(|row| row["created"].as_str().unwrap())
        .collect();
    assert!(dates.is_sorted_by(|newer, older| newer >= older));
    assert_eq!(pages[0]["previous"], Value::Null);
    assert_eq!(pages[2]["next"], Value::Null);
    // And so2 shows the same, the oldest first, in one piece.
    let so2 = json_of(&it.get(SO2).bearer("long-list-staff").send().ok());
    assert_eq!(so2.as_array().unwrap().len(), 250);
}

#[test]
fn long_list_ends_its_first_page_among_rows_of_one_instant() {
    let it = story("long-list");
    let pages = pages(&it, "long-list-staff");
    let ties = |page: &Value| {
        let tied = results(page)
            .iter()
            .filter(|row| row["created"] == "2023-08-25T08:00:00Z");
        tied.count()
    };
    assert_eq!((ties(&pages[0]), ties(&pages[1])), (5, 5));
    // Back from the second page is the first one again.
    let back = pages[1]["previous"].as_str().unwrap();
    let back = back.strip_prefix("http://localhost:8650").unwrap();
    let back = it.get(back).header("host", "localhost:8650");
    let back = json_of(&back.bearer("long-list-staff").send().ok());
    assert_eq!(results(&back), results(&pages[0]));
}

#[test]
fn long_list_has_a_token_that_dies_between_pages() {
    let it = story("long-list");
    let page = || it.get(LIST).bearer("long-list-minute").send();
    assert_eq!(page().status, 200);
    it.advance("59s");
    assert_eq!(page().status, 200);
    it.advance("1s");
    assert_eq!(page().status, 401);
}

#[test]
fn tokens_of_open_edx_say_why_they_are_dead() {
    let it = story("tokens");
    let code = |token: &str| {
        let answer = it.get(SO2).bearer(token).send();
        let body = json_of(&answer);
        let code = body["error_code"].as_str().map(str::to_owned);
        (answer.status, code)
    };
    let dead = |code: &str| (401, Some(code.to_owned()));
    assert_eq!(code("openedx-valid"), (200, None));
    assert_eq!(code("openedx-ten-minutes"), (200, None));
    assert_eq!(code("openedx-expired"), dead("token_expired"));
    assert_eq!(code("openedx-learner"), (403, None));
    assert_eq!(code("openedx-inactive"), dead("user_not_active"));
    assert_eq!(code("openedx-unknown"), dead("token_nonexistent"));
    it.advance("599s");
    assert_eq!(code("openedx-ten-minutes"), (200, None));
    it.advance("1s");
    assert_eq!(code("openedx-ten-minutes"), dead("token_expired"));
    let inactive = it.get(LIST).bearer("openedx-inactive");
    assert_eq!(inactive.status(), 200);
}

/// Asks for a token as one of the story's clients, in one of two ways.
fn ask(it: &Emulator, client: &str, more: &str) -> (u16, Value) {
    let body = format!("client_id={client}&client_secret={client}-secret-not-a-secret&{more}");
    let answer = it.post(TOKEN).form(&body).send();
    (answer.status, json_of(&answer))
}

const BY_OWNER: &str = "grant_type=client_credentials";
const BY_PASSWORD: &str = "grant_type=password&username=ann&password=ann-password-not-a-secret";

#[test]
fn tokens_of_open_edx_are_issued_to_who_may_ask_and_live_ten_hours() {
    let it = story("tokens");
    let (status, answer) = ask(&it, "openedx-client", BY_OWNER);
    assert_eq!((status, &answer["expires_in"]), (200, &json!(36000)));
    let token = answer["access_token"].as_str().unwrap();
    it.advance("35999s");
    assert_eq!(it.get(SO2).bearer(token).status(), 200);
    it.advance("1s");
    assert_eq!(it.get(SO2).bearer(token).status(), 401);
    // What a password opens is what its account may do: ann is no staff.
    let (status, answer) = ask(&it, "openedx-client", BY_PASSWORD);
    assert_eq!(status, 200);
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(it.get(SO2).bearer(token).status(), 403);
    let refresh = answer["refresh_token"].as_str().unwrap();
    let refresh = format!("grant_type=refresh_token&refresh_token={refresh}");
    assert_eq!(ask(&it, "openedx-client", &refresh).0, 200);
}

#[test]
fn tokens_of_open_edx_are_refused_to_clients_that_may_not_ask_so() {
    let it = story("tokens");
    let unauthorized = (400, json!({ "error": "unauthorized_client" }));
    for (client, more, status) in [
        ("openedx-client-of-its-owner", BY_OWNER, 200),
        ("openedx-client-of-its-owner", BY_PASSWORD, 400),
        ("openedx-client-of-passwords", BY_OWNER, 400),
        ("openedx-client-of-passwords", BY_PASSWORD, 200),
    ] {
        let answer = ask(&it, client, more);
        match status {
            200 => assert_eq!(answer.0, 200, "{client} {more}"),
            _ => assert_eq!(answer, unauthorized, "{client} {more}"),
        }
    }
    let nobody = ask(&it, "openedx-nobody", BY_OWNER);
    assert_eq!(nobody, (401, json!({ "error": "invalid_client" })));
}

/// A row of the vendor's page, as it prints it but for the line feeds.
fn printed(username: &str, email: &str, course: u8, created: &str) -> String {
    format!(
        r#"{{"username":"{username}","email":"{email}","course_id":"course-v1:MOOCit-demo-{course}","is_active":true,"mode":"audit","created":"{created}"}}"#
    )
}

#[test]
fn documented_samples_lists_enrollments_as_the_page_of_open_edx_prints_them() {
    let it = story("documented-samples");
    let list = |filters: &str| {
        let list = it.get(&format!("/api/so2/v1/enrollments{filters}"));
        list.bearer("documented-samples-token").send().ok().text()
    };
    let (john, jane) = ("john@example.com", "jane@example.com");
    let (first, second) = ("2021-03-09 20:15", "2022-03-09 14:52");
    let all = [
        printed("johndoe", john, 1, first),
        printed("JaneDoe", jane, 2, second),
    ];
    assert!(list("").starts_with(&format!("[{},", all.join(","))));
    let of_course = [
        printed("johndoe", john, 1, first),
        printed("JaneDoe", jane, 1, second),
    ];
    assert_eq!(
        list("?course_id=course-v1:MOOCit-demo-1"),
        format!("[{}]", of_course.join(","))
    );
    let of_learner = [
        printed("johndoe", john, 1, first),
        printed("johndoe", john, 2, second),
    ];
    assert_eq!(
        list("?username=johndoe"),
        format!("[{}]", of_learner.join(","))
    );
    assert_eq!(list("?days=1"), "[]");
}

#[test]
fn documented_samples_shows_what_the_pages_of_the_sister_lists_print() {
    let it = story("documented-samples");
    let list = |name: &str| {
        let target =
            format!("/api/so2/v1/{name}?username=johndoe&course_id=course-v1:MOOCit-demo-1");
        let list = it.get(&target).bearer("documented-samples-token");
        list.send().ok().text()
    };
    assert_eq!(
        list("completion"),
        r#"[{"username":"johndoe","email":"john@example.com","course_id":"course-v1:MOOCit-demo-1","completion":"0.80"}]"#
    );
    assert_eq!(
        list("grades"),
        r#"[{"username":"johndoe","email":"john@example.com","course_id":"course-v1:MOOCit-demo-1","display_name":"The first course of the samples","percent_grade":"0.80","letter_grade":"Pass","passed_timestamp":"2020-03-28 23:21:24.354019","last_date":"2020-11-26"}]"#
    );
}

#[test]
fn documented_samples_ends_the_sample_enrollment_of_bulk_enroll() {
    let it = story("documented-samples");
    let body = json!({
        "action": "unenroll", "courses": "course-v1:edX+DemoX+Demo_Course",
        "identifiers": "test-email@example.com", "email_students": true, "auto_enroll": true,
    });
    assert_eq!(
        bulk(&it, "documented-samples-token", &body).ok().text(),
        r#"{"auto_enroll":true,"email_students":true,"action":"unenroll","courses":{"course-v1:edX+DemoX+Demo_Course":{"action":"unenroll","results":[{"identifier":"test-email@example.com","before":{"user":true,"enrollment":true,"allowed":false,"auto_enroll":false},"after":{"user":true,"enrollment":false,"allowed":false,"auto_enroll":false}}],"auto_enroll":true}}}"#
    );
    // The samples' own keys are no course keys.
    let body = json!({
        "action": "enroll", "courses": "course-v1:MOOCit-demo-1", "identifiers": "johndoe",
    });
    let answer = bulk(&it, "documented-samples-token", &body);
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.text(),
        r#"{"courses":["Course key not valid: course-v1:MOOCit-demo-1"]}"#
    );
}

#[test]
fn quickstart_has_names_to_paste_for_open_edx_too() {
    let it = story("quickstart");
    // Its clock ticks.
    it.post("/__admin/clock")
        .json(r#"{"ticking":false,"now":"2024-06-09T13:05:09Z"}"#)
        .send()
        .ok();
    let of_ann = format!("{SO2}?username=ann");
    let list = || it.get(&of_ann).bearer("openedx-staff").send().ok().text();
    let first = r#"{"username":"ann","email":"ann@example.com","course_id":"course-v1:Example+Safety+2024","is_active":true,"mode":"verified","created":"2024-05-01 08:00"}"#;
    assert_eq!(list(), format!("[{first}]"));
    let body = json!({
        "action": "enroll", "courses": "course-v1:Example+FirstAid+2024", "identifiers": "ann",
    });
    bulk(&it, "openedx-staff", &body).ok();
    let second = r#"{"username":"ann","email":"ann@example.com","course_id":"course-v1:Example+FirstAid+2024","is_active":true,"mode":"audit","created":"2024-06-09 13:05"}"#;
    assert_eq!(list(), format!("[{first},{second}]"));
    assert_eq!(bulk(&it, "openedx-learner", &body).status, 403);
    let all = json_of(&it.get(SO2).bearer("openedx-staff").send().ok());
    assert!(all.as_array().unwrap().len() > 80);
    assert_eq!(ask(&it, "openedx-client", BY_OWNER).0, 200);
}
