//! Sandboxes: made, chosen, kept apart, ended.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::worlds::{Denied, SandboxParams, Worlds};
use serde_json::Value;

use crate::support::{ALL, Answer, CAMPUS, Calls, NOW, SCHOOL, emulator, scenario, school};

const SANDBOXES: &str = "/__admin/sandboxes";

/// Clients of every vendor, of which each may ask for a token in every way there is.
const CLIENTS: &str = "
alm:
  account: '77'
  users:
    - { id: '5', email: lea@example.com }
    - { id: '6', email: ada@example.com, roles: [admin] }
  credentials:
    - { client_id: boss, client_secret: s, user: '6', refresh_token: held }
    - { client_id: new, client_secret: s, user: '5' }
";

/// Everything that can be issued, in one emulator.
fn everywhere() -> Emulator {
    emulator(&format!("{SCHOOL}{CAMPUS}{CLIENTS}"))
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{}", answer.text()))
}

fn error(answer: &Answer) -> String {
    json(answer)["error"].as_str().unwrap().to_owned()
}

fn text(answer: &Answer, member: &str) -> String {
    let value = json(answer)[member].as_str().map(str::to_owned);
    value.unwrap_or_else(|| panic!("{member}: {}", answer.text()))
}

fn create(it: &Emulator, body: &str) -> Answer {
    it.post(SANDBOXES).json(body).send()
}

/// A sandbox of this name.
fn sandbox(it: &Emulator, id: &str) {
    let answer = create(it, &format!("{{\"id\":\"{id}\"}}"));
    assert_eq!(answer.status, 201, "{}", answer.text());
}

fn ids(it: &Emulator) -> Vec<String> {
    let listed = json(&it.get(SANDBOXES).send().ok());
    let listed = listed["sandboxes"].as_array().unwrap().clone();
    let id = |shown: &Value| shown["id"].as_str().unwrap().to_owned();
    listed.iter().map(id).collect()
}

