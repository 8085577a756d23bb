//! How a Rust project tests its own client against enrollmock.
//!
//! `cargo run --example rust_test`, or `cargo test --example rust_test`. The client here is a few lines over
//! a socket, so that the example needs no further crate; one over reqwest is tested in the same way: give it
//! the base URL and the token that the server names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use enrollmock::{Server, Vendor};

/// The client under test: what your project has.
struct Client {
    base_url: String,
    token: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Failure {
    /// The token is none, or no longer.
    Unauthorized,
    /// Anything else that is no 200.
    Status(u16),
}

impl Client {
    /// How many enrollments there are.
    fn count_enrollments(&self) -> Result<usize, Failure> {
        let (status, body) = self.get("/enrollment").expect("the server answers");
        match status {
            200 => Ok(body.matches("\"enrollmentId\"").count()),
            401 => Err(Failure::Unauthorized),
            other => Err(Failure::Status(other)),
        }
    }

    fn get(&self, path: &str) -> std::io::Result<(u16, String)> {
        let rest = self.base_url.trim_start_matches("http://");
        let (authority, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let mut stream = TcpStream::connect(authority)?;
        write!(
            stream,
            "GET /{prefix}{path} HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {}\r\n\
             Accept: application/json\r\nConnection: close\r\n\r\n",
            self.token
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
        Ok((status.unwrap_or(0), body.to_owned()))
    }
}

/// A client of this server's iSpring Learn.
fn client(server: &Server) -> Client {
    Client {
        base_url: server.ispring_url(),
        token: server
            .token(Vendor::Ispring)
            .expect("the scenario lists one"),
    }
}

#[cfg_attr(test, test)]
fn finds_every_enrollment() {
    // Each test has its own server, so tests run side by side.
    let server = Server::builder().verify_on_drop().start().unwrap();
    assert_eq!(client(&server).count_enrollments(), Ok(QUICKSTART));
    // What was asked stands in the journal.
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].operation, Some("list_enrollments"));
}

/// How many enrollments the built-in story has.
const QUICKSTART: usize = 105;

#[cfg_attr(test, test)]
fn notices_that_its_token_died() {
    let server = Server::builder()
        .scenario(
            "
            version: 1
            clock: { now: 2024-06-09T13:05:09Z, ticking: false }
            ispring:
              credentials: [{ client_id: sync, client_secret: secret }]
            ",
        )
        .start()
        .unwrap();
    let client = client(&server);
    assert_eq!(client.count_enrollments(), Ok(0));
    // Tokens live for half an hour here; the test does not wait for it.
    server.clock().advance(Duration::from_secs(31 * 60));
    assert_eq!(client.count_enrollments(), Err(Failure::Unauthorized));
}

fn main() {
    finds_every_enrollment();
    notices_that_its_token_died();
    println!("the client counts enrollments, and notices that its token died");
}
