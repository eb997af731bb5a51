//! Whether two texts are the same but for a few words: a post that was published twice.
//!
//! `MinHash`: A. Broder, "On the resemblance and containment of documents" (1997), over runs of [`RUN`] words.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Words of a run.
const RUN: usize = 4;
/// Marks of a text: with 32 the share of runs that two texts have in common is known within about 0.09.
const MARKS: usize = 32;
/// Marks of a band: texts are compared that agree in all marks of one band. Of two texts that share 0.8 of their runs
/// 98 in 100 do, of two that share 0.3 not 7 in 100.
const BAND: usize = 4;
/// So many marks must agree, about 0.8 of all.
const ENOUGH: usize = 26;
/// A text with fewer runs is too short to be compared: many have one like it.
const FEWEST: usize = 20;

/// The marks of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Likeness(Option<[u32; MARKS]>);

impl Likeness {
    pub fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        // Scripts without blanks have few and long words: there letters are the runs.
        let is_unspaced = words.len() * 12 < lower.chars().filter(|c| c.is_alphanumeric()).count();
        let runs: Vec<u64> =
            if is_unspaced { runs_of_letters(&lower) } else { words.windows(RUN).map(hash).collect() };
        if runs.len() < FEWEST {
            return Self(None);
        }
        let mut marks = [u32::MAX; MARKS];
        for run in runs {
            for (mark, seed) in marks.iter_mut().zip(1_u64..) {
                *mark = (*mark).min(mixed(run, seed));
            }
        }
        Self(Some(marks))
    }

    /// What two texts that are alike most likely share one of.
    pub fn bands(&self) -> impl Iterator<Item = u64> {
        let marks = self.0.into_iter();
        marks.flat_map(|marks| {
            let bands: Vec<u64> = (0..).zip(marks.chunks(BAND)).map(|(at, band)| of_band(at, band)).collect();
            bands
        })
    }

    /// Whether the texts are the same but for a few words.
    pub fn is_like(&self, other: &Self) -> bool {
        let (Some(one), Some(other)) = (&self.0, &other.0) else { return false };
        one.iter().zip(other).filter(|(a, b)| a == b).count() >= ENOUGH
    }
}

fn runs_of_letters(text: &str) -> Vec<u64> {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    letters
        .windows(RUN * 2)
        .map(|run| xxh3_64_with_seed(run.iter().collect::<String>().as_bytes(), 0))
        .collect()
}

fn hash(words: &[&str]) -> u64 {
    xxh3_64_with_seed(words.join(" ").as_bytes(), 0)
}

/// One of as many hashes of a run as there are marks: the finaliser of `SplitMix64`.
fn mixed(run: u64, seed: u64) -> u32 {
    let mut x = run ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 32) as u32
}

fn of_band(at: u64, band: &[u32]) -> u64 {
    let bytes: Vec<u8> = band.iter().flat_map(|mark| mark.to_be_bytes()).collect();
    xxh3_64_with_seed(&bytes, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: std::ops::Range<u32>) -> String {
        words.map(|at| format!("word{}", at * 7919 % 1_000)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_post_that_was_published_twice_is_known() {
        let one = Likeness::of(&text(0..300));
        let again = Likeness::of(&(text(0..300) + "This post was first published on another blog."));
        let other = Likeness::of(&text(150..450));
        assert!(one.is_like(&again) && again.is_like(&one));
        assert!(one.bands().any(|band| again.bands().any(|other| other == band)));
        assert!(!one.is_like(&other));
        assert!(!one.is_like(&Likeness::of(&text(500..800))));
    }

    #[test]
    fn short_texts_and_scripts_without_blanks() {
        let short = Likeness::of("Slides are online now.");
        assert!(!short.is_like(&short) && short.bands().next().is_none());
        let letters: String = (0..200).filter_map(|at| char::from_u32(0x4E00 + at * 37 % 5_000)).collect();
        let one = Likeness::of(&letters);
        assert!(one.is_like(&Likeness::of(&(letters + "完了"))));
    }
}
