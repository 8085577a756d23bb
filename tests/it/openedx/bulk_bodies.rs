//! `POST /api/bulk_enroll/v1/bulk_enroll`: every body, against what CPython, Django and Django REST framework make of it.

use serde_json::Value;

use crate::openedx::bulk::{BULK, school_with};
use crate::support::Calls;

/// One line a body. Made by Django 3.2 with Django REST framework 3.14 and opaque-keys 4.0 on CPython
/// 3.11, behind a view with upstream's fields; of a 200 only the start of the answer.
const BODIES: &str = include_str!("bulk_bodies.jsonl");

#[test]
fn every_body_is_answered_as_the_real_libraries_answer_it() {
    let mut different = Vec::new();
    let mut count = 0;
    let it = school_with("");
    for line in BODIES.lines() {
        count += 1;
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| row[name].as_str().unwrap();
        let body: Vec<u8> = text("body").chars().map(|c| c as u8).collect();
        let mut ask = it.post(BULK).token("Bearer staff-token");
        ask = match text("type") {
            "" => {
                ask.request.body = body.into();
                ask
            }
            content_type => ask.body(content_type, body),
        };
        let answer = ask.send();
        let expected = row["status"].as_u64().unwrap();
        let is_same = match expected {
            500 => true,
            200 => answer.text().starts_with(text("answer")),
            _ => answer.text() == text("answer"),
        };
        if u64::from(answer.status) != expected || !is_same {
            different.push(format!("{line}\n  {} {}", answer.status, answer.text()));
        }
    }
    assert!(count > 700, "there are {count} bodies only");
    assert!(
        different.is_empty(),
        "{} of {count}:\n{}",
        different.len(),
        different[..different.len().min(40)].join("\n")
    );
}
