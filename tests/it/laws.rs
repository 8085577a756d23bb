//! What holds for every operation of every vendor: these tests walk the tables.

use std::collections::BTreeSet;

use enrollmock::vendors::{Access, ApiError, AuthError, Operation, Surface, Vendor};
use hyper::Method;
use hyper::header::{HeaderName, HeaderValue};
use proptest::prelude::*;

use crate::support::{Answer, Calls, fill, school};

/// Every row of every table.
fn rows() -> Vec<(Vendor, &'static dyn Surface, &'static Operation)> {
    let vendors = Vendor::ALL.iter();
    vendors
        .flat_map(|vendor| vendor.surfaces().iter().map(move |s| (*vendor, *s)))
        .flat_map(|(vendor, surface)| {
            let operations = surface.operations().iter();
            operations.map(move |operation| (vendor, surface, operation))
        })
        .collect()
}

/// A path that leads to the operation.
fn path(vendor: Vendor, operation: &Operation) -> String {
    let record = match vendor {
        Vendor::Ispring => "$e1",
    };
    let path = operation.row.path.replace("{id}", record);
    assert!(!path.contains('{'), "no value for {path}");
    format!("/{}{path}", vendor.name())
}

/// A token that may do everything.
fn master(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Ispring => "account",
    }
}

/// The vendor's own words for a refusal, in XML and in JSON.
fn assert_says_no(vendor: Vendor, answer: &Answer, status: u16, xml: bool, when: &str) {
    let text = match (vendor, status) {
        (Vendor::Ispring, 400) => "Bad Request",
        (Vendor::Ispring, 401) => "Unauthorized",
        (Vendor::Ispring, 403) => "Permission denied",
        (Vendor::Ispring, 404) => "Not Found",
        (Vendor::Ispring, 405) => "Method Not Allowed",
        (Vendor::Ispring, other) => panic!("iSpring has no words for {other}"),
    };
    let (media, body) = match xml {
        true => (
            "application/xml",
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><code>{status}</code><message>{text}</message></response>"
            ),
        ),
        false => (
            "application/json",
            format!("{{\"code\":{status},\"message\":\"{text}\"}}"),
        ),
    };
    assert_eq!(answer.status, status, "{when}: {}", answer.text());
    assert_eq!(answer.text(), body, "{when}");
    assert_eq!(answer.header("content-type"), Some(media), "{when}");
    let length = body.len().to_string();
    assert_eq!(answer.header("content-length"), Some(&*length), "{when}");
}

#[test]
fn strangers_get_the_vendors_401_for_everything_that_is_not_public() {
    let it = school();
    let strangers: &[&[(&str, &str)]] = &[
        &[],
        &[("authorization", "")],
        &[("authorization", "nobody")],
        &[("authorization", "Bearer nobody")],
        &[("authorization", "Bearer")],
        &[("authorization", "Basic YWNjb3VudDo=")],
        &[("authorization", "\u{FF}\u{FE}")],
        &[("authorization", "expired")],
        &[("authorization", "inactive")],
        &[("x-auth-email", "ann@example.com")],
    ];
    for (vendor, _, operation) in rows() {
        for stranger in strangers {
            for (accept, xml) in [("*/*", true), ("application/json", false)] {
                let when = format!("{} {} {stranger:?}", operation.row.id, operation.row.method);
                let path = path(vendor, operation);
                let mut ask = it.call(operation.row.method.as_str(), &path).accept(accept);
                for (name, value) in *stranger {
                    ask = ask.header(name, value);
                }
                let answer = ask.send();
                match operation.row.access {
                    Access::Public => assert_ne!(answer.status, 401, "{when}"),
                    Access::Needs(_) => assert_says_no(vendor, &answer, 401, xml, &when),
                }
            }
        }
    }
}

#[test]
fn callers_without_the_right_get_the_vendors_403_before_their_request_is_read() {
    let it = school();
    for (vendor, _, operation) in rows() {
        let Access::Needs(_) = operation.row.access else {
            continue;
        };
        for caller in ["learner", "powerless"] {
            for (accept, xml) in [("*/*", true), ("application/json", false)] {
                let when = format!("{} as {caller}", operation.row.id);
                let answer = it
                    .call(operation.row.method.as_str(), &path(vendor, operation))
                    .token(caller)
                    .accept(accept)
                    .body("application/xml", "<broken")
                    .send();
                assert_says_no(vendor, &answer, 403, xml, &when);
            }
        }
    }
}

