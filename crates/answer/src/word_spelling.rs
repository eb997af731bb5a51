//! Spells misspelt words of a question right, so that a slip of the keyboard hides no answer.

use crate::{
    concepts::{Concept, MAX_CORRECTIONS, max_frequency},
    conversation::{Word, split_words},
    engine::{AnswerError, Engine, Request},
    matcher::Matcher,
    word_forms::{PostLanguages, word_forms},
};
use std::cmp::Reverse;
use takeaways_corpus::{entities::EntityTable, events::EventTable, topics::TopicTable};
use takeaways_search::{Alternative, AuthorFacet, Clause, ClauseRole, Filter, Query};
use takeaways_text::{
    aliases::Aliases,
    model::Language,
    nearest::{count_slips, has_swapped_letters},
    tokens::{detect_question_language, is_any_stop_word, is_boilerplate, tokenize},
    translations::{english_words, is_english_word, is_foreign_word},
};

/// The number of words that are read. A pasted page is no question.
const MAX_WORDS: usize = 64;
/// The minimum number of letters of a word of grammar, and of another word, that is corrected.
const MIN_LETTERS: usize = 3;
const MIN_LETTERS_OF_CONTENT: usize = 5;
/// A longer word may have two slips.
const MAX_LETTERS_WITH_ONE_SLIP: usize = 9;
/// The number of similar stems whose words are looked up in posts.
const MAX_STEMS: usize = 4;
/// The number of passages in which the forms of a stem are looked up.
const MAX_PASSAGES: usize = 8;

/// Returns an English request with each misspelt word as posts or the tables of words have it. What posts have in any form and what is
/// quoted stays, and so do names of people with a capital. The first letter must be right, as people rarely get it wrong.
pub(crate) fn with_words_spelled(engine: &Engine, request: Request) -> Result<Request, AnswerError> {
    let text = request.question.text();
    let is_english = detect_question_language(text) == Language::En;
    if !is_english || text.contains('"') || request.subject.is_some() {
        return Ok(request);
    }
    let words = split_words(text);
    let mut spelled = text.to_owned();
    let mut room = MAX_CORRECTIONS;
    // The last words first, since a corrected word may move those after it.
    for word in words.get(..words.len().min(MAX_WORDS)).unwrap_or_default().iter().rev() {
        let typed = text.get(word.range.clone()).unwrap_or_default();
        if room == 0 {
            break;
        }
        if !is_set_apart(text, word) || !may_be_misspelt(engine, &request, typed)? {
            continue;
        }
        room -= 1;
        if let Some(right) = right_spelling(engine, &request, typed)? {
            spelled.replace_range(word.range.clone(), &right);
        }
    }
    Ok(if spelled == text { request } else { request.with_text(&spelled) })
}

/// Whether blanks, or signs that end a sentence, stand around a word: the `r` of `/r/rust` and the `clusr` of `otto.clusr` are none.
fn is_set_apart(text: &str, word: &Word) -> bool {
    let before = text.get(..word.range.start).and_then(|text| text.chars().next_back());
    let mut after = text.get(word.range.end..).unwrap_or_default().chars();
    let (next, second) = (after.next(), after.next());
    before.is_none_or(|c| c.is_whitespace() || c == '(')
        && next.is_none_or(|c| {
            c.is_whitespace()
                || matches!(c, '?' | ',' | '.' | '!' | ':' | ')') && second.is_none_or(char::is_whitespace)
        })
}

