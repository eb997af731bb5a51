//! The slash commands, and the choices of autocomplete.
//!
//! One list gives the registration of commands, their names in the metrics and the lines of `/help`.

mod about;
mod ask;
mod digest;
mod follow;
mod options;
mod recaps;

use crate::{
    bot::Bot,
    digest_commands::{Caller, Rejection, into_response},
    interaction::send_response,
    reply::Reply,
    response::{Failure, Response},
};
use futures_util::future::BoxFuture;
use jiff::{Timestamp, tz::TimeZone};
pub(crate) use options::{
    CommandData, CommandOption, NamedChannel, OptionKind, OptionMismatch, OptionValues,
};
use serenity::all::Permissions;
use takeaways_answer::completion;
use takeaways_digest::Zone;
use takeaways_render::discord::{self as pages, Choice};
use takeaways_search::Facets;

/// All commands, in the order in which they are registered.
pub(crate) static COMMANDS: [Command; 18] = [
    ask::ASK,
    ask::TAKEAWAYS,
    ask::COMPARE,
    ask::TREND,
    ask::WHO,
    ask::TOPIC,
    ask::LATEST,
    about::HELP,
    about::ABOUT,
    digest::DIGEST,
    recaps::RECAPS,
    follow::FOLLOW,
    follow::UNFOLLOW,
    follow::FOLLOWING,
    about::PRIVACY,
    about::FORGET_ME,
    ask::FIND_RECAPS,
    ask::WHO_SAID,
];

/// A slash command.
pub(crate) struct Command {
    /// Its name, also in the metrics.
    pub name: &'static str,
    /// The description, which Discord shows beside the name.
    pub description: &'static str,
    /// Its lines in `/help`.
    pub help: &'static [&'static str],
    /// The permissions that a caller needs unless a server changes that; none if it is `None`.
    pub default_permissions: Option<Permissions>,
    /// Whether it is available in direct messages too.
    pub is_in_direct_messages: bool,
    /// Its handler, or its subcommands.
    pub action: Action,
}

impl Command {
    /// A command that everybody may give, also in direct messages, and that stands nowhere in `/help`.
    const fn for_everybody(name: &'static str, description: &'static str, action: Action) -> Self {
        Self { name, description, help: &[], default_permissions: None, is_in_direct_messages: true, action }
    }

    /// A command of a server, for those who may manage it, that stands nowhere in `/help`.
    const fn for_moderators(name: &'static str, description: &'static str, action: Action) -> Self {
        Self {
            default_permissions: Some(Permissions::MANAGE_GUILD),
            is_in_direct_messages: false,
            ..Self::for_everybody(name, description, action)
        }
    }
}

/// The action of a command.
pub(crate) enum Action {
    /// The command has a handler.
    Run(Run),
    /// The command has subcommands.
    Subcommands(&'static [Subcommand]),
    /// The command stands in the menu of a message.
    Message(MessageHandler),
}

pub(crate) struct Subcommand {
    pub name: &'static str,
    /// The description, which Discord shows beside the name.
    pub description: &'static str,
    /// Its options and handler.
    pub run: Run,
}

/// The options of a command, and its handler.
pub(crate) struct Run {
    /// The options, in the order in which they are registered.
    pub options: &'static [CommandOption],
    /// Parses the values of the options and begins the reply.
    pub handler: fn(Call<'_>) -> HandlerResult<'_>,
}

/// The reply that a handler has begun; an error if the options are not those of this version.
pub(crate) type HandlerResult<'a> = Result<BoxFuture<'a, Result<(), Failure>>, OptionMismatch>;

/// Returns the choices for a text that is being typed.
pub(crate) type Autocomplete = for<'a> fn(Call<'a>, &'a str) -> BoxFuture<'a, Vec<Choice>>;

/// A call of a command.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub bot: &'a Bot,
    /// The reply to the caller.
    pub reply: &'a Reply,
    /// The values of the options.
    pub values: &'a OptionValues<'a>,
    pub caller: Caller,
    /// The time of the call.
    pub now: Timestamp,
}

impl Call<'_> {
    /// Replies with the result of a digest command, which counts against the caller's limit. Only the
    /// caller sees it.
    async fn reply_with<T: Into<Response>>(
        self,
        work: impl Future<Output = Result<T, Rejection>> + Send,
    ) -> Result<(), Failure> {
        let Self { bot, reply, caller, .. } = self;
        // Boxed, because the future of a command is large.
        let work = Box::pin(async move { into_response(work.await) });
        let work = bot.within_limits(caller.person, caller.server, work);
        send_response(bot, reply, !caller.is_direct, work).await
    }
}

