//! Finds the concepts of a question: each word or name with its other forms.

mod letter_pairs;
mod spellings;

use crate::aliases::{find_aliases, find_translations, translate};
use crate::expansions::is_stressed_abbreviation;
use crate::question_syntax::{QuestionSyntax, QuestionWord, overlap};
use crate::shape_words::is_word_of_shape;
use crate::word_forms::{PostLanguages, count_in_english, word_forms};
use std::cell::Cell;
use std::ops::Range;
use takeaways_corpus::entities::EntityTable;
use takeaways_search::{Alternative, Index, SearchError};
use takeaways_text::{
    aliases::Alias,
    model::{Language, QuestionShape},
    script::is_cjk,
    tokens::{is_any_stop_word, is_boilerplate, is_stop_word, tokenize},
    translations::{Translations, is_english_word},
};

/// One thing that is searched, with all the words for it.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the flags are independent")]
pub struct Concept {
    /// The words as typed; empty for default words.
    pub text: String,
    /// The words' indices in the question.
    pub words: Range<usize>,
    /// The forms that are searched. The typed one is first and weighs 1.
    pub alternatives: Vec<Alternative>,
    /// How many of the first alternatives are forms of the typed words.
    pub own_forms: usize,
    /// The other words that are searched, as people write them, each with its weight.
    pub other_words: Vec<(String, f32)>,
    /// How much it matters: a damped inverse document frequency, lower for boilerplate words.
    pub importance: f32,
    /// Whether it is written like a name, with capitals or digits.
    pub is_name: bool,
    /// Whether it has the name of a project or a company, which may be in lower case.
    pub is_entity: bool,
    /// Whether a post contains it, in one of its exact forms.
    pub is_known: bool,
    /// Whether posts contain only other words for it.
    pub is_known_otherwise: bool,
    /// Whether passages must contain it.
    pub is_required: bool,
    /// Whether it follows a stop word: then the question is a sentence and not a row of words.
    pub follows_stop_word: bool,
    /// Whether it is what the question counts: the people of "how many people".
    pub is_counted: bool,
    /// Whether it names a person who limits the passages. Each of them covers it: who says "I" does not spell the name.
    pub is_limit: bool,
    /// Whether it is one of several things, of which each is enough: `A / B`.
    pub is_choice: bool,
    /// How often it was typed again. BM25 counts each repeat.
    pub repeats: u8,
}

impl Concept {
    /// Whether it is a boilerplate word, which any post may contain.
    pub fn is_weak(&self) -> bool {
        self.is_known && !self.is_name && !self.is_required && is_boilerplate(&self.text)
    }

    /// Whether it is a part of its question's topic: neither boilerplate nor one of the words that tell the question's
    /// shape. `words` are those of the question.
    pub fn is_of_topic(&self, words: &[QuestionWord], shape: &QuestionShape) -> bool {
        let is_boilerplate = !self.is_name && is_boilerplate(&self.text);
        let own = words.get(self.words.clone()).unwrap_or_default();
        let is_of_shape = own.iter().any(|word| shape.words.iter().any(|shape| overlap(shape, &word.range)));
        let asks_for_shape = !own.is_empty()
            && !self.is_name
            && own.iter().all(|word| is_word_of_shape(&word.text, shape.shape));
        !self.text.is_empty() && !is_boilerplate && !is_of_shape && !asks_for_shape
    }

    /// Whether it is no name, and all its words but for those of grammar are of some kind: "talk about", "parlé de".
    pub fn has_only(&self, is_of_kind: impl Fn(&str) -> bool) -> bool {
        let mut words = self.text.split(' ').filter(|word| !is_any_stop_word(word)).peekable();
        !self.is_name && words.peek().is_some() && words.all(is_of_kind)
    }

    /// Whether it names something: it is written like a name, or is a project or a company.
    pub fn is_name_or_entity(&self) -> bool {
        self.is_name || self.is_entity
    }

