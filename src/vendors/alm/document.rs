//! The documents: `links`, `data` and, where asked for, `included`. Compact, in this order.

use bytes::Bytes;

use super::fields::Fields;
use super::include::{self, Include};
use super::records::Enrollment;
use super::resources::{Context, Kind, Resource, render};

use super::world::{Visible, World};
use crate::http::{Query, rendered};
use crate::json::append_text;
use crate::platform::ApiError;

/// How a caller wants a document: what goes with it, and what of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// What goes along.
    pub include: Include,
    /// Which members are shown.
    pub fields: Fields,
}

impl Shape {
    /// Reads `include` and `fields[...]` for a document about enrollments. `enforcedFields[...]` only
    /// adds members that no scenario holds, and so adds nothing.
    ///
    /// # Errors
    /// When something is to go along that has no relation to enrollments: the path.
    pub fn read(query: &Query) -> Result<Shape, ApiError> {
        Shape::read_about(Kind::Enrollment, query)
    }

    /// The same for a document about resources of another type.
    ///
    /// # Errors
    /// When something is to go along that has no relation to them: the path.
    pub fn read_about(kind: Kind, query: &Query) -> Result<Shape, ApiError> {
        Ok(Shape {
            include: Include::read(kind, query)?,
            fields: Fields::read(query)?,
        })
    }
}

/// Where a document is from, and where the next one of its list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// The address that was asked.
    pub self_: String,
    /// The next page. None: this is the last one.
    pub next: Option<String>,
}

impl Links {
    /// Of a document that has no pages.
    pub fn to(self_: String) -> Self {
        Links { self_, next: None }
    }
}

/// A page of a user's enrollments. `visible` is what the caller may see of that user.
pub fn list(
    world: &World,
    visible: Visible<'_>,
    links: &Links,
    enrollments: &[Enrollment],
    shape: &Shape,
) -> Bytes {
    let context = Context {
        world,
        enrollments: Some(visible),
    };
    let about = || enrollments.iter().map(|it| it as &dyn Resource);
    rendered(|bytes| {
        begin(links, bytes);
        bytes.push(b'[');
        append(about(), &context, shape, bytes);
        bytes.push(b']');
        finish(about(), &context, shape, bytes);
    })
}

/// One of a user's enrollments. `visible` is what the caller may see of that user.
pub fn one(
    world: &World,
    visible: Visible<'_>,
    links: &Links,
    enrollment: &Enrollment,
    shape: &Shape,
) -> Bytes {
    let context = Context {
        world,
        enrollments: Some(visible),
    };
    about(enrollment, &context, links, shape)
}

/// A document about one resource.
pub fn about(
    resource: &dyn Resource,
    context: &Context<'_>,
    links: &Links,
    shape: &Shape,
) -> Bytes {
    rendered(|bytes| {
        begin(links, bytes);
        render(resource, context, &shape.fields, bytes);
        finish(std::iter::once(resource), context, shape, bytes);
    })
}

/// A document about something that is not there.
pub fn about_nothing(links: &Links) -> Bytes {
    rendered(|bytes| {
        begin(links, bytes);
        bytes.extend_from_slice(b"null}");
    })
}

/// Appends a document up to its data.
fn begin(links: &Links, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(b"{\"links\":{\"self\":");
    append_text(bytes, &links.self_);
    if let Some(next) = &links.next {
        bytes.extend_from_slice(b",\"next\":");
        append_text(bytes, next);
    }
    bytes.extend_from_slice(b"},\"data\":");
}

/// Appends what follows the data.
fn finish<'a>(
    about: impl Iterator<Item = &'a dyn Resource>,
    context: &Context<'_>,
    shape: &Shape,
    bytes: &mut Vec<u8>,
) {
    let included = if shape.include.is_empty() {
        Vec::new()
    } else {
        include::gather(&shape.include, &about.collect::<Vec<_>>(), context)
    };
    if !included.is_empty() {
        bytes.extend_from_slice(b",\"included\":[");
        append(included.iter().map(|it| &**it), context, shape, bytes);
        bytes.push(b']');
    }
    bytes.push(b'}');
}

/// Appends resource objects, with commas in between.
fn append<'a>(
    resources: impl Iterator<Item = &'a dyn Resource>,
    context: &Context<'_>,
    shape: &Shape,
    bytes: &mut Vec<u8>,
) {
    for (at, resource) in resources.enumerate() {
        if at > 0 {
            bytes.push(b',');
        }
        render(resource, context, &shape.fields, bytes);
    }
}