/// Takes the first enrollment away, in the world below this prefix.
fn delete_one(it: &Emulator, prefix: &str) {
    let answer = it.post(&format!("{prefix}/enrollment/delete"));
    let answer = answer.token("account").json(r#"{"enrollmentIds":["$e1"]}"#);
    assert_eq!(answer.status(), 204);
}

#[test]
fn a_sandbox_says_where_it_is() {
    let it = school();
    let made = it.post(SANDBOXES).header("host", "localhost:8650");
    let made = made.json(r#"{"id":"alice","ttl":"10m"}"#).send();
    assert_eq!(made.status, 201);
    assert_eq!(made.header("location"), Some("/__admin/sandboxes/alice"));
    let base = "http://localhost:8650/__sandbox/alice";
    assert_eq!(
        made.text(),
        format!(
            r#"{{"id":"alice","base_url":"{base}","urls":{{"admin":"{base}/__admin","ispring":"{base}/ispring","openedx":"{base}/openedx","alm":"{base}/alm"}},"scenario":"inline","seed":0,"ttl_ms":600000}}"#
        )
    );
    let one = it.get("/__admin/sandboxes/alice").send().ok();
    assert_eq!(json(&one)["id"], "alice");
    assert!(json(&one)["ttl_ms"].as_u64().unwrap() <= 600_000);
    // Behind a proxy that speaks TLS, and asked from within another sandbox.
    let made = it
        .post("/__sandbox/alice/__admin/sandboxes")
        .header("host", "mock")
        .header("x-forwarded-proto", "https");
    let made = json(&made.json(r#"{"id":"Bob-2"}"#).send());
    assert_eq!(made["base_url"], "https://mock/__sandbox/Bob-2");
    assert_eq!(made["ttl_ms"], Value::Null);
    assert_eq!(ids(&it), ["alice", "Bob-2"]);
    let entry = it.get("/__sandbox/alice/enrollment").send().entry.unwrap();
    assert_eq!(entry.id, "r-alice-1");
    assert_eq!(entry.sandbox.as_deref(), Some("alice"));
    assert_eq!(entry.vendor.unwrap().name(), "ispring");
    assert_eq!(it.delete("/__admin/sandboxes/alice").status(), 204);
    assert_eq!(ids(&it), ["Bob-2"]);
}

#[test]
fn without_a_name_a_sandbox_gets_the_next_free_one() {
    let it = school();
    sandbox(&it, "s2");
    let made = |body: &'static str| text(&it.post(SANDBOXES).body("", body).send(), "id");
    assert_eq!(made(""), "s1");
    assert_eq!(made("{}"), "s3");
    assert_eq!(it.delete("/__admin/sandboxes/s3").status(), 204);
    assert_eq!(made("{}"), "s4");
}

#[test]
fn what_is_no_sandbox_is_refused_and_nothing_is_made() {
    let it = school();
    sandbox(&it, "Alice");
    let long = format!("{{\"id\":\"{}\"}}", "a".repeat(64));
    for (body, status, word) in [
        (r#"{"id":"Alice"}"#, 409, "DELETE /__admin/sandboxes/Alice"),
        (r#"{"id":"aLICE"}"#, 409, "Alice"),
        (r#"{"id":""}"#, 400, "1 to 63"),
        (r#"{"id":"al ice"}"#, 400, "letters, digits and hyphens"),
        (r#"{"id":"al_ice"}"#, 400, "letters"),
        (r#"{"id":"älice"}"#, 400, "letters"),
        (r#"{"id":"a.b"}"#, 400, "letters"),
        (&long, 400, "1 to 63"),
        (r#"{"id":7}"#, 400, "expected a string"),
        (r#"{"name":"bob"}"#, 400, "unknown field `name`"),
        (r#"{"id":"bob","id":"eve"}"#, 400, "duplicate field"),
        ("[]", 400, "expected {"),
        ("nonsense", 400, "expected an object"),
        (r#"{"ttl":"soon"}"#, 400, "90s"),
        (r#"{"ttl":"-1s"}"#, 400, "90s"),
        (r#"{"ttl":60}"#, 400, "string"),
        (r#"{"seed":-1}"#, 400, "u64"),
        (r#"{"seed":"7"}"#, 400, "u64"),
        (r#"{"scenario":7}"#, 400, "built-in name"),
        (
            r#"{"scenario":"quickstrat"}"#,
            422,
            "did you mean `quickstart`?",
        ),
        (r#"{"scenario":"/etc/passwd"}"#, 422, "no built-in scenario"),
        (r#"{"scenario":{"version":1,"clok":{}}}"#, 422, "clock"),
        (
            r#"{"scenario":{"version":1,"extends":"./other.yaml"}}"#,
            422,
            "expected a built-in name",
        ),
        (
            r#"{"scenario":"version: 1\nsead: 7\n"}"#,
            422,
            "scenario:2:1: ",
        ),
    ] {
        let answer = create(&it, body);
        assert_eq!(answer.status, status, "{body} {}", answer.text());
        assert!(error(&answer).contains(word), "{body}: {}", error(&answer));
        assert_eq!(ids(&it), ["Alice"], "{body}");
    }
    let many = create(&it, r#"{"scenario":{"version":1,"a":1,"b":2}}"#);
    assert_eq!(json(&many)["problems"].as_array().unwrap().len(), 2);
    for method in ["GET", "DELETE"] {
        let answer = it.call(method, "/__admin/sandboxes/alicia").send();
        assert_eq!(answer.status, 404);
        assert!(error(&answer).contains("alicia"));
    }
}

#[test]
fn a_sandbox_starts_as_the_served_story_did() {
    let it = school();
    delete_one(&it, "");
    it.advance("1h");
    sandbox(&it, "fresh");
    assert_eq!(it.list("/__sandbox/fresh/enrollment"), ALL);
    let clock = it.get("/__sandbox/fresh/__admin/clock").send().ok();
    assert_eq!(text(&clock, "now"), NOW);
    assert_eq!(it.list("/enrollment"), ALL[1..]);
    // Another story in the main world leaves it alone.
    it.worlds().replace(scenario(CAMPUS));
    assert_eq!(it.list("/__sandbox/fresh/enrollment"), ALL);
    assert_eq!(it.get("/enrollment").token("account").status(), 401);
    // And those that come from now on start with that one.
    sandbox(&it, "later");
    let health = it.get("/__sandbox/later/__admin/health").send().ok();
    assert_eq!(json(&health)["records"]["openedx"]["users"], 5);
}

#[test]
fn a_sandbox_may_have_a_story_and_a_seed_of_its_own() {
    let it = emulator("generate: { learners: 9 }\nseed: 3\n");
    for (id, rest) in [
        ("named", r#""scenario":"quickstart""#),
        (
            "object",
            r#""scenario":{"version":1,"name":"mine","seed":5}"#,
        ),
        (
            "text",
            r#""scenario":"version: 1\nname: hers\nextends: quickstart\n""#,
        ),
        ("seeded", r#""seed":4"#),
        ("same", r#""seed":3"#),
        (
            "both",
            r#""seed":6,"scenario":{"version":1,"name":"mine","seed":5}"#,
        ),
    ] {
        let answer = create(&it, &format!("{{\"id\":\"{id}\",{rest}}}"));
        assert_eq!(answer.status, 201, "{}", answer.text());
        let health = it.get(&format!("/__sandbox/{id}/__admin/health"));
        assert_eq!(
            json(&health.send().ok())["scenario"],
            json(&answer)["scenario"]
        );
    }
    let shown = json(&it.get(SANDBOXES).send().ok());
    let shown = shown["sandboxes"].as_array().unwrap().iter();
    let shown: Vec<_> = shown
        .map(|it| {
            (
                it["scenario"].as_str().unwrap(),
                it["seed"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(shown[1], ("mine", 5));
    assert_eq!(shown[2].0, "hers");
    assert_eq!(shown[3], ("inline", 4));
    assert_eq!(shown[4], ("inline", 3));
    assert_eq!(shown[5], ("mine", 6));
    let counts = |id: &str| {
        let prefix = match id {
            "" => String::new(),
            id => format!("/__sandbox/{id}"),
        };
        let health = json(&it.get(&format!("{prefix}/__admin/health")).send().ok());
        health["records"]["ispring"].clone()
    };
    assert_eq!(counts("same"), counts(""));
    assert_eq!(counts("seeded")["users"], counts("")["users"]);
    let users = |id: &str| {
        let sandbox = it.worlds().find(id).unwrap().sandbox;
        let first = sandbox.scenario().bases().openedx.clone();
        format!("{first:?}")
    };
    assert_eq!(
        users("same"),
        format!("{:?}", it.main().scenario().bases().openedx)
    );
    assert_ne!(users("seeded"), users("same"));
    // One story, read once, however many play it.
    let body =
        r#"{"scenario":{"version":1,"clock":{"now":"2024-06-09T13:05:09Z","ticking":false}}}"#;
    let made: Vec<_> = (0..2).map(|_| text(&create(&it, body), "id")).collect();
    let base = |id: &str| {
        let sandbox = it.worlds().find(id).unwrap().sandbox;
        std::sync::Arc::as_ptr(sandbox.scenario())
    };
    assert_eq!(base(&made[0]), base(&made[1]));
}

#[test]
fn path_header_and_host_choose_a_sandbox() {
    let it = school();
    sandbox(&it, "alice");
    delete_one(&it, "/__sandbox/alice");
    let world = |ask: crate::support::Ask<'_>| {
        let answer = ask.token("account").send().ok();
        let entry = answer.entry.clone().unwrap();
        assert_eq!(answer.ids().len(), 7 - usize::from(entry.sandbox.is_some()));
        entry.sandbox.clone().unwrap_or_default()
    };
    let header = "x-enrollmock-sandbox";
    for target in ["/enrollment", "/ispring/enrollment"] {
        let below = format!("/__sandbox/alice{target}");
        assert_eq!(world(it.get(target)), "");
        assert_eq!(world(it.get(target).header("host", "localhost")), "");
        assert_eq!(world(it.get(&below)), "alice");
        assert_eq!(world(it.get(&below.replace("alice", "ALICE"))), "alice");
        assert_eq!(world(it.get(target).header(header, "alice")), "alice");
        for host in [
            "alice.sandbox.localhost",
            "alice.sandbox.localhost:8650",
            "Alice.Sandbox.Localhost.",
        ] {
            assert_eq!(world(it.get(target).header("host", host)), "alice");
        }
        let all = it
            .get(&below)
            .header(header, "Alice")
            .header("host", "alice.sandbox.localhost:1");
        assert_eq!(world(all), "alice");
        // A vendor's own host is found behind a header.
        let host = "api-learn.ispringlearn.com";
        let both = it.get("/enrollment").header("host", host);
        assert_eq!(world(both.header(header, "alice")), "alice");
    }
    // The admin calls are that sandbox's as well.
    for ask in [
        it.get("/__sandbox/alice/__admin/health"),
        it.get("/__admin/health").header(header, "alice"),
        it.get("/__admin/health")
            .header("host", "alice.sandbox.localhost"),
    ] {
        let health = json(&ask.send().ok());
        assert_eq!(health["records"]["ispring"]["enrollments"], 7);
    }
    // What the vendor refuses there, it refuses in its own words.
    let nowhere = it.get("/__sandbox/alice/ispring/nowhere").token("account");
    let nowhere = nowhere.send();
    assert_eq!(nowhere.status, 404);
    assert_eq!(
        nowhere.entry.unwrap().vendor.map(|vendor| vendor.name()),
        Some("ispring")
    );
    for path in ["/__sandbox/alice", "/__sandbox/alice/"] {
        let nobodys = json(&it.get(path).header("host", "mock:1").send());
        let base = "http://mock:1/__sandbox/alice/ispring";
        assert_eq!(nobodys["base_urls"][0], base);
    }
}

#[test]
fn a_sandbox_that_is_not_there_is_a_plain_404_that_says_which_are() {
    let it = school();
    let unknown = it
        .get("/__sandbox/alice/enrollment")
        .token("account")
        .send();
    assert_eq!(unknown.status, 404);
    assert!(error(&unknown).contains("there is none"));
    assert_eq!(unknown.entry.unwrap().operation, None);
    for id in ["alice", "bob"] {
        sandbox(&it, id);
    }
    let header = "x-enrollmock-sandbox";
    for ask in [
        it.get("/__sandbox/alic/enrollment"),
        it.get("/__sandbox/alic"),
        it.get("/__sandbox/alic/__admin/health"),
        it.get("/enrollment").header(header, "alic"),
        it.get("/enrollment")
            .header("host", "alic.sandbox.localhost"),
    ] {
        let answer = ask.send();
        assert_eq!(answer.status, 404);
        let said = error(&answer);
        assert!(said.contains("there is alice, bob"), "{said}");
        assert!(said.contains("did you mean \"alice\"?"), "{said}");
        assert!(answer.header("date").is_some());
    }
    for ask in [
        it.get("/__sandbox/"),
        it.get("/__sandbox//enrollment"),
        it.get("/__sandbox/a%6cice/enrollment"),
        it.get("/enrollment").header(header, ""),
        it.get("/enrollment")
            .header("host", "a.alice.sandbox.localhost"),
    ] {
        assert_eq!(ask.status(), 404);
    }
    for number in 0..20 {
        sandbox(&it, &format!("n{number}"));
    }
    assert!(error(&it.get("/__sandbox/x/").send()).contains("and 12 more"));
    // Who only asks whether the server is up asks no sandbox.
    assert_eq!(it.get("/readyz").header(header, "nobody").status(), 200);
}

#[test]
fn an_unknown_sandbox_is_refused_at_once_however_long_its_name() {
    let it = everywhere();
    for at in 0..1_000 {
        sandbox(&it, &format!("{}{at}", "ab".repeat(28)));
    }
    let name = "ab".repeat(30_000);
    // Minutes, if all of it were compared with every name.
    let start = Instant::now();
    let answer = it.get(&format!("/__sandbox/{name}/enrollment")).send();
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(answer.status, 404);
    assert!(answer.body.len() < 4096, "{}", answer.body.len());
}

#[test]
fn two_that_disagree_are_refused() {
    let it = everywhere();
    for id in ["alice", "bob"] {
        sandbox(&it, id);
    }
    let token = ispring_token(&it, "/__sandbox/alice");
    let header = "x-enrollmock-sandbox";
    for (ask, words) in [
        (
            it.get("/__sandbox/alice/enrollment").header(header, "bob"),
            [
                "the path names the sandbox \"alice\"",
                "X-Enrollmock-Sandbox names \"bob\"",
            ],
        ),
        (
            it.get("/__sandbox/alice/enrollment")
                .header("host", "bob.sandbox.localhost"),
            ["the path", "the host"],
        ),
        (
            it.get("/enrollment")
                .header(header, "carol")
                .header("host", "bob.sandbox.localhost"),
            ["carol", "bob"],
        ),
        (
            it.get("/enrollment")
                .header(header, "alice")
                .header(header, "bob"),
            ["alice", "bob"],
        ),
        (
            it.get("/__sandbox/bob/enrollment").bearer(&token),
            ["\"bob\"", "a token that it issued names \"alice\""],
        ),
        (
            it.get(&format!("/enrollment?access_token={token}"))
                .header(header, "bob"),
            ["\"bob\"", "\"alice\""],
        ),
    ] {
        let answer = ask.send();
        assert_eq!(answer.status, 400, "{}", answer.text());
        for word in words {
            assert!(error(&answer).contains(word), "{}", answer.text());
        }
        assert_eq!(answer.entry.unwrap().operation, None);
    }
}

fn ispring_token(it: &Emulator, prefix: &str) -> String {
    let form = "client_id=client&client_secret=secret&grant_type=client_credentials";
    let answer = it.post(&format!("{prefix}/api/v3/token")).form(form).send();
    text(&answer.ok(), "access_token")
}

fn openedx_tokens(it: &Emulator, prefix: &str) -> (String, String) {
    let form = "client_id=oe-client&client_secret=oe-secret&grant_type=password&username=learner&password=pass-word";
    let path = format!("{prefix}/oauth2/access_token");
    let answer = it.post(&path).form(form).send().ok();
    (
        text(&answer, "access_token"),
        text(&answer, "refresh_token"),
    )
}

fn alm_code(it: &Emulator, prefix: &str) -> String {
    let path = format!(
        "{prefix}/alm/oauth/o/authorize?client_id=new&redirect_uri=https://a.test/&response_type=CODE"
    );
    let answer = it.get(&path).send();
    let location = answer.header("location").unwrap();
    location.split_once("?code=").unwrap().1.to_owned()
}

/// The sandbox whose journal has the request.
fn reached(answer: &Answer) -> String {
    let entry = answer.entry.as_ref().unwrap();
    entry.sandbox.clone().unwrap_or_default()
}

#[test]
fn what_a_sandbox_issues_leads_to_it() {
    let it = everywhere();
    for id in ["alice", "bob"] {
        sandbox(&it, id);
    }
    for id in ["alice", "bob", ""] {
        let prefix = match id {
            "" => String::new(),
            id => format!("/__sandbox/{id}"),
        };
        let token = ispring_token(&it, &prefix);
        for ask in [
            it.get("/enrollment").token(&token),
            it.get("/ispring/enrollment").bearer(&token),
            it.get("/enrollment").token(&format!("bearer  {token}")),
        ] {
            let answer = ask.send();
            assert_eq!((answer.status, reached(&answer).as_str()), (200, id));
        }

        let (access, refresh) = openedx_tokens(&it, &prefix);
        let me = it.get("/openedx/api/user/v1/me").bearer(&access).send();
        assert_eq!((me.status, reached(&me).as_str()), (200, id));
        let form = format!(
            "client_id=oe-client&client_secret=oe-secret&grant_type=refresh_token&refresh_token={refresh}"
        );
        let renewed = it.post("/oauth2/access_token").form(&form).send();
        assert_eq!((renewed.status, reached(&renewed).as_str()), (200, id));
        let parts = [
            ("client_id", "oe-client"),
            ("client_secret", "oe-secret"),
            ("grant_type", "refresh_token"),
            ("refresh_token", text(&renewed, "refresh_token").as_str()),
        ]
        .map(|(name, value)| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        });
        let renewed = it.post("/oauth2/access_token");
        let renewed = renewed
            .body(
                "multipart/form-data; boundary=b",
                parts.concat() + "--b--\r\n",
            )
            .send();
        assert_eq!((renewed.status, reached(&renewed).as_str()), (200, id));
        let renewed = text(&renewed, "access_token");
        let form = format!("client_id=oe-client&client_secret=oe-secret&token={renewed}");
        let revoked = it.post("/oauth2/revoke_token").form(&form).send();
        assert_eq!((revoked.status, reached(&revoked).as_str()), (200, id));

        let form = format!(
            "code={}&client_id=new&client_secret=s",
            alm_code(&it, &prefix)
        );
        let exchanged = it.post("/alm/oauth/token").form(&form).send();
        assert_eq!((exchanged.status, reached(&exchanged).as_str()), (200, id));
        let access = text(&exchanged, "access_token");
        let user = "/alm/primeapi/v2/user";
        for ask in [
            it.get(user).token(&format!("oauth {access}")),
            it.get(&format!("{user}?access_token={access}")),
            it.get(&format!("/alm/oauth/token/check?access_token={access}")),
        ] {
            let answer = ask.send();
            assert_eq!((answer.status, reached(&answer).as_str()), (200, id));
        }
        let refresh = text(&exchanged, "refresh_token");
        let form = format!("refresh_token={refresh}&client_id=new&client_secret=s");
        let renewed = it.post("/oauth/token/refresh").form(&form).send();
        assert_eq!((renewed.status, reached(&renewed).as_str()), (200, id));
        // Adobe's only endpoint that reads JSON.
        let body =
            format!(r#"{{"client_id":"new","client_secret":"s","refresh_token":"{refresh}"}}"#);
        let path = "/alm/oauth/o/learnerToken?learner_email=lea@example.com";
        let learner = it.post(path).json(&body).send();
        assert_eq!(reached(&learner), id, "{}", learner.text());
    }
    // Listed tokens belong to every world, and so name none.
    assert_eq!(reached(&it.get("/enrollment").token("account").send()), "");
}

#[test]
fn what_is_issued_derives_from_the_sandboxs_name() {
    let token = |id: &str, count: usize| {
        let it = everywhere();
        sandbox(&it, id);
        let prefix = format!("/__sandbox/{id}");
        let tokens = (0..count).map(|_| ispring_token(&it, &prefix));
        tokens.last().unwrap()
    };
    assert_eq!(token("alice", 1), token("alice", 1));
    assert_eq!(token("alice", 2), token("alice", 2));
    assert_ne!(token("alice", 1), token("alice", 2));
    assert_ne!(token("alice", 1), token("bob", 1));
    assert_ne!(token("alice", 1), ispring_token(&everywhere(), ""));
}

#[test]
fn a_token_that_is_forgotten_leads_nowhere() {
    let it = everywhere();
    sandbox(&it, "alice");
    let issue = || {
        let token = ispring_token(&it, "/__sandbox/alice");
        openedx_tokens(&it, "/__sandbox/alice");
        alm_code(&it, "/__sandbox/alice");
        token
    };
    let token = issue();
    assert_eq!(it.worlds().tokens(), 4);
    let stranger = |reached_by: &str| {
        let answer = it.get("/enrollment").token(&token).send();
        assert_eq!(reached(&answer), reached_by);
        answer.status
    };
    assert_eq!(stranger("alice"), 200);
    it.post("/__sandbox/alice/__admin/reset?only=state").send();
    assert_eq!(it.worlds().tokens(), 0);
    assert_eq!(stranger(""), 401);
    assert_eq!(issue(), token, "the same again");
    assert_eq!(stranger("alice"), 200);
    assert_eq!(it.delete("/__admin/sandboxes/alice").status(), 204);
    assert_eq!(it.worlds().tokens(), 0);
    assert_eq!(stranger(""), 401);
    // The main world's are noted nowhere.
    ispring_token(&it, "");
    assert_eq!(it.worlds().tokens(), 0);
    // Of more than a world remembers, the oldest goes.
    sandbox(&it, "alice");
    assert_eq!(ispring_token(&it, "/__sandbox/alice"), token);
    for _ in 0..10_000 {
        ispring_token(&it, "/__sandbox/alice");
    }
    assert_eq!(it.worlds().tokens(), 10_000);
    assert_eq!(stranger(""), 401);
}

#[test]
fn a_sandbox_ends_when_its_time_is_up_whoever_looks() {
    type Look = fn(&Emulator) -> u16;
    let looks: [Look; 5] = [
        |it| it.get("/__sandbox/brief/enrollment").status(),
        |it| it.get("/__admin/sandboxes/brief").status(),
        |it| it.delete("/__admin/sandboxes/brief").status(),
        |it| {
            it.get("/enrollment").send();
            404
        },
        |it| match ids(it).contains(&"brief".to_owned()) {
            true => 200,
            false => 404,
        },
    ];
    for look in looks {
        let it = school();
        sandbox(&it, "lasting");
        let lasting = create(&it, r#"{"id":"long","ttl":"1h"}"#);
        assert_eq!(lasting.status, 201);
        let made = create(&it, r#"{"id":"brief","ttl":"0s"}"#);
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(look(&it), 404);
        assert_eq!(ids(&it), ["lasting", "long"]);
        // Its name is free again.
        sandbox(&it, "brief");
    }
}

#[test]
fn a_sandbox_that_ends_is_freed() {
    let it = everywhere();
    sandbox(&it, "alice");
    let held = std::sync::Arc::downgrade(&it.worlds().find("alice").unwrap().sandbox);
    ispring_token(&it, "/__sandbox/alice");
    assert!(held.upgrade().is_some());
    it.delete("/__admin/sandboxes/alice").send();
    assert!(held.upgrade().is_none());
    // A request under way ends in the world in which it began.
    sandbox(&it, "alice");
    let under_way = it.worlds().find("alice").unwrap().sandbox;
    it.delete("/__admin/sandboxes/alice").send();
    assert_eq!(under_way.vendors.ispring.read().counts()[3].1, 8);
}

#[test]
fn there_are_only_so_many_sandboxes_and_they_are_small() {
    let it = Emulator::new(scenario(SCHOOL), Bounds::default());
    let worlds = it.worlds();
    for _ in 0..Worlds::AT_MOST {
        assert!(worlds.create(SandboxParams::default()).is_ok());
    }
    assert_eq!(
        worlds.create(SandboxParams::default()).err(),
        Some(Denied::Full)
    );
    let answer = create(&it, "{}");
    assert_eq!(answer.status, 503);
    assert!(error(&answer).contains("100000"), "{}", answer.text());
    assert!(error(&answer).contains("ttl"));
    assert!(worlds.end("s1"));
    assert!(worlds.create(SandboxParams::default()).is_ok());
}

#[test]
fn a_sandbox_of_a_huge_story_is_made_as_quickly_as_one_of_a_small_story() {
    // A hundred thousand of them at a scan of ten million enrollments each would take years.
    let it = emulator(
        "generate: { learners: 1000000, courses: 50, enrollments_per_learner: { min: 10, max: 10 } }",
    );
    for _ in 0..10_000 {
        assert!(it.worlds().create(SandboxParams::default()).is_ok());
    }
    it.post("/__sandbox/s77/__admin/reset").send();
}

#[test]
fn many_sandboxes_with_many_writers_see_their_own_only() {
    const SANDBOXES: usize = 40;
    const WRITERS: usize = 5;
    let it = everywhere();
    let tokens: Vec<String> = (0..SANDBOXES)
        .map(|number| {
            sandbox(&it, &format!("w{number}"));
            ispring_token(&it, &format!("/__sandbox/w{number}"))
        })
        .collect();
    let learners: [&str; WRITERS] = ["$u11", "$u12", "$u13", "$u14", "$u15"];
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for part in 0..8 {
            let (it, tokens, start) = (&it, &tokens, &start);
            scope.spawn(move || {
                start.wait();
                for (round, learner) in learners.iter().enumerate().take(WRITERS) {
                    for (number, token) in tokens.iter().enumerate().skip(part).step_by(8) {
                        // Each sandbox gets a count of its own.
                        if round > number % WRITERS {
                            continue;
                        }
                        let body = format!(
                            r#"{{"courseIds":["$c5"],"learnerIds":["{learner}"],"dueDateType":"unlimited"}}"#
                        );
                        let answer = match round % 2 {
                            0 => it.post("/enrollment").token(token),
                            _ => it
                                .post(&format!("/__sandbox/w{number}/enrollment"))
                                .token("account"),
                        };
                        let answer = answer.json(&body).send();
                        assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
                    }
                }
            });
        }
    });
    for (number, token) in tokens.iter().enumerate() {
        let written = number % WRITERS + 1;
        let list = it.get("/enrollment").token(token).send().ok();
        assert_eq!(list.ids().len(), ALL.len() + written, "w{number}");
        let sandbox = it.worlds().find(&format!("w{number}")).unwrap().sandbox;
        let entries = sandbox.journal.entries();
        // The token, what was written, the list.
        assert_eq!(entries.len(), 1 + written + 1, "w{number}");
        for (at, entry) in entries.iter().enumerate() {
            assert_eq!(entry.id, format!("r-w{number}-{}", at + 1));
        }
    }
    assert_eq!(it.list("/enrollment"), ALL);
    assert_eq!(it.main().journal.entries().len(), 1);
}

#[test]
fn the_verdict_covers_the_main_world_and_every_sandbox() {
    let it = school();
    for id in ["alice", "bob"] {
        sandbox(&it, id);
    }
    let names = || -> Vec<String> {
        let verdicts = it.worlds().verdicts().into_iter();
        verdicts.map(|(name, _)| name).collect()
    };
    assert_eq!(names(), ["", "alice", "bob"]);
    // One that ended with nothing to say is no more.
    it.delete("/__admin/sandboxes/alice").send();
    assert_eq!(names(), ["", "bob"]);
    let wish = SandboxParams {
        ttl: Some(Duration::ZERO),
        ..SandboxParams::default()
    };
    it.worlds().create(wish).unwrap();
    assert_eq!(names(), ["", "bob"]);
}

#[test]
fn a_call_into_a_sandbox_that_has_ended_is_held_against_the_client() {
    let it = school();
    sandbox(&it, "alice");
    assert_eq!(it.call("DELETE", "/__admin/sandboxes/alice").status(), 204);
    let answer = it
        .get("/__sandbox/alice/ispring/enrollment")
        .token("account")
        .send();
    assert_eq!(answer.status, 404);
    let entry = answer.entry.unwrap();
    assert_eq!((entry.vendor, entry.operation), (None, None));
    let refused = entry.why.refused.as_deref().unwrap();
    assert!(
        refused.contains("\"alice\", which never was or has ended"),
        "{refused}"
    );
    let (_, verdict) = it.worlds().verdicts().swap_remove(0);
    assert_eq!(verdict.unmatched, 1);
    // The emulator's own calls are in no journal, wherever they were meant to go.
    let own = it.get("/__sandbox/alice/__admin/clock").send();
    assert!(own.status == 404 && own.entry.is_none());
}
