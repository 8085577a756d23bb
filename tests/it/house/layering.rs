//! Who may import whom, and who may touch time, chance, YAML and waiting: read from the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use enrollmock::internals::platform::Vendor;

/// A source file: its path below `src`, and its code without comments, texts and tests.
struct File {
    path: String,
    code: String,
}

impl File {
    /// The module directly below the crate's root that the file is part of.
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Every word of the code with where it stands: letters, digits and `_`.
    fn words(&self) -> impl Iterator<Item = &str> {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        self.code
            .split(move |c| !is_part(c))
            .filter(|w| !w.is_empty())
    }

    /// The modules of the crate's root that the code names.
    fn imports(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (at, _) in self.code.match_indices("crate::") {
            let rest = &self.code[at + "crate::".len()..];
            match rest.strip_prefix('{') {
                None => found.insert(first_word(rest)),
                Some(group) => {
                    found.extend(names_of_group(group));
                    true
                }
            };
        }
        // What a file at the root calls `super` is the root.
        if !self.path.contains('/') && self.path != "lib.rs" {
            for (at, _) in self.code.match_indices("super::") {
                found.insert(first_word(&self.code[at + "super::".len()..]));
            }
        }
        found.remove(self.module());
        found
    }
}

fn first_word(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.trim_start()
        .chars()
        .take_while(|c| is_part(*c))
        .collect()
}

/// The first word of each item of `a::{b, c}, d}`.
fn names_of_group(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            _ => names.last_mut().unwrap().push(character),
        }
    }
    let names = names.iter().map(|name| first_word(name));
    names.filter(|name| !name.is_empty()).collect()
}

/// All sources, read once for each test.
fn sources() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(&root).unwrap();
                files.push(File {
                    path: path.to_str().unwrap().replace('\\', "/"),
                    code: without_tests(&code_of(&text)),
                });
            }
        }
    }
    assert!(files.len() > 50, "the sources were not found");
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The code alone: comments are dropped, texts and characters emptied.
fn code_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::new();
    let mut at = 0;
    let starts = |at: usize, what: &str| {
        what.chars()
            .enumerate()
            .all(|(i, c)| chars.get(at + i) == Some(&c))
    };
    while at < chars.len() {
        if starts(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if starts(at, "/*") {
            let mut depth = 0;
            loop {
                if starts(at, "/*") {
                    depth += 1;
                    at += 2;
                } else if starts(at, "*/") {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        break;
                    }
                } else {
                    at += 1;
                }
            }
        } else if chars[at] == 'r'
            && !code.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            && (starts(at, "r\"") || starts(at, "r#\"") || starts(at, "r##\""))
        {
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            let end: String = std::iter::once('"')
                .chain("#".repeat(hashes).chars())
                .collect();
            at += 2 + hashes;
            while !starts(at, &end) {
                at += 1;
            }
            at += end.len();
            code.push_str("\"\"");
        } else if chars[at] == '"' {
            at += 1;
            while chars[at] != '"' {
                at += 1 + usize::from(chars[at] == '\\');
            }
            at += 1;
            code.push_str("\"\"");
        } else if chars[at] == '\''
            && (chars.get(at + 2) == Some(&'\'') || chars.get(at + 1) == Some(&'\\'))
        {
            at += 1;
            while chars[at] != '\'' {
                at += 1 + usize::from(chars[at] == '\\');
            }
            at += 1;
            code.push_str("' '");
        } else {
            code.push(chars[at]);
            at += 1;
        }
    }
    code
}

/// The code without what only tests see.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        kept.push_str(before);
        let open = after.find('{').unwrap_or(after.len());
        let item_ends = after.find(';').unwrap_or(after.len());
        if item_ends < open {
            rest = &after[item_ends + 1..];
            continue;
        }
        let mut depth = 0;
        let mut end = after.len();
        for (at, character) in after.char_indices().skip(open) {
            match character {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        end = at + 1;
                        break;
                    }
                }
                _ => {}
            }
        }
        rest = &after[end..];
    }
    kept + rest
}

