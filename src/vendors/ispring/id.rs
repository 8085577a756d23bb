//! iSpring's ids: UUIDs, in practice of version 1.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::seed::{Key, Permutation};

/// An id as iSpring writes it: a UUID in lower case.
///
/// The last group may have eleven digits instead of twelve: the vendor's own sample of a delete
/// carries such an id (`c4f74ae0-e029-11e9-ba51-0a580af4b0f`), and copying it must work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    bytes: [u8; 16],
    /// The last group has eleven digits; the highest four bits of its six bytes are unused.
    short: bool,
}

/// The text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

/// How many digits each group has.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// Where the last group begins.
const LAST_GROUP: usize = 24;

impl Id {
    /// The text of the id.
    pub fn text(self) -> IdText {
        let mut text = self.digits_and_hyphens();
        let mut length = text.len();
        if self.short {
            // The first digit of the last group is not there.
            text.copy_within(LAST_GROUP + 1.., LAST_GROUP);
            length -= 1;
        }
        IdText { text, length }
    }

    /// Whether its text is as long as those of nearly all ids.
    pub fn is_of_usual_length(self) -> bool {
        !self.short
    }

    /// The text of an id of the usual length.
    pub fn digits_and_hyphens(self) -> [u8; 36] {
        // Where each byte's digits go: a hyphen stands behind the 4th, 6th, 8th and 10th.
        const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
        let mut text = [b'-'; 36];
        for (byte, at) in self.bytes.into_iter().zip(PLACES) {
            let [high, low] = DIGITS[usize::from(byte)];
            text[at] = high;
            text[at + 1] = low;
        }
        text
    }

    /// Appends the text of the id.
    pub fn append(self, bytes: &mut Vec<u8>) {
        let IdText { text, length } = self.text();
        bytes.extend_from_slice(&text[..length]);
    }

    /// A version 1 UUID of this instant and these 46 free bits of its node.
    ///
    /// The node is marked as locally administered and not as a group, as in the vendor's samples.
    fn version_1(at: Timestamp, ticks: u32, sequence: u16, node: u64) -> Id {
        // Intervals of 100 ns since 1582-10-15, the beginning of the Gregorian calendar.
        const GREGORIAN: i128 = 0x01B2_1DD2_1381_4000;
        let since = GREGORIAN + at.as_nanosecond() / 100 + i128::from(ticks);
        let time = (since as u64) & 0x0FFF_FFFF_FFFF_FFFF;
        let node = ((node >> 40) << 42) | 0x0200_0000_0000 | (node & 0x00FF_FFFF_FFFF);
        let mut bytes = [0; 16];
        bytes[0..4].copy_from_slice(&(time as u32).to_be_bytes());
        bytes[4..6].copy_from_slice(&((time >> 32) as u16).to_be_bytes());
        bytes[6..8].copy_from_slice(&(0x1000 | (time >> 48) as u16).to_be_bytes());
        bytes[8..10].copy_from_slice(&(0x8000 | (sequence & 0x3FFF)).to_be_bytes());
        bytes[10..16].copy_from_slice(&node.to_be_bytes()[2..8]);
        Id {
            bytes,
            short: false,
        }
    }

    /// The 46 free bits of the node.
    fn node(self) -> u64 {
        let mut node = [0; 8];
        node[2..8].copy_from_slice(&self.bytes[10..16]);
        let node = u64::from_be_bytes(node);
        ((node >> 42) << 40) | (node & 0x00FF_FFFF_FFFF)
    }
}

/// The two hexadecimal digits of each byte.
static DIGITS: [[u8; 2]; 256] = {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut digits = [[0; 2]; 256];
    let mut byte = 0;
    while byte < digits.len() {
        digits[byte] = [HEX[byte >> 4], HEX[byte & 15]];
        byte += 1;
    }
    digits
};

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Id, NotAnId> {
        let mut nibbles = [0u8; 32];
        let mut at = 0;
        let mut short = false;
        let mut groups = text.split('-');
        for length in GROUPS {
            let group = groups.next().ok_or(NotAnId)?;
            if length == 12 && group.len() == 11 {
                short = true;
                at += 1;
            } else if group.len() != length {
                return Err(NotAnId);
            }
            for digit in group.chars() {
                nibbles[at] = digit.to_digit(16).ok_or(NotAnId)? as u8;
                at += 1;
            }
        }
        if groups.next().is_some() {
            return Err(NotAnId);
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(nibbles.chunks(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(Id { bytes, short })
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text of an id, without a heap.
#[derive(Clone, Copy, Debug)]
pub struct IdText {
    text: [u8; 36],
    length: usize,
}

impl IdText {
    /// The text.
    pub fn as_str(&self) -> &str {
        // Digits and hyphens only.
        std::str::from_utf8(&self.text[..self.length]).unwrap_or("")
    }
}

/// The ids of one kind of generated record: each hides the record's index, so that an id leads
/// back to its record without a table, and an invented id leads nowhere.
#[derive(Clone, Copy, Debug)]
pub struct Ids {
    key: Key,
    permutation: Permutation,
    /// Whether ids made at the same instant sort as they were made.
    in_order: bool,
}

/// An index takes at most this many bits: a node's free ones.
const NODE_BITS: u32 = 46;

impl Ids {
    /// The ids of one kind, such as `ispring user`, in the world called `world` under one seed.
    /// What the scenario itself generates belongs to the world without a name.
    pub fn new(seed: u64, kind: &'static str, world: &str) -> Self {
        let key = Key::new(seed, kind).within(world);
        Ids {
            key,
            permutation: Permutation::new(key.draw(u64::MAX), kind, NODE_BITS),
            in_order: false,
        }
    }

    /// The same, but ids made one after another at one instant sort in that order, as those of one
    /// machine do.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// The id of record `index`, made at `at`.
    pub fn id(&self, index: u64, at: Timestamp) -> Id {
        let drawn = self.key.draw(index);
        // A moment within the second, so that ids do not all end in a round number of ticks.
        let moment = if self.in_order { index } else { drawn >> 32 };
        let ticks = (moment % 10_000_000) as u32;
        Id::version_1(at, ticks, drawn as u16, self.permutation.apply(index))
    }

    /// The index that an id would hide. Only `id(index, …) == id` tells whether it does.
    pub fn index(&self, id: Id) -> u64 {
        self.permutation.invert(id.node())
    }
}
