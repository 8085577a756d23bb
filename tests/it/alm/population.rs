//! The generated population as Adobe Learning Manager shows it.

use std::collections::BTreeSet;

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::vendors::alm::records::{Instance, LearningObject};
use serde_json::Value;

use crate::support::{Calls, emulator};

/// Few people with many enrollments, so that lists have pages.
const CROWD: &str = "
seed: 7
generate: { learners: 30, courses: 60, enrollments_per_learner: { min: 20, max: 40 } }
alm:
  users: [{ id: '1', roles: [admin] }, { id: '2' }]
  credentials: [{ token: admin, user: '1' }, { token: learner, user: '2' }]
  learning_objects: [{ id: 'course:1', instances: [{ id: 'course:1_1' }] }]
";

const ALL: &str = "filter.loTypes=course,learningProgram,jobAid,certification";

fn document(it: &Emulator, target: &str) -> Value {
    let answer = it
        .get(&format!("/alm{target}"))
        .token("oauth admin")
        .send()
        .ok();
    serde_json::from_slice(&answer.body).unwrap()
}

/// What stands in the list of a user: date and id, over all pages.
fn walk(it: &Emulator, user: &str, query: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut next = Some(format!("/primeapi/v2/users/{user}/enrollments?{query}"));
    while let Some(target) = next {
        let page = document(it, &target);
        for it in page["data"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            found.push((text(&it["attributes"]["dateEnrolled"]), text(&it["id"])));
        }
        let link = page["links"]["next"].as_str();
        next = link.map(|link| link.split_once("/alm").unwrap().1.to_owned());
        assert!(found.len() < 1000, "there is an end");
    }
    found
}

/// The id of one generated user.
fn user(it: &Emulator, number: u32) -> String {
    let main = it.main();
    let world = main.vendors.alm.read();
    world.user_at(number).unwrap().id.to_string()
}

/// The ids of all generated users.
fn users(it: &Emulator) -> Vec<String> {
    (0..30).map(|number| user(it, number)).collect()
}

#[test]
fn every_page_size_gives_the_unpaged_order_of_a_generated_learner() {
    let it = emulator(CROWD);
    let users = users(&it);
    let mut types = BTreeSet::new();
    for user in &users[..3] {
        let whole = walk(&it, user, &format!("{ALL}&page[limit]=100"));
        assert!((20..=40).contains(&whole.len()), "{}", whole.len());
        let dates: Vec<_> = whole.iter().map(|(date, _)| date).collect();
        assert!(dates.is_sorted(), "by date");
        for size in [1, 3, 7, 10] {
            let paged = walk(&it, user, &format!("{ALL}&page[limit]={size}"));
            assert_eq!(paged, whole, "{size} a page");
        }
        types.extend(
            whole
                .iter()
                .map(|(_, id)| id.split(':').next().unwrap().to_owned()),
        );
        let mut back = walk(
            &it,
            user,
            &format!("{ALL}&sort=-dateEnrolled&page[limit]=7"),
        );
        back.reverse();
        let dates_back: Vec<_> = back.iter().map(|(date, _)| date).collect();
        assert_eq!(dates_back, dates, "from the newest on");
    }
    let named: Vec<_> = types.iter().map(String::as_str).collect();
    assert_eq!(
        named,
        ["certification", "course", "jobAid", "learningProgram"]
    );
}

#[test]
fn ids_lead_back_to_their_records_and_made_up_ones_nowhere() {
    let it = emulator(CROWD);
    for user in &users(&it)[..2] {
        for (_, id) in walk(&it, user, &format!("{ALL}&page[limit]=100")) {
            let path = format!("/primeapi/v2/users/{user}/enrollments/{id}");
            assert_eq!(document(&it, &path)["data"]["id"], id.as_str());
            let object = id.split('_').next().unwrap();
            let path = format!("/primeapi/v2/learningObjects/{object}");
            assert_eq!(document(&it, &path)["data"]["id"], object);
            // Of the wrong type there is none.
            let (kind, number) = object.split_once(':').unwrap();
            let other = if kind == "course" { "jobAid" } else { "course" };
            let main = it.main();
            let world = main.vendors.alm.read();
            let read = enrollmock::internals::vendors::alm::records::LearningObjectId::read;
            let wrong = read(&format!("{other}:{number}")).unwrap();
            assert!(world.learning_object(wrong).is_none());
        }
    }
}

