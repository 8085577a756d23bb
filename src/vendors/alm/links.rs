//! Links: the address that was asked, as the vendor writes it.

use percent_encoding::percent_decode_str;

use crate::http::Request;

/// The parameter that says where a page starts.
pub const CURSOR: &str = "page[cursor]";

/// Parameters that prove who calls. No link repeats them.
const SECRETS: &[&str] = &["access_token", "csrf_token"];

/// The address of the request: its parameters in their order.
pub fn own(request: &Request) -> String {
    address(request, parameters(request).map(|(_, shown)| shown))
}

/// The address of the page that starts where `cursor` says: the same, and the cursor last.
pub fn next(request: &Request, cursor: &str) -> String {
    let others = parameters(request).filter(|(name, _)| name != CURSOR);
    let cursor = format!("{CURSOR}={cursor}");
    address(
        request,
        others
            .map(|(_, shown)| shown)
            .chain(std::iter::once(cursor)),
    )
}

/// Each parameter's name and how links show it.
fn parameters(request: &Request) -> impl Iterator<Item = (String, String)> {
    let pieces = request.query.split('&').filter(|piece| !piece.is_empty());
    pieces.filter_map(|piece| {
        let (name, value) = match piece.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (piece, None),
        };
        let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
        let shown = match (name.as_str(), value) {
            // Its padding is written as it is, however the caller encoded it.
            (CURSOR, Some(value)) => format!("{CURSOR}={}", plain_cursor(value)),
            _ => with_brackets(piece),
        };
        (!SECRETS.contains(&name.as_str())).then_some((name, shown))
    })
}

fn plain_cursor(value: &str) -> String {
    value.replace("%3D", "=").replace("%3d", "=")
}

/// What the vendor takes apart and puts together again has its brackets decoded.
fn with_brackets(piece: &str) -> String {
    let open = piece.replace("%5B", "[").replace("%5b", "[");
    open.replace("%5D", "]").replace("%5d", "]")
}

/// Where the API is, as the caller sees it: scheme and host, and the prefix that stands for the vendor's host.
pub fn base(request: &Request) -> String {
    let path = request.path.strip_suffix(super::errors::path(request));
    let prefix = path.unwrap_or("");
    format!("{}://{}{prefix}", scheme(request), host(request))
}

fn address(request: &Request, parameters: impl Iterator<Item = String>) -> String {
    let parameters: Vec<String> = parameters.collect();
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!(
        "{}://{}{}{mark}{}",
        scheme(request),
        host(request),
        request.path,
        parameters.join("&")
    )
}

fn scheme(request: &Request) -> &'static str {
    match first(request, "x-forwarded-proto") {
        Some(proto) if proto.eq_ignore_ascii_case("https") => "https",
        Some(_) | None => "http",
    }
}

fn host(request: &Request) -> &str {
    let forwarded = first(request, "x-forwarded-host").filter(|host| !host.is_empty());
    forwarded
        .or_else(|| request.header("host").filter(|host| !host.is_empty()))
        .unwrap_or("localhost")
}

/// Of several proxies the first one counts: the caller spoke to that one.
fn first<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    Some(request.header(name)?.split(',').next()?.trim())
}
