//! What a sentence holds, whatever it is about: a number, a person, a day, a reason; or nothing worth citing.
//!
//! All of it is a guess from letters alone, used to order excerpts, never to word an answer.

mod numbers;

use super::answer_type::AnswerType;
use std::sync::LazyLock;

use takeaways_text::calendar::{is_weekday, month_from_name};
use takeaways_text::language::all_words;

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
        AnswerType::HowMany => Some(numbers::has_quantity(text) || words().any(is_number_word)),
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
    is_number_word(word) || numbers::has_quantity(word)
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
