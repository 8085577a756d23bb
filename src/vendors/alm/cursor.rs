//! The cursor of a list: how many records of each type were delivered.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Serialize;
use serde_json::{Map, Value};

use super::links;
use super::records::LoType;
use crate::vendors::ApiError;

/// Written with padding, read with and without, as the vendor's language does.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How many records of each type were delivered: each type's list goes on behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    job_aid: u64,
    course: u64,
    learning_program: u64,
    certification: u64,
}

/// The cursor as it is written, before it is encoded.
#[derive(Serialize)]
struct Counters {
    #[serde(rename = "jobAid")]
    job_aid: u64,
    course: u64,
    #[serde(rename = "learningProgram")]
    learning_program: u64,
    certification: u64,
}

impl Cursor {
    /// Reads a cursor. A type that it does not name starts at its first record.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(text: &str) -> Result<Self, ApiError> {
        let counters = BASE64.decode(text).ok();
        let counters = counters.and_then(|json| serde_json::from_slice(&json).ok());
        let counters: Map<String, Value> = counters.ok_or_else(unreadable)?;
        let mut cursor = Cursor::default();
        for kind in LoType::ALL {
            if let Some(count) = counters.get(kind.name()) {
                *cursor.count_mut(kind) = count.as_u64().ok_or_else(unreadable)?;
            }
        }
        Ok(cursor)
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

    /// The text in links.
    pub fn text(&self) -> String {
        let counters = Counters {
            job_aid: self.job_aid,
            course: self.course,
            learning_program: self.learning_program,
            certification: self.certification,
        };
        BASE64.encode(serde_json::to_vec(&counters).unwrap_or_default())
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
