//! `/digest`: digests for the channels of a server, managed by moderators.

use serenity::all::ChannelType;

use super::{
    Action, Call, Command, CommandOption, HandlerResult, OptionKind, OptionMismatch, Run, Subcommand,
};
use super::{authors, digests, events, topics, zones};
use crate::digest_commands::{DigestEdit, DigestOptions, FilterChange, FilterOptions, Moderator, Rejection};
use crate::response::Response;
use takeaways_digest::WhenEmpty;
use takeaways_render::language_name;
use takeaways_text::model::Language;

pub(crate) const DIGEST: Command = Command::for_moderators(
    "digest",
    "Digests of new recaps in this server's channels",
    Action::Subcommands(&[
        Subcommand {
            name: "add",
            description: "Create a digest: when, where, and of which posts",
            run: Run {
                options: &[
                    SCHEDULE,
                    CHANNEL,
                    TIMEZONE,
                    EVENT,
                    TOPIC,
                    AUTHOR,
                    LANGUAGE,
                    WHEN_EMPTY,
                    LAST_30_DAYS,
                    WRAP_UP,
                ],
                handler: add,
            },
        },
        Subcommand {
            name: "list",
            description: "List the digests of this server with their status",
            run: Run {
                options: &[],
                handler: |call| {
                    let list = async move { call.bot.list_digests(call.caller.moderator()?, 0).await };
                    Ok(Box::pin(call.reply_with(list)))
                },
            },
        },
        Subcommand {
            name: "edit",
            description: "Change a digest: only the options that you give are changed",
            run: Run {
                options: &[
                    ID,
                    NEW_SCHEDULE,
                    CHANNEL.described("Where"),
                    TIMEZONE.described("The time zone of the schedule"),
                    EVENT.described("Only posts about this event; \"none\": about any event"),
                    TOPIC.described("Only posts on this topic; \"none\": on any topic"),
                    AUTHOR.described("Only posts by this author; \"none\": by any author"),
                    LANGUAGE,
                    WHEN_EMPTY.described("What to post if there is nothing new"),
                    WRAP_UP,
                ],
                handler: edit,
            },
        },
        Subcommand {
            name: "pause",
            description: "Pause a digest until it is resumed",
            run: Run {
                options: &[ID],
                handler: |call| {
                    manage(call, move |moderator, id| call.bot.pause_digest(moderator, id, call.now))
                },
            },
        },
        Subcommand {
            name: "resume",
            description: "Resume a paused digest",
            run: Run {
                options: &[ID],
                handler: |call| {
                    manage(call, move |moderator, id| call.bot.resume_digest(moderator, id, call.now))
                },
            },
        },
        Subcommand {
            name: "remove",
            description: "Remove a digest; a button restores it",
            run: Run {
                options: &[ID],
                handler: |call| {
                    manage(call, move |moderator, id| call.bot.remove_digest(moderator, id, call.now))
                },
            },
        },
        Subcommand {
            name: "preview",
            description: "Show what a digest would post now, what it would leave out, and why; nothing is posted",
            run: Run {
                options: &[ID],
                handler: |call| {
                    manage(call, move |moderator, id| call.bot.preview_digest(moderator, id, 0, call.now))
                },
            },
        },
        Subcommand {
            name: "now",
            description: "Post a digest now; its schedule does not change",
            run: Run {
                options: &[ID],
                handler: |call| {
                    manage(call, move |moderator, id| call.bot.post_digest(moderator, id, call.now))
                },
            },
        },
        Subcommand {
            name: "log",
            description: "Show the last ten runs of a digest, their outcomes, and what to do",
            run: Run {
                options: &[ID],
                handler: |call| manage(call, move |moderator, id| call.bot.digest_log(moderator, id)),
            },
        },
    ]),
);

