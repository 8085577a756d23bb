//! `GET /enrollment`: the whole list at once, however long.

use std::ops::Bound;

use super::behaviour::UnknownFilterId;
use super::fields::Fields;
use super::listing::{ListQuery, reply};
use super::world::{Filter, Selection, World};
use crate::http::Reply;
use crate::platform::ApiError;
use crate::vendors::ispring::Call;

/// Answers with every enrollment that the caller sees and the filters let through.
pub fn list_enrollments(call: &Call<'_>) -> Result<Reply, ApiError> {
    let (selection, behaviour) = {
        let world = call.context.read();
        let behaviour = *world.behaviour();
        let fields = Fields::of_query(&call.request.query, behaviour.repeated_filter);
        (selection(&fields, true, &world)?, behaviour)
    };
    let wanted = ListQuery {
        selection,
        from: Bound::Unbounded,
        page_size: None,
        token: None,
    };
    Ok(reply(call, wanted, behaviour))
}

/// What the filters of a list select. `comma` says whether one value may hold several ids.
///
/// # Errors
/// When one cannot be read or, where a switch says so, names nothing.
pub fn selection(fields: &Fields, comma: bool, world: &World) -> Result<Selection, ApiError> {
    let filter = Filter {
        enrollments: fields.ids("enrollmentIds", comma)?,
        learners: fields.ids("learnerIds", comma)?,
        content: fields.ids("courseIds", comma)?,
    };
    let selection = filter.select(world);
    match world.behaviour().unknown_filter_id {
        UnknownFilterId::Empty => Ok(selection),
        UnknownFilterId::BadRequest => match filter.unknown_id(world) {
            None => Ok(selection),
            Some(id) => Err(ApiError::NoSuchRecord(format!(
                "{id} in a filter names nothing"
            ))),
        },
    }
}
