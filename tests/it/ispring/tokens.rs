//! Who calls: the token endpoint, tokens in every spelling, the older headers.

use crate::support::{Answer, Ask, Calls, emulator, school, school_with};

const FORM: &str = "client_id=client&client_secret=secret&grant_type=client_credentials";

fn token_in(answer: &Answer) -> String {
    let text = answer.text();
    let (_, after) = text.split_once("access_token").unwrap();
    let token = after
        .trim_start_matches(['"', ':', '>', ' '])
        .split(['"', '<'])
        .next()
        .unwrap();
    token.to_owned()
}

#[test]
fn a_client_gets_a_token_that_opens_everything_for_1800_seconds() {
    let it = school();
    let issued = it.post("/api/v3/token").form(FORM).send().ok();
    let token = token_in(&issued);
    assert_eq!(token.len(), 43, "32 bytes in base64url");
    assert!(
        token
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    );
    assert_eq!(
        issued.text(),
        format!("{{\"access_token\":\"{token}\",\"expires_in\":1800,\"token_type\":\"bearer\"}}")
    );
    let status = || {
        it.get("/enrollment")
            .token(&format!("Bearer {token}"))
            .status()
    };
    for (by, expected) in [
        ("0s", 200),
        ("1799s", 200),
        ("999ms", 200),
        ("1ms", 401),
        ("1h", 401),
    ] {
        it.advance(by);
        assert_eq!(status(), expected, "after {by} more");
    }
    // Another one while the first still lives is another one; both work.
    let (second, third) = (
        it.post("/api/v3/token").form(FORM).send(),
        it.post("/api/v3/token").form(FORM).send(),
    );
    assert_ne!(token_in(&second), token_in(&third));
    for issued in [&second, &third] {
        assert_eq!(it.get("/enrollment").token(&token_in(issued)).status(), 200);
    }
    // A reset forgets them; the same calls then give the same tokens again.
    it.post("/__admin/reset?only=state").send();
    assert_eq!(
        it.get("/enrollment").token(&token_in(&second)).status(),
        401
    );
    assert_eq!(token_in(&it.post("/api/v3/token").form(FORM).send()), token);
}

#[test]
fn the_token_endpoint_answers_json_unless_asked_for_nothing_but_xml() {
    let it = school();
    for (accept, xml) in [
        (None, false),
        (Some("*/*"), false),
        (Some("application/json"), false),
        (Some("application/json, text/plain, */*"), false),
        (Some("text/html"), false),
        (Some("application/xml, application/json"), false),
        (Some("application/xml"), true),
        (Some("text/xml"), true),
    ] {
        for (form, status) in [
            (FORM, 200),
            ("", 400),
            (&*FORM.replace("secret&", "wrong&"), 401),
        ] {
            let mut ask = it.post("/api/v3/token").form(form);
            if let Some(accept) = accept {
                ask = ask.accept(accept);
            }
            let answer = ask.send();
            assert_eq!(answer.status, status, "{accept:?} {form}");
            let media = if xml {
                "application/xml"
            } else {
                "application/json"
            };
            assert_eq!(answer.header("content-type"), Some(media), "{accept:?}");
            if status == 200 && xml {
                let token = token_in(&answer);
                assert_eq!(
                    answer.text(),
                    format!(
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><access_token>{token}</access_token><expires_in>1800</expires_in><token_type>bearer</token_type></response>"
                    )
                );
            }
            if status == 401 && !xml {
                assert_eq!(answer.text(), "{\"code\":401,\"message\":\"Unauthorized\"}");
            }
        }
    }
}

#[test]
fn the_token_endpoint_refuses_what_it_cannot_use() {
    let it = school();
    for (form, status) in [
        (FORM, 200),
        (
            "grant_type=client_credentials&client_secret=secret&client_id=client&scope=x",
            200,
        ),
        ("client_id=client&client_secret=secret", 400),
        ("client_id=client&client_secret=secret&grant_type=", 400),
        (
            "client_id=client&client_secret=secret&grant_type=password",
            400,
        ),
        ("client_id=client&grant_type=client_credentials", 400),
        ("client_secret=secret&grant_type=client_credentials", 400),
        (
            "client_id[]=client&client_secret=secret&grant_type=client_credentials",
            400,
        ),
        (
            "client_id=client&client_secret=Secret&grant_type=client_credentials",
            401,
        ),
        (
            "client_id=Client&client_secret=secret&grant_type=client_credentials",
            401,
        ),
        (
            "client_id=nobody&client_secret=secret&grant_type=client_credentials",
            401,
        ),
    ] {
        assert_eq!(
            it.post("/api/v3/token").form(form).status(),
            status,
            "{form}"
        );
    }
    let fields = [
        ("client_id", "client"),
        ("client_secret", "secret"),
        ("grant_type", "client_credentials"),
    ];
    assert_eq!(it.post("/api/v3/token").multipart(&fields).status(), 200);
    assert_eq!(it.post("/api/v3/token").status(), 400);
    assert_eq!(
        it.post("/api/v3/token").body("text/plain", FORM).status(),
        400
    );
    assert_eq!(it.get(&format!("/api/v3/token?{FORM}")).status(), 405);
    // Nobody is asked who calls.
    assert_eq!(
        it.post("/api/v3/token").token("nobody").form(FORM).status(),
        200
    );
    let it = school_with("error_detail: true");
    let refused = it
        .post("/api/v3/token")
        .form("client_id=client&client_secret=secret")
        .send();
    assert_eq!(
        refused.text(),
        "{\"code\":400,\"message\":\"grant_type is required\"}"
    );
}

