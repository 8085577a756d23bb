//! The verdict on all worlds together, as a person reads it.

use std::collections::BTreeMap;
use std::fmt;

use crate::expect::{Judged, Verdict};
use crate::journal::Entry;
use crate::place::cut;
use crate::worlds::Worlds;

/// The verdict on every world of an emulator. Shown, it says what was expected, whether it was kept, and
/// by which requests.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    worlds: Vec<World>,
}

/// The verdict on one world.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Its name; the default sandbox's is empty.
    pub name: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What the journal still knows of the requests that the verdict names, by id.
    entries: BTreeMap<String, Entry>,
}

/// Requests of one claim that are shown; the rest is counted.
const SHOWN: usize = 10;

impl Verdicts {
    /// The verdict as it stands now.
    pub fn of(worlds: &Worlds) -> Self {
        let verdicts = worlds.verdicts().into_iter();
        let worlds = verdicts.map(|(name, verdict)| {
            let sandbox = match name.as_str() {
                "" => Some(worlds.main()),
                name => worlds.find(name).map(|living| living.sandbox),
            };
            let journal = match sandbox {
                Some(sandbox)
                    if verdict
                        .judged
                        .iter()
                        .any(|judged| !judged.requests.is_empty()) =>
                {
                    sandbox.journal.notes()
                }
                // Of a sandbox that has ended only the verdict is left.
                Some(_) | None => Vec::new(),
            };
            let named = verdict.judged.iter().flat_map(|judged| &judged.requests);
            let entries = named.filter_map(|id| {
                let note = journal.iter().find(|note| note.id() == *id)?;
                Some((id.clone(), note.entry()))
            });
            World {
                entries: entries.collect(),
                name,
                verdict,
            }
        });
        let mut worlds: Vec<World> = worlds.collect();
        // A client that lives in sandboxes leaves the default sandbox alone, and each sandbox is asked for the
        // same.
        if worlds.len() > 1 {
            worlds.retain(|world| !(world.name.is_empty() && world.verdict.is_untouched));
        }
        Verdicts { worlds }
    }

    /// These verdicts, of which no journal knows more.
    pub fn new(verdicts: Vec<(String, Verdict)>) -> Self {
        let worlds = verdicts.into_iter().map(|(name, verdict)| World {
            name,
            verdict,
            entries: BTreeMap::new(),
        });
        Verdicts {
            worlds: worlds.collect(),
        }
    }

    /// World by world, the main one first.
    pub fn worlds(&self) -> &[World] {
        &self.worlds
    }

    /// Whether every claim holds, and every request fitted an operation or need not.
    pub fn is_fine(&self, lenient: bool) -> bool {
        let mut worlds = self.worlds.iter();
        worlds.all(|world| world.verdict.is_kept() && (lenient || world.verdict.unmatched == 0))
    }
}

impl World {
    /// What to call it.
    pub fn title(&self) -> String {
        match self.name.as_str() {
            "" => "main world".to_owned(),
            name => format!("sandbox {name}"),
        }
    }

    /// A request that the verdict names, if the journal still knows it.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// A request that the verdict names, on one line: its id, and what it was as far as the journal knows.
    pub fn line(&self, id: &str) -> String {
        let Some(entry) = self.entry(id) else {
            return id.to_owned();
        };
        let query = match entry.query.as_str() {
            "" => String::new(),
            query => format!("?{query}"),
        };
        let target = format!("{}{query}", entry.path);
        let status = entry.status.as_u16();
        format!("{id} {} {} {status}", entry.method, cut(&target))
    }
}

impl fmt::Display for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.headline())?;
        for world in &self.worlds {
            if world.verdict.judged.is_empty() && world.verdict.unmatched == 0 {
                continue;
            }
            if self.worlds.len() > 1 {
                writeln!(f, "{}:", world.title())?;
            }
            for judged in &world.verdict.judged {
                write_judged(f, world, judged)?;
            }
            write_unmatched(f, &world.verdict)?;
        }
        Ok(())
    }
}

impl Verdicts {
    /// `2 of 5 expectations broken, 1 request unmatched`, `all 5 expectations kept, but no request came`.
    pub fn headline(&self) -> String {
        let judged = || self.worlds.iter().flat_map(|world| &world.verdict.judged);
        let all = judged().count();
        let broken = judged().filter(|judged| !judged.kept).count();
        let unmatched: u64 = self.worlds.iter().map(|it| it.verdict.unmatched).sum();
        let claims = match (broken, all) {
            (_, 0) => "nothing expected".to_owned(),
            (0, 1) => "the expectation was kept".to_owned(),
            (0, all) => format!("all {all} expectations kept"),
            (broken, all) => format!("{broken} of {} broken", counted(all as u64, "expectation")),
        };
        // Most expectations hold where no request came: that is worth a word.
        let mut claiming = self.worlds.iter().map(|it| &it.verdict);
        let nobody_came =
            all > 0 && claiming.all(|verdict| verdict.is_untouched || verdict.judged.is_empty());
        match unmatched {
            0 if nobody_came => format!("{claims}, but no request came"),
            0 => claims,
            unmatched => format!("{claims}, {} unmatched", counted(unmatched, "request")),
        }
    }
}

