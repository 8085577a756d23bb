//! iSpring's paged list: sizes, tokens, and walks that meet everything once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use enrollmock::internals::emulator::Emulator;
use proptest::prelude::*;

use crate::support::{ALL, Answer, Calls, emulator, fill, school, school_with, short};

/// What a token names.
fn named(token: &str) -> String {
    let bytes = STANDARD.decode(token).unwrap();
    assert_eq!(bytes.len(), 36, "{token}");
    assert_eq!(token.len(), 48, "{token}");
    short(std::str::from_utf8(&bytes).unwrap())
}

/// The token that names an id.
fn token_of(id: &str) -> String {
    STANDARD.encode(fill(id))
}

#[test]
fn a_page_holds_a_thousand_unless_the_client_says_otherwise() {
    let it = emulator(
        "
generate: { learners: 700, courses: 2, enrollments_per_learner: { min: 2, max: 2 } }
ispring: { credentials: [{ token: account }] }
",
    );
    let page = |target: &str| it.get(target).token("account").send().ok();
    assert_eq!(page("/enrollment").ids().len(), 1400);
    for (size, count) in [
        ("", 1000),
        ("?pageSize=1", 1),
        ("?pageSize=007", 7),
        ("?pageSize=1000", 1000),
        ("?pageSize=1001", 1001),
        ("?pageSize=1399", 1399),
        ("?pageSize=1400", 1400),
        ("?pageSize=99999999999999999999999999", 1400),
        ("?pageSize=%2B5", 400),
    ] {
        let answer = it
            .get(&format!("/enrollments{size}"))
            .token("account")
            .send();
        if count == 400 {
            assert_eq!(answer.status, 400, "{size}");
            continue;
        }
        assert_eq!(answer.ids().len(), count, "{size}");
        assert_eq!(answer.next().is_some(), count < 1400, "{size}");
    }
    let it = emulator(
        "
generate: { learners: 700, courses: 2, enrollments_per_learner: { min: 2, max: 2 } }
ispring: { credentials: [{ token: account }], behaviour: { clamp_page_size: true } }
",
    );
    let page = |target: &str| it.get(target).token("account").send().ok();
    assert_eq!(page("/enrollments?pageSize=1400").ids().len(), 1000);
    assert_eq!(page("/enrollments?pageSize=999").ids().len(), 999);
}

#[test]
fn a_page_size_that_is_no_positive_number_is_refused() {
    let it = school();
    for size in [
        "0", "00", "-1", "1.5", "1e3", "abc", "0x10", "%D9%A1", "1%20000", "1,2", "true",
    ] {
        let status = it
            .get(&format!("/enrollments?pageSize={size}"))
            .token("account")
            .status();
        assert_eq!(status, 400, "{size}");
    }
    for body in ["0", "-1", "1.5", "\"x\"", "[1]", "{}", "true"] {
        let body = format!("{{\"pageSize\":{body}}}");
        let status = it
            .post("/enrollments")
            .token("account")
            .json(&body)
            .status();
        assert_eq!(status, 400, "{body}");
    }
}

#[test]
fn the_last_page_has_no_token_and_a_full_one_only_if_more_follows() {
    let it = school();
    for size in 1..10 {
        let page = it
            .get(&format!("/enrollments?pageSize={size}"))
            .token("account")
            .send()
            .ok();
        assert_eq!(page.next().is_some(), size < ALL.len(), "{size}");
        let json = it
            .get(&format!("/enrollments?pageSize={size}"))
            .token("account")
            .accept("application/json")
            .send()
            .ok();
        assert_eq!(json.next(), page.next());
        assert_eq!(
            json.text().contains("nextPageToken"),
            size < ALL.len(),
            "absent, not null"
        );
    }
}

#[test]
fn a_token_is_an_id_in_base64() {
    for (switch, second, third) in [
        ("", "e2", "e4"),
        ("page_token: last_of_page", "e2", "e4"),
        ("page_token: first_of_next", "e3", "e5"),
    ] {
        let it = school_with(switch);
        let first = it
            .get("/enrollments?pageSize=2")
            .token("account")
            .send()
            .ok();
        assert_eq!(named(&first.next().unwrap()), second, "{switch}");
        let next = it
            .get(&format!(
                "/enrollments?pageSize=2&pageToken={}",
                first.next().unwrap()
            ))
            .token("account")
            .send()
            .ok();
        assert_eq!(next.ids(), ["e3", "e4"], "{switch}");
        assert_eq!(named(&next.next().unwrap()), third, "{switch}");
    }
}

