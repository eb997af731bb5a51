//! Renders an excerpt as an embed.
//!
//! Each excerpt has its own embed. In one embed for all, a phone shows a source right above the next quote, and a note has
//! no edge of its own.

use super::markdown::{self, Markup, escape_with_markup};
use super::message::{Embed, MAX_DESCRIPTION, MAX_EMBEDS_LENGTH, utf16_length};
use super::{day_timestamp, escape_name, escape_truncated};
use crate::marked_quote::{Link, MarkedQuote, QuotePart};
use crate::web_address::{WebAddress, names_host};
use crate::wording;
use takeaways_text::language::CitationWords;
use takeaways_text::model::{Citation, Excerpt, Language, PostKind};

/// The edge of an author's own words: blue.
pub(super) const POST_COLOR: u32 = 0x4F_6D_8F;
/// The edge of a note: grey.
pub(super) const NOTE_COLOR: u32 = 0x8A_8F_98;

/// One embed per excerpt, with as much detail about the sources as fits in one message.
pub(super) fn embeds(excerpts: &[Excerpt], language: Language) -> Vec<Embed> {
    let is_numbered = excerpts.len() > 1;
    let with = |detail| -> Vec<Embed> {
        let numbers = (1..).map(|number| is_numbered.then_some(number));
        numbers.zip(excerpts).map(|(number, excerpt)| embed(number, excerpt, detail, language)).collect()
    };
    let fits = |embeds: &[Embed]| {
        let lengths = || embeds.iter().map(|embed| utf16_length(&embed.description));
        lengths().all(|length| length <= MAX_DESCRIPTION) && lengths().sum::<usize>() <= MAX_EMBEDS_LENGTH
    };
    let mut embeds = with(SourceDetail::SentenceLink);
    for detail in
        [SourceDetail::PageLink, SourceDetail::SourceLink, SourceDetail::NoLink, SourceDetail::TitleOnly]
    {
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
pub(super) enum SourceDetail {
    /// Everything, and a link to the sentence.
    SentenceLink,
    /// Everything, and a link to the page.
    PageLink,
    /// Like [`Self::PageLink`], but the quote has no links.
    SourceLink,
    /// Everything except links.
    NoLink,
    /// The title only.
    TitleOnly,
}

/// The quote, and below it its source: the title, then one line of small print.
fn embed(number: Option<usize>, excerpt: &Excerpt, detail: SourceDetail, language: Language) -> Embed {
    let from = &excerpt.citation;
    let (gap, color) = match from.kind {
        PostKind::Post => ("\n", POST_COLOR),
        // No bar shows where the words of a note end.
        PostKind::Note => ("\n\n", NOTE_COLOR),
    };
    let address = address(excerpt, detail);
    let has_author = names_author_with_title(from) && detail != SourceDetail::TitleOnly;
    let number = number.map(|number| format!("**{number}.** ")).unwrap_or_default();
    let description = [
        quote(excerpt, detail),
        rest_of_list(excerpt, address.as_deref(), language).unwrap_or_default(),
        format!("{gap}{number}{}", title_and_author(from, address, has_author, language)),
        small_print(excerpt, detail, language.citations()).unwrap_or_default(),
    ];
    Embed { description: description.concat(), color }
}

/// The quote with its marks, links and list items. An author's own words are a block quote; a note is not.
pub(super) fn quote(excerpt: &Excerpt, detail: SourceDetail) -> String {
    let has_links = detail < SourceDetail::SourceLink;
    let keep = |text: &str, address: &WebAddress| has_links && can_be_link(text, address);
    let marked = |quote: MarkedQuote<'_>| {
        let quote = quote.with_links(keep);
        escape_with_markup(quote.text, &markup(&quote))
    };
    let lead_in = MarkedQuote::of_lead_in(excerpt).map(|line| marked(line) + "\n").unwrap_or_default();
    let text = lead_in + &marked(MarkedQuote::of_answer(excerpt));
    match excerpt.citation.kind {
        PostKind::Post => text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"),
        PostKind::Note => text,
    }
}

/// A line of an overview: the quote, and one line of small print with its source.
pub(super) fn overview_line(excerpt: &Excerpt, detail: SourceDetail, language: Language) -> String {
    format!("{}\n{}", quote(excerpt, detail), overview_source(excerpt, detail, language))
}

/// Lines of an overview that have one source: the quotes, the items of a list right below each other, and the source once.
pub(super) fn lines_of_one_source(lines: &[Excerpt], language: Language) -> String {
    let Some(last) = lines.last() else { return String::new() };
    if lines.len() == 1 {
        return overview_line(last, SourceDetail::SentenceLink, language);
    }
    let is_item = |line: &Excerpt| !line.list_items.is_empty();
    let quotes = lines.windows(2).map(|pair| {
        let is_same_list = pair.iter().all(is_item) && pair[1].lead_in.is_none();
        let gap = if is_same_list { "\n" } else { "\n\n" };
        quote(&pair[0], SourceDetail::PageLink) + gap
    });
    quotes.collect::<String>() + &overview_line(last, SourceDetail::PageLink, language)
}

/// One line of small print with the source of a line of an overview.
fn overview_source(excerpt: &Excerpt, detail: SourceDetail, language: Language) -> String {
    let from = &excerpt.citation;
    let title = title_and_author(from, address(excerpt, detail), false, language);
    let author = from.author.as_deref().map(escape_name);
    let foreign = wording::foreign_language(excerpt, language.citations());
    let parts = author.into_iter().chain(from.date.and_then(day_timestamp)).chain(foreign);
    let parts: Vec<String> = std::iter::once(title).chain(parts).collect();
    format!("-# {}", parts.join(" · "))
}

/// Whether Discord shows these words as a link that does not lie. It shows the raw markup where an address is in masked
/// words, so words with an address are a link only if they are the very address.
fn can_be_link(text: &str, address: &WebAddress) -> bool {
    address.may_hide_behind(text) && (!text.contains("://") || is_bare(text, address))
}

/// Whether the words are the address itself.
fn is_bare(text: &str, address: &WebAddress) -> bool {
    text == markdown::masked_target(address) && text == address.as_str()
}

/// The markup of the list items, links and bold words of a quote.
fn markup(quote: &MarkedQuote<'_>) -> Vec<Markup> {
    let mut markup = Vec::new();
    for line in quote.lines() {
        if let Some(item) = line.item {
            let mark = item.number.map_or_else(|| "-".to_owned(), |number| format!("{number}."));
            markup.push(Markup::insert(line.start, format!("{}{mark} ", "  ".repeat(item.level.into()))));
        }
        let mut open: Option<Link<'_>> = None;
        for part in &line.parts {
            if part.link != open {
                markup.extend(open.map(|link| end_of_link(part.range.start, &link)));
                markup.extend(part.link.map(|link| start_of_link(part.range.start, &link)));
                open = part.link;
            }
            let is_bold = part.is_bold && !part.link.is_some_and(|link| is_bare(link.text, link.address));
            markup.extend(is_bold.then(|| bold(quote.text, part)).into_iter().flatten());
        }
        let end = line.parts.last().map_or(line.start, |part| part.range.end);
        markup.extend(open.map(|link| end_of_link(end, &link)));
    }
    markup
}

fn start_of_link(at: usize, link: &Link<'_>) -> Markup {
    if is_bare(link.text, link.address) {
        return Markup { range: at..at + link.text.len(), markup: format!("<{}>", link.text) };
    }
    Markup::insert(at, "[")
}

fn end_of_link(at: usize, link: &Link<'_>) -> Markup {
    let is_bare = is_bare(link.text, link.address);
    let end = if is_bare { String::new() } else { format!("]({})", markdown::masked_target(link.address)) };
    Markup::insert(at, end)
}

/// The markup around bold words, without the white space at their ends.
fn bold(text: &str, part: &QuotePart<'_>) -> Vec<Markup> {
    let words = &text[part.range.clone()];
    if markdown::visible_text(words).trim().is_empty() {
        return Vec::new();
    }
    let start = part.range.start + (words.len() - words.trim_start().len());
    [start, start + words.trim().len()].map(|at| Markup::insert(at, "**")).into()
}

/// A line that says how much of a list is shown, if it is not all.
fn rest_of_list(excerpt: &Excerpt, address: Option<&str>, language: Language) -> Option<String> {
    let shown = wording::shown_items(excerpt.items?, language)?;
    let words = language.citations().see_rest.fill(&[]);
    let rest = address.map(|address| format!(" [{words}]({address})")).unwrap_or_default();
    Some(format!("\n-# {shown}{rest}"))
}

/// The address of the post, at the quote if there is room. The words of a note are not in the post.
fn address(excerpt: &Excerpt, detail: SourceDetail) -> Option<String> {
    let url = excerpt.citation.url.as_deref().filter(|_| detail < SourceDetail::NoLink)?;
    let sentence = detail == SourceDetail::SentenceLink && excerpt.citation.kind == PostKind::Post;
    let sentence = sentence.then(|| markdown::text_fragment_url(url, &excerpt.quote.text)).flatten();
    sentence.or_else(|| markdown::link_target(url))
}

/// A line of small print: author, event, date, language, section, duplicates, and the place of a post without an address.
fn small_print(excerpt: &Excerpt, detail: SourceDetail, words: &CitationWords) -> Option<String> {
    let from = &excerpt.citation;
    let author = from.author.as_deref().filter(|_| !names_author_with_title(from));
    let parts = [
        author.map(escape_truncated),
        from.event.as_ref().map(|event| escape_truncated(&event.label())),
        from.date.and_then(day_timestamp),
        wording::foreign_language(excerpt, words),
        wording::section(excerpt).map(escape_name),
        wording::duplicates(excerpt.duplicate_count, words),
        from.url.is_none().then(|| escape_truncated(&wording::place(excerpt, words))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    (detail != SourceDetail::TitleOnly && !parts.is_empty()).then(|| format!("\n-# {}", parts.join(" · ")))
}

/// Whether the words are not the author's, so that the author is named with the title and not as the one who speaks.
fn names_author_with_title(from: &Citation) -> bool {
    from.kind == PostKind::Note || from.speaker.is_some()
}

/// The title as [`linked_title`], after "Notes on" or "Jane Doe in" if the words are not the author's, and the author if it
/// is wanted.
pub(super) fn title_and_author(
    from: &Citation,
    address: Option<String>,
    has_author: bool,
    language: Language,
) -> String {
    let words = language.citations();
    let kind = match &from.speaker {
        _ if from.kind == PostKind::Note => words.notes_on.fill(&[]) + " ",
        Some(speaker) => words.speaker_in.fill(&[("speaker", &escape_name(speaker))]) + " ",
        None => String::new(),
    };
    let by = from.author.as_deref().filter(|_| has_author);
    let by = by.map(|author| format!(" {}", words.by.fill(&[("author", &escape_truncated(author))])));
    let by = by.unwrap_or_default();
    format!("{kind}{}{by}", linked_title(from, address))
}

/// The title as a link, or in bold if there is no address. If the title looks like an address itself, the host of the link
/// is shown too.
pub(super) fn linked_title(from: &Citation, address: Option<String>) -> String {
    let plain = wording::title(from);
    let title = escape_name(&plain);
    let Some(address) = address else { return format!("**{title}**") };
    let web = WebAddress::new(&address, None).filter(|_| names_host(&plain));
    let host = web.map(|web| format!(" \\({}\\)", escape_truncated(web.host()))).unwrap_or_default();
    format!("[{title}{host}]({address})")
}