#[test]
fn a_head_is_its_get_without_the_body() {
    let it = school();
    let gets = rows()
        .into_iter()
        .filter(|(_, _, o)| o.row.method == Method::GET);
    let mut targets: Vec<String> = gets.map(|(vendor, _, o)| path(vendor, o)).collect();
    targets.extend(
        [
            "/enrollment?courseIds=nonsense",
            "/enrollments?pageSize=2",
            "/enrollments?pageSize=0",
            "/enrollment/$e99",
            "/api/v3/token",
            "/ispring/nowhere",
            "/nowhere",
            "/livez",
            "/readyz",
            "/__admin/clock",
            "/__admin/nowhere",
        ]
        .map(str::to_owned),
    );
    for target in targets {
        for caller in ["account", "learner", "nobody"] {
            for accept in ["*/*", "application/json"] {
                let ask = |method| it.call(method, &target).token(caller).accept(accept).send();
                let (get, head) = (ask("GET"), ask("HEAD"));
                assert_eq!(head.status, get.status, "{target} as {caller}");
                let told = head.headers.get("content-length");
                assert_eq!(
                    told,
                    get.headers.get("content-length"),
                    "{target} as {caller}"
                );
                assert_eq!(head.headers, get.headers, "{target} as {caller}");
                assert!(head.body.is_empty(), "{target} as {caller}");
                assert!(!get.body.is_empty(), "{target} as {caller}");
            }
        }
    }
}

#[test]
fn unknown_paths_are_the_vendors_404_before_anybody_is_asked_who_calls() {
    let it = school();
    for vendor in Vendor::ALL {
        for method in ["GET", "POST", "PUT", "DELETE"] {
            for path in [
                "",
                "/",
                "/enrolment",
                "/enrollment/$e1/certificate",
                "/enrollment//",
                "/api/v1/enrollment",
                "/api/v2",
                "/api/v2/enrollment/$e1/reenroll/again",
                "//enrollment",
                "/%00",
                "/..",
            ] {
                let target = format!("/{}{path}", vendor.name());
                for (accept, xml) in [("text/html", true), ("application/json", false)] {
                    let answer = it.call(method, &target).accept(accept).send();
                    assert_says_no(*vendor, &answer, 404, xml, &format!("{method} {target}"));
                }
            }
        }
    }
}

/// Whether a path is one of this row's: `/enrollment/delete` is one of `/enrollment/{id}` as well.
fn leads_to(target: &str, vendor: Vendor, row: &str) -> bool {
    let inside = target.strip_prefix(&format!("/{}", vendor.name())).unwrap();
    let (target, row) = (inside.split('/'), row.split('/'));
    target.clone().count() == row.clone().count()
        && target
            .zip(row)
            .all(|(is, wanted)| is == wanted || wanted.starts_with('{'))
}

#[test]
fn other_methods_are_the_vendors_405_with_those_that_work() {
    let it = school();
    for (vendor, surface, operation) in rows() {
        let target = path(vendor, operation);
        let mut table: BTreeSet<String> = BTreeSet::new();
        for other in surface.operations() {
            if leads_to(&target, vendor, other.row.path) {
                table.insert(other.row.method.to_string());
            }
        }
        let other_methods = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
        for method in other_methods {
            for slash in ["", "/"] {
                // The token endpoint answers JSON to whoever does not ask for XML.
                let answer = it
                    .call(method, &format!("{target}{slash}"))
                    .accept("application/json")
                    .send();
                let when = format!("{method} {target}");
                assert_says_no(vendor, &answer, 405, false, &when);
                let allow = answer.header("allow").unwrap();
                let allow: BTreeSet<String> = allow.split(", ").map(str::to_owned).collect();
                assert_eq!(allow, table, "{when}");
            }
        }
    }
}

/// One of each. Without a line here a new variant does not compile.
fn every_error() -> Vec<ApiError> {
    let text = || "something".to_owned();
    let all = vec![
        ApiError::NoSuchPath,
        ApiError::MethodNotAllowed(vec![Method::GET]),
        ApiError::Unauthenticated(AuthError::Missing),
        ApiError::Unauthenticated(AuthError::Malformed),
        ApiError::Unauthenticated(AuthError::Unknown),
        ApiError::Unauthenticated(AuthError::Expired),
        ApiError::Unauthenticated(AuthError::Inactive),
        ApiError::Forbidden,
        ApiError::OutOfScope(text()),
        ApiError::TooLarge,
        ApiError::Malformed(text()),
        ApiError::BadCursor(text()),
        ApiError::NoSuchRecord(text()),
        ApiError::NoSuchObject(text()),
        ApiError::BadClient,
        ApiError::Internal,
    ];
    for error in &all {
        match error {
            ApiError::NoSuchPath
            | ApiError::MethodNotAllowed(_)
            | ApiError::Unauthenticated(
                AuthError::Missing
                | AuthError::Malformed
                | AuthError::Unknown
                | AuthError::Expired
                | AuthError::Inactive,
            )
            | ApiError::Forbidden
            | ApiError::OutOfScope(_)
            | ApiError::TooLarge
            | ApiError::Malformed(_)
            | ApiError::BadCursor(_)
            | ApiError::NoSuchRecord(_)
            | ApiError::NoSuchObject(_)
            | ApiError::BadClient
            | ApiError::Internal => {}
        }
    }
    all
}

