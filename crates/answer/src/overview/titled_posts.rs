//! The post that a question names by its title: `summarise "Three Days in Paris"`, `what's in the post Three Days in Paris?`

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::topic_text::is_of_shape;
use crate::{
    concepts::find_concepts,
    engine::{AnswerError, Engine},
    parse::thing_places,
    plan::QueryPlan,
    question_syntax::{QuestionSyntax, QuestionWord, overlap},
    shape_words::is_word_for_post,
};
use takeaways_corpus::events::EventTable;
use takeaways_text::model::{Post, Scope};
use takeaways_text::tokens::folding::folded_words;
use takeaways_text::tokens::{is_boilerplate, is_stop_word};

/// The number of passages whose posts may have the title.
const MAX_PASSAGES: usize = 32;
/// A title with fewer words is hardly ever one that a question quotes.
const MIN_WORDS: usize = 2;
/// The first part of a title is named for all of it if it has as many words.
const MIN_WORDS_OF_PART: usize = 3;
/// What ends the first part of a title.
const ENDS_OF_PART: [&str; 5] = [": ", " - ", " – ", " — ", " | "];
/// What stands around a title in a question.
const QUOTES: [char; 2] = ['"', '\''];

/// The posts of which a question has the title, and nothing else that says something; none if it has none.
///
/// # Errors
/// If the index can't be read.
pub(super) fn titled_posts(engine: &Engine, plan: &QueryPlan) -> Result<Vec<Arc<Post>>, AnswerError> {
    let question = TitleFinder::new(plan);
    if !question.may_have_title() {
        return Ok(Vec::new());
    }
    let concepts = find_concepts(&plan.question.syntax, &|_| false, plan.language, engine.index())?;
    // The title may name an event that the post is not about. Options limit the posts all the same.
    let scope = if plan.explicit_scope.is_set() { plan.scope.clone() } else { Scope::default() };
    let with_title = QueryPlan { scope, concepts, ..plan.clone() };
    let hits = engine.index().search(&with_title.query(), MAX_PASSAGES)?;
    let mut seen = HashSet::new();
    let posts = hits.into_iter().map(|hit| hit.post).filter(|post| seen.insert(post.id.clone()));
    Ok(posts.filter(|post| question.has_title_of(post)).collect())
}

/// Finds titles of posts in a question.
struct TitleFinder<'p> {
    plan: &'p QueryPlan,
    /// The folded words of the question, each with the position of the word that it is from.
    words: Vec<(String, usize)>,
    /// The places of events and of known things.
    names: Vec<Range<usize>>,
}

impl<'p> TitleFinder<'p> {
    fn new(plan: &'p QueryPlan) -> Self {
        let syntax = &plan.question.syntax;
        let folded = |(at, word): (usize, &QuestionWord)| {
            folded_words(&word.text).into_iter().map(move |it| (it, at)).collect::<Vec<_>>()
        };
        let words = syntax.words.iter().enumerate().flat_map(folded).collect();
        let mut names = thing_places(&syntax.text);
        names.extend(EventTable::builtin().mentions(&syntax.text).into_iter().map(|event| event.range));
        Self { plan, words, names }
    }

    /// Whether there is a word that no broad question about an event or a thing has.
    fn may_have_title(&self) -> bool {
        let syntax = self.syntax();
        syntax.text.contains(QUOTES)
            || (0..syntax.words.len()).any(|at| self.is_own(at) || self.is_word_for_post(at))
    }

    /// Whether the question has the title of a post, or its first part. Without marks it must have a word that no question for an
    /// event has: "summary of KubeCon EU 2018" is not for a post with that title.
    fn has_title_of(&self, post: &Post) -> bool {
        titles(post).iter().any(|title| {
            self.words.windows(title.len()).any(|run| {
                let has_title = run.iter().map(|(word, _)| word).eq(title);
                let Some((first, last)) = run.first().zip(run.last()).filter(|_| has_title) else {
                    return false;
                };
                let place = first.1..last.1 + 1;
                let is_marked = self.is_quoted(&place)
                    || place.start.checked_sub(1).is_some_and(|before| self.is_word_for_post(before));
                let mut others = (0..self.syntax().words.len()).filter(|at| !place.contains(at));
                (is_marked || place.clone().any(|at| self.is_own(at)))
                    && others.all(|at| self.says_nothing(at))
            })
        })
    }

    fn syntax(&self) -> &QuestionSyntax {
        &self.plan.question.syntax
    }

