//! The generated population as Open edX shows it, and listed records over it.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use enrollmock::internals::platform::Principal;
use enrollmock::internals::records::{Order, Record};
use enrollmock::internals::vendors::openedx::World;
use enrollmock::internals::vendors::openedx::records::{Enrollment, EnrollmentPlace, Mode};
use enrollmock::internals::vendors::openedx::selection::Selection;
use jiff::Timestamp;

use crate::support::{NOW, scenario};

const POPULATION: &str = "seed: 7
generate: { learners: 20, courses: 6, enrollments_per_learner: { min: 1, max: 4 }, certificate_rate: 0.5 }
";

const STAFF: &str = "openedx:
  users:
    - { username: staff, staff: true }
";

/// The world of the population, with more lines of an `openedx` section that has a staff account.
fn world(more: &str) -> World {
    let scenario = scenario(&format!("{POPULATION}{STAFF}{more}"));
    World::new(
        Arc::clone(&scenario.bases().openedx),
        scenario.seed(),
        "main",
    )
}

fn staff(world: &World) -> Principal {
    let user = world.user_named("staff").unwrap();
    Principal {
        name: user.username.as_str().into(),
        user: Some(user.number),
        rights: 0,
    }
}

/// What staff sees.
fn list(
    world: &World,
    selection: &Selection,
    from: Bound<EnrollmentPlace>,
    order: Order,
) -> Vec<Enrollment> {
    let visible = world.seen_by(&staff(world));
    visible.enrollments(selection, from, order).collect()
}

fn all(world: &World) -> Vec<Enrollment> {
    let everything = Selection::default();
    list(world, &everything, Bound::Unbounded, Order::Ascending)
}

fn name(world: &World, enrollment: &Enrollment) -> (String, String) {
    let user = world.user(enrollment.user).unwrap();
    let course = world.course_at(enrollment.course).unwrap();
    (user.username.clone(), course.key.clone())
}

/// What a naive filter over everything gives.
fn expected(
    all: &[Enrollment],
    selection: &Selection,
    from: Bound<EnrollmentPlace>,
    order: Order,
) -> Vec<Enrollment> {
    let behind = |it: &Enrollment| match (&from, order) {
        (Bound::Unbounded, _) => true,
        (Bound::Included(from), Order::Ascending) => it.place() >= *from,
        (Bound::Excluded(from), Order::Ascending) => it.place() > *from,
        (Bound::Included(from), Order::Descending) => it.place() <= *from,
        (Bound::Excluded(from), Order::Descending) => it.place() < *from,
    };
    let is_meant = |it: &&Enrollment| {
        let users = selection.users.as_ref();
        let courses = selection.courses.as_ref();
        users.is_none_or(|users| users.contains(&it.user))
            && courses.is_none_or(|courses| courses.contains(&it.course))
            && selection.since.is_none_or(|since| it.created >= since)
            && behind(it)
    };
    let mut found: Vec<_> = all.iter().filter(is_meant).cloned().collect();
    if order == Order::Descending {
        found.reverse();
    }
    found
}

/// Holds every selection, from every bound, in both directions, against the filter.
fn holds_everywhere(world: &World) {
    let all = all(world);
    assert!(all.windows(2).all(|pair| pair[0].place() < pair[1].place()));
    let made = all[all.len() / 2].created;
    let just_after = made + jiff::SignedDuration::from_nanos(1);
    let mut selections = vec![Selection::default()];
    for since in [made, just_after, Timestamp::MIN, Timestamp::MAX] {
        let since = Some(since);
        selections.push(Selection {
            since,
            ..Selection::default()
        });
    }
    for (users, courses) in [
        (Some(vec![3]), None),
        (Some(vec![3, 5, 19, 20]), None),
        (Some(vec![]), None),
        (None, Some(vec![2])),
        (None, Some(vec![0, 5, 99])),
        (Some(vec![3, 4, 5]), Some(vec![1, 2, 3])),
        (Some(vec![3]), Some(vec![])),
    ] {
        for since in [None, Some(made)] {
            let (users, courses) = (users.clone(), courses.clone());
            selections.push(Selection {
                users,
                courses,
                since,
                ..Selection::default()
            });
        }
    }
    let mut bounds = vec![Bound::Unbounded];
    for row in &all {
        bounds.extend([Bound::Included(row.place()), Bound::Excluded(row.place())]);
        // Places at which nothing stands: at the same instant, before and behind.
        let before = || EnrollmentPlace::before_all_of(row.created);
        let behind = || EnrollmentPlace {
            user: u32::MAX,
            ..row.place()
        };
        bounds.extend([Bound::Included(before()), Bound::Excluded(behind())]);
        bounds.extend([Bound::Excluded(before()), Bound::Included(behind())]);
    }
    for selection in &selections {
        for from in &bounds {
            for order in [Order::Ascending, Order::Descending] {
                assert_eq!(
                    list(world, selection, from.clone(), order),
                    expected(&all, selection, from.clone(), order),
                    "{selection:?} {from:?} {order:?}"
                );
            }
        }
    }
}

