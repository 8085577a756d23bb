//! How answers leave on purpose, and answers that are still to come, over real sockets.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bytes::Bytes;
use enrollmock::internals::delivery::{Delivery, How};
use enrollmock::internals::emulator::{Emulator, Exchange};
use enrollmock::internals::http::{Body, Chunks, Reply, Request};
use enrollmock::internals::journal::{Bounds, Filter, Follow};
use enrollmock::internals::server::{Limits, Server, runtime};
use hyper::{Method, StatusCode};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::support::scenario;

/// Longer than anything here takes, so that a hang fails instead of hanging.
const FOR_EVER: Duration = Duration::from_secs(30);
/// Short enough to wait for.
const SOON: Duration = Duration::from_millis(80);
const PIECE: usize = 64 * 1024;

/// A server on a thread of its own, ended with the test.
struct Running {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Answers `/cut` in this way, and everything else as it should.
    fn delivering(delivery: Delivery, limits: Limits) -> Self {
        Running::answering(limits, move |request| {
            let how = match request.path.starts_with("/cut") {
                true => delivery,
                false => Delivery::default(),
            };
            exchange(reply(&request), how)
        })
    }

    fn cutting(how: How) -> Self {
        Running::delivering(late(Duration::ZERO, how), Limits::default())
    }

    fn answering(
        limits: Limits,
        answer: impl Fn(Request) -> Exchange + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        let handler = move |request: Request| {
            record.lock().unwrap().push(request.target());
            answer(request)
        };
        let server = Server::bind("127.0.0.1:0", handler)
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

    fn client(&self) -> Client {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(FOR_EVER)).unwrap();
        Client { stream }
    }

    /// All that comes for this until the server closes.
    fn all(&self, sent: &str) -> Vec<u8> {
        let mut client = self.client();
        client.send(sent);
        client.rest().unwrap()
    }

