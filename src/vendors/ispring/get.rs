//! `/enrollment/{id}`: get, edit, enroll again.

use hyper::StatusCode;
use hyper::header::{CONTENT_LENGTH, HeaderValue};

use super::behaviour::JsonObject;
use super::errors::{content_type, syntax};
use super::fields::Fields;
use super::id::Id;
use super::listing::{note_scope, shown};
use super::records::Enrollment;
use super::schedule::{Plan, Schedule};
use super::wire::{Syntax, Xml, json_enrollment};
use super::world::{Unseen, World};
use crate::http::{Reply, rendered};
use crate::platform::{ApiError, quoted};
use crate::vendors::ispring::Call;

/// Answers with one enrollment.
pub fn get_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    let id = id(call)?;
    let world = call.context.read();
    let behaviour = *world.behaviour();
    note_scope(call, &world);
    let found = find(&world, call, id)?;
    let shown = shown(found, &world, call.context.now).ok_or(ApiError::Internal)?;
    let syntax = syntax(call.request);
    let body = rendered(|bytes| match syntax {
        Syntax::Xml => {
            let mut xml = Xml::new(bytes, behaviour.pretty_xml);
            xml.open("response");
            xml.enrollment(&shown, &behaviour);
            xml.close("response");
        }
        Syntax::Json => {
            let wrapped = behaviour.json_object == JsonObject::Response;
            if wrapped {
                bytes.extend_from_slice(b"{\"response\":");
            }
            json_enrollment(bytes, &shown, &behaviour);
            if wrapped {
                bytes.push(b'}');
            }
        }
    });
    Ok(Reply::new(
        StatusCode::OK,
        content_type(syntax, &behaviour),
        body,
    ))
}

/// Gives an enrollment new dates.
pub fn edit_enrollment(call: &Call<'_>) -> Result<Reply, ApiError> {
    reschedule(call, |world, found, schedule, _| {
        world.reschedule(found, schedule)
    })
}

/// Archives an enrollment and makes a new one in its stead.
pub fn reenroll(call: &Call<'_>) -> Result<Reply, ApiError> {
    reschedule(call, World::reenroll)
}

fn reschedule(
    call: &Call<'_>,
    act: impl FnOnce(&mut World, Enrollment, Schedule, jiff::Timestamp),
) -> Result<Reply, ApiError> {
    let plan = Plan::for_existing(&Fields::of_body(call.request)?)?;
    let id = id(call)?;
    let mut world = call.context.write();
    note_scope(call, &world);
    let found = find(&world, call, id)?;
    let content = world.content_at(found.content).ok_or(ApiError::Internal)?;
    let schedule = plan.for_content(&content)?;
    act(&mut world, found, schedule, call.context.now);
    Ok(empty(StatusCode::OK))
}

/// A reply that says nothing, and says that it does.
pub fn empty(status: StatusCode) -> Reply {
    let mut reply = Reply::status(status);
    reply
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    reply
}

fn id(call: &Call<'_>) -> Result<Id, ApiError> {
    let text = call.param("id");
    text.parse()
        .map_err(|_| ApiError::Malformed(format!("{} in the path is not an id", quoted(text))))
}

/// The enrollment, if it is the caller's to see.
pub fn find(world: &World, call: &Call<'_>, id: Id) -> Result<Enrollment, ApiError> {
    let found = world.seen_by(call.principal).enrollment(id);
    found.map_err(|unseen| match unseen {
        Unseen::Unknown => ApiError::NoSuchObject(format!("there is no enrollment {id}")),
        Unseen::OutOfScope => ApiError::OutOfScope(format!(
            "enrollment {id} belongs to a learner outside the caller's departments"
        )),
    })
}
