//! What Open edX is expected to say: three dialects of no, and pages for what is not there.

use enrollmock::internals::platform::{ApiError, AuthError, Mounted, Row};
use hyper::Method;
use serde_json::Value;

use super::{Asked, Expectations, Fields, Food, List, Text, Wording};
use crate::support::Answer;

pub struct Openedx;

/// The dialect of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// `{"detail":…}`, with `WWW-Authenticate`.
    Plain,
    /// `{"developer_message":…}`, without.
    Developer,
    /// The token endpoint.
    OAuth,
}

fn dialect(row: &Row) -> Dialect {
    match row.id {
        "list_enrollments" => Dialect::Developer,
        "issue_token" | "revoke_token" => Dialect::OAuth,
        _ => Dialect::Plain,
    }
}

/// Whether a row takes accounts that were never activated.
fn takes_inactive(row: &Row) -> bool {
    !row.path.starts_with("/api/bulk_enroll/") && !row.path.starts_with("/api/so2/")
}

/// Whose credentials were not even tried.
const NOT_PROVIDED: &str = r#""Authentication credentials were not provided.""#;

/// What `detail` says of a stranger: a JSON value.
fn detail_of(row: &Row, stranger: Fields) -> Option<String> {
    let coded = |code: &str, message: &str| {
        Some(format!(
            r#"{{"error_code":"{code}","developer_message":"{message}"}}"#
        ))
    };
    let Some((_, value)) = stranger.iter().find(|(name, _)| *name == "authorization") else {
        return Some(NOT_PROVIDED.to_owned());
    };
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    match words[..] {
        [] => Some(NOT_PROVIDED.to_owned()),
        [_] => coded(
            "token_not_provided",
            "Invalid token header. No credentials provided.",
        ),
        [scheme, token] if scheme.eq_ignore_ascii_case("bearer") => match token {
            "oe-expired" => coded(
                "token_expired",
                "The provided access token has expired and is no longer valid.",
            ),
            "oe-inactive" if takes_inactive(row) => None,
            "oe-inactive" => coded("user_not_active", "User inactive or deleted: inactive"),
            "oe-disabled" => coded("user_is_disabled", "User disabled by admin: disabled"),
            _ => coded(
                "token_nonexistent",
                "The provided access token does not match any valid tokens.",
            ),
        },
        ["JWT", _] => Some(r#""Error decoding token.""#.to_owned()),
        [_, _] => Some(NOT_PROVIDED.to_owned()),
        _ => coded(
            "token_malformed",
            "Invalid token header. Token string should not contain spaces.",
        ),
    }
}

/// `detail` as a surface of this dialect says it.
fn body(dialect: Dialect, detail: &str) -> String {
    match dialect {
        Dialect::Plain if detail.starts_with('{') => detail.to_owned(),
        Dialect::Plain | Dialect::OAuth => format!(r#"{{"detail":{detail}}}"#),
        Dialect::Developer => format!(r#"{{"developer_message":{detail}}}"#),
    }
}

/// What `Allow` lists, in the order of Django REST framework.
fn allow(methods: &[Method]) -> String {
    let mut names: Vec<&str> = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        .into_iter()
        .filter(|name| methods.iter().any(|method| method.as_str() == *name))
        .collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    names.join(", ")
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// The items of an array or of the `results` of an envelope.
fn items(answer: &Answer) -> Vec<String> {
    let body = json(answer);
    let items = body.as_array().or_else(|| body["results"].as_array());
    items.unwrap().iter().map(Value::to_string).collect()
}

/// Where `next` leads, below the vendor's base URL.
fn next(answer: &Answer) -> Option<String> {
    let next = json(answer)["next"].as_str()?.to_owned();
    let (_, target) = next.split_once("/openedx").unwrap();
    Some(target.to_owned())
}

impl Expectations for Openedx {
    fn path(&self, row: &Row) -> String {
        row.path
            .replace("{*rest}", "bulk_enrollment")
            .replace("{*which}", "learner,course-v1:Laws+One+2024")
    }

    fn master(&self) -> &'static str {
        "Bearer oe-staff"
    }

    fn strangers(&self) -> &'static [Fields] {
        &[
            &[],
            &[("authorization", "")],
            &[("authorization", "oe-staff")],
            &[("authorization", "Bearer")],
            &[("authorization", "JWT")],
            &[("authorization", "Bearer nobody")],
            &[("authorization", "bearer   nobody")],
            &[("authorization", "Bearer oe-staff twice")],
            &[("authorization", "Basic b2Utc3RhZmY6")],
            &[("authorization", "Token oe-staff")],
            &[("authorization", "JWT nobody")],
            &[("authorization", "Bearer oe-expired")],
            &[("authorization", "Bearer oe-inactive")],
            &[("authorization", "Bearer oe-disabled")],
            &[("cookie", "sessionid=oe-staff")],
            &[("x-edx-api-key", "oe-staff")],
        ]
    }

    fn powerless(&self) -> &'static [&'static str] {
        &["Bearer oe-learner", "Bearer oe-admin", "bearer  oe-learner"]
    }

    fn accepts(&self) -> &'static [&'static str] {
        &["*/*", "application/json", "text/html, application/*;q=0.1"]
    }

    fn unknown_paths(&self) -> &'static [&'static str] {
        &[
            "",
            "/",
            "/api",
            "/api/bulk_enroll/v1",
            "/api/bulk_enroll/v1/enroll",
            "/api/bulk_enroll/v2/bulk_enroll",
            "/api/so2/v1/enrolments",
            "/api/so2/v1/enrollments//",
            "/api/so2/enrollments",
            "/api/enrollment/v1",
            "/api/enrollment/v2/enrollments",
            "//api/so2/v1/enrollments",
            "/api/user/v1/me/too",
            "/oauth2",
            "/%00",
            "/..",
        ]
    }

    fn hosts(&self) -> &'static [&'static str] {
        // Each customer has a site of its own: this one the scenario names.
        &["lms.test", "LMS.test:443", "lms.test."]
    }

    fn unauthenticated(&self, row: &Row, stranger: Fields, _: &str) -> Option<Wording> {
        let dialect = dialect(row);
        let challenge = match dialect {
            Dialect::Plain => Some(r#"JWT realm="api""#.to_owned()),
            Dialect::Developer | Dialect::OAuth => None,
        };
        Some(Wording {
            status: 401,
            media: Some("application/json"),
            body: Text::Exactly(body(dialect, &detail_of(row, stranger)?)),
            headers: vec![("www-authenticate", challenge)],
        })
    }

    fn forbidden(&self, row: &Row, _: &str) -> Wording {
        let detail = r#""You do not have permission to perform this action.""#;
        Wording {
            status: 403,
            media: Some("application/json"),
            body: Text::Exactly(body(dialect(row), detail)),
            headers: vec![("www-authenticate", None)],
        }
    }

    fn no_such_path(&self, _: &Asked<'_>) -> Wording {
        Wording {
            status: 404,
            media: Some("text/html*"),
            body: Text::Page,
            headers: vec![("allow", None), ("www-authenticate", None)],
        }
    }

    fn other_method(&self, row: &Row, method: &str, allowed: &[Method], _: &str) -> Wording {
        let headers = vec![("allow", Some(allow(allowed)))];
        match (dialect(row), method) {
            (Dialect::Plain | Dialect::Developer, "OPTIONS") => Wording {
                status: 200,
                media: Some("application/json"),
                body: Text::Something,
                headers,
            },
            (Dialect::OAuth, _) => Wording {
                status: if method == "OPTIONS" { 200 } else { 405 },
                media: Some("text/html; charset=utf-8"),
                body: Text::Exactly(String::new()),
                headers,
            },
            (dialect, method) => Wording {
                status: 405,
                media: Some("application/json"),
                body: Text::Exactly(body(
                    dialect,
                    &format!(r#""Method \"{method}\" not allowed.""#),
                )),
                headers,
            },
        }
    }

    fn is_breakdown(&self, error: &ApiError) -> bool {
        matches!(
            error,
            ApiError::Internal
                | ApiError::Broken(_)
                | ApiError::Unavailable(_)
                | ApiError::Unauthenticated(AuthError::NotText)
        )
    }

    fn is_wordless(&self, surface: &Mounted, error: &ApiError) -> bool {
        let mut rows = surface.rows.iter();
        let is_oauth = rows.any(|row| dialect(row) == Dialect::OAuth);
        is_oauth && matches!(error, ApiError::MethodNotAllowed(_))
    }

    fn lists(&self) -> Vec<List> {
        let whole = |id, first, count| List {
            id,
            first,
            next: |_| None,
            items,
            items_and_pages: (count, 1),
            bad_cursors: &[],
        };
        vec![
            whole("list_so2_enrollments", "/api/so2/v1/enrollments", 243),
            whole("list_so2_completion", "/api/so2/v1/completion", 243),
            whole("list_so2_grades", "/api/so2/v1/grades", 243),
            whole(
                "list_user_enrollments",
                "/api/enrollment/v1/enrollment?user=learner",
                3,
            ),
            List {
                id: "list_enrollments",
                first: "/api/enrollment/v1/enrollments",
                next,
                items,
                items_and_pages: (243, 3),
                bad_cursors: &[
                    // Not base64.
                    ("/api/enrollment/v1/enrollments?cursor=abc", 404),
                    // Base64 of `o=x` and of `o=-1`.
                    ("/api/enrollment/v1/enrollments?cursor=bz14", 404),
                    ("/api/enrollment/v1/enrollments?cursor=bz0tMQ%3D%3D", 404),
                    // Base64 of `p=yesterday`.
                    (
                        "/api/enrollment/v1/enrollments?cursor=cD15ZXN0ZXJkYXk%3D",
                        400,
                    ),
                ],
            },
        ]
    }

    fn food(&self) -> Food {
        Food {
            segments: &[
                "api",
                "bulk_enroll",
                "enrollment",
                "v1",
                "learner,course-v1:Laws+One+2024",
                "course-v1:Laws+One+2024",
                "Laws/One/2024",
                "oauth2",
            ],
            names: &[
                "course_id",
                "course_ids",
                "username",
                "user",
                "email",
                "days",
                "cursor",
                "page_size",
            ],
            values: &[
                "course-v1:Laws%2BOne%2B2024",
                "course-v1:Laws+One+2024",
                "learner,staff",
                "99999999999999999999",
                "-1",
                "cj0xJnA9MjAyMS0wMy0wOSsyMCUzQTE1JTNBMDMlMkIwMCUzQTAw",
                "bz0xMDAwMDAwMDAwMDAw",
                "%C3%28%00",
            ],
            bodies: &[
                r#"{"action":"enroll","courses":"course-v1:Laws+One+2024","cohorts":"Blue","identifiers":"learner@example.com, new@example.com nobody","auto_enroll":true,"email_students":"yes"}"#,
                r#"{"action":"unenroll","courses":["course-v1:Laws+One+2024"],"identifiers":5}"#,
                r#"{"user":"learner","mode":"verified","is_active":false,"course_details":{"course_id":"course-v1:Laws+One+2024"},"cohort":"Blue","enrollment_attributes":[],"force_enrollment":true}"#,
                "action=enroll&courses=course-v1%3ALaws%2BOne%2B2024&identifiers=learner%40example.com&courses[0]=x",
                "--X-bound\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nenroll\r\n--X-bound\r\nContent-Disposition: form-data; name=\"courses\"\r\n\r\ncourse-v1:Laws+One+2024\r\n--X-bound\r\nContent-Disposition: form-data; name=\"identifiers\"\r\n\r\nlearner\r\n--X-bound--\r\n",
                "grant_type=client_credentials&client_id=oe-client&client_secret=oe-secret&token_type=jwt&scope=read+email",
                "grant_type=password&client_id=oe-client&client_secret=oe-secret&username=learner&password=pass-word",
                "grant_type=refresh_token&client_id=oe-client&client_secret=oe-secret&refresh_token=x",
                "token=oe-learner&client_id=oe-client&client_secret=oe-secret",
            ],
        }
    }
}
