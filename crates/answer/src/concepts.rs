//! What a question looks for: each word or name with the other ways to say it.
//!
//! The ways in which words of a question may stand in the index.
//!
//! What a question looks for that names nothing but an event: the words with which people tell when and where it was,
//! how many came, and how it was.

use crate::{
    answer_type::AnswerType,
    parse::{Script, content_parts},
    question_syntax::{QuestionSyntax, QuestionWord},
};
use std::{ops::Range, sync::LazyLock};
use takeaways_search::{Alternative, Index, SearchError};
use takeaways_text::{
    aliases::{Alias, Aliases},
    calendar::month_names,
    language::all_words,
    model::{Event, Language},
    tokens::{Token, is_boilerplate, is_stop_word, tokenize},
};

/// One thing that a question looks for.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is so or not by itself")]
pub struct Concept {
    /// The words as typed.
    pub text: String,
    /// The words' indices in the question.
    pub words: Range<usize>,
    /// Ways to say it, the typed one first with weight 1.
    pub alternatives: Vec<Alternative>,
    /// How many of them, from the first on, are the typed words themselves.
    pub own_forms: usize,
    /// How much it says: inverse document frequency, less for words that any recap holds.
    pub importance: f32,
    /// Written like a name: capitals or digits where a plain word has none.
    pub is_name: bool,
    /// Whether a post holds it, in any of its exact forms.
    pub is_known: bool,
    /// In quotes: has to be there.
    pub is_required: bool,
    /// It stands behind a word of grammar, so the question is a sentence and not a row of words.
    pub follows_function_word: bool,
    /// How often it was typed again: BM25 counts a word that is asked for twice twice.
    pub repeats: u8,
}

impl Concept {
    /// Says next to nothing: any recap may hold it.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.is_known && !self.is_name && !self.is_required && is_boilerplate(&self.text)
    }

    /// Whether one way to say it is a way to say the other.
    #[must_use]
    pub fn shares_a_form_with(&self, other: &Self) -> bool {
        let says = |form: &Alternative| self.alternatives.iter().any(|known| known.terms == form.terms);
        other.alternatives.iter().any(says)
    }
}

/// What a word counts that any recap may hold ("talk", "people"), against 1 for any other.
const BOILERPLATE_WEIGHT: f32 = 0.25;
/// What a corrected spelling counts against the typed one.
const CORRECTION_WEIGHT: f32 = 0.7;
/// What a word counts that no post holds, over what its rarity says: mostly it is what the question is about.
const UNKNOWN_BOOST: f32 = 1.3;
/// What a name counts, over what its rarity says.
const NAME_BOOST: f32 = 1.2;
/// The power that damps rarity; 1 would not, 0 would make all words equal.
const IDF_EXPONENT: f32 = 0.75;
/// Synonyms are kept to a handful: each is a posting list to read.
const MAX_ALTERNATIVES: usize = 20;
/// The most pairs of letters of one stretch that are looked for. A question without blanks has a few dozen; a
/// pasted page has thousands, and each costs time and a copy of its stretch.
const MAX_BIGRAMS: usize = 64;

/// The concepts of a question, in its order. `taken` are words that name the scope.
///
/// # Errors
/// Where the index cannot be read.
pub fn find_concepts(
    typed: &QuestionSyntax,
    taken: &dyn Fn(usize) -> bool,
    language: Language,
    index: &Index,
) -> Result<Vec<Concept>, SearchError> {
    let finder = ConceptFinder { typed, language, index };
    let mut found = Vec::new();
    let words: Vec<&str> = typed.words.iter().map(|word| word.text.as_str()).collect();
    let aliases = Aliases::builtin().find_names(&words);
    let mut at = 0;
    while at < typed.words.len() {
        if taken(at) {
            at += 1;
            continue;
        }
        let phrase = typed.phrases.iter().find(|range| range.start == at && range.len() > 1);
        let alias = aliases.iter().find(|(range, _)| range.start == at && !range.clone().any(taken));
        if let Some(range) = phrase {
            found.extend(finder.quoted_concept(range.clone())?);
            at = range.end;
        } else if let Some((range, others)) =
            alias.filter(|(range, _)| !all_stop_words(&typed.words[range.clone()], language))
        {
            // A name has other names, but is no word of the language: "Lowe" is not low.
            let is_name = range.clone().any(|at| looks_like_name(typed, at, language));
            let means_it = |alias: &&Alias| alias.weight >= 1.0 || !is_name;
            let others: Vec<(&str, f32)> =
                others.iter().filter(means_it).map(|alias| (alias.words.as_str(), alias.weight)).collect();
            found.push(finder.concept(typed_text(typed, range), range.clone(), &others)?);
            at = range.end;
        } else {
            if !is_stop_compound(&typed.words[at].text, language) {
                found.extend(finder.concepts_of_word(at)?);
            }
            at += 1;
        }
    }
    Ok(merge_repeats(found))
}

