//! A connection that asks, and says exactly what came back.

use std::error::Error as _;
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::Run;
use super::story::{ALM, FIELD, ISPRING, OPENEDX};

/// Who has no answer after so long will get none.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request, and the statuses that it may have by itself.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: &'static str,
    pub path: String,
    pub fields: Vec<(&'static str, String)>,
    pub body: String,
    pub want: &'static [u16],
}

impl Call {
    /// A call with the credential that may do everything at its vendor.
    pub fn new(method: &'static str, path: impl Into<String>, want: &'static [u16]) -> Self {
        let path = path.into();
        let token = match path.get(..4) {
            Some("/isp") => ISPRING,
            Some("/ope") => OPENEDX,
            _ => ALM,
        };
        let call = Call {
            method,
            path,
            fields: Vec::new(),
            body: String::new(),
            want,
        };
        call.field("authorization", token)
            .field("accept", "application/json")
    }

    pub fn get(path: impl Into<String>, want: &'static [u16]) -> Self {
        Self::new("GET", path, want)
    }

    /// Puts a header field in the place of the one of this name.
    pub fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.retain(|(it, _)| *it != name);
        self.fields.push((name, value.into()));
        self
    }

    pub fn json(self, body: impl Into<String>) -> Self {
        self.carrying("application/json", body)
    }

    pub fn form(self, body: impl Into<String>) -> Self {
        self.carrying("application/x-www-form-urlencoded", body)
    }

    pub fn carrying(mut self, media: &'static str, body: impl Into<String>) -> Self {
        self.body = body.into();
        self.field("content-type", media)
    }

    /// Asks for a fault.
    pub fn upset(self, fault: &str) -> Self {
        self.field(FIELD, fault)
    }

    fn request(&self, host: &str) -> hyper::http::Result<Request<Full<Bytes>>> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(&self.path)
            .header("host", host);
        for (name, value) in &self.fields {
            request = request.header(*name, value);
        }
        request.body(Full::new(Bytes::from(self.body.clone())))
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub took: Duration,
}

/// How no whole answer came back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lost {
    Reset,
    Closed,
    Garbage,
    /// It ended too early.
    Cut,
    /// Nothing came in all that time.
    Never,
    Other,
}

/// No whole answer, and in which words the client's library says so.
#[derive(Debug)]
pub struct Loss {
    pub how: Lost,
    pub said: String,
}

/// A client with a connection of its own, which it opens anew when that was lost.
pub struct Client {
    pub run: Arc<Run>,
    sender: Option<SendRequest<Full<Bytes>>>,
    /// What it counts on may be gone if the records were reset since this epoch.
    since: Option<u64>,
}

impl Client {
    pub fn new(run: &Arc<Run>) -> Self {
        Client {
            run: Arc::clone(run),
            sender: None,
            since: None,
        }
    }

    /// From here on it counts on what it has done in this epoch.
    pub fn since(&mut self, epoch: u64) {
        self.since = Some(epoch);
    }

    /// Says that something is wrong, unless a reset explains it.
    pub fn amiss(&self, kind: &str, call: &Call, why: &str) {
        match self.since.is_some_and(|since| self.run.is_overtaken(since)) {
            true => self.run.tally.overtaken(),
            false => self.run.tally.wrong(kind, call, why),
        }
    }

    /// The next call goes out on a new connection.
    pub fn leave(&mut self) {
        self.sender = None;
    }

    /// Sends a call, and waits for the whole answer.
    pub async fn ask(&mut self, call: &Call) -> Result<Answer, Loss> {
        self.run.tally.asked();
        let begun = Instant::now();
        let answer = match tokio::time::timeout(PATIENCE, self.exchange(call)).await {
            Ok(answer) => answer,
            Err(_) => Err(Loss {
                how: Lost::Never,
                said: format!("nothing in {PATIENCE:?}"),
            }),
        };
        if answer.is_err() {
            self.leave();
        }
        answer.map(|answer| Answer {
            took: begun.elapsed(),
            ..answer
        })
    }

