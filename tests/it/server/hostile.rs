//! Clients that mean harm, or could not do more if they did: what they get, that others are answered
//! meanwhile, and that the bounds hold. [`crate::server::smuggling`] has those whose requests have two meanings.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use enrollmock::internals::emulator::Exchange;
use enrollmock::internals::http::Reply;
use enrollmock::internals::server::{Limits, Server, runtime};
use hyper::StatusCode;

use crate::cli::process::{Serving, enrollmock};
use crate::server::sockets::{Client, FOR_EVER, PIECE, Running, SOON, endless};

/// What nobody waits for longer, whatever others do. Far more than it takes, on any machine.
const PROMPTLY: Duration = Duration::from_secs(5);

/// An honest client's call. It is fine, and was promptly.
fn fares_well(client: &mut Client) {
    let asked = Instant::now();
    assert_eq!(client.get("/fine").status, 200);
    assert!(asked.elapsed() < PROMPTLY, "{:?}", asked.elapsed());
}

/// Whether the server has closed this; what it wrote is dropped.
fn is_closed(stream: &mut TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    loop {
        match stream.read(&mut [0; 1024]) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
}

/// Clients that send this and wait.
fn waiting(server: &Running, clients: usize, text: &str) -> Vec<Client> {
    let clients = (0..clients).map(|_| {
        let mut client = server.client();
        client.send(text);
        client
    });
    clients.collect()
}

/// As often as it takes, sends a little on each connection, until the server has closed them all.
fn drip(server: &Running, clients: Vec<Client>, drop: &[u8]) -> Duration {
    let begun = Instant::now();
    let mut honest = server.client();
    let mut streams: Vec<TcpStream> = clients
        .into_iter()
        .map(|client| client.stream.into_inner())
        .collect();
    while !streams.is_empty() {
        assert!(begun.elapsed() < FOR_EVER, "{} are left", streams.len());
        streams.retain_mut(|stream| !is_closed(stream) && stream.write(drop).is_ok());
        fares_well(&mut honest);
        fares_well(&mut server.client());
    }
    begun.elapsed()
}

#[test]
fn heads_that_drip_are_cut_off_and_hold_up_nobody() {
    let limits = Limits {
        head_time: SOON * 3,
        ..Limits::default()
    };
    let server = Running::with(limits);
    let heads = waiting(&server, 200, "GET /slow HTTP/1.1\r\nHost: h\r\nX: ");
    assert!(drip(&server, heads, b"x") >= limits.head_time);
    assert!(!server.seen().contains(&"/slow".to_owned()));
}

#[test]
fn bodies_that_drip_are_cut_off_and_hold_up_nobody() {
    let limits = Limits {
        body_time: SOON * 3,
        linger: SOON,
        ..Limits::default()
    };
    for (framing, drop) in [
        ("Content-Length: 1000000\r\n\r\n", "x"),
        ("Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"),
        // A size that never ends.
        ("Transfer-Encoding: chunked\r\n\r\n", "0"),
    ] {
        let server = Running::with(limits);
        let text = format!("POST /slow HTTP/1.1\r\nHost: h\r\n{framing}");
        let mut told = server.client();
        told.send(&text);
        let bodies = waiting(&server, 100, &text);
        assert!(drip(&server, bodies, drop.as_bytes()) >= limits.body_time);
        assert_eq!(told.answer().status, 408);
        assert!(!server.seen().contains(&"/slow".to_owned()));
    }
}

#[test]
fn bodies_without_end_are_refused_and_hold_up_nobody() {
    let server = Running::with(Limits::default());
    let mut honest = server.client();
    let piece = vec![b'x'; PIECE];
    let chunk = [format!("{PIECE:x}\r\n").as_bytes(), &piece, b"\r\n"].concat();
    for (framing, piece) in [
        ("Content-Length: 18446744073709551615", &piece),
        ("Content-Length: 1073741824", &piece),
        ("Transfer-Encoding: chunked", &chunk),
    ] {
        let mut client = server.client();
        client.send(format!(
            "POST /endless HTTP/1.1\r\nHost: h\r\n{framing}\r\n\r\n"
        ));
        // Sent on and on, and taken in for a while so that the refusal can be read.
        let (mut sender, begun) = (client.stream.get_ref().try_clone().unwrap(), Instant::now());
        while sender.write_all(piece).is_ok() {
            assert!(begun.elapsed() < FOR_EVER, "{framing}");
            fares_well(&mut honest);
        }
    }
    let seen = server.seen();
    assert_eq!(seen.iter().filter(|it| *it == "/endless").count(), 2);
    assert_eq!(server.client().get("/fine").status, 200);
}

#[test]
fn large_bodies_wait_for_room_and_small_ones_do_not() {
    let server = Running::with(Limits {
        bodies: 100_000,
        ..Limits::default()
    });
    let body = |path: &str, length: usize| {
        format!("POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n")
    };
    // One that has the room, and does not get on with it: a byte is missing.
    let mut first = server.client();
    first.send(body("/first", 90_000));
    first.send("x".repeat(89_999));
    let mut honest = server.client();
    fares_well(&mut honest);
    // More than the rest, and all that there is.
    let mut waiting = [20_000, 1_000_000].map(|length| {
        let mut client = server.client();
        client.send(body("/next", length));
        let mut sender = client.stream.get_ref().try_clone().unwrap();
        let sent = std::thread::spawn(move || sender.write_all("x".repeat(length).as_bytes()));
        (client, sent)
    });
    for _ in 0..20 {
        fares_well(&mut honest);
        fares_well(&mut server.client());
    }
    honest.send(body("/small", 16 * 1024));
    honest.send("x".repeat(16 * 1024));
    assert_eq!(honest.answer().status, 200);
    assert!(
        !server
            .seen()
            .iter()
            .any(|it| it == "/next" || it == "/first")
    );
    first.send("x");
    assert_eq!(first.answer().status, 200);
    for (client, _) in &mut waiting {
        assert_eq!(client.answer().status, 200);
    }
    for (_, sent) in waiting {
        sent.join().unwrap().unwrap();
    }
}

#[test]
fn room_that_nobody_gives_back_is_back_in_time() {
    let limits = Limits {
        bodies: 100_000,
        body_time: SOON * 3,
        linger: SOON,
        ..Limits::default()
    };
    let server = Running::with(limits);
    let mut first = server.client();
    let whole = "POST /first HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\n\r\n";
    first.send(whole);
    first.send("x".repeat(50_000));
    fares_well(&mut server.client());
    assert_eq!(first.answer().status, 408);
    let mut next = server.client();
    next.send(whole);
    next.send("x".repeat(90_000));
    assert_eq!(next.answer().status, 200);
}

#[test]
fn heads_without_end_are_refused_and_hold_up_nobody() {
    let server = Running::with(Limits::default());
    let mut honest = server.client();
    let long = "x".repeat(200_000);
    for (head, status) in [
        (format!("GET /{long}"), 431),
        (format!("GET / HTTP/1.1\r\n{long}"), 431),
        (format!("GET / HTTP/1.1\r\nX: {long}"), 431),
        (format!("GET / HTTP/1.1\r\n{}", "X: x\r\n".repeat(101)), 431),
        (format!("GET /{} HTTP/1.1\r\n\r\n", &long[..65_535]), 414),
        (long.clone(), 431),
    ] {
        let mut client = server.client();
        client.send(&head);
        let shown = &head[..40];
        let got = client.answer().status;
        assert!(got == status || got == 400, "{got} {shown}");
        client.expect_closed();
        fares_well(&mut honest);
    }
    assert!(server.seen().iter().all(|target| target == "/fine"));
}

#[test]
fn pipelined_garbage_costs_its_sender_the_connection_and_nobody_else_anything() {
    let server = Running::with(Limits::default());
    let mut honest = server.client();
    let fine = "GET /fine HTTP/1.1\r\nHost: h\r\n\r\n";
    for garbage in [
        "\x00\u{7f}\u{1}\r\n\r\n".to_owned(),
        "}{\r\n\r\n".to_owned(),
        "x".repeat(300_000),
        "\r\n".repeat(100_000) + "\0",
    ] {
        let mut client = server.client();
        client.send(format!("{fine}{fine}{garbage}{fine}"));
        for status in [200, 200] {
            assert_eq!(client.answer().status, status);
        }
        let status = client.answer().status;
        assert!(matches!(status, 400 | 431), "{status}");
        client.expect_closed();
        fares_well(&mut honest);
    }
}

#[test]
fn who_says_no_more_and_wants_nothing_is_let_go_at_once() {
    // All other bounds are far longer than the test takes.
    let server = Running::with(Limits::default());
    for text in ["", "\r\n", "GET / HT", "GET / HTTP/1.1\r\nHost: h\r\n"] {
        let mut clients = waiting(&server, 50, text);
        for client in &clients {
            client.say_no_more();
        }
        fares_well(&mut server.client());
        for client in &mut clients {
            let _ = client.rest();
        }
    }
    assert!(server.seen().iter().all(|target| target == "/fine"));
}

#[test]
fn when_all_places_are_taken_who_has_waited_the_longest_makes_room() {
    let server = Running::with(Limits {
        connections: 3,
        ..Limits::default()
    });
    let (mut first, mut second, mut third) = (server.client(), server.client(), server.client());
    for client in [&mut first, &mut second, &mut third] {
        fares_well(client);
    }
    fares_well(&mut first);
    let mut newcomer = server.client();
    fares_well(&mut newcomer);
    second.expect_closed();
    for client in [&mut first, &mut third, &mut newcomer] {
        fares_well(client);
    }
}

#[test]
fn whatever_a_request_still_lacks_its_sender_makes_room() {
    for text in [
        "",
        "GET / HT",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "GET /fine HTTP/1.1\r\nHost: h\r\n\r\n",
    ] {
        let server = Running::with(Limits {
            connections: 20,
            ..Limits::default()
        });
        let crowd = waiting(&server, 100, text);
        for _ in 0..5 {
            fares_well(&mut server.client());
        }
        drop(crowd);
    }
}

#[test]
fn a_crowd_of_strangers_does_not_drive_out_who_was_served() {
    let server = Running::with(Limits {
        connections: 20,
        ..Limits::default()
    });
    let mut known: Vec<Client> = (0..5).map(|_| server.client()).collect();
    for client in &mut known {
        fares_well(client);
    }
    let crowd = waiting(&server, 200, "");
    // Behind them in the queue: they have all been seen when it is answered.
    fares_well(&mut server.client());
    for client in &mut known {
        fares_well(client);
    }
    drop(crowd);
}

#[test]
fn an_answer_under_way_is_never_cut_for_a_newcomer() {
    let (server, _, _) = endless(Limits {
        connections: 1,
        ..Limits::default()
    });
    let mut reader = server.client();
    reader.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(reader.head().starts_with("HTTP/1.1 200"));
    let mut newcomer = server.client();
    newcomer.send("GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
    let mut much = vec![0; 64 * PIECE];
    reader.stream.read_exact(&mut much).unwrap();
    assert_eq!(server.seen(), ["/endless"]);
    drop(reader);
    assert_eq!(newcomer.answer().status, 200);
}

#[test]
fn a_newcomer_gets_in_once_an_answer_has_been_taken_whole() {
    let server = Running::with(Limits {
        connections: 1,
        ..Limits::default()
    });
    let mut reader = server.client();
    reader.send("GET /pieces HTTP/1.1\r\nHost: h\r\n\r\n");
    let mut newcomer = server.client();
    newcomer.send("GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
    // The reader stays, and its place is the newcomer's all the same.
    assert_eq!(reader.answer().body.len(), 50 * PIECE);
    assert_eq!(newcomer.answer().status, 200);
    reader.expect_closed();
}

#[test]
fn a_crowd_that_connects_at_once_gets_in_whole() {
    let allowed = std::fs::read_to_string("/proc/sys/net/core/somaxconn");
    let allowed: usize = allowed.map_or(128, |it| it.trim().parse().unwrap());
    let served = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&served);
    let server = Server::bind("127.0.0.1:0", move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        Exchange {
            reply: Reply::status(StatusCode::OK),
            delivery: Default::default(),
            follow: None,
            note: None,
        }
    });
    let server = server.unwrap();
    let address = server.local_addr().unwrap();
    // More than std's queue holds, and nobody accepts any yet.
    let crowd = allowed.min(300);
    let mut clients: Vec<TcpStream> = (0..crowd)
        .map(|_| TcpStream::connect_timeout(&address, PROMPTLY).unwrap())
        .collect();
    let thread = std::thread::spawn(move || {
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let serving = runtime().unwrap();
        let end = std::thread::spawn(move || {
            for client in &mut clients {
                client.set_read_timeout(Some(FOR_EVER)).unwrap();
                client
                    .write_all(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                    .unwrap();
                assert_ne!(client.read(&mut [0; 64]).unwrap(), 0);
            }
            end.send(()).unwrap();
        });
        let ended = async {
            let _ = ended.await;
        };
        serving.block_on(server.run(ended)).unwrap();
        end.join().unwrap();
    });
    thread.join().unwrap();
    assert_eq!(served.load(Ordering::Relaxed), crowd);
}

/// A server that may open so many files.
fn serving_with(files: usize) -> Serving {
    let program = enrollmock().get_program().to_owned();
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            &format!("ulimit -n {files}; exec \"$0\" serve --port 0"),
        ])
        .arg(program);
    Serving::start(command)
}

