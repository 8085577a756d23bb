//! What the pages for contributors name is there: files, tests, and each other.

use std::path::{Path, PathBuf};

/// Names that the pages make up: what somebody is about to add.
const MADE_UP: &[&str] = &[
    "VENDOR",
    "TOPIC",
    "departments",
    "hosts.rs",
    "bodies.rs",
    "lumen",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages, each with its text.
fn pages() -> Vec<(PathBuf, String)> {
    let internals = std::fs::read_dir(root().join("docs/internals")).unwrap();
    let mut pages: Vec<PathBuf> = internals.map(|entry| entry.unwrap().path()).collect();
    pages.extend(["ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    pages.sort();
    assert!(pages.len() > 10, "the pages were not found");
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path, text)
    };
    pages.into_iter().map(read).collect()
}

/// All files of the tree that pages speak of, their paths with `/` before and behind each folder.
fn files() -> Vec<String> {
    let mut files = Vec::new();
    let folders = [
        "src",
        "tests",
        "fixtures",
        "scenarios",
        "examples",
        "fuzz",
        "docs",
    ];
    let mut open: Vec<PathBuf> = folders.map(|folder| root().join(folder)).into();
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let inner = path.strip_prefix(root()).unwrap().to_str().unwrap();
                files.push(format!("/{}", inner.replace('\\', "/")));
            }
        }
    }
    files
}

/// What stands between single backticks, outside blocks of code.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose
        .flat_map(|part| part.lines())
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(|name| !MADE_UP.iter().any(|it| name.contains(it)))
        .collect()
}

#[test]
fn every_file_that_a_page_names_is_there() {
    let files = files();
    let mut missing = Vec::new();
    for (page, text) in pages() {
        for name in quoted(&text) {
            let is_plain = name
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-' | b'/'));
            let is_file = is_plain && [".rs", ".txt"].iter().any(|end| name.ends_with(end));
            let is_folder = is_plain && name.ends_with('/') && !name.starts_with('/');
            let inner = format!("/{name}");
            let is_there = files.iter().any(|file| match is_folder {
                true => file.contains(&inner),
                false => file.ends_with(&inner),
            });
            if (is_file || is_folder) && !is_there {
                missing.push(format!("{}: {name}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_test_that_a_page_names_is_there() {
    let tests = files().into_iter().filter(|file| file.ends_with(".rs"));
    let code: String = tests
        .map(|file| std::fs::read_to_string(format!("{}{file}", root().display())).unwrap())
        .collect();
    let mut missing = Vec::new();
    for (page, text) in pages() {
        for name in quoted(&text) {
            let Some((module, test)) = name.split_once("::") else {
                continue;
            };
            // A test is a sentence.
            let is_test = test.matches('_').count() > 3
                && module
                    .bytes()
                    .all(|it| it.is_ascii_lowercase() || it == b'_');
            if is_test && !code.contains(&format!("fn {test}(")) {
                missing.push(format!("{}: {name}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    for (page, text) in pages() {
        let links = text.split("](").skip(1);
        let targets = links.filter_map(|rest| rest.split([')', '#']).next());
        for target in targets.filter(|target| !target.contains("://")) {
            let path = page.parent().unwrap().join(target);
            assert!(path.exists(), "{} links {target}", page.display());
        }
    }
}
