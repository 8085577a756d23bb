//! What the README shows is what comes back.

use assert_cmd::Command;
use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::http::Request;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::platform::Vendor;
use enrollmock::internals::scenario::{Overrides, Scenario, Source};
use hyper::header::{CONTENT_LENGTH, HeaderName, LOCATION};
use serde_json::Value;

const README: &str = include_str!("../../../README.md");

/// The commands of one `console` block, each with the output that the README gives.
fn sessions() -> Vec<Vec<(String, String)>> {
    let blocks = README.split("```console\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().expect("the block ends"));
    blocks
        .map(|block| {
            let commands = block.split("$ ").skip(1);
            let commands = commands.map(|text| text.split_once('\n').expect("output follows"));
            commands
                .map(|(command, output)| (command.to_owned(), output.trim_end().to_owned()))
                .collect()
        })
        .collect()
}

/// The words of a command line, single quotes taken off.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in command.chars() {
        match character {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().expect("there is a word").push(other),
        }
    }
    words
}

/// What curl would print.
fn curl(emulator: &Emulator, command: &str) -> String {
    let mut words = words(command).into_iter();
    assert_eq!(words.next().as_deref(), Some("curl"), "{command}");
    let (mut url, mut headers, mut data, mut include) = (None, Vec::new(), Vec::new(), false);
    let (mut method, mut wanted, mut is_hidden) = (None, String::new(), false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-g" | "-s" => {}
            "-X" => method = words.next(),
            "-w" => wanted = words.next().expect("what to write"),
            "-o" => is_hidden = words.next().as_deref() == Some("/dev/null"),
            "-i" => include = true,
            "-H" => headers.push(words.next().expect("a header")),
            "-d" => data.push(words.next().expect("data")),
            _ => url = Some(word),
        }
    }
    let url = url.expect("a URL");
    let (host, target) = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .expect("an http URL with a path");
    let method = match (method, data.is_empty()) {
        (Some(method), _) => method.parse().expect("a method"),
        (None, true) => hyper::Method::GET,
        (None, false) => hyper::Method::POST,
    };
    let mut request = Request::new(method, &format!("/{target}"));
    let has = |headers: &[String], name: &str| {
        let mut names = headers.iter().filter_map(|header| header.split_once(':'));
        names.any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    headers.push(format!("Host: {host}"));
    if !has(&headers, "Accept") {
        headers.push("Accept: */*".to_owned());
    }
    if !data.is_empty() && !has(&headers, "Content-Type") {
        headers.push("Content-Type: application/x-www-form-urlencoded".to_owned());
    }
    for header in headers {
        let (name, value) = header.split_once(':').expect("a header has a colon");
        request = request.with_header(name, value.trim()).expect("a header");
    }
    let reply = emulator.handle(request.with_body(data.join("&"))).reply;
    let mut printed = String::new();
    if include {
        let reason = reply.status.canonical_reason().unwrap_or("");
        printed += &format!("HTTP/1.1 {} {reason}\n", reply.status.as_u16());
        // The server writes the length behind all others.
        let is_length = |name: &HeaderName| name == CONTENT_LENGTH;
        let fields = reply.headers.iter().filter(|(name, _)| !is_length(name));
        let length = reply.headers.iter().filter(|(name, _)| is_length(name));
        for (name, value) in fields.chain(length) {
            let title: Vec<String> = name
                .as_str()
                .split('-')
                .map(|part| part[..1].to_uppercase() + &part[1..])
                .collect();
            let value = value.to_str().expect("a header value is text");
            printed += &format!("{}: {value}\n", title.join("-"));
        }
        printed.push('\n');
    }
    let location = reply.headers.get(LOCATION);
    let location = location.map_or("", |it| it.to_str().expect("an address is text"));
    let wanted = wanted
        .replace("\\n", "\n")
        .replace("%{http_code}", reply.status.as_str())
        .replace("%{redirect_url}", location);
    if !is_hidden {
        printed += std::str::from_utf8(&reply.body.collect()).expect("the body is text");
    }
    printed += &wanted;
    printed.trim_end().to_owned()
}

#[test]
fn every_sample_of_the_readme_is_what_comes_back() {
    let source = Source::BuiltIn("quickstart".to_owned());
    let scenario = Scenario::load(&source, Overrides::default()).expect("quickstart is sound");
    let emulator = Emulator::new(scenario, Bounds::default());
    // As if each command were typed at once after the server's start.
    let main = emulator.main();
    let clock = &main.clock;
    clock.set(None, None, Some(false)).expect("it freezes");
    let start = emulator.main().scenario().start().now;
    clock.set(Some(start), None, None).expect("it jumps");

    let sessions = sessions();
    assert!(sessions.len() >= 2, "the README has samples");
    for (command, output) in sessions.into_iter().flatten() {
        let expected = output.replace("\"ticking\":true", "\"ticking\":false");
        let found = curl(&emulator, &command);
        assert_eq!(found, expected, "{command}");
    }
}

#[test]
fn the_readme_names_every_path_of_every_vendor() {
    for vendor in Vendor::ALL {
        let table = format!("http://HOST:PORT/{}` | ", vendor.name());
        let row = README.lines().find(|line| line.contains(&table));
        let row = row.expect("the vendor has a row");
        for operation in vendor.rows() {
            // What a catch-all stands for is named in the reader's words.
            let path = operation.path;
            let named = match path.split_once("{*") {
                Some((before, _)) => row.contains(&format!("`{before}")),
                None => row.contains(&format!("`{path}`")),
            };
            assert!(named, "{path}");
        }
    }
}

