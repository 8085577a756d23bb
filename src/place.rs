//! Where a value stands in the file it was read from, and what is wrong with it.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A spot in a file: line and column, both counted from 1. Line 0 means "the file as a whole".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// The line, counted from 1; 0 for the file as a whole.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
}

impl Spot {
    /// That of what no file holds, but which is whole all the same: a record as it is in a running world.
    pub const MADE: Spot = Spot { line: 1, column: 1 };

    /// Whether this is no spot: that of an empty value which only stands in for one that is missing or
    /// faulty, and was reported.
    pub fn is_nowhere(self) -> bool {
        self.line == 0
    }
}

/// A value together with the spot it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place<T> {
    /// The value as written.
    pub value: T,
    /// Where it stands; of an alias, where the alias stands.
    pub spot: Spot,
}

/// What a value is asked for as whose place is wanted: a reader who knows it answers with line, column and
/// value.
pub(crate) const PLACED: &str = "__enrollmock_placed";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Place<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(PLACED, PlaceTaker(PhantomData))
    }
}

struct PlaceTaker<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PlaceTaker<T> {
    type Value = Place<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Place<T>, A::Error> {
        let lacks = || A::Error::custom("a value was announced without its place");
        let spot = Spot {
            line: parts.next_element()?.ok_or_else(lacks)?,
            column: parts.next_element()?.ok_or_else(lacks)?,
        };
        let value = parts.next_element()?.ok_or_else(lacks)?;
        Ok(Place { value, spot })
    }
}

impl<T> Place<T> {
    /// A value that no file holds.
    pub fn made(value: T) -> Place<T> {
        Place {
            value,
            spot: Spot::MADE,
        }
    }
}

impl<T: Serialize> Serialize for Place<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<T: JsonSchema> JsonSchema for Place<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// One thing that is wrong with a scenario or exchange file: where, what, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file as the user named it; of a built-in scenario, `built-in:NAME`.
    pub file: String,
    /// Where in the file.
    pub spot: Spot,
    /// What is wrong and what was expected.
    pub what: String,
    /// What to write instead: the nearest right name, or the cure.
    pub try_this: Option<String>,
}

impl fmt::Display for Problem {
    /// `FILE:LINE:COLUMN: what; try this`, on one line; a whole file has no line and column.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", OneLine(&self.file))?;
        if self.spot.line > 0 {
            write!(f, "{}:{}:", self.spot.line, self.spot.column)?;
        }
        write!(f, " {}", OneLine(&self.what))?;
        match &self.try_this {
            Some(cure) => write!(f, "; {}", OneLine(cure)),
            None => Ok(()),
        }
    }
}

/// Text of a file that may hold line ends and terminal codes, harmless.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

/// How much of a value is shown in a message.
const SHOWN: usize = 60;

/// A value as messages show it: not too long.
pub fn cut(value: &str) -> Cow<'_, str> {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &value[..end])),
        None => Cow::Borrowed(value),
    }
}

#[cfg(feature = "cli")]
/// Writes the first 1,000 problems, one a line, and how many more there are.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_first(
    out: &mut dyn std::io::Write,
    problems: impl IntoIterator<Item = impl fmt::Display>,
) -> std::io::Result<()> {
    const MOST: usize = 1_000;
    let mut problems = problems.into_iter();
    for problem in problems.by_ref().take(MOST) {
        writeln!(out, "{problem}")?;
    }
    match problems.count() {
        0 => Ok(()),
        more => writeln!(out, "and {more} more"),
    }
}

/// The name among `known` that the writer most likely meant, if any is near enough. Of what is too long to be
/// a name only the beginning is compared: each letter costs as much as all those of the names.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const COMPARED: usize = 256;
    let folded = wrong[..wrong.floor_char_boundary(COMPARED)].to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&folded, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}
