//! The situations in which the buttons of messages are pressed.

use std::path::Path;

use serde_json::Value;

use super::fixture::{id_of, remove_posts, start_at};
use crate::fake_discord::{FakeDiscord, InteractionBuilder};
use crate::harness::TempCorpus;
use crate::harness::bot::{ProcessSignal, TestBot};

/// A situation, in the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situation {
    ByOther,
    First,
    Second,
    UserInstalled,
    AfterRestart,
    PostsGone,
    AfterMonth,
}

/// A button or menu of a message.
pub struct Control<K: 'static> {
    pub kind: &'static K,
    pub message: Value,
    pub id: String,
}

/// A control of each kind, from the first message that has one with its name.
pub fn find_controls<K>(
    kinds: &'static [K],
    name: fn(&K) -> &'static str,
    messages: &[Value],
) -> Vec<Control<K>> {
    let control = |kind: &'static K| {
        let found = messages.iter().find_map(|message| Some((message.clone(), id_of(message, name(kind))?)));
        let (message, id) = found.unwrap_or_else(|| panic!("no {} in {messages:#?}", name(kind)));
        Control { kind, message, id }
    };
    kinds.iter().map(control).collect()
}

/// A running bot with what it is started again with.
pub struct ButtonTest<'a> {
    pub fake: &'a FakeDiscord,
    pub corpus: &'a TempCorpus,
    pub state: &'a Path,
    pub bot: TestBot,
    /// The seconds by which its clock is ahead, and after a month.
    pub ahead: [u32; 2],
}

impl ButtonTest<'_> {
    /// Presses all controls in each situation, one situation after the other. Returns the bot of the last one.
    pub async fn press_in_each_situation<K>(
        self,
        controls: &[Control<K>],
        press: impl Fn(&Control<K>, Situation) -> InteractionBuilder,
        check: impl Fn(&Control<K>, Situation, &Value),
    ) -> TestBot {
        use Situation::{AfterMonth, AfterRestart, ByOther, First, PostsGone, Second, UserInstalled};
        let Self { fake, corpus, state, mut bot, ahead: [ahead, month] } = self;
        for situation in [ByOther, First, Second, UserInstalled, AfterRestart, PostsGone, AfterMonth] {
            match situation {
                AfterRestart | AfterMonth => {
                    drop(bot);
                    let ahead = if situation == AfterMonth { month } else { ahead };
                    bot = start_at(fake, corpus, state, ahead).await;
                }
                PostsGone => {
                    remove_posts(corpus);
                    bot.signal(ProcessSignal::HangUp);
                    bot.until_log("changed posts were read").await;
                }
                ByOther | First | Second | UserInstalled => {}
            }
            for control in controls {
                let press = press(control, situation);
                let press = if situation == UserInstalled { press.user_installed() } else { press };
                check(control, situation, &press.send().reply().await);
            }
        }
        bot
    }
}
