//! How long answers take: the one part of a report that is never the same twice.

use serde::Serialize;

use super::bootstrap::quantile;

/// How long an answer takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Time {
    /// Where the question had not been asked before.
    pub first: Took,
    /// Where it had, and what it needs of the index was at hand.
    pub again: Took,
}

/// How long some answers took, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Took {
    /// How many.
    pub answers: usize,
    /// Half of them took no longer.
    pub p50_us: f64,
    /// 99 % of them took no longer.
    pub p99_us: f64,
}

impl Time {
    /// From how long each answer took, in microseconds; `None` where there is none.
    #[must_use]
    pub fn of(first: Vec<f64>, again: Vec<f64>) -> Option<Self> {
        Some(Self { first: Took::of(first)?, again: Took::of(again)? })
    }
}

impl Took {
    fn of(mut took_us: Vec<f64>) -> Option<Self> {
        took_us.sort_by(f64::total_cmp);
        let at = |share| quantile(&took_us, share);
        Some(Self { answers: took_us.len(), p50_us: at(0.5)?, p99_us: at(0.99)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_quantiles() {
        let took = Took::of((1..=101).rev().map(f64::from).collect());
        assert_eq!(took, Some(Took { answers: 101, p50_us: 51.0, p99_us: 100.0 }));
        assert_eq!(Time::of(vec![1.0], Vec::new()), None);
    }
}
