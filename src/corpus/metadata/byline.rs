//! Who wrote a text and when, where the text itself says so: a byline at its start, a sign-off at its end.
//!
//! Only forms that say it outright count; a name in passing is no author.

use jiff::civil::Date;

use super::{date, names};
use crate::model::{Block, BlockKind, Body};

/// Blocks at the start that may hold a byline.
const FIRST: usize = 6;
/// Blocks at the end that may hold a byline or a sign-off.
const LAST: usize = 3;
/// Longest byline, in bytes. Beyond it a block is a paragraph of the text.
const MAX_LEN: usize = 240;

/// What a text says about its origin.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Byline {
    pub(super) authors: Vec<String>,
    pub(super) date: Option<Date>,
}

/// Words for the author that stand before a colon, in lower case.
const LABELS: &[&str] = &[
    "author", "authors", "author(s)", "written by", "posted by", "autor", "autora", "autores", "autorin", "autoren",
    "verfasser", "auteur", "auteurs", "auteure", "autrice", "autore", "autori", "著者", "筆者", "執筆者", "執筆", "文責",
    "作者", "撰文", "글쓴이", "작성자", "저자",
];

/// Words that a byline of names alone begins with, in lower case.
const OPENINGS: &[&str] = &[
    "written by ", "posted by ", "published by ", "article by ", "a post by ", "words by ", "by ", "geschrieben von ",
    "von ", "écrit par ", "par ", "escrito por ", "por ", "scritto da ", "geschreven door ", "door ",
];

/// Words that a date of publication follows, in lower case.
const DATED: &[&str] = &[
    "posted", "published", "written", "date:", "first published", "veröffentlicht", "publié", "publicado",
    "gepubliceerd", "公開日", "投稿日", "发布", "작성일",
];

/// Reads the first and the last blocks of a text.
pub(super) fn find(body: &Body, this_year: i16) -> Byline {
    let mut byline = Byline::default();
    let candidates = body.blocks.iter().filter(|block| may_hold(block));
    for (at, block) in candidates.take(FIRST).enumerate() {
        let text = body.slice(block.span);
        if text.len() > MAX_LEN {
            continue;
        }
        let named = authors(text);
        let dated = !named.is_empty() || is_dated(text) || (at < 3 && date::is_whole(text));
        if dated && byline.date.is_none() {
            byline.date = date::within(text, this_year);
        }
        if byline.authors.is_empty() {
            byline.authors = named;
        }
    }
    if byline.authors.is_empty() {
        byline.authors = at_the_end(body);
    }
    byline
}

fn may_hold(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote | BlockKind::Heading(2..=6))
}

fn is_dated(text: &str) -> bool {
    let text = text.trim_start().to_lowercase();
    DATED.iter().any(|cue| text.starts_with(cue))
}

/// The names in a byline; none where the block is no byline.
fn authors(text: &str) -> Vec<String> {
    labelled(text).or_else(|| opened(text)).unwrap_or_default()
}

/// `Author: A (X), B (Y)`, also behind a date.
fn labelled(text: &str) -> Option<Vec<String>> {
    let (before, after) = text.split_once([':', '：'])?;
    let before = before.trim_end().to_lowercase();
    let label = LABELS.iter().find(|label| {
        before.strip_suffix(**label).is_some_and(|rest| rest.is_empty() || !rest.ends_with(char::is_alphanumeric))
    })?;
    let date = before.strip_suffix(label).unwrap_or_default();
    if !date.trim().is_empty() && !date::is_whole(date) {
        return None;
    }
    let names = names::of_text(byline_end(after));
    let likely = |name: &String| name.split(' ').count() <= 5 && !name.chars().any(|c| c.is_ascii_digit() || c == '!');
    (!names.is_empty() && names.iter().all(likely)).then_some(names)
}

/// `By A and B`, `Written by A on 3 May 2018`, `Posted on 3 May 2018 by A`: full names only.
fn opened(text: &str) -> Option<Vec<String>> {
    let lower = text.to_lowercase();
    // Lower-casing may change the length of letters, never that of these openings.
    let opening = OPENINGS.iter().find(|opening| lower.starts_with(**opening)).map(|opening| opening.len());
    let start = opening.or_else(|| is_dated(text).then(|| text.find(" by ").map(|at| at + " by ".len())).flatten())?;
    let names = names::of_text(byline_end(text.get(start..)?));
    (!names.is_empty() && names.iter().all(|name| names::is_full_name(name))).then_some(names)
}