/// Finds the concepts of one question.
struct ConceptFinder<'a> {
    typed: &'a QuestionSyntax,
    language: Language,
    index: &'a Index,
}

/// The same word typed twice is one concept that counts twice in the search.
fn merge_repeats(found: Vec<Concept>) -> Vec<Concept> {
    let mut out: Vec<Concept> = Vec::with_capacity(found.len());
    for concept in found {
        let same = out.iter_mut().find(|other| other.alternatives.first() == concept.alternatives.first());
        match same {
            Some(other) => {
                other.is_required |= concept.is_required;
                other.repeats = other.repeats.saturating_add(1);
            }
            None => out.push(concept),
        }
    }
    out
}

/// Whether a word is a stop word, or a compound of them: "est-ce".
fn is_stop_compound(word: &str, language: Language) -> bool {
    is_stop_word(word, language)
        || word.contains('-') && word.split('-').all(|part| part.is_empty() || is_stop_word(part, language))
}

fn all_stop_words(words: &[QuestionWord], language: Language) -> bool {
    words.iter().all(|word| is_stop_word(&word.text, language))
}

impl ConceptFinder<'_> {
    /// A phrase in quotes has to be there word by word.
    fn quoted_concept(&self, words: Range<usize>) -> Result<Option<Concept>, SearchError> {
        let mut concept = self.concept(typed_text(self.typed, &words), words, &[])?;
        concept.is_required = true;
        Ok((!concept.alternatives.is_empty()).then_some(concept))
    }

    /// One word is one concept; a run of Chinese, Japanese or Korean letters is one for each pair of them.
    fn concepts_of_word(&self, at: usize) -> Result<Vec<Concept>, SearchError> {
        let (index, word) = (self.index, &self.typed.words[at].text);
        if !word.chars().any(|c| Script::of_char(c).uses_bigrams()) {
            let whole = self.concept(word.clone(), at..at + 1, &[])?;
            if !whole.is_known && !whole.is_name && word.contains('-') {
                return self.parts_of_compound(at);
            }
            return Ok(if whole.alternatives.is_empty() { Vec::new() } else { vec![whole] });
        }
        let mut out = Vec::new();
        for part in content_parts(word) {
            let mut pairs = tokenize(part, Language::Ja);
            pairs.truncate(MAX_BIGRAMS);
            // The pairs of a word together count as much as one word does.
            #[expect(clippy::cast_precision_loss, reason = "a question has at most 6,000 characters")]
            let share = 1.0 / (pairs.len().max(1) as f32).sqrt();
            let counted = |pair: Token| {
                let alternative = Alternative::term(pair.term);
                index.frequency(&alternative).map(|frequency| (alternative, frequency))
            };
            let mut pairs: Vec<(Alternative, u64)> =
                pairs.into_iter().map(counted).collect::<Result<_, _>>()?;
            // Pairs that no post holds are where two words meet, or endings, unless none of the word is known.
            if pairs.iter().any(|(_, frequency)| *frequency > 0) {
                pairs.retain(|(_, frequency)| *frequency > 0);
            }
            for (alternative, frequency) in pairs {
                out.push(Concept {
                    text: part.to_owned(),
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

    /// The words of a compound that no post holds as it is: posts that say "copy and paste" answer "copy-pasting".
    fn parts_of_compound(&self, at: usize) -> Result<Vec<Concept>, SearchError> {
        let parts = self.typed.words[at].text.split('-');
        let parts = parts.filter(|part| !part.is_empty() && !is_stop_word(part, self.language));
        let concepts = parts.map(|part| self.concept(part.to_owned(), at..at + 1, &[]));
        let concepts: Vec<Concept> = concepts.collect::<Result<_, _>>()?;
        Ok(concepts.into_iter().filter(|concept| !concept.alternatives.is_empty()).collect())
    }

    /// What `text` looks for, which stands at `words`; `others` are other ways to say it.
    fn concept(
        &self,
        text: String,
        words: Range<usize>,
        others: &[(&str, f32)],
    ) -> Result<Concept, SearchError> {
        let Self { typed, language, index } = *self;
        let mut alternatives = word_forms(&text, 1.0, language, index.languages());
        let own = alternatives.len();
        let mut frequency = max_frequency(&alternatives, index)?;
        for (other, weight) in others {
            let forms = word_forms(other, *weight, language, index.languages());
            if *weight >= 1.0 {
                frequency = frequency.max(max_frequency(&forms, index)?);
            }
            alternatives.extend(forms);
        }
        let common = typed.words[words.clone()].iter().all(|word| is_boilerplate(&word.text));
        let name = !common && words.clone().any(|at| looks_like_name(typed, at, language));
        let known = frequency > 0;
        let mut importance = inverse_frequency(frequency, index.passages());
        if name {
            importance *= NAME_BOOST;
        }
        if !known {
            if name {
                // Nothing weighs more than a name that no post holds.
            } else if let Some((corrections, frequency)) = spelling_corrections(&text, index)? {
                alternatives.extend(corrections);
                importance = inverse_frequency(frequency, index.passages());
            } else {
                importance *= UNKNOWN_BOOST;
            }
        }
        if common {
            importance *= BOILERPLATE_WEIGHT;
        }
        alternatives.truncate(MAX_ALTERNATIVES);
        let before = words.start.checked_sub(1).and_then(|at| typed.words.get(at));
        let led = before.is_some_and(|word| is_stop_word(&word.text, language));
        Ok(Concept {
            text,
            words,
            alternatives,
            own_forms: own,
            importance,
            is_name: name,
            is_known: known,
            follows_function_word: led,
            ..Concept::default()
        })
    }
}

fn typed_text(typed: &QuestionSyntax, words: &Range<usize>) -> String {
    let parts: Vec<&str> = typed.words[words.clone()].iter().map(|word| word.text.as_str()).collect();
    parts.join(" ")
}

fn max_frequency(alternatives: &[Alternative], index: &Index) -> Result<u64, SearchError> {
    let mut most = 0;
    for alternative in alternatives {
        most = most.max(index.frequency(alternative)?);
    }
    Ok(most)
}

/// Spellings near a word that no post holds, and the passages that the most frequent of them is in. They begin
/// with the same letter, as nearly all misspelt words do.
fn spelling_corrections(text: &str, index: &Index) -> Result<Option<(Vec<Alternative>, u64)>, SearchError> {
    let letters = text.chars().count();
    if letters < 4 || text.contains(' ') || !text.chars().all(char::is_alphabetic) {
        return Ok(None);
    }
    let distance = if letters < 8 { 1 } else { 2 };
    let Some(token) = tokenize(text, Language::En).into_iter().next() else { return Ok(None) };
    let mut near = index.similar_terms(&token.term, distance, 8)?;
    near.retain(|(term, _)| term.chars().next() == token.term.chars().next());
    near.truncate(2);
    let most = near.iter().map(|(_, frequency)| *frequency).max();
    let alternatives = near
        .into_iter()
        .map(|(term, _)| Alternative { terms: vec![term], weight: CORRECTION_WEIGHT })
        .collect();
    Ok(most.map(|most| (alternatives, most)))
}

/// A word with a capital inside or at its start, a version, or letters and digits; the first word of a question always has one,
/// and a question typed in capitals all over says nothing.
fn looks_like_name(typed: &QuestionSyntax, at: usize, language: Language) -> bool {
    let word = &typed.words[at].text;
    let shouted = typed.words.iter().all(|word| word.text.chars().all(|c| !c.is_lowercase()));
    let inner_capital = word.chars().skip(1).any(char::is_uppercase) && !shouted;
    // German writes every noun with a capital.
    let telling = at > 0 && !shouted && language != Language::De;
    let capital = telling && word.starts_with(char::is_uppercase);
    inner_capital
        || capital
        || (word.contains(|c: char| c.is_ascii_digit()) && word.contains(char::is_alphabetic))
}

/// How rare something is: BM25's `ln(1 + (n - f + 0.5) / (f + 0.5))` (Robertson and Zaragoza 2009), never
/// negative, damped: people's wording has rare words that matter less than their rarity says.
#[expect(clippy::cast_precision_loss, reason = "numbers of passages are far below 2^52")]
pub(super) fn inverse_frequency(frequency: u64, passages: u64) -> f32 {
    let (frequency, passages) = (frequency as f32, passages.max(frequency) as f32);
    (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln().powf(IDF_EXPONENT)
}

/// The terms that words may stand under, in each language of the index: a phrase where they are several. `asked_in` is
/// the language of the question.
pub(super) fn word_forms(
    text: &str,
    weight: f32,
    asked_in: Language,
    languages: &[Language],
) -> Vec<Alternative> {
    let with_default = languages.iter().copied().chain(languages.is_empty().then_some(Language::En));
    // To a French stemmer "GenAI" ends like a verb: a name of which another language leaves a stump is none there.
    let is_name = text.chars().skip(1).any(char::is_uppercase);
    let letters = text.chars().count();
    let mut out: Vec<Alternative> = Vec::new();
    let mut push = |terms: Vec<String>| {
        if !terms.is_empty() && !out.iter().any(|known| known.terms == terms) {
            out.push(Alternative { terms, weight });
        }
    };
    for language in with_default {
        let tokens = tokenize(text, language);
        let Some(last) = tokens.iter().map(|token| token.position).max() else { continue };
        if last == 0 {
            let is_stump = |token: &Token| is_name && token.term.chars().count() * 3 < letters * 2;
            let fits = |token: &Token| language == asked_in || !is_stump(token);
            for token in tokens.into_iter().filter(fits) {
                push(vec![token.term]);
            }
            continue;
        }
        // Of the terms at one position the shortest is the part of a compound, a longer one the whole.
        let part = |position| {
            tokens.iter().filter(|token| token.position == position).min_by_key(|token| token.range.len())
        };
        push((0..=last).filter_map(part).map(|token| token.term.clone()).collect());
        let whole = tokens.iter().find(|token| token.range == (0..text.len()));
        push(whole.map(|token| vec![token.term.clone()]).unwrap_or_default());
    }
    out
}

/// Whether it is asked for what is known of an event as a whole: when and where it was, how many came.
pub(super) fn asks_for_event_facts(asked: AnswerType) -> bool {
    matches!(asked, AnswerType::When | AnswerType::Where | AnswerType::HowMany)
}

/// The words that tell of an event as a whole, and the place or the month of those in the scope where one is asked for.
pub(super) fn usual_words(asked: AnswerType, events: &[Event], index: &Index) -> Concept {
    let mut words = default_words(asked).to_vec();
    for event in events {
        match asked {
            AnswerType::Where => {
                words.extend(event.city.as_deref().into_iter().chain(event.country.as_deref()));
            }
            AnswerType::When => words.extend(event.start.iter().flat_map(|date| month_names(date.month()))),
            _ => {}
        }
    }
    concept_of_words(&words, 1.0, index)
}

/// One concept that any of some words says; `share` is what it counts against a word in one of twenty passages.
fn concept_of_words(words: &[&str], share: f32, index: &Index) -> Concept {
    let mut alternatives: Vec<Alternative> = Vec::new();
    for word in words {
        for &language in index.languages() {
            let terms: Vec<String> = tokenize(word, language).into_iter().map(|token| token.term).collect();
            if !terms.is_empty() && !alternatives.iter().any(|known| known.terms == terms) {
                alternatives.push(Alternative { terms, weight: 1.0 });
            }
        }
    }
    Concept {
        alternatives,
        importance: share * inverse_frequency(index.passages() / 20, index.passages()),
        is_known: true,
        ..Concept::default()
    }
}

/// The name of the scope itself, for questions that look for little else. It weighs little: all of the scope's
/// posts are about it.
pub(super) fn anchor(typed: &QuestionSyntax, taken: &[Range<usize>], index: &Index) -> Option<Concept> {
    let words = taken.iter().flat_map(Clone::clone).filter_map(|at| typed.words.get(at));
    let words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
    (!words.is_empty()).then(|| concept_of_words(&words, 0.4, index))
}

/// The words that tell of an event as a whole, by what is asked of it. A question that looks for nothing else
/// ("how was it?", "when was it?") looks for them.
fn default_words(asked: AnswerType) -> &'static [&'static str] {
    static DATE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.event_facts.date_words));
    static PLACE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.event_facts.place_words));
    static ATTENDANCE: LazyLock<Vec<&str>> =
        LazyLock::new(|| all_words(|words| &words.event_facts.attendance_words));
    static IMPRESSION: LazyLock<Vec<&str>> =
        LazyLock::new(|| all_words(|words| &words.event_facts.impression_words));
    match asked {
        AnswerType::When => &DATE,
        AnswerType::Where => &PLACE,
        AnswerType::HowMany => &ATTENDANCE,
        _ => &IMPRESSION,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stump_of_another_language_is_no_form() {
        let terms = |text: &str, asked_in| {
            let forms = word_forms(text, 1.0, asked_in, &[Language::En, Language::Fr]);
            forms.into_iter().map(|form| form.terms.join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(terms("GenAI", Language::En), ["genai"]);
        assert_eq!(terms("gen AI", Language::En), ["gen ai"]);
        assert_eq!(terms("parlerai", Language::Fr), ["parlerai", "parl"]);
        assert_eq!(terms("parlerai", Language::En), ["parlerai", "parl"]);
    }
}
