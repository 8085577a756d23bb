//! The manners that show when something goes wrong: a good and a bad client for each, with every vendor.

use std::time::{Duration, Instant};

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::expect::Manner;
use enrollmock::internals::platform::Vendor;

use crate::journal::expectations::{broken, by, claiming, id, judged, list_of, next, page, walk};
use crate::support::{Answer, Calls};

/// A fault on the list of a vendor.
fn on_list(vendor: Vendor, calls: &str, inject: &str) -> String {
    let (vendor, operation) = (vendor.name(), list_of(vendor));
    format!(
        "faults: [{{ name: it, on: {{ vendor: {vendor}, operation: {operation} }}, calls: {calls}, inject: {inject} }}]"
    )
}

fn come_back_after(status: u16, after: &str) -> String {
    format!("{{ respond: {{ status: {status}, headers: {{ Retry-After: '{after}' }} }} }}")
}

#[test]
fn who_comes_back_too_early_is_named() {
    for vendor in Vendor::ALL.iter().copied() {
        for (status, after) in [
            (429, "2"),
            (503, "2"),
            (429, "1.752"),
            (429, "Sun, 09 Jun 2024 13:05:11 GMT"),
        ] {
            let fault =
                on_list(vendor, "..", &come_back_after(status, after)).replace("calls: ..,", "");
            let it = claiming(Manner::HonoursRetryAfter, &fault);
            assert_eq!(page(&it, vendor, "one", None).status, status);
            assert!(broken(&it).is_empty());
            // Somebody else, and another operation, may come.
            page(&it, vendor, "two", None);
            by(it.get("/openedx/api/so2/v1/enrollments"), vendor, "one").send();
            assert!(broken(&it).is_empty(), "{vendor:?} {after}");
            it.advance("2s");
            page(&it, vendor, "one", None);
            assert!(broken(&it).is_empty(), "{vendor:?} {after}");
            it.advance(if after == "1.752" { "1s" } else { "0s" });
            if after.contains("GMT") {
                // The date has passed: this answer asks for nothing.
                continue;
            }
            let early = page(&it, vendor, "one", None);
            assert_eq!(broken(&it), [id(&early)], "{vendor:?} {after}");
            assert!(judged(&it).reason.contains(after), "{}", judged(&it).reason);
        }
    }
}

#[test]
fn real_time_counts_as_well_while_the_clock_stands_still() {
    let vendor = Vendor::Alm;
    let fault = on_list(vendor, "1", &come_back_after(429, "0.03"));
    let it = claiming(Manner::HonoursRetryAfter, &fault);
    page(&it, vendor, "one", None);
    let since = Instant::now();
    while since.elapsed() < Duration::from_millis(31) {
        it.get("/livez").send();
    }
    page(&it, vendor, "one", None).ok();
    assert!(broken(&it).is_empty());
}

#[test]
fn who_was_served_in_spite_of_it_has_nothing_left_to_wait_for() {
    let vendor = Vendor::Ispring;
    let fault = on_list(vendor, "1", &come_back_after(429, "60"));
    let it = claiming(Manner::HonoursRetryAfter, &fault);
    page(&it, vendor, "one", None);
    let early = page(&it, vendor, "one", None).ok();
    page(&it, vendor, "one", None).ok();
    assert_eq!(broken(&it), [id(&early)]);
}

#[test]
fn a_page_that_fails_is_asked_for_again() {
    for vendor in Vendor::ALL.iter().copied() {
        for inject in [
            "server_error",
            "lost_reply",
            "{ connection: reset }",
            "{ truncate: 0.5 }",
            "{ malformed: true }",
        ] {
            let it = claiming(Manner::WalksEveryPage, &on_list(vendor, "2", inject));
            let first = page(&it, vendor, "one", None).ok();
            let cursor = next(vendor, &first).unwrap();
            page(&it, vendor, "one", Some(&cursor));
            assert_eq!(broken(&it), [id(&first)], "{vendor:?} {inject}");
            let second = page(&it, vendor, "one", Some(&cursor)).ok();
            assert_eq!(broken(&it), [id(&second)], "{vendor:?} {inject}");
            page(&it, vendor, "one", next(vendor, &second).as_deref()).ok();
            assert!(broken(&it).is_empty(), "{vendor:?} {inject}");
        }
    }
}

