#![expect(clippy::expect_used, reason = "a test may die")]

use std::collections::HashSet;
use std::ops::Bound;

use super::*;
use crate::format::{FileId, Sourced, Text};
use crate::place::{Place, Spot};
use crate::records::Order;
use crate::scenario::{Overrides, Scenario, Source as File};
use crate::vendors::ispring::records::{Enrollment, Role};
use crate::vendors::ispring::written;

const POPULATION: &str = "version: 1
seed: 7
clock: { now: 2024-06-09T13:05:09Z }
generate: { learners: 9, departments: 4, courses: 3, enrollments_per_learner: { min: 1, max: 3 }, certificate_rate: 1 }
";

fn load(text: &str) -> Result<Arc<Base>, String> {
    let file = File::Inline {
        name: "s.yaml".to_owned(),
        text: text.to_owned(),
        beside: None,
    };
    match Scenario::load(&file, Overrides::default()) {
        Ok(scenario) => Ok(Arc::clone(&scenario.bases().ispring)),
        Err(problems) => {
            let lines = problems.iter().map(|problem| format!("{problem}\n"));
            Err(lines.collect())
        }
    }
}

fn population() -> Arc<Base> {
    load(POPULATION).expect("it is sound")
}

fn enrollments(base: &Base) -> Vec<Enrollment> {
    let all = base
        .enrollments
        .walk(None, Bound::Unbounded, Order::Ascending);
    all.collect()
}

fn id<R: Record<Id = Id, Place = u32>>(table: &records::Base<R>, number: u32) -> Id {
    table.at(number).expect("it is generated").id()
}

/// A listed department of this number, below that one.
fn department(number: usize, parent: Option<usize>) -> Sourced<written::Department> {
    let at = |number: usize| Place {
        value: Text(format!("4f8f5c9a-2c63-11ec-9d64-{number:012}")),
        spot: Spot {
            line: number as u32,
            column: 1,
        },
    };
    Sourced {
        file: FileId(0),
        value: written::Department {
            id: at(number),
            name: None,
            parent: parent.map(at),
        },
    }
}

fn problems_of(departments: Vec<Sourced<written::Department>>) -> Vec<crate::place::Problem> {
    let section = Section {
        departments,
        ..Section::default()
    };
    let mut problems = Problems::new(vec!["s.yaml".to_owned()]);
    let lost = Lost::default();
    check(&section, &lost, None, Date::default(), &mut problems);
    problems.into_sorted()
}

#[test]
fn whatever_is_generated_can_be_referred_to() {
    let generated = population();
    let taken = enrollments(&generated)[2].id;
    let text = format!(
        "{POPULATION}ispring:
  departments: [{{ id: 4f8f5c9a-2c63-11ec-9d64-000000000001, parent: {department} }}]
  users: [{{ id: 4f8f5c9a-2c63-11ec-9d64-000000000002, department: {department}, role: publisher, manages: [{department}] }}]
  enrollments: [{{ id: 4f8f5c9a-2c63-11ec-9d64-000000000003, content: {content}, learner: {learner} }}]
  credentials: [{{ token: t, user: {learner} }}]
removed: {{ ispring: {{ enrollments: [{taken}] }} }}
",
        department = id(&generated.departments, 3),
        content = id(&generated.content, 2),
        learner = id(&generated.users, 8),
    );
    let listed = load(&text).expect("every reference leads somewhere");
    let made = enrollments(&listed);
    let [.., last] = made.as_slice() else {
        panic!("there are none");
    };
    assert_eq!((last.content, last.learner), (2, 8));
    assert_eq!(
        last.department,
        Some(
            listed
                .users
                .at(8)
                .and_then(|user| user.department)
                .expect("all are in one")
        )
    );
    assert_eq!(last.number, 27);
    assert_eq!(listed.next_enrollment, 28);
    assert!(made.iter().all(|enrollment| enrollment.id != taken));
    assert_eq!(made.len(), enrollments(&generated).len());
    assert_eq!(listed.enrollments.count(), made.len() as u64);
    let user = listed
        .users
        .at(9)
        .expect("the listed one is behind the generated ones");
    assert_eq!((user.department, &*user.manages), (Some(3), &[3][..]));

    let other_seed = text.replace("seed: 7", "seed: 8");
    let report = load(&other_seed).expect_err("the ids are of another population");
    assert_eq!(report.lines().count(), 7, "{report}");
    assert!(report.lines().all(|line| line.contains(": there is no ")));
}

