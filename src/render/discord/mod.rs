//! An answer as a message of Discord.
//!
//! The only place where text becomes Discord's: everything that a person, a post or a note has written is escaped here,
//! and every limit of Discord is kept here. Pure, and without any of Discord's libraries.

mod link;
mod markdown;
mod page;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::said;
use crate::model::{Answer, Citation, Event, Excerpt, Kind, Missing, Offer, Question, Scope};
pub use markdown::{escaped, shown};
use markdown::{line, marked};
pub use page::{
    AllowedMentions, Button, Embed, MAX_BUTTONS, MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBEDS, MAX_LABEL, Page,
    Row, length,
};

/// The edge of an author's own words: a calm blue.
const OF_A_POST: u32 = 0x4F_6D_8F;
/// The edge of a note, which is nobody's own words: grey.
const OF_A_NOTE: u32 = 0x8A_8F_98;
/// The longest question that is repeated, and the longest title, heading or name that is shown, in characters.
const MAX_SAID: usize = 200;

/// The message that answers a question. `events` are those of the scope, as far as they are known.
#[must_use]
pub fn answer(question: &Question, answer: &Answer, events: &[Event]) -> Page {
    match answer {
        Answer::Cited { excerpts, scope, .. } => cited(excerpts, scope, events),
        Answer::NothingFound { scope, missing, offers, .. } => {
            nothing_found(question, scope, events, missing, offers)
        }
    }
}

fn cited(excerpts: &[Excerpt], scope: &Scope, events: &[Event]) -> Page {
    let content = if scope.is_everything() {
        String::new()
    } else {
        format!("In {}:", short(&said::scope(scope, events)))
    };
    Page { content, embeds: embeds(excerpts), ..Page::default() }
}

/// One box for each excerpt: as much about where the words come from as all of them together have room for.
fn embeds(excerpts: &[Excerpt]) -> Vec<Embed> {
    let with = |detail| -> Vec<Embed> { excerpts.iter().map(|excerpt| embed(excerpt, detail)).collect() };
    let fits = |embeds: &[Embed]| {
        let lengths = || embeds.iter().map(|embed| length(&embed.description));
        lengths().all(|length| length <= MAX_DESCRIPTION) && lengths().sum::<usize>() <= MAX_EMBEDS
    };
    let mut made = with(Detail::Sentence);
    for detail in [Detail::Address, Detail::Names, Detail::Words] {
        if fits(&made) {
            return made;
        }
        made = with(detail);
    }
    // What is left has a bound of its own for each excerpt, but not for any number of them.
    while !fits(&made) && made.pop().is_some() {}
    made
}

/// What is told of where words come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// All, and a link to the sentence.
    Sentence,
    /// All, and a link to the page.
    Address,
    /// All but a link.
    Names,
    /// The title only.
    Words,
}

fn embed(excerpt: &Excerpt, detail: Detail) -> Embed {
    let from = &excerpt.citation;
    let quote = quote(excerpt);
    let (description, color) = match from.kind {
        Kind::Post => (format!("{quote}\n{}", source(excerpt, detail)), OF_A_POST),
        Kind::Note => {
            (format!("{}\n{quote}{}", heading_of_note(from, detail), below_note(from, detail)), OF_A_NOTE)
        }
    };
    Embed { description, color }
}

/// The words with those of the question in bold. An author's own are a block quote; a note's are not.
fn quote(excerpt: &Excerpt) -> String {
    let start = excerpt.quoted.span.start();
    let marks = excerpt.marks.iter().filter(|mark| mark.start() >= start);
    let marks: Vec<_> = marks.map(|mark| mark.start() - start..mark.end() - start).collect();
    let words = marked(&excerpt.quoted.quote, &marks);
    let lead_in = excerpt.lead_in.as_ref().map(|lead_in| escaped(&lead_in.quote) + "\n").unwrap_or_default();
    let all = format!("{lead_in}{words}");
    match excerpt.citation.kind {
        Kind::Post => all.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"),
        Kind::Note => all,
    }
}

/// The line below an author's words: title, author, event, day and section.
fn source(excerpt: &Excerpt, detail: Detail) -> String {
    let from = &excerpt.citation;
    let address = from.url.as_deref().and_then(|url| match detail {
        Detail::Sentence => link::to_quote(url, &excerpt.quoted.quote).or_else(|| link::address(url)),
        Detail::Address => link::address(url),
        Detail::Names | Detail::Words => None,
    });
    let title = linked(from, address);
    if detail == Detail::Words {
        return title;
    }
    let author = from.author.as_deref().map(short);
    joined([Some(title), author, event(from), from.date.and_then(day)], &below(excerpt))
}

/// Whose words a note is about, never as their own: only the post has a link, to its beginning.
fn heading_of_note(from: &Citation, detail: Detail) -> String {
    let address = from.url.as_deref().and_then(link::address).filter(|_| detail < Detail::Names);
    let title = linked(from, address);
    let by = from.author.as_deref().filter(|_| detail != Detail::Words);
    let by = by.map(|author| format!(" by {}", short(author))).unwrap_or_default();
    format!("Notes on {title}{by}")
}

fn below_note(from: &Citation, detail: Detail) -> String {
    if detail == Detail::Words {
        return String::new();
    }
    let below = joined([event(from), from.date.and_then(day)], "");
    if below.is_empty() { below } else { format!("\n{below}") }
}

/// The section, small, and how many others say the same.
fn below(excerpt: &Excerpt) -> String {
    let section = short(&said::section(&excerpt.citation));
    let also = said::also(excerpt.also).unwrap_or_default();
    let parts: Vec<String> = [section, also].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!("\n-# {}", parts.join(" · ")) }
}

fn joined<const N: usize>(parts: [Option<String>; N], below: &str) -> String {
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ") + below
}

/// The title, with the address behind it where there is one, else in bold.
fn linked(from: &Citation, address: Option<String>) -> String {
    let title = short(&said::title(from));
    address.map_or_else(|| format!("**{title}**"), |address| format!("[{title}]({address})"))
}

fn event(from: &Citation) -> Option<String> {
    from.event.as_ref().map(|event| short(&event.label()))
}

/// A day in the reader's own form. Noon in UTC is the same day nearly everywhere.
fn day(date: Date) -> Option<String> {
    let noon = date.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
    Some(format!("<t:{}:D>", noon.timestamp().as_second()))
}

fn nothing_found(
    question: &Question,
    scope: &Scope,
    events: &[Event],
    missing: &[Missing],
    offers: &[Offer],
) -> Page {
    let mut lines = vec![format!("Not in the recaps: {}", short(question.text()))];
    if !scope.is_everything() {
        lines.push(format!("Looked in {}.", short(&said::scope(scope, events))));
    }
    lines.extend(said::missing(missing, scope).iter().map(|sentence| short(sentence)));
    let questions: Vec<String> = offers.iter().map(|offer| shown(&offer.question)).collect();
    let row = Row::of_questions(&questions);
    if row.is_some() {
        lines.push("Try instead:".to_owned());
    }
    Page { content: lines.join("\n"), components: row.into_iter().collect(), ..Page::default() }
}

/// What somebody else has written, as one safe line of at most [`MAX_SAID`] characters, the last one an ellipsis where
/// more were there.
fn short(text: &str) -> String {
    let text = shown(text);
    if text.chars().count() <= MAX_SAID {
        return line(&text);
    }
    let kept: String = text.chars().take(MAX_SAID - 1).collect();
    line(&format!("{}…", kept.trim_end()))
}

#[cfg(test)]
mod tests;
