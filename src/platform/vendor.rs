//! The name of a vendor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vendors::list::vendors;

/// The enum of the vendors that are listed, with what they are called.
macro_rules! names {
    ($(
        $(#[cfg($cfg:meta)])? #[doc = $doc:literal] $name:ident: $Vendor:ident = $title:literal;
    )+) => {
        /// A learning platform that the emulator stands in for.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(rename_all = "lowercase")]
        pub enum Vendor {
            $($(#[cfg($cfg)])? #[doc = $doc] $Vendor,)+
        }

        impl Vendor {
            /// All of them, in the order in which they are listed everywhere.
            pub const ALL: &[Vendor] = &[$($(#[cfg($cfg)])? Vendor::$Vendor,)+];

            /// The name in URLs, YAML and JSON.
            pub const fn name(self) -> &'static str {
                match self {
                    $($(#[cfg($cfg)])? Vendor::$Vendor => stringify!($name),)+
                }
            }

            /// The vendor's own name for itself.
            pub const fn title(self) -> &'static str {
                match self {
                    $($(#[cfg($cfg)])? Vendor::$Vendor => $title,)+
                }
            }
        }
    };
}

vendors!(names);

impl Vendor {
    /// The vendor's base URL at a server.
    pub fn url(self, server: &str) -> String {
        format!("{server}/{}", self.name())
    }
}
