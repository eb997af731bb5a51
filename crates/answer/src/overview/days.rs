//! The day of an event that a question names: `what happened on day 2?`, `which talks were on the last day?`

use std::collections::HashSet;
use std::sync::Arc;

use super::scoped_posts::ScopedPosts;
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    post_part::PostPart,
};
use takeaways_text::calendar::weekday_from_name;
use takeaways_text::language::{self, WordGroups};
use takeaways_text::model::{BlockKind, EventId, Post, QuestionShape, Shape};
use takeaways_text::tokens::folding::folded_words;

/// A weekday after more words of a heading is not that of the section: "Monthly calls on Tuesday".
const WORDS_BEFORE_DAY: usize = 2;
/// The number of the first day.
const FIRST_DAY: &str = "1";
/// No event has more days.
const MAX_DAYS: usize = 9;
/// A paragraph with more words is no heading of a list.
const MAX_WORDS_OF_INTRODUCTION: usize = 4;

/// The parts of posts on a day that a question names; `None` if it names none or no post has it.
pub(super) fn day_meant(posts: &[Arc<Post>], question: &str) -> Option<Vec<PostPart>> {
    let words = folded_words(question);
    let weekday = words.iter().find_map(|word| weekday_from_name(word));
    let meant = if let Some(day) = named_parts(&words).next() {
        parts_of_day(posts, &day)
    } else if weekday.is_some() && are_of_one_event(posts) {
        let mut parts = parts_named(posts, |text| {
            let words = folded_words(text);
            let mut named =
                words.iter().take(WORDS_BEFORE_DAY + 1).filter_map(|word| weekday_from_name(word));
            named.next() == weekday && named.next().is_none()
        });
        parts.retain(PostPart::has_points);
        parts
    } else if names_last_part(&words) && are_of_one_event(posts) {
        // Events do not end on one day.
        let mut days = (1..=MAX_DAYS).rev().map(|day| parts_of_day(posts, &day.to_string()));
        days.find(|parts| !parts.is_empty()).unwrap_or_default()
    } else {
        Vec::new()
    };
    Some(meant).filter(|meant| !meant.is_empty())
}

/// Whether a question names a numbered part of an event: "day two".
pub(super) fn names_part(question: &str) -> bool {
    named_parts(&folded_words(question)).next().is_some()
}

