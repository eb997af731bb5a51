//! Topics that a question does not want: "takeaways of KubeCon, but not about AI".

use takeaways_corpus::{entities::EntityTable, topics::TopicTable};
use takeaways_text::language;
use takeaways_text::tokens::{is_any_stop_word, is_stop_word};

use crate::concepts::Concept;
use crate::plan::{QueryPlan, names_thing};

/// The maximum number of words that exclude: "apart from".
const MAX_EXCLUDING: usize = 3;
/// The maximum number of words of grammar between these and a topic: "not about the".
const MAX_BETWEEN: usize = 2;

impl QueryPlan {
    /// Takes the topics that the question does not want out of the concepts, with the words that exclude them. Only known things are
    /// topics: "except for those who were there" excludes none.
    pub(crate) fn take_excluded_topics(&mut self) {
        if self.request.subject.is_some() {
            return; // All its words are of the name.
        }
        let syntax = &self.question.syntax;
        let words: Vec<String> = syntax.words.iter().map(|word| word.text.to_lowercase()).collect();
        let excluding = (1..words.len()).find_map(|at| {
            let lens = (1..=MAX_EXCLUDING.min(words.len() - at)).rev();
            lens.into_iter().find(|len| self.excludes(&words, at, *len)).map(|len| at..at + len)
        });
        let Some(excluding) = excluding else { return };
        let grammar = words[excluding.end..].iter().take_while(|word| is_any_stop_word(word)).count();
        // Things go on after each other, or after an "and" or "or".
        let mut end = excluding.end + grammar.min(MAX_BETWEEN);
        let mut concepts = std::mem::take(&mut self.concepts);
        let is_next = |concept: &Concept, end: usize| {
            let between = words.get(end..concept.words.start).unwrap_or_default();
            let joins = between.iter().all(|word| language::all().times.and.contains(word));
            concept.words.start >= excluding.end
                && concept.words.start <= end + 1
                && joins
                && names_thing(&concept.text)
        };
        self.excluded_topics = concepts
            .extract_if(.., |concept| {
                let is_excluded = is_next(concept, end);
                end = if is_excluded { concept.words.end } else { end };
                is_excluded
            })
            .collect();
        if !self.excluded_topics.is_empty() {
            concepts.retain(|concept| !excluding.contains(&concept.words.start));
        }
        self.concepts = concepts;
    }

    /// Whether some words of the question exclude what follows. A "not" does after a "but", a sign, or a word that is no grammar: not in
    /// "why should I not use Helm?", and not before "only". "Without" after a thing is said of it: "Kubernetes without Helm".
    fn excludes(&self, words: &[String], at: usize, len: usize) -> bool {
        let lists = language::all();
        let phrase = words[at..at + len].join(" ");
        let before = &words[at - 1];
        let narrows = words.get(at + len).is_some_and(|next| lists.conversation.narrowing.contains(next));
        if narrows || !lists.questions.exclusions.contains(&phrase) {
            return false;
        }
        let syntax = &self.question.syntax;
        let between = syntax.words[at - 1].range.end..syntax.words[at].range.start;
        let is_set_off = syntax.text.get(between).is_some_and(|gap| gap.contains([',', ';', ':', '-']));
        let is_contrast = lists.points.contrasts.contains(before) || lists.times.and.contains(before);
        let is_negation = lists.answers.negations.contains(&phrase);
        let is_said_of_thing = is_negation && !is_set_off && names_thing(before);
        !is_said_of_thing
            && (!is_negation || is_set_off || is_contrast || !is_stop_word(before, self.language))
    }

    /// The ids of the topics of the table among those that are not wanted.
    pub(crate) fn excluded_topic_ids(&self) -> Vec<&'static str> {
        let topics = self.excluded_topics.iter();
        topics.flat_map(|it| TopicTable::builtin().topics_in_text(&it.text)).map(|(id, _)| id).collect()
    }

    /// The ids of the projects and companies among them.
    pub(crate) fn excluded_entity_ids(&self) -> Vec<&'static str> {
        let mentions = self.excluded_topics.iter().flat_map(|it| EntityTable::builtin().mentions(&it.text));
        mentions.map(|mention| mention.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::parse;
    use crate::samples;
    use std::sync::Arc;

    #[test]
    fn a_question_tells_the_topics_that_it_does_not_want() {
        let read = |question: &str| {
            let parsed = parse(&question.parse().expect("a question"));
            let word = |word: &crate::question_syntax::QuestionWord| word.text.clone();
            let words: Vec<String> = parsed.syntax.words.iter().map(word).collect();
            let mut plan = samples::plan(&words.iter().map(String::as_str).collect::<Vec<_>>());
            for (at, concept) in plan.concepts.iter_mut().enumerate() {
                concept.words = at..at + 1;
            }
            plan.question = Arc::new(parsed);
            plan.take_excluded_topics();
            plan.excluded_topics.into_iter().map(|concept| concept.text).collect::<Vec<_>>().join(" ")
        };
        for (question, expected) in [
            ("takeaways of 2024 but not about Kubernetes", "Kubernetes"),
            ("takeaways except Kubernetes", "Kubernetes"),
            ("highlights other than security", "security"),
            ("takeaways, not Kubernetes", "Kubernetes"),
            ("takeaways from KubeCon EU, not about Istio", "Istio"),
            ("takeaways except Istio and Helm, on Kubernetes", "Istio Helm"),
            ("takeaways, not only about Istio", ""),
            ("what do people think about Kubernetes without Helm?", ""),
            ("why should I not use Helm?", ""),
            ("everyone except those who were there", ""),
            ("Kubernetes takeaways", ""),
        ] {
            assert_eq!(read(question), expected, "{question}");
        }
    }
}
