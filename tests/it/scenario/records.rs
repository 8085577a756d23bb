//! Records: generated and listed ones are one, a reset forgets every change, nothing is lost.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::seed::{Population, Spec};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{Calls, NOW, emulator};

/// A generated world, and what is known of it beside the API.
#[derive(Debug)]
struct Shape {
    seed: u64,
    learners: u32,
    departments: u32,
    courses: u32,
    per_learner: (u32, u32),
}

fn any_shape() -> impl Strategy<Value = Shape> {
    (any::<u32>(), 1..14u32, 1..6u32, 1..6u32, 0..4u32, 0..4u32).prop_map(
        |(seed, learners, departments, courses, min, more)| Shape {
            seed: seed.into(),
            learners,
            departments: departments.min(learners),
            courses,
            per_learner: (min.min(courses), (min + more).min(courses)),
        },
    )
}

impl Shape {
    fn generate(&self) -> String {
        let (min, max) = self.per_learner;
        format!(
            "seed: {}\ngenerate: {{ learners: {}, departments: {}, courses: {}, enrollments_per_learner: {{ min: {min}, max: {max} }}, certificate_rate: 0.5 }}\n",
            self.seed, self.learners, self.departments, self.courses
        )
    }

    fn population(&self) -> Population {
        let now: Timestamp = NOW.parse().unwrap();
        Population::new(
            self.seed,
            Spec {
                learners: self.learners,
                departments: self.departments,
                courses: self.courses,
                enrollments: self.per_learner,
                certificate_rate: 0.5,
                end: now - jiff::SignedDuration::from_secs(1),
            },
        )
    }
}

/// Administrators of each department, and their tokens `d0`, `d1`, ….
fn staff(departments: &[String]) -> (String, String) {
    let mut users = String::new();
    let mut credentials = "    - { token: account }\n".to_owned();
    for (at, id) in departments.iter().enumerate() {
        users += &format!(
            "    - {{ id: $u{}, role: department_administrator, manages: [{id}] }}\n",
            900 + at
        );
        credentials += &format!("    - {{ token: d{at}, user: $u{} }}\n", 900 + at);
    }
    (users, credentials)
}

/// The list as JSON values.
fn dump(it: &Emulator) -> Vec<Value> {
    let answer = it
        .get("/enrollment")
        .token("account")
        .accept("application/json")
        .send()
        .ok();
    serde_json::from_slice(&answer.body).unwrap()
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap()
}

/// A row of the API as an enrollment of a scenario.
fn listed(row: &Value) -> String {
    let mut line = format!(
        "    - {{ id: {}, content: {}, learner: {}, access_date: {}, lock_after_due_date: {}, assigned: {}",
        text(row, "enrollmentId"),
        text(row, "courseId"),
        text(row, "learnerId"),
        text(row, "accessDate"),
        row["shouldLockAfterDueDate"],
        ["admin", "catalog"][row["enrollmentTypeGroup"].as_u64().unwrap() as usize],
    );
    if let Some(due) = row["dueDate"].as_str() {
        line += &format!(", due_date: {due}");
    }
    if let Some(certificate) = row["certificate"].as_object() {
        line += &format!(
            ", certificate: {{ id: {}, issued: '{}'",
            certificate["issuedCertificateId"].as_str().unwrap(),
            certificate["issueDate"].as_str().unwrap()
        );
        if let Some(expires) = certificate.get("expiryDate") {
            line += &format!(", expires: '{}'", expires.as_str().unwrap());
        }
        line += " }";
    }
    line + " }\n"
}

