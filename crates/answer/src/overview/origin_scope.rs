//! The posts of a blog or a group that a question names by the name that their files have: `2019-fosdem-example.md`. Such posts
//! often name no author, or each another one.

use std::ops::Range;
use std::sync::Arc;

use super::scoped_posts::MAX_POSTS;
use super::topic_text::is_of_shape;
use crate::{
    concepts::Concept,
    engine::{AnswerError, Engine},
    origin::has_name_of,
    plan::{QueryPlan, names_thing},
    question_names::is_within,
};
use takeaways_search::{Filter, PostRecord};
use takeaways_text::language;
use takeaways_text::model::{Language, PostId};
use takeaways_text::tokens::{folding::fold, is_any_stop_word, strip_genitive};
use takeaways_text::translations::is_english_word;

/// A shorter part of a file name may be any word.
const MIN_LETTERS: usize = 5;
/// The same of a name that the question calls a team or its blog.
const MIN_LETTERS_OF_TEAM: usize = 4;

/// Takes the name of a blog out of the topic or the authors of a plan, and limits the plan to the posts that have it in the names of
/// their files, with those of its account. Returns whether it does: not if a question names no blog, or if all of them are of the
/// account.
pub(crate) fn take_origin(engine: &Engine, plan: &mut QueryPlan) -> Result<bool, AnswerError> {
    // Posts may have it in two words: "janedoe".
    let is_unknown = |text: &str| plan.concepts.iter().any(|it| it.text == text && !it.is_known);
    // Beside another author, an account is one of two people.
    let author = plan.scope.authors.first().filter(|_| plan.scope.authors.len() == 1);
    let account = author.filter(|name| !name.contains(char::is_whitespace));
    let unknown = plan.concepts.iter().map(|concept| &concept.text).filter(|text| is_unknown(text));
    // The name of a file has no blanks: "jane doe" wrote `2019-fosdem-janedoe.md`.
    let syntax = &plan.question.syntax;
    let writer = plan.writer_words.clone().filter(|words| words.len() > 1 || names_account(plan, words));
    let writer = writer.filter(|_| plan.scope.authors.is_empty());
    let writer_text = writer.as_ref().and_then(|words| syntax.text_of(words));
    // "A summary by Jane Doe", whom no post names.
    let person = plan.scope.people.first().filter(|_| plan.scope.people.len() == 1);
    let writer_text = writer_text.map(str::to_owned).or_else(|| person.cloned());
    let writer_name = writer_text.as_ref().map(|name| name.replace(' ', ""));
    let team = if plan.scope.authors.is_empty() { team(plan) } else { None };
    let team_name = team.as_ref().map(|(name, _)| name);
    let names = account.into_iter().chain(unknown).chain(writer_name.as_ref()).chain(team_name);
    let names: Vec<String> = names.cloned().collect();
    if names.is_empty() || !plan.request.posts.is_empty() {
        return Ok(false);
    }
    let records = engine.index().post_records()?;
    for name in names {
        let least = if team_name == Some(&name) { MIN_LETTERS_OF_TEAM } else { MIN_LETTERS };
        let person = writer_text.as_deref().filter(|_| writer_name.as_ref() == Some(&name));
        let is_of = |record: &&PostRecord| {
            let has_name = has_in_file_name(&record.id, &name, least)
                || person.is_some_and(|person| has_name_of(person, file_name(&record.id)));
            record.is_published(plan.request.now) && has_name
        };
        let found = records.iter().filter(is_of);
        let mut posts: Vec<PostId> = found.map(|record| record.id.clone()).collect();
        if posts.is_empty() {
            continue;
        }
        if plan.scope.authors == [name.as_str()] {
            let (authors, visible_at) = (plan.scope.authors.clone(), plan.request.now);
            let filter = Filter { authors, visible_at, ..Filter::default() };
            let (own, _) = engine.index().posts_in(&filter, MAX_POSTS)?;
            posts.retain(|id| !own.iter().any(|post| post.id == *id));
            if posts.is_empty() {
                return Ok(false);
            }
            posts.extend(own.iter().map(|post| post.id.clone()));
            plan.scope.authors.clear();
        }
        plan.concepts.retain(|concept| concept.text != name);
        if let Some((_, words)) = team.filter(|(of_team, _)| *of_team == name) {
            plan.concepts.retain(|concept| !is_within(concept, std::slice::from_ref(&words)));
        }
        if writer_name.as_ref() == Some(&name) {
            let is_part = |concept: &Concept| {
                concept.is_name && person.is_some_and(|person| person.contains(strip_genitive(&concept.text)))
            };
            plan.concepts.retain(|concept| !is_within(concept, writer.as_slice()) && !is_part(concept));
            plan.scope.people.clear();
        }
        Arc::make_mut(&mut plan.request).posts = posts;
        return Ok(true);
    }
    Ok(false)
}

