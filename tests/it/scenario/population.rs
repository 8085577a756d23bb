//! The seeded population: what it promises, for any shape.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::ops::Bound;

use enrollmock::internals::seed::{
    By, Enrollment, Key, Kind, Permutation, Population, Progress, Spec, Stream, draw,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

fn spec(learners: u32, courses: u32, enrollments: (u32, u32)) -> Spec {
    Spec {
        learners,
        departments: 6,
        courses,
        enrollments,
        certificate_rate: 0.4,
        end: "2024-06-01T00:00:00Z".parse().unwrap(),
    }
}

/// Everything small, and every odd corner: nobody, one learner, one course, none or all of the courses.
fn any_population() -> impl Strategy<Value = Population> {
    let sizes = prop_oneof![Just(0u32), Just(1), 2..40u32];
    let courses = prop_oneof![Just(0u32), Just(1), Just(12), Just(30), 2..40u32];
    let counts = prop_oneof![
        Just((0, 0)),
        Just((0, 1)),
        Just((40, 40)),
        Just((0, 40)),
        (0..12u32, 0..12u32)
    ];
    (any::<u64>(), sizes, 0..30u32, courses, counts).prop_map(
        |(seed, learners, departments, courses, enrollments)| {
            let spec = Spec {
                departments,
                ..spec(learners, courses, enrollments)
            };
            Population::new(seed, spec)
        },
    )
}

type Numbers = (Bound<u64>, Bound<u64>);
/// The same walk in every way that one can walk it.
type Walks<'a> = &'a dyn Fn(Numbers) -> Vec<Vec<u64>>;
type Keeps<'a> = &'a dyn Fn(&Enrollment) -> bool;

fn naive(population: &Population) -> Vec<Enrollment> {
    (0..population.numbers())
        .filter_map(|number| population.enrollment(number))
        .collect()
}

fn numbers<'a>(rows: impl IntoIterator<Item = &'a Enrollment>) -> Vec<u64> {
    rows.into_iter().map(|row| row.number).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn walks_from_anywhere_equal_a_filtered_scan(
        population in any_population(),
        learner in 0..45u32,
        other in 0..45u32,
        course in 0..42u32,
        from in 0..1700u64,
        to in 0..1700u64,
    ) {
        let all = naive(&population);
        let span = learner.min(other)..learner.max(other);
        let cases: [(Walks, Keeps); 5] = [
            (&|r| both_ways(population.walk(r)), &|_| true),
            (&|r| both_ways(population.walk_learner(learner, r)), &|e| e.learner == learner),
            (&|r| both_ways(population.walk_learners(span.clone(), r)), &|e| span.contains(&e.learner)),
            (&|r| both_ways(population.walk_course(course, r)), &|e| e.course == course),
            (
                &|r| both_ways(population.walk_course_learners(course, span.clone(), r)),
                &|e| e.course == course && span.contains(&e.learner),
            ),
        ];
        let ranges = [
            (Bound::Unbounded, Bound::Unbounded),
            (Bound::Included(from), Bound::Unbounded),
            (Bound::Excluded(from), Bound::Unbounded),
            (Bound::Unbounded, Bound::Included(to)),
            (Bound::Included(from), Bound::Excluded(to)),
        ];
        for (walk, keeps) in cases {
            for range in ranges {
                let rows = all.iter().filter(|row| keeps(row) && std::ops::RangeBounds::contains(&range, &row.number));
                let expected = numbers(rows);
                for walked in walk(range) {
                    prop_assert_eq!(&walked, &expected);
                }
            }
        }
    }

    #[test]
    fn nobody_has_a_course_twice_and_every_pair_finds_its_enrollment(population in any_population()) {
        let mut pairs = BTreeMap::new();
        for row in naive(&population) {
            prop_assert!(row.learner < population.learners() && row.course < population.courses());
            prop_assert_eq!(pairs.insert((row.learner, row.course), row.number), None);
        }
        prop_assert_eq!(pairs.len() as u64, population.enrollments());
        for learner in 0..population.learners() + 2 {
            for course in 0..population.courses() + 2 {
                prop_assert_eq!(population.enrollment_of(learner, course), pairs.get(&(learner, course)).copied());
            }
        }
        for beyond in [population.numbers(), population.numbers() + 1, u64::MAX] {
            prop_assert_eq!(population.enrollment(beyond), None);
        }
    }

    #[test]
    fn every_learner_has_as_many_enrollments_as_the_spec_says(
        seed: u64, learners in 1..30u32, courses in 1..30u32, min in 0..12u32, more in 0..12u32,
    ) {
        let population = Population::new(seed, spec(learners, courses, (min, min + more)));
        for learner in 0..learners {
            let count = population.walk_learner(learner, ..).count() as u32;
            prop_assert!((min.min(courses)..=(min + more).min(courses)).contains(&count));
        }
    }

    #[test]
    fn dates_are_in_order_and_before_the_end(
        seed: u64, learners in 1..60u32, courses in 1..20u32, max in 0..20u32, end in -9_000_000_000_000_000..9_000_000_000_000_000i64,
    ) {
        let end = Timestamp::from_microsecond(end).unwrap();
        let population = Population::new(seed, Spec { end, certificate_rate: 1.0, ..spec(learners, courses, (0, max)) });
        let mut before = Timestamp::MIN;
        for row in naive(&population) {
            prop_assert!(before < row.created);
            before = row.created;
            check_history(&row, end)?;
            prop_assert!(population.course(row.course).published < row.created);
        }
    }

    #[test]
    fn since_is_the_first_number_made_then_or_later(
        seed: u64, learners in 1..30u32, courses in 1..12u32, max in 1..12u32, back in 0..1000i64,
    ) {
        let spec = spec(learners, courses, (0, max));
        let at = spec.end - SignedDuration::from_hours(back * 24);
        let population = Population::new(seed, spec);
        let all = naive(&population);
        let since: Vec<u64> = population.walk(population.since(at)..).collect();
        prop_assert_eq!(since, numbers(all.iter().filter(|row| row.created >= at)));
        for row in &all {
            prop_assert_eq!(population.since(row.created), row.number);
        }
    }

    #[test]
    fn departments_are_a_tree_in_preorder_over_blocks_of_learners(
        seed: u64, learners in 0..400u32, departments in 0..300u32,
    ) {
        let population = Population::new(seed, Spec { departments, ..spec(learners, 3, (0, 2)) });
        let departments = population.departments();
        prop_assert!(departments >= 1);
        let mut names = HashSet::new();
        let mut next = 0;
        for d in 0..departments {
            let department = population.department(d);
            prop_assert!(names.insert(department.name.clone()), "{} twice", department.name);
            prop_assert_eq!(department.learners.start, next);
            next = department.learners.end;
            prop_assert!(next >= department.learners.start);
            prop_assert!(learners < departments || !department.learners.is_empty());
            for learner in department.learners {
                prop_assert_eq!(population.department_of(learner), d);
                prop_assert_eq!(population.learner(learner).department, d);
            }
            let ancestors = ancestors(&population, d);
            prop_assert!(ancestors.len() <= 4);
            prop_assert_eq!(ancestors.last(), Some(&0));
            for above in 0..departments {
                prop_assert_eq!(population.subtree(above).contains(&d), ancestors.contains(&above));
            }
        }
        prop_assert_eq!(next, learners);
        for d in 0..departments {
            let subtree = population.subtree(d);
            let members: Vec<u32> = subtree.flat_map(|below| population.department(below).learners).collect();
            prop_assert_eq!(population.subtree_learners(d).collect::<Vec<_>>(), members);
        }
    }

    #[test]
    fn a_permutation_inverts(seed: u64, bits in 0..70u32, value: u64) {
        let permutation = Permutation::new(seed, "id", bits);
        prop_assert!(permutation.bits() >= 2 && permutation.bits() <= 62 && permutation.bits().is_multiple_of(2));
        prop_assert_eq!(permutation.invert(permutation.apply(value)), value);
        prop_assert_eq!(permutation.apply(permutation.invert(value)), value);
        prop_assert_eq!(permutation.apply(value) >> permutation.bits(), value >> permutation.bits());
    }

    #[test]
    fn more_learners_leave_the_first_ones_as_they_are(
        seed: u64, few in 1..20u32, more in 1..20u32, courses in 1..12u32, max in 0..12u32,
    ) {
        let small = Population::new(seed, spec(few, courses, (0, max)));
        let large = Population::new(seed, spec(few + more, courses, (0, max)));
        for learner in 0..few {
            let (a, b) = (small.learner(learner), large.learner(learner));
            prop_assert_eq!(
                (a.first_name, a.last_name, a.email, a.username),
                (b.first_name, b.last_name, b.email, b.username)
            );
            let terms = |population: &Population| -> Vec<_> {
                population
                    .walk_learner(learner, ..)
                    .filter_map(|number| population.enrollment(number))
                    .map(|row| (row.course, row.by, row.due_days, row.locks_when_due))
                    .collect()
            };
            prop_assert_eq!(terms(&small), terms(&large));
        }
    }

    #[test]
    fn more_courses_leave_titles_numbers_and_dates_as_they_are(
        seed: u64, learners in 1..20u32, courses in 5..12u32, more in 1..20u32,
    ) {
        let small = Population::new(seed, spec(learners, courses, (0, 5)));
        let large = Population::new(seed, spec(learners, courses + more, (0, 5)));
        for course in 0..courses {
            prop_assert_eq!(small.course(course), large.course(course));
        }
        for learner in 0..learners {
            prop_assert_eq!(small.learner(learner), large.learner(learner));
        }
        let without_course = |population: &Population| -> Vec<_> {
            naive(population).into_iter().map(|row| Enrollment { course: 0, ..row }).collect()
        };
        prop_assert_eq!(without_course(&small), without_course(&large));
    }

    #[test]
    fn departments_move_nothing_else(seed: u64, departments in 1..40u32) {
        let six = Population::new(seed, spec(30, 12, (0, 5)));
        let other = Population::new(seed, Spec { departments, ..spec(30, 12, (0, 5)) });
        prop_assert_eq!(naive(&six), naive(&other));
        for learner in 0..30 {
            prop_assert_eq!(six.learner(learner).email, other.learner(learner).email);
        }
    }

    #[test]
    fn another_end_moves_all_dates_by_as_much(seed: u64, days in 1..3000i64) {
        let early = spec(30, 12, (0, 5));
        let by = SignedDuration::from_hours(24 * days);
        let late = Spec { end: early.end + by, ..early.clone() };
        let moved: Vec<_> = naive(&Population::new(seed, early)).into_iter().map(|row| moved(row, by)).collect();
        prop_assert_eq!(moved, naive(&Population::new(seed, late)));
    }

    #[test]
    fn a_higher_certificate_rate_only_adds_certificates(seed: u64, low in 0.0..1.0f64, high in 0.0..1.0f64) {
        let at = |rate| {
            let spec = Spec { certificate_rate: rate, ..spec(30, 12, (0, 5)) };
            naive(&Population::new(seed, spec))
        };
        for (fewer, more) in at(low.min(high)).into_iter().zip(at(low.max(high))) {
            if fewer.certificate.is_some() {
                prop_assert_eq!(fewer, more);
            } else {
                prop_assert_eq!(fewer, Enrollment { certificate: None, ..more });
            }
        }
    }
}

