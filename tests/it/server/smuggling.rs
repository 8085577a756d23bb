//! Requests in which somebody in front of the server may see another end than the server does. Behind each
//! hides a second one: where there can be two opinions, it is not answered.

use std::time::Duration;

use enrollmock::internals::server::Limits;

use crate::server::sockets::{Client, Running};

const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";

/// What comes of a request and the one that hides behind it.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// Refused with this status, and the connection closed.
    Refused(u16),
    /// Answered, and the connection closed behind it: the hidden one is never looked at.
    AnsweredAlone,
    /// Nobody can read it otherwise: both are answered, as when they are pipelined.
    TwoRequests,
    /// The hidden one is part of it: of its body, or of what stands behind that.
    OneRequest,
    /// The connection is closed without a word.
    NotAnswered,
}

use Fate::{AnsweredAlone, NotAnswered, OneRequest, Refused, TwoRequests};

/// Sends it, with the hidden one behind it, and says what came of both.
fn fate(request: &str) -> Fate {
    let server = Running::with(Limits {
        body: 1000,
        body_time: Duration::from_millis(200),
        idle_time: Duration::from_millis(200),
        ..Limits::default()
    });
    let mut other = server.client();
    assert_eq!(other.get("/other").status, 200);
    let mut client = server.client();
    client.send(format!("{request}{HIDDEN}"));
    client.say_no_more();
    let text = client.rest();
    // Whatever it was, others do not feel it.
    assert_eq!(other.get("/other").status, 200);
    let mut seen = server.seen();
    seen.retain(|target| target != "/other");
    let answers: Vec<&str> = text.split("HTTP/1.1 ").skip(1).collect();
    let status = |at: usize| answers.get(at).map(|it| it[..3].parse().unwrap());
    match (status(0), status(1)) {
        (Some(200), Some(200)) => {
            assert_eq!(seen, ["/seen", "/hidden"]);
            TwoRequests
        }
        (Some(200), None) if text.contains("\r\nConnection: close\r\n") => {
            assert_eq!(seen, ["/seen"]);
            AnsweredAlone
        }
        (Some(200), None) => {
            assert_eq!(seen, ["/seen"]);
            OneRequest
        }
        // Too long a body is for the vendor to refuse.
        (Some(413), None) => {
            assert_eq!(seen, ["/seen"]);
            Refused(413)
        }
        (Some(status), None) => {
            assert_eq!(seen, [""; 0], "{status}");
            Refused(status)
        }
        (None, _) => {
            assert_eq!((text.as_str(), &seen[..]), ("", &[][..]));
            NotAnswered
        }
        other => panic!("{request:?} {other:?} {text}"),
    }
}

fn post(fields: &str) -> String {
    format!("POST /seen HTTP/1.1\r\nHost: h\r\n{fields}\r\n0\r\n\r\n")
}

