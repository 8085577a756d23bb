//! Open edX's token endpoint: what it grants, what it refuses and in which words.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use enrollmock::internals::emulator::Emulator;
use proptest::prelude::*;

use crate::support::{Answer, Calls, emulator};

const CLIENTS: &str = "
openedx:
  users:
    - { username: owner, email: owner@example.com, staff: true }
    - { username: amy, email: Amy@example.com, password: pa ss }
    - { username: idle, active: false, password: idle }
    - { username: shut, disabled: true, password: shut }
    - { username: none }
    - { username: amy@example.com, email: other@example.com, password: other }
    - { username: 'zoé', password: z }
  credentials:
    - { token: listed, user: owner }
    - { client_id: all, client_secret: 's:&', user: owner }
    - { client_id: cc, client_secret: s, user: owner, grants: [client_credentials] }
    - { client_id: pw, client_secret: s, user: owner, grants: [password] }
    - { client_id: few, client_secret: s, user: owner, scopes: [read, user_id, profile] }
";

const PATH: &str = "/openedx/oauth2/access_token";
const REVOKE: &str = "/openedx/oauth2/revoke_token";
const ME: &str = "/openedx/api/user/v1/me";

const CC: &str = "grant_type=client_credentials&client_id=cc&client_secret=s";
const PW: &str = "grant_type=password&client_id=pw&client_secret=s&username=amy&password=pa+ss";
const REFRESH: &str = "grant_type=refresh_token&client_id=pw&client_secret=s&refresh_token=";

fn clients() -> Emulator {
    emulator(CLIENTS)
}

fn ask(it: &Emulator, form: &str) -> Answer {
    it.post(PATH).form(form).send()
}

/// The text of a member.
fn member(answer: &Answer, name: &str) -> String {
    let text = answer.text();
    let (_, value) = text.split_once(&format!("\"{name}\": \"")).unwrap();
    value.split('"').next().unwrap().to_owned()
}

fn who(it: &Emulator, token: &str) -> Option<String> {
    let answer = it.get(ME).token(&format!("Bearer {token}")).send();
    (answer.status == 200).then(|| {
        answer
            .text()
            .replace("{\"username\":\"", "")
            .replace("\"}", "")
    })
}

fn assert_uncached_json(answer: &Answer) {
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    assert_eq!(answer.header("allow"), None);
}

#[test]
fn a_client_gets_a_token_for_its_owner_that_lives_ten_hours() {
    let it = clients();
    for slash in ["", "/"] {
        let issued = it.post(&format!("{PATH}{slash}")).form(CC).send().ok();
        let token = member(&issued, "access_token");
        assert_eq!(
            issued.text(),
            format!(
                "{{\"access_token\": \"{token}\", \"expires_in\": 36000, \"token_type\": \"Bearer\", \"scope\": \"read write email profile\"}}"
            )
        );
        assert_eq!(token.len(), 30);
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_uncached_json(&issued);
    }
    let token = member(&ask(&it, CC), "access_token");
    assert_eq!(who(&it, &token).as_deref(), Some("owner"));
    it.advance("35999s");
    assert_eq!(who(&it, &token).as_deref(), Some("owner"));
    it.advance("1s");
    let late = it.get(ME).token(&format!("Bearer {token}")).send();
    assert!(late.text().starts_with("{\"error_code\":\"token_expired\""));
}

#[test]
fn the_same_calls_after_a_reset_give_the_same_tokens() {
    let it = clients();
    let tokens = || [CC, PW, CC].map(|form| ask(&it, form).text());
    let first = tokens();
    assert_ne!(first[0], first[2]);
    it.post("/__admin/reset?only=state").send();
    assert_eq!(tokens(), first);
}

