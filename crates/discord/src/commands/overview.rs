//! The commands for overviews: `/takeaways`, `/compare`, `/trend`, `/who`, `/topic`.

use super::ask::{AUTHOR, EVENT, PRIVATE, YEAR, scope};
use super::{Action, Call, Command, CommandOption, HandlerResult, Run};
use super::{authors, sides, things};
use crate::bot::UserOverview;
use crate::conversations::ReplyTarget;
use crate::interaction::send_response;
use takeaways_answer::NamedOverview;

pub(crate) const TAKEAWAYS: Command = Command {
    help: &[
        "**See more at once** with `/takeaways`, `/compare`, `/trend`, `/who` and `/topic`: what several recaps tell of, \
             with who says it.",
    ],
    ..Command::for_everybody(
        "takeaways",
        "What people took away from an event, a year, or all of them",
        Action::Run(Run { options: &[EVENT, YEAR, AUTHOR, ON_TOPIC, PRIVATE], handler: takeaways }),
    )
};

pub(crate) const COMPARE: Command = Command::for_everybody(
    "compare",
    "How two events, years, people or things differ",
    Action::Run(Run { options: &[FIRST, SECOND, PRIVATE], handler: compare }),
);

pub(crate) const TREND: Command = Command::for_everybody(
    "trend",
    "How many recaps of each year name a topic, and what they say",
    Action::Run(Run { options: &[TREND_TOPIC, EVENT, YEAR, AUTHOR, PRIVATE], handler: trend }),
);

pub(crate) const WHO: Command = Command::for_everybody(
    "who",
    "A person: how many recaps, at which events, and the best points",
    Action::Run(Run { options: &[PERSON, EVENT, YEAR, PRIVATE], handler: who }),
);

pub(crate) const TOPIC: Command = Command::for_everybody(
    "topic",
    "A topic, project or company: how many recaps, at which events, and the best points",
    Action::Run(Run { options: &[THING, EVENT, YEAR, AUTHOR, PRIVATE], handler: topic }),
);

const ON_TOPIC: CommandOption =
    CommandOption::name("topic", "Only what is said on this topic, project or company", 200, things);
const FIRST: CommandOption =
    CommandOption::name("first", "An event, a year, a person or a thing", 200, sides).required();
const SECOND: CommandOption = CommandOption::name("second", "Another one", 200, sides).required();
const TREND_TOPIC: CommandOption =
    CommandOption::name("topic", "The topic, project or company", 200, things).required();
const PERSON: CommandOption =
    CommandOption::name("name", "The person; a part of the name is enough", 200, authors).required();
const THING: CommandOption =
    CommandOption::name("name", "The topic, project or company", 200, things).required();

fn takeaways(call: Call<'_>) -> HandlerResult<'_> {
    respond(call, NamedOverview::Takeaways { topic: call.values.text(&ON_TOPIC)? })
}

fn compare(call: Call<'_>) -> HandlerResult<'_> {
    let sides = [call.values.required_text(&FIRST)?, call.values.required_text(&SECOND)?];
    respond(call, NamedOverview::Comparison { sides })
}

fn trend(call: Call<'_>) -> HandlerResult<'_> {
    respond(call, NamedOverview::Trend { topic: call.values.required_text(&TREND_TOPIC)? })
}

fn who(call: Call<'_>) -> HandlerResult<'_> {
    respond(call, NamedOverview::Person { name: call.values.required_text(&PERSON)? })
}

fn topic(call: Call<'_>) -> HandlerResult<'_> {
    respond(call, NamedOverview::Thing { name: call.values.required_text(&THING)? })
}

/// Replies with an overview of the scope in the options.
fn respond(call: Call<'_>, named: NamedOverview) -> HandlerResult<'_> {
    let is_private = call.values.flag(&PRIVATE)?.unwrap_or_default();
    let overview =
        UserOverview { named, scope: scope(call.values)?, target: ReplyTarget::of(call.caller, is_private) };
    Ok(Box::pin(send_response(call.bot, call.reply, is_private, call.bot.overview(overview))))
}
