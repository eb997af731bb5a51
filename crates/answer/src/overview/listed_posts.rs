//! The posts that a question asks for, or of which it asks who wrote them: `who wrote about FOSDEM?`

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::lines::{Line, is_in_scope, is_short_enough, points_of_posts, sort_best_first};
use super::lists::lines_naming;
use super::on_topic::Topic;
use super::picked_lines::author_key;
use super::scoped_posts::ScopedPosts;
use super::several::posts_naming_any;
use super::topic_line::MIN_CHARS;
use super::weak_lines::{is_readable, put_takeaways_first};
use super::{DraftGroup, all_of, drafts::Drafts, first_groups};
use crate::{
    answer_type::AnswerType,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    question_syntax::QuestionWord,
};
use takeaways_corpus::points::width;
use takeaways_text::model::{BlockKind, GroupTitle, Post, PostId};

/// The groups of a list of posts, one for each. Counts the posts that are listed.
pub(super) fn groups(
    engine: &Engine,
    plan: &QueryPlan,
    scoped: &mut ScopedPosts,
) -> Result<Drafts, AnswerError> {
    let group = |line: &Line| {
        let title = GroupTitle::Post(line.post.display_title().to_owned());
        DraftGroup::new(title, all_of(1), vec![line.clone()])
    };
    let all = lines(engine, plan, scoped)?;
    Ok(Drafts::new(first_groups(all.iter().map(group).collect()), all))
}

/// The best line of each post of a scope, those that can be read first, then the newest first; if the question has a topic, of each post that names it, the best first.
/// A question for the writers has a line of each.
fn lines(engine: &Engine, plan: &QueryPlan, scoped: &mut ScopedPosts) -> Result<Vec<Line>, AnswerError> {
    let negations = &plan.language.words().stances.negations;
    let negates = |word: &QuestionWord| negations.has_word(&word.text);
    if plan.question.syntax.words.iter().any(negates) {
        // "Which posts mention Istio but not Linkerd?" asks for others than those that name both.
        return Ok(Vec::new());
    }
    let lines = if plan.concepts.is_empty() {
        let mut lines = points_of_posts(&scoped.posts, plan);
        put_takeaways_first(&mut lines);
        let mut lines = one_of_each_post(lines, plan.request.limits.line.into());
        lines.sort_by_key(|line| (!is_readable(line, plan.language), Reverse(line.post.date)));
        lines
    } else {
        let index = engine.index();
        let naming = posts_naming_any(index, plan)?;
        *scoped = ScopedPosts::read_naming(index, plan, naming, scoped.count.of)?;
        one_of_each_post(lines_on_topic(engine, plan, &scoped.posts)?, plan.request.limits.line.into())
    };
    if plan.answer_type != AnswerType::Who {
        return Ok(lines);
    }
    // A post that names nobody tells least of who wrote it.
    let (named, others): (Vec<Line>, Vec<Line>) =
        lines.into_iter().partition(|line| !line.post.authors.is_empty());
    let mut authors = HashSet::new();
    let mut lines = named;
    lines.retain(|line| authors.insert(author_key(&line.post)));
    lines.extend(others);
    Ok(lines)
}

/// The best line of each post that is short enough, else its best one.
fn one_of_each_post(mut lines: Vec<Line>, max_width: f32) -> Vec<Line> {
    let mut places: HashMap<PostId, usize> = HashMap::new();
    for line in &lines {
        let next = places.len();
        places.entry(line.post.id.clone()).or_insert(next);
    }
    lines.sort_by_key(|line| places.get(&line.post.id).copied());
    let posts = lines.chunk_by(|a, b| a.post.id == b.post.id);
    let one = |lines: &[Line]| {
        let short = lines.iter().find(|line| width(line.text()) <= max_width);
        short.or(lines.first()).cloned()
    };
    posts.filter_map(one).collect()
}

