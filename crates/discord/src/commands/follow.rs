//! `/follow`, `/unfollow`, `/following`: personal subscriptions.

use super::{Action, Call, Command, CommandOption, Handled, Run, Subcommand};
use super::{authors, events, follows, topics, zones};
use crate::digest_commands::{FilterChange, FilterOptions, FollowOptions};

pub const FOLLOW: Command = Command {
    name: "follow",
    description: "Get new recaps on a topic, by an author or about an event by direct message",
    help: &[
        "**Get new recaps** by direct message: `/follow` a topic, an author or an event. Whoever manages a server has them \
         posted in a channel with `/digest add`.",
    ],
    default_permissions: None,
    is_in_direct_messages: true,
    reports_own_digest: true,
    action: Action::Subcommands(&[
        Subcommand {
            name: "topic",
            description: "Get new recaps on a topic",
            run: Run { options: &[TOPIC, SCHEDULE, TIMEZONE], handler: topic },
        },
        Subcommand {
            name: "author",
            description: "Get new recaps by an author",
            run: Run { options: &[AUTHOR, SCHEDULE, TIMEZONE], handler: author },
        },
        Subcommand {
            name: "event",
            description: "Get new recaps about an event",
            run: Run { options: &[EVENT, SCHEDULE, TIMEZONE], handler: event },
        },
    ]),
};

pub const UNFOLLOW: Command = Command {
    name: "unfollow",
    description: "Follow something no longer; \"all\" deletes all that I keep about you",
    help: &[],
    default_permissions: None,
    is_in_direct_messages: true,
    reports_own_digest: true,
    action: Action::Run(Run { options: &[WHAT], handler: unfollow }),
};

pub const FOLLOWING: Command = Command {
    name: "following",
    description: "What you follow, and when the next digest of it comes",
    help: &[],
    default_permissions: None,
    is_in_direct_messages: true,
    reports_own_digest: true,
    action: Action::Run(Run {
        options: &[],
        handler: |call| Ok(Box::pin(call.reply_with(call.bot.following(call.caller, call.now)))),
    }),
};

const TOPIC: CommandOption = CommandOption::name("name", "Which topic", 90, topics).required();
const AUTHOR: CommandOption = CommandOption::name("name", "Which author", 90, authors).required();
const EVENT: CommandOption = CommandOption::name("name", "Which event", 90, events).required();
const SCHEDULE: CommandOption = CommandOption::text(
    "schedule",
    "When all that you follow comes: \"daily at 18:30 Europe/Berlin\"; Mondays at 09:00 where you don't say",
    200,
);
const TIMEZONE: CommandOption =
    CommandOption::name("timezone", "The time zone of the schedule; UTC, where you name none", 100, zones);
const WHAT: CommandOption = CommandOption::name("what", "What, or \"all\"", 100, follows).required();

fn topic(call: Call<'_>) -> Handled<'_> {
    follow(call, &TOPIC, |name| FilterOptions { topic: FilterChange::Set(name), ..FilterOptions::default() })
}

fn author(call: Call<'_>) -> Handled<'_> {
    follow(call, &AUTHOR, |name| FilterOptions {
        author: FilterChange::Set(name),
        ..FilterOptions::default()
    })
}

fn event(call: Call<'_>) -> Handled<'_> {
    follow(call, &EVENT, |name| FilterOptions { event: FilterChange::Set(name), ..FilterOptions::default() })
}

fn follow<'a>(call: Call<'a>, name: &CommandOption, filter: fn(String) -> FilterOptions) -> Handled<'a> {
    let values = call.values;
    let options = FollowOptions {
        filter: filter(values.required_text(name)?),
        schedule: values.text(&SCHEDULE)?,
        zone: values.text(&TIMEZONE)?,
    };
    Ok(Box::pin(call.reply_with(async move { call.bot.follow(call.caller, options, call.now).await })))
}

fn unfollow(call: Call<'_>) -> Handled<'_> {
    let interest = call.values.required_text(&WHAT)?;
    Ok(Box::pin(call.reply_with(async move { call.bot.unfollow(call.caller, &interest, call.now).await })))
}