    async fn exchange(&mut self, call: &Call) -> Result<Answer, Loss> {
        let (head, body) = self.head(call).await?.into_parts();
        let body = body.collect().await.map_err(|error| Loss {
            how: Lost::Cut,
            said: error.to_string(),
        })?;
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: body.to_bytes(),
            took: Duration::ZERO,
        })
    }

    /// Sends a call, and waits for the head of the answer.
    pub async fn head(&mut self, call: &Call) -> Result<Response<Incoming>, Loss> {
        let other = |error: &dyn std::fmt::Display| Loss {
            how: Lost::Other,
            said: error.to_string(),
        };
        let request = call
            .request(&self.run.address)
            .map_err(|error| other(&error))?;
        let mut sender = match self.open().await {
            Some(sender) => sender,
            None => {
                let connected = TcpStream::connect(&self.run.address).await;
                let stream = connected.map_err(|error| other(&error))?;
                let shaken = handshake(TokioIo::new(stream)).await;
                let (sender, connection) = shaken.map_err(|error| other(&error))?;
                tokio::spawn(connection);
                sender
            }
        };
        let answer = sender.send_request(request).await.map_err(|error| Loss {
            how: lost(&error),
            said: format!("{error:?}"),
        })?;
        self.sender = Some(sender);
        Ok(answer)
    }

    /// The connection, if it is still open.
    async fn open(&mut self) -> Option<SendRequest<Full<Bytes>>> {
        let mut sender = self.sender.take()?;
        sender.ready().await.ok().map(|()| sender)
    }

    /// Asks for what no fault may touch: the answer is one that the call has by itself, whole and well
    /// formed, or that is an error. None: it was not, and that was said.
    pub async fn sound(&mut self, call: &Call) -> Option<Answer> {
        let answer = match self.ask(call).await {
            Ok(answer) => answer,
            Err(loss) => {
                let kind = format!("no answer: {:?}", loss.how);
                self.run.tally.wrong(&kind, call, &loss.said);
                return None;
            }
        };
        if !call.want.contains(&answer.status) {
            let text = String::from_utf8_lossy(&answer.body);
            let text: String = text.chars().take(300).collect();
            let kind = format!("status {} instead of {:?}", answer.status, call.want);
            match answer.status {
                // No reset explains these.
                500.. => self.run.tally.wrong(&kind, call, &text),
                _ => self.amiss(&kind, call, &text),
            }
            return None;
        }
        if let Err(why) = answer.parses() {
            self.run
                .tally
                .wrong("a body that does not parse", call, &why);
            return None;
        }
        Some(answer)
    }

    /// The same for an answer whose body is JSON.
    pub async fn value(&mut self, call: &Call) -> Option<Value> {
        let answer = self.sound(call).await?;
        Some(answer.value())
    }
}

/// How a connection ended before an answer had begun.
fn lost(error: &hyper::Error) -> Lost {
    let mut source = error.source();
    while let Some(cause) = source {
        let system = cause.downcast_ref::<std::io::Error>();
        if system.is_some_and(|it| it.kind() == ErrorKind::ConnectionReset) {
            return Lost::Reset;
        }
        source = cause.source();
    }
    match error {
        _ if error.is_parse() => Lost::Garbage,
        _ if error.is_incomplete_message() => Lost::Closed,
        _ => Lost::Other,
    }
}

impl Answer {
    /// The body, unpacked.
    fn unpacked(&self) -> Result<Bytes, String> {
        if !self.headers.contains_key(CONTENT_ENCODING) {
            return Ok(self.body.clone());
        }
        let mut text = Vec::new();
        match flate2::read::GzDecoder::new(&self.body[..]).read_to_end(&mut text) {
            Ok(_) => Ok(text.into()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Whether the body is what its type says.
    pub fn parses(&self) -> Result<(), String> {
        let media = self.headers.get(CONTENT_TYPE);
        let media = media.and_then(|it| it.to_str().ok()).unwrap_or_default();
        if self.body.is_empty() {
            return Ok(());
        }
        let text = self.unpacked()?;
        if media.contains("json") {
            let read = serde_json::from_slice::<serde::de::IgnoredAny>(&text);
            return read.map(drop).map_err(|error| error.to_string());
        }
        match media.contains("xml") {
            true => xml(&text),
            false => Ok(()),
        }
    }

    /// The body as JSON; null where it is none.
    pub fn value(&self) -> Value {
        let text = self.unpacked().unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or(Value::Null)
    }
}

/// Whether it is one XML document.
fn xml(text: &[u8]) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_reader(text);
    let mut depth = 0_usize;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof if depth == 0 => return Ok(()),
            quick_xml::events::Event::Eof => return Err("it ends too early".to_owned()),
            _ => {}
        }
    }
}
