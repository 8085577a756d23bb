//! Adobe Learning Manager: who calls, in which order no is said, and what goes with every answer.

use std::io::Read as _;

use enrollmock::internals::emulator::Emulator;
use flate2::read::GzDecoder;

use crate::support::{Answer, Calls, emulator};

const PEOPLE: &str = "
alm:
  users:
    - { id: '20941371', email: lea@example.com }
    - { id: '20941372', email: ada@example.com, roles: [admin] }
    - { id: '20941373', roles: [learner, admin] }
  credentials:
    - { token: learner, user: '20941371' }
    - { token: admin, user: '20941372' }
    - { token: both, user: '20941373' }
    - { token: author, user: '20941371', scopes: ['learner:write'] }
    - { token: auditor, user: '20941372', scopes: ['admin:read'] }
    - { token: xapi, user: '20941373', scopes: ['learner:xapi', 'admin:xapi'] }
    - { token: nothing, user: '20941371', scopes: [] }
    - { token: expired, user: '20941371', expires: 2024-06-09T13:05:09Z }
    - { token: expiring, user: '20941371', expires: 2024-06-09T13:05:10Z }
";

const USER: &str = "/alm/primeapi/v2/user";
const NOTHING: &str = "/alm/primeapi/v2/nothing";
const CHECK: &str = "/alm/oauth/token/check";

fn people() -> Emulator {
    emulator(PEOPLE)
}

fn people_with(behaviour: &str) -> Emulator {
    emulator(&format!("{PEOPLE}  behaviour: {{ {behaviour} }}\n"))
}

/// Which of the gates a call passed.
fn passed(answer: &Answer) -> Vec<&'static str> {
    let passed = answer.entry.as_ref().unwrap().why.passed;
    passed.iter().map(|gate| gate.name()).collect()
}

/// Whether a call reached its operation, whatever that said.
fn got_through(answer: &Answer) -> bool {
    passed(answer).len() == 8
}

