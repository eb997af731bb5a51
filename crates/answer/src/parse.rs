//! The first step: parses a question into its syntax, language, answer type, from the words alone. Pure.

use std::{ops::Range, sync::OnceLock};

use crate::{
    answer_type::{AnswerType, detect_answer_type},
    circumstances::asides,
    question_syntax::{QuestionSyntax, QuestionWord, QuotedPhrase, blank_out, overlap, parse_syntax},
    word_forms::{PostLanguages, word_forms},
};
use takeaways_corpus::{entities::EntityTable, events::EventTable, points::asked_side, topics::TopicTable};
use takeaways_search::Alternative;
use takeaways_text::{
    model::{Language, LanguageSet, Question, QuestionShape, Shape, Stance},
    question_shape::{find_shape, find_told_shape},
    tokens::{detect_language_in_conversation, folding::fold, is_any_stop_word},
    translations::Translations,
};

/// A question whose names are not resolved yet.
#[derive(Debug, Clone)]
pub struct ParsedQuestion {
    /// Its words, quotes, exclusions and prefixes.
    pub syntax: QuestionSyntax,
    /// The language, as far as so few words tell.
    pub language: Language,
    conversation_language: Option<Language>,
    /// The kind of answer that is asked for.
    pub answer_type: AnswerType,
    /// Found when it is first asked for.
    shape: OnceLock<QuestionShape>,
    /// The side whose views it asks for; `None` if it asks for both, or for none.
    pub asked_side: Option<Stance>,
    /// The quoted phrases.
    pub phrases: Vec<QuotedPhrase>,
    /// The forms of words that no answer may contain, in each language.
    pub excluded_forms: Vec<Alternative>,
}

impl ParsedQuestion {
    /// The shape that its phrases and all its words tell. See [`Engine::shape_of`](crate::Engine) for what its names add.
    pub fn shape(&self) -> &QuestionShape {
        self.shape.get_or_init(|| without_things(self.find_shape(), &self.syntax))
    }

    /// The shape that all words tell. An aside in brackets tells none if the rest does, nor does a second question after one for a set of
    /// points that names something: "what did people make of Craft Conf? is it more code or more people?"
    fn find_shape(&self) -> QuestionShape {
        let text = &self.syntax.text;
        let shape = find_shape(text);
        let mut rest = text.clone();
        for aside in asides(text) {
            blank_out(&mut rest, aside);
        }
        if !matches!(shape.shape, Shape::Fact | Shape::Comparison) && rest != *text {
            let of_rest = find_shape(&rest);
            if of_rest.shape != Shape::Fact {
                return of_rest;
            }
        }
        let is_open = |text: &str| {
            let found = detect_answer_type(&parse_syntax(text).words, text);
            matches!(found, AnswerType::Anything | AnswerType::Impression)
        };
        if shape.shape == Shape::Fact
            && let Some((first, second)) = rest.split_once('?')
            && second.contains(char::is_alphabetic)
            && is_open(first)
            && is_open(second)
            && !(thing_places(first).is_empty() && EventTable::builtin().mentions(first).is_empty())
        {
            let of_first = find_shape(first);
            if of_first.shape != Shape::Fact {
                return of_first;
            }
        }
        shape
    }

    /// Keeps the language of a text that only names something if it has words for things: the parts of the name of a person are words
    /// elsewhere, such as "Bello".
    pub(crate) fn keep_language_of_name(&mut self, is_of_person: bool) {
        let is_word = |word: &QuestionWord| {
            Translations::of(self.language).is_some_and(|table| table.translate(&word.text).is_some())
        };
        let has_other_letters = self.language.matches_inside_words();
        if !has_other_letters && (is_of_person || !self.syntax.words.iter().any(is_word)) {
            self.language = self.conversation_language.unwrap_or(Language::En);
        }
    }

    /// The shape that its phrases alone tell: that of a message that goes on from another one, which has few other words. It is found
    /// anew on each call.
    pub fn told_shape(&self) -> QuestionShape {
        find_told_shape(&self.syntax.text)
    }
}

/// Parses a question. Never fails: every text is a question.
pub fn parse(question: &Question) -> ParsedQuestion {
    let syntax = parse_syntax(question.text());
    ParsedQuestion {
        language: detect_language_in_conversation(
            &words_of_language(&syntax.text),
            question.conversation_language(),
        ),
        conversation_language: question.conversation_language(),
        answer_type: detect_answer_type(&syntax.words, &syntax.text),
        shape: OnceLock::new(),
        asked_side: asked_side(&syntax.text),
        phrases: syntax.phrases.iter().filter_map(|range| QuotedPhrase::new(&syntax, range)).collect(),
        excluded_forms: excluded_forms(&syntax),
        syntax,
    }
}

/// Returns a shape whose words are none of a known thing. An estimated shape is that of the phrases if the question only names things:
/// "service meshes", "and in Barcelona?". Its words are the common ones of the question, and count only if it has others that can be
/// what it is about.
fn without_things(mut shape: QuestionShape, syntax: &QuestionSyntax) -> QuestionShape {
    if !shape.is_estimated {
        return shape;
    }
    let things = thing_places(&syntax.text);
    let events = EventTable::builtin().mentions(&syntax.text);
    let is_of_event = |word: &QuestionWord| events.iter().any(|event| overlap(&word.range, &event.range));
    let only_names = |word: &QuestionWord| {
        is_of_event(word)
            || things.iter().any(|thing| overlap(thing, &word.range))
            || is_any_stop_word(&fold(&word.text))
    };
    if syntax.words.iter().all(only_names) {
        return find_told_shape(&syntax.text);
    }
    shape.words.retain(|word| !things.iter().any(|thing| overlap(word, thing)));
    let is_of_topic = |word: &QuestionWord| {
        let is_common = shape.words.iter().any(|common| overlap(&word.range, common));
        !is_of_event(word) && !is_common && word.text.chars().any(char::is_alphabetic)
    };
    if !syntax.words.iter().any(is_of_topic) {
        shape.words.clear();
    }
    shape
}

