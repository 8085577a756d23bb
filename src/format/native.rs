//! Text as scenario files write it, and small words about numbers and booleans.

use std::fmt;

use serde::Deserializer;
use serde::de::{Error, Visitor};

use super::Text;
use crate::place::Place;

/// How many there were, if there were any.
pub fn counted(count: u64) -> Option<u32> {
    (count > 0).then(|| u32::try_from(count).unwrap_or(u32::MAX))
}

/// The texts of a list, if it is written.
pub fn texts(written: Option<Vec<Place<Text>>>) -> Option<Vec<String>> {
    let texts = written?.into_iter().map(|place| place.value.0);
    Some(texts.collect())
}

/// Whether a key is written, and true.
pub fn written_true(written: &Option<Place<bool>>) -> bool {
    written.as_ref().is_some_and(|it| it.value)
}

/// What a running world writes of a key that is written only if it is true.
pub fn if_true(is_so: bool) -> Option<Place<bool>> {
    unless_default(is_so).map(Place::made)
}

/// What a running world writes of a key that is left out if it is as by default.
pub fn unless_default<T: Default + PartialEq>(value: T) -> Option<T> {
    if value == T::default() {
        return None;
    }
    Some(value)
}

/// What text is asked for as, so that a reader who knows about quotes can answer with what is sure to be text.
pub(super) const TEXT: &str = "__enrollmock_text";

/// Reads text, or a whole number as it is written. `true` and `1.5` are text in quotes only.
///
/// # Errors
/// If it is something else.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_newtype_struct(TEXT, TextTaker)
}

struct TextTaker;

impl Visitor<'_> for TextTaker {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}
