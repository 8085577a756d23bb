//! References between records: what is said of one that leads nowhere, whatever the vendor.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::format::{FileId, Firsts, Lost, Problems, Text, dates, is_address, is_lacking, nearest};
use crate::place::{Place, Spot, cut};

/// To find the nearest name is to read a whole table. After this many names there are no more hints, so
/// that a large file in which everything is wrong is not read for ever.
const COMPARED_AT_MOST: usize = 500_000;

/// What may have been meant by names that lead nowhere.
#[derive(Debug, Default)]
pub struct Hints {
    compared: usize,
}

impl Hints {
    /// Whether names may still be compared.
    pub fn may_compare(&self) -> bool {
        self.compared < COMPARED_AT_MOST
    }

    /// One more name was compared.
    pub fn count(&mut self) {
        self.compared += 1;
    }

    /// The nearest of the names that are known, as a hint.
    pub fn nearest(&mut self, wrong: &str, known: &[String]) -> Option<String> {
        if !self.may_compare() {
            return None;
        }
        self.compared += known.len();
        nearest(wrong, known).map(did_you_mean)
    }
}

/// A name as a hint.
pub fn did_you_mean(name: impl AsRef<str>) -> String {
    format!("did you mean `{}`?", cut(name.as_ref()))
}

/// Pairs of names that are listed, also those in which something else is wrong.
#[derive(Debug)]
pub struct Pairs<'a> {
    seconds: HashMap<&'a str, Vec<String>>,
    /// A pair is listed of which a name is not known.
    lacks_names: bool,
}

impl<'a> FromIterator<(&'a Place<Text>, &'a Place<Text>)> for Pairs<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a Place<Text>, &'a Place<Text>)>>(listed: I) -> Self {
        let mut pairs = Pairs {
            seconds: HashMap::new(),
            lacks_names: false,
        };
        for (first, second) in listed {
            pairs.lacks_names |= is_lacking(first) || is_lacking(second);
            let seconds = pairs.seconds.entry(&first.value.0).or_default();
            seconds.push(second.value.0.clone());
        }
        pairs
    }
}

/// How messages name the enrollment that a pair makes.
pub fn enrollment_of(who: &Place<Text>, what: &Place<Text>) -> String {
    format!(
        "enrollment of `{}` in `{}`",
        cut(&who.value),
        cut(&what.value)
    )
}

/// Reads the names that one section of a scenario refers to.
// What stands nowhere is missing, faulty or a duplicate, which was reported.
pub trait References {
    /// What was lost, what is wrong, and what may be meant.
    fn tools(&mut self) -> (&Lost, &mut Problems, &mut Hints);

    /// Reports a reference to nothing, unless what it names was lost with a broken part of a file. Messages
    /// call a record `what`, and its name `known_by`.
    fn leads_nowhere(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        (what, known_by): (&str, &str),
        hint: impl FnOnce(&mut Hints) -> Option<String>,
    ) {
        let (lost, problems, hints) = self.tools();
        if written.spot.is_nowhere() || lost.may_hold(&written.value) {
            return;
        }
        let name = cut(&written.value);
        let what = format!("there is no {what} `{name}`, expected the {known_by} of one");
        problems.at(file, written.spot, what, hint(hints));
    }

    /// Reports a client that is none. The ids of all clients are `known`, sorted.
    fn refers_to_client(&mut self, file: FileId, written: &Place<Text>, known: &[String]) {
        let id: &str = &written.value;
        if known.binary_search_by(|it| (**it).cmp(id)).is_err() {
            let words = ("client", "client_id");
            self.leads_nowhere(file, written, words, |hints| hints.nearest(id, known));
        }
    }

    /// Reports a pair taken away that is not listed, unless it was lost. `what` names it.
    fn refers_to_pair(
        &mut self,
        file: FileId,
        (first, second): (&Place<Text>, &Place<Text>),
        what: &str,
        listed: &Pairs<'_>,
    ) {
        let (lost, problems, hints) = self.tools();
        let seconds = listed.seconds.get(&*first.value.0);
        let is_there = seconds.is_some_and(|it| it.contains(&second.value.0));
        if is_there || listed.lacks_names || lost.may_hold(&first.value) {
            return;
        }
        let hint = seconds.and_then(|seconds| hints.nearest(&second.value, seconds));
        let what = format!("there is no {what}, expected a listed or generated one");
        problems.at(file, first.spot, what, hint);
    }

    /// Refuses what was there before; whether it was not.
    fn only_once<K: Eq + Hash>(
        &mut self,
        place: (FileId, Spot),
        key: K,
        what: &str,
        firsts: &mut Firsts<K>,
    ) -> bool {
        let (_, problems, _) = self.tools();
        firsts.only_once(place, key, what, problems)
    }

    /// A date.
    fn date(&mut self, file: FileId, written: &Place<Text>) -> Option<Date> {
        let (_, problems, _) = self.tools();
        problems.read(file, written, dates::date)
    }

    /// An instant.
    fn instant(&mut self, file: FileId, written: &Place<Text>) -> Option<Timestamp> {
        let (_, problems, _) = self.tools();
        problems.read(file, written, dates::instant)
    }

    /// Refuses what is no e-mail address; whether it is one.
    fn is_address(&mut self, file: FileId, spot: Spot, text: &str) -> bool {
        let (_, problems, _) = self.tools();
        let is_one = is_address(text);
        if !is_one && !spot.is_nowhere() {
            let what = format!(
                "`{}` is not an e-mail address, expected one such as ann@example.com",
                cut(text)
            );
            problems.at(file, spot, what, None);
        }
        is_one
    }
}

/// Where the generated record of a name stands.
type Find<N> = dyn Fn(&N) -> Option<u32>;

/// A table whose names are known, so that others can refer to it.
pub(crate) struct Names<N: ?Sized + ToOwned> {
    generated: Box<Find<N>>,
    /// Where each listed record stands: at that of the generated one it replaces, else behind the last.
    pub numbers: HashMap<N::Owned, u32>,
    /// The listed names in order.
    pub listed: Vec<String>,
    /// A record is listed whose name is not known: it may be what a reference means.
    pub lacks_names: bool,
    /// The number of the next record that replaces none.
    pub next: u32,
}

impl<N> Names<N>
where
    N: ?Sized + ToOwned<Owned: Eq + Hash + Borrow<N>> + Eq + Hash + Display,
{
    /// Those of a table of which so many records are generated.
    pub fn new(count: u32, generated: impl Fn(&N) -> Option<u32> + 'static) -> Self {
        Names {
            generated: Box::new(generated),
            numbers: HashMap::new(),
            listed: Vec::new(),
            lacks_names: false,
            next: count,
        }
    }

    /// The number of a listed record.
    pub fn add(&mut self, name: &N) -> u32 {
        let number = (self.generated)(name).unwrap_or_else(|| {
            self.next = self.next.saturating_add(1);
            self.next - 1
        });
        self.numbers.insert(name.to_owned(), number);
        self.listed.push(name.to_string());
        number
    }

    /// Where the record of this name stands, to the letter.
    pub fn get(&self, name: &N) -> Option<u32> {
        let listed = self.numbers.get(name).copied();
        listed.or_else(|| (self.generated)(name))
    }
}
