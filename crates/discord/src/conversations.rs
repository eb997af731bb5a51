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
pub(crate) enum Continuation {
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
pub(crate) struct ReplyTarget {
    pub person: u64,
    /// The server; `None` in direct messages and group chats.
    pub server: Option<u64>,
    pub channel: u64,
    /// Who sees the answer.
    pub audience: Audience,
}

impl ReplyTarget {
    /// Where the reply to a caller goes.
    pub(crate) fn of(caller: Caller, is_private: bool) -> Self {
        let Caller { person, server, channel, is_direct, .. } = caller;
        Self { person, server, channel, audience: Audience::of(is_direct, is_private) }
    }
}

impl Bot {
    /// The turn that a message goes on with, if it is still kept. A state that can't be read is logged, and the message is
    /// answered as a question by itself.
    pub(crate) async fn load_turn(
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
    pub(crate) async fn keep_and_render(
        &self,
        answered: &TurnAnswer,
        related: &[String],
        target: ReplyTarget,
        now: Timestamp,
    ) -> MessagePayload {
        let kept = self.keep(&answered.turn, target, now).await;
        deletable(pages::turn_answer(answered, related, kept, target.audience), target)
    }

    /// Keeps a turn; returns its number.
    pub(crate) async fn keep(&self, turn: &Turn, target: ReplyTarget, now: Timestamp) -> Option<u64> {
        let hides_words = self.settings.conversation_hours == 0;
        let question = Some(words_of(turn)).filter(|_| !hides_words);
        let mut stored = Turn { question: String::new(), offers: Vec::new(), ..turn.clone() };
        if hides_words {
            stored.topics_before.clear();
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
    pub(crate) fn words_since(&self, now: Timestamp) -> Timestamp {
        let kept = SignedDuration::from_hours(i64::from(self.settings.conversation_hours));
        now.checked_sub(kept).unwrap_or(Timestamp::MIN)
    }

    /// Deletes answers whose time is over.
    pub(crate) async fn remove_old_answers(&self) {
        let now = self.now();
        if let Err(error) = self.store.remove_old_answers(now, self.words_since(now)).await {
            Failure::from(error).log();
        }
    }
}

/// The same page, which the person who asked can delete in a channel.
pub(crate) fn deletable(page: MessagePayload, target: ReplyTarget) -> MessagePayload {
    match target.audience {
        Audience::Channel => page.with_delete_button(target.person),
        Audience::Private | Audience::Direct => page,
    }
}

/// The turn of an answer that was kept, for this reader; `None` if another version wrote it. Without its words it still has its
/// topic.
pub(crate) fn restore_turn(kept: KeptAnswer, reader: u64) -> Option<Turn> {
    let mut turn: Turn = serde_json::from_str(&kept.turn).ok()?;
    let words = kept.question.unwrap_or_else(|| turn.topic.clone());
    match words.split_once(OFFER_MARK) {
        Some((question, offer)) => {
            question.clone_into(&mut turn.question);
            turn.offers = vec![offer.to_owned()];
        }
        None => turn.question = words,
    }
    if kept.person != reader {
        // What a person asked before would be kept with the reader's answer, out of reach of `/forget-me`.
        turn.topics_before.clear();
        turn.events_before.clear();
    }
    Some(turn)
}

/// Between the words of a question and the first question that was offered after it. It may have the same words, so it is kept as
/// long. The record separator of ASCII is in no message that a person types.
const OFFER_MARK: char = '\u{1e}';

/// What is kept of the words of a turn: its question, and the first offer, which "yes" accepts.
fn words_of(turn: &Turn) -> String {
    match turn.offers.first() {
        Some(offer) => format!("{}{OFFER_MARK}{offer}", turn.question),
        None => turn.question.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_kept_beside_the_words_of_the_question_only() {
        let turn: Turn = serde_json::from_str(
            r#"{"question": "how does Cillium compare", "topic": "Cillium", "subject": null, "series": [], "shown": [],
                "scope": {"events": [], "years": null, "authors": [], "people": []}, "further": [], "themes": [],
                "shown_event": null, "person": null, "offers": ["how does Cilium compare"],
                "language": "en"}"#,
        )
        .expect("a turn");
        let kept = |question: Option<String>| KeptAnswer {
            number: 1,
            channel: 1,
            server: None,
            person: 1,
            asked_at: Timestamp::UNIX_EPOCH,
            question,
            turn: serde_json::to_string(&Turn {
                question: String::new(),
                offers: Vec::new(),
                ..turn.clone()
            })
            .expect("JSON"),
        };
        assert_eq!(restore_turn(kept(Some(words_of(&turn))), 1), Some(turn.clone()));
        let later = restore_turn(kept(None), 1).expect("a turn");
        assert_eq!((later.question.as_str(), later.offers.len()), ("Cillium", 0));
    }
}
