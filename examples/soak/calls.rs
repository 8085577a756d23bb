//! Calls whose answer depends on nothing that other calls do: reads, writes that change nothing the second
//! time, and whatever a vendor refuses.

use super::client::Call;
use super::story::{CLIENT, REFRESH, key, uuid};

/// How many calls there are.
pub const CALLS: usize = 52;

/// Of the people listed, those above belong to these calls, those below to whoever counts what it wrote.
const FIRST: usize = 32;
const COUNT: usize = 30;

/// A call; the same number gives the same one.
pub fn call(number: usize) -> Call {
    let who = FIRST + (number / CALLS * 7 + number) % COUNT;
    let course = 1 + number / CALLS % 7;
    match number % CALLS {
        it @ 0..16 => ispring(it, who, course),
        it @ 16..34 => openedx(it, who, course),
        it => alm(it, who, course),
    }
}

/// A call that every fault shows on: it has an answer with a body, and succeeds by itself.
pub fn plain(number: usize) -> Call {
    let who = FIRST + number % COUNT;
    match number % 6 {
        0 => Call::get(
            format!("/ispring/enrollment?learnerIds[]={}", uuid('a', who)),
            &[200],
        )
        .field("accept", "application/xml"),
        1 => Call::get("/ispring/enrollments?pageSize=3", &[200]),
        2 => Call::get(
            format!("/openedx/api/so2/v1/enrollments?username=u{who}"),
            &[200],
        ),
        3 => Call::new("POST", "/openedx/api/bulk_enroll/v1/bulk_enroll/", &[200]).json(format!(
            r#"{{"action":"enroll","identifiers":"u{who}","courses":"{}"}}"#,
            key(1 + number / 6 % 7)
        )),
        4 => Call::get(adobe(&format!("/users/{}/enrollments", 1000 + who)), &[200])
            .field("accept-encoding", "gzip"),
        _ => Call::get(adobe(&format!("/users/{}", 1000 + who)), &[200]),
    }
}

pub fn adobe(path: &str) -> String {
    format!("/alm/primeapi/v2{path}")
}

fn ispring(which: usize, who: usize, course: usize) -> Call {
    let learner = uuid('a', who);
    let list = format!("/ispring/enrollment?learnerIds[]={learner}");
    let one = format!("/ispring/enrollment/{}", uuid('e', who));
    let post = |path: &str, want| Call::new("POST", format!("/ispring{path}"), want);
    match which {
        0 => Call::get(list, &[200]).field("accept", "application/xml"),
        1 => Call::get(list, &[200]),
        2 => Call::get(one, &[200]).field("accept", "application/xml"),
        3 => Call::get(one, &[200]),
        4 => Call::get("/ispring/enrollments?pageSize=50", &[200]).field("accept", "application/xml"),
        5 => post("/enrollment", &[201]).json(format!(
            r#"{{"courseIds":["{}"],"learnerIds":["{learner}"],"dueDateType":"unlimited"}}"#,
            uuid('c', course)
        )),
        6 => post("/enrollment", &[201]).carrying(
            "application/xml",
            format!(
                "<request><courseIds><id>{}</id></courseIds><learnerIds><id>{learner}</id></learnerIds><dueDateType>unlimited</dueDateType></request>",
                uuid('c', course)
            ),
        ),
        7 => post("/enrollment", &[400]).json(format!(
            r#"{{"courseIds":["{}"],"learnerIds":["{learner}"],"dueDateType":"unlimited"}}"#,
            uuid('f', 1)
        )),
        8 => post("/enrollment", &[400]).carrying("application/xml", "<request><courseIds>"),
        9 => Call::get("/ispring/enrollments?pageToken=nonsense", &[400]),
        10 => Call::get(list, &[401]).field("authorization", "nobodys"),
        11 => Call::get("/ispring/courses", &[404]),
        12 => Call::new("DELETE", "/ispring/enrollment", &[405]),
        13 => post("/api/v3/token", &[401])
            .form("grant_type=client_credentials&client_id=b0000001-0000-4000-8000-000000000001&client_secret=wrong"),
        14 => Call::new("HEAD", list, &[200]),
        _ => Call::get(format!("/ispring/enrollment/{}", uuid('f', who)), &[400]),
    }
}

