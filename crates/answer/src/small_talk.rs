//! What people write to a bot that is no question: greetings, calls for help, signs without words.

use std::sync::LazyLock;

use regex::Regex;

use takeaways_text::tokens::folding::folded;

/// Whole messages in the languages of the posts, folded: small letters, no accents, no punctuation.
const GREETINGS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "hiya",
    "howdy",
    "yo",
    "greetings",
    "good morning",
    "good afternoon",
    "good evening",
    "good day",
    "hallo",
    "moin",
    "moin moin",
    "servus",
    "gruss gott",
    "gruezi",
    "guten tag",
    "guten morgen",
    "guten abend",
    "bonjour",
    "bonsoir",
    "salut",
    "coucou",
    "hola",
    "buenas",
    "buenos dias",
    "buenas tardes",
    "buenas noches",
    "ola",
    "oi",
    "bom dia",
    "boa tarde",
    "boa noite",
    "ciao",
    "salve",
    "buongiorno",
    "buonasera",
    "hoi",
    "goedendag",
    "goedemorgen",
    "goedemiddag",
    "goedenavond",
    "こんにちは",
    "こんばんは",
    "おはよう",
    "おはようございます",
    "你好",
    "您好",
    "大家好",
    "哈喽",
    "안녕",
    "안녕하세요",
];
/// What may stand behind a greeting.
const ADDRESSED: &[&str] =
    &["there", "all", "everyone", "everybody", "team", "bot", "takeaways", "zusammen", "you"];
/// Whole messages, folded likewise.
const CALLS_FOR_HELP: &[&str] = &[
    "help",
    "help me",
    "help please",
    "please help",
    "i need help",
    "can you help me",
    "what can you do",
    "what do you do",
    "what are you",
    "who are you",
    "how do you work",
    "how does this work",
    "how do i use you",
    "how do i use this",
    "commands",
    "usage",
    "start",
    "hilfe",
    "was kannst du",
    "wer bist du",
    "wie funktioniert das",
    "aide",
    "aide moi",
    "a l aide",
    "que sais tu faire",
    "comment ca marche",
    "qui es tu",
    "ayuda",
    "ayudame",
    "que puedes hacer",
    "como funciona",
    "quien eres",
    "ajuda",
    "o que voce faz",
    "quem e voce",
    "aiuto",
    "cosa sai fare",
    "come funziona",
    "chi sei",
    "hulp",
    "wat kun je",
    "hoe werkt dit",
    "ヘルプ",
    "助けて",
    "使い方",
    "帮助",
    "幫助",
    "怎么用",
    "도움말",
    "도와줘",
    "사용법",
];

/// Whole messages, folded likewise, with commas between.
const THANKS: &str = "\
    thanks, thank you, thanks a lot, thank you very much, thank you so much, many thanks, thx, ty, \
    tysm, cheers, danke, danke schon, vielen dank, dankeschon, merci, merci beaucoup, gracias, \
    muchas gracias, obrigado, obrigada, grazie, grazie mille, dank je, dank je wel, bedankt, ありがとう, \
    ありがとうございます, 谢谢, 謝謝, 고마워, 감사합니다";
/// What is said in passing, folded likewise. Each is a question of its own otherwise, and "Not in the recaps: lol" is
/// no help to anybody.
const IN_PASSING: &str = "\
    ok, okay, k, kk, okey, alright, all right, cool, nice, great, good, good bot, bad bot, awesome, \
    perfect, wow, lol, lmao, rofl, haha, hahaha, hehe, hm, hmm, oh, ah, i see, got it, sure, yes, \
    yep, yeah, no, nope, never mind, nevermind, nvm, sorry, oops, bye, bye bye, goodbye, good bye, \
    see you, see ya, cya, good night, how are you, tschuss, ciao ciao, bis bald, auf wiedersehen, \
    gute nacht, au revoir, a bientot, adios, hasta luego, tchau, arrivederci, doei, genau, ja, \
    nein, oui, non, si, sim";

/// Whether a message is a greeting and nothing more.
#[must_use]
pub fn greets(text: &str) -> bool {
    let said = said(text);
    let is_greeting = |text: &str| GREETINGS.contains(&text);
    let addressed = said.rsplit_once(' ').filter(|(_, last)| ADDRESSED.contains(last));
    is_greeting(&said) || addressed.is_some_and(|(greeting, _)| is_greeting(greeting))
}

/// Whether a message is thanks, also with something said in passing: "ok thanks".
#[must_use]
pub fn thanks(text: &str) -> bool {
    let said = said(text);
    chats(&said) && listed(THANKS).any(|thanks| has_words(&said, thanks))
}

/// Whether a message is said in passing and holds no question: "ok", "lol ok", "bye".
#[must_use]
pub fn chatters(text: &str) -> bool {
    let said = said(text);
    !said.is_empty() && chats(&said)
}

/// Whether folded words are thanks and what is said in passing, and nothing more.
fn chats(said: &str) -> bool {
    let parts = || listed(THANKS).chain(listed(IN_PASSING)).chain(ADDRESSED.iter().copied());
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

fn listed(messages: &'static str) -> impl Iterator<Item = &'static str> {
    messages.split(", ")
}

fn has_words(said: &str, words: &str) -> bool {
    format!(" {said} ").contains(&format!(" {words} "))
}

/// Whether a message asks what the bot does and nothing more.
#[must_use]
pub fn asks_for_help(text: &str) -> bool {
    CALLS_FOR_HELP.contains(&said(text).as_str())
}

/// Whether a message has no letter and no digit in words of its own: emoji, mentions, addresses, signs.
#[must_use]
pub fn holds_no_question(text: &str) -> bool {
    said(text).is_empty()
}

/// The words, folded, with a blank between.
fn said(text: &str) -> String {
    let words = folded(&WORDLESS.replace_all(text, " "));
    words.split(|c| !is_of_a_word(c)).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Enclosed letters are emoji: blood types, "OK", "NEW".
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{1f100}'..='\u{1f2ff}')
}

/// What has letters in it and is no word: mentions, channels, commands, timestamps and emoji as Discord writes them,
/// mentions of all, addresses, and letters and digits that are drawn as emoji.
static WORDLESS: LazyLock<Regex> = LazyLock::new(|| {
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
            assert!(greets(text), "{text}");
        }
        for text in ["hi, what about GitOps?", "hello world in Rust", "there", "", "👋", "history"] {
            assert!(!greets(text), "{text}");
        }
    }

    #[test]
    fn thanks_and_what_is_said_in_passing() {
        for text in
            ["thanks", "Thank you!", "ok thanks 👍", "THX", "Vielen Dank!", "thanks bot", "ありがとう"]
        {
            assert!(thanks(text), "{text}");
        }
        for text in ["ok", "lol ok", "bye", "Goodbye, everyone!", "haha nice", "Tschüss", "thanks"] {
            assert!(chatters(text), "{text}");
        }
        for text in
            ["", "👍", "everyone", "ok what about GitOps?", "nice talks", "no code", "testing", "super"]
        {
            assert!(!chatters(text) && !thanks(text), "{text}");
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
            assert!(asks_for_help(text), "{text}");
        }
        for text in ["help with Helm", "helpful talks", "what can you do with Helm?", ""] {
            assert!(!asks_for_help(text), "{text}");
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
            assert!(holds_no_question(text), "{text:?}");
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
            assert!(!holds_no_question(text), "{text:?}");
        }
        assert!(!holds_no_question(&"x".repeat(1 << 20)));
    }
}