    /// Whether two concepts have a form in common.
    pub fn shares_a_form_with(&self, other: &Self) -> bool {
        let is_same =
            |a: &Alternative, b: &Alternative| a.terms == b.terms && !a.languages.is_disjoint(b.languages);
        let is_shared = |form: &Alternative| self.alternatives.iter().any(|it| is_same(it, form));
        other.alternatives.iter().any(is_shared)
    }
}

/// The factor on the importance of words that any post may contain: "talk", "people".
pub(crate) const BOILERPLATE_FACTOR: f32 = 0.25;
/// The minimum number of letters of a misspelt word, of its stem and of the stems near it.
const MIN_CORRECTED: usize = 4;
/// The minimum number of letters of each of two words that may be written as one.
const MIN_JOINED: usize = 3;
/// The weight of a corrected spelling.
const CORRECTION_WEIGHT: f32 = 0.7;
/// The factor on the importance of a word that no post contains: mostly it is what the question is about.
const UNKNOWN_BOOST: f32 = 1.3;
/// The factor on the importance of a name.
const NAME_BOOST: f32 = 1.2;
/// The exponent that damps the inverse document frequency: with 1 nothing is damped, with 0 all words are equal.
const IDF_EXPONENT: f32 = 0.75;
/// The maximum number of forms of a concept. Each is a posting list to read.
const MAX_ALTERNATIVES: usize = 20;
/// The maximum number of words of a question for which similar words are looked up. Each lookup reads a part of the
/// vocabulary. A question with more typos is not a question.
pub const MAX_CORRECTIONS: usize = 8;

/// Finds the concepts of a question, in its order. Words that name the scope are `is_consumed`.
///
/// # Errors
/// If the index can't be read.
pub fn find_concepts(
    syntax: &QuestionSyntax,
    is_consumed: &dyn Fn(usize) -> bool,
    language: Language,
    index: &Index,
) -> Result<Vec<Concept>, SearchError> {
    let translations = find_translations(syntax, language, index)?;
    let finder = ConceptFinder { syntax, language, translations, index, lookups: Cell::new(0) };
    let mut concepts = Vec::new();
    let aliases = find_aliases(syntax, translations);
    let mut at = 0;
    while at < syntax.words.len() {
        if is_consumed(at) {
            at += 1;
            continue;
        }
        let phrase = syntax.phrases.iter().find(|range| range.start == at && range.len() > 1);
        let alias = aliases.iter().find(|(range, _)| range.start == at && !range.clone().any(is_consumed));
        if let Some(range) = phrase {
            concepts.extend(finder.quoted_concept(range.clone())?);
            at = range.end;
        } else if let Some((range, others)) = alias.filter(|(range, _)| {
            !syntax.words[range.clone()].iter().all(|word| is_stop_word(&word.text, language))
        }) {
            // A name keeps its other names, but loses loose synonyms: "Lowe" is not "low".
            let is_name = range.clone().any(|at| looks_like_name(syntax, at, language));
            let is_kept = |alias: &&Alias| alias.weight >= 1.0 || !is_name;
            let others: Vec<Alias> = others.iter().filter(is_kept).cloned().collect();
            concepts.push(finder.concept(typed_text(syntax, range), range.clone(), &others)?);
            at = range.end;
        } else {
            if !is_stop_compound(&syntax.words[at].text, language) || is_stressed_abbreviation(at, syntax) {
                concepts.extend(finder.concepts_of_word(at)?);
            }
            at += 1;
        }
    }
    let mut concepts = merge_repeats(concepts);
    finder.add_joined_spellings(&mut concepts)?;
    Ok(concepts)
}

/// Finds the concepts of one question.
struct ConceptFinder<'a> {
    syntax: &'a QuestionSyntax,
    language: Language,
    translations: Option<&'static Translations>,
    index: &'a Index,
    /// The lookups of similar words so far.
    lookups: Cell<usize>,
}

