//! The built-in stories: each is well formed, and each promise in its comments is kept.

use std::path::Path;

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::http::Request;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::scenario::{BUILT_IN, Overrides, Scenario, Source};
use hyper::Method;
use jiff::SignedDuration;
use serde_json::Value;

/// How a caller proves who calls: header fields.
type Caller<'a> = &'a [(&'a str, &'a str)];

/// A story being served.
struct Story(Emulator);

/// The status and the body of an answer.
type Answer = (u16, String);

impl Story {
    fn of(name: &str) -> Self {
        let source = Source::BuiltIn(name.to_owned());
        let scenario = Scenario::load(&source, Overrides::default()).unwrap();
        Story(Emulator::new(scenario, Bounds::default()))
    }

    fn send(&self, method: Method, target: &str, headers: Caller<'_>, body: &str) -> Answer {
        let request = Request::new(method, target).with_body(body.to_owned());
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.with_header(name, value).unwrap()
        });
        let reply = self.0.handle(request).reply;
        let body = reply.body.collect();
        (
            reply.status.as_u16(),
            String::from_utf8(body.to_vec()).unwrap(),
        )
    }

    fn get(&self, target: &str, token: &str) -> Answer {
        self.send(Method::GET, target, &[("authorization", token)], "")
    }

    /// The enrollments of a list, as JSON.
    fn list(&self, target: &str, token: &str) -> Vec<Value> {
        let headers = [("authorization", token), ("accept", "application/json")];
        let (status, body) = self.send(Method::GET, target, &headers, "");
        assert_eq!(status, 200, "{target} with {token}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Sends a JSON body.
    fn post(&self, target: &str, token: &str, body: &Value) -> Answer {
        let headers = [
            ("authorization", token),
            ("content-type", "application/json"),
        ];
        self.send(Method::POST, target, &headers, &body.to_string())
    }

    fn enroll(&self, token: &str, learner: &str, course: &str) -> u16 {
        let body = serde_json::json!({
            "learnerIds": [learner], "courseIds": [course], "dueDateType": "unlimited",
        });
        self.post("/ispring/enrollment", token, &body).0
    }

    fn edit(&self, token: &str, enrollment: &str) -> u16 {
        let target = format!("/ispring/enrollment/{enrollment}");
        self.post(&target, token, &new_dates()).0
    }

    fn reenroll(&self, token: &str, enrollment: &str) -> u16 {
        let target = format!("/ispring/enrollment/{enrollment}/reenroll");
        self.post(&target, token, &new_dates()).0
    }

    fn delete(&self, token: &str, enrollment: &str) -> u16 {
        let body = serde_json::json!({ "enrollmentIds": [enrollment] });
        self.post("/ispring/enrollment/delete", token, &body).0
    }

    /// Asks for a token.
    fn ask(&self, client: &str, secret: &str) -> Answer {
        let body =
            format!("client_id={client}&client_secret={secret}&grant_type=client_credentials");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, "/ispring/api/v3/token", &form, &body)
    }

    /// The token that a client gets.
    fn issued(&self, client: &str, secret: &str) -> String {
        let (status, body) = self.ask(client, secret);
        assert_eq!(status, 200, "{body}");
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer["expires_in"], 1800);
        answer["access_token"].as_str().unwrap().to_owned()
    }

    fn status_with(&self, headers: Caller<'_>) -> u16 {
        self.send(Method::GET, "/ispring/enrollment", headers, "").0
    }

    fn advance(&self, seconds: i64) {
        let by = SignedDuration::from_secs(seconds);
        self.0.main().clock.set(None, Some(by), None).unwrap();
    }
}

fn new_dates() -> Value {
    serde_json::json!({ "accessDate": "2024-06-20", "dueDateType": "unlimited" })
}

/// The id of a record of the story with this number: `a` user, `b` client, `c` content, `d`
/// department, `e` enrollment, `f` certificate.
fn id(story: u8, table: char, number: u32) -> String {
    format!("{table}{number:07}-0000-11ee-8000-{story:012}")
}

fn path_of(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name)
}

#[test]
fn every_file_beside_the_stories_is_a_story() {
    let mut found: Vec<String> = std::fs::read_dir(path_of(""))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    found.sort();
    let mut listed: Vec<_> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    listed.sort();
    assert_eq!(found, listed);
}

#[test]
fn every_story_loads_and_says_what_it_is_and_what_it_teaches() {
    for (name, text) in BUILT_IN {
        assert!(
            text.starts_with("# yaml-language-server: $schema=schema.json\n"),
            "{name} does not name its schema in its first line"
        );
        let source = Source::BuiltIn((*name).to_owned());
        let scenario = Scenario::load(&source, Overrides::default()).unwrap();
        assert_eq!(scenario.name(), *name);
        // The first sentence stands alone in a list.
        let (first, rest) = scenario.description().split_once(". ").unwrap();
        assert!(first.len() <= 120 && rest.len() > 80, "{name}: {first:?}");
        assert!(scenario.description().contains("client"), "{name}");
        assert_eq!(scenario.start().now.to_string(), "2024-06-09T13:05:09Z");
        assert_eq!(scenario.start().ticking, *name == "quickstart");
    }
}

