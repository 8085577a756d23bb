//! From the bytes of one YAML file to a typed value, with every structural fault at its place.
//!
//! A file's events become a bounded tree, and a sound file's value is read from it. What the types refuse is
//! held against the JSON Schema of the type: what is faulty is reported and cut out, and the sound rest is
//! read. The schema alone decides what a fault is.

mod number;
mod piece;
mod shape;
mod tree;
mod typed;
mod walk;

use std::collections::HashSet;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::de::DeserializeOwned;

use crate::place::{Problem, Spot};

pub use piece::pieces;

/// The largest file that is read.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How deep lists and mappings may nest. No format here needs a tenth of it.
const MAX_DEPTH: usize = 64;

/// How many scalars, lists and mappings a file may hold: 100,000 records of 40 each, and some.
const MAX_NODES: usize = 5_000_000;

/// What reading one file gives.
#[derive(Clone, Debug)]
pub struct Read<T> {
    /// The sound part of the file; `None` if too little is sound.
    pub value: Option<T>,
    /// Every structural fault.
    pub problems: Vec<Problem>,
    /// What `value` lacks because it was faulty.
    pub dropped: Dropped,
}

/// What was left out of a file because of its faults, so that no check calls a reference to it dangling.
#[derive(Clone, Debug, Default)]
pub struct Dropped {
    /// The ids of left-out records, in lower case.
    pub ids: HashSet<String>,
    /// True: something was left out whose ids are unknown, such as a whole list.
    pub unknown: bool,
    /// The file's own keys with a fault in them or below them, by the name that was meant.
    pub keys: HashSet<String>,
    /// Mappings that lost keys: where they stand, and where the value stands that names them; nowhere
    /// if one of them has no such value.
    pub maimed: HashSet<Spot>,
}

/// A fault within a file whose name the finder does not know.
#[derive(Clone, Debug)]
struct Fault {
    spot: Spot,
    what: String,
    try_this: Option<String>,
}

impl Fault {
    fn new(spot: Spot, what: impl Into<String>) -> Fault {
        Fault {
            spot,
            what: what.into(),
            try_this: None,
        }
    }

    fn with_cure(mut self, cure: Option<String>) -> Fault {
        self.try_this = cure;
        self
    }
}

/// Reads the file called `name`: all that is sound in it, and all that is not.
pub fn read<T: DeserializeOwned + JsonSchema>(name: &str, bytes: &[u8]) -> Read<T> {
    let (value, faults, dropped) = match text_of(bytes) {
        Ok(text) => parse(text),
        Err(fault) => (None, vec![fault], Dropped::everything()),
    };
    let problems = faults
        .into_iter()
        .map(|fault| Problem {
            file: name.to_owned(),
            spot: fault.spot,
            what: fault.what,
            try_this: fault.try_this,
        })
        .collect();
    Read {
        value,
        problems,
        dropped,
    }
}

/// How a missing key is reported, wherever it is noticed.
pub fn missing_key(key: &str) -> String {
    format!("missing key `{key}`")
}

impl Dropped {
    /// Nothing of the file could be read.
    pub fn everything() -> Dropped {
        Dropped {
            unknown: true,
            ..Dropped::default()
        }
    }
}

/// The file's text, if it is text that YAML allows.
fn text_of(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(too_large());
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (sound, rest) = bytes.split_at(error.valid_up_to());
        let spot = end_of(std::str::from_utf8(sound).unwrap_or_default());
        let byte = rest.first().copied().unwrap_or_default();
        Fault::new(spot, format!("byte 0x{byte:02X} is not UTF-8"))
            .with_cure(Some("save the file as UTF-8".to_owned()))
    })?;
    let control =
        |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f;
    match text.bytes().position(control) {
        Some(at) => {
            let (before, rest) = text.split_at(at);
            let byte = rest.bytes().next().unwrap_or_default();
            Err(Fault::new(
                end_of(before),
                format!("character U+{byte:04X} is not allowed in YAML"),
            ))
        }
        None => Ok(text),
    }
}

fn too_large() -> Fault {
    Fault::new(Spot::default(), "the file is larger than 64 MiB")
}

/// Where the character after `text` stands.
fn end_of(text: &str) -> Spot {
    let line = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Spot {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    }
}

/// Through a bounded tree. A sound file is read from it at once; only when a type refuses something, or when
/// anything stands twice, is the tree held against the schema of `T`, which knows all faults.
fn parse<T: DeserializeOwned + JsonSchema>(text: &str) -> (Option<T>, Vec<Fault>, Dropped) {
    let mut root = match tree::build(text) {
        Ok(root) => root,
        Err(fault) => return (None, vec![fault], Dropped::everything()),
    };
    if !root.repeats_a_key()
        && let Some(value) = typed::sound(&root)
    {
        return (Some(value), Vec::new(), Dropped::default());
    }
    let schema = SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator()
        .into_root_schema_for::<T>();
    let (sound, mut faults, mut dropped) = walk::prune(&mut root, schema.as_value());
    // What an unsound root lacks is reported already; some types can do without it.
    let mut known = Vec::new();
    let news = if sound { &mut faults } else { &mut known };
    let value = typed::read(&mut root, news, &mut dropped);
    (value, faults, dropped)
}
