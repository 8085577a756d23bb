//! One random stream for each thing. No other place makes a random generator.
//!
//! Seed, kind and index name a thing, so adding one moves no other. Generator and hashes are fixed
//! algorithms, the same on every machine and in every release.

use rand::Rng as _;
use rand_pcg::Pcg64Mcg;

/// The golden ratio as a fraction of 2^64. It is odd, so that steps of this size meet every number once.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Keeps the state of an index's stream apart from its [`Key::draw`].
const STREAM: u64 = 0x6a09_e667_f3bc_c909;

/// A kind of things. Two kinds never share a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(u64);

impl Kind {
    /// The kind of this name.
    pub const fn of(name: &str) -> Kind {
        Kind(hash(name.as_bytes()))
    }
}

impl From<&str> for Kind {
    fn from(name: &str) -> Kind {
        Kind::of(name)
    }
}

/// The seed and the kind in one number: made once, then a draw by index costs a few instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// The key of all things of this kind under this seed.
    pub fn new(seed: u64, kind: impl Into<Kind>) -> Key {
        Key(mix(mix(seed ^ GOLDEN) ^ kind.into().0))
    }

    /// A key that depends on a text as well, such as the id of a sandbox.
    pub fn within(self, text: &str) -> Key {
        Key(mix(self.0 ^ mix(hash(text.as_bytes()))))
    }

    /// A single draw, when one number is all that is needed: much cheaper than a stream.
    #[inline]
    pub fn draw(self, index: u64) -> u64 {
        mix(self.0.wrapping_add(index.wrapping_mul(GOLDEN)))
    }

    /// The stream of the thing with this index.
    #[inline]
    pub fn stream(self, index: u64) -> Stream {
        let high = mix((self.0 ^ STREAM).wrapping_add(index.wrapping_mul(GOLDEN)));
        let low = mix(high ^ self.0.rotate_left(32));
        Stream {
            generator: Pcg64Mcg::new(u128::from(high) << 64 | u128::from(low)),
        }
    }
}

/// A single draw for the thing of this kind and index. [`Key::draw`] makes many of one kind.
pub fn draw(seed: u64, kind: impl Into<Kind>, index: u64) -> u64 {
    Key::new(seed, kind).draw(index)
}

/// All the chance that one thing needs, drawn one after another.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: Pcg64Mcg,
}

impl Stream {
    /// The stream of the thing of this kind and index.
    pub fn new(seed: u64, kind: impl Into<Kind>, index: u64) -> Stream {
        Key::new(seed, kind).stream(index)
    }

    /// Any of the 2^64 numbers.
    pub fn next_u64(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// A number from 0 to `n - 1`, evenly but for one part in 2^64 / n. 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        below(self.next_u64(), n)
    }

    /// True with probability `p`: never for 0 or less, always for 1 or more.
    pub fn chance(&mut self, p: f64) -> bool {
        // 53 bits are what a double holds exactly, so the comparison is the same everywhere.
        const UNIT: f64 = 1.0 / (1u64 << 53) as f64;
        ((self.next_u64() >> 11) as f64) * UNIT < p
    }

    /// One of these, evenly. None of an empty list.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = self.below(items.len() as u64);
        items.get(index as usize)
    }

    /// `N` bytes, as for a token.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            let word = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        bytes
    }
}

/// Maps any number into 0 to `n - 1`, and keeps order and proportion.
#[inline]
pub(super) fn below(any: u64, n: u64) -> u64 {
    ((u128::from(any) * u128::from(n)) >> 64) as u64
}

/// Spreads each bit over all the others, one-to-one. It is the finalizer of SplitMix64.
#[inline]
pub(super) const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// FNV-1a, 64 bits: the standard library's hasher promises nothing from release to release.
pub const fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}