#[test]
fn a_token_that_cannot_be_read_is_refused_and_never_page_one() {
    let it = school();
    let made_up = token_of("$e99");
    let unpadded = STANDARD.encode("c4f74ae0-e029-11e9-ba51-0a580af4b0f");
    for token in [
        "x",
        "%00",
        "1",
        "null",
        "%25",
        &fill("$e1"),
        &made_up,
        &made_up[..47],
        unpadded.trim_end_matches('='),
        &STANDARD.encode("not an id"),
        &STANDARD.encode([0xFF; 36]),
        &STANDARD.encode(format!("{} ", fill("$e1"))),
        &format!("{}{}", token_of("$e1"), token_of("$e2")),
        &token_of("$e1").to_lowercase(),
        &token_of("$c1"),
    ] {
        let answer = it
            .get(&format!("/enrollments?pageToken={token}"))
            .token("account")
            .send();
        assert_eq!(answer.status, 400, "{token}: {}", answer.text());
        let entry = answer.entry.unwrap();
        assert!(entry.why.refused.as_ref().unwrap().contains("pageToken"));
        let body = format!("{{\"pageToken\":\"{token}\"}}");
        let answer = it.post("/enrollments").token("account").json(&body).send();
        assert_eq!(answer.status, 400, "{token}");
    }
    // The vendor's OpenAPI calls it an integer; no token is one.
    assert_eq!(
        it.post("/enrollments")
            .token("account")
            .json("{\"pageToken\":7}")
            .status(),
        400
    );
    assert_eq!(
        it.get("/enrollments?pageToken[]=x")
            .token("account")
            .status(),
        400
    );
}

#[test]
fn a_token_stays_good_when_what_it_names_is_deleted_and_after_a_reset() {
    for switch in ["page_token: last_of_page", "page_token: first_of_next"] {
        let it = school_with(switch);
        let page = it
            .get("/enrollments?pageSize=2")
            .token("account")
            .send()
            .ok();
        let token = page.next().unwrap();
        let named = named(&token);
        let next = format!("/enrollments?pageSize=2&pageToken={token}");
        let delete = format!("{{\"enrollmentIds\":[\"${named}\"]}}");
        assert_eq!(
            it.post("/enrollment/delete")
                .token("account")
                .json(&delete)
                .status(),
            204
        );
        let expected: Vec<&str> = ALL[2..]
            .iter()
            .copied()
            .filter(|id| *id != named)
            .take(2)
            .collect();
        assert_eq!(it.list(&next), expected, "{switch}");
        assert_eq!(it.post("/__admin/reset").send().status, 204);
        assert_eq!(it.list(&next), ["e3", "e4"], "{switch}");
        // A token that was kept for ever shows what came since: a client resumes from it every night.
        let last = token_of(if switch.contains("last") {
            "$e9"
        } else {
            "$e99"
        });
        if switch.contains("last") {
            assert!(
                it.list(&format!("/enrollments?pageToken={last}"))
                    .is_empty()
            );
            let enroll = r#"{"courseIds":["$c5"],"learnerIds":["$u11"],"dueDateType":"unlimited"}"#;
            it.post("/enrollment").token("account").json(enroll).send();
            assert_eq!(it.list(&format!("/enrollments?pageToken={last}")).len(), 1);
        }
    }
    // Tokens of enrollments that a reset took back name nothing.
    let it = school();
    let enroll = r#"{"courseIds":["$c5"],"learnerIds":["$u11"],"dueDateType":"unlimited"}"#;
    it.post("/enrollment").token("account").json(enroll).send();
    let made = it.list("/enrollment?courseIds=$c5").remove(0);
    let token = STANDARD.encode(&made);
    let target = format!("/enrollments?pageToken={token}");
    assert_eq!(it.get(&target).token("account").status(), 200);
    it.post("/__admin/reset").send();
    assert_eq!(it.get(&target).token("account").status(), 400);
}

#[test]
fn a_token_may_be_used_by_others_with_other_filters() {
    let it = school();
    let token = token_of("$e2");
    for (caller, query, ids) in [
        ("department", "", &["e3", "e4", "e9"][..]),
        ("account", "courseIds=$c1", &["e4", "e6"]),
        ("account", "learnerIds=$u12", &["e3", "e9"]),
        ("account", "enrollmentIds=$e1,$e4", &["e4"]),
        ("account", "pageSize=1", &["e3"]),
        ("nobodys", "", &[]),
    ] {
        let target = format!("/enrollments?{query}&pageToken={token}");
        assert_eq!(
            it.get(&target).token(caller).send().ok().ids(),
            ids,
            "{caller} {query}"
        );
    }
}