fn both_ways(walk: enrollmock::internals::seed::Walk<'_>) -> Vec<Vec<u64>> {
    let mut backward: Vec<u64> = walk.clone().rev().collect();
    backward.reverse();
    // From both ends in turn: the ends meet and nothing comes twice.
    let mut ends = walk.clone();
    let (mut front, mut back) = (Vec::new(), Vec::new());
    while let Some(first) = ends.next() {
        front.push(first);
        back.extend(ends.next_back());
    }
    assert_eq!((ends.next(), ends.next_back()), (None, None));
    front.extend(back.into_iter().rev());
    vec![walk.collect(), backward, front]
}

fn ancestors(population: &Population, department: u32) -> Vec<u32> {
    std::iter::successors(Some(department), |d| population.department(*d).parent).collect()
}

fn check_history(row: &Enrollment, end: Timestamp) -> Result<(), TestCaseError> {
    prop_assert!(row.created < end);
    prop_assert!(row.due_days.is_some() || !row.locks_when_due);
    let (latest, passed) = match row.progress {
        Progress::NotStarted => (None, false),
        Progress::Started { at, percent } => {
            prop_assert!(row.created <= at && at < end);
            prop_assert!((1..=99).contains(&percent));
            (Some(at), false)
        }
        Progress::Completed {
            started,
            at,
            score,
            passed,
        } => {
            prop_assert!(row.created <= started && started < at && at < end);
            prop_assert!(score <= 100);
            (Some(at), passed)
        }
    };
    prop_assert_eq!(row.last_access.is_some(), latest.is_some());
    if let (Some(access), Some(latest)) = (row.last_access, latest) {
        prop_assert!(latest <= access && access < end);
    }
    // The rate is 1 here.
    prop_assert_eq!(row.certificate.is_some(), passed);
    if let Some(certificate) = row.certificate {
        prop_assert!(latest <= Some(certificate.issued) && certificate.issued < end);
        prop_assert_eq!(certificate.issued.subsec_nanosecond(), 0);
        let year = SignedDuration::from_hours(365 * 24);
        if let Some(expires) = certificate.expires {
            let after = expires.duration_since(certificate.issued);
            prop_assert!(year <= after && after <= year * 3);
        }
    }
    Ok(())
}

