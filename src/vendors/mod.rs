//! The vendors: separate systems with their own records, ids and words. This is their registry: whatever
//! there is one of a vendor stands here once, for all of them.

pub mod alm;
mod files;
pub mod ispring;
pub(crate) mod list;
pub mod openedx;
mod systems;
#[cfg(test)]
#[path = "../../tests/toy/mod.rs"]
pub mod toy;

use std::sync::LazyLock;

pub use alm::Alm;
pub use files::{Change, Merged, RateLimits, Records, Removed, Sections};
pub use ispring::Ispring;
use list::vendors;
pub use openedx::Openedx;
pub use systems::{Bases, Counts, Populations, Systems, Visitor};
#[cfg(test)]
pub use toy::Toy;

use crate::platform::{Mount, Mounted, Row, Vendor};

/// The vendors' tables, in the order of the list.
macro_rules! mounts {
    ($(
        $(#[cfg($cfg:meta)])? #[doc = $doc:literal] $name:ident: $Vendor:ident = $title:literal;
    )+) => {
        static MOUNTS: LazyLock<Vec<Mount>> = LazyLock::new(|| {
            vec![$($(#[cfg($cfg)])? Mount::of::<$Vendor>()),+]
        });
    };
}

vendors!(mounts);

/// All vendors as the routes know them.
pub fn mounts() -> &'static [Mount] {
    &MOUNTS
}

impl Vendor {
    /// What the vendor shows; the first surface speaks for paths that none of them has.
    pub fn surfaces(self) -> &'static [Mounted] {
        &self.mount().surfaces
    }

    /// Its public host names; `*.` stands for one or more labels.
    pub fn hosts(self) -> &'static [&'static str] {
        self.mount().hosts
    }

    /// The rows of all its operations.
    pub fn rows(self) -> impl Iterator<Item = &'static Row> {
        self.mount().rows()
    }

    fn mount(self) -> &'static Mount {
        // The registry stands in the order of the enum.
        &MOUNTS[self as usize]
    }
}
