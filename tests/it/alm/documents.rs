//! Adobe's documents: resource objects, what goes along with them, and which members they show.

use enrollmock::internals::emulator::Emulator;
use serde_json::{Value, json};

use crate::support::{Answer, Calls, emulator};

/// Something of each type to learn, and somebody in the midst of it.
const DOCUMENTS: &str = include_str!("../../../fixtures/alm/scenarios/documents.yaml");

/// The records of the recorded call, and a later one, without which it could have had no next page.
const RECORDED: &str = "
alm:
  users: [{ id: '20941371', roles: [admin] }]
  learning_objects:
    - id: course:6511020
      instances: [{ id: course:6511020_7037048, modules: [{ id: 11676159 }, { id: 11676160 }, { id: 11676161 }, { id: 11676162 }] }]
    - { id: course:7236650, instances: [{ id: course:7236650_7877507, modules: [{ id: 12456287 }] }] }
    - { id: course:7236827, instances: [{ id: course:7236827_7877699, modules: [{ id: 12456477 }, { id: 12463854 }] }] }
    - { id: course:7240001, instances: [{ id: course:7240001_7880001 }] }
  enrollments:
    - { user: 20941371, instance: course:6511020_7037048, source: AUTO_ENROLL, enrolled: 2023-06-16T11:48:49Z, deadline: 2023-12-13T11:48:49Z }
    - { user: 20941371, instance: course:7236650_7877507, source: SELF_ENROLL, enrolled: 2023-06-29T11:34:50Z }
    - { user: 20941371, instance: course:7236827_7877699, source: ADMIN_ENROLL, enrolled: 2023-06-29T12:34:33Z }
    - { user: 20941371, instance: course:7240001_7880001, enrolled: 2023-06-30T00:00:00Z }
  credentials: [{ token: recorded, user: 20941371 }]
";

/// The recorded answer: members in their order, without the spaces that the page showing it put in.
const RECORDED_BODY: &str = r#"{"links":{"self":"https://learningmanager.adobe.com/primeapi/v2/users/20941371/enrollments?page[limit]=3&filter.loTypes=course&sort=dateEnrolled","next":"https://learningmanager.adobe.com/primeapi/v2/users/20941371/enrollments?page[limit]=3&filter.loTypes=course&sort=dateEnrolled&page[cursor]=eyJqb2JBaWQiOjAsImNvdXJzZSI6MywibGVhcm5pbmdQcm9ncmFtIjowLCJjZXJ0aWZpY2F0aW9uIjowfQ=="},"data":[{"id":"course:6511020_7037048_20941371","type":"learningObjectInstanceEnrollment","attributes":{"completionDeadline":"2023-12-13T11:48:49.000Z","dateEnrolled":"2023-06-16T11:48:49.000Z","enrollmentSource":"AUTO_ENROLL","hasPassed":false,"progressPercent":0,"score":0,"state":"ENROLLED"},"relationships":{"learner":{"data":{"id":"20941371","type":"user"}},"learningObject":{"data":{"id":"course:6511020","type":"learningObject"}},"loInstance":{"data":{"id":"course:6511020_7037048","type":"learningObjectInstance"}},"loResourceGrades":{"data":[{"id":"course:6511020_7037048_11676159_0_20941371","type":"learningObjectResourceGrade"},{"id":"course:6511020_7037048_11676160_0_20941371","type":"learningObjectResourceGrade"},{"id":"course:6511020_7037048_11676161_0_20941371","type":"learningObjectResourceGrade"},{"id":"course:6511020_7037048_11676162_0_20941371","type":"learningObjectResourceGrade"}]}}},{"id":"course:7236650_7877507_20941371","type":"learningObjectInstanceEnrollment","attributes":{"dateEnrolled":"2023-06-29T11:34:50.000Z","enrollmentSource":"SELF_ENROLL","hasPassed":false,"progressPercent":0,"score":0,"state":"ENROLLED"},"relationships":{"learner":{"data":{"id":"20941371","type":"user"}},"learningObject":{"data":{"id":"course:7236650","type":"learningObject"}},"loInstance":{"data":{"id":"course:7236650_7877507","type":"learningObjectInstance"}},"loResourceGrades":{"data":[{"id":"course:7236650_7877507_12456287_0_20941371","type":"learningObjectResourceGrade"}]}}},{"id":"course:7236827_7877699_20941371","type":"learningObjectInstanceEnrollment","attributes":{"dateEnrolled":"2023-06-29T12:34:33.000Z","enrollmentSource":"ADMIN_ENROLL","hasPassed":false,"progressPercent":0,"score":0,"state":"ENROLLED"},"relationships":{"learner":{"data":{"id":"20941371","type":"user"}},"learningObject":{"data":{"id":"course:7236827","type":"learningObject"}},"loInstance":{"data":{"id":"course:7236827_7877699","type":"learningObjectInstance"}},"loResourceGrades":{"data":[{"id":"course:7236827_7877699_12456477_0_20941371","type":"learningObjectResourceGrade"},{"id":"course:7236827_7877699_12463854_0_20941371","type":"learningObjectResourceGrade"}]}}}]}"#;