/// Questions that use every index, alone and together.
fn questions(rows: &[Value]) -> Vec<String> {
    let mut all = vec![String::new()];
    for row in rows {
        let (id, course, learner) = (
            text(row, "enrollmentId"),
            text(row, "courseId"),
            text(row, "learnerId"),
        );
        all.push(format!("enrollmentIds={id}"));
        all.push(format!("courseIds={course}"));
        all.push(format!("learnerIds={learner}"));
        all.push(format!("courseIds={course}&learnerIds={learner}"));
    }
    for field in ["courseId", "learnerId"] {
        let ids: Vec<&str> = rows.iter().map(|row| text(row, field)).step_by(2).collect();
        if !ids.is_empty() {
            all.push(format!("{field}s={}", ids.join(",")));
        }
    }
    all.sort();
    all.dedup();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn listed_records_answer_as_generated_ones_do(shape in any_shape(), size in 1..6usize) {
        let population = shape.population();
        let plain = emulator(&format!("{}ispring: {{ credentials: [{{ token: account }}] }}\n", shape.generate()));
        let ids = |count: u32, id: &dyn Fn(u32) -> Option<enrollmock::internals::vendors::ispring::Id>| -> Vec<String> {
            (0..count).map(|number| id(number).unwrap().to_string()).collect()
        };
        let main = plain.main();
        let world = main.vendors.ispring.read();
        let departments = ids(shape.departments, &|n| world.department_id(n));
        let learners = ids(shape.learners, &|n| world.user_id(n));
        let courses = ids(shape.courses, &|n| world.content_id(n));
        drop(world);
        let rows = dump(&plain);
        let (staff_users, credentials) = staff(&departments);
        let generated = emulator(&format!("{}ispring:\n  users:\n{staff_users}  credentials:\n{credentials}", shape.generate()));

        let mut yaml = "ispring:\n  departments:\n".to_owned();
        for (number, id) in (0..).zip(&departments) {
            yaml += &match population.department(number).parent {
                None => format!("    - {{ id: {id} }}\n"),
                Some(parent) => format!("    - {{ id: {id}, parent: {} }}\n", departments[parent as usize]),
            };
        }
        yaml += "  users:\n";
        for (number, id) in (0..).zip(&learners) {
            let department = population.department_of(number);
            yaml += &format!("    - {{ id: {id}, department: {} }}\n", departments[department as usize]);
        }
        yaml += &staff_users;
        yaml += "  content:\n";
        for id in &courses {
            yaml += &format!("    - {{ id: {id} }}\n");
        }
        yaml += &format!("  credentials:\n{credentials}");
        if !rows.is_empty() {
            yaml += "  enrollments:\n";
            yaml.extend(rows.iter().map(listed));
        }
        let from_list = emulator(&yaml);

        // Half listed over all generated: what is listed takes the place of the same generated record.
        let mut half = format!("{}ispring:\n  users:\n{staff_users}  credentials:\n{credentials}", shape.generate());
        if !rows.is_empty() {
            half += "  enrollments:\n";
            half.extend(rows.iter().step_by(2).map(listed));
        }
        let half = emulator(&half);

        for at in 0..=departments.len() {
            let caller = match at.checked_sub(1) {
                None => "account".to_owned(),
                Some(at) => format!("d{at}"),
            };
            for question in questions(&rows) {
                for path in ["/enrollment", "/enrollments"] {
                    let target = format!("{path}?pageSize={size}&{question}");
                    let ask = |it: &Emulator| it.get(&target).token(&caller).send().ok().text();
                    let expected = ask(&generated);
                    prop_assert_eq!(&ask(&from_list), &expected, "{} as {}", target, caller);
                    prop_assert_eq!(&ask(&half), &expected, "{} as {}, half listed", target, caller);
                }
            }
            // Each by its id: shown to those who see it in the list, out of scope for the others.
            let seen = generated.get("/enrollment").token(&caller).send().ok().ids();
            for row in &rows {
                let id = text(row, "enrollmentId").to_owned();
                let status = if seen.contains(&id) { 200 } else { 403 };
                for it in [&generated, &from_list, &half] {
                    prop_assert_eq!(it.get(&format!("/enrollment/{id}")).token(&caller).status(), status);
                }
            }
        }
        // What a caller sees is what the departments say.
        for (at, department) in (0..shape.departments).enumerate() {
            let below = population.subtree_learners(department);
            let mine: Vec<String> = rows
                .iter()
                .filter(|row| {
                    let number = learners.iter().position(|id| id == text(row, "learnerId")).unwrap();
                    below.contains(&(number as u32))
                })
                .map(|row| text(row, "enrollmentId").to_owned())
                .collect();
            let seen = generated.get("/enrollment").token(&format!("d{at}")).send().ok().ids();
            prop_assert_eq!(seen, mine);
        }
        // The same changes have the same consequences, but for the new ids.
        for it in [&generated, &from_list, &half] {
            let before = it.everything();
            let enroll = format!("{{\"courseIds\":[\"{}\"],\"learnerIds\":[\"{}\"],\"dueDateType\":\"unlimited\"}}", courses[0], learners[0]);
            prop_assert_eq!(it.post("/enrollment").token("account").json(&enroll).status(), 201);
            prop_assert_eq!(it.list(&format!("/enrollment?courseIds={}&learnerIds={}", courses[0], learners[0])).len(), 1);
            if let Some(row) = rows.first() {
                let delete = format!("{{\"enrollmentIds\":[\"{}\"]}}", text(row, "enrollmentId"));
                prop_assert_eq!(it.post("/enrollment/delete").token("account").json(&delete).status(), 204);
                prop_assert_ne!(&it.everything(), &before);
            }
            it.post("/__admin/reset").send();
            prop_assert_eq!(&it.everything(), &before);
        }
    }

    #[test]
    fn a_learner_who_is_moved_takes_the_generated_enrollments_along(shape in any_shape(), moved in any::<prop::sample::Index>()) {
        let plain = emulator(&format!("{}ispring: {{ credentials: [{{ token: account }}] }}\n", shape.generate()));
        let population = shape.population();
        let learner = moved.index(shape.learners as usize) as u32;
        let (departments, id) = {
            let main = plain.main();
            let world = main.vendors.ispring.read();
            let departments: Vec<String> = (0..shape.departments).map(|n| world.department_id(n).unwrap().to_string()).collect();
            (departments, world.user_id(learner).unwrap().to_string())
        };
        let old = population.department_of(learner);
        let (staff_users, credentials) = staff(&departments);
        for new in (0..shape.departments).map(Some).chain([None]) {
            let department = new.map_or(String::new(), |new| format!(", department: {}", departments[new as usize]));
            let it = emulator(&format!(
                "{}ispring:\n  users:\n    - {{ id: {id}{department} }}\n{staff_users}  credentials:\n{credentials}",
                shape.generate()
            ));
            prop_assert_eq!(it.everything(), plain.everything(), "the account sees all");
            let his = it.list(&format!("/enrollment?learnerIds={id}"));
            for (at, above) in (0..shape.departments).enumerate() {
                let caller = format!("d{at}");
                let seen = it.get("/enrollment").token(&caller).send().ok().ids();
                let within = new.is_some_and(|new| population.subtree(above).contains(&new));
                for enrollment in &his {
                    prop_assert_eq!(seen.contains(enrollment), within, "from {} to {:?}, seen from {}", old, new, above);
                    let status = if within { 200 } else { 403 };
                    prop_assert_eq!(it.get(&format!("/enrollment/{enrollment}")).token(&caller).status(), status);
                }
                let by_course: Vec<String> = seen.iter().filter(|id| his.contains(id)).cloned().collect();
                prop_assert_eq!(&by_course, if within { &his } else { &by_course });
                let paged = it.get("/enrollments").token(&caller).send().ok().ids();
                prop_assert_eq!(paged, seen);
            }
        }
    }

    #[test]
    fn what_is_removed_is_gone_from_every_list(shape in any_shape(), which in any::<prop::sample::Index>()) {
        let plain = emulator(&format!("{}ispring: {{ credentials: [{{ token: account }}] }}\n", shape.generate()));
        let rows = dump(&plain);
        prop_assume!(!rows.is_empty());
        let gone = &rows[which.index(rows.len())];
        let id = text(gone, "enrollmentId");
        let it = emulator(&format!(
            "{}ispring: {{ credentials: [{{ token: account }}] }}\nremoved: {{ ispring: {{ enrollments: [{id}] }} }}\n",
            shape.generate()
        ));
        let without: Vec<Value> = rows.iter().filter(|row| *row != gone).cloned().collect();
        prop_assert_eq!(dump(&it), without);
        for field in ["courseId", "learnerId"] {
            let list = it.list(&format!("/enrollment?{field}s={}", text(gone, field)));
            prop_assert!(!list.contains(&id.to_owned()));
        }
        prop_assert_eq!(it.get(&format!("/enrollment/{id}")).token("account").status(), 400);
        let health = it.get("/__admin/health").send();
        let health: Value = serde_json::from_slice(&health.body).unwrap();
        prop_assert_eq!(&health["records"]["ispring"]["enrollments"], &Value::from(rows.len() - 1));
    }
}

#[test]
fn ids_that_nobody_made_lead_nowhere() {
    let it = emulator(
        "
generate: { learners: 200, departments: 5, courses: 10, enrollments_per_learner: { min: 3, max: 5 } }
ispring: { credentials: [{ token: account }], behaviour: { unknown_filter_id: bad_request } }
",
    );
    let rows = dump(&it);
    for row in rows.iter().take(50) {
        for field in ["enrollmentId", "courseId", "learnerId"] {
            let id = text(row, field);
            assert_eq!(
                it.get(&format!("/enrollment?{field}s={id}"))
                    .token("account")
                    .status(),
                200
            );
            // One digit off, wherever it is, names nothing.
            for at in [0, 7, 9, 16, 20, 22, 24, 30, 35] {
                let digit = if &id[at..=at] == "0" { "1" } else { "0" };
                let mut wrong = id.to_owned();
                wrong.replace_range(at..=at, digit);
                assert_eq!(
                    it.get(&format!("/enrollment?{field}s={wrong}"))
                        .token("account")
                        .status(),
                    400,
                    "{field} {wrong}"
                );
            }
        }
    }
}
