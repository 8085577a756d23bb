//! How the records of a file lie over those of the file it extends. The same for every vendor.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use super::{FileId, Problems};
use crate::place::{Spot, cut};

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
}

impl Key {
    /// A name that is the same in upper and lower case, as ids and e-mail addresses are. `kind` says
    /// what sort of name it is, such as `id`.
    pub fn folded(kind: &'static str, written: &str) -> Key {
        Key::compared_as(kind, written, written.to_lowercase())
    }

    /// A name with a form in which all its spellings are the same.
    pub fn compared_as(kind: &'static str, written: &str, compared: String) -> Key {
        Key {
            kind,
            written: (written != compared).then(|| written.to_owned()),
            compared,
            is_secret: false,
        }
    }

    /// A name that counts letter by letter.
    pub fn exact(kind: &'static str, written: impl Into<String>) -> Key {
        Key {
            kind,
            compared: written.into(),
            written: None,
            is_secret: false,
        }
    }

    /// The same, but no message shows it.
    #[must_use]
    pub fn secret(self) -> Key {
        Key {
            is_secret: true,
            ..self
        }
    }

    /// As it was written.
    fn written(&self) -> &str {
        self.written.as_deref().unwrap_or(&self.compared)
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

/// A record that can be told from others.
pub trait Keyed {
    /// What it is known by; `None` if it lacks what would tell.
    fn key(&self) -> Option<Key>;

    /// Where that stands.
    fn spot(&self) -> Spot;

    /// Its name is another's, which was reported: nothing more is to be said of it.
    fn hide_key(&mut self) {}
}

/// Lays the records of `file` over those of its parent. A record of the same key takes the parent's place;
/// the others follow. A key that one file uses twice is a problem at its second place; that record
/// follows too, so that it is checked as well.
pub fn merge_records<T: Keyed>(
    into: &mut Vec<Sourced<T>>,
    file: FileId,
    records: Vec<T>,
    problems: &mut Problems,
) {
    let known = into.iter().enumerate();
    let mut positions: HashMap<Key, usize> = known
        .filter_map(|(position, record)| Some((record.value.key()?, position)))
        .collect();
    for value in records {
        let mut sourced = Sourced { file, value };
        let Some(key) = sourced.value.key() else {
            into.push(sourced);
            continue;
        };
        let Some(position) = positions.get(&key) else {
            positions.insert(key, into.len());
            into.push(sourced);
            continue;
        };
        let other = &mut into[*position];
        if other.file == file {
            let line = other.value.spot().line;
            let what = match key.is_secret {
                true => format!("duplicate {}, first at line {line}", key.kind),
                false => format!(
                    "duplicate {} `{}`, first at line {line}",
                    key.kind,
                    cut(key.written())
                ),
            };
            problems.at(file, sourced.value.spot(), what, None);
            sourced.value.hide_key();
            into.push(sourced);
        } else {
            *other = sourced;
        }
    }
}

/// Notes which file each value of a list came from, and appends them.
pub fn append<T>(into: &mut Vec<Sourced<T>>, file: FileId, values: Vec<T>) {
    into.extend(values.into_iter().map(|value| Sourced { file, value }));
}

/// The values without their files.
pub fn values<T: Clone>(sourced: &[Sourced<T>]) -> Vec<T> {
    sourced.iter().map(|it| it.value.clone()).collect()
}

/// Gives a struct of optional switches `over`: each switch as written, else as in the parent. A switch
/// that is not named here does not compile.
macro_rules! switches {
    ($name:ident { $($switch:ident),+ $(,)? }) => {
        impl $name {
            /// Whether none is written.
            pub fn is_empty(&self) -> bool {
                let $name { $($switch),+ } = self;
                $($switch.is_none())&&+
            }

            /// These switches, and for those left out the parent's.
            #[must_use]
            pub fn over(self, parent: $name) -> $name {
                let $name { $($switch),+ } = self;
                $name { $($switch: $switch.or(parent.$switch)),+ }
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

pub(crate) use switch;
pub(crate) use switches;
