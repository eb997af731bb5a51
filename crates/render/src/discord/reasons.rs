//! Renders the reasons why a run was not made or a digest is paused, with remedies, and direct messages to the owner.

use super::message::{MessagePayload, text_message};
use takeaways_digest::{Delivery, DeliveryReason, PauseReason, SubscriptionId, Target};

/// Why a run was not made, was refused, or has an unknown outcome.
pub fn reason_text(reason: DeliveryReason) -> &'static str {
    match reason {
        DeliveryReason::Missed => "I was not running at that time or soon after.",
        DeliveryReason::Paused => "The digest was paused.",
        DeliveryReason::Changed => "The digest was changed or removed before it was sent.",
        DeliveryReason::NoPermission => "I may not post in the channel.",
        DeliveryReason::NoChannel => "The channel is gone.",
        DeliveryReason::NoServer => "I was not in the server.",
        DeliveryReason::DirectMessagesClosed => "Discord does not let me send direct messages there.",
        DeliveryReason::Refused => "Discord refused the message.",
        DeliveryReason::Unreachable => "Discord could not be reached in time.",
        DeliveryReason::HistoryUnreadable => {
            "It may have been posted: I could not check, so I did not post it a second time."
        }
    }
}

/// The remedy for a reason.
pub fn reason_remedy(reason: DeliveryReason) -> &'static str {
    match reason {
        DeliveryReason::Missed | DeliveryReason::Changed | DeliveryReason::Unreachable => {
            "Nothing to do: the next digest includes these posts."
        }
        DeliveryReason::Paused => "Resume it with `/digest resume`; the next digest includes these posts.",
        DeliveryReason::NoPermission => {
            "Let me view the channel, send messages (in threads too), embed links and read the message history, or choose \
             another channel with `/digest edit`."
        }
        DeliveryReason::NoChannel => "Choose another channel with `/digest edit`, or remove the digest.",
        DeliveryReason::NoServer => "Nothing to do: it resumed when I came back.",
        DeliveryReason::DirectMessagesClosed => {
            "Allow direct messages from members of a server that we share, then use `/following`."
        }
        DeliveryReason::Refused => {
            "Check the settings of the channel; if it happens again, tell the operator of this bot the time of the run."
        }
        DeliveryReason::HistoryUnreadable => {
            "Check whether it is there; if not, post it with `/digest now`. Let me read the message history, so that I can \
             check it myself."
        }
    }
}

/// Why a digest is paused, to follow "Paused: ".
pub fn pause_reason_text(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::Asked => "a moderator paused it",
        PauseReason::NoPermission => "I may not post there",
        PauseReason::NoChannel => "the channel is gone",
        PauseReason::NoServer => "I was not in the server",
        PauseReason::DirectMessagesClosed => "Discord does not let me send you direct messages",
        PauseReason::Refused => "Discord refused it three times in a row",
    }
}

/// How to resume a paused digest.
pub fn pause_remedy(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::Asked => "Resume it with `/digest resume`.",
        PauseReason::NoPermission => {
            "Let me view the channel, send messages (in threads too), embed links and read the message history: then it \
             resumes by itself."
        }
        PauseReason::NoChannel => {
            "Choose another channel with `/digest edit`, then use `/digest resume`; `/digest remove` removes the digest."
        }
        PauseReason::NoServer => {
            "If you invite me again within 23 hours, it resumes by itself; after that it is deleted."
        }
        PauseReason::DirectMessagesClosed => {
            "Allow direct messages from members of a server that we share, then use `/following`."
        }
        PauseReason::Refused => "Check `/digest log`, then use `/digest resume`.",
    }
}

/// A notice to the owner that a digest is paused.
pub fn pause_notice(id: SubscriptionId, target: Target, reason: PauseReason) -> MessagePayload {
    let (place, why, remedy) = (target_phrase(target), pause_reason_text(reason), pause_remedy(reason));
    text_message(format!("Digest **{id}** {place} is paused: {why}. {remedy}"))
}

/// A notice to the owner that a digest may have been posted.
pub fn unknown_delivery_notice(delivery: &Delivery) -> MessagePayload {
    let (id, place) = (delivery.subscription, target_phrase(delivery.target));
    let slot = delivery.slot.as_second();
    text_message(format!(
        "I don't know whether digest **{id}** {place} of <t:{slot}:f> was posted: I was cut off while I sent it, and I \
         can't read the messages there. I don't post it again, so that nobody gets it twice. Please check. If it is \
         missing, `/digest now` posts one. If you let me **read the message history** there, I can check it myself next \
         time."
    ))
}

fn target_phrase(target: Target) -> String {
    match target {
        Target::Channel { channel, .. } => format!("in <#{channel}>"),
        Target::Person(_) => "in your direct messages".to_owned(),
    }
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
            let texts = [reason_text(reason), reason_remedy(reason)];
            assert!(texts.iter().all(|it| it.ends_with('.') && it.len() >= 20), "{reason:?}: {texts:?}");
        }
    }

    #[test]
    fn each_pause_has_a_sentence_of_its_own_and_says_what_to_do() {
        let sentences: HashSet<&str> = PauseReason::ALL.into_iter().map(pause_reason_text).collect();
        assert_eq!(sentences.len(), PauseReason::ALL.len());
        assert!(PauseReason::ALL.into_iter().all(|reason| pause_remedy(reason).ends_with('.')));
    }

    #[test]
    fn a_pause_notice_says_what_to_do() {
        let target = Target::Channel { server: 1, channel: 7 };
        let page = pause_notice(SubscriptionId(12), target, PauseReason::NoPermission);
        assert!(
            page.content
                .starts_with("Digest **#12** in <#7> is paused: I may not post there. Let me view the")
        );
    }
}
