//! Answer types: which kind of answer a question asks for, and whether a text has it. Both are guesses from the letters
//! alone; they order excerpts and never word an answer.

mod names;
mod quantity;

use crate::question_syntax::QuestionWord;
use names::{has_company, has_person};
use quantity::has_quantity;
use std::ops::Range;
use std::sync::LazyLock;
use takeaways_text::{
    calendar::{is_weekday, month_from_name},
    language::{self, LanguageWords, WordList, inner_words, whole_words},
    phrases::PhraseTable,
    tokens::folding::trim_punctuation,
};

/// The kind of answer that a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerType {
    /// A person.
    Who,
    /// A company.
    Company,
    /// A project or a product.
    Project,
    /// A day, a month or a year.
    When,
    /// A place.
    Where,
    /// A number.
    HowMany,
    /// A reason.
    Why,
    /// What something is.
    Meaning,
    /// What an abbreviation stands for.
    Expansion,
    /// How people liked an event as a whole.
    Impression,
    /// Anything else.
    Anything,
}

impl AnswerType {
    /// Whether it is what a thing or an abbreviation means.
    pub(crate) fn is_meaning(self) -> bool {
        matches!(self, Self::Meaning | Self::Expansion)
    }

    /// Returns the name in explanations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::Company => "company",
            Self::Project => "project",
            Self::When => "when",
            Self::Where => "where",
            Self::HowMany => "how many",
            Self::Why => "why",
            Self::Meaning => "meaning",
            Self::Expansion => "expansion",
            Self::Impression => "impression",
            Self::Anything => "anything",
        }
    }
}

/// The first words of questions in the languages of the posts, in lower case; `*` is any one word. Questions have few
/// forms, so a list is exact, fast and easy to extend.
static QUESTION_FORMS: LazyLock<PhraseTable<AnswerType>> =
    LazyLock::new(|| forms(whole_words).into_iter().collect());

/// The parts of Japanese, Chinese and Korean questions, which have no words to compare.
static CJK_QUESTION_FORMS: LazyLock<Vec<(&str, AnswerType)>> = LazyLock::new(|| forms(inner_words));

/// Merges one list of all languages.
type MergeLists = fn(ListOf) -> Vec<&'static str>;

/// Returns one list of a language.
type ListOf = fn(&LanguageWords) -> &WordList;

/// Returns the question forms of each type in turn.
fn forms(merge: MergeLists) -> Vec<(&'static str, AnswerType)> {
    let lists: [(AnswerType, ListOf); 10] = [
        (AnswerType::Who, |words| &words.questions.who),
        (AnswerType::Company, |words| &words.questions.company),
        (AnswerType::Company, |words| &words.questions.company_of_kind),
        (AnswerType::Project, |words| &words.questions.project),
        (AnswerType::When, |words| &words.questions.when),
        (AnswerType::Where, |words| &words.questions.r#where),
        (AnswerType::HowMany, |words| &words.questions.how_many),
        (AnswerType::Why, |words| &words.questions.why),
        (AnswerType::Expansion, |words| &words.questions.expansion),
        (AnswerType::Meaning, |words| &words.questions.meaning),
    ];
    let with_type = |(answer_type, list)| merge(list).into_iter().map(move |form| (form, answer_type));
    lists.into_iter().flat_map(with_type).collect()
}

/// The maximum number of words after "what is" that may name what is to be defined. More ask for something else: "what is Ann
/// afraid might happen to her logs?".
const MAX_NAME_WORDS: usize = 6;

/// Detects the answer type. The first question form counts, also after a lead-in ("at KubeCon 2019, who …"); of two
/// forms at one place the longer one counts. A form inside a sentence ("gotchas when putting …") does not.
pub fn detect_answer_type(words: &[QuestionWord], text: &str) -> AnswerType {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    for at in 0..lower.len() {
        if let Some((form_words, &answer_type)) = QUESTION_FORMS.matches_at(lower.as_slice(), at).next() {
            let begins = || may_begin_question(words, &lower, at, form_words, text);
            // "CRD stands for?", but not "what does the first half stand for?"
            let is_of_one_word = answer_type != AnswerType::Expansion || at <= 1;
            if answer_type != AnswerType::HowMany && !(begins() && is_of_one_word) {
                continue;
            }
            let asks_property = lower[at + form_words..]
                .iter()
                .any(|it| language::all().questions.property_words.contains(it.as_str()));
            let rest = lower.len() - at - form_words;
            let asks_more = answer_type == AnswerType::Meaning && (asks_property || rest > MAX_NAME_WORDS);
            return if asks_more { AnswerType::Anything } else { answer_type };
        }
    }
    let form = CJK_QUESTION_FORMS.iter().find(|(form, _)| text.contains(form));
    form.map_or(AnswerType::Anything, |&(_, answer_type)| answer_type)
}

/// Returns the words of the question form of a type: `which company`.
pub(crate) fn words_of_form(words: &[QuestionWord], answer_type: AnswerType) -> Range<usize> {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    let form = |at: usize| {
        let mut forms = QUESTION_FORMS.matches_at(lower.as_slice(), at);
        forms.find(|(_, of)| **of == answer_type).map(|(len, _)| at..at + len)
    };
    (0..lower.len()).find_map(form).unwrap_or_default()
}

/// Whether a question may begin at a word: at the first one, after a lead-in or a pause, or if at most one word
/// follows.
fn may_begin_question(
    words: &[QuestionWord],
    lower: &[String],
    at: usize,
    form_words: usize,
    text: &str,
) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    let between = text.get(words[before].range.end..words[at].range.start).unwrap_or_default();
    let is_after_pause = between.contains(|c: char| !c.is_whitespace());
    is_after_pause
        || language::all().questions.lead_words.contains(lower[0].as_str())
        || at + form_words + 1 >= words.len()
}

