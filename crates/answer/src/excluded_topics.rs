//! Topics that a question does not want: "takeaways of KubeCon, but not about AI".

use takeaways_corpus::topics::TopicTable;
use takeaways_text::language;
use takeaways_text::tokens::is_any_stop_word;

use crate::plan::{QueryPlan, names_thing};

/// The maximum number of words that exclude: "apart from".
const MAX_EXCLUDING: usize = 3;
/// The maximum number of words of grammar between these and a topic: "not about the".
const MAX_BETWEEN: usize = 2;

impl QueryPlan {
    /// Takes the topics that the question does not want out of the concepts, with the words that exclude them. Only known things are
    /// topics: "except for those who were there" excludes none.
    pub(crate) fn take_excluded_topics(&mut self) {
        let words: Vec<String> =
            self.question.syntax.words.iter().map(|word| word.text.to_lowercase()).collect();
        let excluding = (1..words.len()).find_map(|at| {
            let lens = (1..=MAX_EXCLUDING.min(words.len() - at)).rev();
            lens.into_iter().find(|len| excludes(&words, at, *len)).map(|len| at..at + len)
        });
        let Some(excluding) = excluding else { return };
        let grammar = words[excluding.end..].iter().take_while(|word| is_any_stop_word(word)).count();
        let first = excluding.end + grammar.min(MAX_BETWEEN);
        let is_wanted = |start: usize| start < excluding.end;
        let mut concepts = std::mem::take(&mut self.concepts);
        let is_first = |start: usize| (excluding.end..=first).contains(&start);
        let begins = concepts.iter().any(|it| is_first(it.words.start) && names_thing(&it.text));
        if begins {
            let is_excluded = |start: usize, text: &str| !is_wanted(start) && names_thing(text);
            self.excluded_topics =
                concepts.extract_if(.., |it| is_excluded(it.words.start, &it.text)).collect();
            concepts.retain(|concept| !excluding.contains(&concept.words.start));
        }
        self.concepts = concepts;
    }

    /// The ids of the topics of the table among those that are not wanted.
    pub(crate) fn excluded_topic_ids(&self) -> Vec<&'static str> {
        let topics = self.excluded_topics.iter();
        topics.flat_map(|it| TopicTable::builtin().topics_in_text(&it.text)).map(|(id, _)| id).collect()
    }
}

/// Whether some words of a question exclude what follows. A "not" does after a "but" or a word that is no grammar: not in "why
/// should I not use Helm?".
fn excludes(words: &[String], at: usize, len: usize) -> bool {
    let phrase = words[at..at + len].join(" ");
    let is_negation = language::all().answers.negations.contains(&phrase);
    let before = &words[at - 1];
    let is_contrast =
        language::all().points.contrasts.contains(before) || language::all().times.and.contains(before);
    language::all().questions.exclusions.contains(&phrase)
        && (!is_negation || is_contrast || !is_any_stop_word(before))
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
            ("why should I not use Helm?", ""),
            ("everyone except those who were there", ""),
            ("Kubernetes takeaways", ""),
        ] {
            assert_eq!(read(question), expected, "{question}");
        }
    }
}
