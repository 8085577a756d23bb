//! `enrollmock check`: reports every problem of scenario and exchange files at once.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::exchange;
use crate::place::{Problem, Spot, write_first};
use crate::scenario::{
    self, BUILT_IN, Overrides, Scenario, Source, built_in, file_bytes, unknown_built_in, why,
};

/// The exit code of sound files.
const FINE: u8 = 0;

/// The exit code of a scenario that cannot be served, or of a wrong call.
const FAULTY: u8 = 2;

/// Checks files, built-in scenarios and all `*.yaml` and `*.yml` below directories. Returns the exit code.
///
/// `out` lists the sound files. `err` gets one line for each problem, up to a thousand.
pub fn check(paths: &[PathBuf], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    // A parent's problems come up again with each of its children.
    let mut reported = HashSet::new();
    let mut lines = Vec::new();
    let mut code = FINE;
    for subject in subjects(paths) {
        let problems = match &subject {
            Ok(source) => problems_of(source),
            Err(problem) => vec![problem.clone()],
        };
        for problem in &problems {
            code = FAULTY;
            let line = problem.to_string();
            if reported.insert(line.clone()) {
                lines.push(line);
            }
        }
        if let (Ok(source), true) = (&subject, problems.is_empty())
            && writeln!(out, "{}: ok", source.name()).is_err()
        {
            return FAULTY;
        }
    }
    match write_first(err, &lines) {
        Ok(()) => code,
        Err(_) => FAULTY,
    }
}

/// Lists the built-in scenarios with the first sentence of their descriptions.
///
/// # Errors
/// If `out` cannot be written.
pub fn list(out: &mut dyn Write) -> io::Result<()> {
    let width = BUILT_IN
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default();
    for (name, _) in BUILT_IN {
        let (scenario, _) = scenario::gather(&Source::BuiltIn((*name).to_owned()));
        let description = scenario.description.unwrap_or_default();
        let sentence = description
            .split_once(". ")
            .map_or(&*description, |(first, _)| first);
        writeln!(
            out,
            "{name:width$}  {}",
            sentence.trim().trim_end_matches('.')
        )?;
    }
    Ok(())
}

/// Prints a built-in scenario, to copy. Returns the exit code.
pub fn print(name: &str, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let written = match built_in(name) {
        Some(text) => out.write_all(text.as_bytes()).map(|()| FINE),
        None => {
            let (what, cure) = unknown_built_in(name);
            let cure = cure.map(|cure| format!("; {cure}")).unwrap_or_default();
            writeln!(err, "{what}{cure}").map(|()| FAULTY)
        }
    };
    written.unwrap_or(FAULTY)
}

/// The files that the arguments name. Directories stand for their files.
fn subjects(paths: &[PathBuf]) -> Vec<Result<Source, Problem>> {
    let mut subjects = Vec::new();
    for path in paths {
        let text = path.to_string_lossy();
        let is_built_in = matches!(Source::parse(&text), Source::BuiltIn(_));
        if is_built_in && (built_in(&text).is_some() || !path.exists()) {
            subjects.push(Ok(Source::BuiltIn(text.into_owned())));
        } else if path.is_dir() {
            let before = subjects.len();
            collect(path, &mut subjects);
            if subjects.len() == before {
                subjects.push(Err(whole(
                    path,
                    "there is no .yaml file in this directory".to_owned(),
                )));
            }
        } else {
            subjects.push(Ok(Source::Path(path.clone())));
        }
    }
    subjects
}

/// Adds the scenario and exchange files below a directory, sorted.
fn collect(directory: &Path, subjects: &mut Vec<Result<Source, Problem>>) {
    let entries =
        std::fs::read_dir(directory).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return subjects.push(Err(whole(directory, why(&error)))),
    };
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // A link to a directory is not followed: it may lead back up.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&path, subjects);
        } else if is_yaml(&path) && path.is_file() {
            subjects.push(Ok(Source::Path(path)));
        }
    }
}

fn is_yaml(path: &Path) -> bool {
    match path.extension() {
        Some(extension) => extension == "yaml" || extension == "yml",
        None => false,
    }
}

fn problems_of(source: &Source) -> Vec<Problem> {
    if let Source::Path(path) = source
        && let Ok(bytes) = file_bytes(path)
    {
        if scenario::holds_exchanges(&bytes) {
            return exchange::problems(&source.name(), &bytes);
        }
        // A pipe can be read only once.
        if !path.is_file()
            && let Ok(text) = String::from_utf8(bytes)
        {
            let (name, beside) = (source.name(), path.parent().map(Path::to_owned));
            return problems_of_scenario(&Source::Inline { name, text, beside });
        }
    }
    problems_of_scenario(source)
}

fn problems_of_scenario(source: &Source) -> Vec<Problem> {
    let loaded = Scenario::load(source, Overrides::default());
    loaded.err().unwrap_or_default()
}

/// A problem of a file or directory as a whole.
fn whole(path: &Path, what: String) -> Problem {
    Problem {
        file: path.display().to_string(),
        spot: Spot::default(),
        what,
        try_this: None,
    }
}
