//! What iSpring Learn is expected to say: one envelope, in XML and in JSON.

use enrollmock::internals::platform::{ApiError, Mounted, Row, comma_list};
use hyper::Method;

use super::{Asked, Expectations, Fields, Food, List, Text, Wording};
use crate::support::{Answer, fill};

pub struct Ispring;

/// The envelope of every no.
fn no(status: u16, message: &str, accept: &str) -> Wording {
    let (media, body) = match accept {
        "application/json" => (
            "application/json",
            format!("{{\"code\":{status},\"message\":\"{message}\"}}"),
        ),
        _ => (
            "application/xml",
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><code>{status}</code><message>{message}</message></response>"
            ),
        ),
    };
    Wording {
        status,
        media: Some(media),
        body: Text::Exactly(body),
        headers: Vec::new(),
    }
}

fn next_page(answer: &Answer) -> Option<String> {
    let token = answer.next()?;
    Some(format!("/enrollments?pageSize=50&pageToken={token}"))
}

impl Expectations for Ispring {
    fn path(&self, row: &Row) -> String {
        fill(&row.path.replace("{id}", "$e1"))
    }

    fn master(&self) -> &'static str {
        "account"
    }

    fn strangers(&self) -> &'static [Fields] {
        &[
            &[],
            &[("authorization", "")],
            &[("authorization", "nobody")],
            &[("authorization", "Bearer nobody")],
            &[("authorization", "Bearer")],
            &[("authorization", "Basic YWNjb3VudDo=")],
            &[("authorization", "\u{FF}\u{FE}")],
            &[("authorization", "expired")],
            &[("authorization", "inactive")],
            &[("x-auth-email", "ann@example.com")],
        ]
    }

    fn powerless(&self) -> &'static [&'static str] {
        &["learner", "powerless"]
    }

    fn accepts(&self) -> &'static [&'static str] {
        &["*/*", "application/json", "text/html"]
    }

    fn unknown_paths(&self) -> &'static [&'static str] {
        &[
            "",
            "/",
            "/enrolment",
            "/enrollment/$e1/certificate",
            "/enrollment//",
            "/api/v1/enrollment",
            "/api/v2",
            "/api/v2/enrollment/$e1/reenroll/again",
            "//enrollment",
            "/%00",
            "/..",
        ]
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[
            "api-learn.ispringlearn.com",
            "API-learn.ispringlearn.EU:443",
            "api-learn.ispring.com.",
            "school.ispringlearn.ru",
            "learn.test",
        ]
    }

    fn unauthenticated(&self, _: &Row, _: Fields, accept: &str) -> Option<Wording> {
        Some(no(401, "Unauthorized", accept))
    }

    fn forbidden(&self, _: &Row, accept: &str) -> Wording {
        no(403, "Permission denied", accept)
    }

    fn no_such_path(&self, asked: &Asked<'_>) -> Wording {
        no(404, "Not Found", asked.accept)
    }

    fn other_method(&self, row: &Row, _: &str, allowed: &[Method], accept: &str) -> Wording {
        // The token endpoint answers JSON to whoever does not ask for XML.
        let accept = match row.id {
            "issue_token" => "application/json",
            _ => accept,
        };
        let mut wording = no(405, "Method Not Allowed", accept);
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
        vec![
            List {
                id: "list_enrollments",
                first: "/enrollment",
                next: |_| None,
                items: Answer::ids,
                items_and_pages: (240, 1),
                bad_cursors: &[],
            },
            List {
                id: "list_enrollments_paged",
                first: "/enrollments?pageSize=50",
                next: next_page,
                items: Answer::ids,
                items_and_pages: (240, 5),
                bad_cursors: &[
                    ("/enrollments?pageToken=nonsense", 400),
                    ("/enrollments?pageToken=%FF%00", 400),
                    ("/enrollments?pageSize=50&pageToken=bm9uc2Vuc2U", 400),
                ],
            },
        ]
    }

    fn food(&self) -> Food {
        Food {
            segments: &["$e1", "enrollment", "reenroll"],
            names: &[
                "courseIds[]",
                "learnerIds",
                "enrollmentIds%5B0%5D",
                "pageSize",
                "pageToken",
                "courseIds[[]]][",
            ],
            values: &["$c1,$c2", "18446744073709551616", "-1", "%C3%28%00"],
            bodies: &[
                r#"{"learnerIds":["$u11"],"courseIds":{"id":["$c1"]},"enrollmentIds":["$e1"],"accessDate":"2024-06-09","dueDateType":"due_period","duePeriod":72,"lockAfterDueDate":true,"pageSize":2,"pageToken":""}"#,
                "<?xml version=\"1.0\"?><request><courseIds><id>$c1</id></courseIds><learnerIds><id>$u11</id></learnerIds><enrollmentIds><id>$e1</id></enrollmentIds><accessDate>2024-06-09 10:30:00</accessDate><dueDateType>due_date</dueDateType><dueDate>2024-07-01</dueDate><lockAfterDueDate>true</lockAfterDueDate></request>\r\n ",
                "courseIds[id][0]=$c1&learnerIds[]=$u11&enrollmentIds[0]=$e1&dueDateType=unlimited&accessDate=2024-06-09&pageSize=3",
                "--X-bound\r\nContent-Disposition: form-data; name=\"courseIds[id][0]\"\r\n\r\n$c1\r\n--X-bound\r\nContent-Disposition: form-data; name=\"learnerIds[id]\"\r\n\r\n$u11\r\n--X-bound--\r\n",
                "client_id=client&client_secret=secret&grant_type=client_credentials",
            ],
        }
    }
}
