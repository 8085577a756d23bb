//! The scenario that is served: a generated population, a few of each kind whom the load knows by name,
//! limits, every kind of fault, and every manner.

use std::fmt::Write as _;

/// How many people each vendor lists beside the generated ones.
pub const PEOPLE: usize = 64;
/// How many courses each vendor lists beside the generated ones. Everybody listed is in the first.
pub const COURSES: usize = 8;

/// A call that carries this field with the name of a fault asks for it. What does not is never struck.
pub const FIELD: &str = "x-soak";

pub const ISPRING: &str = "ispring-token";
pub const OPENEDX: &str = "Bearer openedx-staff";
pub const ALM: &str = "oauth alm-admin";
/// Two who run into their rate limits.
pub const OPENEDX_LEARNER: &str = "Bearer openedx-learner";
pub const ALM_LEARNER: &str = "oauth alm-learner";
/// The same client at all three.
pub const CLIENT: &str = "client_id=b0000001-0000-4000-8000-000000000001&client_secret=b0000002-0000-4000-8000-000000000002";
pub const REFRESH: &str = "a1000000000000000000000000000001";

/// A fault of the scenario.
pub struct Fault {
    pub name: &'static str,
    pub inject: &'static str,
    pub acts: Acts,
    pub shows: Shows,
}

/// On which of its calls a fault acts.
#[derive(Clone, Copy, PartialEq)]
pub enum Acts {
    Always,
    /// From this one on.
    From(u64),
    /// With this probability.
    Often(f64),
}

