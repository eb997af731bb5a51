//! Commands for digests, of the channels of a server and of single persons.
//!
//! Permissions are checked here, at each command and each press: Discord sends those of the caller with it, and the
//! state names the owner of a digest.

mod follow;
mod options;
mod preview;
mod server_digests;

use crate::{
    interaction::Interaction,
    response::{Failure, Response},
};
pub(crate) use follow::FollowOptions;
use jiff::Timestamp;
pub(crate) use options::{FilterChange, FilterOptions};
use serenity::all::{ChannelId, ChannelType, GuildId, Permissions};
pub(crate) use server_digests::{DigestEdit, DigestOptions};
use takeaways_delivery::snowflake;
use takeaways_digest::{Subscription, Target};
use takeaways_render::discord::{self as pages, MessagePayload};
use takeaways_text::model::Language;

/// The number of next runs that a reply shows.
const SHOWN_RUNS: usize = 3;

/// A command that was rejected or failed.
pub(crate) enum Rejection {
    /// The caller has to change the command; the page says how.
    Page(MessagePayload),
    /// The command failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Rejection {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The page for the caller, or a rejection.
pub(crate) type CommandResult = Result<MessagePayload, Rejection>;

/// The response for a result; a rejection with a page is a response too.
pub(crate) fn into_response(result: Result<impl Into<Response>, Rejection>) -> Result<Response, Failure> {
    match result {
        Ok(response) => Ok(response.into()),
        Err(Rejection::Page(page)) => Ok(Response::fixed(page)),
        Err(Rejection::Failed(failure)) => Err(failure),
    }
}

/// The next runs of a digest after a time.
fn next_runs(subscription: &Subscription, now: Timestamp) -> Vec<Timestamp> {
    let definition = &subscription.definition;
    std::iter::successors(definition.schedule.next_run(&definition.zone, now), |run| {
        definition.schedule.next_run(&definition.zone, *run)
    })
    .take(SHOWN_RUNS)
    .collect()
}

/// The largest offset between Discord's clock and ours, in seconds. With a larger one our clock is used.
const MAX_CLOCK_OFFSET: i64 = 15 * 60;

/// The caller of a command, and where it was called, as Discord sends it with each interaction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub person: u64,
    /// The server; `None` in direct messages and group chats.
    pub server: Option<u64>,
    /// Whether it is the direct messages with the bot, which nobody else reads.
    pub is_direct: bool,
    pub channel: u64,
    /// The channel's type, if Discord sends it.
    pub kind: Option<ChannelType>,
    /// The caller's permissions in the channel.
    pub permissions: Permissions,
    /// The bot's permissions in the channel, if Discord sends them.
    pub bot_permissions: Option<Permissions>,
    /// When the interaction was made.
    pub sent_at: Timestamp,
    /// The language of the caller's Discord; English if this program does not know it.
    pub language: Language,
}

/// A caller who may manage the server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moderator {
    pub caller: Caller,
    pub server: u64,
}

impl Caller {
    /// The caller of an interaction; `now` is the time of our clock. `None` if Discord sends no person or no channel.
    pub(crate) fn from_interaction(interaction: &Interaction<'_>, now: Timestamp) -> Option<Self> {
        Some(Self {
            person: interaction.user()?,
            server: interaction.guild_id.map(GuildId::get),
            is_direct: interaction.is_in_direct_messages(),
            channel: interaction.channel_id.map(ChannelId::get)?,
            kind: interaction.channel_type(),
            permissions: interaction.permissions(),
            bot_permissions: interaction.app_permissions,
            sent_at: interaction_time(interaction.id.get(), now),
            language: interaction.language(),
        })
    }

    /// Whether a target is the caller's channel, or the caller's direct messages.
    pub(crate) fn is_target(&self, target: Target) -> bool {
        match target {
            Target::Channel { server, channel } => self.server == Some(server) && self.channel == channel,
            Target::Person(person) => self.is_direct && self.person == person,
        }
    }

    /// The caller as a moderator, if they may manage the server. A server can change the default permissions of the
    /// command, so they are checked here.
    ///
    /// # Errors
    /// The reply for a caller who may not.
    pub(crate) fn moderator(self) -> Result<Moderator, Rejection> {
        let managing = Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR;
        match self.server {
            Some(server) if self.permissions.intersects(managing) => Ok(Moderator { caller: self, server }),
            _ => Err(Rejection::Page(pages::moderators_only())),
        }
    }
}

/// The time at which an id was made, so that a repeated interaction has the same time.
fn interaction_time(id: u64, now: Timestamp) -> Timestamp {
    let created = snowflake::created_at(id);
    created.filter(|time| (time.as_second() - now.as_second()).abs() <= MAX_CLOCK_OFFSET).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interaction_has_the_time_of_its_id_where_the_clocks_agree() {
        // The example of Discord's documentation.
        let (id, made): (u64, Timestamp) =
            (175_928_847_299_117_063, "2016-04-30T11:18:25.796Z".parse().expect("a time"));
        let soon: Timestamp = "2016-04-30T11:20:00Z".parse().expect("a time");
        let late: Timestamp = "2026-04-30T11:20:00Z".parse().expect("a time");
        assert_eq!(interaction_time(id, soon), made);
        assert_eq!(interaction_time(id, late), late);
        assert_eq!(interaction_time(u64::MAX, late), late);
    }

    #[test]
    fn a13_only_who_may_manage_a_server_orders_for_it() {
        let caller = |server, permissions| Caller {
            person: 1,
            server,
            is_direct: server.is_none(),
            channel: 2,
            kind: None,
            permissions,
            bot_permissions: None,
            sent_at: Timestamp::UNIX_EPOCH,
            language: Language::En,
        };
        let may = |server, permissions| caller(server, permissions).moderator().is_ok();
        assert!(may(Some(3), Permissions::MANAGE_GUILD) && may(Some(3), Permissions::ADMINISTRATOR));
        assert!(!may(None, Permissions::MANAGE_GUILD));
        assert!(!may(Some(3), Permissions::all() - Permissions::MANAGE_GUILD - Permissions::ADMINISTRATOR));
    }

    #[test]
    fn a13_a_digest_is_shown_where_it_went_and_nowhere_else() {
        let caller = |server, channel, person| Caller {
            person,
            server,
            is_direct: server.is_none(),
            channel,
            kind: None,
            permissions: Permissions::empty(),
            bot_permissions: None,
            sent_at: Timestamp::UNIX_EPOCH,
            language: Language::En,
        };
        let channel = Target::Channel { server: 3, channel: 2 };
        assert!(caller(Some(3), 2, 1).is_target(channel));
        assert!(!caller(Some(4), 2, 1).is_target(channel) && !caller(Some(3), 9, 1).is_target(channel));
        assert!(!caller(None, 2, 1).is_target(channel));
        assert!(caller(None, 2, 1).is_target(Target::Person(1)));
        assert!(
            !caller(None, 2, 9).is_target(Target::Person(1))
                && !caller(Some(3), 2, 1).is_target(Target::Person(1))
        );
    }
}
