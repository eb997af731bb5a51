//! Recognises messages that are not questions: greetings, thanks, chatter, calls for help, signs without words.

use std::sync::LazyLock;

use regex::Regex;

use takeaways_text::language::all_words;
use takeaways_text::tokens::folding::fold;

/// Whole messages in the languages of the posts, folded: lower case, no accents, no punctuation.
static GREETINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.messages.greetings));
/// Words that may follow a greeting: "everyone".
static ADDRESSEES: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.messages.addressees));
/// Whole messages, folded likewise.
static HELP_REQUESTS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.messages.calls_for_help));

/// Whole messages, folded likewise.
static THANKS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.messages.thanks));
/// Chatter such as "ok", folded likewise. Without the list it would be a question with the answer "Not in the recaps".
static CHATTER: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.messages.chatter));

/// Whether a message is a greeting and nothing more.
#[must_use]
pub fn is_greeting(text: &str) -> bool {
    let message = fold_message(text);
    let is_greeting = |text: &str| GREETINGS.contains(&text);
    let parts = message.rsplit_once(' ').filter(|(_, last)| ADDRESSEES.contains(last));
    is_greeting(&message) || parts.is_some_and(|(greeting, _)| is_greeting(greeting))
}

/// Whether a message is thanks, also with chatter: "ok thanks".
#[must_use]
pub fn is_thanks(text: &str) -> bool {
    let message = fold_message(text);
    is_only_pleasantries(&message) && THANKS.iter().any(|thanks| contains_words(&message, thanks))
}

/// Whether a message is chatter without a question: "ok", "lol ok", "bye".
#[must_use]
pub fn is_chatter(text: &str) -> bool {
    let message = fold_message(text);
    !message.is_empty() && is_only_pleasantries(&message)
}

/// Whether a folded message is thanks and chatter, and nothing more.
fn is_only_pleasantries(message: &str) -> bool {
    let parts = || THANKS.iter().chain(CHATTER.iter()).chain(ADDRESSEES.iter()).copied();
    let mut rest = message;
    while !rest.is_empty() {
        let is_prefix = |part: &&str| {
            rest.strip_prefix(*part).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        // The longest part counts: "thank you very much" begins with "thank you".
        let Some(longest) = parts().filter(is_prefix).max_by_key(|part| part.len()) else { return false };
        rest = rest.strip_prefix(longest).unwrap_or_default().trim_start();
    }
    !ADDRESSEES.contains(&message)
}

fn contains_words(message: &str, words: &str) -> bool {
    format!(" {message} ").contains(&format!(" {words} "))
}

/// Whether a message asks what the bot does and nothing more.
#[must_use]
pub fn is_help_request(text: &str) -> bool {
    HELP_REQUESTS.contains(&fold_message(text).as_str())
}

/// Whether a message has no words: only emoji, mentions, addresses or signs.
#[must_use]
pub fn is_wordless(text: &str) -> bool {
    fold_message(text).is_empty()
}

/// Returns the folded words of a message, with a blank between.
fn fold_message(text: &str) -> String {
    let words = fold(&NON_WORDS.replace_all(text, " "));
    words.split(|c| !is_word_char(c)).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a character is a part of a word. Enclosed letters are emoji: blood types, "OK", "NEW".
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{1f100}'..='\u{1f2ff}')
}

/// Text with letters that is not words: mentions, channels, commands, timestamps and emoji as Discord writes them,
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
    fn thanks_and_chatter() {
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
