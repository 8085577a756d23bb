//! The journal: what it keeps, within which bounds, and what it never keeps.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::Bounds;

use crate::support::{Ask, Calls, SCHOOL, emulator, scenario, school};

/// What an entry holds, as somebody would read it.
fn readable(it: &Emulator) -> String {
    let entries = it.main().journal.entries();
    let bytes = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let entries = entries.iter().map(|entry| {
        format!(
            "{entry:?}\n{}\n{}\n{}",
            entry.query,
            bytes(&entry.request_body),
            bytes(&entry.response_body)
        )
    });
    entries.collect::<Vec<_>>().join("\n")
}

#[test]
fn secrets_never_stand_in_an_entry() {
    const SECRET: &str = "s3cr3t-w0rd";
    let binary = [b"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\xFF\xFE\r\n--b\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\n".as_slice(), SECRET.as_bytes(), b"\r\n--b--\r\n"].concat();
    let file = format!(
        "--b\r\nContent-Disposition: form-data; name=\"password\"; filename=\"x\"\r\nContent-Type: text/plain\r\n\r\none\r\n{SECRET}\r\n--b--\r\n"
    );
    let multipart = "multipart/form-data; boundary=b";
    let sends: &[&dyn Fn(&Emulator) -> u16] = &[
        &|it| it.get("/enrollment").token(SECRET).status(),
        &|it| {
            it.get("/enrollment")
                .token(&format!("Bearer {SECRET}"))
                .status()
        },
        &|it| {
            it.get("/enrollment")
                .token(&format!("{SECRET} and more"))
                .status()
        },
        &|it| it.get("/enrollment").token(&format!("{SECRET} ")).status(),
        &|it| {
            it.get("/enrollment")
                .header("x-auth-account-url", "https://a")
                .header("x-auth-email", "e")
                .header("x-auth-password", SECRET)
                .status()
        },
        &|it| {
            it.get("/enrollment")
                .header("cookie", &format!("id={SECRET}"))
                .status()
        },
        &|it| {
            it.get(&format!("/enrollment?access_token={SECRET}"))
                .status()
        },
        &|it| {
            it.get(&format!("/nowhere?x=1&client_secret={SECRET}&y=2"))
                .status()
        },
        &|it| {
            it.post("/api/v3/token")
                .form(&format!(
                    "client_id=client&client_secret={SECRET}&grant_type=x"
                ))
                .status()
        },
        &|it| {
            it.post("/api/v3/token")
                .multipart(&[("client_id", "client"), ("client_secret", SECRET)])
                .status()
        },
        &|it| {
            it.post("/api/v3/token")
                .body(multipart, binary.clone())
                .status()
        },
        &|it| {
            it.post("/api/v3/token")
                .body(multipart, file.clone())
                .status()
        },
        &|it| {
            it.post("/api/v3/token")
                .json(&format!("{{\"client_secret\" : \"{SECRET}\"}}"))
                .status()
        },
        &|it| {
            it.post("/api/v3/token")
                .json(&format!("{{\"password\":\"a\\\"b{SECRET}\",\"x\":1}}"))
                .status()
        },
        &|it| {
            it.post("/api/v3/token")
                .json(&format!("{{\"password\":\n{SECRET}}}"))
                .status()
        },
        &|it| {
            it.post("/enrollment")
                .xml(&format!("<r><password>{SECRET}</password></r>"))
                .status()
        },
        &|it| {
            it.post("/enrollment")
                .xml(&format!("<r><password><![CDATA[{SECRET}]]></password></r>"))
                .status()
        },
        &|it| {
            it.post("/enrollment")
                .xml(&format!(
                    "<r><a:client_secret>{SECRET}</a:client_secret></r>"
                ))
                .status()
        },
        &|it| {
            it.post("/enrollment")
                .body("text/plain", format!("password={SECRET}"))
                .status()
        },
    ];
    for (at, send) in sends.iter().enumerate() {
        let it = school();
        send(&it);
        let text = readable(&it);
        assert!(text.contains("***"), "{at}: {text}");
        assert!(!text.contains(SECRET), "{at}: {text}");
    }
}

