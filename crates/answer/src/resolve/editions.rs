//! Which events of the index a name means: all that match, the chosen editions, or one by which a time is told.

use jiff::civil::Date;

use super::{is_function_word, words_in};
use crate::find_name::{is_called, matches_mention, name_key};
use crate::question_syntax::QuestionWord;
use crate::times::{EditionChoice, Landmark, Period, find_edition_choice};
use takeaways_corpus::events::{EventMention, EventTable};
use takeaways_search::Facets;
use takeaways_text::language;
use takeaways_text::model::Event;

/// Whether a text names two conferences with nothing between them but a word like "or" and words without a meaning of their
/// own: "KubeCon or FOSDEM", "at KubeCon or at the FOSDEM".
pub(super) fn are_alternatives(mentions: &[EventMention<'_>], words: &[QuestionWord]) -> bool {
    let joiners = &language::all().times.and;
    let is_joiner = |word: &QuestionWord| joiners.contains(word.text.to_lowercase().as_str());
    let may_be_between = |word: &QuestionWord| is_joiner(word) || is_function_word(word);
    let series: Vec<_> = mentions.iter().filter(|mention| mention.series.is_some()).collect();
    series.windows(2).any(|pair| {
        let between = words_in(&pair[0].range, words).end..words_in(&pair[1].range, words).start;
        pair[0].series.map(|series| &series.name) != pair[1].series.map(|series| &series.name)
            && words
                .get(between)
                .is_some_and(|words| words.iter().any(is_joiner) && words.iter().all(may_be_between))
    })
}

/// Returns the events of the text by which a time may be told: an edition of a conference, or the most known conference
/// of a city.
pub(super) fn find_landmarks(text: &str, facets: &Facets, today: Date) -> Vec<Landmark> {
    let mentions = EventTable::builtin().mentions(text);
    mentions.iter().filter_map(|mention| landmark(text, mention, facets, today)).collect()
}

fn landmark(text: &str, mention: &EventMention<'_>, facets: &Facets, today: Date) -> Option<Landmark> {
    let posts_of_series = |name: &str| -> u64 {
        facets.events.iter().filter(|(event, _)| event.series == name).map(|(_, posts)| posts).sum()
    };
    let mut known = matching_events(text, facets, mention);
    if known.is_empty() {
        known.clone_from(&mention.editions);
    }
    // The first of equal ones, so that the answer is always the same.
    let series = known.iter().rev().max_by_key(|event| posts_of_series(&event.series))?.series.clone();
    known.retain(|event| event.series == series);
    let choice = mention.series.and_then(|_| find_edition_choice(text, &mention.range));
    let range = match choice {
        Some((choice, range)) => {
            known = choose_editions(known, choice, today);
            range.start.min(mention.range.start)..range.end.max(mention.range.end)
        }
        None if mention.year.is_some() || mention.place.is_some() => mention.range.clone(),
        None => return None,
    };
    let period = known.into_iter().filter_map(Period::of_event).reduce(Period::cover)?;
    Some(Landmark { range, period, series, is_named: mention.series.is_some() })
}

/// Returns the events of the index that match a mention in a text. If it names a part of the world, and that is the whole name of
/// events there, with or without their year, it is these events.
pub(super) fn matching_events<'f>(
    text: &str,
    facets: &'f Facets,
    mention: &EventMention<'_>,
) -> Vec<&'f Event> {
    let matching =
        facets.events.iter().map(|(event, _)| event).filter(|event| matches_mention(event, mention));
    let matching: Vec<&Event> = matching.collect();
    if mention.region.is_none() {
        return matching;
    }
    let key = name_key(text.get(mention.range.clone()).unwrap_or_default());
    // "PyCon APAC" is that of 2017, and not all of Asia.
    let is_named = |event: &&Event| {
        is_called(event, &key) || event.year.is_some_and(|year| is_called(event, &format!("{key}-{year}")))
    };
    let named: Vec<&Event> = matching.iter().copied().filter(is_named).collect();
    if named.is_empty() { matching } else { named }
}

/// Returns the chosen editions that have begun. Those that begin on one day count as one.
pub(super) fn choose_editions(events: Vec<&Event>, choice: EditionChoice, today: Date) -> Vec<&Event> {
    let start = |event: &Event| Period::of_event(event).map(|period| period.first);
    let mut starts: Vec<Date> =
        events.iter().filter_map(|event| start(event)).filter(|start| *start <= today).collect();
    starts.sort_unstable();
    starts.dedup();
    if choice.is_from_newest {
        starts.reverse();
    }
    let chosen: Vec<Date> = starts.into_iter().skip(choice.skipped).take(choice.taken).collect();
    events.into_iter().filter(|event| start(event).is_some_and(|start| chosen.contains(&start))).collect()
}

/// Whether more than a third of the posts are about these events. Then their name does not narrow the search: in a
/// corpus of KubeCon posts "KubeCon" is just the word for a conference.
pub(crate) fn cover_most_posts(events: &[&Event], facets: &Facets) -> bool {
    let posts = |events: &mut dyn Iterator<Item = &(Event, u64)>| events.map(|(_, posts)| posts).sum::<u64>();
    let all = posts(&mut facets.events.iter());
    let matching = posts(&mut facets.events.iter().filter(|(event, _)| events.contains(&event)));
    events.len() > 1 && matching * 3 > all
}
