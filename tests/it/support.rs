//! An emulator from a few lines of YAML, and requests that read like sentences.
//!
//! `$e1` in a target, a body or YAML stands for an id: the letter says of what (`d`epartment,
//! `u`ser, `c`ontent, `e`nrollment, certificate `z`), the number which one.

use bytes::Bytes;
use enrollmock::internals::emulator::{Admission, Emulator};
use enrollmock::internals::http::{Body, Request};
use enrollmock::internals::journal::{Bounds, Entry};
use enrollmock::internals::scenario::{Overrides, Scenario, Source};
use hyper::Method;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};

/// What every scenario here starts at.
pub const NOW: &str = "2024-06-09T13:05:09Z";

/// The scenario that these lines of YAML make.
pub fn scenario(yaml: &str) -> Scenario {
    scenario_at(yaml, Overrides::default())
}

/// The same, with what the command line may change.
pub fn scenario_at(yaml: &str, overrides: Overrides) -> Scenario {
    let mut text = format!("version: 1\n{}", fill(yaml));
    if !text.contains("\nclock:") {
        text = format!("{text}\nclock: {{ now: {NOW}, ticking: false }}\n");
    }
    let source = Source::Inline {
        name: "inline".to_owned(),
        text: text.clone(),
        beside: None,
    };
    Scenario::load(&source, overrides).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}\n{text}", problems.join("\n"))
    })
}

/// An emulator of these lines of YAML.
pub fn emulator(yaml: &str) -> Emulator {
    Emulator::new(scenario(yaml), Bounds::default()).with_admission(named_hosts())
}

/// The names by which tests call the emulator as a site of the vendor's would be called.
pub fn named_hosts() -> Admission {
    Admission::default()
        .with_host("lms.example.com")
        .with_host("*.test")
}

/// Replaces every `$e1` by an id.
pub fn fill(text: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        let digits = after[1..].bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = after[1..=digits].parse().unwrap();
        filled.push_str(&id(after.as_bytes()[0] as char, number));
        rest = &after[1 + digits..];
    }
    filled + rest
}

/// The id of a record of this kind.
pub fn id(kind: char, number: u64) -> String {
    // A version 1 UUID whose first digit tells the kind.
    let digit = match kind {
        'd' => 'd',
        'u' => 'a',
        'c' => 'c',
        'e' => 'e',
        'z' => 'f',
        other => panic!("there is no kind {other}"),
    };
    format!("{digit}0000000-0000-11ee-8000-{number:012}")
}

/// `e1` again, from the id; an id that `id` did not make stays as it is.
pub fn short(id: &str) -> String {
    let number = id
        .get(1..)
        .and_then(|rest| rest.strip_prefix("0000000-0000-11ee-8000-"));
    match number {
        Some(number) => {
            let kind = match id.as_bytes()[0] {
                b'a' => 'u',
                b'f' => 'z',
                other => other as char,
            };
            format!("{kind}{}", number.trim_start_matches('0'))
        }
        None => id.to_owned(),
    }
}

