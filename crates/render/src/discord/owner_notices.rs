//! What whoever made a digest is told by direct message where it stops, or where nobody knows what became of it.

use super::message::MessagePayload;
use takeaways_digest::{Delivery, PauseReason, SubscriptionId, Target};

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
