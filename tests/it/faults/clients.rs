//! The stories in which something goes wrong: a good client comes through each of them, and a bad one is
//! found out by the very promise that it broke.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use enrollmock::embed::Server;
use enrollmock::internals::delivery::How;
use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::platform::Vendor;
use hyper::header::RETRY_AFTER;
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::{Ask, Calls, story};

/// What a bad client leaves out, or does. A good one does nothing of it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bad {
    /// It comes back at once.
    Hurries,
    /// It gives up after the first failure.
    GivesUp,
    /// It sends a token once more that has expired.
    KeepsToken,
    /// It never asks for another token.
    StaysOut,
    /// It tries a cursor of its own.
    Invents,
    /// It asks who its token is with the token in the query.
    Shows,
    /// It repeats a write without a look.
    Repeats,
}

/// A client of one vendor.
struct Client<'a> {
    it: &'a Emulator,
    vendor: Vendor,
    bad: Option<Bad>,
    token: RefCell<String>,
    /// Whether the bad thing is done.
    is_done: Cell<bool>,
    /// Every request, by the id of its entry, with its status.
    sent: RefCell<Vec<(String, u16)>>,
}

/// What a client knows of an answer.
struct Got {
    status: u16,
    retry_after: Option<String>,
    /// None: it did not arrive whole, or cannot be read.
    body: Option<Value>,
}

/// Tries before a client believes that it is useless.
const TRIES: usize = 6;

impl<'a> Client<'a> {
    fn new(it: &'a Emulator, vendor: Vendor, bad: Option<Bad>) -> Self {
        let token = match vendor {
            Vendor::Ispring => "quickstart-token",
            Vendor::Openedx => "openedx-staff",
            Vendor::Alm => "alm-admin",
        };
        Client {
            it,
            vendor,
            bad,
            token: RefCell::new(token.to_owned()),
            is_done: Cell::new(false),
            sent: RefCell::default(),
        }
    }

    fn with_token(self, token: &str) -> Self {
        self.token.replace(token.to_owned());
        self
    }

    /// Whether it does this bad thing; it does it once.
    fn does(&self, bad: Bad) -> bool {
        self.bad == Some(bad) && !self.is_done.replace(true)
    }

    /// The id of one of its requests.
    fn id(&self, number: usize) -> String {
        self.sent.borrow()[number].0.clone()
    }

    fn statuses(&self) -> Vec<u16> {
        self.sent
            .borrow()
            .iter()
            .map(|(_, status)| *status)
            .collect()
    }

    /// Sends one request, and sees of the answer what arrives.
    fn send(&self, ask: Ask<'_>) -> Got {
        let answer = ask.send();
        let entry = answer.entry.as_ref().unwrap();
        self.sent
            .borrow_mut()
            .push((entry.id.clone(), answer.status));
        let arrives = matches!(entry.signals.delivery.how, How::Whole | How::Drip(_));
        Got {
            status: answer.status,
            retry_after: answer.header(RETRY_AFTER.as_str()).map(str::to_owned),
            body: serde_json::from_slice(&answer.body)
                .ok()
                .filter(|_| arrives),
        }
    }

