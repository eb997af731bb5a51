//! The aliases of the words of a question: names of the same thing, synonyms, and what they are in English.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

use crate::concepts::{looks_like_name, max_frequency};
use crate::question_syntax::{QuestionSyntax, overlap};
use crate::word_forms::{PostLanguages, word_forms};
use takeaways_corpus::entities::EntityTable;
use takeaways_search::{Index, SearchError};
use takeaways_text::aliases::{Alias, Aliases, TRANSLATION_WEIGHT};
use takeaways_text::model::Language;
use takeaways_text::tokens::is_stop_word;
use takeaways_text::translations::Translations;

/// The names of projects have at most as many words.
const MAX_NAME_WORDS: usize = 4;

/// The weight of an English word that is near another.
const NEAR_WEIGHT: f32 = 0.4;

/// The table of the question's language. A row of words may be too short to tell it: then it is the one that knows most of the
/// words that no post contains.
///
/// # Errors
/// If the index can't be read.
pub fn find_translations(
    syntax: &QuestionSyntax,
    language: Language,
    index: &Index,
) -> Result<Option<&'static Translations>, SearchError> {
    let is_sentence = || syntax.words.iter().any(|word| is_stop_word(&word.text, language));
    if language != Language::En || is_sentence() {
        return Ok(Translations::of(language));
    }
    let mut unknown = Vec::new();
    for (at, word) in syntax.words.iter().enumerate() {
        let forms = word_forms(&word.text, 1.0, PostLanguages::of_index(index));
        if !looks_like_name(syntax, at, language) && max_frequency(&forms, index)? == 0 {
            unknown.push(&word.text);
        }
    }
    if unknown.is_empty() {
        return Ok(Translations::of(language)); // To read the other tables takes long.
    }
    let known_words =
        |table: &Translations| unknown.iter().filter(|word| table.translate(word).is_some()).count();
    let counted =
        Translations::foreign().map(|table| (known_words(table), table)).filter(|(count, _)| *count > 0);
    let best = counted.max_by_key(|(count, _)| *count).map(|(_, table)| table);
    Ok(best.or_else(|| Translations::of(language)))
}

/// The words of a question that have aliases: the range of each, and these. The longest come first; none overlap.
pub fn find_aliases(
    syntax: &QuestionSyntax,
    translations: Option<&Translations>,
) -> Vec<(Range<usize>, Vec<Alias>)> {
    let words: Vec<&str> = syntax.words.iter().map(|word| word.text.as_str()).collect();
    let mut found = Aliases::builtin().find_names(&words);
    if let Some(table) = translations {
        found.extend(
            table.find(&words).into_iter().map(|(range, english)| (range, translated(&english, table))),
        );
    }
    found.extend(other_names(&words));
    found.retain(|(_, names)| !names.is_empty());
    let mut joined = join_equal_ranges(found);
    for (_, names) in &mut joined {
        keep_best(names);
    }
    joined
}

/// The names of projects and companies, and their other names: who writes of Kafka may leave out that it is Apache Kafka, and
/// `Argo CD` is `ArgoCD` too.
fn other_names<'w>(words: &'w [&'w str]) -> impl Iterator<Item = (Range<usize>, Vec<Alias>)> + 'w {
    let table = EntityTable::builtin();
    let runs = (0..words.len()).flat_map(|at| (1..=MAX_NAME_WORDS).map(move |len| at..at + len));
    runs.filter_map(|run| {
        let name = words.get(run.clone())?.join(" ");
        let short = table.short_name(&name).filter(|_| run.len() > 1);
        let alias = |words: &str| Alias { words: words.to_owned(), weight: 1.0, is_translation: false };
        let names: Vec<Alias> = short.into_iter().chain(table.other_spellings(&name)).map(alias).collect();
        (!names.is_empty()).then_some((run, names))
    })
}

/// Puts the names with the most weight first, and keeps each once. A concept keeps so many forms only that those of the others
/// may be too many.
fn keep_best(names: &mut Vec<Alias>) {
    names.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.words.to_lowercase()));
}

/// The English for one word, with its synonyms.
pub fn translate(word: &str, translations: Option<&Translations>) -> Vec<Alias> {
    let Some(table) = translations else { return Vec::new() };
    table.translate(word).map(|english| translated(&english, table)).unwrap_or_default()
}

