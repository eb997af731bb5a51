//! A digest as a message, and as the pages that its button shows.
//!
//! A box for each event: where all stood in one, or in the text above, a phone shows no edge between events, and the
//! text has room for four posts where boxes have room for twelve. Drawn both ways with `docs/picture/draw`.
//!
//! What a preview leaves out, and why: how many for each reason, and the first of them.

mod layout;

use super::{
    day_timestamp, escape_name, escape_truncated,
    markdown::{self, escape},
    message::{ActionRow, Embed, MAX_DESCRIPTION, MessagePayload, utf16_length},
    pluralise,
    subscriptions::capitalise,
};
use crate::wording;
use jiff::Timestamp;
use layout::{ItemIndexes, first_page, overflow_pages};
use takeaways_digest::{Bundle, Digest, DigestItem, EventGroup, OmissionReason, OmittedPost};
use takeaways_text::model::{PostId, PostKind};

/// The edge of a box with authors' own words, and of one that holds notes alone.
const POST_COLOR: u32 = 0x4F_6D_8F;
const NOTE_COLOR: u32 = 0x8A_8F_98;

/// A digest, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestPages {
    /// The message.
    pub first: MessagePayload,
    /// What its buttons show, to the one who presses alone: the page of [`super::ButtonId::Overflow`] by its number.
    pub overflow: Vec<MessagePayload>,
    /// The posts that are not in the message.
    pub overflow_posts: Vec<PostId>,
}

/// The message for a digest. `footer` is what names the delivery (`takeaways_digest::ElementKey::footer`), `late` the
/// time that it was due where it is so late that this has to be said.
#[must_use]
pub fn digest(digest: &Digest, footer: &str, late: Option<Timestamp>) -> DigestPages {
    let shown = first_page(digest);
    let hidden: Vec<PostId> = overflow_items(digest, &shown).map(|item| item.citation.post.clone()).collect();
    let rest = overflow_messages(digest, &shown);
    let headline = format!("**{}**", escape_truncated(&wording::headline(digest)));
    let content = format!("{headline}\n{}", small_print(footer, late));
    let components = ActionRow::overflow_buttons(hidden.len(), rest.len()).into_iter().collect();
    let first = MessagePayload {
        content,
        embeds: digest_embeds(digest, &shown, ItemDetail::Sentence),
        components,
        ..MessagePayload::default()
    };
    DigestPages { first, overflow: rest, overflow_posts: hidden }
}

/// The one line where nothing is new.
#[must_use]
pub fn nothing_new(footer: &str, late: Option<Timestamp>) -> MessagePayload {
    MessagePayload::from_text(format!("{}\n{}", wording::NOTHING_NEW, small_print(footer, late)), None)
}

/// The text of a message that is sent late though it was written in time: its small print says so.
#[must_use]
pub fn mark_late(content: &str, footer: &str, due: Timestamp) -> String {
    let (in_time, late) = (small_print(footer, None), small_print(footer, Some(due)));
    match content.strip_suffix(&in_time) {
        Some(before) => format!("{before}{late}"),
        None => content.to_owned(),
    }
}

fn small_print(footer: &str, late: Option<Timestamp>) -> String {
    let late = late.map(|due| format!("late, it was due <t:{}:f>", due.as_second()));
    // It is looked for as it is: a backslash in it would hide it.
    let key: String = footer.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ':').collect();
    let parts: Vec<String> = late.into_iter().chain([key]).collect();
    format!("-# {}", parts.join(" · "))
}

fn overflow_items<'d>(digest: &'d Digest, shown: &ItemIndexes) -> impl Iterator<Item = &'d DigestItem> {
    digest.items().enumerate().filter(|(at, _)| !shown.contains(at)).map(|(_, item)| item)
}

/// Pages of what is not in the message: with sentences where one page has room for them all, else titles only. Of a
/// digest that has no end, the last page says how many are left.
fn overflow_messages(digest: &Digest, shown: &ItemIndexes) -> Vec<MessagePayload> {
    let (pages, detail, left) = overflow_pages(digest, shown);
    let last = pages.len();
    let page = |(at, places): (usize, ItemIndexes)| {
        let left = Some(left).filter(|left| *left > 0 && at + 1 == last);
        let content = left.map(|left| {
            format!("-# {} not shown. Ask me about them with `/ask`.", pluralise(left as u64, "more post"))
        });
        MessagePayload {
            content: content.unwrap_or_default(),
            embeds: digest_embeds(digest, &places, detail),
            ..MessagePayload::default()
        }
        .ephemeral()
    };
    pages.into_iter().enumerate().map(page).collect()
}

/// What is told of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemDetail {
    /// All.
    Sentence,
    /// All but the sentence.
    Title,
}

