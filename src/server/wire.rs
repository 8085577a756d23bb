//! A socket with patience: no wait on it lasts for ever, and it is not closed in a client's face.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Sleep;

use super::Limits;
use super::orders::{Order, Orders};
use super::slots::Slot;
use super::smuggling::HeadLines;
use crate::clock::Deadline;

/// No answer begins with these bytes, and no parser needs more of them to see that they are not HTTP.
const GARBAGE: &[u8] =
    b"\x00\xFF\xFE\x15\x03\x80 this is no HTTP \x9D\xC3\x28\r\n\r\n\xF0\x28\x8C\xBC\r\n\r\n";

/// Counts the requests of a connection, so that the wire knows what a wait is for.
#[derive(Debug, Default)]
pub(super) struct RequestCounter {
    /// Odd from the end of a request's head until its reply is decided, even before and after.
    count: AtomicU64,
    dubious: AtomicBool,
}

impl RequestCounter {
    pub(super) fn begin(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn end(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Whether a proxy may see other requests in a head that came. Then nothing is answered behind it.
    pub(super) fn is_dubious(&self) -> bool {
        self.dubious.load(Ordering::Relaxed)
    }
}

/// A client's socket under the limits of the server.
pub(super) struct Wire {
    stream: TcpStream,
    limits: Limits,
    requests: Arc<RequestCounter>,
    orders: Arc<Orders>,
    slot: Arc<Slot>,
    ended: watch::Receiver<bool>,
    /// The lines of the next request's head.
    lines: HeadLines,
    /// The count of requests that `head_begun` is about.
    counted: u64,
    /// The next request's first byte has come.
    head_begun: bool,
    read: Patience,
    write: Patience,
    linger: Patience,
    shut: bool,
    /// The garbage that is still to be written, once that is ordered.
    garbage: &'static [u8],
}

impl Wire {
    pub(super) fn new(
        stream: TcpStream,
        limits: Limits,
        requests: Arc<RequestCounter>,
        orders: Arc<Orders>,
        slot: Arc<Slot>,
        ended: watch::Receiver<bool>,
    ) -> Self {
        Wire {
            stream,
            limits,
            counted: requests.count(),
            requests,
            orders,
            slot,
            ended,
            lines: HeadLines::default(),
            head_begun: false,
            read: Patience::default(),
            write: Patience::default(),
            linger: Patience::default(),
            shut: false,
            garbage: GARBAGE,
        }
    }

    /// How long a read may wait now. None while a request is being served: its body has a bound of its own.
    fn read_time(&mut self) -> Option<Duration> {
        let count = self.requests.count();
        if count != self.counted {
            self.counted = count;
            self.head_begun = false;
            self.lines = HeadLines::default();
            self.read.forget();
        }
        let is_serving = !count.is_multiple_of(2);
        if is_serving {
            return None;
        }
        if self.head_begun {
            Some(self.limits.head_time)
        } else {
            Some(self.limits.idle_time)
        }
    }

    fn wrote(
        &mut self,
        cx: &mut Context<'_>,
        result: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if result.is_pending() {
            return self
                .write
                .poll(cx, self.limits.stall_time)
                .map(|()| Err(io::ErrorKind::TimedOut.into()));
        }
        self.write.forget();
        // A client that takes a long answer is not idle.
        if !self.head_begun && self.read.runs() {
            self.read.forget();
            let _ = self.read.poll(cx, self.limits.idle_time);
        }
        result
    }

    /// Carries out what was ordered. An error is the end of the connection.
    fn obey(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.orders.order() {
            Order::Write => return Poll::Ready(Ok(())),
            Order::Listen => return self.listen(cx),
            Order::Reset => {
                // A socket that is closed without lingering is reset.
                let _ = self.stream.set_zero_linger();
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            Order::Garbage => {
                while !self.garbage.is_empty() {
                    let garbage = self.garbage;
                    let written = ready!(Pin::new(&mut *self).poll_write(cx, garbage))?;
                    self.garbage = garbage.get(written..).unwrap_or_default();
                }
            }
            Order::Close => {}
        }
        ready!(Pin::new(self).poll_shutdown(cx))?;
        Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
    }

    /// Looks whether the client is still there, while nothing else is read from it. A client that has sent
    /// its next request already counts as there.
    fn listen(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut scratch = [0; 1];
        match self.stream.poll_peek(cx, &mut ReadBuf::new(&mut scratch)) {
            Poll::Ready(Ok(0)) => Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(_)) | Poll::Pending => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.orders.are_to_end() {
            // Only the shutdown reads the bytes that still come.
            return Poll::Pending;
        }
        let time = wire.read_time();
        let before = buf.filled().len();
        if let Poll::Ready(result) = Pin::new(&mut wire.stream).poll_read(cx, buf) {
            if time.is_some() {
                if !wire.head_begun {
                    wire.head_begun = true;
                    wire.read.forget();
                }
                if wire.lines.end_barely(&buf.filled()[before..]) {
                    wire.requests.dubious.store(true, Ordering::Relaxed);
                }
            }
            return Poll::Ready(result);
        }
        let Some(time) = time else {
            return Poll::Pending;
        };
        if !wire.write.runs() {
            wire.slot.wait();
        }
        let over = wire.read.poll(cx, time);
        over.map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        let result = Pin::new(&mut wire.stream).poll_write(cx, bytes);
        wire.wrote(cx, result)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        let result = Pin::new(&mut wire.stream).poll_write_vectored(cx, pieces);
        wire.wrote(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        ready!(Pin::new(&mut wire.stream).poll_flush(cx))?;
        // The client took the end of an answer after the wait for its next request had begun.
        if wire.read.runs() && !wire.head_begun && wire.requests.count() == wire.counted {
            wire.slot.wait();
        }
        wire.obey(cx)
    }

    /// Says that no more comes, then reads on until the client has said the same. A socket that is closed
    /// with bytes unread is reset, and the reset can overtake the answer just written.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        wire.slot.wait();
        if !wire.shut {
            ready!(Pin::new(&mut wire.stream).poll_shutdown(cx))?;
            wire.shut = true;
        }
        let mut scratch = [0; 8 * 1024];
        loop {
            // Asked first: a client that never pauses must not keep its connection by that.
            if *wire.ended.borrow() || wire.linger.poll(cx, wire.limits.linger).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut buf = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(&mut wire.stream).poll_read(cx, &mut buf)) {
                Ok(()) if !buf.filled().is_empty() => {}
                Ok(()) | Err(_) => return Poll::Ready(Ok(())),
            }
        }
    }
}

/// Counts down while something is waited for.
#[derive(Default)]
struct Patience {
    /// Rings at the end of this wait, or earlier, and when.
    timer: Option<(Pin<Box<Sleep>>, Deadline)>,
    /// The end of this wait. None: nothing is waited for.
    until: Option<Deadline>,
}

impl Patience {
    /// Ready when `time` has passed since the first call after [`Patience::forget`].
    ///
    /// Most waits are short, and setting a timer costs more than looking at the clock. A timer of an earlier
    /// wait rings too early, and is set anew only then.
    fn poll(&mut self, cx: &mut Context<'_>, time: Duration) -> Poll<()> {
        let until = *self.until.get_or_insert_with(|| Deadline::after(time));
        let timer = || (Box::pin(tokio::time::sleep(until.left())), until);
        let (sleep, rings) = self.timer.get_or_insert_with(timer);
        if *rings > until {
            sleep.set(tokio::time::sleep(until.left()));
            *rings = until;
        }
        loop {
            ready!(sleep.as_mut().poll(cx));
            if *rings >= until {
                return Poll::Ready(());
            }
            sleep.set(tokio::time::sleep(until.left()));
            *rings = until;
        }
    }

    fn forget(&mut self) {
        self.until = None;
    }

    fn runs(&self) -> bool {
        self.until.is_some()
    }
}
