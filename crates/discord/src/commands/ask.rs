//! The commands for questions: `/ask`, `/help`, `/about`.

use super::scope::{AUTHOR, EVENT, PRIVATE, YEAR, scope};
use super::{Action, Call, Command, CommandOption, Handled, OptionKind, Run};
use crate::bot::UserQuestion;
use crate::conversations::{Continues, ReplyTarget};
use crate::interaction::send_response;

pub const ASK: Command = Command {
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

pub const LATEST: Command = Command::for_everybody(
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

pub const HELP: Command = Command::for_everybody(
    "help",
    "What this bot does, how to ask it, and example questions",
    Action::Run(Run {
        options: &[],
        handler: |call| Ok(Box::pin(send_response(call.bot, call.reply, true, call.bot.help()))),
    }),
);

pub const ABOUT: Command = Command::for_everybody(
    "about",
    "How many recaps this bot knows, how new they are, and which version it is",
    Action::Run(Run {
        options: &[],
        handler: |call| Ok(Box::pin(send_response(call.bot, call.reply, true, call.bot.about()))),
    }),
);

const QUESTION: CommandOption =
    CommandOption::text("question", "Your question, in your own words", 6_000).required();
const INCLUDE_OLD: CommandOption = CommandOption::new(
    "include_old",
    "Also posts dated before the day on which their blog was added",
    OptionKind::Flag,
);

fn ask(call: Call<'_>) -> Handled<'_> {
    let Call { bot, reply, values, caller, .. } = call;
    let is_private = values.flag(&PRIVATE)?.unwrap_or_default();
    let question = UserQuestion {
        text: values.required_text(&QUESTION)?,
        scope: scope(values)?,
        target: ReplyTarget::of(caller, is_private),
        continues: Continues::Nothing,
    };
    Ok(Box::pin(send_response(bot, reply, is_private, bot.ask(question))))
}
