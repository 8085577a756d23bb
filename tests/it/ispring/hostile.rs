//! Bodies and queries that mean harm: refused, and at once.

use enrollmock::internals::emulator::Emulator;

use crate::support::{Calls, fill, school, school_with};

/// What takes longer than this in a debug build does more than look once at each byte.
const AT_ONCE: std::time::Duration = std::time::Duration::from_secs(20);

/// Sends it to every operation that reads a body, and none may like it or take long.
fn assert_refused(it: &Emulator, content_type: &str, body: &[u8], what: &str) {
    let before = it.everything();
    for target in [
        "/enrollment",
        "/enrollments",
        "/enrollment/$e1",
        "/enrollment/$e1/reenroll",
        "/enrollment/delete",
    ] {
        let start = std::time::Instant::now();
        let status = it
            .post(target)
            .token("account")
            .body(content_type, body.to_vec())
            .status();
        assert_eq!(status, 400, "{what} to {target}");
        assert!(
            start.elapsed() < AT_ONCE,
            "{what} to {target} took {:?}",
            start.elapsed()
        );
    }
    assert_eq!(it.everything(), before, "{what}");
}

/// A body that would be fine but for `prolog` and `more`.
fn document(prolog: &str, more: &str) -> Vec<u8> {
    let fields = "<courseIds><id>$c5</id></courseIds><learnerIds><id>$u11</id></learnerIds><enrollmentIds><id>$e1</id></enrollmentIds><accessDate>2024-06-09</accessDate><dueDateType>unlimited</dueDateType>";
    fill(&format!("{prolog}<request>{fields}{more}</request>")).into_bytes()
}

#[test]
fn the_document_of_the_tests_below_is_fine_without_their_harm() {
    let it = school();
    for target in ["/enrollment", "/enrollment/$e1", "/enrollment/$e1/reenroll"] {
        let status = it
            .post(target)
            .token("account")
            .body("application/xml", document("", ""))
            .status();
        assert!(status < 300, "{target}: {status}");
    }
}

#[test]
fn hostile_xml_is_a_400_at_once() {
    let it = school();
    let bomb = "<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>";
    let deep = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
    let utf16: Vec<u8> = std::iter::once(0xFEFFu16)
        .chain(String::from_utf8(document("", "")).unwrap().encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("blank", b" \r\n ".to_vec()),
        ("text", b"hello".to_vec()),
        ("a prolog alone", b"<?xml version=\"1.0\"?>".to_vec()),
        ("a document type", document("<!DOCTYPE request>", "")),
        (
            "an external entity",
            document(
                "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
                "<a>&x;</a>",
            ),
        ),
        ("a billion laughs", document(bomb, "<a>&c;</a>")),
        ("an entity of its own", document("", "<a>&lol;</a>")),
        ("an entity without end", document("", "<a>&amp</a>")),
        (
            "a number that is no character",
            document("", "<a>&#xFFFFFFFF;</a>"),
        ),
        ("a surrogate", document("", "<a>&#xD800;</a>")),
        ("a NUL by number", document("", "<a>&#0;</a>")),
        ("a NUL", document("", "<a>\0</a>")),
        ("a control character", document("", "<a>\u{1}</a>")),
        ("depth", document("", &deep(100_000))),
        (
            "depth without end",
            [document("", ""), "<a>".repeat(100_000).into_bytes()].concat(),
        ),
        ("half of it", document("", "")[..100].to_vec()),
        (
            "no end",
            document("", "")
                .strip_suffix(b"</request>")
                .unwrap()
                .to_vec(),
        ),
        (
            "half an end",
            document("", "").strip_suffix(b">").unwrap().to_vec(),
        ),
        ("a comment without end", document("", "<!-- ")),
        ("CDATA without end", document("", "<![CDATA[ ")),
        ("two roots", [document("", ""), document("", "")].concat()),
        (
            "a root behind the root",
            [document("", ""), b"<a/>".to_vec()].concat(),
        ),
        (
            "text behind the root",
            [document("", ""), b"x".to_vec()].concat(),
        ),
        (
            "text before the root",
            [b"x".to_vec(), document("", "")].concat(),
        ),
        ("crossed elements", document("", "<a><b></a></b>")),
        ("an end too many", document("", "</a>")),
        ("UTF-16", utf16),
        ("no UTF-8", [document("", "<a>"), vec![0xC3, 0x28]].concat()),
        (
            "Latin 1",
            document("", "<a>x</a>")
                .iter()
                .map(|b| if *b == b'x' { 0xE9 } else { *b })
                .collect(),
        ),
        ("JSON", b"{\"courseIds\":[]}".to_vec()),
    ];
    for (what, body) in cases {
        for content_type in ["application/xml", "text/xml; charset=utf-8"] {
            assert_refused(&it, content_type, &body, what);
        }
    }
}

