//! Requests from bytes: as people write them down, so that seeds can be made of the fixtures and read.
//!
//! ```text
//! @openedx/gates            the scenario, if it is not `quickstart`
//! GET /openedx/oauth2/access_token?x=y
//! Authorization: Bearer abc
//!
//! the body
//! %%                        then the next request
//! ```

use bytes::Bytes;
use enrollmock::internals::http::Request;
use hyper::Method;
use hyper::header::{HeaderName, HeaderValue};

/// What stands between two requests.
pub const BETWEEN: &[u8] = b"\n%%\n";

/// How many requests a sequence has at most: time is bounded.
const AT_MOST: usize = 8;

/// The name of the scenario, and the requests. Whatever the bytes are, they mean something.
pub fn sequence(data: &[u8]) -> (String, Vec<Request>) {
    let mut name = "quickstart".to_owned();
    let mut rest = data;
    if let Some(named) = data.strip_prefix(b"@") {
        let (line, behind) = split_once(named, b"\n").unwrap_or((named, b""));
        name = String::from_utf8_lossy(line).into_owned();
        rest = behind;
    }
    let mut requests = Vec::new();
    while requests.len() < AT_MOST {
        match split_once(rest, BETWEEN) {
            Some((one, behind)) => {
                requests.push(request(one));
                rest = behind;
            }
            None => {
                requests.push(request(rest));
                break;
            }
        }
    }
    (name, requests)
}

/// One request.
pub fn request(data: &[u8]) -> Request {
    let (head, body) = split_once(data, b"\n\n").unwrap_or((data, b""));
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let (method, target) = first.split_once(' ').unwrap_or(("GET", &first));
    let method = Method::from_bytes(method.as_bytes()).unwrap_or(Method::GET);
    let mut request = Request::new(method, target).with_body(Bytes::copy_from_slice(body));
    for line in lines {
        let (name, value) = split_once(line, b":").unwrap_or((line, b""));
        // As much as the server lets in.
        let name = HeaderName::from_bytes(name);
        let value = HeaderValue::from_bytes(value.trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value)
            && request.headers.len() < 100
        {
            request.headers.append(name, value);
        }
    }
    request
}

/// A request as these bytes.
pub fn written(request: &Request) -> Vec<u8> {
    let mut bytes = format!("{} {}", request.method, request.target()).into_bytes();
    for (name, value) in &request.headers {
        bytes.push(b'\n');
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
    }
    if !request.body.is_empty() {
        bytes.extend_from_slice(b"\n\n");
        bytes.extend_from_slice(&request.body);
    }
    bytes
}

/// What stands before and behind the first `mark`.
pub fn split_once<'a>(data: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = data.windows(mark.len()).position(|it| it == mark)?;
    Some((&data[..at], &data[at + mark.len()..]))
}
