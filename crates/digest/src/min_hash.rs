//! Whether two texts are the same but for a few words: a post that was published twice.
//!
//! `MinHash`: A. Broder, "On the resemblance and containment of documents" (1997), over runs of [`RUN_WORDS`] words.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Words of a run.
const RUN_WORDS: usize = 4;
/// Marks of a text: with 32 the share of runs that two texts have in common is known within about 0.09.
const HASHES: usize = 32;
/// Marks of a band: texts are compared that agree in all marks of one band. Of two texts that share 0.8 of their runs
/// 98 in 100 do, of two that share 0.3 not 7 in 100.
const BAND_HASHES: usize = 4;
/// So many marks must agree, about 0.8 of all.
const MIN_EQUAL_HASHES: usize = 26;
/// A text with fewer runs is too short to be compared: many have one like it.
const MIN_RUNS: usize = 20;

/// The marks of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MinHash(Option<[u32; HASHES]>);

impl MinHash {
    pub fn of_text(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        // Scripts without blanks have few and long words: there letters are the runs.
        let is_unspaced = words.len() * 12 < lower.chars().filter(|c| c.is_alphanumeric()).count();
        let runs: Vec<u64> = if is_unspaced {
            runs_of_letters(&lower)
        } else {
            words.windows(RUN_WORDS).map(hash_words).collect()
        };
        if runs.len() < MIN_RUNS {
            return Self(None);
        }
        let mut marks = [u32::MAX; HASHES];
        for run in runs {
            for (mark, seed) in marks.iter_mut().zip(1_u64..) {
                *mark = (*mark).min(seeded_hash(run, seed));
            }
        }
        Self(Some(marks))
    }

    /// What two texts that are alike most likely share one of.
    pub fn bands(&self) -> impl Iterator<Item = u64> {
        let marks = self.0.into_iter();
        marks.flat_map(|marks| {
            let bands: Vec<u64> =
                (0..).zip(marks.chunks(BAND_HASHES)).map(|(at, band)| band_hash(at, band)).collect();
            bands
        })
    }

    /// Whether the texts are the same but for a few words.
    pub fn is_near_duplicate(&self, other: &Self) -> bool {
        let (Some(one), Some(other)) = (&self.0, &other.0) else { return false };
        one.iter().zip(other).filter(|(a, b)| a == b).count() >= MIN_EQUAL_HASHES
    }
}

fn runs_of_letters(text: &str) -> Vec<u64> {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    letters
        .windows(RUN_WORDS * 2)
        .map(|run| xxh3_64_with_seed(run.iter().collect::<String>().as_bytes(), 0))
        .collect()
}

fn hash_words(words: &[&str]) -> u64 {
    xxh3_64_with_seed(words.join(" ").as_bytes(), 0)
}

/// One of as many hashes of a run as there are marks: the finaliser of `SplitMix64`.
fn seeded_hash(run: u64, seed: u64) -> u32 {
    let mut x = run ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 32) as u32
}

fn band_hash(at: u64, band: &[u32]) -> u64 {
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
        let one = MinHash::of_text(&text(0..300));
        let again = MinHash::of_text(&(text(0..300) + "This post was first published on another blog."));
        let other = MinHash::of_text(&text(150..450));
        assert!(one.is_near_duplicate(&again) && again.is_near_duplicate(&one));
        assert!(one.bands().any(|band| again.bands().any(|other| other == band)));
        assert!(!one.is_near_duplicate(&other));
        assert!(!one.is_near_duplicate(&MinHash::of_text(&text(500..800))));
    }

    #[test]
    fn short_texts_and_scripts_without_blanks() {
        let short = MinHash::of_text("Slides are online now.");
        assert!(!short.is_near_duplicate(&short) && short.bands().next().is_none());
        let letters: String = (0..200).filter_map(|at| char::from_u32(0x4E00 + at * 37 % 5_000)).collect();
        let one = MinHash::of_text(&letters);
        assert!(one.is_near_duplicate(&MinHash::of_text(&(letters + "完了"))));
    }
}
