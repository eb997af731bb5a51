//! The first step of understanding a question: what its words alone tell. Pure.
//!
//! Years in a question: "2019", "since 2018", "last year", "between 2017 and 2019".
//!
//! Scripts: where words end in questions that are written without blanks.

use crate::{
    answer_type::{AnswerType, detect_answer_type},
    question_syntax::{QuestionSyntax, QuestionWord, QuotedPhrase, parse_syntax},
};
use std::{ops::Range, sync::LazyLock};
use takeaways_text::{
    language::all_words,
    model::{Language, Question, Years},
    tokens::{detect_language, tokenize},
};

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

/// Years named in a question, and which words named them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedYears {
    /// The range of years.
    pub years: Years,
    /// Indices of the words that said so.
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

/// The years that the words name, seen from the year `now`; `None` where they name none.
///
/// Open ranges end with the year that it is. Several bare years give the range from the first to the last.
/// Words in `taken` (those of an event's name) are passed over.
#[must_use]
pub fn parse_years(words: &[QuestionWord], now: i16, taken: &dyn Fn(usize) -> bool) -> Option<NamedYears> {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    let mut found: Vec<(Years, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        match (!taken(at)).then(|| parse_years_at(&lower, at, now)).flatten() {
            Some((years, end)) => {
                found.push((years, at..end));
                at = end;
            }
            None => at += 1,
        }
    }
    let first = found.iter().map(|(years, _)| years.first).min()?;
    let last = found.iter().map(|(years, _)| years.last).max()?;
    Some(NamedYears {
        years: Years::between(first, last),
        words: found.into_iter().map(|(_, range)| range).collect(),
    })
}

/// What the words from `at` on name, and where that ends.
fn parse_years_at(lower: &[String], at: usize, now: i16) -> Option<(Years, usize)> {
    let word = lower.get(at)?.as_str();
    let next = lower.get(at + 1).map_or("", String::as_str);
    let next_year = year(next, now);
    let pair = format!("{word} {next}");
    if LAST_YEAR.contains(&pair.as_str()) {
        return Some((Years::single(now - 1), at + 2));
    }
    if THIS_YEAR.contains(&pair.as_str()) {
        return Some((Years::single(now), at + 2));
    }
    if let Some(then) = next_year {
        if SINCE.contains(&word) || BETWEEN.contains(&word) {
            return Some((open_or_range(lower, at, then, now), range_end(lower, at, now)));
        }
        if AFTER.contains(&word) {
            return Some((Years::between(then.saturating_add(1).min(now), now), at + 2));
        }
        if BEFORE.contains(&word) {
            return Some((Years::between(FIRST, then - 1), at + 2));
        }
        if UNTIL.contains(&word) {
            return Some((Years::between(FIRST, then), at + 2));
        }
    }
    if let Some((first, last)) = word.split_once('-')
        && let (Some(first), Some(last)) = (year(first, now), year(last, now))
    {
        return Some((Years::between(first, last), at + 1));
    }
    year(word, now).map(|year| (Years::single(year), at + 1))
}

/// `since 2018` is open, `between 2017 and 2019` and `from 2017 to 2019` are closed.
fn open_or_range(lower: &[String], at: usize, first: i16, now: i16) -> Years {
    Years::between(first, second_year(lower, at, now).unwrap_or(now))
}

fn range_end(lower: &[String], at: usize, now: i16) -> usize {
    if second_year(lower, at, now).is_some() { at + 4 } else { at + 2 }
}

/// The year after `and` or `to` in `between 2017 and 2019`.
fn second_year(lower: &[String], at: usize, now: i16) -> Option<i16> {
    let joins = RANGE_JOINERS.contains(&lower.get(at + 2)?.as_str());
    joins.then(|| year(lower.get(at + 3)?, now)).flatten()
}

/// Four digits that can be the year of a post; `2019s`, `the 2019th` and `12,019` are none.
fn year(word: &str, now: i16) -> Option<i16> {
    let digits = YEAR_ENDINGS.iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|year| (FIRST..=now.saturating_add(2)).contains(year))
}

