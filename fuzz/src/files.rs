//! The laws of files: what is wrong is said, and what is sound can be written down again.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::exchange::Recording;
use enrollmock::internals::place::Problem;
use enrollmock::internals::scenario::{Overrides, Scenario, Source};

use crate::{laws, stages};

/// A scenario file.
pub fn scenario(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match load(text) {
        Err(problems) => are_told(&problems),
        Ok(_) if !laws::is_written_down(data) => {}
        Ok(scenario) => {
            let file = scenario
                .file()
                .to_yaml()
                .expect("a scenario can be written");
            is_the_same(&file, &|scenario| scenario.file().to_yaml());
            let emulator = Emulator::new(scenario, stages::BOUNDS);
            is_the_same(&stages::state(&emulator), &|scenario| {
                Some(stages::state(&Emulator::new(scenario, stages::BOUNDS)))
            });
        }
    }
}

/// An exchange file. What it names is not read: paths may lead anywhere.
pub fn exchange(data: &[u8]) {
    match Recording::read("fuzz", data) {
        Err(problems) => are_told(&problems),
        Ok(recording) => assert!(!recording.exchanges().is_empty()),
    }
}

/// A text as a scenario, its clock stopped where every run has it.
pub fn load(text: &str) -> Result<Scenario, Vec<Problem>> {
    let source = Source::Inline {
        name: "fuzz".to_owned(),
        text: text.to_owned(),
        beside: None,
    };
    Scenario::load(&source, Overrides::default())
}

/// A file loads, and written down again it is the same.
pub fn is_the_same(file: &str, written: &dyn Fn(Scenario) -> Option<String>) {
    let stopped = file.replace("ticking: true", "ticking: false");
    match load(&stopped) {
        Ok(scenario) => {
            let again = written(scenario).expect("a scenario can be written");
            assert!(stopped == again, "written as\n{stopped}\nread as\n{again}");
        }
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}\n{stopped}", problems.join("\n"));
        }
    }
}

fn are_told(problems: &[Problem]) {
    assert!(!problems.is_empty(), "refused without a reason");
    for problem in problems {
        assert!(!problem.what.is_empty(), "{problem:?}");
    }
}
