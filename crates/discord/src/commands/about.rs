//! The commands about the bot: `/help`, `/about`, `/privacy`, `/forget-me`.

use super::{Action, Call, Command, Run};
use crate::interaction::{reply_privately, send_response};
use takeaways_render::discord as pages;

pub(crate) const HELP: Command = Command::for_everybody(
    "help",
    "What this bot does, how to ask it, and example questions",
    Action::Run(Run {
        options: &[],
        handler: |call| Ok(Box::pin(send_response(call.bot, call.reply, true, call.bot.help()))),
    }),
);

pub(crate) const ABOUT: Command = Command::for_everybody(
    "about",
    "How many recaps this bot knows, how new they are, and which version it is",
    Action::Run(Run {
        options: &[],
        handler: |call| Ok(Box::pin(send_response(call.bot, call.reply, true, call.bot.about()))),
    }),
);

pub(crate) const PRIVACY: Command = Command::for_everybody(
    "privacy",
    "What this bot keeps of you, why, and how long",
    Action::Run(Run {
        options: &[],
        handler: |call| {
            let page = pages::privacy(call.bot.settings.conversation_hours);
            Ok(Box::pin(reply_privately(call.bot, call.reply, page)))
        },
    }),
);

pub(crate) const FORGET_ME: Command = Command::for_everybody(
    "forget-me",
    "Delete everything that this bot keeps of you",
    Action::Run(Run {
        options: &[],
        handler: |call: Call<'_>| Ok(Box::pin(call.reply_with(call.bot.forget_person(call.caller.person)))),
    }),
);
