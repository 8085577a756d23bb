//! What a fault does to an answer after the vendor has given it.

use bytes::Bytes;
use hyper::header::CONTENT_ENCODING;

use crate::delivery::Delivery;
use crate::faults::Effect;
use crate::http::{Body, Chunks, Reply};

/// What a fault does to an answer after the vendor has given it.
pub(super) fn delivered(effect: Option<&Effect>, reply: &mut Reply) -> Delivery {
    match effect {
        Some(Effect::Delay(delay)) => Delivery {
            delay: *delay,
            ..Delivery::default()
        },
        Some(Effect::Wire(how)) => Delivery {
            how: *how,
            ..Delivery::default()
        },
        Some(Effect::Malformed) => {
            corrupt(reply);
            Delivery::default()
        }
        Some(
            Effect::Refuse(_)
            | Effect::ExpireToken
            | Effect::LostReply
            | Effect::Respond(_)
            | Effect::Change(_),
        )
        | None => Delivery::default(),
    }
}

/// Spoils a body so that no parser takes it, and leaves its length and type. What is packed does not
/// unpack any more; of everything else the end is broken, as of a text that was cut and patched.
fn corrupt(reply: &mut Reply) {
    let is_packed = reply.headers.contains_key(CONTENT_ENCODING);
    let broken = if is_packed { broken_start } else { broken_end };
    reply.body = match std::mem::take(&mut reply.body) {
        Body::Empty => Body::Empty,
        Body::Whole(bytes) => Body::Whole(broken(bytes)),
        Body::Chunks(mut chunks) if is_packed => {
            let first = chunks.next().map(broken);
            Body::Chunks(Chunks::new(first.into_iter().chain(chunks)))
        }
        Body::Chunks(chunks) => {
            let mut chunks = chunks.peekable();
            Body::Chunks(Chunks::new(std::iter::from_fn(move || {
                let piece = chunks.next()?;
                Some(match chunks.peek() {
                    Some(_) => piece,
                    None => broken(piece),
                })
            })))
        }
    };
}

/// The bytes without the mark that every packed body begins with.
fn broken_start(bytes: Bytes) -> Bytes {
    let mut bytes = Vec::from(bytes);
    if let Some(first) = bytes.first_mut() {
        *first = !*first;
    }
    bytes.into()
}

/// The bytes with `<` for the last one that shows: a JSON value does not end so, and an XML document
/// does not end there.
fn broken_end(bytes: Bytes) -> Bytes {
    let mut bytes = Vec::from(bytes);
    let last = bytes.iter().rposition(|byte| !byte.is_ascii_whitespace());
    if let Some(last) = last.and_then(|at| bytes.get_mut(at)) {
        *last = b'<';
    }
    bytes.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::io::{Read, Write};

    use hyper::StatusCode;
    use hyper::header::HeaderValue;

    use super::*;

    fn corrupted(media: &'static str, body: impl Into<Body>) -> Vec<u8> {
        let mut reply = Reply::new(StatusCode::OK, media, body);
        corrupt(&mut reply);
        assert_eq!(reply.headers["content-type"], media);
        reply.body.collect().into()
    }

    #[test]
    fn no_parser_takes_a_spoilt_body_and_it_is_as_long_as_it_was() {
        for json in ["{\"a\":[1]}", "[]\n", "\"a\"", "17", "null"] {
            let corrupted = corrupted("application/json", json.to_owned());
            assert_eq!(corrupted.len(), json.len());
            assert!(serde_json::from_slice::<serde_json::Value>(&corrupted).is_err());
        }
        for xml in ["<a>b</a>", "<a/>\n", "<a/><!-- b -->"] {
            let corrupted = corrupted("application/xml", xml.to_owned());
            assert_eq!(corrupted.len(), xml.len());
            let mut reader = quick_xml::Reader::from_reader(corrupted.as_slice());
            let end = loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break Ok(()),
                    Ok(_) => {}
                    Err(error) => break Err(error),
                }
            };
            assert!(end.is_err(), "{xml}");
        }
        assert!(corrupted("application/json", Vec::new()).is_empty());
    }

    #[test]
    fn a_spoilt_body_in_pieces_breaks_at_its_end() {
        let pieces = ["[1,", "2", "]\n"].map(|it| Bytes::from_static(it.as_bytes()));
        let body = Body::Chunks(Chunks::new(pieces.into_iter()));
        assert_eq!(corrupted("application/json", body), b"[1,2<\n");
    }

    #[test]
    fn a_spoilt_packed_body_does_not_unpack() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(b"{}").unwrap();
        let packed = packer.finish().unwrap();
        let mut reply = Reply::new(StatusCode::OK, "application/json", packed.clone());
        let gzip = HeaderValue::from_static("gzip");
        reply.headers.insert(CONTENT_ENCODING, gzip);
        corrupt(&mut reply);
        let corrupted = reply.body.collect();
        assert_eq!(corrupted.len(), packed.len());
        let mut unpacked = Vec::new();
        let result = flate2::read::GzDecoder::new(&corrupted[..]).read_to_end(&mut unpacked);
        assert!(result.is_err());
    }
}