#[test]
fn the_readme_names_every_switch_for_what_nobody_knows() {
    let schema: Value = serde_json::from_str(include_str!("../../../scenarios/schema.json"))
        .expect("the schema is JSON");
    let definitions = ["Behaviour", "OpenedxBehaviour", "AlmBehaviour"];
    let switches_of = |definition: &str| {
        let switches = schema["$defs"][definition]["properties"].as_object();
        switches.expect("it has switches").clone()
    };
    for definition in definitions {
        for switch in switches_of(definition).keys() {
            let named = format!("`{switch}`");
            let rows = README.lines().filter(|line| line.starts_with("| "));
            let rows = rows.filter(|row| row.contains(&named));
            // Two vendors may have a switch of one name.
            let have = definitions
                .iter()
                .filter(|it| switches_of(it).contains_key(switch));
            assert_eq!(rows.count(), have.count(), "{definition}: {switch}");
        }
    }
}

/// The blocks of one language, each without its fences.
fn blocks(language: &str) -> Vec<&'static str> {
    let start = format!("```{language}\n");
    let blocks = README.split(&start).skip(1);
    blocks
        .map(|rest| rest.split("```").next().expect("the block ends"))
        .collect()
}

#[test]
fn the_readme_names_every_call_of_the_admin_api_and_no_other() {
    let scenario = Scenario::load(
        &Source::BuiltIn("quickstart".to_owned()),
        Overrides::default(),
    );
    let scenario = scenario.expect("quickstart is sound");
    let emulator = Emulator::new(scenario, Bounds::default());
    let index = curl(&emulator, "curl http://127.0.0.1:8650/__admin");
    let index: Value = serde_json::from_str(&index).expect("the index is JSON");
    let calls = index["calls"].as_array().expect("it lists calls").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut calls: Vec<String> = calls
        .map(|call| {
            let path = text(&call["url"]).replace("http://127.0.0.1:8650", "");
            format!("{} {path}", text(&call["method"]))
        })
        .collect();
    let (_, table) = README
        .split_once("| call | does |\n")
        .expect("there is a table");
    let rows = table.lines().take_while(|line| line.starts_with("| "));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    let mut named: Vec<String> = cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(|call| call.split('?').next().expect("a path").to_owned())
        .collect();
    calls.sort();
    named.sort();
    assert_eq!(named, calls);
}

/// The long flags that a text names.
fn flags(text: &str) -> Vec<String> {
    let starts = text.match_indices("--").filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|it| it.is_whitespace() || it == '`')
    });
    let mut flags: Vec<String> = starts
        .map(|(at, _)| {
            let is_part = |c: &char| c.is_ascii_lowercase() || *c == '-';
            text[at..].chars().take_while(is_part).collect()
        })
        // A line of a table is drawn with dashes, and so is what stands before a command.
        .filter(|flag: &String| flag.chars().any(|it| it != '-'))
        .collect();
    flags.sort();
    flags.dedup();
    flags
}

#[test]
fn the_readme_names_every_flag_of_serve_and_exec() {
    let help = |verb: &str| {
        let mut command = Command::cargo_bin("enrollmock").expect("it is built");
        let output = command.args([verb, "-h"]).output().expect("it runs");
        let help = String::from_utf8(output.stdout).expect("help is text");
        let (_, options) = help.split_once("Options:").expect("it has options");
        // Each stands at the start of its line, some behind a short one.
        let lines = options.lines().map(str::trim_start);
        let lines = lines.map(|line| line.strip_prefix("-h, ").unwrap_or(line));
        let starts = lines.filter(|line| line.starts_with("--"));
        let names: Vec<&str> = starts.filter_map(|line| line.split(' ').next()).collect();
        let mut flags = flags(&names.join("\n"));
        flags.retain(|flag| flag != "--help");
        flags
    };
    let of_table = |head: &str| {
        let (_, table) = README.split_once(head).expect("there is a table");
        let rows = table.lines().skip(1);
        let rows = rows.take_while(|line| line.starts_with("| "));
        let cells: Vec<&str> = rows.filter_map(|row| row.split(" | ").next()).collect();
        flags(&cells.join("\n"))
    };
    let mut named = of_table("| flag of `serve` and `exec` |");
    assert_eq!(named, help("serve"));
    named.extend(of_table("| flag of `exec` |"));
    named.sort();
    assert_eq!(named, help("exec"));
}

#[test]
fn the_rust_sample_of_the_readme_is_part_of_the_example() {
    let example = include_str!("../../../examples/rust_test.rs");
    let example = example.replace("#[cfg_attr(test, test)]", "#[test]");
    let samples = blocks("rust");
    assert!(!samples.is_empty(), "the README has a sample");
    for item in samples.iter().flat_map(|sample| sample.split("\n\n")) {
        assert!(example.contains(item.trim_end()), "{item}");
    }
}

#[test]
fn the_jobs_of_the_readme_are_yaml_and_run_built_in_stories() {
    let jobs = blocks("yaml");
    assert_eq!(jobs.len(), 2, "one for GitHub, one for GitLab");
    for job in jobs {
        let read: Result<Value, _> = serde_yaml::from_str(job);
        assert!(read.is_ok(), "{read:?} in\n{job}");
        let (_, command) = job
            .split_once("enrollmock exec ")
            .expect("it runs enrollmock");
        let story = command.split_whitespace().next().expect("a story");
        let source = Source::BuiltIn(story.to_owned());
        assert!(Scenario::load(&source, Overrides::default()).is_ok());
    }
}