#[test]
fn every_surface_has_words_for_every_error() {
    let it = school();
    for vendor in Vendor::ALL {
        for surface in vendor.surfaces() {
            for error in every_error() {
                assert!(!error.what().is_empty(), "{error:?}");
                let request = enrollmock::http::Request::new(Method::GET, "/");
                let reply = surface.refuse(&error, &request, it.main());
                let status = reply.status;
                assert!(status.is_client_error() || status.is_server_error());
                assert_eq!(
                    status.is_server_error(),
                    error == ApiError::Internal,
                    "only the emulator's own fault is a 500: {error:?}"
                );
                assert!(!reply.body.collect().is_empty(), "{error:?}");
                assert_eq!(
                    reply.headers.contains_key("allow"),
                    status.as_u16() == 405,
                    "{error:?}"
                );
            }
        }
    }
}

#[test]
fn every_prefix_slash_and_host_leads_to_the_same_operation() {
    let it = school();
    let plain = it.get("/enrollment").token("account").send();
    for prefix in ["", "/api/v2", "/api/v3", "/index.php/api/v2"] {
        for slash in ["", "/"] {
            for (base, host) in [
                ("/ispring", "127.0.0.1:8650"),
                ("/ispring", "api-learn.ispringlearn.com"),
                ("", "localhost:8650"),
                ("", "[::1]:8650"),
                ("", "api-learn.ispringlearn.com"),
                ("", "API-learn.ispringlearn.EU:443"),
                ("", "api-learn.ispring.com."),
                ("", "school.ispringlearn.ru"),
            ] {
                let target = format!("{base}{prefix}/enrollment{slash}?courseIds[]=");
                let target = target.trim_end_matches("?courseIds[]=").to_owned();
                let answer = it
                    .get(&target)
                    .header("host", host)
                    .token("account")
                    .header("x-target-locale", "de-DE")
                    .send();
                assert_eq!(answer.text(), plain.text(), "{host} {target}");
                let entry = answer.entry.unwrap();
                assert_eq!(entry.operation, Some("list_enrollments"), "{host} {target}");
            }
        }
    }
    // The token endpoint has one path on every host.
    for path in ["/api/v3/token", "/api/v3/token/", "/ispring/api/v3/token"] {
        let answer = it
            .post(path)
            .form("client_id=client&client_secret=secret&grant_type=client_credentials")
            .send();
        assert_eq!(answer.status, 200, "{path}");
    }
}

/// A target near those that exist, and any other.
fn any_target() -> impl Strategy<Value = String> {
    let known: Vec<String> = rows().iter().map(|(v, _, o)| fill(&path(*v, o))).collect();
    let segment = prop_oneof![
        Just(fill("$e1")),
        Just("enrollment".to_owned()),
        Just("%00%ff%".to_owned()),
        "\\PC{0,12}",
    ];
    let path = prop_oneof![
        4 => proptest::sample::select(known.clone()),
        2 => (proptest::sample::select(known), "\\PC{0,20}").prop_map(|(path, more)| path + &more),
        1 => segment.clone().prop_map(|segment| format!("/ispring/enrollment/{segment}")),
        1 => proptest::collection::vec(segment, 0..5).prop_map(|all| format!("/{}", all.join("/"))),
    ];
    let name = prop_oneof![
        Just("courseIds[]".to_owned()),
        Just("learnerIds".to_owned()),
        Just("enrollmentIds%5B0%5D".to_owned()),
        Just("pageSize".to_owned()),
        Just("pageToken".to_owned()),
        Just("courseIds[[]]][".to_owned()),
        "\\PC{0,8}",
    ];
    let value = prop_oneof![
        Just(fill("$c1,$c2")),
        Just("18446744073709551616".to_owned()),
        Just("-1".to_owned()),
        Just("%C3%28%00".to_owned()),
        "\\PC{0,16}",
    ];
    let query = proptest::collection::vec((name, value), 0..5).prop_map(|pairs| {
        let pairs: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={v}")).collect();
        pairs.join("&")
    });
    (path, query).prop_map(|(path, query)| format!("{path}?{query}"))
}