/// The boxes for some of a digest's posts.
fn digest_embeds(digest: &Digest, places: &ItemIndexes, detail: ItemDetail) -> Vec<Embed> {
    let is_all_of_one_event = digest.groups.len() == 1;
    let mut at = 0;
    let mut boxes = Vec::new();
    for group in &digest.groups {
        let mut parts: Vec<String> = Vec::new();
        let mut notes = true;
        for bundle in &group.bundles {
            let here = bundle.items.iter().zip(at..).filter(|(_, at)| places.contains(at));
            let items: Vec<String> = here.clone().map(|(item, _)| item_text(item, detail)).collect();
            notes &= here.clone().all(|(item, _)| item.citation.kind == PostKind::Note);
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
        let heading = (!is_all_of_one_event).then(|| heading(group));
        let description = heading.into_iter().chain(parts).collect::<Vec<_>>().join("\n\n");
        boxes.push(Embed { description, color: if notes { NOTE_COLOR } else { POST_COLOR } });
    }
    boxes
}

/// The event, with the number of its posts where there are several.
fn heading(group: &EventGroup) -> String {
    let event = group
        .event
        .as_ref()
        .map_or_else(|| wording::NO_EVENT.to_owned(), |event| escape_truncated(&event.label()));
    let posts = group.items().count();
    let many = if posts > 1 { format!(" · {}", pluralise(posts as u64, "post")) } else { String::new() };
    format!("### {event}{many}")
}

/// What the posts of a bundle share; of those that share nothing only where others do.
fn subheading(bundle: &Bundle, group: &EventGroup, detail: ItemDetail) -> Option<String> {
    let is_parted = detail == ItemDetail::Sentence && group.bundles.len() > 1 || bundle.topic.is_some();
    (is_parted && detail == ItemDetail::Sentence)
        .then(|| format!("__{}__", escape_truncated(&wording::bundle(bundle))))
}

/// A post: its title, the sentence, and in small print by whom and from when. A note is told as what it is, and its
/// words stand in no block quote, since they are not the author's.
fn item_text(item: &DigestItem, detail: ItemDetail) -> String {
    let from = &item.citation;
    let title = linked_title(item);
    let author = from.author.as_deref().map(escape_truncated);
    let date = from.date.and_then(day_timestamp);
    let quote =
        item.quoted.as_ref().filter(|_| detail == ItemDetail::Sentence).map(|quoted| escape(&quoted.text));
    let (head, words, author) = match from.kind {
        PostKind::Post => (title, quote.map(|quote| format!("\n> {}", quote.replace('\n', " "))), author),
        PostKind::Note => {
            let by = author.map(|author| format!(" by {author}")).unwrap_or_default();
            (
                format!("Notes on {title}{by}"),
                quote.map(|quote| format!("\n{}", quote.replace('\n', " "))),
                None,
            )
        }
    };
    let known: Vec<String> = author.into_iter().chain(date).filter(|part| !part.is_empty()).collect();
    let below = if known.is_empty() { String::new() } else { format!("\n-# {}", known.join(" · ")) };
    head + &words.unwrap_or_default() + &below
}

/// The title with its address behind it, else in bold. One that looks like an address says where the link leads.
fn linked_title(item: &DigestItem) -> String {
    let said = wording::title(&item.citation);
    let title = escape_truncated(&said);
    let Some(address) = item.citation.url.as_deref().and_then(markdown::safe_url) else {
        return format!("**{title}**");
    };
    let host = markdown::looks_like_host(&said).then(|| markdown::host(&address)).flatten();
    let host = host.map(|host| format!(" \\({}\\)", escape_truncated(host))).unwrap_or_default();
    format!("[{title}{host}]({address})")
}

#[cfg(test)]
mod tests;

/// The edge of what is not in a digest: grey.
const EMBED_COLOR: u32 = 0x8A_8F_98;
/// So many posts are named for each reason.
const MAX_NAMED: usize = 5;

/// Each post that a digest leaves out with its reason, as far as there is room: the posts of a reason together, those
/// of the rarest reason first, since they tell most.
#[must_use]
pub fn omitted_posts(all: &[OmittedPost]) -> MessagePayload {
    if all.is_empty() {
        return MessagePayload::from_text("Nothing is left out.".to_owned(), None);
    }
    let mut reasons: Vec<(String, Vec<&OmittedPost>)> = Vec::new();
    for post in all {
        let why = reason_heading(&post.reason);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, posts)) => posts.push(post),
            None => reasons.push((why, vec![post])),
        }
    }
    reasons.sort_by_key(|(_, posts)| posts.len());
    let content = format!("Left out: {}.", pluralise(all.len() as u64, "post"));
    let mut named = MAX_NAMED;
    loop {
        let description = reason_lines(&reasons, named);
        if utf16_length(&description) <= MAX_DESCRIPTION || named == 0 {
            return MessagePayload {
                content,
                embeds: vec![Embed { description, color: EMBED_COLOR }],
                ..MessagePayload::default()
            };
        }
        named -= 1;
    }
}

/// Each reason with its number of posts and the first of them.
fn reason_lines(reasons: &[(String, Vec<&OmittedPost>)], named: usize) -> String {
    let mut lines = Vec::new();
    for (why, posts) in reasons {
        lines.push(format!("**{}** – {}", pluralise(posts.len() as u64, "post"), escape_truncated(why)));
        lines.extend(posts.iter().take(named).map(|post| post_line(post)));
        let more = posts.len().saturating_sub(named);
        lines.extend((more > 0 && named > 0).then(|| format!("- and {more} more")));
    }
    lines.join("\n")
}

fn post_line(post: &OmittedPost) -> String {
    let title = escape_name(post.post.metadata.display_title());
    match &post.reason {
        OmissionReason::SameAs(other) => format!("- {title}: as {}", escape_name(&other.to_string())),
        OmissionReason::Scheduled(from) => format!("- {title}: <t:{}:D>", from.as_second()),
        _ => format!("- {title}"),
    }
}

/// A reason without what differs from post to post.
fn reason_heading(why: &OmissionReason) -> String {
    capitalise(&match why {
        OmissionReason::SameAs(_) => "it says the same as another one that the digest holds".to_owned(),
        OmissionReason::Scheduled(_) => "it is not published yet".to_owned(),
        other => wording::omission_reason(other),
    })
}