    fn signed<'b>(&self, ask: Ask<'b>) -> Ask<'b> {
        let ask = ask.header("host", "localhost");
        let ask = ask.accept(match self.vendor {
            Vendor::Alm => "application/vnd.api+json",
            Vendor::Ispring | Vendor::Openedx => "application/json",
        });
        let token = self.token.borrow();
        match self.vendor {
            Vendor::Ispring => ask.token(&token),
            Vendor::Openedx => ask.bearer(&token),
            Vendor::Alm => ask.token(&format!("oauth {token}")),
        }
    }

    /// Waits as long as it was told to.
    fn wait(&self, got: &Got) {
        let Some(seconds) = &got.retry_after else {
            return;
        };
        if !self.does(Bad::Hurries) {
            let wait = SignedDuration::from_secs_f64(seconds.parse().unwrap());
            let clock = &self.it.main().clock;
            clock.set(None, Some(wait), None).unwrap();
        }
    }

    /// Another token, in the vendor's way.
    fn renew(&self) {
        let (path, form) = match self.vendor {
            Vendor::Ispring => (
                "/ispring/api/v3/token",
                "client_id=b0000001-0000-11ee-8000-000000000001\
                 &client_secret=quickstart-client-secret-not-a-secret&grant_type=client_credentials",
            ),
            Vendor::Openedx => (
                "/openedx/oauth2/access_token",
                "client_id=openedx-client&client_secret=openedx-client-secret-not-a-secret\
                 &grant_type=client_credentials",
            ),
            Vendor::Alm => (
                "/alm/oauth/token/refresh",
                "client_id=a1000001-0000-4000-8000-000000000001\
                 &client_secret=alm-client-secret-not-a-secret\
                 &refresh_token=a1000000000000000000000000000001",
            ),
        };
        let answer = self.it.post(path).form(form).send().ok();
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        self.token
            .replace(body["access_token"].as_str().unwrap().to_owned());
    }

    /// Reads until it is answered. None: it has given up.
    fn read(&self, target: &str) -> Option<Value> {
        if self.does(Bad::Shows) {
            let token = self.token.borrow().clone();
            let target = format!("/{}/nothing?access_token={token}", self.vendor.name());
            self.send(self.it.get(&target));
        }
        for _ in 0..TRIES {
            let got = self.send(self.signed(self.it.get(target)));
            match (got.status, &got.body) {
                (200, Some(_)) => return got.body,
                (401, _) if self.bad == Some(Bad::StaysOut) => return None,
                (401, _) if self.does(Bad::KeepsToken) => {}
                (401, _) => self.renew(),
                _ if self.bad == Some(Bad::GivesUp) => return None,
                _ => self.wait(&got),
            }
        }
        panic!("{target} gave {:?}", self.statuses());
    }

    /// The rows of all pages, by what tells them apart. None: it has given up.
    fn walk(&self, list: &str) -> Option<Vec<String>> {
        let mut rows = Vec::new();
        let mut target = list.to_owned();
        loop {
            let page = self.read(&target)?;
            rows.extend(rows_of(self.vendor, &page));
            let Some(next) = next(self.vendor, list, &page) else {
                return Some(rows);
            };
            if self.does(Bad::Invents) {
                // A page that it may not have, and that it asks for nevertheless until it is answered.
                let invented = invented(self.vendor, list);
                while self.send(self.signed(self.it.get(&invented))).status == 401 {
                    self.renew();
                }
            }
            target = next;
        }
    }

    /// Enrolls Ann, and sees to it that she is.
    fn enroll(&self) {
        for _ in 0..TRIES {
            let got = self.send(self.signed(enrolling(self.it, self.vendor)));
            if (200..300).contains(&got.status) {
                return;
            }
            assert_eq!(got.status, 503, "{:?}", self.statuses());
            if !self.does(Bad::Repeats) && self.is_enrolled() {
                return;
            }
            self.wait(&got);
        }
        panic!("Ann is not enrolled: {:?}", self.statuses());
    }

    /// Looks whether Ann is enrolled.
    fn is_enrolled(&self) -> bool {
        let found = self.read(&list_of_ann(self.vendor)).unwrap();
        found.to_string().contains(course(self.vendor))
    }
}

/// The course that Ann is not in.
fn course(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Ispring => "c0000002-0000-11ee-8000-000000000001",
        Vendor::Openedx => "course-v1:Example+FirstAid+2024",
        Vendor::Alm => "course:2002",
    }
}

/// How often Ann's list names the course after a client that looks has enrolled her in `lost-reply`.
fn named_once(vendor: Vendor) -> usize {
    let it = story("lost-reply");
    let client = Client::new(&it, vendor, None);
    client.enroll();
    let list = client.read(&list_of_ann(vendor)).unwrap().to_string();
    list.matches(course(vendor)).count()
}