pub(super) fn is_day_number(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word is one for a numbered part of an event or post, in any language: `day`, `Tag`.
pub(super) fn is_part_word(word: &str) -> bool {
    language::all().titles.numbered_parts.iter().any(|part| part.trim() == word)
}

/// The number that a word stands for: `2`, `2nd`, `second`; `None` for another word.
fn number_of(word: &str) -> Option<String> {
    let is_number = is_day_number(word);
    is_number.then(|| word.to_owned()).or_else(|| position_in(&language::all().conversation.ordinals, word))
}

/// The number that a word before one for a part stands for: the `2.` of `2. Tag`, the `opening` of `opening day`.
fn number_before_part(word: &str) -> Option<String> {
    let is_first = || language::all().titles.first_parts.contains_folded(word);
    number_of(word).or_else(|| is_first().then(|| FIRST_DAY.to_owned()))
}

/// The position of the group with a word, from one.
fn position_in(groups: &WordGroups<10>, word: &str) -> Option<String> {
    groups.position_folded(word).map(|at| (at + 1).to_string())
}

/// The numbers of the parts that words name: `day 2`, `day two`, `the first day`.
fn named_parts(words: &[String]) -> impl Iterator<Item = String> {
    // "One day" is any.
    let cardinal = |word: &String| position_in(&language::all().times.numbers, word);
    // "day 2" and "2. Tag"
    words.windows(2).filter_map(move |pair| match pair {
        [part, other] if is_part_word(part) => number_of(other).or_else(|| cardinal(other)),
        [other, part] if is_part_word(part) => number_before_part(other),
        _ => None,
    })
}

/// Whether all posts that are on an event are on the same one.
fn are_of_one_event(posts: &[Arc<Post>]) -> bool {
    let events: HashSet<&EventId> = posts.iter().filter_map(|post| Some(&post.main_event()?.id)).collect();
    events.len() == 1
}

/// Whether words name the last numbered part: `the last day`.
fn names_last_part(words: &[String]) -> bool {
    words.windows(2).any(|pair| matches!(pair, [last, part] if is_last(last) && is_part_word(part)))
}

fn is_last(word: &str) -> bool {
    let all = language::all();
    [&all.conversation.last, &all.titles.last_parts].iter().any(|list| list.contains_folded(word))
}

/// The posts whose titles name a day; else the parts of posts under a heading that does.
fn parts_of_day(posts: &[Arc<Post>], day: &str) -> Vec<PostPart> {
    parts_named(posts, |text| is_of_day(text, day))
}

/// Whether a text names a day, and no other: "Day 2 to day 4" is none of them.
fn is_of_day(text: &str, day: &str) -> bool {
    // The title may be in another language than the question. "day2", too.
    let is_joined = |word: &String| word.strip_suffix(day).is_some_and(is_part_word);
    let words = folded_words(text);
    let mut numbers: Vec<String> = named_parts(&words).collect();
    numbers.dedup();
    numbers == [day] || words.iter().any(is_joined)
}

/// The posts whose titles name what is wanted; else the parts of posts under a heading that does.
fn parts_named(posts: &[Arc<Post>], names_it: impl Fn(&str) -> bool) -> Vec<PostPart> {
    let titled: Vec<PostPart> =
        posts.iter().filter(|post| names_it(post.display_title())).map(PostPart::whole).collect();
    if !titled.is_empty() {
        return titled;
    }
    posts.iter().filter_map(|post| PostPart::under(post, &names_it)).collect()
}

/// The list of each post under a short paragraph that names the day that a question names: `Day 2:`.
fn lists_of_day(posts: &[Arc<Post>], question: &str) -> Vec<PostPart> {
    let Some(day) = named_parts(&folded_words(question)).next() else { return Vec::new() };
    posts.iter().filter_map(|post| list_of_day(post, &day)).collect()
}

fn list_of_day(post: &Arc<Post>, day: &str) -> Option<PostPart> {
    let body = &post.body;
    let is_short = |text: &str| text.split_whitespace().nth(MAX_WORDS_OF_INTRODUCTION).is_none();
    let introduces = |text: &str| is_short(text) && is_of_day(text, day);
    let introductions =
        body.blocks.iter().enumerate().filter(|(_, block)| block.kind == BlockKind::Paragraph);
    introductions.filter(|(_, block)| introduces(body.slice(block.span))).find_map(|(at, block)| {
        let items = body.blocks.get(at + 1..)?.iter().take_while(|block| block.kind == BlockKind::ListItem);
        Some(PostPart::new(post, block.span.start()..items.last()?.span.end()))
    })
}

/// The plan for what was told of the day of an event that a question names beside a topic or the kind of a list: `which talks were on
/// day 2?`, `what was said of security on day 2?` `None` if it names none, or no post tells of it by itself. Who asks for a day as a whole
/// wants a summary.
pub(super) fn within_day(
    engine: &Engine,
    plan: &QueryPlan,
    question: &QuestionShape,
) -> Result<Option<QueryPlan>, AnswerError> {
    let is_of_one_event = plan.scope.events.len() == 1 && plan.parts.is_empty();
    let syntax = &plan.question.syntax;
    if !is_of_one_event
        || !names_one_day(&syntax.text)
        || question.asks_for_posts()
        || question.asks_for_events()
    {
        return Ok(None);
    }
    let mut of_day = plan.clone();
    of_day.concepts.retain(|concept| !says_day(concept));
    let has_topic = match question.shape {
        Shape::List | Shape::Opinions | Shape::Advice => true,
        Shape::Summary | Shape::Takeaways => of_day.names_a_topic(),
        Shape::Fact | Shape::Comparison | Shape::Trend | Shape::Count => false,
    };
    if !has_topic {
        return Ok(None);
    }
    let posts = ScopedPosts::read(engine.index(), plan)?.posts;
    let parts = day_meant(&posts, &syntax.text).unwrap_or_else(|| lists_of_day(&posts, &syntax.text));
    if parts.is_empty() {
        return Ok(None);
    }
    let request = Arc::make_mut(&mut of_day.request);
    request.posts = parts.iter().map(|part| part.post().id.clone()).collect();
    of_day.parts = parts;
    Ok(Some(of_day))
}

/// Whether a question for no overview asks for all that was told of a day of an event: "how was day 2 of KubeCon?", "KubeCon 2018, the last
/// day".
pub(super) fn asks_for_whole_day(engine: &Engine, plan: &QueryPlan) -> Result<bool, AnswerError> {
    let says_nothing_else = |concept: &Concept| says_day(concept) || concept.is_weak();
    let is_asked = plan.scope.events.len() == 1
        && matches!(plan.answer_type, AnswerType::Anything | AnswerType::Impression)
        && names_one_day(&plan.question.syntax.text)
        && plan.concepts.iter().all(says_nothing_else);
    if !is_asked {
        return Ok(false);
    }
    let posts = ScopedPosts::read(engine.index(), plan)?.posts;
    Ok(day_meant(&posts, &plan.question.syntax.text).is_some())
}

/// Whether a question names one day of an event: by its number, by the weekday, or as the last one.
fn names_one_day(question: &str) -> bool {
    let words = folded_words(question);
    let numbers: HashSet<String> = named_parts(&words).collect();
    let weekdays: HashSet<_> = words.iter().filter_map(|word| weekday_from_name(word)).collect();
    numbers.len() + weekdays.len() + usize::from(names_last_part(&words)) == 1
}

/// Whether a concept only says which day is meant.
fn says_day(concept: &Concept) -> bool {
    let is_word = |word: &String| {
        is_part_word(word)
            || is_day_number(word)
            || is_last(word)
            || weekday_from_name(word).is_some()
            || number_before_part(word).is_some()
    };
    let words = folded_words(&concept.text);
    !words.is_empty() && words.iter().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::super::tests::overview_of;
    use super::*;
    use crate::samples::{engine_over, post};
    use takeaways_text::model::{Excerpt, Overview};

    #[test]
    fn the_last_day_is_that_of_one_event_and_no_range() {
        let talk = |title: &str, event: &str| {
            let text = "Most teams need months to learn Istio, because it is complex.";
            format!("---\ntitle: {title}\nevent: {event}\n---\n\n{text}\n")
        };
        let (eu, na) = ("KubeCon EU 2018", "KubeCon NA 2019");
        let days = |recaps: &[(&str, &str)], day: &str| {
            let posts: Vec<Arc<Post>> =
                recaps.iter().map(|(title, event)| post(title, &talk(title, event))).collect();
            let meant = day_meant(&posts, day).unwrap_or_default();
            meant.into_iter().map(|it| it.post().display_title().to_owned()).collect::<Vec<String>>()
        };
        assert_eq!(days(&[("Day 1", eu), ("Day 2", eu)], "the last day"), ["Day 2"]);
        assert_eq!(days(&[("Day 1", eu), ("Day 2", na)], "the last day"), [""; 0]);
        assert_eq!(days(&[("Day 1", eu), ("Day 2 to day 4", eu)], "the last day"), ["Day 1"]);
    }

    /// The beginnings of the lines of an overview, and of the headings above them.
    fn shown(overview: &Overview) -> Vec<String> {
        let texts = |line: &Excerpt| {
            let texts = line.lead_in.iter().chain([&line.quote]).map(|quote| quote.text.clone());
            texts.collect::<Vec<String>>()
        };
        overview.excerpts.iter().flat_map(texts).collect()
    }

    fn recap(title: &str, text: &str) -> (String, String) {
        (format!("{title}.md"), format!("---\ntitle: {title}\nevent: KubeCon EU 2018\n---\n\n{text}\n"))
    }

    #[test]
    fn a_day_that_is_named_beside_a_topic_limits_where_it_is_looked_for() {
        let talk = |title: &str, speaker: &str, thing: &str| {
            format!(
                "## {title} - {speaker}, Acme\n\nMost teams need months to learn {thing}, because it is complex.\n\n"
            )
        };
        let of_day = |at: &str| {
            talk(&format!("Meshes {at}"), "Robert Oakley", "Istio")
                + &talk(&format!("Charts {at}"), "Sarah Lind", "Helm")
        };
        let engine = engine_over(&[
            recap("KubeCon, day 1", &of_day("in the morning")),
            recap("KubeCon, day 2", &of_day("in the evening")),
            recap(
                "Two days",
                &format!("# Day one\n\n{}# Day two\n\n{}", of_day("at noon"), of_day("at night")),
            ),
        ]);
        for question in [
            "which talks were there on day 2 of KubeCon EU 2018?",
            "which talks were there on the 2nd day of KubeCon EU 2018?",
            "which talks were there on the last day of KubeCon EU 2018?",
            "what was said about Istio on day two of KubeCon EU 2018?",
        ] {
            let overview = overview_of(&engine, question).expect(question);
            let posts: HashSet<&str> =
                overview.excerpts.iter().map(|line| line.citation.title.as_str()).collect();
            assert_eq!(posts, HashSet::from(["KubeCon, day 2"]), "{question}: {overview:?}");
        }
        let both = overview_of(&engine, "which talks were there on day 1 and on day 2 of KubeCon EU 2018?");
        let both = both.expect("an overview");
        assert!(both.excerpts.iter().any(|line| line.citation.title == "KubeCon, day 1"), "{both:?}");
    }

    #[test]
    fn who_names_nothing_but_a_day_wants_to_hear_of_all_of_it() {
        let text =
            |thing: &str| format!("Most teams need months to learn {thing}, because it is complex.\n\n");
        let engine = engine_over(&[
            recap("KubeCon, day 1", &(text("Istio") + &text("Linkerd"))),
            recap("KubeCon, day 2", &(text("Helm") + &text("Flux"))),
        ]);
        for question in [
            "how was day 2 of KubeCon EU 2018?",
            "KubeCon EU 2018 day 2",
            "what was the second day like at KubeCon EU 2018?",
            "what happened on the closing day of KubeCon EU 2018?",
        ] {
            let overview = overview_of(&engine, question).expect(question);
            assert_eq!(overview.shape, Shape::Summary, "{question}");
            let lines = shown(&overview).concat();
            assert!(lines.contains("Helm") && !lines.contains("Istio"), "{question}: {lines}");
        }
        let number = overview_of(&engine, "how many people came on day 2 of KubeCon EU 2018?");
        assert_eq!(number, None);
    }

    #[test]
    fn a_short_paragraph_may_name_the_day_of_a_list() {
        let list = "Day 1:\n\n- Meshes at Home - Robert Oakley\n- Charts for All - Sarah Lind\n\n\
            Day 2:\n\n- The Last Pod - Peter Lind (video) (slides)\n- Nodes We Lost - Laura Oakley\n- Why we scale - Ann Lee\n\n\
            The party was good.";
        let engine = engine_over(&[recap("A recap", list)]);
        let overview = overview_of(&engine, "which talks were there on day 2 of KubeCon EU 2018?");
        let expected = [
            "The Last Pod - Peter Lind (video) (slides)",
            "Nodes We Lost - Laura Oakley",
            "Why we scale - Ann Lee",
        ];
        assert_eq!(shown(&overview.expect("an overview")), expected);
    }
}
