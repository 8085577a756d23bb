//! iSpring's enrollments as bytes: one small appending writer for XML and one for JSON.
//!
//! Written by hand because this is the hot path; a property test holds the bytes equal to what the
//! serializers of serde_json and quick-xml make of the same fields.

use jiff::Timestamp;
use jiff::civil::Date;

use super::behaviour::{Behaviour, DueDatePosition, JsonFlags};
use super::id::Id;
use super::records::{Assigned, Certificate, Enrollment};
use super::row;
use crate::digits;

/// XML or JSON, as the request's `Accept` decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// The vendor's default.
    Xml,
    /// For those who ask for nothing else.
    Json,
}

/// An enrollment with what the wire needs of the records it refers to.
#[derive(Clone, Debug)]
pub struct EnrollmentView {
    /// The enrollment.
    pub enrollment: Enrollment,
    /// The id of its content.
    pub content: Id,
    /// The id of its learner.
    pub learner: Id,
    /// Its certificate, if it is to be shown.
    pub certificate: Option<Certificate>,
}

/// A field's name, as it stands on the wire in both syntaxes.
struct Name {
    open: &'static str,
    close: &'static str,
    json: &'static str,
}

/// The name of a field.
macro_rules! name {
    ($name:literal) => {
        &Name {
            open: concat!("<", $name, ">"),
            close: concat!("</", $name, ">"),
            json: concat!("\"", $name, "\":"),
        }
    };
}

/// One field's value on the wire.
enum Value {
    Id(Id),
    Date(Date),
    Moment(Timestamp),
    Number(u8),
    Flag(bool),
}

impl EnrollmentView {
    /// Gives `put` the fields before the certificate, in the order of the vendor's sample. Where the optional
    /// dates stand is not documented, so a switch decides.
    #[inline]
    fn fields(&self, position: DueDatePosition, mut put: impl FnMut(&'static Name, Value)) {
        let it = &self.enrollment;
        put(name!("enrollmentId"), Value::Id(it.id));
        put(name!("courseId"), Value::Id(self.content));
        put(name!("learnerId"), Value::Id(self.learner));
        put(name!("accessDate"), Value::Date(it.access));
        if position == DueDatePosition::AfterAccessDate {
            it.dates(&mut put);
        }
        let group = match it.assigned {
            Assigned::Admin => 0,
            Assigned::Catalog => 1,
        };
        put(name!("enrollmentTypeGroup"), Value::Number(group));
        put(name!("shouldLockAfterDueDate"), Value::Flag(it.locks));
        if position != DueDatePosition::AfterAccessDate {
            it.dates(&mut put);
        }
    }
}

impl Enrollment {
    /// Gives `put` the dates that not every enrollment has.
    #[inline]
    fn dates(&self, put: &mut impl FnMut(&'static Name, Value)) {
        if let Some(due) = self.due {
            put(name!("dueDate"), Value::Date(due));
            if self.locks {
                put(name!("expirationDate"), Value::Date(due));
            }
        }
    }
}

impl Certificate {
    /// Gives `put` the fields of a certificate.
    #[inline]
    fn fields(&self, mut put: impl FnMut(&'static Name, Value)) {
        put(name!("issuedCertificateId"), Value::Id(self.id));
        put(name!("issueDate"), Value::Moment(self.issued));
        if let Some(expires) = self.expires {
            put(name!("expiryDate"), Value::Moment(expires));
        }
    }
}

/// An XML document under way.
#[derive(Debug)]
pub struct Xml<'a> {
    bytes: &'a mut Vec<u8>,
    /// How deep the next element stands, where the document is indented.
    depth: Option<usize>,
}

impl<'a> Xml<'a> {
    /// A document that begins with the vendor's prolog.
    pub fn new(bytes: &'a mut Vec<u8>, pretty: bool) -> Self {
        bytes.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        Xml::within(bytes, pretty, 0)
    }

    /// A piece of a document that goes on `depth` elements deep.
    pub fn within(bytes: &'a mut Vec<u8>, pretty: bool, depth: usize) -> Self {
        Xml {
            bytes,
            depth: pretty.then_some(depth),
        }
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str) {
        self.line();
        self.bytes.push(b'<');
        self.push(name);
        self.bytes.push(b'>');
        if let Some(depth) = &mut self.depth {
            *depth += 1;
        }
    }

    /// Closes an element that has elements in it.
    pub fn close(&mut self, name: &str) {
        if let Some(depth) = &mut self.depth {
            *depth = depth.saturating_sub(1);
        }
        self.line();
        self.push("</");
        self.push(name);
        self.bytes.push(b'>');
    }