#[test]
fn a_token_is_sent_raw_or_as_bearer() {
    let it = school();
    for (value, status) in [
        ("account", 200),
        ("Bearer account", 200),
        ("bearer account", 200),
        ("BEARER   account", 200),
        ("  account ", 200),
        ("\taccount", 200),
        ("Bearer account ", 200),
        ("Account", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Bearer Bearer account", 401),
        ("Bearer account account", 401),
        ("Token account", 401),
        ("Bearer,account", 401),
        ("\"account\"", 401),
        ("expired", 401),
        ("Bearer expired", 401),
        ("expiring", 200),
        ("inactive", 401),
    ] {
        assert_eq!(
            it.get("/enrollment").token(value).status(),
            status,
            "{value:?}"
        );
    }
    it.advance("1s");
    assert_eq!(it.get("/enrollment").token("expiring").status(), 401);
    // Back in time it lives again: a token's death is the clock's affair.
    it.post("/__admin/reset?only=clock").send();
    assert_eq!(it.get("/enrollment").token("expiring").status(), 200);
}

#[test]
fn the_older_headers_name_a_user() {
    let it = school();
    let ask = |url: &str, email: &str, password: &str| -> u16 {
        let ask: Ask<'_> = it.get("/enrollment");
        ask.header("x-auth-account-url", url)
            .header("X-Auth-Email", email)
            .header("x-auth-password", password)
            .status()
    };
    let url = "https://school.ispringlearn.com";
    for (url, email, password, status) in [
        (url, "Ann@example.com", "pass-word", 200),
        (url, "ann@EXAMPLE.com", "pass-word", 200),
        (
            "https://school.ispringlearn.com/",
            "ann@example.com",
            "pass-word",
            200,
        ),
        (
            "https://School.iSpringLearn.com",
            "ann@example.com",
            "pass-word",
            200,
        ),
        (
            "https://other.ispringlearn.com",
            "ann@example.com",
            "pass-word",
            401,
        ),
        (url, "bob@example.com", "pass-word", 401),
        (url, "ann@example.com", "Pass-word", 401),
        (url, "ann@example.com", "", 401),
        ("", "", "", 401),
    ] {
        assert_eq!(
            ask(url, email, password),
            status,
            "{url} {email} {password}"
        );
    }
    for missing in ["x-auth-account-url", "x-auth-email", "x-auth-password"] {
        let mut ask = it.get("/enrollment");
        for (name, value) in [
            ("x-auth-account-url", url),
            ("x-auth-email", "ann@example.com"),
            ("x-auth-password", "pass-word"),
        ] {
            if name != missing {
                ask = ask.header(name, value);
            }
        }
        assert_eq!(ask.status(), 401, "without {missing}");
    }
    let principal = it
        .get("/enrollment")
        .header("x-auth-account-url", url)
        .header("x-auth-email", "ann@example.com")
        .header("x-auth-password", "pass-word")
        .send()
        .entry
        .unwrap()
        .principal
        .clone();
    assert_eq!(principal, Some(crate::support::fill("$u2")));
}

#[test]
fn an_issued_token_has_the_rights_of_its_client() {
    let it = emulator(
        "
ispring:
  users: [{ id: $u1 }, { id: $u2, role: publisher }, { id: $u3, active: false, role: account_owner }]
  credentials:
    - { client_id: learner, client_secret: s, user: $u1 }
    - { client_id: publisher, client_secret: s, user: $u2 }
    - { client_id: inactive, client_secret: s, user: $u3 }
    - { client_id: account, client_secret: s }
",
    );
    for (client, list, create) in [
        ("learner", 403, 403),
        ("publisher", 200, 403),
        ("account", 200, 400),
        ("inactive", 401, 401),
    ] {
        let form = format!("client_id={client}&client_secret=s&grant_type=client_credentials");
        let issued = it.post("/api/v3/token").form(&form).send();
        if issued.status == 401 && client == "inactive" {
            continue;
        }
        let token = token_in(&issued.ok());
        assert_eq!(
            it.get("/enrollment").token(&token).status(),
            list,
            "{client}"
        );
        assert_eq!(
            it.post("/enrollment").token(&token).json("{}").status(),
            create,
            "{client}"
        );
    }
}

#[test]
fn a_client_whose_user_is_switched_off_gets_no_token() {
    let it = emulator(
        "
ispring:
  users: [{ id: $u1, role: account_owner, active: false }]
  credentials: [{ client_id: client, client_secret: secret, user: $u1 }]
",
    );
    assert_eq!(it.post("/api/v3/token").form(FORM).status(), 401);
}