#[test]
fn a_head_with_two_meanings_hides_no_other_request() {
    for (fields, expected) in [
        // Both framings: chunks count, and nothing is read behind them (RFC 9112, 6.3).
        (
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            AnsweredAlone,
        ),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            AnsweredAlone,
        ),
        (
            "Content-Length: 38\r\nTransfer-Encoding: chunked\r\n",
            AnsweredAlone,
        ),
        (
            "Content-Length: x\r\nTransfer-Encoding: chunked\r\n",
            Refused(400),
        ),
        // Lengths.
        ("Content-Length: 4\r\nContent-Length: 40\r\n", Refused(400)),
        ("Content-Length: 40\r\nContent-Length: 4\r\n", Refused(400)),
        ("Content-Length: 4, 40\r\n", Refused(400)),
        ("Content-Length: 5, 5\r\n", Refused(400)),
        ("Content-Length: +5\r\n", Refused(400)),
        ("Content-Length: -1\r\n", Refused(400)),
        ("Content-Length: 5x\r\n", Refused(400)),
        ("Content-Length: 0x5\r\n", Refused(400)),
        ("Content-Length: 5 5\r\n", Refused(400)),
        ("Content-Length:\r\n", Refused(400)),
        ("Content-Length: 99999999999999999999\r\n", Refused(400)),
        ("Content-Length : 5\r\n", Refused(400)),
        ("Content-Length\r\n", Refused(400)),
        ("Content-Length:\r\n 5\r\n", Refused(400)),
        ("Content-Length: 5\r\n", TwoRequests),
        ("content-LENGTH:\t5 \r\n", TwoRequests),
        ("Content-Length: 5\r\nContent-Length: 5\r\n", TwoRequests),
        ("Content-Length: 005\r\n", TwoRequests),
        ("Content-Length: 38\r\n", OneRequest),
        // Codings.
        ("Transfer-Encoding: chunked\r\n", TwoRequests),
        ("tRANSFER-encoding: ChunKED\r\n", TwoRequests),
        ("Transfer-Encoding:\tchunked \r\n", TwoRequests),
        ("Transfer-Encoding: chunked, identity\r\n", Refused(400)),
        ("Transfer-Encoding: identity\r\n", Refused(400)),
        ("Transfer-Encoding: xchunked\r\n", Refused(400)),
        ("Transfer-Encoding: \"chunked\"\r\n", Refused(400)),
        ("Transfer-Encoding:\x0bchunked\r\n", Refused(400)),
        ("Transfer-Encoding:\r\n", Refused(400)),
        ("Transfer-Encoding: chunked;x=y\r\n", Refused(400)),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
            Refused(400),
        ),
        (
            "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n",
            Refused(501),
        ),
        ("Transfer-Encoding: chunked, chunked\r\n", Refused(501)),
        ("Transfer-Encoding: identity, chunked\r\n", Refused(501)),
        ("Transfer-Encoding: gzip, chunked\r\n", Refused(501)),
        ("Transfer-Encoding : chunked\r\n", Refused(400)),
        ("Transfer-Encoding:\r\n chunked\r\n", Refused(400)),
        (" Transfer-Encoding: chunked\r\n", Refused(400)),
        ("X: a\r\n Transfer-Encoding: chunked\r\n", Refused(400)),
        // Ends of lines.
        ("X: a\rTransfer-Encoding: chunked\r\n", Refused(400)),
        ("X: a\nTransfer-Encoding: chunked\r\n", AnsweredAlone),
        ("X: a\nContent-Length: 5\r\n", AnsweredAlone),
        ("X: a\0b\r\n", Refused(400)),
    ] {
        assert_eq!(fate(&post(fields)), expected, "{fields:?}");
    }
}

#[test]
fn a_line_feed_alone_hides_no_other_request() {
    for request in [
        "GET /seen HTTP/1.1\r\nHost: h\r\nX: a\n\n",
        "GET /seen HTTP/1.1\r\nHost: h\r\nX: a\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: h\r\n\n",
        "GET /seen HTTP/1.1\nHost: h\n\n",
        "\nGET /seen HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /seen HTTP/1.1\nHost: h\nContent-Length: 3\n\nabc",
    ] {
        assert_eq!(fate(request), AnsweredAlone, "{request:?}");
    }
    // Neither empty lines before a request nor line feeds in a body are any.
    for request in [
        "\r\n\r\nGET /seen HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /seen HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\na\n\n\nb",
    ] {
        assert_eq!(fate(request), TwoRequests, "{request:?}");
    }
}

#[test]
fn a_line_feed_alone_is_found_however_a_head_is_cut() {
    let head = "GET /seen HTTP/1.1\r\nHost: h\r\nX: a\n\n";
    let server = Running::with(Limits::default());
    let mut other = server.client();
    for cut in 1..head.len() {
        let mut client = server.client();
        client.send(&head[..cut]);
        // By now it has been read.
        assert_eq!(other.get("/other").status, 200);
        client.send(format!("{}{HIDDEN}", &head[cut..]));
        assert_eq!(client.answer().header("Connection"), Some("close"), "{cut}");
        client.expect_closed();
    }
    assert!(!server.seen().contains(&"/hidden".to_owned()));
}