/// Whether a text has this kind of answer; `None` if letters can't show it.
pub fn matches_answer_type(answer_type: AnswerType, text: &str) -> Option<bool> {
    let words = || text.split_whitespace();
    match answer_type {
        AnswerType::Who => Some(has_person(&words().collect::<Vec<_>>())),
        AnswerType::Company => Some(has_company(&words().collect::<Vec<_>>())),
        AnswerType::When => Some(has_named_day(words()) || words().any(is_year) || has_digit_date(text)),
        AnswerType::Where => Some(
            has_place(&words().collect::<Vec<_>>())
                || language::all().answers.place_endings.iter().any(|ending| text.contains(ending)),
        ),
        AnswerType::HowMany => Some(has_quantity(text) || words().any(is_number_word)),
        AnswerType::Why => {
            let lower = text.to_lowercase();
            Some(language::all().answers.reasons.iter().any(|reason| lower.contains(reason)))
        }
        AnswerType::Project
        | AnswerType::Meaning
        | AnswerType::Expansion
        | AnswerType::Impression
        | AnswerType::Anything => None,
    }
}

/// Whether a word is a quantity, in digits or as a word. A year, an ordinal or a version is not one.
pub fn is_number(word: &str) -> bool {
    is_number_word(word) || has_quantity(word)
}

fn is_number_word(word: &str) -> bool {
    language::all().answers.number_words.contains(trim_punctuation(word).to_lowercase().as_str())
}

fn has_place(words: &[&str]) -> bool {
    words.windows(2).any(|pair| {
        // "In Barcelona" may begin a sentence.
        language::all().answers.place_prepositions.contains(pair[0].to_lowercase().as_str())
            && trim_punctuation(pair[1]).starts_with(char::is_uppercase)
    })
}

/// Whether there is the name of a month or weekday, or a word like "yesterday". A month that is mostly another word
/// ("may") needs a capital and may not be the first word.
fn has_named_day<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    let is_day = |(at, word): (usize, &str)| {
        let word = trim_punctuation(word);
        let is_ambiguous =
            language::all().calendar.months_with_other_meanings.contains(word.to_lowercase().as_str());
        let is_month_like = !is_ambiguous || at > 0 && word.starts_with(char::is_uppercase);
        is_month_like && month_from_name(word).is_some()
            || is_weekday(word)
            || language::all().calendar.relative_days.has_word(word)
    };
    words.enumerate().any(is_day)
}

fn is_year(word: &str) -> bool {
    let word = trim_punctuation(word);
    word.len() == 4 && word.parse().is_ok_and(|year: u16| (1990..=2100).contains(&year))
}

