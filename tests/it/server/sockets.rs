//! The server against clients of every kind, over real sockets with short limits.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use enrollmock::internals::emulator::Exchange;
use enrollmock::internals::http::{Body, Chunks, Reply, Request};
use enrollmock::internals::server::{Limits, Server, runtime};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper::{Method, StatusCode};
use tokio::sync::oneshot;

/// Longer than anything here takes, so that a hang fails instead of hanging.
pub const FOR_EVER: Duration = Duration::from_secs(30);
/// Short enough to wait for.
pub const SOON: Duration = Duration::from_millis(80);
pub const PIECE: usize = 64 * 1024;

/// A server on a thread of its own, ended with the test.
pub struct Running {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub fn with(limits: Limits) -> Self {
        Running::answering(limits, echo)
    }

    pub fn answering(
        limits: Limits,
        answer: impl Fn(Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        let server = Server::bind("127.0.0.1:0", move |request: Request| {
            record.lock().unwrap().push(request.target());
            Exchange {
                reply: answer(request),
                delivery: Default::default(),
                follow: None,
                note: None,
            }
        })
        .unwrap()
        .with_limits(limits);
        let address = server.local_addr().unwrap();
        let (end, ended) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let ended = async {
                let _ = ended.await;
            };
            runtime().unwrap().block_on(server.run(ended)).unwrap();
        });
        Running {
            address,
            seen,
            end: Some(end),
            thread: Some(thread),
        }
    }

    pub fn client(&self) -> Client {
        Client::to(self.address)
    }

    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    fn ask_to_end(&mut self) {
        let _ = self.end.take().map(|end| end.send(()));
    }

    fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            let result = thread.join();
            assert!(result.is_ok() || std::thread::panicking());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.ask_to_end();
        self.wait();
    }
}

/// Answers with what it was asked.
fn echo(request: Request) -> Reply {
    if request.oversized {
        assert!(request.body.is_empty());
        return Reply::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "text/plain",
            "too long".to_owned(),
        );
    }
    match request.path.as_str() {
        "/panic" => panic!("as the test asked"),
        "/nothing" => return Reply::status(StatusCode::NO_CONTENT),
        "/pieces" => return pieces((0..50).map(|_| Bytes::from_static(&[b'x'; PIECE]))),
        _ => {}
    }
    let text = format!(
        "{} {} host={} body={}",
        request.method,
        request.target(),
        request.header("host").unwrap_or("-"),
        String::from_utf8_lossy(&request.body),
    );
    if request.method == Method::HEAD {
        let mut reply = Reply::status(StatusCode::OK);
        reply
            .headers
            .insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
        return reply;
    }
    Reply::new(StatusCode::OK, "text/plain", text)
}

fn pieces(pieces: impl Iterator<Item = Bytes> + Send + 'static) -> Reply {
    let mut reply = Reply::status(StatusCode::OK);
    reply.body = Body::Chunks(Chunks::new(pieces));
    reply
}

pub struct Client {
    pub stream: BufReader<TcpStream>,
}

pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

impl Client {
    pub fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(FOR_EVER)).unwrap();
        stream.set_write_timeout(Some(FOR_EVER)).unwrap();
        Client {
            stream: BufReader::new(stream),
        }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    pub fn get(&mut self, target: &str) -> Answer {
        self.send(format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n"));
        self.answer()
    }

    pub fn head(&mut self) -> String {
        let mut head = String::new();
        loop {
            let before = head.len();
            assert_ne!(
                self.stream.read_line(&mut head).unwrap(),
                0,
                "closed: {head}"
            );
            if &head[before..] == "\r\n" {
                return head;
            }
        }
    }

    pub fn answer(&mut self) -> Answer {
        let head = self.head();
        let status = head[9..12].parse().unwrap();
        let mut answer = Answer {
            status,
            head,
            body: Vec::new(),
        };
        if answer.header("Transfer-Encoding") == Some("chunked") {
            loop {
                let mut line = String::new();
                self.stream.read_line(&mut line).unwrap();
                let length = usize::from_str_radix(line.trim(), 16).unwrap();
                let start = answer.body.len();
                answer.body.resize(start + length, 0);
                self.stream.read_exact(&mut answer.body[start..]).unwrap();
                self.stream.read_exact(&mut [0; 2]).unwrap();
                if length == 0 {
                    break;
                }
            }
        } else if let Some(length) = answer.header("Content-Length") {
            answer.body = vec![0; length.parse().unwrap()];
            self.stream.read_exact(&mut answer.body).unwrap();
        }
        answer
    }

    /// All that still comes until the server closes.
    pub fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).unwrap();
        String::from_utf8(rest).unwrap()
    }

    pub fn expect_closed(&mut self) {
        assert_eq!(self.rest(), "");
    }

    pub fn say_no_more(&self) {
        self.stream.get_ref().shutdown(Shutdown::Write).unwrap();
    }
}