fn write_judged(f: &mut fmt::Formatter<'_>, world: &World, judged: &Judged) -> fmt::Result {
    let word = match (judged.kept, judged.unsure) {
        (true, _) => "kept  ",
        (false, true) => "unsure",
        (false, false) => "broken",
    };
    write!(f, "  {word}  {}", Plain(&judged.claim))?;
    if let Some(place) = &judged.place {
        write!(f, " ({})", Plain(place))?;
    }
    writeln!(f)?;
    if judged.kept {
        return Ok(());
    }
    writeln!(f, "            {}", Plain(&judged.reason))?;
    for id in judged.requests.iter().take(SHOWN) {
        writeln!(f, "            {}", Plain(&world.line(id)))?;
    }
    match judged.requests.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(f, "            and {more} more"),
    }
}

fn write_unmatched(f: &mut fmt::Formatter<'_>, verdict: &Verdict) -> fmt::Result {
    if verdict.unmatched == 0 {
        return Ok(());
    }
    let count = counted(verdict.unmatched, "request");
    writeln!(f, "  unmatched: {count} fitted no operation")?;
    for example in &verdict.examples {
        writeln!(f, "            {}", Plain(example))?;
    }
    let shown = verdict.examples.len() as u64;
    match verdict.unmatched.saturating_sub(shown) {
        more if more > 0 && shown > 0 => writeln!(f, "            and {more} more"),
        _ => Ok(()),
    }
}

fn counted(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// Text that a client had a hand in, unable to move a terminal's cursor or to start a line of its own.
struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;

        self.0.chars().try_for_each(|character| {
            let turns = matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if character.is_control() || turns {
write!(f, "{}", character.escape_unicode())
} else {
f.write_char(character)
}
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(kept: bool) -> Judged {
        Judged {
            claim: "alm list_user_enrollments: 3 times".to_owned(),
            place: Some("story.yaml:7".into()),
            kept,
            unsure: false,
            reason: "it was called 12 times".to_owned(),
            requests: (1..=12).map(|id| format!("r-{id}")).collect(),
        }
    }

    fn verdicts(name: &str, verdict: Verdict) -> Verdicts {
        Verdicts::new(vec![(name.to_owned(), verdict)])
    }

    #[test]
    fn a_broken_claim_names_its_reason_and_some_requests() {
        let verdict = Verdict {
            judged: vec![judged(false), judged(true)],
            unmatched: 2,
            examples: vec!["GET /x\u{1b}[2J: no such path".to_owned()],
            ..Verdict::default()
        };
        let shown = verdicts("", verdict).to_string();
        let requests: String = (1..=10).map(|id| format!("            r-{id}\n")).collect();
        assert_eq!(
            shown,
            format!(
                "1 of 2 expectations broken, 2 requests unmatched\n\
                 \x20 broken  alm list_user_enrollments: 3 times (story.yaml:7)\n\
                 \x20           it was called 12 times\n\
                 {requests}\
                 \x20           and 2 more\n\
                 \x20 kept    alm list_user_enrollments: 3 times (story.yaml:7)\n\
                 \x20 unmatched: 2 requests fitted no operation\n\
                 \x20           GET /x\\u{{1b}}[2J: no such path\n\
                 \x20           and 1 more\n"
            )
        );
    }

    #[test]
    fn a_quiet_world_is_one_line() {
        let shown = verdicts("", Verdict::default()).to_string();
        assert_eq!(shown, "nothing expected\n");
    }

    #[test]
    fn of_several_worlds_each_is_named() {
        let kept = Verdict {
            judged: vec![judged(true)],
            ..Verdict::default()
        };
        let worlds = vec![
            (String::new(), Verdict::default()),
            ("a".to_owned(), kept.clone()),
            ("b".to_owned(), kept),
        ];
        let shown = Verdicts::new(worlds).to_string();
        assert!(
            shown.starts_with("all 2 expectations kept\nsandbox a:\n  kept"),
            "{shown}"
        );
        assert!(!shown.contains("main"), "{shown}");
    }

    #[test]
    fn claims_that_nobody_put_to_the_test_are_said_to_be_so() {
        let untouched = Verdict {
            judged: vec![judged(true)],
            is_untouched: true,
            ..Verdict::default()
        };
        let kept = Verdict {
            is_untouched: false,
            ..untouched.clone()
        };
        assert_eq!(
            verdicts("", untouched.clone()).headline(),
            "the expectation was kept, but no request came"
        );
        let both = Verdicts::new(vec![(String::new(), untouched), ("a".to_owned(), kept)]);
        assert_eq!(both.headline(), "all 2 expectations kept");
    }

    #[test]
    fn unmatched_requests_are_fine_for_the_lenient_and_broken_claims_for_nobody() {
        let unmatched = Verdict {
            unmatched: 1,
            ..Verdict::default()
        };
        assert!(!verdicts("", unmatched.clone()).is_fine(false));
        assert!(verdicts("", unmatched).is_fine(true));
        let broken = Verdict {
            judged: vec![judged(false)],
            ..Verdict::default()
        };
        assert!(!verdicts("a", broken).is_fine(true));
    }
}
