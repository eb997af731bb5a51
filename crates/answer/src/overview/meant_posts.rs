//! The posts, or the parts of posts, that a question for a summary or for takeaways means.

use std::collections::HashSet;
use std::sync::Arc;

use super::MIN_POSTS_WITH_THEMES;
use super::days::{day_meant, is_day_number, is_part_word};
use super::lines::posts_of;
use super::on_topic::Topic;
use super::scoped_posts::ScopedPosts;
use super::titled_posts::titled_posts;
use super::topic_text::{follows_topic_preposition, is_of_shape};
use crate::candidates::Candidate;
use crate::concepts::Concept;
use crate::engine::{AnswerError, Engine};
use crate::plan::{QueryPlan, names_thing};
use crate::post_part::PostPart;
use crate::resolve::NameRole;
use takeaways_corpus::events::EventTable;
use takeaways_text::calendar::is_weekday;
use takeaways_text::model::{Post, Shape};
use takeaways_text::tokens::folding::folded_words;
use takeaways_text::tokens::{is_boilerplate, is_stop_word};

/// A title that shares fewer words with a question is not meant by them.
const MIN_SHARED_WORDS: usize = 2;
/// The number of passages whose posts may have a section that is meant.
const MAX_PASSAGES: usize = 32;
/// A heading with fewer words that say something is a topic of many sections.
const MIN_HEADING_WORDS: usize = 3;
/// A heading has as many parts of a question: it may name one of them in several words.
const MIN_NAMED: usize = 2;
/// More sections with such a heading are not meant as such.
const MAX_SECTIONS: usize = 3;
/// A word of so many bytes may be the beginning of a word in the name of a file.
const MIN_PREFIX: usize = 5;

/// Some posts as a whole.
pub(super) fn whole_posts(posts: &[Arc<Post>]) -> Vec<PostPart> {
    posts.iter().map(PostPart::whole).collect()
}

