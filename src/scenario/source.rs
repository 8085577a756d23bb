//! Where a scenario comes from: a built-in one, a file, or a text that was sent.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::builtin::{built_in, unknown_built_in};
use crate::format::read::MAX_BYTES;
use crate::place::cut;

/// Where a scenario comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A built-in scenario, by its name.
    BuiltIn(String),
    /// A file.
    Path(PathBuf),
    /// A text at hand.
    Inline {
        /// What problems call it.
        name: String,
        /// The YAML itself.
        text: String,
        /// The directory that paths under `extends` start from; `None`: it may extend built-in scenarios only.
        beside: Option<PathBuf>,
    },
}

/// Why a source cannot be read: what is wrong, and the way out.
pub(super) type Unreadable = (String, Option<String>);

impl Source {
    /// Reads the form used on the command line and under `extends`: with a `/` or ending in `.yaml` or
    /// `.yml` it is a path, else a built-in name.
    pub fn parse(value: &str) -> Source {
        if value.contains('/') || value.ends_with(".yaml") || value.ends_with(".yml") {
            Source::Path(PathBuf::from(value))
        } else {
            Source::BuiltIn(value.to_owned())
        }
    }

    /// What problems call it.
    pub fn name(&self) -> String {
        match self {
            Source::BuiltIn(name) => format!("built-in:{name}"),
            Source::Path(path) => path.display().to_string(),
            Source::Inline { name, .. } => name.clone(),
        }
    }

    /// The directory that paths under `extends` start from.
    pub(super) fn beside(&self) -> Option<PathBuf> {
        match self {
            Source::BuiltIn(_) => None,
            Source::Path(path) => Some(path.parent().unwrap_or(Path::new("")).to_owned()),
            Source::Inline { beside, .. } => beside.clone(),
        }
    }

    /// The source that `extends: value` means in this one.
    pub(super) fn extended(&self, value: &str) -> Result<Source, Unreadable> {
        let path = match Source::parse(value) {
            Source::Path(path) => path,
            other => return Ok(other),
        };
        if matches!(self, Source::Inline { .. }) && !stays_within(&path) {
            return Err((
                format!(
                    "`extends` is the path `{}`, expected one that leads nowhere but below the served file's \
                     directory",
                    cut(value)
                ),
                None,
            ));
        }
        match self.beside() {
            Some(directory) => Ok(Source::Path(
                directory.join(path.strip_prefix("./").unwrap_or(&path)),
            )),
            None => Err((
                format!(
                    "`extends` is the path `{}`, expected a built-in name: this scenario is not a file",
                    cut(value)
                ),
                None,
            )),
        }
    }

    /// What tells this source from every other, however it is spelt.
    pub(super) fn identity(&self) -> String {
        match self {
            Source::Path(path) => std::fs::canonicalize(path)
                .unwrap_or_else(|_| path.clone())
                .display()
                .to_string(),
            Source::BuiltIn(_) | Source::Inline { .. } => self.name(),
        }
    }

    /// The bytes, of a file too large one more than is allowed.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Unreadable> {
        match self {
            Source::BuiltIn(name) => match built_in(name) {
                Some(text) => Ok(text.as_bytes().to_vec()),
                None => Err(unknown_built_in(name)),
            },
            Source::Inline { text, .. } => Ok(text.clone().into_bytes()),
            Source::Path(path) => file_bytes(path).map_err(|error| (why(&error), None)),
        }
    }
}

/// Whether a path leads nowhere but down.
fn stays_within(path: &Path) -> bool {
    let down = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    path.components().all(down)
}

/// The bytes of a file, but no more than shows that it is too large.
///
/// # Errors
/// The system's.
pub fn file_bytes(path: &Path) -> io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Why a file cannot be read, the same on every system.
pub fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "this is a directory, expected a file".to_owned(),
        io::ErrorKind::PermissionDenied => "the file may not be read".to_owned(),
        kind => format!("the file cannot be read: {kind}"),
    }
}
