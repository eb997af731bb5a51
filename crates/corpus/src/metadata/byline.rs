//! Finds author and date in the text itself: in a byline at its start, or in a signature, a biography or a mail
//! address at its end.
//!
//! Only explicit forms count. A name that is only mentioned is not an author.

use super::{author, date};
use jiff::civil::Date;
use takeaways_text::{
    language::{self, BylineWords},
    model::{Block, BlockKind, Body},
    tokens::is_any_stop_word,
};

/// Number of blocks at the start that may hold a byline.
const FIRST_BLOCKS: usize = 6;
/// Number of blocks at the end that may hold a byline or a signature.
const LAST_BLOCKS: usize = 3;
/// Maximum length of a byline, in bytes. A longer block is a paragraph of the text.
const MAX_BYLINE_LEN: usize = 240;

/// The least length of a word of a name that is looked for in an address, in bytes.
const MIN_ADDRESS_NAME: usize = 4;

/// The authors and the date that a text names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Byline {
    pub(super) authors: Vec<String>,
    pub(super) date: Option<Date>,
}

fn words() -> &'static BylineWords {
    &language::all().bylines
}

/// Finds the byline in the first blocks of a text, or the authors in its last blocks.
pub(super) fn find_byline(body: &Body, this_year: i16) -> Byline {
    let mut byline = Byline::default();
    let candidates = body.blocks.iter().filter(|block| may_hold_byline(block));
    for (at, block) in candidates.take(FIRST_BLOCKS).enumerate() {
        let text = body.slice(block.span);
        if text.len() > MAX_BYLINE_LEN {
            continue;
        }
        let authors = labelled_authors(text)
            .or_else(|| authors_after_opening(text))
            .or_else(|| Some(vec![linked_author(body, block)?]))
            .unwrap_or_default();
        let may_have_date =
            !authors.is_empty() || has_date_label(text) || (at < 3 && date::is_only_a_date(text));
        if may_have_date && byline.date.is_none() {
            byline.date = date::find_day(text, this_year);
        }
        if byline.authors.is_empty() {
            byline.authors = authors;
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
    words().dated.iter().any(|cue| text.starts_with(cue))
}

/// Parses `Author: A (X), B (Y)`, also after a date.
fn labelled_authors(text: &str) -> Option<Vec<String>> {
    let (before, after) = text.split_once([':', '：'])?;
    let before = before.trim_end().to_lowercase();
    let label = words().labels.iter().find(|label| {
        before
            .strip_suffix(*label)
            .is_some_and(|rest| rest.is_empty() || !rest.ends_with(char::is_alphanumeric))
    })?;
    let date = before.strip_suffix(label).unwrap_or_default();
    if !date.trim().is_empty() && !date::is_only_a_date(date) {
        return None;
    }
    let names = author::people_in_text(names_part(after));
    let is_likely =
        |name: &String| name.split(' ').count() <= 5 && !name.chars().any(|c| c.is_ascii_digit() || c == '!');
    (!names.is_empty() && names.iter().all(is_likely)).then_some(names)
}

/// Parses `By A and B`, `Written by A on 3 May 2018` or `Posted on 3 May 2018 by A`. All names must be full names.
fn authors_after_opening(text: &str) -> Option<Vec<String>> {
    let lower = text.to_lowercase();
    // Lower-casing may change the length of letters, but not the length of these openings.
    let opening = words().openings.iter().find(|opening| lower.starts_with(opening)).map(str::len);
    let start = opening
        .or_else(|| has_date_label(text).then(|| text.find(" by ").map(|at| at + " by ".len())).flatten())?;
    let names = author::people_in_text(names_part(text.get(start..)?));
    let is_name = |name: &String| author::is_full_name(name) && !is_phrase(name);
    (!names.is_empty() && names.iter().all(is_name)).then_some(names)
}

/// Whether a text with the capitals of a name is none: "Von Berlin Nach Hamburg", "Par Monts Et Vaux".
fn is_phrase(name: &str) -> bool {
    let words = language::all();
    let is_joiner = |word: &str| {
        let word = word.to_lowercase();
        words.names.conjunctions.contains(&word) || words.events.place_prepositions.contains(&word)
    };
    let is_capitalised = |word: &&str| word.starts_with(char::is_uppercase);
    !author::has_given_name(name) && name.split(' ').filter(is_capitalised).skip(1).any(is_joiner)
}

/// Signs after the names in a byline, in every language.
const END_SIGNS: [&str; 6] = ["|", "·", "•", " – ", " — ", " - "];

/// Returns the start of a text up to the date, the reading time or other words after the names.
fn names_part(text: &str) -> &str {
    let marks = words().after_names.iter().chain(END_SIGNS);
    let end = marks.filter_map(|mark| text.find(mark).filter(|at| *at > 0)).min();
    without_date(end.and_then(|end| text.get(..end)).unwrap_or(text))
}

/// Removes the date at the end of a text: `Jane Doe, 3 March 2021`.
fn without_date(text: &str) -> &str {
    let is_date = |rest: &str| rest.contains(|c: char| c.is_ascii_digit()) && date::is_only_a_date(rest);
    let mut splits = text.match_indices([' ', ',', '(']).map(|(at, _)| text.split_at(at));
    splits.find(|(_, rest)| is_date(rest)).map_or(text, |(names, _)| names)
}

fn authors_at_end(body: &Body) -> Vec<String> {
    let candidates =
        body.blocks.iter().enumerate().rev().take(LAST_BLOCKS).filter(|(_, block)| may_hold_byline(block));
    for (at, block) in candidates {
        let text = body.slice(block.span);
        let before = at.checked_sub(1).and_then(|before| body.blocks.get(before));
        let is_attribution = before.is_some_and(|before| is_quotation(body, before));
        let names = match () {
            () if text.len() > MAX_BYLINE_LEN => None,
            () if is_attribution => labelled_authors(text),
            () if at + 1 == body.blocks.len() => labelled_authors(text).or_else(|| {
                let is_name = !block.is_heading() && is_name_alone(body, text);
                Some(vec![name_in_signature(text).or(is_name.then(|| text.to_owned()))?])
            }),
            () => labelled_authors(text).or_else(|| Some(vec![name_in_signature(text)?])),
        };
        if let Some(names) = names.or_else(|| Some(vec![name_in_biography(text)?])) {
            return names;
        }
    }
    name_in_about_section(body).or_else(|| name_in_mail_link(body)).into_iter().collect()
}

/// Whether a text that stands alone at the end of a post is a name: without a given name it has no word that is also written in
/// lower case.
fn is_name_alone(body: &Body, text: &str) -> bool {
    let is_word = |name: &str| {
        let name = name.to_lowercase();
        is_any_stop_word(&name) || body.text.split(|c: char| !c.is_alphanumeric()).any(|word| word == name)
    };
    author::is_evident_name(text) || author::is_person_name(text) && !text.split(' ').any(is_word)
}

/// Returns a full name that is a block of its own and links to a page about a person.
fn linked_author(body: &Body, block: &Block) -> Option<String> {
    let text = body.slice(block.span);
    let link = body.links.iter().find(|link| link.span == block.span)?;
    let url = link.url.to_lowercase();
    let is_in_address = |word: &str| word.len() >= MIN_ADDRESS_NAME && url.contains(&word.to_lowercase());
    let is_name = || author::is_evident_name(text) || text.split(' ').any(is_in_address);
    (is_page_of_person(&link.url) && author::is_person_name(text) && is_name()).then(|| text.to_owned())
}

/// Whether an address may be that of a page about a person. That of a repository is none, nor is a page "about" something.
fn is_page_of_person(url: &str) -> bool {
    const PAGES: &[&str] =
        &["linkedin.com/", "twitter.com/", "x.com/", "/author/", "/authors/", "/people/", "/@", "mailto:"];
    let url = url.trim_end_matches('/');
    let is_account = url.split_once("github.com/").is_some_and(|(_, path)| !path.contains('/'));
    is_account || url.ends_with("/about") || PAGES.iter().any(|page| url.contains(page))
}

/// Finds the name in `– Jane Doe` or `Cheers, Jane Doe`.
fn name_in_signature(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', '!']);
    let name = match text.strip_prefix(['–', '—', '-', '~', '―']) {
        Some(rest) => rest.trim_start_matches(['-', ' ']),
        None => {
            text.split_once(',').filter(|(closing, _)| words().closings.contains(&closing.to_lowercase()))?.1
        }
    };
    author::is_full_name(name.trim()).then(|| name.trim().to_owned())
}

/// Finds the name in a biography such as `Jane Doe is an engineer at Acme. She …`: a full name, a verb, a role and a
/// pronoun. A biography is longer than a byline and shorter than a chapter.
fn name_in_biography(text: &str) -> Option<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 80..=1_500;
    let at = words().occupation_verbs.iter().filter_map(|verb| text.find(verb)).min()?;
    let name = text.get(..at)?.trim_matches(['*', '_', ' ']);
    let has_pronoun = text
        .split(|c: char| !c.is_alphabetic())
        .any(|word| words().pronouns.contains(word.to_lowercase().as_str()));
    (LENGTHS.contains(&text.len()) && has_pronoun && author::is_full_name(name) && author::is_role(text))
        .then(|| name.to_owned())
}

/// Whether a block is a quotation. A dash and a name below a quotation name the speaker, not the author.
fn is_quotation(body: &Body, block: &Block) -> bool {
    block.kind == BlockKind::Quote
        || body.slice(block.span).trim_end().ends_with(['"', '”', '»', '“', '’', '」'])
}

/// Finds the name in `Jane Doe is …` below a heading such as "About the author".
fn name_in_about_section(body: &Body) -> Option<String> {
    let heading = body.blocks.iter().rposition(|block| {
        let text = body.slice(block.span).trim_end_matches(':');
        text.len() <= MAX_BYLINE_LEN && words().author_headings.contains(text.to_lowercase().as_str())
    })?;
    let text = body.slice(body.blocks.get(heading + 1)?.span);
    let name = text.split([',', '(']).next()?.split(" is ").next()?.trim();
    author::is_full_name(name).then(|| name.to_owned())
}

/// Finds a name in a mail address `first.last@…` that one of the last blocks asks readers to write to. This is the
/// weakest sign of an author.
fn name_in_mail_link(body: &Body) -> Option<String> {
    let last = body.blocks.get(body.blocks.len().saturating_sub(LAST_BLOCKS)..).unwrap_or_default();
    let mut names = body.links.iter().filter_map(|link| {
        let address = link.url.strip_prefix("mailto:")?;
        let block = last.iter().find(|block| block.span.contains(link.span))?;
        let text = body.slice(block.span).to_lowercase();
        let is_request = words().contact_requests.iter().any(|request| text.contains(request));
        name_in_address(address).filter(|_| is_request)
    });
    // Of two different people, either could be the author.
    let name = names.next()?;
    names.all(|another| another == name).then_some(name)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::body;
    use takeaways_text::model::BlockKind::{Heading, ListItem, Paragraph, Quote};
    use takeaways_text::model::{Link, Span};

    #[test]
    fn a_byline_says_it_outright() {
        for (text, names, day) in [
            (
                "Authors: Paris Pittman (Google), Jonas Rosland (VMware)",
                vec!["Paris Pittman", "Jonas Rosland"],
                None,
            ),
            ("Author: Bill Mulligan, Isovalent", vec!["Bill Mulligan"], None),
            (
                "November 4th, 2022 Author: Bill Mulligan, Isovalent",
                vec!["Bill Mulligan"],
                Some("2022-11-04"),
            ),
            ("Author: Jane Doe | 2018-05-03", vec!["Jane Doe"], Some("2018-05-03")),
            ("Written by Matthew Mayer on August 20, 2017", vec!["Matthew Mayer"], Some("2017-08-20")),
            ("Posted on May 3, 2018", vec![], Some("2018-05-03")),
            ("Posted on May 3, 2018 by Jane Doe", vec!["Jane Doe"], Some("2018-05-03")),
            ("By Jane Doe and John Roe", vec!["Jane Doe", "John Roe"], None),
            ("By Jane Doe · 5 min read", vec!["Jane Doe"], None),
            ("by Jane Doe, 3 March 2021", vec!["Jane Doe"], Some("2021-03-03")),
            ("By Jane Doe and John Roe, March 3, 2021", vec!["Jane Doe", "John Roe"], Some("2021-03-03")),
            ("By Jane Doe (2021-03-03)", vec!["Jane Doe"], Some("2021-03-03")),
            ("Author: Jane Doe, 3 March 2021", vec!["Jane Doe"], Some("2021-03-03")),
            ("By Monday, 3 March 2021", vec![], None),
            ("Von Jane Doe", vec!["Jane Doe"], None),
            ("著者：山田太郎", vec!["山田太郎"], None),
            ("作者：张三", vec!["张三"], None),
            ("Auteur : Jane Doe", vec!["Jane Doe"], None),
            ("November 4th, 2022", vec![], Some("2022-11-04")),
            ("By the way, this is a recap", vec![], None),
            ("Von Berlin Nach Hamburg", vec![], None),
            ("Par Monts Et Vaux", vec![], None),
            ("By Monday we were tired", vec![], None),
            ("Author: it is hard to say who wrote this great post", vec![], None),
            ("Best talk by author: Jane Doe", vec![], None),
            ("Dates: October 21–22, 2025", vec![], None),
            ("We met on May 3, 2018 in Copenhagen", vec![], None),
            ("Speaker: Jane Doe", vec![], None),
        ] {
            let found = find_byline(&body(&[(Paragraph, text), (Paragraph, "Text.")]), 2026);
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
            (
                "about",
                vec![text, (Heading(2), "About the author"), (Paragraph, "Jane Doe is an engineer.")],
                vec!["Jane Doe"],
            ),
            ("under a quote", vec![text, (Quote, "Words."), (Paragraph, "— Jane Doe")], vec![]),
            ("under quoted words", vec![(Paragraph, "“Words.”"), (Paragraph, "— Jane Doe")], vec![]),
            ("a name alone", vec![text, (Paragraph, "Jane Doe")], vec!["Jane Doe"]),
            ("a name before the end", vec![text, (Paragraph, "Jane Doe"), text], vec![]),
            (
                "a life",
                vec![
                    text,
                    (
                        Paragraph,
                        "Jane Doe is working as a Sr.Support Engineer at Acme. She is responsible for the things that break.",
                    ),
                ],
                vec!["Jane Doe"],
            ),
            (
                "praise",
                vec![
                    text,
                    (
                        Paragraph,
                        "Jane Doe is a legend, and her keynote was the best of all that we heard in these four days.",
                    ),
                ],
                vec![],
            ),
            ("a name alone", vec![text, (Paragraph, "Jane Doe")], vec!["Jane Doe"]),
            ("a rare name alone", vec![text, (Paragraph, "Teyza Ponce")], vec!["Teyza Ponce"]),
            (
                "words alone",
                vec![(Paragraph, "We saw the golden bridge."), (Paragraph, "Golden Gate")],
                vec![],
            ),
            ("a greeting alone", vec![text, (Paragraph, "Auf Wiedersehen Berlin")], vec![]),
            ("a heading over pictures", vec![text, (Heading(2), "Jane Doe")], vec![]),
            ("a list", vec![text, (ListItem, "– Jane Doe")], vec![]),
            ("somebody's life", vec![text, (Paragraph, "Jane Doe is working as an engineer.")], vec![]),
            (
                "in the middle",
                [vec![text; 8], vec![(Paragraph, "– Jane Doe")], vec![text; 8]].concat(),
                vec![],
            ),
        ] {
            assert_eq!(find_byline(&body(&blocks), 2026).authors, authors, "{name}");
        }
    }

    #[test]
    fn a_name_that_leads_to_a_person_is_a_byline() {
        for (text, address, name) in [
            ("Jane Doe", "https://www.linkedin.com/in/jane/", Some("Jane Doe")),
            ("Jane Doe", "https://x.org/author/jane", Some("Jane Doe")),
            ("Jane Doe", "https://github.com/jane/", Some("Jane Doe")),
            ("Jane Doe", "https://x.org/about/", Some("Jane Doe")),
            ("Teyza Ponce", "https://www.linkedin.com/in/tponce/", Some("Teyza Ponce")),
            ("Slide Deck", "https://github.com/jane", None),
            ("Jane Doe", "https://github.com/jane/slides", None),
            ("Jane Doe", "https://x.org/about/talks", None),
            ("Kubernetes Podcast", "https://twitter.com/KubernetesPod", None),
            ("Talk Recording", "https://x.org/about", None),
            ("Jane Doe", "https://x.org/talks/jane", None),
            ("Read more", "https://twitter.com/jane", None),
        ] {
            let mut body = body(&[(Paragraph, "Text."), (Paragraph, text), (Paragraph, "More text.")]);
            let span = body.blocks[1].span;
            body.links.push(Link { span, url: address.to_owned() });
            assert_eq!(
                find_byline(&body, 2026).authors.first().map(String::as_str),
                name,
                "{text} {address}"
            );
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
            assert_eq!(
                find_byline(&body, 2026).authors.first().map(String::as_str),
                name,
                "{text} {address}"
            );
        }
    }
}
