//! A scenario, or a running world, as the file from which it could have been loaded.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Clock, Expectation, Generate, Merged, Overrides, Scenario, ScenarioFile, Source};
use crate::clock::Setting;
use crate::faults::written::Fault;
use crate::format::{Lay as _, Text, text};
use crate::place::Place;
use crate::platform::Vendor;
use crate::vendors::{RateLimits, Records};

/// What a scenario says beside the vendors' records, as written.
#[derive(Clone, Debug)]
pub struct Frame {
    name: String,
    description: Option<Text>,
    hosts: BTreeMap<Vendor, Vec<Place<Text>>>,
    seed: u64,
    has_clock: bool,
    generate: Option<Generate>,
    rate_limits: RateLimits,
    faults: Vec<Fault>,
    expect: Vec<Place<Expectation>>,
}

impl Frame {
    /// What the files say together. `seed`, and whether there is a `clock` that stands still until the
    /// world begins, may be the command line's; the population ends at `end`.
    pub(super) fn of(
        merged: &Merged,
        name: String,
        seed: u64,
        has_clock: bool,
        end: Timestamp,
    ) -> Frame {
        let hosts = merged.hosts.iter();
        let generate = merged.generate.as_ref();
        Frame {
            name,
            description: merged.description.clone(),
            hosts: hosts
                .map(|(vendor, names)| (*vendor, names.value.clone()))
                .collect(),
            seed,
            has_clock,
            // The clock moves on; the population stays as it is.
            generate: generate.map(|generate| Generate {
                until: Some(text(end)),
                ..generate.value.clone()
            }),
            rate_limits: merged.rate_limits.written(),
            faults: merged.faults.as_written(),
            expect: merged.expect.as_written(),
        }
    }

    /// Whether the scenario says what the clock shows at its start.
    pub(super) fn has_clock(&self) -> bool {
        self.has_clock
    }

    /// A whole file, at home wherever it lies: it extends nothing.
    pub fn file(&self, clock: Option<Setting>, records: Records) -> ScenarioFile {
        let mut file = ScenarioFile {
            version: Place::made(1),
            name: Some(Text(self.name.clone())),
            description: self.description.clone(),
            hosts: self.hosts.clone(),
            seed: Some(self.seed),
            clock: clock.map(|setting| Clock {
                now: Some(text(setting.now)),
                ticking: Some(setting.ticking),
            }),
            generate: self.generate.clone(),
            rate_limits: Some(self.rate_limits.clone()).filter(|it| !it.is_empty()),
            faults: self.faults.clone(),
            expect: self.expect.clone(),
            ..ScenarioFile::default()
        };
        file.put_records(records);
        file
    }
}

impl ScenarioFile {
    /// Writes each change that the records refuse as what it is by now: nothing. It would keep the file from
    /// being loaded again.
    pub fn settle_changes(&mut self) {
        let all = std::mem::take(&mut self.faults);
        if !all.iter().any(Fault::is_change) || self.loads_with(all.clone()) {
            self.faults = all;
            return;
        }
        // One by one, since a change may build on another before it.
        let mut settled = Vec::new();
        for fault in all {
            settled.push(fault);
            if !settled.last().is_some_and(Fault::is_change) || self.loads_with(settled.clone()) {
                continue;
            }
            let refused = settled.pop();
            settled.extend(refused.map(|fault| fault.idle()));
        }
        self.faults = settled;
    }

    /// Whether the file could be loaded if these were its faults.
    fn loads_with(&self, faults: Vec<Fault>) -> bool {
        let file = ScenarioFile {
            faults,
            ..self.clone()
        };
        let source = file.to_yaml().map(|text| Source::Inline {
            name: "state".to_owned(),
            text,
            beside: None,
        });
        source.is_some_and(|it| Scenario::load(&it, Overrides::default()).is_ok())
    }

    /// The file's text. None: something in it cannot be written as YAML.
    pub fn to_yaml(&self) -> Option<String> {
        let options = serde_yaml::ser_options! {
            // Texts stand on one line each, whatever their length.
            prefer_block_scalars: false,
        };
        serde_yaml::to_string_with_options(self, options).ok()
    }
}
