//! Adobe Learning Manager: where sources disagree about who may call and what is said, each of them has a switch.

use enrollmock::internals::emulator::Emulator;

use crate::support::{Answer, Calls, emulator, story};

const PEOPLE: &str = "
alm:
  users:
    - { id: '5', email: lea@example.com }
    - { id: '6', email: ada@example.com, roles: [admin] }
  learning_objects:
    - { id: 'course:1', instances: [{ id: 'course:1_2' }] }
  credentials:
    - { token: learner, user: '5' }
    - { token: admin, user: '6' }
    - { client_id: boss, client_secret: s, user: '6', refresh_token: held }
";

const USER: &str = "/alm/primeapi/v2/user";

fn people() -> Emulator {
    emulator(PEOPLE)
}

fn people_with(behaviour: &str) -> Emulator {
    emulator(&format!("{PEOPLE}  behaviour: {{ {behaviour} }}\n"))
}

/// Where a browser is sent that asks for a code with this much more in its query.
fn redirect(it: &Emulator, more: &str) -> String {
    let target = format!(
        "/alm/oauth/o/authorize?client_id=boss&redirect_uri=https://a.test/&response_type=CODE{more}"
    );
    let answer = it.get(&target).send();
    answer.header("location").unwrap().to_owned()
}

/// What stands behind the code.
fn behind_the_code(location: &str) -> &str {
    location
        .split_once("?code=")
        .map_or("no code", |(_, code)| &code[32..])
}

#[test]
fn a_strict_release_serves_only_who_names_its_own_type() {
    let it = people_with("accept: strict");
    let ask = |accept: &str| it.get(USER).bearer("learner").accept(accept).status();
    for accept in [
        "application/vnd.api+json",
        "Application/Vnd.Api+JSON; charset=UTF-8",
        "text/html, application/vnd.api+json;q=0.1",
    ] {
        assert_eq!(ask(accept), 200, "{accept}");
    }
    for accept in ["application/json", "*/*", "application/*", "text/html", ""] {
        assert_eq!(ask(accept), 406, "{accept}");
    }
    assert_eq!(it.get(USER).bearer("learner").status(), 406);
    // Beside the API nobody is asked what they can read.
    let check = it.get("/alm/oauth/token/check").accept("image/png");
    assert_eq!(check.status(), 200);
}

#[test]
fn weights_of_types_are_not_looked_at() {
    let it = people();
    let ask = it.get(USER).bearer("learner");
    assert_eq!(ask.accept("application/json;q=0").status(), 200);
}

