//! The lines of a comparison in which somebody who was at one event compares it with another one.

use std::sync::LazyLock;

use super::advice::is_about_content;
use super::lines::{Line, is_short_enough, points_of_posts, sort_best_first};
use super::on_topic::Topic;
use super::sides::Side;
use super::trend::year_of;
use super::weak_lines::is_readable;
use crate::{attendance::attendance_of_event, find_name::matches_mention};
use takeaways_corpus::events::{EventMention, EventTable};
use takeaways_text::language::WordList;
use takeaways_text::model::{Event, Language, Post};
use takeaways_text::phrases::PhrasesByLanguage;
use takeaways_text::tokens::is_stop_word;

/// The points about events in the posts of each side that compare its event with another side, the best first.
pub(super) fn lines_comparing(sides: &[Side], asked: Language) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (at, own) in sides.iter().enumerate() {
        let others = sides.iter().enumerate().filter(|(other, _)| *other != at);
        let others: Vec<OtherSide<'_>> = others.map(|(_, side)| OtherSide::new(side, own)).collect();
        lines.extend(points_of_posts(&own.scoped.posts, &own.plan).into_iter().filter(|line| {
            line.kind.is_about_event
                && is_short_enough(line.text())
                && is_readable(line, asked)
                && others.iter().any(|other| other.is_compared_in(line))
        }));
    }
    sort_best_first(&mut lines);
    lines
}

/// A side, as the posts of another one name it.
struct OtherSide<'s> {
    side: &'s Side,
    /// The side whose posts are read.
    own: &'s Side,
    /// What the side is, if it is neither an event nor a conference.
    topic: Option<Topic<'s>>,
}

impl<'s> OtherSide<'s> {
    fn new(side: &'s Side, own: &'s Side) -> Self {
        let is_event = !side.plan.events.is_empty() || !side.plan.series.is_empty();
        let topic = (!is_event && !side.plan.concepts.is_empty()).then(|| Topic::new(&side.plan.concepts));
        Self { side, own, topic }
    }

    /// Whether a line in a post of the own side names this side and compares.
    fn is_compared_in(&self, line: &Line) -> bool {
        let (text, post) = (line.text(), &line.post);
        let is_named = || match &self.topic {
            Some(topic) => topic.is_named_by([text], post.language),
            None => self.is_named_in(text, post),
        };
        if COMPARING.are_in(text, post.language) && is_named() {
            return true;
        }
        if !self.is_year_before(post) || !LAST_YEAR.are_in(text, post.language) {
            return false;
        }
        // "Last year" may be that of another conference, and of something else that the line tells of; not where it counts people.
        let is_of_post =
            |mention: &EventMention<'_>| post.events.iter().any(|it| matches_mention(it, mention));
        EventTable::builtin().mentions(text).iter().all(is_of_post)
            && (!is_about_content(line) || attendance_of_event(text, year_of(post)).is_some())
    }

    /// Whether a text of a post names the events of this side and none of the own side.
    fn is_named_in(&self, text: &str, post: &Post) -> bool {
        EventTable::builtin()
            .mentions(text)
            .iter()
            .any(|mention| is_named_by(self.side, mention, post) && !is_named_by(self.own, mention, post))
    }

    /// Whether it is the edition of the year before that of a post.
    fn is_year_before(&self, post: &Post) -> bool {
        let Some((own, year)) = post.main_event().and_then(|own| Some((own, own.year?))) else {
            return false;
        };
        self.side.plan.events.iter().any(|event| {
            event.series == own.series && event.region == own.region && event.year == Some(year - 1)
        })
    }
}

/// Whether a mention in a post may mean an event of a side. A place alone means an edition of the post's own conference there that
/// was not later.
fn is_named_by(side: &Side, mention: &EventMention<'_>, post: &Post) -> bool {
    let is_nearest = |event: &Event| {
        mention.series.is_some()
            || post.main_event().is_some_and(|own| own.series == event.series && event.year <= own.year)
    };
    let is_of_series = mention.series.is_some_and(|series| side.plan.series.contains(&series.name));
    is_of_series || side.plan.events.iter().any(|event| is_nearest(event) && matches_mention(event, mention))
}

/// Words that compare: "unlike", "than", "smaller". What is only "more" need not be compared.
static COMPARING: LazyLock<PhrasesByLanguage> = LazyLock::new(|| {
    PhrasesByLanguage::new(|language| {
        let words = language.words();
        let comparatives = words.event_facts.comparatives.iter().filter(|word| !is_stop_word(word, language));
        words.events.compares.iter().chain(comparatives).collect()
    })
});
/// Words for the year before.
static LAST_YEAR: LazyLock<PhrasesByLanguage> = LazyLock::new(|| {
    PhrasesByLanguage::new(|language| WordList::iter(&language.words().times.last_year).collect())
});

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
