//! `GET /learningObjects/{id}`: something to learn.

use hyper::StatusCode;

use super::auth;
use super::behaviour::UnknownLearningObject;
use super::document::{self, Links, Shape};
use super::errors::JSON_API;
use super::headers;
use super::links;
use super::records::{LearningObjectId, Scope};
use super::resources::{Context, Kind, Ref};
use crate::http::{Query, Reply};
use crate::platform::ApiError;
use crate::vendors::alm::Call;

/// Shows a learning object; to a learner with the own enrollment in it.
pub fn get_learning_object(call: &Call<'_>) -> Result<Reply, ApiError> {
    let holder = auth::holder_of(call.principal);
    let query = Query::parse(call.request.query.as_bytes());
    let shape = Shape::read_about(Kind::LearningObject, &query)?;
    let world = call.context.read();
    // Roles are separate: an administrator's token is no learner's.
    let learns = world.may(&holder, Scope::LearnerRead);
    let own = learns.then(|| world.seen_by(&holder, holder.user, Scope::LearnerRead));
    let context = Context {
        world: &world,
        enrollments: own.flatten(),
    };
    let named = call.param("id");
    let id = LearningObjectId::read(named);
    let object = id.and_then(|id| Ref::LearningObject(id).load(&context));
    let links = Links::to(links::own(call.request));
    let document = match (object, world.behaviour().unknown_learning_object) {
        (Some(object), _) => document::about(&*object, &context, &links, &shape),
        (None, UnknownLearningObject::Refuse) => {
            return Err(ApiError::NoSuchObject(named.to_owned()));
        }
        (None, UnknownLearningObject::NullData) => document::about_nothing(&links),
        (None, UnknownLearningObject::EmptyBody) => return Ok(headers::empty(StatusCode::OK)),
    };
    Ok(Reply::new(StatusCode::OK, JSON_API, document))
}