#[test]
fn a_connection_carries_many_requests() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    for n in 0..3 {
        let answer = client.get(&format!("/{n}?a[]=%20&b"));
        assert_eq!(answer.status, 200);
        assert_eq!(answer.text(), format!("GET /{n}?a[]=%20&b host=h body="));
        assert_eq!(answer.header("Content-Type"), Some("text/plain"));
        assert_eq!(answer.header("Connection"), None);
        assert_eq!(answer.header("Date"), None, "the emulator sets it");
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    let mut all = String::new();
    for n in 0..100 {
        all.push_str(&format!(
            "POST /{n} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{:02}",
            n
        ));
    }
    client.send(all);
    for n in 0..100 {
        assert_eq!(
            client.answer().text(),
            format!("POST /{n} host=h body={n:02}")
        );
    }
}

#[test]
fn an_answer_does_not_wait_for_the_rest_of_the_next_request() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HT");
    assert_eq!(client.answer().text(), "GET /1 host=h body=");
    client.send("TP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /2 host=h body=");
}

#[test]
fn a_head_request_gets_the_length_without_the_body() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(client.head().contains("\r\nContent-Length: 20\r\n"));
    assert_eq!(client.get("/b").text(), "GET /b host=h body=");
}

#[test]
fn an_answer_without_content_has_no_length() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    let answer = client.get("/nothing");
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("Content-Length"), None);
    assert_eq!(client.get("/b").status, 200);
}

#[test]
fn a_body_in_pieces_arrives_whole() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    let answer = client.get("/pieces");
    assert_eq!(answer.header("Transfer-Encoding"), Some("chunked"));
    assert_eq!(answer.header("Content-Length"), None);
    assert_eq!(answer.body.len(), 50 * PIECE);
    assert_eq!(client.get("/b").status, 200);
}

#[test]
fn a_body_in_pieces_ends_with_the_connection_for_old_clients() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    client.send("GET /pieces HTTP/1.0\r\n\r\n");
    let head = client.head();
    assert!(!head.contains("Transfer-Encoding"), "{head}");
    assert_eq!(client.rest().len(), 50 * PIECE);
}

#[test]
fn a_request_body_may_come_in_chunks() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    client.send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for chunk in [
        "3\r\nabc\r\n",
        "4;x=y\r\ndefg\r\n",
        "0\r\nTrailer: t\r\n\r\n",
    ] {
        client.send(chunk);
    }
    assert_eq!(client.answer().text(), "POST /a host=h body=abcdefg");
    assert_eq!(client.get("/b").status, 200);
}

#[test]
fn a_client_that_asks_first_is_told_to_go_on() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    assert_eq!(client.head(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abc");
    assert_eq!(client.answer().text(), "POST /a host=h body=abc");
}

#[test]
fn a_body_of_just_the_bound_is_taken() {
    let server = Running::with(Limits {
        body: 10,
        ..Limits::default()
    });
    let mut client = server.client();
    client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789");
    assert_eq!(client.answer().text(), "POST /a host=h body=0123456789");
    client.send("POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n");
    assert_eq!(client.answer().text(), "POST /b host=h body=0123456789");
}

#[test]
fn a_body_announced_too_long_is_refused_unread() {
    let server = Running::with(Limits::default());
    for expect in ["", "Expect: 100-continue\r\n"] {
        let mut client = server.client();
        client.send(format!(
            "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n{expect}\r\n"
        ));
        let answer = client.answer();
        assert_eq!((answer.status, answer.text()), (413, "too long"));
        assert_eq!(answer.header("Connection"), Some("close"));
        client.expect_closed();
    }
    assert_eq!(server.client().get("/b").status, 200);
}

#[test]
fn a_client_that_sends_on_regardless_still_reads_its_refusal() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    let length = 8 * 1024 * 1024;
    client.send(format!(
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n"
    ));
    client.send(vec![b'x'; length]);
    let answer = client.answer();
    assert_eq!((answer.status, answer.text()), (413, "too long"));
    client.expect_closed();
}

