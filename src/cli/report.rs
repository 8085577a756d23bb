//! Writes the verdict as JSON, for machines.

use std::io;

use serde::Serialize;

use super::FINE;
use crate::expect::Judged;
use crate::verdict::{Verdicts, World};

#[derive(Serialize)]
struct ReportView<'a> {
    /// Whether the requests are fine, however the command ended.
    fine: bool,
    lenient: bool,
    command: CommandView,
    worlds: Vec<SandboxView<'a>>,
}

/// How the command ended.
#[derive(Serialize)]
struct CommandView {
    exit_code: u8,
    succeeded: bool,
}

#[derive(Serialize)]
struct SandboxView<'a> {
    /// Null: the default sandbox.
    sandbox: Option<&'a str>,
    kept: bool,
    expectations: Vec<ExpectationView<'a>>,
    unmatched: u64,
    /// The first of the unmatched requests, each with the nearest operations.
    unmatched_examples: &'a [String],
}

#[derive(Serialize)]
struct ExpectationView<'a> {
    claim: &'a str,
    /// `FILE:LINE`.
    place: Option<&'a str>,
    kept: bool,
    /// Too much was forgotten to tell.
    unsure: bool,
    reason: &'a str,
    requests: Vec<RequestView<'a>>,
}

/// A request. Members that the journal has forgotten are null.
#[derive(Serialize)]
struct RequestView<'a> {
    id: &'a str,
    at: Option<String>,
    method: Option<&'a str>,
    path: Option<&'a str>,
    query: Option<&'a str>,
    status: Option<u16>,
}

/// The report on a command that ended with `code`.
///
/// # Errors
/// None: memory can always be written.
pub(super) fn text(verdicts: &Verdicts, lenient: bool, code: u8) -> io::Result<String> {
    let report = ReportView {
        fine: verdicts.is_fine(lenient),
        lenient,
        command: CommandView {
            exit_code: code,
            succeeded: code == FINE,
        },
        worlds: verdicts.worlds().iter().map(sandbox).collect(),
    };
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}

fn sandbox(world: &World) -> SandboxView<'_> {
    let judged = world.verdict.judged.iter();
    SandboxView {
        sandbox: match world.name.as_str() {
            "" => None,
            name => Some(name),
        },
        kept: world.verdict.is_kept(),
        expectations: judged.map(|judged| expectation(world, judged)).collect(),
        unmatched: world.verdict.unmatched,
        unmatched_examples: &world.verdict.examples,
    }
}

fn expectation<'a>(world: &'a World, judged: &'a Judged) -> ExpectationView<'a> {
    let requests = judged.requests.iter();
    ExpectationView {
        claim: &judged.claim,
        place: judged.place.as_deref(),
        kept: judged.kept,
        unsure: judged.unsure,
        reason: &judged.reason,
        requests: requests.map(|id| request(world, id)).collect(),
    }
}

fn request<'a>(world: &'a World, id: &'a str) -> RequestView<'a> {
    let entry = world.entry(id);
    RequestView {
        id,
        at: entry.map(|entry| entry.at.to_string()),
        method: entry.map(|entry| entry.method.as_str()),
        path: entry.map(|entry| entry.path.as_str()),
        query: entry.map(|entry| entry.query.as_str()),
        status: entry.map(|entry| entry.status.as_u16()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::expect::Verdict;

    #[test]
    fn a_report_tells_every_world_and_what_decided() {
        let broken = Verdict {
            judged: vec![Judged {
                claim: "honours_retry_after".to_owned(),
                place: Some("story.yaml:7".into()),
                kept: false,
                unsure: false,
                reason: "it came back at once".to_owned(),
                requests: vec!["r-2".to_owned()],
            }],
            unmatched: 1,
            examples: vec!["GET /x".to_owned()],
            ..Verdict::default()
        };
        let worlds = vec![
            (String::new(), Verdict::default()),
            ("a".to_owned(), broken),
        ];
        let text = text(&Verdicts::new(worlds), true, 3).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            report,
            json!({
                "fine": false,
                "lenient": true,
                "command": { "exit_code": 3, "succeeded": false },
                "worlds": [
                    { "sandbox": null, "kept": true, "expectations": [], "unmatched": 0, "unmatched_examples": [] },
                    {
                        "sandbox": "a",
                        "kept": false,
                        "expectations": [{
                            "claim": "honours_retry_after",
                            "place": "story.yaml:7",
                            "kept": false,
                            "unsure": false,
                            "reason": "it came back at once",
                            "requests": [{ "id": "r-2", "at": null, "method": null, "path": null, "query": null, "status": null }],
                        }],
                        "unmatched": 1,
                        "unmatched_examples": ["GET /x"],
                    },
                ],
            })
        );
    }
}