/// Merges concepts with the same typed form into one that counts twice in the search.
fn merge_repeats(concepts: Vec<Concept>) -> Vec<Concept> {
    let mut out: Vec<Concept> = Vec::with_capacity(concepts.len());
    for concept in concepts {
        let first = concept.alternatives.first();
        let repeated = out.iter_mut().find(|it| first.is_some() && it.alternatives.first() == first);
        match repeated {
            Some(repeated) => {
                repeated.is_required |= concept.is_required;
                repeated.repeats = repeated.repeats.saturating_add(1);
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

impl ConceptFinder<'_> {
    /// Returns the required concept of a quoted phrase.
    fn quoted_concept(&self, words: Range<usize>) -> Result<Option<Concept>, SearchError> {
        let mut concept = self.concept(typed_text(self.syntax, &words), words, &[])?;
        concept.is_required = true;
        Ok((!concept.alternatives.is_empty()).then_some(concept))
    }

    /// Returns the concepts of one word: one, or in Chinese, Japanese and Korean one for each pair of letters.
    fn concepts_of_word(&self, at: usize) -> Result<Vec<Concept>, SearchError> {
        let word = &self.syntax.words[at].text;
        if !word.contains(is_cjk) {
            let mut whole = self.concept(word.clone(), at..at + 1, &[])?;
            // "Dapr/Knative" is no name.
            if !whole.is_known && (!whole.is_name || word.contains('/')) {
                let parts = self.parts_of_compound(at)?;
                if !parts.is_empty() {
                    return Ok(parts);
                }
                whole.is_name = whole.other_words.is_empty() && self.is_unknown_noun(at);
            }
            return Ok(if whole.alternatives.is_empty() { Vec::new() } else { vec![whole] });
        }
        self.concepts_of_pairs(at)
    }

    /// Returns the concepts of the parts of a compound that no post contains: posts with "copy and paste" answer
    /// "copy-pasting" and "copy/paste". It has none if it is no compound.
    fn parts_of_compound(&self, at: usize) -> Result<Vec<Concept>, SearchError> {
        let word = self.syntax.words[at].text.as_str();
        let mut parts = Vec::new();
        if word.contains(['-', '/']) {
            parts.extend(word.split(['-', '/']));
        } else if let Some((first, last)) = self.divide(word)? {
            parts.extend([first, last]);
        }
        parts.retain(|part| !part.is_empty() && !is_stop_word(part, self.language));
        let of_part =
            |part: &str| self.concept(part.to_owned(), at..at + 1, &translate(part, self.translations));
        let concepts: Vec<Concept> = parts.into_iter().map(of_part).collect::<Result<_, _>>()?;
        Ok(concepts.into_iter().filter(|concept| !concept.alternatives.is_empty()).collect())
    }

    /// Whether a word that nothing was found for is a noun with a capital. Most nouns can be translated, so it is a name.
    fn is_unknown_noun(&self, at: usize) -> bool {
        self.translations.is_some()
            && self.language.words().writing.capital_nouns
            && !begins_sentence(self.syntax, at)
            && self.syntax.words[at].text.starts_with(char::is_uppercase)
    }

    /// Divides a compound into two words that can be translated, else into one and a word that posts contain.
    fn divide<'w>(&'w self, word: &'w str) -> Result<Option<(&'w str, &'w str)>, SearchError> {
        let Some(table) = self.translations else { return Ok(None) };
        let is_translated = |part: &str| table.translate(part).is_some();
        let mut half_translated = Vec::new();
        for (first, last) in table.divisions(word) {
            match (is_translated(first), is_translated(last)) {
                (true, true) => return Ok(Some((first, last))),
                (true, false) => half_translated.push((first, last, last)),
                (false, true) => half_translated.push((first, last, first)),
                (false, false) => {}
            }
        }
        let languages = PostLanguages::of_index(self.index);
        for (first, last, other) in half_translated {
            if max_frequency(&word_forms(other, 1.0, languages), self.index)? > 0 {
                return Ok(Some((first, last)));
            }
        }
        Ok(None)
    }

    /// Returns the concept of the `words` of the question with this text.
    fn concept(&self, text: String, words: Range<usize>, aliases: &[Alias]) -> Result<Concept, SearchError> {
        let &Self { syntax, language, index, .. } = self;
        let languages = PostLanguages::of_index(index);
        let mut alternatives = word_forms(&text, 1.0, languages);
        count_in_english(&mut alternatives, language);
        self.add_other_spellings(&text, &mut alternatives)?;
        let own_forms = alternatives.len();
        let mut other_words: Vec<(String, f32)> =
            aliases.iter().map(|name| (name.words.clone(), name.weight)).collect();
        let mut frequency = max_frequency(&alternatives, index)?;
        let mut alias_frequency = 0;
        for name in aliases {
            let counts_in = if name.is_translation { PostLanguages::ENGLISH } else { languages };
            let forms = word_forms(&name.words, name.weight, counts_in);
            let of_alias = max_frequency(&forms, index)?;
            if !name.is_translation {
                alias_frequency = alias_frequency.max(of_alias);
            }
            if name.is_same_thing() {
                frequency = frequency.max(of_alias);
            }
            alternatives.extend(forms);
        }
        let is_common = syntax.words[words.clone()].iter().all(|word| is_boilerplate(&word.text));
        let is_name = !is_common && words.clone().any(|at| looks_like_name(syntax, at, language));
        let is_entity = !EntityTable::builtin().mentions(&text).is_empty();
        let is_known = frequency > 0;
        let is_known_otherwise = !is_known && !is_name && alias_frequency > 0;
        let mut importance = inverse_frequency(frequency, index.passages());
        if is_name {
            importance *= NAME_BOOST;
        }
        if !is_known && !is_name {
            // A word with synonyms is spelled right.
            let corrections = if aliases.is_empty() { self.spelling_corrections(&text)? } else { None };
            if let Some((corrections, frequency)) = corrections {
                other_words.extend(corrections.iter().map(|it| (it.terms.join(" "), it.weight)));
                alternatives.extend(corrections);
                importance = inverse_frequency(frequency, index.passages());
            } else if is_known_otherwise {
                // Posts mention the thing, in other words.
                importance = inverse_frequency(alias_frequency, index.passages());
            } else {
                importance *= UNKNOWN_BOOST;
            }
        }
        if is_common {
            importance *= BOILERPLATE_FACTOR;
        }
        alternatives.truncate(MAX_ALTERNATIVES);
        let before = words.start.checked_sub(1).and_then(|at| syntax.words.get(at));
        let follows_stop_word = before.is_some_and(|word| is_stop_word(&word.text, language));
        Ok(Concept {
            text,
            words,
            alternatives,
            own_forms,
            other_words,
            importance,
            is_name,
            is_entity,
            is_known,
            is_known_otherwise,
            follows_stop_word,
            ..Concept::default()
        })
    }

    /// Adds to two words side by side the one word that posts make of them: "water bottles", "waterbottles".
    fn add_joined_spellings(&self, concepts: &mut [Concept]) -> Result<(), SearchError> {
        let languages = PostLanguages::of_index(self.index);
        for at in 1..concepts.len() {
            let [first, last] = &concepts[at - 1..=at] else { continue };
            let is_pair =
                first.words.len() == 1 && last.words.len() == 1 && first.words.end == last.words.start;
            let is_word = |it: &Concept| {
                it.text.chars().count() >= MIN_JOINED && it.text.chars().all(char::is_alphabetic)
            };
            if !is_pair || !is_word(first) || !is_word(last) || first.text.contains(is_cjk) {
                continue;
            }
            let text = format!("{}{}", first.text, last.text);
            let joined = word_forms(&text, 1.0, languages);
            let frequency = max_frequency(&joined, self.index)?;
            if frequency == 0 {
                continue;
            }
            // A word in quotation marks is wanted as it is.
            for concept in concepts[at - 1..=at].iter_mut().filter(|concept| !concept.is_required) {
                let room = MAX_ALTERNATIVES.saturating_sub(concept.alternatives.len());
                concept.alternatives.extend(joined.iter().take(room).cloned());
                concept.other_words.push((text.clone(), 1.0));
                if !concept.is_known && !concept.is_name {
                    concept.is_known_otherwise = true;
                    concept.importance = inverse_frequency(frequency, self.index.passages());
                }
            }
        }
        Ok(())
    }

    /// Returns spellings near a word that no post contains, and how many passages contain the most frequent one. They have
    /// the same first letter, as nearly all misspelt words do.
    fn spelling_corrections(&self, text: &str) -> Result<Option<(Vec<Alternative>, u64)>, SearchError> {
        let is_long = |term: &str| term.chars().count() >= MIN_CORRECTED;
        let is_word = text.chars().all(char::is_alphabetic);
        // "Shoes" are no "shows".
        if !is_long(text) || !is_word || is_english_word(text) || self.lookups.get() >= MAX_CORRECTIONS {
            return Ok(None);
        }
        self.lookups.set(self.lookups.get() + 1);
        let distance = if text.chars().count() < 8 { 1 } else { 2 };
        let token = tokenize(text, Language::En).into_iter().next().filter(|token| is_long(&token.term));
        let Some(token) = token else { return Ok(None) };
        let mut near = self.index.similar_terms(&token.term, distance, 8)?;
        // A letter of a short stem is too much of it: "Naples" is no "nap".
        near.retain(|(term, _)| term.chars().next() == token.term.chars().next() && is_long(term));
        near.truncate(2);
        let frequency = near.iter().map(|(_, frequency)| *frequency).max();
        let alternatives = near
            .into_iter()
            .map(|(term, _)| Alternative { weight: CORRECTION_WEIGHT, ..Alternative::term(term) })
            .collect();
        Ok(frequency.map(|frequency| (alternatives, frequency)))
    }
}

fn typed_text(syntax: &QuestionSyntax, words: &Range<usize>) -> String {
    let parts: Vec<&str> = syntax.words[words.clone()].iter().map(|word| word.text.as_str()).collect();
    parts.join(" ")
}

/// Returns how many passages contain the most frequent of some forms.
///
/// # Errors
/// If the index can't be read.
pub fn max_frequency(alternatives: &[Alternative], index: &Index) -> Result<u64, SearchError> {
    let mut max = 0;
    for alternative in alternatives {
        max = max.max(index.frequency(alternative)?);
    }
    Ok(max)
}

/// Whether a word is the first one of the question or of another sentence in it. After an abbreviation none begins.
pub(crate) fn begins_sentence(syntax: &QuestionSyntax, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|at| syntax.words.get(at)) else { return true };
    let between = syntax.text.get(before.range.end..syntax.words[at].range.start).unwrap_or_default();
    let is_abbreviation = || before.text.chars().count() <= 2;
    between.contains(['?', '!']) || between.starts_with('.') && !is_abbreviation()
}

/// Whether a word has a capital, or letters and digits. The initial capital of the first word of a sentence says nothing,
/// and neither does a question in capitals only.
pub fn looks_like_name(syntax: &QuestionSyntax, at: usize, language: Language) -> bool {
    let word = &syntax.words[at].text;
    let shouted = syntax.words.iter().all(|word| word.text.chars().all(|c| !c.is_lowercase()));
    // German writes every noun with a capital, also after a hyphen: `Rust-Konferenzen`.
    let has_capital_nouns = language.words().writing.capital_nouns;
    let is_inner = |(before, c): (char, char)| c.is_uppercase() && !(has_capital_nouns && before == '-');
    let inner_capital = word.chars().zip(word.chars().skip(1)).any(is_inner) && !shouted;
    let is_informative = !begins_sentence(syntax, at) && !shouted && !has_capital_nouns;
    let capital = is_informative && word.starts_with(char::is_uppercase);
    inner_capital
        || capital
        || (word.contains(|c: char| c.is_ascii_digit()) && word.contains(char::is_alphabetic))
}

/// Returns a damped inverse document frequency, never negative. The undamped one is that of BM25, `ln(1 + (n - f + 0.5)
/// / (f + 0.5))` (Robertson and Zaragoza 2009). It is damped because questions have rare words that matter little.
#[expect(clippy::cast_precision_loss, reason = "numbers of passages are far below 2^52")]
pub(super) fn inverse_frequency(frequency: u64, passages: u64) -> f32 {
    let (frequency, passages) = (frequency as f32, passages.max(frequency) as f32);
    (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln().powf(IDF_EXPONENT)
}

#[cfg(test)]
mod tests;
