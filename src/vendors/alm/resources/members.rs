//! A resource object: `id`, `type`, `attributes`, `relationships`, compact and in this order.

use std::ops::Range;

use jiff::Timestamp;
use serde::Serialize;

use super::{Context, Kind, Ref, Related, Resource};
use crate::digits;
use crate::vendors::alm::fields::Fields;
use crate::vendors::alm::records::Second;

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
    let id = append_identity(this, context, bytes);
    if fields.shows_all(kind) && resource.append_all(id, context, bytes) {
        bytes.push(b'}');
        return;
    }
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

/// Appends id and type; where the id stands.
fn append_identity(this: Ref, context: &Context<'_>, bytes: &mut Vec<u8>) -> Range<usize> {
    bytes.extend_from_slice(b"\"id\":\"");
    let start = bytes.len();
    this.append_id(context, bytes);
    let end = bytes.len();
    bytes.extend_from_slice(b"\",\"type\":\"");
    bytes.extend_from_slice(this.kind().name().as_bytes());
    bytes.push(b'"');
    start..end
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
        if self.shows(name) {
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

    /// A word of the vendor's own, which needs no escapes.
    pub fn word(&mut self, name: &str, word: &'static str) {
        if self.shows(name) {
            self.begin(name);
            self.bytes.push(b'"');
            self.bytes.extend_from_slice(word.as_bytes());
            self.bytes.push(b'"');
        }
    }

    /// A truth value.
    pub fn flag(&mut self, name: &str, flag: bool) {
        if self.shows(name) {
            self.begin(name);
            let word: &[u8] = if flag { b"true" } else { b"false" };
            self.bytes.extend_from_slice(word);
        }
    }

    /// A whole number.
    pub fn number(&mut self, name: &str, number: u32) {
        if self.shows(name) {
            self.begin(name);
            digits::number(self.bytes, u64::from(number));
        }
    }

    /// An instant, where there is one.
    pub fn instant(&mut self, name: &str, value: Option<Second>) {
        if let Some(at) = value.filter(|_| self.shows(name)) {
            self.begin(name);
            self.bytes.push(b'"');
            append_instant(self.bytes, at.at());
            self.bytes.push(b'"');
        }
    }

    fn shows(&self, name: &str) -> bool {
        self.fields.shows(self.kind, name)
    }

    /// A number that may be a decimal one: whole where it is whole.
    pub fn decimal(&mut self, name: &str, value: Option<f64>) {
        let Some(value) = value.filter(|it| it.is_finite()) else {
            return;
        };
        if self.shows(name) {
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
        if std::mem::replace(&mut self.is_empty, false) {
            self.bytes.extend_from_slice(b",\"");
            self.bytes.extend_from_slice(self.name.as_bytes());
            self.bytes.extend_from_slice(b"\":{\"");
        } else {
            self.bytes.extend_from_slice(b",\"")
        }
        // No name of the vendor's needs escapes.
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(b"\":");
    }

    fn close(self) {
        if !self.is_empty {
            self.bytes.push(b'}');
        }
    }
}

/// Appends a value. Writing to a vector cannot fail, and nothing here has keys that are not text.
pub(super) fn append<T: Serialize + ?Sized>(bytes: &mut Vec<u8>, value: &T) {
    let _ = serde_json::to_writer(bytes, value);
}

/// Appends `2023-06-16T11:48:49.000Z`: milliseconds are always shown and never kept.
fn append_instant(bytes: &mut Vec<u8>, at: Timestamp) {
    let at = digits::utc(at);
    digits::date(bytes, at.date());
    bytes.push(b'T');
    digits::second(bytes, at.time());
    bytes.extend_from_slice(b".000Z");
}
