//! Gradient descent with steps by what gradients were before (Kingma and Ba, "Adam: a method for stochastic
//! optimization", 2015), over all data at once, so without chance.

/// How much of the mean gradient stays from step to step.
const MEAN: f64 = 0.9;
/// How much of the mean square of the gradient stays. Gradients without chance need no longer memory.
const SQUARE: f64 = 0.99;
/// Keeps a step finite where a gradient is 0.
const LEAST: f64 = 1e-8;
/// The rate falls in a line to that of so many steps before 0.
const SPARE: u32 = 20;

/// Where the descent from 0 ends after `steps`. `gradient` gives one number for each of the `size` weights.
#[must_use]
pub fn minimum(size: usize, steps: u32, rate: f64, gradient: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let (mut weights, mut means, mut squares) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
    let (mut mean_left, mut square_left) = (1.0, 1.0);
    for step in 1..=steps {
        mean_left *= MEAN;
        square_left *= SQUARE;
        let rate = rate * (1.0 - f64::from(step) / f64::from(steps + SPARE));
        for (at, slope) in gradient(&weights).into_iter().enumerate().take(size) {
            means[at] = MEAN * means[at] + (1.0 - MEAN) * slope;
            squares[at] = SQUARE * squares[at] + (1.0 - SQUARE) * slope * slope;
            let (mean, square): (f64, f64) =
                (means[at] / (1.0 - mean_left), squares[at] / (1.0 - square_left));
            weights[at] -= rate * mean / (square.sqrt() + LEAST);
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_bowl() {
        // (x - 3)² + 10 (y + 0.5)², and a third weight that nothing depends on.
        let found = minimum(3, 400, 0.15, |at| vec![2.0 * (at[0] - 3.0), 20.0 * (at[1] + 0.5), 0.0]);
        assert!((found[0] - 3.0).abs() < 0.01 && (found[1] + 0.5).abs() < 0.01, "{found:?}");
        assert!(found[2].abs() < 1e-9, "{found:?}");
    }
}
