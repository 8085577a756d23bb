//! Open edX: who calls, in which order no is said, and in which words.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use enrollmock::internals::emulator::Emulator;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::header::{AUTHORIZATION, HeaderValue};
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::support::{Answer, Ask, Calls, emulator};

/// Everybody that a credential can belong to.
const PEOPLE: &str = "
openedx:
  users:
    - { username: staff, staff: true }
    - { username: learner }
    - { username: inactive, active: false, staff: true }
    - { username: disabled, disabled: true, staff: true }
    - { username: owner, disabled: true, staff: true }
    - { username: both, disabled: true, active: false, staff: true }
    - { username: gone, retired: true, email: gone@example.com }
    - { username: teacher, course_admin: ['course-v1:o+c+r'] }
  courses: [{ key: 'course-v1:o+c+r' }]
  invitations: [{ email: new@example.com, course: 'course-v1:o+c+r', auto_enroll: true }]
  credentials:
    - { token: t-staff, user: staff }
    - { token: t-learner, user: learner }
    - { token: t-inactive, user: inactive }
    - { token: t-disabled, user: disabled }
    - { token: t-owner, user: owner }
    - { token: t-both, user: both }
    - { token: t-teacher, user: teacher }
    - { token: t-expired, user: staff, expires: 2024-06-09T13:05:09Z }
    - { client_id: clean, client_secret: s, user: owner }
";

const BULK: &str = "/openedx/api/bulk_enroll/v1/bulk_enroll";
const SO2: &str = "/openedx/api/so2/v1/enrollments";
const LIST: &str = "/openedx/api/enrollment/v1/enrollments";
const OWN: &str = "/openedx/api/enrollment/v1/enrollment";
const ME: &str = "/openedx/api/user/v1/me";

fn people() -> Emulator {
    emulator(PEOPLE)
}

fn people_with(behaviour: &str) -> Emulator {
    emulator(&format!("{PEOPLE}  behaviour: {{ {behaviour} }}\n"))
}

/// What the view says of itself: nothing but the gates stands before it.
fn knock(it: &Emulator, path: &str, authorization: &str) -> Answer {
    it.call("OPTIONS", path).token(authorization).send()
}

fn assert_plain_401(answer: &Answer, body: &str, when: &str) {
    assert_eq!(answer.status, 401, "{when}: {}", answer.text());
    assert_eq!(answer.text(), body, "{when}");
    let scheme = answer.header("www-authenticate");
    assert_eq!(scheme, Some("JWT realm=\"api\""), "{when}");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.header("allow").is_some(), "{when}");
}

const NOT_PROVIDED: &str = r#"{"detail":"Authentication credentials were not provided."}"#;
const EMPTY: &str = r#"{"error_code":"token_not_provided","developer_message":"Invalid token header. No credentials provided."}"#;
const SPACES: &str = r#"{"error_code":"token_malformed","developer_message":"Invalid token header. Token string should not contain spaces."}"#;
const NONEXISTENT: &str = r#"{"error_code":"token_nonexistent","developer_message":"The provided access token does not match any valid tokens."}"#;
const EXPIRED: &str = r#"{"error_code":"token_expired","developer_message":"The provided access token has expired and is no longer valid."}"#;
const UNDECODABLE: &str = r#"{"detail":"Error decoding token."}"#;
const INVALID: &str = r#"{"detail":"Invalid token."}"#;
const NAMELESS: &str = r#"{"detail":"JWT must include a preferred_username or username claim!"}"#;

