//! The vendors: separate systems with their own records, ids and words.

pub mod alm;
pub mod ispring;
pub mod openedx;
mod pieces;
mod routes;
mod surface;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use routes::{Located, Route, Routes, decoded};
pub use surface::{
    Access, ApiError, AuthError, Call, Gate, Operation, Principal, Row, Slash, Surface, Words,
    comma_list, quoted,
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
}