/// Whether there is a date like `2019/04/18`, `18.4.2019`, `2019-04-18` or `4月18日`. A version has three numbers too,
/// but no year.
fn has_digit_date(sentence: &str) -> bool {
    let parts = sentence.split(|c: char| !c.is_ascii_digit() && !['/', '.', '-'].contains(&c));
    let is_date = |part: &str| {
        ['/', '.', '-'].iter().any(|&mark| {
            let digits = || part.split(mark).filter(|digits| !digits.is_empty());
            digits().count() == 3 && digits().any(|digits| digits.len() == 4)
        })
    };
    parts.filter(|part| !part.is_empty()).any(is_date) || sentence.contains('月') || sentence.contains('월')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn questions_have_answer_types() {
        for (question, expected) in [
            ("Who gave the keynote?", AnswerType::Who),
            ("At KubeCon 2019, how many people came?", AnswerType::HowMany),
            ("roughly how much did it cost", AnswerType::HowMany),
            ("what does SMI stand for?", AnswerType::Expansion),
            ("what's KIND short for", AnswerType::Expansion),
            ("CRD stands for?", AnswerType::Expansion),
            ("what does the first half of Mesh-Week stand for?", AnswerType::Anything),
            ("Wofür steht SIG?", AnswerType::Expansion),
            ("what was said about storage", AnswerType::Anything),
            ("what's the price of Tilt?", AnswerType::Anything),
            ("what is eBPF?", AnswerType::Meaning),
            ("what is Ann afraid might happen to the logs of her team?", AnswerType::Anything),
            ("Wie viele Leute kamen?", AnswerType::HowMany),
            ("¿Dónde fue?", AnswerType::Where),
            ("会場はどこですか", AnswerType::Where),
            ("开源项目是谁写的", AnswerType::Who),
            ("service mesh", AnswerType::Anything),
            ("Any gotchas when putting Envoy behind Linkerd?", AnswerType::Anything),
            ("people who complained about the food", AnswerType::Anything),
            ("Fedora on a console, who showed that?", AnswerType::Who),
            ("do you know who gave the keynote", AnswerType::Who),
            ("which company gave the keynote?", AnswerType::Company),
            ("which Swiss bank gave the keynote?", AnswerType::Company),
            ("Quelle entreprise a parlé ?", AnswerType::Company),
            ("Which tools were shown?", AnswerType::Project),
            ("Quels outils ont été présentés ?", AnswerType::Project),
        ] {
            let syntax = parse_syntax(question);
            assert_eq!(detect_answer_type(&syntax.words, &syntax.text), expected, "{question}");
        }
    }

    #[test]
    fn texts_match_answer_types() {
        for (sentence, answer_type, expected) in [
            ("More than 8,000 came.", AnswerType::HowMany, true),
            ("Some came.", AnswerType::HowMany, false),
            ("A talk by Ada Lovelace.", AnswerType::Who, true),
            ("A talk by Thandeka Mokoena.", AnswerType::Who, true),
            ("A talk by @ada.", AnswerType::Who, true),
            ("A talk on Machine Learning.", AnswerType::Who, false),
            ("A talk on Google Cloud.", AnswerType::Who, false),
            ("The talk was fine.", AnswerType::Who, false),
            ("A talk by Acme about meshes.", AnswerType::Company, true),
            ("Acme. It was good.", AnswerType::Company, false),
            ("Google. It was good.", AnswerType::Company, true),
            ("We saw Anna Lovelace on Monday.", AnswerType::Company, false),
            ("The talk on Kubernetes was Good.", AnswerType::Company, false),
            ("It was held on 3 May.", AnswerType::When, true),
            ("2019/04/18 から", AnswerType::When, true),
            ("It may be version 1.2.3.", AnswerType::When, false),
            ("It was on a Sunday.", AnswerType::When, true),
            ("Yesterday we met Ann.", AnswerType::When, true),
            ("C'était en août.", AnswerType::When, true),
            ("It was held in Lyon.", AnswerType::Where, true),
            ("In Lyon we met Ann.", AnswerType::Where, true),
            ("We left because of rain.", AnswerType::Why, true),
        ] {
            assert_eq!(matches_answer_type(answer_type, sentence), Some(expected), "{sentence}");
        }
    }

    #[test]
    fn quantities_are_not_years_dates_or_versions() {
        for (text, expected) in [
            ("8,000 people", true),
            ("12.000 Besucher", true),
            ("10k+", true),
            ("some 1.5x", true),
            ("50% of them", true),
            ("$20 a month", true),
            ("a 4-day event", true),
            ("8000人が", true),
            ("300명", true),
            ("in 2018", false),
            ("2018年10月25日", false),
            ("the 3rd talk", false),
            ("1.2.3", false),
            ("v1.16", false),
            ("KDE4", false),
            ("CVE-2019-11", false),
            ("at 10:30", false),
            ("04/18", false),
            ("k8s", false),
            ("none", false),
            ("nice <3", false),
            ("100PB of storage", true),
            ("in 2018, 300 came", true),
        ] {
            assert_eq!(has_quantity(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_digits_or_words() {
        for (word, expected) in
            [("8,000", true), ("eighty", true), ("Twelve,", true), ("2018", false), ("mesh", false)]
        {
            assert_eq!(is_number(word), expected, "{word}");
        }
    }
}