/// Whether an English question asks for the words of somebody with a name of one word whom it does not limit the posts to.
pub(super) fn is_of_other_writer(plan: &QueryPlan) -> bool {
    let is_limited = !plan.scope.authors.is_empty() || !plan.request.posts.is_empty();
    !is_limited && plan.writer_words.as_ref().is_some_and(|words| names_account(plan, words))
}

/// Whether a word where a writer is named may be the name of an account: "what did janedoe write", but not "what did developers write".
fn names_account(plan: &QueryPlan, writer: &Range<usize>) -> bool {
    let text = plan.question.syntax.text_of(writer).map(strip_genitive).unwrap_or_default();
    plan.language == Language::En && writer.len() == 1 && !is_english_word(&fold(text)) && !names_thing(text)
}

/// The name of a company or a project that a question calls a team or its blog, and its words with those for the team: "the Bedrock
/// engineers", "the people from Bedrock". Posts may mention it too. Not in "Was halten die Leute von Linkerd?" and "what did people talk
/// about?", where the "von" and the "talk" belong to what is asked.
fn team(plan: &QueryPlan) -> Option<(String, Range<usize>)> {
    let words = &plan.question.syntax.words;
    let questions = &language::all().questions;
    let word = |at: usize| words.get(at).map(|word| word.text.as_str());
    let is_team = |at: usize| word(at).is_some_and(|word| questions.team_words.has_word(word));
    let is_asking = |at: usize| words.get(at).is_some_and(|word| is_of_shape(word, plan));
    let is_of = |at: usize| {
        word(at).is_some_and(|word| questions.team_prepositions.contains(word.to_lowercase().as_str()))
            && !is_asking(at)
    };
    let words_of = |concept: &Concept| {
        let Range { start, end } = concept.words;
        let article =
            usize::from(start > 0 && word(start - 1).is_some_and(is_any_stop_word) && !is_of(start - 1));
        let before = (start - article).checked_sub(2).filter(|at| is_team(*at) && is_of(at + 1));
        // "L'équipe Bedrock"
        let before = before.or_else(|| start.checked_sub(1).filter(|at| is_team(*at)));
        if end != start + 1 || is_asking(start) {
            None
        } else if let Some(team) = before {
            Some(team..end)
        } else {
            is_team(end).then_some(start..end + 1)
        }
    };
    plan.concepts.iter().find_map(|concept| Some((concept.text.clone(), words_of(concept)?)))
}

/// Whether a whole part of the file name of a post is a name with at least so many letters.
fn has_in_file_name(id: &PostId, name: &str, least: usize) -> bool {
    let name = fold(strip_genitive(name.trim_start_matches('@')));
    let file = fold(file_name(id));
    // Nobody types the apostrophe.
    let is_name = |part: &str| part == name || name.strip_suffix('s') == Some(part);
    name.chars().count() >= least && file.split(['-', '_', '.']).any(is_name)
}

