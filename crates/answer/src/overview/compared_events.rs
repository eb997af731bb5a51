//! The lines of a comparison in which a writer who was at one event compares it with another one.

use std::sync::LazyLock;

use super::advice::is_about_content;
use super::lines::{Line, is_short_enough, points_of_posts, sort_best_first};
use super::on_topic::Topic;
use super::sides::Side;
use super::trend::year_of;
use super::weak_lines::is_readable;
use crate::{attendance::attendance_of_event, find_name::matches_mention};
use takeaways_corpus::events::{EventMention, EventTable};
use takeaways_text::language::{LanguageWords, WordList};
use takeaways_text::model::{Event, Language, Post};
use takeaways_text::phrases::{PhraseTable, Words};

/// The points of posts about one of some sides that compare it with another one, the best first. One side at least should be an
/// event.
pub(super) fn lines_comparing(sides: &[Side], asked: Language) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        let others = sides.iter().enumerate().filter(|(other, _)| *other != at);
        let others: Vec<OtherSide<'_>> = others.map(|(_, other)| OtherSide::new(other, side)).collect();
        lines.extend(points_of_posts(&side.scoped.posts, &side.plan).into_iter().filter(|line| {
            line.kind.is_about_event
                && is_short_enough(line.text())
                && is_readable(line, asked)
                && others.iter().any(|other| other.is_compared_in(line))
        }));
    }
    sort_best_first(&mut lines);
    lines
}

/// A side, as posts about another one name it.
struct OtherSide<'s> {
    /// Its events, without those that are also events of the other one.
    events: Vec<&'s Event>,
    /// The events of the side whose posts are read.
    own_events: &'s [Event],
    /// What it is, if it is no event.
    topic: Option<Topic<'s>>,
}

impl<'s> OtherSide<'s> {
    fn new(side: &'s Side, own: &'s Side) -> Self {
        let own_events = own.plan.events.as_slice();
        let is_own = |event: &&Event| own_events.iter().any(|own| own.id == event.id);
        let events = side.plan.events.iter().filter(|event| !is_own(event)).collect();
        let topic = (!side.plan.concepts.is_empty()).then(|| Topic::new(&side.plan));
        Self { events, own_events, topic }
    }

    /// Whether a line of a post about the other side names this one and compares.
    fn is_compared_in(&self, line: &Line) -> bool {
        let (text, post) = (line.text(), &line.post);
        if let Some(topic) = &self.topic {
            return topic.is_named_by([text], post.language) && COMPARING.is_in(text);
        }
        let mentions = EventTable::builtin().mentions(text);
        let is_of_side =
            |mention: &EventMention<'_>| self.events.iter().any(|it| matches_mention(it, mention));
        let is_own =
            |mention: &EventMention<'_>| self.own_events.iter().any(|it| matches_mention(it, mention));
        // "KubeCon" may be either of two of them.
        let is_named = mentions.iter().any(|mention| is_of_side(mention) && !is_own(mention));
        // What was new on Istio last year need not be of the last edition.
        let is_on_event = || {
            mentions.iter().all(|it| post.events.iter().any(|event| matches_mention(event, it)))
                && (!is_about_content(line) || attendance_of_event(text, year_of(post)).is_some())
        };
        is_named && COMPARING.is_in(text)
            || self.is_year_before(post) && LAST_YEAR.is_in(text) && is_on_event()
    }

    /// Whether it is the edition of the year before that of a post.
    fn is_year_before(&self, post: &Post) -> bool {
        let Some(own) = post.main_event() else { return false };
        let year_before = own.year.map(|year| year - 1);
        year_before.is_some()
            && self.events.iter().any(|event| {
                event.series == own.series && event.region == own.region && event.year == year_before
            })
    }
}

/// Words that compare: "unlike", "more", "but".
static COMPARING: LazyLock<Cues> = LazyLock::new(|| {
    Cues::new(|words| {
        let stances = &words.stances;
        vec![
            &words.events.compared,
            &words.event_facts.comparatives,
            &stances.contrasts,
            &stances.concessions,
        ]
    })
});
/// Words for the year before.
static LAST_YEAR: LazyLock<Cues> = LazyLock::new(|| Cues::new(|words| vec![&words.times.last_year]));

/// Phrases of all languages.
struct Cues(PhraseTable<()>);

impl Cues {
    fn new(lists: fn(&LanguageWords) -> Vec<&WordList>) -> Self {
        let mut table = PhraseTable::default();
        let lists = Language::ALL.into_iter().flat_map(|language| lists(language.words()));
        lists.flat_map(WordList::iter).for_each(|phrase| table.add(phrase, ()));
        Self(table)
    }

    fn is_in(&self, text: &str) -> bool {
        let words = Words::new(text);
        (0..words.len()).any(|at| self.0.matches_at(&words, at).next().is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::overview_of;
    use crate::samples::engine_over;

    /// The first lines of a comparison of two events with a recap each, that of the second with this sentence.
    fn first_lines(events: [&str; 2], sentence: &str, question: &str) -> Vec<String> {
        let post = |event: &str, name: &str, sentence: &str| {
            let points: Vec<String> = ["Istio", "Helm", "etcd"]
                .iter()
                .map(|thing| {
                    format!("Most teams of {name} needed months to learn {thing}, because it is complex.")
                })
                .collect();
            let text = format!("{}\n\n{sentence}\n", points.join("\n\n"));
            (
                format!("{name}.md"),
                format!("---\ntitle: {name}\nauthor: {name} Lee\nevent: {event}\n---\n\n{text}"),
            )
        };
        let engine = engine_over(&[post(events[0], "Ada", "It rained."), post(events[1], "Bea", sentence)]);
        let overview = overview_of(&engine, question).expect("an overview");
        overview.excerpts.into_iter().map(|line| line.quote.text).collect()
    }

    #[test]
    fn a_writer_who_compares_two_events_comes_first() {
        for (sentence, is_first) in [
            (
                "The conference was smaller than KubeCon in Copenhagen, but I liked it more than that one.",
                true,
            ),
            ("I found the conference larger than last year, and the venue was the best so far for me.", true),
            (
                "The conference was larger than FOSDEM, but I liked it more than that one for its talks.",
                false,
            ),
            (
                "I found the conference larger than FOSDEM last year, and the venue was better for me too.",
                false,
            ),
        ] {
            let events = ["KubeCon EU 2018", "KubeCon EU 2019"];
            let lines = first_lines(events, sentence, "KubeCon EU 2018 vs KubeCon EU 2019");
            assert_eq!(lines.first().is_some_and(|it| it == sentence), is_first, "{sentence}: {lines:?}");
        }
    }

    #[test]
    fn conferences_of_two_series_are_compared_by_those_who_name_both() {
        let sentence =
            "The conference was calmer than FOSDEM, but I met fewer people there than I had hoped for.";
        let lines =
            first_lines(["FOSDEM 2018", "KubeCon EU 2018"], sentence, "how does FOSDEM differ from KubeCon?");
        assert_eq!(lines.first().map(String::as_str), Some(sentence), "{lines:?}");
    }
}
