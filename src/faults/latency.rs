//! Latency as servers have it: most answers quick, a few slow.

use std::time::Duration;

use crate::seed::Stream;

/// The longest that an answer is held back, whatever is drawn.
pub const LONGEST: Duration = Duration::from_secs(3600);

/// How many standard deviations above its mean a normal variable has 99 % of its values below it.
const P99: f64 = 2.326_347_874_040_841;

/// A log-normal distribution of delays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Half of the delays are shorter.
    pub median: Duration,
    /// 99 of 100 are shorter.
    pub p99: Duration,
}

impl Spread {
    /// One of them.
    pub fn draw(&self, stream: &mut Stream) -> Duration {
        if self.median.is_zero() {
            return Duration::ZERO;
        }
        let median = self.median.as_secs_f64();
        let sigma = (self.p99.as_secs_f64() / median).ln() / P99;
        let drawn = median * (sigma * normal(stream)).exp();
        Duration::try_from_secs_f64(drawn.min(LONGEST.as_secs_f64())).unwrap_or(LONGEST)
    }
}

/// A normal variable, by Box and Muller.
fn normal(stream: &mut Stream) -> f64 {
    const UNIT: f64 = 1.0 / (1u64 << 53) as f64;
    let mut share = || (stream.next_u64() >> 11) as f64 * UNIT;
    // Never the logarithm of nothing.
    let (radius, angle) = (1.0 - share(), share());
    (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Spread;
    use crate::seed::Key;

    #[test]
    fn half_are_below_the_median_and_99_of_100_below_p99() {
        let spread = Spread {
            median: Duration::from_millis(80),
            p99: Duration::from_millis(900),
        };
        let key = Key::new(7, "test");
        let drawn: Vec<Duration> = (0..10_000)
            .map(|number| spread.draw(&mut key.stream(number)))
            .collect();
        let below = |limit| drawn.iter().filter(|it| **it < limit).count();
        assert!((4_800..5_200).contains(&below(spread.median)));
        assert!((9_870..9_930).contains(&below(spread.p99)));
    }
}