#[test]
fn every_list_of_the_population_equals_a_filter_from_every_bound_in_both_directions() {
    holds_everywhere(&world(""));
}

#[test]
fn so_do_lists_in_which_listed_and_changed_records_stand_among_generated_ones() {
    let generated = all(&world(""));
    let plain = world("");
    let (user, course) = name(&plain, &generated[3]);
    let others = generated[4..]
        .iter()
        .filter(|it| it.user != generated[3].user && it.course != generated[3].course);
    let (other, taken) = name(&plain, others.clone().next().unwrap());
    let made = generated[10].created;
    let mut world = world(&format!(
        "    - {{ username: '{other}', email: new@example.com, retired: true }}
    - {{ username: zoe }}
  courses: [{{ key: '{taken}', name: Taken }}, {{ key: new }}]
  enrollments:
    - {{ username: '{user}', course: '{course}', created: {made}, active: false }}
    - {{ username: zoe, course: '{course}', created: {made} }}
    - {{ username: zoe, course: '{taken}' }}
    - {{ username: zoe, course: new, created: 1999-01-01T00:00:00Z }}
"
    ));
    holds_everywhere(&world);
    // One ended, one began, while running.
    let (zoe, new) = (
        world.user_named("zoe").unwrap(),
        world.course(&course).unwrap(),
    );
    let before = all(&world);
    let first = before[1].clone();
    assert!(first.active);
    let ended = before.iter().filter(|it| !it.active).count();
    world.unenroll(first.user, first.course);
    let staff = world.user_named("staff").unwrap();
    world.enroll(&staff, &new, Mode::Honor, NOW.parse().unwrap());
    world.unenroll(zoe.number, new.number);
    holds_everywhere(&world);
    let after = all(&world);
    let [last] = after
        .iter()
        .filter(|it| it.user == staff.number)
        .collect::<Vec<_>>()[..]
    else {
        panic!("it is there once");
    };
    assert_eq!((last.course, last.mode), (new.number, Mode::Honor));
    assert_eq!(after.iter().filter(|it| !it.active).count(), ended + 2);
}

#[test]
fn names_addresses_and_keys_lead_back_to_their_records() {
    let world = world("");
    let courses: Vec<_> = (0..world.generated_courses())
        .filter_map(|number| world.course_at(number))
        .collect();
    assert_eq!(courses.len(), 6);
    for (number, course) in courses.iter().enumerate() {
        assert_eq!(course.number as usize, number);
        assert_eq!(course.key, format!("course-v1:Example+C{number:04}+2024"));
        assert_eq!(world.course(&course.key), Some(Arc::clone(course)));
        assert_eq!(course.default_mode(), Mode::Audit);
    }
    for key in [
        "course-v1:Example+C0006+2024",
        "course-v1:Example+C1+2024",
        "course-v1:Example+C+001+2024",
        "course-v1:example+C0001+2024",
        "course-v1:Example+C0001+2024 ",
        "",
    ] {
        assert_eq!(world.course(key), None, "{key}");
    }
    for number in 0..20 {
        let user = world.user(number).unwrap();
        assert!(user.active && !user.staff && user.password.is_none());
        let named = world.user_named(&user.username);
        assert_eq!(named, Some(Arc::clone(&user)));
        assert_eq!(world.user_with_email(&user.email), named);
        assert_eq!(world.user_with_email(&user.email.to_uppercase()), named);
        assert_eq!(world.user_named(&user.username.to_uppercase()), None);
    }
    // 20 is the listed one.
    assert_eq!(world.user(20), world.user_named("staff"));
    assert_eq!(world.user(21), None);
    for row in all(&world) {
        assert_eq!(world.enrollment(row.user, row.course), Some(row));
    }
}

