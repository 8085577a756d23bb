//! The emulator inside a Rust test.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use enrollmock::{Server, Vendor};

/// The answer to a GET with a token: status and body.
fn get(url: &str, token: &str) -> (u16, String) {
    let rest = url.strip_prefix("http://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {token}\r\n\
         Accept: application/json\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

/// A school with one learner in so many courses.
fn school(token: &str, courses: usize) -> String {
    let id = |kind: char, number: usize| format!("{kind}0000000-0000-11ee-8000-{number:012}");
    let learner = id('a', 1);
    let content = (1..=courses).map(|number| format!("    - {{ id: {} }}\n", id('c', number)));
    let enrollments = (1..=courses).map(|number| {
        let (own, course) = (id('e', number), id('c', number));
        format!("    - {{ id: {own}, content: {course}, learner: {learner} }}\n")
    });
    format!(
        "version: 1\nispring:\n  users:\n    - {{ id: {learner} }}\n  content:\n{}  enrollments:\n{}  \
         credentials:\n    - {{ token: {token} }}\n",
        content.collect::<String>(),
        enrollments.collect::<String>(),
    )
}

/// 64 tests, each with its own server.
fn sixty_four_tests() -> Duration {
    let start = Instant::now();
    let tests = (1..=64).map(|number| {
        std::thread::spawn(move || {
            let token = format!("token-{number}");
            let server = Server::builder()
                .scenario(&school(&token, number))
                .start()
                .unwrap();
            let url = format!("{}/enrollment", server.ispring_url());
            let (status, body) = get(&url, &token);
            assert_eq!(status, 200, "{body}");
            assert_eq!(body.matches("\"courseId\"").count(), number);
            // A neighbour's token opens nothing here.
            assert_eq!(get(&url, &format!("token-{}", number % 64 + 1)).0, 401);
            assert_eq!(server.requests().len(), 2);
        })
    });
    let tests: Vec<_> = tests.collect();
    for test in tests {
        test.join().unwrap();
    }
    start.elapsed()
}

#[test]
fn sixty_four_tests_at_once_see_each_its_own_in_under_two_seconds() {
    // The machine has other things to do as well, at times.
    let times: Vec<Duration> = (0..5)
        .map(|_| sixty_four_tests())
        .take_while(|took| *took >= Duration::from_secs(2))
        .collect();
    assert!(times.len() < 5, "{times:?}");
}

#[test]
fn one_line_starts_it_and_the_end_of_the_variable_ends_it() {
    let server = Server::builder().start().unwrap();
    let url = server.url().to_owned();
    assert_eq!(server.alm_url(), format!("{url}/alm"));
    assert_eq!(server.openedx_url(), format!("{url}/openedx"));
    let token = server.token(Vendor::Ispring).unwrap();
    assert_eq!(get(&format!("{url}/ispring/enrollment"), &token).0, 200);
    drop(server);
    assert!(TcpStream::connect(url.strip_prefix("http://").unwrap()).is_err());
}

#[test]
fn a_client_that_stays_connected_does_not_hold_up_the_end() {
    let server = Server::builder().start().unwrap();
    let mut stream = TcpStream::connect(&server.url()["http://".len()..]).unwrap();
    let start = Instant::now();
    drop(server);
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(stream.read(&mut [0; 8]).unwrap_or(0), 0);
}

#[test]
fn a_scenario_is_a_name_a_path_or_the_yaml_itself() {
    let name = |scenario: &str| {
        let server = Server::builder().scenario(scenario).start().unwrap();
        server.emulator().main().scenario().name().to_owned()
    };
    assert_eq!(name("tokens"), "tokens");
    assert_eq!(name("scenarios/tokens.yaml"), "tokens");
    assert_eq!(name("version: 1\nname: mine\n"), "mine");
    assert_eq!(name("{ version: 1, name: mine }"), "mine");
}

#[test]
fn what_cannot_be_served_is_said_for_people() {
    let wrong = Server::builder().scenario("quikstart").start().unwrap_err();
    assert!(
        format!("{wrong:?}").contains("did you mean `quickstart`?"),
        "{wrong:?}"
    );
    let wrong = Server::builder().scenario("version: 1\nsed: 1\n").start();
    let wrong = wrong.unwrap_err().to_string();
    assert!(wrong.contains("scenario:2:1"), "{wrong}");
    let wrong = Server::builder().now("tomorrow").start().unwrap_err();
    assert!(wrong.to_string().contains("RFC 3339"), "{wrong}");
}

#[test]
fn seed_and_clock_are_the_tests_own() {
    let start = |seed| {
        let server = Server::builder()
            .scenario(
                "version: 1\ngenerate: { learners: 5, courses: 3, enrollments_per_learner: { min: 2, max: 2 } }\nispring: { credentials: [{ token: t }] }\n",
            )
            .seed(seed)
            .now("2024-06-09T13:05:09Z")
            .start()
            .unwrap();
        let answer = get(&format!("{}/enrollment", server.ispring_url()), "t");
        assert_eq!(answer.0, 200);
        answer.1
    };
    assert_eq!(start(1), start(1));
    assert_ne!(start(1), start(2));
}

#[test]
fn a_token_dies_when_the_clock_says_so() {
    let server = Server::builder()
        .scenario(
            "version: 1\nclock: { now: 2024-06-09T13:05:09Z, ticking: false }\n\
             ispring: { credentials: [{ client_id: c, client_secret: s }] }\n",
        )
        .start()
        .unwrap();
    let token = server.token(Vendor::Ispring).unwrap();
    // Nobody asked for it over HTTP.
    assert!(server.requests().is_empty());
    let url = format!("{}/enrollment", server.ispring_url());
    assert_eq!(get(&url, &token).0, 200);
    server.clock().advance(Duration::from_secs(31 * 60));
    assert_eq!(server.clock().now(), "2024-06-09T13:36:09Z");
    assert_eq!(get(&url, &token).0, 401);
    server.clock().set("2024-06-09T13:05:09Z").unwrap();
    assert_eq!(get(&url, &token).0, 200);
    assert!(server.clock().set("soon").is_err());
    server.clock().advance(Duration::MAX);
    assert!(server.clock().now().starts_with("9999-12-"));
}

/// What a panic says.
fn panic_of(run: impl FnOnce()) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(run)).err()?;
    payload.downcast_ref::<String>().cloned()
}

