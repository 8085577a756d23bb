//! One connection: request after request, each received whole, answered by the handler, written.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::body::{Outgoing, respond};
use super::delivery::deliver;
use super::follow::{Terms, follow};
use super::orders::Orders;
use super::receive::{BodyBudget, plain, receive};
use super::slots::Slot;
use super::wire::{RequestCounter, Wire};
use super::{Handler, Limits};
use crate::delivery::Delivery;
use crate::emulator::Exchange;
use crate::http::Request;

/// The parts of a connection beside its socket.
struct Service {
    handler: Handler,
    limits: Limits,
    budget: Arc<BodyBudget>,
    orders: Arc<Orders>,
    slot: Arc<Slot>,
    requests: Arc<RequestCounter>,
    ended: watch::Receiver<bool>,
}

/// Serves one client until it leaves, misbehaves, or the server ends.
pub(super) async fn serve(
    stream: TcpStream,
    handler: Handler,
    limits: Limits,
    budget: Arc<BodyBudget>,
    slot: Arc<Slot>,
    mut ended: watch::Receiver<bool>,
) {
    // An answer is one small write that the client waits for: holding it back gains nothing.
    let _ = stream.set_nodelay(true);
    let requests = Arc::new(RequestCounter::default());
    let orders = Arc::new(Orders::default());
    let wire = Wire::new(
        stream,
        limits,
        Arc::clone(&requests),
        Arc::clone(&orders),
        Arc::clone(&slot),
        ended.clone(),
    );
    let shared = Arc::new(Service {
        handler,
        limits,
        budget,
        orders,
        slot,
        requests,
        ended: ended.clone(),
    });
    let service = service_fn(move |request| {
        shared.requests.begin();
        let service = Arc::clone(&shared);
        async move {
            let mut response = service.answer(request).await;
            if service.requests.is_dubious() {
                let headers = response.headers_mut();
                headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
            service.requests.end();
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http(&limits).serve_connection(TokioIo::new(wire), service);
    tokio::pin!(connection);
    // The client causes the errors of a connection, and is not there any more to be told.
    tokio::select! {
        biased;
        _ = connection.as_mut() => return,
        _ = ended.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http
        // The emulated clock owns `Date`.
        .auto_date_header(false)
        .title_case_headers(true)
        // A client that says all it has to say and shuts its side still gets its answers.
        .half_close(true)
        // The wire keeps its own, finer clock: hyper's starts with the idle time before a request.
        .header_read_timeout(None)
        // Bounds a request's head, and how much of an answer is made ahead of a slow reader.
        // `pipeline_flush` would lift the second bound and hold answers back while the next request
        // is incomplete, so it stays off.
        .max_buf_size(limits.head.max(8 * 1024));
    http
}

impl Service {
    async fn answer(&self, request: hyper::Request<Incoming>) -> Response<Outgoing> {
        if self.orders.are_to_end() {
            // Nothing is answered behind an answer that was cut.
            return std::future::pending().await;
        }
        let request = match receive(request, &self.limits, &self.budget).await {
            Ok(request) => request,
            Err(refusal) => return respond(refusal, true),
        };
        if !self.slot.keep() {
            return std::future::pending().await;
        }
        // The rest of an oversized body is still to come, and is not read.
        let close = request.oversized;
        let is_head = request.method == Method::HEAD;
        let exchange = handle(&self.handler, request);
        match exchange.follow {
            None => {
                let response = respond(exchange.reply, close);
                deliver(response, exchange.delivery, &self.orders).await
            }
            Some(followed) => {
                let terms = Terms {
                    is_head,
                    heartbeat: self.limits.heartbeat,
                    ended: self.ended.clone(),
                    orders: Arc::clone(&self.orders),
                };
                follow(followed, exchange.reply, terms).await
            }
        }
    }
}

/// Calls the handler. Its panic ends this request, not the server.
fn handle(handler: &Handler, request: Request) -> Exchange {
    catch_unwind(AssertUnwindSafe(|| handler(request))).unwrap_or_else(|_| Exchange {
        reply: plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "enrollmock failed on this request; its stderr says where. Please report it.\n",
        ),
        delivery: Delivery::default(),
        follow: None,
        note: None,
    })
}
