//! Names and references, whatever the vendor: what is there twice, what is not there, and what was meant.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use super::{FileId, Problems, Text};
use crate::place::{Place, Spot};

/// Whether a name is missing or could not be read. That of a duplicate is known, though it stands nowhere.
pub fn is_lacking(name: &Place<Text>) -> bool {
    name.spot.is_nowhere() && name.value.is_empty()
}

/// Where things were first seen that may be there only once.
#[derive(Clone, Debug)]
pub struct Firsts<K>(HashMap<K, (FileId, Spot)>);

impl<K> Default for Firsts<K> {
    fn default() -> Self {
        Firsts(HashMap::new())
    }
}

impl<K: Eq + Hash> Firsts<K> {
    /// Nothing was seen so far.
    pub fn new() -> Self {
        Firsts::default()
    }

    /// Refuses what was there before; whether it was not. Of two files the one nearer to what is served is to
    /// blame.
    pub fn only_once(
        &mut self,
        (file, spot): (FileId, Spot),
        key: K,
        what: &str,
        problems: &mut Problems,
    ) -> bool {
        let first = match self.0.entry(key) {
            Entry::Vacant(free) => {
                free.insert((file, spot));
                return true;
            }
            Entry::Occupied(taken) => *taken.get(),
        };
        let (blamed, other) = if first.0 < file {
            (first, (file, spot))
        } else {
            ((file, spot), first)
        };
        let mut place = format!("line {}", other.1.line);
        if other.0 != blamed.0 {
            place += &format!(" of {}", problems.file_name(other.0));
        }
        let what = format!("duplicate {what}, first at {place}");
        problems.at(blamed.0, blamed.1, what, None);
        false
    }
}

/// Whether a text looks like an e-mail address. Upstream is stricter: this is what people write by mistake.
pub fn is_address(text: &str) -> bool {
    let is_odd = |sign: char| sign.is_whitespace() || sign.is_control() || sign == ',';
    match text.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && !domain.is_empty()
                && !domain.contains('@')
                && !text.contains(is_odd)
        }
        None => false,
    }
}

/// The name among `known` that differs least, the first of several, if it differs in few letters.
pub fn nearest<'a>(wrong: &str, known: &'a [String]) -> Option<&'a str> {
    const LONGEST: usize = 256;
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    // Of a short name a third may be wrong.
    let most = (length / 3).clamp(1, 4);
    if length > LONGEST {
        return None;
    }
    let near = known.iter().filter(|name| {
        let other = name.chars().count();
        // Of one letter nothing is left when it is wrong.
        other > most && other.abs_diff(length) <= most
    });
    let near = near.map(|name| (strsim::osa_distance(&wrong, &name.to_lowercase()), name));
    let (distance, name) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= most).then_some(name)
}
