//! Misspelt words: a slip of the keyboard hides no answer.

use super::{Replacement, spellings_in_posts};
use crate::{
    concepts::{MAX_CORRECTIONS, max_frequency},
    conversation::{Word, split_words},
    engine::{AnswerError, Engine, Request},
    word_forms::{PostLanguages, word_forms},
};
use std::cmp::Reverse;
use takeaways_corpus::{entities::EntityTable, events::EventTable, topics::TopicTable};
use takeaways_search::{Alternative, AuthorFacet};
use takeaways_text::{
    aliases::Aliases,
    language::is_listed_in_english,
    model::Language,
    nearest::{count_key_slips, has_swapped_letters},
    person_names::is_given_name,
    tokens::{detect_question_language, is_any_stop_word, is_boilerplate, tokenize},
    translations::{english_words, is_english_word, is_foreign_word},
};

/// The number of words that are read. A pasted page is no question.
const MAX_WORDS: usize = 64;
/// The minimum number of letters of a word of grammar that is corrected, and only if two letters are swapped.
const MIN_LETTERS: usize = 4;
/// The minimum number of letters of another one. A short word is near to many others.
const MIN_LETTERS_OF_CONTENT: usize = 5;
/// A word with as many letters may have two slips.
const MIN_LETTERS_WITH_TWO_SLIPS: usize = 10;
/// The minimum number of passages that have the right word. Of 2,389 right words that no post has and that were taken for slips of
/// another word, half were near to a rarer one.
const MIN_PASSAGES: u64 = 3;
/// The number of similar stems whose words are looked up in posts.
const MAX_STEMS: usize = 4;
/// The number of passages in which the forms of a stem are looked up.
const MAX_PASSAGES: usize = 8;

/// Returns the misspelt words of an English question, each with the one that is meant: one that posts have, or a word of grammar.
/// Letters may be missing, doubled or swapped, but not the first or the last one. What posts have in any form, given names and words of
/// any table stay. A word with a capital is replaced only by the name of a known thing.
pub(super) fn misspelt(engine: &Engine, request: &Request) -> Result<Vec<Replacement>, AnswerError> {
    let text = request.question.text();
    let mut replacements = Vec::new();
    if detect_question_language(text) != Language::En {
        return Ok(replacements);
    }
    let words = split_words(text);
    let mut room = MAX_CORRECTIONS;
    for word in words.get(..words.len().min(MAX_WORDS)).unwrap_or_default().iter().rev() {
        let typed = text.get(word.range.clone()).unwrap_or_default();
        if room == 0 {
            break;
        }
        if !stands_alone(text, word) || !may_be_misspelt(engine, request, typed)? {
            continue;
        }
        room -= 1;
        let right = right_spelling(engine, request, typed)?;
        replacements.extend(right.map(|right| (word.range.clone(), right)));
    }
    Ok(replacements)
}

/// Whether blanks, or signs that end a sentence, stand around a word: the `r` of `/r/rust` and the `clusr` of `otto.clusr` are none.
fn stands_alone(text: &str, word: &Word) -> bool {
    let before = text.get(..word.range.start).and_then(|text| text.chars().next_back());
    let mut after = text.get(word.range.end..).unwrap_or_default().chars();
    let (next, second) = (after.next(), after.next());
    before.is_none_or(|c| c.is_whitespace() || c == '(')
        && next.is_none_or(|c| {
            c.is_whitespace()
                || matches!(c, '?' | ',' | '.' | '!' | ':' | ';' | ')')
                    && second.is_none_or(char::is_whitespace)
        })
}

/// Whether a word consists of letters, and neither a table nor a post has it.
fn may_be_misspelt(engine: &Engine, request: &Request, typed: &str) -> Result<bool, AnswerError> {
    let word = typed.to_ascii_lowercase();
    let is_word = typed.len() >= MIN_LETTERS && typed.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_listed = || {
        is_any_stop_word(&word)
            || is_boilerplate(&word)
            || is_listed_in_english(&word)
            || is_english_word(&word)
            || is_foreign_word(&word)
            || is_given_name(&word)
            || names_thing(&word)
            || !Aliases::builtin().find_names(&[&word]).is_empty()
    };
    if !is_word || is_listed() || is_in_posts(engine, request, &word)? {
        return Ok(false);
    }
    let facets = engine.index().facets(request.now)?;
    Ok(!facets.authors.iter().any(|author| author.parts().any(|part| part == word)))
}

/// Whether posts have a word: an English one in any form, one in another language as it is typed. The stem of a slip may be that of
/// another word there.
fn is_in_posts(engine: &Engine, request: &Request, word: &str) -> Result<bool, AnswerError> {
    if passages_with(engine, word)? > 0 {
        return Ok(true);
    }
    let forms = word_forms(word, 1.0, PostLanguages::of_index(engine.index()));
    if max_frequency(&forms, engine.index())? == 0 {
        return Ok(false);
    }
    Ok(spellings_in_posts(engine, request, forms, MAX_PASSAGES)?
        .iter()
        .any(|found| found.eq_ignore_ascii_case(word)))
}

/// Whether a word names a project, a company, a topic or a conference.
fn names_thing(word: &str) -> bool {
    !EntityTable::builtin().mentions(word).is_empty()
        || !EventTable::builtin().mentions(word).is_empty()
        || !TopicTable::builtin().topics_in_text(word).is_empty()
}

