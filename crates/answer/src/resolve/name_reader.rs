//! Reads which events the names of conferences and places in a question mean.

use std::cell::LazyCell;
use std::ops::Range;

use jiff::civil::Date;

use super::editions::{choose_editions, cover_most_posts, matching_events};
use super::events::{NamedEvents, limit};
use super::neighbours::{is_after_place_word, is_negated};
use super::{is_function_word, words_in};
use crate::question_syntax::{QuestionSyntax, QuestionWord, blank_out};
use crate::times::{NamedTime, find_edition_choice};
use takeaways_corpus::events::{EventMention, EventTable};
use takeaways_search::Facets;
use takeaways_text::model::{Event, Language, Shape};
use takeaways_text::question_shape::find_shape;

/// Whether an edition was online: it has days, and no city.
fn is_online(event: &Event) -> bool {
    event.start.is_some() && event.city.is_none()
}

/// Finds what a text without its times names.
pub(super) struct NameReader<'a, 'f> {
    pub(super) text: &'a str,
    pub(super) syntax: &'a QuestionSyntax,
    pub(super) facets: &'f Facets,
    pub(super) today: Date,
}

impl<'f> NameReader<'_, 'f> {
    /// Adds the events of a conference that is named.
    pub(super) fn add_series(&self, named: &mut NamedEvents<'f>, mention: &EventMention<'_>) {
        let words = &self.syntax.words;
        if is_negated(&mention.range, words) {
            named.used.push(mention.range.clone());
            named.excluded.extend(matching_events(self.text, self.facets, mention));
            return;
        }
        named.has_names = true;
        let all = matching_events(self.text, self.facets, mention);
        let limited = limit(&all, &named.times, true);
        // "What did they say at KubeCon NA 2018 about 2017": the year is a concept.
        let is_concept = mention.year.is_some() && limited.is_empty();
        let is_limited = !named.times.is_empty() && !is_concept && !all.is_empty();
        let mut events = if is_limited { limited } else { all.clone() };
        if is_concept {
            self.add_named_by_year(named, mention);
        }
        // "Tips for the first KubeCon" are for somebody's first one.
        let asks_for_advice = |words: &Range<usize>| {
            let mut others = self.text.to_owned();
            blank_out(&mut others, words.start.min(mention.range.start)..words.end.max(mention.range.end));
            find_shape(&others).shape == Shape::Advice
        };
        let choice = find_edition_choice(self.text, &mention.range)
            .filter(|(choice, words)| choice.is_from_newest || !asks_for_advice(words));
        if let Some((choice, range)) = &choice {
            named.used.push(range.clone());
            // "First" is also in what posts say of it.
            named.edition_words.extend(Some(range.clone()).filter(|_| !choice.is_from_newest));
            events = choose_editions(events, *choice, self.today);
        }
        let online: Vec<&Event> = events.iter().copied().filter(|event| is_online(event)).collect();
        // Of a year when all were online, the word says no more.
        let is_narrower = !online.is_empty() && online.len() < events.len();
        let online_word = super::online_word(&mention.range, words).filter(|_| is_narrower);
        if let Some(word) = online_word {
            named.used.push(word.range.clone());
            // What it was like to be online is what posts say of it.
            named.edition_words.push(word.range.clone());
            events = online;
        }
        named.used.extend(super::next_word(&mention.range, words).map(|word| word.range.clone()));
        if events.is_empty() {
            let times = if is_limited { named.times.as_slice() } else { &[] };
            named.missing.push((mention.range.clone(), self.text_of(&mention.range, times)));
            return;
        }
        named.are_times_used |= is_limited;
        named.used.push(mention.range.clone());
        let is_bare = mention.year.is_none() && mention.region.is_none() && mention.place.is_none();
        if is_bare
            && online_word.is_none()
            && choice.is_none()
            && !is_limited
            && cover_most_posts(&events, self.facets)
        {
            named.broad.extend(mention.series.map(|series| (series.name.clone(), events)));
        } else {
            named.events.extend(events);
        }
    }

    /// Adds the editions of the conference of a mention that are named by their year: the second of "KubeCon EU 2024 and the 2019
    /// edition", and of "how did FOSDEM 2019 differ from 2018?"
    fn add_named_by_year(&self, named: &mut NamedEvents<'f>, mention: &EventMention<'_>) {
        let compares = LazyCell::new(|| find_shape(self.text).shape == Shape::Comparison);
        for time in named.times.iter().filter(|time| time.is_plain_year) {
            let year = self.syntax.text.get(time.range.clone()).and_then(|text| text.parse().ok());
            if year.is_none() || !(is_beside_edition(&time.range, &self.syntax.words) || *compares) {
                continue;
            }
            let other = EventMention { year, place: None, editions: Vec::new(), ..mention.clone() };
            let events = matching_events(self.text, self.facets, &other);
            if !events.is_empty() {
                named.used.push(time.range.clone());
                named.events.extend(events);
            }
        }
    }

    /// Adds the events of a conference that only posts name.
    pub(super) fn add_unlisted(
        &self,
        named: &mut NamedEvents<'f>,
        range: Range<usize>,
        events: Vec<&'f Event>,
    ) {
        if is_negated(&range, &self.syntax.words) {
            named.used.push(range);
            named.excluded.extend(events);
            return;
        }
        named.has_names = true;
        let limited = limit(&events, &named.times, true);
        if limited.is_empty() {
            named.missing.push((range.clone(), self.text_of(&range, &named.times)));
            return;
        }
        named.are_times_used |= !named.times.is_empty();
        named.used.push(range);
        if named.times.is_empty() && cover_most_posts(&events, self.facets) {
            named.broad.extend(events.first().map(|event| (event.series.clone(), events.clone())));
        } else {
            named.events.extend(limited);
        }
    }

    /// The words of a name and of some times, as the question has them.
    fn text_of(&self, range: &Range<usize>, times: &[NamedTime]) -> String {
        let ranges = [range].into_iter().chain(times.iter().map(|time| &time.range));
        let texts = ranges.filter_map(|range| self.syntax.text.get(range.clone())).map(str::trim);
        texts.collect::<Vec<_>>().join(" ")
    }

    /// Adds the places that are named beside conferences, which they narrow, or alone.
    pub(super) fn add_places(&self, named: &mut NamedEvents<'f>, mentions: &[EventMention<'_>]) {
        let table = EventTable::builtin();
        let all = || self.facets.events.iter().map(|(event, _)| event);
        let held_in = |place: &str, year: Option<i16>| -> Vec<&'f Event> {
            let is_held = |event: &&Event| table.is_held_in(event, place);
            all().filter(is_held).filter(|event| year.is_none_or(|year| event.year == Some(year))).collect()
        };
        let cities = mentions.iter().filter(|mention| mention.series.is_none()).filter_map(|mention| {
            let place = mention.place.as_deref()?;
            Some((
                mention.range.clone(),
                held_in(place, mention.year),
                is_after_place_word(&mention.range, &self.syntax.words),
            ))
        });
        let lone = table.lone_places(self.text);
        let lone = lone.into_iter().filter(|(range, _)| self.is_where(range, &named.times));
        let places = cities.chain(lone.map(|(range, place)| (range, held_in(place, None), true)));
        let adjectives = self.adjectives_of_places(mentions).into_iter();
        let mut places: Vec<_> =
            places.chain(adjectives.map(|(range, place)| (range, held_in(place, None), true))).collect();
        let negated: Vec<_> =
            places.extract_if(.., |(range, ..)| is_negated(range, &self.syntax.words)).collect();
        named.used.extend(negated.into_iter().map(|(range, ..)| range));
        places.sort_by_key(|(range, ..)| range.start);
        let has_series = named.has_names;
        let mut is_narrowed = false;
        let mut found: Option<Vec<&'f Event>> = None;
        for (range, held, is_after_place_word) in places {
            if has_series {
                let broad = named.broad.iter().flat_map(|(_, events)| events);
                let at_place = |events: &mut dyn Iterator<Item = &&'f Event>| -> Vec<&'f Event> {
                    events.filter(|event| held.contains(event)).copied().collect()
                };
                let mut both = at_place(&mut named.events.iter());
                if named.events.is_empty() {
                    both = at_place(&mut broad.into_iter());
                }
                // "KubeCon Amsterdam '23 vs Amsterdam '26"
                let has_year =
                    self.syntax.text.get(range.clone()).is_some_and(|text| text.contains(char::is_numeric));
                // "Valencia or Amsterdam, which KubeCon was nicer?"
                if both.is_empty() && (has_year || is_narrowed) {
                    let series: Vec<&str> = named.events.iter().map(|event| event.series.as_str()).collect();
                    let further = held.iter().filter(|event| series.contains(&event.series.as_str()));
                    let further: Vec<&Event> = further.copied().collect();
                    if !further.is_empty() {
                        named.used.push(range);
                        named.events.extend(further);
                    }
                } else if !both.is_empty() {
                    is_narrowed = true;
                    named.events = both;
                    named.broad.clear();
                    named.used.push(range);
                }
                continue;
            }
            let limited = limit(&held, &named.times, false);
            if limited.is_empty() {
                // A city may be anything, but for one that events are held in. If few posts tell where they were, one of the others may.
                if is_after_place_word && (!held.is_empty() || self.most_posts_tell_places()) {
                    let times = if held.is_empty() { &[] } else { named.times.as_slice() };
                    named.missing.push((range.clone(), self.text_of(&range, times)));
                }
                continue;
            }
            named.has_names = true;
            named.used.push(range);
            named.are_times_used |= !named.times.is_empty();
            let known = found.take().unwrap_or_default();
            let both: Vec<&Event> = limited.iter().copied().filter(|event| known.contains(event)).collect();
            // "Barcelona, Spain" is one place, "Paris or Vienna" are two.
            found = Some(if both.is_empty() { [known, limited].concat() } else { both });
        }
        if let Some(found) = found {
            named.missing.clear();
            named.events = found;
        }
    }

    /// Whether the events of most posts have a city.
    fn most_posts_tell_places(&self) -> bool {
        let has_city = |(event, _): &&(Event, u64)| event.city.is_some();
        let with_city: u64 = self.facets.events.iter().filter(has_city).map(|(_, posts)| posts).sum();
        let all: u64 = self.facets.languages.iter().map(|(_, posts)| posts).sum();
        with_city * 2 >= all
    }

    /// Returns the adjectives of countries right before the name of a conference, or right after one where no noun follows, each with its
    /// country: "the Dutch KCD", "la KCD néerlandaise".
    fn adjectives_of_places(&self, mentions: &[EventMention<'_>]) -> Vec<(Range<usize>, &'static str)> {
        let words = &self.syntax.words;
        let table = EventTable::builtin();
        let are_beside = |before: usize, after: usize| {
            self.text.get(before..after).is_some_and(|between| between.trim().is_empty())
        };
        let mut found = Vec::new();
        for mention in mentions.iter().filter(|mention| mention.series.is_some() && mention.place.is_none()) {
            let before = words.iter().rfind(|word| are_beside(word.range.end, mention.range.start));
            let after = words.iter().position(|word| are_beside(mention.range.end, word.range.start));
            let ends_name = |at: &usize| {
                let pair = words.get(*at).zip(words.get(at + 1));
                pair.is_none_or(|(word, next)| {
                    !are_beside(word.range.end, next.range.start)
                        || !next.text.contains(char::is_alphabetic)
                        || is_function_word(next)
                })
            };
            let after = after.filter(ends_name).and_then(|at| words.get(at));
            found.extend(
                [before, after]
                    .into_iter()
                    .flatten()
                    .filter_map(|word| Some((word.range.clone(), table.country_with_adjective(&word.text)?))),
            );
        }
        found
    }

    /// Whether a country tells where: after "in", at the beginning before a colon, or beside a year.
    fn is_where(&self, range: &Range<usize>, times: &[NamedTime]) -> bool {
        let is_beside = |time: &NamedTime| {
            let between = if time.range.end <= range.start {
                time.range.end..range.start
            } else {
                range.end..time.range.start
            };
            self.syntax.text.get(between).is_some_and(|gap| gap.trim().is_empty())
        };
        let begins = self.syntax.text.get(..range.start).is_some_and(|before| before.trim().is_empty())
            && self.syntax.text.get(range.end..).is_some_and(|after| after.starts_with([':', ',', ';']));
        begins || is_after_place_word(range, &self.syntax.words) || times.iter().any(is_beside)
    }
}

