//! The concepts of Chinese, Japanese and Korean words: each pair of their letters is one.

use super::{Concept, ConceptFinder, inverse_frequency};
use takeaways_search::{Alternative, SearchError};
use takeaways_text::{
    language,
    model::{Language, LanguageSet},
    script::Script,
    tokens::{Token, tokenize},
};

/// The maximum number of letter pairs of one run. A question without blanks has a few dozen; a pasted page has
/// thousands, and each costs time and a copy of its run.
const MAX_BIGRAMS: usize = 64;

impl ConceptFinder<'_> {
    /// Returns the concepts of a Chinese, Japanese or Korean word.
    pub(super) fn concepts_of_pairs(&self, at: usize) -> Result<Vec<Concept>, SearchError> {
        let (index, word) = (self.index, &self.syntax.words[at].text);
        // Chinese has many of the letters of Japanese, and other words.
        let languages = match self.language {
            Language::Ja => LanguageSet::ALL.without(Language::Zh),
            Language::Zh => LanguageSet::ALL.without(Language::Ja),
            _ => LanguageSet::ALL,
        };
        let mut out = Vec::new();
        for part in content_parts(word) {
            if self.is_verb_stem(part, at) {
                continue;
            }
            let mut pairs = tokenize(part, Language::Ja);
            pairs.truncate(MAX_BIGRAMS);
            // All pairs of a word together matter as much as one word.
            #[expect(clippy::cast_precision_loss, reason = "a question has at most 6,000 characters")]
            let share = 1.0 / (pairs.len().max(1) as f32).sqrt();
            let with_frequency = |pair: Token| {
                let alternative = Alternative { languages, ..Alternative::term(pair.term) };
                index.frequency(&alternative).map(|frequency| (alternative, frequency))
            };
            let mut pairs: Vec<(Alternative, u64)> =
                pairs.into_iter().map(with_frequency).collect::<Result<_, _>>()?;
            // A pair that no post contains is an ending or the border of two words, unless no pair of the word is
            // known.
            if pairs.iter().any(|(_, frequency)| *frequency > 0) {
                pairs.retain(|(_, frequency)| *frequency > 0);
            }
            for (alternative, frequency) in pairs {
                // Says which pair of the word it is.
                let pair = alternative.terms.concat();
                let other_words = if pair == part { Vec::new() } else { vec![(pair, 1.0)] };
                out.push(Concept {
                    text: part.to_owned(),
                    other_words,
                    words: at..at + 1,
                    importance: share * inverse_frequency(frequency, index.passages()),
                    is_known: frequency > 0,
                    alternatives: vec![alternative],
                    own_forms: 1,
                    ..Concept::default()
                });
            }
        }
        Ok(out)
    }

    /// Whether a part of a word is the first letter of a Japanese verb, which goes on in the next word: the `教` of `教えて`. Alone
    /// it stands in no post. A noun goes on with a particle: the `猫` of `猫は`.
    fn is_verb_stem(&self, part: &str, at: usize) -> bool {
        let is_ending = |next: char| {
            let particles = &Language::Ja.words().tokens.stop_words;
            Script::of(next) == Some(Script::Hiragana) && !particles.contains(next.to_string().as_str())
        };
        let next = self.syntax.words.get(at + 1).and_then(|next| next.text.chars().next());
        self.language == Language::Ja
            && part.chars().count() == 1
            && self.syntax.words[at].text.ends_with(part)
            && next.is_some_and(is_ending)
    }
}

/// Returns the parts of a run of Chinese, Japanese or Korean letters without question words and endings. Hiragana has
/// none, because it is grammar in Japanese.
fn content_parts(run: &str) -> Vec<&str> {
    if run.chars().all(|c| Script::of(c) == Some(Script::Hiragana)) {
        return Vec::new();
    }
    let mut parts = vec![run];
    for word in language::all().questions.uninformative.iter() {
        parts = parts.into_iter().flat_map(|part| part.split(word)).filter(|part| !part.is_empty()).collect();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::find_concepts;
    use super::*;
    use crate::{question_syntax::parse_syntax, samples::index};

    #[test]
    fn question_words_are_not_content() {
        assert_eq!(content_parts("提取码是什么"), ["提取码"]);
        assert_eq!(content_parts("はどこですか"), Vec::<&str>::new());
        assert_eq!(content_parts("カンファレンス"), ["カンファレンス"]);
    }

    #[test]
    fn the_first_letter_of_a_verb_is_no_concept() {
        for (question, expected) in [
            ("会場を教えて", vec!["会場"]),
            ("会場で学んだことは", vec!["会場"]),
            ("会場の猫は", vec!["会場", "猫"]),
        ] {
            let syntax = parse_syntax(question);
            let found = find_concepts(&syntax, &|_| false, Language::Ja, &index()).expect("concepts");
            let texts: Vec<&str> = found.iter().map(|concept| concept.text.as_str()).collect();
            assert_eq!(texts, expected, "{question}");
        }
    }
}