#[test]
fn what_was_not_passed_goes_on_and_what_was_passed_is_whole() {
    let it = emulator(CROWD);
    let mut states = BTreeSet::new();
    for user in &users(&it)[..5] {
        let page = document(
            &it,
            &format!("/primeapi/v2/users/{user}/enrollments?{ALL}&page[limit]=100"),
        );
        for enrollment in page["data"].as_array().unwrap() {
            let of = &enrollment["attributes"];
            let state = of["state"].as_str().unwrap();
            states.insert(state.to_owned());
            let progress = of["progressPercent"].as_u64().unwrap();
            assert_eq!(of["dateStarted"].is_string(), state != "ENROLLED", "{of}");
            assert_eq!(
                of["dateCompleted"].is_string(),
                state == "COMPLETED",
                "{of}"
            );
            assert_eq!(of["hasPassed"], state == "COMPLETED", "{of}");
            assert_eq!(progress == 100, state == "COMPLETED", "{of}");
            assert!(state != "ENROLLED" || progress == 0, "{of}");
        }
    }
    let states: Vec<_> = states.iter().map(String::as_str).collect();
    assert_eq!(states, ["COMPLETED", "ENROLLED", "STARTED"]);
}

#[test]
fn a_listed_record_takes_the_place_of_a_generated_one_and_another_joins_the_list() {
    let it = emulator(CROWD);
    let user = &users(&it)[0];
    let before = walk(&it, user, &format!("{ALL}&page[limit]=100"));
    let instance = before[3].1.rsplit_once('_').unwrap().0;
    let object = instance.split('_').next().unwrap();
    let more = format!(
        "
    - {{ id: '{object}', name: Taken over, badge: '759' }}
  enrollments:
    - {{ user: '{user}', instance: '{instance}', source: MGR_ENROLL, enrolled: 2020-01-01T00:00:00Z }}
    - {{ user: '{user}', instance: 'course:1_1', enrolled: 2020-01-01T00:00:01Z }}
removed:
  alm:
    enrollments: [{{ user: '{user}', instance: '{}' }}]
",
        before[0].1.rsplit_once('_').unwrap().0
    );
    let text = CROWD.replace(
        "  learning_objects: [{ id: 'course:1', instances: [{ id: 'course:1_1' }] }]\n",
        &format!("  learning_objects:\n    - {{ id: 'course:1', instances: [{{ id: 'course:1_1' }}] }}{more}"),
    );
    let it = emulator(&text);
    let after = walk(&it, user, &format!("{ALL}&page[limit]=100"));
    let mut expected: Vec<_> = before.clone();
    expected.remove(3);
    expected.remove(0);
    assert_eq!(after[2..], expected[..]);
    assert_eq!(after[0].1, before[3].1);
    assert_eq!(after[1].1, format!("course:1_1_{user}"));
    // The instance is still the learning object's.
    let path = format!("/primeapi/v2/learningObjects/{object}?include=instances");
    let document = document(&it, &path);
    assert_eq!(document["included"][0]["id"], instance);
}

#[test]
fn a_listed_instance_of_a_generated_learning_object_is_the_only_default() {
    let it = emulator(CROWD);
    let user = user(&it, 0);
    let generated = walk(&it, &user, "page[limit]=100")[0].1.clone();
    let instance = generated.rsplit_once('_').unwrap().0;
    let object = instance.split('_').next().unwrap();
    let text = CROWD.replace(
        "{ id: 'course:1', instances",
        &format!("{{ id: '{object}', instances: [{{ id: '{object}_1' }}] }}, {{ id: 'course:1', instances"),
    );
    let it = emulator(&text);
    let path = format!("/primeapi/v2/learningObjects/{object}?include=instances");
    let document = document(&it, &path);
    let instances = document["included"].as_array().unwrap().iter();
    let defaults: Vec<_> = instances
        .map(|it| (it["id"].clone(), it["attributes"]["isDefault"].clone()))
        .collect();
    let expected = [(format!("{object}_1"), true), (instance.to_owned(), false)];
    let expected = expected.map(|(id, is)| (Value::from(id), Value::from(is)));
    assert_eq!(defaults, expected);
}