const TYPES: &[&str] = &[
    "application/json",
    "application/xml",
    "text/xml; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=X-bound",
    "multipart/form-data",
    "text/plain",
    "",
];

/// A valid body of each type, for the mutations to start from.
const BODIES: &[&str] = &[
    r#"{"learnerIds":["$u11"],"courseIds":{"id":["$c1"]},"enrollmentIds":["$e1"],"accessDate":"2024-06-09","dueDateType":"due_period","duePeriod":72,"lockAfterDueDate":true,"pageSize":2,"pageToken":""}"#,
    "<?xml version=\"1.0\"?><request><courseIds><id>$c1</id></courseIds><learnerIds><id>$u11</id></learnerIds><enrollmentIds><id>$e1</id></enrollmentIds><accessDate>2024-06-09 10:30:00</accessDate><dueDateType>due_date</dueDateType><dueDate>2024-07-01</dueDate><lockAfterDueDate>true</lockAfterDueDate></request>\r\n ",
    "courseIds[id][0]=$c1&learnerIds[]=$u11&enrollmentIds[0]=$e1&dueDateType=unlimited&accessDate=2024-06-09&pageSize=3",
    "--X-bound\r\nContent-Disposition: form-data; name=\"courseIds[id][0]\"\r\n\r\n$c1\r\n--X-bound\r\nContent-Disposition: form-data; name=\"learnerIds[id]\"\r\n\r\n$u11\r\n--X-bound--\r\n",
    "client_id=client&client_secret=secret&grant_type=client_credentials",
];

fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let valid: Vec<Vec<u8>> = BODIES.iter().map(|body| fill(body).into_bytes()).collect();
    let junk = proptest::collection::vec(any::<u8>(), 0..8);
    let edit = (any::<proptest::sample::Index>(), 0..6usize, junk);
    let edits = proptest::collection::vec(edit, 0..4);
    let mutated = (proptest::sample::select(valid), edits).prop_map(|(mut body, edits)| {
        for (at, taken, put) in edits {
            let at = at.index(body.len() + 1);
            let end = (at + taken).min(body.len());
            body.splice(at..end, put);
        }
        body
    });
    prop_oneof![
        3 => mutated,
        1 => proptest::collection::vec(any::<u8>(), 0..200),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn whatever_is_sent_there_is_an_answer_and_it_is_no_500(
        method in proptest::sample::select(&["GET", "POST", "HEAD", "DELETE", "PUT"][..]),
        target in any_target(),
        accept in prop_oneof![Just("application/json".to_owned()), "[ -~]{0,20}"],
        content_type in prop_oneof![
            4 => proptest::sample::select(TYPES).prop_map(str::to_owned),
            1 => "[ -~]{0,30}",
        ],
        body in any_body(),
        headers in proptest::collection::vec(
            (
                proptest::sample::select(&["authorization", "host", "x-auth-email", "x-forwarded-proto", "x-other"][..]),
                proptest::collection::vec(prop_oneof![Just(b'\t'), 32..=126u8, 128..=255u8], 0..20),
            ),
            0..3,
        ),
        signed in any::<bool>(),
    ) {
        thread_local! {
            static SCHOOL: enrollmock::emulator::Emulator = school();
        }
        SCHOOL.with(|it| -> Result<(), TestCaseError> {
            // Another world than the one before: answers must not depend on luck.
            it.post("/__admin/reset").send();
            let mut ask = it.call("GET", "/").body(&content_type, body);
            ask.request.method = method.parse().unwrap();
            let (path, query) = target.split_once('?').unwrap();
            ask.request.path = path.to_owned();
            ask.request.query = query.to_owned();
            if signed {
                ask = ask.token(master(Vendor::Ispring));
            }
            ask = ask.accept(&accept);
            for (name, value) in headers {
                let value = HeaderValue::from_bytes(&value).unwrap();
                ask.request.headers.append(HeaderName::from_static(name), value);
            }
            let answer = ask.send();
            prop_assert!(answer.status < 500, "{}", answer.status);
            prop_assert!(answer.header("date").is_some());
            let entry = answer.entry;
            prop_assert!(entry.is_some() || path.starts_with("/__admin") || path.ends_with("z"));
            Ok(())
        })?;
    }
}
