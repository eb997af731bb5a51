//! The first step of understanding a question: what its words alone tell. Pure.

use super::answer_type::{AnswerType, detect_answer_type};
use super::phrase::QuotedPhrase;
use super::question_syntax::{QuestionSyntax, parse_syntax};
use takeaways_text::model::{Language, Question};
use takeaways_text::tokens::{detect_language, tokenize};

/// A question of which no name has been looked up yet.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedQuestion {
    /// Its words, quotes, exclusions and prefixes.
    pub syntax: QuestionSyntax,
    /// The language that it is asked in, as far as so few words tell.
    pub language: Language,
    /// The kind of answer that it wants.
    pub answer_type: AnswerType,
    /// What stood in quotes.
    pub phrases: Vec<QuotedPhrase>,
    /// Terms that no answer may hold.
    pub excluded_terms: Vec<Vec<String>>,
}

/// Parses a question. Never fails: every text has some meaning.
#[must_use]
pub fn parse(question: &Question) -> ParsedQuestion {
    let syntax = parse_syntax(question.text());
    ParsedQuestion {
        language: detect_language(&syntax.text, None),
        answer_type: detect_answer_type(&syntax.words, &syntax.text),
        phrases: syntax.phrases.iter().filter_map(|range| QuotedPhrase::new(&syntax, range)).collect(),
        excluded_terms: excluded_terms(&syntax),
        syntax,
    }
}

/// Excluded words are excluded as English and as they are typed: which posts they stand in is not known.
fn excluded_terms(syntax: &QuestionSyntax) -> Vec<Vec<String>> {
    let languages = [Language::En, Language::Other];
    let terms = |word: &String| {
        languages.map(|language| tokenize(word, language).into_iter().map(|token| token.term).collect())
    };
    syntax.excluded.iter().flat_map(terms).filter(|terms: &Vec<String>| !terms.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(question: &str) -> ParsedQuestion {
        parse(&question.parse().expect("a question"))
    }

    #[test]
    fn a_question_is_parsed_into_type_phrases_and_exclusions() {
        let parsed = parsed("who said \"very boring\" about meshes -Docker?");
        assert_eq!((parsed.answer_type, parsed.language), (AnswerType::Who, Language::En));
        assert_eq!(parsed.phrases.len(), 1);
        assert_eq!(parsed.excluded_terms, [["docker"], ["docker"]]);
        let words: Vec<&str> = parsed.syntax.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(words, ["who", "said", "very", "boring", "about", "meshes"]);
    }

    #[test]
    fn one_quoted_word_is_no_phrase() {
        for (question, phrases) in [("\"mesh\"", 0), ("\"service mesh\" \"edge\"", 1), ("\"a b\" \"c d\"", 2)]
        {
            assert_eq!(parsed(question).phrases.len(), phrases, "{question}");
        }
    }

    #[test]
    fn exclusions_are_stemmed_as_english_and_kept_as_typed() {
        assert_eq!(parsed("mesh -meshes").excluded_terms, [["mesh"], ["meshes"]]);
        assert_eq!(parsed("co-located events").excluded_terms, Vec::<Vec<String>>::new());
    }

    #[test]
    fn the_language_is_that_of_the_words() {
        for (question, language) in [
            ("Was haben die Leute über Service Mesh gesagt?", Language::De),
            ("what did people say about service mesh?", Language::En),
            ("会場はどこですか", Language::Ja),
        ] {
            assert_eq!(parsed(question).language, language, "{question}");
        }
    }
}