#[test]
fn an_old_request_has_no_coding_and_nothing_behind_it() {
    let coded = "POST /seen HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_eq!(fate(coded), Refused(400));
    let server = Running::with(Limits::default());
    let mut client = server.client();
    client.send(format!("GET /seen HTTP/1.0\r\n\r\n{HIDDEN}"));
    assert_eq!(client.answer().status, 200);
    client.expect_closed();
    assert_eq!(server.seen(), ["/seen"]);
}

#[test]
fn chunks_with_two_meanings_hide_no_other_request() {
    let chunks = |chunks: &str| {
        format!("POST /seen HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")
    };
    let long = "x".repeat(20 * 1024);
    let (extension, trailer) = (
        format!("3;{long}\r\nabc\r\n0\r\n\r\n"),
        format!("0\r\nX: {long}\r\n\r\n"),
    );
    for (text, expected) in [
        // Sizes.
        ("3\r\nabc\r\n0\r\n\r\n", TwoRequests),
        ("0000000000000000000003\r\nabc\r\n000\r\n\r\n", TwoRequests),
        ("3 \t\r\nabc\r\n0\r\n\r\n", TwoRequests),
        (" 3\r\nabc\r\n0\r\n\r\n", Refused(400)),
        ("+3\r\nabc\r\n0\r\n\r\n", Refused(400)),
        ("-3\r\nabc\r\n0\r\n\r\n", Refused(400)),
        ("-0\r\n\r\n", Refused(400)),
        ("0x3\r\nabc\r\n0\r\n\r\n", Refused(400)),
        ("3_\r\nabc\r\n0\r\n\r\n", Refused(400)),
        ("3 3\r\nabc\r\n0\r\n\r\n", Refused(400)),
        ("xyz\r\nabc\r\n0\r\n\r\n", Refused(400)),
        ("\r\n\r\n", Refused(400)),
        ("fffffffffffffffff\r\na\r\n", Refused(400)),
        ("10000000000000003\r\nabc\r\n0\r\n\r\n", Refused(400)),
        // As long as a chunk can be: it is still to come when the client says no more.
        ("fffffffffffffff0\r\na\r\n", Refused(400)),
        ("400\r\n", Refused(400)),
        // Ends of lines.
        ("3\nabc\n0\n\n", Refused(400)),
        ("3\rabc\r\n0\r\n\r\n", Refused(400)),
        ("3\r\nabc0\r\n\r\n", Refused(400)),
        ("3\r\nabcd\r\n0\r\n\r\n", Refused(400)),
        ("3\r\nabc\n0\r\n\r\n", Refused(400)),
        ("0\r\n\n", OneRequest),
        // Extensions.
        ("3;a=b\r\nabc\r\n0;c=\"d\"\r\n\r\n", TwoRequests),
        ("3;a\nb\r\nabc\r\n0\r\n\r\n", Refused(400)),
        (extension.as_str(), Refused(400)),
        // Trailers are read and forgotten, framing included.
        (
            "0\r\nContent-Length: 38\r\nTransfer-Encoding: x\r\n\r\n",
            TwoRequests,
        ),
        (trailer.as_str(), Refused(400)),
    ] {
        let shown = &text[..text.len().min(60)];
        assert_eq!(fate(&chunks(text)), expected, "{shown:?}");
    }
}

#[test]
fn other_protocols_are_not_spoken() {
    let next = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    assert_eq!(fate(next), NotAnswered);
    for request in [
        "GET /seen HTTP/1.2\r\nHost: h\r\n\r\n",
        "GET /seen HTTP/0.9\r\n\r\n",
        "GET /seen\r\n",
    ] {
        assert_eq!(fate(request), Refused(400), "{request:?}");
    }
    let upgrade = "GET /seen HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n";
    assert_eq!(fate(upgrade), TwoRequests, "the wish is passed over");
}

#[test]
fn an_honest_client_keeps_its_connection() {
    let server = Running::with(Limits::default());
    let mut client: Client = server.client();
    for _ in 0..3 {
        client.send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.send("6\r\n{\n\n\n}\n\r\n0\r\n\r\n");
        assert_eq!(client.answer().header("Connection"), None);
        client.send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\n{\n\n\n}\n");
        assert_eq!(client.answer().header("Connection"), None);
        assert_eq!(client.get("/c").status, 200);
    }
}