#[test]
fn a_mebibyte_of_anything_is_answered_at_once() {
    let it = school();
    let attributes: String = (0..80_000).map(|n| format!(" a{n}=\"{n}\"")).collect();
    let names: String = (0..60_000).map(|n| format!("<n{n}>x</n{n}>")).collect();
    let entities = "&amp;".repeat(200_000);
    let cases: Vec<(&str, String)> = vec![
        (
            "application/xml",
            format!("<request{attributes}></request>"),
        ),
        (
            "application/xml",
            format!("<request><a{attributes}/></request>"),
        ),
        ("application/xml", format!("<request>{names}</request>")),
        (
            "application/xml",
            format!("<request><a>{entities}</a></request>"),
        ),
        (
            "application/xml",
            format!("<request>{}</request>", "<courseIds/>".repeat(80_000)),
        ),
        (
            "application/xml",
            format!("<request>{}</request>", "<!-- -->".repeat(120_000)),
        ),
        ("application/xml", "<".repeat(1_000_000)),
        ("application/xml", "&".repeat(1_000_000)),
        ("application/json", "[".repeat(1_000_000)),
        (
            "application/json",
            format!("{{\"a\":{}", "{\"a\":".repeat(200_000)),
        ),
        (
            "application/json",
            format!("{{{}\"a\":1}}", "\"a\":1,".repeat(150_000)),
        ),
        (
            "application/json",
            format!("{{\"courseIds\":[{}0]}}", "0,".repeat(500_000)),
        ),
        ("application/x-www-form-urlencoded", "a=1&".repeat(250_000)),
        (
            "application/x-www-form-urlencoded",
            "a[]=1&".repeat(170_000),
        ),
        (
            "application/x-www-form-urlencoded",
            (0..100_000).map(|n| format!("p{n}=1&")).collect(),
        ),
        (
            "application/x-www-form-urlencoded",
            format!("a{}=1", "[a]".repeat(330_000)),
        ),
        (
            "application/x-www-form-urlencoded",
            format!("a{}=1", "[".repeat(1_000_000)),
        ),
        (
            "application/x-www-form-urlencoded",
            format!("a{}=1&", "[]".repeat(64)).repeat(7_500),
        ),
        // Keys of its own where `[]` would like to go.
        (
            "application/x-www-form-urlencoded",
            (50_000..90_000)
                .map(|n| format!("a[{n}]=1&"))
                .chain((0..80_000).map(|_| "a[]=1&".to_owned()))
                .collect(),
        ),
        ("application/x-www-form-urlencoded", "%".repeat(1_000_000)),
        ("application/x-www-form-urlencoded", "&".repeat(1_000_000)),
        // Secrets by the thousand, for whoever masks them.
        (
            "application/x-www-form-urlencoded",
            "password=x&".repeat(90_000),
        ),
        (
            "application/x-www-form-urlencoded",
            "password\"\r\n".repeat(90_000),
        ),
        ("application/json", "\"password\":\"".repeat(80_000)),
        ("application/xml", "<password>".repeat(90_000)),
        ("multipart/form-data; boundary=x", "--x\r\n".repeat(150_000)),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"a[]\"\r\n\r\n1\r\n".repeat(17_000),
        ),
        ("text/plain", "x".repeat(1_000_000)),
    ];
    for (content_type, body) in cases {
        let start: String = body.chars().take(40).collect();
        for target in ["/enrollment", "/enrollments"] {
            let began = std::time::Instant::now();
            let status = it
                .post(target)
                .token("account")
                .body(content_type, body.clone())
                .status();
            let took = began.elapsed();
            // A body without the fields asked for; only the list asks for none.
            assert!(
                status == 400 || (status == 200 && target == "/enrollments"),
                "{status}: {start}"
            );
            assert!(took < AT_ONCE, "{start} took {took:?}");
        }
    }
}