#[test]
fn a_password_is_as_good_with_the_address_as_with_the_name() {
    let it = clients();
    for (credentials, user) in [
        ("username=amy&password=pa+ss", Some("amy")),
        ("username=AMY@example.com&password=pa+ss", Some("amy")),
        // This is one account's name and another one's address.
        (
            "username=amy@example.com&password=other",
            Some("amy@example.com"),
        ),
        ("username=amy@example.com&password=pa+ss", Some("amy")),
        ("username=idle&password=idle", Some("idle")),
        ("username=Amy&password=pa+ss", None),
        ("username=amy&password=PA+SS", None),
        ("username=shut&password=shut", None),
        ("username=none&password=none", None),
        ("username=nobody&password=x", None),
    ] {
        let form = format!("grant_type=password&client_id=all&client_secret=s:%26&{credentials}");
        let answer = ask(&it, &form);
        match user {
            Some(user) => {
                let issued = answer.ok();
                assert_eq!(
                    who(&it, &member(&issued, "access_token")).as_deref(),
                    Some(user)
                );
                let refresh = member(&issued, "refresh_token");
                let end = format!(
                    "\"scope\": \"read write email profile\", \"refresh_token\": \"{refresh}\"}}"
                );
                assert!(issued.text().ends_with(&end), "{}", issued.text());
                assert_eq!(refresh.len(), 30);
            }
            None => assert_refused(
                &answer,
                r#"{"error": "invalid_grant", "error_description": "Invalid credentials given."}"#,
                credentials,
            ),
        }
    }
}

fn assert_refused(answer: &Answer, body: &str, when: &str) {
    assert_eq!(answer.text(), body, "{when}");
    assert_uncached_json(answer);
    let challenge = answer.header("www-authenticate");
    match body {
        INVALID_CLIENT => {
            assert_eq!(answer.status, 401, "{when}");
            assert_eq!(challenge, Some("Bearer error=\"invalid_client\""));
        }
        _ => {
            assert_eq!(answer.status, 400, "{when}");
            assert_eq!(challenge, None);
        }
    }
}

const INVALID_CLIENT: &str = r#"{"error": "invalid_client"}"#;
const UNAUTHORIZED: &str = r#"{"error": "unauthorized_client"}"#;
const UNSUPPORTED: &str = r#"{"error": "unsupported_grant_type"}"#;
const INVALID_SCOPE: &str = r#"{"error": "invalid_scope"}"#;
const INVALID_GRANT: &str = r#"{"error": "invalid_grant"}"#;

#[test]
fn what_cannot_be_granted_is_refused_in_the_order_of_oauthlib() {
    let it = clients();
    let missing = |what: &str| {
        format!("{{\"error\": \"invalid_request\", \"error_description\": \"{what}\"}}")
    };
    for (form, body) in [
        ("", UNSUPPORTED),
        ("grant_type=", UNSUPPORTED),
        (
            "grant_type=implicit&client_id=cc&client_secret=s",
            UNSUPPORTED,
        ),
        (
            "grant_type=Client_Credentials&client_id=cc&client_secret=s",
            UNSUPPORTED,
        ),
        ("grant_type=client_credentials", INVALID_CLIENT),
        ("grant_type=client_credentials&client_id=cc", INVALID_CLIENT),
        (
            "grant_type=client_credentials&client_id=cc&client_secret=S",
            INVALID_CLIENT,
        ),
        (
            "grant_type=client_credentials&client_id=CC&client_secret=s",
            INVALID_CLIENT,
        ),
        (
            "grant_type=client_credentials&client_id=%FF&client_secret=s",
            INVALID_CLIENT,
        ),
        (
            "grant_type=client_credentials&client_id=pw&client_secret=s&scope=bad",
            UNAUTHORIZED,
        ),
        (&format!("{CC}&scope=bad"), INVALID_SCOPE),
        (&format!("{CC}&scope="), INVALID_SCOPE),
        (&format!("{CC}&scope=read++write"), INVALID_SCOPE),
        (&format!("{CC}&scope=user_id"), INVALID_SCOPE),
        ("grant_type=password", INVALID_CLIENT),
        (
            "grant_type=password&client_id=pw&client_secret=s",
            &missing("Request is missing username parameter."),
        ),
        (
            "grant_type=password&client_id=pw&client_secret=s&username=amy&password=",
            &missing("Request is missing password parameter."),
        ),
        (
            "grant_type=password&client_id=cc&client_secret=s&username=amy&password=pa+ss&scope=bad",
            UNAUTHORIZED,
        ),
        (&format!("{PW}&scope=bad"), INVALID_SCOPE),
        (
            "grant_type=refresh_token",
            &missing("Missing refresh token parameter."),
        ),
        ("grant_type=refresh_token&refresh_token=x", INVALID_CLIENT),
        (
            "grant_type=refresh_token&refresh_token=&client_id=pw&client_secret=s",
            INVALID_GRANT,
        ),
        (
            "grant_type=refresh_token&refresh_token=x&client_id=cc&client_secret=s",
            INVALID_GRANT,
        ),
        (
            "grant_type=authorization_code",
            &missing("Missing code parameter."),
        ),
        ("grant_type=authorization_code&code=x", INVALID_CLIENT),
        (
            "grant_type=authorization_code&code=x&client_id=pw&client_secret=s",
            UNAUTHORIZED,
        ),
    ] {
        assert_refused(&ask(&it, form), body, form);
    }
    let json = r#"{"grant_type":"client_credentials","client_id":"cc","client_secret":"s"}"#;
    assert_refused(&it.post(PATH).json(json).send(), UNSUPPORTED, "JSON");
    assert_refused(&it.post(PATH).send(), UNSUPPORTED, "no body");
}