fn openedx(which: usize, who: usize, course: usize) -> Call {
    let so2 = |list: &str| format!("/openedx/api/so2/v1/{list}?username=u{who}");
    let enrollment = "/openedx/api/enrollment/v1/enrollment";
    let bulk = |identifiers: &str, course: &str, want| {
        Call::new("POST", "/openedx/api/bulk_enroll/v1/bulk_enroll/", want).json(format!(
            r#"{{"action":"enroll","identifiers":"{identifiers}","courses":"{course}","email_students":true}}"#
        ))
    };
    match which {
        16 => Call::get(so2("enrollments"), &[200]),
        17 => Call::get(so2("completion"), &[200]),
        18 => Call::get(so2("grades"), &[200]),
        19 => bulk(&format!("u{who},u{who}@example.com,new{who}@example.com"), &key(course), &[200]),
        20 => bulk(&format!("u{who}"), "course-v1:No+Such+Course", &[404]),
        21 => bulk(&format!("u{who}"), &key(course), &[403]).field("authorization", super::story::OPENEDX_LEARNER),
        22 => Call::get(format!("{enrollment}/u{who},{}", key(0)), &[200]),
        23 => Call::get("/openedx/api/enrollment/v1/enrollments?page_size=20", &[200]),
        24 => Call::get("/openedx/api/enrollment/v1/enrollments?cursor=nonsense", &[404]),
        25 => Call::new("POST", enrollment, &[200]).json(format!(
            r#"{{"user":"u{who}","course_details":{{"course_id":"{}"}}}}"#,
            key(course)
        )),
        26 => Call::new("POST", enrollment, &[400]).json("{\"mode\":"),
        27 => Call::get("/openedx/api/user/v1/me", &[200]),
        28 => Call::get("/openedx/api/user/v1/me", &[401]).field("authorization", "Bearer nobodys"),
        29 => Call::get("/openedx/api/courses/v1/courses/", &[404]),
        30 => Call::new("DELETE", "/openedx/api/so2/v1/enrollments", &[405]),
        // Somebody whose limit is forty a minute.
        31 => Call::get("/openedx/api/enrollment/v1/enrollment", &[200, 429])
            .field("authorization", super::story::OPENEDX_LEARNER),
        32 => Call::new("POST", "/openedx/oauth2/access_token", &[401])
            .form("grant_type=client_credentials&client_id=b0000001-0000-4000-8000-000000000001&client_secret=wrong"),
        _ => Call::new("OPTIONS", enrollment, &[200]),
    }
}

fn alm(which: usize, who: usize, course: usize) -> Call {
    let user = 1000 + who;
    let own = format!("/users/{user}/enrollments");
    let one = format!("{own}/course:2000_1_{user}");
    let object = 2000 + course;
    match which {
        34 => Call::get(adobe(&own), &[200]),
        35 => Call::get(adobe(&own), &[200]).field("accept-encoding", "gzip"),
        36 => Call::get(adobe(&format!("{own}?include=learningObject,loInstance,learner&page[limit]=5&sort=-dateEnrolled")), &[200]),
        37 => Call::get(adobe(&format!("{own}?page[cursor]=nonsense")), &[400]),
        38 => Call::get(adobe(&one), &[200]),
        39 => Call::new("PATCH", adobe(&one), &[200]).carrying(
            "application/vnd.api+json",
            format!(
                r#"{{"data":{{"id":"course:2000_1_{user}","type":"learningObjectInstanceEnrollment","attributes":{{"lastAccessDate":"2024-06-09T13:00:00.000Z"}}}}}}"#
            ),
        ),
        40 => Call::new(
            "POST",
            adobe(&format!("{own}?loId=course:{object}&loInstanceId=course:{object}_1")),
            &[200],
        ),
        41 => Call::new("POST", adobe(&format!("{own}?loId=course:1&loInstanceId=course:1_1")), &[400]),
        42 => Call::get(adobe("/user"), &[200]),
        43 => Call::get(adobe(&format!("/users/{user}")), &[200]),
        44 => Call::get(adobe(&format!("/learningObjects/course:{object}")), &[200]).field("accept-encoding", "gzip"),
        45 => Call::get(adobe(&format!("/loResourceGrades/course:2000_1_3000_0_{user}")), &[200]),
        46 => Call::get(adobe("/user"), &[401]).field("authorization", "oauth nobodys"),
        47 => Call::get(adobe("/catalogs"), &[404]),
        48 => Call::new("DELETE", adobe("/user"), &[405]),
        // Somebody whose limit is ten a second.
        49 => Call::get(adobe("/enrollments"), &[200, 429]).field("authorization", super::story::ALM_LEARNER),
        50 => Call::new("POST", "/alm/oauth/token/refresh", &[400])
            .form(format!("refresh_token={REFRESH}&client_id=nobody&client_secret=wrong")),
        _ => Call::get(format!("/alm/oauth/o/authorize?{}&redirect_uri=https://app.example.com/back&scope=admin:read&response_type=CODE", CLIENT.split('&').next().unwrap_or_default()), &[302]),
    }
}