/// Up to the date, the reading time, or whatever else follows the names.
fn byline_end(text: &str) -> &str {
    let mut end = text.len();
    for stop in ["|", "·", "•", " – ", " — ", " - ", " on ", " in ", " am ", " le ", " el ", "Date:", "Published", "Posted", "Updated", "Last "] {
        if let Some(at) = text.find(stop).filter(|at| *at > 0) {
            end = end.min(at);
        }
    }
    text.get(..end).unwrap_or(text)
}

fn at_the_end(body: &Body) -> Vec<String> {
    let start = body.blocks.len().saturating_sub(LAST);
    let last = body.blocks.get(start..).unwrap_or_default();
    for (at, block) in last.iter().enumerate().rev().filter(|(_, block)| may_hold(block)) {
        let text = body.slice(block.span);
        if text.len() > MAX_LEN {
            continue;
        }
        let found = labelled(text).or_else(|| {
            let before = (start + at).checked_sub(1).and_then(|before| body.blocks.get(before));
            signed(text).filter(|_| !before.is_some_and(|before| is_quoted(body, before))).map(|name| vec![name])
        });
        if let Some(names) = found {
            return names;
        }
    }
    about_the_author(body).or_else(|| by_mail(body)).into_iter().collect()
}

/// `– Jane Doe`, `Cheers, Jane Doe`.
fn signed(text: &str) -> Option<String> {
    const CLOSINGS: &[&str] = &["cheers", "regards", "best", "best regards", "kind regards", "thanks", "yours"];
    let text = text.trim().trim_end_matches(['.', '!']);
    let name = match text.strip_prefix(['–', '—', '-', '~', '―']) {
        Some(rest) => rest.trim_start_matches(['-', ' ']),
        None => text.split_once(',').filter(|(closing, _)| CLOSINGS.contains(&closing.to_lowercase().as_str()))?.1,
    };
    names::is_full_name(name.trim()).then(|| name.trim().to_owned())
}

/// A dash and a name under a quotation say whose words those were.
fn is_quoted(body: &Body, block: &Block) -> bool {
    block.kind == BlockKind::Quote || body.slice(block.span).trim_end().ends_with(['"', '”', '»', '“', '’', '」'])
}

/// "About the author" over "Jane Doe is …".
fn about_the_author(body: &Body) -> Option<String> {
    const OVER: &[&str] = &["about the author", "about author", "über den autor", "über die autorin", "sobre el autor", "à propos de l'auteur"];
    let heading = body.blocks.iter().rposition(|block| {
        let text = body.slice(block.span).trim_end_matches(':');
        text.len() <= MAX_LEN && OVER.contains(&text.to_lowercase().as_str())
    })?;
    let text = body.slice(body.blocks.get(heading + 1)?.span);
    let name = text.split([',', '(']).next()?.split(" is ").next()?.trim();
    names::is_full_name(name).then(|| name.to_owned())
}

/// `first.last@…` in a link of the last blocks that asks the reader to write: the weakest of signs.
fn by_mail(body: &Body) -> Option<String> {
    const ASKS: &[&str] = &["reach", "contact", "mail", "feedback", "comments", "questions", "write to", "get in touch"];
    let last = body.blocks.get(body.blocks.len().saturating_sub(LAST)..).unwrap_or_default();
    let mut found = body.links.iter().filter_map(|link| {
        let address = link.url.strip_prefix("mailto:")?;
        let block = last.iter().find(|block| block.span.contains(link.span))?;
        let text = body.slice(block.span).to_lowercase();
        ASKS.iter().any(|ask| text.contains(ask)).then(|| name_of_address(address)).flatten()
    });
    // Two people to write to: either could be the author.
    let name = found.next()?;
    found.all(|other| other == name).then_some(name)
}

