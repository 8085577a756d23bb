//! How the records of a file lie over those of the file it extends. The same for every vendor.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use super::{FileId, Problems, Text};
use crate::place::{Place, Spot, cut};

/// A value together with the file it was read from.
#[derive(Clone, Debug)]
pub struct Sourced<T> {
    /// The file.
    pub file: FileId,
    /// The value.
    pub value: T,
}

/// What makes a record the same record in another file.
#[derive(Clone, Debug)]
pub struct Key {
    kind: &'static str,
    /// It is never shown.
    is_secret: bool,
    compared: String,
    /// None: as it is compared.
    written: Option<String>,
    /// Where the record says it.
    spot: Spot,
}

// What stands nowhere is missing, faulty or a duplicate, which was reported: it is no key.
impl Key {
    /// A name that counts letter by letter. `kind` says what sort of name it is, such as `id`.
    pub fn exact(kind: &'static str, name: &Place<Text>) -> Option<Key> {
        Key::compared_as(kind, name, &name.value.0, name.value.0.clone())
    }

    /// A name that is the same in upper and lower case, as ids and e-mail addresses are.
    pub fn folded(kind: &'static str, name: &Place<Text>) -> Option<Key> {
        Key::compared_as(kind, name, &name.value.0, name.value.to_lowercase())
    }

    /// A name that counts letter by letter and that no message shows.
    pub fn secret(kind: &'static str, name: &Place<Text>) -> Option<Key> {
        let key = Key::exact(kind, name)?;
        Some(Key {
            is_secret: true,
            ..key
        })
    }

    /// Two names that together are one, letter by letter.
    pub fn pair(kind: &'static str, first: &Place<Text>, second: &Place<Text>) -> Option<Key> {
        Key::both(kind, first, &first.value.0, second)
    }

    /// Two names that together are one; the first is the same in upper and lower case.
    pub fn folded_pair(
        kind: &'static str,
        first: &Place<Text>,
        second: &Place<Text>,
    ) -> Option<Key> {
        Key::both(kind, first, &first.value.to_lowercase(), second)
    }

    /// A name as messages show it, and in the form in which all its spellings are the same. It stands where
    /// `at` does.
    pub fn compared_as<T>(
        kind: &'static str,
        at: &Place<T>,
        written: &str,
        compared: String,
    ) -> Option<Key> {
        if at.spot.is_nowhere() {
            return None;
        }
        Some(Key {
            kind,
            is_secret: false,
            written: (written != compared).then(|| written.to_owned()),
            compared,
            spot: at.spot,
        })
    }

    fn both(
        kind: &'static str,
        first: &Place<Text>,
        compared: &str,
        second: &Place<Text>,
    ) -> Option<Key> {
        if second.spot.is_nowhere() {
            return None;
        }
        let written = format!("{}, {}", first.value.0, second.value.0);
        // A line feed stands in neither.
        let compared = format!("{compared}\n{}", second.value.0);
        Key::compared_as(kind, first, &written, compared)
    }

    /// Reports that it stands in the same file before.
    fn duplicate(&self, file: FileId, first: Spot, problems: &mut Problems) {
        let Key { kind, spot, .. } = self;
        let line = first.line;
        let written = self.written.as_deref().unwrap_or(&self.compared);
        let what = if self.is_secret {
            format!("duplicate {kind}, first at line {line}")
        } else {
            format!("duplicate {kind} `{}`, first at line {line}", cut(written))
        };
        problems.at(file, *spot, what, None);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        (self.kind, &self.compared) == (other.kind, &other.compared)
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.kind, &self.compared).hash(state);
    }
}

/// A record of a list that several files add to.
pub trait Keyed {
    /// What it is known by. None: it lacks what would tell, or nothing tells it from others.
    fn key(&self) -> Option<Key> {
        None
    }

    /// Its name is another's, which was reported: nothing more is to be said of it.
    fn hide_key(&mut self) {}
}

impl<T> Keyed for Place<T> {}

/// A part of what all files say together.
pub trait Lay {
    /// The same part as one file writes it.
    type Written;

    /// Lays over it what one more file says. Parents come before their children.
    fn lay(&mut self, file: FileId, written: Self::Written, problems: &mut Problems);

    /// All of it, as one file would write it.
    fn as_written(&self) -> Self::Written;
}

impl<T: Clone> Lay for Option<Sourced<T>> {
    type Written = Option<T>;

    /// What is written takes the parent's place.
    fn lay(&mut self, file: FileId, written: Option<T>, _: &mut Problems) {
        if let Some(value) = written {
            *self = Some(Sourced { file, value });
        }
    }

    fn as_written(&self) -> Option<T> {
        self.as_ref().map(|it| it.value.clone())
    }
}

impl<T: Keyed + Clone> Lay for Vec<Sourced<T>> {
    type Written = Vec<T>;

    /// A record of the same key takes the parent's place; the others follow. A key that one file uses twice
    /// is a problem at its second place; that record follows too, so that it is checked as well.
    fn lay(&mut self, file: FileId, written: Vec<T>, problems: &mut Problems) {
        let known = self.iter().enumerate();
        let mut positions: HashMap<Key, (usize, Spot)> = known
            .filter_map(|(position, record)| {
                let key = record.value.key()?;
                let spot = key.spot;
                Some((key, (position, spot)))
            })
            .collect();
        for mut value in written {
            let Some(key) = value.key() else {
                self.push(Sourced { file, value });
                continue;
            };
            let Some((position, first)) = positions.get_mut(&key) else {
                let place = (self.len(), key.spot);
                positions.insert(key, place);
                self.push(Sourced { file, value });
                continue;
            };
            let other = &mut self[*position];
            if other.file != file {
                *first = key.spot;
                *other = Sourced { file, value };
                continue;
            }
            key.duplicate(file, *first, problems);
            value.hide_key();
            self.push(Sourced { file, value });
        }
    }

    fn as_written(&self) -> Vec<T> {
        self.iter().map(|it| it.value.clone()).collect()
    }
}

/// Says what records are known by, one line each: the sort of key, its kind in messages, and the fields
/// that hold it.
macro_rules! keyed {
    ($($record:ident: $sort:ident $kind:literal $first:ident $(+ $second:ident)?;)+) => {$(
        impl $crate::format::Keyed for $record {
            fn key(&self) -> Option<$crate::format::Key> {
                $crate::format::Key::$sort($kind, &self.$first $(, &self.$second)?)
            }

            fn hide_key(&mut self) {
                self.$first.spot = $crate::place::Spot::default();
            }
        }
    )+};
}

/// Lets a struct of optional switches lie over others: each switch as written, else as in the parent. A
/// switch that is not named here does not compile.
macro_rules! switches {
    ($name:ident { $($switch:ident),+ $(,)? }) => {
        impl $name {
            /// Whether none is written.
            pub fn is_empty(&self) -> bool {
                let $name { $($switch),+ } = self;
                $($switch.is_none())&&+
            }

        }

        impl $crate::format::Lay for $name {
            type Written = $name;

            fn lay(
                &mut self,
                _: $crate::format::FileId,
                written: $name,
                _: &mut $crate::format::Problems,
            ) {
                let $name { $($switch),+ } = written;
                $(self.$switch = $switch.or(self.$switch.take());)+
            }

            fn as_written(&self) -> $name {
                self.clone()
            }
        }
    };
}

/// One switch: its values in the order in which they are documented, one of them the default.
macro_rules! switch {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize,
            schemars::JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$value_doc])* $value),+ }
    };
}

pub(crate) use keyed;
pub(crate) use switch;
pub(crate) use switches;
