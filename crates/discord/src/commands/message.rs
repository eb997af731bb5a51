//! The commands in the menu of a message: "Find recaps about this" and "Who said this?". Only the caller sees the reply.

use super::{Action, Call, Command};
use crate::bot::{Failure, Response, UserQuestion};
use crate::conversations::ReplyTarget;
use crate::interaction::send_response;
use futures_util::future::BoxFuture;
use takeaways_render::discord as pages;

pub const FIND_RECAPS: Command = Command {
    help: &["**From a message**: in its menu, under *Apps*, *Find recaps about this* and *Who said this?*"],
    ..Command::for_everybody("Find recaps about this", "", Action::Message(find_recaps))
};

pub const WHO_SAID: Command = Command::for_everybody("Who said this?", "", Action::Message(who_said));

fn find_recaps(call: Call<'_>, message: String) -> BoxFuture<'_, Result<(), Failure>> {
    let Call { bot, reply, caller, .. } = call;
    let work = async move {
        let Some(text) = bot.question_about(message).await? else {
            return Ok(Response::no_question(pages::no_question()));
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