#[test]
fn the_reader_of_sources_sees_code_and_nothing_else() {
    let text = "a // crate::x\n/* crate::y /* */ */ b \"crate::z\" 'c' '\\'' &'d r#\"\"crate::q\"\"# e\n#[cfg(test)]\nmod tests { { } fn f() {} } g";
    let code = without_tests(&code_of(text));
    let words: Vec<&str> = code.split_whitespace().collect();
    assert_eq!(
        words,
        [
            "a", "b", "\"\"", "'", "'", "'", "'", "&'d", "\"\"", "e", "g"
        ]
    );
    let file = File {
        path: "http/mod.rs".to_owned(),
        code: "use crate::{a::{b, c}, d, http}; crate::e::f".to_owned(),
    };
    assert_eq!(file.imports(), ["a", "d", "e"].map(str::to_owned).into());
}

#[test]
fn no_vendor_knows_another() {
    for file in sources() {
        let Some(inside) = file.path.strip_prefix("vendors/") else {
            continue;
        };
        let Some((room, _)) = inside.split_once('/') else {
            continue;
        };
        for vendor in Vendor::ALL.iter().filter(|vendor| vendor.name() != room) {
            let names = file.words().any(|word| word == vendor.name());
            assert!(!names, "{} names {}", file.path, vendor.name());
        }
    }
}

/// Fails for every file outside `rooms` whose code has one of `words`.
fn only(rooms: &[&str], words: &[&str], why: &str) {
    for file in sources() {
        if rooms.iter().any(|room| file.path.starts_with(room)) {
            continue;
        }
        for word in words {
            let parts: Vec<&str> = word.split("::").collect();
            let has = match parts[..] {
                [_] => file.words().any(|it| it == *word),
                _ => file.code.contains(word),
            };
            assert!(!has, "{} has `{word}`: {why}", file.path);
        }
    }
}

#[test]
fn only_the_server_waits() {
    only(
        &[
            "server/",
            "cli/",
            // Drives a multipart reader whose whole input is at hand: its future is always ready.
            "http/form.rs",
        ],
        &["async", "await"],
        "everything else answers at once",
    );
}

#[test]
fn only_the_clock_reads_the_systems_time_and_nobody_its_zone() {
    only(
        &["clock.rs"],
        &["Instant::now", "SystemTime", "Timestamp::now", "UNIX_EPOCH"],
        "time comes from the scenario's clock",
    );
    only(
        &[],
        &[
            "Zoned::now",
            "TimeZone::system",
            "TimeZone::get",
            "TimeZone::try_system",
            "Local",
        ],
        "the same scenario gives the same bytes in every time zone",
    );
}

#[test]
fn only_the_seed_makes_chance() {
    only(
        &["seed/"],
        &["rand", "rand_pcg", "fake", "RandomState", "DefaultHasher"],
        "chance comes from the scenario's seed",
    );
    only(
        // The admin token is a secret, which nothing that a seed gives can be.
        &["cli/admission.rs"],
        &["getrandom"],
        "chance comes from the scenario's seed",
    );
}

#[test]
fn only_scenarios_know_yaml() {
    only(
        &["format/", "scenario/"],
        &["serde_yaml", "serde_saphyr", "granit_parser"],
        "YAML is how people write scenarios, nothing else",
    );
}

#[test]
fn only_one_reader_reads_xml() {
    only(
        // The report of a run is written, and never read.
        &["xml.rs", "cli/junit.rs"],
        &["quick_xml"],
        "what makes a document well-formed is decided once",
    );
}

#[test]
fn only_those_who_write_to_a_wire_serialize() {
    only(
        &[
            "vendors/",
            "admin/",
            "journal/",
            "cli/",
            "exchange",
            // A running world is written as the scenario file that it could have been loaded from.
            "scenario/",
            "format/",
            "faults/",
            // A vendor's name is shown everywhere.
            "platform/",
            "place.rs",
        ],
        &["Serialize"],
        "wire types live with whoever speaks on that wire",
    );
}

#[test]
fn only_the_command_line_prints_or_reads_the_environment() {
    only(
        &["cli/"],
        &[
            "println", "eprintln", "print", "eprint", "dbg", "std::env", "env::var",
        ],
        "a library is quiet, and the same everywhere",
    );
}

