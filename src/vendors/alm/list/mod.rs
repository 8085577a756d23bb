//! The enrollments of one user, page by page: the administrator's list and the learner's own.
//!
//! A page starts behind as many records of each type as its cursor counts, so what is enrolled or
//! left between two pages makes a walk skip or repeat, as it does with the vendor.

mod filter;
mod query;
mod sorted;

use hyper::StatusCode;

use super::auth;
use super::document::{self, Links};
use super::errors::JSON_API;
use super::links;
use super::params::Params;
use super::records::{Enrollment, Scope};
use super::subject::Subject;
use super::world::{Visible, World};
use crate::http::Reply;
use crate::platform::{ApiError, Page};
use crate::vendors::alm::Call;
use filter::Filtered;
use query::ListQuery;
use sorted::{Merged, of_type};

/// The list of the user whom the path names.
pub fn list_user_enrollments(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let world = call.context.read();
    let subject = Subject::named(call, &world, &holder, Scope::AdminRead)?;
    let params = Params::of(call.request);
    let query = ListQuery::of_anybody(&params, world.behaviour())?;
    let visible = subject.visible(call, &world, &holder, Scope::AdminRead)?;
    Ok(page(call, &world, visible, &params, &query))
}

/// The caller's own list.
pub fn list_enrollments(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let world = call.context.read();
    let subject = Subject::caller(call, &world);
    let params = Params::of(call.request);
    let query = ListQuery::of_a_learner(&params, world.behaviour())?;
    let visible = subject.visible(call, &world, &holder, Scope::LearnerRead)?;
    Ok(page(call, &world, visible, &params, &query))
}

/// The page that is wished for.
fn page(
    call: &Call<'_>,
    world: &World,
    visible: Visible<'_>,
    params: &Params,
    query: &ListQuery,
) -> Reply {
    let filtered = Filtered::new(&query.filter, world, visible);
    let mut rest = behind_cursor(visible, &filtered, query);
    let rows: Vec<Enrollment> = rest.by_ref().take(query.limit).collect();
    let mut cursor = query.cursor;
    for row in &rows {
        cursor.deliver(row.instance_id.of.kind);
    }
    let next = rest.next().map(|_| cursor.text());
    let own = links::own(call.request);
    let links = Links {
        next: next
            .as_ref()
            .map(|cursor| links::next(call.request, &own, cursor)),
        self_: own,
    };
    call.notes.page(Page {
        cursor: params.one(links::CURSOR).map(str::to_owned),
        shown: rows.len(),
        next,
        previous: None,
    });
    let body = document::list(world, visible, &links, &rows, &query.shape);
    Reply::new(StatusCode::OK, JSON_API, body)
}

/// What follows the records that the cursor counts.
fn behind_cursor<'a>(
    visible: Visible<'a>,
    filtered: &'a Filtered<'a>,
    query: &ListQuery,
) -> Merged<'a> {
    let lists = query.types.iter().map(|kind| {
        let all = of_type(visible, kind, query.sort);
        let delivered = usize::try_from(query.cursor.count(kind)).unwrap_or(usize::MAX);
        match (filtered.shows_all(), delivered) {
            (true, 0) => all,
            (true, _) => Box::new(all.skip(delivered)),
            (false, _) => {
                let shown = all.filter(|row| filtered.shows(row));
                Box::new(shown.skip(delivered))
            }
        }
    });
    Merged::new(query.sort, lists)
}