/// Whether a word consists of letters, and neither a table nor a post has it in any form.
fn may_be_misspelt(engine: &Engine, request: &Request, typed: &str) -> Result<bool, AnswerError> {
    let is_word = typed.len() >= MIN_LETTERS && typed.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_listed = || is_english_word(typed) || is_foreign_word(typed);
    if !is_word || is_any_stop_word(typed) || is_boilerplate(typed) || is_listed() {
        return Ok(false);
    }
    let word = typed.to_ascii_lowercase();
    if names_thing(&word)
        || !Aliases::builtin().find_names(&[&word]).is_empty()
        || passages_with(engine, &word)? > 0
    {
        return Ok(false);
    }
    let facets = engine.index().facets(request.now)?;
    Ok(!facets.authors.iter().any(|author| author.parts().any(|part| part == word)))
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

/// The word with the fewest slips between it and a misspelt one. Of several it is the one that most passages have, and a word of
/// grammar only if there is no other. A word with a capital may only be a known thing. `None` if there is no such word.
fn right_spelling(engine: &Engine, request: &Request, typed: &str) -> Result<Option<String>, AnswerError> {
    let is_name = typed.starts_with(char::is_uppercase);
    let is_like = |word: &str| {
        let first = |word: &str| word.chars().next().map(|c| c.to_ascii_lowercase());
        first(word) == first(typed)
    };
    let of_grammar: Vec<&str> =
        Language::En.words().tokens.stop_words.iter().filter(|it| !is_name && is_like(it)).collect();
    // A short word is near to many others.
    let swapped = of_grammar.iter().find(|word| has_swapped_letters(typed, word));
    if swapped.is_some() || typed.len() < MIN_LETTERS_OF_CONTENT {
        return Ok(swapped.map(|word| (*word).to_owned()));
    }
    let mut near: Vec<String> = of_grammar.iter().map(|word| (*word).to_owned()).collect();
    if !is_name {
        near.extend(english_words().filter(|word| is_like(word)).map(str::to_owned));
        let facets = engine.index().facets(request.now)?;
        let names = facets.authors.iter().flat_map(AuthorFacet::parts);
        near.extend(names.filter(|name| is_like(name)).map(str::to_owned));
    }
    let distance = if typed.len() < MAX_LETTERS_WITH_ONE_SLIP { 1 } else { 2 };
    if let Some(token) = tokenize(typed, Language::En).into_iter().next() {
        let stems = engine.index().similar_terms(&token.term, distance, 2 * MAX_STEMS)?.into_iter();
        for (stem, _) in stems.filter(|(stem, _)| is_like(stem)).take(MAX_STEMS) {
            let words = spellings_in_posts(engine, request, Alternative::term(stem))?.into_iter();
            if is_name {
                near.extend(words.filter(|word| word.starts_with(char::is_uppercase) && names_thing(word)));
            } else {
                near.extend(words.map(|word| word.to_lowercase()));
            }
        }
    }
    let slips = near.into_iter().filter_map(|word| Some((count_slips(typed, &word)?, word)));
    let near: Vec<(usize, String)> = slips.filter(|(slips, _)| *slips > 0).collect();
    let Some(fewest) = near.iter().map(|(slips, _)| *slips).min() else { return Ok(None) };
    let mut ranked = Vec::new();
    for (_, word) in near.into_iter().filter(|(slips, _)| *slips == fewest) {
        ranked.push((of_grammar.contains(&word.as_str()), Reverse(passages_with(engine, &word)?), word));
    }
    Ok(ranked.into_iter().min().map(|(.., word)| word))
}

/// The words with a term, as posts write them.
fn spellings_in_posts(
    engine: &Engine,
    request: &Request,
    term: Alternative,
) -> Result<Vec<String>, AnswerError> {
    let filter = Filter { visible_at: request.now, ..Filter::default() };
    let clauses = vec![Clause::new(term.clone(), ClauseRole::Must)];
    let hits = engine.index().search(&Query { clauses, filter }, MAX_PASSAGES)?;
    let concepts = [Concept { alternatives: vec![term], own_forms: 1, ..Concept::default() }];
    let matcher = Matcher::new(&concepts);
    let mut words: Vec<String> = Vec::new();
    for hit in &hits {
        let Some(passage) = hit.post.body.passages.get(hit.passage) else { continue };
        let text = hit.post.body.slice(passage.span);
        let found = matcher.scan(text, hit.post.language);
        words.extend(found.into_iter().filter_map(|it| text.get(it.range)).map(str::to_owned));
    }
    words.sort_unstable();
    words.dedup();
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{engine_over, request};

    #[test]
    fn misspelt_words_are_written_as_posts_and_tables_have_them() {
        let post = "# Day\n\nThe golden signals tell of each cluster. We bought a kubectl plugin and Grafana dashboards.\n";
        let engine =
            engine_over(&[("a.md", post), ("b.md", "---\nauthor: Ada Lovelace\n---\n\nIt rained.\n")]);
        for (typed, expected) in [
            ("what are the goolden signals of a cluser", "what are the golden signals of a cluster"),
            ("waht did they bougth?", "what did they bought?"),
            ("dashbaords for grafanna", "dashboards for grafana"),
            // Neither a post nor a table has a word like it.
            ("who sells tequila", "who sells tequila"),
            ("the \"goolden\" signals", "the \"goolden\" signals"),
            ("what did Cluser say", "what did Cluser say"),
            ("who likes Graffana?", "who likes Grafana?"),
            ("talk by lovelcae", "talk by lovelace"),
            ("was sagen die goolden leute", "was sagen die goolden leute"),
            ("otto.clusr", "otto.clusr"),
        ] {
            let spelled = with_words_spelled(&engine, request(typed)).expect("an index");
            assert_eq!(spelled.question.text(), expected, "{typed}");
        }
    }
}
