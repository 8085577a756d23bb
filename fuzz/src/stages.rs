//! The scenarios that targets act in, each ready twice: the second emulator must answer as the first does.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use enrollmock::internals::emulator::{Admission, Emulator};
use enrollmock::internals::format::dates;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::sandbox::{Part, Sandbox};
use enrollmock::internals::scenario::{BUILT_IN, Overrides, Scenario, Source};

/// What every clock shows at the start.
const NOW: &str = "2024-06-09T13:05:09Z";

/// Built-in stories with so many records that one list takes most of a second.
const LONG: &[&str] = &["long-list"];

/// Small, so that a short sequence of requests reaches them.
pub const BOUNDS: Bounds = Bounds {
    entries: 6,
    bytes: 24 * 1024,
    body: 1024,
};

/// A scenario that targets act in.
pub struct Stage {
    /// What inputs call it: a built-in name, or `VENDOR/NAME` of the fixtures.
    pub name: String,
    source: Source,
    /// Made when they are asked for.
    actors: [OnceCell<Actor>; 2],
}

/// An emulator that is set back before each case.
pub struct Actor {
    pub emulator: Emulator,
    /// The main world as it was made: another one stands there once another scenario is served.
    main: Arc<Sandbox>,
    start: OnceCell<Rc<str>>,
}

/// The main crate's directory.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All stages, `quickstart` first.
pub fn all() -> Vec<Stage> {
    let built_in = BUILT_IN.iter().map(|(name, _)| (*name).to_owned());
    let built_in = built_in.filter(|name| !LONG.contains(&name.as_str()));
    let mut all: Vec<(String, Source)> = built_in
        .map(|name| (name.clone(), Source::BuiltIn(name)))
        .collect();
    for vendor in ["alm", "ispring", "openedx"] {
        let folder = root().join("fixtures").join(vendor).join("scenarios");
        for file in yaml_files(&folder) {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            all.push((format!("{vendor}/{stem}"), Source::Path(file.clone())));
        }
    }
    let stages = all.into_iter().map(|(name, source)| Stage {
        name,
        source,
        actors: Default::default(),
    });
    stages.collect()
}

/// The main world as a scenario file.
pub fn state(emulator: &Emulator) -> String {
    let file = emulator.main().state();
    file.to_yaml().expect("a running world can be written down")
}

/// The YAML files of a folder, in order.
pub fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the fixtures are there");
    let files = entries.map(|entry| entry.expect("a folder can be read").path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"))
        .collect();
    files.sort();
    files
}

/// Which stage a fixture acts in.
pub fn of(stages: &[Stage], source: &Source) -> Option<usize> {
    let path = |source: &Source| match source {
        Source::Path(path) => path.canonicalize().ok(),
        Source::BuiltIn(_) | Source::Inline { .. } => None,
    };
    stages.iter().position(|stage| match source {
        Source::Path(_) => path(&stage.source) == path(source),
        other => stage.source == *other,
    })
}

impl Stage {
    /// An emulator of this stage, as the scenario starts it, its clock stopped; of the two there are.
    pub fn actor(&self, which: usize) -> &Actor {
        let actor = self.actors[which].get_or_init(|| Actor::new(&self.source));
        actor.set_back();
        actor
    }

    /// Makes both anew the next time, after what no reset takes back: sandboxes, another scenario.
    pub fn spoilt(&mut self) {
        self.actors = Default::default();
    }

    /// Whether a case did what no reset takes back.
    pub fn is_corrupted(&self) -> bool {
        let mut actors = self.actors.iter().filter_map(OnceCell::get);
        actors.any(Actor::is_corrupted)
    }
}

impl Actor {
    fn new(source: &Source) -> Actor {
        let now = Some(dates::instant(NOW).expect("an instant"));
        let scenario = Scenario::load(source, Overrides { seed: None, now });
        let scenario = scenario.expect("the scenario is sound");
        let admission = Admission::default()
            .with_host("lms.example.com")
            .with_host("*.test");
        let emulator = Emulator::new(scenario, BOUNDS).with_admission(admission);
        let main = emulator.main();
        Actor {
            emulator,
            main,
            start: OnceCell::new(),
        }
    }

    /// The main world as it starts, as a scenario file. To be asked of one that was just set back.
    pub fn start(&self) -> Rc<str> {
        let start = || state(&self.emulator).into();
        Rc::clone(self.start.get_or_init(start))
    }

    fn set_back(&self) {
        self.main.reset(Part::ALL);
        let start = self.main.scenario().start().now;
        let stopped = self.main.clock.set(Some(start), None, Some(false));
        stopped.expect("the start lies in the calendar");
    }

    fn is_corrupted(&self) -> bool {
        let is_other = !Arc::ptr_eq(&self.main, &self.emulator.main());
        is_other || !self.emulator.worlds().sandboxes().is_empty()
    }
}