/// Where the learner's enrollments are.
const OWN: &str = "/primeapi/v2/users/20941371/enrollments";

fn documents() -> Emulator {
    emulator(DOCUMENTS.trim_start_matches("version: 1\n"))
}

/// What an administrator gets.
fn admin(it: &Emulator, target: &str) -> Answer {
    let ask = it.get(target).bearer("documents-admin");
    ask.header("host", "learningmanager.adobe.com").send()
}

/// What the learner gets.
fn learner(it: &Emulator, target: &str) -> Answer {
    let ask = it.get(target).bearer("documents-learner");
    ask.header("host", "learningmanager.adobe.com").send()
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// Type and id of everything that goes along, in order.
fn included(answer: &Answer) -> Vec<String> {
    let document = json_of(answer);
    let included = document["included"].as_array();
    let names = included.into_iter().flatten().map(|it| {
        let text = |name: &str| it[name].as_str().unwrap().to_owned();
        format!("{} {}", text("type"), text("id"))
    });
    names.collect()
}

/// One enrollment of the learner, and what goes along.
fn enrollment(it: &Emulator, instance: &str, query: &str) -> Answer {
    admin(it, &format!("{OWN}/{instance}_20941371{query}"))
}

#[test]
fn the_recorded_page_comes_back_byte_for_byte() {
    let it = emulator(RECORDED);
    let target = format!("{OWN}?page[limit]=3&filter.loTypes=course&sort=dateEnrolled");
    let answer = it
        .get(&target)
        .header("authorization", "oauth recorded")
        .header("host", "learningmanager.adobe.com")
        .header("x-forwarded-proto", "https")
        .send()
        .ok();
    assert_eq!(answer.text(), RECORDED_BODY);
}

#[test]
fn every_attribute_stands_in_the_order_of_the_model() {
    let it = documents();
    let answer = enrollment(&it, "course:6511020_7037048", "").ok().text();
    let attributes = r#""attributes":{"completionDeadline":"2023-12-13T11:48:49.000Z","dateCompleted":"2023-06-18T09:30:00.000Z","dateEnrolled":"2023-06-16T11:48:49.000Z","dateStarted":"2023-06-17T08:00:00.000Z","enrollmentSource":"AUTO_ENROLL","hasPassed":true,"progressPercent":100,"rating":4,"score":80,"state":"COMPLETED"},"#;
    assert!(answer.contains(attributes), "{answer}");
    let answer = enrollment(&it, "course:7236650_7877507", "").ok().text();
    let attributes = r#""hasPassed":false,"lastAccessDate":"2023-07-01T00:00:00.000Z","progressPercent":40,"purchasedPrice":19.5,"score":12,"state":"STARTED"},"#;
    assert!(answer.contains(attributes), "{answer}");
    let answer = enrollment(&it, "certification:123418_160299", "").ok();
    let attributes = r#""score":0,"state":"REJECTED","url":"https://example.com/proof/1"},"#;
    assert!(answer.text().contains(attributes), "{}", answer.text());
    let answer = enrollment(&it, "learningProgram:92348_95662", "").ok();
    assert!(answer.text().contains(r#""purchasedPrice":20,"#));
}

#[test]
fn only_what_is_completed_and_has_a_badge_shows_the_learners_badge() {
    let it = documents();
    let badge = |instance: &str| {
        let document = json_of(&enrollment(&it, instance, "").ok());
        document["data"]["relationships"]["learnerBadge"].clone()
    };
    let earned =
        json!({"data": {"id": "20941371_759_COURSE_6511020_7037048", "type": "userBadge"}});
    assert_eq!(badge("course:6511020_7037048"), earned);
    assert_eq!(badge("course:7236650_7877507"), Value::Null);
    assert_eq!(badge("learningProgram:92348_95662"), Value::Null);
}

#[test]
fn what_has_no_modules_has_no_grades() {
    let it = documents();
    let answer = enrollment(&it, "jobAid:144891_-1", "").ok();
    let document = json_of(&answer);
    assert_eq!(document["data"]["id"], "jobAid:144891_-1_20941371");
    let relations = document["data"]["relationships"].as_object().unwrap();
    assert!(!relations.contains_key("loResourceGrades"));
    assert!(!answer.text().contains("included"));
}

/// Every path that a document about enrollments takes, and what goes along with the completed course
/// or with the program that it is a part of.
const PATHS: &[(&str, &str, &[&str])] = &[
    ("course:6511020_7037048", "learner", &["user 20941371"]),
    (
        "course:6511020_7037048",
        "learningObject",
        &["learningObject course:6511020"],
    ),
    (
        "course:6511020_7037048",
        "loInstance",
        &["learningObjectInstance course:6511020_7037048"],
    ),
    (
        "course:6511020_7037048",
        "loResourceGrades",
        &[
            "learningObjectResourceGrade course:6511020_7037048_11676159_0_20941371",
            "learningObjectResourceGrade course:6511020_7037048_11676160_2_20941371",
        ],
    ),
    (
        "course:6511020_7037048",
        "learnerBadge.badge",
        &["userBadge 20941371_759_COURSE_6511020_7037048", "badge 759"],
    ),
    (
        "course:6511020_7037048",
        "learningObject.instances",
        &[
            "learningObject course:6511020",
            "learningObjectInstance course:6511020_7037048",
            "learningObjectInstance course:6511020_7037049",
        ],
    ),
    (
        "course:6511020_7037048",
        "loInstance.learningObject.enrollment",
        &[
            "learningObjectInstance course:6511020_7037048",
            "learningObject course:6511020",
        ],
    ),
    (
        "course:7236650_7877507",
        "loInstance.loResources.resources",
        &[
            "learningObjectInstance course:7236650_7877507",
            "learningObjectResource course:7236650_7877507_12456287_0",
            "resource course:7236650_7877507_12456287_0_resource",
        ],
    ),
    (
        "learningProgram:92348_95662",
        "loInstance.subLoInstances",
        &[
            "learningObjectInstance learningProgram:92348_95662",
            "learningObjectInstance course:6511020_7037048",
            "learningObjectInstance course:7236650_7877507",
        ],
    ),
    (
        "learningProgram:92348_95662",
        "loInstance.subLoInstances.loResources.resources",
        &[
            "learningObjectInstance learningProgram:92348_95662",
            "learningObjectInstance course:6511020_7037048",
            "learningObjectResource course:6511020_7037048_11676159_0",
            "resource course:6511020_7037048_11676159_0_resource",
            "learningObjectResource course:6511020_7037048_11676160_2",
            "resource course:6511020_7037048_11676160_2_resource",
            "learningObjectInstance course:7236650_7877507",
            "learningObjectResource course:7236650_7877507_12456287_0",
            "resource course:7236650_7877507_12456287_0_resource",
        ],
    ),
    (
        "learningProgram:92348_95662",
        "loInstance.subLoInstances.learningObject.enrollment.loResourceGrades",
        &[
            "learningObjectInstance learningProgram:92348_95662",
            "learningObjectInstance course:6511020_7037048",
            "learningObject course:6511020",
            "learningObjectInstanceEnrollment course:6511020_7037048_20941371",
            "learningObjectResourceGrade course:6511020_7037048_11676159_0_20941371",
            "learningObjectResourceGrade course:6511020_7037048_11676160_2_20941371",
            "learningObjectInstance course:7236650_7877507",
            "learningObject course:7236650",
            "learningObjectInstanceEnrollment course:7236650_7877507_20941371",
            "learningObjectResourceGrade course:7236650_7877507_12456287_0_20941371",
        ],
    ),
    // Relations to what no scenario holds.
    (
        "course:6511020_7037048",
        "learner.manager",
        &["user 20941371"],
    ),
    (
        "course:6511020_7037048",
        "learningObject.skills.skillLevel.skill",
        &["learningObject course:6511020"],
    ),
];

#[test]
fn every_path_brings_along_what_it_leads_over_and_to_once_and_in_order_of_first_use() {
    let it = documents();
    for (instance, path, expected) in PATHS {
        let answer = enrollment(&it, instance, &format!("?include={path}")).ok();
        assert_eq!(included(&answer), *expected, "{path}");
    }
}

#[test]
fn several_paths_bring_each_resource_along_once() {
    let it = documents();
    let query = "?include=loInstance.learningObject,learningObject,learner&include=learningObject,learner.account";
    let answer = enrollment(&it, "course:6511020_7037048", query).ok();
    let expected = [
        "learningObjectInstance course:6511020_7037048",
        "learningObject course:6511020",
        "user 20941371",
        "account 7110",
    ];
    assert_eq!(included(&answer), expected);
    // All enrollments on the page are one learner's.
    let target = format!("{OWN}?include=learner,learningObject.enrollment");
    let answer = admin(&it, &target).ok();
    let expected = [
        "user 20941371",
        "learningObject course:6511020",
        "learningObject course:7236650",
    ];
    assert_eq!(included(&answer), expected);
}

#[test]
fn a_path_that_leads_nowhere_is_refused_with_the_path() {
    let it = documents();
    let too_far = "learningObject.instances.learningObject.instances.learningObject.instances.learningObject.instances";
    let wrong = [
        "nothing",
        "learner.nothing",
        "Learner",
        "learner.",
        "loInstance..badge",
        too_far,
    ];
    for path in wrong {
        let answer = admin(&it, &format!("{OWN}?include=learner,{path}"));
        assert_eq!(answer.status, 400, "{path}");
        let expected = json!({"status": "BAD_REQUEST", "title": "Field Type incorrect", "source": {"info": path}});
        assert_eq!(json_of(&answer), expected);
    }
    let (seven, _) = too_far.rsplit_once('.').unwrap();
    let fine = [seven, "", ",", "learner,", ",learner"];
    for path in fine {
        admin(&it, &format!("{OWN}?include={path}")).ok();
    }
}

#[test]
fn fields_choose_attributes_and_relationships_by_type() {
    let it = documents();
    let query = "?include=learner&fields[user]=name&fields%5BlearningObjectInstanceEnrollment%5D=state,learner";
    let answer = enrollment(&it, "course:7236650_7877507", query).ok().text();
    let (_, data) = answer.split_once(r#","data":"#).unwrap();
    let expected = r#"{"id":"course:7236650_7877507_20941371","type":"learningObjectInstanceEnrollment","attributes":{"state":"STARTED"},"relationships":{"learner":{"data":{"id":"20941371","type":"user"}}}},"included":[{"id":"20941371","type":"user","attributes":{"name":"Ann Lee"}}]}"#;
    assert_eq!(data, expected);
}

#[test]
fn without_any_member_left_there_are_no_attributes_and_no_relationships() {
    let it = documents();
    for query in ["", "nothing", "Name"] {
        let target = format!("/primeapi/v2/users/20941371?fields[user]={query}");
        let answer = admin(&it, &target).ok().text();
        assert!(
            answer.ends_with(r#","data":{"id":"20941371","type":"user"}}"#),
            "{answer}"
        );
    }
}

#[test]
fn repeated_fields_add_up_and_unknown_types_change_nothing() {
    let it = documents();
    let target = "/primeapi/v2/users/20941371?fields[user]=email&fields[user]=state&fields[nothing]=x&enforcedFields[learningObject]=products&fieldsets=1";
    let answer = admin(&it, target).ok().text();
    let expected = r#","attributes":{"email":"ann@example.com","state":"ACTIVE"}}}"#;
    assert!(answer.ends_with(expected), "{answer}");
}

#[test]
fn fields_without_a_type_are_refused() {
    let it = documents();
    for name in ["fields", "fields[", "fields[]", "fields[user"] {
        let answer = admin(&it, &format!("{OWN}?{name}=name"));
        assert_eq!(answer.status, 400, "{name}");
        assert_eq!(json_of(&answer)["source"]["info"], name);
    }
}

#[test]
fn every_resource_shows_what_is_known_of_it_in_its_order() {
    let it = documents();
    let query = "?include=learningObject.instances,learningObject.enrollment,loResourceGrades.loResource.resources,learnerBadge.badge,learner.account";
    let answer = enrollment(&it, "course:6511020_7037048", query).ok().text();
    let shown = [
        r#"{"id":"course:6511020","type":"learningObject","attributes":{"loType":"course","state":"Published","unenrollmentAllowed":true,"localizedMetadata":[{"locale":"en-US","name":"Safety"}]},"relationships":{"enrollment":{"data":{"id":"course:6511020_7037048_20941371","type":"learningObjectInstanceEnrollment"}},"instances":{"data":[{"id":"course:6511020_7037048","type":"learningObjectInstance"},{"id":"course:6511020_7037049","type":"learningObjectInstance"}]}}}"#,
        r#"{"id":"course:6511020_7037048","type":"learningObjectInstance","attributes":{"completionDeadline":"2023-12-13T11:48:49.000Z","isDefault":true,"state":"Active"},"relationships":{"badge":{"data":{"id":"759","type":"badge"}},"enrollment":{"data":{"id":"course:6511020_7037048_20941371","type":"learningObjectInstanceEnrollment"}},"learningObject":{"data":{"id":"course:6511020","type":"learningObject"}},"loResources":{"data":[{"id":"course:6511020_7037048_11676159_0","type":"learningObjectResource"},{"id":"course:6511020_7037048_11676160_2","type":"learningObjectResource"}]}}}"#,
        r#"{"id":"course:6511020_7037049","type":"learningObjectInstance","attributes":{"enrollmentDeadline":"2024-01-01T00:00:00.000Z","isDefault":false,"seatLimit":20,"state":"Retired","unenrollmentDeadline":"2024-02-01T00:00:00.000Z"},"relationships":{"#,
        r#"{"id":"course:6511020_7037048_11676159_0_20941371","type":"learningObjectResourceGrade","attributes":{"completed":true,"dateCompleted":"2023-06-18T09:30:00.000Z","dateStarted":"2023-06-17T08:00:00.000Z","dateSuccess":"2023-06-18T09:30:00.000Z","duration":0,"hasPassed":true,"progressPercent":100,"score":0},"relationships":{"loResource":{"data":{"id":"course:6511020_7037048_11676159_0","type":"learningObjectResource"}}}}"#,
        r#"{"id":"course:6511020_7037048_11676160_2","type":"learningObjectResource","attributes":{"version":2},"relationships":{"learningObject":{"data":{"id":"course:6511020","type":"learningObject"}},"loInstance":{"data":{"id":"course:6511020_7037048","type":"learningObjectInstance"}},"resources":{"data":[{"id":"course:6511020_7037048_11676160_2_resource","type":"resource"}]}}}"#,
        r#"{"id":"course:6511020_7037048_11676160_2_resource","type":"resource"}"#,
        r#"{"id":"20941371_759_COURSE_6511020_7037048","type":"userBadge","attributes":{"dateAchieved":"2023-06-18T09:30:00.000Z"},"relationships":{"badge":{"data":{"id":"759","type":"badge"}},"learner":{"data":{"id":"20941371","type":"user"}},"model":{"data":{"id":"course:6511020","type":"learningObject"}}}}"#,
        r#"{"id":"759","type":"badge"}"#,
        r#"{"id":"20941371","type":"user","attributes":{"email":"ann@example.com","name":"Ann Lee","roles":["Learner"],"state":"ACTIVE"},"relationships":{"account":{"data":{"id":"7110","type":"account"}}}}"#,
        r#"{"id":"7110","type":"account"}"#,
    ];
    for resource in shown {
        assert!(answer.contains(resource), "{resource} is not in {answer}");
    }
}

#[test]
fn an_only_module_has_done_what_its_enrollment_has() {
    let it = documents();
    let grade =
        |id: &str| json_of(&admin(&it, &format!("/primeapi/v2/loResourceGrades/{id}")).ok());
    let only = grade("course:7236650_7877507_12456287_0_20941371");
    let expected = json!({"completed": false, "dateStarted": "2023-06-30T11:34:50.000Z", "duration": 0, "hasPassed": false, "progressPercent": 40, "score": 12});
    assert_eq!(only["data"]["attributes"], expected);
    let untouched = grade("course:6511020_7037048_11676159_0_20941373");
    let expected = json!({"completed": false, "duration": 0, "hasPassed": false, "progressPercent": 0, "score": 0});
    assert_eq!(untouched["data"]["attributes"], expected);
}

#[test]
fn every_grade_that_an_enrollment_shows_can_be_asked_for() {
    let it = documents();
    let target = format!("{OWN}?filter.loTypes=course,learningProgram,certification,jobAid");
    let document = json_of(&admin(&it, &target).ok());
    let mut asked = 0;
    for enrollment in document["data"].as_array().unwrap() {
        let grades = &enrollment["relationships"]["loResourceGrades"]["data"];
        for grade in grades.as_array().into_iter().flatten() {
            let id = grade["id"].as_str().unwrap();
            let one = learner(&it, &format!("/primeapi/v2/loResourceGrades/{id}")).ok();
            let document = json_of(&one);
            assert_eq!(document["data"]["id"], id);
            let own = format!("http://learningmanager.adobe.com/primeapi/v2/loResourceGrades/{id}");
            assert_eq!(document["links"], json!({ "self": own }));
            asked += 1;
        }
    }
    assert_eq!(asked, 3);
}

#[test]
fn an_id_that_names_nothing_is_no_object() {
    let it = documents();
    let paths = [
        ("users/", "99"),
        ("users/", "nobody"),
        ("users/", "020941371"),
        ("learningObjects/", "course:1"),
        ("learningObjects/", "6511020"),
        (
            "loResourceGrades/",
            "course:6511020_7037048_11676159_1_20941371",
        ),
        ("loResourceGrades/", "course:6511020_7037048_11676159_0_99"),
        (
            "loResourceGrades/",
            "course:6511020_7037048_11676159_0_20941372",
        ),
        ("loResourceGrades/", "course:7236827_7877699_1_0_20941371"),
        ("loResourceGrades/", "nothing"),
    ];
    for (path, id) in paths {
        let answer = admin(&it, &format!("/primeapi/v2/{path}{id}"));
        assert_eq!(answer.status, 400, "{id}");
        let expected = json!({"status": "BAD_REQUEST", "code": "OBJECT_DOESNT_EXIST", "title": "Object doesn't exist", "source": {"info": id}});
        assert_eq!(json_of(&answer), expected);
    }
}

#[test]
fn a_learner_sees_nobody_else() {
    let it = documents();
    let paths = [
        ("users/", "20941372"),
        ("users/", "nobody"),
        (
            "loResourceGrades/",
            "course:6511020_7037048_11676159_0_20941373",
        ),
    ];
    for (path, id) in paths {
        let answer = learner(&it, &format!("/primeapi/v2/{path}{id}"));
        assert_eq!(answer.status, 400, "{id}");
        let expected =
            json!({"status": "BAD_REQUEST", "title": "User mismatch", "source": {"info": id}});
        assert_eq!(json_of(&answer), expected);
    }
    learner(&it, "/primeapi/v2/users/20941371").ok();
}

#[test]
fn a_learning_object_shows_the_callers_own_enrollment_and_an_administrator_has_none() {
    let it = documents();
    let target = "/primeapi/v2/learningObjects/course%3A6511020?include=enrollment";
    let own = learner(&it, target).ok();
    let expected = ["learningObjectInstanceEnrollment course:6511020_7037048_20941371"];
    assert_eq!(included(&own), expected);
    let bare = it.get(target).bearer("documents-bare").send().ok();
    let expected = ["learningObjectInstanceEnrollment course:6511020_7037048_20941373"];
    assert_eq!(included(&bare), expected);
    let none = admin(&it, target).ok();
    assert_eq!(included(&none), [""; 0]);
    assert_eq!(
        json_of(&none)["data"]["relationships"].get("enrollment"),
        None
    );
}

#[test]
fn a_program_names_what_it_is_made_of() {
    let it = documents();
    let target = "/primeapi/v2/learningObjects/learningProgram:92348?include=subLOs,instances.subLoInstances";
    let answer = admin(&it, target).ok();
    let expected = [
        "learningObject course:6511020",
        "learningObject course:7236650",
        "learningObjectInstance learningProgram:92348_95662",
        "learningObjectInstance course:6511020_7037048",
        "learningObjectInstance course:7236650_7877507",
    ];
    assert_eq!(included(&answer), expected);
}

#[test]
fn who_calls_is_shown_with_the_account_where_it_is_asked_for() {
    let it = documents();
    let answer = it
        .get("/primeapi/v2/user?include=account")
        .bearer("documents-bare")
        .header("host", "learningmanager.adobe.com")
        .send()
        .ok();
    let expected = r#"{"links":{"self":"http://learningmanager.adobe.com/primeapi/v2/user?include=account"},"data":{"id":"20941373","type":"user","attributes":{"roles":["Learner","Author","Instructor","Integration Admin"],"state":"ACTIVE"},"relationships":{"account":{"data":{"id":"7110","type":"account"}}}},"included":[{"id":"7110","type":"account"}]}"#;
    assert_eq!(answer.text(), expected);
    let nothing = it
        .get("/primeapi/v2/user")
        .bearer("documents-nothing")
        .status();
    assert_eq!(nothing, 403);
}

/// One of everything that an enrollment can say.
const EVERYTHING: &str = "
seed: 7
generate: { learners: 20, courses: 30, enrollments_per_learner: { min: 5, max: 20 }, vendors: [alm] }
alm:
  users: [{ id: '1', roles: [admin] }, { id: '2' }]
  learning_objects:
    - { id: 'course:10', badge: 77, instances: [{ id: 'course:10_100', modules: [{ id: '5' }, { id: '6', version: 3 }] }] }
    - { id: 'course:11', instances: [{ id: 'course:11_110' }] }
    - { id: 'jobAid:12', instances: [{ id: 'jobAid:12_-1' }] }
    - { id: 'certification:13', badge: 78, instances: [{ id: 'certification:13_130', modules: [{ id: '8' }] }] }
  enrollments:
    - { user: '2', instance: 'course:10_100', state: COMPLETED, enrolled: 2024-01-01T00:00:00Z, started: 2024-01-02T00:00:00Z, completed: 2024-01-03T00:00:00Z, score: 17, rating: 4, purchased_price: 9.5, last_access: 2024-01-03T00:00:00Z, deadline: 2024-02-01T00:00:00Z }
    - { user: '2', instance: 'course:11_110', enrolled: 2024-01-02T00:00:00Z }
    - { user: '2', instance: 'jobAid:12_-1', enrolled: 2024-01-03T00:00:00Z }
    - { user: '2', instance: 'certification:13_130', state: PENDING_APPROVAL, url: 'https://example.com/\"proof\"', enrolled: 2024-01-04T00:00:00Z }
  credentials: [{ token: admin, user: '1' }]
";

#[test]
fn all_members_asked_for_by_name_are_all_members_to_the_byte() {
    const MEMBERS: &str = "completionDeadline,dateCompleted,dateEnrolled,dateStarted,enrollmentSource,hasPassed,\
        lastAccessDate,progressPercent,purchasedPrice,rating,score,state,url,learner,learnerBadge,learningObject,\
        loInstance,loResourceGrades";
    let it = emulator(EVERYTHING);
    let generated = (0..20).map(|number| it.main().vendors.alm.read().user_at(number).unwrap().id);
    let mut shown = 0;
    for user in generated.chain([2]) {
        let list = format!(
            "/primeapi/v2/users/{user}/enrollments?page[limit]=100&filter.loTypes=course,jobAid,certification"
        );
        let named = format!("{list}&fields[learningObjectInstanceEnrollment]={MEMBERS}");
        let data = |target: &str| {
            let body = it
                .get(&format!("/alm{target}"))
                .token("oauth admin")
                .send()
                .ok()
                .body;
            let body = String::from_utf8(body.to_vec()).unwrap();
            body.split_once("},\"data\":").unwrap().1.to_owned()
        };
        let (all, by_name) = (data(&list), data(&named));
        assert_eq!(all, by_name);
        shown += all.matches("learnerBadge").count();
    }
    assert!(shown > 0, "nobody has earned a badge");
}
