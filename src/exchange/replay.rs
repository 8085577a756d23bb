//! Sends a recording's requests to an emulator and compares the answers.

use std::fmt;

use super::compare::differences;
use super::{Exchange, Recording};
use crate::emulator::Emulator;
use crate::journal::Entry;
use crate::place::Spot;

/// An exchange that got another answer, and how the two differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    file: String,
    spot: Spot,
    title: String,
    request: String,
    /// Why the emulator refused the request, if it did.
    refused: Option<String>,
    differences: Vec<String>,
}

impl Recording {
    /// Sends every request in order, and returns the journal's entry of each.
    ///
    /// # Errors
    /// The first exchange with another answer. Later ones may differ because of it.
    pub fn replay(&self, emulator: &Emulator) -> Result<Vec<Entry>, Box<Mismatch>> {
        let mut entries = Vec::with_capacity(self.exchanges.len());
        for exchange in &self.exchanges {
            entries.extend(self.replay_one(exchange, emulator)?);
        }
        Ok(entries)
    }

    fn replay_one(
        &self,
        exchange: &Exchange,
        emulator: &Emulator,
    ) -> Result<Option<Entry>, Box<Mismatch>> {
        let answer = emulator.handle(exchange.request.clone());
        let (status, headers) = (answer.reply.status.as_u16(), &answer.reply.headers);
        let body = answer.reply.body.collect();
        let differences = differences(&exchange.expected, status, headers, &body);
        if differences.is_empty() {
            return Ok(answer.note.map(|note| note.entry()));
        }
        Err(Box::new(Mismatch {
            file: self.file.clone(),
            spot: exchange.spot,
            title: exchange.title.clone(),
            request: format!("{} {}", exchange.request.method, exchange.url),
            refused: answer.note.and_then(|note| note.why.refused.clone()),
            differences,
        }))
    }
}

impl fmt::Display for Mismatch {
    /// `FILE:LINE:COLUMN: TITLE`, the request, and what was expected and what came.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spot { line, column } = self.spot;
        writeln!(f, "{}:{line}:{column}: {}", self.file, self.title)?;
        write!(f, "  {}", self.request)?;
        if let Some(refused) = &self.refused {
            write!(f, "\n  refused: {refused}")?;
        }
        for difference in &self.differences {
            for line in difference.lines() {
                write!(f, "\n  {line}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Mismatch {}
