//! Who wrote a text, by its end: a signature, words about the author, an address to write to.

use std::sync::LazyLock;

use super::{LAST, MAX_LEN, names};
use takeaways_text::language::all_words;
use takeaways_text::model::{Block, BlockKind, Body};

/// `– Jane Doe`, `Cheers, Jane Doe`.
pub(super) fn signed(text: &str) -> Option<String> {
    static CLOSINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.closings));
    let text = text.trim().trim_end_matches(['.', '!']);
    let name = match text.strip_prefix(['–', '—', '-', '~', '―']) {
        Some(rest) => rest.trim_start_matches(['-', ' ']),
        None => {
            text.split_once(',').filter(|(closing, _)| CLOSINGS.contains(&closing.to_lowercase().as_str()))?.1
        }
    };
    names::is_full_name(name.trim()).then(|| name.trim().to_owned())
}

/// A name alone, as the last words of a text.
pub(super) fn alone(text: &str) -> Option<String> {
    names::is_full_name(text).then(|| text.to_owned())
}

/// `Jane Doe is an engineer at Acme. She …`: a full name, what that person does, and words about that person.
/// Longer than a byline, shorter than a chapter.
pub(super) fn life(text: &str) -> Option<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 80..=1_500;
    static DOES: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.occupation_verbs));
    static PRONOUNS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.pronouns));
    let at = DOES.iter().filter_map(|does| text.find(does)).min()?;
    let name = text.get(..at)?.trim_matches(['*', '_', ' ']);
    let about =
        text.split(|c: char| !c.is_alphabetic()).any(|word| PRONOUNS.contains(&word.to_lowercase().as_str()));
    (LENGTHS.contains(&text.len()) && about && names::is_full_name(name) && names::says_role(text))
        .then(|| name.to_owned())
}

/// A dash and a name under a quotation say whose words those were.
pub(super) fn is_quoted(body: &Body, block: &Block) -> bool {
    block.kind == BlockKind::Quote
        || body.slice(block.span).trim_end().ends_with(['"', '”', '»', '“', '’', '」'])
}

/// "About the author" over "Jane Doe is …".
pub(super) fn about_the_author(body: &Body) -> Option<String> {
    static OVER: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.author_headings));
    let heading = body.blocks.iter().rposition(|block| {
        let text = body.slice(block.span).trim_end_matches(':');
        text.len() <= MAX_LEN && OVER.contains(&text.to_lowercase().as_str())
    })?;
    let text = body.slice(body.blocks.get(heading + 1)?.span);
    let name = text.split([',', '(']).next()?.split(" is ").next()?.trim();
    names::is_full_name(name).then(|| name.to_owned())
}

/// `first.last@…` in a link of the last blocks that asks the reader to write: the weakest of signs.
pub(super) fn by_mail(body: &Body) -> Option<String> {
    static ASKS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.bylines.contact_requests));
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
