//! Conferences of the index that no table lists, where a question names them.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use crate::question_syntax::{QuestionSyntax, overlap};
use takeaways_corpus::events::{EventTable, is_event_noun, is_ordinary_in_names};
use takeaways_search::Facets;
use takeaways_text::model::{Event, Years};
use takeaways_text::tokens::folding::{folded_words, trim_punctuation};
use takeaways_text::tokens::is_any_stop_word;
use takeaways_text::translations::is_english_word;

/// The maximum number of words of a name that are read.
const MAX_WORDS: usize = 8;

/// Words of a question that name a conference, in bytes, with its events.
pub(crate) type NamedConference<'f> = (Range<usize>, Vec<&'f Event>);

/// Returns the places in a question that name conferences which only posts name: by the whole name, by several words of it, or
/// by one that is no ordinary word. `MW17` names the edition of 2017.
pub(crate) fn unlisted_conferences<'f>(
    syntax: &QuestionSyntax,
    facets: &'f Facets,
) -> Vec<NamedConference<'f>> {
    let mut by_series: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for (event, _) in facets.events.iter().filter(|(event, _)| is_unlisted(event)) {
        by_series.entry(&event.series).or_default().push(event);
    }
    if by_series.is_empty() {
        return Vec::new();
    }
    let words = syntax.words.iter();
    let words: Vec<(String, Range<usize>)> = words
        .flat_map(|word| folded_words(&word.text).into_iter().map(|text| (text, word.range.clone())))
        .collect();
    let mut found: Vec<(usize, NamedConference<'f>)> = Vec::new();
    for (series, events) in by_series {
        found.extend(editions_with_year(&words, series, &events));
        let parts: Vec<&str> = series.split_whitespace().take(MAX_WORDS).collect();
        let is_asked =
            |part: &&str| folded_words(part).iter().any(|part| words.iter().any(|(word, _)| word == part));
        if !parts.iter().any(is_asked) {
            continue;
        }
        let lens = (1..=parts.len()).rev();
        let named = lens.into_iter().find_map(|len| {
            let run = parts
                .windows(len)
                .filter(|run| is_telling(run, parts.len()))
                .find_map(|run| place_of(run, &words))?;
            let is_ordinary = parts.len() == 1 && is_english_word(&parts[0].to_lowercase());
            (!is_ordinary || is_used_as_name(&run, &syntax.text)).then(|| (len, (run, events.clone())))
        });
        found.extend(named);
    }
    // The longest name counts, and all that are as long.
    found.sort_by_key(|(len, _)| std::cmp::Reverse(*len));
    let mut kept: Vec<(usize, NamedConference<'f>)> = Vec::new();
    for (len, (range, events)) in found {
        match kept.iter_mut().find(|(_, (known, _))| overlap(known, &range)) {
            Some((known_len, (known, all))) if *known_len == len && *known == range => all.extend(events),
            Some(_) => {}
            None => kept.push((len, (range, events))),
        }
    }
    kept.into_iter().map(|(_, named)| named).collect()
}

/// Whether the table has no conference with the name of that of an event.
fn is_unlisted(event: &Event) -> bool {
    static LISTED: LazyLock<HashSet<&str>> =
        LazyLock::new(|| EventTable::builtin().series().map(|series| series.name.as_str()).collect());
    !event.series.is_empty() && !LISTED.contains(event.series.as_str())
}

/// The editions of a conference that words name by its one word or by the first letters of several, with two digits of the year:
/// `MW17`.
fn editions_with_year<'f>(
    words: &[(String, Range<usize>)],
    series: &str,
    events: &[&'f Event],
) -> Vec<(usize, NamedConference<'f>)> {
    let name = match folded_words(series).as_slice() {
        [name] => name.clone(),
        words => words
            .iter()
            .filter(|word| !is_any_stop_word(word))
            .filter_map(|word| word.chars().next())
            .collect(),
    };
    let of_event = |event: &&'f Event| {
        let written = format!("{name}{:02}", event.year?.rem_euclid(100));
        let (_, range) = words.iter().find(|(word, _)| *word == written)?;
        Some((1, (range.clone(), vec![*event])))
    };
    events.iter().filter_map(of_event).collect()
}