fn file_name(id: &PostId) -> &str {
    id.0.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, overview_of};
    use crate::samples::{engine_over, request};
    use takeaways_text::model::Shape;

    #[test]
    fn a_blog_is_named_by_the_names_of_its_files() {
        let recap = |file: &str, author: &str, event: &str, text: &str| {
            (format!("{file}.md"), format!("---\ntitle: R\n{author}event: {event}\n---\n\n{text}\n"))
        };
        let months = "Most teams should start without a mesh, because it takes months to learn it well.";
        let better = "I found that the second year was better for us, because we met more people there.";
        let engine = engine_over(&[
            recap("2018-kubecon-meshnotes", "", "KubeCon EU 2018", months),
            recap("2019-kubecon-meshnotes", "author: Ada Ito\n", "KubeCon EU 2019", better),
            recap(
                "2019-kubecon-other",
                "",
                "KubeCon EU 2019",
                "Nobody needs a mesh before the second year, because it costs more. Read Farnotes too.",
            ),
        ]);
        for question in [
            "what did meshnotes take away over the years?",
            "meshnotes' key takeaways from KubeCon",
            "what did the meshnotes team take away from KubeCon?",
        ] {
            let overview = overview_of(&engine, question).expect(question);
            assert_sound(&overview);
            let ids: Vec<&str> = overview.excerpts.iter().map(|it| it.citation.post.0.as_str()).collect();
            assert_eq!(ids, ["2018-kubecon-meshnotes", "2019-kubecon-meshnotes"], "{question}");
        }
        assert_eq!(overview_of(&engine, "what did farnotes write about KubeCon?"), None);
        let summary = overview_of(&engine, "what did meshnotes write about KubeCon?").expect("a summary");
        assert_eq!((summary.shape, summary.excerpts[0].quote.text.as_str()), (Shape::Summary, months));
    }

    #[test]
    fn what_a_blog_is_named_after_is_its_author() {
        let recap = |file: &str, text: &str| {
            (format!("{file}.md"), format!("---\ntitle: R\nevent: KubeCon EU 2018\n---\n\n{text}\n"))
        };
        let own = "Most teams should start without a mesh, because it takes months to learn it well.\n\n\
            I found that the second day was better for us, because we met more people there.";
        let engine = engine_over(&[
            recap("2018-kubecon-adaqlovelace", own),
            recap("2018-kubecon-other", "Nobody needs a mesh before the second year, because it costs more."),
        ]);
        let question = "what did Ada Lovelace write about KubeCon EU 2018?";
        let summary = overview_of(&engine, question).expect("a summary");
        let files: Vec<&str> = summary.excerpts.iter().map(|it| it.citation.path.as_str()).collect();
        assert_eq!(files, ["2018-kubecon-adaqlovelace.md"; 2]);
    }

    #[test]
    fn a_team_whose_name_others_mention_is_that_of_its_blog() {
        let recap = |file: &str, text: &str| {
            (format!("2018-{file}.md"), format!("---\ntitle: R\nevent: KubeCon EU 2018\n---\n\n{text}\n"))
        };
        let own = ["mesh", "registry", "pipeline"].map(|thing| {
            format!("Most teams should start without a {thing}, because it takes months to learn it well.")
        });
        let engine = engine_over(&[
            recap("tilt", &own.join("\n\n")),
            recap("talk", "Most teams should try Tilt first, because it is faster than all others."),
        ]);
        for (question, is_own) in [
            ("what did the Tilt team take away from KubeCon EU 2018?", true),
            ("what did the folks at Tilt take away from KubeCon EU 2018?", true),
            ("qu'est-ce que l'équipe de Tilt a retenu de KubeCon EU 2018 ?", true),
            ("what did people take away on Tilt from KubeCon EU 2018?", false),
            ("Was halten die Leute von Tilt?", false),
        ] {
            let answer = engine.answer(&request(question)).expect("an answer");
            let found = answer.excerpts().iter().map(|it| it.quote.text.as_str()).collect::<Vec<_>>();
            assert_eq!(found == own, is_own, "{question}: {found:?}");
        }
        let told = overview_of(&engine, "what did people talk about at KubeCon EU 2018?").expect("takeaways");
        assert_eq!(told.posts.posts, 2, "{told:?}");
    }

    #[test]
    fn a_fact_is_looked_for_in_the_posts_of_the_blog_that_is_named() {
        let recap = |file: &str, author: &str, event: &str, text: &str| {
            (format!("{file}.md"), format!("---\ntitle: R\n{author}event: {event}\n---\n\n{text}\n"))
        };
        let engine = engine_over(&[
            recap("2018-meshnotes", "author: meshnotes\n", "KubeCon EU 2018", "The coffee was cold all day."),
            recap(
                "2019-meshnotes",
                "author: Ada Ito\n",
                "KubeCon EU 2019",
                "The opening keynote impressed us the most, since it showed a cluster of potatoes.",
            ),
            recap("2019-other", "", "KubeCon EU 2019", "The closing keynote was far too long for everybody."),
        ]);
        for (question, expected) in [
            ("which keynote impressed meshnotes most at KubeCon EU 2019?", true),
            ("which keynote impressed clusternotes most at KubeCon EU 2019?", true),
            ("which printer impressed meshnotes most at KubeCon EU 2019?", false),
        ] {
            let answer = engine.answer(&request(question)).expect("an answer");
            let quote = answer.excerpts().first().map(|excerpt| excerpt.quote.text.as_str());
            assert_eq!(
                quote.is_some_and(|quote| quote.contains("potatoes")),
                expected,
                "{question}: {quote:?}"
            );
        }
    }
}