#[test]
fn no_secret_of_a_story_looks_real() {
    // Those that the vendor's own pages print.
    let printed = ["password"];
    for (name, text) in BUILT_IN {
        for line in text.lines().map(str::trim_start) {
            let secret = ["client_secret: ", "password: "]
                .iter()
                .find_map(|key| line.trim_start_matches("- ").strip_prefix(key));
            if let Some(secret) = secret {
                let plain = secret.ends_with("-not-a-secret") || printed.contains(&secret);
                assert!(plain, "{name}: {secret}");
            }
        }
    }
}

#[test]
fn quickstart_has_ids_to_paste_among_a_generated_population() {
    let story = Story::of("quickstart");
    let ann = id(1, 'a', 1);
    let of_ann = format!("/ispring/enrollment?learnerIds[]={ann}");
    let (status, body) = story.get(&of_ann, "quickstart-token");
    assert_eq!(status, 200);
    assert_eq!(
        body,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <response><enrollment>\
         <enrollmentId>e0000001-0000-11ee-8000-000000000001</enrollmentId>\
         <courseId>c0000001-0000-11ee-8000-000000000001</courseId>\
         <learnerId>a0000001-0000-11ee-8000-000000000001</learnerId>\
         <accessDate>2024-05-01</accessDate><dueDate>2024-07-31</dueDate>\
         <enrollmentTypeGroup>0</enrollmentTypeGroup>\
         <shouldLockAfterDueDate>0</shouldLockAfterDueDate>\
         <certificate>\
         <issuedCertificateId>f0000001-0000-11ee-8000-000000000001</issuedCertificateId>\
         <issueDate>2024-05-17T09:30:00+00:00</issueDate>\
         <expiryDate>2026-05-17T09:30:00+00:00</expiryDate>\
         </certificate></enrollment></response>"
    );

    let all = story.list("/ispring/enrollment", "Bearer quickstart-token");
    let learners: std::collections::BTreeSet<_> =
        all.iter().map(|it| it["learnerId"].as_str()).collect();
    // 40 learners with 0 to 5 enrollments each: some have none.
    assert!(all.len() > 80 && all.len() <= 201, "{}", all.len());
    assert!(learners.len() > 30 && learners.len() <= 41);
    let certificates = all.iter().filter(|it| it.get("certificate").is_some());
    assert!(certificates.count() > 10);
    // The listed one came last, so it stands last.
    assert_eq!(all.last().unwrap()["enrollmentId"], id(1, 'e', 1));
    assert!(
        all.iter()
            .all(|it| it["accessDate"].as_str().unwrap() < "2024-06-09"),
        "the generated population ends before the clock's start"
    );

    assert_eq!(story.enroll("quickstart-token", &ann, &id(1, 'c', 2)), 201);
    let after = story.list(&of_ann, "quickstart-token");
    assert_eq!(after.len(), 2);
    assert_eq!(after[1]["accessDate"], "2024-06-09");
}

#[test]
fn quickstart_issues_tokens_that_die_after_half_an_hour() {
    let story = Story::of("quickstart");
    let token = story.issued(&id(1, 'b', 1), "quickstart-client-secret-not-a-secret");
    assert_eq!(story.get("/ispring/enrollment", &token).0, 200);
    story.advance(1800);
    assert_eq!(story.get("/ispring/enrollment", &token).0, 401);
    assert_eq!(story.get("/ispring/enrollment", "quickstart-token").0, 200);
    let olga = [
        ("x-auth-account-url", "https://quickstart.ispringlearn.com"),
        ("x-auth-email", "olga@example.com"),
        ("x-auth-password", "quickstart-password-not-a-secret"),
    ];
    assert_eq!(story.status_with(&olga), 200);
}

/// The vendor's page, "Sample Response".
const DOCUMENTED_LIST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<response>
  <enrollment>
    <enrollmentId>fc1fc35c-040d-11ed-a2ba-b6f58d6fa7b5</enrollmentId>
    <courseId>1cf62af4-02c3-11ed-8874-3ebfbdfaeb70</courseId>
    <learnerId>d9261766-040d-11ed-ae50-da994e0c8f89</learnerId>
    <accessDate>2022-07-14</accessDate>
    <enrollmentTypeGroup>0</enrollmentTypeGroup>
    <shouldLockAfterDueDate>0</shouldLockAfterDueDate>
    <certificate>
      <issuedCertificateId>66b4ed00-040e-11ed-a8a2-b6f58d6fa7b5</issuedCertificateId>
      <issueDate>2022-07-15T07:19:00+00:00</issueDate>
      <expiryDate>2022-07-15T07:21:00+00:00</expiryDate>
    </certificate>
  </enrollment>
</response>"#;

