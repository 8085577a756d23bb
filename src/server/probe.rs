//! A client that asks a server whether it is ready.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::header::HOST;
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Asks `uri` once and gives up after `patience`.
///
/// # Errors
/// Why there was no 200, in words that follow the URL and a colon.
pub async fn probe(uri: &Uri, patience: Duration) -> Result<(), String> {
    match tokio::time::timeout(patience, status(uri)).await {
        Ok(Ok(StatusCode::OK)) => Ok(()),
        Ok(Ok(status)) => Err(format!("answered {status}, not 200")),
        Ok(Err(why)) => Err(why),
        Err(_) => Err("no answer in time".to_owned()),
    }
}

async fn status(uri: &Uri) -> Result<StatusCode, String> {
    let authority = uri.authority().ok_or("the URL names no host")?;
    let host = authority
        .host()
        .trim_start_matches('[')
        .trim_end_matches(']');
    let stream = TcpStream::connect((host, authority.port_u16().unwrap_or(80)))
        .await
        .map_err(|error| error.to_string())?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let request = Request::get(target)
        .header(HOST, authority.as_str())
        .body(Empty::<Bytes>::new())
        .map_err(|error| error.to_string())?;
    let answer = sender.send_request(request);
    tokio::pin!(connection, answer);
    // A server that closes after its answer ends both at once: the answer counts.
    let answer = tokio::select! {
        biased;
        answer = &mut answer => answer,
        _ = &mut connection => answer.await,
    };
    answer
        .map(|response| response.status())
        .map_err(|error| format!("no HTTP answer: {error}"))
}
