//! Checks against Discord: the bot's token, its application, its permissions in a channel.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serenity::all::{Permissions, UserId};

use super::permissions::{self, PermissionError, REQUIRED_PERMISSIONS, names};
use super::rest::{Rest, RestError};
use super::route::Route;
use takeaways_ops::{Finding, Metrics};
use takeaways_settings::DiscordSettings;

/// With a larger clock offset the times in messages are wrong.
const MAX_CLOCK_OFFSET: Duration = Duration::from_secs(5);

/// Flags of applications that have a privileged intent, with or without verification:
/// <https://discord.com/developers/docs/resources/application#application-object-application-flags>.
const PRIVILEGED_INTENT_FLAGS: [(u64, &str); 6] = [
    (1 << 12, "presence"),
    (1 << 13, "presence"),
    (1 << 14, "server members"),
    (1 << 15, "server members"),
    (1 << 18, "message content"),
    (1 << 19, "message content"),
];

const DEVELOPER_PORTAL: &str = "https://discord.com/developers/applications";

/// A place where the bot should be able to post.
#[derive(Debug, Clone, Copy)]
pub struct PermissionTarget {
    /// The server.
    pub server: u64,
    /// A channel of the server.
    pub channel: Option<u64>,
}

#[derive(Deserialize)]
struct Application {
    id: String,
    name: String,
    flags: Option<u64>,
    bot_public: Option<bool>,
    interactions_endpoint_url: Option<String>,
}

/// The bot's own account.
#[derive(Deserialize)]
struct BotUser {
    id: UserId,
    username: String,
}

/// Checks a token against Discord, and the permissions of its bot. Effects: requests to Discord that only read.
pub async fn check_bot(
    settings: &DiscordSettings,
    token: &SecretString,
    target: Option<PermissionTarget>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if settings.api_base.is_some() {
        let what = "all requests go to discord.api_base instead of Discord, with the token";
        let todo = "make sure that it is yours, and that it keeps Discord's rate limits if others use it too";
        findings.push(Finding::warning("api_base", what, todo));
    }
    let rest = match Rest::new(token, settings.api_base.as_deref(), Metrics::new()) {
        Ok(rest) => rest,
        Err(error) => {
            findings.push(Finding::error(
                "network",
                error.to_string(),
                "check the certificates of this machine",
            ));
            return findings;
        }
    };
    let Some(user) = check_token_and_clock(&rest, &mut findings).await else { return findings };
    check_application(&rest, &mut findings).await;
    if let Some(target) = target {
        check_permissions(&rest, user, target, &mut findings).await;
    }
    findings
}

/// The bot's own id, if Discord accepts the token.
async fn check_token_and_clock(rest: &Rest, findings: &mut Vec<Finding>) -> Option<u64> {
    match rest.get(Route::CurrentUser).await {
        Ok(BotUser { id, username }) => {
            findings.push(clock_finding(rest.discord_time()));
            findings.push(Finding::ok("token", format!("Discord accepts it; the bot is {username}")));
            Some(id.get())
        }
        Err(error) if error.status() == 401 => {
            let todo =
                format!("copy it again from the page \"Bot\" of your application on {DEVELOPER_PORTAL}");
            findings.push(Finding::error("token", "Discord refuses it", todo));
            None
        }
        Err(error) => {
            let todo =
                "check that this machine can reach https://discord.com, or the address in discord.api_base";
            findings.push(Finding::error("network", format!("Discord can't be reached: {error}"), todo));
            None
        }
    }
}

fn clock_finding(discord_time: Option<Timestamp>) -> Finding {
    let Some(discord_time) = discord_time else {
        return Finding::ok("clock", "Discord's response has no time to compare it with");
    };
    let offset = Timestamp::now().duration_since(discord_time).unsigned_abs();
    if offset <= MAX_CLOCK_OFFSET {
        return Finding::ok("clock", "it agrees with Discord's clock");
    }
    let what = format!("it is off by {} s", offset.as_secs());
    Finding::warning("clock", what, "synchronise the clock of this machine over the network (NTP)")
}

