//! The box that an excerpt stands in.
//!
//! One for each, not one for all: where three quotes and their sources follow each other in one box, a phone shows a
//! source right above the next one's words, and a note has no edge of its own. Drawn both ways with `docs/picture/draw`.

use super::link;
use super::markdown::{escaped, marked};
use super::page::{Embed, MAX_DESCRIPTION, MAX_EMBEDS, length};
use super::{day, short};
use crate::said;
use takeaways_text::model::{Citation, Excerpt, Kind};

/// The edge of an author's own words: a calm blue.
const OF_A_POST: u32 = 0x4F_6D_8F;
/// The edge of a note, which is nobody's own words: grey.
const OF_A_NOTE: u32 = 0x8A_8F_98;

/// One box for each excerpt: as much about where the words come from as all of them together have room for.
pub(super) fn embeds(excerpts: &[Excerpt]) -> Vec<Embed> {
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
    let quote = quote(excerpt);
    let (description, color) = match excerpt.citation.kind {
        Kind::Post => (format!("{quote}\n{}", below_post(excerpt, detail)), OF_A_POST),
        Kind::Note => {
            let heading = heading_of_note(&excerpt.citation, detail);
            (format!("{heading}\n\n{quote}{}", below_note(excerpt, detail)), OF_A_NOTE)
        }
    };
    Embed { description, color }
}

/// The words with those of the question in bold. An author's own are a block quote; a note's are not.
pub(super) fn quote(excerpt: &Excerpt) -> String {
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

/// Below an author's words: the title, and in small print who, about what, when and where in the post.
fn below_post(excerpt: &Excerpt, detail: Detail) -> String {
    let from = &excerpt.citation;
    let address = from.url.as_deref().and_then(|url| match detail {
        Detail::Sentence => link::to_quote(url, &excerpt.quoted.quote).or_else(|| link::address(url)),
        Detail::Address => link::address(url),
        Detail::Names | Detail::Words => None,
    });
    let author = from.author.as_deref().map(short);
    linked(from, address) + &small_print(excerpt, author, detail)
}

/// Whose words a note is about, never as their own: only the post has a link, to its beginning.
fn heading_of_note(from: &Citation, detail: Detail) -> String {
    let address = from.url.as_deref().and_then(link::address).filter(|_| detail < Detail::Names);
    let title = linked(from, address);
    let by = from.author.as_deref().filter(|_| detail != Detail::Words);
    let by = by.map(|author| format!(" by {}", short(author))).unwrap_or_default();
    format!("Notes on {title}{by}")
}

fn below_note(excerpt: &Excerpt, detail: Detail) -> String {
    small_print(excerpt, None, detail)
}

/// A line of who, about what and when, and one of the section and how many others say the same; each only where
/// there is anything to say.
fn small_print(excerpt: &Excerpt, author: Option<String>, detail: Detail) -> String {
    if detail == Detail::Words {
        return String::new();
    }
    let from = &excerpt.citation;
    let event = from.event.as_ref().map(|event| short(&event.label()));
    let section = Some(short(&said::section(from)));
    let lines = [[author, event, from.date.and_then(day)], [section, said::also(excerpt.also), None]];
    let joined = |parts: [Option<String>; 3]| {
        let known: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        if known.is_empty() { String::new() } else { format!("\n-# {}", known.join(" · ")) }
    };
    lines.map(joined).concat()
}

/// The title, with the address behind it where there is one, else in bold. A title that looks like an address itself
/// does not hide where the link leads.
fn linked(from: &Citation, address: Option<String>) -> String {
    let said = said::title(from);
    let title = short(&said);
    let Some(address) = address else { return format!("**{title}**") };
    let host = link::names_a_host(&said).then(|| link::host(&address)).flatten();
    let host = host.map(|host| format!(" \\({}\\)", short(host))).unwrap_or_default();
    format!("[{title}{host}]({address})")
}