#[test]
fn the_posted_twin_takes_its_fields_from_every_kind_of_body() {
    let it = school();
    let token = token_of("$e2");
    let post = || it.post("/enrollments").token("account");
    let repeated = format!(
        "<?xml version=\"1.0\"?><anything><pageSize>2</pageSize><pageToken>{token}</pageToken><courseIds>$c1</courseIds><courseIds>$c2</courseIds></anything>"
    );
    let answers: Vec<Answer> = vec![
        post().xml(&repeated).send(),
        post()
            .xml(&format!("<request><courseIds><id>$c1</id><id>$c2</id></courseIds><pageSize> 2 </pageSize><pageToken>\n{token}\n</pageToken></request>"))
            .send(),
        post()
            .json(&format!("{{\"pageSize\":2,\"pageToken\":\"{token}\",\"courseIds\":[\"$c1\",\"$c2\"]}}"))
            .send(),
        post()
            .json(&format!("{{\"pageSize\":\"2\",\"pageToken\":\"{token}\",\"courseIds\":{{\"id\":[\"$c1\",\"$c2\"]}},\"learnerIds\":null}}"))
            .send(),
        post().form(&format!("pageSize=2&pageToken={token}&courseIds[]=$c1&courseIds[]=$c2")).send(),
        post()
            .multipart(&[("pageSize", "2"), ("pageToken", &token), ("courseIds[0]", "$c1"), ("courseIds[1]", "$c2")])
            .send(),
        it.get(&format!("/enrollments?pageSize=2&pageToken={token}&courseIds=$c1,$c2")).token("account").send(),
    ];
    for (at, answer) in answers.iter().enumerate() {
        assert_eq!(answer.status, 200, "{at}: {}", answer.text());
        assert_eq!(answer.text(), answers[0].text(), "{at}");
        assert_eq!(answer.ids(), ["e3", "e4"], "{at}");
        assert_eq!(answer.next(), Some(token_of("$e4")), "{at}");
    }
    for (body, count) in [
        ("{}", 7),
        ("{\"learnerIds\":[\"$u12\"]}", 3),
        ("{\"learnerIds\":\"$u12\"}", 3),
        ("{\"enrollmentIds\":[\"$e1\",\"$e9\"]}", 2),
        ("{\"pageToken\":\"\"}", 7),
        ("{\"pageToken\":null,\"pageSize\":null}", 7),
        ("{\"status\":\"active\"}", 7),
    ] {
        assert_eq!(post().json(body).send().ok().ids().len(), count, "{body}");
    }
    // A posted body is not a query: no comma lists, and the query does not count.
    assert_eq!(post().json("{\"learnerIds\":\"$u11,$u12\"}").status(), 400);
    assert_eq!(
        it.post("/enrollments?pageSize=1")
            .token("account")
            .json("{}")
            .send()
            .ids()
            .len(),
        7
    );
    for broken in [
        "",
        "[]",
        "\"x\"",
        "{\"courseIds\":[1]}",
        "{\"courseIds\":[null]}",
        "{\"courseIds\":[[\"x\"]]}",
    ] {
        assert_eq!(post().json(broken).status(), 400, "{broken}");
    }
    let json = post().json("{}").accept("application/json").send().ok();
    assert!(json.text().starts_with("{\"enrollments\":["));
}

/// Walks a list and returns the pages.
fn walk(
    it: &Emulator,
    query: &str,
    size: usize,
    caller: &str,
    mut between: impl FnMut(usize),
) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut token = String::new();
    loop {
        let target = format!("/enrollments?pageSize={size}&pageToken={token}&{query}");
        let page = it.get(&target).token(caller).send().ok();
        pages.push(page.ids());
        assert!(pages.len() < 1000, "the walk does not end");
        match page.next() {
            Some(next) => token = next,
            None => return pages,
        }
        between(pages.len());
    }
}

