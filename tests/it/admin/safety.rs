//! Who may come in: hosts, pages of other sites, the admin token.

use enrollmock::internals::emulator::{Admission, Emulator};
use enrollmock::internals::journal::Bounds;
use serde_json::Value;

use crate::support::{Answer, Calls, SCHOOL, scenario, school};

fn admitting(admission: Admission) -> Emulator {
    Emulator::new(scenario(SCHOOL), Bounds::default()).with_admission(admission)
}

fn error(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    body["error"].as_str().unwrap().to_owned()
}

#[test]
fn a_host_that_can_only_be_this_machine_or_a_vendor_is_served() {
    let it = Emulator::new(
        scenario(&format!("hosts: {{ alm: [alm.test] }}\n{SCHOOL}")),
        Bounds::default(),
    );
    for host in [
        "127.0.0.1",
        "127.0.0.1:8650",
        "192.168.1.7:80",
        "[::1]",
        "[::1]:8650",
        "[2001:db8::7]:1",
        "localhost",
        "LOCALHOST:8650",
        "localhost.:8650",
        "api.localhost",
        "enrollmock",
        "enrollmock:8650",
        "my_mock:8650",
        "api-learn.ispringlearn.com",
        "learningmanager.adobe.com:443",
        "alm.test",
        "ALM.test:8650",
        "",
    ] {
        for path in ["/enrollment", "/__admin/health", "/nowhere"] {
            let status = it.get(path).header("host", host).status();
            assert_ne!(status, 421, "{host} {path}");
        }
    }
    assert_eq!(it.get("/enrollment").token("account").status(), 200);
    for host in [
        "evil.example",
        "evil.example:8650",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "1.2.3",
        "alm.test.evil.example",
        "x.alm.test",
        "[evil.example]",
        "evil.example:x",
        "127.0.0.1:8:evil.example",
        "127.0.0.1:evil.example",
        "\u{e9}.example",
    ] {
        for path in [
            "/enrollment",
            "/__admin/health",
            "/nowhere",
            "/__sandbox/a/",
        ] {
            let answer = it.get(path).header("host", host).token("account").send();
            assert_eq!(answer.status, 421, "{host} {path} {}", answer.text());
            assert!(error(&answer).contains("--allow-host"), "{host}");
            assert!(answer.entry.is_none());
        }
        for probe in ["/livez", "/readyz"] {
            assert_eq!(it.get(probe).header("host", host).status(), 200);
        }
    }
    let two = it.get("/enrollment").header("host", "localhost");
    assert_eq!(two.header("host", "evil.example").status(), 421);
}

