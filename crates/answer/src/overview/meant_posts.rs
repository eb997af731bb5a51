//! The posts, or the parts of posts, that a question for a summary or for takeaways means.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::lines::posts_of;
use super::on_topic::Topic;
use super::scoped_posts::ScopedPosts;
use super::titled_posts::titled_posts;
use super::{MIN_POSTS_WITH_THEMES, names_scope};
use crate::candidates::Candidate;
use crate::engine::{AnswerError, Engine};
use crate::plan::QueryPlan;
use crate::resolve::NameRole;
use takeaways_corpus::events::EventTable;
use takeaways_text::calendar::{is_weekday, weekday_from_name};
use takeaways_text::language::{self, WordGroups};
use takeaways_text::model::{EventId, Post, Shape, Span};
use takeaways_text::tokens::folding::{fold, folded_words};
use takeaways_text::tokens::{is_boilerplate, is_stop_word};

/// A title that shares fewer words with a question is not meant by them.
const MIN_SHARED_WORDS: usize = 2;
/// A section with fewer points is not summed up by itself.
const MIN_POINTS: usize = 2;
/// The number of passages whose posts may have a section that is meant.
const MAX_PASSAGES: usize = 32;
/// A heading with fewer words that say something is a topic of many sections.
const MIN_HEADING_WORDS: usize = 3;
/// A heading has as many parts of a question: it may name one of them in several words.
const MIN_NAMED: usize = 2;
/// More sections with such a heading are not meant as such.
const MAX_SECTIONS: usize = 3;
/// A weekday after more words of a heading is not that of the section: "Monthly calls on Tuesday".
const WORDS_BEFORE_DAY: usize = 2;
/// No event has more days.
const MAX_DAYS: usize = 9;
/// A word of so many bytes may be the beginning of a word in the name of a file.
const MIN_PREFIX: usize = 5;

/// A post, or one part of it, that is summed up.
pub(super) struct MeantPost {
    post: Arc<Post>,
    /// The place of the part; `None` for the whole post.
    part: Option<Range<usize>>,
}

impl MeantPost {
    /// The post as a whole.
    pub fn post(&self) -> &Arc<Post> {
        &self.post
    }

    /// Whether it is only a part of the post.
    pub fn is_part(&self) -> bool {
        self.part.is_some()
    }

    /// Whether a place belongs to it.
    pub fn contains(&self, span: Span) -> bool {
        self.part.as_ref().is_none_or(|part| part.start <= span.start() && span.end() <= part.end)
    }

    /// Whether it has enough points to be summed up.
    fn has_points(&self) -> bool {
        let points = self.post.body.points.iter();
        points.filter(|point| self.contains(point.span)).count() >= MIN_POINTS
    }
}

/// Some posts as a whole.
pub(super) fn whole_posts(posts: &[Arc<Post>]) -> Vec<MeantPost> {
    posts.iter().map(|post| MeantPost { post: Arc::clone(post), part: None }).collect()
}

