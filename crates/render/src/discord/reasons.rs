//! Why a run was not made or a digest does not run, and what to do about it: a sentence for each reason there is.
//!
//! What whoever made a digest is told by direct message where it stops, or where nobody knows what became of it.

use super::message::MessagePayload;
use takeaways_digest::{Delivery, DeliveryReason, PauseReason, SubscriptionId, Target};

/// Why a run was not made, was refused, or is unknown.
#[must_use]
pub fn reason_text(reason: DeliveryReason) -> &'static str {
    match reason {
        DeliveryReason::Missed => "I was not running at its time, nor soon enough after it.",
        DeliveryReason::Paused => "The digest was paused.",
        DeliveryReason::Changed => "The digest was changed or removed before it was sent.",
        DeliveryReason::NoPermission => "I may not post in the channel.",
        DeliveryReason::NoChannel => "The channel is gone.",
        DeliveryReason::NoServer => "I was not in the server.",
        DeliveryReason::DirectMessagesClosed => "Discord lets me send no direct message there.",
        DeliveryReason::Refused => "Discord refused the message.",
        DeliveryReason::Unreachable => "Discord could not be reached for too long.",
        DeliveryReason::HistoryUnreadable => {
            "It may have been posted: I could not find out, and did not post it a second time."
        }
    }
}

/// What to do about it.
#[must_use]
pub fn reason_remedy(reason: DeliveryReason) -> &'static str {
    match reason {
        DeliveryReason::Missed | DeliveryReason::Changed | DeliveryReason::Unreachable => {
            "Nothing to do: the next digest holds these posts too."
        }
        DeliveryReason::Paused => "Resume it with `/digest resume`; the next digest holds these posts too.",
        DeliveryReason::NoPermission => {
            "Let me view the channel, send messages (in threads too), embed links and read its history, or name another \
             with `/digest edit`."
        }
        DeliveryReason::NoChannel => "Name another channel with `/digest edit`, or remove the digest.",
        DeliveryReason::NoServer => "Nothing to do: it goes on now that I am here.",
        DeliveryReason::DirectMessagesClosed => {
            "Allow direct messages from members of a server that we share, then use `/following`."
        }
        DeliveryReason::Refused => {
            "Look at the channel's settings; if it happens again, tell whoever runs this bot the time of the run."
        }
        DeliveryReason::HistoryUnreadable => {
            "Look whether it is there; if not, post it with `/digest now`. Let me read the channel's history, so that \
             I can look myself."
        }
    }
}

/// Why a digest does not run by itself, as the end of "paused: …".
#[must_use]
pub fn pause_reason_text(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::Asked => "somebody paused it",
        PauseReason::NoPermission => "I may not post there",
        PauseReason::NoChannel => "the channel is gone",
        PauseReason::NoServer => "I was not in the server",
        PauseReason::DirectMessagesClosed => "Discord lets me send no direct message",
        PauseReason::Refused => "Discord refused three in a row",
    }
}

/// What to do so that it runs again.
#[must_use]
pub fn pause_remedy(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::Asked => "Resume it with `/digest resume`.",
        PauseReason::NoPermission => {
            "Let me view the channel, send messages, embed links and read its history: it goes on by itself then."
        }
        PauseReason::NoChannel => "Name another channel with `/digest edit`, then use `/digest resume`.",
        PauseReason::NoServer => "It goes on by itself.",
        PauseReason::DirectMessagesClosed => {
            "Allow direct messages from members of a server that we share, then use `/following`."
        }
        PauseReason::Refused => "Look into `/digest log`, then use `/digest resume`.",
    }
}

/// A digest is paused until what is missing is back.
#[must_use]
pub fn pause_notice(id: SubscriptionId, target: Target, reason: PauseReason) -> MessagePayload {
    let (place, why) = (target_phrase(target), pause_explanation(reason));
    text_message(format!("Digest **{id}** {place} is paused: {why}"))
}

/// It is not known whether a digest was posted.
#[must_use]
pub fn unknown_delivery_notice(delivery: &Delivery) -> MessagePayload {
    let (id, place) = (delivery.subscription, target_phrase(delivery.target));
    let slot = delivery.slot.as_second();
    text_message(format!(
        "Digest **{id}** {place} of <t:{slot}:f> may or may not have been posted: I was cut off while I sent it, and \
         can't find out from the messages there. I don't post it again, so that nobody gets it twice. Please look there. \
         If it is missing, `/digest now` posts one. Let me **read the message history** there, and I can look myself the \
         next time."
    ))
}

fn pause_explanation(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::Asked => "somebody wanted it so. `/digest resume` starts it again.",
        PauseReason::NoPermission => {
            "I may not post there any more. Let me see the channel, send messages (in a thread: send messages in threads), \
             embed links and read the message history. It goes on by itself then."
        }
        PauseReason::NoChannel => {
            "I can't find the channel. `/digest edit` moves it to another one, `/digest remove` removes it."
        }
        PauseReason::NoServer => {
            "I am no longer in that server. Invite me again within 30 days and it goes on by itself; after that it is \
             forgotten."
        }
        PauseReason::DirectMessagesClosed => {
            "I can't write to you. Allow direct messages from members of a server that we share, then `/follow` again."
        }
        PauseReason::Refused => {
            "Discord refused it three times in a row. `/digest log` says more, `/digest resume` starts it again."
        }
    }
}

fn target_phrase(target: Target) -> String {
    match target {
        Target::Channel { channel, .. } => format!("in <#{channel}>"),
        Target::Person(_) => "in your direct messages".to_owned(),
    }
}

fn text_message(content: String) -> MessagePayload {
    MessagePayload::from_text(content, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_reason_has_a_sentence_of_its_own_and_says_what_to_do() {
        let sentences: HashSet<&str> = DeliveryReason::ALL.into_iter().map(reason_text).collect();
        assert_eq!(sentences.len(), DeliveryReason::ALL.len());
        for reason in DeliveryReason::ALL {
            let said = [reason_text(reason), reason_remedy(reason)];
            assert!(said.iter().all(|it| it.ends_with('.') && it.len() >= 20), "{reason:?}: {said:?}");
        }
    }

    #[test]
    fn each_pause_has_a_sentence_of_its_own_and_says_what_to_do() {
        let sentences: HashSet<&str> = PauseReason::ALL.into_iter().map(pause_reason_text).collect();
        assert_eq!(sentences.len(), PauseReason::ALL.len());
        assert!(PauseReason::ALL.into_iter().all(|reason| pause_remedy(reason).ends_with('.')));
    }

    #[test]
    fn who_made_it_is_told_what_to_do() {
        let target = Target::Channel { server: 1, channel: 7 };
        let page = pause_notice(SubscriptionId(12), target, PauseReason::NoPermission);
        assert!(page.content.starts_with("Digest **#12** in <#7> is paused: I may not post there any more."));
        for reason in PauseReason::ALL {
            assert!(
                pause_explanation(reason).ends_with('.') && pause_explanation(reason).len() < 1_000,
                "{reason:?}"
            );
        }
    }
}
