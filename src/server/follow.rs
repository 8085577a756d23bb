//! Answers that are still to come: a client waits for one entry of the journal, or reads all as they are
//! written.
//!
//! The journal itself is the buffer: a reader that falls behind its bounds is told how much it missed.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use tokio::sync::watch;

use super::body::{Next, Outgoing, respond};
use super::orders::{Order, Orders};
use crate::http::Reply;
use crate::journal::{Bookmark, Filter, Follow, Journal, RawEntry};

/// The side of the connection that following needs.
pub(super) struct Terms {
    /// The request is a HEAD, whose answer has no body.
    pub(super) is_head: bool,
    /// How long a stream is silent, at most.
    pub(super) heartbeat: Duration,
    /// The server ends.
    pub(super) ended: watch::Receiver<bool>,
    /// Tells the wire to look out for the client leaving.
    pub(super) orders: Arc<Orders>,
}

/// Answers what waits or follows, in the frame of `reply`.
pub(super) async fn follow(follow: Follow, reply: Reply, terms: Terms) -> Response<Outgoing> {
    match follow {
        Follow::Wait {
            journal,
            filter,
            timeout,
        } => {
            let orders = Arc::clone(&terms.orders);
            orders.give(Order::Listen);
            let since = filter.since.unwrap_or(0);
            let reading = Reading::new(journal, filter, Some(since));
            let found = first(reading, timeout, terms.ended).await;
            orders.give(Order::Write);
            answered(found, reply, terms.is_head)
        }
        Follow::Events { journal, filter } => {
            let mut response = respond(reply, false);
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            if !terms.is_head {
                terms.orders.give(Order::Listen);
                let since = filter.since;
                let reading = Reading::new(journal, filter, since);
                *response.body_mut() = Outgoing::Awaited(Events { reading, terms }.next());
            }
            response
        }
    }
}

/// The first entry that fits, or why there is none.
async fn first(
    mut reading: Reading,
    timeout: Duration,
    ended: watch::Receiver<bool>,
) -> Result<Arc<RawEntry>, (StatusCode, String)> {
    let found = async {
        loop {
            match reading.next().await {
                Some(News::RawEntry(note)) => return Ok(note),
                // A forgotten entry cannot be waited for.
                Some(News::Dropped(_)) => {}
                None => {
                    let what = "the world that was waited on has ended".to_owned();
                    return Err((StatusCode::NOT_FOUND, what));
                }
            }
        }
    };
    tokio::select! {
        biased;
        found = found => found,
        () = over(ended) => {
            Err((StatusCode::SERVICE_UNAVAILABLE, "the server ends".to_owned()))
        }
        () = tokio::time::sleep(timeout) => {
            let what = format!("no matching request came within {timeout:?}");
            Err((StatusCode::REQUEST_TIMEOUT, what))
        }
    }
}

/// Ready when the server ends.
async fn over(mut ended: watch::Receiver<bool>) {
    let _ = ended.wait_for(|ended| *ended).await;
}

fn answered(
    found: Result<Arc<RawEntry>, (StatusCode, String)>,
    mut reply: Reply,
    is_head: bool,
) -> Response<Outgoing> {
    let json = match found {
        Ok(note) => note.entry().json(),
        Err((status, what)) => {
            reply.status = status;
            // None of the texts has anything to escape.
            format!(r#"{{"error":"{what}"}}"#).into_bytes()
        }
    };
    let json_type = HeaderValue::from_static("application/json");
    reply.headers.insert(CONTENT_TYPE, json_type);
    if !is_head {
        reply.body = json.into();
    }
    respond(reply, false)
}

/// A stream of server-sent events.
struct Events {
    reading: Reading,
    terms: Terms,
}

impl Events {
    /// Writes the next event, or a comment when there was none for a while. The comment shows the client that
    /// the server lives, and the server that the client does.
    fn next(mut self) -> Next {
        Next::new(async move {
            let ended = self.terms.ended.clone();
            let piece = tokio::select! {
                biased;
                () = over(ended) => None,
                news = self.reading.next() => news.map(|news| news.event()),
                () = tokio::time::sleep(self.terms.heartbeat) => Some(Bytes::from_static(b":\n\n")),
            };
            match piece {
                Some(piece) => Some((piece, self.next())),
                None => {
                    self.terms.orders.give(Order::Write);
                    None
                }
            }
        })
    }
}

/// News for a reader of a journal.
enum News {
    RawEntry(Arc<RawEntry>),
    /// So many entries were forgotten before they could be read.
    Dropped(u64),
}

impl News {
    fn event(&self) -> Bytes {
        let event = match self {
            News::RawEntry(note) => {
                let mut event = format!("id: {}\nevent: request\ndata: ", note.seq).into_bytes();
                event.extend(note.entry().json());
                event.extend(b"\n\n");
                event
            }
            News::Dropped(count) => {
                format!("event: dropped\ndata: {{\"dropped\":{count}}}\n\n").into_bytes()
            }
        };
        event.into()
    }
}

/// Entries read at once. The reader holds them beyond the journal's bounds.
const BATCH: usize = 16;

/// Reads the entries of a journal that fit, for as long as its sandbox lasts.
struct Reading {
    /// Weak, so that a sandbox that has ended frees its memory although it is read.
    journal: Weak<Journal>,
    news: watch::Receiver<()>,
    bookmark: Bookmark,
    filter: Filter,
    batch: VecDeque<Arc<RawEntry>>,
}

impl Reading {
    /// Reads from behind entry `since`. Without it, it reads the entries from now on.
    fn new(journal: Arc<Journal>, mut filter: Filter, since: Option<u64>) -> Self {
        // The bookmark remembers `since`, and notices a journal that was cleared and counts from 1 again.
        filter.since = None;
        Reading {
            news: journal.news(),
            bookmark: journal.bookmark(since),
            journal: Arc::downgrade(&journal),
            filter,
            batch: VecDeque::new(),
        }
    }

    /// The next entry that fits. None: the sandbox has ended.
    async fn next(&mut self) -> Option<News> {
        loop {
            while let Some(note) = self.batch.pop_front() {
                if self.filter.fits(&note) {
                    return Some(News::RawEntry(note));
                }
            }
            // Marked before the look, so that no entry comes unseen between the look and the wait.
            self.news.mark_unchanged();
            let unread = self.journal.upgrade()?.unread(self.bookmark, BATCH);
            self.bookmark = unread.bookmark;
            self.batch.extend(unread.notes);
            if unread.dropped > 0 {
                return Some(News::Dropped(unread.dropped));
            }
            if self.batch.is_empty() {
                self.news.changed().await.ok()?;
            }
        }
    }
}
