//! Conversations: the answer before a message is loaded, and each answer is kept, for the next message and for its buttons.

use jiff::{SignedDuration, Timestamp};

use crate::bot::Bot;
use crate::digest_commands::Caller;
use crate::response::Failure;
use takeaways_answer::{Turn, TurnAnswer};
use takeaways_render::discord::{self as pages, Audience, MessagePayload};
use takeaways_store::KeptAnswer;

/// What a message goes on with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Continuation {
    /// Nothing: it is a question by itself.
    #[default]
    Nothing,
    /// The last answer of the person in the channel.
    Conversation,
    /// The answer with this number, which the message replies to.
    Answer(u64),
}

/// Who asks, and where the answer goes.
#[derive(Debug, Clone, Copy)]
pub struct ReplyTarget {
    pub person: u64,
    /// The server; `None` in direct messages.
    pub server: Option<u64>,
    pub channel: u64,
    /// Who sees the answer.
    pub audience: Audience,
}

impl ReplyTarget {
    /// Where the reply to a caller goes.
    pub fn of(caller: Caller, is_private: bool) -> Self {
        let Caller { person, server, channel, .. } = caller;
        Self { person, server, channel, audience: Audience::of(server, is_private) }
    }
}

impl Bot {
    /// The turn that a message goes on with, if it is still kept. A state that can't be read is logged, and the message is
    /// answered as a question by itself.
    pub async fn load_turn(
        &self,
        target: ReplyTarget,
        continuation: Continuation,
        now: Timestamp,
    ) -> Option<Turn> {
        if self.settings.conversation_hours == 0 {
            return None;
        }
        let found = match continuation {
            Continuation::Nothing => return None,
            Continuation::Answer(number) => self.store.find_answer(number, now).await,
            Continuation::Conversation => {
                self.store.find_last_answer(target.channel, target.person, self.words_since(now)).await
            }
        };
        match found {
            Ok(kept) => kept.and_then(|kept| restore_turn(kept, target.person)),
            Err(error) => {
                Failure::from(error).log();
                None
            }
        }
    }

    /// Keeps an answer and renders it with its buttons. An answer that can't be kept has none of them. In a channel the
    /// person who asked can delete it.
    pub async fn keep_and_render(
        &self,
        answered: &TurnAnswer,
        related: &[String],
        target: ReplyTarget,
        now: Timestamp,
    ) -> MessagePayload {
        let kept = self.keep(&answered.turn, target, now).await;
        let page = pages::turn_answer(answered, related, kept, target.audience);
        match target.audience {
            Audience::Channel => page.with_delete_button(target.person),
            Audience::Private | Audience::Direct => page,
        }
    }

    /// Keeps a turn; returns its number.
    pub async fn keep(&self, turn: &Turn, target: ReplyTarget, now: Timestamp) -> Option<u64> {
        let hides_words = self.settings.conversation_hours == 0;
        let question = Some(turn.question.clone()).filter(|_| !hides_words);
        let mut stored = Turn { question: String::new(), ..turn.clone() };
        // Only the first offer can be accepted. It is in the bot's words.
        stored.offers.truncate(1);
        if hides_words {
            stored.topics_before.clear();
            stored.offers.clear();
        }
        let turn = serde_json::to_string(&stored).ok()?;
        let number = fastrand::u64(..);
        let ReplyTarget { person, server, channel, .. } = target;
        let answer = KeptAnswer { number, channel, server, person, asked_at: now, question, turn };
        match self.store.save_answer(&answer).await {
            Ok(()) => Some(number),
            Err(error) => {
                Failure::from(error).log();
                None
            }
        }
    }

    /// The time since when the words of questions are kept.
    pub fn words_since(&self, now: Timestamp) -> Timestamp {
        let kept = SignedDuration::from_hours(i64::from(self.settings.conversation_hours));
        now.checked_sub(kept).unwrap_or(Timestamp::MIN)
    }

    /// Deletes answers whose time is over.
    pub async fn remove_old_answers(&self) {
        let now = self.now();
        if let Err(error) = self.store.remove_old_answers(now, self.words_since(now)).await {
            Failure::from(error).log();
        }
    }
}

/// The turn of an answer that was kept, for this reader; `None` if another version wrote it. Without its words it still has its
/// topic.
pub fn restore_turn(kept: KeptAnswer, reader: u64) -> Option<Turn> {
    let mut turn: Turn = serde_json::from_str(&kept.turn).ok()?;
    turn.question = kept.question.filter(|_| kept.person == reader).unwrap_or_else(|| turn.topic.clone());
    if kept.person != reader {
        // What a person asked before would be kept with the reader's answer, out of reach of `/forget-me`.
        turn.topics_before.clear();
        turn.events_before.clear();
        turn.offers.clear();
    }
    Some(turn)
}
