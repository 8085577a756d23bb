//! The vendors as they run: what a scenario says of each, and each one's world in a sandbox.

use std::sync::{Arc, RwLockWriteGuard};

use jiff::Timestamp;

use super::list::vendors;
use super::*;
use crate::format::{Lost, Problems};
use crate::issuers::Issuer;
use crate::platform::{Shared, System, Vendor, Written as _};
use crate::seed::Population;

/// Does something with one vendor's world, whichever vendor it is.
pub trait Visitor {
    /// What comes of it.
    type Answer;

    /// Does it.
    fn visit<S: System>(self, world: &Shared<S::World>) -> Self::Answer;
}

/// Counts the records of a vendor's tables.
#[derive(Debug)]
pub struct Counts;

impl Visitor for Counts {
    type Answer = Vec<(&'static str, u64)>;

    fn visit<S: System>(self, world: &Shared<S::World>) -> Self::Answer {
        S::counts(&world.read())
    }
}

/// What a scenario says of the vendors, a field a vendor.
macro_rules! bases {
    ($(
        $(#[cfg($cfg:meta)])? #[doc = $doc:literal] $name:ident: $Vendor:ident = $title:literal;
    )+) => {
        /// The generated population as each vendor shows it.
        #[derive(Clone, Debug, Default)]
        pub struct Populations {
            $($(#[cfg($cfg)])? #[doc = $doc] pub $name: Option<Arc<<$Vendor as System>::Generated>>,)+
        }

        /// What a scenario says of each vendor, shared by all sandboxes and never written.
        #[derive(Debug)]
        pub struct Bases {
            $($(#[cfg($cfg)])? #[doc = $doc] pub $name: Arc<<$Vendor as System>::Base>,)+
        }

        impl Populations {
            /// The population as the vendors show it that `shows` names. Its history ends at `end`.
            pub fn of(
                population: &Arc<Population>,
                seed: u64,
                end: Timestamp,
                shows: impl Fn(Vendor) -> bool,
            ) -> Populations {
                let mut populations = Populations::default();
                $($(#[cfg($cfg)])? if shows(Vendor::$Vendor) {
                    let shown = $Vendor::generated(Arc::clone(population), seed, end);
                    populations.$name = Some(Arc::new(shown));
                })+
                populations
            }
        }

        impl Bases {
            /// Reads all sections. What is wrong goes to `problems`; the result is of use only if nothing is.
            pub fn check(
                merged: &Merged,
                lost: &Lost,
                populations: &Populations,
                start: Timestamp,
                problems: &mut Problems,
            ) -> Bases {
                Bases {
                    $($(#[cfg($cfg)])? $name: Arc::new($Vendor::check(
                        &merged.$name,
                        lost,
                        populations.$name.clone(),
                        start,
                        problems,
                    )),)+
                }
            }

            /// The first token that the scenario lists for a vendor.
            pub fn first_token(&self, vendor: Vendor) -> Option<&str> {
                match vendor {
                    $($(#[cfg($cfg)])? Vendor::$Vendor => $Vendor::first_token(&self.$name),)+
                }
            }

            /// A path of a vendor that the caller with the first token may read.
            pub fn sample_path(&self, vendor: Vendor) -> &'static str {
                match vendor {
                    $($(#[cfg($cfg)])? Vendor::$Vendor => $Vendor::sample_path(&self.$name),)+
                }
            }
        }
    };
}

vendors!(bases);

/// The vendors' worlds, a field a vendor.
macro_rules! systems {
    ($(
        $(#[cfg($cfg:meta)])? #[doc = $doc:literal] $name:ident: $Vendor:ident = $title:literal;
    )+) => {
        /// The vendors' worlds in one sandbox.
        #[derive(Debug)]
        pub struct Systems {
            $($(#[cfg($cfg)])? #[doc = $doc] pub $name: Shared<<$Vendor as System>::World>,)+
        }

        /// The worlds of some vendors, locked until all of a change has happened.
        #[derive(Debug)]
        pub struct Locked<'a> {
            $($(#[cfg($cfg)])? $name: Option<RwLockWriteGuard<'a, <$Vendor as System>::World>>,)+
        }

        impl Systems {
            /// The worlds as the scenario starts them.
            pub fn new(bases: &Bases, seed: u64, sandbox: &str) -> Systems {
                Systems {
                    $($(#[cfg($cfg)])? $name: Shared::new(
                        $Vendor::world(Arc::clone(&bases.$name), seed, sandbox),
                    ),)+
                }
            }

            /// Shows one vendor's world to a visitor.
            pub fn visit<V: Visitor>(&self, vendor: Vendor, visitor: V) -> V::Answer {
                match vendor {
                    $($(#[cfg($cfg)])? Vendor::$Vendor => visitor.visit::<$Vendor>(&self.$name),)+
                }
            }

            /// All of them as they are, no change by half: what differs from the population.
            pub fn state(&self) -> Records {
                $($(#[cfg($cfg)])? let $name = self.$name.read();)+
                let mut records = Records::default();
                $($(#[cfg($cfg)])? {
                    let (section, removed) = $Vendor::state(&$name);
                    records.sections.$name = Some(section);
                    records.removed.$name = Some(removed).filter(|it| !it.is_empty());
                })+
                records
            }

            /// Locks the worlds that a change names, in the order in which everybody locks several.
            pub fn lock(&self, change: &Records) -> Locked<'_> {
                Locked {
                    $($(#[cfg($cfg)])? $name: change
                        .names(Vendor::$Vendor)
                        .then(|| self.$name.write()),)+
                }
            }

            /// Starts all of them over, whatever they have become. Tokens are noted by `issuer` from then on.
            pub fn restart(&self, bases: &Bases, seed: u64, sandbox: &str, issuer: Option<&Issuer>) {
                $($(#[cfg($cfg)])? let mut $name =
                    $Vendor::world(Arc::clone(&bases.$name), seed, sandbox);)+
                if let Some(issuer) = issuer {
                    $($(#[cfg($cfg)])? $Vendor::noted_by(&mut $name, issuer);)+
                }
                // All are locked before any is replaced.
                let mut locked = Locked { $($(#[cfg($cfg)])? $name: Some(self.$name.write()),)+ };
                $($(#[cfg($cfg)])? if let Some(world) = locked.$name.as_deref_mut() {
                    std::mem::swap(world, &mut $name);
                })+
                // Freeing what was changed takes its time, which no request waits for.
                drop(locked);
            }
        }

        impl Locked<'_> {
            /// The records as they are, ready for a change.
            pub fn before(&self, change: &mut Records) -> Records {
                let mut running = Records::default();
                $($(#[cfg($cfg)])? if let Some(world) = &self.$name {
                    let section = change.sections.$name.as_ref();
                    let removed = change.removed.$name.as_mut();
                    let (section, removed) = $Vendor::before(world, section, removed);
                    running.sections.$name = Some(section);
                    running.removed.$name = Some(removed);
                })+
                running
            }

            /// Puts what a change makes of the worlds in their place, all of it or nothing.
            pub fn change(
                &mut self,
                merged: &Merged,
                lost: &Lost,
                now: Timestamp,
                problems: &mut Problems,
            ) {
                $($(#[cfg($cfg)])? let $name = self
                    .$name
                    .as_deref()
                    .map(|world| $Vendor::changed(world, &merged.$name, lost, now, problems));)+
                if !problems.is_empty() {
                    return;
                }
                $($(#[cfg($cfg)])? if let (Some(world), Some(next)) = (self.$name.as_deref_mut(), $name) {
                    *world = next;
                })+
            }
        }
    };
}

vendors!(systems);
