//! Why a run was not made or a digest does not run, and what to do about it: a sentence for each reason there is.

use takeaways_digest::{PauseReason, Reason};

/// Why a run was not made, was refused, or is unknown.
#[must_use]
pub fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::Missed => "I was not running at its time, nor soon enough after it.",
        Reason::Paused => "The digest was paused.",
        Reason::Changed => "The digest was changed or removed before it was sent.",
        Reason::NoPermission => "I may not post in the channel.",
        Reason::NoChannel => "The channel is gone.",
        Reason::NoServer => "I was not in the server.",
        Reason::DirectMessagesClosed => "Discord lets me send no direct message there.",
        Reason::Refused => "Discord refused the message.",
        Reason::Unreachable => "Discord could not be reached for too long.",
        Reason::HistoryUnreadable => {
            "It may have been posted: I could not find out, and did not post it a second time."
        }
    }
}

/// What to do about it.
#[must_use]
pub fn remedy(reason: Reason) -> &'static str {
    match reason {
        Reason::Missed | Reason::Changed | Reason::Unreachable => {
            "Nothing to do: the next digest holds these posts too."
        }
        Reason::Paused => "Resume it with `/digest resume`; the next digest holds these posts too.",
        Reason::NoPermission => {
            "Let me view the channel, send messages (in threads too), embed links and read its history, or name another \
             with `/digest edit`."
        }
        Reason::NoChannel => "Name another channel with `/digest edit`, or remove the digest.",
        Reason::NoServer => "Nothing to do: it goes on now that I am here.",
        Reason::DirectMessagesClosed => {
            "Allow direct messages from members of a server that we share, then use `/following`."
        }
        Reason::Refused => {
            "Look at the channel's settings; if it happens again, tell whoever runs this bot the time of the run."
        }
        Reason::HistoryUnreadable => {
            "Look whether it is there; if not, post it with `/digest now`. Let me read the channel's history, so that \
             I can look myself."
        }
    }
}

/// Why a digest does not run by itself, as the end of "paused: …".
#[must_use]
pub fn why_paused(reason: PauseReason) -> &'static str {
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
pub fn remedy_of_pause(reason: PauseReason) -> &'static str {
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_reason_has_a_sentence_of_its_own_and_says_what_to_do() {
        let sentences: HashSet<&str> = Reason::ALL.into_iter().map(why).collect();
        assert_eq!(sentences.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            let said = [why(reason), remedy(reason)];
            assert!(said.iter().all(|it| it.ends_with('.') && it.len() >= 20), "{reason:?}: {said:?}");
        }
    }

    #[test]
    fn each_pause_has_a_sentence_of_its_own_and_says_what_to_do() {
        let sentences: HashSet<&str> = PauseReason::ALL.into_iter().map(why_paused).collect();
        assert_eq!(sentences.len(), PauseReason::ALL.len());
        assert!(PauseReason::ALL.into_iter().all(|reason| remedy_of_pause(reason).ends_with('.')));
    }
}