pub(crate) fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

/// The handler of a command in the menu of a message, with the words of the message. `None` if this version has no such
/// command.
pub(crate) fn message_handler(data: &CommandData) -> Option<(MessageHandler, String)> {
    let text = data.target_message()?;
    match find(&data.name)?.action {
        Action::Message(handler) => Some((handler, text.to_owned())),
        Action::Run(_) | Action::Subcommands(_) => None,
    }
}

/// The handler of a command in the menu of a message.
type MessageHandler = fn(Call<'_>, String) -> BoxFuture<'_, Result<(), Failure>>;

/// The part of a command that a call runs, with the values of its options. `None` if this version has no such command.
pub(crate) fn resolve(data: &CommandData) -> Option<(&'static Run, OptionValues<'_>)> {
    let command = find(&data.name).filter(|_| data.is_slash_command())?;
    match (&command.action, data.subcommand()) {
        (Action::Run(run), None) => Some((run, data.values())),
        (Action::Subcommands(all), Some((name, values))) => {
            Some((&all.iter().find(|subcommand| subcommand.name == name)?.run, values))
        }
        _ => None,
    }
}

/// The lines of `/help` about commands.
pub(crate) fn help() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().flat_map(|command| command.help.iter().copied())
}

pub(crate) fn events<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    complete_from_facets(call, query, |query, facets, now| {
        let today = now.to_zoned(TimeZone::UTC).date();
        pages::event_choices(&completion::complete_events(query, facets, today))
    })
}

pub(crate) fn years<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    complete_from_facets(call, query, |query, facets, now| {
        let today = now.to_zoned(TimeZone::UTC).date();
        pages::year_choices(&completion::complete_years(query, facets, today))
    })
}

pub(crate) fn authors<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    complete_from_facets(call, query, |query, facets, _| {
        pages::author_choices(&completion::complete_authors(query, facets))
    })
}

pub(crate) fn topics<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    complete_from_facets(call, query, |query, facets, _| {
        let topics = completion::complete_topics(query, facets);
        pages::name_choices(topics.into_iter().map(|topic| (topic.name, topic.id)))
    })
}

/// Topics, projects and companies that posts tell of.
pub(crate) fn things<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    complete_from_facets(call, query, |query, facets, _| {
        pages::author_choices(&completion::complete_things(query, facets))
    })
}

/// Events, then things, then people: what can be compared.
pub(crate) fn sides<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    complete_from_facets(call, query, |query, facets, now| {
        let today = now.to_zoned(TimeZone::UTC).date();
        let mut choices = pages::event_choices(&completion::complete_events(query, facets, today));
        choices.extend(pages::author_choices(&completion::complete_things(query, facets)));
        choices.extend(pages::author_choices(&completion::complete_authors(query, facets)));
        choices.truncate(pages::MAX_CHOICES);
        choices
    })
}

/// Time zones, each with its offset now.
pub(crate) fn zones<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    let zones = Zone::complete(query, call.now, pages::MAX_CHOICES);
    Box::pin(async move { pages::name_choices(zones.iter().map(|zone| (zone.label.as_str(), zone.name))) })
}

/// The digests of the server, for callers who may manage it. Others get no choices.
pub(crate) fn digests<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    Box::pin(async move {
        let Ok(moderator) = call.caller.moderator() else { return Vec::new() };
        match call.bot.store.list_by_server(moderator.server).await {
            Ok(all) => pages::digest_choices(&all, query),
            Err(error) => log_failure(error),
        }
    })
}