#[test]
fn issued_tokens_never_stand_in_an_entry() {
    let form = "client_id=client&client_secret=secret&grant_type=client_credentials";
    for accept in ["*/*", "application/xml"] {
        let it = school();
        let issued = it.post("/api/v3/token").form(form).accept(accept).send();
        assert_eq!(issued.status, 200);
        let text = issued.text();
        let after = text.split("access_token").nth(1).unwrap();
        let token = after
            .trim_start_matches(['"', ':', '>'])
            .split(['"', '<'])
            .next()
            .unwrap();
        assert_eq!(token.len(), 43, "{text}");
        assert_eq!(it.get("/enrollment").token(token).status(), 200);
        assert!(!readable(&it).contains(token), "{}", readable(&it));
    }
}

#[test]
fn what_is_no_secret_stays_readable() {
    let it = school();
    let refused = it.get("/enrollment?courseIds=x").token("account").send();
    let entry = refused.entry.clone().unwrap();
    assert_eq!(
        entry.response_body, refused.body,
        "the code of a refusal is no secret"
    );
    let json = it
        .get("/enrollment?courseIds=x")
        .token("account")
        .accept("application/json")
        .send();
    assert_eq!(json.entry.unwrap().response_body, json.body);
    let it = school();
    let form = "client_id=client&client_secret=hidden&grant_type=client_credentials";
    let entry = it
        .post("/api/v3/token?a=1")
        .form(form)
        .send()
        .entry
        .unwrap();
    assert_eq!(entry.query, "a=1");
    assert_eq!(
        entry.request_body,
        "client_id=client&client_secret=***&grant_type=client_credentials"
    );
    let entry = it
        .get("/enrollment")
        .token("Bearer account")
        .send()
        .entry
        .unwrap();
    assert_eq!(entry.request_headers["authorization"], "Bearer ***");
    assert_eq!(entry.principal.as_deref(), Some("account"));
}

fn bounded(entries: usize, bytes: usize, body: usize) -> Emulator {
    Emulator::new(
        scenario(SCHOOL),
        Bounds {
            entries,
            bytes,
            body,
        },
    )
}

#[test]
fn the_journal_keeps_no_more_than_its_bounds() {
    let it = bounded(3, usize::MAX, usize::MAX);
    for n in 0..10 {
        it.get(&format!("/enrollment?n={n}")).send();
    }
    let main = it.main();
    let journal = &main.journal;
    let seqs: Vec<u64> = journal.entries().iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [8, 9, 10]);
    assert_eq!(journal.dropped(), 7);

    for (what, ask) in [
        (
            "a body",
            (|it: &Emulator| {
                send_large(
                    it.post("/enrollment")
                        .body("text/plain", "x".repeat(20_000)),
                )
            }) as fn(&Emulator),
        ),
        ("a query", |it| {
            send_large(it.get(&format!("/enrollment?{}", "x".repeat(20_000))))
        }),
        ("a path", |it| {
            send_large(it.get(&format!("/ispring/{}", "x".repeat(20_000))))
        }),
        ("a header", |it| {
            send_large(it.get("/enrollment").header("x-other", &"x".repeat(20_000)))
        }),
        ("the caller's words", |it| {
            send_large(
                it.get(&format!("/enrollment?courseIds={}", "x".repeat(20_000)))
                    .token("account"),
            )
        }),
    ] {
        let it = bounded(usize::MAX, 100_000, usize::MAX);
        for _ in 0..20 {
            ask(&it);
        }
        let kept = it.main().journal.entries().len();
        assert!((1..=4).contains(&kept), "{what}: {kept} entries");
        assert_eq!(it.main().journal.dropped(), 20 - kept as u64);
    }

    let it = bounded(10, usize::MAX, 5);
    let answer = it
        .post("/enrollment")
        .token("account")
        .body("text/plain", "0123456789")
        .send();
    let entry = answer.entry.unwrap();
    assert_eq!(entry.request_body, "01234");
    assert_eq!(entry.response_body, answer.body[..5]);

    // One that does not fit by itself is forgotten at once, and the answer still goes out.
    let it = bounded(10, 10, 5);
    assert_eq!(it.get("/enrollment").token("account").status(), 200);
    assert!(it.main().journal.entries().is_empty());
    assert_eq!(it.main().journal.dropped(), 1);
    let it = bounded(0, 0, 0);
    assert_eq!(it.get("/enrollment").token("account").status(), 200);
}

