//! Concurrent questions: each is answered once, independently of the others.

use std::collections::HashMap;

use serde_json::Value;

use super::fixture::{OUT_OF_SCOPE, QUESTION, UNANSWERABLE, bot_messages, start_bot, without_kept_rows};
use crate::fake_discord::{CHANNEL, DEADLINE, DM, FakeDiscord, GUILD, InteractionHandle, MessageHandle};
use crate::harness::bot::ProcessSignal;

const QUESTIONS: [&str; 5] =
    [QUESTION, UNANSWERABLE, OUT_OF_SCOPE, "what is helm?", "which projects graduated?"];
const MANY: usize = 200;

/// Returns the parts of an answer that depend only on the question.
fn page(message: &Value) -> Value {
    let mut page = without_kept_rows(message);
    let fields = page.as_object_mut().expect("a message");
    fields.entry("components").or_insert_with(|| Value::Array(Vec::new()));
    fields.retain(|name, _| ["content", "embeds", "components", "flags"].contains(&name.as_str()));
    page
}

enum SentQuestion {
    Command(InteractionHandle),
    Direct(MessageHandle),
    Mention(MessageHandle),
}

/// The kinds take turns. Each message has its own channel.
fn send(fake: &FakeDiscord, at: usize) -> SentQuestion {
    let question = QUESTIONS[at % QUESTIONS.len()];
    let own = at as u64 + 1;
    match at % 4 {
        0 => SentQuestion::Command(fake.ask(question).send()),
        1 => SentQuestion::Command(fake.ask(question).by(GUILD + 1_000 + own).in_dm().send()),
        2 => SentQuestion::Direct(fake.message(question).by(GUILD + 2_000 + own).in_dm().send()),
        _ => {
            fake.add_channel(GUILD, CHANNEL + 3_000 + own);
            let message = fake.message(question).mentioning_bot().in_channel(CHANNEL + 3_000 + own);
            SentQuestion::Mention(message.send())
        }
    }
}

#[tokio::test]
async fn two_hundred_at_once_are_each_answered_once_and_right() {
    let (fake, mut bot) = start_bot().await;
    let mut alone = HashMap::new();
    for question in QUESTIONS {
        let command = page(&fake.ask(question).send().reply().await);
        let direct = page(&fake.message(question).in_dm().send().reply().await);
        let mention = page(&fake.message(question).mentioning_bot().send().reply().await);
        assert_eq!(command, direct, "a direct message and a command say the same");
        alone.insert(question, (command, mention));
    }
    let before = bot_messages(&fake, DM).len();
    let sent: Vec<SentQuestion> = (0..MANY).map(|at| send(&fake, at)).collect();
    let mut channels = Vec::new();
    for (at, sent) in sent.iter().enumerate() {
        let question = QUESTIONS[at % QUESTIONS.len()];
        let (command, mention) = &alone[question];
        let (reply, expected) = match sent {
            SentQuestion::Command(call) => (call.reply().await, command),
            SentQuestion::Direct(message) => (message.reply().await, command),
            SentQuestion::Mention(message) => (message.reply().await, mention),
        };
        if let SentQuestion::Direct(message) | SentQuestion::Mention(message) = sent {
            channels.push(message.channel);
        }
        assert_eq!(page(&reply), *expected, "{question}");
    }
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0));
    assert_eq!(channels.len(), MANY / 2);
    for channel in channels {
        assert_eq!(bot_messages(&fake, channel).len(), 1, "answered twice");
    }
    assert_eq!(bot_messages(&fake, DM).len(), before, "somebody was told what another had asked");
    fake.assert_clean();
}
