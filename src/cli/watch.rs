//! `--watch`: watches the scenario's files, and serves them anew when they have changed.
//!
//! It compares the contents of the files, not the files. A save that renames, a link that leads elsewhere and a
//! file that was away for a moment make no difference.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use crate::place::{Problem, write_first};
use crate::scenario::{Overrides, Scenario, Source, file_bytes};
use crate::worlds::Worlds;

/// The time between two looks.
const EVERY: Duration = Duration::from_millis(500);
/// The time that a change must stand still, so that no file is read half written.
const SETTLED: Duration = Duration::from_millis(50);

/// The contents of the files. None: the file cannot be read.
type Contents = Vec<(PathBuf, Option<Vec<u8>>)>;

/// A watch over the files of one scenario.
#[derive(Debug)]
pub(super) struct Watch {
    source: Source,
    overrides: Overrides,
    /// The contents that were read last, sound or not.
    read: Contents,
    /// New contents that may still change.
    unsettled: Option<Contents>,
}

/// The consequence of a look.
#[derive(Debug)]
enum Action {
    /// Nothing has changed.
    Nothing,
    /// Something has changed, and may still change: look again soon.
    LookAgain,
    /// The files are sound: serve this scenario.
    Serve(Box<Scenario>),
    /// The files are not sound: keep the scenario that is served.
    Keep(Vec<Problem>),
}

impl Watch {
    /// A watch over the files of `source`. Make it before the scenario is loaded, so that it misses no change.
    pub(super) fn new(source: Source, overrides: Overrides) -> Self {
        Watch {
            read: contents(source.files()),
            source,
            overrides,
            unsettled: None,
        }
    }

    /// Watches for ever. Without a watch it waits for ever.
    pub(super) async fn over(watch: Option<Watch>, worlds: &Worlds, err: &mut dyn Write) {
        if let Some(watch) = watch {
            watch.run(worlds, err).await;
        }
        std::future::pending::<()>().await;
    }

    /// Watches for ever.
    pub(super) async fn run(mut self, worlds: &Worlds, err: &mut dyn Write) {
        let mut pause = EVERY;
        loop {
            tokio::time::sleep(pause).await;
            // Reading a large scenario takes a while, and must not hold up requests.
            let look = tokio::task::spawn_blocking(move || {
                let action = self.look();
                (self, action)
            });
            let Ok((watch, action)) = look.await else {
                return;
            };
            self = watch;
            pause = match action {
                Action::LookAgain => SETTLED,
                _ => EVERY,
            };
            self.act(action, worlds, err);
        }
    }

    /// Reads the files, and returns the consequence.
    fn look(&mut self) -> Action {
        let files = self.read.iter().map(|(path, _)| path.clone()).collect();
        self.step(contents(files))
    }

    /// The consequence of these contents.
    fn step(&mut self, now: Contents) -> Action {
        if now == self.read {
            self.unsettled = None;
            return Action::Nothing;
        }
        if self.unsettled.as_ref() != Some(&now) {
            self.unsettled = Some(now);
            return Action::LookAgain;
        }
        self.unsettled = None;
        // The files may lead to others now. They are read before the scenario is loaded: a change in between
        // shows at the next look.
        self.read = contents(self.source.files());
        match Scenario::load(&self.source, self.overrides) {
            Ok(scenario) => Action::Serve(Box::new(scenario)),
            Err(problems) => Action::Keep(problems),
        }
    }

    /// Carries out an action, and prints it. The watch goes on even if the output is not read.
    fn act(&self, action: Action, worlds: &Worlds, err: &mut dyn Write) {
        let mut text = Vec::new();
        let name = self.source.name();
        let _ = match action {
            Action::Nothing | Action::LookAgain => return,
            Action::Serve(scenario) => {
                worlds.replace(*scenario);
                writeln!(text, "enrollmock: {name} has changed and starts over")
            }
            Action::Keep(problems) => write_first(&mut text, &problems)
                .and_then(|()| writeln!(text, "enrollmock: {name} is kept as it was last sound")),
        };
        let _ = err.write_all(&text).and_then(|()| err.flush());
    }
}

