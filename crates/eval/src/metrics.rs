//! Means and ranks: the metrics that more than one kind of report has.

/// The mean; 0 where there is nothing to take it of.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 numbers")]
pub fn mean(numbers: &[f64]) -> f64 {
    if numbers.is_empty() { 0.0 } else { numbers.iter().sum::<f64>() / numbers.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean() {
        assert!(mean(&[]).abs() < 1e-12);
        assert!((mean(&[1.0, 0.0, 0.5]) - 0.5).abs() < 1e-12);
    }
}
