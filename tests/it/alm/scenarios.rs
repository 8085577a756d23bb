//! Adobe's stories: what each of them says of itself is so.

use enrollmock::internals::emulator::Emulator;
use serde_json::Value;

use crate::support::{Calls, story};

const ALL: &str = "filter.loTypes=course,learningProgram,jobAid,certification";

fn ask(it: &Emulator, token: &str, target: &str) -> (u16, Value) {
    let target = format!("/alm/primeapi/v2{target}");
    let answer = it.get(&target).token(&format!("oauth {token}")).send();
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

fn ids(page: &Value) -> Vec<String> {
    let data = page["data"].as_array().unwrap().iter();
    data.map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The sizes of the pages, and all that stands on them.
fn walk(it: &Emulator, token: &str, first: &str) -> (Vec<usize>, Vec<String>) {
    let (mut sizes, mut all) = (Vec::new(), Vec::new());
    let mut next = Some(first.to_owned());
    while let Some(target) = next {
        let (status, page) = ask(it, token, &target);
        assert_eq!(status, 200, "{target}: {page}");
        let found = ids(&page);
        sizes.push(found.len());
        all.extend(found);
        let link = page["links"]["next"].as_str();
        next = link.map(|link| link.split_once("/v2").unwrap().1.to_owned());
        assert!(sizes.len() < 50, "there is an end");
    }
    (sizes, all)
}

#[test]
fn pages_are_as_many_as_the_story_says() {
    let it = story("pages");
    let list = "/users/1001/enrollments";
    for (query, expected) in [
        ("page[limit]=4", &[4, 4, 4][..]),
        ("page[limit]=5", &[5, 5, 2]),
        ("", &[10, 2]),
        (ALL, &[10, 10, 4]),
        (&format!("{ALL}&page[limit]=24"), &[24]),
        ("filter.loTypes=jobAid&page[limit]=2", &[2, 2]),
        ("filter.loTypes=certification&page[limit]=2", &[2, 1]),
    ] {
        let (sizes, _) = walk(&it, "pages-admin", &format!("{list}?{query}"));
        assert_eq!(sizes, expected, "{query}");
    }
    let (sizes, _) = walk(&it, "pages-admin", "/users/1002/enrollments");
    assert_eq!(sizes, [0], "of who is enrolled in nothing");
    for (query, expected) in [
        ("", 9),
        (ALL, 21),
        ("includeHierarchicalEnrollments=true", 12),
    ] {
        let (_, all) = walk(&it, "pages-learner", &format!("/enrollments?{query}"));
        assert_eq!(all.len(), expected, "{query}");
    }
}

#[test]
fn pages_of_every_size_give_the_order_of_the_story() {
    let it = story("pages");
    let text = enrollmock::internals::scenario::built_in("pages").unwrap();
    let lines = text.lines().filter(|line| line.contains("enrolled:"));
    let expected: Vec<String> = lines
        .map(|line| {
            let (_, instance) = line.split_once("instance: ").unwrap();
            format!("{}_1001", instance.split(',').next().unwrap())
        })
        .collect();
    assert_eq!(expected.len(), 24);
    for size in 1..=25 {
        let first = format!("/users/1001/enrollments?{ALL}&page[limit]={size}");
        let (_, all) = walk(&it, "pages-admin", &first);
        assert_eq!(all, expected, "{size} a page");
    }
}

#[test]
fn learner_and_admin_says_who_may_read_whom() {
    let it = story("learner-and-admin");
    // Ann's list, Ben's list, the caller's own.
    for (token, expected) in [
        ("admin-olga", [200, 200, 403]),
        ("admin-olga-reads", [200, 200, 403]),
        ("integration-iris", [200, 200, 403]),
        ("learner-ann", [200, 400, 200]),
        ("learner-ann-reads", [200, 400, 200]),
        ("learner-ben", [400, 200, 200]),
        ("both-ivy", [200, 200, 200]),
        ("learner-ivy", [400, 400, 200]),
        ("author-max", [403, 403, 403]),
        ("nothing-ann", [403, 403, 403]),
    ] {
        let lists = [
            "/users/1001/enrollments",
            "/users/1002/enrollments",
            "/enrollments",
        ];
        let found = lists.map(|list| ask(&it, token, list).0);
        assert_eq!(found, expected, "{token}");
    }
    let (_, no) = ask(&it, "learner-ann", "/users/1002/enrollments");
    assert_eq!(no["title"], "User mismatch");
}

#[test]
fn learner_and_admin_says_what_is_active() {
    let it = story("learner-and-admin");
    let list = |query: &str| {
        ids(&ask(
            &it,
            "admin-olga",
            &format!("/users/1002/enrollments{query}"),
        )
        .1)
    };
    let all = [
        "course:2001_3000_1002",
        "course:2003_3003_1002",
        "course:2004_3004_1002",
    ];
    assert_eq!(list(""), all);
    assert_eq!(list("?filter.states=active"), all[1..]);
}

#[test]
fn tokens_tells_adobes_callers_apart() {
    let it = story("tokens");
    let callers = |it: &Emulator| {
        let list = "/users/1002/enrollments";
        [
            "alm-valid",
            "alm-ten-minutes",
            "alm-expired",
            "alm-learner",
            "alm-without-scopes",
            "alm-author",
        ]
        .map(|token| ask(it, token, list).0)
    };
    assert_eq!(callers(&it), [200, 200, 401, 400, 403, 403]);
    it.advance("10m");
    assert_eq!(callers(&it), [200, 401, 401, 400, 403, 403]);
    let (_, no) = ask(&it, "alm-ten-minutes", "/user");
    assert_eq!(no["source"]["info"], "Token expired");
}

#[test]
fn tokens_refreshes_to_the_token_that_lives() {
    let it = story("tokens");
    // Ids and refresh tokens have the form of the vendor's.
    let refresh = |number: u32, name: &str| {
        let form = format!(
            "client_id=a100000{number}-0000-4000-8000-00000000000{number}\
             &client_secret={name}-secret-not-a-secret\
             &refresh_token=a100000000000000000000000000000{number}"
        );
        let answer = it.post("/alm/oauth/token/refresh").form(&form).send().ok();
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        (
            body["access_token"].as_str().unwrap().to_owned(),
            body["expires_in"].as_u64().unwrap(),
        )
    };
    let (token, seconds) = refresh(1, "alm-client");
    // The first second is over when the client reads it, as in the vendor's sample.
    assert_eq!(seconds, 604_799);
    it.advance("1m");
    assert_eq!(refresh(1, "alm-client"), (token.clone(), seconds - 60));
    assert_eq!(ask(&it, &token, "/users/1001/enrollments").0, 200);
    let (reads, _) = refresh(2, "alm-client-that-reads");
    let delete = it.call(
        "DELETE",
        "/alm/primeapi/v2/users/1001/enrollments/course:2001_3001_1001",
    );
    assert_eq!(delete.token(&format!("Bearer {reads}")).status(), 403);
    assert_eq!(ask(&it, &reads, "/users/1001/enrollments").0, 200);
}

#[test]
fn quickstart_shows_ann_in_all_three() {
    let it = story("quickstart");
    let ispring = "/ispring/enrollment?learnerIds[]=a0000001-0000-11ee-8000-000000000001";
    let ispring = it.get(ispring).token("quickstart-token").send().ok();
    assert!(
        ispring
            .text()
            .contains("e0000001-0000-11ee-8000-000000000001")
    );
    let openedx = it.get("/openedx/api/so2/v1/enrollments?username=ann");
    let openedx = openedx.bearer("openedx-staff").send().ok();
    let (_, adobe) = ask(&it, "alm-admin", "/users/1001?include=account");
    assert!(openedx.text().contains("ann@example.com"));
    assert_eq!(adobe["data"]["attributes"]["email"], "ann@example.com");
    let (_, list) = ask(&it, "alm-learner", "/enrollments");
    assert_eq!(ids(&list), ["course:2001_3001_1001"]);
    assert_eq!(list["data"][0]["attributes"]["state"], "COMPLETED");
    // Nobody is enrolled in the other one yet.
    let target =
        "/alm/primeapi/v2/users/1001/enrollments?loId=course:2002&loInstanceId=course:2002_3002";
    let made = it.post(target).token("oauth alm-admin").send().ok();
    assert!(
        made.text().contains("course:2002_3002_1001"),
        "{}",
        made.text()
    );
}

/// The page that was recorded, as compact JSON.
const RECORDED: &str = r#"{"links":{"self":"https://learningmanager.adobe.com/primeapi/v2/users/20941371/enrollments?page[limit]=3&filter.loTypes=course&sort=dateEnrolled","next":"https://learningmanager.adobe.com/primeapi/v2/users/20941371/enrollments?page[limit]=3&filter.loTypes=course&sort=dateEnrolled&page[cursor]=eyJqb2JBaWQiOjAsImNvdXJzZSI6MywibGVhcm5pbmdQcm9ncmFtIjowLCJjZXJ0aWZpY2F0aW9uIjowfQ=="},"data":[{"id":"course:6511020_7037048_20941371","type":"learningObjectInstanceEnrollment","attributes":{"completionDeadline":"2023-12-13T11:48:49.000Z","dateEnrolled":"2023-06-16T11:48:49.000Z","enrollmentSource":"AUTO_ENROLL","hasPassed":false,"progressPercent":0,"score":0,"state":"ENROLLED"},"relationships":{"learner":{"data":{"id":"20941371","type":"user"}},"learningObject":{"data":{"id":"course:6511020","type":"learningObject"}},"loInstance":{"data":{"id":"course:6511020_7037048","type":"learningObjectInstance"}},"loResourceGrades":{"data":[{"id":"course:6511020_7037048_11676159_0_20941371","type":"learningObjectResourceGrade"},{"id":"course:6511020_7037048_11676160_0_20941371","type":"learningObjectResourceGrade"},{"id":"course:6511020_7037048_11676161_0_20941371","type":"learningObjectResourceGrade"},{"id":"course:6511020_7037048_11676162_0_20941371","type":"learningObjectResourceGrade"}]}}},{"id":"course:7236650_7877507_20941371","type":"learningObjectInstanceEnrollment","attributes":{"dateEnrolled":"2023-06-29T11:34:50.000Z","enrollmentSource":"SELF_ENROLL","hasPassed":false,"progressPercent":0,"score":0,"state":"ENROLLED"},"relationships":{"learner":{"data":{"id":"20941371","type":"user"}},"learningObject":{"data":{"id":"course:7236650","type":"learningObject"}},"loInstance":{"data":{"id":"course:7236650_7877507","type":"learningObjectInstance"}},"loResourceGrades":{"data":[{"id":"course:7236650_7877507_12456287_0_20941371","type":"learningObjectResourceGrade"}]}}},{"id":"course:7236827_7877699_20941371","type":"learningObjectInstanceEnrollment","attributes":{"dateEnrolled":"2023-06-29T12:34:33.000Z","enrollmentSource":"ADMIN_ENROLL","hasPassed":false,"progressPercent":0,"score":0,"state":"ENROLLED"},"relationships":{"learner":{"data":{"id":"20941371","type":"user"}},"learningObject":{"data":{"id":"course:7236827","type":"learningObject"}},"loInstance":{"data":{"id":"course:7236827_7877699","type":"learningObjectInstance"}},"loResourceGrades":{"data":[{"id":"course:7236827_7877699_12456477_0_20941371","type":"learningObjectResourceGrade"},{"id":"course:7236827_7877699_12463854_0_20941371","type":"learningObjectResourceGrade"}]}}}]}"#;

#[test]
fn documented_samples_answers_the_recorded_call_byte_for_byte() {
    let it = story("documented-samples");
    let target = "/primeapi/v2/users/20941371/enrollments?page[limit]=3&filter.loTypes=course&sort=dateEnrolled";
    let answer = it
        .get(target)
        .header("host", "learningmanager.adobe.com")
        .header("x-forwarded-proto", "https")
        .accept("application/vnd.api+json")
        .token("oauth alm-documented-samples")
        .send()
        .ok();
    assert_eq!(answer.text(), RECORDED);
}

#[test]
fn documented_samples_has_one_enrollment_behind_the_recorded_page() {
    let it = story("documented-samples");
    let first = "/users/20941371/enrollments?page[limit]=3";
    let (sizes, all) = walk(&it, "alm-documented-samples", first);
    assert_eq!(sizes, [3, 1]);
    assert_eq!(all[3], "course:7300001_7950001_20941371");
}
