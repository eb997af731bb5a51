//! Recognises messages that are not questions: greetings, thanks, chatter, calls for help, signs without words.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::conversation::{Phrases, Word, phrases_of, split_words};
use crate::people::is_of_recaps;
use crate::times::{NamedTime, find_since_day, find_times};
use takeaways_text::language::{self, LanguageWords, QuestionWords, WordList};
use takeaways_text::model::Language;
use takeaways_text::phrases::PhraseTable;
use takeaways_text::tokens::{detect_question_language, is_any_stop_word};

/// A message that is not a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmallTalk {
    /// It asks what the bot does, also after a greeting: "hi, what can you do?"
    HelpRequest,
    /// It asks for the newest posts, also after a greeting: "hi, what's new?"
    NewestPosts {
        /// The first day that they may be from: "what's new since Monday?"
        since: Option<Date>,
    },
    /// It greets: "hi all".
    Greeting,
    /// It thanks, also with chatter: "ok thanks".
    Thanks,
    /// It says something that needs no answer: "ok", "lol ok", "bye".
    Chatter,
    /// It has no words: only emoji, mentions, addresses or signs.
    Wordless,
}

const NEWEST_POSTS: SmallTalk = SmallTalk::NewestPosts { since: None };

/// The phrases of small talk in all languages. Those without a kind may follow others: "everyone".
static PHRASES: LazyLock<PhraseTable<Option<SmallTalk>>> = LazyLock::new(|| {
    let words = &language::all().messages;
    // Split as messages are, so that accents make no difference.
    let lists = [
        (&words.calls_for_help, Some(SmallTalk::HelpRequest)),
        (&words.newest_posts, Some(NEWEST_POSTS)),
        (&words.greetings, Some(SmallTalk::Greeting)),
        (&words.thanks, Some(SmallTalk::Thanks)),
        (&words.chatter, Some(SmallTalk::Chatter)),
        (&words.addressees, None),
    ];
    let mut table = PhraseTable::default();
    for (list, kind) in lists {
        list.iter().for_each(|it| table.add_words(split_words(it).iter().map(AsRef::as_ref), kind));
    }
    table
});

/// Returns the kind of small talk that a message is; `None` if it is a question.
///
/// All its words must be known phrases of small talk: "thanks, and what about Helm?" is a question.
pub fn find_small_talk(text: &str) -> Option<SmallTalk> {
    let words = words_of_message(text);
    if words.is_empty() {
        return Some(SmallTalk::Wordless);
    }
    let found = kinds_of(&words, &Phrases::default())?;
    let order =
        [SmallTalk::HelpRequest, NEWEST_POSTS, SmallTalk::Greeting, SmallTalk::Thanks, SmallTalk::Chatter];
    order.into_iter().find(|kind| found.contains(&Some(*kind)))
}

/// Returns what a message is that asks for the newest posts since a day: `what's new since June?`; `None` if it is another one.
pub fn find_newest_since(text: &str, today: Date) -> Option<SmallTalk> {
    let is_newest = |range: &Range<usize>| {
        let (before, after) = (text.get(..range.start), text.get(range.end..));
        let rest = before.zip(after).map(|(before, after)| format!("{before} {after}"));
        rest.is_some_and(|rest| find_small_talk(&rest) == Some(NEWEST_POSTS))
    };
    if let Some((_, day)) = find_since_day(text, today).filter(|(range, _)| is_newest(range)) {
        return Some(SmallTalk::NewestPosts { since: Some(day) });
    }
    let times = find_times(text, &[], today);
    let [NamedTime { range, period, .. }] = times.as_slice() else { return None };
    (is_newest(range) && period.last >= today).then_some(SmallTalk::NewestPosts { since: Some(period.first) })
}

/// The maximum number of words of a remark.
const MAX_REMARK: usize = 10;