fn contents(files: Vec<PathBuf>) -> Contents {
    let read = |path: PathBuf| {
        let bytes = file_bytes(&path).ok();
        (path, bytes)
    };
    files.into_iter().map(read).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::fs::{self, rename};
    use std::path::Path;

    use super::*;

    const NO_OVERRIDES: Overrides = Overrides {
        seed: None,
        now: None,
    };

    fn scenario(name: &str) -> String {
        format!("version: 1\nname: {name}\n")
    }

    fn watch(path: &Path, text: &str) -> Watch {
        fs::write(path, text).unwrap();
        Watch::new(Source::Path(path.to_owned()), NO_OVERRIDES)
    }

    /// The consequence of a change that has settled.
    fn settled(watch: &mut Watch) -> Action {
        assert!(matches!(watch.look(), Action::LookAgain));
        watch.look()
    }

    fn served(action: Action) -> Scenario {
        match action {
            Action::Serve(scenario) => *scenario,
            other => panic!("{other:?}"),
        }
    }

    fn problems(action: Action) -> String {
        match action {
            Action::Keep(problems) => problems.iter().map(|it| format!("{it}\n")).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_change_is_served_once_it_has_settled_and_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let mut watch = watch(&path, &scenario("one"));
        assert!(matches!(watch.look(), Action::Nothing));
        fs::write(&path, "version: 1\n").unwrap();
        assert!(matches!(watch.look(), Action::LookAgain));
        fs::write(&path, scenario("two")).unwrap();
        assert!(matches!(watch.look(), Action::LookAgain), "half written");
        assert_eq!(served(watch.look()).name(), "two");
        assert!(matches!(watch.look(), Action::Nothing));
    }

    #[test]
    fn the_same_content_saved_again_is_no_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let mut watch = watch(&path, &scenario("one"));
        let other = folder.path().join("saved");
        fs::write(&other, scenario("one")).unwrap();
        rename(&other, &path).unwrap();
        assert!(matches!(watch.look(), Action::Nothing));
        fs::remove_file(&path).unwrap();
        assert!(matches!(watch.look(), Action::LookAgain));
        fs::write(&path, scenario("one")).unwrap();
        assert!(matches!(watch.look(), Action::Nothing), "back in time");
    }

    #[test]
    fn a_broken_file_is_reported_once_and_its_cure_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let mut watch = watch(&path, &scenario("one"));
        fs::write(&path, "version: 1\nnmae: two\n").unwrap();
        let found = problems(settled(&mut watch));
        assert!(found.contains("a.yaml:2:1"), "{found}");
        assert!(matches!(watch.look(), Action::Nothing));
        fs::write(&path, scenario("two")).unwrap();
        assert_eq!(served(settled(&mut watch)).name(), "two");
        fs::remove_file(&path).unwrap();
        let found = problems(settled(&mut watch));
        assert!(found.contains("there is no such file"), "{found}");
    }

    #[test]
    fn the_files_that_it_extends_are_watched_too_and_those_still_to_come() {
        let folder = tempfile::tempdir().unwrap();
        let (child, parent) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
        let mut watch = watch(&child, &scenario("one"));
        fs::write(&child, "version: 1\nextends: ./b.yaml\n").unwrap();
        let found = problems(settled(&mut watch));
        assert!(found.contains("b.yaml"), "{found}");
        for name in ["two", "three"] {
            fs::write(&parent, scenario(name)).unwrap();
            assert_eq!(served(settled(&mut watch)).name(), name);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_elsewhere_is_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("one"), scenario("one")).unwrap();
        fs::write(at("two"), scenario("two")).unwrap();
        std::os::unix::fs::symlink(at("one"), at("a.yaml")).unwrap();
        let mut watch = Watch::new(Source::Path(at("a.yaml")), NO_OVERRIDES);
        std::os::unix::fs::symlink(at("two"), at("next")).unwrap();
        rename(at("next"), at("a.yaml")).unwrap();
        assert_eq!(served(settled(&mut watch)).name(), "two");
    }

    #[test]
    fn what_the_command_line_says_still_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, scenario("one")).unwrap();
        let overrides = Overrides {
            seed: Some(7),
            now: None,
        };
        let mut watch = Watch::new(Source::Path(path.clone()), overrides);
        fs::write(&path, "version: 1\nseed: 3\n").unwrap();
        assert_eq!(served(settled(&mut watch)).seed(), 7);
    }
}