fn moved(row: Enrollment, by: SignedDuration) -> Enrollment {
    let progress = match row.progress {
        Progress::NotStarted => Progress::NotStarted,
        Progress::Started { at, percent } => Progress::Started {
            at: at + by,
            percent,
        },
        Progress::Completed {
            started,
            at,
            score,
            passed,
        } => Progress::Completed {
            started: started + by,
            at: at + by,
            score,
            passed,
        },
    };
    let certificate = row.certificate.map(|mut certificate| {
        certificate.issued += by;
        certificate.expires = certificate.expires.map(|at| at + by);
        certificate
    });
    Enrollment {
        created: row.created + by,
        progress,
        certificate,
        last_access: row.last_access.map(|at| at + by),
        ..row
    }
}

#[test]
fn names_addresses_and_titles_are_unique_and_lead_back() {
    let population = Population::new(42, spec(3000, 1000, (0, 0)));
    let mut seen = HashSet::new();
    for index in 0..population.learners() {
        let learner = population.learner(index);
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(learner.username.chars().all(allowed), "{learner:?}");
        assert!(learner.username.len() <= 30, "{learner:?}");
        assert!(learner.email.is_ascii() && learner.email.ends_with("@example.com"));
        assert_eq!(learner.email, learner.email.to_ascii_lowercase());
        assert_eq!(population.username(index), learner.username);
        assert_eq!(
            population.learner_by_username(&learner.username),
            Some(index)
        );
        assert_eq!(population.learner_by_email(&learner.email), Some(index));
        assert!(seen.insert(learner.username) && seen.insert(learner.email));
    }
    for stranger in ["", "_", "0", "ada_lovelace_0", "a_b_3000", "x@y", "é_17"] {
        assert_eq!(population.learner_by_username(stranger), None);
        assert_eq!(population.learner_by_email(stranger), None);
    }
    let titles: BTreeSet<String> = (0..1000).map(|c| population.course(c).title).collect();
    assert_eq!(titles.len(), 1000);
    assert!((0..400).all(|c| !population.course(c).title.ends_with(char::is_numeric)));
}

