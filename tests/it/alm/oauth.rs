//! Adobe Learning Manager's OAuth endpoints, from a browser's redirect to a token that counts down.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::platform::Gate;
use serde_json::Value;

use crate::support::{Answer, Calls, emulator};

const CLIENTS: &str = "
alm:
  account: '77'
  users:
    - { id: '5', email: Lea@example.com }
    - { id: '6', email: ada@example.com, roles: [admin] }
  credentials:
    - { token: listed, user: '5' }
    - { client_id: own, client_secret: s, user: '5', code: first, refresh_token: kept }
    - { client_id: boss, client_secret: s, user: '6', refresh_token: held }
    - { client_id: new, client_secret: s, user: '5' }
";

const TOKEN: &str = "/alm/oauth/token";
const REFRESH: &str = "/alm/oauth/token/refresh";
const LEARNER: &str = "/alm/oauth/o/learnerToken";

fn clients() -> Emulator {
    emulator(CLIENTS)
}

/// The code that the browser of a client's user comes back with.
fn code(it: &Emulator, client: &str) -> String {
    let target = format!(
        "/alm/oauth/o/authorize?client_id={client}&redirect_uri=https://a.test/&response_type=CODE"
    );
    let answer = it.get(&target).send();
    assert_eq!(answer.status, 302, "{}", answer.text());
    let location = answer.header("location").unwrap();
    let code = location.strip_prefix("https://a.test/?code=");
    code.unwrap_or_else(|| panic!("{location}")).to_owned()
}

fn exchange(it: &Emulator, client: &str, code: &str) -> Answer {
    let form = format!("code={code}&client_id={client}&client_secret=s");
    it.post(TOKEN).form(&form).send()
}

fn refresh(it: &Emulator, client: &str, token: &str) -> Answer {
    let form = format!("refresh_token={token}&client_id={client}&client_secret=s");
    it.post(REFRESH).form(&form).send()
}

fn check(it: &Emulator, token: &str) -> Answer {
    it.get(&format!("/alm/oauth/token/check?access_token={token}"))
        .send()
        .ok()
}

fn act_for(it: &Emulator, email: &str, more: &str) -> Answer {
    let body = r#"{"client_id":"boss","client_secret":"s","refresh_token":"held"}"#;
    it.post(&format!("{LEARNER}?learner_email={email}{more}"))
        .json(body)
        .send()
}

fn member(answer: &Answer, name: &str) -> Value {
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    body[name].clone()
}

fn text(answer: &Answer, name: &str) -> String {
    let value = member(answer, name);
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("{name}: {}", answer.text()))
        .to_owned()
}

