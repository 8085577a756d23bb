//! The door from files as written to a scenario as meant.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::source::Source;
use super::{Frame, Generate, Merged, Scenario, expect, faults, limits, load};
use crate::clock::Setting;
use crate::format::Text;
use crate::format::{Problems, dates};
use crate::place::Problem;
use crate::platform::Vendor;
use crate::seed::{Population, Spec};
use crate::vendors::{Bases, Populations};

/// What the command line changes of a scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// In place of the scenario's `seed`.
    pub seed: Option<u64>,
    /// In place of the clock's start; it ticks as the scenario says.
    pub now: Option<Timestamp>,
}

/// Where the generated population ends if the scenario has no clock: never at the wall clock.
const POPULATION_END: &str = "2024-06-01T00:00:00Z";

impl Scenario {
    /// Reads a scenario, with all that it extends.
    ///
    /// # Errors
    /// Everything that is wrong with any of the files, each with its place and cure.
    pub fn load(source: &Source, overrides: Overrides) -> Result<Scenario, Vec<Problem>> {
        let (merged, mut problems) = load::gather(source);
        let clock = merged.clock.as_ref().map(|clock| &clock.value);
        let written = clock.and_then(|clock| clock.now.as_ref());
        // A clock that cannot be read was reported; the checks go on with the machine's.
        let written = written.and_then(|now| dates::instant(&now.value).ok());
        let known = overrides.now.or(written);
        let start = Setting {
            now: known.unwrap_or_else(|| Setting::wall().now),
            ticking: clock.and_then(|clock| clock.ticking).unwrap_or(true),
        };
        let seed = overrides.seed.or(merged.seed).unwrap_or(0);
        let generate = merged.population();
        let until = generate.and_then(|generate| generate.until.as_ref());
        let until = until.and_then(|until| dates::instant(&until.value).ok());
        let end = until
            .or(known)
            .or_else(|| dates::instant(POPULATION_END).ok());
        let end = end.unwrap_or(start.now);
        let populations = generate.map(|generate| {
            let population = Arc::new(population(seed, generate, end));
            Populations::of(&population, seed, end, |vendor| shows(generate, vendor))
        });
        let populations = populations.unwrap_or_default();
        let records = |merged: &Merged, problems: &mut Problems| {
            let (vendors, lost) = (&merged.vendors, &merged.lost);
            Bases::check(vendors, lost, &populations, start.now, problems)
        };
        let bases = records(&merged, &mut problems);
        let rules = faults::check(
            &merged,
            &|merged, problems| drop(records(merged, problems)),
            &mut problems,
        );
        let rates = limits::check(&merged, &mut problems);
        let claims = expect::check(&merged, &mut problems);
        if !problems.is_empty() {
            return Err(problems.into_sorted());
        }
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.0.clone());
        let hosts = merged.hosts.iter().flat_map(|(vendor, names)| {
            let names = names.value.iter();
            names.map(|name| (name.value.to_ascii_lowercase(), *vendor))
        });
        let name = text(&merged.name).unwrap_or_else(|| source.name());
        Ok(Scenario {
            source: source.clone(),
            overrides,
            frame: Frame::of(&merged, name.clone(), seed, known.is_some(), end),
            beside: source.beside(),
            name,
            description: text(&merged.description).unwrap_or_default(),
            seed,
            start,
            hosts: hosts.collect::<BTreeMap<_, _>>(),
            bases,
            faults: rules.into(),
            rates: Arc::new(rates),
            claims: claims.into(),
        })
    }
}

/// The population that `generate` describes. It ends a second before `end`.
fn population(seed: u64, written: &Generate, end: Timestamp) -> Population {
    let range = written.enrollments_per_learner.as_ref();
    let second = SignedDuration::from_secs(1);
    Population::new(
        seed,
        Spec {
            learners: written.learners.value,
            departments: written.departments.as_ref().map_or(1, |it| it.value),
            courses: written.courses.as_ref().map_or(1, |it| it.value),
            enrollments: range.map_or((0, 0), |it| (it.value.min, it.value.max)),
            certificate_rate: written.certificate_rate.as_ref().map_or(0.0, |it| it.value),
            end: end.saturating_sub(second).unwrap_or(end),
        },
    )
}

/// Whether a vendor shows the population.
fn shows(written: &Generate, vendor: Vendor) -> bool {
    let vendors = written.vendors.as_ref();
    vendors.is_none_or(|vendors| vendors.iter().any(|it| it.value == vendor))
}
