//! What people write to a bot that is no question: greetings, calls for help, signs without words.

use std::sync::LazyLock;

use regex::Regex;

use takeaways_text::language::all_words;
use takeaways_text::tokens::folding::fold;

/// Whole messages in the languages of the posts, folded: small letters, no accents, no punctuation.
static GREETINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.messages.greetings));
/// What may stand behind a greeting.
static ADDRESSED: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.messages.addressees));
/// Whole messages, folded likewise.
static CALLS_FOR_HELP: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.messages.calls_for_help));

/// Whole messages, folded likewise.
static THANKS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.messages.thanks));
/// What is said in passing, folded likewise. Each is a question of its own otherwise, and "Not in the recaps: lol" is
/// no help to anybody.
static IN_PASSING: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.messages.chatter));

/// Whether a message is a greeting and nothing more.
#[must_use]
pub fn is_greeting(text: &str) -> bool {
    let said = folded_words(text);
    let is_greeting = |text: &str| GREETINGS.contains(&text);
    let addressed = said.rsplit_once(' ').filter(|(_, last)| ADDRESSED.contains(last));
    is_greeting(&said) || addressed.is_some_and(|(greeting, _)| is_greeting(greeting))
}

/// Whether a message is thanks, also with something said in passing: "ok thanks".
#[must_use]
pub fn is_thanks(text: &str) -> bool {
    let said = folded_words(text);
    is_only_pleasantries(&said) && THANKS.iter().any(|thanks| contains_words(&said, thanks))
}

/// Whether a message is said in passing and holds no question: "ok", "lol ok", "bye".
#[must_use]
pub fn is_chatter(text: &str) -> bool {
    let said = folded_words(text);
    !said.is_empty() && is_only_pleasantries(&said)
}

/// Whether folded words are thanks and what is said in passing, and nothing more.
fn is_only_pleasantries(said: &str) -> bool {
    let parts = || THANKS.iter().chain(IN_PASSING.iter()).chain(ADDRESSED.iter()).copied();
    let mut rest = said;
    while !rest.is_empty() {
        let fits = |part: &&str| {
            rest.strip_prefix(*part).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        // The longest, since "thank you" begins as "thank you very much" does.
        let Some(longest) = parts().filter(fits).max_by_key(|part| part.len()) else { return false };
        rest = rest.strip_prefix(longest).unwrap_or_default().trim_start();
    }
    !ADDRESSED.contains(&said)
}

fn contains_words(said: &str, words: &str) -> bool {
    format!(" {said} ").contains(&format!(" {words} "))
}

/// Whether a message asks what the bot does and nothing more.
#[must_use]
pub fn is_help_request(text: &str) -> bool {
    CALLS_FOR_HELP.contains(&folded_words(text).as_str())
}

/// Whether a message has no letter and no digit in words of its own: emoji, mentions, addresses, signs.
#[must_use]
pub fn is_wordless(text: &str) -> bool {
    folded_words(text).is_empty()
}

/// The words, folded, with a blank between.
fn folded_words(text: &str) -> String {
    let words = fold(&NON_WORDS.replace_all(text, " "));
    words.split(|c| !is_word_char(c)).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Enclosed letters are emoji: blood types, "OK", "NEW".
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{1f100}'..='\u{1f2ff}')
}

/// What has letters in it and is no word: mentions, channels, commands, timestamps and emoji as Discord writes them,
/// mentions of all, addresses, and letters and digits that are drawn as emoji.
static NON_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the pattern is compiled in and a test reads it")]
    Regex::new(
        r"<(?:@[!&]?|#|/[^<>:]{1,100}:|a?:\w{1,32}:|t:-?)\d{1,20}(?::[a-zA-Z])?>|@(?:everyone|here)\b|<?https?://\S+|.[\x{fe0f}\x{20e3}]\x{20e3}?",
    )
    .expect("a pattern")
});

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(is_greeting(text), "{text}");
        }
        for text in ["hi, what about GitOps?", "hello world in Rust", "there", "", "👋", "history"] {
            assert!(!is_greeting(text), "{text}");
        }
    }

    #[test]
    fn thanks_and_what_is_said_in_passing() {
        for text in
            ["thanks", "Thank you!", "ok thanks 👍", "THX", "Vielen Dank!", "thanks bot", "ありがとう"]
        {
            assert!(is_thanks(text), "{text}");
        }
        for text in ["ok", "lol ok", "bye", "Goodbye, everyone!", "haha nice", "Tschüss", "thanks"] {
            assert!(is_chatter(text), "{text}");
        }
        for text in
            ["", "👍", "everyone", "ok what about GitOps?", "nice talks", "no code", "testing", "super"]
        {
            assert!(!is_chatter(text) && !is_thanks(text), "{text}");
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
            "ヘルプ",
            "帮助。",
        ] {
            assert!(is_help_request(text), "{text}");
        }
        for text in ["help with Helm", "helpful talks", "what can you do with Helm?", ""] {
            assert!(!is_help_request(text), "{text}");
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
            assert!(is_wordless(text), "{text:?}");
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
            assert!(!is_wordless(text), "{text:?}");
        }
        assert!(!is_wordless(&"x".repeat(1 << 20)));
    }
}