#[test]
fn words_are_counted_before_the_scheme_is_looked_at() {
    let it = people();
    for (value, body) in [
        ("", NOT_PROVIDED),
        ("Token t-staff", NOT_PROVIDED),
        ("Basic dDp0", NOT_PROVIDED),
        ("Bearer", EMPTY),
        ("JWT", EMPTY),
        ("t-staff", EMPTY),
        ("Bearer a b", SPACES),
        ("Token a b", SPACES),
        ("JWT a b", SPACES),
        ("Basic a b c", SPACES),
        ("Bearer nobody", NONEXISTENT),
        ("Bearer T-STAFF", NONEXISTENT),
        ("Bearer \u{e9}", NONEXISTENT),
        ("bearer t-expired", EXPIRED),
        // The class for signed tokens wants exactly one blank, and the other one does not know the scheme.
        ("JWT  a.b.c", NOT_PROVIDED),
        ("JWT a.b.c", UNDECODABLE),
        ("jwt a", UNDECODABLE),
    ] {
        for path in [BULK, SO2, OWN, ME] {
            assert_plain_401(&knock(&it, path, value), body, &format!("{value} {path}"));
        }
    }
    assert_plain_401(&it.get(SO2).send(), NOT_PROVIDED, "no header");
    for value in [
        "Bearer t-staff",
        "bEARER t-staff",
        "Bearer    t-staff",
        "Bearer\tt-staff",
    ] {
        assert_eq!(knock(&it, BULK, value).status, 200, "{value:?}");
    }
    // Two fields are one with a comma.
    let ask = it
        .call("OPTIONS", BULK)
        .token("Bearer t-staff")
        .token("Bearer t-staff");
    assert_plain_401(&ask.send(), SPACES, "two fields");
}

#[test]
fn a_credential_that_is_no_text_breaks_the_view() {
    for (profile, content_type) in [
        ("legacy", "text/html"),
        ("classic", "text/html"),
        ("ulmo", "text/html; charset=utf-8"),
    ] {
        let it = people_with(&format!("profile: {profile}"));
        for (value, status) in [
            (&b"Bearer \xFF\xFE"[..], 500),
            (b"bearer a\xFF", 500),
            (b"JWT \xFF", 401),
            (b"Bearer \xFF b", 401),
            (b"\xFF", 401),
        ] {
            let mut ask = it.get(BULK);
            let value = HeaderValue::from_bytes(value).unwrap();
            ask.request.headers.insert(AUTHORIZATION, value);
            let answer = ask.send();
            assert_eq!(answer.status, status);
            if status == 500 {
                assert_eq!(answer.header("content-type"), Some(content_type));
                assert_eq!(answer.body.len(), 145);
                assert!(answer.text().contains("Server Error (500)"));
                assert_eq!(answer.header("allow"), None);
            }
        }
    }
}

