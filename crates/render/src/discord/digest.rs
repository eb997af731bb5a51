//! Renders a digest as a message, the pages of its buttons, and the posts that a preview leaves out.
//!
//! Each event has its own embed, so that a phone shows an edge between events. Embeds have room for twelve posts, the text
//! of a message only for four.

mod layout;

use super::{
    day_timestamp, escape_name, escape_truncated,
    excerpt::{NOTE_COLOR, POST_COLOR, linked_title, title_and_author},
    markdown::{self, escape},
    message::{ActionRow, Embed, MAX_DESCRIPTION, MAX_EMBED_COUNT, MessagePayload, utf16_length},
};
use crate::wording::{self, capitalise, pluralise};
use jiff::Timestamp;
use layout::{ItemIndexes, first_page, overflow_pages};
use takeaways_digest::{Bundle, Digest, DigestItem, EventGroup, OmissionReason, OmittedPost};
use takeaways_text::model::{Language, PostId, PostKind};

/// A rendered digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestPages {
    /// The message.
    pub first: MessagePayload,
    /// The pages of its buttons, by the number in [`super::ButtonId::Overflow`]. Only the person who presses sees them.
    pub overflow: Vec<MessagePayload>,
    /// The posts that are not in the message.
    pub overflow_posts: Vec<PostId>,
}

/// Renders a digest, with the overview of an event ([`super::wrap_up`]) below its headline. A digest without posts has only that.
/// `footer` is the key of the delivery (`takeaways_digest::DeliveryKey::footer`).
pub fn digest(digest: &Digest, wrap_up: Option<Embed>, footer: &str) -> DigestPages {
    let key = format!("\n\n{}", key_line(footer));
    let beside = wrap_up.as_ref().map_or(0, |wrap_up| utf16_length(&wrap_up.description));
    let boxes = MAX_EMBED_COUNT - usize::from(wrap_up.is_some());
    let shown = first_page(digest, utf16_length(&key), beside, boxes);
    let hidden: Vec<PostId> = overflow_items(digest, &shown).map(|item| item.citation.post.clone()).collect();
    let overflow = overflow_messages(digest, &shown);
    let content = if digest.groups.is_empty() {
        String::new()
    } else {
        format!("**{}**", escape_truncated(&wording::headline(digest)))
    };
    let mut embeds: Vec<Embed> = wrap_up.into_iter().collect();
    embeds.extend(digest_embeds(digest, &shown, ItemDetail::Sentence));
    // At the end, where it disturbs nobody who reads.
    if let Some(last) = embeds.last_mut() {
        last.description += &key;
    }
    let components = ActionRow::overflow_buttons(hidden.len(), overflow.len()).into_iter().collect();
    let first = MessagePayload { content, embeds, components, ..MessagePayload::default() };
    DigestPages { first, overflow, overflow_posts: hidden }
}

/// Renders a digest without posts.
pub fn nothing_new(footer: &str) -> MessagePayload {
    MessagePayload::from_text(format!("{}\n{}", wording::NOTHING_NEW, key_line(footer)), None)
}

/// Adds a late notice below the first line of a message's text, or as the only one.
pub fn mark_late(content: &str, due: Timestamp) -> String {
    let (first, rest) = content.split_once('\n').map_or((content, None), |(first, rest)| (first, Some(rest)));
    let late = format!("-# late; due <t:{}:f>", due.as_second());
    let first = Some(first).filter(|first| !first.is_empty());
    [first, Some(&late), rest].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// The key of the delivery in small print, as the last line of a message.
fn key_line(footer: &str) -> String {
    // Deliveries are found by this text, so it must have no backslash.
    let key: String = footer.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ':').collect();
    format!("-# {key}")
}

fn overflow_items<'d>(digest: &'d Digest, shown: &ItemIndexes) -> impl Iterator<Item = &'d DigestItem> {
    digest.items().enumerate().filter(|(at, _)| !shown.contains(at)).map(|(_, item)| item)
}

/// The pages of the posts that are not in the message: with sentences if they fit on one page, otherwise only titles. The
/// last page counts the posts that fit on no page.
fn overflow_messages(digest: &Digest, shown: &ItemIndexes) -> Vec<MessagePayload> {
    let (pages, detail, remaining) = overflow_pages(digest, shown);
    let count = pages.len();
    let page = |(at, indexes): (usize, ItemIndexes)| {
        let content = (remaining > 0 && at + 1 == count).then(|| {
            format!("-# {} not shown. Ask me about them with `/ask`.", pluralise(remaining, "more post"))
        });
        MessagePayload {
            content: content.unwrap_or_default(),
            embeds: digest_embeds(digest, &indexes, detail),
            ..MessagePayload::default()
        }
        .ephemeral()
    };
    pages.into_iter().enumerate().map(page).collect()
}

/// The detail of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemDetail {
    /// Everything.
    Sentence,
    /// Everything except the sentence.
    Title,
}

