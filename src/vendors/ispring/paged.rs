//! `GET /enrollments` and `POST /enrollments`: the list page by page.

use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;

use super::behaviour::{Behaviour, PageToken, RepeatedFilter};
use super::fields::Fields;
use super::id::Id;
use super::list::selection;
use super::listing::{ListQuery, reply};
use super::records::EnrollmentNumber;
use super::world::World;
use crate::http::{Reply, Request};
use crate::platform::{ApiError, quoted};
use crate::vendors::ispring::Call;

/// "If not indicated, equal to 1000": the vendor's page.
const DEFAULT_PAGE_SIZE: usize = 1000;

/// The parameter that says where a page starts.
const TOKEN: &str = "pageToken";

/// Answers with one page, and the token of the next if there is one.
pub fn list_enrollments_paged(call: &Call<'_>) -> Result<Reply, ApiError> {
    let (wanted, behaviour) = {
        let world = call.context.read();
        let behaviour = *world.behaviour();
        let posted = call.request.method == Method::POST;
        let fields = if posted {
            Fields::of_body(call.request)?
        } else {
            Fields::of_query(&call.request.query, behaviour.repeated_filter)
        };
        let wanted = ListQuery {
            selection: selection(&fields, !posted, &world)?,
            from: start(&fields, &world)?,
            page_size: Some(page_size(&fields, &behaviour)?),
            token: sent(&fields)?,
        };
        (wanted, behaviour)
    };
    Ok(reply(call, wanted, behaviour))
}

/// The page token of a request, whatever it is worth. An empty one is none.
pub fn token(request: &Request) -> Option<String> {
    let fields = if request.method == Method::POST {
        Fields::of_body(request).ok()?
    } else {
        Fields::of_query(&request.query, RepeatedFilter::default())
    };
    let token = fields.text(TOKEN).ok()??;
    (!token.is_empty()).then(|| token.into_owned())
}

fn page_size(fields: &Fields, behaviour: &Behaviour) -> Result<usize, ApiError> {
    let Some(text) = fields.text("pageSize")? else {
        return Ok(DEFAULT_PAGE_SIZE);
    };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than a number holds still ask for everything.
    let size = digits.then(|| text.parse().unwrap_or(usize::MAX));
    match size {
        Some(0) | None => Err(ApiError::Malformed(format!(
            "pageSize {} is not a positive number",
            quoted(&text)
        ))),
        Some(size) if behaviour.clamp_page_size => Ok(size.min(DEFAULT_PAGE_SIZE)),
        Some(size) => Ok(size),
    }
}

/// The page token as sent, for the journal.
fn sent(fields: &Fields) -> Result<Option<String>, ApiError> {
    let token = fields.text("pageToken")?.unwrap_or_default();
    Ok((!token.is_empty()).then(|| token.into_owned()))
}

/// Where the page starts: a token is the id of an enrollment in base64, and an empty one is the
/// first page. It stays good for ever, also when that enrollment was deleted since.
fn start(fields: &Fields, world: &World) -> Result<Bound<EnrollmentNumber>, ApiError> {
    let token = match fields.text(TOKEN)? {
        None => return Ok(Bound::Unbounded),
        Some(token) if token.is_empty() => return Ok(Bound::Unbounded),
        Some(token) => token,
    };
    let bytes = STANDARD.decode(token.as_bytes());
    let id: Option<Id> = bytes
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.parse().ok());
    let Some(id) = id else {
        return Err(ApiError::BadCursor(format!(
            "pageToken {} is not an id in base64",
            quoted(&token)
        )));
    };
    let Some(place) = world.place_of(id) else {
        return Err(ApiError::BadCursor(format!(
            "pageToken {} names no enrollment: {id}",
            quoted(&token)
        )));
    };
    Ok(match world.behaviour().page_token {
        PageToken::LastOfPage => Bound::Excluded(place),
        PageToken::FirstOfNext => Bound::Included(place),
    })
}
