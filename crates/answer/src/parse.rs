//! The first step: parses a question into its syntax, language, answer type and years, from the words alone. Pure.

use crate::{
    answer_type::{AnswerType, detect_answer_type},
    question_syntax::{QuestionSyntax, QuestionWord, QuotedPhrase, parse_syntax},
    word_forms::{PostLanguages, word_forms},
};
use std::{ops::Range, sync::LazyLock};
use takeaways_search::Alternative;
use takeaways_text::{
    language::all_words,
    model::{Language, LanguageSet, Question, Years},
    tokens::detect_question_language,
};

/// A question whose names are not resolved yet.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedQuestion {
    /// Its words, quotes, exclusions and prefixes.
    pub syntax: QuestionSyntax,
    /// The language, as far as so few words tell.
    pub language: Language,
    /// The kind of answer that is asked for.
    pub answer_type: AnswerType,
    /// The quoted phrases.
    pub phrases: Vec<QuotedPhrase>,
    /// The forms of words that no answer may contain, in each language.
    pub excluded_forms: Vec<Alternative>,
}

/// Parses a question. Never fails: every text is a question.
#[must_use]
pub fn parse(question: &Question) -> ParsedQuestion {
    let syntax = parse_syntax(question.text());
    ParsedQuestion {
        language: detect_question_language(&syntax.text),
        answer_type: detect_answer_type(&syntax.words, &syntax.text),
        phrases: syntax.phrases.iter().filter_map(|range| QuotedPhrase::new(&syntax, range)).collect(),
        excluded_forms: excluded_forms(&syntax),
        syntax,
    }
}

/// Returns the forms of excluded words. The languages of the posts are not known here.
fn excluded_forms(syntax: &QuestionSyntax) -> Vec<Alternative> {
    const LANGUAGES: PostLanguages<'_> = PostLanguages { frequent: &Language::ALL, all: LanguageSet::ALL };
    syntax.excluded.iter().flat_map(|word| word_forms(word, 1.0, LANGUAGES)).collect()
}

/// The years that a question names: "2019", "since 2018", "last year", "between 2017 and 2019".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedYears {
    /// The range of years.
    pub years: Years,
    /// Indices of the words that name them.
    pub words: Vec<Range<usize>>,
}

const FIRST: i16 = Years::FIRST;

static LAST_YEAR: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.last_year));
static THIS_YEAR: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.this_year));
static SINCE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.since));
static AFTER: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.after));
static BEFORE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.before));
static UNTIL: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.until));
static BETWEEN: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.between));
static RANGE_JOINERS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.range_joiners));
static YEAR_ENDINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.year_endings));

/// Returns the years that the words name; `None` if they name none. `now` is the current year, in which open ranges
/// end.
///
/// Several years give the range from the first to the last. Words that are `is_consumed` (those of an event's name) are
/// skipped.
#[must_use]
pub fn parse_years(
    words: &[QuestionWord],
    now: i16,
    is_consumed: &dyn Fn(usize) -> bool,
) -> Option<NamedYears> {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    let mut named: Vec<(Years, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        match (!is_consumed(at)).then(|| parse_years_at(&lower, at, now)).flatten() {
            Some((years, end)) => {
                named.push((years, at..end));
                at = end;
            }
            None => at += 1,
        }
    }
    let first = named.iter().map(|(years, _)| years.first).min()?;
    let last = named.iter().map(|(years, _)| years.last).max()?;
    Some(NamedYears {
        years: Years::between(first, last),
        words: named.into_iter().map(|(_, range)| range).collect(),
    })
}

/// Returns the years that the words at `at` name, and the index after these words.
fn parse_years_at(lower: &[String], at: usize, now: i16) -> Option<(Years, usize)> {
    let word = lower.get(at)?.as_str();
    let next = lower.get(at + 1).map_or("", String::as_str);
    let next_year = parse_year(next, now);
    let pair = format!("{word} {next}");
    if LAST_YEAR.contains(&pair.as_str()) {
        return Some((Years::single(now - 1), at + 2));
    }
    if THIS_YEAR.contains(&pair.as_str()) {
        return Some((Years::single(now), at + 2));
    }
    if let Some(year) = next_year {
        if SINCE.contains(&word) || BETWEEN.contains(&word) {
            return Some((open_or_range(lower, at, year, now), range_end(lower, at, now)));
        }
        if AFTER.contains(&word) {
            return Some((Years::between(year.saturating_add(1).min(now), now), at + 2));
        }
        if BEFORE.contains(&word) {
            return Some((Years::between(FIRST, year - 1), at + 2));
        }
        if UNTIL.contains(&word) {
            return Some((Years::between(FIRST, year), at + 2));
        }
    }
    if let Some((first, last)) = word.split_once('-')
        && let (Some(first), Some(last)) = (parse_year(first, now), parse_year(last, now))
    {
        return Some((Years::between(first, last), at + 1));
    }
    parse_year(word, now).map(|year| (Years::single(year), at + 1))
}

/// Returns the range of "since 2018", which is open, or of "between 2017 and 2019", which is closed.
fn open_or_range(lower: &[String], at: usize, first: i16, now: i16) -> Years {
    Years::between(first, second_year(lower, at, now).unwrap_or(now))
}

fn range_end(lower: &[String], at: usize, now: i16) -> usize {
    if second_year(lower, at, now).is_some() { at + 4 } else { at + 2 }
}

/// Returns the year after "and" or "to" in "between 2017 and 2019".
fn second_year(lower: &[String], at: usize, now: i16) -> Option<i16> {
    let joins = RANGE_JOINERS.contains(&lower.get(at + 2)?.as_str());
    joins.then(|| parse_year(lower.get(at + 3)?, now)).flatten()
}

/// Returns the year of a post, from four digits. "2019s", "the 2019th" and "12,019" are not years.
fn parse_year(word: &str, now: i16) -> Option<i16> {
    let digits = YEAR_ENDINGS.iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|year| (FIRST..=now.saturating_add(2)).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

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
        ] {
            assert_eq!(parsed(question).language, language, "{question}");
        }
    }

    #[test]
    fn years_in_a_question() {
        for (question, years) in [
            ("what about 2019?", Some((2019, 2019))),
            ("since 2018", Some((2018, 2020))), // open ranges end in the current year
            ("before 2019", Some((1990, 2018))),
            ("after 2018", Some((2019, 2020))),
            ("between 2017 and 2019", Some((2017, 2019))),
            ("from 2016 to 2018", Some((2016, 2018))),
            ("2016-2018", Some((2016, 2018))),
            ("in 2016 or in 2018", Some((2016, 2018))),
            ("last year", Some((2019, 2019))),
            ("the 2019th example", None), // an ordinal is not a year
            ("12,019 people", None),
            ("port 8080", None),
            ("2145", None),
        ] {
            let words = parse_syntax(question).words;
            let named =
                parse_years(&words, 2020, &|_| false).map(|named| (named.years.first, named.years.last));
            assert_eq!(named, years, "{question}");
        }
    }
}
