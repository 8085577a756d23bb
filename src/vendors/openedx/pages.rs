//! The few pages in HTML: what a site shows where no view answers. They are small and our own; a real
//! site's wear its theme.

use hyper::StatusCode;

use super::behaviour::Profile;
use crate::http::Reply;
use crate::platform::{ApiError, Words};

/// What Django calls HTML from its fourth release on, and pages made from templates before.
pub const HTML: &str = "text/html; charset=utf-8";

/// The page of a path that leads nowhere.
pub fn not_found() -> Reply {
    page(StatusCode::NOT_FOUND, HTML, "Not Found (404)")
}

/// The page of a view that broke.
pub fn server_error(profile: Profile) -> Reply {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    page(status, bare(profile), "Server Error (500)")
}

/// The page of a request that Django itself cannot read.
pub fn bad_request(profile: Profile) -> Reply {
    page(StatusCode::BAD_REQUEST, bare(profile), "Bad Request (400)")
}

/// The same as a refusal; `what` is for the journal.
pub fn unreadable(profile: Profile, what: &str) -> ApiError {
    ApiError::InItsOwnWords(Words {
        status: StatusCode::BAD_REQUEST,
        content_type: Some(bare(profile)),
        body: html("Bad Request (400)"),
        cookie: None,
        what: what.to_owned(),
    })
}

/// The page of the web server in front, which lets no larger body through.
pub fn too_large() -> Reply {
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    page(status, "text/html", "Request Entity Too Large (413)")
}

/// The page of a site that is asked too often.
pub fn too_many() -> Reply {
    let status = StatusCode::TOO_MANY_REQUESTS;
    page(status, HTML, "Too Many Requests (429)")
}

/// The page of the web server in front while there is nothing behind it.
pub fn unavailable() -> Reply {
    let title = "503 Service Temporarily Unavailable";
    let page = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n\
         <center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    Reply::new(StatusCode::SERVICE_UNAVAILABLE, "text/html", page)
}

/// The type of pages that Django makes without a template.
fn bare(profile: Profile) -> &'static str {
    match profile {
        Profile::Legacy | Profile::Classic => "text/html",
        Profile::Ulmo => HTML,
    }
}

/// As long as Django's own page for the same title.
fn html(title: &str) -> String {
    format!(
        "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>{title}</title>\n</head>\n<body>\n  <h1>{title}</h1>\n  <hr>\n</body>\n</html>\n"
    )
}

fn page(status: StatusCode, content_type: &'static str, title: &str) -> Reply {
    Reply::new(status, content_type, html(title))
}
