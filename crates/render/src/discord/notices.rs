//! Short messages that are no answers: what went wrong, what is not allowed, what to do.

use jiff::Timestamp;

use super::escape_truncated;
use super::message::MessagePayload;
use takeaways_text::model::{QuestionError, YearsError};

/// Something broke inside. `id` is the one in the log.
#[must_use]
pub fn internal_error(id: &str) -> MessagePayload {
    text_message(format!("Something went wrong on my side. Please ask again. {}", error_code_hint(id)))
}

/// Digests can't be read or changed now. `id` is the one in the log.
#[must_use]
pub fn state_error(id: &str) -> MessagePayload {
    text_message(format!(
        "I can't get at the digests now, and have changed nothing. Please try again. {}",
        error_code_hint(id)
    ))
}

/// The answer took too long. `id` is the one in the log.
#[must_use]
pub fn timed_out(id: &str) -> MessagePayload {
    text_message(format!(
        "That took too long, so I stopped looking. Please ask again. {}",
        error_code_hint(id)
    ))
}

/// Too many questions at once; `again` is when the next one is welcome.
#[must_use]
pub fn rate_limited(again: Timestamp) -> MessagePayload {
    // Up to the next full second, so that nobody is sent away twice.
    let second = again.as_second() + i64::from(again.subsec_nanosecond() > 0);
    text_message(format!("That was a lot at once. Ask again <t:{second}:R>."))
}

/// To a message without a question in it: an emoji, an image.
#[must_use]
pub fn no_question() -> MessagePayload {
    text_message(
        "I read words only. Ask me what people took away from a conference, or write \"help\".".to_owned(),
    )
}

/// To a text that is no question for another reason.
#[must_use]
pub fn bad_question(why: &QuestionError) -> MessagePayload {
    match why {
        QuestionError::Empty => no_question(),
        QuestionError::TooLong { chars, max } => text_message(format!(
            "Your question has {chars} characters; I read at most {max}. Please ask it in a sentence or two."
        )),
    }
}

/// To a year that is none.
#[must_use]
pub fn bad_year(why: &YearsError) -> MessagePayload {
    let YearsError = why;
    text_message(
        "That is no year that I know. Please give one from 1900 to 2100, or two: 2018-2020.".to_owned(),
    )
}

/// To a question that is not answered any more, because the bot ends.
#[must_use]
pub fn shutting_down() -> MessagePayload {
    text_message("I am being restarted. Please ask again in a minute.".to_owned())
}

/// To a press of a button that is for somebody else.
#[must_use]
pub fn not_yours() -> MessagePayload {
    text_message("This button is for the person who asked, and for moderators.".to_owned())
}

/// To a press of a button that this version does not know.
#[must_use]
pub fn outdated_button() -> MessagePayload {
    text_message("This button is from another version of me. Please ask again with `/ask`.".to_owned())
}

/// To a command or a form that this version does not know, or not so.
#[must_use]
pub fn unknown_command() -> MessagePayload {
    text_message(
        "I don't know that one: it is from another version of me. Ask with `/ask`, and see `/help` for more."
            .to_owned(),
    )
}

/// To thanks.
#[must_use]
pub fn welcome() -> MessagePayload {
    text_message("You're welcome. Ask me again whenever you like.".to_owned())
}

/// To what is said in passing: "ok", "lol", "bye".
#[must_use]
pub fn small_talk() -> MessagePayload {
    text_message(
        "I answer questions about what people took away from conferences. Ask me one, or write \"help\"."
            .to_owned(),
    )
}

/// Told privately where an answer could not be posted. The channel is linked: nobody is pinged by that, and its name is
/// shown to those only who may see it.
#[must_use]
pub fn could_not_post(channel_id: u64) -> MessagePayload {
    text_message(format!(
        "I have an answer for you, but I may not write in <#{channel_id}>. Ask me here, or ask who looks after the \
         server to let me view that channel, send messages and embed links there."
    ))
}

fn text_message(text: String) -> MessagePayload {
    MessagePayload::from_text(text, None)
}

fn error_code_hint(id: &str) -> String {
    format!(
        "If it happens again, please pass this code on to whoever runs this bot: **{}**",
        escape_truncated(id)
    )
}
