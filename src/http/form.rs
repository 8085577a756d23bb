//! Reads `multipart/form-data` from a body at hand.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body_util::{BodyDataStream, Full};

/// The fields of a `multipart/form-data` body, in the order sent.
///
/// # Errors
/// What is wrong with the body.
pub fn multipart(content_type: &str, body: &Bytes) -> Result<Vec<(String, String)>, multer::Error> {
    let boundary = multer::parse_boundary(content_type)?;
    let stream = BodyDataStream::new(Full::new(body.clone()));
    let mut parts = multer::Multipart::new(stream, boundary);
    at_once(async move {
        let mut pairs = Vec::new();
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or("").to_owned();
            let value = part.bytes().await?;
            pairs.push((name, String::from_utf8_lossy(&value).into_owned()));
        }
        Ok(pairs)
    })
}

/// Runs a future that never waits, because all its input is at hand.
fn at_once<T>(future: impl Future<Output = Result<T, multer::Error>>) -> Result<T, multer::Error> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(multer::Error::IncompleteStream),
    }
}
