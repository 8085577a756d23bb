//! The journal as HAR 1.2, for the viewers that browsers and proxies bring along.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Version;
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, LOCATION};
use serde::Serialize;

use super::json::{Acted, Explained, text};
use super::{Entry, Sizes};
use crate::http::Query;

/// These entries as one HAR document.
pub fn har<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<u8> {
    let document = Document {
        log: Log {
            version: "1.2",
            creator: Creator {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
            },
            entries: entries.into_iter().map(Exchanged::of).collect(),
        },
    };
    serde_json::to_vec(&document).unwrap_or_default()
}

#[derive(Serialize)]
struct Document<'a> {
    log: Log<'a>,
}

#[derive(Serialize)]
struct Log<'a> {
    version: &'static str,
    creator: Creator,
    entries: Vec<Exchanged<'a>>,
}

#[derive(Serialize)]
struct Creator {
    name: &'static str,
    version: &'static str,
}

/// An entry. What begins with an underscore is our own, as the format has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exchanged<'a> {
    started_date_time: String,
    /// Milliseconds.
    time: f64,
    request: RequestView<'a>,
    response: Answered<'a>,
    cache: Cache,
    timings: Timings,
    #[serde(rename = "_id")]
    id: &'a str,
    #[serde(rename = "_sandbox")]
    sandbox: Option<&'a str>,
    #[serde(rename = "_vendor")]
    vendor: Option<&'static str>,
    #[serde(rename = "_operation")]
    operation: Option<&'static str>,
    #[serde(rename = "_principal")]
    principal: Option<&'a str>,
    #[serde(rename = "_fault")]
    fault: Option<Acted<'a>>,
    #[serde(rename = "_why")]
    why: Explained<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestView<'a> {
    method: &'a str,
    url: String,
    http_version: String,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    headers_size: i64,
    body_size: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answered<'a> {
    status: u16,
    status_text: &'a str,
    http_version: String,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i64,
    body_size: i64,
}

#[derive(Serialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: String,
    /// Empty: the text says it all.
    params: [Pair; 0],
    text: String,
    /// The format has it for answers only; there is no other way to say that a body is no text.
    #[serde(rename = "_encoding", skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: i64,
    mime_type: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Serialize)]
struct Cache {}

/// The emulator answers; it neither looks up names nor connects.
#[derive(Serialize)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

impl<'a> Exchanged<'a> {
    fn of(entry: &'a Entry) -> Self {
        let time = entry.duration_us as f64 / 1000.0;
        Exchanged {
            started_date_time: entry.at.to_string(),
            time,
            request: RequestView::of(entry),
            response: Answered::of(entry),
            cache: Cache {},
            timings: Timings {
                send: 0.0,
                wait: time,
                receive: 0.0,
            },
            id: &entry.id,
            sandbox: entry.sandbox.as_deref(),
            vendor: entry.vendor.map(|vendor| vendor.name()),
            operation: entry.operation,
            principal: entry.principal.as_deref(),
            fault: entry.fault.as_ref().map(Acted::from),
            why: Explained::from(&entry.why),
        }
    }
}

impl<'a> RequestView<'a> {
    fn of(entry: &'a Entry) -> Self {
        let Sizes {
            request: size,
            request_cut: cut,
            ..
        } = entry.sizes;
        let post_data = (size > 0).then(|| {
            let (text, encoding) = printable(&entry.request_body, cut);
            PostData {
                mime_type: field(&entry.request_headers, CONTENT_TYPE.as_str()),
                params: [],
                text,
                encoding,
                comment: comment(cut, Some(size)),
            }
        });
        RequestView {
            method: entry.method.as_str(),
            url: url(entry),
            http_version: version(),
            cookies: [],
            headers: fields(&entry.request_headers),
            query_string: parameters(&entry.query),
            post_data,
            headers_size: -1,
            body_size: number(Some(size)),
        }
    }
}

impl<'a> Answered<'a> {
    fn of(entry: &'a Entry) -> Self {
        let Sizes {
            response: size,
            response_cut: cut,
            ..
        } = entry.sizes;
        let (text, encoding) = printable(&entry.response_body, cut);
        Answered {
            status: entry.status.as_u16(),
            status_text: entry.status.canonical_reason().unwrap_or(""),
            http_version: version(),
            cookies: [],
            headers: fields(&entry.response_headers),
            content: Content {
                size: number(size),
                mime_type: field(&entry.response_headers, CONTENT_TYPE.as_str()),
                text,
                encoding,
                comment: comment(cut, size),
            },
            redirect_url: field(&entry.response_headers, LOCATION.as_str()),
            headers_size: -1,
            body_size: number(size),
        }
    }
}

/// The whole address, as its sender saw it: the `Host` names the server.
fn url(entry: &Entry) -> String {
    let host = match field(&entry.request_headers, HOST.as_str()) {
        none if none.is_empty() => "localhost".to_owned(),
        host => host,
    };
    let schemes = field(&entry.request_headers, "x-forwarded-proto");
    let scheme = match schemes.split(',').next().unwrap_or("").trim() {
        "https" => "https",
        _ => "http",
    };
    let path = &entry.path;
    match entry.query.as_str() {
        "" => format!("{scheme}://{host}{path}"),
        query => format!("{scheme}://{host}{path}?{query}"),
    }
}

fn version() -> String {
    format!("{:?}", Version::HTTP_11)
}

/// -1 is the format's word for what is not known.
fn number(size: Option<u64>) -> i64 {
    size.and_then(|size| i64::try_from(size).ok()).unwrap_or(-1)
}

fn fields(headers: &HeaderMap) -> Vec<Pair> {
    let pairs = headers.iter().map(|(name, value)| Pair {
        name: name.as_str().to_owned(),
        value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
    });
    pairs.collect()
}

fn parameters(query: &str) -> Vec<Pair> {
    let parsed = Query::parse(query.as_bytes());
    let pairs = parsed.pairs().map(|(name, value)| Pair {
        name: name.to_owned(),
        value: value.to_owned(),
    });
    pairs.collect()
}

fn field(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).map(|value| value.as_bytes());
    String::from_utf8_lossy(value.unwrap_or_default()).into_owned()
}

/// A body as a text; what is none in base64.
fn printable(body: &[u8], cut: bool) -> (String, Option<&'static str>) {
    match text(body, cut) {
        Some(text) => (text.to_owned(), None),
        None => (STANDARD.encode(body), Some("base64")),
    }
}

fn comment(cut: bool, size: Option<u64>) -> Option<String> {
    let of = size.map_or(String::new(), |size| format!(" of {size} bytes"));
    cut.then(|| format!("the journal kept the beginning{of}"))
}