/// The vendor's page, "Sample Request" of creating.
const DOCUMENTED_POST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<request>
  <courseIds>
    <id>3fa85f64-5717-4562-b3fc-2c963f66afa6</id>
  </courseIds>
  <learnerIds>
    <id>3fa85f64-5717-4562-b3fc-2c963f66afa6</id>
  </learnerIds>
  <accessDate>2019-09-26 10:30:00</accessDate>
  <dueDateType>unlimited</dueDateType>
  <dueDate>2019-09-26</dueDate>
  <duePeriod>0</duePeriod>
</request>"#;

const TOKEN_OF_LIST: &str = "p-lsJDjmULL5DdpXPJTcbm4jVIaWVHvNmrjAxATRbNE";
const TOKEN_OF_POST: &str = "p-1sJDjmULL5DdpXPJTcbm4jVIaWVHvNmrjAxATRbNE";

#[test]
fn documented_samples_answers_the_list_byte_for_byte_as_printed() {
    let story = Story::of("documented-samples");
    let answer = story.get("/enrollment", TOKEN_OF_LIST);
    assert_eq!(answer, (200, DOCUMENTED_LIST.to_owned()));
}

#[test]
fn documented_samples_answers_the_printed_requests_by_their_own_filters() {
    let story = Story::of("documented-samples");
    let first = "/enrollment?courseIds[]=146ac240-d54f-11e9-9b88-0a580af40973\
                 &learnerIds[]=00de7a40-deb5-11e9-8afe-0a580af40764";
    let second = "/enrollment?courseIds=146ac240-d54f-11e9-9b88-0a580af40973,\
                  a2239d7c-0a37-11ec-b63a-0242ac140033\
                  &learnerIds[]=a59c152e-1603-11ec-872d-0242ac160034";
    let empty = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response/>";
    for sample in [first, second] {
        assert_eq!(story.get(sample, TOKEN_OF_LIST), (200, empty.to_owned()));
    }
}

#[test]
fn documented_samples_enrolls_as_printed_and_lists_it_afterwards() {
    let story = Story::of("documented-samples");
    let headers = [
        ("authorization", TOKEN_OF_POST),
        ("content-type", "application/xml"),
    ];
    let answer = story.send(Method::POST, "/enrollment", &headers, DOCUMENTED_POST);
    assert_eq!(answer, (201, String::new()));
    let all = story.list("/enrollment", TOKEN_OF_LIST);
    assert_eq!(all.len(), 2);
    assert_eq!(all[1]["courseId"], "3fa85f64-5717-4562-b3fc-2c963f66afa6");
    assert_eq!(all[1]["learnerId"], "3fa85f64-5717-4562-b3fc-2c963f66afa6");
    assert_eq!(all[1]["accessDate"], "2019-09-26");
    assert_eq!(all[1].get("dueDate"), None);
}

#[test]
fn documented_samples_opens_to_every_printed_credential_and_leaves_out_the_odd_delete() {
    let story = Story::of("documented-samples");
    let printed = "Bearer 5_nz54vlUBIcxt8oJOmE5K6Qr1ARMy5jwPMdVATOCBB";
    assert_eq!(story.get("/enrollment", printed).0, 200);
    let headers = [
        ("x-auth-account-url", "https://myaccount.ispringlearn.com"),
        ("x-auth-email", "email@email.com"),
        ("x-auth-password", "password"),
    ];
    assert_eq!(story.status_with(&headers), 200);
    let secret = "documented-samples-client-secret-not-a-secret";
    assert_eq!(story.ask(&id(2, 'b', 1), secret).0, 200);
    let odd = "c4f74ae0-e029-11e9-ba51-0a580af4b0f";
    assert_eq!(story.delete(TOKEN_OF_LIST, odd), 400);
    assert_eq!(
        story.delete(TOKEN_OF_LIST, "fc1fc35c-040d-11ed-a2ba-b6f58d6fa7b5"),
        204
    );
}

/// The cells of a table in a story's comments, those of the row that begins with this word, but for
/// that first cell.
fn row(story: &str, first: &str) -> Vec<&'static str> {
    let (_, text) = BUILT_IN.iter().find(|(name, _)| *name == story).unwrap();
    let mut rows = text.lines().filter_map(|line| line.strip_prefix("# | "));
    let row = rows.find(|row| row.split_whitespace().next() == Some(first));
    let row = row.unwrap_or_else(|| panic!("{story} has no row for {first}"));
    row.split('|').map(str::trim).skip(1).collect()
}