#[test]
fn a_query_of_a_hundred_thousand_parameters_is_answered_at_once() {
    let it = school();
    for query in [
        "courseIds[]=$c1&".repeat(20_000),
        format!("courseIds={}$c1", "$c2,".repeat(20_000)),
        "courseIds=$c1&".repeat(20_000),
        format!("courseIds{}=$c1", "[0]".repeat(100_000)),
        "x=1&".repeat(200_000),
        format!(
            "{}{}",
            (40_000..70_000)
                .map(|n| format!("x[{n}]=1&"))
                .collect::<String>(),
            "x[]=1&".repeat(60_000)
        ),
        "password=x&".repeat(90_000),
    ] {
        let began = std::time::Instant::now();
        let status = it
            .get(&format!("/enrollments?{query}"))
            .token("account")
            .status();
        assert!(matches!(status, 200 | 400), "{status}");
        assert!(
            began.elapsed() < AT_ONCE,
            "{:.60} took {:?}",
            query,
            began.elapsed()
        );
    }
}

#[test]
fn a_body_larger_than_the_server_takes_is_a_400_after_the_caller_was_asked() {
    let it = school();
    for (token, status) in [("nobody", 401), ("learner", 403), ("account", 400)] {
        let mut ask = it.post("/enrollment").token(token).xml("");
        ask.request.oversized = true;
        assert_eq!(ask.status(), status, "{token}");
    }
    let mut ask = it.post("/api/v3/token").form("");
    ask.request.oversized = true;
    assert_eq!(ask.status(), 400);
}

#[test]
fn xml_that_is_not_well_formed_is_a_400() {
    let it = school();
    let fields = "<courseIds><id>$c5</id></courseIds><learnerIds><id>$u11</id></learnerIds>\
        <dueDateType>unlimited</dueDateType>";
    let fresh = it.everything();
    for (what, document) in [
        (
            "an attribute twice",
            format!("<request a='1' a='2'>{fields}</request>"),
        ),
        (
            "an attribute without quotes",
            format!("<request a=1>{fields}</request>"),
        ),
        (
            "markup in an attribute",
            format!("<request a='<x>'>{fields}</request>"),
        ),
        (
            "a declaration inside",
            format!("<request><?xml version='1.0'?>{fields}</request>"),
        ),
        (
            "a declaration behind a blank",
            format!(" <?xml version='1.0'?><request>{fields}</request>"),
        ),
        (
            "the end of a CDATA section in text",
            format!("<request>{fields}<x>]]></x></request>"),
        ),
        (
            "another encoding",
            format!("<?xml version='1.0' encoding='UTF-16'?><request>{fields}</request>"),
        ),
        (
            "attributes without end",
            format!(
                "<request {}>{fields}</request>",
                (0..100).map(|n| format!("a{n}='' ")).collect::<String>()
            ),
        ),
    ] {
        let answer = it
            .post("/enrollment")
            .token("account")
            .xml(&document)
            .send();
        assert_eq!(answer.status, 400, "{what}: {}", answer.text());
    }
    assert_eq!(it.everything(), fresh);
}

#[test]
fn what_a_client_sends_never_makes_a_long_refusal() {
    let it = school_with("error_detail: true");
    let long = "\u{1}".repeat(300_000);
    let json = serde_json::json!({ "courseIds": [long] }).to_string();
    for answer in [
        it.post("/enrollment").token("account").json(&json).send(),
        it.post("/api/v3/token")
            .form(&format!(
                "grant_type={}&client_id=a&client_secret=b",
                "%01".repeat(300_000)
            ))
            .send(),
        it.post("/enrollment")
            .token("account")
            .xml(&format!("<{}>", "a".repeat(300_000)))
            .send(),
    ] {
        assert_eq!(answer.status, 400);
        assert!(answer.body.len() < 4096, "{} bytes", answer.body.len());
        let refused = answer.entry.as_ref().unwrap().why.refused.as_ref().unwrap();
        assert!(refused.len() < 4096, "{} bytes", refused.len());
    }
}

#[test]
fn a_filter_that_nests_too_deep_is_refused_and_never_passed_over() {
    let it = school();
    let deep = format!("/enrollment?courseIds{}=$c1", "[0]".repeat(70));
    assert_eq!(it.get(&deep).token("account").status(), 400);
}
