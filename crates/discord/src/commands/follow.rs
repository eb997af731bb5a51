//! `/follow`, `/unfollow`, `/following`: personal subscriptions.

use super::{Action, Call, Command, CommandOption, HandlerResult, Run, Subcommand};
use super::{authors, events, follows, topics, zones};
use crate::digest_commands::{FilterChange, FilterOptions, FollowOptions};

pub(crate) const FOLLOW: Command = Command {
    help: &[
        "**Get new recaps** by direct message: `/follow` a topic, an author or an event. Moderators of a server can have \
         them posted in a channel: `/digest add`. `/following` shows what you follow, and `/unfollow` ends it.",
    ],
    ..Command::for_everybody(
        "follow",
        "Get new recaps on a topic, by an author or about an event by direct message",
        Action::Subcommands(&[
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
    )
};

pub(crate) const UNFOLLOW: Command = Command::for_everybody(
    "unfollow",
    "Stop following something; \"all\" deletes everything that I store about you",
    Action::Run(Run { options: &[WHAT], handler: unfollow }),
);

pub(crate) const FOLLOWING: Command = Command::for_everybody(
    "following",
    "Show what you follow, and when your next digest comes",
    Action::Run(Run {
        options: &[],
        handler: |call| Ok(Box::pin(call.reply_with(call.bot.following(call.caller, call.now)))),
    }),
);

const TOPIC: CommandOption = CommandOption::name("name", "Which topic", 90, topics).required();
const AUTHOR: CommandOption = CommandOption::name("name", "Which author", 90, authors).required();
const EVENT: CommandOption = CommandOption::name("name", "Which event", 90, events).required();
const SCHEDULE: CommandOption = CommandOption::text(
    "schedule",
    "When your digest comes: \"daily at 18:30 Europe/Berlin\"; if you don't say, Mondays at 09:00",
    200,
);
const TIMEZONE: CommandOption = CommandOption::name(
    "timezone",
    "The time zone of the schedule; if you name none, your last one",
    100,
    zones,
);
const WHAT: CommandOption = CommandOption::name("what", "What, or \"all\"", 100, follows).required();

fn topic(call: Call<'_>) -> HandlerResult<'_> {
    follow(call, &TOPIC, |name| FilterOptions { topic: FilterChange::Set(name), ..FilterOptions::default() })
}

fn author(call: Call<'_>) -> HandlerResult<'_> {
    follow(call, &AUTHOR, |name| FilterOptions {
        author: FilterChange::Set(name),
        ..FilterOptions::default()
    })
}

fn event(call: Call<'_>) -> HandlerResult<'_> {
    follow(call, &EVENT, |name| FilterOptions { event: FilterChange::Set(name), ..FilterOptions::default() })
}

fn follow<'a>(
    call: Call<'a>,
    name: &CommandOption,
    filter: fn(String) -> FilterOptions,
) -> HandlerResult<'a> {
    let values = call.values;
    let options = FollowOptions {
        filter: filter(values.required_text(name)?),
        schedule: values.text(&SCHEDULE)?,
        zone: values.text(&TIMEZONE)?,
    };
    Ok(Box::pin(call.reply_with(call.bot.follow(call.caller, options, call.now))))
}

fn unfollow(call: Call<'_>) -> HandlerResult<'_> {
    let interest = call.values.required_text(&WHAT)?;
    Ok(Box::pin(call.reply_with(async move { call.bot.unfollow(call.caller, &interest, call.now).await })))
}