fn list_of_ann(vendor: Vendor) -> String {
    match vendor {
        Vendor::Ispring => {
            "/ispring/enrollment?learnerIds[]=a0000001-0000-11ee-8000-000000000001".to_owned()
        }
        Vendor::Openedx => "/openedx/api/so2/v1/enrollments?username=ann".to_owned(),
        Vendor::Alm => pages_of(Vendor::Alm).to_owned(),
    }
}

/// Enrolls Ann in the course that she is not in.
fn enrolling(it: &Emulator, vendor: Vendor) -> Ask<'_> {
    match vendor {
        Vendor::Ispring => it.post("/ispring/enrollment").json(
            r#"{"learnerIds":["a0000001-0000-11ee-8000-000000000001"],"courseIds":["c0000002-0000-11ee-8000-000000000001"],"dueDateType":"unlimited"}"#,
        ),
        Vendor::Openedx => it.post("/openedx/api/bulk_enroll/v1/bulk_enroll").json(
            r#"{"action":"enroll","auto_enroll":true,"courses":"course-v1:Example+FirstAid+2024","identifiers":"ann"}"#,
        ),
        Vendor::Alm => it.post(
            "/alm/primeapi/v2/users/1001/enrollments?loId=course:2002&loInstanceId=course:2002_3002",
        ),
    }
}

/// The list that comes in pages.
fn pages_of(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Ispring => "/ispring/enrollments?pageSize=100",
        Vendor::Openedx => "/openedx/api/enrollment/v1/enrollments",
        Vendor::Alm => "/alm/primeapi/v2/users/1001/enrollments?page[limit]=10",
    }
}