#[test]
fn accounts_that_are_switched_off_are_refused_where_upstream_refuses_them() {
    let it = people();
    let inactive = r#"{"error_code":"user_not_active","developer_message":"User inactive or deleted: inactive"}"#;
    let disabled = r#"{"error_code":"user_is_disabled","developer_message":"User disabled by admin: disabled"}"#;
    let both =
        r#"{"error_code":"user_is_disabled","developer_message":"User disabled by admin: both"}"#;
    for path in [BULK, SO2] {
        assert_plain_401(&knock(&it, path, "Bearer t-inactive"), inactive, path);
    }
    for path in [BULK, SO2, OWN, ME] {
        assert_plain_401(&knock(&it, path, "Bearer t-disabled"), disabled, path);
        assert_plain_401(&knock(&it, path, "Bearer t-both"), both, path);
        // Who owns a client is let in without a password.
        assert_eq!(knock(&it, path, "Bearer t-owner").status, 200, "{path}");
    }
    for path in [OWN, ME, LIST] {
        assert_eq!(knock(&it, path, "Bearer t-inactive").status, 200, "{path}");
    }
    let me = it.get(ME).token("Bearer t-inactive").send().ok();
    assert_eq!(me.text(), r#"{"username":"inactive"}"#);
    assert_eq!(me.header("allow"), Some("GET, HEAD, OPTIONS"));
    assert_eq!(me.header("content-type"), Some("application/json"));
}

#[test]
fn whoever_is_not_staff_is_refused_before_the_method_is_looked_at() {
    let it = people();
    let no = r#"{"detail":"You do not have permission to perform this action."}"#;
    for (method, path, allow) in [
        ("POST", BULK, "POST, OPTIONS"),
        ("GET", BULK, "POST, OPTIONS"),
        ("OPTIONS", BULK, "POST, OPTIONS"),
        ("GET", SO2, "GET, HEAD, OPTIONS"),
        ("DELETE", SO2, "GET, HEAD, OPTIONS"),
    ] {
        for token in ["Bearer t-learner", "Bearer t-teacher"] {
            let answer = it.call(method, path).token(token).body("x/y", "{").send();
            assert_eq!(answer.status, 403, "{method} {path}");
            assert_eq!(answer.text(), no);
            assert_eq!(answer.header("www-authenticate"), None);
            assert_eq!(answer.header("allow"), Some(allow));
        }
    }
    let it = people_with("course_admin_ok: true");
    assert_eq!(knock(&it, BULK, "Bearer t-teacher").status, 200);
    assert_eq!(knock(&it, BULK, "Bearer t-learner").status, 403);
}

#[test]
fn the_developer_dialect_nests_and_names_no_scheme() {
    let it = people();
    for (value, status, detail) in [
        (
            "Token x",
            401,
            "\"Authentication credentials were not provided.\"",
        ),
        ("Bearer nobody", 401, NONEXISTENT),
        ("JWT x", 401, "\"Error decoding token.\""),
        (
            "Bearer t-learner",
            403,
            "\"You do not have permission to perform this action.\"",
        ),
    ] {
        let answer = it.get(LIST).token(value).send();
        assert_eq!(answer.status, status, "{value}");
        assert_eq!(answer.text(), format!("{{\"developer_message\":{detail}}}"));
        assert_eq!(answer.header("www-authenticate"), None);
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
    }
    let refused = [
        it.post(LIST).token("Bearer t-staff"),
        it.get(LIST).accept("text/html"),
    ];
    insta::assert_snapshot!(refused.map(|ask| ask.send().said()).join("\n"), @r#"
    405 {"developer_message":"Method \"POST\" not allowed."} (application/json)
    406 {"developer_message":"Could not satisfy the request Accept header."} (application/json)
    "#);
}

#[test]
fn so2_may_be_a_view_that_takes_nothing_but_bearer() {
    let it = people_with("so2_www_authenticate: bearer");
    let scheme = |path: &str| {
        let answer = it.call("OPTIONS", path).send();
        answer.header("www-authenticate").map(str::to_owned)
    };
    assert_eq!(scheme(SO2).as_deref(), Some("Bearer realm=\"api\""));
    assert_eq!(scheme(BULK).as_deref(), Some("JWT realm=\"api\""));
}

#[test]
fn other_methods_are_refused_with_those_that_work_in_djangos_order() {
    let it = people();
    for (method, path, allow) in [
        ("GET", BULK, "POST, OPTIONS"),
        ("PROPFIND", BULK, "POST, OPTIONS"),
        ("POST", SO2, "GET, HEAD, OPTIONS"),
        ("DELETE", OWN, "GET, POST, HEAD, OPTIONS"),
        ("PATCH", ME, "GET, HEAD, OPTIONS"),
    ] {
        let answer = it.call(method, path).token("Bearer t-staff").send();
        assert_eq!(answer.status, 405, "{method} {path}");
        let body = format!("{{\"detail\":\"Method \\\"{method}\\\" not allowed.\"}}");
        assert_eq!(answer.text(), body);
        assert_eq!(answer.header("allow"), Some(allow));
        assert_eq!(it.call(method, path).status(), 401, "{method} {path}");
    }
    let head = it.call("HEAD", BULK).token("Bearer t-staff").send();
    assert_eq!((head.status, head.body.len()), (405, 0));
    let head = it.call("HEAD", ME).token("Bearer t-staff").send();
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some("20"));
}

#[test]
fn options_describes_the_view_to_who_may_use_it() {
    let it = people();
    for (path, name, parses) in [
        (BULK, "Bulk Enroll", true),
        (SO2, "Enrollments", true),
        (OWN, "Enrollment List", true),
        (LIST, "Course Enrollments Api List", true),
        (ME, "Account", false),
        (
            "/openedx/api/enrollment/v1/enrollment/course-v1:o+c+r",
            "Enrollment",
            true,
        ),
    ] {
        let text = knock(&it, path, "Bearer t-staff").ok().text();
        assert!(
            text.starts_with(&format!("{{\"name\":\"{name}\",\"description\":\"")),
            "{text}"
        );
        assert!(text.contains(r#"","renders":["application/json"],"parses":["application/json","#));
        let forms = r#""application/x-www-form-urlencoded","multipart/form-data"]}"#;
        assert_eq!(text.ends_with(forms), parses, "{text}");
    }
}

#[test]
fn who_cannot_read_json_is_refused_before_anybody_asks_who_calls() {
    let it = people();
    for accept in [
        "text/html",
        "application/xml",
        "text/*",
        "",
        "*",
        "json",
        "application/jso",
    ] {
        let answer = it.call("PUT", BULK).accept(accept).send();
        assert_eq!(answer.status, 406, "{accept:?}");
        assert_eq!(
            answer.text(),
            r#"{"detail":"Could not satisfy the request Accept header."}"#
        );
        assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
    }
    for accept in [
        "*/*",
        "application/*",
        "APPLICATION/JSON",
        "*/json",
        "application/json; charset=utf-8",
        "application/json;q=0",
        "text/html, application/json",
    ] {
        let ask = it.get(ME).token("Bearer t-staff").accept(accept);
        assert_eq!(ask.status(), 200, "{accept}");
    }
    let ask = it.get(ME).token("Bearer t-staff").accept("text/html");
    assert_eq!(ask.accept("application/json").status(), 200);
}

#[test]
fn paths_that_lead_nowhere_get_a_page() {
    let it = people();
    for path in [
        "",
        "/",
        "/api",
        "/api/user/v1/me/",
        "/api/so2/v1/users",
        "/oauth2/token",
    ] {
        for method in ["GET", "POST", "OPTIONS"] {
            let answer = it
                .call(method, &format!("/openedx{path}"))
                .accept("x/y")
                .send();
            assert_eq!(answer.status, 404, "{method} {path}");
            assert_eq!(
                answer.header("content-type"),
                Some("text/html; charset=utf-8")
            );
            assert!(answer.text().contains("Not Found (404)"));
            assert_eq!(answer.header("allow"), None);
        }
    }
}

#[test]
fn a_body_too_large_is_stopped_before_it_is_read() {
    let it = people();
    for (path, token, status) in [
        (BULK, "Bearer t-staff", 413),
        (BULK, "Bearer t-learner", 403),
        ("/openedx/oauth2/access_token", "", 413),
    ] {
        let mut ask = it.post(path).token(token);
        ask.request.oversized = true;
        let answer = ask.send();
        assert_eq!(answer.status, status, "{path}");
        if status == 413 {
            assert_eq!(answer.header("content-type"), Some("text/html"));
        }
    }
}

#[test]
fn browsers_of_listed_origins_are_let_in() {
    let it = people_with("cors_origins: ['https://app.example.com']");
    let good = "https://app.example.com";
    for (path, token) in [
        (ME, "Bearer t-staff"),
        (ME, "x y z"),
        ("/openedx/nowhere", ""),
    ] {
        for (origin, listed) in [
            (Some(good), true),
            (Some("https://other.example.com"), false),
            (None, false),
        ] {
            let mut ask = it.get(path).token(token);
            if let Some(origin) = origin {
                ask = ask.header("origin", origin);
            }
            // On anything but OPTIONS these ask for nothing.
            let answer = ask
                .header("access-control-request-headers", "authorization")
                .send();
            let plain = it.get(path).token(token).send();
            assert_eq!((answer.status, answer.text()), (plain.status, plain.text()));
            assert_eq!(answer.header("vary"), Some("origin"));
            let allowed = answer.header("access-control-allow-origin");
            assert_eq!(allowed, listed.then_some(good));
            let credentials = answer.header("access-control-allow-credentials");
            assert_eq!(credentials, listed.then_some("true"));
            assert_eq!(answer.header("access-control-allow-methods"), None);
        }
    }
}

#[test]
fn a_preflight_is_answered_on_any_path_before_anybody_asks_who_calls() {
    let asks = |it: &Emulator, path: &str, origin: &str| {
        let ask = it.call("OPTIONS", path).header("origin", origin);
        ask.header("access-control-request-method", "POST").send()
    };
    let it = people_with("cors_origins: ['https://app.example.com']");
    for path in [
        BULK,
        LIST,
        "/openedx/oauth2/access_token",
        "/openedx/nowhere",
    ] {
        let answer = asks(&it, path, "https://app.example.com");
        assert_eq!((answer.status, answer.body.len()), (200, 0), "{path}");
        for (name, value) in [
            ("access-control-allow-origin", "https://app.example.com"),
            ("access-control-allow-credentials", "true"),
            (
                "access-control-allow-headers",
                "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with, use-jwt-cookie",
            ),
            (
                "access-control-allow-methods",
                "DELETE, GET, OPTIONS, PATCH, POST, PUT",
            ),
            ("access-control-max-age", "86400"),
            ("vary", "origin"),
            ("content-length", "0"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        assert_eq!(answer.header("allow"), None);
        let answer = asks(&it, path, "http://app.example.com");
        assert_eq!((answer.status, answer.body.len()), (200, 0), "{path}");
        assert_eq!(answer.header("access-control-allow-methods"), None);
        assert_eq!(answer.header("vary"), Some("origin"));
    }
    let off = people();
    let answer = asks(&off, BULK, "https://app.example.com");
    assert_plain_401(&answer, NOT_PROVIDED, "CORS is off");
    assert_eq!(answer.header("vary"), None);
}

#[test]
fn a_whole_lms_says_more_in_its_headers() {
    let it = people_with("lms_headers: true, cors_origins: []");
    let me = it.get(ME).token("Bearer t-staff").send().ok();
    assert_eq!(me.header("content-language"), Some("en"));
    assert_eq!(me.header("x-frame-options"), Some("DENY"));
    let vary: Vec<_> = me.headers.get_all("vary").iter().collect();
    assert_eq!(vary, ["Accept-Language, Cookie, origin"]);
    assert_eq!(people().get(ME).send().header("content-language"), None);
}

/// A token as a client makes it that knows the secret.
fn signed_with(secret: &str, header: &str, claims: &str) -> String {
    let mut text = URL_SAFE_NO_PAD.encode(header);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut text);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("JWT {text}.{signature}")
}

/// The same, with the default secret and these claims in place of good ones.
fn jwt(changed: &str) -> String {
    // 2024-06-09T13:05:09Z is 1717938309.
    let good = r#"{"aud":"openedx","exp":1717941909,"iat":1717938309,"iss":"https://lms.example.com/oauth2","version":"1.2.0","preferred_username":"staff"}"#;
    let mut claims: Map<String, Value> = serde_json::from_str(good).unwrap();
    let changed = format!("{{{}}}", changed.trim_start_matches(','));
    claims.extend(serde_json::from_str::<Map<String, Value>>(&changed).unwrap());
    let claims = serde_json::to_string(&claims).unwrap();
    signed_with(
        "enrollmock-not-a-secret",
        r#"{"alg":"HS256","typ":"JWT"}"#,
        &claims,
    )
}

fn name(answer: Answer) -> String {
    answer.ok().text()
}

#[test]
fn a_jwt_is_believed_if_it_is_signed_and_meant_for_here() {
    let it = people();
    for good in [
        jwt(""),
        jwt("").replacen("JWT", "jwt", 1),
        jwt(r#","aud":["other","openedx"]"#),
        jwt(r#","version":"1.9.9""#),
        jwt(r#","exp":1717938309.5"#),
        jwt(r#","preferred_username":"","username":"staff""#),
    ] {
        assert_eq!(knock(&it, BULK, &good).status, 200, "{good}");
    }
    for bad in [
        jwt(r#","exp":1717938309"#),
        jwt(r#","exp":null"#),
        jwt(r#","exp":"never""#),
        jwt(r#","iat":1717938310"#),
        jwt(r#","nbf":1717938310"#),
        jwt(r#","aud":"other""#),
        jwt(r#","aud":null"#),
        jwt(r#","iss":"https://other.example.com/oauth2""#),
        jwt(r#","version":"2.0.0""#),
        jwt(r#","version":"latest""#),
        jwt(r#","iss":["https://lms.example.com/oauth2"]"#),
        jwt(r#","iss":7"#),
        format!("{}A", jwt("")),
        format!("{}!", jwt("")),
        format!("{}=", jwt("")),
        "JWT e30.e30.*".to_owned(),
        "JWT e30.e30.".to_owned(),
        signed_with("another", r#"{"alg":"HS256"}"#, "{}"),
        signed_with("enrollmock-not-a-secret", r#"{"alg":"none"}"#, "{}"),
        signed_with("enrollmock-not-a-secret", r#"{"alg":"HS256"}"#, "{}"),
    ] {
        assert_plain_401(&knock(&it, BULK, &bad), INVALID, &bad);
    }
    for broken in [
        "JWT a.b",
        "JWT e30.e30.e30.e30",
        "JWT W10.e30.e30",
        "JWT e30.e30",
        "JWT e30.W10.e30",
    ] {
        assert_plain_401(&knock(&it, BULK, broken), UNDECODABLE, broken);
    }
    for nameless in [
        jwt(r#","preferred_username":null"#),
        jwt(r#","preferred_username":7"#),
    ] {
        assert_plain_401(&knock(&it, BULK, &nameless), NAMELESS, &nameless);
    }
    // As `Bearer` it is a token that nobody issued.
    let bearer = jwt("").replacen("JWT", "Bearer", 1);
    assert_plain_401(&knock(&it, BULK, &bearer), NONEXISTENT, "as Bearer");
}

#[test]
fn a_jwt_dies_by_the_sandboxes_clock() {
    for (behaviour, text) in [
        ("", "Invalid token."),
        ("expired_jwt: expired", "Token has expired."),
    ] {
        let it = people_with(behaviour);
        assert_eq!(knock(&it, BULK, &jwt("")).status, 200);
        it.advance("3599s");
        assert_eq!(knock(&it, BULK, &jwt("")).status, 200);
        it.advance("1s");
        let no = format!("{{\"detail\":\"{text}\"}}");
        assert_plain_401(&knock(&it, BULK, &jwt("")), &no, behaviour);
        // A plain token's words stay.
        assert_plain_401(&knock(&it, BULK, "Bearer t-expired"), EXPIRED, behaviour);
    }
}

#[test]
fn the_scenario_has_the_last_word_on_the_secret() {
    let it = emulator(&format!("{PEOPLE}  jwt_secret: other\n"));
    assert_plain_401(&knock(&it, BULK, &jwt("")), INVALID, "the default secret");
}

#[test]
fn a_jwt_does_not_ask_whether_its_account_was_activated_or_shut_out() {
    let it = people();
    for username in ["inactive", "disabled", "both"] {
        let token = jwt(&format!(",\"preferred_username\":\"{username}\""));
        assert_eq!(knock(&it, BULK, &token).status, 200, "{username}");
    }
}

fn counts(it: &Emulator) -> [(&'static str, u64); 4] {
    it.main().vendors.openedx.read().counts()
}

#[test]
fn a_jwt_of_somebody_unknown_makes_an_account_once() {
    let it = people();
    let before = counts(&it);
    let token =
        jwt(r#","preferred_username":"new","email":"new@example.com","administrator":true"#);
    // What is refused leaves no trace: no view for staff, no answer before authentication.
    for path in [BULK, SO2, LIST] {
        assert_eq!(knock(&it, path, &token).status, 403, "{path}");
    }
    assert_eq!(it.get(ME).token(&token).accept("text/html").status(), 406);
    assert_eq!(counts(&it), before);
    let ask = || it.get(ME).token(&token).send();
    assert_eq!(name(ask()), r#"{"username":"new"}"#);
    let [users, courses, enrollments, invitations] = before;
    let after = [
        ("users", users.1 + 1),
        courses,
        // The invitation that awaited this address.
        ("enrollments", enrollments.1 + 1),
        invitations,
    ];
    assert_eq!(counts(&it), after);
    assert_eq!(name(ask()), r#"{"username":"new"}"#);
    assert_eq!(counts(&it), after);
    let entry = ask().entry.unwrap();
    assert_eq!(entry.principal.as_deref(), Some("new"));
    // The name of a retired account is free again.
    let token = jwt(r#","preferred_username":"gone""#);
    assert_eq!(
        name(it.get(ME).token(&token).send()),
        r#"{"username":"gone"}"#
    );
    assert_eq!(counts(&it)[0].1, users.1 + 2);
    it.post("/__admin/reset").send();
    assert_eq!(counts(&it), before);
}

#[test]
fn no_secret_of_a_credential_reaches_the_journal() {
    let it = people();
    let shown = |ask: Ask<'_>| format!("{:?}", ask.send().entry.unwrap());
    for value in [
        "Bearer s3cret",
        "JWT s3cret",
        "Basic s3cret",
        "s3cret",
        "Token s3cret x",
    ] {
        let entry = shown(it.get(ME).token(value));
        assert!(!entry.contains("s3cret"), "{entry}");
        assert!(entry.contains("***"), "{entry}");
    }
}

#[test]
fn a_path_is_decoded_before_it_is_looked_for() {
    let it = people();
    for path in [
        "/openedx/api/enrollment/v1/%65nrollments",
        "/openedx/api/enrollment/v1/enrollments%2F",
        "/openedx/api/enrollment%2Fv1/enrollments/",
        "/openedx/%61pi/user/v1/me",
    ] {
        let answer = it.get(path).bearer("t-staff").send();
        assert_eq!(answer.status, 200, "{path}");
    }
    let answer = it
        .post("/openedx/api/bulk%5Fenroll/v1/bulk_enrol%6C")
        .send();
    assert_eq!(answer.status, 401);
    for path in [
        "/openedx/api/user/v1/%256De",
        "/openedx/api/user/v1/me%00",
        "/openedx/api/user/v1/me%ff",
        "/openedx/api/enrollment/v1/enrollment/%ff",
        "/openedx/api/user/v1/me%",
    ] {
        let answer = it.get(path).bearer("t-staff").send();
        assert_eq!(answer.status, 404, "{path}");
    }
    // What was encoded twice is decoded once.
    let which = "/openedx/api/enrollment/v1/enrollment/staff%2Ca%2Bb%2B%2525";
    let answer = it.get(which).bearer("t-staff").send();
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("'a+b+%25'"), "{}", answer.text());
    let bytes = "/openedx/api/enrollment/v1/enrollment/a+b+%ff";
    let answer = it.get(bytes).bearer("t-staff").send();
    assert!(answer.text().contains("'a+b+%FF'"), "{}", answer.text());
}
