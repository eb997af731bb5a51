//! What kind of thing a question asks for: a person, a number, a day, a reason.
//!
//! What a sentence holds, whatever it is about: a number, a person, a day, a reason; or nothing worth citing.
//!
//! All of it is a guess from letters alone, used to order excerpts, never to word an answer.
//!
//! Numbers that count something, told from letters alone: not years, ordinals, dates, versions or names.

use crate::question_syntax::QuestionWord;
use std::sync::LazyLock;
use takeaways_text::{
    calendar::{is_weekday, month_from_name},
    language::{LanguageWords, WordList, all_words, inner_words, whole_words},
};

/// What an answer to the question should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerType {
    /// A person or a company.
    Who,
    /// A day, a month or a year.
    When,
    /// A place.
    Where,
    /// A number.
    HowMany,
    /// A reason.
    Why,
    /// What something is, or what letters stand for.
    Meaning,
    /// What people made of an event as a whole.
    Impression,
    /// Anything else.
    Anything,
}

impl AnswerType {
    /// In a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::When => "when",
            Self::Where => "where",
            Self::HowMany => "how many",
            Self::Why => "why",
            Self::Meaning => "meaning",
            Self::Impression => "impression",
            Self::Anything => "anything",
        }
    }
}

/// Openings of questions in the languages of the posts. The longest that fits wins; `*` stands for any one word.
/// A whole question is asked in few forms, so a list is exact, quick and easy to extend.
static FORMS: LazyLock<Vec<(&str, AnswerType)>> = LazyLock::new(|| forms(whole_words));

/// Endings of Japanese, Chinese and Korean questions, which have no words to look at.
static CJK_FORMS: LazyLock<Vec<(&str, AnswerType)>> = LazyLock::new(|| forms(inner_words));

/// Puts one list of all languages together.
type MergeLists = fn(fn(&LanguageWords) -> &WordList) -> Vec<&'static str>;

/// The forms of each type in turn, from the lists that `merged` puts together.
fn forms(merged: MergeLists) -> Vec<(&'static str, AnswerType)> {
    let of = |asked, list| merged(list).into_iter().map(move |form| (form, asked));
    of(AnswerType::Who, |words| &words.questions.who)
        .chain(of(AnswerType::When, |words| &words.questions.when))
        .chain(of(AnswerType::Where, |words| &words.questions.r#where))
        .chain(of(AnswerType::HowMany, |words| &words.questions.how_many))
        .chain(of(AnswerType::Why, |words| &words.questions.why))
        .chain(of(AnswerType::Meaning, |words| &words.questions.meaning))
        .collect()
}

/// What the words ask for. The form that begins first counts, also behind a lead ("at KubeCon 2019, who …"), but not
/// where its word only joins two parts ("gotchas when putting …"); of two that begin together the longer one.
#[must_use]
pub fn detect_answer_type(words: &[QuestionWord], text: &str) -> AnswerType {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    for at in 0..lower.len() {
        let best = FORMS
            .iter()
            .filter(|(form, _)| matches_form(form, &lower[at..]))
            .max_by_key(|(form, _)| form.split(' ').count());
        if let Some(&(form, asked)) = best {
            let words_of_form = form.split(' ').count();
            if asked != AnswerType::HowMany && !may_begin_question(words, &lower, at, words_of_form, text) {
                continue;
            }
            let said = &lower[at + words_of_form..];
            let is_of_something = said.iter().any(|word| OF_SOMETHING.contains(&word.as_str()));
            return if asked == AnswerType::Meaning && is_of_something {
                AnswerType::Anything
            } else {
                asked
            };
        }
    }
    CJK_FORMS.iter().find(|(form, _)| text.contains(form)).map_or(AnswerType::Anything, |&(_, asked)| asked)
}

/// Whether a question may begin at a word: at the first one, behind a lead or a pause, or where little follows.
fn may_begin_question(
    words: &[QuestionWord],
    lower: &[String],
    at: usize,
    words_of_form: usize,
    text: &str,
) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    let between = text.get(words[before].range.end..words[at].range.start).unwrap_or_default();
    let pauses = between.contains(|c: char| !c.is_whitespace());
    pauses || LEADS.contains(&lower[0].as_str()) || at + words_of_form + 1 >= words.len()
}

/// What a question's lead begins with.
static LEADS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.lead_words));

/// Words with which "what is …" asks for something about a thing, not for what it is: "the price of Tilt", "new in
/// GitOps".
static OF_SOMETHING: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.questions.property_words));