fn is_hex(token: &str) -> bool {
    token.len() == 32
        && token
            .bytes()
            .all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

#[test]
fn a_code_becomes_a_token_that_opens_the_api() {
    let it = clients();
    let code = code(&it, "new");
    assert!(is_hex(&code), "{code}");
    let answer = exchange(&it, "new", &code).ok();
    let (access, refresh) = (
        text(&answer, "access_token"),
        text(&answer, "refresh_token"),
    );
    assert!(is_hex(&access) && is_hex(&refresh) && access != refresh);
    let expected = format!(
        r#"{{"access_token":"{access}","refresh_token":"{refresh}","user_role":"learner","account_id":"77","user_id":"5","expires_in":604799}}"#
    );
    assert_eq!(answer.text(), expected);
    assert_eq!(check(&it, &access).text(), expected);
    let opened = it
        .get("/alm/primeapi/v2/user")
        .token(&format!("oauth {access}"))
        .send();
    let principal = opened.entry.unwrap().principal.clone();
    assert_eq!(principal.as_deref(), Some("5"));
}

#[test]
fn a_code_is_good_once_and_for_its_client() {
    let it = clients();
    assert_eq!(exchange(&it, "boss", "first").status, 400);
    exchange(&it, "own", "first").ok();
    let again = exchange(&it, "own", "first");
    assert_eq!(again.status, 400);
    let body =
        r#"{"status":"BAD_REQUEST","title":"Invalid Parameter: code","source":{"info":"code"}}"#;
    assert_eq!(again.text(), body);
    assert_ne!(code(&it, "own"), code(&it, "own"));
    assert_eq!(it.post("/__admin/reset").status(), 204);
    exchange(&it, "own", "first").ok();
}

#[test]
fn refreshing_gives_the_token_that_lives_and_it_counts_down() {
    let it = clients();
    let first = refresh(&it, "own", "kept").ok();
    let access = text(&first, "access_token");
    assert_eq!(text(&first, "refresh_token"), "kept");
    it.advance("1h");
    let second = refresh(&it, "own", "kept").ok();
    assert_eq!(text(&second, "access_token"), access);
    assert_eq!(member(&second, "expires_in"), 604_799 - 3600);
    it.advance("167h");
    let third = refresh(&it, "own", "kept").ok();
    assert_ne!(text(&third, "access_token"), access, "the old one is dead");
    assert_eq!(member(&third, "expires_in"), 604_799);
    assert_eq!(check(&it, &access).text(), r#"{"error":"invalid_token"}"#);
}

#[test]
fn the_token_of_a_code_is_the_one_that_refreshing_gives() {
    let it = clients();
    let answer = exchange(&it, "own", "first").ok();
    assert_eq!(text(&answer, "refresh_token"), "kept");
    let again = refresh(&it, "own", "kept").ok();
    assert_eq!(answer.text(), again.text());
    let other = exchange(&it, "own", &code(&it, "own")).ok();
    assert_ne!(text(&other, "access_token"), text(&answer, "access_token"));
    assert_eq!(refresh(&it, "own", "kept").text(), other.text());
    check(&it, &text(&answer, "access_token"));
}

#[test]
fn parameters_are_read_from_query_and_form() {
    let it = clients();
    let target = format!("{REFRESH}?refresh_token=kept&client_id=own");
    it.post(&target).form("client_secret=s").send().ok();
    // A form of another type is no form.
    let other = it
        .post(&target)
        .body("text/plain", "client_secret=s")
        .send();
    assert_eq!(
        other.text(),
        r#"{"status":"BAD_REQUEST","title":"Missing Parameter: client_secret","source":{"info":"client_secret"}}"#
    );
}

#[test]
fn a_listed_token_that_never_dies_is_always_new() {
    let it = clients();
    it.advance("1000h");
    assert_eq!(
        check(&it, "listed").text(),
        r#"{"access_token":"listed","user_role":"learner","account_id":"77","user_id":"5","expires_in":604799}"#
    );
}

#[test]
fn an_administrators_client_acts_for_a_learner() {
    let it = clients();
    let answer = act_for(&it, "lea@EXAMPLE.com", "").ok();
    assert_eq!(text(&answer, "user_role"), "learner");
    assert_eq!(text(&answer, "user_id"), "5");
    let access = text(&answer, "access_token");
    let own = it
        .get("/alm/primeapi/v2/enrollments")
        .bearer(&access)
        .send();
    let entry = own.entry.unwrap();
    assert!(entry.why.passed.contains(&Gate::Permit));
    let renewed = refresh(&it, "boss", &text(&answer, "refresh_token")).ok();
    assert_eq!(renewed.text(), answer.text());
    // Who acts for learners is no learner's client.
    let body = r#"{"client_id":"own","client_secret":"s","refresh_token":"kept"}"#;
    let ask = it.post(&format!("{LEARNER}?learner_email=ada@example.com"));
    assert_eq!(ask.json(body).status(), 403);
}

#[test]
fn a_learners_token_is_given_again_until_it_is_forced_or_too_old() {
    let it = clients();
    let token = |more: &str| text(&act_for(&it, "lea@example.com", more).ok(), "access_token");
    let first = token("&force=false");
    assert_eq!(token(""), first);
    assert_eq!(token("&min_validity_sec=604800"), first);
    let forced = token("&force=true");
    assert_ne!(forced, first);
    it.advance("24h");
    assert_eq!(token("&min_validity_sec=518400"), forced);
    it.advance("1s");
    assert_ne!(token("&min_validity_sec=518400"), forced);
}

#[test]
fn people_of_a_population_are_found_by_their_address() {
    let it = emulator(
        "generate: { learners: 40, courses: 3, enrollments_per_learner: { min: 1, max: 1 } }
alm:
  users: [{ id: '6', roles: [admin] }]
  credentials: [{ client_id: boss, client_secret: s, user: '6', refresh_token: held }]
",
    );
    let main = it.main();
    let world = main.vendors.alm.read();
    let user = world.user_at(7).unwrap();
    drop(world);
    let email = user.email.clone().unwrap();
    let answer = act_for(&it, &email, "").ok();
    assert_eq!(text(&answer, "user_id"), user.id.to_string());
    assert_eq!(act_for(&it, "nobody@example.com", "").status, 400);
}

#[test]
fn no_secret_reaches_the_journal() {
    let it = clients();
    let drawn = code(&it, "own");
    let answer = it
        .post(&format!(
            "{TOKEN}?code={drawn}&client_id=own&client_secret=s"
        ))
        .form("")
        .header("accept-encoding", "gzip")
        .send()
        .ok();
    let plain = refresh(&it, "own", "kept").ok();
    let access = text(&plain, "access_token");
    for entry in [answer.entry.unwrap(), plain.entry.unwrap()] {
        let all = format!(
            "{}{}{}",
            entry.query,
            String::from_utf8_lossy(&entry.request_body),
            String::from_utf8_lossy(&entry.response_body)
        );
        assert!(all.contains("\"access_token\":\"***\""), "{all}");
        for secret in [drawn.as_str(), "secret=s", "kept", access.as_str()] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
    }
    let redirect = it.get(
        "/alm/oauth/o/authorize?client_id=own&redirect_uri=https://a.test/&response_type=CODE",
    );
    let redirect = redirect.send();
    let shown = &redirect.entry.unwrap().response_headers;
    let location = shown.get("location").unwrap().to_str().unwrap();
    assert_eq!(location, "https://a.test/?code=***");
}

#[test]
fn asking_for_tokens_for_ever_costs_no_memory() {
    let it = clients();
    let kept = text(&exchange(&it, "own", "first").ok(), "access_token");
    for _ in 0..10_001 {
        let body = r#"{"client_id":"boss","client_secret":"s","refresh_token":"held"}"#;
        let ask = it.post(&format!(
            "{LEARNER}?learner_email=lea@example.com&force=true"
        ));
        assert_eq!(ask.json(body).status(), 200);
    }
    let forgotten = check(&it, &kept).text();
    assert_eq!(forgotten, r#"{"error":"invalid_token"}"#);
    // The refresh token was listed, and gives another.
    refresh(&it, "own", "kept").ok();
}