/// Returns the thanks that a message is that goes on with a conversation: it begins with thanks or chatter and only remarks on the
/// answer (`thank you, that helps a lot`), or thanks and asks nothing (`sounds lovely, thank you so much!`).
pub(crate) fn find_remark(text: &str) -> Option<SmallTalk> {
    static REMARKS: LazyLock<Phrases> =
        LazyLock::new(|| phrases_of(|words| &words.conversation.remark_words));
    let words = words_of_message(text);
    if words.len() > MAX_REMARK {
        return None;
    }
    let is_talk = |kind: &Option<SmallTalk>| matches!(kind, Some(SmallTalk::Thanks | SmallTalk::Chatter));
    let remarks = kinds_of(&words, &REMARKS).is_some_and(|found| found.first().is_some_and(is_talk));
    (remarks || thanks_only(text, &words)).then_some(SmallTalk::Thanks)
}

/// Whether a message has thanks and asks nothing.
fn thanks_only(text: &str, words: &[Word]) -> bool {
    let LanguageWords { questions, conversation, .. } = detect_question_language(text).words();
    let QuestionWords { who, when, r#where, why, how_many, .. } = questions;
    let asking = [who, when, r#where, why, how_many, &conversation.asking_words];
    let thanks = |at| PHRASES.matches_at(words, at).any(|(_, kind)| *kind == Some(SmallTalk::Thanks));
    let asks = |phrase| (0..words.len()).any(|at| begins_with(&words[at..], phrase));
    !text.contains(['?', '？'])
        && (0..words.len()).any(thanks)
        && !asking.into_iter().flat_map(WordList::iter).any(asks)
        && !is_of_recaps(text)
}

/// The kinds of the phrases of small talk that a message consists of, in order; `None` if it has other words. `others` are phrases
/// of no kind that it may have, too. The longest phrase counts: "thank you very much" begins with "thank you".
fn kinds_of(words: &[Word], others: &Phrases) -> Option<Vec<Option<SmallTalk>>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < words.len() {
        let other = others.match_at(words, at).map(|len| (len, None));
        let known = PHRASES.matches_at(words, at).next().map(|(len, kind)| (len, *kind));
        let (len, kind) = other.into_iter().chain(known).max_by_key(|(len, _)| *len)?;
        found.push(kind);
        at += len;
    }
    Some(found)
}

/// The language of a message of small talk: that of the conversation, if the message may be in it; else English, if it may be;
/// else the first whose list has its first words.
pub fn small_talk_language(text: &str, conversation: Option<Language>) -> Language {
    let message = words_of_message(text);
    let is_of = |language: &Language| {
        let words = &language.words().messages;
        let lists =
            [&words.thanks, &words.greetings, &words.chatter, &words.calls_for_help, &words.newest_posts];
        let mut phrases = lists.into_iter().flat_map(WordList::iter);
        phrases.any(|phrase| begins_with(&message, phrase))
    };
    let preferred = conversation.into_iter().chain([Language::En]).chain(Language::ALL);
    preferred.into_iter().find(is_of).or(conversation).unwrap_or(Language::En)
}

/// Returns a question without the greeting before it: `hi, who spoke first?` A greeting with nothing after it stays, and so
/// does a word of the question: `hello world`.
pub(crate) fn without_greeting(text: &str) -> &str {
    if find_small_talk(text).is_some() {
        return text;
    }
    let is_greeting = |words: &str| {
        let words = words_of_message(words);
        let is_addressee = |at: usize| {
            PHRASES
                .matches_at(words.as_slice(), at)
                .any(|(len, kind)| kind.is_none() && at + len == words.len())
        };
        PHRASES.matches_at(words.as_slice(), 0).any(|(len, kind)| {
            *kind == Some(SmallTalk::Greeting) && (len == words.len() || is_addressee(len))
        })
    };
    let end = text.find([',', '!', '.', ':', '-', '–']);
    let punctuated = end.map(|end| text.split_at(end)).filter(|(before, _)| is_greeting(before));
    let plain = || {
        let (before, rest) = text.split_at(text.find(char::is_whitespace)?);
        let next = rest.split_whitespace().next()?.to_lowercase();
        let begins_question = is_any_stop_word(&next);
        (is_greeting(before) && begins_question).then_some((before, rest))
    };
    let rest = punctuated.or_else(plain).map_or(text, |(_, rest)| rest);
    let is_mark = |c: char| c.is_whitespace() || matches!(c, ',' | '!' | '.' | ':' | '–' | ')');
    let rest = rest.strip_prefix("- ").unwrap_or(rest).trim_start_matches(is_mark);
    if find_small_talk(rest).is_none() { rest } else { text }
}

/// Whether words begin with a phrase.
fn begins_with(words: &[Word], phrase: &str) -> bool {
    let phrase = split_words(phrase);
    let begin = words.get(..phrase.len()).unwrap_or_default();
    !phrase.is_empty() && begin.iter().map(|word| &word.folded).eq(phrase.iter().map(|word| &word.folded))
}

/// Splits a message into words. Enclosed letters are emoji: blood types, "OK", "NEW".
fn words_of_message(text: &str) -> Vec<Word> {
    split_words(&NON_WORDS.replace_all(text, " ").replace(|c| matches!(c, '\u{1f100}'..='\u{1f2ff}'), " "))
}

/// Text with letters that is not words: mentions, channels, commands, timestamps and emoji as Discord writes them,
/// mentions of all, addresses, and letters and digits that are drawn as emoji.
static NON_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the pattern is compiled in and a test reads it")]
    Regex::new(
        r"<(?:@[!&]?|#|/[^<>:]+:|a?:[0-9A-Za-z_]+:|t:-?)[0-9]+(?::[a-zA-Z])?>|@(?:everyone|here)\b|<?https?://\S+|.[\x{fe0f}\x{20e3}]\x{20e3}?",
    )
    .expect("a pattern")
});

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn remarks_on_an_answer_are_known_with_and_without_accents() {
        for text in
            ["ok, that is useful", "ok, c'est très clair", "ok, das ist nützlich", "ok, das ist nutzlich"]
        {
            assert_eq!(find_remark(text), Some(SmallTalk::Thanks), "{text}");
        }
        assert_eq!(find_remark("ok, was ist mit Istio"), None);
    }

    #[test]
    fn a_question_loses_its_greeting() {
        for (text, expected) in [
            ("hi, how many people came?", "how many people came?"),
            ("Hello there! Who spoke first?", "Who spoke first?"),
            ("hi how was it?", "how was it?"),
            ("¡Hola! ¿cuánta gente hubo?", "¿cuánta gente hubo?"),
            ("hello world tutorials", "hello world tutorials"),
            ("what about Go, hi", "what about Go, hi"),
            ("hi", "hi"),
            ("hi, thanks", "hi, thanks"),
            ("", ""),
        ] {
            assert_eq!(without_greeting(text), expected, "{text}");
        }
    }

    #[test]
    fn greetings_in_any_case_and_with_any_signs() {
        for text in [
            "hi",
            "Hello!",
            "HEY there 👋",
            "good morning, everyone",
            "Grüß Gott!",
            "Grüezi",
            "Moin",
            "¡Buenos días!",
            "Olá",
            "bonjour :)",
            "こんにちは！",
            "你好",
            "안녕하세요?",
            "<@123> hello",
            "hello <:wave:42>",
        ] {
            assert_eq!(find_small_talk(text), Some(SmallTalk::Greeting), "{text}");
        }
        for text in ["hi, what about GitOps?", "hello world in Rust", "there", "", "👋", "history"] {
            assert_ne!(find_small_talk(text), Some(SmallTalk::Greeting), "{text}");
        }
    }

    #[test]
    fn thanks_and_chatter() {
        for text in
            ["thanks", "Thank you!", "ok thanks 👍", "THX", "Vielen Dank!", "thanks bot", "ありがとう"]
        {
            assert_eq!(find_small_talk(text), Some(SmallTalk::Thanks), "{text}");
        }
        for text in ["ok", "lol ok", "bye", "Goodbye, everyone!", "haha nice", "how was your weekend?"] {
            assert_eq!(find_small_talk(text), Some(SmallTalk::Chatter), "{text}");
        }
        for text in ["everyone", "ok what about GitOps?", "nice talks", "no code", "testing", "super"] {
            assert_eq!(find_small_talk(text), None, "{text}");
        }
    }

    #[test]
    fn calls_for_help() {
        for text in [
            "help",
            "Help!",
            "/help",
            "HILFE",
            "¿Ayuda?",
            "À l'aide !",
            "what can you do?",
            "hi there, what can you do?",
            "Hello! How does this work? Thanks",
            "Hallo, was kannst du?",
            "bonjour, que peux-tu faire ?",
            "Hola, ¿qué puedes hacer?",
            "olá, o que você pode fazer?",
            "ciao, cosa puoi fare?",
            "hoi, wat kan je?",
            "ヘルプ",
            "帮助。",
        ] {
            assert_eq!(find_small_talk(text), Some(SmallTalk::HelpRequest), "{text}");
        }
        for text in [
            "help with Helm",
            "helpful talks",
            "what can you do with Helm?",
            "hi, GitOps?",
            "what's new in GitOps?",
        ] {
            assert_eq!(find_small_talk(text), None, "{text}");
        }
    }

    #[test]
    fn questions_for_the_newest_posts() {
        for text in
            ["latest posts", "Newest recaps?", "hi, what's new?", "Quoi de neuf ?", "最新記事", "최신 글"]
        {
            assert_eq!(find_small_talk(text), Some(NEWEST_POSTS), "{text}");
        }
        for text in ["latest posts about GitOps", "what's new in GitOps?"] {
            assert_eq!(find_small_talk(text), None, "{text}");
        }
    }

    #[test]
    fn questions_for_the_newest_posts_since_a_day() {
        let today = date(2026, 11, 23);
        for (text, since) in [
            ("what's new since June?", date(2026, 6, 1)),
            ("hi, what is new since last month", date(2026, 10, 1)),
            ("new recaps since 2025", date(2025, 1, 1)),
            ("latest posts after May 2026", date(2026, 6, 1)),
            ("what's new since 2024-01-01", date(2024, 1, 1)),
            ("what's new since June 1?", date(2026, 6, 1)),
            ("what's new since December 24th", date(2025, 12, 24)),
            ("what's new since 3 November 2026", date(2026, 11, 3)),
            ("what's new since November 3, 2026?", date(2026, 11, 3)),
            ("what's new since 06/2026", date(2026, 6, 1)),
            ("what's new since yesterday?", date(2026, 11, 22)),
            ("was gibt es Neues seit dem 3. November?", date(2026, 11, 3)),
            ("was gibt es Neues seit Juni?", date(2026, 6, 1)),
            ("quoi de neuf depuis 2025 ?", date(2025, 1, 1)),
            ("qué hay de nuevo desde 2025", date(2025, 1, 1)),
        ] {
            let expected = SmallTalk::NewestPosts { since: Some(since) };
            assert_eq!(find_newest_since(text, today), Some(expected), "{text}");
        }
        for text in ["what's new?", "what's new in GitOps since June?", "what's new 2019?", "since June"] {
            assert_eq!(find_newest_since(text, today), None, "{text}");
        }
    }

    #[test]
    fn messages_without_a_question() {
        for text in [
            "",
            " ",
            "?!",
            "🦦",
            "👍🏽",
            "1️⃣",
            "ℹ️",
            "🅰",
            "🇩🇪",
            "<:otter:123>",
            "<a:dance:456>",
            "<@1> <@!2> <@&3>",
            "<#4>",
            "</ask:5>",
            "<t:6:R>",
            "@everyone",
            "https://example.com/a.png",
            "<https://example.com>",
            "…",
        ] {
            assert_eq!(find_small_talk(text), Some(SmallTalk::Wordless), "{text:?}");
        }
        for text in [
            "k8s",
            "<@1> why",
            "<b>",
            "日本",
            "42",
            "see https://example.com",
            "<:otter:123> otters",
            "a\u{301}",
        ] {
            assert_ne!(find_small_talk(text), Some(SmallTalk::Wordless), "{text:?}");
        }
        assert_eq!(find_small_talk(&"x".repeat(1 << 20)), None);
        assert_eq!(find_small_talk(&"ok ".repeat(1 << 16)), Some(SmallTalk::Chatter));
    }
}
