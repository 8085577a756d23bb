//! Makes the seed corpora and the dictionary of every target from what the project has already: the
//! fixtures, the scenarios, and the examples of the reference.
//!
//! `cargo run --manifest-path fuzz/Cargo.toml --example seeds`

use std::collections::BTreeSet;
use std::fs;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

use enrollmock::internals::http::Request;
use enrollmock::internals::platform::Vendor;
use enrollmock_fuzz::envelopes::{self, Recorded};
use enrollmock_fuzz::{admin, stages, text};

/// How small the texts are that are worth a seed: larger ones only slow the fuzzer down.
const LONGEST: usize = 8 * 1024;

fn main() -> Result<()> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = Corpus(home.join("corpus"));
    let stages = stages::all();
    let recordings = envelopes::recordings(&stages);
    for recorded in &recordings {
        let mut bytes = format!("@{}\n", stages[recorded.stage].name).into_bytes();
        let requests: Vec<_> = recorded.requests.iter().map(text::written).collect();
        bytes.extend(requests.join(text::BETWEEN));
        corpus.add("handle", &bytes)?;
        corpus.add("exchange", &recorded.bytes)?;
    }
    type Open = Box<dyn Fn(&Recorded, &mut Request) -> Option<Vec<u8>>>;
    let benches: [(&str, Open); 6] = [
        ("ispring_bodies", Box::new(envelopes::body(Vendor::Ispring))),
        ("openedx_bodies", Box::new(envelopes::body(Vendor::Openedx))),
        ("alm_bodies", Box::new(envelopes::body(Vendor::Alm))),
        ("queries", Box::new(envelopes::query)),
        ("cursors", Box::new(envelopes::cursor)),
        ("claims", Box::new(envelopes::claims)),
    ];
    for (target, open) in &benches {
        for bytes in envelopes::seeds(&stages, open) {
            corpus.add(target, &bytes)?;
        }
    }
    for story in stories(&stages)? {
        corpus.add("scenario", story.as_bytes())?;
        for call in 0..admin::CALLS.len() {
            for stage in 0..admin::STAGES.len() {
                let chosen = [call as u8, stage as u8];
                // A piece has a scenario's sections, and no version.
                let body = match call {
                    0 => story.replace("version: 1\n", ""),
                    _ => story.clone(),
                };
                // Files are what the first two calls read; the others have bodies of their own.
                if call < 2 {
                    corpus.add("piece", &[&chosen, body.as_bytes()].concat())?;
                }
            }
        }
    }
    for body in examples(&fs::read_to_string(stages::root().join("README.md"))?) {
        for call in 0..admin::CALLS.len() {
            corpus.add("piece", &[&[call as u8, 0], body.as_bytes()].concat())?;
        }
        // The admin API in the middle of other requests.
        for (method, path) in admin::CALLS {
            let request = format!("{method} {path}\n\n{body}\n%%\nGET /__admin/state");
            corpus.add("handle", request.as_bytes())?;
        }
    }
    for recorded in recordings.iter().flat_map(|it| &it.requests) {
        for how in 0..7 {
            corpus.add("mask", &[&[how, how], &recorded.body[..]].concat())?;
        }
    }
    dictionary(&home.join("dictionaries"), &recordings, &stages)
}

/// A folder for each target.
struct Corpus(PathBuf);

impl Corpus {
    /// Named after what is in it, so that making the seeds again makes the same files.
    fn add(&self, target: &str, bytes: &[u8]) -> Result<()> {
        if bytes.len() > LONGEST {
            return Ok(());
        }
        let folder = self.0.join(target);
        fs::create_dir_all(&folder)?;
        let name = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        fs::write(folder.join(format!("seed-{name:016x}")), bytes)
    }
}

/// Scenarios: built-in ones, those of the fixtures, the reference's examples, and what each stage is as one file.
fn stories(all: &[stages::Stage]) -> Result<Vec<String>> {
    let mut folders = vec![stages::root().join("scenarios")];
    for vendor in Vendor::ALL {
        folders.push(
            stages::root()
                .join("fixtures")
                .join(vendor.name())
                .join("scenarios"),
        );
    }
    let files = folders.iter().flat_map(|folder| stages::yaml_files(folder));
    let mut stories: Vec<String> = files.map(fs::read_to_string).collect::<Result<_>>()?;
    let reference = fs::read_to_string(stages::root().join("scenarios/README.md"))?;
    for block in reference.split("```yaml\n").skip(1) {
        let (block, _) = block
            .split_once("```")
            .ok_or(Error::other("a block that does not end"))?;
        stories.push(block.to_owned());
        stories.push(format!("version: 1\n{block}"));
    }
    stories.extend(
        all.iter()
            .map(|stage| stages::state(&stage.actor(0).emulator)),
    );
    Ok(stories)
}

/// The bodies of the admin calls that a document shows: `-d '{"advance":"31m"}'`.
fn examples(document: &str) -> BTreeSet<String> {
    let bodies = document.split("-d '").skip(1);
    let bodies = bodies.filter_map(|rest| rest.split_once('\''));
    bodies.map(|(body, _)| body.to_owned()).collect()
}

/// Words that mutations should know: paths and their pieces, parameters, names and values of fields.
fn dictionary(folder: &Path, recordings: &[Recorded], all: &[stages::Stage]) -> Result<()> {
    let mut words: BTreeSet<String> = all
        .iter()
        .map(|stage| format!("@{}\n", stage.name))
        .collect();
    for vendor in Vendor::ALL {
        for surface in vendor.surfaces() {
            let prefix = surface.face.prefixes().first().copied().unwrap_or_default();
            for row in &surface.rows {
                words.insert(format!(
                    "{} /{}{prefix}{}",
                    row.method,
                    vendor.name(),
                    row.path
                ));
            }
        }
    }
    words.insert(String::from_utf8_lossy(text::BETWEEN).into_owned());
    words.extend(
        admin::CALLS
            .iter()
            .map(|(method, path)| format!("{method} {path}")),
    );
    for request in recordings.iter().flat_map(|it| &it.requests) {
        words.insert(format!("{} {}", request.method, request.path));
        let pairs = request.query.split('&');
        words.extend(pairs.flat_map(|pair| pair.split('=')).map(str::to_owned));
        let fields = request.headers.iter();
        words.extend(
            fields.filter_map(|(name, value)| Some(format!("\n{name}: {}", value.to_str().ok()?))),
        );
        // Names and values of JSON, XML and forms alike.
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let pieces = body.split(['"', '<', '>', '&', '=', ',', ' ', '\n', '\r']);
        words.extend(pieces.map(str::to_owned));
    }
    let keys = fs::read_to_string(stages::root().join("scenarios/schema.json"))?;
    words.extend(
        keys.split('"')
            .filter(|word| is_word(word))
            .map(|word| format!("{word}:")),
    );
    let entries = words.iter().filter(|word| (2..=96).contains(&word.len()));
    let lines: Vec<String> = entries
        .map(|word| format!("\"{}\"\n", escaped(word)))
        .collect();
    fs::create_dir_all(folder)?;
    fs::write(folder.join("words.dict"), lines.concat())
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn escaped(word: &str) -> String {
    let escaped = word.bytes().map(|byte| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        other => format!("\\x{other:02X}"),
    });
    escaped.collect()
}