#[test]
fn scopes_are_granted_as_asked_for() {
    let it = clients();
    for (form, scope) in [
        (format!("{CC}&scope=read"), "read"),
        (format!("{CC}&scope=write+read"), "write read"),
        (format!("{CC}&scope=+read+"), "read"),
        (format!("{CC}&scope=read+read"), "read read"),
        (format!("{CC}&scope=bad&scope=read"), "read"),
        (CC.replace("id=cc", "id=few"), "read user_id profile"),
    ] {
        assert_eq!(member(&ask(&it, &form).ok(), "scope"), scope, "{form}");
    }
}

#[test]
fn a_client_shows_itself_in_the_form_or_as_basic() {
    let it = clients();
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    let with = |authorization: &str, form: &str| {
        it.post(PATH).token(authorization).form(form).send().status
    };
    let form = "grant_type=client_credentials";
    assert_eq!(with(&basic("cc:s"), form), 200);
    assert_eq!(with(&basic("all:s%3A%26"), form), 200);
    assert_eq!(with(&basic("all:s:&"), form), 200);
    assert_eq!(with(&basic("%63c:s"), form), 200);
    assert_eq!(with(&basic("cc:x"), form), 401);
    assert_eq!(with(&basic("cc"), form), 401);
    assert_eq!(with(&basic("cc:s").replace("Basic", "basic"), form), 401);
    assert_eq!(with("Basic ***", form), 401);
    assert_eq!(with(&basic("nobody:x"), CC), 200);
    // The id that `Basic` brought sticks.
    assert_eq!(with(&basic("all:x"), CC), 401);
    assert_eq!(with(&basic("few:x"), CC), 200);
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", "cc"),
        ("client_secret", "s"),
    ];
    assert_eq!(it.post(PATH).multipart(&fields).status(), 200);
    let broken = it.post(PATH).body("multipart/form-data", CC).send();
    assert_eq!(broken.status, 400);
    assert!(broken.text().contains("Bad Request (400)"));
    let typed = it
        .post(PATH)
        .body("Application/X-WWW-Form-URLencoded; charset=utf-8", CC);
    assert_eq!(typed.status(), 200);
}

#[test]
fn a_refresh_token_is_good_once_and_takes_its_companion_along() {
    let it = clients();
    let first = ask(&it, PW).ok();
    let (access, refresh) = (
        member(&first, "access_token"),
        member(&first, "refresh_token"),
    );
    let renew = |refresh: &str, more: &str| ask(&it, &format!("{REFRESH}{refresh}{more}"));
    // Refusals use nothing up.
    let other = format!("{REFRESH}{refresh}").replace("id=pw", "id=cc");
    assert_refused(&ask(&it, &other), INVALID_GRANT, "another client");
    assert_refused(&renew(&refresh, "&scope=bad"), INVALID_SCOPE, "scope");
    assert_eq!(who(&it, &access).as_deref(), Some("amy"));
    let second = renew(&refresh, "&scope=read").ok();
    assert_eq!(member(&second, "scope"), "read");
    assert_eq!(who(&it, &access), None, "the old access token is gone");
    assert_eq!(
        who(&it, &member(&second, "access_token")).as_deref(),
        Some("amy")
    );
    assert_refused(&renew(&refresh, ""), INVALID_GRANT, "used");
    // What was given away does not come back.
    let refresh = member(&second, "refresh_token");
    assert_refused(
        &renew(&refresh, "&scope=write"),
        INVALID_SCOPE,
        "more than before",
    );
    let third = renew(&refresh, "&scope=").ok();
    assert_eq!(member(&third, "scope"), "read");
    let refresh = member(&third, "refresh_token");
    it.advance("7775999s");
    let fourth = renew(&refresh, "").ok();
    it.advance("7776000s");
    assert_refused(
        &renew(&member(&fourth, "refresh_token"), ""),
        INVALID_GRANT,
        "old",
    );
}

