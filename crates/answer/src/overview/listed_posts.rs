//! The posts that a question asks for, or of which it asks who wrote them: `who wrote about FOSDEM?`

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use super::lines::{Line, at_most_of_post, points_of_posts, sort_best_first};
use super::lists::lines_naming;
use super::picked_lines::author_key;
use super::scoped_posts::ScopedPosts;
use super::several::posts_naming_any;
use super::weak_lines::{is_readable, put_takeaways_first};
use super::{DraftGroup, all_of, first_groups};
use crate::{
    answer_type::AnswerType,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    question_syntax::QuestionWord,
};
use takeaways_text::model::{GroupTitle, Post, PostId};

/// The groups of a list of posts, one for each. Counts the posts that are listed.
pub(super) fn groups(
    engine: &Engine,
    plan: &QueryPlan,
    scoped: &mut ScopedPosts,
) -> Result<Vec<DraftGroup>, AnswerError> {
    let group = |line: Line| {
        let title = GroupTitle::Post(line.post.display_title().to_owned());
        DraftGroup::new(title, all_of(1), vec![line])
    };
    Ok(first_groups(lines(engine, plan, scoped)?.into_iter().map(group).collect()))
}

/// The best line of each post of a scope, those that can be read first, then the newest first; if the question has a topic, of each post that names it, the best first.
/// A question for the writers has a line of each.
pub(super) fn lines(
    engine: &Engine,
    plan: &QueryPlan,
    scoped: &mut ScopedPosts,
) -> Result<Vec<Line>, AnswerError> {
    let negations = &plan.language.words().stances.negations;
    let negates = |word: &QuestionWord| negations.has_word(&word.text);
    if plan.question.syntax.words.iter().any(negates) {
        // "Which posts mention Istio but not Linkerd?" asks for others than those that name both.
        return Ok(Vec::new());
    }
    let lines = if plan.concepts.is_empty() {
        let mut lines = points_of_posts(&scoped.posts, plan);
        put_takeaways_first(&mut lines);
        let mut lines = at_most_of_post(lines, 1);
        lines.sort_by_key(|line| (!is_readable(line, plan.language), Reverse(line.post.date)));
        lines
    } else {
        let index = engine.index();
        let naming = posts_naming_any(index, plan)?;
        *scoped = ScopedPosts::read_naming(index, plan, naming, scoped.count.of)?;
        at_most_of_post(lines_on_topic(engine, plan, &scoped.posts)?, 1)
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

/// The lines of some posts that name the topic of a plan, the best first; if none does, all their points.
fn lines_on_topic(engine: &Engine, plan: &QueryPlan, posts: &[Arc<Post>]) -> Result<Vec<Line>, AnswerError> {
    let ids: HashSet<&PostId> = posts.iter().map(|post| &post.id).collect();
    let mut lines = lines_naming(engine, plan, posts)?;
    lines.retain(|line| ids.contains(&line.post.id));
    if lines.is_empty() {
        lines = points_of_posts(posts, plan);
    }
    sort_best_first(&mut lines);
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};
    use crate::{excerpt_place::ExcerptPlace, samples::request};
    use takeaways_text::model::{GroupTitle, Shape};

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