#[test]
fn the_same_seed_gives_the_same_records_and_another_seed_others() {
    let one = all(&world(""));
    assert_eq!(one, all(&world("")));
    let scenario = scenario(&format!(
        "{}{STAFF}",
        POPULATION.replace("seed: 7", "seed: 8")
    ));
    let other = World::new(Arc::clone(&scenario.bases().openedx), 8, "main");
    assert_ne!(one, all(&other));
}

#[test]
fn generated_enrollments_are_what_an_lms_would_hold() {
    let world = world("");
    let rows = all(&world);
    let end: Timestamp = NOW.parse().unwrap();
    assert!(rows.iter().all(|it| it.created < end));
    let modes: BTreeSet<Mode> = rows.iter().map(|it| it.mode).collect();
    assert_eq!(modes, BTreeSet::from([Mode::Audit, Mode::Verified]));
    let mut kinds = BTreeSet::new();
    for row in &rows {
        let Some(results) = &row.results else {
            kinds.insert("not begun");
            continue;
        };
        kinds.insert(match results.passed {
            Some(_) => "passed",
            None => "begun",
        });
        let passed = results.passed.is_some();
        assert_eq!(results.letter_grade.as_deref() == Some("Pass"), passed);
        assert!(
            results
                .passed
                .is_none_or(|at| at >= row.created && at < end)
        );
        for share in [&results.completion, &results.grade] {
            let share = share.as_ref().unwrap();
            let number: f64 = share.parse().unwrap();
            assert!((0.0..=1.0).contains(&number) && share.len() == 4, "{share}");
        }
        if row.mode == Mode::Verified {
            assert!(passed);
        }
    }
    assert_eq!(kinds.len(), 3);
}

#[test]
fn a_listed_user_takes_the_number_and_the_place_of_the_generated_one() {
    let before = world("");
    let old = before.user(4).unwrap();
    let listed = world(&format!(
        "    - {{ username: '{}', email: New@example.com, staff: true, password: x }}\n",
        old.username
    ));
    let new = listed.user_named(&old.username).unwrap();
    assert_eq!((new.number, new.staff), (4, true));
    assert_eq!(listed.counts(), before.counts());
    // The address that it had no longer answers.
    assert_eq!(listed.user_with_email(&old.email), None);
    assert_eq!(listed.user_with_email("new@example.com"), Some(new));
    assert_eq!(all(&listed), all(&before));
}

#[test]
fn a_retired_user_over_a_generated_learner_hides_its_enrollments() {
    let before = world("");
    let old = before.user(4).unwrap();
    let of_old = |it: &Enrollment| it.user == 4;
    assert!(all(&before).iter().any(of_old));
    let listed = world(&format!(
        "    - {{ username: '{}', email: '{}', retired: true }}\n",
        old.username, old.email
    ));
    assert_eq!(listed.user_named(&old.username), None);
    assert_eq!(listed.user_with_email(&old.email), None);
    assert!(listed.is_retired_email(&old.email.to_uppercase()));
    assert!(!listed.is_retired_email("nobody@example.com"));
    let mut rest = all(&before);
    rest.retain(|it| !of_old(it));
    assert_eq!(all(&listed), rest);
    holds_everywhere(&listed);
}