/// The payload of a signed token.
fn claims(token: &str) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let header = URL_SAFE_NO_PAD.decode(parts[0]).unwrap();
    assert_eq!(header, br#"{"alg":"HS256","typ":"JWT"}"#);
    String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap()
}

#[test]
fn a_signed_token_says_whose_it_is_for_an_hour() {
    let it = clients();
    let issued = ask(&it, &format!("{CC}&token_type=jwt")).ok();
    let token = member(&issued, "access_token");
    assert_eq!(
        issued.text(),
        format!(
            "{{\"access_token\": \"{token}\", \"expires_in\": 3600, \"token_type\": \"JWT\", \"scope\": \"read write email profile\"}}"
        )
    );
    let said = claims(&token);
    let (_, sub) = said.split_once("\"sub\":\"").unwrap();
    let sub = &sub[..32];
    assert!(sub.bytes().all(|byte| byte.is_ascii_hexdigit()), "{sub}");
    assert_eq!(
        said,
        format!(
            r#"{{"aud":"openedx","exp":1717941909,"grant_type":"client-credentials","iat":1717938309,"iss":"https://lms.example.com/oauth2","preferred_username":"owner","scopes":["read","write","email","profile"],"version":"1.2.0","sub":"{sub}","filters":[],"is_restricted":false,"email_verified":true,"email":"owner@example.com","name":"owner","family_name":"","given_name":"","administrator":true,"superuser":false}}"#
        )
    );
    let me = || it.get(ME).token(&format!("JWT {token}")).send();
    assert_eq!(me().ok().text(), r#"{"username":"owner"}"#);
    assert_eq!(who(&it, &token), None, "not as Bearer");
    it.advance("1h");
    assert_eq!(me().text(), r#"{"detail":"Invalid token."}"#);
}

#[test]
fn a_signed_token_says_no_more_than_its_scopes_allow() {
    let it = clients();
    let said = |form: &str| claims(&member(&ask(&it, form).ok(), "access_token"));
    let few = said(&CC.replace("id=cc", "id=few&token_type=JWT"));
    assert!(
        few.contains(r#""email_verified":true,"name":"owner""#),
        "{few}"
    );
    assert!(few.ends_with(r#""superuser":false,"user_id":1}"#), "{few}");
    let read = said(&format!(
        "{CC}&token_type=jwt&scope=read&asymmetric_jwt=true"
    ));
    assert!(
        read.ends_with(r#""is_restricted":false,"email_verified":true}"#),
        "{read}"
    );
    let idle = PW.replace("username=amy&password=pa+ss", "username=idle&password=idle");
    let idle = said(&format!("{idle}&token_type=jwt&scope=read"));
    assert!(idle.contains(r#""filters":["user:me"]"#), "{idle}");
    assert!(idle.contains(r#""grant_type":"password""#), "{idle}");
    assert!(idle.ends_with(r#""email_verified":false}"#), "{idle}");
    let zoe = PW.replace(
        "username=amy&password=pa+ss",
        "username=zo%C3%A9&password=z",
    );
    let zoe = ask(&it, &format!("{zoe}&token_type=jwt")).ok();
    let token = member(&zoe, "access_token");
    assert!(claims(&token).contains(r#""preferred_username":"zo\u00e9""#));
    let me = it.get(ME).token(&format!("JWT {token}")).send();
    assert_eq!(me.text(), r#"{"username":"zoé"}"#);
}

#[test]
fn the_field_says_which_kind_of_token_and_only_else_the_header() {
    let it = clients();
    let kind = |form: &str, header: Option<&str>| {
        let mut ask = it.post(PATH).form(form);
        if let Some(header) = header {
            ask = ask.header("x-token-type", header);
        }
        member(&ask.send().ok(), "token_type")
    };
    assert_eq!(kind(CC, None), "Bearer");
    assert_eq!(kind(CC, Some("jwt")), "JWT");
    assert_eq!(kind(CC, Some("bearer")), "Bearer");
    assert_eq!(kind(&format!("{CC}&token_type=JwT"), None), "JWT");
    assert_eq!(
        kind(&format!("{CC}&token_type=bearer"), Some("JWT")),
        "Bearer"
    );
    assert_eq!(kind(&format!("{CC}&token_type="), Some("JWT")), "Bearer");
    assert_eq!(kind(&format!("{CC}&token_type=other"), None), "Bearer");
    let refresh = member(
        &ask(&it, &format!("{PW}&token_type=jwt")).ok(),
        "refresh_token",
    );
    assert_eq!(
        kind(&format!("{REFRESH}{refresh}&token_type=jwt"), None),
        "JWT"
    );
}

#[test]
fn a_token_can_be_taken_back_until_the_reset() {
    let it = clients();
    let revoke = |token: &str| {
        let answer = it
            .post(REVOKE)
            .form(&format!("client_id=cc&client_secret=s&token={token}"));
        let answer = answer.send();
        assert_eq!((answer.status, answer.body.len()), (200, 0));
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(answer.header("cache-control"), None);
    };
    let issued = ask(&it, PW).ok();
    let (access, refresh) = (
        member(&issued, "access_token"),
        member(&issued, "refresh_token"),
    );
    revoke(&refresh);
    assert_eq!(who(&it, &access), None, "it goes along");
    assert_refused(
        &ask(&it, &format!("{REFRESH}{refresh}")),
        INVALID_GRANT,
        "revoked",
    );
    let issued = ask(&it, PW).ok();
    let (access, refresh) = (
        member(&issued, "access_token"),
        member(&issued, "refresh_token"),
    );
    revoke(&access);
    let answer = it.get(ME).token(&format!("Bearer {access}")).send();
    assert!(answer.text().contains("token_nonexistent"));
    // Upstream looks the scopes up at the access token.
    assert_eq!(ask(&it, &format!("{REFRESH}{refresh}")).status, 500);
    revoke("nobodys");
    revoke("listed");
    revoke("listed");
    assert_eq!(who(&it, "listed"), None);
    it.post("/__admin/reset?only=state").send();
    assert_eq!(who(&it, "listed").as_deref(), Some("owner"));
}

#[test]
fn nobody_takes_a_token_back_without_a_client() {
    let it = clients();
    let missing =
        r#"{"error": "invalid_request", "error_description": "Missing token parameter."}"#;
    for (form, body) in [
        ("", missing),
        ("token=&client_id=cc&client_secret=s", missing),
        ("token=listed", INVALID_CLIENT),
        ("token=listed&client_id=cc&client_secret=x", INVALID_CLIENT),
    ] {
        assert_refused(&it.post(REVOKE).form(form).send(), body, form);
    }
    let query = it
        .post(&format!("{REVOKE}?token=listed"))
        .form("client_id=cc&client_secret=s");
    assert_refused(
        &query.send(),
        r#"{"error": "invalid_request", "error_description": "URL query parameters are not allowed"}"#,
        "query",
    );
    assert_eq!(who(&it, "listed").as_deref(), Some("owner"));
}

#[test]
fn the_token_endpoint_takes_nothing_but_forms_posted_to_its_bare_path() {
    let it = clients();
    for path in [PATH, REVOKE] {
        for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH"] {
            let answer = it.call(method, path).send();
            assert_eq!((answer.status, answer.body.len()), (405, 0), "{method}");
            assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
            assert_eq!(
                answer.header("content-type"),
                Some("text/html; charset=utf-8")
            );
            assert_eq!(answer.header("cache-control"), None);
        }
        let answer = it.call("OPTIONS", path).accept("x/y").send();
        assert_eq!((answer.status, answer.body.len()), (200, 0));
        assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
        assert_eq!(answer.header("content-length"), Some("0"));
    }
    let answer = it.post(&format!("{PATH}?x=1")).form(CC).send();
    assert_eq!((answer.status, answer.body.len()), (500, 145));
}

#[test]
fn no_secret_of_a_token_request_reaches_the_journal() {
    let it = clients();
    let issued = ask(&it, PW).ok();
    let access = member(&issued, "access_token");
    let refresh = member(&issued, "refresh_token");
    let jwt = ask(&it, &format!("{CC}&token_type=jwt")).ok();
    let signed = member(&jwt, "access_token");
    let basic = STANDARD.encode("cc:s3cret");
    let fields = [
        ("grant_type", "password"),
        ("client_secret", "s3cret"),
        ("password", "s3cret"),
        ("refresh_token", "s3cret"),
    ];
    let revoked = it
        .post(REVOKE)
        .form("client_id=cc&client_secret=s3cret&token=s3cret")
        .send();
    let answers = [
        it.post(PATH)
            .token(&format!("Basic {basic}"))
            .form("grant_type=client_credentials")
            .send(),
        it.post(PATH).multipart(&fields).send(),
        ask(
            &it,
            "grant_type=password&client_id=pw&client_secret=s3cret&username=amy&password=s3cret",
        ),
        ask(
            &it,
            "grant_type=refresh_token&client_id=pw&client_secret=s&refresh_token=s3cret",
        ),
        it.post(&format!("{PATH}?client_secret=s3cret&refresh_token=s3cret"))
            .send(),
        it.get(ME).token(&format!("JWT {signed}")).send(),
        it.get(ME).token(&format!("Bearer {access}")).send(),
        issued,
        jwt,
        revoked,
    ];
    for answer in answers {
        let entry = answer.entry.unwrap();
        let bodies = [&entry.request_body, &entry.response_body]
            .map(|it| String::from_utf8_lossy(it).into_owned());
        let shown = format!(
            "{bodies:?} {} {:?} {:?}",
            entry.query, entry.request_headers, entry.response_headers
        );
        for secret in ["s3cret", &access, &refresh, &signed, &basic] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("***"), "{shown}");
    }
}

#[test]
fn issued_tokens_are_forgotten_oldest_first() {
    let it = clients();
    let first = member(&ask(&it, CC), "access_token");
    let second = member(&ask(&it, CC), "access_token");
    for _ in 0..9_999 {
        ask(&it, CC);
    }
    assert_eq!(who(&it, &first), None);
    assert_eq!(who(&it, &second).as_deref(), Some("owner"));
}

proptest! {
    #[test]
    fn whatever_claims_to_be_a_signed_token_gets_an_answer(token in "[!-~]{0,60}(\\.[A-Za-z0-9_=-]{0,40}){0,4}") {
        let it = clients();
        let answer = it.get(ME).token(&format!("JWT {token}")).send();
        prop_assert!(answer.status == 401);
    }
}

#[test]
fn a_broken_multipart_form_keeps_what_could_be_read_and_files_are_no_fields() {
    let it = emulator(crate::support::CAMPUS);
    let ask = |body: &str| {
        let kind = "multipart/form-data; boundary=b";
        it.post(PATH).body(kind, body.to_owned()).send()
    };
    let none = r#"{"error": "unsupported_grant_type"}"#;
    let empty = ask("");
    assert_eq!((empty.status, empty.text().as_str()), (400, none));
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let good = part("grant_type", "client_credentials")
        + &part("client_id", "oe-client")
        + &part("client_secret", "oe-secret");
    assert_eq!(ask(&format!("{good}--b--\r\n")).status, 200);
    assert_eq!(ask(&format!("{good}--b\r\ngarbage")).status, 200);
    let file = part("grant_type\"; filename=\"f", "password");
    assert_eq!(ask(&format!("{good}{file}--b--\r\n")).status, 200);
    let unnamed = part("grant_type\"; filename=\"", "no");
    assert_eq!(ask(&format!("{good}{unnamed}--b--\r\n")).text(), none);
}