#[test]
fn a_token_that_has_expired_is_let_go_and_replaced() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = claiming(Manner::RenewsExpiredToken, "");
        page(&it, vendor, "short", None).ok();
        it.advance("2m");
        let refused = page(&it, vendor, "short", None);
        assert_eq!(refused.status, 401, "{vendor:?}");
        assert_eq!(broken(&it), [id(&refused)], "{vendor:?}");
        // What fails goes on nowhere.
        let other = by(
            it.get(&format!("/{}/nowhere", vendor.name())),
            vendor,
            "one",
        );
        other.send();
        assert_eq!(broken(&it), [id(&refused)], "{vendor:?}");
        page(&it, vendor, "one", None).ok();
        assert!(broken(&it).is_empty(), "{vendor:?}");
        let again = page(&it, vendor, "short", None);
        assert_eq!(broken(&it), [id(&again)], "{vendor:?}");
    }
}

#[test]
fn a_token_that_lives_again_may_be_used_again() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = claiming(Manner::RenewsExpiredToken, "");
        it.advance("2m");
        page(&it, vendor, "short", None);
        it.advance("-2m");
        page(&it, vendor, "short", None).ok();
        assert!(broken(&it).is_empty(), "{vendor:?}");
    }
}

#[test]
fn somebody_else_with_a_token_of_their_own_replaces_nobodys() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = claiming(Manner::RenewsExpiredToken, "");
        page(&it, vendor, "two", None).ok();
        page(&it, vendor, "short", None).ok();
        it.advance("2m");
        let refused = page(&it, vendor, "short", None);
        page(&it, vendor, "two", None).ok();
        assert_eq!(broken(&it), [id(&refused)], "{vendor:?}");
    }
}

#[test]
fn a_token_that_is_nobodys_has_not_expired() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = claiming(Manner::RenewsExpiredToken, "");
        for _ in 0..2 {
            assert_eq!(page(&it, vendor, "unknown", None).status, 401);
        }
        assert!(broken(&it).is_empty(), "{vendor:?}");
    }
}

#[test]
fn a_token_that_expires_in_the_middle_of_a_walk_is_replaced_by_a_new_one_for_the_same_page() {
    for vendor in Vendor::ALL.iter().copied() {
        let it = claiming(
            Manner::RenewsExpiredToken,
            &on_list(vendor, "2", "token_expired"),
        );
        let first = page(&it, vendor, "one", None).ok();
        let cursor = next(vendor, &first);
        let refused = page(&it, vendor, "one", cursor.as_deref());
        assert_eq!(refused.status, 401);
        let stubborn = page(&it, vendor, "one", cursor.as_deref());
        assert_eq!(broken(&it), [id(&stubborn), id(&refused)], "{vendor:?}");
        page(&it, vendor, "two", cursor.as_deref());
        assert_eq!(broken(&it), [id(&stubborn)], "{vendor:?}");
    }
}

