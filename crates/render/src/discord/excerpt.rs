//! Renders an excerpt as an embed.
//!
//! Each excerpt has its own embed. In one embed for all, a phone shows a source right above the next quote, and a note has
//! no edge of its own.

use super::markdown;
use super::markdown::{escape, escape_with_bold};
use super::message::{Embed, MAX_DESCRIPTION, MAX_EMBEDS_LENGTH, utf16_length};
use super::{day_timestamp, escape_truncated};
use crate::wording;
use takeaways_text::model::{Citation, Excerpt, PostKind};

/// The edge of an author's own words: blue.
pub(super) const POST_COLOR: u32 = 0x4F_6D_8F;
/// The edge of a note: grey.
pub(super) const NOTE_COLOR: u32 = 0x8A_8F_98;

/// One embed per excerpt, with as much detail about the sources as fits in one message.
pub(super) fn embeds(excerpts: &[Excerpt]) -> Vec<Embed> {
    let with = |detail| -> Vec<Embed> { excerpts.iter().map(|excerpt| embed(excerpt, detail)).collect() };
    let fits = |embeds: &[Embed]| {
        let lengths = || embeds.iter().map(|embed| utf16_length(&embed.description));
        lengths().all(|length| length <= MAX_DESCRIPTION) && lengths().sum::<usize>() <= MAX_EMBEDS_LENGTH
    };
    let mut embeds = with(SourceDetail::SentenceLink);
    for detail in [SourceDetail::PageLink, SourceDetail::NoLink, SourceDetail::TitleOnly] {
        if fits(&embeds) {
            return embeds;
        }
        embeds = with(detail);
    }
    // Each excerpt fits now, but perhaps not all together.
    while !fits(&embeds) && embeds.pop().is_some() {}
    embeds
}

/// The detail of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SourceDetail {
    /// Everything, and a link to the sentence.
    SentenceLink,
    /// Everything, and a link to the page.
    PageLink,
    /// Everything except a link.
    NoLink,
    /// The title only.
    TitleOnly,
}

fn embed(excerpt: &Excerpt, detail: SourceDetail) -> Embed {
    let quote = quote(excerpt);
    let (description, color) = match excerpt.citation.kind {
        PostKind::Post => (format!("{quote}\n{}", post_source(excerpt, detail)), POST_COLOR),
        PostKind::Note => {
            let heading = note_heading(&excerpt.citation, detail);
            (format!("{heading}\n\n{quote}{}", note_source(excerpt, detail)), NOTE_COLOR)
        }
    };
    Embed { description, color }
}

/// The quote with the words of the question in bold. An author's own words are a block quote; a note is not.
pub(super) fn quote(excerpt: &Excerpt) -> String {
    let start = excerpt.quote.span.start();
    let marks = excerpt.marks.iter().filter(|mark| mark.start() >= start);
    let marks: Vec<_> = marks.map(|mark| mark.start() - start..mark.end() - start).collect();
    let words = escape_with_bold(&excerpt.quote.text, &marks);
    let lead_in = excerpt.lead_in.as_ref().map(|lead_in| escape(&lead_in.text) + "\n").unwrap_or_default();
    let text = format!("{lead_in}{words}");
    match excerpt.citation.kind {
        PostKind::Post => text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"),
        PostKind::Note => text,
    }
}

/// The lines below an author's words: the title and the small print.
fn post_source(excerpt: &Excerpt, detail: SourceDetail) -> String {
    let from = &excerpt.citation;
    let address = from.url.as_deref().and_then(|url| match detail {
        SourceDetail::SentenceLink => {
            markdown::text_fragment_url(url, &excerpt.quote.text).or_else(|| markdown::safe_url(url))
        }
        SourceDetail::PageLink => markdown::safe_url(url),
        SourceDetail::NoLink | SourceDetail::TitleOnly => None,
    });
    let author = from.author.as_deref().map(escape_truncated);
    let title = linked_title(from, address);
    let speaker = from.speaker.as_deref().map(escape_truncated);
    match wording::spoken(speaker, &title, author.as_deref()).filter(|_| detail != SourceDetail::TitleOnly) {
        Some(source) => source + &small_print(excerpt, None, detail),
        None => title + &small_print(excerpt, author, detail),
    }
}

/// The heading of a note. The link leads to the beginning of the post, because the words of the note are not in it.
fn note_heading(from: &Citation, detail: SourceDetail) -> String {
    let address = from.url.as_deref().and_then(markdown::safe_url).filter(|_| detail < SourceDetail::NoLink);
    title_and_author(from, address, detail != SourceDetail::TitleOnly)
}

fn note_source(excerpt: &Excerpt, detail: SourceDetail) -> String {
    small_print(excerpt, None, detail)
}

/// Two lines of small print: author, event and date; section and duplicates. Empty lines are left out.
fn small_print(excerpt: &Excerpt, author: Option<String>, detail: SourceDetail) -> String {
    if detail == SourceDetail::TitleOnly {
        return String::new();
    }
    let from = &excerpt.citation;
    let event = from.event.as_ref().map(|event| escape_truncated(&event.label()));
    let section = Some(escape_truncated(&wording::section(from)));
    let lines = [
        [author, event, from.date.and_then(day_timestamp)],
        [section, wording::duplicates(excerpt.duplicate_count), None],
    ];
    let joined = |parts: [Option<String>; 3]| {
        let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { String::new() } else { format!("\n-# {}", parts.join(" · ")) }
    };
    lines.map(joined).concat()
}

/// The title as [`linked_title`], after "Notes on" if the words are not the author's, and the author if it is wanted.
pub(super) fn title_and_author(from: &Citation, address: Option<String>, has_author: bool) -> String {
    let kind = if from.kind == PostKind::Note { "Notes on " } else { "" };
    let by = from.author.as_deref().filter(|_| has_author);
    let by = by.map(|author| format!(" by {}", escape_truncated(author))).unwrap_or_default();
    format!("{kind}{}{by}", linked_title(from, address))
}

/// The title as a link, or in bold if there is no address. If the title looks like an address itself, the host of the link
/// is shown too.
pub(super) fn linked_title(from: &Citation, address: Option<String>) -> String {
    let plain = wording::title(from);
    let title = escape_truncated(&plain);
    let Some(address) = address else { return format!("**{title}**") };
    let host = markdown::looks_like_host(&plain).then(|| markdown::host(&address)).flatten();
    let host = host.map(|host| format!(" \\({}\\)", escape_truncated(host))).unwrap_or_default();
    format!("[{title}{host}]({address})")
}