fn name_of_address(address: &str) -> Option<String> {
    const OFFICES: &[&str] = &["info", "contact", "hello", "support", "team", "press", "sales", "events", "admin", "office"];
    let (local, _) = address.trim().split_once('@')?;
    let (first, last) = local.split_once('.')?;
    let name = |part: &str| {
        let mut letters = part.chars();
        let initial = letters.next().filter(char::is_ascii_alphabetic)?;
        let rest = letters.as_str();
        let whole = rest.len() >= 2 && rest.chars().all(|c| c.is_ascii_alphabetic()) && !OFFICES.contains(&part);
        whole.then(|| format!("{}{}", initial.to_ascii_uppercase(), rest.to_ascii_lowercase()))
    };
    Some(format!("{} {}", name(first)?, name(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::metadata::sample::body;
    use crate::model::BlockKind::{Heading, ListItem, Paragraph, Quote};
    use crate::model::{Link, Span};

    #[test]
    fn a_byline_says_it_outright() {
        for (text, names, day) in [
            ("Authors: Paris Pittman (Google), Jonas Rosland (VMware)", vec!["Paris Pittman", "Jonas Rosland"], None),
            ("Author: Bill Mulligan, Isovalent", vec!["Bill Mulligan"], None),
            ("November 4th, 2022 Author: Bill Mulligan, Isovalent", vec!["Bill Mulligan"], Some("2022-11-04")),
            ("Author: Jane Doe | 2018-05-03", vec!["Jane Doe"], Some("2018-05-03")),
            ("Written by Matthew Mayer on August 20, 2017", vec!["Matthew Mayer"], Some("2017-08-20")),
            ("Posted on May 3, 2018", vec![], Some("2018-05-03")),
            ("Posted on May 3, 2018 by Jane Doe", vec!["Jane Doe"], Some("2018-05-03")),
            ("By Jane Doe and John Roe", vec!["Jane Doe", "John Roe"], None),
            ("By Jane Doe · 5 min read", vec!["Jane Doe"], None),
            ("Von Jane Doe", vec!["Jane Doe"], None),
            ("著者：山田太郎", vec!["山田太郎"], None),
            ("作者：张三", vec!["张三"], None),
            ("Auteur : Jane Doe", vec!["Jane Doe"], None),
            ("November 4th, 2022", vec![], Some("2022-11-04")),
            ("By the way, this is a recap", vec![], None),
            ("By Monday we were tired", vec![], None),
            ("Author: it is hard to say who wrote this great post", vec![], None),
            ("Best talk by author: Jane Doe", vec![], None),
            ("Dates: October 21–22, 2025", vec![], None),
            ("We met on May 3, 2018 in Copenhagen", vec![], None),
            ("Speaker: Jane Doe", vec![], None),
        ] {
            let found = find(&body(&[(Paragraph, text), (Paragraph, "Text.")]), 2026);
            assert_eq!(found.authors, names, "{text}");
            assert_eq!(found.date.map(|day| day.to_string()).as_deref(), day, "{text}");
        }
    }

    #[test]
    fn a_sign_off_stands_at_the_end() {
        let text = (Paragraph, "Text.");
        for (name, blocks, authors) in [
            ("dash", vec![text, (Paragraph, "– Jane Doe")], vec!["Jane Doe"]),
            ("closing", vec![text, (Paragraph, "Cheers, Jane Doe!")], vec!["Jane Doe"]),
            ("label", vec![text, (Paragraph, "Author: Jane Doe (Acme)")], vec!["Jane Doe"]),
            ("about", vec![text, (Heading(2), "About the author"), (Paragraph, "Jane Doe is an engineer.")], vec!["Jane Doe"]),
            ("under a quote", vec![text, (Quote, "Words."), (Paragraph, "— Jane Doe")], vec![]),
            ("under quoted words", vec![(Paragraph, "“Words.”"), (Paragraph, "— Jane Doe")], vec![]),
            ("a list", vec![text, (ListItem, "– Jane Doe")], vec![]),
            ("somebody's life", vec![text, (Paragraph, "Jane Doe is working as an engineer.")], vec![]),
            ("in the middle", [vec![text; 8], vec![(Paragraph, "– Jane Doe")], vec![text; 8]].concat(), vec![]),
        ] {
            assert_eq!(find(&body(&blocks), 2026).authors, authors, "{name}");
        }
    }

    #[test]
    fn an_address_to_write_to_is_the_weakest_sign() {
        for (text, address, name) in [
            ("Questions? Write to duncan.thomas@x.org", "mailto:duncan.thomas@x.org", Some("Duncan Thomas")),
            ("Questions? Write to info.team@x.org", "mailto:info.team@x.org", None),
            ("Questions? Write to duncan@x.org", "mailto:duncan@x.org", None),
            ("Questions? Write to d.t@x.org", "mailto:d.t@x.org", None),
            ("The talk of duncan.thomas@x.org", "mailto:duncan.thomas@x.org", None),
            ("Questions? Write to duncan.thomas@x.org", "https://x.org", None),
        ] {
            let mut body = body(&[(Paragraph, "Text."), (Paragraph, text)]);
            let start = body.text.rfind(' ').map_or(0, |at| at + 1);
            let span = Span::new(&body.text, start..body.text.len()).expect("a word");
            body.links.push(Link { span, url: address.to_owned() });
            assert_eq!(find(&body, 2026).authors.first().map(String::as_str), name, "{text} {address}");
        }
    }
}