/// A write, and the operation that it is.
fn write(it: &Emulator, vendor: Vendor, what: &str) -> Answer {
    let (target, body) = match vendor {
        Vendor::Ispring => (
            "/ispring/enrollment",
            format!(
                r#"{{"courseIds":["$c1"],"learnerIds":["$u1"],"dueDateType":"unlimited","x":"{what}"}}"#
            ),
        ),
        Vendor::Openedx => (
            "/openedx/api/bulk_enroll/v1/bulk_enroll",
            format!(
                r#"{{"action":"enroll","courses":"course-v1:a+b+c","identifiers":"{what}@example.com"}}"#
            ),
        ),
        Vendor::Alm => (
            "/alm/primeapi/v2/users/7/enrollments?loInstanceId=course:40_1",
            format!(r#"{{"x":"{what}"}}"#),
        ),
    };
    by(it.post(target).json(&body), vendor, "one").send()
}

/// A fault on the writes of a vendor.
fn on_write(vendor: Vendor, calls: &str, inject: &str) -> String {
    let operation = match vendor {
        Vendor::Ispring => "create_enrollments",
        Vendor::Openedx => "bulk_enroll",
        Vendor::Alm => "create_user_enrollment",
    };
    let vendor = vendor.name();
    format!(
        "faults: [{{ name: it, on: {{ vendor: {vendor}, operation: {operation} }}, calls: {calls}, inject: {inject} }}]"
    )
}

#[test]
fn who_repeats_a_write_in_doubt_without_a_look_is_named() {
    for vendor in Vendor::ALL.iter().copied() {
        for inject in [
            "server_error",
            "maintenance",
            "lost_reply",
            "{ connection: reset }",
            "{ connection: close }",
            "{ connection: garbage }",
            "{ truncate: 0.5 }",
            "{ latency: 20s }",
            "{ drip: { over: 20s } }",
        ] {
            let it = claiming(Manner::NoBlindRetryOfWrites, &on_write(vendor, "1", inject));
            write(&it, vendor, "a");
            write(&it, vendor, "b");
            assert!(
                broken(&it).is_empty(),
                "{vendor:?} {inject}: another write is none"
            );
            let blind = write(&it, vendor, "a");
            assert_eq!(broken(&it), [id(&blind)], "{vendor:?} {inject}");

            let it = claiming(Manner::NoBlindRetryOfWrites, &on_write(vendor, "1", inject));
            write(&it, vendor, "a");
            // Somebody else's look is none, and a token is none.
            page(&it, vendor, "two", None).ok();
            it.post("/openedx/oauth2/access_token").form("a=b").send();
            page(&it, vendor, "one", None).ok();
            write(&it, vendor, "a");
            assert!(broken(&it).is_empty(), "{vendor:?} {inject}");
        }
    }
}

#[test]
fn a_look_that_fails_is_none() {
    for vendor in Vendor::ALL.iter().copied() {
        let operations = format!("vendor: {}", vendor.name());
        let fault = format!(
            "faults: [{{ name: it, on: {{ {operations} }}, calls: 1..2, inject: server_error }}]"
        );
        let it = claiming(Manner::NoBlindRetryOfWrites, &fault);
        write(&it, vendor, "a");
        page(&it, vendor, "one", None);
        let blind = write(&it, vendor, "a");
        assert_eq!(broken(&it), [id(&blind)], "{vendor:?}");
    }
}

#[test]
fn what_was_answered_may_be_written_again() {
    for vendor in Vendor::ALL.iter().copied() {
        for inject in ["throttled", "forbidden", "{ malformed: true }"] {
            let it = claiming(Manner::NoBlindRetryOfWrites, &on_write(vendor, "1", inject));
            write(&it, vendor, "a");
            write(&it, vendor, "a");
            assert!(broken(&it).is_empty(), "{vendor:?} {inject}");
        }
    }
}

#[test]
fn a_list_by_post_and_a_token_call_are_no_writes() {
    let fault = "faults: [{ name: it, on: { vendor: ispring }, inject: server_error }]";
    let it = claiming(Manner::NoBlindRetryOfWrites, fault);
    for _ in 0..2 {
        let list = it.post("/ispring/enrollments").json("{}");
        assert_eq!(by(list, Vendor::Ispring, "one").status(), 500);
        assert_eq!(it.post("/ispring/api/v3/token").form("a=b").status(), 500);
    }
    assert!(broken(&it).is_empty());
}

#[test]
fn a_good_client_keeps_all_its_manners_through_all_this() {
    for vendor in Vendor::ALL.iter().copied() {
        for manner in Manner::ALL {
            let it = claiming(*manner, "");
            walk(&it, vendor, "one");
            write(&it, vendor, "a");
            assert!(broken(&it).is_empty(), "{vendor:?} {manner:?}");
        }
    }
}
