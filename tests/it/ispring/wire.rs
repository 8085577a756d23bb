//! iSpring's bytes: what decides between XML and JSON, and every shape a switch can give them.

use proptest::prelude::*;
use serde::Serialize;

use crate::support::{Answer, Calls, emulator, fill, school, school_with};

/// What clients were seen to send as `Accept`, and its neighbours.
const ACCEPTS: &[(&[&str], bool)] = &[
    (&[], false),
    (&["*/*"], false),
    (&["application/json, text/plain, */*"], false),
    (&["application/xml"], false),
    (&["text/xml"], false),
    (&["application/json"], true),
    (&["application/json, application/vnd.api+json"], true),
    (&["APPLICATION/JSON"], true),
    (&["application/json; charset=utf-8"], true),
    (&["application/json;q=0.9"], true),
    (&[" application/json ,"], true),
    (&["application/json", "application/json"], true),
    (&["application/json", "text/plain"], false),
    (&["application/xml, application/json"], false),
    (&["application/*"], false),
    (&["text/html"], false),
    (&["text/html, application/xhtml+xml, image/*"], false),
    (&[""], false),
    (&[","], false),
    (&["nonsense"], false),
    (&["application/jsonp"], false),
];

fn is_json(answer: &Answer) -> bool {
    match answer.header("content-type") {
        Some("application/json") => true,
        Some("application/xml") => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_answer_is_json_only_to_those_who_accept_nothing_else() {
    let it = school();
    for (accepts, json) in ACCEPTS {
        for content_type in [None, Some("application/json"), Some("application/xml")] {
            for (target, token, status) in [
                ("/enrollment", "account", 200),
                ("/enrollment/$e1", "account", 200),
                ("/enrollments?pageSize=2", "account", 200),
                ("/enrollment?courseIds=x", "account", 400),
                ("/enrollment", "nobody", 401),
                ("/enrollment", "learner", 403),
                ("/ispring/nowhere", "account", 404),
            ] {
                let mut ask = it.get(target).token(token);
                for accept in *accepts {
                    ask = ask.accept(accept);
                }
                if let Some(content_type) = content_type {
                    ask = ask.header("content-type", content_type);
                }
                let answer = ask.send();
                assert_eq!(answer.status, status, "{target} {accepts:?}");
                assert_eq!(
                    is_json(&answer),
                    *json,
                    "{target} {accepts:?} {content_type:?}"
                );
                let first = answer.text().chars().next().unwrap();
                assert_eq!(first == '<', !json, "{target} {accepts:?}");
            }
        }
    }
}

#[test]
fn the_documented_enrollment_comes_back_as_on_the_vendors_page() {
    let records = "
ispring:
  users: [{ id: d9261766-040d-11ed-ae50-da994e0c8f89 }]
  content: [{ id: 1cf62af4-02c3-11ed-8874-3ebfbdfaeb70 }]
  enrollments:
    - id: fc1fc35c-040d-11ed-a2ba-b6f58d6fa7b5
      learner: d9261766-040d-11ed-ae50-da994e0c8f89
      content: 1cf62af4-02c3-11ed-8874-3ebfbdfaeb70
      access_date: 2022-07-14
      certificate: { id: 66b4ed00-040e-11ed-a8a2-b6f58d6fa7b5, issued: 2022-07-15T07:19:00Z, expires: 2022-07-15T07:21:00Z }
  credentials: [{ token: account }]
";
    let sample = r#"<?xml version="1.0" encoding="UTF-8"?>
<response>
  <enrollment>
    <enrollmentId>fc1fc35c-040d-11ed-a2ba-b6f58d6fa7b5</enrollmentId>
    <courseId>1cf62af4-02c3-11ed-8874-3ebfbdfaeb70</courseId>
    <learnerId>d9261766-040d-11ed-ae50-da994e0c8f89</learnerId>
    <accessDate>2022-07-14</accessDate>
    <enrollmentTypeGroup>0</enrollmentTypeGroup>
    <shouldLockAfterDueDate>0</shouldLockAfterDueDate>
    <certificate>
      <issuedCertificateId>66b4ed00-040e-11ed-a8a2-b6f58d6fa7b5</issuedCertificateId>
      <issueDate>2022-07-15T07:19:00+00:00</issueDate>
      <expiryDate>2022-07-15T07:21:00+00:00</expiryDate>
    </certificate>
  </enrollment>
</response>"#;
    let pretty = emulator(&format!("{records}  behaviour: {{ pretty_xml: true }}"));
    assert_eq!(pretty.everything(), sample);
    // On the wire it is one line: a client reads `<response>(.*)</response>` without line ends.
    let lines: Vec<&str> = sample.lines().map(str::trim).collect();
    let compact = format!("{}\n{}", lines[0], lines[1..].concat());
    assert_eq!(emulator(records).everything(), compact);
    assert_eq!(
        emulator(records)
            .get("/enrollment")
            .token("account")
            .accept("application/json")
            .send()
            .text(),
        "[{\"enrollmentId\":\"fc1fc35c-040d-11ed-a2ba-b6f58d6fa7b5\",\"courseId\":\"1cf62af4-02c3-11ed-8874-3ebfbdfaeb70\",\
         \"learnerId\":\"d9261766-040d-11ed-ae50-da994e0c8f89\",\"accessDate\":\"2022-07-14\",\"enrollmentTypeGroup\":0,\
         \"shouldLockAfterDueDate\":false,\"certificate\":{\"issuedCertificateId\":\"66b4ed00-040e-11ed-a8a2-b6f58d6fa7b5\",\
         \"issueDate\":\"2022-07-15T07:19:00+00:00\",\"expiryDate\":\"2022-07-15T07:21:00+00:00\"}}]"
    );
}

#[test]
fn an_empty_list_is_an_empty_root() {
    let it = school();
    let none = "courseIds[]=$c4";
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    for (target, as_xml, as_json) in [
        (format!("/enrollment?{none}"), "<response/>", "[]"),
        (
            format!("/enrollments?{none}"),
            "<response><enrollments/></response>",
            "{\"enrollments\":[]}",
        ),
    ] {
        let ask = it.get(&target).token("account");
        assert_eq!(ask.clone().send().text(), format!("{xml}{as_xml}"));
        assert_eq!(ask.accept("application/json").send().text(), as_json);
    }
    let it = school_with("json_list: wrapped");
    let ask = it.get(&format!("/enrollment?{none}")).token("account");
    assert_eq!(
        ask.accept("application/json").send().text(),
        "{\"enrollments\":[]}"
    );
}

const E1: &str = r#"{"enrollmentId":"$e1","courseId":"$c1","learnerId":"$u11","accessDate":"2022-07-14","enrollmentTypeGroup":0,"shouldLockAfterDueDate":false}"#;

#[test]
fn every_switch_for_a_shape_of_json_gives_that_shape() {
    for (switch, target, body) in [
        ("", "/enrollment/$e1", E1.to_owned()),
        (
            "json_object: response",
            "/enrollment/$e1",
            format!("{{\"response\":{E1}}}"),
        ),
        ("", "/enrollment?learnerIds=$u11", format!("[{E1}]")),
        (
            "json_list: wrapped",
            "/enrollment?learnerIds=$u11",
            format!("{{\"enrollments\":[{E1}]}}"),
        ),
        (
            "json_single_item: object",
            "/enrollment?learnerIds=$u11",
            E1.to_owned(),
        ),
        (
            "json_single_item: object, json_list: wrapped",
            "/enrollment?learnerIds=$u11",
            format!("{{\"enrollments\":{E1}}}"),
        ),
        (
            "json_single_item: object",
            "/enrollments?learnerIds=$u11",
            format!("{{\"enrollments\":{E1}}}"),
        ),
        (
            "",
            "/enrollments?learnerIds=$u11",
            format!("{{\"enrollments\":[{E1}]}}"),
        ),
        (
            "json_flags: integer",
            "/enrollment/$e1",
            E1.replace("false", "0"),
        ),
    ] {
        let it = school_with(switch);
        let answer = it
            .get(target)
            .token("account")
            .accept("application/json")
            .send()
            .ok();
        assert_eq!(answer.text(), fill(&body), "{switch} {target}");
    }
    // Two items are a list whatever the switch says.
    let it = school_with("json_single_item: object");
    let ask = it.get("/enrollment?enrollmentIds=$e1,$e2").token("account");
    assert!(
        ask.accept("application/json")
            .send()
            .text()
            .starts_with('[')
    );
}

#[test]
fn every_switch_for_a_shape_of_xml_gives_that_shape() {
    let names = |it: &enrollmock::internals::emulator::Emulator, target: &str| -> Vec<String> {
        let text = it.get(target).token("account").send().ok().text();
        let (_, inside) = text.split_once("<enrollment>").unwrap();
        let pieces = inside
            .split('<')
            .skip(1)
            .filter(|piece| !piece.starts_with('/'));
        pieces
            .map(|piece| piece.split('>').next().unwrap().to_owned())
            .collect()
    };
    let early = [
        "enrollmentId",
        "courseId",
        "learnerId",
        "accessDate",
        "dueDate",
        "expirationDate",
        "enrollmentTypeGroup",
        "shouldLockAfterDueDate",
    ];
    let late = [
        "enrollmentId",
        "courseId",
        "learnerId",
        "accessDate",
        "enrollmentTypeGroup",
        "shouldLockAfterDueDate",
        "dueDate",
        "expirationDate",
    ];
    assert_eq!(names(&school(), "/enrollment/$e2"), early);
    assert_eq!(
        names(
            &school_with("due_date_position: after_should_lock"),
            "/enrollment/$e2"
        ),
        late
    );
    // The same order in JSON.
    let json = |it: enrollmock::internals::emulator::Emulator| {
        it.get("/enrollment/$e2")
            .token("account")
            .accept("application/json")
            .send()
            .text()
    };
    let keys = |text: String| -> Vec<String> {
        let fields = text.trim_matches(['{', '}']).split(',');
        fields
            .map(|field| field.split('"').nth(1).unwrap().to_owned())
            .collect()
    };
    assert_eq!(keys(json(school())), early);
    assert_eq!(
        keys(json(school_with("due_date_position: after_should_lock"))),
        late
    );

    let it = school_with("xml_content_type: text");
    for (token, status) in [("account", 200), ("nobody", 401)] {
        let answer = it.get("/enrollment").token(token).send();
        assert_eq!(answer.status, status);
        assert_eq!(
            answer.header("content-type"),
            Some("text/xml; charset=UTF-8")
        );
        let json = it
            .get("/enrollment")
            .token(token)
            .accept("application/json")
            .send();
        assert_eq!(json.header("content-type"), Some("application/json"));
    }

    let it = school_with("pretty_xml: true");
    let refused = it.get("/enrollment").send();
    assert_eq!(
        refused.text(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response>\n  <code>401</code>\n  <message>Unauthorized</message>\n</response>"
    );

    for (switch, message) in [
        ("", "Bad Request"),
        ("error_detail: true", "courseIds: \"a&lt;b\" is not an id"),
    ] {
        let it = school_with(switch);
        let refused = it
            .get("/enrollment?courseIds[]=a%3Cb")
            .token("account")
            .send();
        assert_eq!(refused.status, 400);
        assert_eq!(
            refused.field("message").as_deref(),
            Some(message),
            "{switch}"
        );
    }
    // Only a 400 says more.
    let it = school_with("error_detail: true");
    assert_eq!(
        it.get("/enrollment").send().field("message").as_deref(),
        Some("Unauthorized")
    );
}

#[test]
fn due_dates_show_as_the_records_say() {
    let it = school();
    for (target, due, expires, locks) in [
        ("/enrollment/$e1", None, None, "0"),
        (
            "/enrollment/$e2",
            Some("2024-07-01"),
            Some("2024-07-01"),
            "1",
        ),
        ("/enrollment/$e3", Some("2024-07-02"), None, "0"),
    ] {
        let answer = it.get(target).token("account").send().ok();
        assert_eq!(answer.field("dueDate").as_deref(), due, "{target}");
        assert_eq!(
            answer.field("expirationDate").as_deref(),
            expires,
            "{target}"
        );
        assert_eq!(
            answer.field("shouldLockAfterDueDate").as_deref(),
            Some(locks),
            "{target}"
        );
    }
    assert_eq!(
        it.get("/enrollment/$e4")
            .token("account")
            .send()
            .field("enrollmentTypeGroup")
            .as_deref(),
        Some("1")
    );
    // That the day passes changes nothing.
    let before = it.everything();
    it.advance("10000h");
    assert_eq!(it.everything(), before);
}

#[test]
fn a_certificate_shows_from_its_hour_on_and_only_on_an_active_enrollment() {
    let it = emulator(
        "
ispring:
  users: [{ id: $u1 }]
  content: [{ id: $c1 }]
  enrollments:
    - { id: $e1, learner: $u1, content: $c1, certificate: { id: $z1, issued: 2024-06-09T13:05:10Z } }
    - { id: $e2, learner: $u1, content: $c1, state: archived, certificate: { id: $z2, issued: 2024-06-01T00:00:00Z } }
  credentials: [{ token: account }]
",
    );
    for (by, shows) in [
        ("0s", false),
        ("999ms", false),
        ("1ms", true),
        ("9000h", true),
    ] {
        it.advance(by);
        for target in ["/enrollment", "/enrollments", "/enrollment/$e1"] {
            let answer = it.get(target).token("account").send().ok();
            assert_eq!(answer.ids(), ["e1"]);
            assert_eq!(
                answer.text().contains("<certificate>"),
                shows,
                "{target} after {by}"
            );
            if shows {
                assert_eq!(
                    answer.field("issueDate").as_deref(),
                    Some("2024-06-09T13:05:10+00:00")
                );
                assert_eq!(answer.field("expiryDate"), None);
            }
        }
    }
}

#[test]
fn enrollments_that_are_archived_or_deleted_never_appear() {
    let it = school();
    for gone in ["$e7", "$e8"] {
        for target in [
            "/enrollment",
            "/enrollments",
            "/enrollment?learnerIds=$u11,$u13",
            "/enrollment?courseIds=$c2",
        ] {
            let answer = it.get(target).token("account").send().ok();
            assert!(!answer.text().contains(&fill(gone)), "{target}");
        }
        assert!(
            it.list(&format!("/enrollment?enrollmentIds={gone}"))
                .is_empty()
        );
        assert_eq!(
            it.get(&format!("/enrollment/{gone}"))
                .token("account")
                .status(),
            400
        );
    }
}

// What the serializers make of the same fields, for the property test below.

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Certificate {
    issued_certificate_id: String,
    issue_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_date: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Enrollment<F> {
    enrollment_id: String,
    course_id: String,
    learner_id: String,
    access_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date: Option<String>,
    enrollment_type_group: u8,
    should_lock_after_due_date: F,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Certificate>,
}

#[derive(Debug, Serialize)]
#[serde(rename = "response")]
struct Singular<F> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    enrollment: Vec<Enrollment<F>>,
}

#[derive(Debug, Serialize)]
struct Items<F> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    enrollment: Vec<Enrollment<F>>,
}

#[derive(Debug, Serialize)]
#[serde(rename = "response", rename_all = "camelCase")]
struct XmlPage<F> {
    enrollments: Items<F>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonPage<F> {
    enrollments: Vec<Enrollment<F>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

impl Enrollment<bool> {
    fn with_digits(&self) -> Enrollment<u8> {
        let it = self.clone();
        Enrollment {
            enrollment_id: it.enrollment_id,
            course_id: it.course_id,
            learner_id: it.learner_id,
            access_date: it.access_date,
            due_date: it.due_date,
            expiration_date: it.expiration_date,
            enrollment_type_group: it.enrollment_type_group,
            should_lock_after_due_date: it.should_lock_after_due_date.into(),
            certificate: it.certificate,
        }
    }
}

fn any_id() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{11}",
    ]
}

fn any_date() -> impl Strategy<Value = String> {
    (1..9999u32, 1..=12u32, 1..=28u32).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"))
}

fn any_moment() -> impl Strategy<Value = String> {
    // Before the clock shows 2024-06.
    (
        1..2024u32,
        1..=12u32,
        1..=28u32,
        0..24u32,
        0..60u32,
        0..60u32,
    )
        .prop_map(|(y, m, d, h, min, s)| format!("{y:04}-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}"))
}

fn any_enrollment() -> impl Strategy<Value = Enrollment<bool>> {
    let certificate =
        (any_id(), any_moment(), any::<bool>()).prop_map(|(id, at, expires)| Certificate {
            issued_certificate_id: id,
            issue_date: format!("{at}+00:00"),
            expiry_date: expires.then(|| format!("{at}+00:00").replacen(&at[..4], "9998", 1)),
        });
    (
        any_id(),
        0..3u64,
        0..3u64,
        any_date(),
        proptest::option::of(any_date()),
        any::<bool>(),
        0..2u8,
        proptest::option::of(certificate),
    )
        .prop_map(
            |(id, course, learner, access_date, due_date, locks, group, certificate)| Enrollment {
                enrollment_id: id,
                course_id: fill(&format!("$c{course}")),
                learner_id: fill(&format!("$u{learner}")),
                access_date,
                expiration_date: due_date.clone().filter(|_| locks),
                due_date,
                enrollment_type_group: group,
                should_lock_after_due_date: locks,
                certificate,
            },
        )
}

fn yaml(enrollments: &[Enrollment<bool>]) -> String {
    let mut yaml = "
ispring:
  users: [{ id: $u0 }, { id: $u1 }, { id: $u2 }]
  content: [{ id: $c0 }, { id: $c1 }, { id: $c2 }]
  credentials: [{ token: account }]
  enrollments:
"
    .to_owned();
    for it in enrollments {
        yaml += &format!(
            "    - {{ id: {}, content: {}, learner: {}, access_date: {}, lock_after_due_date: {}, assigned: {}",
            it.enrollment_id,
            it.course_id,
            it.learner_id,
            it.access_date,
            it.should_lock_after_due_date,
            ["admin", "catalog"][usize::from(it.enrollment_type_group)],
        );
        if let Some(due) = &it.due_date {
            yaml += &format!(", due_date: {due}");
        }
        if let Some(certificate) = &it.certificate {
            yaml += &format!(
                ", certificate: {{ id: {}, issued: '{}'",
                certificate.issued_certificate_id, certificate.issue_date
            );
            if let Some(expires) = &certificate.expiry_date {
                yaml += &format!(", expires: '{expires}'");
            }
            yaml += " }";
        }
        yaml += " }\n";
    }
    yaml
}

/// Indents compact XML by two spaces; an element with text stays on its line.
fn indented(compact: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    let mut rest = compact;
    while let Some(end) = rest.find('>') {
        let (tag, after) = rest.split_at(end + 1);
        let text_end = after.find('<').unwrap_or(after.len());
        let (text, next) = after.split_at(text_end);
        if tag.starts_with("</") {
            depth -= 1;
            out += &format!("\n{}{tag}", "  ".repeat(depth));
            rest = next;
        } else if tag.ends_with("/>") {
            out += &format!("\n{}{tag}", "  ".repeat(depth));
            rest = next;
        } else if text.is_empty() && !next.starts_with("</") {
            out += &format!("\n{}{tag}", "  ".repeat(depth));
            depth += 1;
            rest = next;
        } else {
            let close = next.find('>').unwrap() + 1;
            out += &format!("\n{}{tag}{text}{}", "  ".repeat(depth), &next[..close]);
            rest = &next[close..];
        }
    }
    out.trim_start().to_owned()
}

const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_appending_writers_make_the_bytes_that_serializers_make(
        mut enrollments in proptest::collection::vec(any_enrollment(), 0..6),
        size in 1..8usize,
    ) {
        enrollments.sort_by(|a, b| a.enrollment_id.cmp(&b.enrollment_id));
        enrollments.dedup_by(|a, b| a.enrollment_id == b.enrollment_id);
        enrollments.reverse();
        let list = match enrollments.is_empty() {
            true => yaml(&enrollments).replace("  enrollments:\n", ""),
            false => yaml(&enrollments),
        };
        let it = emulator(&list);
        let pretty = emulator(&format!("{list}  behaviour: {{ pretty_xml: true, json_flags: integer }}\n"));
        let digits: Vec<_> = enrollments.iter().map(Enrollment::with_digits).collect();
        let page: Vec<_> = digits.iter().take(size).cloned().collect();
        let next = it.get(&format!("/enrollments?pageSize={size}")).token("account").send().next();
        prop_assert_eq!(next.is_some(), digits.len() > size);

        let singular = quick_xml::se::to_string(&Singular { enrollment: digits.clone() }).unwrap();
        let paged = quick_xml::se::to_string(&XmlPage {
            enrollments: Items { enrollment: page.clone() },
            next_page_token: next.clone(),
        }).unwrap();
        for (target, xml) in [("/enrollment".to_owned(), singular), (format!("/enrollments?pageSize={size}"), paged)] {
            let compact = it.get(&target).token("account").send().ok();
            prop_assert_eq!(compact.text(), format!("{PROLOG}{xml}"));
            let indent = pretty.get(&target).token("account").send().ok();
            prop_assert_eq!(indent.text(), format!("{PROLOG}{}", indented(&xml)));
        }

        let json = |it: &enrollmock::internals::emulator::Emulator, target: &str| {
            it.get(target).token("account").accept("application/json").send().ok().text()
        };
        prop_assert_eq!(json(&it, "/enrollment"), serde_json::to_string(&enrollments).unwrap());
        prop_assert_eq!(json(&pretty, "/enrollment"), serde_json::to_string(&digits).unwrap());
        let paged = JsonPage { enrollments: page, next_page_token: next };
        prop_assert_eq!(
            json(&pretty, &format!("/enrollments?pageSize={size}")),
            serde_json::to_string(&paged).unwrap()
        );
        if let Some(first) = enrollments.first() {
            let target = format!("/enrollment/{}", first.enrollment_id);
            prop_assert_eq!(json(&it, &target), serde_json::to_string(first).unwrap());
            let one = Singular { enrollment: vec![first.with_digits()] };
            let xml = quick_xml::se::to_string(&one).unwrap();
            prop_assert_eq!(it.get(&target).token("account").send().text(), format!("{PROLOG}{xml}"));
        }
    }
}