fn rows_of(vendor: Vendor, page: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match vendor {
        Vendor::Ispring => page["enrollments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| text(&row["enrollmentId"]))
            .collect(),
        Vendor::Openedx => page["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| text(&row["user"]) + " " + &text(&row["course_id"]))
            .collect(),
        Vendor::Alm => page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| text(&row["id"]))
            .collect(),
    }
}

/// Where the next page is.
fn next(vendor: Vendor, list: &str, page: &Value) -> Option<String> {
    let link = match vendor {
        Vendor::Ispring => {
            let token = page["nextPageToken"].as_str()?;
            let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
            return Some(format!("{list}&pageToken={token}"));
        }
        Vendor::Openedx => &page["next"],
        Vendor::Alm => &page["links"]["next"],
    };
    let path = link.as_str()?.split_once("://localhost").unwrap().1;
    Some(path.to_owned())
}

/// A page that no answer leads to.
fn invented(vendor: Vendor, list: &str) -> String {
    match vendor {
        Vendor::Ispring => format!("{list}&pageToken=second"),
        Vendor::Openedx => format!("{list}?cursor=second"),
        Vendor::Alm => format!("{list}&page[cursor]=second"),
    }
}

/// The claims that are broken, each with the requests that it names. None is unsure.
fn broken(it: &Emulator) -> Vec<(String, Vec<String>)> {
    let verdict = it.main().judge.verdict();
    assert!(!verdict.is_incomplete(), "{verdict:?}");
    let broken = verdict.judged.into_iter().filter(|judged| !judged.kept);
    broken
        .map(|judged| (judged.claim, judged.requests))
        .collect()
}

/// One claim, broken by these requests.
fn only(claim: &str, requests: &[String]) -> Vec<(String, Vec<String>)> {
    vec![(claim.to_owned(), requests.to_vec())]
}

/// A client's whole walk in a story, and the claims that it broke.
fn walked<T>(
    name: &str,
    vendor: Vendor,
    bad: Option<Bad>,
    then: impl FnOnce(&Client<'_>, Option<Vec<String>>, Vec<(String, Vec<String>)>) -> T,
) -> T {
    let it = story(name);
    let client = Client::new(&it, vendor, bad);
    let rows = client.walk(pages_of(vendor));
    let broken = broken(&it);
    then(&client, rows, broken)
}

/// How many rows the lists of `flaky` and `expiring-token` have.
fn rows_in(vendor: Vendor) -> usize {
    match vendor {
        Vendor::Ispring | Vendor::Openedx => 241,
        Vendor::Alm => 12,
    }
}

#[test]
fn on_a_flaky_day_a_good_client_gets_every_row_of_every_vendor() {
    for (vendor, expected) in [
        (Vendor::Ispring, vec![200, 429, 500, 200, 200, 200]),
        (Vendor::Openedx, vec![200, 429, 500, 200, 200, 200]),
        (Vendor::Alm, vec![200, 429, 429, 200, 200]),
    ] {
        walked("flaky", vendor, None, |client, rows, broken| {
            assert_eq!(client.statuses(), expected, "{vendor:?}");
            let rows = rows.unwrap();
            assert_eq!(rows.len(), rows_in(vendor), "{vendor:?}");
            assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len());
            assert_eq!(broken, []);
        });
    }
}

#[test]
fn on_a_flaky_day_each_vendor_says_when_to_come_back_and_the_whole_lists_come_at_the_second_try() {
    for (vendor, after) in [
        (Vendor::Ispring, Some("2")),
        (Vendor::Openedx, None),
        (Vendor::Alm, Some("1.500")),
    ] {
        let it = story("flaky");
        let client = Client::new(&it, vendor, None);
        let ask = || client.send(client.signed(it.get(pages_of(vendor))));
        assert_eq!(ask().status, 200);
        let throttled = ask();
        let said = (throttled.status, throttled.retry_after.as_deref());
        assert_eq!(said, (429, after), "{vendor:?}");
        if vendor == Vendor::Openedx {
            let said = &throttled.body.unwrap()["developer_message"];
            let words = "Request was throttled. Expected available in 1 second.";
            assert_eq!(said, words);
        }
    }
    for (vendor, expected) in [
        (Vendor::Ispring, vec![200, 200]),
        (Vendor::Openedx, vec![429, 500, 200]),
    ] {
        let it = story("flaky");
        let client = Client::new(&it, vendor, None);
        assert!(client.read(&list_of_ann(vendor)).is_some());
        assert_eq!(client.statuses(), expected, "{vendor:?}");
        assert_eq!(broken(&it), []);
    }
}

#[test]
fn on_a_flaky_day_who_hurries_is_named() {
    for vendor in [Vendor::Ispring, Vendor::Alm] {
        walked(
            "flaky",
            vendor,
            Some(Bad::Hurries),
            |client, rows, broken| {
                assert_eq!(rows.unwrap().len(), rows_in(vendor));
                assert_eq!(
                    broken,
                    only("honours_retry_after", &[client.id(2)]),
                    "{vendor:?}"
                );
            },
        );
    }
    // Open edX's pages do not tell it in a header, the list of an organization does.
    let it = story("flaky");
    let client = Client::new(&it, Vendor::Openedx, Some(Bad::Hurries));
    client.read(&list_of_ann(Vendor::Openedx)).unwrap();
    assert_eq!(broken(&it), only("honours_retry_after", &[client.id(1)]));
}

#[test]
fn on_a_flaky_day_who_gives_up_is_named() {
    for vendor in Vendor::ALL.iter().copied() {
        walked(
            "flaky",
            vendor,
            Some(Bad::GivesUp),
            |client, rows, broken| {
                assert_eq!(rows, None);
                assert_eq!(
                    broken,
                    only("walks_every_page", &[client.id(0)]),
                    "{vendor:?}"
                );
            },
        );
    }
}

#[test]
fn who_makes_a_cursor_is_named_whether_it_is_answered_or_not() {
    for name in ["expiring-token", "moving-pages"] {
        for vendor in Vendor::ALL.iter().copied() {
            let it = story(name);
            let client = Client::new(&it, vendor, Some(Bad::Invents));
            let (client, list) = match name {
                "moving-pages" => (moving(client), moving_list(vendor)),
                _ => (client, pages_of(vendor)),
            };
            client.walk(list).unwrap();
            client.walk(list).unwrap();
            let invented = match name {
                // The first time its token had expired: a stranger's cursor is not judged.
                "expiring-token" => client.id(2),
                _ => client.id(1),
            };
            assert_eq!(
                broken(&it),
                only("keeps_cursor_opaque", &[invented]),
                "{name} {vendor:?}"
            );
        }
    }
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("flaky");
        let client = Client::new(&it, vendor, None);
        client.walk(pages_of(vendor)).unwrap();
        client.send(client.signed(it.get(&invented(vendor, pages_of(vendor)))));
        let last = client.statuses().len() - 1;
        assert_eq!(
            broken(&it),
            only("keeps_cursor_opaque", &[client.id(last)]),
            "{vendor:?}"
        );
    }
}