/// What a path that leads nowhere says to who may ask.
fn not_found(path: &str) -> String {
    format!(r#"{{"status":"NOT_FOUND","title":"Not Found","source":{{"info":"{path}"}}}}"#)
}

#[test]
fn a_token_is_taken_in_three_ways() {
    let it = people();
    for value in [
        "oauth learner",
        "OAuth learner",
        "Bearer learner",
        "bearer  learner ",
    ] {
        assert!(got_through(&it.get(USER).token(value).send()), "{value}");
    }
    let in_query = it.get(&format!("{USER}?include=account&access_token=learner"));
    let answer = in_query.send();
    assert!(got_through(&answer));
    let entry = answer.entry.unwrap();
    assert_eq!(entry.principal.as_deref(), Some("20941371"));
    assert_eq!(entry.query, "include=account&access_token=***");
}

#[test]
fn anything_else_is_nobodys() {
    let it = people();
    for value in [
        "",
        "learner",
        "oauth",
        "Basic learner",
        "oauth nobody",
        "oauth learner x",
    ] {
        let answer = it.get(USER).token(value).send();
        assert_eq!(answer.status, 401, "{value}");
        let body =
            r#"{"status":"UNAUTHORIZED","title":"Unauthorized","source":{"info":"Invalid token"}}"#;
        assert_eq!(answer.text(), body, "{value}");
        let content_type = answer.header("content-type");
        assert_eq!(content_type, Some("application/vnd.api+json;charset=UTF-8"));
    }
    let header_first = it
        .get(&format!("{USER}?access_token=learner"))
        .token("oauth nobody");
    assert_eq!(header_first.status(), 401);
    assert_eq!(it.get(&format!("{USER}?access_token=")).status(), 401);
}

#[test]
fn a_token_dies_at_its_second_and_says_so() {
    let it = people();
    let said = |token: &str| it.get(USER).bearer(token).send().text();
    assert!(said("expired").contains(r#""info":"Token expired""#));
    assert!(got_through(&it.get(USER).bearer("expiring").send()));
    it.advance("1s");
    assert!(said("expiring").contains(r#""info":"Token expired""#));
    let as_clients_see_it = people_with("invalid_token: bad_request");
    for token in ["expired", "nobody"] {
        let answer = as_clients_see_it.get(USER).bearer(token).send();
        assert_eq!(answer.status, 400);
        let body =
            r#"{"status":"BAD_REQUEST","title":"Unauthorized","source":{"info":"Invalid token"}}"#;
        assert_eq!(answer.text(), body);
    }
}

#[test]
fn scopes_are_separate_and_none_contains_another() {
    let it = people();
    let own = "/alm/primeapi/v2/enrollments";
    let of_users = "/alm/primeapi/v2/users/20941371/enrollments";
    for (token, method, path, may) in [
        ("learner", "GET", USER, true),
        ("admin", "GET", USER, true),
        ("auditor", "GET", USER, true),
        ("author", "GET", USER, false),
        ("xapi", "GET", USER, false),
        ("nothing", "GET", USER, false),
        ("learner", "GET", own, true),
        ("both", "GET", own, true),
        ("admin", "GET", own, false),
        ("author", "GET", own, false),
        ("author", "POST", own, true),
        ("admin", "POST", own, false),
        ("learner", "GET", of_users, true),
        ("admin", "GET", of_users, true),
        ("author", "GET", of_users, false),
        ("auditor", "POST", of_users, false),
        ("admin", "POST", of_users, true),
        ("learner", "POST", of_users, false),
        ("both", "POST", of_users, true),
    ] {
        let answer = it.call(method, path).bearer(token).send();
        let when = format!("{token} {method} {path}");
        assert_eq!(passed(&answer).contains(&"permit"), may, "{when}");
        if !may {
            assert_eq!(answer.status, 403, "{when}");
            let body = r#"{"status":"FORBIDDEN","title":"Forbidden","source":{"info":"Insufficient scope"}}"#;
            assert_eq!(answer.text(), body, "{when}");
        }
    }
}

#[test]
fn the_gates_refuse_in_their_order() {
    let it = people_with("unsupported_media_type: refuse");
    let path = "/alm/primeapi/v2/enrollments/course:1_2_20941371";
    let ask = |method: &str, path: &str| {
        it.call(method, path)
            .accept("image/png")
            .body("text/plain", "x")
    };
    assert_eq!(ask("PUT", NOTHING).status(), 401);
    assert_eq!(ask("PUT", NOTHING).bearer("admin").status(), 404);
    assert_eq!(ask("PUT", path).bearer("admin").status(), 405);
    assert_eq!(ask("PATCH", path).bearer("admin").status(), 415);
    let json = it.call("PATCH", path).json("{}").bearer("admin");
    assert_eq!(json.clone().accept("image/png").status(), 406);
    assert_eq!(json.status(), 403);
}

#[test]
fn a_body_of_any_type_is_read_unless_the_scenario_minds() {
    let path = "/alm/primeapi/v2/enrollments/course:1_2_20941371";
    let text = |it: &Emulator| {
        let ask = it.call("PATCH", path).body("text/plain", "x");
        ask.bearer("learner").status()
    };
    assert_ne!(text(&people()), 415);
    let it = people_with("unsupported_media_type: refuse");
    assert_eq!(text(&it), 415);
    for json in ["application/vnd.api+json;charset=UTF-8", "application/json"] {
        let ask = it.call("PATCH", path).body(json, "{}");
        assert!(got_through(&ask.bearer("learner").send()), "{json}");
    }
    let no_body = it.get(USER).header("content-type", "text/plain");
    assert!(got_through(&no_body.bearer("learner").send()));
}

#[test]
fn whoever_can_read_json_or_does_not_care_is_served() {
    let it = people();
    for accept in [
        "*/*",
        "application/*",
        "application/json",
        "application/vnd.api+json; q=0.9",
        "application/xml, application/vnd.api+json",
        "text/html",
        "",
    ] {
        let answer = it.get(USER).bearer("learner").accept(accept).send();
        assert!(got_through(&answer), "{accept}");
    }
    for accept in ["application/xml", "image/png", "text/plain, image/*"] {
        let answer = it.get(USER).bearer("learner").accept(accept).send();
        assert_eq!(answer.status, 406, "{accept}");
        let body = format!(
            r#"{{"status":"NOT_ACCEPTABLE","title":"Not Acceptable","source":{{"info":"{accept}"}}}}"#
        );
        assert_eq!(answer.text(), body);
    }
}

#[test]
fn beside_the_api_nobody_is_asked_who_calls() {
    let it = people();
    for path in ["/oauth/nothing", "/learningManager/api/v2/users", "/"] {
        let answer = it.get(&format!("/alm{path}")).send();
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.text(), not_found(path));
    }
    assert_eq!(it.get(CHECK).status(), 200);
}

#[test]
fn a_stray_slash_behind_the_version_is_forgiven() {
    let it = people();
    let answer = it.get("/alm/primeapi/v2//user").bearer("learner").send();
    assert!(got_through(&answer));
    assert_eq!(it.get("/alm/primeapi/v2//user").status(), 401);
}

#[test]
fn every_answer_carries_the_recorded_fields() {
    let it = people();
    for answer in [
        it.get(CHECK).send(),
        it.get(USER).send(),
        it.get(NOTHING).bearer("learner").send(),
        it.call("OPTIONS", NOTHING).send(),
        it.post("/alm/oauth/token").send(),
    ] {
        let names: Vec<&str> = answer.headers.keys().map(|name| name.as_str()).collect();
        let mut names: Vec<&str> = names
            .into_iter()
            .filter(|name| !["content-type", "content-length"].contains(name))
            .collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "access-control-allow-credentials",
                "access-control-allow-headers",
                "access-control-allow-methods",
                "access-control-expose-headers",
                "date",
                "server",
                "server-timing",
                "strict-transport-security",
                "x-content-type-options",
                "x-frame-options",
                "x-request-id",
                "x-xss-protection",
            ]
        );
        assert_eq!(answer.header("x-request-id"), Some("csvbscitrace"));
        assert_eq!(answer.header("server"), Some("openresty"));
    }
    let spoken = it.get(CHECK).header("accept-language", "de, en;q=0.5");
    let echoed = spoken.send();
    assert_eq!(
        echoed.header("requested-accept-language"),
        Some("de, en;q=0.5")
    );
}

#[test]
fn limits_are_shown_by_role_and_method_where_the_documents_count() {
    let it = people_with("rate_headers: documented");
    let shown = |method: &str, token: &str| {
        let answer = it.call(method, NOTHING).bearer(token).send();
        let field = |name| answer.header(name).map(str::to_owned);
        field("x-rate-limit").zip(field("x-burst"))
    };
    for (method, token, rate, burst) in [
        ("GET", "admin", "100r/m", "100"),
        ("HEAD", "learner", "100r/m", "30"),
        ("POST", "admin", "30r/m", "10"),
        ("PUT", "learner", "20r/m", "10"),
        ("PATCH", "admin", "60r/m", "20"),
        ("PATCH", "learner", "15r/m", "5"),
        ("DELETE", "admin", "25r/m", "10"),
        ("DELETE", "learner", "20r/m", "10"),
    ] {
        let expected = Some((rate.to_owned(), burst.to_owned()));
        assert_eq!(shown(method, token), expected, "{method} {token}");
    }
    assert_eq!(shown("GET", "nobody"), None);
}

#[test]
fn the_gateways_request_ids_differ_and_come_again_after_a_reset() {
    let it = people_with("request_id: gateway");
    let id = || {
        let answer = it.get(CHECK).send();
        answer.header("x-request-id").unwrap().to_owned()
    };
    let (one, two) = (id(), id());
    assert_ne!(one, two);
    let uuid = one.strip_prefix("gw").unwrap();
    let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert!(
        uuid.bytes()
            .all(|it| matches!(it, b'0'..=b'9' | b'A'..=b'F' | b'-'))
    );
    assert_eq!(it.post("/__admin/reset").status(), 204);
    assert_eq!(id(), one);
}

#[test]
fn options_is_answered_before_anything_is_asked() {
    let it = people_with("cors_origins: ['https://app.test']");
    for path in [USER, NOTHING, "/alm/oauth/token"] {
        let ask = it.call("OPTIONS", path).accept("image/png");
        let answer = ask.clone().send();
        assert_eq!((answer.status, answer.text().as_str()), (200, ""));
        assert_eq!(answer.header("content-type"), None);
        assert_eq!(answer.header("access-control-allow-origin"), None);
        let from = |origin| ask.clone().header("origin", origin).send();
        let allowed = from("https://app.test");
        let origin = allowed.header("access-control-allow-origin");
        assert_eq!(origin, Some("https://app.test"));
        let other = from("https://app.test.evil");
        assert_eq!(other.header("access-control-allow-origin"), None);
    }
    let answer = it.get(USER).header("origin", "https://app.test").send();
    let origin = answer.header("access-control-allow-origin");
    assert_eq!(
        origin,
        Some("https://app.test"),
        "refusals carry it as well"
    );
}

#[test]
fn bodies_are_packed_for_who_asks_and_for_nobody_else() {
    let it = people();
    let plain = it.get(CHECK).send();
    assert_eq!(plain.text(), r#"{"error":"invalid_token"}"#);
    for (encodings, packs) in [
        ("gzip", true),
        ("gzip, deflate, br, zstd", true),
        ("br;q=1.0, GZIP;q=0.5", true),
        ("*", true),
        ("", false),
        ("identity", false),
        ("br", false),
        ("gzip;q=0", false),
        ("gzip;q=0.000, *", false),
        ("*;q=0", false),
    ] {
        let answer = it.get(CHECK).header("accept-encoding", encodings).send();
        assert_eq!(answer.header("vary"), None);
        let length = answer.body.len().to_string();
        assert_eq!(answer.header("content-length"), Some(length.as_str()));
        let coding = answer.header("content-encoding");
        assert_eq!(coding, packs.then_some("gzip"), "{encodings}");
        let mut read = Vec::new();
        match packs {
            true => drop(GzDecoder::new(&answer.body[..]).read_to_end(&mut read)),
            false => read.extend_from_slice(&answer.body),
        }
        assert_eq!(read, plain.body, "{encodings}");
    }
}

#[test]
fn a_head_says_what_a_get_would_and_the_journal_reads_plain_text() {
    let it = people();
    let ask = |method: &str| {
        let ask = it.call(method, USER).header("accept-encoding", "gzip");
        ask.send()
    };
    let (get, head) = (ask("GET"), ask("HEAD"));
    assert_eq!(get.headers, head.headers);
    assert_eq!(get.header("content-encoding"), Some("gzip"));
    assert!(head.body.is_empty());
    let entry = get.entry.unwrap();
    assert!(
        entry
            .response_body
            .starts_with(b"{\"status\":\"UNAUTHORIZED\"")
    );
    assert!(head.entry.unwrap().response_body.is_empty());
}

#[test]
fn a_body_too_large_never_gets_past_the_gateway() {
    let it = people();
    for path in ["/alm/oauth/token", "/alm/primeapi/v2/enrollments"] {
        let mut ask = it.post(path).bearer("learner");
        ask.request.oversized = true;
        let answer = ask.send();
        assert_eq!(answer.status, 413, "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html"));
        assert_eq!(
            answer.text(),
            "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n\
             <center><h1>413 Request Entity Too Large</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n"
        );
    }
}