/// The posts that a question for takeaways means: those whose file it names with the word that stands for its writer, and of these
/// or of all those on the day that it names; `None` if it names neither.
fn part_meant(posts: &[Arc<Post>], question: &str, plan: &QueryPlan) -> Option<Vec<PostPart>> {
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

/// The words of a question that say something, without those of its shape (`summary`), of the names of events, which are in many titles,
/// and of authors.
fn words_asked(question: &str, plan: &QueryPlan) -> HashSet<String> {
    let mentions = EventTable::builtin().mentions(question);
    let event_words: HashSet<String> =
        mentions.iter().filter_map(|it| question.get(it.range.clone())).flat_map(folded_words).collect();
    let author_words: HashSet<String> = plan.scope.authors.iter().flat_map(|it| folded_words(it)).collect();
    let of_shape = plan.question.syntax.words.iter().filter(|word| is_of_shape(word, plan));
    let shape_words: HashSet<String> = of_shape.flat_map(|word| folded_words(&word.text)).collect();
    folded_words(question)
        .into_iter()
        .filter(|word| !is_boilerplate(word) && !is_stop_word(word, plan.language))
        .filter(|word| !author_words.contains(word) && !shape_words.contains(word))
        .filter(|word| !event_words.contains(word) && !is_part_word(word) && !is_day_number(word))
        .collect()
}

/// Returns the posts of a scope that a question for a summary means: those on the day that it names, else those of the author
/// or the title that it names, else all of a scope with few posts. `None` if it names neither, and a topic or many posts.
fn posts_meant(posts: &[Arc<Post>], question: &str, plan: &QueryPlan) -> Option<Vec<PostPart>> {
    let asked = words_asked(question, plan);
    let title_words =
        |post: &Arc<Post>| -> HashSet<String> { folded_words(post.display_title()).into_iter().collect() };
    let shared = |post: &Arc<Post>| {
        let title = title_words(post);
        // The name of a file often ends with that of its writer.
        let file = folded_words(&post.id.0);
        let begins = |asked: &String| {
            asked.len() >= MIN_PREFIX && file.iter().any(|word| word.starts_with(asked.as_str()))
        };
        asked.iter().filter(|word| title.contains(*word) || begins(word)).count()
    };
    if let Some(mut of_day) = day_meant(posts, question) {
        let most = of_day.iter().map(|meant| shared(meant.post())).max().unwrap_or_default();
        of_day.retain(|meant| shared(meant.post()) == most);
        return Some(of_day);
    }
    let most = posts.iter().map(shared).max().unwrap_or_default();
    if !plan.scope.authors.is_empty()
        && posts.iter().all(|post| title_words(post).is_disjoint(&asked))
        && plan.concepts.iter().any(|concept| is_topic_within(concept, plan))
    {
        return None; // What the posts say of it is asked for.
    }
    if plan.scope.authors.is_empty() && most < MIN_SHARED_WORDS && posts.len() >= MIN_POSTS_WITH_THEMES {
        return None;
    }
    // Of a scope with one post, that post is meant.
    let is_only_post = plan.names_scope() && posts.len() == 1;
    let is_meant = is_only_post
        || plan.concepts.is_empty()
        || !plan.scope.authors.is_empty()
        || most >= MIN_SHARED_WORDS;
    let meant: Vec<Arc<Post>> = posts.iter().filter(|post| shared(post) == most).cloned().collect();
    (is_meant && !meant.is_empty()).then(|| whole_posts(&meant))
}

/// Whether a question asks for what posts say of a topic: "what did Ann Lee write about Istio?" A common word is no topic: "about her time
/// in Barcelona".
fn is_topic_within(concept: &Concept, plan: &QueryPlan) -> bool {
    let is_topic = !concept.is_known || concept.is_name || names_thing(&concept.text);
    is_topic && follows_topic_preposition(concept, plan)
}

/// The sections of posts whose headings a question has: the title of a talk, for instance. `None` if it has none, or the headings of
/// many. `asked` is the plan with all words of the question, `candidates` what is found for it.
fn sections_meant(asked: &QueryPlan, candidates: &[Candidate]) -> Option<Vec<PostPart>> {
    let topic = Topic::new(&asked.concepts);
    let part = |post: &Arc<Post>| {
        let is_asked = |heading: &str| {
            let (named, all) = topic.words_named(heading, post.language);
            let is_most_of_heading = named >= MIN_HEADING_WORDS && named * 4 >= all * 3;
            let names_event = || EventTable::builtin().mentions(heading).iter().any(|it| it.series.is_some());
            is_most_of_heading
                && topic.count_named_by([heading], post.language) >= MIN_NAMED
                && !names_event()
        };
        PostPart::under(post, is_asked).filter(PostPart::has_points)
    };
    let meant: Vec<PostPart> = posts_of(candidates).filter_map(part).collect();
    (1..=MAX_SECTIONS).contains(&meant.len()).then_some(meant)
}

/// The posts that a question for a summary or for takeaways means, or their parts, which are summed up then; `None` if it means none. `posts` are those of
/// the scope.
pub(super) fn meant_posts(
    engine: &Engine,
    plan: &QueryPlan,
    shape: Shape,
    posts: &[Arc<Post>],
) -> Result<Option<Vec<PostPart>>, AnswerError> {
    let question = &plan.question.syntax.text;
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
pub(super) fn scoped(meant: &[PostPart]) -> ScopedPosts {
    ScopedPosts::only(meant.iter().map(|it| Arc::clone(it.post())).collect())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};
    use super::*;
    use crate::samples::{engine_over, plan, post};

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
        let name = |it: &PostPart| match it.place() {
            Some(part) => format!("{} {:?}", it.post().id, &it.post().body.text[part.clone()]),
            None => it.post().id.0.clone(),
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
            let overview = overview_of(&engine_over(&files), question).expect(question);
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
    fn who_asks_an_author_for_a_topic_gets_what_is_told_of_it() {
        let post = |title: &str, things: [&str; 2]| {
            let points = things.map(|thing| {
                format!("I think that everyone should try {thing} at home, because {thing} costs nothing.")
            });
            let head = format!("title: {title}\nauthor: Ann Lee\nevent: KubeCon EU 2018");
            (format!("{}.md", title.len()), format!("---\n{head}\n---\n\n{}\n", points.join("\n\n")))
        };
        let files = [
            post("Summary of the first day", ["Istio", "Helm"]),
            post("The end", ["etcd", "Flux"]),
            post("Of Linkerd", ["Linkerd", "Istio 2"]),
        ];
        let engine = engine_over(&files);
        let lines = |question: &str| overview_of(&engine, question).map_or(0, |it| it.excerpts.len());
        for (question, expected) in [
            ("summary of what Ann Lee wrote", 6),
            ("summary of what Ann Lee wrote about Istio", 2),
            ("summary of what Ann Lee wrote about Linkerd", 2), // the post
            ("what did Ann Lee write about sourdough?", 0),
            ("what did Ann Lee write about Istio in the post on the end", 2), // the post
        ] {
            assert_eq!(lines(question), expected, "{question}");
        }
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