/// Adds a line of each post that has none yet, though it names the topic of a plan: its first sentence that does so, else its best
/// point if a heading or the title does.
pub(super) fn add_mentions(lines: &mut Vec<Line>, posts: &[Arc<Post>], plan: &QueryPlan) {
    let topic = Topic::new(&plan.concepts);
    let with_line: HashSet<PostId> = lines.iter().map(|line| line.post.id.clone()).collect();
    let without = posts.iter().filter(|post| !with_line.contains(&post.id));
    lines.extend(without.filter_map(|post| {
        let body = &post.body;
        let headings = body.sections.iter().filter_map(|section| section.heading);
        let mut titles = headings.map(|heading| body.slice(heading)).chain(post.title.as_deref());
        let mut is_titled = || titles.any(|title| topic.is_named_by([title], post.language));
        let best = || points_of_posts(std::slice::from_ref(post), plan).into_iter().next();
        mention(post, &topic, plan).or_else(|| is_titled().then(best).flatten())
    }));
}

/// The first sentence of a post that names the topic and fits into a line, best one that says something.
fn mention(post: &Arc<Post>, topic: &Topic<'_>, plan: &QueryPlan) -> Option<Line> {
    let body = &post.body;
    let is_text = |block: u32| {
        let block = body.blocks.get(block as usize);
        block.is_some_and(|it| {
            matches!(it.kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote)
        })
    };
    let sentences = body.sentences.iter().filter(|sentence| is_text(sentence.block));
    let short = sentences.filter(|sentence| is_short_enough(body.slice(sentence.span)));
    let naming = short.filter_map(|sentence| {
        let marks = topic.marks_of(post, sentence.span);
        let line = Line { marks, ..Line::at(post, sentence.span) };
        (!line.marks.is_empty() && is_in_scope(post, line.section, line.span, plan)).then_some(line)
    });
    naming.min_by_key(|line| line.text().chars().count() < MIN_CHARS)
}

