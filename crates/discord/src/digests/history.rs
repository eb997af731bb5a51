//! Whether a message is in its channel, as the channel's messages tell.

use jiff::{SignedDuration, Timestamp};

use super::mail::{Mail, PAGE, Trouble};
use crate::snowflake;
use takeaways_digest::Key;

/// So much earlier than a message was handed over it is looked for: as far as Discord's clock and ours may differ.
pub const SLACK: SignedDuration = SignedDuration::from_mins(1);
/// So many messages are read.
const MOST: usize = 1_000;

/// What the messages of a channel tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is this message.
    There(u64),
    /// It is not there.
    Absent,
    /// There are more messages than are read.
    TooMany,
    /// They can't be read.
    Hidden,
}

/// Looks for our own message with this key, which was handed over at `since` or later.
pub async fn find(
    mail: &impl Mail,
    (server, channel): (Option<u64>, u64),
    key: Key,
    since: Timestamp,
    now: Timestamp,
) -> Result<Found, Trouble> {
    takeaways_faults::pass("digest.history.before");
    let footer = key.footer();
    let (mut after, mut read, mut may_read) = (first_id(since, now, mail.time()), 0, server.is_none());
    let found = loop {
        let page = mail.messages(channel, after).await?;
        let ours = page.iter().find(|message| message.is_ours && message.text.contains(&footer));
        if let Some(message) = ours {
            break Found::There(message.id);
        }
        read += page.len();
        match page.iter().map(|message| message.id).max() {
            Some(last) if page.len() >= PAGE && read <= MOST => after = last,
            _ if read > MOST => break Found::TooMany,
            Some(_) => break Found::Absent,
            None if may_read => break Found::Absent,
            // Without the permission to read its history a channel seems empty. Once that is known to be there, it is read
            // again: the permission may have come meanwhile.
            None => match server {
                Some(server) if !mail.may_read(server, channel).await? => break Found::Hidden,
                _ => may_read = true,
            },
        }
    };
    takeaways_faults::pass("digest.history.after");
    Ok(found)
}

/// The id after which a message has to be that was handed over at `since` by a clock that says `now` when it is `theirs`
/// at Discord.
fn first_id(since: Timestamp, now: Timestamp, theirs: Option<Timestamp>) -> u64 {
    let theirs = theirs.unwrap_or(now);
    if since.duration_since(theirs) > SLACK {
        // Our clock was wrong then, nobody knows by how much.
        return 0;
    }
    let is_ahead = now.duration_since(theirs).max(SignedDuration::ZERO);
    snowflake::first(since.saturating_sub(is_ahead + SLACK).unwrap_or(Timestamp::MIN))
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn a_clock_that_is_or_was_wrong_hides_no_message() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().expect("a time");
        let since = now - 10.minutes();
        assert_eq!(first_id(since, now, None), snowflake::first(now - 11.minutes()));
        assert_eq!(first_id(since, now, Some(now + 1.hour())), snowflake::first(now - 11.minutes()));
        assert_eq!(first_id(since, now, Some(now - 5.minutes())), snowflake::first(now - 16.minutes()));
        assert_eq!(first_id(now + 1.hour(), now, Some(now)), 0, "it was an hour ahead");
        let (back, right) = (now - 1.hour(), now);
        assert_eq!(
            first_id(since, back, Some(right)),
            snowflake::first(now - 11.minutes()),
            "it is an hour behind"
        );
    }
}