#[test]
fn a_small_permutation_meets_every_number_once() {
    for bits in [2, 8, 12] {
        let permutation = Permutation::new(7, "id", bits);
        let met: HashSet<u64> = (0..1 << bits).map(|v| permutation.apply(v)).collect();
        assert_eq!(met.len(), 1 << bits);
        assert!(met.iter().all(|v| *v < 1 << bits));
    }
}

#[test]
fn an_id_that_nobody_issued_hides_no_index() {
    let permutation = Permutation::new(7, "id", 62);
    let mut strangers = Stream::new(1, "strangers", 0);
    for _ in 0..1000 {
        assert!(permutation.invert(strangers.next_u64() >> 2) >= 10_000_000);
    }
}

#[test]
fn streams_differ_by_seed_kind_index_and_text() {
    let key = Key::new(1, "token");
    let mut met = HashSet::new();
    for mut stream in [
        Stream::new(1, "token", 0),
        Stream::new(2, "token", 0),
        Stream::new(1, "code", 0),
        Stream::new(1, "token", 1),
        key.within("a").stream(0),
        key.within("b").stream(0),
        key.within("a").within("b").stream(0),
        key.within("b").within("a").stream(0),
        key.within("ab").stream(0),
    ] {
        assert!(met.insert(stream.next_u64()));
    }
    assert_eq!(draw(1, Kind::of("token"), 5), key.draw(5));
    assert_eq!(
        Stream::new(1, "token", 5).bytes::<20>(),
        key.stream(5).bytes::<20>()
    );
}