/// Whether words begin with a form, in which `*` stands for any one word.
pub(super) fn matches_form(form: &str, words: &[String]) -> bool {
    let mut words = words.iter();
    form.split(' ').all(|part| words.next().is_some_and(|word| part == "*" || part == word))
}

/// Whether a stretch of text holds what is asked for; `None` where the question asks for nothing that letters show.
#[must_use]
pub fn matches_answer_type(asked: AnswerType, text: &str) -> Option<bool> {
    let words = || text.split_whitespace();
    match asked {
        AnswerType::Who => Some(has_person(&words().collect::<Vec<_>>())),
        AnswerType::When => Some(has_named_day(words()) || words().any(is_year) || has_digit_date(text)),
        AnswerType::Where => Some(
            has_place(&words().collect::<Vec<_>>())
                || PLACE_ENDINGS.iter().any(|ending| text.contains(ending)),
        ),
        AnswerType::HowMany => Some(has_quantity(text) || words().any(is_number_word)),
        AnswerType::Why => {
            let lower = text.to_lowercase();
            Some(REASONS.iter().any(|reason| lower.contains(reason)))
        }
        AnswerType::Meaning | AnswerType::Impression | AnswerType::Anything => None,
    }
}

/// Whether a stretch of text says nothing of the event: "watch the replay", "follow me".
#[must_use]
pub fn is_about_itself(text: &str) -> bool {
    let lower = text.to_lowercase();
    BOILERPLATE.iter().any(|phrase| lower.contains(phrase))
}

fn trim_punctuation(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether a word says how many: a number in digits or as a word, but no year, ordinal or version.
#[must_use]
pub fn is_number(word: &str) -> bool {
    is_number_word(word) || has_quantity(word)
}

fn is_number_word(word: &str) -> bool {
    NUMBER_WORDS.contains(&trim_punctuation(word).to_lowercase().as_str())
}

/// Two capitalised words in a row, the first not at the very start of the sentence unless both look like a name.
fn has_person(words: &[&str]) -> bool {
    let capital = |word: &str| {
        let word = trim_punctuation(word);
        word.starts_with(char::is_uppercase) && word.chars().skip(1).any(char::is_lowercase)
    };
    words.windows(2).any(|pair| {
        capital(pair[0]) && capital(pair[1]) && !pair[0].ends_with(['.', ',', ':', ';', '!', '?'])
    }) || words.iter().any(|word| word.len() > 2 && word.starts_with('@'))
}

fn has_place(words: &[&str]) -> bool {
    words.windows(2).any(|pair| {
        PLACE_PREPOSITIONS.contains(&pair[0]) && trim_punctuation(pair[1]).starts_with(char::is_uppercase)
    })
}

/// A month or weekday by its name, "yesterday" or "tomorrow". What is mostly another word counts with a capital that
/// does not begin the sentence.
fn has_named_day<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    let names = |(at, word): (usize, &str)| {
        let word = trim_punctuation(word);
        let is_another = MONTHS_WITH_OTHER_MEANINGS.contains(&word.to_lowercase().as_str());
        let is_plain = !is_another || at > 0 && word.starts_with(char::is_uppercase);
        is_plain && month_from_name(word).is_some() || is_weekday(word) || RELATIVE_DAYS.contains(&word)
    };
    words.enumerate().any(names)
}

fn is_year(word: &str) -> bool {
    let word = trim_punctuation(word);
    word.len() == 4 && word.parse().is_ok_and(|year: u16| (1990..=2100).contains(&year))
}

/// `2019/04/18`, `18.4.2019`, `2019-04-18`, `4月18日`; a version has three numbers too, but no year.
fn has_digit_date(sentence: &str) -> bool {
    let parts = sentence.split(|c: char| !c.is_ascii_digit() && !['/', '.', '-'].contains(&c));
    let dated = |part: &str| {
        ['/', '.', '-'].iter().any(|&mark| {
            let digits: Vec<&str> = part.split(mark).filter(|digits| !digits.is_empty()).collect();
            digits.len() == 3 && digits.iter().any(|digits| digits.len() == 4)
        })
    };
    parts.into_iter().any(dated) || sentence.contains('月') || sentence.contains('월')
}

static PLACE_PREPOSITIONS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.answers.place_prepositions));

static PLACE_ENDINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.answers.place_endings));

static MONTHS_WITH_OTHER_MEANINGS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.calendar.months_with_other_meanings));

static RELATIVE_DAYS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.calendar.relative_days));

static NUMBER_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.answers.number_words));

static REASONS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.answers.reasons));