#[test]
fn what_is_kept_depends_on_the_entries_kept_and_not_on_those_before() {
    let kept = |before: usize| {
        let it = bounded(usize::MAX, 5000, usize::MAX);
        let ask = |length: usize| it.get(&format!("/{}", "a".repeat(length))).send();
        // Forgotten, whatever memory they leave behind.
        for at in 0..20 {
            ask(before + at % 7);
        }
        for length in [380, 400, 380, 400, 380] {
            ask(length);
        }
        it.main().journal.entries().len()
    };
    let kept = [300, 390, 400, 430, 900].map(kept);
    assert!(kept.iter().all(|it| *it == kept[0] && *it > 1), "{kept:?}");
}

fn send_large(ask: Ask<'_>) {
    ask.send();
}

#[test]
fn a_secret_cut_by_the_bound_is_masked_as_far_as_it_was_kept() {
    for body in 0..60 {
        let it = bounded(10, usize::MAX, body);
        it.post("/api/v3/token")
            .form("client_id=client&client_secret=SECRETSECRETSECRET&grant_type=x")
            .send();
        assert!(!readable(&it).contains("SEC"), "{body}: {}", readable(&it));
    }
}

#[test]
fn an_entry_says_what_led_to_the_answer() {
    let it = school();
    for (target, token, operation, passed, refused) in [
        ("/enrollment", "account", Some("list_enrollments"), 6, None),
        (
            "/enrollment",
            "nobody",
            Some("list_enrollments"),
            2,
            Some("the credential is nobody's"),
        ),
        (
            "/enrollment",
            "expired",
            Some("list_enrollments"),
            2,
            Some("the credential has expired"),
        ),
        (
            "/enrollment",
            "inactive",
            Some("list_enrollments"),
            2,
            Some("the credential's owner is switched off"),
        ),
        (
            "/enrollment",
            "learner",
            Some("list_enrollments"),
            4,
            Some("the caller's role does not allow this"),
        ),
        (
            "/enrollment/$e99",
            "account",
            Some("get_enrollment"),
            6,
            Some("there is no enrollment e0000000-0000-11ee-8000-000000000099"),
        ),
        (
            "/ispring/nowhere",
            "account",
            None,
            0,
            Some("the vendor has no such path"),
        ),
        (
            "/nowhere",
            "account",
            None,
            0,
            Some("the path and the host fit no vendor"),
        ),
    ] {
        let entry = it.get(target).token(token).send().entry.unwrap();
        assert_eq!(entry.operation, operation, "{target} as {token}");
        assert_eq!(entry.why.passed.len(), passed, "{target} as {token}");
        assert_eq!(entry.why.refused.as_deref(), refused, "{target} as {token}");
        assert_eq!(entry.vendor.is_some(), target != "/nowhere");
    }
    // Its own calls are not in it.
    let seen = it.main().journal.entries().len();
    for target in ["/livez", "/__admin/health", "/__admin/nowhere"] {
        assert!(it.get(target).send().entry.is_none(), "{target}");
    }
    assert_eq!(it.main().journal.entries().len(), seen);
}

#[test]
fn a_list_too_large_to_hold_is_complete_although_the_journal_read_its_first_piece() {
    let it = emulator(
        "
generate: { learners: 2500, courses: 2, enrollments_per_learner: { min: 2, max: 2 } }
ispring: { credentials: [{ token: account }] }
",
    );
    for accept in ["*/*", "application/json"] {
        let answer = it.get("/enrollment").token("account").accept(accept).send();
        assert!(answer.chunked, "{}", answer.body.len());
        assert_eq!(answer.header("content-length"), None);
        assert_eq!(answer.ids().len(), 5000);
        let entry = answer.entry.unwrap();
        assert_eq!(entry.response_body, answer.body[..16 * 1024]);
        // Whole pages say the same.
        let page = it
            .get("/enrollments?pageSize=5000")
            .token("account")
            .accept(accept)
            .send();
        assert_eq!(
            page.ids(),
            it.get("/enrollment")
                .token("account")
                .accept(accept)
                .send()
                .ids()
        );
    }
}