/// The embeds for some posts of a digest.
fn digest_embeds(digest: &Digest, indexes: &ItemIndexes, detail: ItemDetail) -> Vec<Embed> {
    let has_headings = digest.groups.len() > 1;
    let mut at = 0;
    let mut embeds = Vec::new();
    for group in &digest.groups {
        let mut parts: Vec<String> = Vec::new();
        let mut are_notes = true;
        for bundle in &group.bundles {
            let shown = bundle.items.iter().zip(at..).filter(|(_, at)| indexes.contains(at));
            let items: Vec<String> = shown.clone().map(|(item, _)| item_text(item, detail)).collect();
            are_notes &= shown.clone().all(|(item, _)| item.citation.kind == PostKind::Note);
            at += bundle.items.len();
            if items.is_empty() {
                continue;
            }
            parts.extend(subheading(bundle, group, detail));
            parts.extend(items);
        }
        if parts.is_empty() {
            continue;
        }
        let heading = has_headings.then(|| heading(group));
        let description = heading.into_iter().chain(parts).collect::<Vec<_>>().join("\n\n");
        embeds.push(Embed { description, color: if are_notes { NOTE_COLOR } else { POST_COLOR } });
    }
    embeds
}

/// The event, with the number of its posts if there are several.
fn heading(group: &EventGroup) -> String {
    let event = group
        .event
        .as_ref()
        .map_or_else(|| wording::NO_EVENT.to_owned(), |event| escape_truncated(&event.label()));
    let posts = group.items().count();
    let count = if posts > 1 { format!(" · {}", pluralise(posts, "post")) } else { String::new() };
    format!("### {event}{count}")
}

/// The topic of a bundle. A bundle without a topic has a subheading only beside other bundles.
fn subheading(bundle: &Bundle, group: &EventGroup, detail: ItemDetail) -> Option<String> {
    let has_subheading = group.bundles.len() > 1 || bundle.topic.is_some();
    (has_subheading && detail == ItemDetail::Sentence)
        .then(|| format!("__{}__", escape_truncated(&wording::bundle(bundle))))
}

/// A post: the title, the sentence, and author and date in small print; without a sentence and a link also its path. A
/// note has a heading that says so and no block quote, because its words are not the author's.
fn item_text(item: &DigestItem, detail: ItemDetail) -> String {
    let from = &item.citation;
    let address = from.url.as_deref().and_then(markdown::link_target);
    let author = from.author.as_deref().map(escape_truncated);
    let date = from.date.and_then(day_timestamp);
    let quote =
        item.quoted.as_ref().filter(|_| detail == ItemDetail::Sentence).map(|quoted| escape(&quoted.text));
    let quote = quote.map(|quote| quote.replace('\n', " "));
    let (heading, quote, author) = match from.kind {
        PostKind::Post => {
            (linked_title(from, address.clone()), quote.map(|quote| format!("\n> {quote}")), author)
        }
        PostKind::Note => (
            title_and_author(from, address.clone(), true, Language::En),
            quote.map(|quote| format!("\n{quote}")),
            None,
        ),
    };
    // Without a sentence and a link there would be nothing to do with the post.
    let place = (quote.is_none() && address.is_none()).then(|| escape_truncated(&from.path));
    let parts: Vec<String> =
        author.into_iter().chain(date).chain(place).filter(|part| !part.is_empty()).collect();
    let small_print = if parts.is_empty() { String::new() } else { format!("\n-# {}", parts.join(" · ")) };
    heading + &quote.unwrap_or_default() + &small_print
}

/// How many posts are listed for each reason.
const MAX_LISTED: usize = 5;

/// Renders the posts that a digest leaves out, grouped by reason. The rarest reason comes first, because it is the most
/// informative.
pub fn omitted_posts(all: &[OmittedPost]) -> MessagePayload {
    if all.is_empty() {
        return MessagePayload::from_text("Nothing is left out.".to_owned(), None);
    }
    let mut reasons: Vec<(String, Vec<&OmittedPost>)> = Vec::new();
    for post in all {
        let reason = reason_heading(&post.reason);
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, posts)) => posts.push(post),
            None => reasons.push((reason, vec![post])),
        }
    }
    reasons.sort_by_key(|(_, posts)| posts.len());
    let content = format!("Left out: {}.", pluralise(all.len(), "post"));
    let mut listed = MAX_LISTED;
    loop {
        let description = reason_lines(&reasons, listed);
        if utf16_length(&description) <= MAX_DESCRIPTION || listed == 0 {
            return MessagePayload {
                content,
                embeds: vec![Embed { description, color: NOTE_COLOR }],
                ..MessagePayload::default()
            };
        }
        listed -= 1;
    }
}

/// Each reason with the number of its posts and the first `listed` of them.
fn reason_lines(reasons: &[(String, Vec<&OmittedPost>)], listed: usize) -> String {
    let mut lines = Vec::new();
    for (reason, posts) in reasons {
        lines.push(format!("**{}** – {}", pluralise(posts.len(), "post"), escape_truncated(reason)));
        lines.extend(posts.iter().take(listed).map(|post| post_line(post)));
        let rest = posts.len().saturating_sub(listed);
        lines.extend((rest > 0 && listed > 0).then(|| format!("- and {rest} more")));
    }
    lines.join("\n")
}

fn post_line(post: &OmittedPost) -> String {
    let title = escape_name(post.post.metadata.display_title());
    match &post.reason {
        OmissionReason::SameAs(other) => format!("- {title}: same as {}", escape_name(&other.to_string())),
        OmissionReason::Scheduled(from) => format!("- {title}: <t:{}:D>", from.as_second()),
        _ => format!("- {title}"),
    }
}

/// A reason without the details of a single post.
fn reason_heading(reason: &OmissionReason) -> String {
    capitalise(&match reason {
        OmissionReason::SameAs(_) => "it says the same as another post in the digest".to_owned(),
        OmissionReason::Scheduled(_) => "it is not published yet".to_owned(),
        other => wording::omission_reason(other),
    })
}

#[cfg(test)]
mod tests;
