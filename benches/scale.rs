//! What answers cost by the number of records, in process: the same calls on a thousand enrollments and on ten
//! million, and on as many as a file lists; what it takes to begin; what 10,000 sandboxes take.
//!
//! `cargo bench --bench scale`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on stops"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::http::Request;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::scenario::{Overrides, Scenario, Source};
use enrollmock::internals::worlds::SandboxParams;
use hyper::Method;
use serde_json::Value;

fn main() {
    // Memory is that of the process, so what takes least comes first.
    let small = generated(100);
    let large = generated(1_000_000);
    println!(
        "| call, generated | 1,000 enrollments, µs | 10,000,000, µs | ratio | answers, bytes |"
    );
    println!("| --- | --- | --- | --- | --- |");
    compare(&small, &large);
    sandboxes(&large);
    println!("\n| call, listed | 1,000 enrollments, µs | 100,000, µs | ratio | answers, bytes |");
    println!("| --- | --- | --- | --- | --- |");
    let (few, many) = (listed(1_000), listed(100_000));
    compare(&few, &many);
}

/// A world, and what is asked of it.
struct World {
    emulator: Emulator,
    calls: Vec<(&'static str, Request)>,
}

fn compare(small: &World, large: &World) {
    for ((name, first), (_, second)) in small.calls.iter().zip(&large.calls) {
        // By turns, so that what disturbs one disturbs the other.
        let pairs: Vec<(f64, f64)> = (0..15)
            .map(|_| (cost(&small.emulator, first), cost(&large.emulator, second)))
            .collect();
        let middle = |of: fn(&(f64, f64)) -> f64| {
            let mut values: Vec<f64> = pairs.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let (one, other) = (middle(|it| it.0), middle(|it| it.1));
        let ratio = middle(|it| it.1 / it.0);
        // A ratio of answers of another length says nothing of scale.
        let bytes = |world: &World, call: &Request| {
            let reply = world.emulator.handle(call.clone()).reply;
            reply.body.collect().len()
        };
        let (few, many) = (bytes(small, first), bytes(large, second));
        println!("| {name} | {one:.2} | {other:.2} | {ratio:.2} | {few}, {many} |");
    }
}

/// Microseconds a call.
fn cost(emulator: &Emulator, request: &Request) -> f64 {
    const CALLS: u32 = 300;
    let begun = Instant::now();
    for _ in 0..CALLS {
        let exchange = black_box(emulator.handle(request.clone()));
        assert!(
            exchange.reply.status.is_success(),
            "{request:?}: {:?}",
            exchange.note
        );
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS)
}

const CALLERS: &str = "
ispring:
  credentials: [{ token: bench }]
openedx:
  users: [{ username: bench-staff, staff: true }]
  credentials: [{ token: bench, user: bench-staff }]
alm:
  users: [{ id: '1', roles: [admin] }]
  credentials: [{ token: bench, user: '1' }]
";

/// Ten enrollments a learner at each vendor, and as many courses for each learner: a course has as many enrollments
/// in a large world as in a small one.
fn generated(learners: u32) -> World {
    let courses = (learners / 10).max(10);
    let yaml = format!(
        "generate: {{ learners: {learners}, departments: 6, courses: {courses}, enrollments_per_learner: \
         {{ min: 10, max: 10 }}, certificate_rate: 0.4, vendors: [ispring, openedx, alm] }}\n{CALLERS}"
    );
    world(&yaml, learners)
}

/// The same from a file.
fn listed(enrollments: u32) -> World {
    let learners = enrollments / 10;
    let courses = (learners / 10).max(10);
    let mut parts: [String; 9] = Default::default();
    let [
        i_users,
        i_content,
        i_rows,
        o_users,
        o_courses,
        o_rows,
        a_users,
        a_courses,
        a_rows,
    ] = &mut parts;
    for n in 0..learners {
        writeln!(i_users, "    - {{ id: {} }}", id('a', n)).unwrap();
        writeln!(
            o_users,
            "    - {{ username: user{n}, email: user{n}@example.com }}"
        )
        .unwrap();
        writeln!(a_users, "    - {{ id: '{}' }}", 1000 + n).unwrap();
    }
    for n in 0..courses {
        writeln!(i_content, "    - {{ id: {} }}", id('c', n)).unwrap();
        writeln!(o_courses, "    - {{ key: 'course-v1:Bench+C{n}+2024' }}").unwrap();
        let (course, run) = (2000 + n, 3_000_000 + n);
        let instance = format!("{{ id: 'course:{course}_{run}', modules: [{{ id: '{run}' }}] }}");
        writeln!(
            a_courses,
            "    - {{ id: 'course:{course}', instances: [{instance}] }}"
        )
        .unwrap();
    }
    for n in 0..enrollments {
        let (learner, course) = (n % learners, (n % learners + n / learners) % courses);
        let (hour, minute, second) = (n / 3600 % 24, n / 60 % 60, n % 60);
        let at = format!(
            "2024-05-{:02}T{hour:02}:{minute:02}:{second:02}Z",
            1 + n / 86_400
        );
        let (user, content) = (id('a', learner), id('c', course));
        let enrollment = id('e', n);
        writeln!(i_rows, "    - {{ id: {enrollment}, content: {content}, learner: {user}, access_date: 2024-05-01 }}").unwrap();
        writeln!(o_rows, "    - {{ username: user{learner}, course: 'course-v1:Bench+C{course}+2024', created: {at} }}").unwrap();
        let instance = format!("course:{}_{}", 2000 + course, 3_000_000 + course);
        writeln!(
            a_rows,
            "    - {{ user: '{}', instance: '{instance}', enrolled: {at} }}",
            1000 + learner
        )
        .unwrap();
    }
    let [
        i_users,
        i_content,
        i_rows,
        o_users,
        o_courses,
        o_rows,
        a_users,
        a_courses,
        a_rows,
    ] = parts;
    let yaml = format!(
        "ispring:\n  credentials: [{{ token: bench }}]\n  users:\n{i_users}  content:\n{i_content}  enrollments:\n{i_rows}\
         openedx:\n  credentials: [{{ token: bench, user: bench-staff }}]\n  users:\n    - {{ username: bench-staff, staff: true }}\n{o_users}  courses:\n{o_courses}  enrollments:\n{o_rows}\
         alm:\n  credentials: [{{ token: bench, user: '1' }}]\n  users:\n    - {{ id: '1', roles: [admin] }}\n{a_users}  learning_objects:\n{a_courses}  enrollments:\n{a_rows}"
    );
    world(&yaml, learners)
}

fn id(kind: char, number: u32) -> String {
    format!("{kind}{number:07x}-0000-11ee-8000-000000000001")
}

/// Begins a world, says what that took, and puts the calls together.
fn world(yaml: &str, learners: u32) -> World {
    let text =
        format!("version: 1\nclock: {{ now: 2024-06-09T13:05:09Z, ticking: false }}\n{yaml}");
    let (name, length) = ("bench".to_owned(), text.len());
    let before = resident();
    let begun = Instant::now();
    let source = Source::Inline {
        name,
        text,
        beside: None,
    };
    let scenario =
        Scenario::load(&source, Overrides::default()).unwrap_or_else(|it| panic!("{}", it[0]));
    let emulator = Emulator::new(scenario, Bounds::default());
    let first = call(&emulator, "/ispring/enrollments?pageSize=1");
    assert!(!first.is_empty());
    println!(
        "{learners} learners at each vendor, {length} bytes of YAML: first answer after {:.1} ms, {} KiB more resident",
        begun.elapsed().as_secs_f64() * 1e3,
        resident().saturating_sub(before)
    );
    let calls = calls(&emulator, learners);
    World { emulator, calls }
}

/// Memory resident now, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

fn request(target: &str) -> Request {
    let request = Request::new(Method::GET, target);
    let request = request.with_header("host", "127.0.0.1").unwrap();
    let request = request.with_header("accept", "application/json").unwrap();
    request
        .with_header("authorization", "Bearer bench")
        .unwrap()
}

fn call(emulator: &Emulator, target: &str) -> String {
    let reply = emulator.handle(request(target)).reply;
    let body = String::from_utf8(reply.body.collect().to_vec()).unwrap();
    assert!(reply.status.is_success(), "{target}: {body}");
    body
}

fn json(emulator: &Emulator, target: &str) -> Value {
    serde_json::from_str(&call(emulator, target)).unwrap()
}

/// The calls, about somebody in the middle.
fn calls(emulator: &Emulator, learners: u32) -> Vec<(&'static str, Request)> {
    let main = emulator.main();
    let middle = learners / 2;
    let learner = main.vendors.ispring.read().user_id(middle).unwrap();
    let of_learner = json(
        emulator,
        &format!("/ispring/enrollment?learnerIds[]={learner}"),
    );
    let of_learner = of_learner.as_array().unwrap();
    let field = |at: usize, name: &str| of_learner[at][name].as_str().unwrap().to_owned();
    let (enrollment, content) = (field(5, "enrollmentId"), field(5, "courseId"));
    // The last page is what a walk from somewhere behind ends with.
    let mut token = STANDARD.encode(field(9, "enrollmentId"));
    loop {
        let page = json(
            emulator,
            &format!("/ispring/enrollments?pageSize=1000&pageToken={token}"),
        );
        let Some(next) = page["nextPageToken"].as_str() else {
            break;
        };
        next.clone_into(&mut token);
    }
    let last = json(
        emulator,
        &format!("/ispring/enrollments?pageSize=1000&pageToken={token}"),
    );
    let rows = last["enrollments"].as_array().unwrap();
    let before = rows[rows.len().saturating_sub(11)]["enrollmentId"]
        .as_str()
        .unwrap()
        .to_owned();
    let last = if rows.len() > 10 {
        STANDARD.encode(before)
    } else {
        token
    };
    let middle_token = STANDARD.encode(&enrollment);

    let username = main
        .vendors
        .openedx
        .read()
        .user(middle)
        .unwrap()
        .username
        .clone();
    let so2 = json(
        emulator,
        &format!("/openedx/api/so2/v1/enrollments?username={username}"),
    );
    let course = so2[5]["course_id"].as_str().unwrap().replace('+', "%2B");
    let page = json(
        emulator,
        "/openedx/api/enrollment/v1/enrollments?page_size=10",
    );
    let cursor = page["next"]
        .as_str()
        .unwrap()
        .split("cursor=")
        .nth(1)
        .unwrap()
        .to_owned();
    let cursor = cursor.split('&').next().unwrap().replace("%3D", "=");
    let position = String::from_utf8(STANDARD.decode(cursor).unwrap()).unwrap();
    let created = so2[5]["created"].as_str().unwrap().replace(' ', "+");
    let position = format!(
        "p={created}%3A00%2B00%3A00",
        created = created.replace(':', "%3A")
    ) + &position[position.len()..];
    let middle_cursor = STANDARD.encode(position).replace('=', "%3D");

    let user = main.vendors.alm.read().user_at(middle).unwrap().id;
    let of_user = json(
        emulator,
        &format!("/alm/primeapi/v2/users/{user}/enrollments?page[limit]=10"),
    );
    let one = of_user["data"][5]["id"].as_str().unwrap().to_owned();
    let page = json(
        emulator,
        &format!("/alm/primeapi/v2/users/{user}/enrollments?page[limit]=5"),
    );
    let next = page["links"]["next"]
        .as_str()
        .unwrap()
        .split("page[cursor]=")
        .nth(1)
        .unwrap()
        .to_owned();

    let targets = [
        (
            "iSpring, by learner",
            format!("/ispring/enrollment?learnerIds[]={learner}"),
        ),
        (
            "iSpring, by course, a page",
            format!("/ispring/enrollments?pageSize=10&courseIds[]={content}"),
        ),
        (
            "iSpring, by id",
            format!("/ispring/enrollment/{enrollment}"),
        ),
        (
            "iSpring, a page in the middle",
            format!("/ispring/enrollments?pageSize=10&pageToken={middle_token}"),
        ),
        (
            "iSpring, the last page",
            format!("/ispring/enrollments?pageSize=10&pageToken={last}"),
        ),
        (
            "so2, by username",
            format!("/openedx/api/so2/v1/enrollments?username={username}"),
        ),
        (
            "so2, by username and course",
            format!("/openedx/api/so2/v1/enrollments?username={username}&course_id={course}"),
        ),
        (
            "Open edX, by course, a page",
            format!("/openedx/api/enrollment/v1/enrollments?page_size=10&course_id={course}"),
        ),
        (
            "Open edX, by id",
            format!("/openedx/api/enrollment/v1/enrollment/{username},{course}"),
        ),
        (
            "Open edX, a page in the middle",
            format!("/openedx/api/enrollment/v1/enrollments?page_size=10&cursor={middle_cursor}"),
        ),
        (
            "Adobe, by user, a page",
            format!("/alm/primeapi/v2/users/{user}/enrollments?page[limit]=5"),
        ),
        (
            "Adobe, by user, the last page",
            format!("/alm/primeapi/v2/users/{user}/enrollments?page[limit]=5&page[cursor]={next}"),
        ),
        (
            "Adobe, by id",
            format!("/alm/primeapi/v2/users/{user}/enrollments/{one}"),
        ),
    ];
    targets
        .into_iter()
        .map(|(name, target)| (name, request(&target)))
        .collect()
}

/// Makes sandboxes over a large base, and uses each.
fn sandboxes(world: &World) {
    const COUNT: u64 = 10_000;
    let worlds = world.emulator.worlds();
    let (before, begun) = (resident(), Instant::now());
    for _ in 0..COUNT {
        worlds.create(SandboxParams::default()).unwrap();
    }
    let made = begun.elapsed().as_secs_f64() * 1e6 / COUNT as f64;
    let each = (resident() - before) as f64 / COUNT as f64;
    println!(
        "{COUNT} sandboxes over 10,000,000 enrollments a vendor: {made:.1} µs and {each:.1} KiB each"
    );
    let begun = Instant::now();
    for number in 1..=COUNT {
        call(
            &world.emulator,
            &format!("/__sandbox/s{number}/ispring/enrollments?pageSize=1"),
        );
    }
    let used = begun.elapsed().as_secs_f64() * 1e6 / COUNT as f64;
    let each = (resident() - before) as f64 / COUNT as f64;
    println!("the first call to each: {used:.1} µs; {each:.1} KiB each after it, journal included");
}
