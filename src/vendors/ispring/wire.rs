//! iSpring's enrollments as bytes: one small appending writer for XML and one for JSON.
//!
//! Written by hand because this is the hot path; a property test holds the bytes equal to what the
//! serializers of serde_json and quick-xml make of the same fields.

use std::io::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::behaviour::{Behaviour, DueDatePosition, JsonFlags};
use super::id::Id;
use super::records::{Assigned, Certificate, Enrollment};

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
pub struct Shown {
    /// The enrollment.
    pub enrollment: Enrollment,
    /// The id of its content.
    pub content: Id,
    /// The id of its learner.
    pub learner: Id,
    /// Its certificate, if it is to be shown.
    pub certificate: Option<Certificate>,
}

/// One field's value on the wire.
enum Value {
    Id(Id),
    Date(Date),
    Moment(Timestamp),
    Number(u8),
    Flag(bool),
}

impl Shown {
    /// The fields before the certificate, in the order of the vendor's sample. Where the optional
    /// dates stand is not documented, so a switch decides.
    fn fields(&self, position: DueDatePosition) -> impl Iterator<Item = (&'static str, Value)> {
        let it = &self.enrollment;
        let dates = || {
            let due = it.due.map(|date| ("dueDate", Value::Date(date)));
            let expires = it.due.filter(|_| it.locks);
            let expires = expires.map(|date| ("expirationDate", Value::Date(date)));
            due.into_iter().chain(expires)
        };
        let group = match it.assigned {
            Assigned::Admin => 0,
            Assigned::Catalog => 1,
        };
        let early = position == DueDatePosition::AfterAccessDate;
        [
            ("enrollmentId", Value::Id(it.id)),
            ("courseId", Value::Id(self.content)),
            ("learnerId", Value::Id(self.learner)),
            ("accessDate", Value::Date(it.access)),
        ]
        .into_iter()
        .chain(dates().filter(move |_| early))
        .chain([
            ("enrollmentTypeGroup", Value::Number(group)),
            ("shouldLockAfterDueDate", Value::Flag(it.locks)),
        ])
        .chain(dates().filter(move |_| !early))
    }
}

/// The fields of a certificate.
fn certificate_fields(certificate: &Certificate) -> impl Iterator<Item = (&'static str, Value)> {
    let expires = certificate
        .expires
        .map(|at| ("expiryDate", Value::Moment(at)));
    [
        ("issuedCertificateId", Value::Id(certificate.id)),
        ("issueDate", Value::Moment(certificate.issued)),
    ]
    .into_iter()
    .chain(expires)
}

/// An XML document under way.
#[derive(Debug)]
pub struct Xml {
    bytes: Vec<u8>,
    /// How deep the next element stands, where the document is indented.
    depth: Option<usize>,
}

impl Xml {
    /// A document that begins with the vendor's prolog.
    pub fn new(pretty: bool) -> Self {
        Xml {
            bytes: b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec(),
            depth: pretty.then_some(0),
        }
    }

    /// A piece of a document that goes on `depth` elements deep.
    pub fn within(pretty: bool, depth: usize) -> Self {
        Xml {
            bytes: Vec::new(),
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
    pub fn enrollment(&mut self, shown: &Shown, behaviour: &Behaviour) {
        self.open("enrollment");
        for (name, value) in shown.fields(behaviour.due_date_position) {
            self.value(name, value);
        }
        if let Some(certificate) = &shown.certificate {
            self.open("certificate");
            for (name, value) in certificate_fields(certificate) {
                self.value(name, value);
            }
            self.close("certificate");
        }
        self.close("enrollment");
    }

    fn value(&mut self, name: &str, value: Value) {
        self.leaf(name, |bytes| match value {
            Value::Id(id) => bytes.extend_from_slice(id.text().as_str().as_bytes()),
            Value::Date(date) => write_date(bytes, date),
            Value::Moment(at) => write_moment(bytes, at),
            Value::Number(number) => bytes.push(b'0' + number),
            Value::Flag(flag) => bytes.push(b'0' + u8::from(flag)),
        });
    }

    fn leaf(&mut self, name: &str, text: impl FnOnce(&mut Vec<u8>)) {
        self.line();
        self.bytes.push(b'<');
        self.push(name);
        self.bytes.push(b'>');
        text(&mut self.bytes);
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

    /// What is written, to go on with the rest of the document.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

/// Appends an enrollment as a JSON object.
pub fn json_enrollment(bytes: &mut Vec<u8>, shown: &Shown, behaviour: &Behaviour) {
    json_fields(bytes, shown.fields(behaviour.due_date_position), behaviour);
    if let Some(certificate) = &shown.certificate {
        bytes.extend_from_slice(b",\"certificate\":");
        json_fields(bytes, certificate_fields(certificate), behaviour);
        bytes.push(b'}');
    }
    bytes.push(b'}');
}

/// Appends `{` and the fields; the caller closes the object.
fn json_fields(
    bytes: &mut Vec<u8>,
    fields: impl Iterator<Item = (&'static str, Value)>,
    behaviour: &Behaviour,
) {
    let mut before = b'{';
    for (name, value) in fields {
        bytes.push(before);
        before = b',';
        bytes.push(b'"');
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b"\":");
        let quoted = |bytes: &mut Vec<u8>, text: &dyn Fn(&mut Vec<u8>)| {
            bytes.push(b'"');
            text(bytes);
            bytes.push(b'"');
        };
        match value {
            Value::Id(id) => quoted(bytes, &|b| {
                b.extend_from_slice(id.text().as_str().as_bytes())
            }),
            Value::Date(date) => quoted(bytes, &|b| write_date(b, date)),
            Value::Moment(at) => quoted(bytes, &|b| write_moment(b, at)),
            Value::Number(number) => bytes.push(b'0' + number),
            Value::Flag(flag) => match behaviour.json_flags {
                JsonFlags::Boolean if flag => bytes.extend_from_slice(b"true"),
                JsonFlags::Boolean => bytes.extend_from_slice(b"false"),
                JsonFlags::Integer => bytes.push(b'0' + u8::from(flag)),
            },
        }
    }
}

/// `2022-07-14`.
fn write_date(bytes: &mut Vec<u8>, date: Date) {
    // Writing to a vector cannot fail.
    let _ = write!(
        bytes,
        "{:04}-{:02}-{:02}",
        date.year(),
        date.month(),
        date.day()
    );
}

/// `2022-07-15T07:19:00+00:00`: PHP's DATE_ATOM, always in UTC, never a fraction.
fn write_moment(bytes: &mut Vec<u8>, at: Timestamp) {
    let at = TimeZone::UTC.to_datetime(at);
    write_date(bytes, at.date());
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    let _ = write!(bytes, "T{hour:02}:{minute:02}:{second:02}+00:00");
}
