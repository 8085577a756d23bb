//! Numbers and booleans that are written as such: `5`, not `"5"`; and text that is neither by mistake.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use crate::place::Place;

/// Reads a number or a boolean, or an optional or a placed one, as the schema says: text that looks like
/// it is refused.
///
/// # Errors
/// If it is something else.
pub fn native<'de, D: Deserializer<'de>, T: Native>(deserializer: D) -> Result<T, D::Error> {
    T::Read::deserialize(deserializer).map(T::from_read)
}

/// How many there were, if there were any.
pub fn counted(count: u64) -> Option<u32> {
    (count > 0).then(|| u32::try_from(count).unwrap_or(u32::MAX))
}

/// Whether a key is written, and true.
pub fn written_true(written: &Option<Place<bool>>) -> bool {
    written.as_ref().is_some_and(|it| it.value)
}

/// What can be read so.
pub trait Native: Sized {
    /// What serde reads.
    type Read: for<'de> Deserialize<'de>;

    /// What it stands for.
    fn from_read(read: Self::Read) -> Self;
}

impl<T: Native> Native for Option<T> {
    type Read = Option<T::Read>;

    fn from_read(read: Self::Read) -> Self {
        read.map(T::from_read)
    }
}

impl<T: Native> Native for Place<T> {
    type Read = Place<T::Read>;

    fn from_read(read: Self::Read) -> Self {
        Place {
            value: T::from_read(read.value),
            spot: read.spot,
        }
    }
}

/// A value as the file writes it. Asked for whatever is there, the reader keeps text and other things apart.
#[derive(Debug)]
pub struct Exact<T>(T);

macro_rules! exact {
    ($($type:ty: $expected:literal, $($answer:ident $given:ty => $read:expr),+;)+) => {$(
        impl Native for $type {
            type Read = Exact<$type>;

            fn from_read(read: Self::Read) -> Self {
                read.0
            }
        }

        impl<'de> Deserialize<'de> for Exact<$type> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Taker;

                impl Visitor<'_> for Taker {
                    type Value = Exact<$type>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    $(fn $answer<E: Error>(self, given: $given) -> Result<Self::Value, E> {
                        let read: fn($given) -> Option<$type> = $read;
                        let unexpected = Unexpected::Other("another value");
                        read(given).map(Exact).ok_or_else(|| E::invalid_value(unexpected, &self))
                    })+
                }

                deserializer.deserialize_any(Taker)
            }
        }
    )+};
}

exact! {
    bool: "true or false", visit_bool bool => Some;
    u16: "a whole number", visit_u64 u64 => |it| it.try_into().ok();
    u32: "a whole number", visit_u64 u64 => |it| it.try_into().ok();
    u64: "a whole number", visit_u64 u64 => Some;
    f64: "a number", visit_u64 u64 => |it| Some(it as f64), visit_i64 i64 => |it| Some(it as f64),
        visit_f64 f64 => Some;
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
