//! Thousands of hostile inputs to `/ask` and direct messages: no ping, no broken page, no error.
//!
//! They are generated from a seed, so that a failure can be repeated.

use std::fmt::Write;

use super::fixture::{flaws, foreign_links, start_bot};
use crate::fake_discord::{GUILD, InteractionHandle, MessageHandle};

/// The number of inputs for one bot; the fake slows down with its history.
const INPUTS_PER_BOT: usize = 500;
/// The number of concurrent inputs.
const CONCURRENT: usize = 20;

/// Parts of inputs: syntax of Discord, Markdown, a query parser, a shell or a terminal, and words with results.
const PARTS: &[&str] = &[
    "@everyone",
    "@here",
    "<@1100000000000000002>",
    "<@!1100000000000000001>",
    "<@&1100000000000000007>",
    "<#1>",
    "</ask:1>",
    "<t:1:R>",
    "<:otter:123456789012345678>",
    "<a:b:1>",
    "[a](https://evil.example)",
    "<https://a.b>",
    "https://discord.gg/abc",
    "||",
    "```",
    "`",
    "**",
    "__",
    "*",
    "_",
    "~~",
    "~",
    "> ",
    ">>> ",
    "\n# ",
    "\n-# ",
    "\n- ",
    "\n1. ",
    "\\",
    "\\\\",
    "\"",
    "“",
    "-",
    "+",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    "^2",
    "/",
    "?",
    "!",
    "&&",
    " OR ",
    " AND ",
    " NOT ",
    "[a TO z]",
    "/(a+)+$/",
    "author:",
    "event:",
    "year:",
    "author:\"",
    "year:2019",
    "event:kubecon",
    "since 2018",
    "before San Diego",
    "last year",
    "2019",
    "99999999999999999999",
    "-1",
    "kubernetes",
    "service mesh",
    "helm",
    "security",
    "what about",
    "who said",
    "k8s",
    "Istio",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{0}",
    "\u{1b}[31m",
    "\u{7f}",
    "\r\n",
    "\t",
    "\u{2028}",
    "\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
    "é",
    "ß",
    "Kub\u{435}rnetes",
    "Ｋ８ｓ",
    "服务网格",
    "日本語",
    "العربية",
    "🦦",
    "👩‍💻",
    "🇩🇪",
    "\u{10ffff}",
    "\u{fffd}",
    "'; DROP TABLE posts; --",
    "${jndi:ldap://a}",
    "{{7*7}}",
    "%s%n",
    "<script>",
    "../../etc/passwd",
    "\\ud800",
    " ",
];

/// Generates an input of 1 to 4,000 characters.
pub fn input(random: &mut fastrand::Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.usize(1..12) {
        let part = PARTS[random.usize(..PARTS.len())];
        let times = if random.u8(..20) == 0 { random.usize(1..400) } else { 1 };
        text += &part.repeat(times);
        match random.u8(..8) {
            0..4 => text.push(' '),
            4 => text.push(random.char(..)),
            5 => write!(text, "{}", random.u64(..)).expect("a string takes all"),
            _ => {}
        }
    }
    text.chars().take(4_000).collect()
}

enum GeneratedMessage {
    Command(InteractionHandle),
    Direct(MessageHandle),
}

/// Sends inputs, half of them as commands with any of the options, half as direct messages.
async fn send(seed: u64, count: usize) {
    for start in (0..count).step_by(INPUTS_PER_BOT) {
        let (fake, bot) = start_bot().await;
        let mut random = fastrand::Rng::with_seed(seed.wrapping_add(start as u64));
        for first in (start..count.min(start + INPUTS_PER_BOT)).step_by(CONCURRENT) {
            let mut sent = Vec::new();
            for at in first..count.min(first + CONCURRENT) {
                let text = input(&mut random);
                let handle = if at % 2 == 0 {
                    let mut call = fake.ask(&text);
                    for option in ["event", "year", "author"] {
                        if random.u8(..4) == 0 {
                            let value: String = input(&mut random).chars().take(200).collect();
                            call = call.option(option, value);
                        }
                    }
                    GeneratedMessage::Command(call.send())
                } else {
                    // Each message has its own channel, so that its answer can be told from others.
                    GeneratedMessage::Direct(
                        fake.message(&text).by(GUILD + 10_000 + at as u64).in_dm().send(),
                    )
                };
                sent.push((text, handle));
            }
            for (text, handle) in sent {
                let reply = match handle {
                    GeneratedMessage::Command(call) => call.reply().await,
                    GeneratedMessage::Direct(message) => message.reply().await,
                };
                assert_eq!(flaws(&reply), [""; 0], "{text:?}: {reply:#}");
                assert_eq!(foreign_links(&reply), [""; 0], "{text:?}: {reply:#}");
            }
        }
        assert!(!bot.log().contains("\"ERROR\""), "{}", bot.log());
        fake.assert_clean();
    }
}

#[tokio::test]
async fn a10_generated_inputs_ping_nobody_and_break_nothing() {
    send(7, 300).await;
}

#[tokio::test]
#[ignore = "it takes minutes"]
async fn a10_ten_thousand_generated_inputs_ping_nobody_and_break_nothing() {
    send(1_000, 10_000).await;
}
