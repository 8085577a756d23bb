//! What the server takes: memory, files, requests a second; and the verdict on it.

use std::fs::{read_dir, read_to_string};
use std::time::{Duration, Instant};

/// A look at the server.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub at: Duration,
    /// KiB.
    pub resident: u64,
    pub files: usize,
    pub requests: u64,
}

/// All looks at a server.
pub struct Gauge {
    process: u32,
    /// How long there is load.
    length: Duration,
    begun: Instant,
    pub samples: Vec<Sample>,
}

/// How much more may be resident in the last third than in the first: this share and this many KiB.
const MORE: f64 = 0.05;
const MORE_KIB: u64 = 8 * 1024;
/// The last minute serves no less than this share of the first.
const SLOWER: f64 = 0.5;

impl Gauge {
    pub fn new(process: u32, length: Duration) -> Self {
        Gauge {
            process,
            length,
            begun: Instant::now(),
            samples: Vec::new(),
        }
    }

    pub fn look(&mut self, requests: u64) -> Sample {
        let sample = Sample {
            at: self.begun.elapsed(),
            resident: self.resident(),
            files: self.files(),
            requests,
        };
        self.samples.push(sample);
        sample
    }

    /// KiB. 0: not told here.
    fn resident(&self) -> u64 {
        let status = read_to_string(format!("/proc/{}/status", self.process)).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number.and_then(|it| it.parse().ok()).unwrap_or(0)
    }

    /// 0: not told here.
    pub fn files(&self) -> usize {
        read_dir(format!("/proc/{}/fd", self.process)).map_or(0, Iterator::count)
    }

    /// Requests a second between two looks.
    pub fn rate(from: Sample, to: Sample) -> f64 {
        let seconds = (to.at - from.at).as_secs_f64();
        (to.requests - from.requests) as f64 / seconds.max(0.001)
    }

    /// What must not be: empty when all is well. Says the figures.
    pub fn verdict(&self) -> Vec<String> {
        let Some(first) = self.samples.first() else {
            return Vec::new();
        };
        let length = self.length;
        // Tables and buffers fill up to their bounds first.
        let warm = (length / 5).min(Duration::from_secs(60));
        let third = (length - warm) / 3;
        let early = self.median(warm, warm + third);
        let late = self.median(length - third, length);
        let bound = early + (early as f64 * MORE) as u64 + MORE_KIB;
        println!(
            "memory: {} at the start, median of the first third after {} s {}, of the last {}; it may be {}",
            mib(first.resident),
            warm.as_secs(),
            mib(early),
            mib(late),
            mib(bound),
        );
        let minute = (length / 6).min(Duration::from_secs(60));
        let (begin, end) = (
            self.rate_within(Duration::ZERO, minute),
            self.rate_within(length - minute, length),
        );
        println!(
            "requests a second: {begin:.0} in the first {} s, {end:.0} in the last",
            minute.as_secs()
        );
        let mut problems = Vec::new();
        if late > bound {
            problems.push(format!("memory grew from {} to {}", mib(early), mib(late)));
        }
        if end < begin * SLOWER {
            problems.push(format!(
                "it slowed down from {begin:.0} to {end:.0} requests a second"
            ));
        }
        problems
    }

    fn within(&self, from: Duration, to: Duration) -> impl Iterator<Item = &Sample> {
        let samples = self.samples.iter();
        samples.filter(move |sample| (from..=to).contains(&sample.at))
    }

    fn median(&self, from: Duration, to: Duration) -> u64 {
        let mut all: Vec<u64> = self.within(from, to).map(|it| it.resident).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or(0)
    }

    fn rate_within(&self, from: Duration, to: Duration) -> f64 {
        let ends = self
            .within(from, to)
            .next()
            .zip(self.within(from, to).last());
        ends.map_or(0.0, |(first, last)| Self::rate(*first, *last))
    }
}

pub fn mib(kib: u64) -> String {
    format!("{:.1} MiB", kib as f64 / 1024.0)
}
