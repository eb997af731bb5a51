//! Estimates from all words of a question, and from what its phrases tell, its shape, or that recaps can't answer it.
//!
//! The model is a multinomial logistic regression (Jurafsky and Martin, "Speech and Language Processing", chapter 5) on words, pairs of
//! neighbours and parts of words, which make up for words that no labelled question has (Bojanowski et al., "Enriching Word Vectors with
//! Subword Information", 2017). All of them share a table of fixed size by their hashes (Weinberger et al., "Feature Hashing for Large
//! Scale Multitask Learning", 2009), so no list of known words is needed. `takeaways-eval shapes --out` fits the weights to labelled
//! questions.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::model::Shape;

/// The file of words that is compiled in.
pub const SHAPES_TOML: &str = include_str!("../../../../config/shapes.toml");
/// The weights that are compiled in: [`ROWS`] rows with one byte for each of the [`CLASSES`].
const WEIGHTS: &[u8] = include_bytes!("../../../../config/shapes.bin");

/// The number of shapes.
const SHAPES: usize = Shape::ALL.len();
/// The number of classes of questions: the shapes in the order of [`Shape::ALL`], then [`UNANSWERABLE`].
pub const CLASSES: usize = SHAPES + 1;
/// The class of what recaps can't answer.
pub const UNANSWERABLE: usize = SHAPES;
/// The number of rows of weights. Half as many were right for .003 fewer of the questions that are set aside, twice as many for no
/// more.
pub const ROWS: usize = 1 << 15;
/// The weight of 1 in the file. The greatest weight of a fit was 2.6.
pub const UNIT: f32 = 0.02;

/// The numbers of letters of a part of a word; the blank on each side of a word counts as one.
const PART_LETTERS: std::ops::RangeInclusive<usize> = 3..=5;
/// Stand before the first and after the last word.
const START: &str = "^";
const END: &str = "$";
/// Stands for a number.
const NUMBER: &str = "#";

/// A value for each class.
pub type ClassScores = [f32; CLASSES];

/// What labelled questions tell of the shapes of others.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeWords {
    #[serde(rename = "fitted")]
    _fitted: String,
    common: HashSet<String>,
}

impl ShapeWords {
    /// The words that are compiled in.
    pub fn builtin() -> &'static Self {
        // A test parses the same text, so no build with a broken file is released.
        static BUILTIN: LazyLock<ShapeWords> =
            LazyLock::new(|| ShapeWords::parse(SHAPES_TOML).unwrap_or_default());
        &BUILTIN
    }

    /// Parses a file of words.
    ///
    /// # Errors
    /// If the text is not TOML of the expected form.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Whether many questions for sets of points have a folded word, so that it is mostly not what a question is about.
    pub fn is_common(&self, word: &str) -> bool {
        self.common.contains(word)
    }
}

/// Returns the probability of each class of a question with these rows of weights, by the weights that are compiled in.
pub fn probabilities(rows: &[usize]) -> ClassScores {
    probabilities_by(WEIGHTS, rows)
}

/// As [`probabilities`], by other weights of the same form.
pub fn probabilities_by(weights: &[u8], rows: &[usize]) -> ClassScores {
    let mut scores = ClassScores::default();
    for row in rows {
        let weights = weights.get(row * CLASSES..(row + 1) * CLASSES).unwrap_or_default();
        let weights = weights.iter().map(|byte| f32::from(byte.cast_signed()) * UNIT);
        scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight);
    }
    let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let shares = scores.map(|score| (score - best).exp());
    let total: f32 = shares.iter().sum();
    shares.map(|share| share / total)
}

/// Returns the rows of a question with these folded words, in order and without repetitions. `told` is the shape that its phrases tell.
pub fn rows(words: &[&str], told: Option<Shape>) -> Vec<usize> {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let words = words.iter().map(|word| if is_number(word) { NUMBER } else { word });
    let read: Vec<&str> = std::iter::once(START).chain(words).chain([END]).collect();
    let mut rows = vec![told.map_or(SHAPES, Shape::index)];
    rows.extend(read.windows(2).map(|pair| row_of(&pair.join(" "), Kind::Pair)));
    for word in &read[1..read.len() - 1] {
        rows.push(row_of(word, Kind::Word));
        let padded = format!(" {word} ");
        let starts: Vec<usize> = padded.char_indices().map(|(at, _)| at).chain([padded.len()]).collect();
        for letters in PART_LETTERS {
            let parts =
                starts.windows(letters + 1).filter_map(|places| padded.get(places[0]..places[letters]));
            rows.extend(parts.map(|part| row_of(part, Kind::Part)));
        }
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// What a row is of. A part has another row than a word with the same letters.
#[derive(Clone, Copy)]
enum Kind {
    Word,
    Pair,
    Part,
}

/// The number of rows for what phrases tell: one for each shape, and one for none.
const TOLD_ROWS: usize = SHAPES + 1;
/// The number of the other rows.
const HASHED_ROWS: u64 = (ROWS - TOLD_ROWS) as u64;

fn row_of(text: &str, kind: Kind) -> usize {
    let hash = xxh3_64_with_seed(text.as_bytes(), kind as u64);
    TOLD_ROWS + usize::try_from(hash % HASHED_ROWS).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_files_can_be_read() {
        let words = ShapeWords::parse(SHAPES_TOML).expect("it can be read");
        assert!(words.is_common("about") && !words.is_common("kubernetes") && !words.is_common("containers"));
        assert_eq!(WEIGHTS.len(), ROWS * CLASSES);
    }

    #[test]
    fn words_pairs_and_parts_have_rows_and_numbers_share_one() {
        let of = |words: &[&str]| rows(words, None);
        assert_eq!(of(&["in", "2019"]), of(&["in", "2024"]));
        assert_ne!(of(&["tips", "istio"]), of(&["istio", "tips"]));
        // "^ a", "a $", "a" and its part " a ".
        assert_eq!(of(&["a"]).len(), 5);
        // A word shares its parts with its plural.
        let (one, many) = (of(&["talk"]), of(&["talks"]));
        assert!(one.iter().filter(|row| many.contains(row)).count() > 4, "{one:?} {many:?}");
        assert_eq!(rows(&[], Some(Shape::Advice))[0], Shape::Advice.index());
        assert_eq!(of(&[])[0], SHAPES);
    }

    #[test]
    fn weights_make_probabilities() {
        let mut weights = vec![0; ROWS * CLASSES];
        for row in rows(&["how"], None) {
            weights[row * CLASSES + Shape::Opinions.index()] = 50;
        }
        let [fact, _, opinions, ..] = probabilities_by(&weights, &rows(&["how"], None));
        assert!(opinions > 0.5 && fact < opinions);
        let nothing = probabilities_by(&[], &rows(&["istio"], None));
        assert!((nothing.iter().sum::<f32>() - 1.0).abs() < 1e-5 && (nothing[0] - nothing[2]).abs() < 1e-5);
    }
}