/// A school with everything that roles and states can make a difference to.
///
/// Departments: d1 above d2 above d3; d4 apart. Learners u11 to u14 belong to d1 to d4, u15 to
/// none. Those who look after d2: u3 department administrator, u4 publisher, u5 custom role with
/// all rights, u6 custom role with none.
pub const SCHOOL: &str = "
ispring:
  departments:
    - { id: $d1 }
    - { id: $d2, parent: $d1 }
    - { id: $d3, parent: $d2 }
    - { id: $d4 }
  users:
    - { id: $u1, role: account_owner }
    - { id: $u2, role: account_administrator }
    - { id: $u3, role: department_administrator, manages: [$d2] }
    - { id: $u4, role: publisher, manages: [$d2] }
    - { id: $u5, role: custom, manages: [$d2], permissions: [list_enrollments, create_enrollments, edit_enrollments, delete_enrollments] }
    - { id: $u6, role: custom, manages: [$d2] }
    - { id: $u7, role: account_administrator, active: false }
    - { id: $u8, role: department_administrator }
    - { id: $u9, role: publisher }
    - { id: $u11, department: $d1 }
    - { id: $u12, department: $d2 }
    - { id: $u13, department: $d3 }
    - { id: $u14, department: $d4 }
    - { id: $u15 }
  content:
    - { id: $c1 }
    - { id: $c2, type: learning_track }
    - { id: $c3, type: material }
    - { id: $c4, type: training }
    - { id: $c5, default_due_hours: 48 }
  enrollments:
    - { id: $e1, content: $c1, learner: $u11, access_date: 2022-07-14 }
    - { id: $e2, content: $c1, learner: $u12, access_date: 2024-06-01, due_date: 2024-07-01, lock_after_due_date: true }
    - { id: $e3, content: $c2, learner: $u12, access_date: 2024-06-02, due_date: 2024-07-02 }
    - { id: $e4, content: $c1, learner: $u13, access_date: 2024-06-03, assigned: catalog }
    - { id: $e5, content: $c3, learner: $u14, access_date: 2024-06-04 }
    - { id: $e6, content: $c1, learner: $u15, access_date: 2024-06-05 }
    - { id: $e7, content: $c2, learner: $u11, state: archived, certificate: { id: $z7, issued: 2024-01-01T00:00:00Z } }
    - { id: $e8, content: $c2, learner: $u13, state: deleted }
    - { id: $e9, content: $c3, learner: $u12, access_date: 2024-06-06, certificate: { id: $z9, issued: 2024-06-07T07:19:00Z, expires: 2025-06-07T07:21:00Z } }
  credentials:
    - { token: account }
    - { token: owner, user: $u1 }
    - { token: administrator, user: $u2 }
    - { token: department, user: $u3 }
    - { token: publisher, user: $u4 }
    - { token: custom, user: $u5 }
    - { token: powerless, user: $u6 }
    - { token: inactive, user: $u7 }
    - { token: nobodys, user: $u8 }
    - { token: learner, user: $u11 }
    - { token: expired, expires: 2024-06-09T13:05:09Z }
    - { token: expiring, expires: 2024-06-09T13:05:10Z }
    - { client_id: client, client_secret: secret }
    - { account_url: 'https://school.ispringlearn.com', email: Ann@example.com, password: pass-word, user: $u2 }
";

/// Open edX with every kind of caller.
pub const CAMPUS: &str = "
openedx:
  users:
    - { username: staff, staff: true }
    - { username: learner, password: pass-word }
    - { username: admin, course_admin: [course-v1:Laws+One+2024] }
    - { username: inactive, staff: true, active: false }
    - { username: disabled, staff: true, disabled: true }
  courses:
    - { key: course-v1:Laws+One+2024, modes: [audit, verified], cohorts: [Blue] }
    - { key: course-v1:Laws+Two+2024 }
    - { key: course-v1:Laws+Three+2024 }
  enrollments:
    - { username: learner, course: course-v1:Laws+One+2024, created: 2024-06-01T08:00:00Z }
    - { username: learner, course: course-v1:Laws+Two+2024, created: 2024-06-01T08:00:00Z }
    - { username: learner, course: course-v1:Laws+Three+2024, created: 2024-06-02T08:00:00.000001Z }
  credentials:
    - { token: oe-staff, user: staff }
    - { token: oe-learner, user: learner }
    - { token: oe-admin, user: admin }
    - { token: oe-inactive, user: inactive }
    - { token: oe-disabled, user: disabled }
    - { token: oe-expired, user: staff, expires: 2024-06-09T13:05:09Z }
    - { client_id: oe-client, client_secret: oe-secret, user: staff }
";

/// Enough of everybody for lists to have pages, and the campus among them.
pub const CROWD: &str = "
generate: { learners: 120, courses: 8, enrollments_per_learner: { min: 2, max: 2 } }
ispring: { credentials: [{ token: account }] }
";

/// The ids of the school's active enrollments, in order.
pub const ALL: &[&str] = &["e1", "e2", "e3", "e4", "e5", "e6", "e9"];

/// The same with switches.
pub fn school_with(behaviour: &str) -> Emulator {
    emulator(&format!("{SCHOOL}  behaviour: {{ {behaviour} }}\n"))
}

/// The school as it is.
pub fn school() -> Emulator {
    emulator(SCHOOL)
}

/// A built-in story as it is served.
pub fn story(name: &str) -> Emulator {
    let source = Source::BuiltIn(name.to_owned());
    let scenario = Scenario::load(&source, Overrides::default()).unwrap();
    Emulator::new(scenario, Bounds::default())
}

