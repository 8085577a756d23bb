//! A running world as a scenario file: whatever was issued, renewed, used up, taken back or died, both worlds
//! go on alike, byte for byte.

use std::fmt::Write as _;

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::scenario::{Overrides, Scenario, Source};
use serde_json::Value;

use crate::support::{Answer, CAMPUS, Calls, SCHOOL, emulator};

/// The world as it is, as a file.
fn state(it: &Emulator) -> String {
    it.get("/__admin/state").send().ok().text()
}

/// Another emulator of a scenario file.
fn load(yaml: &str) -> Emulator {
    let source = Source::Inline {
        name: "state".to_owned(),
        text: yaml.to_owned(),
        beside: None,
    };
    let scenario = Scenario::load(&source, Overrides::default()).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}\n{yaml}", problems.join("\n"))
    });
    Emulator::new(scenario, Bounds::default())
}

/// Another emulator of the world as it is, after a look at whether it is written down alike again.
fn copy(it: &Emulator) -> Emulator {
    let written = state(it);
    let copy = load(&written);
    assert_eq!(state(&copy), written);
    copy
}

/// A request, as plain data: method, target, `Authorization`, form.
#[derive(Clone, Debug)]
struct Step(&'static str, String, String, String);

fn get(target: &str, authorization: &str) -> Step {
    Step(
        "GET",
        target.to_owned(),
        authorization.to_owned(),
        String::new(),
    )
}

fn form(target: &str, form: &str) -> Step {
    Step("POST", target.to_owned(), String::new(), form.to_owned())
}

fn later(by: &str) -> Step {
    Step("CLOCK", by.to_owned(), String::new(), String::new())
}

fn json(target: &str, body: &str) -> Step {
    Step("JSON", target.to_owned(), String::new(), body.to_owned())
}

/// Does it; all that the client sees.
fn does(it: &Emulator, step: &Step) -> Answer {
    let Step(method, target, authorization, body) = step;
    let ask = match *method {
        "CLOCK" => {
            let body = format!(r#"{{"advance":"{target}"}}"#);
            it.post("/__admin/clock").json(&body)
        }
        "JSON" => it.post(target).json(body),
        "GET" => it.get(target),
        _ => it.call(method, target).form(body),
    };
    match authorization.is_empty() {
        true => ask.send(),
        false => ask.header("authorization", authorization).send(),
    }
}

fn shown(answer: &Answer) -> String {
    let mut shown = format!("{}\n", answer.status);
    for (name, value) in &answer.headers {
        writeln!(shown, "{name}: {value:?}").unwrap();
    }
    shown + &String::from_utf8_lossy(&answer.body)
}

/// Fails unless the world and its copy answer alike, one step after another, and are alike in the end; what
/// they answered.
fn goes_on_alike(it: &Emulator, steps: &[Step]) -> Vec<String> {
    let again = copy(it);
    let mut said = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let one = shown(&does(it, step));
        let other = shown(&does(&again, step));
        assert_eq!(one, other, "{number} {step:?}\n{}", state(&again));
        said.push(one);
    }
    // Nor does it matter what was done before the state was taken.
    let (next, last) = (copy(it), copy(&again));
    for step in steps {
        let one = shown(&does(it, step));
        assert_eq!(one, shown(&does(&next, step)), "{step:?}");
        assert_eq!(one, shown(&does(&last, step)), "{step:?}");
    }
    said
}

/// A member of an answer, as text.
fn member(answer: &Answer, name: &str) -> String {
    let value: Value = serde_json::from_slice(&answer.body).unwrap();
    let text = value[name].as_str();
    text.unwrap_or_else(|| panic!("{name}: {}", answer.text()))
        .to_owned()
}

/// What begins the answers, for a glance: statuses.
fn statuses(said: &[String]) -> Vec<&str> {
    said.iter()
        .map(|it| it.split('\n').next().unwrap())
        .collect()
}

const EXPIRE: &str = "inject: token_expired";

/// Makes the token of one call expire before its hour.
fn expire(it: &Emulator, vendor: &str, call: &Step) {
    let fault = format!("{{ name: once, on: {{ vendor: {vendor} }}, calls: 1, {EXPIRE} }}");
    let added = it.post("/__admin/faults").body("application/yaml", fault);
    assert!(matches!(added.status(), 200 | 201));
    does(it, call);
    assert_eq!(it.delete("/__admin/faults/once").status(), 204);
}

const ISPRING: &str = "client_id=client&client_secret=secret&grant_type=client_credentials";

#[test]
fn tokens_of_ispring_go_on_as_they_are() {
    let it = emulator(SCHOOL);
    let issue = || member(&does(&it, &form("/api/v3/token", ISPRING)), "access_token");
    let old = issue();
    it.advance("20m");
    let (struck, young) = (issue(), issue());
    expire(&it, "ispring", &get("/enrollment", &struck));
    expire(&it, "ispring", &get("/enrollment", "publisher"));
    let looks =
        [&*old, &struck, &young, "publisher", "department"].map(|it| get("/enrollment", it));
    let mut steps = looks.to_vec();
    steps.push(later("-15m"));
    steps.extend(looks.clone());
    steps.extend([later("26m"), form("/api/v3/token", ISPRING)]);
    steps.extend(looks.clone());
    let said = goes_on_alike(&it, &steps);
    // Who is struck is dead for good, though the clock be set back.
    assert_eq!(
        statuses(&said),
        [
            "200", "401", "200", "401", "200", "200", "200", "401", "200", "401", "200", "200",
            "200", "401", "401", "200", "401", "200"
        ]
    );
    let next = does(&copy(&it), &form("/api/v3/token", ISPRING));
    let next = member(&next, "access_token");
    assert!(![old, struck, young].contains(&next));
}

const CLIENT: &str = "client_id=oe-client&client_secret=oe-secret";
const ISSUE: &str = "/oauth2/access_token";
const REVOKE: &str = "/oauth2/revoke_token";

fn renew(token: &str) -> Step {
    form(
        ISSUE,
        &format!("{CLIENT}&grant_type=refresh_token&refresh_token={token}"),
    )
}

fn revoke(token: &str) -> Step {
    form(REVOKE, &format!("{CLIENT}&token={token}"))
}

fn me(authorization: &str) -> Step {
    get("/api/user/v1/me", authorization)
}

/// A token for a password, and what renews it.
fn by_password(it: &Emulator, more: &str) -> (String, String) {
    let body = format!("{CLIENT}&grant_type=password&username=learner&password=pass-word{more}");
    let answer = does(it, &form(ISSUE, &body)).ok();
    let access = match more.contains("jwt") {
        true => format!("JWT {}", member(&answer, "access_token")),
        false => format!("Bearer {}", member(&answer, "access_token")),
    };
    (access, member(&answer, "refresh_token"))
}

#[test]
fn tokens_of_open_edx_go_on_as_they_are() {
    let it = emulator(CAMPUS);
    let (plain, renews_plain) = by_password(&it, "");
    let (narrow, renews_narrow) = by_password(&it, "&scope=read+email+read");
    let (revoked, renews_revoked) = by_password(&it, "");
    let (ended, renews_ended) = by_password(&it, "");
    let (used, renews_used) = by_password(&it, "&scope=profile");
    let (struck, renews_struck) = by_password(&it, "");
    let (jwt, renews_jwt) = by_password(&it, "&token_type=jwt&scope=email");
    let clients = form(ISSUE, &format!("{CLIENT}&grant_type=client_credentials"));
    let clients_narrow = form(
        ISSUE,
        &format!("{CLIENT}&grant_type=client_credentials&scope=write"),
    );
    let own = format!("Bearer {}", member(&does(&it, &clients), "access_token"));
    does(&it, &clients_narrow).ok();
    let bare = |it: &str| it.rsplit(' ').next().unwrap().to_owned();
    assert_eq!(does(&it, &revoke(&bare(&revoked))).status, 200);
    assert_eq!(does(&it, &revoke(&renews_ended)).status, 200);
    does(&it, &renew(&renews_used)).ok();
    expire(&it, "openedx", &me(&struck));
    expire(&it, "openedx", &me(&jwt));
    expire(&it, "openedx", &me("Bearer oe-admin"));
    it.advance("9h");
    let (late, renews_late) = by_password(&it, "&scope=email+profile");

    let mut steps: Vec<Step> = [
        &plain,
        &narrow,
        &revoked,
        &ended,
        &used,
        &struck,
        &jwt,
        &own,
        &late,
        "Bearer oe-admin",
        "Bearer oe-learner",
    ]
    .map(me)
    .to_vec();
    let looks = steps.clone();
    steps.extend([later("-9h")]);
    steps.extend(looks.clone());
    steps.extend([
        later("9h"),
        renew(&renews_revoked),
        renew(&renews_ended),
        renew(&renews_used),
    ]);
    steps.extend([
        renew(&renews_narrow),
        renew(&renews_struck),
        renew(&renews_jwt),
        revoke(&bare(&late)),
    ]);
    steps.extend([renew(&renews_late), clients, clients_narrow, later("2h")]);
    steps.extend(looks);
    steps.extend([later("2150h"), renew(&renews_plain), renew(&renews_late)]);
    let said = goes_on_alike(&it, &steps);
    assert_eq!(
        statuses(&said[24..34]),
        // The access token of the first was taken back by itself, that of the one before the last then.
        [
            "500", "400", "400", "200", "200", "200", "200", "500", "200", "200"
        ]
    );
    assert!(
        said[27].contains(r#""scope": "read email read""#),
        "{}",
        said[27]
    );
    assert!(said[33].contains(r#""scope": "write""#), "{}", said[33]);
    // Ninety days are over for the first one; its access token died long before.
    assert_eq!(statuses(&said[47..]), ["400", "500"]);
}

#[test]
fn a_jwt_that_was_struck_lives_again_once_it_is_signed_again() {
    let it = emulator(CAMPUS);
    let body = format!("{CLIENT}&grant_type=client_credentials&token_type=jwt");
    let sign = form(ISSUE, &body);
    let jwt = format!("JWT {}", member(&does(&it, &sign), "access_token"));
    expire(&it, "openedx", &me(&jwt));
    let steps = [me(&jwt), sign.clone(), me(&jwt)];
    let said = goes_on_alike(&it, &steps);
    assert_eq!(statuses(&said), ["401", "200", "200"]);
    // A copy of a copy has it struck anew.
    let again = copy(&it);
    expire(&again, "openedx", &me(&jwt));
    let said = goes_on_alike(&again, &steps[..1]);
    assert_eq!(statuses(&said), ["401"]);
    // A piece of scenario leaves it as it is, and may strike others.
    for it in [&again, &copy(&again)] {
        does(it, &sign);
        let piece = "openedx: { users: [{ username: zoe }], expired_jwts: [nobodys] }";
        it.post("/__admin/records")
            .body("application/yaml", piece)
            .send()
            .ok();
        assert_eq!(does(it, &me(&jwt)).status, 200);
        assert!(state(it).contains("- nobodys"));
    }
}

#[test]
fn who_was_retired_renews_nothing() {
    let it = emulator(CAMPUS);
    let (access, renews) = by_password(&it, "");
    let retire = |it: &Emulator, name: &str| {
        let piece = format!("openedx: {{ users: [{{ username: {name}, retired: true }}] }}");
        let taken = it.post("/__admin/records").body("application/yaml", piece);
        assert_eq!(taken.status(), 200);
    };
    // With the client's owner the client is gone, and the token lives on.
    let other = copy(&it);
    retire(&other, "staff");
    let steps = [me(&access), renew(&renews), me(&access)];
    let said = goes_on_alike(&other, &steps);
    assert_eq!(statuses(&said), ["200", "401", "200"]);
    retire(&it, "learner");
    let said = goes_on_alike(&it, &steps);
    assert_eq!(statuses(&said), ["401", "400", "401"]);
}

#[test]
fn a_refresh_token_outlives_the_memory_of_its_access_token() {
    let it = emulator(CAMPUS);
    let (access, renews) = by_password(&it, "&scope=email");
    let clients = form(ISSUE, &format!("{CLIENT}&grant_type=client_credentials"));
    for _ in 0..10_000 {
        does(&it, &clients);
    }
    let again = load(&state(&it));
    for it in [&it, &again] {
        assert_eq!(does(it, &me(&access)).status, 401);
    }
    let next = shown(&does(&it, &renew(&renews)).ok());
    assert_eq!(shown(&does(&again, &renew(&renews))), next);
}

/// Adobe with two clients, one of an administrator's and one of a learner's.
const ACADEMY: &str = "
alm:
  users: [{ id: 1, roles: [admin] }, { id: 7, email: ann@example.com }, { id: 8, email: ben@example.com }]
  credentials:
    - { token: listed, user: 7 }
    - { client_id: boss, client_secret: s, refresh_token: held, user: 1, code: first }
    - { client_id: app, client_secret: s, user: 7, scopes: ['learner:read'], code: one, codes: [two, three] }
  behaviour: { request_id: gateway }
";

fn exchange(client: &str, code: &str) -> Step {
    form(
        "/oauth/token",
        &format!("client_id={client}&client_secret=s&code={code}"),
    )
}

fn refresh(client: &str, token: &str) -> Step {
    form(
        "/oauth/token/refresh",
        &format!("client_id={client}&client_secret=s&refresh_token={token}"),
    )
}

fn act_for(email: &str, more: &str) -> Step {
    json(
        &format!("/oauth/o/learnerToken?learner_email={email}{more}"),
        r#"{"client_id":"boss","client_secret":"s","refresh_token":"held"}"#,
    )
}

fn worth(token: &str) -> Step {
    get(&format!("/oauth/token/check?access_token={token}"), "")
}

fn authorize(client: &str) -> Step {
    let target = format!(
        "/oauth/o/authorize?client_id={client}&redirect_uri=https://a.test/&response_type=CODE"
    );
    get(&target, "")
}

fn code(it: &Emulator, client: &str) -> String {
    let answer = does(it, &authorize(client));
    let location = answer.header("location").unwrap();
    location.rsplit('=').next().unwrap().to_owned()
}

#[test]
fn tokens_and_codes_of_adobe_go_on_as_they_are() {
    let it = emulator(ACADEMY);
    let access = |answer: &Answer| member(answer, "access_token");
    let renews = |answer: &Answer| member(answer, "refresh_token");
    let apps = does(&it, &exchange("app", "two")).ok();
    let bosss = does(&it, &refresh("boss", "held")).ok();
    let anns = does(&it, &act_for("ann@example.com", "")).ok();
    let bens = does(&it, &act_for("ben@example.com", "")).ok();
    it.advance("24h");
    let bens_next = does(&it, &act_for("ben@example.com", "&force=true")).ok();
    let codes = [
        code(&it, "app"),
        code(&it, "app"),
        code(&it, "app"),
        code(&it, "boss"),
    ];
    let apps_next = does(&it, &exchange("app", &codes[1])).ok();
    // Refreshing Ann's gives a new one.
    let user = |token: &str| get("/primeapi/v2/user", &format!("oauth {token}"));
    expire(&it, "alm", &user(&access(&anns)));

    let all = [&apps, &bosss, &anns, &bens, &bens_next, &apps_next].map(access);
    let mut steps: Vec<Step> = all.iter().flat_map(|it| [worth(it), user(it)]).collect();
    let looks = steps.clone();
    steps.extend([refresh("boss", "held"), refresh("app", &renews(&apps))]);
    steps.extend([
        refresh("boss", &renews(&bens)),
        refresh("boss", &renews(&anns)),
    ]);
    steps.extend([
        refresh("app", &renews(&bens)),
        act_for("ben@example.com", ""),
    ]);
    steps.extend([
        act_for("ann@example.com", ""),
        act_for("ben@example.com", "&force=true"),
    ]);
    steps.extend(["one", "two", "three"].map(|it| exchange("app", it)));
    steps.extend([&*codes[0], &codes[1], &codes[2], &codes[3]].map(|it| exchange("app", it)));
    steps.extend([
        exchange("boss", &codes[3]),
        exchange("boss", "first"),
        authorize("app"),
    ]);
    steps.extend([later("-20h"), later("20h")]);
    steps.extend(looks.clone());
    steps.extend([
        later("145h"),
        refresh("boss", "held"),
        act_for("ben@example.com", ""),
    ]);
    steps.extend(looks.clone());
    steps.extend([
        later("48h"),
        refresh("boss", &renews(&bens)),
        refresh("app", &renews(&apps)),
    ]);
    steps.extend(looks);
    let said = goes_on_alike(&it, &steps);
    // The tokens that live are given again, whoever asks for them.
    for (at, token) in [(12, 1), (13, 5), (14, 4), (17, 4)] {
        assert!(said[at].contains(&all[token]), "{at} {}", said[at]);
    }
    let exchanged = [
        "200", "400", "200", "200", "400", "200", "400", "200", "200",
    ];
    assert_eq!(statuses(&said[20..29]), exchanged);
    assert_ne!(access(&bens), access(&bens_next));
}

#[test]
fn a_refresh_token_of_adobes_outlives_the_memory_of_its_access_tokens() {
    let it = emulator(ACADEMY);
    let bens = does(&it, &act_for("ben@example.com", "")).ok();
    for _ in 0..10_000 {
        does(&it, &act_for("ann@example.com", "&force=true"));
    }
    let again = load(&state(&it));
    let steps = [
        worth(&member(&bens, "access_token")),
        refresh("boss", &member(&bens, "refresh_token")),
        act_for("ben@example.com", ""),
    ];
    for step in steps {
        assert_eq!(
            shown(&does(&it, &step)),
            shown(&does(&again, &step)),
            "{step:?}"
        );
    }
}

#[test]
fn the_state_of_a_sandbox_goes_on_by_itself() {
    let it = emulator(&format!("{ACADEMY}{CAMPUS}"));
    let made = it.post("/__admin/sandboxes").json(r#"{"id":"one"}"#);
    assert_eq!(made.status(), 201);
    let inside = |step: Step| Step(step.0, format!("/__sandbox/one{}", step.1), step.2, step.3);
    let bens = does(&it, &inside(act_for("ben@example.com", ""))).ok();
    let own = does(&it, &inside(exchange("app", "one"))).ok();
    let again = load(&it.get("/__sandbox/one/__admin/state").send().ok().text());
    // Who is somebody's only refresh token stays it, though another world would have made up another.
    for (step, before) in [
        (act_for("ben@example.com", ""), &bens),
        (refresh("boss", &member(&bens, "refresh_token")), &bens),
        (refresh("app", &member(&own, "refresh_token")), &own),
    ] {
        assert_eq!(does(&again, &step).ok().text(), before.text());
    }
}

#[test]
fn what_a_piece_of_scenario_lists_is_written_once() {
    let it = emulator(&format!("{ACADEMY}{CAMPUS}"));
    let (access, renews) = by_password(&it, "");
    let access = access.strip_prefix("Bearer ").unwrap();
    let bens = does(&it, &act_for("ben@example.com", "")).ok();
    let (theirs, renew_theirs) = (
        member(&bens, "access_token"),
        member(&bens, "refresh_token"),
    );
    let piece = format!(
        "openedx: {{ credentials: [{{ token: {access}, user: staff }}] }}
alm: {{ issued: {{ tokens: 5 }}, credentials: [{{ token: '{theirs}', user: 8, scopes: ['learner:read'] }}, {{ token: more, user: 7, refresh_token: anns, client: boss }}] }}
"
    );
    it.post("/__admin/records")
        .body("application/yaml", piece)
        .send()
        .ok();
    let bearer = format!("Bearer {access}");
    let steps = [
        me(&bearer),
        refresh("boss", &renew_theirs),
        act_for("ann@example.com", ""),
        refresh("boss", "anns"),
        exchange("app", "one"),
        renew(&renews),
        me(&bearer),
    ];
    let again = copy(&it);
    let said: Vec<String> = steps.iter().map(|step| shown(&does(&it, step))).collect();
    for (step, said) in steps.iter().zip(&said) {
        assert_eq!(*said, shown(&does(&again, step)), "{step:?}");
    }
    assert!(said[0].contains("staff"), "{}", said[0]);
    assert!(
        said[2].contains("anns") && said[2].contains("more"),
        "{}",
        said[2]
    );
    // What is listed in a running world may be ahead of it, never behind.
    assert!(state(&it).contains("tokens: 6"), "{}", state(&it));
    let behind = "alm: { issued: { tokens: 1, codes: 1 } }";
    it.post("/__admin/records")
        .body("application/yaml", behind)
        .send()
        .ok();
    assert!(state(&it).contains("tokens: 6"), "{}", state(&it));
}

#[test]
fn a_listed_token_does_not_take_the_place_of_the_one_given_last() {
    let it = emulator(ACADEMY);
    let anns = does(&it, &act_for("ann@example.com", "")).ok();
    let renews = member(&anns, "refresh_token");
    let piece = format!(
        "alm: {{ credentials: [{{ token: more, user: 7, refresh_token: '{renews}', client: boss }}] }}"
    );
    it.post("/__admin/records")
        .body("application/yaml", piece)
        .send()
        .ok();
    let steps = [refresh("boss", &renews), worth("more")];
    let said = goes_on_alike(&it, &steps);
    assert!(
        said[0].contains(&member(&anns, "access_token")),
        "{}",
        said[0]
    );
    assert!(said[1].contains(&renews), "{}", said[1]);
}

#[test]
fn a_token_that_is_listed_again_parts_from_what_came_along_with_it() {
    let it = emulator(ACADEMY);
    let bens = does(&it, &act_for("ben@example.com", "")).ok();
    let (access, renews) = (
        member(&bens, "access_token"),
        member(&bens, "refresh_token"),
    );
    let piece = format!(
        "alm: {{ credentials: [{{ token: '{access}', user: 8, refresh_token: other, client: boss }}] }}"
    );
    it.post("/__admin/records")
        .body("application/yaml", piece)
        .send()
        .ok();
    let steps = [
        refresh("boss", &renews),
        refresh("boss", "other"),
        act_for("ben@example.com", ""),
    ];
    let said = goes_on_alike(&it, &steps);
    assert_eq!(statuses(&said), ["400", "200", "200"]);
    assert!(
        said[2].contains(&access) && said[2].contains("other"),
        "{}",
        said[2]
    );
}