/// Whether a word for an edition stands beside a year: "the 2019 edition", "l'édition 2022".
fn is_beside_edition(year: &Range<usize>, words: &[QuestionWord]) -> bool {
    let at = words_in(year, words);
    let is_edition = |at: usize| {
        let mut lists = Language::ALL.iter().map(|it| &it.words().conversation.edition_nouns);
        words.get(at).is_some_and(|word| lists.any(|nouns| nouns.has_word(&word.text)))
    };
    is_edition(at.end) || at.start.checked_sub(1).is_some_and(is_edition)
}

#[cfg(test)]
mod tests {
    use crate::samples::{engine_over, request};

    #[test]
    fn the_adjective_of_a_country_limits_a_conference_as_the_country_does() {
        let file = |name: &str, event: &str| {
            let text = format!("---\ntitle: Notes\nevent: {event}\n---\n\nThe food there was good.\n");
            (format!("{name}.md"), text)
        };
        let engine = engine_over(&[
            file("a", "KCD Amsterdam 2023"),
            file("b", "KCD France 2023"),
            file("c", "KubeCon EU 2019"),
        ]);
        for (question, expected) in [
            ("how was the Dutch KCD?", &["kcd-amsterdam-2023"][..]),
            ("how was the dutch KCD in 2023?", &["kcd-amsterdam-2023"]),
            ("comment était la KCD néerlandaise de 2023 ?", &["kcd-amsterdam-2023"]),
            ("wie war der französische KCD?", &["kcd-france-2023"]),
            // These say nothing of the conference.
            ("how was the Japanese KCD?", &[]),
            ("which KCD French fries were good?", &[]),
            ("what Dutch food was at a KCD?", &[]),
        ] {
            let (scope, _) = engine.scope(&request(question)).expect("an index");
            let mut events: Vec<&str> = scope.events.iter().map(|event| event.0.as_str()).collect();
            events.sort_unstable();
            assert_eq!(events, expected, "{question}");
        }
    }
}