#[test]
fn a_secret_is_masked_however_its_name_is_written() {
    let it = school();
    for target in [
        "/enrollment?access%5Ftoken=hidden",
        "/enrollment?client_secret[]=hidden",
        "/enrollment?Token=hidden&api_key=hidden",
        "/enrollment?x=Bearer%20hidden",
        "/enrollment?jwt=hidden&id_token=hidden&client_assertion=hidden",
        "/enrollment?api-key=hidden&passwd=hidden",
        "/enrollment?x=eyJhidden.eyJhidden.hidden",
        "/enrollment?x=JWT:eyJhidden%2EeyJhidden.hidden,y",
    ] {
        let entry = it.get(target).send().entry.unwrap();
        assert!(!format!("{entry:?}").contains("hidden"), "{entry:?}");
    }
    let form = it
        .post("/api/v3/token")
        .form("client%5Fsecret=hidden&client_id=a");
    let unquoted = it.post("/api/v3/token").body(
        "multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=client_secret\r\n\r\nhidden\r\n--b--\r\n",
    );
    let proxy = it
        .get("/enrollment")
        .header("proxy-authorization", "hidden");
    let key = it.get("/enrollment").header("x-edx-api-key", "hidden");
    let body = r#"{"assertion":"eyJhidden.eyJhidden.hidden","eyJ.a":1}"#;
    let jwt = it.post("/enrollment").json(body);
    for ask in [form, unquoted, proxy, key, jwt] {
        let entry = ask.send().entry.unwrap();
        assert!(!format!("{entry:?}").contains("hidden"), "{entry:?}");
        assert!(!String::from_utf8_lossy(&entry.request_body).contains("hidden"));
    }
}

#[test]
fn a_body_that_looks_like_a_form_in_one_place_hides_its_other_secrets_too() {
    let it = school();
    let body = r#"{"client_secret":"hidden","url":"http://x/?a=1&token=concealed"}"#;
    let entry = it.post("/enrollment").json(body).send().entry.unwrap();
    let kept = String::from_utf8_lossy(&entry.request_body).into_owned();
    assert!(
        !kept.contains("hidden") && !kept.contains("concealed"),
        "{kept}"
    );
}