/// What a client sees of a fault that acts.
#[derive(Clone, Copy, PartialEq)]
pub enum Shows {
    /// One of these statuses.
    Status(&'static [u16]),
    Reset,
    Closed,
    Garbage,
    /// An answer that ends too early.
    Cut,
    Malformed,
    /// The answer took so many milliseconds or more.
    Late(u64),
    /// Nothing in the answer itself.
    Nothing,
}

const fn fault(name: &'static str, acts: Acts, shows: Shows, inject: &'static str) -> Fault {
    Fault {
        name,
        inject,
        acts,
        shows,
    }
}

/// Every kind of fault there is; each goes on acting for as long as the server runs.
pub const FAULTS: &[Fault] = &[
    fault(
        "throttled",
        Acts::Often(0.5),
        Shows::Status(&[429]),
        "throttled",
    ),
    fault(
        "unauthorized",
        Acts::Often(0.5),
        Shows::Status(&[401]),
        "unauthorized",
    ),
    fault(
        "token_expired",
        Acts::Always,
        Shows::Status(&[401]),
        "token_expired",
    ),
    fault(
        "forbidden",
        Acts::Often(0.5),
        Shows::Status(&[403]),
        "forbidden",
    ),
    fault(
        "not_found",
        Acts::Often(0.5),
        Shows::Status(&[400, 404]),
        "not_found",
    ),
    fault(
        "server_error",
        Acts::From(3),
        Shows::Status(&[500]),
        "server_error",
    ),
    fault(
        "maintenance",
        Acts::Often(0.25),
        Shows::Status(&[503]),
        "maintenance",
    ),
    fault(
        "lost_reply",
        Acts::Always,
        Shows::Status(&[503]),
        "lost_reply",
    ),
    fault(
        "respond",
        Acts::Often(0.75),
        Shows::Status(&[418]),
        "{ respond: { status: 418, headers: { Content-Type: text/plain }, body: soaked } }",
    ),
    fault("change", Acts::Always, Shows::Nothing, CHANGE),
    fault("change_back", Acts::Always, Shows::Nothing, CHANGE_BACK),
    fault(
        "latency",
        Acts::Always,
        Shows::Late(20),
        "{ latency: 20ms }",
    ),
    fault(
        "latency_drawn",
        Acts::Always,
        Shows::Nothing,
        "{ latency: { median: 5ms, p99: 80ms } }",
    ),
    fault(
        "reset",
        Acts::Often(0.5),
        Shows::Reset,
        "{ connection: reset }",
    ),
    fault(
        "close",
        Acts::Often(0.5),
        Shows::Closed,
        "{ connection: close }",
    ),
    fault(
        "garbage",
        Acts::Often(0.5),
        Shows::Garbage,
        "{ connection: garbage }",
    ),
    fault(
        "truncate",
        Acts::Often(0.5),
        Shows::Cut,
        "{ truncate: 0.5 }",
    ),
    fault(
        "drip",
        Acts::Always,
        Shows::Late(25),
        "{ drip: { over: 50ms } }",
    ),
    fault(
        "malformed",
        Acts::Often(0.5),
        Shows::Malformed,
        "{ malformed: true }",
    ),
];

/// Whom the faults `change` and `change_back` enroll and take out again: nobody else touches this one.
pub const CHANGED: usize = PEOPLE - 1;

const CHANGE: &str = "{ change: { openedx: { enrollments: [{ username: u63, course: 'course-v1:Soak+C1+2024' }] } } }";
const CHANGE_BACK: &str = "{ change: { removed: { openedx: { enrollments: [{ username: u63, course: 'course-v1:Soak+C1+2024' }] } } } }";

/// An id of iSpring's.
pub fn uuid(kind: char, number: usize) -> String {
    format!("{kind}{number:07}-0000-11ee-8000-000000000000")
}

/// A key of a course at Open edX.
pub fn key(course: usize) -> String {
    format!("course-v1:Soak+C{course}+2024")
}

/// The whole scenario.
pub fn story() -> String {
    let mut text = String::from(HEAD);
    for (title, section) in [
        ("ispring", ispring()),
        ("openedx", openedx()),
        ("alm", alm()),
    ] {
        let _ = write!(text, "{title}:\n{section}");
    }
    text.push_str("faults:\n");
    for fault in FAULTS {
        let acts = match fault.acts {
            Acts::Always => String::new(),
            Acts::From(first) => format!("calls: {first}.., "),
            Acts::Often(probability) => format!("probability: {probability}, "),
        };
        let Fault { name, inject, .. } = fault;
        let _ = writeln!(
            text,
            "  - {{ name: {name}, on: {{ headers: {{ {FIELD}: {name} }} }}, {acts}inject: {inject} }}"
        );
    }
    text
}

const HEAD: &str = "version: 1
name: soak
seed: 7
clock: { now: 2024-06-09T13:05:09Z, ticking: true }
generate: { learners: 2000, departments: 20, courses: 50, enrollments_per_learner: { min: 0, max: 12 }, certificate_rate: 0.4 }
rate_limits:
  alm:
    admin: { get: { per_minute: 1000000, burst: 1000000 }, post: { per_minute: 1000000, burst: 1000000 } }
    learner: { get: { per_minute: 600, burst: 20 } }
  openedx: { user: { per_minute: 40 }, staff: { per_minute: 1000000 } }
  ispring: { all: { per_minute: 1000000 } }
expect:
  - { on: { vendor: alm, operation: list_user_enrollments }, times: { min: 1 } }
  - manners: [honours_retry_after, walks_every_page, renews_expired_token, keeps_cursor_opaque, no_secret_in_url, no_blind_retry_of_writes]
";

fn lines(count: usize, line: &dyn Fn(usize) -> String) -> String {
    (0..count)
        .map(|number| format!("    - {}\n", line(number)))
        .collect()
}

fn ispring() -> String {
    let users = lines(PEOPLE, &|it| format!("{{ id: {} }}", uuid('a', it)));
    let content = lines(COURSES, &|it| format!("{{ id: {} }}", uuid('c', it)));
    let enrollments = lines(PEOPLE, &|it| {
        let (id, learner, content) = (uuid('e', it), uuid('a', it), uuid('c', 0));
        format!("{{ id: {id}, learner: {learner}, content: {content}, due_date: 2024-12-31 }}")
    });
    let client = credentials_of_client("");
    format!(
        "  users:\n{users}  content:\n{content}  enrollments:\n{enrollments}  credentials:\n    - {{ token: {ISPRING} }}\n{client}"
    )
}

fn openedx() -> String {
    let users = lines(PEOPLE, &|it| format!("{{ username: u{it} }}"));
    let courses = lines(COURSES, &|it| {
        format!("{{ key: '{}', modes: [audit, verified] }}", key(it))
    });
    let enrollments = lines(PEOPLE, &|it| {
        format!(
            "{{ username: u{it}, course: '{}', created: 2024-06-01T08:00:00Z }}",
            key(0)
        )
    });
    let client = credentials_of_client(", user: staff");
    format!(
        "  users:\n    - {{ username: staff, staff: true, password: not-a-secret }}\n{users}  courses:\n{courses}  enrollments:\n{enrollments}  credentials:\n    - {{ token: openedx-staff, user: staff }}\n    - {{ token: openedx-learner, user: u0 }}\n{client}"
    )
}

fn alm() -> String {
    let users = lines(PEOPLE, &|it| format!("{{ id: \"{}\" }}", 1000 + it));
    let objects = lines(COURSES, &|it| {
        let id = 2000 + it;
        format!(
            "{{ id: 'course:{id}', instances: [{{ id: 'course:{id}_1', modules: [{{ id: \"{}\" }}] }}] }}",
            3000 + it
        )
    });
    let enrollments = lines(PEOPLE, &|it| {
        format!(
            "{{ user: \"{}\", instance: 'course:2000_1', enrolled: 2024-06-01T08:00:00Z }}",
            1000 + it
        )
    });
    let client = credentials_of_client(&format!(", user: \"1\", refresh_token: {REFRESH}"));
    format!(
        "  users:\n    - {{ id: \"1\", roles: [admin] }}\n{users}  learning_objects:\n{objects}  enrollments:\n{enrollments}  credentials:\n    - {{ token: alm-admin, user: \"1\" }}\n    - {{ token: alm-learner, user: \"1000\" }}\n{client}"
    )
}

/// The one client, as it is listed.
fn credentials_of_client(more: &str) -> String {
    let fields = CLIENT.replace('=', ": ").replace('&', ", ");
    format!("    - {{ {fields}{more} }}\n")
}
