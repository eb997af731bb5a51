//! What the bot is, how to ask it, and what it knows.

use jiff::civil::Date;

use super::markdown::visible_text;
use super::message::{ActionRow, MessagePayload};
use super::{day_timestamp, escape_truncated, link};

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
    let address = link::safe_url(about.link).map(|address| format!("<{address}>"));
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