/// What a caller may do to the learners of the story `departments`.
#[derive(Clone, Copy)]
enum May {
    /// It is a 403, whatever is asked for.
    Never,
    /// The learners of these numbers; for others it is a 403.
    With(&'static [u32]),
}

const EVERYBODY: &[u32] = &[1, 2, 3, 4, 5, 6, 7, 8];
const EMEA: &[u32] = &[1, 2, 3, 8];
const GERMANY_JAPAN: &[u32] = &[1, 4, 8];

/// The table in the story's comments: list, create, edit, delete.
const CALLERS: &[(&str, [May; 4])] = {
    use May::{Never, With};
    &[
        ("token-owner", [With(EVERYBODY); 4]),
        ("token-account-administrator", [With(EVERYBODY); 4]),
        ("token-account", [With(EVERYBODY); 4]),
        ("token-administrator-emea", [With(EMEA); 4]),
        (
            "token-administrator-germany-japan",
            [With(GERMANY_JAPAN); 4],
        ),
        ("token-administrator-of-nothing", [With(&[]); 4]),
        (
            "token-publisher-emea",
            [With(EMEA), Never, With(EMEA), With(EMEA)],
        ),
        ("token-custom-all-emea", [With(EMEA); 4]),
        ("token-custom-list-emea", [With(EMEA), Never, Never, Never]),
        (
            "token-custom-create-emea",
            [Never, With(EMEA), Never, Never],
        ),
        ("token-custom-edit-emea", [Never, Never, With(EMEA), Never]),
        (
            "token-custom-delete-emea",
            [Never, Never, Never, With(EMEA)],
        ),
        ("token-custom-none-emea", [Never; 4]),
        ("token-learner-germany", [Never; 4]),
    ]
};

impl May {
    /// The status that an attempt on this learner gets.
    fn status(self, learner: u32, done: u16) -> u16 {
        match self {
            May::With(learners) if learners.contains(&learner) => done,
            May::With(_) | May::Never => 403,
        }
    }
}

#[test]
fn departments_lists_to_each_caller_what_it_manages() {
    let story = Story::of("departments");
    for (token, [list, ..]) in CALLERS {
        match list {
            May::Never => assert_eq!(story.get("/ispring/enrollment", token).0, 403, "{token}"),
            May::With(learners) => {
                let found = story.list("/ispring/enrollment", token);
                let found: Vec<_> = found.iter().map(|it| it["enrollmentId"].clone()).collect();
                let expected: Vec<_> = learners.iter().map(|n| id(3, 'e', *n)).collect();
                assert_eq!(found, expected, "{token}");
            }
        }
        for number in EVERYBODY {
            let one = format!("/ispring/enrollment/{}", id(3, 'e', *number));
            let status = story.get(&one, token).0;
            assert_eq!(status, list.status(*number, 200), "{token} gets {number}");
        }
    }
}

#[test]
fn departments_lets_each_caller_enroll_whom_it_manages() {
    for (token, [_, create, ..]) in CALLERS {
        let story = Story::of("departments");
        let before = story.get("/ispring/enrollment", "token-owner");
        for number in EVERYBODY {
            let status = story.enroll(token, &id(3, 'a', *number), &id(3, 'c', 2));
            assert_eq!(status, create.status(*number, 201), "{token} and {number}");
        }
        let made = match create {
            May::Never => 0,
            May::With(learners) => learners.len(),
        };
        let after = story.list("/ispring/enrollment", "token-owner");
        assert_eq!(after.len(), EVERYBODY.len() + made, "{token}");
        if made == 0 {
            assert_eq!(story.get("/ispring/enrollment", "token-owner"), before);
        }
    }
}

#[test]
fn departments_refuses_the_whole_request_for_one_learner_outside() {
    let story = Story::of("departments");
    let before = story.get("/ispring/enrollment", "token-owner");
    let (gerda, bia) = (id(3, 'a', 1), id(3, 'a', 5));
    let body = serde_json::json!({
        "learnerIds": [gerda, bia], "courseIds": [id(3, 'c', 2)], "dueDateType": "unlimited",
    });
    let (status, _) = story.post("/ispring/enrollment", "token-administrator-emea", &body);
    assert_eq!(status, 403);
    let body = serde_json::json!({ "enrollmentIds": [id(3, 'e', 1), id(3, 'e', 5)] });
    let (status, _) = story.post("/ispring/enrollment/delete", "token-publisher-emea", &body);
    assert_eq!(status, 403);
    assert_eq!(story.get("/ispring/enrollment", "token-owner"), before);
}

#[test]
fn departments_lets_each_caller_edit_and_enroll_again_whom_it_manages() {
    for (token, [_, _, edit, _]) in CALLERS {
        let story = Story::of("departments");
        for number in EVERYBODY {
            let enrollment = id(3, 'e', *number);
            let before = story.get("/ispring/enrollment", "token-owner");
            let expected = edit.status(*number, 200);
            assert_eq!(story.edit(token, &enrollment), expected, "{token} {number}");
            if expected == 403 {
                assert_eq!(story.get("/ispring/enrollment", "token-owner"), before);
            }
            assert_eq!(
                story.reenroll(token, &enrollment),
                expected,
                "{token} enrolls {number} again"
            );
        }
    }
}

#[test]
fn departments_lets_each_caller_delete_whom_it_manages() {
    for (token, [_, _, _, delete]) in CALLERS {
        let story = Story::of("departments");
        for number in EVERYBODY {
            let status = story.delete(token, &id(3, 'e', *number));
            assert_eq!(status, delete.status(*number, 204), "{token} and {number}");
        }
        let left: Vec<_> = story
            .list("/ispring/enrollment", "token-owner")
            .iter()
            .map(|it| it["enrollmentId"].as_str().unwrap().to_owned())
            .collect();
        let expected: Vec<_> = EVERYBODY
            .iter()
            .filter(|number| delete.status(**number, 204) == 403)
            .map(|number| id(3, 'e', *number))
            .collect();
        assert_eq!(left, expected, "{token}");
    }
}

#[test]
fn departments_turns_away_who_is_switched_off() {
    let story = Story::of("departments");
    let token = "token-inactive-administrator";
    let statuses = [
        story.get("/ispring/enrollment", token).0,
        story.enroll(token, &id(3, 'a', 1), &id(3, 'c', 2)),
        story.edit(token, &id(3, 'e', 1)),
        story.delete(token, &id(3, 'e', 1)),
    ];
    assert_eq!(statuses, [401; 4]);
}

#[test]
fn departments_says_in_its_table_what_the_tests_expect() {
    let cell = |may: &May| match may {
        May::Never => "-",
        May::With([]) => "nobody",
        May::With(learners) if *learners == EVERYBODY => "all",
        May::With(learners) if *learners == EMEA => "EMEA",
        May::With(_) => "Germany,Japan",
    };
    for (token, [list, rights @ ..]) in CALLERS {
        let cells = row("departments", token);
        let seen = match list {
            May::Never => "-".to_owned(),
            May::With(learners) => learners.len().to_string(),
        };
        assert_eq!(cells[0], seen, "{token}");
        let expected: Vec<_> = rights.iter().map(cell).collect();
        assert_eq!(cells[1..4], expected, "{token}");
    }
}

/// The table in the story's comments: number, dueDate, expirationDate, certificate, expiryDate.
const SHOWN: &[(u32, Option<&str>, bool, bool, bool)] = &[
    (1, None, false, true, false),
    (2, None, false, true, true),
    (3, None, false, true, true),
    (4, None, false, false, false),
    (5, None, false, false, false),
    (6, Some("2024-12-20"), false, false, false),
    (7, Some("2024-12-20"), true, false, false),
    (8, Some("2024-05-31"), false, false, false),
    (9, Some("2024-05-31"), true, false, false),
    (10, Some("2024-06-04"), false, false, false),
    (11, None, false, false, false),
    (12, Some("2024-07-01"), true, true, true),
];

#[test]
fn certificates_shows_exactly_the_optional_parts_that_its_table_names() {
    let story = Story::of("certificates");
    let all = story.list("/ispring/enrollment", "certificates-token");
    assert_eq!(
        all.len(),
        SHOWN.len(),
        "archived and deleted ones never appear"
    );
    for (found, (number, due, locks, certificate, expires)) in all.iter().zip(SHOWN) {
        assert_eq!(found["enrollmentId"], id(4, 'e', *number));
        let due = due.map(Value::from);
        assert_eq!(found.get("dueDate"), due.as_ref(), "{number}");
        let expiration = due.filter(|_| *locks);
        assert_eq!(found.get("expirationDate"), expiration.as_ref(), "{number}");
        assert_eq!(found["shouldLockAfterDueDate"], *locks, "{number}");
        assert_eq!(
            found["enrollmentTypeGroup"],
            u8::from(*number == 11),
            "{number}"
        );
        assert_eq!(found.get("certificate").is_some(), *certificate, "{number}");
        if let Some(certificate) = found.get("certificate") {
            assert_eq!(certificate["issuedCertificateId"], id(4, 'f', *number));
            assert_eq!(certificate.get("expiryDate").is_some(), *expires);
        }
    }
}

#[test]
fn certificates_says_in_its_table_what_the_tests_expect() {
    for (number, due, locks, certificate, expires) in SHOWN {
        let cells = row("certificates", &id(4, 'e', *number)[..8]);
        let due = due.unwrap_or("");
        let certificate = match (number, certificate) {
            (5, _) => "not yet",
            (_, true) => "yes",
            (_, false) => "",
        };
        let expires = if *expires { "yes" } else { "" };
        let expected = [due, if *locks { due } else { "" }, certificate, expires];
        assert_eq!(cells[1..5], expected, "{number}");
    }
}

#[test]
fn certificates_come_at_their_hour_and_nothing_goes_when_time_passes() {
    let story = Story::of("certificates");
    let one = format!("/ispring/enrollment/{}", id(4, 'e', 5));
    let before = story.list("/ispring/enrollment", "certificates-token");
    assert!(
        !story
            .get(&one, "certificates-token")
            .1
            .contains("<certificate>")
    );
    // 2024-06-10T08:59:59Z, and one second more.
    story.advance((24 - 13 + 9) * 3600 - 5 * 60 - 10);
    assert!(
        !story
            .get(&one, "certificates-token")
            .1
            .contains("<certificate>")
    );
    story.advance(1);
    assert!(story.get(&one, "certificates-token").1.contains(
        "<certificate><issuedCertificateId>f0000005-0000-11ee-8000-000000000004\
         </issuedCertificateId><issueDate>2024-06-10T09:00:00+00:00</issueDate></certificate>"
    ));
    // Ten years on, every due date and every expiry has passed.
    story.advance(10 * 365 * 86_400);
    let mut after = story.list("/ispring/enrollment", "certificates-token");
    let appeared = after[4].as_object_mut().unwrap().remove("certificate");
    assert!(appeared.is_some());
    assert_eq!(after, before);
}

#[test]
fn certificates_hides_the_archived_and_the_deleted_from_every_call() {
    let story = Story::of("certificates");
    for number in [13, 14] {
        let enrollment = id(4, 'e', number);
        let target = format!("/ispring/enrollment/{enrollment}");
        assert_eq!(story.get(&target, "certificates-token").0, 400);
        assert_eq!(story.edit("certificates-token", &enrollment), 400);
        assert_eq!(story.delete("certificates-token", &enrollment), 400);
    }
}

#[test]
fn certificates_takes_enrollments_by_type_and_dates_them_as_the_content_says() {
    let story = Story::of("certificates");
    let eve = id(4, 'a', 5);
    let enroll = |course: u32| {
        let body = serde_json::json!({
            "learnerIds": [eve], "courseIds": [id(4, 'c', course)],
            "accessDate": "2024-06-01", "dueDateType": "default",
        });
        let (status, _) = story.post("/ispring/enrollment", "certificates-token", &body);
        status
    };
    let statuses: Vec<_> = (1..=5).map(enroll).collect();
    assert_eq!(statuses, [201, 201, 201, 201, 400]);
    let of_eve = format!("/ispring/enrollment?learnerIds={eve}");
    let found = story.list(&of_eve, "certificates-token");
    let due: Vec<_> = found.iter().map(|it| it["dueDate"].as_str()).collect();
    // The second as e0000010, which was written with the same access date.
    assert_eq!(due, [None, Some("2024-06-04"), Some("2024-07-01"), None]);
}

#[test]
fn tokens_tells_who_is_nobody_from_who_has_no_right() {
    let story = Story::of("tokens");
    let statuses = [
        ("token-valid", 200),
        ("Bearer token-valid", 200),
        ("token-ten-minutes", 200),
        ("token-expired", 401),
        ("token-learner", 403),
        ("token-inactive", 401),
        ("token-unknown", 401),
        ("Basic token-valid", 401),
    ];
    for (token, status) in statuses {
        assert_eq!(story.get("/ispring/enrollment", token).0, status, "{token}");
    }
    assert_eq!(story.status_with(&[]), 401);
}

#[test]
fn tokens_lets_one_die_while_a_client_walks_the_pages() {
    let story = Story::of("tokens");
    let page = |target: &str, token: &str| {
        let headers = [("authorization", token), ("accept", "application/json")];
        let (status, body) = story.send(Method::GET, target, &headers, "");
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let (status, first) = page("/ispring/enrollments?pageSize=1", "token-ten-minutes");
    assert_eq!(status, 200);
    let next = first["nextPageToken"].as_str().unwrap();
    let next = format!("/ispring/enrollments?pageSize=1&pageToken={next}");
    // To 13:15:08, and one second more.
    story.advance(599);
    assert_eq!(page(&next, "token-ten-minutes").0, 200);
    story.advance(1);
    assert_eq!(page(&next, "token-ten-minutes").0, 401);
    // The cure: a new token, and on from the same page.
    let token = story.issued(&id(5, 'b', 1), "tokens-client-secret-not-a-secret");
    let (status, second) = page(&next, &token);
    assert_eq!(status, 200);
    assert_eq!(second["enrollments"][0]["enrollmentId"], id(5, 'e', 2));
    story.advance(1799);
    assert_eq!(story.get("/ispring/enrollment", &token).0, 200);
    story.advance(1);
    assert_eq!(story.get("/ispring/enrollment", &token).0, 401);
    assert_eq!(story.get("/ispring/enrollment", "token-valid").0, 200);
}

#[test]
fn tokens_refuses_clients_that_are_not_listed_or_ask_for_something_else() {
    let story = Story::of("tokens");
    let (client, secret) = (id(5, 'b', 1), "tokens-client-secret-not-a-secret");
    assert_eq!(story.ask(&client, "wrong").0, 401);
    assert_eq!(story.ask(&id(5, 'b', 9), secret).0, 401);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("client_id={client}&client_secret={secret}&grant_type=password");
    let (status, _) = story.send(Method::POST, "/api/v3/token", &form, &body);
    assert_eq!(status, 400);
    let learner = story.issued(&id(5, 'b', 2), "tokens-learner-client-secret-not-a-secret");
    assert_eq!(story.get("/ispring/enrollment", &learner).0, 403);
}

#[test]
fn tokens_takes_account_urls_with_and_without_a_last_slash() {
    let story = Story::of("tokens");
    let accounts = [
        (
            "https://tokens.ispringlearn.com",
            "tokens-password-not-a-secret",
        ),
        (
            "https://tokens-eu.ispringlearn.eu",
            "tokens-eu-password-not-a-secret",
        ),
    ];
    for (url, password) in accounts {
        let with = |url: &str, email: &str, password: &str| {
            story.status_with(&[
                ("x-auth-account-url", url),
                ("x-auth-email", email),
                ("x-auth-password", password),
            ])
        };
        assert_eq!(with(url, "olga@example.com", password), 200);
        assert_eq!(with(&format!("{url}/"), "olga@example.com", password), 200);
        assert_eq!(with(url, "ann@example.com", password), 401);
        assert_eq!(with(url, "olga@example.com", "wrong"), 401);
        let incomplete = [("x-auth-account-url", url), ("x-auth-password", password)];
        assert_eq!(story.status_with(&incomplete), 401);
    }
}

/// The reference of scenario files.
const README: &str = include_str!("../../../scenarios/README.md");

/// The `yaml` examples in it.
fn examples() -> Vec<&'static str> {
    let blocks = README.split("\n```yaml\n").skip(1);
    blocks
        .map(|block| block.split_once("\n```\n").unwrap().0)
        .collect()
}

fn example(name: &str) -> Story {
    let text = examples()
        .into_iter()
        .find(|text| text.contains(&format!("name: {name}\n")))
        .unwrap();
    let source = Source::Inline {
        name: name.to_owned(),
        text: text.to_owned(),
        beside: None,
    };
    let scenario = Scenario::load(&source, Overrides::default()).unwrap();
    Story(Emulator::new(scenario, Bounds::default()))
}

#[test]
fn the_readme_links_every_story() {
    for (name, _) in BUILT_IN {
        assert!(
            README.contains(&format!("[`{name}`]({name}.yaml)")),
            "{name}"
        );
    }
}

#[test]
fn every_example_in_the_readme_loads() {
    let examples = examples();
    assert_eq!(examples.len(), README.matches("```yaml").count());
    for text in examples {
        let source = Source::Inline {
            name: "README.md".to_owned(),
            text: text.to_owned(),
            beside: None,
        };
        let read = Scenario::load(&source, Overrides::default());
        assert!(read.is_ok(), "{read:?} in\n{text}");
    }
}

#[test]
fn the_examples_in_the_readme_do_what_is_said_of_them() {
    let story = example("one-more-learner");
    let of_zoe = format!("/ispring/enrollment?learnerIds={}", id(1, 'a', 3));
    assert_eq!(story.list(&of_zoe, "quickstart-token").len(), 1);

    let story = example("documented-delete");
    let odd = "c4f74ae0-e029-11e9-ba51-0a580af4b0f";
    assert!(!story.get("/enrollment", TOKEN_OF_LIST).1.contains("\n  "));
    assert_eq!(story.list("/enrollment", TOKEN_OF_LIST).len(), 2);
    assert_eq!(story.delete(TOKEN_OF_LIST, odd), 204);
    assert_eq!(story.list("/enrollment", TOKEN_OF_LIST).len(), 1);

    let story = example("nobody-knows-ann");
    let of_ann = format!("/ispring/enrollment?learnerIds={}", id(1, 'a', 1));
    assert!(story.list(&of_ann, "quickstart-token").is_empty());

    let story = example("a-publisher");
    assert_eq!(story.list("/ispring/enrollment", "token-paul").len(), 1);
    assert_eq!(
        story.enroll("token-paul", &id(9, 'a', 1), &id(9, 'c', 1)),
        403
    );

    let story = example("as-the-openapi-says");
    let unknown = format!("/ispring/enrollment?learnerIds={}", id(4, 'a', 9));
    let (status, body) = story.get(&unknown, "certificates-token");
    assert_eq!(status, 400);
    assert!(body.contains("names nothing"), "{body}");
}

/// The report in the readme is what its file gives.
#[test]
fn the_readme_shows_a_real_report() {
    let text = "version: 1\nextends: quickstart\nclock: { now: 2024-06-09, ticking: false }\n\
                ispring:\n  enrolments: []\n  behaviour: {}\n";
    let text = text.replace(
        "  behaviour: {}",
        "\n  behaviour: { duplicate_enrollment: reject }",
    );
    let source = Source::Inline {
        name: "my.yaml".to_owned(),
        text,
        beside: None,
    };
    let problems = Scenario::load(&source, Overrides::default()).unwrap_err();
    assert_eq!(problems.len(), 3);
    for problem in problems {
        assert!(README.contains(&problem.to_string()), "{problem}");
    }
}

/// A row of a table of keys: what it documents, and its cells.
struct Row {
    path: String,
    cells: Vec<&'static str>,
}

/// The rows of every table of keys or switches; a heading such as `ispring.users` says what the
/// table below it is about.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut about = None;
    let mut in_table = false;
    for line in README.lines() {
        if line.starts_with('#') {
            let title = line.trim_start_matches('#').trim();
            about = match title {
                "The file" => Some(""),
                _ => title
                    .strip_prefix('`')
                    .and_then(|title| title.strip_suffix('`')),
            };
        }
        let Some(row) = line.strip_prefix("| ") else {
            in_table = false;
            continue;
        };
        let cells: Vec<_> = row
            .trim_end_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        match cells[0] {
            "key" | "switch" => in_table = true,
            "---" => {}
            cell if in_table => {
                let about = about.unwrap_or_else(|| panic!("{line} is about nothing"));
                let key = cell.strip_prefix('`').and_then(|key| key.strip_suffix('`'));
                let key = key.unwrap_or_else(|| panic!("{line} begins with no key"));
                let path = match about {
                    "" => key.to_owned(),
                    about => format!("{about}.{key}"),
                };
                rows.push(Row { path, cells });
            }
            _ => {}
        }
    }
    rows
}

