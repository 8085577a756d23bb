//! What files say of the vendors: the parts of a scenario file that have a key for each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::list::vendors;
use super::*;
use crate::format::{BucketLimit, ClassLimits, FileId, Problems};
use crate::limits::Class;
use crate::platform::{Merged as _, System, Vendor, Written as _};

/// What is said of the vendors' records: those that there are, and those that are taken away.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Records, credentials and switches.
    pub sections: Sections,
    /// Records taken away.
    pub removed: Removed,
}

/// The type of `rate_limits`, with a key a vendor. Files and messages name the vendors from the last to the
/// first here, so the list is turned round.
macro_rules! rate_limits {
    ({ $($turned:tt)* } { $($vendor:tt)* } $($left:tt)*) => {
        rate_limits! { { $($vendor)* $($turned)* } $($left)* }
    };
    ({
        $($(#[cfg($cfg:meta)])? #[doc = $doc:literal] $name:ident: $Vendor:ident = $title:literal;)+
    }) => {
        /// Rate limits, as each vendor meters them. Off unless named.
        #[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct RateLimits {
            $(
                $(#[cfg($cfg)])?
                #[doc = $doc]
                #[serde(skip_serializing_if = "Option::is_none")]
                #[schemars(description = <$Vendor as System>::METERS)]
                pub $name: Option<<$Vendor as System>::Limits>,
            )+
        }
    };
}

/// The types of files that have a key a vendor, and what is done with all keys. It expands to one field, or one
/// statement, a vendor.
macro_rules! files {
    ($(
        $(#[cfg($cfg:meta)])? #[doc = $doc:literal] $name:ident: $Vendor:ident = $title:literal;
    )+) => {
        /// What a file, or a running sandbox, says of each vendor's records.
        #[derive(Clone, Debug, Default)]
        pub struct Sections {
            $($(#[cfg($cfg)])? #[doc = $doc] pub $name: Option<<$Vendor as System>::Section>,)+
        }

        /// Records taken away after merging.
        #[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Removed {
            $(
                $(#[cfg($cfg)])?
                #[doc = concat!("From ", $title, ".")]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<<$Vendor as System>::Removed>,
            )+
        }

        /// A piece of scenario: records that come, change or go while it is served.
        #[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Change {
            $(
                $(#[cfg($cfg)])?
                #[doc = $doc]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<<$Vendor as System>::Section>,
            )+
            /// Records taken away.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub removed: Option<Removed>,
        }

        rate_limits! {
            {} $({ $(#[cfg($cfg)])? #[doc = $doc] $name: $Vendor = $title; })+
        }

        /// What all files of a scenario say of each vendor, laid over each other.
        #[derive(Clone, Debug, Default)]
        pub struct Merged {
            $($(#[cfg($cfg)])? #[doc = $doc] pub $name: <$Vendor as System>::Merged,)+
        }

        impl From<Change> for Records {
            fn from(change: Change) -> Records {
                Records {
                    sections: Sections { $($(#[cfg($cfg)])? $name: change.$name,)+ },
                    removed: change.removed.unwrap_or_default(),
                }
            }
        }

        impl Removed {
            /// Whether nothing is taken away.
            pub fn is_empty(&self) -> bool {
                let Removed { $($(#[cfg($cfg)])? $name,)+ } = self;
                [$($(#[cfg($cfg)])? $name.is_none(),)+].iter().all(|is_none| *is_none)
            }
        }

        impl RateLimits {
            /// Whether nothing is limited.
            pub fn is_empty(&self) -> bool {
                let RateLimits { $($(#[cfg($cfg)])? $name,)+ } = self;
                [$($(#[cfg($cfg)])? $name.is_none(),)+].iter().all(|is_none| *is_none)
            }

            /// Each limit that is written, with the class of calls that it is for.
            pub fn named(self) -> Vec<(Class, BucketLimit)> {
                let mut all = Vec::new();
                $($(#[cfg($cfg)])? all.extend(self.$name.unwrap_or_default().named());)+
                all
            }

            /// Writes limits, as one file does.
            pub fn of(limits: impl Iterator<Item = (Class, BucketLimit)>) -> RateLimits {
                let mut written = RateLimits::default();
                for (class, limit) in limits {
                    $($(#[cfg($cfg)])? {
                        let mut of_vendor = written.$name.take().unwrap_or_default();
                        of_vendor.put(class, limit.clone());
                        written.$name = Some(of_vendor).filter(|it| !it.is_empty());
                    })+
                }
                written
            }
        }

        impl Merged {
            /// Lays one more file over what is there. Parents come before their children.
            pub fn lay_over(&mut self, file: FileId, records: Records, problems: &mut Problems) {
                let Records { sections, removed } = records;
                $($(#[cfg($cfg)])? self.$name.lay_over(
                    file,
                    sections.$name.unwrap_or_default(),
                    removed.$name.unwrap_or_default(),
                    problems,
                );)+
            }
        }

        impl Records {
            /// Whether anything is said of a vendor.
            pub fn names(&self, vendor: Vendor) -> bool {
                match vendor {
                    $($(#[cfg($cfg)])? Vendor::$Vendor => {
                        self.sections.$name.is_some() || self.removed.$name.is_some()
                    })+
                }
            }
        }
    };
}

vendors!(files);