#[test]
fn a_body_that_grows_too_long_is_refused() {
    let server = Running::with(Limits {
        body: 10,
        ..Limits::default()
    });
    let mut client = server.client();
    client.send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("6\r\nabcdef\r\n6\r\nghijkl\r\n");
    let answer = client.answer();
    assert_eq!((answer.status, answer.text()), (413, "too long"));
    client.expect_closed();
}

#[test]
fn slow_headers_are_not_waited_for() {
    let server = Running::with(Limits {
        head_time: SOON,
        ..Limits::default()
    });
    let mut fresh = server.client();
    fresh.send("GET / HTTP/1.1\r\nHo");
    fresh.expect_closed();
    let mut known = server.client();
    assert_eq!(known.get("/").status, 200);
    known.send("GET / HTTP/1.1\r\nHo");
    known.expect_closed();
}

#[test]
fn an_idle_connection_is_closed() {
    let server = Running::with(Limits {
        idle_time: SOON,
        ..Limits::default()
    });
    server.client().expect_closed();
    let mut client = server.client();
    assert_eq!(client.get("/").status, 200);
    client.expect_closed();
}

#[test]
fn a_slow_body_is_not_waited_for() {
    let server = Running::with(Limits {
        body_time: SOON,
        ..Limits::default()
    });
    let mut client = server.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    let answer = client.answer();
    assert_eq!(answer.status, 408);
    assert_eq!(answer.header("Connection"), Some("close"));
    client.expect_closed();
    assert_eq!(server.seen(), [""; 0]);
}

#[test]
fn a_body_that_stops_short_is_a_bad_request() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    client.say_no_more();
    assert_eq!(client.answer().status, 400);
    client.expect_closed();
}

#[test]
fn what_is_no_http_is_refused_and_harms_nobody() {
    let server = Running::with(Limits::default());
    let mut other = server.client();
    assert_eq!(other.get("/").status, 200);
    for (garbage, status) in [
        (
            &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
            400,
        ),
        (b"hello\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / /x HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length : 3\r\n\r\nabc", 400),
        (b"GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 400),
    ] {
        let mut client = server.client();
        client.send(garbage);
        let shown = String::from_utf8_lossy(garbage);
        assert_eq!(client.answer().status, status, "{shown}");
        client.expect_closed();
    }
    assert_eq!(other.get("/").status, 200);
}

#[test]
fn a_header_without_end_is_refused() {
    let server = Running::with(Limits {
        head: 8 * 1024,
        ..Limits::default()
    });
    let mut client = server.client();
    client.send(format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(9000)));
    assert_eq!(client.answer().status, 431);
    client.expect_closed();
    let mut client = server.client();
    client.send("GET / HTTP/1.1\r\n");
    client.send("A: a\r\n".repeat(200));
    assert_eq!(client.answer().status, 431);
}

#[test]
fn a_target_may_be_a_whole_url() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    assert_eq!(
        client.get("http://u@learn.test:81/a/b?c=d").text(),
        "GET /a/b?c=d host=learn.test:81 body="
    );
    assert_eq!(
        client.get("http://learn.test").text(),
        "GET / host=learn.test body="
    );
}

#[test]
fn targets_that_are_no_path_are_answered_too() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    client.send("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(client.answer().text(), "OPTIONS * host=h body=");
    client.send("CONNECT other:443 HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(client.answer().status, 200);
    assert_eq!(server.seen(), ["*", "other:443"]);
    assert_eq!(server.client().get("/").status, 200);
}

#[test]
fn a_half_closed_socket_still_gets_its_answers() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /pieces HTTP/1.1\r\nHost: h\r\n\r\n");
    client.say_no_more();
    assert_eq!(client.answer().text(), "GET /a host=h body=");
    assert_eq!(client.answer().body.len(), 50 * PIECE);
    client.expect_closed();
}

#[test]
fn a_panic_costs_one_request() {
    let server = Running::with(Limits::default());
    let mut client = server.client();
    assert_eq!(client.get("/panic").status, 500);
    assert_eq!(client.get("/b").status, 200);
}

/// Pieces without end, counted, that tell when they are given up.
struct Endless {
    made: Arc<AtomicUsize>,
    _gone: Sender<()>,
}

impl Iterator for Endless {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        self.made.fetch_add(1, Ordering::Relaxed);
        Some(Bytes::from_static(&[b'x'; PIECE]))
    }
}