#[test]
fn a_missing_scope_may_be_no_better_than_no_token() {
    let own = "/alm/primeapi/v2/enrollments";
    let refused = [people(), people_with("missing_scope: unauthorized")]
        .map(|it| it.get(own).bearer("admin").send().said());
    insta::assert_snapshot!(refused.join("\n"), @r#"
    403 {"status":"FORBIDDEN","title":"Forbidden","source":{"info":"Insufficient scope"}} (application/vnd.api+json;charset=UTF-8)
    401 {"status":"UNAUTHORIZED","title":"Unauthorized","source":{"info":"Insufficient scope"}} (application/vnd.api+json;charset=UTF-8)
    "#);
}

#[test]
fn an_unknown_learning_object_may_be_an_answer_without_data() {
    let path = "/alm/primeapi/v2/learningObjects/course:9";
    let ask = |it: &Emulator, path: &str| -> Answer { it.get(path).bearer("learner").send() };
    assert_eq!(ask(&people(), path).status, 400);
    let it = people_with("unknown_learning_object: null_data");
    let answer = ask(&it, path).ok();
    let expected = format!(r#"{{"links":{{"self":"http://localhost{path}"}},"data":null}}"#);
    assert_eq!(answer.text(), expected);
    assert!(
        ask(&it, "/alm/primeapi/v2/learningObjects/course:1")
            .text()
            .contains("\"id\":\"course:1\"")
    );
    // What is asked wrongly is still refused.
    assert_eq!(ask(&it, &format!("{path}?include=nothing")).status, 400);
    let it = people_with("unknown_learning_object: empty_body");
    let answer = ask(&it, path);
    assert_eq!((answer.status, answer.text().as_str()), (200, ""));
    assert_eq!(answer.header("content-type"), None);
}

#[test]
fn a_host_that_is_empty_is_as_good_as_none() {
    let it = people();
    let link = r#""self":"http://localhost/alm/primeapi/v2/user""#;
    for ask in [it.get(USER), it.get(USER).header("host", "")] {
        let text = ask.bearer("learner").send().ok().text();
        assert!(text.contains(link), "{text}");
    }
}

#[test]
fn languages_are_echoed_as_one_list_and_none_is_not() {
    let it = people();
    let echoed = |languages: &[&'static str]| {
        let mut ask = it.get(USER);
        for language in languages {
            let language = hyper::header::HeaderValue::from_static(language);
            ask.request.headers.append("accept-language", language);
        }
        let answer = ask.send();
        let echoed = answer.header("requested-accept-language");
        echoed.map(str::to_owned)
    };
    assert_eq!(
        echoed(&["en-US,en;q=0.9"]).as_deref(),
        Some("en-US,en;q=0.9")
    );
    assert_eq!(echoed(&["de", "", "en"]).as_deref(), Some("de, en"));
    assert_eq!(echoed(&[""]), None);
    assert_eq!(echoed(&[]), None);
}

#[test]
fn a_clients_state_comes_back_as_it_went() {
    let it = people();
    for state in ["s", "a%20b%2Bc+d%26", "%7B%22a%22%3A1%7D", "a=b"] {
        let location = redirect(&it, &format!("&state={state}&scope=admin:read"));
        assert_eq!(behind_the_code(&location), format!("&state={state}"));
    }
    assert_eq!(behind_the_code(&redirect(&it, "&state=")), "");
    let refused = redirect(&it, "&scope=nothing&state=x%20y");
    assert_eq!(refused, "https://a.test/?error=invalid_scope&state=x%20y");
}

#[test]
fn a_redirect_may_say_where_the_api_is() {
    let it = people_with("prime_base: true");
    let location = redirect(&it, "&state=s");
    let base = "&state=s&PRIME_BASE=http%3A%2F%2Flocalhost%2Falm";
    assert_eq!(behind_the_code(&location), base);
    let refused = redirect(&it, "&scope=nothing");
    assert_eq!(refused, "https://a.test/?error=invalid_scope");
}

#[test]
fn nobody_acts_for_somebody_who_is_no_learner() {
    let it = people();
    let ask = |email: &str| {
        let path = format!("/alm/oauth/o/learnerToken?learner_email={email}");
        let body = r#"{"client_id":"boss","client_secret":"s","refresh_token":"held"}"#;
        it.post(&path).json(body).send()
    };
    ask("lea@example.com").ok();
    let answer = ask("ada@example.com");
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("OBJECT_DOESNT_EXIST"));
}

#[test]
fn an_expired_token_is_told_so_at_every_operation() {
    let it = story("tokens");
    let api = "/alm/primeapi/v2";
    for (method, path) in [
        ("GET", "/users/1001/enrollments"),
        ("POST", "/users/1001/enrollments"),
        ("GET", "/users/1001/enrollments/course:2001_3001_1001"),
        ("PATCH", "/users/1001/enrollments/course:2001_3001_1001"),
        ("DELETE", "/users/1001/enrollments/course:2001_3001_1001"),
        ("GET", "/enrollments"),
        ("POST", "/enrollments"),
        ("GET", "/enrollments/course:2001_3001_1001"),
        ("PATCH", "/enrollments/course:2001_3001_1001"),
        ("DELETE", "/enrollments/course:2001_3001_1001"),
        ("GET", "/loResourceGrades/course:2001_3001_4001_0_1001"),
        ("GET", "/user"),
        ("GET", "/users/1001"),
        ("GET", "/learningObjects/course:2001"),
        ("GET", "/nothing"),
    ] {
        let ask = it.call(method, &format!("{api}{path}"));
        let answer = ask.bearer("alm-expired").send();
        assert_eq!(answer.status, 401, "{method} {path}");
        let said =
            r#"{"status":"UNAUTHORIZED","title":"Unauthorized","source":{"info":"Token expired"}}"#;
        assert_eq!(answer.text(), said, "{method} {path}");
    }
}