async fn check_application(rest: &Rest, findings: &mut Vec<Finding>) {
    let application: Application = match rest.get(Route::CurrentApplication).await {
        Ok(application) => application,
        Err(error) => {
            findings.push(Finding::error(
                "application",
                format!("Discord does not show it: {error}"),
                "try again",
            ));
            return;
        }
    };
    findings.push(Finding::ok("application", format!("{} ({})", application.name, application.id)));
    if application.interactions_endpoint_url.is_some_and(|url| !url.is_empty()) {
        let todo = format!("clear the field \"Interactions Endpoint URL\" on {DEVELOPER_PORTAL}");
        findings.push(Finding::error(
            "application",
            "Discord sends commands to a web address, not to this bot",
            todo,
        ));
    }
    let mut granted: Vec<&str> = PRIVILEGED_INTENT_FLAGS
        .iter()
        .filter(|(flag, _)| application.flags.unwrap_or_default() & flag != 0)
        .map(|(_, name)| *name)
        .collect();
    granted.dedup();
    findings.push(if granted.is_empty() {
        Finding::ok("intents", "no privileged intent is granted, and none is needed")
    } else {
        let what = format!("the bot has intents that it does not need: {}", granted.join(", "));
        Finding::warning("intents", what, format!("turn them off on the page \"Bot\" of {DEVELOPER_PORTAL}"))
    });
    if application.bot_public == Some(true) {
        findings.push(Finding::ok("invite", "anybody with the link can invite the bot"));
    }
    findings.push(Finding::ok("invite", invite_url(&application.id)));
}

/// The invite link of the bot, with only the permissions that it needs.
fn invite_url(application: &str) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={}",
        REQUIRED_PERMISSIONS.bits()
    )
}

async fn check_permissions(rest: &Rest, user: u64, target: PermissionTarget, findings: &mut Vec<Finding>) {
    let server = match permissions::fetch_server(rest, target.server).await {
        Ok(server) => server,
        Err(error) => {
            findings.push(not_visible_finding("server", &error, "invite the bot with the link above"));
            return;
        }
    };
    findings.push(Finding::ok("server", format!("the bot is a member of {}", server.name)));
    let Some(channel) = target.channel else { return };
    findings.push(match permissions::fetch_bot_permissions(rest, user, &server, channel).await {
        Ok(found) => permission_finding(&found.name, REQUIRED_PERMISSIONS.difference(found.permissions)),
        Err(PermissionError::OtherServer) => {
            Finding::error("channel", "it is in another server", "name a channel of this server")
        }
        Err(PermissionError::Refused(error)) => {
            not_visible_finding("channel", &error, "let the bot see it, or name another channel")
        }
    });
}

fn permission_finding(channel: &str, missing: Permissions) -> Finding {
    if missing.is_empty() {
        return Finding::ok("channel", format!("the bot has every permission that it needs in #{channel}"));
    }
    let names = names(missing).join(", ");
    let what = format!("the bot lacks permissions in #{channel}: {names}");
    Finding::error(
        "channel",
        what,
        "grant them to the bot's role, in the settings of the channel or the server",
    )
}

fn not_visible_finding(check: &'static str, error: &RestError, todo: &str) -> Finding {
    let what = match error.status() {
        403 | 404 => "the bot can't see it".to_owned(),
        _ => format!("Discord does not show it: {error}"),
    };
    Finding::error(check, what, todo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invite_asks_for_no_more_than_is_needed() {
        let bits = (1 << 10) | (1 << 11) | (1 << 14) | (1 << 16) | (1_u64 << 38);
        assert_eq!(REQUIRED_PERMISSIONS.bits(), bits);
        assert!(
            invite_url("42")
                .ends_with(&format!("client_id=42&scope=bot+applications.commands&permissions={bits}"))
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let finding = permission_finding("general", Permissions::EMBED_LINKS | Permissions::SEND_MESSAGES);
        assert_eq!(finding.what, "the bot lacks permissions in #general: Send Messages, Embed Links");
        assert_eq!(permission_finding("general", Permissions::empty()).todo, "");
    }

    #[test]
    fn a_clock_that_is_off_is_told() {
        assert!(clock_finding(Some(Timestamp::UNIX_EPOCH)).what.starts_with("it is off by "));
        assert_eq!(clock_finding(None).level, takeaways_ops::FindingLevel::Ok);
    }
}
