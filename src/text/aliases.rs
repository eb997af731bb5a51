//! Words that mean the same: `k8s` and Kubernetes, OPA and Open Policy Agent.

/// Groups of names for one thing, and looser groups of synonyms; from `config/aliases.toml`, compiled in.
#[derive(Debug, Clone, Default)]
pub struct Aliases {}

/// Another way to say some words.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    /// The words, as they would be typed: `open policy agent`.
    pub words: String,
    /// 1 for another name of the same thing, below 1 for a synonym.
    pub weight: f32,
}

impl Aliases {
    /// The table that is compiled in.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static EMPTY: Aliases = Aliases {};
        &EMPTY // PLACEHOLDER
    }

    /// Where one of the known names stands in `words` (as typed, in order): the range of words that it takes,
    /// and the other ways to say it. Longest first, none overlapping.
    #[must_use]
    pub fn find(&self, words: &[&str]) -> Vec<(std::ops::Range<usize>, Vec<Alias>)> {
        let _ = words;
        Vec::new() // PLACEHOLDER
    }
}