/// Sources and their posts, for callers who may remove them. Others get no choices.
pub(crate) fn removable<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    Box::pin(async move {
        match call.bot.sources.contributor(call.caller) {
            Ok(_) => call.bot.sources.removable_choices(query.to_owned()).await.unwrap_or_else(log_failure),
            Err(_) => Vec::new(),
        }
    })
}

/// The interests of a person.
pub(crate) fn follows<'a>(call: Call<'a>, query: &'a str) -> BoxFuture<'a, Vec<Choice>> {
    Box::pin(async move {
        match call.bot.store.find_by_person(call.caller.person).await {
            Ok(own) => {
                pages::follow_choices(&own.map(|own| own.definition.interests).unwrap_or_default(), query)
            }
            Err(error) => log_failure(error),
        }
    })
}

/// Names from the facets. The list is empty if the index can't be read; the option can still be typed.
fn complete_from_facets<'a>(
    call: Call<'a>,
    query: &'a str,
    complete: fn(&str, &Facets, Timestamp) -> Vec<Choice>,
) -> BoxFuture<'a, Vec<Choice>> {
    let query = query.to_owned();
    Box::pin(async move {
        let snapshot = match call.bot.engine() {
            Ok(engine) => engine.snapshot(),
            Err(failure) => return log_failure(failure),
        };
        let now = call.now;
        let work = move || snapshot.facets(now).map(|facets| complete(&query, &facets, now));
        match call.bot.capacity.threads.run(work).await {
            Ok(Ok(choices)) => choices,
            Ok(Err(error)) => {
                tracing::error!(%error, "choices can't be offered");
                Vec::new()
            }
            Err(failure) => log_failure(failure),
        }
    })
}

/// An empty list after a failure, which is logged: choices can't hold a message.
fn log_failure(error: impl Into<Failure>) -> Vec<Choice> {
    error.into().log();
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn data(name: &str, kind: u8, subcommand: Option<&str>) -> CommandData {
        let subcommand = subcommand.map(|name| json!({ "name": name, "type": 1, "options": [] }));
        let data = json!({ "name": name, "type": kind, "options": Vec::from_iter(subcommand) });
        serde_json::from_value(data).expect("a command")
    }

    #[test]
    fn calls_of_commands_that_there_are_not_resolve_to_nothing() {
        let is_there = |name, kind, subcommand| resolve(&data(name, kind, subcommand)).is_some();
        assert!(is_there("ask", 1, None) && is_there("digest", 1, Some("add")));
        for (name, kind, subcommand) in [
            ("trends", 1, None),
            ("ask", 3, None),
            ("ask", 1, Some("add")),
            ("digest", 1, None),
            ("digest", 1, Some("topic")),
        ] {
            assert!(!is_there(name, kind, subcommand), "{name} {kind} {subcommand:?}");
        }
    }

    #[test]
    fn no_two_options_of_a_command_have_one_name() {
        let runs = COMMANDS.iter().flat_map(|command| match &command.action {
            Action::Run(run) => vec![run],
            Action::Message(_) => Vec::new(),
            Action::Subcommands(all) => all.iter().map(|subcommand| &subcommand.run).collect(),
        });
        for run in runs {
            let mut names: Vec<&str> = run.options.iter().map(|option| option.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), run.options.len(), "{names:?}");
        }
    }

    #[test]
    fn help_names_each_command_that_is_to_be_found_there() {
        let lines: Vec<&str> = help().collect();
        assert_eq!(lines.len(), 5);
        for name in [
            "`/ask`",
            "`/takeaways`",
            "`/compare`",
            "`/trend`",
            "`/who`",
            "`/topic`",
            "`/follow`",
            "`/following`",
            "`/unfollow`",
            "`/digest add`",
        ] {
            assert!(lines.iter().any(|line| line.contains(name)), "{name}");
        }
    }
}
