//! A keyed renumbering: an id hides an index and gives it back.

use super::stream::{Key, Kind, mix};

const ROUNDS: u64 = 6;

/// A keyed one-to-one map of the numbers below 2^bits onto themselves.
///
/// A vendor puts `apply(index)` into the free bits of an id, such as a UUID or a decimal number. There are far
/// more ids than records, so an invented id inverts to no index in use. The map hides structure from people,
/// not secrets from attackers.
#[derive(Clone, Copy, Debug)]
pub struct Permutation {
    keys: [u64; ROUNDS as usize],
    half: u32,
}

impl Permutation {
    /// The map of this seed and kind. `bits` is rounded up to an even number from 2 to 62.
    pub fn new(seed: u64, kind: impl Into<Kind>, bits: u32) -> Permutation {
        let key = Key::new(seed, kind);
        let mut keys = [0; ROUNDS as usize];
        for (round, slot) in (0..).zip(&mut keys) {
            *slot = key.draw(round);
        }
        Permutation {
            keys,
            half: bits.clamp(2, 62).div_ceil(2),
        }
    }

    /// How many bits it renumbers.
    pub fn bits(&self) -> u32 {
        self.half * 2
    }

    /// The image of `value`. Bits above [`bits`](Self::bits) stay as they are.
    pub fn apply(&self, value: u64) -> u64 {
        let (above, mut left, mut right) = self.split(value);
        for key in &self.keys {
            (left, right) = (right, left ^ self.round(*key, right));
        }
        self.join(above, left, right)
    }

    /// The origin of `value`: `invert(apply(v)) == v`.
    pub fn invert(&self, value: u64) -> u64 {
        let (above, mut left, mut right) = self.split(value);
        for key in self.keys.iter().rev() {
            (left, right) = (right ^ self.round(*key, left), left);
        }
        self.join(above, left, right)
    }

    fn split(&self, value: u64) -> (u64, u64, u64) {
        let above = value >> self.half >> self.half;
        (above, value >> self.half & self.mask(), value & self.mask())
    }

    fn join(&self, above: u64, left: u64, right: u64) -> u64 {
        (above << self.half | left) << self.half | right
    }

    fn round(&self, key: u64, half: u64) -> u64 {
        mix(half ^ key) & self.mask()
    }

    fn mask(&self) -> u64 {
        (1 << self.half) - 1
    }
}