fn translated(english: &[&str], table: &Translations) -> Vec<Alias> {
    let mut names: Vec<Alias> = Vec::new();
    let mut add = |words: &str, weight: f32| {
        let is_informative = !words.split_whitespace().all(|word| is_stop_word(word, Language::En));
        if is_informative && names.iter().all(|known| known.words != words) {
            names.push(Alias { words: words.to_owned(), weight, is_translation: true });
        }
    };
    let weight = if table.is_of_near_words() { NEAR_WEIGHT } else { TRANSLATION_WEIGHT };
    for words in english {
        add(words, weight);
    }
    if table.is_of_near_words() {
        return names;
    }
    // What an English question is searched by too.
    for alias in english.iter().flat_map(|words| aliases_of(words)) {
        add(&alias.words, alias.weight * TRANSLATION_WEIGHT);
    }
    names
}

/// The aliases of a whole name.
fn aliases_of(name: &str) -> Vec<Alias> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let found = Aliases::builtin().find_names(&words);
    let whole = found.into_iter().find(|(range, _)| range.len() == words.len());
    whole.map(|(_, aliases)| aliases).unwrap_or_default()
}

/// Joins the names of equal ranges. Of ranges that overlap, the longest stays.
fn join_equal_ranges(mut found: Vec<(Range<usize>, Vec<Alias>)>) -> Vec<(Range<usize>, Vec<Alias>)> {
    found.sort_by_key(|(range, _)| (Reverse(range.len()), range.start));
    let mut joined: Vec<(Range<usize>, Vec<Alias>)> = Vec::with_capacity(found.len());
    for (range, names) in found {
        if let Some((_, known)) = joined.iter_mut().find(|(known, _)| *known == range) {
            known.extend(names);
        } else if !joined.iter().any(|(known, _)| overlap(known, &range)) {
            joined.push((range, names));
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    fn names_of(question: &str, language: Language) -> Vec<(String, Vec<Alias>)> {
        let syntax = parse_syntax(question);
        let found = find_aliases(&syntax, Translations::of(language));
        let typed = |range: &Range<usize>| {
            let words: Vec<&str> =
                syntax.words[range.clone()].iter().map(|word| word.text.as_str()).collect();
            words.join(" ")
        };
        found.into_iter().map(|(range, names)| (typed(&range), names)).collect()
    }

    #[test]
    fn words_of_other_languages_have_english_names() {
        for (question, language, typed, english) in [
            ("Was war mit den Kosten?", Language::De, "Kosten", "cost"),
            (
                "¿Qué dijo sobre la cadena de suministro?",
                Language::Es,
                "cadena de suministro",
                "supply chain",
            ),
            ("Et la sécurité ?", Language::Fr, "sécurité", "security"),
            ("Was war mit Sicherheit?", Language::De, "Sicherheit", "security"),
            ("E sobre código aberto?", Language::Pt, "código aberto", "open source"),
        ] {
            let found = names_of(question, language);
            let names = found.iter().find(|(it, _)| it == typed).map(|(_, names)| names.as_slice());
            let name = names.unwrap_or_default().iter().find(|name| name.words == english);
            assert!(name.is_some_and(Alias::is_same_thing), "{question}: {found:?}");
        }
        let short = names_of("what about Apache Kafka and grafana loki?", Language::En);
        let named = |typed: &str, name: &str| {
            short.iter().any(|(it, names)| it == typed && names.iter().any(|it| it.words == name))
        };
        assert!(named("Apache Kafka", "Kafka") && named("grafana loki", "Loki"), "{short:?}");
        let spellings = names_of("do people like argo cd more than VMware?", Language::En);
        let named = |typed: &str, name: &str| {
            spellings.iter().any(|(it, names)| it == typed && names.iter().any(|it| it.words == name))
        };
        assert!(named("argo cd", "ArgoCD") && named("VMware", "VM Ware"), "{spellings:?}");
        let near = names_of("How many visitors came?", Language::En);
        let is_near = |name: &Alias| name.words == "attendees" && !name.is_same_thing();
        assert!(near.iter().any(|(word, names)| word == "visitors" && names.iter().any(is_near)), "{near:?}");
    }

    #[test]
    fn of_names_that_overlap_the_longest_stays() {
        let name = |words: &str| Alias { words: words.to_owned(), weight: 1.0, is_translation: false };
        let found = vec![
            (1..2, vec![name("a")]),
            (0..2, vec![name("b")]),
            (3..4, vec![name("c")]),
            (3..4, vec![name("d")]),
        ];
        let joined = join_equal_ranges(found);
        assert_eq!(joined, [(0..2, vec![name("b")]), (3..4, vec![name("c"), name("d")])]);
    }
}
