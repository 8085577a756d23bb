//! Faults as they stand after some calls, written so that they go on from there when they are loaded again.

use super::written::{CallNumbers, Count, Explicit, Fault, Inject, Latency};
use crate::faults::Calls;
use crate::format::{Text, counted};
use crate::place::Place;

impl Fault {
    /// The same fault, which acts on these calls.
    #[must_use]
    pub fn acting_on(&self, calls: &Calls) -> Fault {
        let numbers = match calls {
            all if *all == Calls::ALL => None,
            Calls::Range(first, u64::MAX) => Some(CallNumbers::Range(format!("{first}.."))),
            Calls::Range(first, last) => Some(CallNumbers::Range(format!("{first}..{last}"))),
            Calls::Listed(numbers) => {
                let counts = numbers.iter().map(|number| Place::made(Count(*number)));
                Some(CallNumbers::Listed(counts.collect()))
            }
        };
        Fault {
            calls: numbers.map(Place::made),
            ..self.clone()
        }
    }

    /// The same fault, which has drawn for so many calls.
    #[must_use]
    pub fn after_drawing(&self, drawn: u64) -> Fault {
        Fault {
            drawn: counted(drawn),
            ..self.clone()
        }
    }

    /// Whether it changes records.
    pub fn is_change(&self) -> bool {
        match self.inject.as_ref().map(|inject| &inject.value) {
            Some(Inject::Explicit(explicit)) => explicit.change.is_some(),
            Some(Inject::Meant(_)) | None => false,
        }
    }

    /// The same fault, which does nothing to the calls that it acts on. No later one acts on them either.
    #[must_use]
    pub fn idle(&self) -> Fault {
        let nothing = Explicit {
            latency: Some(Place::made(Latency::Fixed(Text("0s".to_owned())))),
            ..Explicit::default()
        };
        Fault {
            inject: Some(Place::made(Inject::Explicit(Box::new(nothing)))),
            ..self.clone()
        }
    }
}
