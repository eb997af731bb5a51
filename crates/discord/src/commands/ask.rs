//! The commands for questions: `/ask`, `/help`, `/about`.

use super::{Action, Call, Command, CommandOption, Handled, OptionKind, Run};
use super::{authors, events, years};
use crate::bot::UserQuestion;
use crate::conversations::Continues;
use crate::interaction::send_response;

pub const ASK: Command = Command {
    name: "ask",
    description: "Ask what people took away from conferences: excerpts from recaps, or from notes on them",
    help: &[
        "**Ask** with `/ask`, in a direct message, or by mentioning me in a channel. A plain sentence is enough.",
        "**Narrow the search** with the options `event`, `year` and `author` of `/ask`, or in the question: \
         \"at KubeCon EU 2018\", \"since 2017\".",
    ],
    default_permissions: None,
    is_in_direct_messages: true,
    reports_own_digest: false,
    action: Action::Run(Run { options: &[QUESTION, EVENT, YEAR, AUTHOR, PRIVATE], handler: ask }),
};

pub const LATEST: Command = Command {
    name: "latest",
    description: "The newest recaps, each with a sentence worth reading",
    help: &[],
    default_permissions: None,
    is_in_direct_messages: true,
    reports_own_digest: false,
    action: Action::Run(Run {
        options: &[],
        handler: |call| {
            Ok(Box::pin(send_response(call.bot, call.reply, false, call.bot.latest(call.caller))))
        },
    }),
};

pub const HELP: Command = Command {
    name: "help",
    description: "What this bot does, how to ask it, and example questions",
    help: &[],
    default_permissions: None,
    is_in_direct_messages: true,
    reports_own_digest: false,
    action: Action::Run(Run {
        options: &[],
        handler: |call| Ok(Box::pin(send_response(call.bot, call.reply, true, call.bot.help()))),
    }),
};

pub const ABOUT: Command = Command {
    name: "about",
    description: "How many recaps this bot knows, how new they are, and which version it is",
    help: &[],
    default_permissions: None,
    is_in_direct_messages: true,
    reports_own_digest: false,
    action: Action::Run(Run {
        options: &[],
        handler: |call| Ok(Box::pin(send_response(call.bot, call.reply, true, call.bot.about()))),
    }),
};

const QUESTION: CommandOption =
    CommandOption::text("question", "Your question, in your own words", 6_000).required();
const EVENT: CommandOption = CommandOption::name("event", "Only recaps of this event", 200, events);
const YEAR: CommandOption =
    CommandOption::name("year", "Only this year or these years: 2018-2020", 100, years);
const AUTHOR: CommandOption = CommandOption::name("author", "Only recaps by this author", 200, authors);
const PRIVATE: CommandOption = CommandOption::new("private", "Show the answer only to you", OptionKind::Flag);

fn ask(call: Call<'_>) -> Handled<'_> {
    let Call { bot, reply, values, caller, .. } = call;
    let question = UserQuestion {
        text: values.required_text(&QUESTION)?,
        event: values.text(&EVENT)?,
        year: values.text(&YEAR)?,
        author: values.text(&AUTHOR)?,
        person: caller.person,
        server: caller.server,
        channel: caller.channel,
        is_private: values.flag(&PRIVATE)?.unwrap_or_default(),
        continues: Continues::Nothing,
    };
    let is_private = question.is_private;
    Ok(Box::pin(send_response(bot, reply, is_private, bot.ask(question))))
}