#[test]
fn a_listed_enrollment_takes_the_place_of_the_generated_one_and_a_removed_one_is_gone() {
    let before = world("");
    let rows = all(&before);
    let (user, course) = name(&before, &rows[2]);
    let (other, second) = name(&before, &rows[5]);
    let removed = format!(
        "[{{ username: '{other}', course: '{second}' }}, {{ username: zoe, course: own }}]"
    );
    let after = world(&format!(
        "    - {{ username: zoe }}
  courses: [{{ key: '{course}', cohorts: [blue] }}, {{ key: own }}]
  enrollments:
    - {{ username: '{user}', course: '{course}', mode: masters, cohort: blue, grade: 1 }}
    - {{ username: zoe, course: own }}
removed: {{ openedx: {{ enrollments: {removed} }} }}
"
    ));
    let [.., last] = &all(&after)[..] else {
        panic!("there are none");
    };
    // A date left out is the scenario's start, which is behind everything generated.
    assert_eq!((last.user, last.course), (rows[2].user, rows[2].course));
    assert_eq!(last.created, NOW.parse().unwrap());
    assert_eq!(last.mode, Mode::Masters);
    assert_eq!(last.results.as_ref().unwrap().grade.as_deref(), Some("1"));
    assert_eq!(
        after.cohort(last.user, last.course).as_deref(),
        Some("blue")
    );
    assert_eq!(after.enrollment(rows[5].user, rows[5].course), None);
    let count = |world: &World| world.counts().map(|(_, count)| count);
    assert_eq!(count(&before)[2], rows.len() as u64);
    assert_eq!(count(&after)[2], rows.len() as u64 - 1);
    assert_eq!(count(&after)[1], 7);
}

#[test]
fn whatever_is_generated_can_be_referred_to() {
    let before = world("");
    let user = before.user(7).unwrap().username.clone();
    let course = "course-v1:Example+C0003+2024";
    let after = world(&format!(
        "    - {{ username: zoe, course_admin: [{course}] }}
  enrollments: [{{ username: zoe, course: {course} }}]
  invitations: [{{ email: x@example.com, course: {course}, used_by: '{user}' }}]
  credentials:
    - {{ token: t, user: '{user}' }}
    - {{ client_id: c, client_secret: s, user: '{user}' }}
"
    ));
    assert_eq!(after.user_named("zoe").unwrap().administers, [3].into());
    let invitation = after.invitation("X@example.com", 3).unwrap();
    assert_eq!(
        (invitation.auto_enroll, invitation.used_by),
        (false, Some(7))
    );
    assert_eq!(after.clients().get("c").unwrap().owner, 7);
}

#[test]
fn a_large_population_is_looked_up_and_listed_at_once() {
    let scenario = scenario(
        "generate: { learners: 1000000, courses: 500, enrollments_per_learner: { min: 5, max: 15 } }
openedx: { users: [{ username: staff, staff: true }] }
",
    );
    let world = World::new(Arc::clone(&scenario.bases().openedx), 0, "main");
    let user = world.user(654_321).unwrap();
    assert_eq!(world.user_named(&user.username), Some(Arc::clone(&user)));
    let visible = world.seen_by(&staff(&world));
    let selection = Selection {
        users: Some(vec![user.number]),
        ..Selection::default()
    };
    let theirs: Vec<_> = visible
        .enrollments(&selection, Bound::Unbounded, Order::Descending)
        .collect();
    assert!((5..=15).contains(&theirs.len()));
    let from = Bound::Excluded(theirs[2].place());
    let everything = Selection::default();
    let newer = visible.enrollments(&everything, from, Order::Ascending);
    assert!(newer.take(100).all(|it| it.place() > theirs[2].place()));
}

#[test]
fn one_generated_enrollment_in_twenty_has_ended_and_never_one_with_a_certificate() {
    let scenario = scenario(
        "
generate: { learners: 1000, courses: 6, enrollments_per_learner: { min: 2, max: 2 }, certificate_rate: 0.5 }
openedx:
  users: [{ username: staff, staff: true }]
",
    );
    let world = World::new(Arc::clone(&scenario.bases().openedx), 0, "main");
    let rows = all(&world);
    let ended: Vec<_> = rows.iter().filter(|it| !it.active).collect();
    assert!((40..120).contains(&ended.len()), "{}", ended.len());
    assert!(ended.iter().all(|it| it.mode == Mode::Audit));
}