/// What a scenario would have to list to hold the same as the population does for one user.
fn listed(it: &Emulator, user: &str) -> String {
    let main = it.main();
    let world = main.vendors.alm.read();
    let whose = world.user(user.parse().unwrap()).unwrap();
    let mut text = format!(
        "
alm:
  users:
    - {{ id: '1', roles: [admin] }}
    - {{ id: '{user}', name: '{}', email: '{}' }}
  credentials: [{{ token: admin, user: '1' }}]
  learning_objects:
",
        whose.name.as_ref().unwrap().replace('\'', "''"),
        whose.email.as_ref().unwrap()
    );
    for number in 0..60 {
        let object = world.learning_object_at(number).unwrap();
        let instance = world.instance_at(number).unwrap();
        text += &listed_object(&object, &instance);
    }
    drop(world);
    text += "  enrollments:\n";
    let target = format!("/primeapi/v2/users/{user}/enrollments?{ALL}&page[limit]=100");
    for it in document(it, &target)["data"].as_array().unwrap() {
        text += &listed_enrollment(user, it);
    }
    text
}

fn listed_object(object: &LearningObject, instance: &Instance) -> String {
    let modules = instance.modules.iter();
    let modules: Vec<_> = modules.map(|(id, _)| format!("{{ id: '{id}' }}")).collect();
    format!(
        "    - {{ id: '{}', name: '{}', badge: '{}', instances: [{{ id: '{}', modules: [{}] }}] }}\n",
        object.id,
        object.name.as_ref().unwrap().replace('\'', "''"),
        object.badge.unwrap(),
        instance.id,
        modules.join(", ")
    )
}

fn listed_enrollment(user: &str, enrollment: &Value) -> String {
    let instance = &enrollment["relationships"]["loInstance"]["data"]["id"];
    let mut text = format!("    - {{ user: '{user}', instance: {instance}");
    for (key, name) in [
        ("deadline", "completionDeadline"),
        ("completed", "dateCompleted"),
        ("enrolled", "dateEnrolled"),
        ("started", "dateStarted"),
        ("source", "enrollmentSource"),
        ("passed", "hasPassed"),
        ("last_access", "lastAccessDate"),
        ("progress", "progressPercent"),
        ("score", "score"),
        ("state", "state"),
    ] {
        let value = &enrollment["attributes"][name];
        if !value.is_null() {
            text += &format!(", {key}: {value}");
        }
    }
    text + " }\n"
}

#[test]
fn generated_and_listed_records_answer_alike() {
    let generated = emulator(CROWD);
    let user = user(&generated, 1);
    let listed = emulator(&listed(&generated, &user));
    let list = format!("/users/{user}/enrollments?{ALL}&page[limit]=100");
    let ids = walk(&generated, &user, &format!("{ALL}&page[limit]=100"));
    let mut calls = vec![
        ("GET", format!("/users/{user}"), ""),
        ("GET", list.clone(), ""),
    ];
    let include = "learner,learnerBadge.badge,loResourceGrades.loResource.resources,loInstance.learningObject.enrollment";
    for (at, (_, id)) in ids.iter().enumerate() {
        let one = format!("/users/{user}/enrollments/{id}");
        let object = id.split('_').next().unwrap();
        calls.push(("GET", format!("{one}?include={include}"), ""));
        calls.push((
            "GET",
            format!("/learningObjects/{object}?include=instances"),
            "",
        ));
        calls.push((
            "POST",
            format!("/users/{user}/enrollments?loId={object}"),
            "",
        ));
        if at % 3 == 0 {
            let body = r#"{"data":{"attributes":{"lastAccessDate":"2024-06-01T00:00:00.000Z"}}}"#;
            calls.push(("PATCH", one.clone(), body));
        }
        if at % 3 == 1 {
            calls.push(("DELETE", one.clone(), ""));
            calls.push(("DELETE", one.clone(), ""));
        }
        if at % 6 == 1 {
            calls.push((
                "POST",
                format!("/users/{user}/enrollments?loId={object}"),
                "",
            ));
        }
        calls.push(("GET", one, ""));
    }
    calls.push(("GET", list, ""));
    for (method, target, body) in calls {
        let answer = |it: &Emulator| {
            let target = format!("/alm/primeapi/v2{target}");
            let ask = it.call(method, &target).token("oauth admin");
            let answer = ask.body("application/json", body.to_owned()).send();
            (answer.status, answer.text())
        };
        assert_eq!(answer(&generated), answer(&listed), "{method} {target}");
    }
}
