//! Tells whether a section of a post may answer a question about events.

use crate::event_facts::states_event_fact;
use crate::plan::QueryPlan;
use takeaways_corpus::events::{EventMention, EventTable};
use takeaways_text::model::{Event, EventId, Missing, Post, Span};

/// Whether the words at `span` may answer a question. A section under a heading of another event may not, and neither
/// may a post that is about other conferences only. The days of an edition are never told in words on another one.
pub fn may_answer(post: &Post, section: u32, span: Span, plan: &QueryPlan) -> bool {
    let text = post.body.slice(span);
    if !plan.listed.is_empty()
        && (names_only_others(text, &plan.listed) || !states_event_fact(text, plan.answer_type, &plan.listed))
    {
        return false;
    }
    let events = &plan.scope.events;
    if events.is_empty() {
        return matches_series(post, span, &plan.series) && matches_series(post, span, &missing_series(plan));
    }
    post.section_event(section).is_none_or(|event| events.contains(&event.id))
}

/// Whether a section may be about one of these events: its headings name none, one of them, or one in the same city and year, such
/// as the day before. True for no events.
pub(crate) fn may_be_about(post: &Post, section: u32, events: &[EventId]) -> bool {
    let is_wanted = |event: &Event| events.contains(&event.id);
    let is_held_with = |other: &Event| {
        let is_near = |event: &Event| event.city == other.city && event.year == other.year;
        other.city.is_some() && post.events.iter().any(|event| is_wanted(event) && is_near(event))
    };
    events.is_empty()
        || post.section_event(section).is_none_or(|event| is_wanted(event) || is_held_with(event))
}

/// Returns the event under which an excerpt is cited: the event of its section, else the first event of the post that
/// is in the scope, else the main event of the post.
pub fn cited_event<'p>(post: &'p Post, section: u32, scope_events: &[EventId]) -> Option<&'p Event> {
    post.section_event(section)
        .or_else(|| post.events.iter().find(|event| scope_events.contains(&event.id)))
        .or_else(|| post.main_event())
}

/// Whether a candidate mentions one of these events although its post is about another one; true for no events.
/// "KubeCon" and "2018" may be parts of different names in one sentence, so only whole mentions count.
pub fn mentions_any_event(post: &Post, span: Span, events: &[EventId]) -> bool {
    if events.is_empty() {
        return true;
    }
    if post.events.iter().any(|event| events.contains(&event.id)) {
        return false;
    }
    // "KubeCon EU" in a post about that of 2026 is that one.
    let is_own = |mention: &EventMention<'_>| {
        mention.editions.iter().any(|edition| post.events.iter().any(|event| event.id == edition.id))
    };
    let mentions = EventTable::builtin().mentions(post.body.slice(span));
    let mut others = mentions.iter().filter(|mention| !is_own(mention));
    others.any(|mention| mention.editions.iter().any(|edition| events.contains(&edition.id)))
}

/// Whether a text names editions of conferences, and none of these events.
fn names_only_others(text: &str, events: &[Event]) -> bool {
    let mentions = EventTable::builtin().mentions(text);
    let mut named = mentions.iter().flat_map(|mention| &mention.editions).peekable();
    named.peek().is_some() && !named.any(|edition| events.iter().any(|event| event.id == edition.id))
}

/// The conferences that a question names and no post is about. Other posts may mention them.
fn missing_series(plan: &QueryPlan) -> Vec<String> {
    let table = EventTable::builtin();
    let events = plan.missing.iter().filter(|missing| matches!(missing, Missing::Event(_)));
    let mentions = events.flat_map(|missing| table.mentions(missing.words()));
    mentions.filter_map(|mention| mention.series.map(|series| series.name.clone())).collect()
}

