//! The commands for questions: `/ask`, `/latest`, and in the menu of a message "Find recaps about this" and "Who said
//! this?". Only the caller sees the replies of that menu.

use futures_util::future::BoxFuture;
use takeaways_answer::NamedOverview;
use takeaways_render::discord as pages;

use super::{
    Action, Call, Command, CommandOption, HandlerResult, OptionKind, OptionMismatch, OptionValues, Run,
    authors, events, sides, things, years,
};
use crate::bot::{UserOverview, UserQuestion, UserScope};
use crate::conversations::{Continuation, ReplyTarget};
use crate::interaction::send_response;
use crate::response::{Failure, Response};

pub(crate) const ASK: Command = Command {
    help: &[
        "**Ask** with `/ask`, in a direct message, or by mentioning me in a channel. A plain sentence is enough.",
        "**Narrow the search** with the options `event`, `year` and `author` of `/ask`, or in the question: \
         \"at KubeCon EU 2018\", \"since 2017\".",
    ],
    ..Command::for_everybody(
        "ask",
        "Ask what people took away from conferences: excerpts from recaps, or from notes on them",
        Action::Run(Run { options: &[QUESTION, EVENT, YEAR, AUTHOR, PRIVATE], handler: ask }),
    )
};

pub(crate) const LATEST: Command = Command::for_everybody(
    "latest",
    "The newest recaps, each with a sentence worth reading",
    Action::Run(Run {
        options: &[INCLUDE_OLD],
        handler: |call| {
            let includes_old = call.values.flag(&INCLUDE_OLD)?.unwrap_or_default();
            let latest = call.bot.latest(call.caller, includes_old);
            Ok(Box::pin(send_response(call.bot, call.reply, false, latest)))
        },
    }),
);

pub(crate) const FIND_RECAPS: Command = Command {
    help: &["**From a message**: in its menu, under *Apps*, *Find recaps about this* and *Who said this?*"],
    ..Command::for_everybody("Find recaps about this", "", Action::Message(find_recaps))
};

pub(crate) const WHO_SAID: Command = Command::for_everybody("Who said this?", "", Action::Message(who_said));

const QUESTION: CommandOption =
    CommandOption::text("question", "Your question, in your own words", 6_000).required();
const INCLUDE_OLD: CommandOption = CommandOption::new(
    "include_old",
    "Also posts dated before the day on which their blog was added",
    OptionKind::Flag,
);

pub(crate) const EVENT: CommandOption =
    CommandOption::name("event", "Only recaps of this event", 200, events);
pub(crate) const YEAR: CommandOption =
    CommandOption::name("year", "Only this year or these years: 2018-2020", 100, years);
pub(crate) const AUTHOR: CommandOption =
    CommandOption::name("author", "Only recaps by this author", 200, authors);
pub(crate) const PRIVATE: CommandOption =
    CommandOption::new("private", "Show the answer only to you", OptionKind::Flag);

fn ask(call: Call<'_>) -> HandlerResult<'_> {
    let Call { bot, reply, values, caller, .. } = call;
    let is_private = values.flag(&PRIVATE)?.unwrap_or_default();
    let question = UserQuestion {
        text: values.required_text(&QUESTION)?,
        scope: scope(values)?,
        target: ReplyTarget::of(caller, is_private),
        continuation: Continuation::Nothing,
    };
    Ok(Box::pin(send_response(bot, reply, is_private, bot.ask(question))))
}

fn find_recaps(call: Call<'_>, message: String) -> BoxFuture<'_, Result<(), Failure>> {
    let Call { bot, reply, caller, .. } = call;
    let work = async move {
        let has_words = message.contains(char::is_alphanumeric);
        let Some(text) = bot.question_about(message).await? else {
            let page = if has_words { pages::no_shared_words() } else { pages::no_question() };
            return Ok(Response::no_question(page));
        };
        let response = bot.ask(UserQuestion::new(text.clone(), ReplyTarget::of(caller, true))).await?;
        Ok(response.with_question(&text))
    };
    Box::pin(send_response(bot, reply, true, work))
}

fn who_said(call: Call<'_>, message: String) -> BoxFuture<'_, Result<(), Failure>> {
    let Call { bot, reply, caller, .. } = call;
    let work = bot.within_limits(caller.person, caller.server, bot.find_quote(message));
    Box::pin(send_response(bot, reply, true, work))
}

/// The scope that the options set. A command need not have all of them.
pub(crate) fn scope(values: &OptionValues<'_>) -> Result<UserScope, OptionMismatch> {
    Ok(UserScope { event: values.text(&EVENT)?, year: values.text(&YEAR)?, author: values.text(&AUTHOR)? })
}

pub(crate) const TAKEAWAYS: Command = Command {
    help: &[
        "**See more at once** with `/takeaways`, `/compare`, `/trend`, `/who` and `/topic`: what several recaps say, \
             and who says it.",
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
