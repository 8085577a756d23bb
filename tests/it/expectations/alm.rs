//! What Adobe Learning Manager is expected to say: one bare object, to whoever is asked first who calls.

use enrollmock::internals::platform::{ApiError, Mounted, Row, comma_list};
use hyper::Method;
use serde_json::Value;

use super::{Asked, Expectations, Fields, Food, List, Text, Wording};
use crate::support::Answer;

pub struct Alm;

/// An account with every kind of caller. User 1 is learner and administrator, and is enrolled in eleven
/// learning objects of three types; some dates are the same.
pub const ACADEMY: &str = "
alm:
  users:
    - { id: '1', email: both@example.com, roles: [learner, admin] }
    - { id: '2', email: learner@example.com }
    - { id: '3', roles: [author] }
  learning_objects:
    - { id: 'course:10', badge: '759', instances: [{ id: 'course:10_20', modules: [{ id: '30' }, { id: '31', version: 1 }] }] }
    - { id: 'course:11', instances: [{ id: 'course:11_21' }] }
    - { id: 'course:12', instances: [{ id: 'course:12_22', seat_limit: 1 }] }
    - { id: 'course:13', instances: [{ id: 'course:13_23' }] }
    - { id: 'course:14', instances: [{ id: 'course:14_24' }] }
    - { id: 'course:15', instances: [{ id: 'course:15_25' }] }
    - { id: 'jobAid:16', instances: [{ id: 'jobAid:16_-1' }] }
    - { id: 'jobAid:17', instances: [{ id: 'jobAid:17_-1' }] }
    - { id: 'learningProgram:18', instances: [{ id: 'learningProgram:18_28', sub_instances: ['course:10_20'] }] }
    - { id: 'learningProgram:19', instances: [{ id: 'learningProgram:19_29' }] }
    - { id: 'learningProgram:20', instances: [{ id: 'learningProgram:20_30' }] }
  enrollments:
    - { user: '1', instance: 'course:10_20', enrolled: 2024-06-01T08:00:00Z, completed: 2024-06-02T08:00:00Z }
    - { user: '1', instance: 'course:11_21', enrolled: 2024-06-01T08:00:00Z }
    - { user: '1', instance: 'course:12_22', enrolled: 2024-06-01T08:00:00Z }
    - { user: '1', instance: 'course:13_23', enrolled: 2024-06-02T08:00:00Z }
    - { user: '1', instance: 'course:14_24', enrolled: 2024-06-02T08:00:00Z }
    - { user: '1', instance: 'course:15_25', enrolled: 2024-06-03T08:00:00Z }
    - { user: '1', instance: 'jobAid:16_-1', enrolled: 2024-06-02T08:00:00Z }
    - { user: '1', instance: 'jobAid:17_-1', enrolled: 2024-06-02T08:00:00Z }
    - { user: '1', instance: 'learningProgram:18_28', enrolled: 2024-06-02T08:00:00Z }
    - { user: '1', instance: 'learningProgram:19_29', enrolled: 2024-06-02T08:00:00Z }
    - { user: '1', instance: 'learningProgram:20_30', enrolled: 2024-05-01T08:00:00Z }
  credentials:
    - { token: alm-both, user: '1' }
    - { token: alm-nothing, user: '1', scopes: [] }
    - { token: alm-author, user: '3' }
    - { token: alm-xapi, user: '2', scopes: ['learner:xapi'] }
    - { token: alm-expired, user: '1', expires: 2024-06-09T13:05:09Z }
    - { client_id: alm-client, client_secret: secret, refresh_token: refresh, code: code, user: '1' }
";

/// What the Prime API writes.
const JSON_API: &str = "application/vnd.api+json;charset=UTF-8";

fn no(status: u16, name: &str, title: &str, info: &str) -> Wording {
    Wording {
        status,
        media: Some(JSON_API),
        body: Text::Exactly(format!(
            r#"{{"status":"{name}","title":"{title}","source":{{"info":"{info}"}}}}"#
        )),
        headers: vec![("server", Some("openresty".to_owned()))],
    }
}