/// The number of passages that have an English word in its most frequent form.
fn passages_with(engine: &Engine, word: &str) -> Result<u64, AnswerError> {
    Ok(max_frequency(&word_forms(word, 1.0, PostLanguages::ENGLISH), engine.index())?)
}

/// The word with the fewest slips between it and a misspelt one. Of several it is the one that most passages have. `None` if there is
/// none, or if posts have the word itself.
fn right_spelling(engine: &Engine, request: &Request, typed: &str) -> Result<Option<String>, AnswerError> {
    let is_name = typed.starts_with(char::is_uppercase);
    let word = typed.to_ascii_lowercase();
    let mut of_grammar = Language::En.words().tokens.stop_words.iter();
    let swapped = of_grammar.find(|right| right.len() >= MIN_LETTERS && has_swapped_letters(&word, right));
    if swapped.is_some() || word.len() < MIN_LETTERS_OF_CONTENT {
        return Ok(swapped.filter(|_| !is_name).map(str::to_owned));
    }
    let most = if word.len() < MIN_LETTERS_WITH_TWO_SLIPS { 1 } else { 2 };
    let mut near: Vec<String> = Vec::new();
    if !is_name {
        let facets = engine.index().facets(request.now)?;
        let mut names = facets.authors.iter().flat_map(AuthorFacet::parts);
        // Names are near to each other: "Karin" and "Karen".
        if let Some(name) = names.find(|name| has_swapped_letters(&word, name)) {
            return Ok(Some(name.to_owned()));
        }
        near.extend(english_words().filter(|right| has_same_ends(&word, right)).map(str::to_owned));
    }
    if let Some(token) = tokenize(&word, Language::En).into_iter().next() {
        let distance = u8::try_from(most).unwrap_or(1);
        let stems = engine.index().similar_terms(&token.term, distance, 2 * MAX_STEMS)?.into_iter();
        let stems = stems.filter(|(stem, _)| stem.chars().next() == word.chars().next());
        for (stem, _) in stems.take(MAX_STEMS) {
            let forms = vec![Alternative::term(stem)];
            let found = spellings_in_posts(engine, request, forms, MAX_PASSAGES)?.into_iter();
            let may_be_meant =
                |it: &String| !is_name || it.starts_with(char::is_uppercase) && names_thing(it);
            near.extend(found.filter(may_be_meant));
        }
    }
    let mut ranked = Vec::new();
    for right in near {
        let folded = right.to_lowercase();
        let slips = count_key_slips(&word, &folded);
        if slips == 0 {
            return Ok(None);
        }
        if slips <= most && has_same_ends(&word, &folded) {
            let passages = passages_with(engine, &folded)?;
            if passages >= MIN_PASSAGES {
                let is_swapped = has_swapped_letters(&word, &folded);
                ranked.push((slips, !is_swapped, Reverse(passages), if is_name { right } else { folded }));
            }
        }
    }
    Ok(ranked.into_iter().min().map(|(.., right)| right))
}

/// Whether two words begin and end with the same letters, or the last two are swapped. People rarely get the first letter wrong, and
/// another last one makes another form.
fn has_same_ends(word: &str, other: &str) -> bool {
    let first = |it: &str| it.chars().next();
    let last = |it: &str| it.chars().next_back();
    first(word) == first(other) && (last(word) == last(other) || has_swapped_letters(word, other))
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use crate::samples::engine_over;

    #[test]
    fn misspelt_words_are_written_as_posts_and_tables_have_them() {
        let words = "The golden signals tell of each cluster. We bought a beacon, and Grafana dashboards for performance.";
        let mut posts: Vec<(String, String)> =
            (0..3).map(|at| (format!("{at}.md"), format!("# Day {at}\n\n{words}\n"))).collect();
        posts.push((
            "b.md".to_owned(),
            "---\nauthor: Ada Lovelace\n---\n\nIt rained on a larry.\n".to_owned(),
        ));
        let engine = engine_over(&posts);
        for (typed, expected) in [
            ("what are the goolden signals of a cluser", "what are the golden signals of a cluster"),
            ("wehre were they bougth?", "where were they bought?"),
            ("dashbaords for grafanna", "dashboards for grafana"),
            ("preformnce", "performance"),
            ("who likes Graffana?", "who likes Grafana?"),
            ("talk by lovelcae", "talk by lovelace"),
            // Neither a post nor a table has a word like it.
            ("who sells tequila", "who sells tequila"),
            // Words that are right, near to one in a single post, to names, to words of grammar and of conversations.
            ("who drove the lorry", "who drove the lorry"),
            ("talk by lovelice", "talk by lovelice"),
            ("is lte or cna fast", "is lte or cna fast"),
            ("anything newer?", "anything newer?"),
            ("who ate bacn", "who ate bacn"),
            ("the \"goolden\" signals", "the \"goolden\" signals"),
            ("what did Cluser say", "what did Cluser say"),
            ("was sagen die goolden leute", "was sagen die goolden leute"),
            ("otto.clusr", "otto.clusr"),
        ] {
            assert_eq!(read(&engine, typed).0, expected, "{typed}");
        }
    }
}