#[test]
fn when_its_token_expires_a_good_client_renews_it_and_misses_no_row() {
    for vendor in Vendor::ALL.iter().copied() {
        walked("expiring-token", vendor, None, |client, rows, broken| {
            let mut expected = vec![200, 401, 200];
            expected.extend((vendor != Vendor::Alm).then_some(200));
            assert_eq!(client.statuses(), expected, "{vendor:?}");
            let rows = rows.unwrap();
            assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows_in(vendor));
            assert_eq!(rows.len(), rows_in(vendor));
            assert_eq!(broken, []);
        });
    }
}

#[test]
fn an_issued_token_dies_in_the_middle_of_a_walk_as_well() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("expiring-token");
        let client = Client::new(&it, vendor, None);
        client.renew();
        let first = client.token.borrow().clone();
        assert_eq!(
            client.walk(pages_of(vendor)).unwrap().len(),
            rows_in(vendor)
        );
        assert_ne!(*client.token.borrow(), first, "{vendor:?}");
        // It is dead for good, and so for every list.
        let client = client.with_token(&first);
        assert_eq!(
            client
                .send(client.signed(it.get(&list_of_ann(vendor))))
                .status,
            401
        );
    }
}

#[test]
fn who_keeps_an_expired_token_is_named() {
    for vendor in Vendor::ALL.iter().copied() {
        walked(
            "expiring-token",
            vendor,
            Some(Bad::KeepsToken),
            |client, rows, broken| {
                assert!(rows.is_some());
                assert_eq!(
                    broken,
                    only("renews_expired_token", &[client.id(2)]),
                    "{vendor:?}"
                );
            },
        );
    }
}

#[test]
fn who_stops_where_the_token_expired_has_neither_renewed_it_nor_seen_every_page() {
    for vendor in Vendor::ALL.iter().copied() {
        walked(
            "expiring-token",
            vendor,
            Some(Bad::StaysOut),
            |client, _, broken| {
                let mut expected = only("renews_expired_token", &[client.id(1)]);
                expected.extend(only("walks_every_page", &[client.id(0)]));
                assert_eq!(broken, expected, "{vendor:?}");
            },
        );
    }
}

#[test]
fn who_gives_up_the_walk_after_renewing_has_not_walked_every_page() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("expiring-token");
        let client = Client::new(&it, vendor, None);
        let page = client.read(pages_of(vendor)).unwrap();
        client.send(client.signed(it.get(&next(vendor, pages_of(vendor), &page).unwrap())));
        client.renew();
        client.read(&list_of_ann(vendor).replace("users/1001", "users/1002"));
        assert_eq!(
            broken(&it),
            only("walks_every_page", &[client.id(0)]),
            "{vendor:?}"
        );
    }
}

#[test]
fn who_shows_its_token_in_a_url_is_named() {
    for vendor in Vendor::ALL.iter().copied() {
        walked(
            "expiring-token",
            vendor,
            Some(Bad::Shows),
            |client, rows, broken| {
                assert!(rows.is_some());
                assert_eq!(
                    broken,
                    only("no_secret_in_url", &[client.id(0)]),
                    "{vendor:?}"
                );
            },
        );
    }
}

