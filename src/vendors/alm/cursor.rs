//! The cursor of a list: how many records of each type were delivered.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

use super::links;
use super::records::LoType;
use crate::digits;
use crate::platform::ApiError;

/// Written with padding, read with and without, as the vendor's language does. What counts four types
/// never needs the two characters in which the alphabet of URLs differs.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How many records of each type were delivered: each type's list goes on behind them.
///
/// What else an object says was never written here: one that names a type twice, or something that is
/// none, would be read in part, and the rest of its walk begin anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Cursor {
    job_aid: u64,
    course: u64,
    learning_program: u64,
    certification: u64,
}

impl Cursor {
    /// Reads a cursor. A type that it does not name starts at its first record.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(text: &str) -> Result<Self, ApiError> {
        let json = BASE64.decode(text).map_err(|_| unreadable())?;
        // A list of counters would be read as well, in the order of the members.
        let is_object = json.trim_ascii_start().starts_with(b"{");
        let cursor = is_object.then(|| serde_json::from_slice(&json).ok());
        cursor.flatten().ok_or_else(unreadable)
    }

    /// How many of this type were delivered.
    pub fn count(&self, kind: LoType) -> u64 {
        match kind {
            LoType::JobAid => self.job_aid,
            LoType::Course => self.course,
            LoType::LearningProgram => self.learning_program,
            LoType::Certification => self.certification,
        }
    }

    /// One more of this type is delivered.
    pub fn deliver(&mut self, kind: LoType) {
        let count = self.count_mut(kind);
        *count = count.saturating_add(1);
    }

    /// The text in links: all four counters, always in this order.
    pub fn text(&self) -> String {
        let mut json = Vec::with_capacity(128);
        for (name, count) in [
            (&b"{\"jobAid\":"[..], self.job_aid),
            (b",\"course\":", self.course),
            (b",\"learningProgram\":", self.learning_program),
            (b",\"certification\":", self.certification),
        ] {
            json.extend_from_slice(name);
            digits::number(&mut json, count);
        }
        json.push(b'}');
        let mut text = String::with_capacity(json.len().div_ceil(3) * 4);
        BASE64.encode_string(json, &mut text);
        text
    }

    fn count_mut(&mut self, kind: LoType) -> &mut u64 {
        match kind {
            LoType::JobAid => &mut self.job_aid,
            LoType::Course => &mut self.course,
            LoType::LearningProgram => &mut self.learning_program,
            LoType::Certification => &mut self.certification,
        }
    }
}

fn unreadable() -> ApiError {
    ApiError::BadCursor(links::CURSOR.to_owned())
}