#[test]
fn who_is_turned_away_learns_nothing_of_a_sandbox() {
    let it = school();
    it.post("/__admin/sandboxes")
        .json(r#"{"id":"alice"}"#)
        .send();
    it.post("/__admin/clock")
        .json(r#"{"advance":"10m"}"#)
        .send();
    for id in ["alice", "nobody"] {
        let turned = |target: &str, name: &str, value: &str| {
            let ask = it.get(target).header(name, value);
            ask.header("x-enrollmock-sandbox", id).send()
        };
        let there = it.get("/livez").send().header("date").map(str::to_owned);
        let strange = turned("/enrollment", "host", "evil.example");
        assert_eq!(strange.status, 421);
        assert_eq!(strange.header("date").map(str::to_owned), there, "{id}");
        let foreign = turned("/__admin/clock", "origin", "https://evil.example");
        assert_eq!(foreign.status, 403);
        assert_eq!(foreign.header("date").map(str::to_owned), there, "{id}");
    }
}

#[test]
fn further_hosts_are_served_when_they_are_named() {
    let admission = Admission::default()
        .with_host("Mock.Example.com")
        .with_host("*.ci.example");
    let it = admitting(admission);
    for (host, served) in [
        ("mock.example.com", true),
        ("MOCK.example.com:8650", true),
        ("other.example.com", false),
        ("a.ci.example", true),
        ("a.b.ci.example:1", true),
        ("ci.example", false),
        ("evilci.example", false),
        (".ci.example", false),
    ] {
        let status = it.get("/__admin/health").header("host", host).status();
        assert_eq!(status, if served { 200 } else { 421 }, "{host}");
    }
}

#[test]
fn a_sandboxs_story_names_hosts_as_well() {
    let it = school();
    let body = r#"{"id":"alice","scenario":{"version":1,"hosts":{"openedx":["lms.campus"]}}}"#;
    assert_eq!(it.post("/__admin/sandboxes").json(body).status(), 201);
    let ask = || it.get("/oauth2/nowhere").header("host", "lms.campus");
    assert_eq!(ask().status(), 421);
    let answer = ask().header("x-enrollmock-sandbox", "alice").send();
    let entry = answer.entry.unwrap();
    assert_eq!(entry.vendor.map(|vendor| vendor.name()), Some("openedx"));
}

#[test]
fn a_page_of_another_site_makes_no_admin_call() {
    let it = school();
    let ask = |method: &str, path: &str, host: &str, origin: &str| {
        let ask = it.call(method, path).header("host", host);
        ask.header("origin", origin).send()
    };
    for (host, origin, own) in [
        ("localhost:8650", "http://localhost:8650", true),
        ("localhost:8650", "https://localhost:8650", true),
        ("LocalHost:8650", "http://localhost:8650", true),
        ("[::1]:8650", "http://[::1]:8650", true),
        ("mock", "http://mock", true),
        ("mock:80", "http://mock", true),
        ("mock", "https://mock:443", true),
        ("mock:80", "https://mock", false),
        ("localhost:8650", "http://localhost:3000", false),
        ("localhost:8650", "http://localhost", false),
        ("localhost:8650", "http://127.0.0.1:8650", false),
        ("localhost:8650", "https://evil.example", false),
        ("localhost:8650", "null", false),
        ("localhost:8650", "", false),
    ] {
        for (method, path) in [
            ("GET", "/__admin/health"),
            ("POST", "/__admin/reset"),
            ("POST", "/__admin/nowhere"),
            ("OPTIONS", "/__admin/reset"),
        ] {
            let answer = ask(method, path, host, origin);
            assert_eq!(answer.status == 403, !own, "{host} {origin} {path}");
            let cors = answer.headers.keys();
            let mut cors = cors.filter(|name| name.as_str().starts_with("access-control"));
            assert_eq!(cors.next(), None);
        }
        // What a vendor says to an origin is the vendor's.
        assert_ne!(ask("GET", "/enrollment", host, origin).status, 403);
    }
    let two = it.get("/__admin/health").header("host", "mock");
    let two = two
        .header("origin", "http://mock")
        .header("origin", "http://evil.example");
    assert_eq!(two.status(), 403);
    let below = "/__sandbox/alice/__admin/reset";
    it.post("/__admin/sandboxes")
        .json(r#"{"id":"alice"}"#)
        .send();
    assert_eq!(
        ask("POST", below, "localhost", "http://evil.example").status,
        403
    );
}

#[test]
fn with_an_admin_token_no_admin_call_does_without() {
    let it = admitting(Admission::default().with_token("s3cret-token"));
    let made = it.post("/__admin/sandboxes").bearer("s3cret-token");
    assert_eq!(made.json(r#"{"id":"alice"}"#).status(), 201);
    for prefix in ["", "/__sandbox/alice", "/__sandbox/nobody"] {
        for (method, path) in [
            ("GET", "/__admin"),
            ("GET", "/__admin/health"),
            ("POST", "/__admin/reset"),
            ("DELETE", "/__admin/sandboxes/alice"),
            ("GET", "/__admin/nowhere"),
        ] {
            let ask = || it.call(method, &format!("{prefix}{path}"));
            for wrong in [
                ask(),
                ask().bearer(""),
                ask().bearer("s3cret-toke"),
                ask().bearer("s3cret-tokem"),
                ask().bearer("s3cret-token2"),
                ask().bearer("S3cret-token"),
                ask().token("s3cret-token"),
                ask().token("Basic s3cret-token"),
                ask().header("x-auth", "s3cret-token"),
            ] {
                let answer = wrong.send();
                assert_eq!(answer.status, 401, "{method} {prefix}{path}");
                let challenge = answer.header("www-authenticate").unwrap();
                assert!(challenge.starts_with("Bearer "));
                assert!(error(&answer).contains("ENROLLMOCK_ADMIN_TOKEN"));
                assert!(!answer.text().contains("s3cret"));
            }
        }
    }
    for ask in [
        it.get("/__admin/health").bearer("s3cret-token"),
        it.get("/__admin/health").token("bearer s3cret-token"),
        it.get("/__sandbox/alice/__admin/health")
            .bearer("s3cret-token"),
        // Vendors' clients and probes know nothing of it.
        it.get("/enrollment").token("account"),
        it.get("/livez"),
        it.get("/readyz"),
    ] {
        assert_eq!(ask.status(), 200);
    }
    assert!(!format!("{it:?}").contains("s3cret"));
}

#[test]
fn the_index_leads_to_every_call_of_the_world_that_was_asked() {
    let it = school();
    it.post("/__admin/sandboxes")
        .json(r#"{"id":"alice"}"#)
        .send();
    for (prefix, name) in [("", ""), ("/__sandbox/alice", "alice")] {
        let index = it
            .get(&format!("{prefix}/__admin"))
            .header("host", "mock:1");
        let index: Value = serde_json::from_slice(&index.send().ok().body).unwrap();
        assert_eq!(index["sandbox"], name);
        let calls = index["calls"].as_array().unwrap();
        let base = format!("http://mock:1{prefix}");
        for call in calls {
            let does = call["does"].as_str();
            assert!(does.is_some_and(|does| !does.is_empty()), "{call}");
            let path = call["url"].as_str().unwrap().strip_prefix(&base).unwrap();
            let answer = it.call("PATCH", &format!("{prefix}{path}")).send();
            let allowed = answer.header("allow").unwrap();
            assert!(allowed.contains(call["method"].as_str().unwrap()), "{call}");
        }
        for path in ["/__admin/health", "/__admin/sandboxes", "/livez"] {
            let url = format!("{base}{path}");
            assert!(calls.iter().any(|call| call["url"] == url.as_str()));
        }
    }
}