pub fn endless(limits: Limits) -> (Running, Arc<AtomicUsize>, Receiver<()>) {
    let made = Arc::new(AtomicUsize::new(0));
    let (gone, given_up) = channel();
    let (count, gone) = (Arc::clone(&made), Mutex::new(Some(gone)));
    let server = Running::answering(limits, move |request| {
        if request.path != "/endless" {
            return echo(request);
        }
        pieces(Endless {
            made: Arc::clone(&count),
            _gone: gone.lock().unwrap().take().unwrap(),
        })
    });
    (server, made, given_up)
}

#[test]
fn a_client_that_stops_reading_costs_nothing() {
    let (server, made, given_up) = endless(Limits {
        stall_time: SOON,
        ..Limits::default()
    });
    let mut client = server.client();
    client.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(client.head().starts_with("HTTP/1.1 200"));
    assert!(given_up.recv_timeout(FOR_EVER).is_err());
    // What the system's buffers took, and little more.
    let bytes = made.load(Ordering::Relaxed) * PIECE;
    assert!(bytes < 64 * 1024 * 1024, "{bytes}");
    assert_eq!(server.client().get("/b").status, 200);
}

#[test]
fn a_half_closed_socket_gets_all_of_a_long_answer() {
    let (server, _, _) = endless(Limits::default());
    let mut client = server.client();
    client.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n");
    client.say_no_more();
    // More than any socket's buffers hold.
    let mut long = vec![0; 64 * 1024 * 1024];
    client.stream.read_exact(&mut long).unwrap();
}

#[test]
fn others_are_answered_while_an_endless_answer_goes_out() {
    let (server, _, given_up) = endless(Limits::default());
    let mut reader = server.client();
    reader.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(reader.head().starts_with("HTTP/1.1 200"));
    let mut other = server.client();
    for _ in 0..20 {
        reader.stream.read_exact(&mut [0; 4 * PIECE]).unwrap();
        assert_eq!(other.get("/b").status, 200);
    }
    drop(reader);
    assert!(
        given_up.recv_timeout(FOR_EVER) == Err(std::sync::mpsc::RecvTimeoutError::Disconnected)
    );
}

#[test]
fn pipelined_answers_that_nobody_reads_are_not_made() {
    let (asked, made) = (10_000, Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&made);
    let server = Running::answering(
        Limits {
            stall_time: SOON,
            connections: 1,
            ..Limits::default()
        },
        move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Reply::new(StatusCode::OK, "text/plain", vec![b'x'; PIECE])
        },
    );
    let mut client = server.client();
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(asked));
    // There is room for one: the next is answered when the first was given up.
    assert_eq!(server.client().get("/").status, 200);
    assert!(made.load(Ordering::Relaxed) < asked / 2);
}

#[test]
fn idle_connections_are_closed_when_the_server_ends() {
    let mut server = Running::with(Limits {
        // Were it used, the test would hang.
        grace: FOR_EVER * 10,
        ..Limits::default()
    });
    let (mut used, mut unused) = (server.client(), server.client());
    assert_eq!(used.get("/").status, 200);
    server.ask_to_end();
    used.expect_closed();
    server.wait();
    assert!(
        unused
            .stream
            .read_to_end(&mut Vec::new())
            .is_ok_and(|n| n == 0)
    );
    assert!(TcpStream::connect(server.address).is_err());
}

#[test]
fn an_answer_under_way_is_finished_when_the_server_ends() {
    let mut server = Running::with(Limits {
        grace: FOR_EVER,
        ..Limits::default()
    });
    let mut client = server.client();
    client.send("GET /pieces HTTP/1.1\r\nHost: h\r\n\r\n");
    client.stream.fill_buf().unwrap();
    server.ask_to_end();
    assert_eq!(client.answer().body.len(), 50 * PIECE);
    client.expect_closed();
    server.wait();
}

#[test]
fn nobody_holds_up_the_end() {
    let mut server = Running::with(Limits {
        grace: SOON,
        ..Limits::default()
    });
    let mut half_head = server.client();
    half_head.send("GET / HT");
    let mut half_body = server.client();
    half_body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    let mut not_reading = server.client();
    not_reading.send("GET /pieces HTTP/1.1\r\nHost: h\r\n\r\n".repeat(20));
    not_reading.stream.fill_buf().unwrap();
    server.ask_to_end();
    server.wait();
}

#[test]
fn a_server_can_be_spawned_on_a_runtime_of_many_threads() {
    fn spawnable(_: impl Future<Output = std::io::Result<()>> + Send + 'static) {}
    let server = Server::bind("127.0.0.1:0", |request| Exchange {
        reply: echo(request),
        delivery: Default::default(),
        follow: None,
        note: None,
    });
    spawnable(server.unwrap().run(std::future::pending()));
}
