//! Writes the verdict as JUnit XML, which every CI system shows.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::expect::Judged;
use crate::verdict::{Verdicts, World};

/// A test case as CI systems show it.
struct Case {
    name: String,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    /// Why, and more about it.
    Skipped(String, String),
    Failed(String, String),
}

type Xml = Writer<Vec<u8>>;

/// Writes one suite for each sandbox. It has one case for each expectation, and one for all unmatched requests.
/// Unmatched requests that may pass count as skipped.
///
/// # Errors
/// None: memory can always be written.
pub(super) fn text(verdicts: &Verdicts, lenient: bool) -> io::Result<Vec<u8>> {
    let suites: Vec<(String, Vec<Case>)> = verdicts
        .worlds()
        .iter()
        .map(|world| (suite_name(world), cases(world, lenient)))
        .collect();
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = || suites.iter().flat_map(|(_, cases)| cases);
    xml.write_event(Event::Start(counted("testsuites", "enrollmock", all())))?;
    for (name, cases) in &suites {
        xml.write_event(Event::Start(counted("testsuite", name, cases.iter())))?;
        for case in cases {
            write_case(&mut xml, name, case)?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    let mut text = xml.into_inner();
    text.push(b'\n');
    Ok(text)
}

fn suite_name(world: &World) -> String {
    match world.name.as_str() {
        "" => "enrollmock".to_owned(),
        name => format!("enrollmock.{name}"),
    }
}

fn cases(world: &World, lenient: bool) -> Vec<Case> {
    let verdict = &world.verdict;
    let mut cases: Vec<Case> = verdict
        .judged
        .iter()
        .map(|it| expectation(world, it))
        .collect();
    let message = match verdict.unmatched {
        1 => "1 request fitted no operation".to_owned(),
        many => format!("{many} requests fitted no operation"),
    };
    let examples = verdict.examples.join("\n");
    cases.push(Case {
        name: "every request fits an operation".to_owned(),
        outcome: match verdict.unmatched {
            0 => Outcome::Passed,
            _ if lenient => Outcome::Skipped(message, examples),
            _ => Outcome::Failed(message, examples),
        },
    });
    cases
}

fn expectation(world: &World, judged: &Judged) -> Case {
    let place = judged
        .place
        .iter()
        .map(|place| format!("expected at {place}"));
    let requests = judged.requests.iter().map(|id| world.line(id));
    let more: Vec<String> = place.chain(requests).collect();
    Case {
        name: judged.claim.clone(),
        outcome: if judged.kept {
            Outcome::Passed
        } else {
            Outcome::Failed(judged.reason.clone(), more.join("\n"))
        },
    }
}

/// The start of an element that counts its cases.
fn counted<'a>(
    tag: &'a str,
    name: &str,
    cases: impl Iterator<Item = &'a Case> + Clone,
) -> BytesStart<'a> {
    let count = |is: fn(&Outcome) -> bool| {
        let these = cases.clone().filter(|case| is(&case.outcome));
        these.count().to_string()
    };
    let mut start = BytesStart::new(tag);
    start.push_attribute(("name", &*line(name)));
    start.push_attribute(("tests", &*count(|_| true)));
    start.push_attribute(("failures", &*count(|it| matches!(it, Outcome::Failed(..)))));
    start.push_attribute(("errors", "0"));
    // Only a suite counts skipped cases.
    if tag == "testsuite" {
        start.push_attribute(("skipped", &*count(|it| matches!(it, Outcome::Skipped(..)))));
    }
    // Readers expect a time, and a verdict takes none.
    start.push_attribute(("time", "0"));
    start
}

fn write_case(xml: &mut Xml, suite: &str, case: &Case) -> io::Result<()> {
    let mut start = BytesStart::new("testcase");
    start.push_attribute(("name", &*line(&case.name)));
    start.push_attribute(("classname", &*line(suite)));
    start.push_attribute(("time", "0"));
    let (tag, message, more) = match &case.outcome {
        Outcome::Passed => return xml.write_event(Event::Empty(start)),
        Outcome::Skipped(message, more) => ("skipped", message, more),
        Outcome::Failed(message, more) => ("failure", message, more),
    };
    xml.write_event(Event::Start(start))?;
    let mut detail = BytesStart::new(tag);
    detail.push_attribute(("message", &*line(message)));
    detail.push_attribute(("type", "enrollmock"));
    xml.write_event(Event::Start(detail))?;
    xml.write_event(Event::Text(BytesText::new(&allowed(more))))?;
    xml.write_event(Event::End(BytesEnd::new(tag)))?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

/// Text as an attribute keeps it: on one line.
fn line(text: &str) -> String {
    allowed(text).replace(['\n', '\r', '\t'], " ")
}

/// Text without the characters that XML has no way to write.
fn allowed(text: &str) -> Cow<'_, str> {
    let forbidden = |it: char| {
        (it.is_control() && !matches!(it, '\n' | '\r' | '\t'))
            || matches!(it, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(forbidden) {
        Cow::Owned(text.replace(forbidden, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::expect::Verdict;

    fn judged(claim: &str, kept: bool) -> Judged {
        Judged {
            claim: claim.to_owned(),
            place: Some("story.yaml:7".into()),
            kept,
            unsure: false,
            reason: "called \"twice\" & more\u{1b}".to_owned(),
            requests: vec!["r-1".to_owned(), "r-2".to_owned()],
        }
    }

    fn shown(worlds: Vec<(String, Verdict)>, lenient: bool) -> String {
        let text = text(&Verdicts::new(worlds), lenient).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn each_world_is_a_suite_and_each_claim_a_case() {
        let main = Verdict {
            judged: vec![judged("alm <list>: 3 times", false), judged("kept", true)],
            ..Verdict::default()
        };
        let sandbox = Verdict {
            judged: vec![],
            unmatched: 2,
            examples: vec!["GET /a\u{0}b: no path".to_owned(), "PUT /c".to_owned()],
            ..Verdict::default()
        };
        let worlds = vec![(String::new(), main), ("a".to_owned(), sandbox)];
        assert_eq!(
            shown(worlds, false),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="enrollmock" tests="4" failures="2" errors="0" time="0">
  <testsuite name="enrollmock" tests="3" failures="1" errors="0" skipped="0" time="0">
    <testcase name="alm &lt;list&gt;: 3 times" classname="enrollmock" time="0">
      <failure message="called &quot;twice&quot; &amp; more�" type="enrollmock">expected at story.yaml:7
r-1
r-2</failure>
    </testcase>
    <testcase name="kept" classname="enrollmock" time="0"/>
    <testcase name="every request fits an operation" classname="enrollmock" time="0"/>
  </testsuite>
  <testsuite name="enrollmock.a" tests="1" failures="1" errors="0" skipped="0" time="0">
    <testcase name="every request fits an operation" classname="enrollmock.a" time="0">
      <failure message="2 requests fitted no operation" type="enrollmock">GET /a�b: no path
PUT /c</failure>
    </testcase>
  </testsuite>
</testsuites>
"#
        );
    }

    #[test]
    fn what_is_let_pass_is_skipped() {
        let verdict = Verdict {
            unmatched: 1,
            ..Verdict::default()
        };
        let xml = shown(vec![(String::new(), verdict)], true);
        assert!(
            xml.contains(r#"failures="0" errors="0" skipped="1""#),
            "{xml}"
        );
        assert!(xml.contains("<skipped message="), "{xml}");
    }
}