/// The parts of posts on a day that a question names; `None` if it names none or no post has it.
fn day_meant(posts: &[Arc<Post>], question: &str) -> Option<Vec<MeantPost>> {
    let words = folded_words(question);
    let weekday = words.iter().find_map(|word| weekday_from_name(word));
    let meant = if let Some(day) = named_part(&words) {
        parts_of_day(posts, &day)
    } else if weekday.is_some() && are_of_one_event(posts) {
        let mut parts = parts_named(posts, |text| {
            let words = folded_words(text);
            let mut named =
                words.iter().take(WORDS_BEFORE_DAY + 1).filter_map(|word| weekday_from_name(word));
            named.next() == weekday && named.next().is_none()
        });
        parts.retain(MeantPost::has_points);
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

/// The posts that a question for takeaways means: those whose file it names with the word that stands for its writer, and of these
/// or of all those on the day that it names; `None` if it names neither.
fn part_meant(posts: &[Arc<Post>], question: &str, plan: &QueryPlan) -> Option<Vec<MeantPost>> {
    let asked = words_asked(question, plan);
    let names_file = |post: &&Arc<Post>| {
        let title = folded_words(post.display_title());
        let file = folded_words(&post.id.0);
        file.iter().any(|word| word.len() >= MIN_PREFIX && asked.contains(word) && !title.contains(word))
    };
    let named: Vec<Arc<Post>> = posts.iter().filter(names_file).cloned().collect();
    if named.is_empty() || named.len() == posts.len() {
        return day_meant(posts, question);
    }
    day_meant(&named, question).or_else(|| Some(whole_posts(&named)))
}

/// The words of a question that say something, without those of the names of events, which are in many titles, and of authors.
fn words_asked(question: &str, plan: &QueryPlan) -> HashSet<String> {
    let mentions = EventTable::builtin().mentions(question);
    let event_words: HashSet<String> =
        mentions.iter().filter_map(|it| question.get(it.range.clone())).flat_map(folded_words).collect();
    let author_words: HashSet<String> = plan.scope.authors.iter().flat_map(|it| folded_words(it)).collect();
    folded_words(question)
        .into_iter()
        .filter(|word| !is_boilerplate(word) && !is_stop_word(word, plan.language))
        .filter(|word| !author_words.contains(word))
        .filter(|word| !event_words.contains(word) && !is_part_word(word) && !is_day_number(word))
        .collect()
}

/// Whether a question names a numbered part of an event: "day two".
pub(super) fn names_part(question: &str) -> bool {
    named_part(&folded_words(question)).is_some()
}

/// Returns the posts of a scope that a question for a summary means: those on the day that it names, else those of the author
/// or the title that it names, else all of a scope with few posts. `None` if it names neither, and a topic or many posts.
fn posts_meant(posts: &[Arc<Post>], question: &str, plan: &QueryPlan) -> Option<Vec<MeantPost>> {
    let asked = words_asked(question, plan);
    let shared = |post: &Arc<Post>| {
        let title: HashSet<String> = folded_words(post.display_title()).into_iter().collect();
        // The name of a file often ends with that of its writer.
        let file = folded_words(&post.id.0);
        let begins = |asked: &String| {
            asked.len() >= MIN_PREFIX && file.iter().any(|word| word.starts_with(asked.as_str()))
        };
        asked.iter().filter(|word| title.contains(*word) || begins(word)).count()
    };
    if let Some(mut of_day) = day_meant(posts, question) {
        let most = of_day.iter().map(|meant| shared(&meant.post)).max().unwrap_or_default();
        of_day.retain(|meant| shared(&meant.post) == most);
        return Some(of_day);
    }
    let most = posts.iter().map(shared).max().unwrap_or_default();
    if plan.scope.authors.is_empty() && most < MIN_SHARED_WORDS && posts.len() >= MIN_POSTS_WITH_THEMES {
        return None;
    }
    // Of a scope with one post, that post is meant.
    let is_only_post = names_scope(plan) && posts.len() == 1;
    let is_meant = is_only_post
        || plan.concepts.is_empty()
        || !plan.scope.authors.is_empty()
        || most >= MIN_SHARED_WORDS;
    let meant: Vec<Arc<Post>> = posts.iter().filter(|post| shared(post) == most).cloned().collect();
    (is_meant && !meant.is_empty()).then(|| whole_posts(&meant))
}

fn is_day_number(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word is one for a numbered part of an event or post, in any language: `day`, `Tag`.
fn is_part_word(word: &str) -> bool {
    language::all().titles.numbered_parts.iter().any(|part| part.trim() == word)
}

/// The number of the part that words name: `day 2`, `day two`, `the first day`.
fn named_part(words: &[String]) -> Option<String> {
    let counted_in = |groups: &WordGroups<10>, word: &String| {
        let at = groups.iter().position(|group| group.iter().any(|known| fold(known) == *word));
        at.map(|at| (at + 1).to_string())
    };
    let number = |word: &String| {
        let ordinal = || counted_in(&language::all().conversation.ordinals, word);
        is_day_number(word).then(|| word.clone()).or_else(ordinal)
    };
    // "One day" is any.
    let cardinal = |word: &String| counted_in(&language::all().times.numbers, word);
    // "day 2" and "2. Tag"
    words.windows(2).find_map(|pair| match pair {
        [part, other] if is_part_word(part) => number(other).or_else(|| cardinal(other)),
        [other, part] if is_part_word(part) => number(other),
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
    let is_last = |word: &String| language::all().conversation.last.iter().any(|known| fold(known) == *word);
    words.windows(2).any(|pair| matches!(pair, [last, part] if is_last(last) && is_part_word(part)))
}

/// The posts whose titles name a day; else the parts of posts under a heading that does.
fn parts_of_day(posts: &[Arc<Post>], day: &str) -> Vec<MeantPost> {
    // The title may be in another language than the question. "day2", too.
    let is_joined = |word: &String| word.strip_suffix(day).is_some_and(is_part_word);
    // "Day 2 to day 4" is none of them.
    let names_it = |text: &str| {
        let words = folded_words(text);
        let after_part = |pair: &'_ [String]| match pair {
            [part, number] if is_part_word(part) && is_day_number(number) => Some(number.clone()),
            _ => None,
        };
        let mut numbers: Vec<String> = words.windows(2).filter_map(after_part).collect();
        numbers.dedup();
        numbers == [day] || words.iter().any(is_joined)
    };
    parts_named(posts, names_it)
}

/// The posts whose titles name what is wanted; else the parts of posts under a heading that does.
fn parts_named(posts: &[Arc<Post>], names_it: impl Fn(&str) -> bool) -> Vec<MeantPost> {
    let titled: Vec<Arc<Post>> =
        posts.iter().filter(|post| names_it(post.display_title())).cloned().collect();
    if !titled.is_empty() {
        return whole_posts(&titled);
    }
    posts.iter().filter_map(|post| part_under(post, &names_it)).collect()
}

/// The part of a post under the first heading of a kind, with those below it.
fn part_under(post: &Arc<Post>, is_wanted: impl Fn(&str) -> bool) -> Option<MeantPost> {
    let body = &post.body;
    let headings = || body.sections.iter().filter_map(|section| Some((section.level, section.heading?)));
    let (level, start) = headings().find(|(_, heading)| is_wanted(body.slice(*heading)))?;
    let next = headings().filter(|(it, heading)| *it <= level && heading.start() > start.start());
    let end = next.map(|(_, heading)| heading.start()).min().unwrap_or(body.text.len());
    Some(MeantPost { post: Arc::clone(post), part: Some(start.start()..end) })
}

/// The sections of posts whose headings a question has: the title of a talk, for instance. `None` if it has none, or the headings of
/// many. `asked` is the plan with all words of the question, `candidates` what is found for it.
fn sections_meant(asked: &QueryPlan, candidates: &[Candidate]) -> Option<Vec<MeantPost>> {
    let topic = Topic::new(asked);
    let part = |post: &Arc<Post>| {
        let is_asked = |heading: &str| {
            let (named, all) = topic.words_named(heading, post.language);
            let is_most_of_heading = named >= MIN_HEADING_WORDS && named * 4 >= all * 3;
            let names_event = || EventTable::builtin().mentions(heading).iter().any(|it| it.series.is_some());
            is_most_of_heading
                && topic.count_named_by([heading], post.language) >= MIN_NAMED
                && !names_event()
        };
        part_under(post, is_asked).filter(MeantPost::has_points)
    };
    let meant: Vec<MeantPost> = posts_of(candidates).filter_map(part).collect();
    (1..=MAX_SECTIONS).contains(&meant.len()).then_some(meant)
}

/// The posts that a question of a shape means, or their parts, which are summed up then; `None` if it means none. `posts` are those of
/// the scope.
pub(super) fn meant_posts(
    engine: &Engine,
    plan: &QueryPlan,
    shape: Shape,
    posts: &[Arc<Post>],
) -> Result<Option<Vec<MeantPost>>, AnswerError> {
    if !matches!(shape, Shape::Summary | Shape::Takeaways) {
        return Ok(None);
    }
    let question = plan.request.question.text();
    if plan.request.subject.is_none() {
        let titled = titled_posts(engine, plan)?;
        if !titled.is_empty() {
            return Ok(Some(whole_posts(&titled)));
        }
        let asked = engine.plan_again(plan, NameRole::Subject)?;
        if asked.concepts.len() >= MIN_NAMED {
            let candidates = engine.candidates(&asked, MAX_PASSAGES)?;
            let meant = sections_meant(&asked, &candidates);
            if meant.is_some() {
                return Ok(meant);
            }
        }
    }
    Ok(match shape {
        Shape::Summary => posts_meant(posts, question, plan),
        _ if plan.concepts.iter().all(|concept| is_weekday(&concept.text)) => {
            part_meant(posts, question, plan)
        }
        _ => None,
    })
}

/// The posts that are meant.
pub(super) fn scoped(meant: &[MeantPost]) -> ScopedPosts {
    ScopedPosts::new(meant.iter().map(|it| Arc::clone(&it.post)).collect(), meant.len())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of, engine_of_recaps, overview_of};
    use super::*;
    use crate::samples::{plan, post};

    fn meant(question: &str, concepts: &[&str]) -> Vec<String> {
        let day = |at: u8| post(&format!("d{at}"), &format!("# KubeCon EU, day {at}\n\nMany people came.\n"));
        let both = "# Three days in Paris\n\nIt began.\n\n## Day 1\n\nOne.\n\n## Day 3: the end\n\nThree.\n\n## Thursday\n\nMost teams should scan images early, because security costs less then. \
                    Most teams should start without a mesh, because it takes months to learn.\n";
        let posts = [
            day(1),
            day(2),
            post("both", both),
            post("mesh", "# Service meshes compared by the hour\n\nThey differ.\n"),
        ];
        let found = posts_meant(&posts, question, &plan(concepts)).unwrap_or_default();
        let name = |it: &MeantPost| match &it.part {
            Some(part) => format!("{} {:?}", it.post.id, &it.post.body.text[part.clone()]),
            None => it.post.id.0.clone(),
        };
        found.iter().map(name).collect()
    }

    #[test]
    fn a_day_is_a_post_or_a_part_of_one() {
        for day in ["day 2 of KubeCon EU", "day two of KubeCon EU"] {
            assert_eq!(meant(day, &[]), ["d2"], "{day}");
        }
        assert_eq!(meant("Fasse den zweiten Tag der KubeCon EU zusammen", &[]), ["d2"]);
        assert_eq!(
            meant("what happened on day 3?", &["happened"]),
            ["both \"Day 3: the end\\n\\nThree.\\n\\n\""]
        );
        let thursday = meant("what happened on Thursday?", &["happened"]);
        assert!(thursday.len() == 1 && thursday[0].starts_with("both \"Thursday"), "{thursday:?}");
        assert!(meant("what happened on Friday?", &["happened"]).is_empty());
        assert_eq!(meant("sum up the last day", &[]), ["both \"Day 3: the end\\n\\nThree.\\n\\n\""]);
    }

    #[test]
    fn the_name_of_a_file_tells_whose_post_is_meant() {
        let talk = |day: u8, who: &str, thing: &str| {
            let text = format!(
                "Most teams need months to learn {thing}, because it is complex.\n\nI think that everyone should try {thing} at home, because it costs nothing."
            );
            let recap = format!("---\ntitle: KubeCon day {day}\nevent: KubeCon EU 2018\n---\n\n{text}\n");
            (format!("2018-{who}-day{day}.md"), recap)
        };
        let files = [talk(1, "wandrer", "Helm"), talk(2, "wandrer", "Istio"), talk(2, "sagstedt", "etcd")];
        let shown = |question: &str| {
            let overview = overview_of(&engine_of(&files), question).expect(question);
            let mut posts: Vec<String> =
                overview.excerpts.into_iter().map(|line| line.citation.post.0).collect();
            posts.dedup();
            posts
        };
        assert_eq!(
            shown("recap of the last day of KubeCon EU 2018 as wandrer saw it"),
            ["2018-wandrer-day2"]
        );
        assert_eq!(shown("summarise the wandre notes of day 2 of KubeCon EU 2018"), ["2018-wandrer-day2"]);
    }

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
            meant.into_iter().map(|it| it.post.display_title().to_owned()).collect::<Vec<String>>()
        };
        assert_eq!(days(&[("Day 1", eu), ("Day 2", eu)], "the last day"), ["Day 2"]);
        assert_eq!(days(&[("Day 1", eu), ("Day 2", na)], "the last day"), [""; 0]);
        assert_eq!(days(&[("Day 1", eu), ("Day 2 to day 4", eu)], "the last day"), ["Day 1"]);
    }

    #[test]
    fn a_section_is_meant_by_its_heading() {
        let text = "## Free Software Under Attack\n\nAda Lee spoke for an hour about the licences of companies.\n\n\
            Most teams should read the licence first, because it may forbid what they sell.\n\n\
            I think that restrictions are worse than no licence, because nobody knows them all.\n\n\
            ## Other talks\n\nMost teams need months to learn Istio, because it is complex.\n";
        let other = "Free software is better than what most teams had before, because everyone can read it.";
        let engine = engine_of_recaps(&[("Ann", text), ("Bo", other), ("Cy", other)]);
        let overview = overview_of(&engine, "give me the gist of the free software under attack talk");
        let overview = overview.expect("an overview");
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        let expected = [
            "Ada Lee spoke for an hour about the licences of companies.",
            "Most teams should read the licence first, because it may forbid what they sell.",
            "I think that restrictions are worse than no licence, because nobody knows them all.",
        ];
        assert_eq!(lines, expected);
        assert_eq!(overview.posts.posts, 1);
    }

    #[test]
    fn a_title_is_meant_by_its_words() {
        assert_eq!(meant("summarise the post service meshes compared", &["meshes"]), ["mesh"]);
        assert_eq!(meant("summarise what was said about sourdough", &["sourdough"]), [""; 0]);
        // "By the" is in the title, too.
        assert_eq!(meant("sum up the post by the baker", &["baker"]), [""; 0]);
    }
}
