//! Finds out from a channel's history whether a message was posted.

use jiff::{SignedDuration, Timestamp};

use super::snowflake;
use super::transport::{MESSAGES_PER_PAGE, Transport, TransportError};
use takeaways_digest::DeliveryKey;

/// How far the clock of the transport and ours may differ. The search starts this much before the message was sent.
pub(crate) const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(1);
/// The most messages that are read.
const MAX_MESSAGES: usize = 1_000;

/// The result of a search in a channel's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HistoryLookup {
    /// The message is there, with this id.
    Present(u64),
    /// The message is not there.
    Absent,
    /// The history has more messages than are read.
    TooMany,
    /// The history can't be read.
    Unreadable,
}

/// Looks for the bot's own message with this key, sent at `since` or later.
pub(crate) async fn find_message(
    transport: &impl Transport,
    (server, channel): (Option<u64>, u64),
    key: DeliveryKey,
    since: Timestamp,
    now: Timestamp,
) -> Result<HistoryLookup, TransportError> {
    takeaways_faults::fail_point("digest.history.before");
    let footer = key.footer();
    let (mut after, mut read) = (first_possible_id(since, now, transport.remote_time()), 0);
    let mut can_read = server.is_none();
    let found = loop {
        let page = transport.list_messages(channel, after).await?;
        let ours = page.iter().find(|message| message.is_ours && message.text.contains(&footer));
        if let Some(message) = ours {
            break HistoryLookup::Present(message.id);
        }
        read += page.len();
        match page.iter().map(|message| message.id).max() {
            Some(last) if page.len() >= MESSAGES_PER_PAGE && read <= MAX_MESSAGES => after = last,
            _ if read > MAX_MESSAGES => break HistoryLookup::TooMany,
            Some(_) => break HistoryLookup::Absent,
            None if can_read => break HistoryLookup::Absent,
            // Without the permission to read its history, a channel seems empty. After the permission is confirmed, the
            // channel is read again, because the permission may be newer than the first read.
            None => match server {
                Some(server) if !transport.can_read_history(server, channel).await? => {
                    break HistoryLookup::Unreadable;
                }
                _ => can_read = true,
            },
        }
    };
    takeaways_faults::fail_point("digest.history.after");
    Ok(found)
}

/// A lower bound for the id of a message that was sent at `since`, by a clock that shows `now` while the transport's
/// clock shows `remote`.
fn first_possible_id(since: Timestamp, now: Timestamp, remote: Option<Timestamp>) -> u64 {
    let remote = remote.unwrap_or(now);
    if since.duration_since(remote) > CLOCK_SLACK {
        // Our clock was wrong then, by an unknown amount.
        return 0;
    }
    let is_ahead = now.duration_since(remote).max(SignedDuration::ZERO);
    snowflake::first_id_at(since.saturating_sub(is_ahead + CLOCK_SLACK).unwrap_or(Timestamp::MIN))
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::snowflake::first_id_at;
    use super::*;

    #[test]
    fn a_clock_that_is_or_was_wrong_hides_no_message() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().expect("a time");
        let since = now - 10.minutes();
        assert_eq!(first_possible_id(since, now, None), first_id_at(now - 11.minutes()));
        assert_eq!(first_possible_id(since, now, Some(now + 1.hour())), first_id_at(now - 11.minutes()));
        assert_eq!(first_possible_id(since, now, Some(now - 5.minutes())), first_id_at(now - 16.minutes()));
        assert_eq!(first_possible_id(now + 1.hour(), now, Some(now)), 0, "it was an hour ahead");
        let (back, right) = (now - 1.hour(), now);
        assert_eq!(
            first_possible_id(since, back, Some(right)),
            first_id_at(now - 11.minutes()),
            "it is an hour behind"
        );
    }
}