#[test]
fn a_listed_record_takes_the_place_of_the_generated_one_of_its_id() {
    let generated = population();
    let before = enrollments(&generated);
    let old = &before[4];
    let moved = generated.users.at(old.learner).expect("it is generated");
    let there = u32::from(moved.department == Some(0));
    let listed = load(&format!(
        "{POPULATION}ispring:
  users: [{{ id: {user}, department: {department}, role: custom }}]
  content: [{{ id: {content}, type: material }}]
  enrollments:
    - {{ id: 4f8f5c9a-2c63-11ec-9d64-000000000003, content: {content}, learner: {user} }}
    - {{ id: {enrollment}, content: {content}, learner: {user}, state: archived,
        certificate: {{ id: {enrollment}, issued: 2024-06-09T13:05:09Z }} }}
",
        user = moved.id.to_string().to_uppercase(),
        department = id(&generated.departments, there),
        content = id(&generated.content, 1),
        enrollment = old.id,
    ))
    .expect("it is sound");
    let user = listed.users.at(old.learner).expect("it is still there");
    assert_eq!((user.id, user.role), (moved.id, Role::Custom));
    assert_eq!(listed.users.count(), generated.users.count());
    assert_eq!(listed.moved, BTreeMap::from([(user.number, Some(there))]));
    let content = listed.content.at(1).expect("it is still there");
    assert_eq!(content.kind, super::super::records::ContentType::Material);
    let after = enrollments(&listed);
    assert_eq!(after.len(), before.len() + 1);
    let new = &after[4];
    assert_eq!((new.id, new.number), (old.id, old.number));
    assert_eq!((new.content, new.department), (1, Some(there)));
    // An archived enrollment keeps its certificate.
    assert!(new.certificate.is_some());
    let numbers: HashSet<_> = after.iter().map(|enrollment| enrollment.number).collect();
    assert_eq!(numbers.len(), after.len());
}

#[test]
fn a_generated_department_put_below_its_own_child_closes_a_circle() {
    let generated = population();
    let child = generated
        .departments
        .walk(Some(0), Bound::Unbounded, Order::Ascending)
        .last()
        .expect("the root has children");
    let report = load(&format!(
        "{POPULATION}ispring:
  departments:
    - {{ id: 4f8f5c9a-2c63-11ec-9d64-000000000001, parent: {child} }}
    - {{ id: {root}, parent: {child} }}
",
        child = child.id,
        root = id(&generated.departments, 0),
    ));
    assert_eq!(
        report.expect_err("there is a circle"),
        format!(
            "s.yaml:8:59: department `{}` is below itself, in a circle of 2, expected a tree; leave `parent` out at the top of the tree\n",
            id(&generated.departments, 0)
        )
    );
}

#[test]
fn a_chain_of_a_hundred_thousand_departments_is_checked() {
    let below = |number| department(number, Some(number + 1));
    let mut chain: Vec<_> = (1..100_000).map(below).collect();
    chain.push(department(100_000, None));
    assert_eq!(problems_of(chain.clone()), []);
    // From the other end each way up is long as well.
    chain.reverse();
    assert_eq!(problems_of(chain.clone()), []);
    chain[0] = department(100_000, Some(50_001));
    let problems = problems_of(chain);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].spot.line, 50_002);
    assert!(
        problems[0].what.contains("a circle of 50000,"),
        "{problems:?}"
    );
}

#[test]
fn thousands_of_circles_and_of_references_to_nothing_are_reported() {
    let pairs = (0..10_000).flat_map(|pair| {
        let (one, other) = (2 * pair + 1, 2 * pair + 2);
        [department(one, Some(other)), department(other, Some(one))]
    });
    assert_eq!(problems_of(pairs.collect()).len(), 10_000);
    let nowhere = (1..5_000).map(|number| department(number, Some(number + 100_000)));
    let problems = problems_of(nowhere.collect());
    assert_eq!(problems.len(), 4_999);
    assert!(problems[0].try_this.is_some());
}
