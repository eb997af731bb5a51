//! Whether two means differ by more than luck: the paired randomisation test, which does best among the tests for
//! comparing retrieval (Smucker, Allan and Carterette, "A comparison of statistical significance tests for information
//! retrieval evaluation", 2007).

use fastrand::Rng;

/// How often signs are drawn.
const DRAWS: u32 = 10_000;
/// Where chance begins: fixed, so that a comparison comes out the same every time.
const SEED: u64 = 1_935;
/// What sums may differ by for the order of their parts alone.
const SAME: f64 = 1e-9;

/// The chance that differences of pairs, were their signs a matter of luck, had a mean at least as far from 0 as they
/// have: two-sided, and never 0, for the differences as they are count as one draw (Davison and Hinkley, 1997).
#[must_use]
pub fn p(differences: &[f64]) -> f64 {
    // A difference of 0 has no sign.
    let differences: Vec<f64> = differences.iter().copied().filter(|it| it.abs() > SAME).collect();
    let found = differences.iter().sum::<f64>().abs() - SAME;
    let mut rng = Rng::with_seed(SEED);
    let as_far = (0..DRAWS).filter(|_| flipped(&differences, &mut rng).abs() >= found).count();
    let as_far = u32::try_from(as_far).unwrap_or(DRAWS);
    f64::from(as_far + 1) / f64::from(DRAWS + 1)
}

/// The sum with each sign drawn.
fn flipped(differences: &[f64], rng: &mut Rng) -> f64 {
    let mut sum = 0.0;
    for some in differences.chunks(64) {
        let mut signs = rng.u64(..);
        for difference in some {
            sum += if signs & 1 == 0 { *difference } else { -difference };
            signs >>= 1;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_difference_is_luck_and_a_clear_one_is_not() {
        assert!((p(&[]) - 1.0).abs() < 1e-9);
        assert!((p(&[0.0; 50]) - 1.0).abs() < 1e-9);
        assert!((p(&[1.0]) - 1.0).abs() < 1e-9, "one pair says nothing");
        assert!(p(&[1.0; 40]) < 0.001);
        assert!((p(&[1.0, -1.0].repeat(20)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn by_counting_all_signs() {
        // Of the 64 ways to sign six ones, 2 have a sum of 6 or -6, and 14 one of at least 4.
        for (differences, exact) in [([1.0; 6], 2.0 / 64.0), ([1.0, 1.0, 1.0, 1.0, 1.0, -1.0], 14.0 / 64.0)] {
            // Four standard errors of 10,000 draws.
            let near = 4.0 * (exact * (1.0 - exact) / 10_000.0_f64).sqrt();
            assert!((p(&differences) - exact).abs() < near, "{differences:?}: {}", p(&differences));
            assert!((p(&differences) - p(&differences)).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn both_sides_count() {
        let up: Vec<f64> = (0..30).map(|at| f64::from(at % 3) - 0.5).collect();
        let down: Vec<f64> = up.iter().map(|it| -it).collect();
        assert!((p(&up) - p(&down)).abs() < 0.02, "{} {}", p(&up), p(&down));
    }
}
