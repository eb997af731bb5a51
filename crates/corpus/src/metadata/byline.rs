//! Who wrote a text and when, where the text itself says so: a byline at its start, a sign-off at its end.
//!
//! Only forms that say it outright count; a name in passing is no author.
//!
//! Who wrote a text, by its end: a signature, words about the author, an address to write to.

use super::{author, date};
use jiff::civil::Date;
use std::sync::LazyLock;
use takeaways_text::{
    language::all_words,
    model::{Block, BlockKind, Body},
};

/// Blocks at the start that may hold a byline.
const FIRST_BLOCKS: usize = 6;
/// Blocks at the end that may hold a byline or a sign-off.
const LAST_BLOCKS: usize = 3;
/// Longest byline, in bytes. Beyond it a block is a paragraph of the text.
const MAX_BYLINE_LEN: usize = 240;

/// What a text says about its origin.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Byline {
    pub(super) authors: Vec<String>,
    pub(super) date: Option<Date>,
}

/// Words for the author that stand before a colon, in lower case.
static LABELS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.labels));

/// Words that a byline of names alone begins with, in lower case.
static OPENINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.openings));

/// Words that a date of publication follows, in lower case.
static DATED: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.dated));

/// Reads the first and the last blocks of a text.
pub(super) fn find_byline(body: &Body, this_year: i16) -> Byline {
    let mut byline = Byline::default();
    let candidates = body.blocks.iter().filter(|block| may_hold_byline(block));
    for (at, block) in candidates.take(FIRST_BLOCKS).enumerate() {
        let text = body.slice(block.span);
        if text.len() > MAX_BYLINE_LEN {
            continue;
        }
        let named = byline_authors(text)
            .or_else(|| linked_author(body, block).map(|name| vec![name]))
            .unwrap_or_default();
        let dated = !named.is_empty() || has_date_label(text) || (at < 3 && date::is_only_a_date(text));
        if dated && byline.date.is_none() {
            byline.date = date::find_day(text, this_year);
        }
        if byline.authors.is_empty() {
            byline.authors = named;
        }
    }
    if byline.authors.is_empty() {
        byline.authors = authors_at_end(body);
    }
    byline
}

fn may_hold_byline(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote | BlockKind::Heading(2..=6))
}

fn has_date_label(text: &str) -> bool {
    let text = text.trim_start().to_lowercase();
    DATED.iter().any(|cue| text.starts_with(cue))
}

/// The names in a byline; `None` where the block is no byline.
fn byline_authors(text: &str) -> Option<Vec<String>> {
    labelled_authors(text).or_else(|| authors_after_opening(text))
}

/// `Author: A (X), B (Y)`, also behind a date.
fn labelled_authors(text: &str) -> Option<Vec<String>> {
    let (before, after) = text.split_once([':', '：'])?;
    let before = before.trim_end().to_lowercase();
    let label = LABELS.iter().find(|label| {
        before
            .strip_suffix(**label)
            .is_some_and(|rest| rest.is_empty() || !rest.ends_with(char::is_alphanumeric))
    })?;
    let date = before.strip_suffix(label).unwrap_or_default();
    if !date.trim().is_empty() && !date::is_only_a_date(date) {
        return None;
    }
    let names = author::names_in_text(byline_end(after));
    let likely =
        |name: &String| name.split(' ').count() <= 5 && !name.chars().any(|c| c.is_ascii_digit() || c == '!');
    (!names.is_empty() && names.iter().all(likely)).then_some(names)
}

/// `By A and B`, `Written by A on 3 May 2018`, `Posted on 3 May 2018 by A`: full names only.
fn authors_after_opening(text: &str) -> Option<Vec<String>> {
    let lower = text.to_lowercase();
    // Lower-casing may change the length of letters, never that of these openings.
    let opening = OPENINGS.iter().find(|opening| lower.starts_with(**opening)).map(|opening| opening.len());
    let start = opening
        .or_else(|| has_date_label(text).then(|| text.find(" by ").map(|at| at + " by ".len())).flatten())?;
    let names = author::names_in_text(byline_end(text.get(start..)?));
    (!names.is_empty() && names.iter().all(|name| author::is_full_name(name))).then_some(names)
}

/// Signs that end the names in a byline in every language.
const SIGNS: [&str; 6] = ["|", "·", "•", " – ", " — ", " - "];

static NAME_ENDS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.after_names));

/// Up to the date, the reading time, or whatever else follows the names.
fn byline_end(text: &str) -> &str {
    let mut end = text.len();
    for stop in NAME_ENDS.iter().copied().chain(SIGNS) {
        if let Some(at) = text.find(stop).filter(|at| *at > 0) {
            end = end.min(at);
        }
    }
    without_date(text.get(..end).unwrap_or(text))
}

/// Without the date that a text ends with: `Jane Doe, 3 March 2021`.
fn without_date(text: &str) -> &str {
    let is_date = |rest: &str| rest.contains(|c: char| c.is_ascii_digit()) && date::is_only_a_date(rest);
    let mut ends = text.match_indices([' ', ',', '(']).map(|(at, _)| text.split_at(at));
    ends.find(|(_, rest)| is_date(rest)).map_or(text, |(names, _)| names)
}