#[test]
fn chance_keeps_its_bounds() {
    let mut stream = Stream::new(1, "chance", 0);
    assert_eq!(stream.below(0), 0);
    assert_eq!(stream.below(1), 0);
    assert_eq!(stream.pick::<u8>(&[]), None);
    let mut met = [0; 6];
    for _ in 0..6000 {
        assert!(stream.chance(1.0) && !stream.chance(0.0) && !stream.chance(f64::NAN));
        met[stream.below(6) as usize] += 1;
    }
    assert!(
        met.iter().all(|times| (850..1150).contains(times)),
        "{met:?}"
    );
    let times = (0..10_000).filter(|_| stream.chance(0.4)).count();
    assert!((3800..4200).contains(&times), "{times}");
}

#[test]
fn the_generator_is_the_same_on_every_machine() {
    let mut stream = Stream::new(42, "example", 7);
    let drawn = format!(
        "{:016x} {:016x} {:?} {:016x}",
        stream.next_u64(),
        stream.next_u64(),
        stream.bytes::<11>(),
        draw(42, "example", 7),
    );
    insta::assert_snapshot!(drawn, @"cc23af789320a185 0d0ef343a6f1f23f [234, 52, 94, 75, 88, 172, 99, 142, 36, 68, 233] 14c4975fb1d053cd");
    let permutation = Permutation::new(42, "example", 40);
    let hidden: Vec<String> = (0..4)
        .map(|v| format!("{:010x}", permutation.apply(v)))
        .collect();
    insta::assert_snapshot!(hidden.join(" "), @"f0c1342b85 f2911dc9b7 c542d009b8 1068f3554a");
}