#[test]
fn a_text_that_looks_like_a_secret_uncovers_no_other() {
    let it = school();
    for escapes in 1..40 {
        let escapes = "\\".repeat(escapes);
        let body = format!(r#"{{"a":"token{escapes}": \"x\"}}","client_secret":"hidden"}}"#);
        let entry = it.post("/enrollment").json(&body).send().entry.unwrap();
        let kept = String::from_utf8_lossy(&entry.request_body).into_owned();
        assert!(!kept.contains("hidden"), "{kept} of {body}");
    }
}

#[test]
fn a_secret_is_masked_however_deep_it_lies_and_however_it_is_spelled() {
    for body in [
        r#"{"a":[{"b":{"clientSecret":"hidden"}}],"kept":1}"#,
        r#"{"password":["hidden","hidden"],"kept":1}"#,
        r#"{"token":{"value":"a]\"}hidden"},"kept":1}"#,
        r#"{"inner":"{\"password\":\"hidden\",\"kept\":1}"}"#,
        r#"{"inner":"{\"password\": \"a\\\"hidden\",\"kept\":1}"}"#,
        r#"{"Password":"hidden","kept":1}"#,
        r#"{"password":"a\\","kept":1,"token":"hidden"}"#,
        r#"<r><password kind="x">hidden</password><kept/></r>"#,
        r#"{"refreshToken":"hidden","kept":1}"#,
    ] {
        let it = school();
        let entry = it.post("/enrollment").json(body).send().entry.unwrap();
        let kept = String::from_utf8_lossy(&entry.request_body).into_owned();
        assert!(!kept.contains("hidden"), "{kept}");
        assert!(kept.contains("kept"), "{kept}");
    }
}

#[test]
fn headers_and_paths_hide_their_secrets() {
    let it = school();
    let jwt = "eyJhidden.eyJhidden.hidden";
    let ask = it
        .get(&format!("/enrollment/{jwt}"))
        .header("referer", "http://a/?x=1&code=hidden#access_token=hidden")
        .header("x-api-key", "hidden")
        .header("x-forwarded-access", "Bearer hidden")
        .header("x-other", jwt)
        .header("x-csrftoken", "hidden")
        .header("x-twice", "first")
        .header("x-twice", "second");
    let entry = ask.send().entry.unwrap();
    assert!(!format!("{entry:?}").contains("hidden"), "{entry:?}");
    let headers = &entry.request_headers;
    assert_eq!(
        headers["referer"],
        "http://a/?x=1&code=***#access_token=***"
    );
    let twice: Vec<_> = headers.get_all("x-twice").iter().collect();
    assert_eq!(twice, ["first", "second"]);
}

#[test]
fn nothing_that_explains_an_entry_escapes_the_bound() {
    let it = bounded(usize::MAX, 50_000, 16 * 1024);
    for n in 0..200 {
        let long = "enrolment/".repeat(300);
        it.get(&format!("/ispring/{n}/{long}")).send();
        it.get(&format!("/alm/primeapi/v2/user/{n}/enrollments?x={long}"))
            .send();
    }
    let kept = it.main().journal.entries();
    let held: usize = kept
        .iter()
        .map(|entry| entry.path.len() + entry.query.len())
        .sum();
    assert!(held < 50_000, "{held}");
    assert!(!kept.is_empty());
    assert_eq!(it.main().journal.dropped() + kept.len() as u64, 400);
    for entry in kept {
        let nearest: usize = entry.why.nearest.iter().map(String::len).sum();
        assert!(nearest < 4_000, "{nearest}");
    }
}

#[test]
fn a_body_that_is_kept_in_part_does_not_keep_the_rest_alive() {
    let it = bounded(10, usize::MAX, 8);
    let body = bytes::Bytes::from(vec![b'x'; 100_000]);
    let entry = it
        .post("/enrollment")
        .body("text/plain", body.clone())
        .send()
        .entry
        .unwrap();
    assert_eq!(entry.request_body.len(), 8);
    assert!(entry.sizes.request_cut);
    assert_eq!(entry.sizes.request, 100_000);
    let kept = entry.request_body.as_ptr() as usize;
    let whole = body.as_ptr() as usize;
    assert!(!(whole..whole + body.len()).contains(&kept));
}

#[test]
fn a_secret_of_any_name_stands_nowhere() {
    const SECRET: &str = "s3cr3t-w0rd";
    let it = school();
    for name in [
        "accessToken",
        "client-secret",
        "oauth_token",
        "newPassword",
        "user[password]",
        "password[]",
        "pwd",
        "X-Api-Key",
        "assertion",
    ] {
        let pair = format!("{name}={SECRET}");
        for target in [
            format!("/enrollment?a=1&{pair}"),
            format!("/enrollment?a=1;{pair};b=2"),
            format!("/alm/primeapi/v2/users/1/enrollments;{pair}"),
        ] {
            it.get(&target).header("user-agent", &pair).send();
        }
        it.post("/enrollment").form(&pair).send();
        it.post("/enrollment").multipart(&[(name, SECRET)]).send();
        it.post("/enrollment")
            .json(&format!(r#"{{"a":{{"{name}":"{SECRET}"}}}}"#))
            .send();
        let element = name.replace("user[", "").replace(['[', ']'], "");
        it.post("/enrollment")
            .xml(&format!("<{element}><![CDATA[{SECRET}]]></{element}>"))
            .send();
    }
    for header in ["api-key", "x-session-token", "password", "x-client-secret"] {
        it.get("/enrollment").header(header, SECRET).send();
    }
    let text = readable(&it);
    let at = text.find(SECRET);
    let around = at.map(|at| &text[at.saturating_sub(80)..at + 20]);
    assert_eq!(around, None);
}

#[test]
fn what_only_sounds_like_a_secret_stays() {
    let it = school();
    let xml = "<a><authToken>x</authToken>\n<error_code>7</error_code>\
        <nextPageToken>n</nextPageToken><next_page_token>n</next_page_token></a>";
    let entry = it.post("/enrollment").xml(xml).send().entry.unwrap();
    let kept = String::from_utf8_lossy(&entry.request_body);
    assert_eq!(
        kept,
        "<a><authToken>***</authToken>\n<error_code>7</error_code>\
        <nextPageToken>n</nextPageToken><next_page_token>n</next_page_token></a>"
    );
    let entry = it
        .get("/enrollment?token_type=a;b=c&pageToken=5")
        .send()
        .entry
        .unwrap();
    assert_eq!(entry.query, "token_type=a;b=c&pageToken=5");
}

#[test]
fn a_body_that_names_a_secret_everywhere_is_read_in_one_pass() {
    const LARGE: usize = 4 * 1024 * 1024;
    let bounds = Bounds {
        entries: 10,
        bytes: 4 * LARGE,
        body: LARGE,
    };
    let it = Emulator::new(scenario(SCHOOL), bounds);
    // None of these ends what it begins. Looked at anew for each, they would take minutes.
    for text in ["<token ", "<password\n", "\"token\";", "name=token;"] {
        let body = text.repeat(LARGE / text.len());
        let entry = it.post("/enrollment").json(&body).send().entry.unwrap();
        assert_eq!(entry.request_body.len(), body.len());
    }
}
