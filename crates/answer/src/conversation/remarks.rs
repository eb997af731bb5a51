//! Messages, and beginnings of messages, that ask nothing: an accepted offer, `ok so`, a courtesy.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::{Phrases, Word, phrases_of, split_words};
use crate::question_syntax::is_quotation_mark;
use crate::small_talk::{find_remark, find_small_talk};
use takeaways_text::model::Language;
use takeaways_text::tokens::{detect_question_language, folding::fold};

/// Whether a message accepts an offer.
pub(super) fn accepts(words: &[Word]) -> bool {
    static YES: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.conversation.yes));
    YES.is(words)
}

static THANKS: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.messages.thanks));
static CHATTER: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.messages.chatter));

/// The minimum number of words of each of two questions: `and 2024? and 2025?` is one.
const MIN_QUESTION: usize = 3;

/// The two questions that a message asks: `how was it? who was there?` A question mark in quotes or in an address ends none.
pub(super) fn two_questions(text: &str) -> Option<(&str, &str)> {
    if text.contains(['"', '“', '”', '„', '«', '»']) || text.contains("://") {
        return None;
    }
    let (first, second) = text.split_at(text.find('?')? + 1);
    let second = second.strip_prefix(char::is_whitespace)?.trim();
    let is_question = |text: &str| split_words(text).len() >= MIN_QUESTION;
    let is_last = second.find('?') == second.len().checked_sub(1);
    (is_last && is_question(first) && is_question(second)).then_some((first, second))
}

/// The maximum number of markers before a question.
const MAX_MARKERS: usize = 4;

/// The maximum number of words of a courtesy: `s'il te plaît`.
const MAX_COURTESY: usize = 4;

/// Signs that set a marker off from the question after it.
const SET_OFF: [char; 8] = [',', '.', '!', ';', ':', '…', '–', '—'];

/// Returns a message without what says nothing before its question: `ok cool. who spoke first?`, `na ja, wie war es?` A message
/// of nothing else stays as it is.
pub(crate) fn without_markers(text: &str) -> &str {
    let words = split_words(text);
    if accepts(&words) || find_small_talk(text).or_else(|| find_remark(text)).is_some() {
        return text;
    }
    let language = detect_question_language(text);
    let mut rest = text;
    for _ in 0..MAX_MARKERS {
        let Some(after) = after_marker(rest, language).filter(|after| !split_words(after).is_empty()) else {
            break;
        };
        rest = after;
    }
    without_courtesy(rest)
}

/// A message with the short spellings of chats written out: `anything abt Istio?` What is quoted stays.
pub(crate) fn spelled_out(text: &str) -> Cow<'_, str> {
    static SPELLINGS: LazyLock<Vec<HashMap<String, &str>>> = LazyLock::new(|| {
        let of = |language: Language| {
            let entries = language.words().conversation.spellings.iter();
            entries.filter_map(|it| it.split_once(' ')).map(|(short, full)| (fold(short), full)).collect()
        };
        Language::ALL.into_iter().map(of).collect()
    });
    if text.contains(is_quotation_mark) {
        return Cow::Borrowed(text);
    }
    let words = split_words(text);
    let is_known = |spellings: &HashMap<String, &str>, word: &Word| {
        spellings.contains_key(&word.folded) && is_set_apart(text, word)
    };
    let count = |spellings: &HashMap<String, &str>| words.iter().filter(|it| is_known(spellings, it)).count();
    let language = detect_question_language(text);
    // "Wat r ppl sayin" has a Dutch word, and three English spellings.
    let by_spellings = SPELLINGS.iter().filter(|it| count(it) >= MIN_SPELLINGS).max_by_key(|it| count(it));
    let of_language = || Language::ALL.iter().zip(SPELLINGS.iter()).find(|(it, _)| **it == language);
    let Some(spellings) = by_spellings.or_else(|| of_language().map(|(_, it)| it)) else {
        return Cow::Borrowed(text);
    };
    let is_chat = count(spellings) >= MIN_SPELLINGS;
    let mut full = Cow::Borrowed(text);
    for word in words.into_iter().rev() {
        // A letter alone may be a name: R.
        let may_be_short = is_chat || word.folded.len() > 1;
        let meant = spellings.get(&word.folded).filter(|_| may_be_short && is_set_apart(text, &word));
        if let Some(meant) = meant {
            full.to_mut().replace_range(word.range, meant);
        } else if is_year_with_ending(&word.folded) {
            full.to_mut().replace_range(word.range.start + YEAR_DIGITS..word.range.end, "");
        }
    }
    full
}

/// A text with as many short spellings of a language is in it.
const MIN_SPELLINGS: usize = 2;
/// The number of digits of a year.
const YEAR_DIGITS: usize = 4;

/// Whether a word is a year as German writes it for what is of that year: `die 2023er`.
fn is_year_with_ending(word: &str) -> bool {
    let year = word.strip_suffix("er").filter(|year| year.len() == YEAR_DIGITS);
    year.is_some_and(|year| year.parse::<u16>().is_ok())
}

/// Whether blanks, or signs that end a sentence, stand around a word: the `r` of `/r/rust` and the `u` of `U-boot` are others.
pub(crate) fn is_set_apart(text: &str, word: &Word) -> bool {
    let before = text.get(..word.range.start).and_then(|text| text.chars().next_back());
    let after = text.get(word.range.end..).and_then(|text| text.chars().next());
    let is_small = text.get(word.range.clone()).is_some_and(|word| !word.starts_with(char::is_uppercase));
    is_small
        && before.is_none_or(|c| c.is_whitespace() || c == ',')
        && after.is_none_or(|c| c.is_whitespace() || matches!(c, '?' | ',' | '.' | '!'))
}

