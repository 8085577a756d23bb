//! The vendors: separate systems with their own records, ids and words.

pub mod alm;
pub mod ispring;
mod nearest;
pub mod openedx;
mod pieces;
mod routes;
mod surface;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sandbox::Sandbox;
pub use nearest::nearest_operations;

pub use routes::{Located, Route, Routes, decoded, vendor_of};
pub use surface::{
    Access, ApiError, AuthError, Call, Gate, Notes, Operation, Page, Principal, Row, Slash,
    Surface, Words, comma_list, few, quoted, whole_seconds,
};

/// A learning platform that the emulator stands in for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    /// iSpring Learn.
    Ispring,
    /// Open edX, as MOOCit hosts it.
    Openedx,
    /// Adobe Learning Manager.
    Alm,
}

impl Vendor {
    /// All of them, in the order in which they are listed everywhere.
    pub const ALL: &[Vendor] = &[Vendor::Ispring, Vendor::Openedx, Vendor::Alm];

    /// The name in URLs, YAML and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Vendor::Ispring => "ispring",
            Vendor::Openedx => "openedx",
            Vendor::Alm => "alm",
        }
    }

    /// The vendor's own name for itself.
    pub const fn title(self) -> &'static str {
        match self {
            Vendor::Ispring => "iSpring Learn",
            Vendor::Openedx => "Open edX",
            Vendor::Alm => "Adobe Learning Manager",
        }
    }

    /// What the vendor shows; the first surface speaks for paths that none of them has.
    pub const fn surfaces(self) -> &'static [&'static dyn Surface] {
        match self {
            Vendor::Ispring => ispring::SURFACES,
            Vendor::Openedx => openedx::SURFACES,
            Vendor::Alm => alm::SURFACES,
        }
    }

    /// The vendor's public host names; `*.` stands for one or more labels.
    pub const fn hosts(self) -> &'static [&'static str] {
        match self {
            Vendor::Ispring => ispring::HOSTS,
            Vendor::Openedx => openedx::HOSTS,
            Vendor::Alm => alm::HOSTS,
        }
    }

    /// The vendor's base URL at a server.
    pub fn url(self, server: &str) -> String {
        format!("{server}/{}", self.name())
    }

    /// A token to start with in a world: the first that its scenario lists, else one as the first listed
    /// client gets. No request is made, so neither journal nor faults know of it.
    pub fn token_at_hand(self, sandbox: &Sandbox) -> Option<String> {
        match self {
            Vendor::Ispring => ispring::token_at_hand(sandbox),
            Vendor::Openedx => openedx::token_at_hand(sandbox),
            Vendor::Alm => alm::token_at_hand(sandbox),
        }
    }
}