    fn text(&self, sent: &str) -> String {
        String::from_utf8(self.all(sent)).unwrap()
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// Ends the server and waits until it has.
    fn end(&mut self) {
        let _ = self.end.take().map(|end| end.send(()));
        if let Some(thread) = self.thread.take() {
            let result = thread.join();
            assert!(result.is_ok() || std::thread::panicking());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

fn late(delay: Duration, how: How) -> Delivery {
    Delivery { delay, how }
}

fn exchange(reply: Reply, delivery: Delivery) -> Exchange {
    Exchange {
        reply,
        delivery,
        follow: None,
        note: None,
    }
}

/// A hundred letters, unless the path asks for something else.
fn reply(request: &Request) -> Reply {
    match request.path.as_str() {
        "/cut/nothing" => return Reply::status(StatusCode::NO_CONTENT),
        "/cut/pieces" => {
            let mut reply = Reply::status(StatusCode::OK);
            let pieces = (0..4).map(|_| Bytes::from_static(&[b'x'; PIECE]));
            reply.body = Body::Chunks(Chunks::new(pieces));
            return reply;
        }
        _ => {}
    }
    let mut reply = Reply::new(StatusCode::OK, "text/plain", LETTERS.repeat(10));
    if request.method == Method::HEAD {
        reply.headers.insert("Content-Length", 100.into());
        reply.body = Body::Empty;
    }
    reply
}

const LETTERS: &str = "abcdefghij";

struct Client {
    stream: TcpStream,
}

impl Client {
    fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    fn rest(&mut self) -> std::io::Result<Vec<u8>> {
        let mut all = Vec::new();
        self.stream.read_to_end(&mut all).map(|_| all)
    }

    /// What comes until the text has come.
    fn until(&mut self, text: &str) -> String {
        let mut all = Vec::new();
        let mut byte = [0];
        while !all.ends_with(text.as_bytes()) {
            let read = self.stream.read(&mut byte).unwrap();
            assert_eq!(read, 1, "{}", String::from_utf8_lossy(&all));
            all.extend(byte);
        }
        String::from_utf8(all).unwrap()
    }

    fn head(&mut self) -> String {
        self.until("\r\n\r\n")
    }

    /// Asks for something whole, and gets it.
    fn fares_well(&mut self) {
        self.send(&get("/well"));
        assert!(self.head().starts_with("HTTP/1.1 200 OK\r\n"));
        assert_eq!(self.until(LETTERS).len(), 10);
        self.until(&LETTERS.repeat(9));
    }
}

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n")
}

#[test]
fn a_late_answer_is_late_and_whole() {
    let server = Running::delivering(late(SOON, How::Whole), Limits::default());
    let mut client = server.client();
    client.fares_well();
    let asked = Instant::now();
    client.send(&get("/cut"));
    assert!(client.head().contains("\r\nContent-Length: 100\r\n"));
    assert!(asked.elapsed() >= SOON);
    client.until(&LETTERS.repeat(10));
    client.fares_well();
}

#[test]
fn a_late_answer_holds_up_nobody_else_and_not_the_end() {
    let mut server = Running::delivering(late(FOR_EVER * 10, How::Whole), Limits::default());
    let mut waiting: Vec<Client> = (0..50).map(|_| server.client()).collect();
    for client in &mut waiting {
        client.send(&get("/cut"));
    }
    let mut other = server.client();
    while server.seen().len() < 50 {
        other.fares_well();
    }
    let asked = Instant::now();
    server.end();
    assert!(asked.elapsed() < Duration::from_secs(5));
    for mut client in waiting {
        assert!(client.rest().unwrap_or_default().is_empty());
    }
}

#[test]
fn a_dripping_body_takes_its_time_and_keeps_its_length() {
    let over = Duration::from_millis(600);
    let server = Running::cutting(How::Drip(over));
    let mut client = server.client();
    let asked = Instant::now();
    client.send(&get("/cut"));
    assert!(client.head().contains("\r\nContent-Length: 100\r\n"));
    let mut all = [0; 100];
    let first = client.stream.read(&mut all).unwrap();
    assert!((1..50).contains(&first), "{first} at once");
    client.stream.read_exact(&mut all[first..50]).unwrap();
    assert!(asked.elapsed() >= over * 4 / 10, "{:?}", asked.elapsed());
    client.stream.read_exact(&mut all[50..]).unwrap();
    assert!(asked.elapsed() >= over);
    assert_eq!(all, LETTERS.repeat(10).as_bytes());
    client.fares_well();
}

#[test]
fn a_dripping_body_may_be_empty_or_made_while_it_drips() {
    let server = Running::cutting(How::Drip(SOON));
    let mut client = server.client();
    client.send("HEAD /cut HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(client.head().contains("\r\nContent-Length: 100\r\n"));
    client.send(&get("/cut/nothing"));
    assert!(client.head().starts_with("HTTP/1.1 204"));
    let asked = Instant::now();
    client.send(&get("/cut/pieces"));
    let head = client.head();
    assert!(head.contains("\r\nTransfer-Encoding: chunked\r\n"));
    let all = client.until("\r\n0\r\n\r\n");
    assert!(asked.elapsed() >= SOON);
    assert_eq!(all.matches('x').count(), 4 * PIECE);
    client.fares_well();
}

#[test]
fn a_drip_over_no_time_is_an_answer() {
    for over in [Duration::ZERO, Duration::from_nanos(1)] {
        let server = Running::cutting(How::Drip(over));
        let mut client = server.client();
        for target in ["/cut", "/cut/pieces"] {
            client.send(&get(target));
            assert!(client.head().starts_with("HTTP/1.1 200"));
            match target {
                "/cut" => client.until(&LETTERS.repeat(10)),
                _ => client.until("\r\n0\r\n\r\n"),
            };
        }
        client.fares_well();
    }
}

#[test]
fn a_truncated_body_announces_more_than_it_brings() {
    for (share, arrives) in [(0.5, 50), (0.0, 0), (0.999, 99), (1.0, 100)] {
        let server = Running::cutting(How::Truncate(share));
        let all = server.text(&get("/cut"));
        let (head, body) = all.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("\r\nContent-Length: 100"), "{head}");
        assert!(!head.contains("Connection"), "{head}");
        assert_eq!(body, &LETTERS.repeat(10)[..arrives], "{share}");
    }
}

#[test]
fn a_truncated_body_in_pieces_lacks_the_last_one() {
    let server = Running::cutting(How::Truncate(0.5));
    let all = server.text(&get("/cut/pieces"));
    assert!(all.contains("\r\nTransfer-Encoding: chunked\r\n"));
    assert_eq!(all.matches('x').count(), PIECE / 2);
    assert!(all.ends_with("x\r\n"), "cut between two pieces");
}

#[test]
fn of_an_answer_without_a_body_the_head_arrives_and_the_connection_ends() {
    let server = Running::cutting(How::Truncate(0.5));
    let head = server.text("HEAD /cut HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(head.contains("\r\nContent-Length: 100\r\n"), "{head}");
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    let nothing = server.text(&get("/cut/nothing"));
    assert!(nothing.starts_with("HTTP/1.1 204"), "{nothing}");
    assert!(nothing.ends_with("\r\n\r\n"), "{nothing}");
}

#[test]
fn nothing_arrives_of_an_answer_that_is_kept_back() {
    let server = Running::cutting(How::Close);
    assert_eq!(server.all(&get("/cut")), b"");
    let server = Running::delivering(late(SOON, How::Close), Limits::default());
    let asked = Instant::now();
    assert_eq!(server.all(&get("/cut")), b"");
    assert!(asked.elapsed() >= SOON);
}

#[test]
fn a_reset_is_a_reset() {
    let server = Running::cutting(How::Reset);
    let mut client = server.client();
    client.send(&get("/cut"));
    let error = client.rest().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn garbage_is_no_http_and_the_same_every_time() {
    let server = Running::cutting(How::Garbage);
    let garbage = server.all(&get("/cut"));
    assert!(!garbage.is_empty());
    assert!(!garbage.starts_with(b"H"));
    assert_eq!(server.all(&get("/cut")), garbage);
}

#[test]
fn requests_before_a_cut_are_answered_and_those_behind_it_are_not_even_done() {
    for (how, arrives) in [
        (How::Close, ""),
        (How::Truncate(0.3), "abcdefghijabcdefghijabcdefghij"),
        (How::Truncate(1.0), &LETTERS.repeat(10) as &str),
    ] {
        let server = Running::cutting(how);
        let sent = [get("/a"), get("/b"), get("/cut"), get("/c")].concat();
        let all = server.text(&sent);
        let mut answers = all.split("HTTP/1.1 200 OK\r\n").skip(1);
        for _ in ["/a", "/b"] {
            let answer = answers.next().unwrap();
            assert!(answer.ends_with(&LETTERS.repeat(10)), "{answer}");
        }
        let cut = answers
            .next()
            .map(|it| it.split_once("\r\n\r\n").unwrap().1);
        assert_eq!(cut.unwrap_or_default(), arrives);
        assert_eq!(answers.next(), None);
        assert_eq!(server.seen(), ["/a", "/b", "/cut"], "{how:?}");
    }
    let server = Running::cutting(How::Truncate(0.5));
    let head = "HEAD /cut HTTP/1.1\r\nHost: h\r\n\r\n".to_owned();
    let all = server.text(&[head, get("/c")].concat());
    assert_eq!(all.matches("HTTP/1.1").count(), 1, "{all}");
    assert_eq!(server.seen(), ["/cut"]);
}

#[test]
fn other_connections_do_not_feel_a_cut() {
    for how in [
        How::Close,
        How::Reset,
        How::Garbage,
        How::Truncate(0.5),
        How::Drip(SOON),
    ] {
        let server = Running::cutting(how);
        let mut other = server.client();
        other.fares_well();
        let mut client = server.client();
        client.fares_well();
        client.send(&get("/cut"));
        if !matches!(how, How::Drip(_)) {
            let _ = client.rest();
        }
        other.fares_well();
    }
}

#[test]
fn a_cut_connection_is_let_go_of_though_its_client_stays() {
    for how in [How::Close, How::Garbage, How::Truncate(0.5)] {
        let limits = Limits {
            linger: SOON,
            ..Limits::default()
        };
        let server = Running::delivering(late(Duration::ZERO, how), limits);
        let (mut staying, mut other) = (server.client(), server.client());
        staying.send(&get("/cut"));
        let _ = staying.rest();
        // Taken in, until nobody is there any more.
        let begun = Instant::now();
        while staying.stream.write_all(b"x").is_ok() {
            assert!(begun.elapsed() < FOR_EVER, "{how:?}");
            other.fares_well();
        }
    }
}

#[test]
fn the_end_does_not_wait_for_a_farewell() {
    for how in [How::Close, How::Garbage, How::Truncate(0.5)] {
        let limits = Limits {
            linger: FOR_EVER * 10,
            ..Limits::default()
        };
        let mut server = Running::delivering(late(Duration::ZERO, how), limits);
        let mut staying = server.client();
        staying.send(&get("/cut"));
        let _ = staying.rest();
        let asked = Instant::now();
        server.end();
        assert!(asked.elapsed() < Duration::from_secs(5), "{how:?}");
    }
}

/// A server whose `/wait` and `/events` follow the main world's journal, and which emulates for the rest.
fn following(limits: Limits, entries: usize, timeout: Duration) -> (Running, Arc<Emulator>) {
    let bounds = Bounds {
        entries,
        ..Bounds::default()
    };
    let emulator = Arc::new(Emulator::new(scenario(""), bounds));
    let handle = Arc::clone(&emulator);
    let server = Running::answering(limits, move |request| {
        let journal = Arc::clone(&handle.main().journal);
        let filter = Filter {
            since: request.header("since").and_then(|it| it.parse().ok()),
            operation: request.header("operation").map(str::to_owned),
            ..Filter::default()
        };
        let follow = match request.path.as_str() {
            "/wait" => Follow::Wait {
                journal,
                filter,
                timeout,
            },
            "/events" => Follow::Events { journal, filter },
            _ => return handle.handle(request),
        };
        Exchange {
            follow: Some(follow),
            ..exchange(Reply::status(StatusCode::OK), Delivery::default())
        }
    });
    (server, emulator)
}

/// A call that a journal keeps.
fn call(emulator: &Emulator, target: &str) {
    emulator.handle(Request::new(Method::GET, target));
}

/// An answer whose body's length is announced.
fn answer(client: &mut Client) -> (String, Value) {
    let head = client.head();
    let length = head.split("Content-Length: ").nth(1).unwrap();
    let length = length.lines().next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    client.stream.read_exact(&mut body).unwrap();
    (head, serde_json::from_slice(&body).unwrap())
}

#[test]
fn a_wait_is_answered_by_an_entry_that_is_there() {
    let (server, emulator) = following(Limits::default(), 10, FOR_EVER);
    call(&emulator, "/nowhere");
    call(&emulator, "/ispring/enrollment");
    let mut client = server.client();
    client.send("GET /wait HTTP/1.1\r\nHost: h\r\noperation: list_enrollments\r\n\r\n");
    let (head, entry) = answer(&mut client);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.contains("\r\nContent-Type: application/json\r\n"));
    assert_eq!(entry["id"], "r-2");
    let members: Vec<&String> = entry.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "id",
            "seq",
            "at",
            "elapsed_us",
            "sandbox",
            "vendor",
            "operation",
            "principal",
            "method",
            "path",
            "query",
            "request_headers",
            "request_body",
            "status",
            "response_headers",
            "response_body",
            "fault",
            "duration_us",
            "why"
        ]
    );
    assert_eq!(entry["path"], "/ispring/enrollment");
    assert_eq!(entry["status"], 401);
    client.send(&get("/livez"));
    assert!(client.head().starts_with("HTTP/1.1 200"));
}

#[test]
fn a_wait_is_answered_by_an_entry_that_comes() {
    let (server, emulator) = following(Limits::default(), 10, FOR_EVER);
    call(&emulator, "/1");
    let mut client = server.client();
    client.send("GET /wait HTTP/1.1\r\nHost: h\r\nsince: 2\r\n\r\nGET /li");
    // The wait has begun once it was seen, as what is handled is followed in the same breath.
    let mut other = server.client();
    while !server.seen().contains(&"/wait".to_owned()) {
        other.send(&get("/livez"));
        other.until("ok\n");
    }
    for target in ["/2", "/3", "/4"] {
        call(&emulator, target);
    }
    let (_, entry) = answer(&mut client);
    // Number 2 had never been when it was asked for what is behind it: all was news.
    assert_eq!(entry["seq"], 1);
    client.send("vez HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(client.until("ok\n").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_wait_ends_with_408_in_its_time_and_with_the_world() {
    let (server, _emulator) = following(Limits::default(), 10, SOON);
    let mut client = server.client();
    let asked = Instant::now();
    client.send(&get("/wait"));
    let (head, problem) = answer(&mut client);
    assert!(asked.elapsed() >= SOON);
    assert!(head.starts_with("HTTP/1.1 408 "), "{head}");
    assert_eq!(problem["error"], "no matching request came within 80ms");
    client.send("HEAD /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(client.head().starts_with("HTTP/1.1 408 "));

    let (server, emulator) = following(Limits::default(), 10, FOR_EVER);
    let mut client = server.client();
    client.send(&get("/wait"));
    let mut other = server.client();
    while server.seen().is_empty() || !server.seen().contains(&"/wait".to_owned()) {
        other.send(&get("/livez"));
        other.until("ok\n");
    }
    emulator.worlds().replace(scenario(""));
    let (head, _) = answer(&mut client);
    assert!(head.starts_with("HTTP/1.1 404 "), "{head}");
}

#[test]
fn who_leaves_waits_no_longer() {
    for target in ["/wait", "/events"] {
        let limits = Limits {
            connections: 1,
            ..Limits::default()
        };
        let (server, _emulator) = following(limits, 10, FOR_EVER * 10);
        for leave in [Shutdown::Write, Shutdown::Both] {
            let mut client = server.client();
            client.send(&get(target));
            client.stream.shutdown(leave).unwrap();
            // The only place at the server is free again.
            let mut next = server.client();
            next.send(&get("/livez"));
            next.until("ok\n");
        }
    }
}

#[test]
fn who_leaves_during_a_delay_frees_the_connection() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let server = Running::delivering(late(FOR_EVER * 10, How::Whole), limits);
    let mut client = server.client();
    client.send(&get("/cut"));
    while server.seen().is_empty() {
        std::thread::yield_now();
    }
    client.stream.shutdown(Shutdown::Both).unwrap();
    // The only place at the server is free again.
    let mut next = server.client();
    next.send(&get("/livez"));
    assert!(next.head().starts_with("HTTP/1.1 200 "));
}

#[test]
fn the_end_does_not_wait_for_those_who_follow() {
    let (mut server, _emulator) = following(Limits::default(), 10, FOR_EVER * 10);
    let (mut waiting, mut reading) = (server.client(), server.client());
    waiting.send(&get("/wait"));
    reading.send(&get("/events"));
    reading.head();
    while server.seen().len() < 2 {
        std::thread::yield_now();
    }
    let asked = Instant::now();
    server.end();
    assert!(asked.elapsed() < Duration::from_secs(5));
    let answer = String::from_utf8(waiting.rest().unwrap()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert_eq!(reading.rest().unwrap(), b"0\r\n\r\n", "a proper end");
}

/// Asks for events behind this number, and reads the head.
fn events(server: &Running, since: &str) -> Client {
    let mut client = server.client();
    client.send(&format!("GET /events HTTP/1.1\r\nHost: h\r\n{since}\r\n"));
    let head = client.head();
    assert!(head.contains("\r\nContent-Type: text/event-stream\r\n"));
    assert!(head.contains("\r\nCache-Control: no-store\r\n"));
    client
}

/// The next event: its lines up to `data`, and the data.
fn event(client: &mut Client) -> (String, Value) {
    let chunk = client.until("\n\n\r\n");
    let (_size, event) = chunk.split_once("\r\n").unwrap();
    let (lines, data) = event.split_once("data: ").unwrap();
    (
        lines.to_owned(),
        serde_json::from_str(data.trim_end()).unwrap(),
    )
}

#[test]
fn events_come_as_they_happen_and_those_missed_if_asked_for() {
    let (server, emulator) = following(Limits::default(), 10, FOR_EVER);
    for target in ["/1", "/2", "/3"] {
        call(&emulator, target);
    }
    let (mut missed, mut live) = (events(&server, "since: 1\r\n"), events(&server, ""));
    call(&emulator, "/4");
    for number in 2..=4 {
        let (lines, entry) = event(&mut missed);
        assert_eq!(lines, format!("id: {number}\nevent: request\n"));
        assert_eq!(entry["path"], format!("/{number}"));
    }
    assert_eq!(event(&mut live).1["path"], "/4");
    emulator.main().journal.clear();
    call(&emulator, "/5");
    for client in [&mut missed, &mut live] {
        let (lines, entry) = event(client);
        assert_eq!(lines, "id: 1\nevent: request\n", "it counts from 1 again");
        assert_eq!(entry["path"], "/5");
    }
}

#[test]
fn who_reads_too_slowly_is_told_how_much_was_missed() {
    let (server, emulator) = following(Limits::default(), 2, FOR_EVER);
    for number in 1..=5 {
        call(&emulator, &format!("/{number}"));
    }
    let mut client = events(&server, "since: 1\r\n");
    let (lines, data) = event(&mut client);
    assert_eq!(lines, "event: dropped\n");
    assert_eq!(data["dropped"], 2);
    assert_eq!(event(&mut client).1["path"], "/4");
    assert_eq!(event(&mut client).1["path"], "/5");
}

#[test]
fn a_silent_stream_shows_that_it_lives() {
    let limits = Limits {
        heartbeat: SOON,
        ..Limits::default()
    };
    let (server, _emulator) = following(limits, 10, FOR_EVER);
    let mut client = events(&server, "");
    for _ in 0..2 {
        assert_eq!(client.until("\n\n\r\n"), "3\r\n:\n\n\r\n");
    }
}

#[test]
fn events_end_with_their_world_and_the_connection_goes_on() {
    let (server, emulator) = following(Limits::default(), 10, FOR_EVER);
    let mut client = events(&server, "");
    emulator.worlds().replace(scenario(""));
    assert_eq!(client.until("\r\n\r\n"), "0\r\n\r\n");
    client.send(&get("/livez"));
    assert!(client.until("ok\n").starts_with("HTTP/1.1 200"));
    client.send("HEAD /events HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(client.head().contains("text/event-stream"));
    client.send(&get("/livez"));
    assert!(client.until("ok\n").starts_with("HTTP/1.1 200"));
}