fn authors_at_end(body: &Body) -> Vec<String> {
    let candidates =
        body.blocks.iter().enumerate().rev().take(LAST_BLOCKS).filter(|(_, block)| may_hold_byline(block));
    for (at, block) in candidates {
        let is_heading = matches!(block.kind, BlockKind::Heading(_));
        let text = body.slice(block.span);
        let before = at.checked_sub(1).and_then(|before| body.blocks.get(before));
        let of_others = before.is_some_and(|before| is_quotation(body, before));
        let names = match () {
            () if text.len() > MAX_BYLINE_LEN => None,
            () if of_others => labelled_authors(text),
            () if at + 1 == body.blocks.len() => labelled_authors(text).or_else(|| {
                Some(vec![name_in_signature(text).or(name_alone(text).filter(|_| !is_heading))?])
            }),
            () => labelled_authors(text).or_else(|| Some(vec![name_in_signature(text)?])),
        };
        if let Some(names) = names.or_else(|| Some(vec![name_in_biography(text)?])) {
            return names;
        }
    }
    name_in_about_section(body).or_else(|| name_in_mail_link(body)).into_iter().collect()
}

/// A full name that is a block of its own and leads to that person's page.
fn linked_author(body: &Body, block: &Block) -> Option<String> {
    const PAGES: &[&str] = &[
        "linkedin.com/",
        "twitter.com/",
        "x.com/",
        "github.com/",
        "/author/",
        "/authors/",
        "/people/",
        "/about",
        "/@",
        "mailto:",
    ];
    let text = body.slice(block.span);
    let link = body.links.iter().find(|link| link.span == block.span)?;
    (PAGES.iter().any(|page| link.url.contains(page)) && author::is_full_name(text)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;

/// `– Jane Doe`, `Cheers, Jane Doe`.
fn name_in_signature(text: &str) -> Option<String> {
    static CLOSINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.closings));
    let text = text.trim().trim_end_matches(['.', '!']);
    let name = match text.strip_prefix(['–', '—', '-', '~', '―']) {
        Some(rest) => rest.trim_start_matches(['-', ' ']),
        None => {
            text.split_once(',').filter(|(closing, _)| CLOSINGS.contains(&closing.to_lowercase().as_str()))?.1
        }
    };
    author::is_full_name(name.trim()).then(|| name.trim().to_owned())
}

/// A name alone, as the last words of a text.
fn name_alone(text: &str) -> Option<String> {
    author::is_full_name(text).then(|| text.to_owned())
}

/// `Jane Doe is an engineer at Acme. She …`: a full name, what that person does, and words about that person.
/// Longer than a byline, shorter than a chapter.
fn name_in_biography(text: &str) -> Option<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 80..=1_500;
    static DOES: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.occupation_verbs));
    static PRONOUNS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.pronouns));
    let at = DOES.iter().filter_map(|does| text.find(does)).min()?;
    let name = text.get(..at)?.trim_matches(['*', '_', ' ']);
    let about =
        text.split(|c: char| !c.is_alphabetic()).any(|word| PRONOUNS.contains(&word.to_lowercase().as_str()));
    (LENGTHS.contains(&text.len()) && about && author::is_full_name(name) && author::names_role(text))
        .then(|| name.to_owned())
}

/// A dash and a name under a quotation say whose words those were.
fn is_quotation(body: &Body, block: &Block) -> bool {
    block.kind == BlockKind::Quote
        || body.slice(block.span).trim_end().ends_with(['"', '”', '»', '“', '’', '」'])
}

/// "About the author" over "Jane Doe is …".
fn name_in_about_section(body: &Body) -> Option<String> {
    static OVER: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.author_headings));
    let heading = body.blocks.iter().rposition(|block| {
        let text = body.slice(block.span).trim_end_matches(':');
        text.len() <= MAX_BYLINE_LEN && OVER.contains(&text.to_lowercase().as_str())
    })?;
    let text = body.slice(body.blocks.get(heading + 1)?.span);
    let name = text.split([',', '(']).next()?.split(" is ").next()?.trim();
    author::is_full_name(name).then(|| name.to_owned())
}

/// `first.last@…` in a link of the last blocks that asks the reader to write: the weakest of signs.
fn name_in_mail_link(body: &Body) -> Option<String> {
    static ASKS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.contact_requests));
    let last = body.blocks.get(body.blocks.len().saturating_sub(LAST_BLOCKS)..).unwrap_or_default();
    let mut found = body.links.iter().filter_map(|link| {
        let address = link.url.strip_prefix("mailto:")?;
        let block = last.iter().find(|block| block.span.contains(link.span))?;
        let text = body.slice(block.span).to_lowercase();
        ASKS.iter().any(|ask| text.contains(ask)).then(|| name_in_address(address)).flatten()
    });
    // Two people to write to: either could be the author.
    let name = found.next()?;
    found.all(|other| other == name).then_some(name)
}

fn name_in_address(address: &str) -> Option<String> {
    const OFFICES: &[&str] =
        &["info", "contact", "hello", "support", "team", "press", "sales", "events", "admin", "office"];
    let (local, _) = address.trim().split_once('@')?;
    let (first, last) = local.split_once('.')?;
    let name = |part: &str| {
        let mut letters = part.chars();
        let initial = letters.next().filter(char::is_ascii_alphabetic)?;
        let rest = letters.as_str();
        let whole =
            rest.len() >= 2 && rest.chars().all(|c| c.is_ascii_alphabetic()) && !OFFICES.contains(&part);
        whole.then(|| format!("{}{}", initial.to_ascii_uppercase(), rest.to_ascii_lowercase()))
    };
    Some(format!("{} {}", name(first)?, name(last)?))
}
