//! Short messages that are no answers: what went wrong, what is not allowed, what to do.
//!
//! To names, schedules and zones that mean nothing, or more than one thing: what to write instead.
//!
//! What the bot is, how to ask it, and what it knows.

use super::{
    day_timestamp, escape_name, escape_truncated,
    markdown::{self, visible_text},
    message::{ActionRow, MessagePayload},
    subscriptions::capitalise,
};
use jiff::{Timestamp, civil::Date};
use takeaways_digest::{ScheduleError, Zone, ZoneError};
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

/// To an event that is none, or one of several.
#[must_use]
pub fn ambiguous_event(typed: &str, suggestions: &[String]) -> MessagePayload {
    ambiguous_name("event", typed, suggestions)
}

/// To a topic that is none.
#[must_use]
pub fn ambiguous_topic(typed: &str, suggestions: &[String]) -> MessagePayload {
    ambiguous_name("topic", typed, suggestions)
}

/// To an author who is one of several, or none.
#[must_use]
pub fn ambiguous_author(typed: &str, suggestions: &[String]) -> MessagePayload {
    ambiguous_name("author", typed, suggestions)
}

fn ambiguous_name(what: &str, typed: &str, suggestions: &[String]) -> MessagePayload {
    let known = if suggestions.is_empty() {
        format!("I know no {what} called {}.", escape_truncated(typed))
    } else {
        let offers: Vec<String> =
            suggestions.iter().map(|offer| format!("**{}**", escape_name(offer))).collect();
        format!("Which {what} is {}? Perhaps {}.", escape_truncated(typed), offers.join(" or "))
    };
    text_message(format!("{known} Choose one from the list that appears while you type."))
}

/// To a schedule that can't be read.
#[must_use]
pub fn bad_schedule(why: &ScheduleError) -> MessagePayload {
    text_message(format!(
        "{}.\nFor example: *weekly on Monday at 09:00 Europe/Berlin*, *daily at 18:30*, *monthly on the first Friday at \
         10:00*, or a cron expression such as `0 9 * * 1`.",
        capitalise(&escape_truncated(&why.to_string()))
    ))
}

/// To a zone that there is not.
#[must_use]
pub fn bad_zone(why: &ZoneError) -> MessagePayload {
    text_message(format!(
        "{}. A list appears while you type.",
        capitalise(&escape_truncated(&why.to_string()))
    ))
}

/// To a zone in the schedule and another one beside it.
#[must_use]
pub fn conflicting_zones(named: &Zone, at_end: &Zone) -> MessagePayload {
    text_message(format!(
        "The schedule ends in {}, and the option `timezone` says {}. Please name one of them.",
        escape_name(at_end.name()),
        escape_name(named.name())
    ))
}

/// To a schedule without a run.
#[must_use]
pub fn never_runs() -> MessagePayload {
    text_message("That schedule never comes. Please name days that there are.".to_owned())
}

/// What `/help` shows, and the answer to a greeting. `commands` are lines about what there is to use. `examples` are
/// questions that have an answer; those that fit no button are left out.
#[must_use]
pub fn help(commands: &[&str], examples: &[String]) -> MessagePayload {
    let questions: Vec<String> = examples.iter().map(|question| visible_text(question)).collect();
    let row = ActionRow::question_buttons(&questions);
    let mut lines = vec![
        "I answer questions about conferences from the recaps of those who were there.",
        "You get one to three excerpts, each with its title, author, event and date, and its \
         link where the post names one.",
        "I only quote and never make a sentence up. Where I have only notes on a recap, I say \"Notes on\". Where there \
         is no answer, I say so.",
        "",
    ];
    lines.extend(commands);
    if row.is_some() {
        lines.extend(["", "**Try** one of these:"]);
    }
    MessagePayload::from_text(lines.join("\n"), row)
}

/// What the bot knows and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About<'a> {
    /// How many posts there are, notes on posts among them.
    pub posts: u64,
    /// How many events they are about.
    pub events: usize,
    /// The day of the newest.
    pub newest: Option<Date>,
    /// Of the program.
    pub version: &'a str,
    /// The licence's SPDX id.
    pub license: &'a str,
    /// Where the program is at home; left out where it is no address.
    pub link: &'a str,
}

/// What `/about` shows.
#[must_use]
pub fn about(about: &About<'_>) -> MessagePayload {
    let version =
        format!("**takeaways {}** · {}", escape_truncated(about.version), escape_truncated(about.license));
    let address = markdown::safe_url(about.link).map(|address| format!("<{address}>"));
    let newest = about.newest.and_then(day_timestamp).map(|day| format!("The newest is from {day}."));
    let lines = [
        Some(corpus_size(about)),
        newest,
        Some("I quote them and never make a sentence up. I keep nothing of what you ask.".to_owned()),
        Some(version),
        address,
    ];
    MessagePayload::from_text(lines.into_iter().flatten().collect::<Vec<_>>().join("\n"), None)
}

fn corpus_size(about: &About<'_>) -> String {
    let (posts, events) = (pluralise(about.posts, "post"), pluralise(about.events as u64, "event"));
    format!("I know {posts} about {events}: recaps, and notes on recaps.")
}

/// `1 post`, `2 posts`.
pub(super) fn pluralise(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