/// Ways to begin a request.
pub trait Calls {
    /// A request with this method.
    fn call(&self, method: &str, target: &str) -> Ask<'_>;
    /// A GET.
    fn get(&self, target: &str) -> Ask<'_> {
        self.call("GET", target)
    }
    /// A POST.
    fn post(&self, target: &str) -> Ask<'_> {
        self.call("POST", target)
    }
    /// A DELETE.
    fn delete(&self, target: &str) -> Ask<'_> {
        self.call("DELETE", target)
    }
    /// The short names of what the account sees in a list.
    fn list(&self, target: &str) -> Vec<String> {
        self.get(target).token("account").send().ok().ids()
    }
    /// The whole list as the account sees it.
    fn everything(&self) -> String {
        self.get("/enrollment").token("account").send().ok().text()
    }
    /// Moves the clock.
    fn advance(&self, by: &str) {
        let body = format!("{{\"advance\":\"{by}\"}}");
        let answer = self.post("/__admin/clock").json(&body).send();
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

impl Calls for Emulator {
    fn call(&self, method: &str, target: &str) -> Ask<'_> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        Ask {
            emulator: self,
            request: Request::new(method, &fill(target)),
        }
    }
}

/// A request under way.
#[derive(Clone)]
pub struct Ask<'a> {
    emulator: &'a Emulator,
    pub request: Request,
}

impl Ask<'_> {
    /// One more header field.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).unwrap();
        self.request
            .headers
            .append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    /// The token of the caller, raw.
    pub fn token(self, token: &str) -> Self {
        self.header("authorization", token)
    }

    /// The token of the caller, as Open edX takes it.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// What the caller accepts.
    pub fn accept(self, media: &str) -> Self {
        self.header("accept", media)
    }

    /// A body of this type.
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.request.body = body.into();
        self.header("content-type", content_type)
    }

    /// A JSON body.
    pub fn json(self, body: &str) -> Self {
        self.body("application/json", fill(body))
    }

    /// An XML body.
    pub fn xml(self, body: &str) -> Self {
        self.body("application/xml", fill(body))
    }

    /// A form.
    pub fn form(self, body: &str) -> Self {
        self.body("application/x-www-form-urlencoded", fill(body))
    }

    /// A multipart form of these fields.
    pub fn multipart(self, fields: &[(&str, &str)]) -> Self {
        let mut body = String::new();
        for (name, value) in fields {
            body += &format!(
                "--X-bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        body += "--X-bound--\r\n";
        self.body("multipart/form-data; boundary=X-bound", fill(&body))
    }

    /// The answer.
    pub fn send(self) -> Answer {
        let exchange = self.emulator.handle(self.request);
        Answer {
            status: exchange.reply.status.as_u16(),
            headers: exchange.reply.headers,
            chunked: matches!(exchange.reply.body, Body::Chunks(_)),
            body: exchange.reply.body.collect(),
            entry: exchange.note.map(|note| note.entry()),
        }
    }

    /// The status of the answer.
    pub fn status(self) -> u16 {
        self.send().status
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub chunked: bool,
    pub body: Bytes,
    pub entry: Option<Entry>,
}

impl Answer {
    /// The same; anything but 200 fails.
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.text());
        self
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    /// Status, body and type, as snapshots show a refusal. The type comes last: what stands at the end of a
    /// snapshot is compared without its blanks.
    pub fn said(&self) -> String {
        let kind = self.header("content-type").unwrap_or("untyped");
        format!("{} {} ({kind})", self.status, self.text())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The short names of the enrollments in it, in order, whatever its syntax.
    pub fn ids(&self) -> Vec<String> {
        let text = self.text();
        let all = |before: &str| -> Vec<String> {
            let pieces = text.split(before).skip(1);
            pieces
                .map(|piece| short(piece.split(['<', '"']).next().unwrap()))
                .collect()
        };
        match all("<enrollmentId>") {
            none if none.is_empty() => all("\"enrollmentId\":\""),
            ids => ids,
        }
    }

    /// The token of the next page.
    pub fn next(&self) -> Option<String> {
        let text = self.text();
        let found = text
            .split_once("<nextPageToken>")
            .or_else(|| text.split_once("\"nextPageToken\":\""));
        let (_, token) = found?;
        Some(token.split(['<', '"']).next().unwrap().to_owned())
    }

    /// What an enrollment shows in one field; None: it shows no such field.
    pub fn field(&self, name: &str) -> Option<String> {
        let text = self.text();
        let (_, value) = text.split_once(&format!("<{name}>"))?;
        Some(value.split('<').next().unwrap().to_owned())
    }
}