/// Whether some words of the name of a conference tell it: all of them, two that are no ordinary words, one beside a word for events, or
/// an acronym.
fn is_telling(run: &[&str], of: usize) -> bool {
    let telling: Vec<&&str> = run.iter().filter(|word| !is_ordinary_in_names(word)).collect();
    match telling.as_slice() {
        [] => false,
        [word] if run.len() < of => {
            let is_acronym = word.chars().filter(|c| c.is_uppercase()).count() > 1
                || word.contains(|c: char| c.is_ascii_digit());
            is_acronym || run.iter().any(|word| is_event_noun(word))
        }
        _ => true,
    }
}

/// Whether a word that may be any other one stands for the conference: it has a capital, or a year beside it.
fn is_used_as_name(range: &Range<usize>, text: &str) -> bool {
    let is_year =
        |word: Option<&str>| word.is_some_and(|word| trim_punctuation(word).parse::<Years>().is_ok());
    let (before, after) =
        (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default());
    let is_capital =
        range.start > 0 && text.get(range.clone()).is_some_and(|word| word.starts_with(char::is_uppercase));
    is_capital || is_year(before.split_whitespace().next_back()) || is_year(after.split_whitespace().next())
}

/// Where words stand in a question, in bytes.
fn place_of(run: &[&str], words: &[(String, Range<usize>)]) -> Option<Range<usize>> {
    let run: Vec<String> = run.iter().flat_map(|word| folded_words(word)).collect();
    let found =
        words.windows(run.len().max(1)).find(|window| window.iter().map(|(word, _)| word).eq(&run))?;
    Some(found.first()?.1.start..found.last()?.1.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;
    use takeaways_text::model::EventId;

    #[test]
    fn conferences_that_only_posts_name_are_found() {
        let event = |series: &str, year: i16| Event {
            id: EventId(format!("{series} {year}")),
            series: series.into(),
            name: format!("{series} {year}"),
            year: Some(year),
            city: None,
            country: None,
            region: None,
            start: None,
            end: None,
        };
        let events = [
            event("Apimondia", 2017),
            event("Apimondia", 2019),
            event("MW", 2018),
            event("IFLA WLIC", 2018),
            event("World Beekeeping Congress", 2019),
            event("Design Summit", 2018),
            event("Reach", 2018),
            event("Museums and the Web", 2018),
        ];
        let facets = Facets { events: events.map(|event| (event, 1)).to_vec(), ..Facets::default() };
        for (question, expected) in [
            ("takeaways from Apimondia 2017", "Apimondia 2017, Apimondia 2019"),
            ("what was mw18 about?", "MW 2018, Museums and the Web 2018"),
            ("what was WBC19 about?", "World Beekeeping Congress 2019"),
            ("what was said at IFLA?", "IFLA WLIC 2018"),
            ("tips for the beekeeping congress", "World Beekeeping Congress 2019"),
            ("who spoke at the design summit?", "Design Summit 2018"),
            ("what makes a good design?", ""),
            ("when do teams reach for a mesh?", ""),
            ("what was said at Reach?", "Reach 2018"),
            ("reach 2018", "Reach 2018"),
            ("what was said about the web?", ""),
            ("which congress was best?", ""),
            ("takeaways from KubeCon 2019", ""),
        ] {
            let found = unlisted_conferences(&parse_syntax(question), &facets);
            let names: Vec<&str> =
                found.iter().flat_map(|(_, events)| events).map(|it| it.name.as_str()).collect();
            assert_eq!(names.join(", "), expected, "{question}");
        }
    }
}
