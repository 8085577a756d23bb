//! A resource object: `id`, `type`, `attributes`, `relationships`, compact and in this order.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Context, Kind, Ref, Related, Resource};
use crate::vendors::alm::fields::Fields;

/// Appends a resource object.
pub fn render(
    resource: &dyn Resource,
    context: &Context<'_>,
    fields: &Fields,
    bytes: &mut Vec<u8>,
) {
    let this = resource.reference();
    let kind = this.kind();
    bytes.push(b'{');
    append_identity(this, context, bytes);
    let mut attributes = Members::new("attributes", kind, fields, bytes);
    resource.attributes(&mut attributes);
    attributes.close();
    let mut relationships = Members::new("relationships", kind, fields, bytes);
    for (relation, _) in kind.relations() {
        if fields.shows(kind, relation.name()) {
            let related = resource.related(*relation, context);
            relationships.link(relation.name(), &related, context);
        }
    }
    relationships.close();
    bytes.push(b'}');
}

fn append_identity(this: Ref, context: &Context<'_>, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(b"\"id\":");
    append(bytes, &this.id(context));
    bytes.extend_from_slice(b",\"type\":");
    append(bytes, this.kind().name());
}

/// The attributes of a resource under way, or its relationships. Where there are none, there is no
/// such member.
#[derive(Debug)]
pub struct Members<'a> {
    name: &'static str,
    kind: Kind,
    fields: &'a Fields,
    bytes: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Members<'a> {
    fn new(name: &'static str, kind: Kind, fields: &'a Fields, bytes: &'a mut Vec<u8>) -> Self {
        Members {
            name,
            kind,
            fields,
            bytes,
            is_empty: true,
        }
    }

    /// A member.
    pub fn put<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if self.fields.shows(self.kind, name) {
            self.begin(name);
            append(self.bytes, value);
        }
    }

    /// A member, where there is a value.
    pub fn maybe<T: Serialize + ?Sized>(&mut self, name: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// An instant, where there is one.
    pub fn instant(&mut self, name: &str, value: Option<Timestamp>) {
        if let Some(at) = value {
            self.put(name, &instant(at));
        }
    }

    /// A number that may be a decimal one: whole where it is whole.
    pub fn decimal(&mut self, name: &str, value: Option<f64>) {
        let Some(value) = value.filter(|it| it.is_finite()) else {
            return;
        };
        if self.fields.shows(self.kind, name) {
            self.begin(name);
            self.bytes.extend_from_slice(value.to_string().as_bytes());
        }
    }

    fn link(&mut self, name: &str, related: &Related, context: &Context<'_>) {
        match related {
            Related::Nothing => {}
            Related::One(one) => {
                self.begin(name);
                self.bytes.extend_from_slice(b"{\"data\":{");
                append_identity(*one, context, self.bytes);
                self.bytes.extend_from_slice(b"}}");
            }
            Related::Many(many) => {
                self.begin(name);
                self.bytes.extend_from_slice(b"{\"data\":[");
                for (at, one) in many.iter().enumerate() {
                    self.bytes
                        .extend_from_slice(if at == 0 { b"{" } else { b",{" });
                    append_identity(*one, context, self.bytes);
                    self.bytes.push(b'}');
                }
                self.bytes.extend_from_slice(b"]}");
            }
        }
    }

    fn begin(&mut self, name: &str) {
        match std::mem::replace(&mut self.is_empty, false) {
            true => {
                self.bytes.push(b',');
                append(self.bytes, self.name);
                self.bytes.extend_from_slice(b":{");
            }
            false => self.bytes.push(b','),
        }
        append(self.bytes, name);
        self.bytes.push(b':');
    }

    fn close(self) {
        if !self.is_empty {
            self.bytes.push(b'}');
        }
    }
}

/// Appends a value. Writing to a vector cannot fail, and nothing here has keys that are not text.
fn append<T: Serialize + ?Sized>(bytes: &mut Vec<u8>, value: &T) {
    let _ = serde_json::to_writer(bytes, value);
}

/// `2023-06-16T11:48:49.000Z`: milliseconds are always shown and never kept.
fn instant(at: Timestamp) -> String {
    let at = TimeZone::UTC.to_datetime(at);
    let (date, hour, minute, second) = (at.date(), at.hour(), at.minute(), at.second());
    format!("{date}T{hour:02}:{minute:02}:{second:02}.000Z")
}