#[test]
fn after_a_lost_reply_a_good_client_looks_and_finds_what_it_wrote() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("lost-reply");
        let client = Client::new(&it, vendor, None);
        client.enroll();
        assert_eq!(client.statuses(), [503, 200], "{vendor:?}");
        assert!(client.is_enrolled());
        assert_eq!(broken(&it), [], "{vendor:?}");
    }
}

#[test]
fn who_repeats_a_write_whose_reply_was_lost_is_named_and_enrolls_twice_where_the_vendor_lets_it() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("lost-reply");
        let client = Client::new(&it, vendor, Some(Bad::Repeats));
        let first = client.send(client.signed(enrolling(&it, vendor)));
        assert_eq!((first.status, first.retry_after), (503, None), "{vendor:?}");
        let second = client.signed(enrolling(&it, vendor)).send();
        let id = second.entry.as_ref().unwrap().id.clone();
        assert_eq!(
            broken(&it),
            only("no_blind_retry_of_writes", &[id]),
            "{vendor:?}"
        );
        let (status, body) = (second.status, second.text());
        match vendor {
            Vendor::Ispring => assert_eq!(status, 201),
            Vendor::Openedx => {
                assert_eq!(status, 200);
                assert!(
                    body.contains(r#""before":{"user":true,"enrollment":true,"#),
                    "{body}"
                );
            }
            Vendor::Alm => {
                assert_eq!(status, 200);
                assert!(body.contains(r#""id":"course:2002_3002_1001""#), "{body}");
            }
        }
        let list = client.read(&list_of_ann(vendor)).unwrap().to_string();
        let times = list.matches(course(vendor)).count();
        let once = named_once(vendor);
        let expected = if vendor == Vendor::Ispring {
            2 * once
        } else {
            once
        };
        assert_eq!(times, expected, "{vendor:?}: {list}");
    }
}

/// The same client with the token of `moving-pages`.
fn moving(client: Client<'_>) -> Client<'_> {
    let token = match client.vendor {
        Vendor::Ispring => "moving-token",
        Vendor::Openedx => "moving-staff",
        Vendor::Alm => "moving-admin",
    };
    client.with_token(token)
}

/// The list to walk in `moving-pages`.
fn moving_list(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Ispring => "/ispring/enrollments?pageSize=2",
        Vendor::Openedx => "/openedx/api/enrollment/v1/enrollments",
        Vendor::Alm => "/alm/primeapi/v2/users/1001/enrollments?page[limit]=2",
    }
}

/// What walks one after the other show in `moving-pages`, which then is content.
fn moved(vendor: Vendor, walks: usize) -> Vec<Vec<String>> {
    let it = story("moving-pages");
    let client = moving(Client::new(&it, vendor, None));
    let rows = (0..walks)
        .map(|_| client.walk(moving_list(vendor)).unwrap())
        .collect();
    assert_eq!(client.statuses(), vec![200; 2 * walks]);
    assert_eq!(broken(&it), [], "{vendor:?}");
    rows
}

#[test]
fn of_moving_pages_adobe_loses_a_row_shows_one_twice_and_shows_all_in_the_third_walk() {
    let walks = moved(Vendor::Alm, 3);
    let courses = |rows: &[String]| -> Vec<String> {
        let course = |row: &String| row["course:".len()..].split('_').next().unwrap().to_owned();
        rows.iter().map(course).collect()
    };
    assert_eq!(courses(&walks[0]), ["2001", "2002", "2004"]);
    assert_eq!(courses(&walks[1]), ["2002", "2003", "2003", "2004"]);
    assert_eq!(courses(&walks[2]), ["2005", "2002", "2003", "2004"]);
}

#[test]
fn of_moving_pages_ispring_and_open_edx_go_on_behind_the_last_row() {
    let walks = moved(Vendor::Ispring, 2);
    let numbers =
        |rows: &[String]| -> Vec<String> { rows.iter().map(|row| row[7..8].to_owned()).collect() };
    assert_eq!(numbers(&walks[0]), ["1", "2", "3", "4"]);
    assert_eq!(numbers(&walks[1]), ["1", "3", "4"]);

    let walks = moved(Vendor::Openedx, 2);
    assert_eq!(walks[0].len(), 123);
    assert_eq!(walks[0].iter().collect::<BTreeSet<_>>().len(), 123);
    assert_eq!(walks[1][0], "ben course-v1:Story+Moved+2024");
    assert_eq!(walks[1][1..], walks[0]);
}

#[test]
fn who_takes_one_walk_over_moving_pages_for_the_truth_is_told_so() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("moving-pages");
        let client = moving(Client::new(&it, vendor, None));
        client.walk(moving_list(vendor)).unwrap();
        let ids = [client.id(0), client.id(1)];
        assert_eq!(
            broken(&it),
            only("any call: at least 4 times", &ids),
            "{vendor:?}"
        );
    }
}