/// A key of the format, as its schema has it.
struct Written {
    path: String,
    schema: Value,
    is_required: bool,
}

/// The schemas that one schema stands for: itself and what it refers to, lists opened up.
fn meant<'a>(schema: &'a Value, root: &'a Value) -> Vec<&'a Value> {
    let mut found = vec![schema];
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    let elements = schema.get("items").into_iter();
    let referred = schema["$ref"].as_str().map(|reference| {
        let pointer = reference.strip_prefix('#').unwrap();
        root.pointer(pointer).unwrap()
    });
    for inner in alternatives.chain(elements).chain(referred) {
        found.extend(meant(inner, root));
    }
    found
}

fn written(path: &str, schema: &Value, root: &Value, into: &mut Vec<Written>) {
    for schema in meant(schema, root) {
        let required = schema["required"].as_array().into_iter().flatten();
        let required: Vec<_> = required.filter_map(Value::as_str).collect();
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = match path {
                "" => key.clone(),
                path => format!("{path}.{key}"),
            };
            // A piece of scenario has the scenario's own keys.
            if path != "faults.inject.change" {
                written(&path, property, root, into);
            }
            into.push(Written {
                path,
                schema: property.clone(),
                is_required: required.contains(&key.as_str()),
            });
        }
    }
}

/// The values that a key may have, where they can be listed.
fn values(schema: &Value, root: &Value) -> Vec<String> {
    let mut values = Vec::new();
    for schema in meant(schema, root) {
        let listed = [&schema["enum"], &schema["propertyNames"]["enum"]];
        let listed = listed.into_iter().filter_map(Value::as_array).flatten();
        let one_of = schema["oneOf"].as_array().into_iter().flatten();
        let texts = listed.chain(one_of.map(|one| &one["const"]));
        values.extend(texts.filter_map(Value::as_str).map(str::to_owned));
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.clone(),
            kind => vec![kind.clone()],
        };
        if kinds.contains(&Value::from("boolean")) {
            values.extend(["true", "false"].map(str::to_owned));
        }
    }
    values
}