/// The places of the known topics, projects and companies in a text.
pub(crate) fn thing_places(text: &str) -> Vec<Range<usize>> {
    let topics = TopicTable::builtin().named_in(text).into_iter().map(|(_, place)| place);
    let entities = EntityTable::builtin().mentions(text).into_iter().map(|mention| mention.span);
    topics.chain(entities).collect()
}

/// Returns a text without the names of events, which are of no language: `kubecon na 2019` is not Portuguese.
pub(crate) fn without_events(text: &str) -> String {
    let mentions = EventTable::builtin().mentions(text);
    without(text, mentions.into_iter().map(|mention| mention.range))
}

/// Returns the words of a text that may tell its language: none if it is only names of events, projects and companies, since `Flux`
/// is not French.
pub(crate) fn words_of_language(text: &str) -> String {
    let without_events = without_events(text);
    let mentions = EntityTable::builtin().mentions(text);
    let without_names = without(&without_events, mentions.into_iter().map(|mention| mention.span));
    if without_names.contains(char::is_alphabetic) { without_events } else { without_names }
}

fn without(text: &str, parts: impl Iterator<Item = Range<usize>>) -> String {
    let mut text = text.to_owned();
    parts.for_each(|part| blank_out(&mut text, part));
    text
}

/// Returns the forms of excluded words. The languages of the posts are not known here.
fn excluded_forms(syntax: &QuestionSyntax) -> Vec<Alternative> {
    const LANGUAGES: PostLanguages<'_> = PostLanguages { frequent: &Language::ALL, all: LanguageSet::ALL };
    syntax.excluded.iter().flat_map(|word| word_forms(word, 1.0, LANGUAGES)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(question: &str) -> ParsedQuestion {
        parse(&question.parse().expect("a question"))
    }

    fn excluded(parsed: &ParsedQuestion) -> Vec<String> {
        parsed.excluded_forms.iter().map(|form| form.terms.join(" ")).collect()
    }

    #[test]
    fn a_question_is_parsed_into_type_phrases_and_exclusions() {
        let parsed = parsed("who said \"very boring\" about meshes -Docker?");
        assert_eq!((parsed.answer_type, parsed.language), (AnswerType::Who, Language::En));
        assert_eq!(parsed.phrases.len(), 1);
        assert_eq!(excluded(&parsed), ["docker", "dock"]);
        let words: Vec<&str> = parsed.syntax.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(words, ["who", "said", "very", "boring", "about", "meshes"]);
    }

    #[test]
    fn one_quoted_word_is_not_a_phrase() {
        for (question, phrases) in [("\"mesh\"", 0), ("\"service mesh\" \"edge\"", 1), ("\"a b\" \"c d\"", 2)]
        {
            assert_eq!(parsed(question).phrases.len(), phrases, "{question}");
        }
    }

    #[test]
    fn exclusions_are_stemmed_in_each_language() {
        assert_eq!(excluded(&parsed("mesh -meshes")), ["mesh", "meshes", "meshe"]);
        assert_eq!(excluded(&parsed("co-located events")), [""; 0]);
    }

    #[test]
    fn the_language_is_detected_from_the_words() {
        for (question, language) in [
            ("Was haben die Leute über Service Mesh gesagt?", Language::De),
            ("what did people say about service mesh?", Language::En),
            ("会場はどこですか", Language::Ja),
            ("Flux", Language::En),
            ("WebAssembly over the years", Language::En),
            ("Istio et Linkerd", Language::Fr),
            ("warum istio", Language::De),
        ] {
            assert_eq!(parsed(question).language, language, "{question}");
        }
    }

    #[test]
    fn names_alone_have_the_shape_of_their_phrases() {
        for question in
            ["service meshes", "Istio Linkerd Helm", "and in Barcelona at KubeCon?", "Istio vs Linkerd"]
        {
            let parsed = parsed(question);
            assert_eq!(parsed.shape(), &parsed.told_shape(), "{question}");
        }
        assert!(parsed("service mesh talks worth seeing").shape().is_estimated);
    }

    #[test]
    fn a_second_question_that_asks_for_nothing_else_leaves_the_shape_of_the_first() {
        for (question, expected) in [
            ("what did people get out of GopherCon 2018? is it more code or more stuff", Shape::Takeaways),
            ("what did people get out of GopherCon 2018? who gave the first talk", Shape::Fact),
            ("what did people get out of it? is it more code or more stuff", Shape::Fact),
        ] {
            assert_eq!(parsed(question).shape().shape, expected, "{question}");
        }
        // An aside changes no shape.
        let asked = parsed("meals: what do people think? (is it true that they wait, who waits)");
        assert_eq!(asked.shape().shape, Shape::Opinions);
    }

    #[test]
    fn a_known_thing_is_no_common_word() {
        let words = |question: &str| {
            let parsed = parsed(question);
            let shape = parsed.shape().clone();
            assert!(shape.is_estimated, "{shape:?}");
            shape.words.into_iter().map(|range| question[range].to_owned()).collect::<Vec<_>>()
        };
        let found = words("so what are folks bringing home on security from these events");
        assert!(found.contains(&"these".to_owned()) && !found.contains(&"security".to_owned()), "{found:?}");
        // Nothing else is left to look for.
        assert_eq!(words("so what are folks like you going for"), [""; 0]);
    }
}
