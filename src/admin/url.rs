//! URLs of this server, as the client of a request spells them.

use crate::http::Request;

/// The base URL of the sandbox that a request reached, as its client spells it.
pub(super) fn base_url(request: &Request) -> String {
    let prefix = request.path.get(..request.sandbox_prefix);
    format!("{}{}", origin(request), prefix.unwrap_or_default())
}

/// Scheme, host and port, as the client spells them.
pub(super) fn origin(request: &Request) -> String {
    let host = request.header("host").unwrap_or("localhost");
    // The first of several proxies counts: the client spoke to it.
    let forwarded = request.header("x-forwarded-proto").unwrap_or("");
    let scheme = match forwarded.split(',').next().unwrap_or("").trim() {
        "https" => "https",
        _ => "http",
    };
    format!("{scheme}://{host}")
}
