//! What the tree is made of, held to the lists of `deny.toml` without any tool beside cargo: where crates
//! come from, under which licences, and which are there twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// All packages that a build for this machine may be made of, tests included.
fn packages() -> Vec<Value> {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let metadata = cargo(&[
        "metadata",
        "--locked",
        "--offline",
        "--format-version=1",
        "--filter-platform",
        host.unwrap(),
    ]);
    let mut metadata: Value = serde_json::from_str(&metadata).unwrap();
    let Value::Array(packages) = metadata["packages"].take() else {
        panic!("no packages");
    };
    assert!(packages.len() > 50);
    packages
}

/// The texts in a list of `deny.toml`, comments left out.
fn listed(name: &str) -> BTreeSet<String> {
    let text = file("deny.toml");
    let (_, list) = text.split_once(&format!("\n{name} = [")).unwrap();
    let (list, _) = list.split_once("\n]").unwrap();
    let lines = list.lines().filter(|line| !line.trim().starts_with('#'));
    let texts = lines.filter_map(|line| line.split('"').nth(1));
    texts.map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met with these licences.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ");
    let spaced = spaced.replace('(', " ( ").replace(')', " ) ");
    let spaced = spaced.replace(" WITH ", "-WITH-");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = either(&words, allowed);
    assert!(rest.is_empty(), "{expression}");
    met
}

fn either<'a>(words: &'a [&'a str], allowed: &BTreeSet<String>) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = both(words, allowed);
    while let ["OR", more @ ..] = rest {
        let (other, behind) = both(more, allowed);
        (met, rest) = (met | other, behind);
    }
    (met, rest)
}

fn both<'a>(words: &'a [&'a str], allowed: &BTreeSet<String>) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = one(words, allowed);
    while let ["AND", more @ ..] = rest {
        let (other, behind) = one(more, allowed);
        (met, rest) = (met & other, behind);
    }
    (met, rest)
}

fn one<'a>(words: &'a [&'a str], allowed: &BTreeSet<String>) -> (bool, &'a [&'a str]) {
    match words {
        ["(", inner @ ..] => {
            let (met, rest) = either(inner, allowed);
            let [")", behind @ ..] = rest else {
                panic!("{words:?}");
            };
            (met, behind)
        }
        [licence, rest @ ..] => (allowed.contains(*licence), rest),
        [] => panic!("a licence is missing"),
    }
}

#[test]
fn expressions_of_licences_are_understood() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Zlib".to_owned()]);
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR MIT) AND Zlib", true),
        ("GPL-3.0 OR MIT AND GPL-2.0", false),
        ("MIT WITH LLVM-exception", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), met, "{expression}");
    }
}

#[test]
fn every_crate_may_be_used_by_anybody() {
    let allowed = listed("allow");
    assert!(allowed.contains("MIT"), "{allowed:?}");
    let mut used = BTreeSet::new();
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or("none");
        let name = &package["name"];
        assert!(is_allowed(licence, &allowed), "{name}: {licence}");
        used.extend(allowed.iter().filter(|it| licence.contains(*it)).cloned());
    }
    assert_eq!(used, allowed, "a licence that nothing here needs");
}

#[test]
fn every_crate_comes_from_crates_io_and_is_the_one_that_was_locked() {
    let lock = file("Cargo.lock");
    let mut own = Vec::new();
    for package in lock.split("[[package]]\n").skip(1) {
        let line = |key: &str| {
            let start = format!("{key} = ");
            package.lines().find_map(|line| line.strip_prefix(&start))
        };
        let name = line("name").unwrap();
        match line("source") {
            Some(source) => {
                assert_eq!(source.trim_matches('"'), CRATES_IO, "{name}");
                assert_eq!(line("checksum").unwrap().trim_matches('"').len(), 64);
            }
            None => own.push(name),
        }
    }
    assert_eq!(own, ["\"enrollmock\""]);
}

#[test]
fn no_crate_is_there_twice_but_those_that_are_listed() {
    let listed = listed("skip");
    let twice = cargo(&[
        "tree",
        "--locked",
        "--offline",
        "--duplicates",
        "--prefix=none",
        "--depth=0",
    ]);
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in twice.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let (name, version) = (words.next().unwrap(), words.next().unwrap());
        versions
            .entry(name)
            .or_default()
            .insert(version.trim_start_matches('v'));
    }
    for (name, versions) in versions.iter().filter(|(_, it)| it.len() > 1) {
        let is_listed = |version: &&&str| {
            listed.iter().any(|entry| {
                let (of, major) = entry.split_once('@').unwrap();
                of == *name && version.starts_with(&format!("{major}."))
            })
        };
        let unlisted = versions.iter().filter(|version| !is_listed(version));
        assert_eq!(unlisted.count(), 1, "{name} {versions:?}");
    }
}

#[test]
fn nothing_here_is_unsafe() {
    assert!(file("Cargo.toml").contains("\n[lints.rust]\n"));
    assert!(file("Cargo.toml").contains("\nunsafe_code = \"forbid\"\n"));
}