/// The script of a letter, as far as it tells words apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Letters and digits of languages that put blanks between words.
    Spaced,
    /// Chinese characters.
    Han,
    /// In Japanese mostly grammar.
    Hiragana,
    /// In Japanese mostly loan words.
    Katakana,
    /// Korean: blanks between words, endings attached to them.
    Hangul,
}

impl Script {
    /// Of a letter; signs and marks count as the script that they stand in, so they are `Spaced` by themselves.
    #[must_use]
    pub fn of_char(c: char) -> Self {
        match c {
            '\u{3040}'..='\u{309f}' => Self::Hiragana,
            '\u{30a0}'..='\u{30ff}' => Self::Katakana,
            '\u{ac00}'..='\u{d7af}' => Self::Hangul,
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Self::Han,
            _ => Self::Spaced,
        }
    }

    /// Whether words of it are looked for by pairs of letters.
    #[must_use]
    pub fn uses_bigrams(self) -> bool {
        self != Self::Spaced
    }
}

/// The stretches of one script in a word, in order; the whole word where it has one only.
#[must_use]
pub fn split_by_script(word: &str) -> Vec<Range<usize>> {
    let mut parts: Vec<(Script, Range<usize>)> = Vec::new();
    for (at, c) in word.char_indices() {
        let (script, end) = (Script::of_char(c), at + c.len_utf8());
        match parts.last_mut() {
            Some((last, part)) if *last == script => part.end = end,
            _ => parts.push((script, at..end)),
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// Words of a Chinese question, and endings of a Korean one, that are in no answer.
static QUESTION_WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.questions.uninformative));

/// What is left of a stretch of paired letters without question words and grammar: nothing of Hiragana, which
/// is grammar in Japanese.
#[must_use]
pub fn content_parts(stretch: &str) -> Vec<&str> {
    if stretch.chars().all(|c| Script::of_char(c) == Script::Hiragana) {
        return Vec::new();
    }
    let mut parts = vec![stretch];
    for word in QUESTION_WORDS.iter() {
        parts = parts.into_iter().flat_map(|part| part.split(word)).filter(|part| !part.is_empty()).collect();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;

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

    #[test]
    fn years_in_a_question() {
        for (typed, years) in [
            ("what about 2019?", Some((2019, 2019))),
            ("since 2018", Some((2018, 2020))), // open ranges end with the year that it is
            ("before 2019", Some((1990, 2018))),
            ("after 2018", Some((2019, 2020))),
            ("between 2017 and 2019", Some((2017, 2019))),
            ("from 2016 to 2018", Some((2016, 2018))),
            ("2016-2018", Some((2016, 2018))),
            ("in 2016 or in 2018", Some((2016, 2018))),
            ("last year", Some((2019, 2019))),
            ("the 2019th example", None), // an ordinal is no year
            ("12,019 people", None),
            ("port 8080", None),
            ("2145", None),
        ] {
            let words = parse_syntax(typed).words;
            let named =
                parse_years(&words, 2020, &|_| false).map(|named| (named.years.first, named.years.last));
            assert_eq!(named, years, "{typed}");
        }
    }

    #[test]
    fn words_end_where_the_script_changes() {
        for (word, expected) in [
            ("会場はどこですか", vec!["会場", "はどこですか"]),
            ("RubyKaigi2019の開催日は", vec!["RubyKaigi2019", "の", "開催日", "は"]),
            ("re:Invent", vec!["re:Invent"]),
            ("파이콘", vec!["파이콘"]),
        ] {
            let parts: Vec<&str> = split_by_script(word).into_iter().map(|part| &word[part]).collect();
            assert_eq!(parts, expected, "{word}");
        }
    }

    #[test]
    fn question_words_say_nothing() {
        assert_eq!(content_parts("提取码是什么"), ["提取码"]);
        assert_eq!(content_parts("はどこですか"), Vec::<&str>::new());
        assert_eq!(content_parts("カンファレンス"), ["カンファレンス"]);
    }
}