/// What recaps say around their content. A sentence with one of these is cited only if nothing else is there.
static BOILERPLATE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.answers.asides));

/// What may stand right behind a number's digits.
const UNITS: &[&str] =
    &["", "k", "m", "x", "bn", "mn", "b", "gb", "tb", "mb", "kb", "ms", "s", "h", "min", "km", "usd", "eur"];
/// What makes a number a part of a date, in scripts without blanks.
const DATE_SUFFIXES: [char; 7] = ['年', '月', '日', '号', '년', '월', '일'];

/// Whether a text holds a number that counts something.
fn has_quantity(text: &str) -> bool {
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())) {
        let start = at + start;
        let rest = text.get(start..).unwrap_or_default();
        let len = number_length(rest);
        let (digits, after) = rest.split_at_checked(len).unwrap_or((rest, ""));
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        if is_quantity(before, digits, after) {
            return true;
        }
        at = start + len.max(1);
    }
    false
}

/// The length of the digits at the start of a text, with the marks that stand between digits.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_mark =
        |at: usize| bytes.get(at).is_some_and(|byte| matches!(byte, b'.' | b',' | b'\'' | b'/' | b':'));
    let mut len = 0;
    while is_digit(len) || is_mark(len) && is_digit(len + 1) {
        len += 1;
    }
    len
}

fn is_quantity(before: Option<char>, digits: &str, after: &str) -> bool {
    // `v1`, `KDE4`, `k8s`, `CVE-2019`, `#4`
    let is_named = before.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '#' | '/'));
    let unit: String = after.chars().take_while(char::is_ascii_alphabetic).collect();
    let next = after.chars().next();
    let is_date = next.is_some_and(|c| DATE_SUFFIXES.contains(&c)) || digits.contains('/');
    let is_time = digits.contains(':');
    let groups: Vec<&str> = digits.split(['.', ',', '\'']).collect();
    let is_version = groups.len() > 2 && groups.iter().skip(1).any(|group| group.len() != 3);
    let is_year = groups.len() == 1
        && digits.len() == 4
        && unit.is_empty()
        && digits.parse().is_ok_and(|year: u16| (1990..=2100).contains(&year));
    !(is_named || is_date || is_time || is_version || is_year)
        && UNITS.contains(&unit.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

    #[test]
    fn what_is_asked_for() {
        for (question, expected) in [
            ("Who gave the keynote?", AnswerType::Who),
            ("At KubeCon 2019, how many people came?", AnswerType::HowMany),
            ("roughly how much did it cost", AnswerType::HowMany),
            ("what does SMI stand for?", AnswerType::Meaning),
            ("what was said about storage", AnswerType::Anything),
            ("what's the price of Tilt?", AnswerType::Anything),
            ("what is eBPF?", AnswerType::Meaning),
            ("Wie viele Leute kamen?", AnswerType::HowMany),
            ("¿Dónde fue?", AnswerType::Where),
            ("会場はどこですか", AnswerType::Where),
            ("开源项目是谁写的", AnswerType::Who),
            ("service mesh", AnswerType::Anything),
            ("Any gotchas when putting Envoy behind Linkerd?", AnswerType::Anything),
            ("people who complained about the food", AnswerType::Anything),
            ("Fedora on a console, who showed that?", AnswerType::Who),
            ("do you know who gave the keynote", AnswerType::Who),
        ] {
            let typed = parse_syntax(question);
            assert_eq!(detect_answer_type(&typed.words, &typed.text), expected, "{question}");
        }
    }

    #[test]
    fn what_a_sentence_holds() {
        for (sentence, asked, holds) in [
            ("More than 8,000 came.", AnswerType::HowMany, true),
            ("Some came.", AnswerType::HowMany, false),
            ("A talk by Ada Lovelace.", AnswerType::Who, true),
            ("The talk was fine.", AnswerType::Who, false),
            ("It was held on 3 May.", AnswerType::When, true),
            ("2019/04/18 から", AnswerType::When, true),
            ("It may be version 1.2.3.", AnswerType::When, false),
            ("It was on a Sunday.", AnswerType::When, true),
            ("C'était en août.", AnswerType::When, true),
            ("It was held in Lyon.", AnswerType::Where, true),
            ("We left because of rain.", AnswerType::Why, true),
        ] {
            assert_eq!(matches_answer_type(asked, sentence), Some(holds), "{sentence}");
        }
    }

    #[test]
    fn what_counts_and_what_does_not() {
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
            ("in 2018, 300 came", true),
        ] {
            assert_eq!(has_quantity(text), expected, "{text}");
        }
    }
}