    /// An element with nothing in it.
    pub fn empty(&mut self, name: &str) {
        self.line();
        self.bytes.push(b'<');
        self.push(name);
        self.push("/>");
    }

    /// An element with text in it.
    pub fn text(&mut self, name: &str, text: &str) {
        self.leaf(name, |bytes| {
            for character in text.chars() {
                match character {
                    '&' => bytes.extend_from_slice(b"&amp;"),
                    '<' => bytes.extend_from_slice(b"&lt;"),
                    '>' => bytes.extend_from_slice(b"&gt;"),
                    // XML 1.0 has no way to write these.
                    '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' => {}
                    '\u{FFFE}' | '\u{FFFF}' => {}
                    _ => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                }
            }
        });
    }

    /// An enrollment.
    pub fn enrollment(&mut self, shown: &EnrollmentView, behaviour: &Behaviour) {
        if self.depth.is_none() && row::append(self.bytes, shown, behaviour) {
            return;
        }
        self.open("enrollment");
        shown.fields(behaviour.due_date_position, |name, value| {
            self.value(name, value);
        });
        if let Some(certificate) = &shown.certificate {
            self.open("certificate");
            certificate.fields(|name, value| self.value(name, value));
            self.close("certificate");
        }
        self.close("enrollment");
    }

    fn value(&mut self, name: &'static Name, value: Value) {
        self.line();
        self.push(name.open);
        match value {
            Value::Id(id) => id.append(self.bytes),
            Value::Date(date) => digits::date(self.bytes, date),
            Value::Moment(at) => append_moment(self.bytes, at),
            Value::Number(number) => self.bytes.push(b'0' + number),
            Value::Flag(flag) => self.bytes.push(b'0' + u8::from(flag)),
        }
        self.push(name.close);
    }

    fn leaf(&mut self, name: &str, text: impl FnOnce(&mut Vec<u8>)) {
        self.line();
        self.bytes.push(b'<');
        self.push(name);
        self.bytes.push(b'>');
        text(self.bytes);
        self.push("</");
        self.push(name);
        self.bytes.push(b'>');
    }

    /// Begins a new line where the document is indented. The prolog has ended its own.
    fn line(&mut self) {
        if let Some(depth) = self.depth {
            if !matches!(self.bytes.last(), Some(b'\n')) {
                self.bytes.push(b'\n');
            }
            self.bytes.extend(std::iter::repeat_n(b' ', 2 * depth));
        }
    }

    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// How many bytes are written.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// Appends an enrollment as a JSON object.
pub fn json_enrollment(bytes: &mut Vec<u8>, shown: &EnrollmentView, behaviour: &Behaviour) {
    let flags = behaviour.json_flags;
    let mut before = b'{';
    shown.fields(behaviour.due_date_position, |name, value| {
        json_field(bytes, &mut before, name, value, flags);
    });
    if let Some(certificate) = &shown.certificate {
        bytes.extend_from_slice(b",\"certificate\":");
        let mut before = b'{';
        certificate.fields(|name, value| json_field(bytes, &mut before, name, value, flags));
        bytes.push(b'}');
    }
    bytes.push(b'}');
}

/// Appends a field behind `before`, which is a comma from then on.
fn json_field(
    bytes: &mut Vec<u8>,
    before: &mut u8,
    name: &'static Name,
    value: Value,
    flags: JsonFlags,
) {
    bytes.push(std::mem::replace(before, b','));
    bytes.extend_from_slice(name.json.as_bytes());
    let is_text = matches!(value, Value::Id(_) | Value::Date(_) | Value::Moment(_));
    if is_text {
        bytes.push(b'"');
    }
    match value {
        Value::Id(id) => id.append(bytes),
        Value::Date(date) => digits::date(bytes, date),
        Value::Moment(at) => append_moment(bytes, at),
        Value::Number(number) => bytes.push(b'0' + number),
        Value::Flag(flag) => match flags {
            JsonFlags::Boolean if flag => bytes.extend_from_slice(b"true"),
            JsonFlags::Boolean => bytes.extend_from_slice(b"false"),
            JsonFlags::Integer => bytes.push(b'0' + u8::from(flag)),
        },
    }
    if is_text {
        bytes.push(b'"');
    }
}

/// `2022-07-15T07:19:00+00:00`: PHP's DATE_ATOM, always in UTC, never a fraction.
fn append_moment(bytes: &mut Vec<u8>, at: Timestamp) {
    let at = digits::utc(at);
    digits::date(bytes, at.date());
    bytes.push(b'T');
    digits::second(bytes, at.time());
    bytes.extend_from_slice(b"+00:00");
}
