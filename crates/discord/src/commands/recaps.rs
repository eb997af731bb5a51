//! `/recaps`: where posts come from, managed by moderators.

use super::{Action, Call, Command, CommandOption, HandlerResult, Run, Subcommand, removable};

pub(crate) const RECAPS: Command = Command::for_moderators(
    "recaps",
    "Where my posts come from: add a blog or a post, and take posts out",
    Action::Subcommands(&[
        Subcommand {
            name: "add",
            description: "Look at the address of a blog or a post; a button then adds it",
            run: Run { options: &[URL], handler: add },
        },
        Subcommand {
            name: "list",
            description: "List the blogs and pages that posts come from",
            run: Run {
                options: &[],
                handler: |call| Ok(Box::pin(call.reply_with(call.bot.sources.list(call.caller)))),
            },
        },
        Subcommand {
            name: "recent",
            description: "List the posts that came in last",
            run: Run {
                options: &[],
                handler: |call| Ok(Box::pin(call.reply_with(call.bot.sources.list_recent(call.caller)))),
            },
        },
        Subcommand {
            name: "problems",
            description: "Say which sources and pages can't be read, and why",
            run: Run {
                options: &[],
                handler: |call| Ok(Box::pin(call.reply_with(call.bot.sources.list_problems(call.caller)))),
            },
        },
        Subcommand {
            name: "remove",
            description: "Take out a post for good, or a source with all its posts",
            run: Run { options: &[NAME], handler: remove },
        },
    ]),
);

const URL: CommandOption =
    CommandOption::text("url", "The address of a blog, a feed or a post", 1_000).required();
const NAME: CommandOption =
    CommandOption::name("name", "Which post or source: type words of its title or address", 1_000, removable)
        .required();

fn add(call: Call<'_>) -> HandlerResult<'_> {
    let url = call.values.required_text(&URL)?;
    Ok(Box::pin(async move { call.bot.show_source(call.reply, call.caller, &url).await }))
}

fn remove(call: Call<'_>) -> HandlerResult<'_> {
    let name = call.values.required_text(&NAME)?;
    Ok(Box::pin(call.reply_with(call.bot.remove_recaps(call.caller, name))))
}