/// A school with generated and listed records side by side.
fn any_school() -> impl Strategy<Value = (String, usize)> {
    (
        any::<u32>(),
        1..9u32,
        1..5u32,
        0..3u32,
        0..3u32,
        proptest::collection::vec((0..4u64, 0..3u64, 0..8usize), 0..12),
        1..8usize,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(seed, learners, courses, min, more, listed, size, first, generated)| {
            let mut yaml = format!("seed: {seed}\n");
            if generated {
                let (min, max) = (min.min(courses), (min + more).min(courses));
                yaml += &format!(
                    "generate: {{ learners: {learners}, departments: {}, courses: {courses}, enrollments_per_learner: {{ min: {min}, max: {max} }}, certificate_rate: 0.5 }}\n",
                    learners.min(3)
                );
            }
            yaml += "ispring:
  departments: [{ id: $d1 }, { id: $d2, parent: $d1 }]
  users: [{ id: $u0, department: $d1 }, { id: $u1, department: $d2 }, { id: $u2 }, { id: $u3, department: $d2 }, { id: $u9, role: department_administrator, manages: [$d1] }]
  content: [{ id: $c0 }, { id: $c1 }, { id: $c2 }]
  credentials: [{ token: account }, { token: department, user: $u9 }]
";
            let switch = ["last_of_page", "first_of_next"][usize::from(first)];
            yaml += &format!("  behaviour: {{ page_token: {switch} }}\n");
            if !listed.is_empty() {
                yaml += "  enrollments:\n";
            }
            for (at, (learner, content, state)) in listed.iter().enumerate() {
                let state = ["archived", "deleted", "active"][(*state).min(2)];
                yaml += &format!(
                    "    - {{ id: $e{}, learner: $u{learner}, content: $c{content}, state: {state} }}\n",
                    // Ids in another order than the records.
                    (at * 7) % 97 + 1
                );
            }
            (yaml, size)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_walk_meets_every_enrollment_once((yaml, size) in any_school()) {
        let it = emulator(&yaml);
        let all = it.get("/enrollment").token("account").send().ok();
        let text = all.text();
        let mut queries = vec![String::new(), "learnerIds=$u0,$u3".to_owned(), "courseIds[]=$c1".to_owned(), "enrollmentIds=$e1,$e8,$e15,$e99".to_owned()];
        for name in ["courseId", "learnerId"] {
            // A filter by what the first enrollment shows, generated or listed.
            if let Some((_, after)) = text.split_once(&format!("<{name}>")) {
                queries.push(format!("{name}s[]={}", &after[..36]));
            }
        }
        for caller in ["account", "department"] {
            for query in &queries {
                let whole = it.get(&format!("/enrollment?{query}")).token(caller).send().ok().ids();
                let pages = walk(&it, query, size, caller, |_| {});
                let (last, full) = pages.split_last().unwrap();
                prop_assert!(full.iter().all(|page| page.len() == size));
                prop_assert!(last.len() <= size && (full.is_empty() || !last.is_empty()));
                prop_assert_eq!(pages.concat(), whole, "{} {}", caller, query);
            }
        }
    }

    #[test]
    fn a_walk_among_creates_and_deletes_misses_nothing_that_stays_and_shows_nothing_twice(
        (yaml, size) in any_school(),
        acts in proptest::collection::vec((any::<bool>(), 0..100usize), 1..12),
    ) {
        let it = emulator(&yaml);
        let before = it.list("/enrollment");
        let mut deleted = Vec::new();
        let mut created = Vec::new();
        let mut acts = acts.into_iter();
        let pages = walk(&it, "", size, "account", |_| {
            let Some((delete, at)) = acts.next() else { return };
            let now = it.list("/enrollment");
            if delete && !now.is_empty() {
                let victim = now[at % now.len()].clone();
                let id = if victim.starts_with('e') && victim.len() < 9 { fill(&format!("${victim}")) } else { victim.clone() };
                let body = format!("{{\"enrollmentIds\":[\"{id}\"]}}");
                assert_eq!(it.post("/enrollment/delete").token("account").json(&body).status(), 204);
                deleted.push(victim);
            } else {
                let body = format!("{{\"courseIds\":[\"$c{}\"],\"learnerIds\":[\"$u{}\"],\"dueDateType\":\"unlimited\"}}", at % 3, at % 4);
                assert_eq!(it.post("/enrollment").token("account").json(&body).status(), 201);
                let after = it.list("/enrollment");
                created.extend(after.into_iter().filter(|id| !now.contains(id)));
            }
        });
        let seen = pages.concat();
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), seen.len(), "nothing twice");
        for id in before.iter().filter(|id| !deleted.contains(id)) {
            prop_assert!(seen.contains(id), "{} was missed", id);
        }
        for id in &seen {
            prop_assert!(before.contains(id) || created.contains(id));
        }
        // What came about last stands last.
        let mut order = before;
        order.extend(created);
        let expected: Vec<_> = order.into_iter().filter(|id| seen.contains(id)).collect();
        prop_assert_eq!(seen, expected);
    }
}
