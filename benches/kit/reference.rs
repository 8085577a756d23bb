//! The limit: hyper with an answer that it holds ready, and a token that it compares.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

struct Held {
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    authorization: HeaderValue,
}

/// Serves `reference THREADS PORT FILE AUTHORIZATION` for ever; FILE holds an answer as it was on the wire.
pub fn serve() {
    let args: Vec<String> = std::env::args().collect();
    let [_, _, threads, port, file, authorization] = &args[..] else {
        panic!("reference THREADS PORT FILE AUTHORIZATION")
    };
    let held = Arc::new(read(Path::new(file), authorization));
    let mut runtime = match threads.as_str() {
        "one" => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.enable_all().build().unwrap();
    runtime.block_on(accept(port.parse().unwrap(), held));
}

fn read(file: &Path, authorization: &str) -> Held {
    let answer = std::fs::read(file).unwrap();
    let head = answer.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    let lines = std::str::from_utf8(&answer[..head])
        .unwrap()
        .lines()
        .skip(1);
    let fields = lines.map(|line| line.split_once(": ").unwrap());
    Held {
        headers: fields
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect(),
        body: Bytes::copy_from_slice(&answer[head + 4..]),
        authorization: authorization.parse().unwrap(),
    }
}

async fn accept(port: u16, held: Arc<Held>) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let _ = stream.set_nodelay(true);
        let held = Arc::clone(&held);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, Arc::clone(&held)));
            let mut http = http1::Builder::new();
            http.auto_date_header(false).title_case_headers(true);
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    held: Arc<Held>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.headers().get(AUTHORIZATION) != Some(&held.authorization) {
        let mut refused = Response::new(Full::new(Bytes::new()));
        *refused.status_mut() = StatusCode::UNAUTHORIZED;
        return Ok(refused);
    }
    let mut headers = HeaderMap::with_capacity(held.headers.len());
    for (name, value) in &held.headers {
        headers.append(name.clone(), value.clone());
    }
    let mut response = Response::new(Full::new(held.body.clone()));
    *response.headers_mut() = headers;
    Ok(response)
}