#[test]
fn a_client_that_calls_what_is_not_there_fails_the_test_if_it_is_verified() {
    let run = |builder: enrollmock::Builder| {
        panic_of(|| {
            let server = builder.start().unwrap();
            assert_eq!(get(&format!("{}/nowhere", server.url()), "t").0, 404);
        })
    };
    let told = run(Server::builder().verify_on_drop()).unwrap();
    assert!(told.contains("GET /nowhere"), "{told}");
    assert_eq!(run(Server::builder()), None);
    assert_eq!(run(Server::builder().verify_on_drop().lenient()), None);
}

#[test]
fn a_broken_expectation_fails_the_test_that_has_not_failed_already() {
    let story = "version: 1\nexpect: [{ on: { vendor: alm, operation: get_user }, times: 1 }]\n";
    let server = || {
        let builder = Server::builder().scenario(story).verify_on_drop();
        builder.start().unwrap()
    };
    let told = panic_of(|| drop(server())).unwrap();
    assert!(told.contains("get_user"), "{told}");
    let first = panic_of(|| {
        let _server = server();
        panic!("{}", "the test's own failure");
    });
    assert_eq!(first.as_deref(), Some("the test's own failure"));
    let asked = Server::builder().scenario(story).start().unwrap();
    assert!(!asked.verdict().is_fine(true));
    assert!(!asked.main().verdict().is_kept());
}

#[test]
fn a_sandbox_is_a_world_of_its_own() {
    let story = "extends: quickstart\nversion: 1\nexpect: [{ on: { vendor: ispring }, times: { max: 1 } }]\n";
    let server = Server::builder().scenario(story).start().unwrap();
    let [alice, bob] = ["alice", "bob"].map(|name| server.sandbox(name).unwrap());
    let token = alice.token(Vendor::Ispring).unwrap();
    for _ in 0..2 {
        let url = format!("{}/enrollment", alice.ispring_url());
        assert_eq!(get(&url, &token).0, 200);
    }
    assert_eq!(
        get(&format!("{}/enrollment", bob.ispring_url()), &token).0,
        200
    );
    assert_eq!(alice.requests().len(), 2);
    assert_eq!(bob.requests().len(), 1);
    assert_eq!(server.requests().len(), 0);
    alice.clock().advance(Duration::from_secs(60));
    assert_ne!(alice.clock().now(), bob.clock().now());
    assert!(!alice.verdict().is_kept());
    assert!(bob.verdict().is_kept());
    let verdict = server.verdict();
    assert!(!verdict.is_fine(true));
    let shown = verdict.to_string();
    assert!(shown.contains("sandbox alice:\n  broken"), "{shown}");
    // Its requests are shown as they were.
    assert!(
        shown.contains("GET /__sandbox/alice/ispring/enrollment 200"),
        "{shown}"
    );
    let taken = server.sandbox("alice").unwrap_err();
    assert!(taken.to_string().contains("`alice` already"), "{taken}");
    let bad = server.sandbox("no name").unwrap_err();
    assert!(
        bad.to_string().contains("letters, digits and hyphens"),
        "{bad}"
    );
}

#[test]
fn a_suite_that_lives_in_sandboxes_is_not_asked_about_the_main_world() {
    let server = Server::builder()
        .scenario(
            "version: 1\nispring: { credentials: [{ token: account }] }\n\
             expect: [{ on: { operation: list_enrollments }, times: 1 }]\n",
        )
        .start()
        .unwrap();
    assert!(!server.verdict().is_fine(false), "nobody has called");
    let sandbox = server.sandbox("alone").unwrap();
    let url = sandbox.ispring_url();
    assert_eq!(get(&format!("{url}/enrollment"), "account").0, 200);
    let verdict = server.verdict();
    assert!(verdict.is_fine(false), "{verdict}");
}