/// What the system says of a process under this name.
fn proc_number(serving: &Serving, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", serving.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

fn open_files(serving: &Serving) -> usize {
    let files = std::fs::read_dir(format!("/proc/{}/fd", serving.id()));
    files.unwrap().count()
}

/// Processor time that it has used, in hundredths of a second.
fn processor_time(serving: &Serving) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", serving.id())).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let mut fields = after_name.split_whitespace().skip(11);
    let mut next = || -> u64 { fields.next().unwrap().parse().unwrap() };
    next() + next()
}

fn call(stream: &mut TcpStream, target: &str) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = [0; 1024];
    let length = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

fn is_fine(stream: &mut TcpStream) -> bool {
    let asked = Instant::now();
    let fine = call(stream, "/livez").starts_with("HTTP/1.1 200");
    assert!(asked.elapsed() < PROMPTLY, "{:?}", asked.elapsed());
    fine
}

#[cfg(target_os = "linux")]
#[test]
fn a_flood_beyond_the_file_limit_leaves_others_answered() {
    // With 20 the bound on connections is never reached: it is the system that says no.
    for files in [20, 64] {
        let serving = serving_with(files);
        let most = open_files(&serving) + files / 2 + 1;
        let mut known = serving.keep_alive();
        let mut flood: Vec<TcpStream> = Vec::new();
        for _ in 0..300 {
            flood.push(TcpStream::connect(serving.authority()).unwrap());
        }
        for _ in 0..20 {
            assert!(is_fine(&mut known), "{files}");
            assert!(is_fine(&mut serving.keep_alive()), "{files}");
            assert!(open_files(&serving) <= most);
        }
        drop(flood);
        for _ in 0..20 {
            assert!(is_fine(&mut known), "{files}");
            assert!(is_fine(&mut serving.keep_alive()), "{files}");
        }
        serving.signal("TERM");
        assert_eq!(serving.wait().code(), Some(0));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_without_files_left_does_not_spin() {
    let serving = serving_with(20);
    // Each waits for a request that never comes, so that none can be sent away.
    let wait = "GET /__admin/requests/wait?timeout=1s HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut waiting: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(serving.authority()).unwrap();
            stream.set_read_timeout(Some(FOR_EVER)).unwrap();
            stream.write_all(wait.as_bytes()).unwrap();
            stream
        })
        .collect();
    let (before, begun) = (processor_time(&serving), Instant::now());
    // First come, first served: the last ones get in when those before them have had their answer.
    for stream in &mut waiting {
        let mut answer = [0; 16];
        stream.read_exact(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 408"));
        stream.shutdown(Shutdown::Both).unwrap();
    }
    let waited = begun.elapsed();
    assert!(
        waited >= Duration::from_secs(2),
        "they were to wait: {waited:?}"
    );
    let used = Duration::from_millis(10 * (processor_time(&serving) - before));
    assert!(used < waited / 4, "{used:?} of {waited:?}");
    assert!(is_fine(&mut serving.keep_alive()));
}

#[cfg(target_os = "linux")]
#[test]
fn thousands_of_idle_connections_cost_little_and_lock_nobody_out() {
    // As many as this process may open: clients and their server share the machine, not the limit.
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|it| it.starts_with("Max open files"));
    let mine = line.unwrap().split_whitespace().nth(3).unwrap();
    let mine: usize = mine.parse().unwrap_or(usize::MAX);
    let files = (mine / 2).min(8192);
    let (places, clients) = (files / 2, files / 2 + 100);

    let serving = serving_with(files);
    let mut known = serving.keep_alive();
    let (files_before, memory_before) = (open_files(&serving), proc_number(&serving, "VmRSS:"));
    let mut idle: Vec<TcpStream> = (0..clients).map(|_| serving.keep_alive()).collect();
    assert!(is_fine(&mut known) || is_fine(&mut serving.keep_alive()));
    let files = open_files(&serving) - files_before;
    assert!(
        files > places / 2 && files <= places + 1,
        "{files} of {places}"
    );
    let memory = proc_number(&serving, "VmRSS:") - memory_before;
    let each = 1024 * memory / places as u64;
    assert!(each < 32 * 1024, "{each} bytes each");
    // The first ones made room for the last ones.
    assert!(is_closed(&mut idle[0]));
    let last = idle.last_mut().unwrap();
    last.set_nonblocking(false).unwrap();
    assert!(is_fine(last));
    serving.signal("TERM");
    assert_eq!(serving.wait().code(), Some(0));
}
