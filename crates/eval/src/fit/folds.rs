//! How questions and posts are split: by the hash of a name, so that no split is chosen.

/// The parts that questions are split into.
pub const FOLDS: u64 = 5;

/// The part that questions about this file are in. Questions about one file are in one part: what is learned from one
/// of them would help with the others.
#[must_use]
pub fn fold(name: &str) -> u64 {
    (hash(name) >> 40) % FOLDS
}

/// Which of so many parts of the corpus a file is in.
#[must_use]
pub fn part(name: &str, parts: u64) -> u64 {
    (hash(name) >> 20) % parts
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo): short to write in any language, so that a split can be made elsewhere.
fn hash(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_fnv() {
        // From the test vectors of the authors.
        for (text, expected) in
            [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)]
        {
            assert_eq!(hash(text), expected, "{text}");
        }
    }

    #[test]
    fn quarters_lie_within_halves() {
        for name in ["a.md", "b.md", "2019-kubecon.md", "x"] {
            assert_eq!(part(name, 4) % 2, part(name, 2), "{name}");
            assert!(fold(name) < FOLDS);
        }
    }
}