const ID: CommandOption = CommandOption::name("id", "Which digest", 100, digests).required();
const SCHEDULE: CommandOption = CommandOption::text(
    "schedule",
    "When: \"weekly on Monday at 09:00 Europe/Berlin\", \"daily at 18:30\", or a cron expression",
    200,
)
.required();
const NEW_SCHEDULE: CommandOption = CommandOption::text("schedule", "When, as with /digest add", 200);
const CHANNEL: CommandOption = CommandOption::new(
    "channel",
    "A text channel, announcement channel or thread; if you name none, this one",
    OptionKind::Channel(&[
        ChannelType::Text,
        ChannelType::News,
        ChannelType::NewsThread,
        ChannelType::PublicThread,
        ChannelType::PrivateThread,
    ]),
);
const TIMEZONE: CommandOption = CommandOption::name(
    "timezone",
    "The time zone of the schedule; if you name none, the last one of this server",
    100,
    zones,
);
const EVENT: CommandOption = CommandOption::name("event", "Only posts about this event", 200, events);
const TOPIC: CommandOption = CommandOption::name("topic", "Only posts on this topic", 200, topics);
const AUTHOR: CommandOption = CommandOption::name("author", "Only posts by this author", 200, authors);
const LANGUAGE: CommandOption = CommandOption::new(
    "language",
    "Only posts in this language",
    OptionKind::Choice(|| LANGUAGES.iter().map(|(name, _)| *name).collect()),
);
const WHEN_EMPTY: CommandOption = CommandOption::new(
    "when_empty",
    "What to post if there is nothing new; nothing if you don't say",
    OptionKind::Choice(|| EMPTY_ACTIONS.iter().map(|(name, _)| *name).collect()),
);
const WRAP_UP: CommandOption = CommandOption::new(
    "wrap_up",
    "Post the overview of an event once, with its fifth recap",
    OptionKind::Flag,
);
const LAST_30_DAYS: CommandOption = CommandOption::new(
    "include_last_30_days",
    "Include posts of the last 30 days in the first digest",
    OptionKind::Flag,
);

/// The languages of posts. Discord sends the index of the chosen one, so the order must stay: commands that were typed
/// before an update send the old index. `None` removes the filter.
const LANGUAGES: [(&str, Option<Language>); 11] = [
    ("any", None),
    named(Language::En),
    named(Language::De),
    named(Language::Fr),
    named(Language::Es),
    named(Language::Pt),
    named(Language::It),
    named(Language::Nl),
    named(Language::Ja),
    named(Language::Zh),
    named(Language::Ko),
];

const fn named(language: Language) -> (&'static str, Option<Language>) {
    (language_name(language), Some(language))
}

/// The choices for a run with nothing new. Discord sends the index, so the order must stay.
const EMPTY_ACTIONS: [(&str, WhenEmpty); 2] =
    [("post nothing", WhenEmpty::Nothing), ("post one line", WhenEmpty::OneLine)];

fn add(call: Call<'_>) -> HandlerResult<'_> {
    let values = call.values;
    let options = DigestOptions {
        schedule: values.required_text(&SCHEDULE)?,
        zone: values.text(&TIMEZONE)?,
        channel: values.channel(&CHANNEL)?,
        filter: parse_filter(call)?,
        when_empty: values.choice(&WHEN_EMPTY, &EMPTY_ACTIONS)?.unwrap_or_default(),
        wrap_up: values.flag(&WRAP_UP)?.unwrap_or_default(),
        include_last_days: values.flag(&LAST_30_DAYS)?.unwrap_or_default(),
    };
    Ok(Box::pin(
        call.reply_with(
            async move { call.bot.add_digest(call.caller.moderator()?, options, call.now).await },
        ),
    ))
}

fn edit(call: Call<'_>) -> HandlerResult<'_> {
    let values = call.values;
    let edit = DigestEdit {
        schedule: values.text(&NEW_SCHEDULE)?,
        zone: values.text(&TIMEZONE)?,
        channel: values.channel(&CHANNEL)?,
        filter: parse_filter(call)?,
        when_empty: values.choice(&WHEN_EMPTY, &EMPTY_ACTIONS)?,
        wrap_up: values.flag(&WRAP_UP)?,
    };
    manage(call, move |moderator, id| call.bot.edit_digest(moderator, id, edit, call.now))
}

/// Replies with the result of work on the digest in the options.
fn manage<'a, T: Into<Response> + 'a, W: Future<Output = Result<T, Rejection>> + Send + 'a>(
    call: Call<'a>,
    work: impl FnOnce(Moderator, String) -> W + Send + 'a,
) -> HandlerResult<'a> {
    let id = call.values.required_text(&ID)?;
    Ok(Box::pin(call.reply_with(async move { work(call.caller.moderator()?, id).await })))
}

/// The filter from the options.
fn parse_filter(call: Call<'_>) -> Result<FilterOptions, OptionMismatch> {
    let values = call.values;
    let language = values.choice(&LANGUAGE, &LANGUAGES)?;
    Ok(FilterOptions {
        event: FilterChange::from_option(values.text(&EVENT)?),
        topic: FilterChange::from_option(values.text(&TOPIC)?),
        author: FilterChange::from_option(values.text(&AUTHOR)?),
        language: language
            .map_or(FilterChange::Keep, |language| language.map_or(FilterChange::Remove, FilterChange::Set)),
    })
}
