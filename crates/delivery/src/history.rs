//! Whether a message is in its channel, as the channel's messages tell.

use jiff::{SignedDuration, Timestamp};

use super::snowflake;
use super::transport::{MESSAGES_PER_PAGE, Transport, TransportError};
use takeaways_digest::DeliveryKey;

/// How far the clock of the transport and ours may differ: a message is looked for so much earlier than it was sent.
pub const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(1);
/// The most messages that are read.
const MAX_MESSAGES: usize = 1_000;

/// What the messages of a channel tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryLookup {
    /// It is this message.
    Present(u64),
    /// It is not there.
    Absent,
    /// There are more messages than are read.
    TooMany,
    /// They can't be read.
    Unreadable,
}

/// Looks for our own message with this key, which was sent at `since` or later.
pub async fn find_message(
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
            // Without the permission to read its history a channel seems empty. Once that is known to be there, the channel is
            // read again: the permission may have come meanwhile.
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

/// The id after which a message has to be that was sent at `since`, by a clock that says `now` when it is `remote` where ids
/// are made.
fn first_possible_id(since: Timestamp, now: Timestamp, remote: Option<Timestamp>) -> u64 {
    let remote = remote.unwrap_or(now);
    if since.duration_since(remote) > CLOCK_SLACK {
        // Our clock was wrong then, nobody knows by how much.
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