/// The layers from top to bottom: a module may import what stands below it.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["embed"],
    &["exchange", "verdict"],
    &["server"],
    &["emulator"],
    &["admin"],
    &["worlds"],
    &["sandbox"],
    &["scenario"],
    &["expect"],
    &["faults"],
    &["vendors"],
    &["journal"],
    &["platform"],
    &["format", "tokens", "records"],
    &["limits", "seed"],
    &[
        "clock", "delivery", "digits", "http", "issuers", "json", "place", "xml",
    ],
];

/// What goes against the layers, and why it is right all the same.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "platform",
    "vendors",
    "the enum of the vendors is made from the one list of them, which imports nothing",
)];

#[test]
fn modules_import_only_what_stands_below_them() {
    let layer = |module: &str| LAYERS.iter().position(|layer| layer.contains(&module));
    let mut used = BTreeSet::new();
    for file in sources() {
        let module = file.module();
        if module == "lib" {
            continue;
        }
        let here = layer(module).unwrap_or_else(|| panic!("{} is in no layer", file.path));
        for import in file.imports() {
            let Some(there) = layer(&import) else {
                panic!("{} imports {import}, which is in no layer", file.path)
            };
            let exception = EXCEPTIONS
                .iter()
                .find(|(from, to, _)| *from == module && *to == import);
            if let Some((from, to, _)) = exception {
                used.insert((*from, *to));
            } else {
                assert!(there > here, "{} imports {import}", file.path);
            }
        }
    }
    let listed: BTreeSet<_> = EXCEPTIONS
        .iter()
        .map(|(from, to, _)| (*from, *to))
        .collect();
    assert_eq!(listed, used, "an exception that nobody needs is a lie");
}

#[test]
fn a_vendor_imports_the_platform_the_format_and_the_ground_alone() {
    const GROUND: &[&str] = &[
        "platform", "format", "clock", "delivery", "digits", "http", "issuers", "json", "limits",
        "place", "records", "seed", "tokens", "vendors", "xml",
    ];
    for file in sources() {
        if file.module() == "vendors" {
            for import in file.imports() {
                let is_below = GROUND.contains(&import.as_str());
                assert!(is_below, "{} imports {import}", file.path);
            }
        }
    }
}

#[test]
fn nothing_outside_their_folders_names_a_vendor() {
    // The embedding API has an accessor for each vendor; what tests use of the inside is listed by its path.
    const EXCEPTIONS: &[&str] = &["embed.rs", "lib.rs"];
    let names = ["ispring", "openedx", "alm", "adobe", "moocit"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in sources() {
        let is_exempt = EXCEPTIONS.contains(&file.path.as_str());
        if is_exempt || file.path.starts_with("vendors/") {
            continue;
        }
        // Comments and texts count: whoever reads them learns to think of one vendor.
        let text = std::fs::read_to_string(root.join(&file.path)).unwrap();
        let (text, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
        let words = text.split(|c: char| !c.is_alphabetic());
        for word in words {
            let word = word.to_ascii_lowercase();
            assert!(!names.contains(&&*word), "{} names {word}", file.path);
        }
    }
}

/// The arms of each `match` of the code, without what stands in braces within them.
fn arms(code: &str) -> Vec<String> {
    let starts = code.match_indices("match ");
    let blocks = starts.map(|(at, _)| {
        let mut depth = 0;
        let mut arms = String::new();
        for character in code[at..].chars() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ if depth == 1 => arms.push(character),
                _ => continue,
            }
            if depth == 0 {
                break;
            }
        }
        arms
    });
    blocks.collect()
}

#[test]
fn a_wildcard_never_answers_for_a_vendor() {
    // `ApiError` is matched without `_ =>` wherever a status or a message is chosen.
    let mut rooms = BTreeSet::new();
    for file in sources() {
        if !file.path.starts_with("vendors/") {
            continue;
        }
        for arms in arms(&file.code) {
            let mut patterns = arms.lines().map(|line| line.trim_start_matches([' ', '|']));
            if patterns.any(|pattern| pattern.starts_with("ApiError::")) {
                assert!(!arms.contains("_ =>"), "{}: {arms}", file.path);
                rooms.insert(file.path.clone());
            }
        }
    }
    assert!(rooms.contains("vendors/ispring/errors.rs"), "{rooms:?}");
}
