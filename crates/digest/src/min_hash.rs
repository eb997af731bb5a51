//! Detects near-duplicate texts, such as a post that was published twice.
//!
//! `MinHash`: A. Broder, "On the resemblance and containment of documents" (1997), over shingles of [`SHINGLE_WORDS`]
//! words.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Words of a shingle.
const SHINGLE_WORDS: usize = 4;
/// Hashes of a text: 32 estimate the share of shingles that two texts have in common within about 0.09.
const HASHES: usize = 32;
/// Hashes of a band. Texts that agree in all hashes of a band are compared: 98 in 100 pairs of texts that share 0.8 of
/// their shingles, and less than 7 in 100 pairs that share 0.3.
const BAND_HASHES: usize = 4;
/// Equal hashes of near-duplicates: about 0.8 of all.
const MIN_EQUAL_HASHES: usize = 26;
/// A text with fewer shingles is too short to be compared: short texts are often alike.
const MIN_SHINGLES: usize = 20;

/// The `MinHash` signature of a text; `None` for short texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MinHash(Option<[u32; HASHES]>);

impl MinHash {
    /// Computes the signature of a text.
    pub(crate) fn of_text(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        // Scripts without spaces have few and long words, so their shingles are of letters.
        let is_unspaced = words.len() * 12 < lower.chars().filter(|c| c.is_alphanumeric()).count();
        let shingles: Vec<u64> = if is_unspaced {
            letter_shingles(&lower)
        } else {
            words.windows(SHINGLE_WORDS).map(hash_words).collect()
        };
        if shingles.len() < MIN_SHINGLES {
            return Self(None);
        }
        let mut hashes = [u32::MAX; HASHES];
        for shingle in shingles {
            for (hash, seed) in hashes.iter_mut().zip(1_u64..) {
                *hash = (*hash).min(seeded_hash(shingle, seed));
            }
        }
        Self(Some(hashes))
    }

    /// Returns the hashes of the bands. Near-duplicates most likely have one in common.
    pub(crate) fn bands(&self) -> impl Iterator<Item = u64> {
        self.0.into_iter().flat_map(|hashes| {
            let bands = (0..).zip(hashes.chunks(BAND_HASHES));
            bands.map(|(seed, band)| band_hash(seed, band)).collect::<Vec<u64>>()
        })
    }

    /// Whether two texts are the same except for a few words.
    pub(crate) fn is_near_duplicate(&self, other: &Self) -> bool {
        let (Some(left), Some(right)) = (&self.0, &other.0) else { return false };
        left.iter().zip(right).filter(|(a, b)| a == b).count() >= MIN_EQUAL_HASHES
    }
}

fn letter_shingles(text: &str) -> Vec<u64> {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    letters
        .windows(SHINGLE_WORDS * 2)
        .map(|shingle| xxh3_64_with_seed(shingle.iter().collect::<String>().as_bytes(), 0))
        .collect()
}

fn hash_words(words: &[&str]) -> u64 {
    xxh3_64_with_seed(words.join(" ").as_bytes(), 0)
}

/// Hashes a shingle with a seed: the finaliser of `SplitMix64`.
fn seeded_hash(shingle: u64, seed: u64) -> u32 {
    let mut x = shingle ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 32) as u32
}

fn band_hash(seed: u64, band: &[u32]) -> u64 {
    let bytes: Vec<u8> = band.iter().flat_map(|hash| hash.to_be_bytes()).collect();
    xxh3_64_with_seed(&bytes, seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: std::ops::Range<u32>) -> String {
        words.map(|at| format!("word{}", at * 7919 % 1_000)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_post_that_was_published_twice_is_detected() {
        let one = MinHash::of_text(&text(0..300));
        let again = MinHash::of_text(&(text(0..300) + "This post was first published on another blog."));
        let other = MinHash::of_text(&text(150..450));
        assert!(one.is_near_duplicate(&again) && again.is_near_duplicate(&one));
        assert!(one.bands().any(|band| again.bands().any(|other| other == band)));
        assert!(!one.is_near_duplicate(&other));
        assert!(!one.is_near_duplicate(&MinHash::of_text(&text(500..800))));
    }

    #[test]
    fn short_texts_and_scripts_without_spaces() {
        let short = MinHash::of_text("Slides are online now.");
        assert!(!short.is_near_duplicate(&short) && short.bands().next().is_none());
        let letters: String = (0..200).filter_map(|at| char::from_u32(0x4E00 + at * 37 % 5_000)).collect();
        let one = MinHash::of_text(&letters);
        assert!(one.is_near_duplicate(&MinHash::of_text(&(letters + "完了"))));
    }
}
