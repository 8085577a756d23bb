//! `GET /user` and `GET /users/{id}`: a user.

use hyper::StatusCode;

use super::auth;
use super::document::{self, Links, Shape};
use super::errors::JSON_API;
use super::links;
use super::records::{Scope, decimal};
use super::resources::{Context, Kind, Ref};
use crate::http::{Query, Reply};
use crate::platform::{ApiError, AuthError};
use crate::vendors::alm::Call;

/// Shows who calls.
pub fn get_current_user(call: &Call<'_>) -> Result<Reply, ApiError> {
    let caller = call.context.read().caller(call.principal);
    let caller = caller.ok_or(ApiError::Unauthenticated(AuthError::Unknown))?;
    show(call, Some(caller.id), &call.principal.name)
}

/// Shows any user to administrators, and every user to itself.
pub fn get_user(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let named = call.param("id");
    let is_admin = call.context.read().may(&holder, Scope::AdminRead);
    if !is_admin && *named != *call.principal.name {
        return Err(ApiError::OutOfScope(named.to_owned()));
    }
    show(call, decimal(named), named)
}

fn show(call: &Call<'_>, id: Option<u64>, named: &str) -> Result<Reply, ApiError> {
    let query = Query::parse(call.request.query.as_bytes());
    let shape = Shape::read_about(Kind::User, &query)?;
    let world = call.context.read();
    let context = Context {
        world: &world,
        enrollments: None,
    };
    let user = id.and_then(|id| Ref::User(id).load(&context));
    let user = user.ok_or_else(|| ApiError::NoSuchObject(named.to_owned()))?;
    let links = Links::to(links::own(call.request));
    let document = document::about(&*user, &context, &links, &shape);
    Ok(Reply::new(StatusCode::OK, JSON_API, document))
}