#[test]
fn the_readme_documents_every_key_and_every_value_and_nothing_else() {
    let root: Value = serde_json::from_str(&enrollmock::internals::scenario::schema()).unwrap();
    let mut keys = Vec::new();
    written("", &root, &root, &mut keys);
    assert!(keys.len() > 60, "the walk found {} keys", keys.len());
    let rows = rows();
    let mut missing = Vec::new();
    for Written {
        path,
        schema,
        is_required,
    } in &keys
    {
        let Some(row) = rows.iter().find(|row| row.path == *path) else {
            missing.push(format!("{path} has no row"));
            continue;
        };
        let is_switch = path.contains(".behaviour.");
        let values = values(schema, &root);
        if row.cells.len() != if is_switch { 5 } else { 4 } {
            missing.push(format!("{path}: {} cells", row.cells.len()));
            continue;
        }
        for value in &values {
            if !row.cells[1].contains(&format!("`{value}`")) {
                missing.push(format!("{path} may be `{value}`"));
            }
        }
        if (row.cells[2] == "required") != *is_required {
            missing.push(format!("{path}: {} is not its default", row.cells[2]));
        }
        if is_switch {
            // "… Default: keep." or "… Default false: …"
            let description = schema["description"].as_str().unwrap();
            let (_, default) = description.split_once("Default").unwrap();
            let default = default.trim_start_matches([':', ' ']);
            let default = default.split([':', '.', ',', ' ']).next().unwrap();
            if !values.is_empty() && row.cells[2] != format!("`{default}`") {
                missing.push(format!("{path}: the default is {default}"));
            }
            if row.cells[3].len() < 20 || row.cells[4].len() < 20 {
                missing.push(format!("{path}: what it decides and why are too short"));
            }
        }
    }
    let stale = rows
        .iter()
        .filter(|row| !keys.iter().any(|key| key.path == row.path));
    missing.extend(stale.map(|row| format!("{} is no key", row.path)));
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
