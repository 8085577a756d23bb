//! Bodies packed for who can unpack them.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderValue};

use super::errors;
use crate::http::{Body, Reply, Request};

/// Packs a body of any size where the caller takes gzip; what it was.
pub fn encode(reply: &mut Reply, request: &Request) -> Option<Bytes> {
    let Body::Whole(plain) = &reply.body else {
        return None;
    };
    // What the gateway says itself, it does not pack.
    if plain.is_empty() || errors::is_gateways(reply.status) || !is_gzip_taken(request) {
        return None;
    }
    let plain = plain.clone();
    reply.body = Body::from(packed(&plain)?);
    let gzip = HeaderValue::from_static("gzip");
    reply.headers.insert(CONTENT_ENCODING, gzip);
    Some(plain)
}

/// Whether a header says so: `gzip` itself counts before `*`. Who says nothing gets plain bytes.
fn is_gzip_taken(request: &Request) -> bool {
    let fields = request.headers.get_all(ACCEPT_ENCODING).iter();
    let mut any = false;
    for coding in fields.filter_map(|field| field.to_str().ok()) {
        for coding in coding.split(',') {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next().unwrap_or("").to_ascii_lowercase();
            let taken = !parts.any(is_never);
            match name.as_str() {
                "gzip" | "x-gzip" => return taken,
                "*" => any = taken,
                _ => {}
            }
        }
    }
    any
}

/// Whether a parameter is a weight of nothing: `q=0`, `q=0.000`.
fn is_never(parameter: &str) -> bool {
    let weight = parameter.split_once('=');
    weight.is_some_and(|(name, weight)| {
        name.trim().eq_ignore_ascii_case("q") && weight.trim().parse() == Ok(0.0)
    })
}

/// The same bytes for the same body, always: the header of the format carries no time.
fn packed(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}