/// Whether words of a post may answer a question about these conferences; true for no conferences. A post about others
/// may only if its title or the words mention one of these.
fn matches_series(post: &Post, span: Span, series: &[String]) -> bool {
    let mentions_series = |text: &str| {
        let mentions = EventTable::builtin().mentions(text);
        mentions.iter().filter_map(|mention| mention.series).any(|it| series.contains(&it.name))
    };
    series.is_empty()
        || post.events.is_empty()
        || post.events.iter().any(|event| series.contains(&event.series))
        || mentions_series(post.title.as_deref().unwrap_or_default())
        || mentions_series(post.body.slice(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer_type::AnswerType;
    use crate::samples::{event, plan, post};
    use takeaways_corpus::events::fill_section_events;

    const MARKDOWN: &str = "\
A mesh is young.

# KubeCon NA 2019

San Diego was sunny.

# FOSDEM 2020

KubeCon EU 2019 was warmer than Brussels.
";

    fn id(id: &str) -> EventId {
        EventId(id.into())
    }

    /// A post about several events, with one section for each.
    fn post_about(ids: &[&str]) -> Post {
        let events = ids.iter().map(|id| event(id)).collect();
        let mut post = Post { events, title: None, ..(*post("a", MARKDOWN)).clone() };
        fill_section_events(&mut post.body, &post.events);
        post
    }

    /// The section and the span of the sentence with these words.
    fn sentence(post: &Post, words: &str) -> (u32, Span) {
        let is_wanted = |span: Span| post.body.slice(span).contains(words);
        let sentence = post.body.sentences.iter().find(|sentence| is_wanted(sentence.span)).expect(words);
        (post.body.blocks[sentence.block as usize].section, sentence.span)
    }

    #[test]
    fn a_section_is_about_the_event_of_its_heading() {
        let post = post_about(&["kubecon-na-2019", "fosdem-2020"]);
        for (words, event) in
            [("young", None), ("sunny", Some("kubecon-na-2019")), ("warmer", Some("fosdem-2020"))]
        {
            let (section, _) = sentence(&post, words);
            assert_eq!(post.section_event(section).map(|event| event.id.0.as_str()), event, "{words}");
        }
        let (section, _) = sentence(&post, "warmer");
        assert!(!may_be_about(&post, section, &[id("kubecon-na-2019")]), "FOSDEM is in another city");
        let mut near = post.clone();
        let (city, year) = (near.events[0].city.clone(), near.events[0].year);
        (near.events[1].city, near.events[1].year) = (city, year);
        assert!(may_be_about(&near, section, &[id("kubecon-na-2019")]), "it is held with the other");
        let single = post_about(&["kubecon-na-2019"]);
        assert_eq!(single.section_event(sentence(&single, "warmer").0), None);
    }

    #[test]
    fn the_cited_event_is_that_of_the_section_or_the_scope_or_the_post() {
        let post = post_about(&["kubecon-na-2019", "fosdem-2020"]);
        for (words, scope, event) in [
            ("sunny", vec![id("fosdem-2020")], "kubecon-na-2019"),
            ("young", vec![id("fosdem-2020")], "fosdem-2020"),
            ("young", vec![], "kubecon-na-2019"),
        ] {
            let (section, _) = sentence(&post, words);
            let cited = cited_event(&post, section, &scope).expect("an event");
            assert_eq!(cited.id, id(event), "{words} {scope:?}");
        }
    }

    #[test]
    fn a_section_of_another_event_may_not_answer() {
        let post = post_about(&["kubecon-na-2019", "fosdem-2020"]);
        let mut plan = plan(&["mesh"]);
        plan.scope.events = vec![id("fosdem-2020")];
        for (words, expected) in [("young", true), ("sunny", false), ("warmer", true)] {
            let (section, span) = sentence(&post, words);
            assert_eq!(may_answer(&post, section, span, &plan), expected, "{words}");
        }
    }

    #[test]
    fn a_post_about_other_conferences_may_answer_only_where_it_mentions_the_one() {
        let post = post_about(&["fosdem-2020"]);
        let kubecon = event("kubecon-na-2019");
        let mut plan = plan(&["mesh"]);
        let (section, young) = sentence(&post, "young");
        let (_, warmer) = sentence(&post, "warmer");
        assert!(may_answer(&post, section, young, &plan), "no conference is named");
        plan.series = vec![kubecon.series.clone()];
        assert!(!may_answer(&post, section, young, &plan));
        assert!(may_answer(&post, section, warmer, &plan));
        let missing = |name: &str| vec![Missing::Event(name.into())];
        for (name, expected) in [("KubeCon 2030", [false, true]), ("Microsoft Build 2023", [false, false])] {
            let plan = QueryPlan { series: Vec::new(), missing: missing(name), ..plan.clone() };
            assert_eq!(
                [young, warmer].map(|span| may_answer(&post, section, span, &plan)),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn the_days_of_an_edition_are_not_told_in_words_on_another() {
        let post = post_about(&["kubecon-na-2019", "fosdem-2020"]);
        let (section, span) = sentence(&post, "warmer");
        for (listed, expected) in [("kubecon-eu-2019", true), ("kubecon-na-2019", false)] {
            let plan = QueryPlan { listed: vec![event(listed)], ..plan(&["warmer"]) };
            assert_eq!(may_answer(&post, section, span, &plan), expected, "{listed}");
            let plan = QueryPlan { answer_type: AnswerType::When, ..plan };
            assert!(!may_answer(&post, section, span, &plan), "no month");
        }
    }

    #[test]
    fn only_whole_mentions_in_posts_about_others_count() {
        let post = post_about(&["fosdem-2020"]);
        let (_, warmer) = sentence(&post, "warmer");
        for (events, expected) in [
            (vec![], true),
            (vec![id("kubecon-eu-2019")], true),
            (vec![id("kubecon-na-2019")], false),
            (vec![id("fosdem-2020"), id("kubecon-eu-2019")], false),
        ] {
            assert_eq!(mentions_any_event(&post, warmer, &events), expected, "{events:?}");
        }
        // Without a year, it is the one that the post is about.
        let text = "KubeCon EU was warm.";
        let whole = Span::new(text, 0..text.len()).expect("a span");
        for (own, expected) in [("fosdem-2020", true), ("kubecon-eu-2018", false)] {
            let post = Post { body: crate::samples::post("b", text).body.clone(), ..post_about(&[own]) };
            assert_eq!(mentions_any_event(&post, whole, &[id("kubecon-eu-2019")]), expected, "{own}");
        }
    }
}