    fn is_word_for_post(&self, at: usize) -> bool {
        self.syntax().words.get(at).is_some_and(|word| is_word_for_post(&word.text))
    }

    fn is_quoted(&self, words: &Range<usize>) -> bool {
        let syntax = self.syntax();
        syntax.bytes_of(words).is_some_and(|bytes| {
            let before = syntax.text.get(..bytes.start).unwrap_or_default();
            let after = syntax.text.get(bytes.end..).unwrap_or_default();
            before.ends_with(QUOTES) && after.starts_with(QUOTES)
        })
    }

    /// Whether a word neither tells the shape of the question nor names an event or a known thing, and says something.
    fn is_own(&self, at: usize) -> bool {
        let Some(word) = self.syntax().words.get(at) else { return false };
        !is_of_shape(word, self.plan)
            && !self.names.iter().any(|name| overlap(name, &word.range))
            && !is_stop_word(&word.text, self.plan.language)
            && word.text.contains(char::is_alphabetic)
    }

    fn says_nothing(&self, at: usize) -> bool {
        self.syntax().words.get(at).is_none_or(|word| {
            is_of_shape(word, self.plan)
                || is_stop_word(&word.text, self.plan.language)
                || is_boilerplate(&word.text)
        })
    }
}

/// The folded words of the title of a post, and of its first part.
fn titles(post: &Post) -> Vec<Vec<String>> {
    let title = post.display_title();
    let part = ENDS_OF_PART.iter().filter_map(|end| Some(title.split_once(end)?.0)).min_by_key(|it| it.len());
    let whole = Some(folded_words(title)).filter(|words| words.len() >= MIN_WORDS);
    let part = part.map(folded_words).filter(|words| words.len() >= MIN_WORDS_OF_PART);
    whole.into_iter().chain(part).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::overview_of;
    use super::*;
    use crate::samples::engine_over;
    use crate::{resolve::NameRole, samples::request};

    fn engine() -> Engine {
        let recap = |title: &str| {
            let text = "Most teams need months to learn Istio, because it is complex.\n\n\
                        Everybody should scan images early, because nobody likes surprises.\n";
            let name = title.replace(|c: char| !c.is_alphanumeric(), "-");
            let author = if title.starts_with("Istio") { "Ann Lee" } else { "Bo Smith" };
            let head = format!("title: \"{title}\"\nauthor: {author}\nevent: KubeCon EU 2018");
            (format!("{name}.md"), format!("---\n{head}\n---\n\n{text}"))
        };
        let titles = [
            "KubeCon EU 2018: bread and meshes in practice",
            "KubeCon EU 2018",
            "Key takeaways from KubeCon EU 2018",
            "Istio at KubeCon EU 2018",
        ];
        engine_over(&titles.map(recap))
    }

    #[test]
    fn a_title_means_its_post() {
        let engine = engine();
        let titled = |question: &str| -> Vec<String> {
            let plan = engine.plan(&request(question), NameRole::Subject).expect("a plan");
            let posts = titled_posts(&engine, &plan).expect("posts");
            posts.iter().map(|post| post.display_title().to_owned()).collect()
        };
        let bread = "KubeCon EU 2018: bread and meshes in practice";
        let takeaways = "Key takeaways from KubeCon EU 2018";
        for (question, expected) in [
            ("summary of KubeCon EU 2018: bread and meshes in practice", Some(bread)),
            ("summary of kubecon eu 2018: Bread & Meshes in practice and banks", None),
            ("summary of 'Key takeaways from KubeCon EU 2018'", Some(takeaways)),
            ("what's in the post key takeaways from KubeCon EU 2018?", Some(takeaways)),
            ("what were the key takeaways from KubeCon EU 2018?", None),
            ("summary of KubeCon EU 2018", None),
            ("summary of \"Istio at KubeCon EU 2018\"", Some("Istio at KubeCon EU 2018")),
            ("summary of Istio at KubeCon EU 2018", None),
            ("summary of \"Istio at KubeCon EU 2018\" author:\"Ann Lee\"", Some("Istio at KubeCon EU 2018")),
            ("summary of \"Istio at KubeCon EU 2018\" author:\"Bo Smith\"", None),
        ] {
            assert_eq!(titled(question).first().map(String::as_str), expected, "{question}");
        }
    }

    #[test]
    fn the_post_that_is_named_is_summed_up() {
        let overview = overview_of(&engine(), "summarise \"Istio at KubeCon EU 2018\"").expect("an overview");
        assert!(overview.excerpts.iter().all(|line| line.citation.title == "Istio at KubeCon EU 2018"));
    }
}