/// A message without a courtesy at its end: `recaps from RubyKaigi pls`.
fn without_courtesy(text: &str) -> &str {
    static COURTESIES: LazyLock<Phrases> =
        LazyLock::new(|| phrases_of(|words| &words.conversation.polite_words));
    let words = split_words(text);
    let is_courtesy = |at: &usize| words.get(*at..).is_some_and(|last| COURTESIES.is(last));
    let at = (words.len().saturating_sub(MAX_COURTESY)..words.len()).find(|at| *at > 1 && is_courtesy(at));
    let end = at.and_then(|at| words.get(at - 1)).map_or(text.len(), |word| word.range.end);
    text.get(..end).unwrap_or(text)
}

/// What stands after a marker; `None` if the message begins with none. Before a sign it may be one of any language, and any
/// chatter: `nice, …`, but not `nice talks`. What corrects the question before is none.
fn after_marker(text: &str, language: Language) -> Option<&str> {
    static MARKERS: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.conversation.markers));
    static OF_LANGUAGES: LazyLock<Vec<Phrases>> = LazyLock::new(|| {
        Language::ALL.iter().map(|it| Phrases::new(it.words().conversation.markers.iter())).collect()
    });
    /// What says something of the conversation: `no`, `never mind`.
    static OTHERS: LazyLock<[Phrases; 2]> = LazyLock::new(|| {
        [
            phrases_of(|words| &words.conversation.corrections),
            phrases_of(|words| &words.conversation.new_topic),
        ]
    });
    let words = split_words(text);
    let rest_after = |len: usize| text.get(words.get(len.checked_sub(1)?)?.range.end..);
    let any = MARKERS.match_at(&words, 0).max(CHATTER.match_at(&words, 0)).max(THANKS.match_at(&words, 0));
    let set_off = any
        .filter(|len| OTHERS.iter().all(|phrases| phrases.match_at(&words, 0) < Some(*len)))
        .and_then(rest_after);
    let is_sign = |rest: &&str| {
        let after = rest.trim_start().trim_start_matches(SET_OFF);
        after.len() < rest.trim_start().len() && after.starts_with(char::is_whitespace)
            || rest.starts_with(" - ")
    };
    let of_language = Language::ALL.iter().zip(OF_LANGUAGES.iter());
    let of_language = of_language.filter(|(it, _)| [language, Language::En].contains(it));
    let plain = || of_language.filter_map(|(_, phrases)| phrases.match_at(&words, 0)).max();
    let rest = set_off.filter(is_sign).or_else(|| plain().and_then(rest_after))?;
    let rest = rest.trim_start().trim_start_matches(SET_OFF).trim_start();
    Some(rest.strip_prefix("- ").unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_before_a_question_are_no_part_of_it() {
        for (text, rest) in [
            ("ok cool. who spoke first?", "who spoke first?"),
            ("lol ok. who went to FOSDEM", "who went to FOSDEM"),
            ("haha nice. unrelated but why", "unrelated but why"),
            ("btw what about Istio", "what about Istio"),
            ("na ja egal, wie war die KubeCon?", "wie war die KubeCon?"),
            ("bon alors, c'était comment ?", "c'était comment ?"),
            ("oye, ¿qué se dijo?", "¿qué se dijo?"),
            ("pois é, como foi?", "como foi?"),
            ("nice talks on Istio", "nice talks on Istio"),
            ("no, I meant Istio", "no, I meant Istio"),
            ("never mind. who won?", "never mind. who won?"),
            ("recaps from RubyKaigi pls", "recaps from RubyKaigi"),
            ("was it good lol", "was it good"),
            ("whatever. FOSDEM 2020", "FOSDEM 2020"),
            ("one last thing: is there a train?", "is there a train?"),
            ("ok do that", "ok do that"),
            ("also which talks were good", "also which talks were good"),
            ("lol ok", "lol ok"),
            ("merci beaucoup, bonne journée", "merci beaucoup, bonne journée"),
            ("", ""),
        ] {
            assert_eq!(without_markers(text), rest, "{text}");
        }
        for (text, full) in [
            ("what abt security", "what about security"),
            ("did ppl say sth on U-boot?", "did people say something on U-boot?"),
            ("posts on \"abt\" abt", "posts on \"abt\" abt"),
            ("r/rust", "r/rust"),
            ("talks on r", "talks on r"),
            ("wat r ppl sayin bout gitops lol", "what are people saying about gitops lol"),
            ("wat zeiden mensen over gitops", "wat zeiden mensen over gitops"),
            ("und die 2023er?", "und die 2023?"),
            ("gibts was zu Istio auf der Konferenz", "gibt es was zu Istio auf der Konferenz"),
        ] {
            assert_eq!(spelled_out(text), full, "{text}");
        }
        let two = "how was KubeCon? and who was there?";
        assert_eq!(two_questions(two), Some(("how was KubeCon?", "and who was there?")));
        let quoted = "what did \"Is it too complex?\" say about cost?";
        let address = "https://a.example/b?c=d e what was said there?";
        for one in [quoted, address, "and 2024? and 2025?", "how was KubeCon?", "how was it? Tell me.", "?"] {
            assert_eq!(two_questions(one), None, "{one}");
        }
        assert!(accepts(&split_words("Yes, please!")) && !accepts(&split_words("yes and in 2019?")));
    }
}