#[test]
fn a_small_population_is_the_same_for_ever() {
    let population = Population::new(42, spec(12, 8, (0, 4)));
    let mut text = String::new();
    for d in 0..population.departments() {
        let department = population.department(d);
        writeln!(text, "department {d}: {department:?}").unwrap();
    }
    for i in 0..population.learners() {
        writeln!(text, "learner {i}: {:?}", population.learner(i)).unwrap();
    }
    for c in 0..population.courses() {
        writeln!(text, "course {c}: {:?}", population.course(c)).unwrap();
    }
    for number in population.walk(..) {
        writeln!(text, "{:?}", population.enrollment(number).unwrap()).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn ten_million_enrollments_are_there_at_once() {
    let population = Population::new(
        42,
        Spec {
            departments: 1000,
            ..spec(1_000_000, 500, (10, 10))
        },
    );
    assert_eq!(population.enrollments(), 10_000_000);
    let middle = population.enrollment(5_000_000).unwrap();
    assert_eq!(middle.learner, 0);
    assert_eq!(population.since(middle.created), 5_000_000);
    assert_eq!(middle.created.subsec_nanosecond(), 0);
    let page: Vec<u64> = population.walk(5_000_000..).take(3).collect();
    assert_eq!(page, [5_000_000, 5_000_001, 5_000_002]);
    let members = population.subtree_learners(400);
    let rows: Vec<u64> = population
        .walk_course_learners(7, members.clone(), ..)
        .collect();
    assert!(rows.is_sorted());
    for row in rows {
        let row = population.enrollment(row).unwrap();
        assert!(row.course == 7 && members.contains(&row.learner));
    }
    assert_eq!(population.walk_course(7, ..).count(), 20_000);
}

#[test]
fn more_enrollments_than_seconds_are_microseconds_apart() {
    let population = Population::new(42, spec(1_000_000, 100, (0, 100)));
    let mut before = Timestamp::MIN;
    for number in population.walk(50_000_000..).take(5000) {
        let row = population.enrollment(number).unwrap();
        assert!(before < row.created);
        before = row.created;
        if let Progress::Completed { started, .. } = row.progress {
            assert!(row.created <= started && started.subsec_nanosecond() == 0);
        }
    }
    assert_ne!(before.subsec_microsecond(), 0);
}

#[test]
fn the_largest_population_does_not_overflow() {
    let spec = Spec {
        departments: u32::MAX,
        ..spec(u32::MAX, u32::MAX, (u32::MAX, u32::MAX))
    };
    let population = Population::new(u64::MAX, spec);
    let last = population.numbers() - 1;
    assert_eq!(population.enrollments(), population.numbers());
    assert_eq!(population.walk(..).next_back(), Some(last));
    let row = population.enrollment(last).unwrap();
    assert_eq!(
        population.enrollment_of(row.learner, row.course),
        Some(last)
    );
    assert_eq!(population.department_of(u32::MAX - 1), u32::MAX - 1);
    assert_eq!(population.learner(u32::MAX - 1).department, u32::MAX - 1);
    assert_eq!(population.department(u32::MAX).learners.end, u32::MAX);
    assert_eq!(population.walk_course(5, ..).take(3).count(), 3);
}

#[test]
fn every_fact_that_vendors_show_occurs() {
    let rows = naive(&Population::new(42, spec(200, 12, (0, 8))));
    let share = |keeps: Keeps| rows.iter().filter(|row| keeps(row)).count();
    let wanted: [(&str, Keeps); 9] = [
        ("by an admin", &|row| row.by == By::Admin),
        ("by the learner", &|row| row.by == By::Learner),
        ("not started", &|row| row.progress == Progress::NotStarted),
        ("started", &|row| {
            matches!(row.progress, Progress::Started { .. })
        }),
        ("failed", &|row| {
            matches!(row.progress, Progress::Completed { passed: false, .. })
        }),
        ("due", &|row| row.due().is_some_and(|due| due > row.created)),
        ("locking", &|row| row.locks_when_due),
        ("certified for ever", &|row| {
            row.certificate.is_some_and(|c| c.expires.is_none())
        }),
        ("certified for a while", &|row| {
            row.certificate.is_some_and(|c| c.expires.is_some())
        }),
    ];
    for (what, keeps) in wanted {
        assert!(share(keeps) >= 10, "only {} {what}", share(keeps));
    }
}