#[test]
fn who_looks_at_the_first_of_moving_pages_only_is_named() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("moving-pages");
        let client = moving(Client::new(&it, vendor, None));
        let ids: Vec<String> = (0..4)
            .map(|number| {
                client.read(moving_list(vendor)).unwrap();
                client.id(number)
            })
            .collect();
        let (claim, named) = broken(&it).remove(0);
        assert_eq!(claim, "walks_every_page");
        // Pages that lead to the same next page are one list under way.
        assert!(named.contains(&ids[3]), "{vendor:?}");
        assert_eq!(broken(&it).len(), 1);
    }
}

#[test]
fn through_maintenance_a_good_client_waits_and_looks_before_it_writes_again() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("maintenance");
        let client = Client::new(&it, vendor, None);
        client.read(&list_of_ann(vendor)).unwrap();
        client.enroll();
        let statuses = client.statuses();
        assert_eq!(statuses[..5], [503, 503, 200, 503, 200], "{vendor:?}");
        assert!(statuses[5] < 300 && statuses.len() == 6, "{vendor:?}");
        assert!(client.is_enrolled());
        assert_eq!(broken(&it), [], "{vendor:?}");
    }
}

#[test]
fn who_begins_with_a_write_finds_a_vendor_under_maintenance_down_twice() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("maintenance");
        let client = Client::new(&it, vendor, None);
        client.enroll();
        let statuses = client.statuses();
        assert_eq!(statuses[..3], [503, 503, 200], "{vendor:?}");
        assert!(statuses[3] < 300 && statuses.len() == 4, "{vendor:?}");
        assert_eq!(broken(&it), [], "{vendor:?}");
    }
}

#[test]
fn a_vendor_under_maintenance_gives_no_token_either() {
    for path in [
        "/ispring/api/v3/token",
        "/openedx/oauth2/access_token",
        "/alm/oauth/token/refresh",
    ] {
        let it = story("maintenance");
        let answer = it.post(path).form("a=b").send();
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("1")),
            "{path}"
        );
    }
}

#[test]
fn who_hurries_through_maintenance_is_named() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("maintenance");
        let client = Client::new(&it, vendor, Some(Bad::Hurries));
        client.read(&list_of_ann(vendor)).unwrap();
        assert_eq!(
            broken(&it),
            only("honours_retry_after", &[client.id(1)]),
            "{vendor:?}"
        );

        let it = story("maintenance");
        Client::new(&it, vendor, None)
            .read(&list_of_ann(vendor))
            .unwrap();
        let client = Client::new(&it, vendor, Some(Bad::Hurries));
        client.enroll();
        assert_eq!(
            broken(&it),
            only("honours_retry_after", &[client.id(2)]),
            "{vendor:?}"
        );
    }
}

#[test]
fn who_repeats_a_write_under_maintenance_is_named() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = story("maintenance");
        let client = Client::new(&it, vendor, Some(Bad::Repeats));
        client.read(&list_of_ann(vendor)).unwrap();
        client.enroll();
        assert_eq!(
            broken(&it),
            only("no_blind_retry_of_writes", &[client.id(4)]),
            "{vendor:?}"
        );
    }
}