/// The lines of some posts that name the topic of a plan, the best first; if none does, all their points.
fn lines_on_topic(engine: &Engine, plan: &QueryPlan, posts: &[Arc<Post>]) -> Result<Vec<Line>, AnswerError> {
    let ids: HashSet<&PostId> = posts.iter().map(|post| &post.id).collect();
    let mut lines = lines_naming(engine, plan, posts)?;
    lines.retain(|line| ids.contains(&line.post.id));
    if lines.is_empty() {
        lines = points_of_posts(posts, plan);
    }
    sort_best_first(&mut lines);
    add_mentions(&mut lines, posts, plan);
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};
    use super::*;
    use crate::{
        excerpt_place::ExcerptPlace,
        samples::{post, request},
    };
    use takeaways_text::model::Shape;

    #[test]
    fn who_asks_for_posts_gets_each_once_with_its_best_line() {
        let engine = engine_of_recaps(&[
            (
                "Ada",
                "Most teams should learn Istio first, because it is harder than it seems.\n\n\
                 I think that Istio needs months, because nobody knows all of it.\n\nThanks to all who came.",
            ),
            ("Bea", "For me the keynotes were the best part, because they were short."),
            ("Cem", "Istio was everywhere, and most people should try it at home."),
        ]);
        for (question, expected) in [
            ("who wrote about KubeCon EU 2018?", ["Ada", "Bea", "Cem"].as_slice()),
            ("which posts are about KubeCon EU 2018?", &["Ada", "Bea", "Cem"]),
            ("which recaps mention Istio?", &["Ada", "Cem"]),
            ("show me all posts that deal with Istio", &["Ada", "Cem"]),
            ("wer hat über Istio geschrieben?", &["Ada", "Cem"]),
        ] {
            let overview = overview_of(&engine, question).expect(question);
            assert_sound(&overview);
            assert_eq!((overview.shape, overview.groups.len()), (Shape::List, expected.len()), "{question}");
            let mut authors: Vec<String> =
                overview.excerpts.iter().filter_map(|line| line.citation.author.clone()).collect();
            authors.sort();
            assert_eq!(authors, expected, "{question}");
            let is_post = |title: &GroupTitle| matches!(title, GroupTitle::Post(_));
            assert!(overview.groups.iter().all(|group| is_post(&group.title)), "{question}");
        }
    }

    #[test]
    fn who_wrote_something_else_is_no_question_for_posts() {
        let engine = engine_of_recaps(&[
            ("Ada", "Most teams should learn Istio first, because it is harder than it seems."),
            ("Bea", "I think that Istio and Linkerd are harder than they seem, because nobody knows them."),
        ]);
        for question in [
            "who wrote an operator for Istio?",
            "who wrote code on stage?",
            "Wer hat die Bibliothek von Istio geschrieben?",
            "¿Quién ha ganado el premio de Istio?",
            "qui a écrit un opérateur pour Istio ?",
            "quem escreveu a biblioteca do Istio?",
            "which posts mention Istio but not Linkerd?",
        ] {
            let overview = overview_of(&engine, question);
            let is_of_posts = overview.is_some_and(|overview| {
                overview.groups.iter().any(|group| matches!(group.title, GroupTitle::Post(_)))
            });
            assert!(!is_of_posts, "{question}");
        }
    }

    #[test]
    fn each_recap_that_names_the_topic_is_listed() {
        let engine = engine_of_recaps(&[
            ("Ada", "Most teams should learn Istio first, because it is harder than it seems."),
            ("Bea", "The dinner was late. Istio and the band came later. Thanks to all who came."),
            ("Cem", "Istio was everywhere, and most people should try it at home."),
            ("Dee", "For me the keynotes were the best part, because they were short."),
            ("Eve", "Thanks to Istio for the coffee."),
            ("Gil", "## Istio\n\nMost teams should learn it first, because it is harder than it seems."),
            ("Fay", "I think that Istio needs months, because nobody knows all of it."),
        ]);
        let overview = overview_of(&engine, "which recaps mention Istio?").expect("a list");
        assert_sound(&overview);
        assert_eq!((overview.posts.posts, overview.groups.len(), overview.further), (6, 6, 0));
    }

    #[test]
    fn of_each_recap_a_short_line_is_listed_if_there_is_one() {
        let words = |count: usize| format!("{}.", vec!["mesh"; count].join(" "));
        let one = post("a", &format!("{}\n\n{}\n\n{}\n", words(30), words(20), words(10)));
        let other = post("b", &format!("{}\n\n{}\n", words(30), words(25)));
        let lines = |post: &Arc<Post>| -> Vec<Line> {
            post.body.blocks.iter().map(|block| Line::at(post, block.span)).collect()
        };
        let all = [lines(&other), lines(&one)].concat();
        let shown = |max_width: f32| -> Vec<usize> {
            let lines = one_of_each_post(all.clone(), max_width);
            lines.iter().map(|line| line.text().split(' ').count()).collect()
        };
        assert_eq!(shown(f32::INFINITY), [30, 30]);
        assert_eq!(shown(60.0), [30, 10]);
    }

    #[test]
    fn a_long_list_of_posts_says_how_many_more_there_are() {
        let recaps: Vec<(String, String)> = (0..13)
            .map(|at| {
                let text = format!(
                    "Most teams should learn Istio in {at} months, because it is complex in {at} ways."
                );
                (format!("Ada{at} Lee{at}"), text)
            })
            .collect();
        let recaps: Vec<(&str, &str)> =
            recaps.iter().map(|(author, text)| (author.as_str(), text.as_str())).collect();
        let engine = engine_of_recaps(&recaps);
        let question = request("who wrote about KubeCon EU 2018?");
        let overview = overview_of(&engine, question.question.text()).expect("a list");
        assert_eq!((overview.groups.len(), overview.further, overview.authors.named), (10, 3, 13));
        let shown: Vec<ExcerptPlace> = overview.excerpts.iter().map(ExcerptPlace::from).collect();
        let further = engine.further_lines(&question, &shown).expect("the others");
        assert!(
            further.len() == 3 && further.iter().all(|place| shown.iter().all(|it| it.post != place.post))
        );
    }
}
