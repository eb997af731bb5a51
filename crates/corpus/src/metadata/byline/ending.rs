//! Who wrote a text, by its end: a signature, words about the author, an address to write to.

use std::sync::LazyLock;

use super::{LAST_BLOCKS, MAX_BYLINE_LEN, person_names};
use takeaways_text::language::all_words;
use takeaways_text::model::{Block, BlockKind, Body};

/// `– Jane Doe`, `Cheers, Jane Doe`.
pub(super) fn name_in_signature(text: &str) -> Option<String> {
    static CLOSINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.closings));
    let text = text.trim().trim_end_matches(['.', '!']);
    let name = match text.strip_prefix(['–', '—', '-', '~', '―']) {
        Some(rest) => rest.trim_start_matches(['-', ' ']),
        None => {
            text.split_once(',').filter(|(closing, _)| CLOSINGS.contains(&closing.to_lowercase().as_str()))?.1
        }
    };
    person_names::is_full_name(name.trim()).then(|| name.trim().to_owned())
}

/// A name alone, as the last words of a text.
pub(super) fn name_alone(text: &str) -> Option<String> {
    person_names::is_full_name(text).then(|| text.to_owned())
}

/// `Jane Doe is an engineer at Acme. She …`: a full name, what that person does, and words about that person.
/// Longer than a byline, shorter than a chapter.
pub(super) fn name_in_biography(text: &str) -> Option<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 80..=1_500;
    static DOES: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.occupation_verbs));
    static PRONOUNS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.pronouns));
    let at = DOES.iter().filter_map(|does| text.find(does)).min()?;
    let name = text.get(..at)?.trim_matches(['*', '_', ' ']);
    let about =
        text.split(|c: char| !c.is_alphabetic()).any(|word| PRONOUNS.contains(&word.to_lowercase().as_str()));
    (LENGTHS.contains(&text.len())
        && about
        && person_names::is_full_name(name)
        && person_names::names_role(text))
    .then(|| name.to_owned())
}

/// A dash and a name under a quotation say whose words those were.
pub(super) fn is_quotation(body: &Body, block: &Block) -> bool {
    block.kind == BlockKind::Quote
        || body.slice(block.span).trim_end().ends_with(['"', '”', '»', '“', '’', '」'])
}

/// "About the author" over "Jane Doe is …".
pub(super) fn name_in_about_section(body: &Body) -> Option<String> {
    static OVER: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.author_headings));
    let heading = body.blocks.iter().rposition(|block| {
        let text = body.slice(block.span).trim_end_matches(':');
        text.len() <= MAX_BYLINE_LEN && OVER.contains(&text.to_lowercase().as_str())
    })?;
    let text = body.slice(body.blocks.get(heading + 1)?.span);
    let name = text.split([',', '(']).next()?.split(" is ").next()?.trim();
    person_names::is_full_name(name).then(|| name.to_owned())
}

/// `first.last@…` in a link of the last blocks that asks the reader to write: the weakest of signs.
pub(super) fn name_in_mail_link(body: &Body) -> Option<String> {
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