#[test]
fn who_asks_a_slow_vendor_again_is_named() {
    for (vendor, most, claim) in [
        (Vendor::Ispring, 1, "ispring list_enrollments: at most once"),
        (
            Vendor::Openedx,
            1,
            "openedx list_so2_enrollments: at most once",
        ),
        (Vendor::Alm, 2, "alm list_user_enrollments: at most 2 times"),
    ] {
        let it = story("slow");
        let client = Client::new(&it, vendor, None);
        let mut ids = Vec::new();
        for number in 0..=most {
            assert_eq!(broken(&it), []);
            client.send(client.signed(it.get(&list_of_ann(vendor))));
            ids.push(client.id(number));
        }
        assert_eq!(broken(&it), only(claim, &ids), "{vendor:?}");
    }
}

#[test]
fn everything_else_about_slow_is_quick_for_the_most_part() {
    let it = story("slow");
    let mut delays: Vec<Duration> = (0..400)
        .map(|_| {
            let answer = it
                .get("/alm/primeapi/v2/user")
                .token("oauth alm-admin")
                .send()
                .ok();
            answer.entry.unwrap().signals.delivery.delay
        })
        .collect();
    delays.sort_unstable();
    assert!(
        (15..25).contains(&delays[200].as_millis()),
        "{:?}",
        delays[200]
    );
    let late = delays
        .iter()
        .filter(|delay| delay.as_millis() > 400)
        .count();
    assert!((1..=8).contains(&late), "{late}");
}

/// What a server sends for a GET until it closes, and how long it took. Nobody waits for ever.
fn fetched(server: &Server, vendor: Vendor, target: &str) -> (io::Result<String>, Duration) {
    let asked = Instant::now();
    let address = server.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let token = match vendor {
        Vendor::Ispring => "quickstart-token",
        Vendor::Openedx => "Bearer openedx-staff",
        Vendor::Alm => "oauth alm-admin",
    };
    let head = format!(
        "GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut all = String::new();
    let read = stream.read_to_string(&mut all);
    (read.map(|_| all), asked.elapsed())
}

#[test]
fn over_a_wire_slow_takes_its_time_and_a_patient_client_gets_everything() {
    let server = Server::builder().scenario("slow").start().unwrap();
    let fetch = |vendor| fetched(&server, vendor, &list_of_ann(vendor));
    std::thread::scope(|scope| {
        for vendor in [Vendor::Ispring, Vendor::Openedx] {
            scope.spawn(move || {
                let (text, took) = fetch(vendor);
                assert!(
                    text.unwrap().starts_with("HTTP/1.1 200 OK\r\n"),
                    "{vendor:?}"
                );
                assert!(took >= Duration::from_secs(1), "{vendor:?} took {took:?}");
            });
        }
        assert_eq!(fetch(Vendor::Alm).0.unwrap(), "", "closed without a byte");
        assert!(fetch(Vendor::Alm).0.unwrap().contains("course:2001"));
    });
    assert!(server.verdict().is_fine(false), "{}", server.verdict());
}

#[test]
fn over_a_wire_adobe_resets_a_connection_on_a_flaky_day() {
    let server = Server::builder().scenario("flaky").start().unwrap();
    let fetch = || fetched(&server, Vendor::Alm, pages_of(Vendor::Alm)).0;
    assert!(fetch().unwrap().starts_with("HTTP/1.1 200"));
    for _ in 0..2 {
        let throttled = fetch().unwrap();
        assert!(throttled.starts_with("HTTP/1.1 429"), "{throttled}");
        assert!(
            throttled
                .to_ascii_lowercase()
                .contains("\r\nretry-after: 1.500\r\n"),
            "{throttled}"
        );
    }
    assert_eq!(fetch().unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert!(fetch().unwrap().starts_with("HTTP/1.1 200"));
}
