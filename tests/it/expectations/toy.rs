//! What the vendor of `tests/toy` is expected to say: one sentence, whatever happens.

use enrollmock::internals::platform::{ApiError, Mounted, Row, comma_list};
use hyper::Method;

use super::{Asked, Expectations, Fields, Food, List, Text, Wording};
use crate::support::Answer;

pub struct Toy;

fn no(status: u16, reason: &str) -> Wording {
    Wording {
        status,
        media: Some("text/plain"),
        body: Text::Exactly(format!("toys say {status} {reason}")),
        headers: Vec::new(),
    }
}

fn value(answer: &Answer) -> serde_json::Value {
    serde_json::from_str(&answer.text()).unwrap()
}

impl Expectations for Toy {
    fn scenario(&self) -> &'static str {
        "\ntoy:
  things: [{ id: a }, { id: b }, { id: c }, { id: d }, { id: e }]
  credentials: [{ token: child }, { token: baby, reads: false }]
"
    }

    fn path(&self, row: &Row) -> String {
        row.path.replace("{id}", "a")
    }

    fn master(&self) -> &'static str {
        "Toy child"
    }

    fn strangers(&self) -> &'static [Fields] {
        &[
            &[],
            &[("authorization", "Toy nobody")],
            &[("authorization", "Bearer child")],
        ]
    }

    fn powerless(&self) -> &'static [&'static str] {
        &["Toy baby"]
    }

    fn accepts(&self) -> &'static [&'static str] {
        &["*/*"]
    }

    fn unknown_paths(&self) -> &'static [&'static str] {
        &["", "/", "/playroom/thing", "/playroom/things/a/b"]
    }

    fn hosts(&self) -> &'static [&'static str] {
        &["toys.example"]
    }

    fn unauthenticated(&self, _: &Row, _: Fields, _: &str) -> Option<Wording> {
        Some(no(401, "Unauthorized"))
    }

    fn forbidden(&self, _: &Row, _: &str) -> Wording {
        no(403, "Forbidden")
    }

    fn no_such_path(&self, _: &Asked<'_>) -> Wording {
        no(404, "Not Found")
    }

    fn other_method(&self, _: &Row, _: &str, allowed: &[Method], _: &str) -> Wording {
        let mut wording = no(405, "Method Not Allowed");
        wording.headers.push(("allow", Some(comma_list(allowed))));
        wording
    }

    fn is_breakdown(&self, error: &ApiError) -> bool {
        matches!(
            error,
            ApiError::Internal | ApiError::Broken(_) | ApiError::Unavailable(_)
        )
    }

    fn is_wordless(&self, _: &Mounted, _: &ApiError) -> bool {
        false
    }

    fn lists(&self) -> Vec<List> {
        vec![List {
            id: "list_things",
            first: "/playroom/things",
            next: |answer| {
                let next = value(answer)["next"].as_str()?.to_owned();
                Some(format!("/playroom/things?after={next}"))
            },
            items: |answer: &Answer| {
                let things = value(answer)["things"].as_array().unwrap().clone();
                things
                    .iter()
                    .map(|it| it.as_str().unwrap().to_owned())
                    .collect()
            },
            items_and_pages: (5, 3),
            bad_cursors: &[("/playroom/things?after=z", 400)],
        }]
    }

    fn food(&self) -> Food {
        Food {
            segments: &["things"],
            names: &["after"],
            values: &["a"],
            bodies: &["{}"],
        }
    }
}