/// What OPTIONS gets, wherever it is sent.
fn preflight() -> Wording {
    Wording {
        status: 200,
        media: None,
        body: Text::Exactly(String::new()),
        headers: vec![("access-control-allow-credentials", Some("true".to_owned()))],
    }
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

fn items(answer: &Answer) -> Vec<String> {
    let body = json(answer);
    let ids = body["data"].as_array().unwrap().iter();
    ids.map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Where `next` leads, below the vendor's base URL.
fn next(answer: &Answer) -> Option<String> {
    let next = json(answer)["links"]["next"].as_str()?.to_owned();
    let (_, target) = next.split_once("/alm").unwrap();
    Some(target.to_owned())
}

impl Expectations for Alm {
    fn path(&self, row: &Row) -> String {
        let grade = row.id == "get_resource_grade";
        let catalog = row.id == "get_learning_object";
        let id = match (grade, catalog) {
            (true, _) => "course:10_20_30_0_1",
            (_, true) => "course:10",
            (_, _) => "1",
        };
        row.path
            .replace("{id}", id)
            .replace("{enrollment}", "course:10_20_1")
    }

    fn master(&self) -> &'static str {
        "oauth alm-both"
    }

    fn strangers(&self) -> &'static [Fields] {
        &[
            &[],
            &[("authorization", "")],
            &[("authorization", "oauth")],
            &[("authorization", "Bearer")],
            &[("authorization", "alm-both")],
            &[("authorization", "oauth nobody")],
            &[("authorization", "Bearer nobody")],
            &[("authorization", "Basic YWxtLWJvdGg6")],
            &[("authorization", "\u{FF}\u{FE}")],
            &[("authorization", "oauth alm-expired")],
            &[("cookie", "access_token=alm-both")],
        ]
    }

    fn powerless(&self) -> &'static [&'static str] {
        &["oauth alm-nothing", "Bearer alm-author", "OAuth alm-xapi"]
    }

    fn accepts(&self) -> &'static [&'static str] {
        &["*/*", "application/json", "application/vnd.api+json"]
    }

    fn unknown_paths(&self) -> &'static [&'static str] {
        &[
            "",
            "/",
            "/primeapi",
            "/primeapi/v2",
            "/primeapi/v1/user",
            "/primeapi/v2/user/",
            "/primeapi/v2/users/1/enrolments",
            "/primeapi/v2/users/1/enrollments/course:10_20_1/rate/it",
            "/enrollments",
            "/oauth",
            "/oauth/token/",
            "/learningmanagerapi/v2/dummy",
            "/learningManager/api/v2/users",
            "/%00",
            "/..",
        ]
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[
            "learningmanager.adobe.com",
            "LearningManagerEU.adobe.com:443",
            "learningmanagerapac.adobe.com.",
            "captivateprime.adobe.com",
            "alm.test",
        ]
    }

    fn unauthenticated(&self, _: &Row, stranger: Fields, _: &str) -> Option<Wording> {
        let is_expired = stranger.iter().any(|(_, value)| value.ends_with("expired"));
        let info = if is_expired {
            "Token expired"
        } else {
            "Invalid token"
        };
        Some(no(401, "UNAUTHORIZED", "Unauthorized", info))
    }

    fn forbidden(&self, _: &Row, _: &str) -> Wording {
        no(403, "FORBIDDEN", "Forbidden", "Insufficient scope")
    }

    fn no_such_path(&self, asked: &Asked<'_>) -> Wording {
        match asked {
            Asked {
                method: "OPTIONS", ..
            } => preflight(),
            // At the API itself, who calls is asked first of all.
            Asked {
                is_known: false,
                path,
                ..
            } if path.starts_with("/primeapi/") => {
                no(401, "UNAUTHORIZED", "Unauthorized", "Invalid token")
            }
            Asked { path, .. } => no(404, "NOT_FOUND", "Not Found", path),
        }
    }

    fn other_method(&self, row: &Row, method: &str, allowed: &[Method], _: &str) -> Wording {
        if method == "OPTIONS" {
            return preflight();
        }
        let mut wording = no(405, "METHOD_NOT_ALLOWED", "Method Not Allowed", method);
        if row.path.starts_with("/oauth/") {
            wording.media = Some("application/json*");
        }
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
                id: "list_user_enrollments",
                first: "/primeapi/v2/users/1/enrollments?page[limit]=4\
                        &filter.loTypes=course,jobAid,learningProgram,certification",
                next,
                items,
                items_and_pages: (11, 3),
                bad_cursors: &[
                    // Not base64; base64 of nothing that is JSON; a negative count.
                    ("/primeapi/v2/users/1/enrollments?page[cursor]=abc", 400),
                    ("/primeapi/v2/users/1/enrollments?page[cursor]=bz14", 400),
                    (
                        "/primeapi/v2/users/1/enrollments?page[cursor]=eyJqb2JBaWQiOi0xLCJjb3Vyc2UiOjMsImxlYXJuaW5nUHJvZ3JhbSI6MCwiY2VydGlmaWNhdGlvbiI6MH0=",
                        400,
                    ),
                ],
            },
            List {
                id: "list_enrollments",
                first: "/primeapi/v2/enrollments?page[limit]=2",
                next,
                items,
                // Course 10 is part of a learning program that is listed in its stead.
                items_and_pages: (5, 3),
                bad_cursors: &[("/primeapi/v2/enrollments?page[cursor]=%00", 400)],
            },
        ]
    }

    fn food(&self) -> Food {
        Food {
            segments: &[
                "primeapi",
                "v2",
                "users",
                "enrollments",
                "1",
                "course:10_20_1",
                "course%3A10_20_1",
                "jobAid:16_-1_1",
                "oauth",
                "o",
            ],
            names: &[
                "page[limit]",
                "page%5Bcursor%5D",
                "filter.loTypes",
                "filter.states",
                "sort",
                "include",
                "fields[learningObjectInstanceEnrollment]",
                "loId",
                "loInstanceId",
                "access_token",
                "client_id",
                "redirect_uri",
                "enrollmentId",
                "ids",
            ],
            values: &[
                "course,jobAid",
                "active",
                "-dateEnrolled",
                "learningObject.instances.enrollment.learner.manager.account.users",
                "loInstance.subLoInstances.loResources.resources,learner,loResourceGrades,learnerBadge.badge",
                "eyJqb2JBaWQiOjAsImNvdXJzZSI6OTk5OTk5OTk5OTk5OTk5OTk5OTksImxlYXJuaW5nUHJvZ3JhbSI6MH0",
                "course:12",
                "course:12_22",
                "alm-client",
                "https://app.example.com/",
            ],
            bodies: &[
                r#"{"data":{"id":"course:10_20_1","type":"learningObjectInstanceEnrollment","attributes":{"lastAccessDate":"2024-06-09T13:05:09.000Z","url":"https://example.com/proof","rating":3}}}"#,
                r#"{"rating":5}"#,
                r#"{"client_id":"alm-client","client_secret":"secret","refresh_token":"refresh"}"#,
                "client_id=alm-client&client_secret=secret&refresh_token=refresh",
                "client_id=alm-client&client_secret=secret&code=code",
            ],
        }
    }
}
