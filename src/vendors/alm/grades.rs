//! `GET /loResourceGrades/{id}`: how a user does in a module, by the id that enrollments show.

use hyper::StatusCode;

use super::auth;
use super::document::{self, Links, Shape};
use super::errors::JSON_API;
use super::links;
use super::records::{Scope, decimal};
use super::resources::{Context, Kind, Module, Ref};
use crate::http::{Query, Reply};
use crate::platform::ApiError;
use crate::vendors::alm::Call;

/// Shows a grade to administrators and to whom it is about.
pub fn get_resource_grade(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let world = call.context.read();
    let named = call.param("id");
    let meant = read(named);
    if let Some((_, user)) = meant
        && !world.may(&holder, Scope::AdminRead)
        && user.to_string() != call.principal.name
    {
        return Err(ApiError::OutOfScope(named.to_owned()));
    }
    let query = Query::parse(call.request.query.as_bytes());
    let shape = Shape::read_about(Kind::Grade, &query)?;
    let unknown = || ApiError::NoSuchObject(named.to_owned());
    let (module, user) = meant.ok_or_else(unknown)?;
    let whose = world.user(user).ok_or_else(unknown)?;
    let context = Context {
        world: &world,
        enrollments: world.seen_by(&holder, whose.number, Scope::AdminRead),
    };
    let grade = Ref::Grade(module, user).load(&context);
    let grade = grade.ok_or_else(unknown)?;
    let links = Links::to(links::own(call.request));
    let document = document::about(&*grade, &context, &links, &shape);
    Ok(Reply::new(StatusCode::OK, JSON_API, document))
}

/// A module and a user.
fn read(id: &str) -> Option<(Module, u64)> {
    let (module, user) = id.rsplit_once('_')?;
    Some((Module::read(module)?, decimal(user)?))
}
